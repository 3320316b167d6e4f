"""What launches with an instance profile: templates, configurations, scaling groups and fleets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.inventory.joins import Joins
from instance_profiles.inventory.model import LaunchTemplateVersion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instance_profiles.inventory.model import (
        AutoScalingGroup,
        Fleet,
        Instance,
        InstanceProfile,
        LaunchConfiguration,
        LaunchTemplateSpecification,
        ScalingActivity,
    )


class LaunchJoins(Joins):
    """Look-ups over what launches instances."""

    def template_versions_naming(self, profile: InstanceProfile) -> tuple[LaunchTemplateVersion, ...]:
        by_arn = self._versions_by_reference.get(profile.arn)
        by_name = self._versions_by_reference.get(f"{profile.account}/{profile.instance_profile_name}")
        return by_arn + by_name

    def launch_configurations_naming(self, profile: InstanceProfile) -> tuple[LaunchConfiguration, ...]:
        by_arn = self._configurations_by_reference.get(profile.arn)
        by_name = self._configurations_by_reference.get(f"{profile.account}/{profile.instance_profile_name}")
        return by_arn + by_name

    def versions_of_template(self, version: LaunchTemplateVersion) -> tuple[LaunchTemplateVersion, ...]:
        return self._versions_by_template.get((version.account, version.region, version.launch_template_id))

    def versions_with(self, account: str, region: str, template: str) -> tuple[LaunchTemplateVersion, ...]:
        """The versions of the launch template with this id or name."""
        return self._versions_by_template.get((account, region, template))

    def members_of(self, group: AutoScalingGroup) -> Iterator[Instance]:
        """The instances of a scaling group, as far as they are listed."""
        for member in group.instances:
            instance = self.instance(group.account, group.region, member.instance_id)
            if instance is not None:
                yield instance

    def launchers_naming(self, name: str) -> tuple[LaunchTemplateVersion | LaunchConfiguration | Fleet, ...]:
        """What names an instance profile of this name, whatever path, case or account it writes beside it."""
        key = name.casefold()
        return (
            *self._versions_by_name.get(key),
            *self._configurations_by_name.get(key),
            *self._fleets_by_name.get(key),
        )

    def fleets_with(self, account: str, region: str, template: str) -> tuple[Fleet, ...]:
        """The fleets that launch from some version of the launch template with this id or name."""
        return self._fleets_by_template.get((account, region, template))

    def groups_with(self, account: str, region: str, template: str) -> tuple[AutoScalingGroup, ...]:
        """The scaling groups that launch from some version of the launch template with this id or name."""
        return self._groups_by_template.get((account, region, template))

    def groups_using_template(self, version: LaunchTemplateVersion) -> tuple[AutoScalingGroup, ...]:
        """Scaling groups that launch from exactly this version."""
        candidates = {
            group.auto_scaling_group_name: group
            for key in (version.launch_template_id, version.launch_template_name)
            for group in self._groups_by_template.get((version.account, version.region, key))
        }
        return tuple(
            group
            for group in candidates.values()
            if any(
                self.resolve(group.account, group.region, specification) == version
                for specification in group.launch_templates
            )
        )

    def groups_using_configuration(self, configuration: LaunchConfiguration) -> tuple[AutoScalingGroup, ...]:
        key = (configuration.account, configuration.region, configuration.launch_configuration_name)
        return self._groups_by_configuration.get(key)

    def group_of(self, instance: Instance) -> AutoScalingGroup | None:
        found = self._group_by_instance.get(instance.instance_id)
        if not found:
            return None
        place = (instance.account, instance.region)
        return next((group for group in found if (group.account, group.region) == place), None)

    def resolve(
        self, account: str, region: str, specification: LaunchTemplateSpecification
    ) -> LaunchTemplateVersion | None:
        """The version a specification means, None if that version was not read."""
        key = specification.launch_template_id or specification.launch_template_name
        for version in self._versions_by_template.get((account, region, key)):
            wanted = specification.version or "$Default"
            if (
                (wanted == "$Default" and version.default_version)
                or (wanted == "$Latest" and version.latest_version)
                or wanted == str(version.version_number)
            ):
                return version
        return None

    def instance_profile_named_by(
        self, user: LaunchTemplateVersion | LaunchConfiguration
    ) -> InstanceProfile | None:
        """The instance profile a template or configuration means; names compare with case, as EC2 does."""
        if isinstance(user, LaunchTemplateVersion):
            arn, name = user.iam_instance_profile_arn, user.iam_instance_profile_name
        else:
            value = user.iam_instance_profile or ""
            arn, name = (value, None) if value.startswith("arn:") else (None, value)
        if arn:
            return self.instance_profile_by_arn(arn)
        if name:
            profile = self.instance_profile_by_name(user.account, name)
            return profile if profile and profile.instance_profile_name == name else None
        return None

    # -- scaling activities and fleets ----------------------------------------------------------------------

    def activities_of(self, group: AutoScalingGroup) -> tuple[ScalingActivity, ...]:
        """The last activities of a group, the newest first; read only while it lacks instances."""
        key = (group.account, group.region, group.auto_scaling_group_name)
        found = self._activities_by_group.get(key)
        return tuple(sorted(found, key=lambda one: (one.start_time, one.activity_id), reverse=True))

    def groups_with_activities(self) -> Iterator[AutoScalingGroup]:
        """The scaling groups whose last activities are known: those that lack instances."""
        for activities in self._activities_by_group.groups():
            one = activities[0]
            group = self.auto_scaling_groups.get((one.account, one.region, one.auto_scaling_group_name))
            if group is not None:
                yield group

    def fleets_using_template(self, version: LaunchTemplateVersion) -> tuple[Fleet, ...]:
        """Fleets that launch from exactly this version."""
        candidates = {
            fleet.fleet_id: fleet
            for key in (version.launch_template_id, version.launch_template_name)
            for fleet in self._fleets_by_template.get((version.account, version.region, key))
        }
        return tuple(
            fleet
            for fleet in candidates.values()
            if any(
                self.resolve(fleet.account, fleet.region, specification) == version
                for specification in fleet.launch_templates
            )
        )

    def fleets_naming(self, instance_profile: InstanceProfile) -> tuple[Fleet, ...]:
        """Spot fleets whose own launch specifications name this instance profile, by ARN or by name."""
        name = f"{instance_profile.account}/{instance_profile.instance_profile_name}"
        found = self._fleets_by_reference.get(instance_profile.arn) + self._fleets_by_reference.get(name)
        return tuple({(fleet.region, fleet.fleet_id): fleet for fleet in found}.values())
