"""The page about fleet files names every key that there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from instance_profiles.emulator import fleet_format

PAGE = (Path(__file__).parents[2] / "docs" / "fleet.md").read_text()
PARTS = [
    part
    for part in vars(fleet_format).values()
    if isinstance(part, type) and issubclass(part, fleet_format.Part) and part.__struct_fields__
]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_key_is_named(part):
    assert [key for key in part.__struct_fields__ if f"`{key}`" not in PAGE and f"[{key}]" not in PAGE] == []
