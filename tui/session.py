"""The worker behind the screen: opens the accounts, reads everything, and looks again where time decides.

It touches no widget and keeps no state of the screen; it posts messages.
"""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from instance_profiles.aws.errors import AwsError
from instance_profiles.inventory.collecting import DRAWING, collecting_rarely
from instance_profiles.inventory.model import Caller
from instance_profiles.inventory.passing import waiting_instances
from tui.messages import (
    Arrived,
    LoadBroke,
    LoadEnded,
    LoadStarted,
    Recalled,
    RecallEnded,
    Reread,
    WorkspaceOpened,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractAsyncContextManager

    from textual.message import Message

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Association, ObjectRef
    from tui.last_time import LastTime
    from tui.workspace import Workspace

LOOK_AGAIN_SECONDS = 2.0
YOUNG = timedelta(seconds=90)
OLD_EVERY = 10
"""Associations in transition are read every two seconds while young, every twenty once they are stuck."""


class Session:
    """One open workspace and the loads in it; `run` lives as long as the screen.

    `shown` is the inventory that has what `last_times` left, which was shown before AWS was asked who calls.
    """

    def __init__(
        self,
        open_workspace: Callable[[], AbstractAsyncContextManager[Workspace]],
        post: Callable[[Message], object],
        shown: Inventory,
        last_times: Sequence[LastTime] = (),
    ) -> None:
        self._open_workspace = open_workspace
        self._post = post
        self._shown = shown
        self._last_times = last_times
        self._wanted = asyncio.Event()
        self._judged = asyncio.Event()

    def judged(self) -> None:
        """All that a load brought is taken in and judged."""
        self._judged.set()

    def reload(self) -> None:
        """Read everything again as soon as the present reading is done."""
        self._wanted.set()

    async def run(self) -> None:
        try:
            async with self._open_workspace() as workspace:
                recalled = await self._go_on(workspace)
                self._post(WorkspaceOpened(workspace))
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._load_for_ever(workspace, recalled))
                    tasks.create_task(self._watch_transitions(workspace))
        except* AwsError as group:
            self._post(LoadBroke(str(group.exceptions[0])))

    async def _go_on(self, workspace: Workspace) -> set[str]:
        """Go on with what is shown already, or begin anew if anybody else calls; the accounts it is of."""
        if not self._last_times or not await workspace.is_as(self._last_times):
            return set()
        workspace.inventory = self._shown
        return {last.caller.account for last in self._last_times}

    async def _load_for_ever(self, workspace: Workspace, recalled: set[str]) -> None:
        for number in itertools.count():
            self._post(LoadStarted())
            self._judged.clear()
            with collecting_rarely(DRAWING):
                async for event in workspace.load():
                    self._post(Arrived(event))
                    # A caller comes again when the account's name is known.
                    if number == 0 and isinstance(event, Caller) and event.account not in recalled:
                        recalled.add(event.account)
                        await self._recall(workspace, event)
                self._post(LoadEnded())
                await self._judged.wait()  # findings are as many
            await self._wanted.wait()
            self._wanted.clear()

    async def _recall(self, workspace: Workspace, caller: Caller) -> None:
        """What arrives meanwhile waits: newer data must never be followed by older."""
        async for place in workspace.recall(caller):
            self._post(Recalled(caller, place))
        self._post(RecallEnded())

    async def _watch_transitions(self, workspace: Workspace) -> None:
        """AWS tells no times, so whether a transition is stuck is only learnt by looking again."""
        for look in itertools.count(1):
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            await workspace.keep()
            refs = _in_transition(workspace.inventory, old=look % OLD_EVERY == 0)
            if refs:
                await workspace.reread(refs)
                self._post(Reread())


def _in_transition(inventory: Inventory, *, old: bool) -> list[ObjectRef]:
    """Instances in a state that is normal in passing; a stopped instance's association may wait for ever."""
    now = datetime.now(UTC)
    refs: dict[ObjectRef, None] = {}
    for association in inventory.moving_associations():
        instance = inventory.instance(association.account, association.region, association.instance_id)
        if instance is not None and instance.state == "running" and (old or _is_young(association, now)):
            refs[instance.ref] = None
    if old:
        refs.update(dict.fromkeys(waiting_instances(inventory)))
    return list(refs)


def _is_young(association: Association, now: datetime) -> bool:
    return association.first_seen is None or now - association.first_seen < YOUNG
