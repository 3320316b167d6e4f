"""The denials of the last hours around instance profiles, of all regions side by side."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import msgspec

from instance_profiles.aws.errors import AwsError, Denied
from instance_profiles.aws.regions import home_region
from instance_profiles.denials.trail.event import TrailEvent
from instance_profiles.denials.trail.lookup import lookup

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from datetime import datetime

    from instance_profiles.aws.account import AwsAccount

REGIONAL: Final = (
    "AssociateIamInstanceProfile",
    "ReplaceIamInstanceProfileAssociation",
    "DisassociateIamInstanceProfile",
    "RunInstances",
    "CreateLaunchTemplateVersion",
    "CreateAutoScalingGroup",
    "UpdateAutoScalingGroup",
    "AssumeRole",
)
"""Calls that name an instance profile, or pass its role. PassRole itself has no event (IAM user guide)."""
GLOBAL: Final = (
    "AddRoleToInstanceProfile",
    "RemoveRoleFromInstanceProfile",
    "CreateInstanceProfile",
    "DeleteInstanceProfile",
    "UpdateAssumeRolePolicy",
    "DeleteRole",
    "PutRolePermissionsBoundary",
)
"""Calls of IAM, whose events are in one region of the partition."""
MOST_PAGES: Final = 10
"""Pages read of one call and region: AssumeRole alone may fill hundreds, nearly all of them successes."""


class Heard(msgspec.Struct, frozen=True):
    """News of one region: the denials of one more page, the end of it, or why it could not be read.

    `looked_at` counts the events of the page. `cut` says that older pages of a call were left unread.
    """

    region: str
    denied: tuple[TrailEvent, ...] = ()
    looked_at: int = 0
    ended: bool = False
    cut: bool = False
    trouble: str = ""


async def recent_denials(
    account: AwsAccount, regions: Sequence[str], since: datetime, until: datetime
) -> AsyncGenerator[Heard, None]:
    """Look through the regions; trouble in one is told and holds no other up. Nothing is raised by AWS.

    Each region ends with a `Heard` that has `ended` set. Two requests a second go to each region.
    """
    await account.ready()
    home = home_region(account.partition)
    news: asyncio.Queue[Heard] = asyncio.Queue()
    readers = [
        asyncio.create_task(_read(account, region, region == home, since, until, news))
        for region in dict.fromkeys((*regions, *([home] if home else [])))
    ]
    try:
        left = len(readers)
        while left:
            heard = await news.get()
            left -= heard.ended
            yield heard
        await asyncio.gather(*readers)
    finally:
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)


async def _read(
    account: AwsAccount,
    region: str,
    is_home: bool,
    since: datetime,
    until: datetime,
    news: asyncio.Queue[Heard],
) -> None:
    trouble, cut = "", False
    try:
        for name in (*GLOBAL, *REGIONAL) if is_home else REGIONAL:
            pages = 0
            async for events in lookup(account, region, ("EventName", name), since, until):
                if pages == MOST_PAGES:
                    cut = True
                    break
                pages += 1
                denied = tuple(event for event in events if event.is_denied)
                news.put_nowait(Heard(region, denied, len(events)))
    except Denied:
        trouble = f"cloudtrail:LookupEvents is denied to you in {region}."
    except AwsError as error:
        trouble = str(error)
    finally:
        news.put_nowait(Heard(region, ended=True, cut=cut, trouble=trouble))
