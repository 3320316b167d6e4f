"""What names an object, and how one object points to another."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal[
    "instance-profile",
    "role",
    "instance",
    "association",
    "launch-template",
    "launch-configuration",
    "auto-scaling-group",
    "spot-fleet",
    "ec2-fleet",
    "named-profile",
    "caller",
    "account",
    "region",
]


class ObjectRef(msgspec.Struct, frozen=True, order=True, gc=False):
    """What names one object in findings, plans and the journal; equal refs are the same object.

    `id` is the stable key of the object's kind: AIPA... and AROA... ids, i-..., iip-assoc-..., lt-...; the
    name for scaling groups, launch configurations and named profiles; the account id or region name for
    those; the ARN for a caller. `region` is None for global objects (IAM, named profiles, accounts).
    """

    kind: Kind
    account: str
    region: str | None
    id: str
    name: str
    arn: str | None = None


class InstanceProfileRef(msgspec.Struct, frozen=True, gc=False):
    """How an instance or an association points to its instance profile (`IamInstanceProfile{Arn,Id}`)."""

    arn: str
    id: str

    @property
    def name(self) -> str:
        """The part after the last slash; instance profile names hold no slash."""
        return self.arn.rpartition("/")[2]
