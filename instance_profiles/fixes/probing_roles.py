"""Looking at what recipes ask about roles, policies and limits before confirmation."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from instance_profiles.aws.errors import AwsError, Denied
from instance_profiles.fixes import probes, role_reading
from instance_profiles.fixes.looking import looks_at
from instance_profiles.fixes.metadata import GOVERNED, governed_sentence
from instance_profiles.fixes.plan import Check, CheckState, Plan
from instance_profiles.fixes.removal import KEEP_TAG
from instance_profiles.inventory import read
from instance_profiles.policies import UnreadableDocument, permits
from instance_profiles.policies.document import as_list, parse, statements

if TYPE_CHECKING:
    from instance_profiles.aws.account import AwsAccount

INLINE_SIZE = 10_240
"""Characters, whitespace not counted: what all inline policies of a role may have together (IAM quotas)."""
POLICY_VERSIONS = 5
IDLE = timedelta(days=90)
YOUNG = timedelta(hours=24)
_NAMED_AT_MOST = 4


@looks_at(probes.MetadataNotGoverned, "no declarative policy governs the metadata service")
async def _(probe: probes.MetadataNotGoverned, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    name = "no declarative policy governs the metadata service"
    answer = await account.call("ec2", "GetInstanceMetadataDefaults", region=probe.region)
    managed_by = (answer.get("AccountLevel") or {}).get("ManagedBy")
    if managed_by == GOVERNED:
        return (Check(name, "failed", governed_sentence(probe.region)),)
    return (Check(name, "passed", f"the account decides in {probe.region}"),)


@looks_at(probes.PolicyThere, "the policy exists")
async def _(probe: probes.PolicyThere, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    short = probe.policy_arn.rpartition("/")[2]
    found = await role_reading.default_policy_version(account, probe.policy_arn)
    if found is None:
        return (Check(f"policy {short} exists", "failed", f"There is no policy {probe.policy_arn}."),)
    return (Check(f"policy {short} exists", "passed", f"version {found.version_id}"),)


@looks_at(probes.AttachmentsLeft, "the role may have one more policy")
async def _(probe: probes.AttachmentsLeft, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    name = f"{probe.role_name} may have one more policy"
    attached = await role_reading.attached_policies(account, probe.role_name)
    if attached is None:
        return (Check(name, "failed", f"Role {probe.role_name} does not exist any more."),)
    summary = (await account.call("iam", "GetAccountSummary")).get("SummaryMap", {})
    quota = summary.get("AttachedPoliciesPerRoleQuota")
    if quota is None:
        return (Check(name, "unknown", "the account summary does not name the quota"),)
    detail = f"{len(attached)} of {quota} managed policies are attached"
    return (Check(name, "passed" if len(attached) < quota else "failed", detail),)


@looks_at(probes.InlineSpaceLeft, "the inline policies of the role have room")
async def _(probe: probes.InlineSpaceLeft, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    name = f"the inline policies of {probe.role_name} have room"
    size = counted_size(probe.document)
    for other in await role_reading.inline_policy_names(account, probe.role_name) or ():
        if other != probe.policy_name:
            text = await role_reading.inline_policy(account, probe.role_name, other)
            size += counted_size(text or "")
    state: CheckState = "passed" if size <= INLINE_SIZE else "failed"
    return (Check(name, state, f"{size} of {INLINE_SIZE} characters"),)


@looks_at(probes.BoundaryAllows, "the permissions boundary lets it through")
async def _(probe: probes.BoundaryAllows, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    name = "the permissions boundary lets it through"
    role = await role_reading.role_detail(account, probe.role_name)
    boundary_arn = ((role or {}).get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
    if not boundary_arn:
        return (Check(name, "passed", f"{probe.role_name} has none"),)
    boundary = await role_reading.default_policy_version(account, boundary_arn)
    document = probe.document or await _document(account, probe.policy_arn)
    if boundary is None or document is None:
        return (Check(name, "unknown", "the boundary or the policy could not be found"),)
    return (_against_boundary(name, boundary.document, document, boundary_arn),)


@looks_at(probes.VersionsLeft, "the policy may have one more version")
async def _(probe: probes.VersionsLeft, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    name = "the policy may have one more version"
    count = 0
    async for page in account.pages("iam", "ListPolicyVersions", {"PolicyArn": probe.policy_arn}):
        count += len(page.get("Versions", []))
    if count < POLICY_VERSIONS:
        return (Check(name, "passed", f"{count} of {POLICY_VERSIONS} versions"),)
    return (Check(name, "failed", f"It has {count}, the most that IAM keeps; delete an old one first."),)


@looks_at(probes.PolicyValid, "Access Analyzer finds no error")
async def _(probe: probes.PolicyValid, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    name = "Access Analyzer finds no error"
    wanted = {"policyDocument": probe.document, "policyType": probe.kind}
    if probe.kind == "RESOURCE_POLICY":
        wanted["validatePolicyResourceType"] = "AWS::IAM::AssumeRolePolicyDocument"
    try:
        answer = await account.call("accessanalyzer", "ValidatePolicy", wanted)
    except Denied:
        return (Check(name, "unknown", "not asked: access-analyzer:ValidatePolicy is denied to you"),)
    except AwsError as error:
        # Not every partition and region offers it, and no fix depends on it.
        return (Check(name, "unknown", f"not asked: {error}"),)
    findings = answer.get("findings", [])
    errors = [one for one in findings if one.get("findingType") == "ERROR"]
    if errors:
        return (Check(name, "failed", " ".join(str(one.get("findingDetails")) for one in errors[:2])),)
    others = [one for one in findings if one.get("findingType") in ("SECURITY_WARNING", "WARNING")]
    detail = f"it warns: {others[0].get('findingDetails')}" if others else "validated"
    return (Check(name, "passed", detail),)


@looks_at(probes.RoleIdle, "nobody used the role lately")
async def _(probe: probes.RoleIdle, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    name = f"nobody used {probe.role_name} lately"
    role = await role_reading.role_detail(account, probe.role_name)
    if role is None:
        return (Check(name, "failed", f"Role {probe.role_name} does not exist any more."),)
    used = (role.get("RoleLastUsed") or {}).get("LastUsedDate")
    if used is None:
        return (Check(name, "passed", "not once in the 400 days that IAM tracks"),)
    detail = f"last used {used:%Y-%m-%d} in {role['RoleLastUsed'].get('Region', 'some region')}"
    if datetime.now(UTC) - used < IDLE:
        return (Check(name, "failed", f"It is in use elsewhere: {detail}."),)
    return (Check(name, "passed", detail),)


@looks_at(probes.Leftover, "it is a leftover")
async def _(probe: probes.Leftover, plan: Plan, account: AwsAccount) -> tuple[Check, ...]:
    found = await read.read_instance_profile(account, probe.name)
    if found is None:
        return (Check(f"{probe.name} exists", "failed", "It does not exist any more."),)
    age = datetime.now(UTC) - found.create_date
    made = f"made {found.create_date:%Y-%m-%d %H:%M} UTC"
    young = f"{made}: whoever made it may be about to use it."
    kept = KEEP_TAG in (found.tags or {})
    return (
        Check("it is older than a day", "failed", young)
        if age < YOUNG
        else Check("it is older than a day", "passed", made),
        Check("no tag says to keep it", "failed", f"It is tagged {KEEP_TAG}.")
        if kept
        else Check("no tag says to keep it", "passed"),
    )


def counted_size(document: str) -> int:
    """The characters that IAM counts: whitespace between the elements is none of them."""
    try:
        return len(json.dumps(json.loads(document), separators=(",", ":"), ensure_ascii=False))
    except ValueError:
        return len(document)


async def _document(account: AwsAccount, policy_arn: str | None) -> str | None:
    found = await role_reading.default_policy_version(account, policy_arn) if policy_arn else None
    return found.document if found else None


def _against_boundary(name: str, boundary: str, granted: str, boundary_arn: str) -> Check:
    """What a grant comes to within a boundary, by the actions it names."""
    answers = {action: permits(boundary, action) for action in _allowed_actions(granted)}
    short = boundary_arn.rpartition("/")[2]
    stopped = [action for action, answer in answers.items() if answer in ("explicit-deny", "none")]
    if not answers:
        return Check(name, "unknown", "the policy names no actions that could be compared")
    if not stopped and "unknown" not in answers.values():
        return Check(name, "passed", f"{short} allows all of it")
    if len(stopped) == len(answers) and not any("*" in action for action in stopped):
        return Check(name, "failed", f"{short} allows none of it; change the boundary first.")
    shown = stopped or [action for action, answer in answers.items() if answer == "unknown"]
    more = f" and {len(shown) - _NAMED_AT_MOST} more" if len(shown) > _NAMED_AT_MOST else ""
    return Check(name, "unknown", f"{short} may stop {', '.join(shown[:_NAMED_AT_MOST])}{more}")


def _allowed_actions(document: str) -> tuple[str, ...]:
    try:
        listed = statements(parse(document))
    except UnreadableDocument:
        return ()
    return tuple(
        dict.fromkeys(
            str(action)
            for statement in listed
            if isinstance(statement, dict) and statement.get("Effect") == "Allow"
            for action in as_list(statement.get("Action", []))
        )
    )
