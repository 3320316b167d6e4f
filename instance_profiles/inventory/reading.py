"""Reading one listing of one account and region, and telling how far it came."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.action_names import sdk_call
from instance_profiles.aws.errors import AwsError, CredentialsInvalid, Denied, RegionDisabled
from instance_profiles.aws.offered import why_not_offered
from instance_profiles.inventory.conversion import converted
from instance_profiles.inventory.model import Batch, Coverage, CoverageState, LoadEvent, Object
from instance_profiles.inventory.sources import EXTRA_SOURCES, USE_SOURCES
from instance_profiles.inventory.wanted import WANTED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

Convert = Callable[[dict[str, Any]], tuple[Object, ...]]

log = logging.getLogger(__name__)


class Scope(msgspec.Struct, frozen=True):
    """What a listing belongs to: the way to AWS, the account id, the region, and whom to tell.

    `may_be_disabled` where nobody said which regions are enabled: one that is not answers as if the
    credentials were wrong, though they are good elsewhere.
    """

    aws: AwsAccount
    account: str
    partition: str
    region: str | None
    tell: Callable[[LoadEvent], None]
    may_be_disabled: bool = False

    def within(self, region: str, *, may_be_disabled: bool) -> Self:
        return msgspec.structs.replace(self, region=region, may_be_disabled=may_be_disabled)


async def read_listing(
    scope: Scope,
    source: str,
    parameters: Mapping[str, Any],
    convert: Convert,
    *,
    complete: bool = True,
    at: str | None = None,
) -> AwsError | None:
    """Read all pages of a listing and tell each; returns what stopped it, already told, or None.

    `convert` runs where answers are read, page by page in their order; see `AwsAccount.listing`.
    With `complete` False the end is left to the caller, who has more to read for the same source. `at` is
    the region to ask where the source belongs to no region.
    """
    service, operation = sdk_call(source)

    def wait(why: str) -> None:
        scope.tell(Batch(_coverage(scope, source, "loading", why)))

    tell_begin(scope, source)
    try:
        pages = scope.aws.listing(
            service,
            operation,
            WANTED[source],
            partial(converted, source, convert),
            parameters,
            region=at or scope.region,
            tell=wait,
        )
        async for objects in pages:
            tell_objects(scope, source, objects)
    except AwsError as error:
        await tell_end(scope, source, error)
        return error
    if complete:
        await tell_end(scope, source)
    return None


async def read_once(
    scope: Scope, source: str, parameters: Mapping[str, Any], convert: Convert
) -> AwsError | None:
    """As `read_listing`, for a call that has no pages."""
    service, operation = sdk_call(source)
    tell_begin(scope, source)
    try:
        answer = await scope.aws.call(service, operation, parameters, region=scope.region)
        tell_objects(scope, source, converted(source, convert, answer))
    except AwsError as error:
        await tell_end(scope, source, error)
        return error
    await tell_end(scope, source)
    return None


def tell_begin(scope: Scope, source: str) -> None:
    """Tell that a source is being read from its beginning."""
    scope.tell(Batch(_coverage(scope, source, "loading")))


def tell_objects(scope: Scope, source: str, objects: tuple[Object, ...]) -> None:
    """Tell a page; an empty one is kept back, because an empty loading batch means a new beginning."""
    if objects:
        scope.tell(Batch(_coverage(scope, source, "loading"), objects))


async def tell_end(scope: Scope, source: str, error: AwsError | None = None) -> None:
    """Tell that a source is complete, or what stopped it."""
    if error is None:
        scope.tell(Batch(_coverage(scope, source, "complete")))
        return
    log.warning("%s in %s: %s", source, scope.region or "all regions", error)
    if scope.may_be_disabled and isinstance(error, CredentialsInvalid):
        cause = f"Region {scope.region} is most likely not enabled for this account ({error.code})."
        scope.tell(Batch(_coverage(scope, source, "disabled", cause)))
        return
    if source in EXTRA_SOURCES:
        # Fleets use instance profiles: a crash must not make them look as if there were none.
        crash_counts = source not in USE_SOURCES
        lacking = await why_not_offered(scope.aws, error, crash_counts=crash_counts)
        if lacking is not None:
            scope.tell(Batch(_coverage(scope, source, "disabled", lacking)))
            return
    scope.tell(Batch(_coverage(scope, source, state_of(error), str(error))))


def state_of(error: AwsError) -> CoverageState:
    """The coverage state that an error leaves behind."""
    if isinstance(error, Denied):
        return "denied"
    return "disabled" if isinstance(error, RegionDisabled) else "failed"


def _coverage(scope: Scope, source: str, state: CoverageState, cause: str | None = None) -> Coverage:
    return Coverage(scope.account, scope.region, source, state, cause)
