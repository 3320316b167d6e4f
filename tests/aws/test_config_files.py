"""The local AWS config: read as the SDK reads it, without its secrets."""

from __future__ import annotations

import pytest

from instance_profiles.aws.config_files import config_paths, read_sections
from instance_profiles.aws.errors import ConfigUnreadable

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def test_config_and_credentials_are_one(aws_folder):
    (aws_folder / "config").write_text(
        "[default]\nregion = eu-west-1\n[profile ops]\nrole_arn = r\n[other]\na = b\n"
    )
    (aws_folder / "credentials").write_text(
        f"[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = {SECRET}\n[keys]\n"
    )
    sections = read_sections()
    assert sorted(sections) == ["default", "keys", "ops"]
    assert sections["default"]["region"] == "eu-west-1"
    assert "aws_secret_access_key" in sections["default"]
    assert SECRET not in str(sections)
    assert "AKIAEXAMPLE" not in str(sections)


def test_files_that_do_not_exist_count_as_empty():
    assert read_sections() == {}


def test_nested_blocks_are_left_out(aws_folder):
    (aws_folder / "config").write_text("[profile ops]\ns3 =\n  max_queue_size = 1\nregion = eu-west-1\n")
    assert read_sections() == {"ops": {"region": "eu-west-1"}}


@pytest.mark.parametrize(
    "content", [b"[profile ops\nregion", b"region = x\n", b"[default]\nregion = \xff\xfe\n"]
)
def test_a_file_that_cannot_be_read_is_named(aws_folder, content):
    (aws_folder / "config").write_bytes(content)
    with pytest.raises(ConfigUnreadable, match="config"):
        read_sections()


def test_the_paths_are_those_of_the_environment(aws_folder):
    paths = config_paths()
    assert (paths.config, paths.credentials) == (aws_folder / "config", aws_folder / "credentials")


def test_a_wrong_aws_profile_does_not_hide_the_others(aws_folder, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "gone")
    (aws_folder / "config").write_text("[profile ops]\nregion = eu-west-1\n")
    assert list(read_sections()) == ["ops"]
    assert config_paths().config == aws_folder / "config"
