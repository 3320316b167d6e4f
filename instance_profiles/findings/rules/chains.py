"""The chain-* family: one walk over the local AWS config tells all of them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.rule import Draft, Present, Rule, Unsure, rule
from instance_profiles.findings.wording import names, refs, sentences
from instance_profiles.inventory.chains import SESSION_LIMIT
from instance_profiles.inventory.sources import LOCAL_CONFIG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.chains import Chain, Hop
    from instance_profiles.inventory.model import NamedProfile


_ASSUME_ROLE_PAGE = "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html"


def _named_profiles(view: View) -> Iterable[NamedProfile]:
    return view.named_profiles


@rule(
    id="chain-duration-over-1h",
    order=710,
    kind="named-profile",
    severity="error",
    title="Chained role asked for more than an hour",
    listings=(LOCAL_CONFIG,),
    subjects=_named_profiles,
    ways={"edit-named-profile": "removes or lowers duration_seconds; SDKs renew the session by themselves"},
    meaning=(
        "A role that is assumed with the credentials of another role (role chaining) lasts one hour at most, "
        "whatever the role's maximum session duration says. STS refuses a longer wish outright, so nothing "
        "works with this named profile. Lower duration_seconds; or let source_profile be long-term keys of a "
        "user, or federate into the role directly."
    ),
    detection=(
        f"duration_seconds is a whole number above {SESSION_LIMIT} and the credentials that the role is "
        f"assumed "
        "with are themselves temporary: another role, SSO, web identity, a session token, a container's "
        "role. "
        "A warning with the role of an EC2 instance, which the documentation does not count as chaining "
        "while "
        "reports differ. Unknown where the config does not tell what the credentials are."
    ),
    error_texts=(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    ),
    false_positives="A value that is no whole number is ignored by SDKs, and so it is here.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining",
)
def chain_duration_over_1h(named_profile: NamedProfile, view: View) -> Draft | None:
    chain = view.chain(named_profile)
    hop = chain.hops[0] if chain.hops else None
    if hop is None or hop.chained == "no" or (hop.duration_seconds or 0) <= SESSION_LIMIT:
        return None
    if hop.chained == "unknown":
        return _unsure_of_origin(hop, chain)
    source = view.inventory.named_profiles.get(named_profile.source_profile or "")
    sure = hop.chained == "yes"
    return Present(
        cause=f"asks {_hours(hop)} of a chained role, limit 1 h",
        detail=sentences(
            f"It asks for {hop.duration_seconds:,} seconds of {hop.role_arn}, with credentials that are a "
            f"role "
            f"session themselves ({chain.hops[1].role_arn if len(chain.hops) > 1 else chain.origin})."
            if sure
            else f"It asks for {hop.duration_seconds:,} s of {hop.role_arn} from an EC2 instance's role.",
            "STS refuses more than 3,600 seconds there, so every call with this named profile fails."
            if sure
            else "The documentation does not count that as role chaining, reports do; STS decides.",
            "A longer maximum session duration of the role does not help.",
        ),
        related=refs([source.ref if source else None]),
        severity="error" if sure else "warning",
    )


def _unsure_of_origin(hop: Hop, chain: Chain) -> Unsure | None:
    # Where the chain is broken further on, that is the fault to put right first.
    if chain.fault is not None:
        return None
    return Unsure(
        cause=f"asks {_hours(hop)}; its credentials are not known",
        detail=(
            f"It asks for {hop.duration_seconds:,} seconds of {hop.role_arn}. The credentials come from: "
            f"{chain.origin}. If they are temporary, STS refuses more than 3,600 seconds."
        ),
    )


def _hours(hop: Hop) -> str:
    seconds = hop.duration_seconds or 0
    return f"{seconds / 3600:.3g} h" if seconds % 360 == 0 else f"{seconds:,} s"


def _fault_rule(
    rule_id: str, order: int, *, title: str, cause: str, meaning: str, detection: str, error_text: str
) -> Rule:
    @rule(
        id=rule_id,
        order=order,
        kind="named-profile",
        severity="error",
        title=title,
        listings=(LOCAL_CONFIG,),
        subjects=_named_profiles,
        ways={"edit-named-profile": "shows the section of the config and puts it right; a backup is kept"},
        meaning=f"{meaning} No SDK and no command line gets credentials from this named profile.",
        detection=detection,
        error_texts=(error_text,),
        false_positives=(
            "The walk is the SDK's own, made without any call. A fault is told at the named profile to put "
            "right, not at those that go through it."
        ),
        source=_ASSUME_ROLE_PAGE,
    )
    def check(named_profile: NamedProfile, view: View) -> Draft | None:
        chain = view.chain(named_profile)
        if chain.fault is None or chain.fault.id != rule_id or not _is_at(named_profile, chain, view):
            return None
        through = _through(named_profile, rule_id, view)
        return Present(
            cause=cause.format(
                source=named_profile.source_profile, credential_source=named_profile.credential_source
            ),
            detail=sentences(
                chain.fault.message.rstrip(".") + ".",
                "Every call with this named profile fails.",
                f"So does every call with {names(other.ref for other in through)}, which goes through it."
                if through
                else "",
            ),
            related=refs(other.ref for other in through),
        )

    return check


def _is_at(named_profile: NamedProfile, chain: Chain, view: View) -> bool:
    """Whether the fault is this named profile's own. All members of a loop have it."""
    if chain.fault is None:
        return False
    if chain.fault.id != "chain-loop":
        return chain.fault.at == named_profile.name
    return view.inventory.named_profiles[chain.fault.at].source_profile == named_profile.name


