"""The inventory: taking in loads, forgetting what is gone, joining by id and ARN."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from instance_profiles.inventory import sources
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.model import (
    AccountSummary,
    Batch,
    Caller,
    Coverage,
    EnabledRegions,
    LocalConfig,
    NamedProfile,
)
from tests.inventory.things import (
    ACCOUNT,
    REGION,
    THEN,
    association,
    group,
    instance,
    instance_profile,
    launch_configuration,
    member,
    points_to,
    profile_arn,
    role,
    template_version,
    uses_template,
)


def batch(source, state, *objects, region=None):
    return Batch(Coverage(ACCOUNT, region, source, state), objects)


def load(inventory, source, *objects, region=None, end="complete"):
    """Take in a whole listing; the changes that were told of, each as what was there and what is."""
    changes = []
    inventory.watch(lambda old, new: changes.append((old, new)))
    inventory.apply(batch(source, "loading", region=region))
    inventory.apply(batch(source, "loading", *objects, region=region))
    inventory.apply(batch(source, end, region=region))
    return changes


# -- taking in ---------------------------------------------------------------------------------------------


def test_a_load_tells_what_is_new_changed_and_gone():
    inventory = Inventory()
    web, db = instance_profile("web", 1), instance_profile("db", 2)
    assert load(inventory, sources.INSTANCE_PROFILES, web, db) == [(None, web), (None, db)]
    filled = msgspec.structs.replace(web, path="/app/")
    assert load(inventory, sources.INSTANCE_PROFILES, filled) == [(web, filled), (db, None)]
    assert list(inventory.instance_profiles) == [filled]
    assert load(inventory, sources.INSTANCE_PROFILES, filled) == []


def test_a_load_that_breaks_off_forgets_nothing():
    inventory = Inventory()
    web, db = instance_profile("web", 1), instance_profile("db", 2)
    load(inventory, sources.INSTANCE_PROFILES, web, db)
    load(inventory, sources.INSTANCE_PROFILES, web, end="failed")
    assert set(inventory.instance_profiles) == {web, db}
    load(inventory, sources.INSTANCE_PROFILES, web)
    assert set(inventory.instance_profiles) == {web}


def test_what_came_before_a_load_broke_off_is_forgotten_by_the_next_whole_one():
    inventory = Inventory()
    load(inventory, sources.INSTANCE_PROFILES, instance_profile("web", 1), end="denied")
    load(inventory, sources.INSTANCE_PROFILES)
    assert len(inventory.instance_profiles) == 0


def test_one_region_does_not_forget_for_another():
    inventory = Inventory()
    here, there = instance(1), instance(2, region="us-east-1")
    load(inventory, sources.INSTANCES, here, region=REGION)
    load(inventory, sources.INSTANCES, there, region="us-east-1")
    load(inventory, sources.INSTANCES, region=REGION)
    assert list(inventory.instances) == [there]


def test_an_object_read_by_itself_is_forgotten_by_the_next_load_that_lacks_it():
    inventory = Inventory()
    load(inventory, sources.INSTANCE_PROFILES)
    made = instance_profile("made", 7)
    assert inventory.put(made)
    assert not inventory.put(made)
    load(inventory, sources.INSTANCE_PROFILES)
    assert len(inventory.instance_profiles) == 0


def test_an_object_found_gone_is_removed_once():
    inventory = Inventory()
    web = instance_profile("web", 1)
    inventory.put(web)
    assert inventory.remove(web)
    assert not inventory.remove(web)
    assert inventory.instance_profile_by_name(ACCOUNT, "web") is None


def test_the_revision_grows_with_every_change():
    inventory = Inventory()
    seen = [inventory.revision]
    inventory.put(role())
    seen.append(inventory.revision)
    inventory.take(EnabledRegions(ACCOUNT, (REGION,), (REGION,)))
    seen.append(inventory.revision)
    inventory.remove(role())
    seen.append(inventory.revision)
    assert seen == sorted(set(seen))


def test_an_association_keeps_when_it_was_first_seen_in_its_state():
    now = [THEN]
    inventory = Inventory(lambda: now[0])
    web = instance_profile("web", 1)
    pending = association(instance(1), points_to(web), state="associating")
    load(inventory, sources.ASSOCIATIONS, pending, region=REGION)
    now[0] += timedelta(seconds=30)
    assert load(inventory, sources.ASSOCIATIONS, pending, region=REGION) == []
    key = (ACCOUNT, REGION, pending.association_id)
    assert inventory.associations.get(key).first_seen == THEN
    load(inventory, sources.ASSOCIATIONS, msgspec.structs.replace(pending, state="associated"), region=REGION)
    assert inventory.associations.get(key).first_seen == THEN + timedelta(seconds=30)


def test_named_profiles_are_taken_all_at_once():
    inventory = Inventory()
    coverage = Coverage("", None, sources.LOCAL_CONFIG, "complete")
    ops, dev = NamedProfile("ops", role_arn="r1"), NamedProfile("dev")
    assert inventory.take_local_config(LocalConfig((ops, dev), coverage)) == {ops.ref, dev.ref}
    changed = NamedProfile("ops", role_arn="r2")
    assert inventory.take_local_config(LocalConfig((changed,), coverage)) == {changed.ref, dev.ref}
    assert list(inventory.named_profiles) == ["ops"]
    assert inventory.is_complete("", None, sources.LOCAL_CONFIG)


def test_caller_and_summary_are_kept_by_account():
    inventory = Inventory()
    caller = Caller(ACCOUNT, "arn:aws:iam::111122223333:user/kim", "AIDA", "aws")
    inventory.take(caller)
    summary = AccountSummary(ACCOUNT, 3, 1000, 4, 1000, 2048)
    assert load(inventory, sources.ACCOUNT_SUMMARY, summary) == [(None, summary)]
    assert inventory.account_summaries[ACCOUNT] is summary
    assert list(inventory.accounts()) == [ACCOUNT]


def test_regions_left_out_are_known_only_where_the_enabled_ones_are():
    inventory = Inventory()
    assert inventory.regions_not_asked(ACCOUNT) is None
    inventory.take(EnabledRegions(ACCOUNT, ("eu-west-1", "us-east-1"), ("eu-west-1",)))
    assert inventory.regions_not_asked(ACCOUNT) == ("us-east-1",)
    inventory.take(EnabledRegions(ACCOUNT, None, ("eu-west-1",)))
    assert inventory.regions_not_asked(ACCOUNT) is None


# -- joins -------------------------------------------------------------------------------------------------


def test_instances_belong_to_the_profile_with_their_unique_id():
    inventory = Inventory()
    web = instance_profile("web", 2)
    now, stale = instance(1, points_to(web)), instance(2, points_to(web, number=1))
    for item in (web, now, stale):
        inventory.put(item)
    assert inventory.instances_of(web) == (now,)
    assert inventory.instances_with_stale_id(web) == (stale,)
    assert {one.instance_id for one in inventory.instances_naming(web)} == {
        now.instance_id,
        stale.instance_id,
    }
    assert inventory.instance_profile_of(now) == web
    assert inventory.instance_profile_of(stale) is None
    assert inventory.instance_profile_by_arn(stale.iam_instance_profile.arn) == web


def test_names_are_found_without_regard_to_case():
    inventory = Inventory()
    inventory.put(instance_profile("WebServer", 1))
    inventory.put(role("WebServer", 1))
    assert inventory.instance_profile_by_name(ACCOUNT, "webserver") is not None
    assert inventory.role_by_name(ACCOUNT, "WEBSERVER") is not None
    assert inventory.instance_profile_by_name("999988887777", "webserver") is None


def test_roles_and_profiles_find_each_other_by_role_id():
    inventory = Inventory()
    web = role("web", 1)
    recreated = role("web", 2)
    profile = instance_profile("web", 1, inside=web)
    for item in (recreated, profile):
        inventory.put(item)
    assert inventory.role_in(profile) is None
    inventory.put(web)
    assert inventory.role_in(profile) == web
    assert inventory.instance_profiles_of(web) == (profile,)
    assert inventory.instance_profiles_of(recreated) == ()


def test_associations_are_found_by_instance_and_by_profile():
    inventory = Inventory(lambda: THEN)
    web = instance_profile("web", 1)
    server = instance(1, points_to(web))
    link = association(server, points_to(web), first_seen=THEN)
    stale = association(instance(2), points_to(web, number=9), number=2, first_seen=THEN)
    for item in (web, server, link, stale):
        inventory.put(item)
    assert inventory.associations_of(server) == (link,)
    assert set(inventory.associations_naming(web)) == {link, stale}


def test_a_specification_means_the_version_it_says():
    inventory = Inventory()
    first = template_version(1, default_version=True)
    third = template_version(3, latest_version=True)
    for item in (first, third):
        inventory.put(item)
    assert inventory.resolve(ACCOUNT, REGION, uses_template("$Default")) == first
    assert inventory.resolve(ACCOUNT, REGION, uses_template("$Latest")) == third
    assert inventory.resolve(ACCOUNT, REGION, uses_template("3", by_name=True)) == third
    assert inventory.resolve(ACCOUNT, REGION, uses_template("2")) is None
    assert inventory.resolve(ACCOUNT, "us-east-1", uses_template("3")) is None


def test_groups_that_launch_from_exactly_a_version():
    inventory = Inventory()
    first = template_version(1, default_version=True)
    third = template_version(3, latest_version=True)
    by_default = group("by-default", (uses_template("$Default"),))
    pinned = group("pinned", (uses_template("3", by_name=True),))
    other = group("other", (uses_template("1", template="db"),))
    for item in (first, third, by_default, pinned, other):
        inventory.put(item)
    assert inventory.groups_using_template(first) == (by_default,)
    assert inventory.groups_using_template(third) == (pinned,)


def test_templates_and_configurations_name_profiles_by_arn_or_by_name_with_case():
    inventory = Inventory()
    web = instance_profile("Web", 1)
    by_arn = template_version(1, "a", iam_instance_profile_arn=profile_arn("Web"))
    by_name = template_version(1, "b", iam_instance_profile_name="Web")
    wrong_case = template_version(1, "c", iam_instance_profile_name="web")
    none = template_version(1, "d")
    old_arn = launch_configuration("old-arn", profile_arn("Web"))
    old_name = launch_configuration("old-name", "Web")
    bare = launch_configuration("bare", None)
    user = group("old", launch_configuration_name="old-name")
    for item in (web, by_arn, by_name, wrong_case, none, old_arn, old_name, bare, user):
        inventory.put(item)
    assert inventory.template_versions_naming(web) == (by_arn, by_name)
    assert inventory.launch_configurations_naming(web) == (old_arn, old_name)
    assert inventory.instance_profile_named_by(by_arn) == web
    assert inventory.instance_profile_named_by(by_name) == web
    assert inventory.instance_profile_named_by(wrong_case) is None
    assert inventory.instance_profile_named_by(none) is None
    assert inventory.instance_profile_named_by(old_name) == web
    assert inventory.instance_profile_named_by(bare) is None
    assert inventory.groups_using_configuration(old_name) == (user,)


def test_the_group_of_an_instance():
    inventory = Inventory()
    server = instance(1)
    fleet = group("fleet", instances=(member(server),))
    inventory.put(server)
    inventory.put(fleet)
    assert inventory.group_of(server) == fleet
    assert inventory.group_of(instance(2)) is None


def test_counts():
    inventory = Inventory()
    inventory.put(role())
    inventory.put(instance(1))
    assert inventory.counts() == {"instance_profiles": 0, "roles": 1, "instances": 1, "associations": 0}
