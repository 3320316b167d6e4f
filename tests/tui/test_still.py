"""What is written to the terminal before Textual is there: text and colours, and nothing else."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from config.settings import resolve
from tui.still import FACTS, GAP, Still, keep_frame, last_frame, looks_of

READ_AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NOW = READ_AT + timedelta(minutes=12)
HEAD = " iptui  prod 1234"
WITH_IDENTITY = f"{HEAD}  as somebody"


def still(columns=90, lines=("\x1b[1;38;2;1;2;3m✖ 5\x1b[0m  all", "keys")):
    titles = tuple((len(left) - 1, f"\x1b[1m{left}\x1b[0m{GAP}{FACTS} ") for left in (WITH_IDENTITY, HEAD))
    return Still("looks", columns, titles, lines, ("4 regions", "84 instances"), " · ", READ_AT)


def first_line(drawn):
    return drawn.partition("\x1b[2;1H")[0].removeprefix("\x1b[1;1H").replace("\x1b[0m", "")[4:]


@pytest.mark.parametrize(
    ("columns", "left", "right"),
    [
        (100, WITH_IDENTITY, "4 regions · 84 instances · as of 12 min ago · asking AWS who calls"),
        (90, HEAD, "4 regions · 84 instances · as of 12 min ago · asking AWS who calls"),
        (84, HEAD, "84 instances · as of 12 min ago · asking AWS who calls"),
        (72, WITH_IDENTITY, "as of 12 min ago · asking AWS who calls"),
        (40, HEAD, "asking AWS who calls"),
        (36, HEAD, "asking AWS"),
    ],
)
def test_the_first_line_says_how_old_it_is_and_leaves_out_what_has_no_room(columns, left, right):
    line = first_line(still(columns).drawn(NOW))
    gap = columns - len(left) - len(right) - 1
    assert gap >= 2
    assert line == f"{left}{' ' * gap}{right} "


def test_each_line_stands_where_it_belongs_and_ends_its_colours():
    drawn = still().drawn(NOW)
    assert "\x1b[2;1H\x1b[1;38;2;1;2;3m✖ 5\x1b[0m  all\x1b[0m\x1b[3;1Hkeys\x1b[0m" in drawn
    assert still().size == (90, 3)


@pytest.mark.parametrize(
    "line",
    [
        "\x1b]0;title\x07",
        "\x1b[2J",
        "\x1b[5;1Helsewhere",
        "\x1bP1000p",
        "bell\x07",
        "\x9b31m",
        "right \u202e left",
        "zero\u200bwidth",
        "line\nbreak",
        "back\x08",
    ],
)
@pytest.mark.parametrize("place", ["line", "title", "facts"])
def test_a_file_that_would_do_more_to_the_terminal_is_not_shown(line, place):
    good = still()
    changed = {
        "line": {"lines": (line, "keys")},
        "title": {"titles": ((3, line),)},
        "facts": {"facts": (line,)},
    }[place]
    assert good.drawn(NOW) is not None
    assert msgspec.structs.replace(good, **changed).drawn(NOW) is None


def test_a_file_without_a_title_is_not_shown():
    assert msgspec.structs.replace(still(), titles=()).drawn(NOW) is None


def settings(tmp_path, **flags):
    return resolve(flags, {f"IPTUI_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "CACHE")})


def test_the_frame_alone_is_kept_for_each_size_and_looks(tmp_path):
    resolved = settings(tmp_path)
    frame = Still("looks", 30, ((5, f" iptui{GAP}{FACTS} "),), ("line", "keys"))
    assert frame.drawn(NOW).startswith(f"\x1b[1;1H iptui{' ' * 23} \x1b[0m")
    assert last_frame(resolved, "looks", (30, 3)) is None
    keep_frame(resolved, frame)
    assert last_frame(resolved, "looks", (30, 3)) == frame
    assert last_frame(resolved, "others", (30, 3)) is None
    assert last_frame(resolved, "looks", (30, 4)) is None
    [file] = resolved.paths.frames.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    written = file.stat().st_mtime_ns
    keep_frame(resolved, frame)
    assert file.stat().st_mtime_ns == written, "it was written although it was there"
    keep_frame(resolved, msgspec.structs.replace(frame, lines=("other", "keys")))
    assert last_frame(resolved, "looks", (30, 3)).lines == ("other", "keys")


def test_of_the_frames_the_newest_are_kept(tmp_path):
    resolved = settings(tmp_path)
    for columns in range(30, 60):
        keep_frame(resolved, Still("looks", columns, ((5, "title"),), ("keys",)))
    assert len(list(resolved.paths.frames.iterdir())) == 20
    assert last_frame(resolved, "looks", (59, 2)) is not None


@pytest.mark.parametrize("damage", [b"", b"{", b'{"schema":"iptui.frame/0"}'])
def test_a_damaged_frame_is_not_shown_and_written_anew(tmp_path, damage):
    resolved = settings(tmp_path)
    frame = Still("looks", 30, ((5, "title"),), ("keys",))
    keep_frame(resolved, frame)
    [file] = resolved.paths.frames.iterdir()
    file.write_bytes(damage)
    assert last_frame(resolved, "looks", (30, 2)) is None
    keep_frame(resolved, frame)
    assert last_frame(resolved, "looks", (30, 2)) == frame


def looks(tmp_path, environ=None, **flags):
    return looks_of(resolve(flags, {"IPTUI_CONFIG_DIR": str(tmp_path)}), environ or {"TERM": "xterm"})


def test_it_is_good_for_the_same_looks_only(tmp_path):
    usual = looks(tmp_path)
    assert usual == looks(tmp_path, {"TERM": "xterm", "PATH": "/bin"})
    others = [
        looks(tmp_path, theme="iptui-light"),
        looks(tmp_path, ascii=True),
        looks(tmp_path, read_only=True),
        looks(tmp_path, {"TERM": "xterm", "COLORTERM": "truecolor"}),
        looks(tmp_path, {"TERM": "linux"}),
        looks(tmp_path, {"TERM": "xterm", "TEXTUAL_COLOR_SYSTEM": "256"}),
    ]
    assert len({usual, *others}) == 7


def test_without_colours_or_with_another_driver_there_is_none(tmp_path):
    assert looks(tmp_path, no_color=True) is None
    assert looks(tmp_path, {"TERM": "xterm", "TEXTUAL_DRIVER": "elsewhere:Driver"}) is None
