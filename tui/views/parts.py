"""The nodes that several views share: instance profile, role, instance, and all that hangs on them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from tui.listings import template_name
from tui.views import rows
from tui.views.node import Many, Node
from widgets.resource_tree import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from instance_profiles.inventory.model import (
        Association,
        AutoScalingGroup,
        Instance,
        InstanceProfile,
        LaunchTemplateVersion,
        ObjectRef,
        Role,
    )
    from tui.listings import Listing
    from tui.store import Store


class _WithRef(Protocol):
    @property
    def ref(self) -> ObjectRef: ...


def by_name(ref: ObjectRef) -> tuple[str, str]:
    return (ref.name.casefold(), ref.id)


def group_node(
    store: Store, key: str, label: str, refs: Sequence[ObjectRef], children: Callable[[], Sequence[Node]]
) -> Node:
    return Node(
        key,
        partial(rows.group_row, store, label, refs),
        children=children if refs else None,
        troubled=partial(rows.troubled_of, store, refs),
    )


def subgroup_node(
    store: Store, key: str, label: str, items: Sequence[_WithRef], children: Callable[[], Sequence[Node]]
) -> Node:
    """A heading inside an object; the refs of what it stands for are made when it is looked at."""

    def refs() -> list[ObjectRef]:
        return [item.ref for item in items]

    return Node(
        key,
        lambda: rows.subgroup_row(store, label, refs()),
        children=children,
        troubled=lambda: rows.troubled_of(store, refs()),
    )


def field_node(key: str, label: str, value: str, ref: ObjectRef | None = None) -> Node:
    return Node(key, partial(rows.field_row, label, value), ref=ref)


# -- instance profile ----------------------------------------------------------------------------------------


def instance_profile_node(store: Store, under: str, profile: InstanceProfile) -> Node:
    key = f"{under}/{profile.instance_profile_id}"
    return Node(
        key,
        partial(rows.instance_profile_row, store, profile),
        profile.ref,
        partial(_inside_instance_profile, store, key, profile),
    )


def instance_profile_nodes(store: Store, under: str, account: str) -> Many:
    """All instance profiles of an account, those in trouble first."""

    def make(profile_id: str) -> Node | None:
        profile = store.inventory.instance_profiles.get((account, profile_id))
        return instance_profile_node(store, under, profile) if profile is not None else None

    return Many(
        under,
        store.listings.instance_profiles(account).keys(under),
        make,
        opens=True,
        kept=lambda narrowing: narrowing.kept("instance-profile", account),
        whole=lambda narrowing: narrowing.own("instance-profile", account),
    )


def _inside_instance_profile(store: Store, key: str, profile: InstanceProfile) -> Sequence[Node]:
    inventory = store.inventory
    role = inventory.role_in(profile)
    nodes: list[Node] = []
    if role is not None:
        nodes.append(Node(f"{key}/role", partial(_contained_role_row, store, role), role.ref))
    else:
        nodes.append(field_node(f"{key}/role", "role", profile.role.role_name if profile.role else "none"))
    instances = sorted(
        inventory.instances_naming(profile), key=lambda i: (i.region, i.name.casefold(), i.instance_id)
    )
    if instances:
        nodes.append(
            subgroup_node(
                store,
                f"{key}/instances",
                "instances",
                instances,
                partial(instances_by_region, store, f"{key}/instances", instances),
            )
        )
    versions = one_per_template(inventory.template_versions_naming(profile))
    if versions:
        nodes.append(
            subgroup_node(
                store,
                f"{key}/templates",
                "templates",
                versions,
                lambda: [template_node(store, f"{key}/templates", version) for version in versions],
            )
        )
    configurations = inventory.launch_configurations_naming(profile)
    nodes += [
        field_node(
            f"{key}/lc/{c.region}/{c.launch_configuration_name}", "launch configuration", c.ref.name, c.ref
        )
        for c in configurations
    ]
    return nodes


def _contained_role_row(store: Store, role: Role) -> Row:
    drawn = rows.object_row(store, role.ref)
    return Row(label="role", kind="field", value=role.role_name, severity=drawn.severity, cause=drawn.cause)


def instances_by_region(store: Store, under: str, instances: Sequence[Instance]) -> Sequence[Node]:
    """Instances under their regions; one region alone needs no heading of its own."""
    regions = sorted({instance.region for instance in instances})
    if len(regions) == 1:
        return [instance_node(store, under, instance) for instance in instances]
    return [
        subgroup_node(
            store,
            f"{under}/{region}",
            region,
            [i for i in instances if i.region == region],
            partial(
                lambda name: [
                    instance_node(store, f"{under}/{name}", i, region=False)
                    for i in instances
                    if i.region == name
                ],
                region,
            ),
        )
        for region in regions
    ]


# -- instance ------------------------------------------------------------------------------------------------


def instance_node(
    store: Store, under: str, instance: Instance, *, region: bool = True, opens: bool = True
) -> Node:
    key = f"{under}/{instance.region}/{instance.instance_id}"
    return Node(
        key,
        partial(rows.instance_row, store, instance, region=region),
        instance.ref,
        partial(_inside_instance, store, key, instance) if opens else None,
    )


def _inside_instance(store: Store, key: str, instance: Instance) -> Sequence[Node]:
    inventory = store.inventory
    nodes = [association_node(store, key, association) for association in inventory.associations_of(instance)]
    profile = inventory.instance_profile_of(instance)
    reference = instance.iam_instance_profile
    if profile is not None:
        nodes.append(_mention(store, f"{key}/profile", "instance profile", profile.ref))
        role = inventory.role_in(profile)
        if role is not None:
            nodes.append(_mention(store, f"{key}/role", "role", role.ref))
        else:
            nodes.append(
                field_node(f"{key}/role", "role", profile.role.role_name if profile.role else "none")
            )
    elif reference is not None:
        nodes.append(field_node(f"{key}/profile", "instance profile", f"{reference.name} ({reference.id})"))
    else:
        nodes.append(field_node(f"{key}/profile", "instance profile", "none"))
    group = inventory.group_of(instance)
    if group is not None:
        nodes.append(_mention(store, f"{key}/asg", "scaling group", group.ref))
    nodes.append(
        field_node(f"{key}/type", "type", f"{instance.instance_type} in {instance.availability_zone}")
    )
    return nodes


def _mention(store: Store, key: str, label: str, ref: ObjectRef) -> Node:
    """An object named inside another one: a field that can be selected and carries the object's fault."""

    def draw() -> Row:
        drawn = rows.object_row(store, ref)
        return Row(label=label, kind="field", value=ref.name, severity=drawn.severity, cause=drawn.cause)

    return Node(key, draw, ref)


