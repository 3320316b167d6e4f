"""`iptui config` says what holds and why, and writes a first file without harm."""

from __future__ import annotations


def test_show_says_where_each_value_came_from(program):
    ended = program.run("--region", "eu-west-1", "config", "--region", "us-east-1", IPTUI_ASCII="1")
    assert ended.code == 0
    rows = {line.split()[0]: line for line in ended.out.splitlines()}
    assert '["eu-west-1", "us-east-1"]' in rows["regions"]
    assert rows["regions"].endswith("# flag --region")
    assert "true" in rows["ascii"]
    assert rows["ascii"].endswith("# environment IPTUI_ASCII")
    assert rows["theme"].endswith("# default")


def test_init_writes_a_file_that_changes_nothing_and_is_in_order(program):
    def values():
        return [line.partition("  #")[0].rstrip() for line in program.run("config").out.splitlines()]

    before = values()
    path = program.folder / "config" / "config.toml"
    assert program.run("config", "init").out == f"Wrote {path}.\n"
    assert program.run("config", "check").out == f"{path} is in order.\n"
    assert values() == before


def test_init_does_not_replace_a_file_unless_told(program):
    path = program.folder / "mine.toml"
    path.write_text("ascii = true\n")
    ended = program.run("config", "init", "--config", str(path))
    assert ended.code == 2
    assert "--overwrite" in ended.sentence
    assert path.read_text() == "ascii = true\n"
    assert program.run("config", "init", "--config", str(path), "--overwrite").code == 0
    assert path.read_text() != "ascii = true\n"


def test_a_key_for_no_command_of_the_screen_is_found(program):
    path = program.folder / "mine.toml"
    path.write_text('[keymap]\nview.rols = "9"\n')
    ended = program.run("config", "check", "--config", str(path))
    assert ended.code == 2
    assert "'view.roles'" in ended.sentence


# -- keys ----------------------------------------------------------------------------------------------------


def keymap(program, text):
    path = program.folder / "config" / "config.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"[keymap]\n{text}\n", encoding="utf-8")
    return program.run("config", "check")


def test_keys_of_dialogs_may_be_others_too(program):
    lines = 'plan.copy = "f5"\njournal.undo = "ctrl+z"\ntree.up = "w"\nchoice.next = "n"\nitems.switch = "o"'
    assert keymap(program, lines).code == 0


def test_a_command_that_there_is_not_names_the_nearest(program):
    ended = keymap(program, 'plan.cpoy = "f5"')
    assert ended.code == 2
    assert "line 2" in ended.sentence
    assert "'plan.copy'" in ended.sentence


def test_a_key_that_is_taken_in_the_same_place_is_a_clash(program):
    ended = keymap(program, 'quit = "x"\nplan.keep = "r"')
    assert ended.code == 2
    assert "line 3" in ended.sentence
    assert "'plan.keep'" in ended.sentence
    assert "'plan.roll-back'" in ended.sentence


def test_a_key_of_the_tree_may_not_hide_one_of_the_window(program):
    ended = keymap(program, 'tree.up = "q"')
    assert ended.code == 2
    assert "'quit'" in ended.sentence


def test_the_same_key_in_two_places_is_no_clash(program):
    assert keymap(program, 'plan.keep = "f"').code == 0
    assert keymap(program, 'quit = "f"\nfix = "q"').code == 0


def test_a_key_that_no_keyboard_has_is_told(program):
    ended = keymap(program, 'reload = "ctrl-r"')
    assert ended.code == 2
    assert "'ctrl-r'" in ended.sentence
    assert '"ctrl+r"' in ended.sentence


def test_the_first_settings_file_lists_every_command_of_the_screen(program):
    assert program.run("config", "init").code == 0
    text = (program.folder / "config" / "config.toml").read_text(encoding="utf-8")
    for line in ('# fix = "f"', '# plan.roll-back = "r"', '# journal.undo = "u,enter"', '# tree.up = "up,k"'):
        assert line in text
    assert program.run("config", "check").code == 0
    uncommented = text.replace('# plan.roll-back = "r"', 'plan.roll-back = "t"')
    (program.folder / "config" / "config.toml").write_text(uncommented, encoding="utf-8")
    assert program.run("config", "check").code == 0
