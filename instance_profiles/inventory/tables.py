"""The tables of an inventory and the indexes that joins look things up in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from instance_profiles.inventory.model import (
    Association,
    AutoScalingGroup,
    Fleet,
    Instance,
    InstanceProfile,
    LaunchConfiguration,
    LaunchTemplateSpecification,
    LaunchTemplateVersion,
    ManagedNode,
    ManagedPolicy,
    MetadataDefaults,
    ResourceTags,
    Role,
    ScalingActivity,
)
from instance_profiles.inventory.table import Aliases, Table
from instance_profiles.inventory.traits import traits_of

if TYPE_CHECKING:
    from collections.abc import Hashable


MOVING: Final = frozenset({"associating", "disassociating"})
"""The states of an association on its way."""


class Tables:
    """One table for each kind of object, with its indexes."""

    def __init__(self) -> None:
        self.instance_profiles: Table[InstanceProfile] = Table(lambda p: p.instance_profile_id, _account)
        self.roles: Table[Role] = Table(lambda r: r.role_id, _account)
        self.instances: Table[Instance] = Table(lambda i: i.instance_id, _region)
        self.associations: Table[Association] = Table(lambda a: a.association_id, _region)
        self.launch_template_versions: Table[LaunchTemplateVersion] = Table(
            lambda v: (v.launch_template_id, v.version_number), _region
        )
        self.auto_scaling_groups: Table[AutoScalingGroup] = Table(
            lambda g: g.auto_scaling_group_name, _region
        )
        self.launch_configurations: Table[LaunchConfiguration] = Table(
            lambda c: c.launch_configuration_name, _region
        )
        self.managed_policies: Table[ManagedPolicy] = Table(lambda p: p.arn, _account)
        self.resource_tags: Table[ResourceTags] = Table(lambda t: t.arn, _account)
        self.scaling_activities: Table[ScalingActivity] = Table(lambda a: a.activity_id, _region)
        self.fleets: Table[Fleet] = Table(lambda f: f.fleet_id, _region)
        self.metadata_defaults: Table[MetadataDefaults] = Table(lambda d: d.region, _account)
        self.managed_nodes: Table[ManagedNode] = Table(lambda n: n.instance_id, _region)
        self._tables: dict[type, Table[Any]] = {
            InstanceProfile: self.instance_profiles,
            Role: self.roles,
            Instance: self.instances,
            Association: self.associations,
            LaunchTemplateVersion: self.launch_template_versions,
            AutoScalingGroup: self.auto_scaling_groups,
            LaunchConfiguration: self.launch_configurations,
            ManagedPolicy: self.managed_policies,
            ResourceTags: self.resource_tags,
            ScalingActivity: self.scaling_activities,
            Fleet: self.fleets,
            MetadataDefaults: self.metadata_defaults,
            ManagedNode: self.managed_nodes,
        }
        self._index_iam()
        self._index_instances()
        self._index_launching()

    def _index_iam(self) -> None:
        self._profile_by_arn = self.instance_profiles.index(lambda p: (p.arn,))
        self._profile_by_name = self.instance_profiles.index(
            lambda p: ((p.account, p.instance_profile_name.casefold()),)
        )
        self._profiles_by_role_id = self.instance_profiles.index(
            lambda p: (p.role.role_id,) if p.role else ()
        )
        self._roles_by_policy = self.roles.index(
            lambda r: [
                *(policy.policy_arn for policy in r.attached_policies or ()),
                *([r.permissions_boundary_arn] if r.permissions_boundary_arn else ()),
            ]
        )
        self._role_by_name = self.roles.index(lambda r: ((r.account, r.role_name.casefold()),))
        self._role_by_arn = self.roles.index(lambda r: (r.arn,))

    def _index_instances(self) -> None:
        self._instances_by_profile_id = self.instances.index(
            lambda i: (i.iam_instance_profile.id,) if i.iam_instance_profile else ()
        )
        self._instances_by_trait = self.instances.index(_traits)
        # The id alone, as the object has it already; who asks looks at account and region as well.
        self._associations_by_instance = self.associations.index(lambda a: (a.instance_id,))
        self._associations_by_profile_id = self.associations.index(lambda a: (a.iam_instance_profile.id,))
        self._associations_by_state = self.associations.index(
            lambda a: (a.state,) if a.state in MOVING else ()
        )
        """Those on their way only: nearly all others are associated."""
        self._profile_ids: Aliases[Instance | Association] = Aliases(_arn_and_id)
        """The unique ids that instances and associations hold under an ARN."""
        self.instances.name(self._profile_ids)
        self.associations.name(self._profile_ids)

    def _index_launching(self) -> None:
        self._versions_by_template = self.launch_template_versions.index(
            lambda v: (
                (v.account, v.region, v.launch_template_id),
                (v.account, v.region, v.launch_template_name),
            )
        )
        self._versions_by_reference = self.launch_template_versions.index(
            lambda v: _profile_references(
                v.iam_instance_profile_arn,
                v.iam_instance_profile_name and f"{v.account}/{v.iam_instance_profile_name}",
            )
        )
        self._groups_by_template = self.auto_scaling_groups.index(
            lambda g: [(g.account, g.region, key) for spec in g.launch_templates for key in _names_of(spec)]
        )
        self._group_by_instance = self.auto_scaling_groups.index(
            lambda g: [member.instance_id for member in g.instances]
        )
        self._groups_by_configuration = self.auto_scaling_groups.index(
            lambda g: (
                ((g.account, g.region, g.launch_configuration_name),) if g.launch_configuration_name else ()
            )
        )
        self._configurations_by_reference = self.launch_configurations.index(
            lambda c: (
                ()
                if not c.iam_instance_profile
                else (c.iam_instance_profile,)
                if c.iam_instance_profile.startswith("arn:")
                else (f"{c.account}/{c.iam_instance_profile}",)
            )
        )
        self._fleets_by_template = self.fleets.index(
            lambda f: [(f.account, f.region, key) for spec in f.launch_templates for key in _names_of(spec)]
        )
        self._fleets_by_reference = self.fleets.index(
            lambda f: [
                written if written.startswith("arn:") else f"{f.account}/{written}"
                for written in f.iam_instance_profiles
            ]
        )
        # The bare name, for what is meant although it is written with another path or in other case.
        self._versions_by_name = self.launch_template_versions.index(
            lambda v: _bare(v.iam_instance_profile_arn, v.iam_instance_profile_name)
        )
        self._configurations_by_name = self.launch_configurations.index(
            lambda c: _bare(c.iam_instance_profile)
        )
        self._fleets_by_name = self.fleets.index(lambda f: _bare(*f.iam_instance_profiles))
        self._activities_by_group = self.scaling_activities.index(
            lambda a: ((a.account, a.region, a.auto_scaling_group_name),)
        )


class _InAccount(Protocol):
    @property
    def account(self) -> str: ...


class _InRegion(_InAccount, Protocol):
    @property
    def region(self) -> str: ...


def _account(item: _InAccount) -> tuple[str]:
    return (item.account,)


def _region(item: _InRegion) -> tuple[str, str]:
    return (item.account, item.region)


def _arn_and_id(user: Instance | Association) -> tuple[str, str] | None:
    ref = user.iam_instance_profile
    return (ref.arn, ref.id) if ref is not None else None


def _traits(instance: Instance) -> list[Hashable]:
    return [(trait, instance.account, instance.region) for trait in traits_of(instance)]


def _profile_references(arn: str | None, name: str | None) -> list[Hashable]:
    return [key for key in (arn, name) if key]


def _bare(*written: str | None) -> set[str]:
    return {text.rpartition("/")[2].casefold() for text in written if text}


def _names_of(specification: LaunchTemplateSpecification) -> list[str]:
    return [key for key in (specification.launch_template_id, specification.launch_template_name) if key]
