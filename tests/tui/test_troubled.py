"""A heading of very many counts them all and looks only at those that it names."""

from __future__ import annotations

from tui.troubled import RULE, Troubled
from widgets.resource_tree import Row

ACCOUNT = "123456789012"


def instance(number, region="eu-west-1"):
    return ("instance", ACCOUNT, region, f"i-{number:05}")


class Looking:
    """Things that note which of them were drawn."""

    def __init__(self, *parts):
        self.drawn = []
        self.troubled = Troubled(parts, lambda about: about[3], self.draw)

    def draw(self, about):
        self.drawn.append(about)
        return Row(about[3])


def test_all_are_counted_and_the_first_by_name_are_drawn():
    marks = dict.fromkeys((instance(number) for number in reversed(range(5_000))), "warning")
    marks[instance(70)] = "error"
    looking = Looking(marks)
    assert looking.troubled.counts() == {"warning": 4_999, "error": 1}
    assert [row.label for row in looking.troubled.first("warning", 3)] == ["i-00000", "i-00001", "i-00002"]
    assert [row.label for row in looking.troubled.first("error", 3)] == ["i-00070"]
    assert len(looking.drawn) == 4


def test_parts_stand_one_behind_the_other():
    looking = Looking(
        {instance(5): "error", instance(4): "warning"},
        {instance(1, "us-east-1"): "error", instance(0, "us-east-1"): "error"},
    )
    labels = [row.label for row in looking.troubled.first("error", 2)]
    assert labels == ["i-00005", "i-00000"]
    assert looking.troubled.first("info", 2) == []


def test_narrowed_to_what_is_wanted_rules_stay():
    class Wanted:
        def wants(self, about):
            return about == instance(1)

    rule = (RULE, "", None, "profile-no-role")
    marks = {instance(1): "error", instance(2): "error", rule: "error"}
    narrowed = Looking(marks).troubled.narrowed(Wanted())
    assert [row.label for row in narrowed.first("error", 9)] == ["i-00001", "profile-no-role"]
