"""What an instance reads about its instance profile, as it was recorded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from instance_profiles.emulator.fleet import build_world
from instance_profiles.emulator.imds import document

if TYPE_CHECKING:
    from instance_profiles.emulator.world import World

FLEET = """
regions = ["us-east-1"]
account = { id = "123456789012" }
[[roles]]
name = "web"
instance_profile = true
[[roles]]
name = "nightly"
trust = ["rds"]
instance_profile = true
[[instance_profiles]]
name = "empty"
""" + "".join(
    f'[[instances]]\nregion = "us-east-1"\nname = "{name}"\n{more}\n'
    for name, more in (
        ("web", 'instance_profile = "web"'),
        ("nightly", 'instance_profile = "nightly"'),
        ("empty", 'instance_profile = "empty"'),
        ("bare", ""),
        ("gone", 'instance_profile = "old"\ndeleted_profile = true'),
        ("off", 'instance_profile = "web"\nmetadata = { HttpEndpoint = "disabled" }'),
        ("stopped", 'instance_profile = "web"\nstate = "stopped"'),
    )
)


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(FLEET)


def seen(world: World, name: str, rest: str) -> tuple[int, str]:
    instances = world.account.region("us-east-1").instances.values()
    (instance,) = [one for one in instances if one.tags["Name"] == name]
    return document(world, instance.id, rest)


def told(world: World, name: str, rest: str) -> dict[str, str]:
    status, text = seen(world, name, rest)
    assert status == 200
    found: dict[str, str] = json.loads(text)
    return found


def test_a_healthy_instance_has_credentials(world: World):
    assert seen(world, "web", "") == (200, "info\nsecurity-credentials/")
    assert told(world, "web", "info")["Code"] == "Success"
    assert seen(world, "web", "security-credentials/") == (200, "web")
    assert told(world, "web", "security-credentials/web")["Type"] == "AWS-HMAC"
    assert seen(world, "web", "security-credentials/other")[0] == 404


def test_a_role_that_does_not_trust_ec2_is_told_only_where_credentials_would_be(world: World):
    assert told(world, "nightly", "info")["Code"] == "Success"
    refused = told(world, "nightly", "security-credentials/nightly")
    assert refused["Code"] == "AssumeRoleUnauthorizedAccess"
    assert refused["Message"].startswith("EC2 cannot assume the role nightly.  Please see")
    assert "Expiration" not in refused


@pytest.mark.parametrize("name", ["empty", "bare", "stopped"])
def test_without_a_role_to_give_there_is_nothing(world: World, name):
    for rest in ("", "info", "security-credentials/"):
        assert seen(world, name, rest)[0] == 404


def test_a_deleted_instance_profile_is_told_in_the_information(world: World):
    assert told(world, "gone", "info")["Code"] == "InstanceProfileNotFound"


def test_a_service_that_is_off_forbids(world: World):
    assert seen(world, "off", "info")[0] == 403


def test_nobody_knows_an_instance_that_is_not_there(world: World):
    assert document(world, "i-0", "info")[0] == 404
