from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from instance_profiles.findings.patching import patch_tag
from instance_profiles.findings.role_policies import is_administrator, policies_of
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import refs, sentences
from instance_profiles.inventory.sources import (
    AUTHORIZATION_DETAILS,
    INSTANCE_PROFILES,
    INSTANCES,
    MANAGED_NODES,
)
from instance_profiles.policies import permits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.role_policies import RolePolicy
    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Instance, InstanceProfile, Role

REPORTS = "ssm:UpdateInstanceInformation"
"""What the agent calls to make itself known, every five minutes."""
PATIENCE = timedelta(minutes=15)

_FOR_AGENTS = re.compile(
    r"arn:[\w-]+:iam::aws:policy/(service-role/)?"
    r"(AmazonSSMManagedInstanceCore|AmazonEC2RoleforSSM|AmazonSSMManagedEC2InstanceDefaultPolicy)"
)


def _unknown_to_systems_manager(view: View) -> Iterable[Instance]:
    for account, region, instances in view.instances_by_region:
        if view.state(account, region, MANAGED_NODES) != "complete":
            continue
        nodes = view.inventory.managed_nodes.by_id(account, region)
        for one in instances:
            if one.instance_id not in nodes and one.state == "running" and one.iam_instance_profile:
                yield one


@rule(
    id="instance-ssm-unmanaged",
    order=385,
    kind="instance",
    severity="warning",
    title="Instance that is meant for Systems Manager and does not report",
    listings=(INSTANCES, MANAGED_NODES, AUTHORIZATION_DETAILS, INSTANCE_PROFILES),
    subjects=_unknown_to_systems_manager,
    ways={
        "grant-role-permissions": "attaches AmazonSSMManagedInstanceCore to the role; the agent tries again",
        "change-boundary": "where a permissions boundary keeps the agent from reporting",
    },
    meaning=(
        "Session Manager, patching and Run Command do not reach the instance. Either its role does not let "
        "the agent report, or the agent is not there, is stopped, or has no way to the endpoints ssm, "
        "ssmmessages and ec2messages. It is a warning: the programs on the instance still have credentials."
    ),
    detection=(
        "It has run for 15 minutes with an instance profile, DescribeInstanceInformation does not list it, "
        "and it is meant to be managed: its role has a policy for the agent, or it has the tag of a patch "
        f"group. Whether the role and its boundary allow {REPORTS} is judged from their policies."
    ),
    error_texts=(
        "TargetNotConnected: i-… is not connected.",
        "InvalidInstanceId: Instances [[i-…]] not in a valid state for account …",
        "AccessDeniedException: … is not authorized to perform: ssm:UpdateInstanceInformation",
        "Skipping default host management fallback",
    ),
    false_positives=(
        "Where nothing says that Systems Manager is wanted, an instance is left alone. One that Default Host "
        "Management manages is listed, also without an instance profile, and so is one whose agent lost its "
        "connection: neither is told. With an instance profile the agent uses that first and Default Host "
        "Management last. Where the metadata service is off or EC2 may not assume the role, that is told "
        "instead."
    ),
    source="https://docs.aws.amazon.com/systems-manager/latest/userguide/troubleshooting-managed-nodes.html",
)
def instance_ssm_unmanaged(instance: Instance, view: View) -> Draft | None:
    if view.state(instance.account, None, AUTHORIZATION_DETAILS) != "complete":
        return None
    profile = view.inventory.instance_profile_of(instance)
    role = view.inventory.role_in(profile) if profile else None
    policies = policies_of(role, view.inventory) if role else None
    if profile is None or role is None or policies is None:
        return None
    if not view.has_passed(instance.launch_time + PATIENCE):
        return None
    allowed = _allowed(policies)
    tag = patch_tag(instance)
    if not (_means_it(policies, allowed) or tag) or not _has_credentials(instance, profile, view):
        return None
    capped = allowed and _is_capped(role, view)
    return Present(
        cause=_cause(allowed, capped),
        detail=sentences(
            "It runs, and Systems Manager does not list it.",
            f"Its tag {tag} puts it into a patch group." if tag else "",
            _story(role, allowed, capped),
        ),
        related=refs([profile.ref, role.ref]),
        fixes=("change-boundary",) if capped else ("grant-role-permissions",) if allowed is False else (),
    )


def _has_credentials(instance: Instance, profile: InstanceProfile, view: View) -> bool:
    """Whether the agent can have any; where it cannot, other rules tell."""
    options = instance.metadata_options
    trust = view.trust(profile)
    is_off = options is not None and options.http_endpoint == "disabled"
    return not is_off and trust is not None and trust.decision == "allow"


@lru_cache(maxsize=4096)
def _allowed(policies: tuple[RolePolicy, ...]) -> bool | None:
    """Whether the role lets the agent report; None where that is not known."""
    judged = permits([policy.document for policy in policies if policy.document is not None], REPORTS)
    if judged == "explicit-deny":
        return False
    if judged == "allow" or any(_is_for_agents(policy) or is_administrator(policy) for policy in policies):
        return True if judged != "unknown" else None
    return None if judged == "unknown" or any(policy.document is None for policy in policies) else False


def _means_it(policies: tuple[RolePolicy, ...], allowed: bool | None) -> bool:
    """Whether a policy is for the agent; one that allows everything says nothing."""
    if any(_is_for_agents(policy) for policy in policies):
        return True
    return allowed is True and not any(is_administrator(policy) for policy in policies)


def _is_for_agents(policy: RolePolicy) -> bool:
    return policy.arn is not None and _FOR_AGENTS.fullmatch(policy.arn) is not None


def _is_capped(role: Role, view: View) -> bool:
    if role.permissions_boundary_arn is None:
        return False
    boundary = view.inventory.managed_policy(role.account, role.permissions_boundary_arn)
    if boundary is None or boundary.document is None:
        return False
    return permits(boundary.document, REPORTS) in ("none", "explicit-deny")


def _cause(allowed: bool | None, capped: bool | None) -> str:
    if capped:
        return "boundary keeps its agent from Systems Manager"
    return "role keeps its agent from reporting" if allowed is False else "agent does not report"


def _story(role: Role, allowed: bool | None, capped: bool | None) -> str:
    if capped:
        return f"The role {role.role_name} allows {REPORTS}, its permissions boundary does not."
    if allowed is False:
        return f"The role {role.role_name} does not allow {REPORTS}."
    known = f"The role {role.role_name} allows it" if allowed else "Whether its role allows it is not known"
    return (
        f"{known}; look whether the agent is installed and runs, and whether the instance reaches the "
        "endpoints ssm, ssmmessages and ec2messages."
    )
