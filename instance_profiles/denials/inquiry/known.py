"""What is known while an inquiry runs: the error, and what each step has added to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from instance_profiles.aws.account import AwsAccount
from instance_profiles.denials.attached import Held
from instance_profiles.denials.inquiry.step import Document, Ruling, StepName
from instance_profiles.denials.reading import ReadError
from instance_profiles.denials.trail.athena import TrailTable
from instance_profiles.denials.trail.event import TrailEvent
from instance_profiles.denials.trail.timing import Sleep
from instance_profiles.policies.principal import principal_of

BEFORE: Final = timedelta(hours=12)
"""How far back denied calls are looked for."""


class Scope(msgspec.Struct, frozen=True):
    """What an inquiry may do and when it is. `now` is in UTC; `sleep` takes seconds.

    The queries that AWS bills by what they read only run where they are wanted. `regions` are where a call
    may have been made whose region is not told; none stands for every one that is enabled.
    """

    now: datetime
    sleep: Sleep
    table: TrailTable | None = None
    athena: bool = False
    lake: bool = False
    regions: tuple[str, ...] = ()


class Known(msgspec.Struct, frozen=True):
    """`account` is the one that is asked, `source` the user or role behind the principal, once found.

    `context` are condition keys of the request that AWS itself has told.
    """

    error: ReadError
    account: str
    partition: str
    source: str | None = None
    action: str | None = None
    resource: str | None = None
    region: str | None = None
    context: Mapping[str, tuple[str, ...]] = {}
    rulings: tuple[Ruling, ...] = ()
    held: Held | None = None

    @property
    def whose(self) -> str:
        """The account of the principal, empty where it is not told."""
        return principal_of(self.error.principal).account if self.error.principal else ""

    @property
    def is_elsewhere(self) -> bool:
        """Whether the principal belongs to an account that is not the one being asked."""
        return bool(self.whose) and self.whose != self.account

    @property
    def ruling(self) -> Ruling | None:
        """The one to trust most: the first that says who denied."""
        denying = [one for one in self.rulings if one.decision == "deny"]
        return next((one for one in denying if one.denied_by), denying[0] if denying else None)


class Learnt(msgspec.Struct, frozen=True):
    """What a step brought: for whoever watches, and for the steps after it."""

    words: str
    known: Known
    ruling: Ruling | None = None
    facts: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    events: tuple[TrailEvent, ...] = ()


class NothingToAsk(Exception):
    """It turned out that a step has nothing to ask; the text says why."""


class OnlyIfWanted(Exception):
    """The step would ask something that AWS bills; the text says what it would read."""


class Question(msgspec.Struct, frozen=True):
    """One kind of question. `why_not` says why there is nothing to ask, None where there is.

    `ask` yields words on how far it is, and at the end what was learnt.
    """

    name: StepName
    title: str
    call: str
    why_not: Callable[[Known, Scope], str | None]
    ask: Callable[[AwsAccount, Known, Scope], AsyncIterator[str | Learnt]]
