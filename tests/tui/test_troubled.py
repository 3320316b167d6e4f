"""A heading of very many counts them all and looks only at those that it names."""

from __future__ import annotations

from tui.troubled import RULE, Part, Troubled
from widgets.resource_tree import Row

ACCOUNT = "123456789012"


def instance(number, region="eu-west-1"):
    return ("instance", ACCOUNT, region, f"i-{number:05}")


class Looking:
    """Things that note which of them were drawn."""

    def __init__(self, *parts):
        self.drawn = []
        self.troubled = Troubled([Part(part, lambda about: about[3]) for part in parts], self.draw)

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


def test_of_very_many_the_first_are_found_in_the_list_of_all_without_putting_them_in_order():
    everything = [instance(number) for number in range(5_000)]
    marks = {about: "error" if number % 3 else "warning" for number, about in enumerate(reversed(everything))}
    ordered: list[object] = []

    def order_of(about):
        ordered.append(about)
        return about[3]

    looked_at: list[object] = []

    def listed():
        for about in everything:
            looked_at.append(about)
            yield about

    for mark in ("error", "warning"):
        plain = Part(marks, lambda about: about[3]).first(mark, 5)
        assert Part(marks, order_of, listed).first(mark, 5) == plain
    assert not ordered
    assert len(looked_at) < 50


def test_few_are_put_in_order_and_the_list_of_all_is_left_alone():
    marks = dict.fromkeys((instance(number) for number in (7, 3, 9)), "error")

    def listed():
        raise AssertionError("walked")

    assert Part(marks, lambda about: about[3], listed).first("error", 2) == [instance(3), instance(7)]


def test_what_is_gone_meanwhile_is_left_out():
    marks = {instance(1): "error", instance(2): "error"}
    troubled = Troubled(
        [Part(marks, lambda about: about[3])],
        lambda about: None if about == instance(1) else Row(about[3]),
    )
    assert [row.label for row in troubled.first("error", 9)] == ["i-00002"]


def test_narrowed_to_what_is_wanted_rules_stay():
    class Wanted:
        def wants(self, about):
            return about == instance(1)

    rule = (RULE, "", None, "profile-no-role")
    marks = {instance(1): "error", instance(2): "error", rule: "error"}
    narrowed = Looking(marks).troubled.narrowed(Wanted())
    assert [row.label for row in narrowed.first("error", 9)] == ["i-00001", "profile-no-role"]
