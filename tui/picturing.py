"""What the next start begins with: the snapshot, and the picture (`picture`) of what the first view shows."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from tui.headline import size_of, title_of
from tui.picture import Line, Picture, keep
from tui.screens.frame import FIRST_VIEW
from tui.still import keep_frame
from tui.views.catalogue import VIEWS, tree_of
from widgets.tree_rows import VisibleRows
from widgets.turns import give_way

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tui.still import Still
    from tui.store import Store
    from tui.workspace import Workspace

_log = logging.getLogger("iptui")
MOST_LINES = 200
"""More than any terminal has, so that the scroll bar tells that there are more."""


async def leave_behind(
    workspace: Workspace, store: Store, freeze: Callable[[Picture | None], Still | None]
) -> None:
    """Put on disk what was read; the picture only where the next start will know whose it is.

    `freeze` makes the still of a picture, or of the frame alone.
    """
    frame = freeze(None)
    await give_way()
    picture = picture_of(store, workspace.read_at)
    await give_way()
    picture = msgspec.structs.replace(picture, still=freeze(picture))
    is_known = await workspace.keep_snapshot()
    settings = workspace.settings
    if settings.snapshot and not settings.regions and workspace.inventory.callers:
        kept = partial(keep, workspace.resolved, workspace.ways, picture if is_known else None)
        await _written("picture", kept)
    if frame is not None:
        await _written("frame", partial(keep_frame, workspace.resolved, frame))


async def _written(what: str, keeping: Callable[[], None]) -> None:
    try:
        await asyncio.to_thread(keeping)
    except OSError as error:
        _log.warning("The %s for the next start could not be written: %s", what, error)


def picture_of(store: Store, read_at: datetime) -> Picture:
    """As the first view is when it is opened, with nothing marked, sought or shown alone."""
    view = VIEWS[FIRST_VIEW]
    tree = tree_of(view, store, lambda: None)
    rows = VisibleRows(tree, tree.roots() if view.opened is None else view.opened)
    title = title_of(store, read_only=False)
    return Picture(
        account=title.account,
        account_id=title.account_id,
        identity=title.identity,
        size=size_of(store.inventory),
        counts=store.counts(),
        muted=len(store.muted),
        read_at=read_at,
        lines=tuple(_line(rows, index) for index in range(min(len(rows), MOST_LINES))),
    )


def _line(rows: VisibleRows, index: int) -> Line:
    key = rows.key(index)
    row = rows.source.row(key)
    return Line(
        key=key,
        label=row.label,
        kind=row.kind,
        depth=rows.depth(index),
        open=rows.is_open(index) if rows.source.has_children(key) else None,
        facts=row.facts,
        value=row.value,
        severity=row.severity,
        counts=dict(row.counts),
        total=row.total,
    )
