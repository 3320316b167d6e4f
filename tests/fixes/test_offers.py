"""Which ways are offered for a fault, which are blocked and why, and what is chosen by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import pytest

from instance_profiles.fixes.build import build_plan
from instance_profiles.fixes.catalogue import RECIPES
from instance_profiles.fixes.offers import candidates, offers
from instance_profiles.fixes.plan import CannotPlan
from tests.fixes.cases import CASES
from tests.fixes.estate import ACCOUNT, instance, profile

if TYPE_CHECKING:
    from tests.fixes.bench import Bench


WITHOUT_AWS = {"edit-named-profile"}
"""Recipes that have tests of their own, because they change files of this machine."""


def test_every_recipe_has_its_cases() -> None:
    assert set(RECIPES) == {case.recipe for case in CASES} | WITHOUT_AWS


async def test_the_role_of_the_same_name_is_the_first_choice(bench: Bench) -> None:
    finding = bench.finding("profile-without-role", bench.profile_ref("crawler"), "add-role")
    found = candidates("add-role", "role", finding, bench.inventory)
    assert [candidate.label for candidate in found][:3] == ["crawler", "web", "db"]
    assert "same name" in found[0].hint
    assert bench.plan("add-role", finding).guessed == ()


async def test_service_linked_and_untrusting_roles_are_not_chosen(bench: Bench) -> None:
    finding = bench.finding("profile-without-role", bench.profile_ref("crawler"), "add-role")
    labels = [candidate.label for candidate in candidates("add-role", "role", finding, bench.inventory)]
    assert "mailer" not in labels
    role = next(iter(bench.inventory.roles))
    linked = msgspec.structs.replace(
        role,
        role_id="AROALINKED",
        role_name="AWSServiceRoleForX",
        arn=f"{role.arn}-linked",
        path="/aws-service-role/x.amazonaws.com/",
    )
    bench.inventory.put(linked)
    assert "AWSServiceRoleForX" not in [
        candidate.label for candidate in candidates("add-role", "role", finding, bench.inventory)
    ]
    with pytest.raises(CannotPlan, match="only AWS may change"):
        bench.plan("add-role", finding, role="AWSServiceRoleForX")


async def test_a_choice_that_nothing_suggests_is_said_to_be_a_guess(bench: Bench) -> None:
    finding = bench.finding("instance-no-profile", bench.instance_ref("bare"), "attach")
    plan = bench.plan("attach", finding)
    assert plan.guessed == ("instance-profile",)
    assert "guess" in plan.warnings[0]
    told = bench.plan("attach", finding, instance_profile="web")
    assert (told.guessed, told.warnings) == ((), ())


async def test_a_stopped_instance_cannot_be_replaced_but_reattached(bench: Bench) -> None:
    finding = bench.finding("instance-profile-empty", bench.instance_ref("parked"), "replace-association")
    found = {offer.recipe: offer for offer in offers(finding, bench.inventory)}
    assert "running instances only" in (found["replace-association"].blocked or "")
    assert found["reattach"].blocked is None


async def test_where_no_instance_uses_it_none_can_be_moved(bench: Bench) -> None:
    for ref in (bench.role_ref("worker"), bench.profile_ref("unused")):
        for recipe in ("replace-association", "reattach"):
            with pytest.raises(CannotPlan, match="there is none to move"):
                bench.plan(recipe, bench.finding("role-no-permissions", ref))


async def test_replacing_by_the_same_instance_profile_is_no_fix(bench: Bench) -> None:
    finding = bench.finding("instance-role-untrusted", bench.instance_ref("web-1"), "replace-association")
    with pytest.raises(CannotPlan, match="has web already"):
        bench.plan("replace-association", finding, instance_profile="web")


async def test_an_instance_profile_in_use_is_not_offered_for_deletion(bench: Bench) -> None:
    finding = bench.finding("profile-without-role", bench.profile_ref("crawler"), "delete-instance-profile")
    (offer,) = offers(finding, bench.inventory)
    assert "in use by crawl in eu-west-1" in (offer.blocked or "")


async def test_a_full_instance_profile_takes_no_second_role(bench: Bench) -> None:
    finding = bench.finding("profile-without-role", bench.profile_ref("web"), "add-role")
    with pytest.raises(CannotPlan, match="swap the role"):
        bench.plan("add-role", finding)


async def test_a_taken_name_is_offered_three_ways(bench: Bench) -> None:
    """Adopt it, take another name, or delete and create again."""
    finding = bench.finding("lt-profile-missing", bench.template_ref("untidy"), "create-instance-profile")
    found = {offer.recipe: offer for offer in offers(finding, bench.inventory)}
    assert list(found) == [
        "create-instance-profile",
        "adopt-instance-profile",
        "recreate-instance-profile",
    ]
    assert all(offer.blocked is None for offer in found.values())
    assert "taken-2" in found["create-instance-profile"].hint
    with pytest.raises(CannotPlan) as refused:
        bench.plan("create-instance-profile", finding, role="db")
    assert refused.value.missing == "name"
    other = bench.plan("create-instance-profile", finding, role="db", name="taken-2")
    assert [call.operation for call in other.calls][:2] == [
        "CreateInstanceProfile",
        "AddRoleToInstanceProfile",
    ]


async def test_recreating_is_offered_only_where_nothing_uses_it(bench: Bench) -> None:
    used = instance(bench.world, "bare")
    taken = profile(bench.world, "taken")
    model = next(iter(bench.world.account.region("us-east-1").associations.values()))
    bench.world.account.region("eu-west-1").associations["iip-assoc-0a"] = type(model)(
        "iip-assoc-0a", used.id, type(model.profile)(taken.arn, taken.id), "associated", 10**6
    )
    bench.world.changed()
    await bench.load()
    finding = bench.finding("lt-profile-missing", bench.template_ref("untidy"), "create-instance-profile")
    assert "recreate-instance-profile" not in [offer.recipe for offer in offers(finding, bench.inventory)]


async def test_adopting_what_has_the_right_role_needs_no_call_of_its_own(bench: Bench) -> None:
    finding = bench.finding("lt-profile-missing", bench.template_ref("untidy"), "adopt-instance-profile")
    plan = bench.plan("adopt-instance-profile", finding)
    assert {call.service for call in plan.calls} == {"ec2"}
    swapped = bench.plan("adopt-instance-profile", finding, role="web")
    assert [call.operation for call in swapped.calls][:2] == [
        "RemoveRoleFromInstanceProfile",
        "AddRoleToInstanceProfile",
    ]


async def test_an_unknown_finding_has_no_fixes(bench: Bench) -> None:
    finding = msgspec.structs.replace(
        bench.finding("profile-without-role", bench.profile_ref("crawler"), "add-role"), verdict="unknown"
    )
    assert offers(finding, bench.inventory) == ()


async def test_answers_that_nobody_asked_for_are_refused(bench: Bench) -> None:
    finding = bench.finding("profile-without-role", bench.profile_ref("crawler"), "add-role")
    with pytest.raises(CannotPlan, match="does not need version"):
        bench.plan("add-role", finding, version="3")
    with pytest.raises(CannotPlan, match="no role nobody"):
        bench.plan("add-role", finding, role="nobody")
    with pytest.raises(CannotPlan, match="no recipe"):
        build_plan("pray", finding, bench.inventory, {})


async def test_a_group_that_follows_a_good_latest_version_is_not_moved_back(bench: Bench) -> None:
    template = next(
        t for t in bench.world.account.region("eu-west-1").launch_templates.values() if t.name == "nightly"
    )
    good = profile(bench.world, "web")
    template.default = 1
    template.versions[3].data = {**template.versions[3].data, "IamInstanceProfile": {"Arn": good.arn}}
    bench.world.account.region("eu-west-1").scaling_groups["nightly"].launch_template["Version"] = "$Latest"
    bench.world.changed()
    await bench.load()
    finding = bench.finding("lt-profile-missing", bench.template_ref("nightly"), "repair-launch-template")
    with pytest.raises(CannotPlan, match=r"follows \$Latest"):
        bench.plan("repair-launch-template", finding, instance_profile="web")


async def test_an_object_that_vanished_is_told(bench: Bench) -> None:
    finding = bench.finding("profile-without-role", bench.profile_ref("crawler"), "add-role")
    found = bench.inventory.instance_profile_by_name("111122223333", "crawler")
    assert found is not None
    bench.inventory.remove(found)
    with pytest.raises(CannotPlan, match="not there any more"):
        bench.plan("add-role", finding)


async def test_repair_trust_shows_the_difference_and_warns_of_a_quarantine(bench: Bench) -> None:
    added = bench.plan("repair-trust", bench.finding("role-trust-missing-ec2", bench.role_ref("mailer")))
    (diff,) = added.diffs
    kept, new = (json.loads(text)["Statement"] for text in (diff.before, diff.after))
    assert new[: len(kept)] == kept
    assert [statement["Principal"] for statement in new[len(kept) :]] == [{"Service": "ec2.amazonaws.com"}]
    narrowed = bench.plan("repair-trust", bench.finding("role-trust-explicit-deny", bench.role_ref("held")))
    assert "quarantine" in narrowed.warnings[0]
    with pytest.raises(CannotPlan, match="needs no repair"):
        bench.plan("repair-trust", bench.finding("role-trust-missing-ec2", bench.role_ref("web")))


async def test_an_instance_that_an_aws_service_manages_is_warned_about(bench: Bench) -> None:
    instance(bench.world, "bare").operator = "eks.amazonaws.com"
    bench.world.changed()
    await bench.load()
    finding = bench.finding("instance-no-profile", bench.instance_ref("bare"), "attach")
    plan = bench.plan("attach", finding, instance_profile="web")
    assert "eks.amazonaws.com manages" in plan.warnings[0]


async def test_for_an_association_the_name_of_its_instance_is_typed(bench: Bench) -> None:
    web = bench.inventory.instance(ACCOUNT, "eu-west-1", instance(bench.world, "crawl").id)
    assert web is not None
    (association,) = bench.inventory.associations_of(web)
    finding = bench.finding("association-stuck-associating", association.ref, "reattach")
    assert bench.plan("reattach", finding, instance_profile="web").typed_name == "crawl"
