"""The versions of launch templates that count: latest, default, and those that groups and fleets pin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.aws.errors import AwsError, NotFound
from instance_profiles.inventory import from_aws, sources
from instance_profiles.inventory.conversion import converted
from instance_profiles.inventory.reading import tell_objects

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from instance_profiles.inventory.model import AutoScalingGroup, Fleet, LaunchTemplateVersion, Object
    from instance_profiles.inventory.reading import Scope

Pinned = dict[tuple[str, str], set[int]]
"""Version numbers by ("LaunchTemplateId", id) or ("LaunchTemplateName", name)."""


class LatestVersions:
    """Marks the latest version of each template: AWS marks the default one only.

    Where all latest and default versions are listed, the highest number of a template is its latest.
    """

    def __init__(self) -> None:
        self._latest: dict[str, LaunchTemplateVersion] = {}
        self._numbers: dict[str, set[int]] = {}

    def take(self, versions: Iterable[LaunchTemplateVersion]) -> tuple[LaunchTemplateVersion, ...]:
        """The versions with their mark, and again those that lost it to one of these."""
        told: dict[tuple[str, int], LaunchTemplateVersion] = {}
        for version in versions:
            template = version.launch_template_id
            for key in (template, version.launch_template_name):
                self._numbers.setdefault(key, set()).add(version.version_number)
            known = self._latest.get(template)
            is_latest = known is None or version.version_number >= known.version_number
            if is_latest:
                if known is not None and known.version_number != version.version_number:
                    told[(template, known.version_number)] = _marked(known, latest=False)
                self._latest[template] = version
            told[(template, version.version_number)] = _marked(version, latest=is_latest)
        return tuple(told.values())

    def has(self, template: str, number: int) -> bool:
        """Whether a version was taken; `template` is an id or a name."""
        return number in self._numbers.get(template, ())


def pinned_versions(launching: Iterable[AutoScalingGroup | Fleet], known: LatestVersions) -> Pinned:
    """The versions that groups and fleets pin by number and that were not read yet."""
    pinned: Pinned = {}
    for one in launching:
        for specification in one.launch_templates:
            template = specification.launch_template_id or specification.launch_template_name
            if template is None or not specification.version.isdecimal():
                continue
            number = int(specification.version)
            if not known.has(template, number):
                by = "LaunchTemplateId" if specification.launch_template_id else "LaunchTemplateName"
                pinned.setdefault((by, template), set()).add(number)
    return pinned


async def read_pinned(scope: Scope, pinned: Mapping[tuple[str, str], set[int]]) -> AwsError | None:
    """Read and tell pinned versions, one call per template; returns what stopped it, or None.

    A version that does not exist any more is no trouble: there is nothing to know of it.
    """
    for (by, template), numbers in sorted(pinned.items()):
        wanted: list[list[int]] = [sorted(numbers)]
        while wanted:
            some = wanted.pop()
            try:
                await _read_versions(scope, {by: template, "Versions": [str(number) for number in some]})
            except NotFound:
                # AWS refuses all when one is gone: then each by itself.
                wanted.extend([number] for number in some if len(some) > 1)
            except AwsError as error:
                return error
    return None


async def _read_versions(scope: Scope, parameters: dict[str, Any]) -> None:
    def convert(page: dict[str, Any]) -> tuple[Object, ...]:
        return tuple(
            from_aws.launch_template_version(scope.account, str(scope.region), one)
            for one in page["LaunchTemplateVersions"]
        )

    source = sources.LAUNCH_TEMPLATE_VERSIONS
    pages = scope.aws.pages("ec2", "DescribeLaunchTemplateVersions", parameters, region=scope.region)
    async for page in pages:
        tell_objects(scope, source, converted(source, convert, page))


def _marked(version: LaunchTemplateVersion, *, latest: bool) -> LaunchTemplateVersion:
    return msgspec.structs.replace(version, latest_version=latest)
