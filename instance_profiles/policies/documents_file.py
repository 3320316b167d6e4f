"""The documents of one question in one file: whose policies there are, and what they say."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from instance_profiles.policies.decide import Grants

Held = dict[str, Any] | str
"""A policy document, parsed or as JSON text."""

_SHAPE: Final = {
    "principal": "an ARN or the name of a service",
    "identity": "a list of policy documents",
    "boundary": "a policy document or null",
    "scps": "a list of levels, each a list of policy documents",
    "resource_policy": "a policy document or null",
    "resource_account": "an account id or null",
    "session_policy": "a policy document or null",
    "trust": "a policy document or null",
}


class UnreadableDocuments(ValueError):
    """The file is not what it should be; the text says where and what is expected."""


class Documents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `iptui can --documents` reads. What is left out is not there and limits nothing."""

    principal: str = ""
    identity: list[Held] = []
    boundary: Held | None = None
    scps: list[list[Held]] = []
    resource_policy: Held | None = None
    resource_account: str | None = None
    session_policy: Held | None = None
    trust: Held | None = None

    @property
    def grants(self) -> Grants:
        return Grants(
            identity=self.identity,
            boundary=self.boundary,
            scps=self.scps,
            session=self.session_policy,
            resource=self.resource_policy,
            trust=self.trust,
        )


def documents_in(text: str | bytes) -> Documents:
    """Read the file's text.

    Raises:
        UnreadableDocuments: it is no JSON, or not in this shape.
    """
    try:
        return msgspec.json.decode(text, type=Documents)
    except msgspec.ValidationError as error:
        where = str(error).partition("at `$.")[2].split("`")[0].split("[")[0].split(".")[0]
        wanted = f": {where} is {_SHAPE[where]}" if where in _SHAPE else f"; its keys are {', '.join(_SHAPE)}"
        said = str(error).partition(" - at ")[0]
        raise UnreadableDocuments(f"{said}{wanted}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableDocuments(f"it is no JSON ({error})") from error
