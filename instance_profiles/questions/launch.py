"""Would a launch with this instance profile work? The checklist of EC2's documentation, run for real.

Rests on https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html. Everything reads but the
dry run of RunInstances, which is sent only where it was asked for; its model has DryRun, so that it is safe.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from instance_profiles.aws.errors import AwsError, Denied, RefusedReadOnly
from instance_profiles.denials.permission import may_each
from instance_profiles.fixes.calls import passing
from instance_profiles.fixes.launching import dry_launch, from_template
from instance_profiles.fixes.plan import CheckState, Permission
from instance_profiles.inventory import read
from instance_profiles.inventory.model import ObjectRef
from instance_profiles.policies import judge_ec2_trust
from instance_profiles.policies.principal import principal_of
from instance_profiles.questions.ability import lacks_an_allow, question_of, why
from instance_profiles.questions.launch_template import DEFAULT, read_template, run_permissions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.denials.permission import Answer
    from instance_profiles.inventory.model import InstanceProfile
    from instance_profiles.questions.launch_template import Judged, Template

PROPAGATION: Final = timedelta(minutes=5)
"""After this long EC2 has seen every new instance profile that was watched."""
_ARN: Final = re.compile(r"arn:[\w-]+:iam::(\d{12}):instance-profile/([\w+=,.@/-]+)", re.ASCII)
_NAME: Final = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
_NOTHING: Final = "not looked at: there is no such instance profile"


class Launch(msgspec.Struct, frozen=True):
    """The question. `principal` None is the caller; `version` is that of the launch template."""

    instance_profile: str
    region: str
    principal: str | None = None
    launch_template: str | None = None
    version: str = DEFAULT
    dry_run: bool = False


class Line(msgspec.Struct, frozen=True):
    """One line of the checklist.

    `offers` are recipes that would put it right on the object `about`; `lacks` what an Allow would lift;
    `denial` is AWS's own text where it denied a call.
    """

    name: str
    state: CheckState
    detail: str = ""
    offers: tuple[str, ...] = ()
    about: ObjectRef | None = None
    lacks: tuple[Permission, ...] = ()
    denial: str = ""


def trouble_with_launch(launch: Launch) -> str | None:
    """One sentence on what is no question; None where it can be asked."""
    named = launch.instance_profile
    if named.startswith("arn:"):
        if _ARN.fullmatch(named) is None:
            return (
                f"{named} is not the ARN of an instance profile, as in arn:aws:iam::…:instance-profile/web."
            )
    elif not all(_NAME.fullmatch(part) for part in named.strip("/").split("/")):
        return f"{named!r} is no name of an instance profile; give its name or its ARN."
    return None


def works(lines: Sequence[Line]) -> CheckState:
    """What the checklist says as a whole."""
    states = {line.state for line in lines}
    return "failed" if "failed" in states else "unknown" if "unknown" in states else "passed"


async def would_launch(account: AwsAccount, launch: Launch, now: datetime) -> AsyncIterator[Line]:
    """The lines of the checklist, in the order in which a launch would fail.

    Raises:
        AwsError: nobody could be asked at all.
        NobodyToAsk: the principal is no user and no role.
    """
    caller = await account.identity()
    owner = str(caller["Account"])
    partition = str(caller["Arn"]).split(":")[1]
    existing, found = await _exists(account, owner, launch.instance_profile)
    yield existing
    yield await _visible(account, launch.region, found, now) if found else Line(_SEES, "unknown", _NOTHING)
    yield _holds_a_role(found) if found else Line(_ROLE, "unknown", _NOTHING)
    if found is not None and found.role is not None:
        yield await _trusted(account, found, partition)
    template: Template | None = None
    if launch.launch_template:
        line, template = await _template(account, launch, found)
        yield line
    profile_arn = found.arn if found else _arn_of(launch.instance_profile, partition, owner)
    needed = run_permissions(partition, owner, launch.region, profile_arn, template)
    pass_role = passing(found.role, partition, owner, launch.region) if found and found.role else None
    async for line in _permitted(account, launch.principal, needed, pass_role):
        yield line
    if launch.dry_run:
        yield await _rehearsed(account, launch, found, template)


def _arn_of(named: str, partition: str, owner: str) -> str:
    """What the ARN would be of one that is not there."""
    return named if named.startswith("arn:") else f"arn:{partition}:iam::{owner}:instance-profile/{named}"


# -- the instance profile ----------------------------------------------------------------------------------

_EXISTS: Final = "the instance profile exists"
_SEES: Final = "EC2 sees it"
_ROLE: Final = "it has a role"


async def _exists(account: AwsAccount, owner: str, named: str) -> tuple[Line, InstanceProfile | None]:
    arn = _ARN.fullmatch(named)
    if arn is not None and arn[1] != owner:
        detail = f"It is in account {arn[1]}; EC2 launches only with those of its own account, {owner}."
        return Line(_EXISTS, "failed", detail), None
    name = named.rpartition("/")[2]
    try:
        found = await read.read_instance_profile(account, name)
        if found is None:
            return await _missing(account, owner, name), None
    except AwsError as error:
        return Line(_EXISTS, "unknown", str(error)), None
    if arn is not None and found.arn != named:
        return Line(_EXISTS, "failed", f"Its ARN is {found.arn}; name and path must be exact."), found
    if arn is None and named != found.instance_profile_name:
        detail = f"It is called {found.instance_profile_name}, without its path and in this case."
        return Line(_EXISTS, "failed", detail), found
    return Line(_EXISTS, "passed", found.arn), found


async def _missing(account: AwsAccount, owner: str, name: str) -> Line:
    ref = ObjectRef("instance-profile", owner, None, name, name)
    alike = [
        str(one["InstanceProfileName"])
        async for page in account.pages("iam", "ListInstanceProfiles", {"MaxItems": 1000})
        for one in page.get("InstanceProfiles", [])
        if str(one["InstanceProfileName"]).casefold() == name.casefold()
    ]
    if alike:
        return Line(_EXISTS, "failed", f"There is {alike[0]}, and upper and lower case matter to EC2.")
    return Line(_EXISTS, "failed", f"There is none named {name}.", ("create-instance-profile",), ref)


async def _visible(account: AwsAccount, region: str, found: InstanceProfile, now: datetime) -> Line:
    """By an instance that has it, or else by its age; only a dry run proves it."""
    wanted = [{"Name": "iam-instance-profile.id", "Values": [found.instance_profile_id]}]
    try:
        answer = await account.call(
            "ec2", "DescribeInstances", {"Filters": wanted, "MaxResults": 5}, region=region
        )
    except AwsError:
        answer = {}  # its age tells as well
    users = [one["InstanceId"] for group in answer.get("Reservations", []) for one in group["Instances"]]
    if users:
        return Line(_SEES, "passed", f"{users[0]} in {region} has it")
    age = now - found.create_date
    if age < PROPAGATION:
        seconds = max(int(age.total_seconds()), 0)
        detail = (
            f"It was made {seconds} seconds ago, and EC2 may take minutes to see it. Wait and ask again; "
            "making it anew begins the wait again."
        )
        return Line(_SEES, "unknown", detail)
    return Line(
        _SEES, "passed", f"by its age: made on {found.create_date:%Y-%m-%d}; a dry run would prove it"
    )


def _holds_a_role(found: InstanceProfile) -> Line:
    if found.role is None:
        detail = "It holds none: EC2 refuses to launch with it."
        return Line(_ROLE, "failed", detail, ("add-role",), found.ref)
    return Line(_ROLE, "passed", found.role.role_name)


async def _trusted(account: AwsAccount, found: InstanceProfile, partition: str) -> Line:
    name = f"role {found.role.role_name} trusts EC2" if found.role else "the role trusts EC2"
    try:
        role = await read.read_role(account, found.role.role_name) if found.role else None
    except AwsError as error:
        return Line(name, "unknown", str(error))
    if role is None:
        return Line(name, "failed", "The role does not exist any more.", ("swap-role",), found.ref)
    judged = judge_ec2_trust(role.assume_role_policy_document, partition)
    if judged.decision == "allow":
        return Line(name, "passed", judged.reason)
    if judged.decision == "unknown":
        return Line(name, "unknown", judged.reason)
    detail = f"{judged.reason} The instance would start, and find no credentials."
    return Line(name, "failed", detail, ("repair-trust",), role.ref)


# -- the launch template -----------------------------------------------------------------------------------


async def _template(
    account: AwsAccount, launch: Launch, found: InstanceProfile | None
) -> tuple[Line, Template | None]:
    named = launch.launch_template or ""
    name = f"launch template {named} exists"
    try:
        template = await read_template(account, launch.region, named, launch.version)
    except AwsError as error:
        return Line(name, "unknown", str(error)), None
    if template is None:
        return Line(name, "failed", f"There is no version {launch.version} of it in {launch.region}."), None
    own = template.instance_profile
    said = f"version {template.version}"
    if own and (found is None or own not in (found.arn, found.instance_profile_name)):
        said += f"; it names {own.rpartition('/')[2]}, in whose place this one would be used"
    return Line(name, "passed", said), template


# -- permissions -------------------------------------------------------------------------------------------


async def _permitted(
    account: AwsAccount, principal: str | None, needed: Sequence[Judged], pass_role: Permission | None
) -> AsyncIterator[Line]:
    """One line for launching, and one for passing the role."""
    permissions = [one.permission for one in needed] + ([pass_role] if pass_role else [])
    questions = [question_of(one) for one in permissions]
    who = (principal_of(principal).name or "root") if principal else "you"
    try:
        answers = {place: answer async for place, answer in may_each(account, principal, questions)}
    except AwsError as error:
        yield Line(f"{who} may launch", "unknown", str(error))
        return
    yield _may_launch(f"{who} may launch", needed, answers)
    if pass_role is None:
        detail = "there is no role to pass"
        yield Line(f"{who} may pass the role", "unknown", detail)
        return
    answer = answers[len(needed)]
    yield _may_pass(f"{who} may pass role {pass_role.resource.rpartition('/')[2]}", pass_role, answer)


def _may_launch(name: str, needed: Sequence[Judged], answers: dict[int, Answer]) -> Line:
    denied: list[tuple[Permission, Answer]] = []
    unsure: list[str] = []
    for place, one in enumerate(needed):
        answer, resource = answers[place], one.permission.resource.rpartition(":")[2]
        decision = answer.decision
        if decision.decision == "deny" and (one.exact or decision.effect == "explicit"):
            denied.append((one.permission, answer))
        elif decision.decision == "deny":
            unsure.append(f"no policy allows it for every {resource.partition('/')[0]}, perhaps for some")
        elif decision.decision == "unknown":
            unsure.append(f"{resource}: {why(answer)}")
    if denied:
        first, answer = denied[0]
        more = f" (and on {len(denied) - 1} more)" if len(denied) > 1 else ""
        lacks = tuple(permission for permission, told in denied if lacks_an_allow(told))
        detail = f"{first.action} on {first.resource.rpartition(':')[2]}{more}: {why(answer)}"
        return Line(name, "failed", detail, lacks=lacks if len(lacks) == len(denied) else ())
    if unsure:
        return Line(name, "unknown", unsure[0])
    return Line(name, "passed", f"simulated for {len(needed)} kinds of resources")


def _may_pass(name: str, pass_role: Permission, answer: Answer) -> Line:
    decision = answer.decision.decision
    if decision == "allow":
        return Line(name, "passed", "simulated, as EC2 asks for it at a launch")
    if decision == "unknown":
        return Line(name, "unknown", why(answer))
    lacks = (pass_role,) if lacks_an_allow(answer) else ()
    return Line(name, "failed", f"iam:PassRole: {why(answer)}", lacks=lacks)


# -- the dry run -------------------------------------------------------------------------------------------

_DRY_RUN: Final = "EC2's dry run of the launch"


async def _rehearsed(
    account: AwsAccount, launch: Launch, found: InstanceProfile | None, template: Template | None
) -> Line:
    if launch.principal is not None and launch.principal != (await account.identity())["Arn"]:
        return Line(_DRY_RUN, "unknown", "not asked: only the caller can rehearse, and only as itself")
    if template is None:
        return Line(_DRY_RUN, "unknown", "not asked: it takes a launch template to launch from")
    if found is None:
        return Line(_DRY_RUN, "unknown", _NOTHING)
    launched = await dry_launch(account, launch.region, from_template(template.parameter, found.arn))
    error = launched.error
    if launched.executed:
        return Line(_DRY_RUN, "failed", launched.executed)
    if error is None:
        return Line(_DRY_RUN, "passed", "EC2 would launch it")
    if isinstance(error, RefusedReadOnly):
        return Line(_DRY_RUN, "unknown", "not asked: iptui was started to read only")
    if isinstance(error, Denied):
        return Line(_DRY_RUN, "failed", str(error), denial=f"{error.code}: {error.message}")
    if launched.blames_the_instance_profile:
        return Line(_DRY_RUN, "failed", str(error))
    if error.http_status is None:
        return Line(_DRY_RUN, "unknown", str(error))
    return Line(_DRY_RUN, "unknown", f"the template does not launch by itself: {error.message}")
