"""What a listing's answer looks like, as far as it is wanted: cut out of the SDK's model, and free of it.

A layout is plain data, so that a process without the SDK can read answers by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from botocore.model import Shape

    from instance_profiles.aws.xml_values import Wanted

_HOLDERS: Final = ("structure", "list", "map")


class Layout(msgspec.Struct, frozen=True):
    """One element of an answer.

    `tag` is the name it is written with, `whole` says that all its members are wanted, `item` is what a list
    holds. `wrapper` is the element around the whole answer in the query protocol. `holders_left_out` are the
    tags of members that hold others and are not wanted.
    """

    kind: str
    tag: str
    whole: bool = True
    members: Mapping[str, Layout] = {}
    holders_left_out: tuple[str, ...] = ()
    item: Layout | None = None
    wrapper: str | None = None

    def the_item(self) -> Layout:
        """What a list holds."""
        if self.item is None:
            raise ValueError(f"{self.tag} is not a list")
        return self.item


def layout_of(shape: Shape, wanted: Wanted | None, tag: str = "") -> Layout:
    """The layout of a shape of the SDK's model, with the `wanted` members only.

    Raises:
        ValueError: it has a flattened list, which is not read here.
    """
    of_shape: Any = shape
    if shape.type_name == "structure":
        members, left_out = {}, []
        for name, member in of_shape.members.items():
            written = str(member.serialization.get("name", name))
            if wanted is None or name in wanted:
                members[name] = layout_of(member, None if wanted is None else wanted[name], written)
            elif member.type_name in _HOLDERS:
                left_out.append(written)
        wrapper = of_shape.serialization.get("resultWrapper")
        return Layout("structure", tag, wanted is None, members, tuple(left_out), wrapper=wrapper)
    if shape.type_name == "list":
        if of_shape.serialization.get("flattened"):
            raise ValueError(f"{shape.name} is a flattened list, which is not read here")
        item_tag = str(of_shape.member.serialization.get("name", "member"))
        return Layout("list", tag, wanted is None, item=layout_of(of_shape.member, wanted, item_tag))
    return Layout(shape.type_name, tag)
