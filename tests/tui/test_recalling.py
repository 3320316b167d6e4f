"""What is recalled comes in order, and no page of it is made before its turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instance_profiles.inventory.model import Batch, Coverage
from tui.recalling import Recalling

if TYPE_CHECKING:
    from collections.abc import Iterator


def pages(made: list[str], *names: str) -> Iterator[Batch]:
    for name in names:
        made.append(name)
        yield Batch(Coverage("123456789012", None, name, "loading"))


def test_pages_are_made_one_by_one_in_the_order_of_their_places() -> None:
    made: list[str] = []
    recalling = Recalling()
    assert not recalling
    recalling.add(pages(made, "a", "b"))
    recalling.add(pages(made))
    recalling.add(pages(made, "c"))
    assert recalling
    assert made == ["a"]
    taken = []
    while recalling:
        taken.append(recalling.popleft())
    assert [page.coverage.source for page in taken] == made == ["a", "b", "c"]
    with pytest.raises(IndexError):
        recalling.popleft()
