"""Every key of the main screen, once: the bindings, the key bar, the help and the palette read it here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Command:
    """`bar` is the word on the key bar, None where the key has no place there; `help` says what it does."""

    id: str
    key: str
    action: str
    help: str
    bar: str | None = None

    def binding(self) -> Binding:
        return Binding(self.key, self.action, self.help, show=self.bar is not None, id=self.id)


MAIN: tuple[Command, ...] = (
    Command("fix", "f", "fix", "fix what is marked, or what is selected; on a rule all it finds", "fix"),
    Command("filter", "slash", "filter", "search by name, id, ARN, tag or error message", "search"),
    Command("severity", "s", "next_severity", "show one severity alone, then the next, then all"),
    Command("muted", "m", "toggle_muted", "show what is muted in the tree by problem, or hide it"),
    Command("mark", "space", "mark", "mark an object, a finding, or all that a rule finds", "mark"),
    Command("copy", "c", "copy", "copy the ARN, or those of all marked rows", "copy"),
    Command("journal", "u", "journal", "what was changed, and undo", "journal"),
    Command("explain", "e", "explain", "say what an error message means and what to do"),
    Command("ask", "a", "ask", "ask whether a caller could fix it, and whether a launch would work"),
    Command("denials", "d", "denials", "show who was denied what lately, from CloudTrail"),
    Command("reload", "r", "reload", "read everything again", "reload"),
    Command("help", "question_mark", "help", "explain the keys and the signs", "help"),
    Command("quit", "q", "quit_program", "leave iptui", "quit"),
    Command("view.problems", "1", "view('problems')", "tree by problem"),
    Command("view.instance-profiles", "2", "view('instance-profiles')", "tree by instance profile"),
    Command("view.roles", "3", "view('roles')", "tree by role"),
    Command("view.instances", "4", "view('instances')", "tree by instance"),
    Command("view.named", "5", "view('named')", "named profiles of the local AWS config"),
    Command("detail.next", "right_square_bracket", "tab(1)", "next tab of the detail"),
    Command("detail.previous", "left_square_bracket", "tab(-1)", "previous tab of the detail"),
    Command("detail.focus", "tab", "switch_focus", "go between the tree and the detail"),
    Command("back", "escape", "back", "close the detail, clear the search, or unmark all"),
)


def on_bar(keymap: Mapping[str, str], words: Mapping[str, str | None] | None = None) -> list[tuple[str, str]]:
    """Keys and words for the key bar; `words` are others than usual by command, None for none."""
    said = {command.id: command.bar for command in MAIN} | dict(words or {})
    return [(keymap.get(c.id, c.key), word) for c in MAIN if (word := said[c.id])]


Explained = tuple[tuple[str, ...], str]
"""Commands that belong together, and what they do."""

TREE: tuple[Explained, ...] = (
    (("tree.up", "tree.down"), "move"),
    (("tree.page-up", "tree.page-down"), "move by a screen"),
    (("tree.first", "tree.last"), "first and last row"),
    (("tree.expand", "tree.collapse"), "open and close; close again goes to the parent"),
    (("tree.select",), "open or close; on a small screen, show the detail"),
    (("tree.expand-all", "tree.collapse-all"), "open all, close all"),
)
FIX: tuple[Explained, ...] = (
    (("plan.up", "plan.down"), "go from row to row"),
    (("choice.previous", "choice.next"), "change a choice"),
    (("choice.open",), "open the list of a choice; typing narrows it"),
    (("items.switch",), "in a list of fixes: show the calls and checks of one"),
    (("plan.page-up", "plan.page-down"), "scroll"),
    (("plan.copy",), "copy the calls as a script"),
    (("plan.grant",), "where a check was denied for want of an Allow: give the caller that"),
    (("plan.enter",), "apply, and close at the end"),
    (("plan.leave",), "leave everything as it is; while it runs, stop after the current call"),
    (("plan.roll-back",), "after a stop: take back what was done"),
    (("plan.half",), "after a stop of many: take back only those that are half done"),
    (("plan.keep",), "after a stop: keep what was done"),
)
ASK: tuple[Explained, ...] = (
    (("ask.other",), "the other question"),
    (("ask.grant",), "give the caller what it lacks, after a look at the policy"),
    (("ask.fix",), "fix what a launch would fail of"),
    (("ask.dry-run",), "let EC2 rehearse the launch from the chosen template; nothing is launched"),
    (("ask.copy",), "copy the answer as text"),
    (("ask.close",), "close; what is still being asked is given up"),
)
EXPLAIN: tuple[Explained, ...] = (
    (("explain.ask",), "ask AWS, with calls that only read; the second key works while typing"),
    (("explain.billed",), "run a query that AWS bills, after it was told what it reads"),
    (("explain.copy",), "copy what it means and what to do"),
    (("explain.grant",), "give the caller the permission, where an Allow is what is missing"),
    (("explain.focus",), "go between the text and the explanation"),
    (("explain.close",), "stop asking, or close"),
)
DENIALS: tuple[Explained, ...] = (
    (("denials.explain",), "explain the selected denial"),
    (("denials.go",), "go to the object in the tree"),
    (("denials.hours",), "look further back: 12 hours, a day, 3 days, a week"),
    (("denials.read",), "read again"),
    (
        ("denials.billed",),
        "search all of the trail, which AWS bills; what it reads is told first",
    ),
    (("denials.focus",), "go between the list and the detail"),
    (("denials.close",), "stop reading, or close"),
)
JOURNAL: tuple[Explained, ...] = (
    (("journal.undo",), "undo the selected fix, or all of a batch"),
    (("journal.close",), "close"),
)
