"""The other tabs of the detail: relations drawn small, policies, and everything that was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.findings.owner import line as owner_line
from instance_profiles.findings.ownership import owner_of_ref
from instance_profiles.inventory.model import (
    Association,
    AutoScalingGroup,
    Instance,
    InstanceProfile,
    LaunchConfiguration,
    LaunchTemplateVersion,
    Role,
)
from instance_profiles.policies import judge_ec2_trust
from tui.relations import object_of
from tui.words import KIND_WORDS, counted
from widgets.note import Block, Heading, Paragraph, Related, RelatedLine
from widgets.policy_sheet import Policy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import ObjectRef
    from tui.store import Store

SHOWN = 12
"""Names in one branch of the picture; more are counted."""


def relations_of(store: Store, ref: ObjectRef | None) -> list[Block]:
    """Everything that hangs together with an object, the broken edges marked."""
    if ref is None:
        return []
    blocks: list[Block] = [Heading(ref.name, KIND_WORDS[ref.kind], ref.arn or ref.id)]
    owner = owner_of_ref(ref, store.inventory)
    if owner is not None:
        blocks.append(Paragraph(f"Owner: {owner_line(owner)}"))
    profile = _instance_profile_of(store.inventory, ref)
    if profile is not None:
        blocks.append(Related("Instance profile", tuple(_around_instance_profile(store, profile))))
    item = object_of(store.inventory, ref)
    if isinstance(item, Role):
        profiles = store.inventory.instance_profiles_of(item)
        blocks += [
            Related(held.instance_profile_name, tuple(_around_instance_profile(store, held)))
            for held in profiles
        ]
        if not profiles:
            blocks.append(Paragraph("No instance profile holds this role."))
    elif profile is None:
        blocks.append(Paragraph("It is attached to no instance profile that was read."))
    return blocks


def _instance_profile_of(inventory: Inventory, ref: ObjectRef) -> InstanceProfile | None:
    item = object_of(inventory, ref)
    match item:
        case InstanceProfile():
            return item
        case Instance() | Association():
            return inventory.instance_profile_of(item)
        case LaunchTemplateVersion() | LaunchConfiguration():
            return inventory.instance_profile_named_by(item)
        case AutoScalingGroup():
            specifications = item.launch_templates
            versions = [inventory.resolve(item.account, item.region, spec) for spec in specifications]
            named = [inventory.instance_profile_named_by(version) for version in versions if version]
            return next((profile for profile in named if profile), None)
        case _:
            return None


def _around_instance_profile(store: Store, profile: InstanceProfile) -> Iterable[RelatedLine]:
    inventory = store.inventory
    role = inventory.role_in(profile)
    name = profile.instance_profile_name
    if profile.role is None:
        yield RelatedLine(0, name, "no role", broken=True)
    else:
        findings = store.findings_of(role.ref) if role else []
        errors = [finding for finding in findings if finding.severity == "error"]
        cause = f" ({errors[0].cause})" if errors else ""
        yield RelatedLine(0, name, f"role {profile.role.role_name}{cause}", broken=bool(errors))
    stale = {instance.instance_id for instance in inventory.instances_with_stale_id(profile)}
    instances = inventory.instances_naming(profile)
    for instance in instances[:SHOWN]:
        broken = instance.instance_id in stale
        words = " holds a deleted id" if broken else ""
        line = f"{instance.name}  {instance.instance_id} {instance.state} {instance.region}{words}"
        yield RelatedLine(1, line, broken=broken)
    if len(instances) > SHOWN:
        yield RelatedLine(1, f"and {counted(len(instances) - SHOWN, 'more instance')}")
    for version in inventory.template_versions_naming(profile):
        groups = ", ".join(
            group.auto_scaling_group_name for group in inventory.groups_using_template(version)
        )
        line = f"{version.launch_template_name} v{version.version_number} {version.region}"
        yield RelatedLine(1, line, f"scaling group {groups}" if groups else "")
    for configuration in inventory.launch_configurations_naming(profile):
        yield RelatedLine(1, f"{configuration.launch_configuration_name} (launch configuration)")


def policies_of(store: Store, ref: ObjectRef | None) -> list[Policy]:
    """The trust policy with the statement that decides about EC2, and the inline policies of a role."""
    role = _role_of(store.inventory, ref)
    if role is None:
        return []
    partition = role.arn.split(":")[1]
    judgement = judge_ec2_trust(role.assume_role_policy_document, partition)
    policies = [
        Policy(
            f"Trust policy of {role.role_name}",
            role.assume_role_policy_document,
            note=judgement.reason,
            marked=judgement.statement,
        )
    ]
    policies += [
        Policy(f"Inline policy {p.policy_name}", p.policy_document) for p in role.inline_policies or ()
    ]
    attached = role.attached_policies or ()
    if attached:
        names = ", ".join(policy.policy_arn for policy in attached)
        policies.append(Policy("Attached policies", "", note=names))
    return policies


def _role_of(inventory: Inventory, ref: ObjectRef | None) -> Role | None:
    if ref is None:
        return None
    item = object_of(inventory, ref)
    if isinstance(item, Role):
        return item
    profile = _instance_profile_of(inventory, ref)
    return inventory.role_in(profile) if profile else None


def json_of(inventory: Inventory, ref: ObjectRef | None) -> Any:
    """What iptui keeps of an object, as plain data."""
    if ref is None:
        return None
    item: Any = object_of(inventory, ref)
    if item is None and ref.kind == "named-profile":
        item = inventory.named_profiles.get(ref.id)
    if item is None and ref.kind == "caller":
        item = inventory.callers.get(ref.account)
    return msgspec.to_builtins(item if item is not None else ref)
