"""The values that a recipe's needs can take, best first, and reading what the person chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.fixes.recipe import Candidate
from instance_profiles.fixes.situation import is_service_linked, known_roles
from instance_profiles.policies import judge_ec2_trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from instance_profiles.fixes.situation import Situation
    from instance_profiles.inventory.model import InstanceProfile, Role


def role_choices(situation: Situation, name: str, *, without: Iterable[str] = ()) -> tuple[Candidate, ...]:
    """Roles for an instance profile of this name: same name first, then those that trust EC2 by last use.

    `without` are role ids that make no sense here. Service-linked roles are never among them.
    """
    left_out = frozenset(without)
    usable = [
        role
        for role in known_roles(situation.inventory, situation.account)
        if role.role_id not in left_out and not is_service_linked(role)
    ]
    candidates = [(role, _trusts_ec2(situation, role)) for role in usable]
    candidates = [(r, trusts) for r, trusts in candidates if trusts or _same(r.role_name, name)]
    candidates.sort(key=lambda item: _role_order(item[0], item[1], name))
    return tuple(
        Candidate(
            role.arn, role.role_name, _role_hint(role, trusts, name), trusts, _same(role.role_name, name)
        )
        for role, trusts in candidates
    )


def chosen_role(situation: Situation, answers: Mapping[str, str], candidates: tuple[Candidate, ...]) -> Role:
    """The role that was asked for by name or ARN, or else the best candidate; raises CannotPlan."""
    wanted = answers.get("role") or _best(
        candidates, "role", "No role of this account trusts EC2; create one, or repair a trust policy first."
    )
    for role in known_roles(situation.inventory, situation.account):
        if wanted in (role.arn, role.role_name):
            if is_service_linked(role):
                raise CannotPlan(
                    f"{role.role_name} is a service-linked role that only AWS may change; choose another.",
                    "role",
                )
            return role
    raise CannotPlan(f"There is no role {wanted} in account {situation.account}.", "role")


def instance_profile_choices(
    situation: Situation, *, like: Iterable[str] = (), without: Iterable[str] = ()
) -> tuple[Candidate, ...]:
    """Instance profiles that give credentials: those with a (role) name of `like` first, then most used.

    `without` are the ids of instance profiles that make no sense here.
    """
    left_out = frozenset(without)
    names = {name.casefold() for name in like}
    inventory = situation.inventory
    rows: list[tuple[tuple[bool, bool, int, str], Candidate]] = []
    for profile in inventory.instance_profiles:
        if profile.account != situation.account or profile.instance_profile_id in left_out:
            continue
        if profile.role is None:
            continue
        trusts = _document_trusts(situation, profile.role.assume_role_policy_document)
        similar = bool(names & {profile.instance_profile_name.casefold(), profile.role.role_name.casefold()})
        if not trusts and not similar:
            continue
        used = len(inventory.instances_of(profile))
        candidate = Candidate(
            profile.arn,
            profile.instance_profile_name,
            _joined(
                "same name" if similar else "",
                f"role {profile.role.role_name}",
                "" if trusts else "its role does not trust EC2",
                f"used by {used} instance{'' if used == 1 else 's'}" if used else "not in use",
            ),
            fit=trusts,
            sure=similar,
        )
        rows.append(((not trusts, not similar, -used, profile.instance_profile_name), candidate))
    return tuple(candidate for _, candidate in sorted(rows, key=lambda row: row[0]))


def chosen_instance_profile(
    situation: Situation, answers: Mapping[str, str], candidates: tuple[Candidate, ...]
) -> InstanceProfile:
    """The instance profile asked for by name or ARN, or else the best candidate; raises CannotPlan."""
    wanted = answers.get("instance-profile") or _best(
        candidates,
        "instance-profile",
        "No instance profile of this account has a role that trusts EC2; create or repair one first.",
    )
    profile = find_instance_profile(situation, wanted)
    if profile is None:
        raise CannotPlan(
            f"There is no instance profile {wanted} in account {situation.account}.", "instance-profile"
        )
    return profile


def find_instance_profile(situation: Situation, wanted: str) -> InstanceProfile | None:
    """An instance profile of the account by ARN or name."""
    if wanted.startswith("arn:"):
        found = situation.inventory.instance_profile_by_arn(wanted)
    else:
        found = situation.inventory.instance_profile_by_name(situation.account, wanted)
    return found if found and found.account == situation.account else None


def default_choice(candidates: tuple[Candidate, ...]) -> Candidate | None:
    """The best candidate that the checks would not refuse."""
    return next((candidate for candidate in candidates if candidate.fit), None)


def _best(candidates: tuple[Candidate, ...], key: str, none: str) -> str:
    best = default_choice(candidates)
    if best is None:
        raise CannotPlan(none, key if candidates else None)
    return best.value


def _role_order(role: Role, trusts: bool, name: str) -> tuple[bool, bool, float, str]:
    used = role.last_used.last_used_date if role.last_used else None
    return (not _same(role.role_name, name), not trusts, -used.timestamp() if used else 0.0, role.role_name)


def _role_hint(role: Role, trusts: bool, name: str) -> str:
    used = role.last_used.last_used_date if role.last_used else None
    return _joined(
        "same name" if _same(role.role_name, name) else "",
        "trusts EC2" if trusts else "does not trust EC2: repair its trust policy first",
        f"last used {used:%Y-%m-%d}" if used else "",
    )


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _same(a: str, b: str) -> bool:
    return a.casefold() == b.casefold()


def _trusts_ec2(situation: Situation, role: Role) -> bool:
    return _document_trusts(situation, role.assume_role_policy_document)


def _document_trusts(situation: Situation, document: str) -> bool:
    # A condition that cannot be judged here is no reason to hide a role that may work well.
    return judge_ec2_trust(document, situation.partition).decision in ("allow", "unknown")