def _through(named_profile: NamedProfile, rule_id: str, view: View) -> list[NamedProfile]:
    """Other named profiles that fail because of this one."""
    return [
        other
        for other in view.inventory.named_profiles.values()
        if other.name != named_profile.name
        and (chain := view.chain(other)).fault is not None
        and chain.fault.id == rule_id
        and any(hop.named_profile == named_profile.name for hop in chain.hops)
    ]


chain_loop = _fault_rule(
    "chain-loop",
    720,
    title="Named profiles that refer to each other in a circle",
    cause="source_profile {source} leads back here",
    meaning="Following source_profile leads back to where it started.",
    detection="source_profile names a named profile that the walk has passed already.",
    error_text="Infinite loop in credential configuration detected.",
)

chain_source_missing = _fault_rule(
    "chain-source-missing",
    730,
    title="source_profile that does not exist",
    cause="source_profile {source} does not exist",
    meaning="source_profile names a named profile that is in neither the config nor the credentials file.",
    detection="No section of that name in either file; names compare with case.",
    error_text='The source_profile "…" referenced in the profile "…" does not exist.',
)

chain_both_sources = _fault_rule(
    "chain-both-sources",
    740,
    title="source_profile beside credential_source",
    cause="has source_profile and credential_source",
    meaning="A role takes its first credentials from one place; here two are named.",
    detection="role_arn, source_profile and credential_source in one section.",
    error_text='The profile "…" contains both source_profile and credential_source.',
)

chain_no_source = _fault_rule(
    "chain-no-source",
    750,
    title="role_arn without a source of credentials",
    cause="no source_profile for its role_arn",
    meaning="A role is to be assumed, but nothing says with which credentials.",
    detection="role_arn without source_profile, credential_source and web_identity_token_file.",
    error_text="Partial credentials found in assume-role, missing: source_profile or credential_source",
)

chain_bad_credential_source = _fault_rule(
    "chain-bad-credential-source",
    760,
    title="credential_source that SDKs do not know",
    cause="credential_source {credential_source} is not valid",
    meaning="credential_source is a word that SDKs do not know.",
    detection="credential_source is none of Environment, Ec2InstanceMetadata, EcsContainer.",
    error_text='The credential source "…" referenced in profile "…" is not valid.',
)

chain_source_no_credentials = _fault_rule(
    "chain-source-no-credentials",
    770,
    title="source_profile without credentials",
    cause="source_profile {source} has no credentials",
    meaning="source_profile names a section in which no credentials of any kind stand.",
    detection="The last named profile of the walk has no keys, SSO, web identity, process or login session.",
    error_text='The source profile "…" must have credentials.',
)
