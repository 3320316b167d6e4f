"""Every error text finds its rule as people receive it: with names in it, wrapped, with or without a code."""

from __future__ import annotations

import textwrap

import pytest

from instance_profiles.findings.catalogue import CATALOGUE
from instance_profiles.findings.catalogue_search import search, told_by

FILLED = [
    (entry.id, text.replace("…", "arn:aws:iam::123456789012:role/app/web-7"))
    for entry in CATALOGUE.values()
    for text in entry.error_texts
]
PASSROLE = (
    "An error occurred (UnauthorizedOperation) when calling the RunInstances operation: You are not "
    "authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/Dev/kim is not "
    "authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/web because no "
    "identity-based policy allows the iam:PassRole action. Encoded authorization failure message: Zm9v"
)
SCP = (
    "User: arn:aws:iam::123456789012:user/kim is not authorized to perform: iam:GetRole on resource: web "
    "with an explicit deny in a service control policy: arn:aws:organizations::1:policy/p-1"
)
TAKEN = (
    "An error occurred (IncorrectState) when calling the AssociateIamInstanceProfile operation: There is an "
    "existing association for instance i-0123456789abcdef0"
)


def ids(asked: str) -> list[str]:
    return [match.entry.id for match in search(asked)]


@pytest.mark.parametrize(("rule", "message"), FILLED)
def test_a_message_finds_its_rule_however_it_was_copied(rule: str, message: str) -> None:
    assert rule in ids(message)
    assert rule in ids(f"ERROR\n> {textwrap.fill(message, 40)}\nsee the log")
    assert rule in told_by(message)


@pytest.mark.parametrize(
    ("message", "first"),
    [
        (PASSROLE, "caller-passrole-denied"),
        (SCP, "caller-scp"),
        (TAKEN, "association-already-exists"),
        ("Instance Profile web already exists", "profile-already-exists"),
        ('{"Code":"InstanceProfileNotFound"}', "instance-profile-deleted"),
        ("Cannot exceed quota for RolesPerAccount: 5000", "profile-quota-near"),
    ],
)
def test_the_rule_that_explains_most_of_a_message_comes_first(message: str, first: str) -> None:
    assert ids(message)[0] == first


def test_the_code_of_a_message_rules_out_texts_of_other_codes() -> None:
    assert not {"lt-profile-empty", "caller-launch-denied"} & set(ids(PASSROLE))


def test_words_are_looked_for_in_ids_then_titles_then_error_texts_then_meanings() -> None:
    assert ids("profile orphaned")[0] == "profile-orphaned"
    assert ids("Quota nearly")[0] == "profile-quota-near"
    assert ids("trust")[: len(by_id := [one for one in CATALOGUE if "trust" in one])] == by_id
    assert len(ids("trust")) > len(by_id)


def test_a_part_of_a_message_with_foreign_names_is_enough() -> None:
    found = ids("the association iip-assoc-0123456789abcdef0 is not the active")
    assert found[0] == "association-stuck-disassociating"


@pytest.mark.parametrize("asked", ["", " ", "i-0123", "nope", "x" * 100_000, "i-… (…"])
def test_what_says_nothing_finds_nothing(asked: str) -> None:
    assert not ids(asked)


@pytest.mark.parametrize(
    "typed", ["web", "instance", "profile", "us-east-1", "i-0123456789abcdef0", "role-x"]
)
def test_names_of_objects_mean_no_rule(typed: str) -> None:
    assert not told_by(typed)


@pytest.mark.parametrize("typed", ["profile-orph", "profile-orphaned", "Profile-Orphaned "])
def test_the_beginning_of_an_id_means_that_rule(typed: str) -> None:
    assert told_by(typed) == {"profile-orphaned"}
