"""Chains of roles in the local AWS config: our walk and botocore's own are to agree."""

from __future__ import annotations

import pytest
from botocore.exceptions import BotoCoreError
from botocore.session import Session

from instance_profiles.aws.config_files import read_sections
from instance_profiles.inventory.chains import Chain, Hop, walk, whole_seconds
from instance_profiles.inventory.named_profiles import from_sections

KEYS = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = s\n"
ROLE = "role_arn = arn:aws:iam::111122223333:role/{0}\n"


def chain(folder, name, config="", credentials="") -> Chain:
    (folder / "config").write_text(config)
    (folder / "credentials").write_text(credentials)
    return walk({profile.name: profile for profile in from_sections(read_sections())}, name)


def botocore_says(name: str) -> str | None:
    """What the SDK raises when it resolves the credentials of a named profile; no call is made."""
    try:
        Session(profile=name).get_credentials()
    except BotoCoreError as exc:
        return str(exc)
    return None


def assumes(name: str, source: str, more: str = "") -> str:
    return f"[profile {name}]\n{ROLE.format(name)}source_profile = {source}\n{more}"


def test_a_role_from_the_keys_of_a_person_is_no_chain(aws_folder, monkeypatch):
    found = chain(aws_folder, "ops", assumes("ops", "base", "duration_seconds = 7200\n"), f"[base]\n{KEYS}")
    assert found == Chain((Hop("ops", "arn:aws:iam::111122223333:role/ops", 7200, "no"),), "static keys")
    assert botocore_says("ops") is None


def test_a_role_from_a_role_is_a_chain(aws_folder):
    found = chain(aws_folder, "deep", assumes("deep", "ops") + assumes("ops", "base"), f"[base]\n{KEYS}")
    assert [(hop.named_profile, hop.chained) for hop in found.hops] == [("deep", "yes"), ("ops", "no")]
    assert found.fault is None
    assert botocore_says("deep") is None


@pytest.mark.parametrize(
    ("settings", "origin", "chained"),
    [
        (KEYS, "static keys", "no"),
        (f"{KEYS}aws_session_token = t\n", "static keys with session token", "yes"),
        ("sso_session = corp\nsso_account_id = 1\nsso_role_name = r\n", "SSO", "yes"),
        ("web_identity_token_file = /token\nrole_arn = arn:aws:iam::1:role/w\n", "web identity", "yes"),
        ("credential_process = /bin/true\n", "credential process", "unknown"),
        ("login_session = arn:aws:iam::1:user/kim\n", "login session", "unknown"),
    ],
)
def test_where_a_chain_starts_decides_whether_its_last_call_is_chained(aws_folder, settings, origin, chained):
    found = chain(aws_folder, "ops", assumes("ops", "base") + f"[profile base]\n{settings}")
    assert (found.origin, found.hops[0].chained, found.fault) == (origin, chained, None)


@pytest.mark.parametrize(
    ("source", "origin", "chained"),
    [
        ("Environment", "environment", "unknown"),
        ("Ec2InstanceMetadata", "EC2 instance metadata", "docs-say-no"),
        ("EcsContainer", "container", "yes"),
    ],
)
def test_credential_sources(aws_folder, source, origin, chained):
    found = chain(aws_folder, "ops", f"[profile ops]\n{ROLE.format('ops')}credential_source = {source}\n")
    assert (found.origin, found.hops[0].chained, found.fault) == (origin, chained, None)


def test_static_keys_end_a_chain_except_where_it_starts(aws_folder):
    config = assumes("ops", "both") + assumes("both", "base", KEYS) + f"[profile base]\n{KEYS}"
    found = chain(aws_folder, "ops", config)
    assert [hop.named_profile for hop in found.hops] == ["ops"]
    assert found.origin == "static keys"
    assert [hop.named_profile for hop in chain(aws_folder, "both", config).hops] == ["both"]


def test_a_profile_may_name_itself_when_it_has_keys(aws_folder):
    found = chain(aws_folder, "self", assumes("self", "self", KEYS))
    assert (len(found.hops), found.origin, found.fault) == (1, "static keys", None)
    assert botocore_says("self") is None


def test_web_identity_itself_is_no_hop(aws_folder):
    found = chain(aws_folder, "pod", f"[profile pod]\n{ROLE.format('pod')}web_identity_token_file = /token\n")
    assert found == Chain((), "web identity")


def test_a_profile_without_a_role_has_no_hops(aws_folder):
    assert chain(aws_folder, "plain", "[profile plain]\nregion = eu-west-1\n") == Chain((), "none")


FAULTS = [
    ("chain-loop", "a", assumes("a", "b") + assumes("b", "a"), "b"),
    ("chain-loop", "a", assumes("a", "a"), "a"),
    ("chain-loop", "a", assumes("a", "b") + assumes("b", "c") + assumes("c", "b"), "c"),
    ("chain-source-missing", "a", assumes("a", "gone"), "a"),
    ("chain-source-missing", "a", assumes("a", "b") + assumes("b", "gone"), "b"),
    ("chain-both-sources", "a", assumes("a", "a", "credential_source = Environment\n"), "a"),
    ("chain-no-source", "a", f"[profile a]\n{ROLE.format('a')}", "a"),
    ("chain-bad-credential-source", "a", f"[profile a]\n{ROLE.format('a')}credential_source = Moon\n", "a"),
    ("chain-source-no-credentials", "a", assumes("a", "bare") + "[profile bare]\nregion = x\n", "a"),
]


@pytest.mark.parametrize(("fault", "name", "config", "at"), FAULTS)
def test_faults_are_told_in_the_words_of_botocore(aws_folder, fault, name, config, at):
    found = chain(aws_folder, name, config)
    assert found.fault is not None
    assert (found.fault.id, found.fault.at) == (fault, at)
    assert found.fault.message == botocore_says(name)


@pytest.mark.parametrize(
    ("written", "seconds"), [("3600", 3600), (" 7200 ", 7200), ("1h", None), ("3600.5", None), (None, None)]
)
def test_durations_are_taken_as_botocore_takes_them(written, seconds):
    assert whole_seconds(written) == seconds


def test_an_unknown_name_is_a_mistake_of_the_programmer():
    with pytest.raises(KeyError):
        walk({}, "gone")
