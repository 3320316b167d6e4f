"""What says of an instance that Systems Manager is to patch it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from instance_profiles.inventory.model import Instance

_PATCH_TAGS = ("Patch Group", "PatchGroup")


def patch_tag(instance: Instance) -> str | None:
    """The tag that puts an instance into a patch group, which only a managed one can be patched by."""
    return next((key for key in _PATCH_TAGS if key in instance.tags), None)
