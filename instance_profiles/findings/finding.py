"""A finding: one fault of one object, or the news that it could not be judged."""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec

from instance_profiles.inventory.model import ObjectRef

Severity = Literal["error", "warning", "info"]
Verdict = Literal["present", "unknown"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


class Finding(msgspec.Struct, frozen=True, gc=False):
    """`cause` fits a row (60 characters at most), `detail` tells what it means and what proves it.

    `fixes` are recipe names in order of preference. `source` is the address of the AWS document or issue
    that the rule rests on. With verdict `unknown`, `cause` says what could not be read.
    """

    id: str
    rule: str
    severity: Severity
    verdict: Verdict
    object: ObjectRef
    cause: str
    detail: str
    related: tuple[ObjectRef, ...] = ()
    fixes: tuple[str, ...] = ()
    source: str = ""


def finding_id(rule: str, subject: ObjectRef) -> str:
    """The same for the same fault in every scan: made of account, region, rule and object id."""
    key = "\x1f".join((subject.account, subject.region or "", rule, subject.kind, subject.id))
    return hashlib.blake2b(key.encode(), digest_size=6).hexdigest()
