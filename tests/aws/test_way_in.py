"""What decides whose credentials the SDK takes: another account never has the same digest."""

from __future__ import annotations

import pytest

from instance_profiles.aws import way_in as module
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.way_in import tells_account, way_in

KEYS = {"AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY": "a", "PATH": "/bin"}
CONFIG = "[profile web]\nsso_account_id = 111122223333\nsso_role_name = ops\n"


@pytest.fixture
def environ(tmp_path, monkeypatch):
    """A person with keys in the environment and two files, on a machine that is no instance."""
    monkeypatch.setattr(module, "ASSET_TAG", tmp_path / "tag")
    (tmp_path / "config").write_text(CONFIG)
    (tmp_path / "credentials").write_text("[old]\naws_access_key_id = AKIA2\naws_secret_access_key = b\n")
    return {
        **KEYS,
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"AWS_ACCESS_KEY_ID": "AKIA3"},
        {"AWS_PROFILE": "web"},
        {"AWS_ENDPOINT_URL_IAM": "http://127.0.0.1:1"},
        {"AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/web"},
        {"AWS_WEB_IDENTITY_TOKEN_FILE": "/other/token"},
        {"AWS_CONFIG_FILE": "/nowhere"},
    ],
)
def test_another_variable_is_another_way(environ, changed):
    assert way_in(Connection(), {**environ, **changed}) != way_in(Connection(), environ)


@pytest.mark.parametrize(
    "changed", [{"AWS_SECRET_ACCESS_KEY": "c"}, {"AWS_SESSION_TOKEN": "t"}, {"PATH": "/usr/bin"}]
)
def test_secrets_and_what_is_not_of_aws_are_no_part_of_it(environ, changed):
    assert way_in(Connection(), {**environ, **changed}) == way_in(Connection(), environ)


@pytest.mark.parametrize("connection", [Connection("web"), Connection(endpoint_url="http://127.0.0.1:1")])
def test_another_named_profile_or_address_is_another_way(environ, connection):
    assert way_in(connection, environ) != way_in(Connection(), environ)


@pytest.mark.parametrize(
    ("name", "text", "is_same"),
    [
        ("config", CONFIG.replace("1111", "4444"), False),
        ("config", CONFIG + "[profile more]\n", False),
        ("credentials", "[old]\naws_access_key_id = AKIA4\naws_secret_access_key = b\n", False),
        ("credentials", "[old]\naws_access_key_id = AKIA2\naws_secret_access_key = d\n", True),
    ],
)
def test_the_files_of_the_aws_config_are_part_of_it_without_their_secrets(
    environ, tmp_path, name, text, is_same
):
    before = way_in(Connection(), environ)
    (tmp_path / name).write_text(text)
    assert (way_in(Connection(), environ) == before) == is_same


def test_a_file_that_may_not_be_read_is_no_trouble(environ, tmp_path):
    before = way_in(Connection(), environ)
    (tmp_path / "config").unlink()
    (tmp_path / "config").mkdir()
    assert way_in(Connection(), environ) != before


def test_the_same_home_folder_on_another_instance_is_another_way(environ, tmp_path):
    found = set()
    for tag in ("i-0af01c0123456789a\n", "i-0af01c0123456789b\n"):
        (tmp_path / "tag").write_text(tag)
        found.add(way_in(Connection(), environ))
    assert len(found) == 2


@pytest.mark.parametrize("method", ["env", "shared-credentials-file", "config-file", "assume-role", "sso"])
def test_keys_roles_and_sign_ins_of_the_config_tell_the_account(environ, method):
    assert tells_account(method)


@pytest.mark.parametrize("method", ["custom-process", "container-role", "boto-config", "iam-role", "", "new"])
def test_what_another_program_or_a_host_gives_may_be_of_any_account(environ, method):
    assert not tells_account(method)


def test_the_role_of_an_instance_tells_the_account_where_the_instance_is_known(environ, tmp_path):
    (tmp_path / "tag").write_text("i-0af01c0123456789a\n")
    assert tells_account("iam-role")
    (tmp_path / "tag").write_text("Virtual Machine\n")
    assert not tells_account("iam-role")
