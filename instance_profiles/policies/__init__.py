"""Judging policy documents, three-valued (allow, deny, unknown): pure functions over JSON text, no I/O.

Nothing here knows an account, an object or a screen. What AWS does for certain is judged, the rest is
unknown.
"""

from instance_profiles.policies.document import UnreadableDocument, same_document
from instance_profiles.policies.repair import MatchingDeny, with_ec2_trusted, without_ec2_deny
from instance_profiles.policies.trust import TrustJudgement, ec2_principals, judge_ec2_trust

__all__ = [
    "MatchingDeny",
    "TrustJudgement",
    "UnreadableDocument",
    "ec2_principals",
    "judge_ec2_trust",
    "same_document",
    "with_ec2_trusted",
    "without_ec2_deny",
]
