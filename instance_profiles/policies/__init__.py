"""Judging policy documents, three-valued (allow, deny, unknown): pure functions over JSON text, no I/O.

Nothing here knows an account, an object or a screen. What AWS does for certain is judged, the rest is
unknown.
"""

from instance_profiles.policies.document import UnreadableDocument, same_document
from instance_profiles.policies.ec2_names import ec2_principals
from instance_profiles.policies.layer import permits
from instance_profiles.policies.repair import MatchingDeny, with_ec2_trusted, without_ec2_deny
from instance_profiles.policies.trust import TrustJudgement, judge_ec2_trust
from instance_profiles.policies.trust_details import TrustCondition, never_met_by_ec2

__all__ = [
    "MatchingDeny",
    "TrustCondition",
    "TrustJudgement",
    "UnreadableDocument",
    "ec2_principals",
    "judge_ec2_trust",
    "never_met_by_ec2",
    "permits",
    "same_document",
    "with_ec2_trusted",
    "without_ec2_deny",
]
