"""Every recipe that goes to AWS on the small company: fault, calls, cure, and what may come between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.emulator.resources import ProfileReference
from tests.fixes.case import Case
from tests.fixes.estate import REGION, instance, profile
from tests.fixes.grant_cases import GRANT_CASES
from tests.fixes.quota_cases import QUOTA_CASES
from tests.fixes.role_cases import ROLE_CASES
from tests.fixes.scaling_cases import SCALING_CASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from instance_profiles.emulator.world import World


def attached(world: World, name: str) -> list[tuple[str, str, str]]:
    """Name, id and state of what is associated with an instance."""
    world.settle()
    found = instance(world, name)
    region = next(r for r in world.account.regions.values() if found.id in r.instances)
    return [
        (a.profile.arn.rpartition("/")[2], a.profile.id, a.state) for a in region.associations_of(found.id)
    ]


def holds(world: World, name: str, wanted: str, *states: str) -> bool:
    """Whether exactly this instance profile, by its present id, is attached."""
    there = world.account.instance_profiles.get(wanted.casefold())
    return [(n, i) for n, i, _ in attached(world, name)] == [(wanted, there.id if there else "")] and all(
        state in (states or ("associated",)) for _, _, state in attached(world, name)
    )


def give_role(name: str, role: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        profile(world, name).role = world.account.roles[role]
        world.changed()

    return change


def stop_instance(name: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        found = instance(world, name)
        found.state = found.shown_state = "stopping"
        world.changed()

    return change


def attach_another(name: str) -> Callable[[World], None]:
    """Somebody replaces the instance profile: the association has another id."""

    def change(world: World) -> None:
        found = instance(world, name)
        region = next(r for r in world.account.regions.values() if found.id in r.instances)
        db = profile(world, "db")
        for association in region.associations_of(found.id):
            association.profile = ProfileReference(db.arn, db.id)
        world.changed()

    return change


def new_template_version(name: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        templates = world.account.region(REGION).launch_templates.values()
        template = next(found for found in templates if found.name == name)
        latest = template.versions[template.latest]
        template.versions[latest.number + 1] = type(latest)(latest.number + 1, latest.created, latest.data)
        world.changed()

    return change


def other_trust(name: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        world.account.roles[name].trust = '{"Version":"2012-10-17","Statement":[]}'
        world.changed()

    return change


def metadata(name: str, key: str, value: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        instance(world, name).metadata[key] = value
        world.changed()

    return change


def trusts_ec2(world: World, role: str) -> bool:
    trust = world.account.roles[role].trust
    return "ec2.amazonaws.com" in trust and '"Deny"' not in trust


def template_names(world: World, name: str, wanted: str) -> bool:
    """The default and the latest version name the instance profile."""
    found = next(t for t in world.account.region(REGION).launch_templates.values() if t.name == name)
    versions = (found.versions[found.default], found.versions[found.latest])
    return all(v.data.get("IamInstanceProfile") == {"Arn": profile(world, wanted).arn} for v in versions)


def _nightly_healed(world: World) -> bool:
    group = world.account.region(REGION).scaling_groups["nightly"]
    return template_names(world, "nightly", "web") and (group.launch_template or {}).get("Version") == "4"


REATTACH = ("DisassociateIamInstanceProfile", "AssociateIamInstanceProfile")
CREATE = ("CreateInstanceProfile", "AddRoleToInstanceProfile")
SWAP = ("RemoveRoleFromInstanceProfile", "AddRoleToInstanceProfile")

CASES = (
    Case(
        "add-role",
        "add-role",
        lambda b: b.finding("profile-without-role", b.profile_ref("crawler"), "add-role"),
        ("AddRoleToInstanceProfile",),
        lambda w: profile(w, "crawler").role is w.account.roles["crawler"],
        give_role("crawler", "db"),
        typed="crawler",
    ),
    Case(
        "swap-role",
        "swap-role",
        lambda b: b.finding("role-trust-missing-ec2", b.role_ref("mailer"), "swap-role"),
        SWAP,
        lambda w: profile(w, "mailer").role is w.account.roles["web"],
        give_role("mailer", "db"),
        {"role": "web"},
        typed="mailer",
    ),
    Case(
        "replace-association",
        "replace-association",
        lambda b: b.finding("instance-profile-empty", b.instance_ref("crawl"), "replace-association"),
        ("ReplaceIamInstanceProfileAssociation",),
        lambda w: holds(w, "crawl", "web"),
        attach_another("crawl"),
        {"instance_profile": "web"},
        typed="crawl",
    ),
    Case(
        "reattach-running",
        "reattach",
        lambda b: b.finding("instance-profile-empty", b.instance_ref("crawl"), "reattach"),
        REATTACH,
        lambda w: holds(w, "crawl", "web"),
        stop_instance("crawl"),
        {"instance_profile": "web"},
        typed="crawl",
    ),
    Case(
        "reattach-stopped",
        "reattach",
        lambda b: b.finding("instance-profile-empty", b.instance_ref("parked"), "reattach"),
        REATTACH,
        lambda w: holds(w, "parked", "db", "associating", "associated"),
        attach_another("parked"),
        {"instance_profile": "db"},
    ),
    Case(
        "attach",
        "attach",
        lambda b: b.finding("instance-no-profile", b.instance_ref("bare"), "attach"),
        ("AssociateIamInstanceProfile",),
        lambda w: holds(w, "bare", "web"),
        stop_instance("bare"),
        {"instance_profile": "web"},
        typed="bare",
    ),
    Case(
        "attach-stopped",
        "attach",
        lambda b: b.finding("instance-no-profile", b.instance_ref("bare-parked"), "attach"),
        ("AssociateIamInstanceProfile",),
        lambda w: holds(w, "bare-parked", "web", "associating", "associated"),
        give_role("web", "db"),
        {"instance_profile": "web"},
    ),
    Case(
        "detach",
        "detach",
        lambda b: b.finding("association-stuck-disassociating", b.instance_ref("web-1"), "detach"),
        ("DisassociateIamInstanceProfile",),
        lambda w: not attached(w, "web-1"),
        lambda w: _replaced_id(w, "web-1"),
        typed="web-1",
    ),
    Case(
        "detach-one-of-two",
        "detach",
        lambda b: b.finding("association-multiple-active", b.instance_ref("two"), "detach"),
        ("DisassociateIamInstanceProfile",),
        lambda w: len(attached(w, "two")) == 1,
        lambda w: _replaced_id(w, "two"),
        undoable=False,
        typed="two",
    ),
    Case(
        "delete-instance-profile",
        "delete-instance-profile",
        lambda b: b.finding("profile-orphaned", b.profile_ref("unused"), "delete-instance-profile"),
        ("RemoveRoleFromInstanceProfile", "DeleteInstanceProfile"),
        lambda w: "unused" not in w.account.instance_profiles,
        give_role("unused", "web"),
        typed="unused",
    ),
    Case(
        "create-for-orphans",
        "create-instance-profile",
        lambda b: b.finding(
            "instance-profile-deleted", b.instance_ref("orphan-1"), "create-instance-profile"
        ),
        CREATE + REATTACH * 2,
        lambda w: holds(w, "orphan-1", "reporting") and holds(w, "orphan-2", "reporting"),
        lambda w: _make_profile(w, "reporting"),
        undoable=False,
        typed="orphan-1",
    ),
    Case(
        "create-named-as-role",
        "create-instance-profile",
        lambda b: b.finding(
            "profile-name-role-mismatch", b.profile_ref("wrongly-named"), "create-instance-profile"
        ),
        (*CREATE, "ReplaceIamInstanceProfileAssociation"),
        lambda w: holds(w, "odd", "misnamed"),
        lambda w: _make_profile(w, "misnamed"),
        typed="wrongly-named",
    ),
    Case(
        "adopt-for-template",
        "adopt-instance-profile",
        lambda b: b.finding("lt-profile-missing", b.template_ref("untidy"), "create-instance-profile"),
        ("CreateLaunchTemplateVersion", "ModifyLaunchTemplate"),
        lambda w: template_names(w, "untidy", "Taken"),
        new_template_version("untidy"),
    ),
    Case(
        "recreate-for-template",
        "recreate-instance-profile",
        lambda b: b.finding("lt-profile-missing", b.template_ref("untidy"), "create-instance-profile"),
        ("RemoveRoleFromInstanceProfile", "DeleteInstanceProfile", *CREATE),
        lambda w: (profile(w, "taken").name, profile(w, "taken").path) == ("taken", "/"),
        give_role("taken", "web"),
        {"role": "db"},
        typed="untidy",
    ),
    Case(
        "repair-trust",
        "repair-trust",
        lambda b: b.finding("role-trust-missing-ec2", b.role_ref("mailer"), "repair-trust"),
        ("UpdateAssumeRolePolicy",),
        lambda w: trusts_ec2(w, "mailer") and "rds.amazonaws.com" in w.account.roles["mailer"].trust,
        other_trust("mailer"),
        typed="mailer",
    ),
    Case(
        "repair-trust-of-a-deny",
        "repair-trust",
        lambda b: b.finding("role-trust-explicit-deny", b.role_ref("held"), "repair-trust"),
        ("UpdateAssumeRolePolicy",),
        lambda w: trusts_ec2(w, "held") and '"Keep"' in w.account.roles["held"].trust,
        other_trust("held"),
        typed="held",
    ),
    Case(
        "enable-imds",
        "enable-imds",
        lambda b: b.finding("instance-imds-disabled", b.instance_ref("dark"), "enable-imds"),
        ("ModifyInstanceMetadataOptions",),
        lambda w: instance(w, "dark").metadata["HttpEndpoint"] == "enabled",
        metadata("dark", "HttpTokens", "optional"),
        typed="dark",
    ),
    Case(
        "start-and-replace",
        "start-and-replace",
        lambda b: b.finding("association-replace-on-stopped", b.instance_ref("parked"), "start-and-replace"),
        ("StartInstances", "ReplaceIamInstanceProfileAssociation"),
        lambda w: instance(w, "parked").state == "running" and holds(w, "parked", "db"),
        attach_another("parked"),
        {"instance_profile": "db"},
        typed="parked",
    ),
    Case(
        "fix-hop-limit",
        "fix-hop-limit",
        lambda b: b.finding("instance-imds-hop-limit", b.instance_ref("boxed"), "fix-hop-limit"),
        ("ModifyInstanceMetadataOptions",),
        lambda w: int(instance(w, "boxed").metadata["HttpPutResponseHopLimit"]) == 2,
        metadata("boxed", "HttpTokens", "optional"),
        typed="boxed",
    ),
    Case(
        "repair-launch-template",
        "repair-launch-template",
        lambda b: b.finding("lt-profile-missing", b.template_ref("nightly"), "repair-launch-template"),
        ("CreateLaunchTemplateVersion", "ModifyLaunchTemplate", "UpdateAutoScalingGroup"),
        _nightly_healed,
        new_template_version("nightly"),
        {"instance_profile": "web"},
        undoable=False,
    ),
    Case(
        "repair-launch-template-alone",
        "repair-launch-template",
        lambda b: b.finding("lt-profile-empty", b.template_ref("crawler-lt"), "repair-launch-template"),
        ("CreateLaunchTemplateVersion", "ModifyLaunchTemplate"),
        lambda w: template_names(w, "crawler-lt", "web"),
        new_template_version("crawler-lt"),
        {"instance_profile": "web"},
    ),
    Case(
        "rebind-stale-instances",
        "rebind-stale-instances",
        lambda b: b.finding("instance-profile-stale-id", b.instance_ref("stale-1"), "rebind-stale-instances"),
        REATTACH * 2,
        lambda w: holds(w, "stale-1", "db") and holds(w, "stale-2", "db"),
        stop_instance("stale-1"),
        undoable=False,
        typed="stale-1",
    ),
    *ROLE_CASES,
    *SCALING_CASES,
    *QUOTA_CASES,
    *GRANT_CASES,
)


def _replaced_id(world: World, name: str) -> None:
    """Every association of the instance gets another id, as Replace gives one."""
    region = world.account.region(REGION)
    for association in region.associations_of(instance(world, name).id):
        del region.associations[association.id]
        association.id = association.id[:-1] + ("0" if association.id[-1] != "0" else "1")
        region.associations[association.id] = association
    world.changed()


def _make_profile(world: World, name: str) -> None:
    model = profile(world, "db")
    world.account.instance_profiles[name.casefold()] = type(model)(
        name, "/", "AIPAZZZZZZZZZZZZZZZZZ", model.arn.replace("/db", f"/{name}"), model.created
    )
    world.changed()
