from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instance_profiles.inventory.model import SigningEnvironment
from instance_profiles.inventory.named_profiles import from_environment
from instance_profiles.inventory.sources import LOCAL_CONFIG

if TYPE_CHECKING:
    from tests.findings.estate import Estate

RULE = "env-shadows-profile"


def test_keys_beside_the_name_of_a_named_profile(estate: Estate) -> None:
    named = estate.named("prod", has_static_keys=True)
    estate.environment = SigningEnvironment(access_key=True, named_profile="prod")
    found = estate.only(RULE)
    assert (found.object, found.severity) == (named.ref, "warning")
    assert found.cause == "AWS_ACCESS_KEY_ID in the environment wins over it"
    assert "--profile prod" in found.detail


@pytest.mark.parametrize(
    "environment",
    [
        None,
        SigningEnvironment(access_key=False, named_profile="prod"),
        SigningEnvironment(access_key=True, named_profile=None),
        SigningEnvironment(access_key=True, named_profile="missing"),
    ],
)
def test_only_one_of_the_two(estate: Estate, environment: SigningEnvironment | None) -> None:
    estate.named("prod", has_static_keys=True)
    estate.environment = environment
    assert not estate.findings(RULE)


def test_unknown_where_the_config_could_not_be_read(estate: Estate) -> None:
    estate.state(LOCAL_CONFIG, "failed")
    assert estate.only(RULE).verdict == "unknown"


@pytest.mark.parametrize(
    ("variables", "access_key", "named_profile"),
    [
        ({}, False, None),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_PROFILE": ""}, False, None),
        ({"AWS_ACCESS_KEY_ID": "AKIA", "AWS_PROFILE": "prod"}, True, "prod"),
        ({"AWS_DEFAULT_PROFILE": "old", "AWS_PROFILE": "new"}, False, "old"),
    ],
)
def test_the_environment_as_the_sdk_reads_it(
    variables: dict[str, str], access_key: bool, named_profile: str | None
) -> None:
    assert from_environment(variables) == SigningEnvironment(access_key, named_profile)
