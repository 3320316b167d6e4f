"""Messages as they are received, in every form that tools give them, and what each says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from instance_profiles.denials.known import CODES, KNOWN
from instance_profiles.denials.reading import read
from instance_profiles.findings.catalogue import CATALOGUE

CORPUS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "corpus.json").read_text())


@pytest.mark.parametrize("message", CORPUS, ids=[message["name"] for message in CORPUS])
def test_a_message_says_exactly_one_thing(message):
    reading = read(message["text"])
    (error,) = reading.errors
    assert {name: getattr(error, name) for name in message["means"]} == message["means"]
    assert error.count == 1
    assert reading.unrecognised == ()


def test_all_of_them_in_one_log_are_told_apart():
    log = "\n\n".join(message["text"] for message in CORPUS if not message["text"].startswith("{"))
    rules = {message["means"]["rule"] for message in CORPUS if not message["text"].startswith("{")}
    assert {error.rule for error in read(log).errors} == rules


@pytest.mark.parametrize("rule", sorted({known.rule for known in KNOWN if known.rule} | set(CODES.values())))
def test_what_a_text_belongs_to_is_in_the_catalogue(rule):
    assert rule in CATALOGUE


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.needle)
def test_every_known_text_has_an_example(known):
    assert any(known.pattern.search(" ".join(message["text"].split())) for message in CORPUS)


def test_what_no_rule_covers_brings_its_own_meaning_and_steps():
    assert all(known.rule or (known.meaning and known.steps) for known in KNOWN)


ONLY_WORDS = {"404 - Not Found at http://169.254.169.254/latest/meta-data/iam/"}
"""Texts that mean nothing without knowing what was asked for."""


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (entry.id, text)
        for entry in CATALOGUE.values()
        for text in entry.error_texts
        if text not in ONLY_WORDS and not text.startswith(("…", "User: …"))
    ],
)
def test_every_error_text_of_the_catalogue_is_recognised(rule, text):
    filled = text.replace("Id: …", "Id: iip-assoc-1").replace("arn:aws:iam::…", "arn:aws:iam::123456789012")
    filled = filled.replace("…", "x1")
    assert read(filled).errors, rule
