"""The five views, in the order of their keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.views import by_instance, by_problem, by_role, estate, named_profiles
from tui.views.node import Node, Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.marks import Marks
    from tui.store import Mark, Store


@dataclass(frozen=True, slots=True)
class View:
    """`opened` are the places that stand open at first, beside the roots when None.

    Its title stands in `tui.screens.frame`.
    """

    id: str
    make_roots: Callable[[Store, Callable[[], Mark | None]], Sequence[Node]]
    opened: tuple[str, ...] | None = None


VIEWS: tuple[View, ...] = (
    View("problems", by_problem.roots),
    View("instance-profiles", lambda store, _shown: estate.roots(store), ("profiles",)),
    View("roles", lambda store, _shown: by_role.roots(store), ("held",)),
    View("instances", lambda store, _shown: by_instance.roots(store)),
    View("named", lambda store, _shown: named_profiles.roots(store)),
)


def tree_of(view: View, store: Store, shown: Callable[[], Mark | None], marks: Marks | None = None) -> Tree:
    return Tree(lambda: view.make_roots(store, shown), marks)
