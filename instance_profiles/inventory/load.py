"""Reading a whole account: every listing side by side, page by page, as events in the order they come.

Trouble with AWS never raises: it is told as coverage, and the rest goes on.
"""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec

from instance_profiles.aws.action_names import sdk_call
from instance_profiles.aws.config_files import read_sections
from instance_profiles.aws.errors import AwsError
from instance_profiles.aws.regions import enabled_regions, known_regions, misspelt
from instance_profiles.inventory import from_aws, sources
from instance_profiles.inventory.collecting import collecting_rarely
from instance_profiles.inventory.listings import read_account_wide, read_region
from instance_profiles.inventory.model import (
    Batch,
    Caller,
    Coverage,
    EnabledRegions,
    LoadEvent,
    LocalConfig,
    NamedProfile,
)
from instance_profiles.inventory.named_profiles import from_environment, from_sections
from instance_profiles.inventory.reading import Scope, state_of
from instance_profiles.inventory.wanted import WANTED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.inventory.model import CoverageState

ALL = "all"

_SERVICES: Final = tuple(dict.fromkeys(sdk_call(source)[0] for source in (sources.REGIONS, *WANTED)))
"""Those that listings need, in the order in which they are asked."""

LOG = logging.getLogger(__name__)


async def load(account: AwsAccount, regions: Sequence[str] = ()) -> AsyncIterator[LoadEvent]:
    """Read everything of one account; () and ("all",) stand for all enabled regions.

    The caller, the local AWS config and the regions come first, then pages of all listings as they arrive.
    Closing the iterator (`contextlib.aclosing`) or cancelling its reader stops everything at once.
    """
    if account.credentials_failed:
        # The person may have signed in again since.
        account.start_over()
    events: asyncio.Queue[LoadEvent | None] = asyncio.Queue()
    if account.unidentified:
        # An earlier load left this row; nothing else would take it back once the account is known.
        account.unidentified = False
        events.put_nowait(Batch(_unidentified(account, "complete")))
    with collecting_rarely():
        async with account.at_work():
            reading = asyncio.create_task(_read(account, tuple(regions), events))
            try:
                while (event := await events.get()) is not None:
                    yield event
                await reading
            finally:
                reading.cancel()
                with suppress(asyncio.CancelledError):
                    await reading


async def read_local_config() -> LocalConfig:
    """The named profiles of this machine; an unreadable config is told as coverage."""
    try:
        sections = await asyncio.to_thread(read_sections)
    except AwsError as error:
        return LocalConfig((), Coverage("", None, sources.LOCAL_CONFIG, "failed", str(error)))
    coverage = Coverage("", None, sources.LOCAL_CONFIG, "complete")
    return LocalConfig(from_sections(sections), coverage, from_environment(os.environ))


async def _read(
    account: AwsAccount, regions: tuple[str, ...], events: asyncio.Queue[LoadEvent | None]
) -> None:
    try:
        async with asyncio.TaskGroup() as tasks:
            config = tasks.create_task(_read_config(events))
            tasks.create_task(_read_account(account, regions, config, events))
    finally:
        events.put_nowait(None)


async def _read_config(events: asyncio.Queue[LoadEvent | None]) -> tuple[NamedProfile, ...]:
    config = await read_local_config()
    events.put_nowait(config)
    return config.named_profiles


async def _read_account(
    account: AwsAccount,
    regions: tuple[str, ...],
    config: asyncio.Task[tuple[NamedProfile, ...]],
    events: asyncio.Queue[LoadEvent | None],
) -> None:
    async with asyncio.TaskGroup() as tasks:
        enabled = tasks.create_task(_enabled(account))
        warming = tasks.create_task(_warm(account))
        caller = await _caller(account)
        if isinstance(caller, Coverage):
            enabled.cancel()
            warming.cancel()
            events.put_nowait(Batch(caller))
            return
        events.put_nowait(caller)
        events.put_nowait(
            Batch(Coverage(caller.account, None, sources.CALLER_IDENTITY, "complete")),
        )
        tasks.create_task(_read_alias(account, caller, events))
        scope = Scope(account, caller.account, caller.partition, None, events.put_nowait)
        tasks.create_task(read_account_wide(scope, config))
        listed = await enabled
        for region in await _regions(scope, regions, listed):
            place = scope.within(region, may_be_disabled=isinstance(listed, AwsError))
            tasks.create_task(read_region(place))


async def _warm(account: AwsAccount) -> None:
    """Read from disk what the listings need of the SDK while the first calls are on their way."""
    with suppress(AwsError):  # who asks for the caller meets it again and says it
        await account.warm(_SERVICES)


async def _caller(account: AwsAccount) -> Caller | Coverage:
    try:
        answer = await account.identity(fresh=account.was_loaded)
    except AwsError as error:
        account.unidentified = True
        return _unidentified(account, state_of(error), str(error))
    account.was_loaded = True
    return from_aws.caller(answer, account.connection.named_profile)


def _unidentified(account: AwsAccount, state: CoverageState, cause: str | None = None) -> Coverage:
    """The row of a caller whose account is not known: each named profile has its own."""
    return Coverage("", None, sources.CALLER_IDENTITY, state, cause, account.connection.named_profile)


async def _read_alias(account: AwsAccount, caller: Caller, events: asyncio.Queue[LoadEvent | None]) -> None:
    """The account's name, for people only: no verdict rests on it, so it has no coverage."""
    try:
        answer = await account.call("iam", "ListAccountAliases")
    except AwsError as error:
        LOG.info("the account's name could not be read: %s", type(error).__name__)
        return
    aliases = answer.get("AccountAliases", [])
    if aliases:
        events.put_nowait(msgspec.structs.replace(caller, account_alias=aliases[0]))


async def _enabled(account: AwsAccount) -> tuple[str, ...] | AwsError:
    try:
        return await enabled_regions(account)
    except AwsError as error:
        return error


async def _regions(
    scope: Scope, asked: tuple[str, ...], enabled: tuple[str, ...] | AwsError
) -> tuple[str, ...]:
    """Tell which regions exist and which of them were asked for; returns those to read."""
    asked = () if ALL in asked else tuple(dict.fromkeys(asked))
    known = await known_regions(scope.aws)
    if isinstance(enabled, AwsError):
        names, listing = None, Coverage(scope.account, None, sources.REGIONS, state_of(enabled), str(enabled))
        readable, existing = asked or known, known
    else:
        names, listing = enabled, Coverage(scope.account, None, sources.REGIONS, "complete")
        readable = tuple(region for region in asked or enabled if region in enabled)
        existing = tuple(dict.fromkeys((*enabled, *known)))
    scope.tell(EnabledRegions(scope.account, names, readable))
    scope.tell(Batch(listing))
    for region in asked:
        if region not in readable:
            _tell_unreadable(scope, region, existing)
    return readable


def _tell_unreadable(scope: Scope, region: str, existing: tuple[str, ...]) -> None:
    for source in sources.REGIONAL_SOURCES:
        if region in existing:
            cause = f"Region {region} is not enabled for this account."
            coverage = Coverage(scope.account, region, source, "disabled", cause)
        else:
            coverage = Coverage(scope.account, region, source, "failed", misspelt(region, existing))
        scope.tell(Batch(coverage))
