"""What happens over time to instances and their associations; each step falls due at a moment."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from instance_profiles.emulator.identifiers import ec2_id
from instance_profiles.emulator.resources import Association, ProfileReference
from instance_profiles.emulator.trust import ec2_may_assume

if TYPE_CHECKING:
    from instance_profiles.emulator.resources import (
        Account,
        Instance,
        InstanceProfile,
        InstanceState,
        Region,
    )
    from instance_profiles.emulator.world import World


def attach(
    world: World, account: Account, region: Region, instance: Instance, profile: InstanceProfile
) -> Association:
    """Give the instance a new association, in `associating` whatever the instance's state."""
    association = _new_association(world, account, region, instance, profile)
    now = world.clock.now()
    world.at(now + world.timing.shown_attached, partial(_show_profile, region, instance))
    if instance.state == "running":
        settle_at(world, account, region, association, now + world.timing.associate)
    return association


def replace(
    world: World, account: Account, region: Region, old: Association, profile: InstanceProfile
) -> Association:
    """Give the instance a new association beside the old one, which is listed a moment longer."""
    instance, now = region.instances[old.instance_id], world.clock.now()
    new = _new_association(world, account, region, instance, profile)
    old.state = "disassociating"
    world.at(now + world.timing.replaced, lambda _due: _drop(region, old))
    world.at(now + world.timing.shown_replaced, partial(_show_profile, region, instance))
    settle_at(world, account, region, new, now + world.timing.associate)
    return new


def detach(world: World, region: Region, association: Association) -> str:
    """End an association and return the state that AWS replies; asked again, one that was stuck goes on."""
    instance, now = region.instances[association.instance_id], world.clock.now()
    if association.state == "disassociating" and not association.pinned:
        return "disassociating"
    association.pinned = False
    if instance.state == "stopped":
        _drop(region, association)
        _show_profile(region, instance, now)
        return "disassociated"
    association.state = "disassociating"
    world.at(now + world.timing.disassociate, lambda _due: _drop(region, association))
    world.at(now + world.timing.shown_detached, partial(_show_profile, region, instance))
    return "disassociating"


def settle_at(world: World, account: Account, region: Region, association: Association, due: float) -> None:
    """Let EC2 try to assume the role of an association at that moment, and again while it cannot."""
    world.at(due, partial(_try, world, account, region, association))


def launch(world: World, account: Account, region: Region, instance: Instance) -> None:
    """Take a new instance from pending to running."""
    due = world.clock.now() + world.timing.launch
    world.at(due, partial(_run, world, account, region, instance))


def start(world: World, account: Account, region: Region, instance: Instance) -> None:
    instance.launched = world.clock.now()
    instance.state_reason = ""
    _turn(world, instance, "pending")
    due = world.clock.now() + world.timing.start
    world.at(due, partial(_run, world, account, region, instance))


def stop(world: World, instance: Instance) -> None:
    _turn(world, instance, "stopping")
    instance.state_reason = "Client.UserInitiatedShutdown: User initiated shutdown"

    def stopped(_due: float) -> None:
        if instance.state == "stopping":
            _now_in(instance, "stopped")

    world.at(world.clock.now() + world.timing.stop, stopped)


def terminate(world: World, region: Region, instance: Instance) -> None:
    _turn(world, instance, "shutting-down")
    instance.state_reason = "Client.UserInitiatedShutdown: User initiated shutdown"
    now, timing = world.clock.now(), world.timing
    world.at(now + timing.profile_dropped, lambda _due: _bare(region, instance))
    world.at(now + timing.terminate, lambda _due: _now_in(instance, "terminated"))
    forgotten = now + timing.terminate + timing.forget_terminated
    world.at(forgotten, lambda _due: _forget(region, instance))


def change_metadata(world: World, instance: Instance, options: dict[str, object]) -> None:
    """Change metadata options: pending for a moment, then applied."""
    due = world.clock.now() + world.timing.metadata
    instance.metadata.pop("State", None)  # What a fleet says of it ends with the next change.
    instance.metadata.update(options)
    instance.metadata_pending_until = due
    world.at(due, lambda _due: None)  # The pages that say pending are out of date then.


def _new_association(
    world: World, account: Account, region: Region, instance: Instance, profile: InstanceProfile
) -> Association:
    number = world.next_number()
    association = Association(
        id=ec2_id("iip-assoc", account.id, instance.id, profile.id, number),
        instance_id=instance.id,
        profile=ProfileReference(profile.arn, profile.id),
        state="associating",
        number=number,
    )
    region.associations[association.id] = association
    return association


def _try(world: World, account: Account, region: Region, association: Association, due: float) -> bool:
    """EC2 tries to assume the role; returns whether it could.

    A role-less instance profile gives it nothing to fail at.
    """
    instance = region.instances.get(association.instance_id)
    alive = region.associations.get(association.id) is association and association.state == "associating"
    if not alive or association.pinned or instance is None or instance.state != "running":
        return False
    profile = account.profile_by_arn(association.profile.arn)
    same = profile is not None and profile.id == association.profile.id
    if same and _usable(profile, account):
        association.state = "associated"
        return True
    association.attempts += 1
    settle_at(world, account, region, association, due + world.timing.retry_gap(association.attempts))
    return False


def _usable(profile: InstanceProfile | None, account: Account) -> bool:
    role = profile.role if profile else None
    return role is None or ec2_may_assume(role, account.partition)


def _run(world: World, account: Account, region: Region, instance: Instance, due: float) -> None:
    if instance.state != "pending":
        return
    _now_in(instance, "running")
    for association in region.associations_of(instance.id):
        if association.state == "associating":
            _try(world, account, region, association, due)


def _turn(world: World, instance: Instance, state: InstanceState) -> None:
    """Change state at once, and what DescribeInstances shows a moment later."""
    instance.state = state

    def show(_due: float) -> None:
        instance.shown_state = instance.state

    world.at(world.clock.now() + world.timing.state_lag, show)


def _now_in(instance: Instance, state: InstanceState) -> None:
    instance.state = instance.shown_state = state


def _show_profile(region: Region, instance: Instance, _due: float) -> None:
    current = [a for a in region.associations_of(instance.id) if a.state != "disassociating"]
    instance.shown_profile = current[0].profile if current else None


def _drop(region: Region, association: Association) -> None:
    if not association.pinned:
        region.associations.pop(association.id, None)


def _bare(region: Region, instance: Instance) -> None:
    for association in region.associations_of(instance.id):
        del region.associations[association.id]
    instance.shown_profile = None


def _forget(region: Region, instance: Instance) -> None:
    region.instances.pop(instance.id, None)
    for group in region.scaling_groups.values():
        if instance.id in group.instance_ids:
            group.instance_ids.remove(instance.id)
