"""What is wrong with a settings file is said in one sentence with file, line, key and the nearest key."""

from __future__ import annotations

import datetime as dt

import pytest
import tomli

from config.keys import KEYS
from config.mutes import MuteSetting
from config.settings import Settings, resolve
from config.settings_file import SettingsError, check_keymap, check_mutes, template
from config.trail import TrailSetting


def sentence_for(tmp_path, text):
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        resolve({}, {"IPTUI_CONFIG_DIR": str(tmp_path)})
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert str(tmp_path / "config.toml") in sentence
    return sentence


def test_a_wrong_key_names_the_nearest(tmp_path):
    sentence = sentence_for(tmp_path, '# mine\ntheme = "x"\nregion = ["eu-west-1"]\n')
    assert "line 3" in sentence
    assert "'region'" in sentence
    assert "'regions'" in sentence


def test_a_wrong_key_far_from_all_lists_them(tmp_path):
    assert "named_profiles, regions" in sentence_for(tmp_path, "zzz = 1\n")


def test_a_wrong_type_shows_how_to_write_it(tmp_path):
    sentence = sentence_for(tmp_path, '\nregions = "eu-west-1"\n')
    assert "line 2" in sentence
    assert 'regions = ["eu-west-1", "us-east-1"]' in sentence


def test_a_number_is_no_yes(tmp_path):
    assert "read_only must be true or false" in sentence_for(tmp_path, "read_only = 1\n")


def test_a_wrong_entry_of_a_table_is_found_by_its_line(tmp_path):
    sentence = sentence_for(tmp_path, 'ascii = true\n[keymap]\nreload = "r"\nquit = 3\n')
    assert "line 4" in sentence
    assert "keymap.quit" in sentence


def test_a_wrong_table_is_found_by_its_header(tmp_path):
    sentence = sentence_for(tmp_path, 'ascii = true\n\n[keymaps]\nreload = "r"\n')
    assert "line 3" in sentence
    assert "'keymap'" in sentence


def test_a_key_of_another_table_is_not_mistaken_for_it(tmp_path):
    assert "line 4" in sentence_for(tmp_path, '[filters]\nregions = "x"\n[keymap]\nopen = 1\n')


def test_broken_toml_names_line_and_column(tmp_path):
    assert "line 2, column 9" in sentence_for(tmp_path, "ascii = true\ntheme = ==\n")


def test_a_file_that_was_asked_for_must_be_there(tmp_path):
    with pytest.raises(SettingsError, match="There is no settings file"):
        resolve({}, {}, tmp_path / "absent.toml")


def test_a_folder_in_place_of_the_file_is_told(tmp_path):
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        resolve({}, {"IPTUI_CONFIG_DIR": str(tmp_path)})


