"""The cases of recipes that change how scaling groups launch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.inventory.model import ObjectRef
from tests.fixes.case import Case
from tests.fixes.estate import ACCOUNT, REGION, instance, profile

if TYPE_CHECKING:
    from instance_profiles.emulator.resources import ScalingGroup
    from instance_profiles.emulator.world import World


def group(world: World, name: str) -> ScalingGroup:
    return world.account.region(REGION).scaling_groups[name]


def configuration_ref(name: str) -> ObjectRef:
    return ObjectRef("launch-configuration", ACCOUNT, REGION, name, name)


def _take_out(world: World) -> None:
    """Somebody detaches the old instance from its group."""
    group(world, "pool").instance_ids.remove(instance(world, "drifted").id)
    world.changed()


def _launches_from(world: World, name: str) -> bool:
    template = next(
        t for t in world.account.region(REGION).launch_templates.values() if t.name == "old-workers"
    )
    given = group(world, name).launch_template or {}
    named = template.versions[template.default].data["IamInstanceProfile"]
    return given.get("LaunchTemplateName") == "old-workers" and named == {"Arn": profile(world, "web").arn}


def _another_configuration(world: World) -> None:
    group(world, "old-workers").launch_configuration = "newer-workers"
    world.changed()


SCALING_CASES = (
    Case(
        "refresh-scaling-group",
        "refresh-scaling-group",
        lambda b: b.finding(
            "instance-drift-from-launch-template", b.instance_ref("drifted"), "refresh-scaling-group"
        ),
        ("StartInstanceRefresh",),
        lambda w: bool(group(w, "pool").refreshes),
        _take_out,
        undoable=False,
        typed="pool",
    ),
    Case(
        "migrate-launch-configuration",
        "migrate-launch-configuration",
        lambda b: b.finding(
            "lc-profile-missing", configuration_ref("old-workers"), "migrate-launch-configuration"
        ),
        ("CreateLaunchTemplate", "UpdateAutoScalingGroup"),
        lambda w: (
            any(t.name == "old-workers" for t in w.account.region(REGION).launch_templates.values())
            and _launches_from(w, "old-workers")
        ),
        _another_configuration,
        {"instance_profile": "web"},
    ),
)
