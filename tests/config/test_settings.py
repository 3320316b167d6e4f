"""Which value wins, and where each is said to come from."""

from __future__ import annotations

import pytest

from config.settings import Settings, resolve
from config.settings_file import SettingsError
from config.trail import DEMO_TRAIL
from instance_profiles.emulator.fleet import load_fleet


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def environment(tmp_path, **variables):
    return {"IPTUI_CONFIG_DIR": str(tmp_path), **variables}


def test_without_anything_the_defaults_hold(tmp_path):
    resolved = resolve({}, environment(tmp_path))
    assert resolved.settings == Settings()
    assert {origin.kind for origin in resolved.origins.values()} == {"default"}


def test_flag_beats_environment_beats_file(tmp_path, write):
    write('named_profiles = ["of-file"]\nregions = ["eu-west-1"]\ntheme = "of-file"\n')
    resolved = resolve(
        {"named_profiles": ("of-flag",)},
        environment(tmp_path, IPTUI_PROFILE="of-environment", IPTUI_REGION="us-east-1, us-east-2"),
    )
    assert resolved.settings.named_profiles == ("of-flag",)
    assert resolved.settings.regions == ("us-east-1", "us-east-2")
    assert resolved.settings.theme == "of-file"
    assert str(resolved.origins["named_profiles"]) == "flag --profile"
    assert str(resolved.origins["regions"]) == "environment IPTUI_REGION"
    assert resolved.origins["theme"].kind == "file"


def test_aws_profile_beats_the_file_and_is_left_to_the_sdk(tmp_path, write):
    write('named_profiles = ["of-file"]\n')
    resolved = resolve({}, environment(tmp_path, AWS_PROFILE="dev"))
    assert resolved.settings.named_profiles == ("dev",)
    assert resolved.named_profiles_to_open == (None,)


def test_access_keys_of_the_environment_beat_a_named_profile_of_the_file(tmp_path, write):
    write('named_profiles = ["prod"]\n')
    resolved = resolve({}, environment(tmp_path, AWS_ACCESS_KEY_ID="AKIAEXAMPLE"))
    assert resolved.settings.named_profiles == ()
    assert resolved.named_profiles_to_open == (None,)


def test_a_profile_flag_is_opened_by_hand_whatever_aws_profile_says(tmp_path):
    resolved = resolve({"named_profiles": ("a", "b")}, environment(tmp_path, AWS_PROFILE="dev"))
    assert resolved.named_profiles_to_open == ("a", "b")


def test_endpoint_variables_of_the_sdk_are_not_overridden(tmp_path, write):
    write('endpoint_url = "http://of-file"\n')
    resolved = resolve({}, environment(tmp_path, AWS_ENDPOINT_URL_IAM="http://iam-only"))
    assert resolved.endpoint_url_to_set is None
    assert resolve({}, environment(tmp_path)).endpoint_url_to_set == "http://of-file"


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_the_home_region_does_not_narrow_what_is_read(tmp_path, variable):
    assert resolve({}, environment(tmp_path, **{variable: "eu-west-1"})).settings.regions == ()


def test_all_regions_undo_a_narrower_file(tmp_path, write):
    write('regions = ["eu-west-1"]\n')
    assert resolve({"regions": ("all",)}, environment(tmp_path)).settings.regions == ()


def test_the_demo_ignores_what_is_said_of_other_places(tmp_path, write):
    write('named_profiles = ["prod"]\nregions = ["eu-west-1"]\nendpoint_url = "http://x"\nascii = true\n')
    resolved = resolve({}, environment(tmp_path, AWS_PROFILE="prod", IPTUI_REGION="x"), demo=True)
    assert resolved.settings == Settings(ascii=True, trail=DEMO_TRAIL)


@pytest.mark.parametrize(("text", "expected"), [("1", True), ("yes", True), ("0", False), ("off", False)])
def test_yes_and_no_of_a_variable(tmp_path, text, expected):
    assert resolve({}, environment(tmp_path, IPTUI_READ_ONLY=text)).settings.read_only is expected


def test_neither_yes_nor_no_names_the_variable(tmp_path):
    with pytest.raises(SettingsError, match=r"IPTUI_READ_ONLY is 'maybe'; set it to 1 or 0"):
        resolve({}, environment(tmp_path, IPTUI_READ_ONLY="maybe"))


def test_no_color_holds_for_any_value_that_is_not_empty(tmp_path):
    assert resolve({}, environment(tmp_path, NO_COLOR="0")).settings.no_color is True
    assert resolve({}, environment(tmp_path, NO_COLOR="")).settings.no_color is False


def test_the_folders_follow_their_variables(tmp_path):
    resolved = resolve(
        {}, {f"IPTUI_{name}_DIR": str(tmp_path / name.lower()) for name in ("CONFIG", "STATE", "CACHE")}
    )
    assert resolved.settings_file == tmp_path / "config" / "config.toml"
    assert resolved.paths.journal == tmp_path / "state" / "journal.jsonl"
    assert resolved.paths.cache_dir == tmp_path / "cache"


def test_a_timeout_is_a_number_above_zero(tmp_path, write):
    assert resolve({}, environment(tmp_path, IPTUI_TIMEOUT="2.5")).settings.timeout == 2.5
    with pytest.raises(SettingsError, match="IPTUI_TIMEOUT is 'soon'; it must be a number of seconds"):
        resolve({}, environment(tmp_path, IPTUI_TIMEOUT="soon"))
    write("timeout = 0\n")
    with pytest.raises(SettingsError, match=r"line 1: timeout must be a number of seconds above 0"):
        resolve({}, environment(tmp_path))


def test_the_demo_has_a_trail_of_its_own_whatever_the_file_says(tmp_path):
    (tmp_path / "config.toml").write_text('[trail]\ndatabase = "logs"\ntable = "cloudtrail"\n')
    resolved = resolve({}, {"IPTUI_CONFIG_DIR": str(tmp_path)}, demo=True)
    assert (resolved.settings.trail, resolved.origins["trail"].kind) == (DEMO_TRAIL, "default")
    table = load_fleet("demo").account.trail_table
    assert table is not None
    assert (table.database, table.name) == (DEMO_TRAIL.database, DEMO_TRAIL.table)