def association_node(store: Store, under: str, association: Association) -> Node:
    key = f"{under}/{association.association_id}"
    return Node(key, partial(rows.association_row, store, association), association.ref)


# -- launch templates and scaling groups ---------------------------------------------------------------------


def one_per_template(versions: Sequence[LaunchTemplateVersion]) -> list[LaunchTemplateVersion]:
    """One version for each launch template, the default one where it is among them."""
    chosen: dict[tuple[str, str], LaunchTemplateVersion] = {}
    for version in sorted(versions, key=lambda v: (not v.default_version, -v.version_number)):
        chosen.setdefault((version.region, version.launch_template_id), version)
    return sorted(chosen.values(), key=lambda v: (by_name(v.ref), v.region))


def template_nodes(store: Store, under: str, account: str) -> Many:
    """All launch templates of an account, as far as versions of them were read."""

    def make(name: str) -> Node | None:
        region, _, template_id = name.partition(":")
        versions = one_per_template(store.inventory.versions_with(account, region, template_id))
        return template_node(store, under, versions[0]) if versions else None

    return Many(
        under,
        store.listings.templates(account).keys(under),
        make,
        opens=True,
        kept=lambda narrowing: narrowing.kept("launch-template", account),
        whole=lambda narrowing: narrowing.own("launch-template", account),
    )


def template_node(store: Store, under: str, version: LaunchTemplateVersion) -> Node:
    key = f"{under}/{template_name(version.region, version.launch_template_id)}"
    return Node(
        key,
        partial(rows.template_row, store, version),
        version.ref,
        partial(_inside_template, store, key, version),
    )


def _inside_template(store: Store, key: str, version: LaunchTemplateVersion) -> Sequence[Node]:
    inventory = store.inventory
    named = version.iam_instance_profile_name or version.iam_instance_profile_arn
    profile = inventory.instance_profile_named_by(version)
    nodes = [
        _mention(store, f"{key}/profile", "instance profile", profile.ref)
        if profile
        else field_node(f"{key}/profile", "instance profile", f"{named} (not found)" if named else "none")
    ]
    nodes += [scaling_group_node(store, key, group) for group in inventory.groups_using_template(version)]
    return nodes


def scaling_group_node(store: Store, under: str, group: AutoScalingGroup) -> Node:
    key = f"{under}/{group.region}/{group.auto_scaling_group_name}"
    return Node(key, partial(rows.scaling_group_row, store, group), group.ref)


# -- role ----------------------------------------------------------------------------------------------------


def role_nodes(store: Store, under: str, account: str, listing: Listing) -> Many:
    """The roles of a listing."""

    def make(role_id: str) -> Node | None:
        role = store.inventory.roles.get((account, role_id))
        return role_node(store, under, role) if role is not None else None

    return Many(
        under,
        listing.keys(under),
        make,
        opens=True,
        kept=lambda narrowing: narrowing.kept("role", account),
        whole=lambda narrowing: narrowing.own("role", account),
    )


def role_node(store: Store, under: str, role: Role) -> Node:
    key = f"{under}/{role.role_id}"
    return Node(key, partial(rows.role_row, store, role), role.ref, partial(_inside_role, store, key, role))


def _inside_role(store: Store, key: str, role: Role) -> Sequence[Node]:
    profiles = sorted(store.inventory.instance_profiles_of(role), key=lambda p: by_name(p.ref))
    nodes = [instance_profile_node(store, key, profile) for profile in profiles]
    if not profiles:
        nodes.append(field_node(f"{key}/none", "instance profile", "none"))
    if role.attached_policies is not None and role.inline_policies is not None:
        names = [p.policy_name for p in role.attached_policies] + [
            p.policy_name for p in role.inline_policies
        ]
        nodes.append(field_node(f"{key}/policies", "policies", ", ".join(names) or "none"))
    return nodes
