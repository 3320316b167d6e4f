"""Reading logs: everything once, nothing invented, no text too broken or too long."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instance_profiles.denials.cleaning import cleaned
from instance_profiles.denials.reading import read, understood_in

KIM = "arn:aws:iam::123456789012:user/kim"
DENIED = (
    f"User: {KIM} is not authorized to perform: iam:GetRole on resource: role web because no identity-based"
    " policy allows the iam:GetRole action"
)
EXISTS = "There is an existing association for instance i-0123456789abcdef0"


def test_what_comes_often_is_told_once_with_its_count():
    log = "\n".join(f"2026-11-24T03:00:{second:02}Z app: AccessDenied: {DENIED}" for second in range(30))
    (error,) = read(log).errors
    assert (error.count, error.code, error.principal) == (30, "AccessDenied", KIM)


def test_different_errors_come_in_the_order_of_the_log():
    reading = read(f"starting\nIncorrectState: {EXISTS}\nretrying\nAccessDenied: {DENIED}\ndone")
    assert [error.rule for error in reading.errors] == [
        "association-already-exists",
        "caller-no-identity-allow",
    ]


def test_the_same_denial_of_two_callers_is_two():
    other = DENIED.replace("user/kim", "user/lee")
    assert [error.count for error in read(f"{DENIED}\n\n{other}\n\n{DENIED}").errors] == [2, 1]


def test_an_error_that_nobody_knows_is_shown_with_what_can_be_made_out():
    reading = read(f"all well\nError: (Code: OddThing) something broke for {KIM}\n{DENIED}")
    (line,) = [line for line in reading.unrecognised if "OddThing" in line] or [""]
    assert understood_in(line) == ("OddThing", KIM)
    assert len(reading.errors) == 1


def test_a_text_without_any_error_is_given_back():
    reading = read("  what is this  ")
    assert (reading.errors, reading.unrecognised) == ((), ("what is this",))


@pytest.mark.parametrize(
    "text",
    [
        "AccessDenied is a code of AWS.",
        "If User: is not authorized, ask an administrator.",
        "The container registry says: your token has expired, log in again",
        "eipassoc-0123456789abcdef0 is not associated",
        "InvalidAssociationID.NotFound: The association ID 'eipassoc-0123456789abcdef0' does not exist",
        "denied: Your authorization token has expired. Reauthenticate and try again.",
        "associationId 1234 of the document is Pending",
        "An instance profile with this name may exist already.",
        "",
        "\n\n\n",
    ],
)
def test_what_only_looks_like_one_is_not_made_into_an_error(text):
    assert read(text).errors == ()


@pytest.mark.parametrize(
    "text",
    [
        "An error occurred (AccessDenied) when calling the ListRoles operation: Access Denied",
        "operation error IAM: ListRoles, https response error StatusCode: 403, api error AccessDenied: no",
        "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
        "{'Error': {'Code': 'AccessDenied', 'Message': 'Access Denied'}}",
    ],
)
def test_a_denial_that_says_nothing_is_one_all_the_same(text):
    (error,) = read(text).errors
    assert (error.rule, error.code, error.principal) == ("caller-plain-denied", "AccessDenied", None)
    assert error.action in (None, "iam:ListRoles")


def test_a_sentence_that_is_complete_takes_nothing_from_the_next_line():
    (error,) = read(f"User: {KIM} is not authorized to perform: iam:PassRole on resource:"
    f" arn:aws:iam::1:role/web\n"
                    "Traceback (most recent call last):").errors  # fmt: skip
    assert error.resource == "arn:aws:iam::1:role/web"


def test_records_of_cloudtrail_are_read_wherever_they_stand():
    record = {
        "errorCode": "Client.UnauthorizedOperation",
        "errorMessage": "You are not authorized to perform this operation. Encoded authorization failure"
        " message: " + "A" * 40,
        "eventSource": "ec2.amazonaws.com",
        "eventName": "AssociateIamInstanceProfile",
        "userIdentity": {"arn": KIM},
    }
    event = {"Events": [{"EventId": "1", "CloudTrailEvent": json.dumps(record)}]}
    for text in (json.dumps(record), json.dumps({"Records": [record]}, indent=2), json.dumps(event)):
        (error,) = read(text).errors
        assert (error.principal, error.action) == (KIM, "ec2:AssociateIamInstanceProfile")
        assert (error.code, error.encoded) == ("UnauthorizedOperation", "A" * 40)


def test_invisible_and_directional_characters_do_not_survive():
    assert cleaned("a\u202eb\x1b]0;title\x07c\x1b[31md\u200be\x00f") == "abcdef"


PIECES = st.sampled_from(
    [
        *("User: ", KIM, " is not authorized to perform: ", "iam:PassRole", " on resource: ", "role web"),
        *(" because no ", "identity-based policy", " allows the ", " action", " with an explicit deny in a "),
        *("\n", "│ ", "\\n", '"', "{", "}", '"errorCode": ', "&quot;", "\x1b[31m", "\\u00", "arn:aws:"),
        *("An error occurred (", ") when calling the ", "Encoded authorization failure message: ", "A" * 40),
        *("Value (", "Invalid IAM Instance Profile name"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40).map("".join))
def test_no_text_is_too_broken(text):
    reading = read(text)
    assert all(error.count >= 1 and error.message for error in reading.errors)
