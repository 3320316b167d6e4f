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