def test_a_keymap_entry_for_no_command_names_the_nearest(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text('[keymap]\nrelaod = "r"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"line 2: there is no command 'relaod'.*'reload'"):
        check_keymap({"relaod": "r"}, ["reload", "quit"], path)
    check_keymap({"reload": "r"}, ["reload", "quit"], path)


def test_the_template_sets_nothing_and_every_example_in_it_holds(tmp_path):
    assert tomli.loads(template()) == {"keymap": {}, "filters": {}}
    live = "\n".join(key.example for key in KEYS).replace("# ", "")
    (tmp_path / "config.toml").write_text(live, encoding="utf-8")
    settings = resolve({}, {"IPTUI_CONFIG_DIR": str(tmp_path)}).settings
    assert settings.read_only is True
    assert set(Settings.__struct_fields__) == {key.name for key in KEYS}


def test_a_command_with_a_dot_needs_no_quotes(tmp_path):
    (tmp_path / "config.toml").write_text(
        '[keymap]\nview.roles = "9"\n"view.named" = "8"\n', encoding="utf-8"
    )
    settings = resolve({}, {"IPTUI_CONFIG_DIR": str(tmp_path)}).settings
    assert settings.keymap == {"view.roles": "9", "view.named": "8"}


MUTE = '[[mute]]\nrule = "profile-orphaned"\nobject = "sandbox-*"\nreason = "a sandbox"\nuntil = 2027-01-31\n'


def test_a_mute_holds_rule_object_reason_and_last_day(tmp_path):
    (tmp_path / "config.toml").write_text(f"{MUTE}\n[[mute]]\nobject = 'web'\nreason = 'known'\n")
    first, second = resolve({}, {"IPTUI_CONFIG_DIR": str(tmp_path)}).settings.mute
    assert first == MuteSetting("a sandbox", "profile-orphaned", "sandbox-*", dt.date(2027, 1, 31))
    assert second == MuteSetting("known", None, "web", None)


@pytest.mark.parametrize(
    ("entry", "line", "said"),
    [
        ('rule = "profile-orphaned"', 6, "every mute needs a reason"),
        ('reason = "x"', 6, "needs a rule, an object or both"),
        ('rule = "a"\nreason = ""', 8, "reason must be text"),
        ('rule = 3\nreason = "x"', 7, "rule must be text"),
        ('rule = "a"\nreason = "x"\nuntil = "soon"', 9, "until must be a date without quotes"),
        ('rule = "a"\nreason = "x"\nuntil = 2027-01-31T10:00:00', 9, "until must be a date"),
        ('rule = "a"\nreason = "x"\nends = 2027-01-31', 9, "a mute has no 'ends'"),
    ],
)
def test_a_wrong_mute_is_told_by_its_line(tmp_path, entry, line, said):
    sentence = sentence_for(tmp_path, f"{MUTE}[[mute]]\n{entry}\n")
    assert f"line {line}:" in sentence
    assert said in sentence


def test_a_mute_that_is_no_list_of_tables_is_told(tmp_path):
    assert "[[mute]]" in sentence_for(tmp_path, 'mute = "profile-orphaned"\n')


def test_a_mute_of_no_rule_names_the_nearest(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text(f'{MUTE}[[mute]]\nrule = "profile-orphand"\nreason = "x"\n')
    mutes = resolve({}, {"IPTUI_CONFIG_DIR": str(tmp_path)}).settings.mute
    with pytest.raises(
        SettingsError, match=r"line 7: there is no rule 'profile-orphand'.*'profile-orphaned'"
    ):
        check_mutes(mutes, ["profile-orphaned", "role-unused"], path)
    check_mutes(mutes[:1], ["profile-orphaned"], path)


TRAIL = '[trail]\ndatabase = "logs"\ntable = "cloudtrail"\n'


def test_a_trail_is_a_table_of_athena_with_the_workgroup_that_everybody_has(tmp_path):
    (tmp_path / "config.toml").write_text(f'{TRAIL}output = "s3://query-results/iptui/"\n')
    trail = resolve({}, {"IPTUI_CONFIG_DIR": str(tmp_path)}).settings.trail
    assert trail == TrailSetting("logs", "cloudtrail", "primary", "s3://query-results/iptui/")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('trail = "logs.cloudtrail"', 1, "trail must be a table headed [trail]"),
        ('[trail]\ndatabase = "logs"', 1, "[trail] needs a table, as in table = "),
        (f'{TRAIL}bucket = "x"', 4, "[trail] has no 'bucket'; it has database"),
        (f'{TRAIL}output = "query-results"', 4, "output of [trail] must be an address in S3"),
        ('[trail]\ndatabase = "logs\\"; DROP"\ntable = "t"', 2, "must be letters, digits and underscores"),
        (f"{TRAIL}workgroup = 3", 4, "must be the name of a workgroup"),
        (f'{TRAIL}region = "Ireland"', 4, "must be the name of a region"),
    ],
)
def test_a_wrong_trail_is_told_by_its_line(tmp_path, text, line, said):
    sentence = sentence_for(tmp_path, f"{text}\n")
    assert f"line {line}:" in sentence
    assert said in sentence
