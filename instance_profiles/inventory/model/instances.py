"""Instances, their associations with instance profiles, and what says how they reach credentials."""

from __future__ import annotations

from datetime import datetime

import msgspec

from instance_profiles.inventory.model.references import InstanceProfileRef, ObjectRef


class MetadataOptions(msgspec.Struct, frozen=True, gc=False):
    """The instance metadata service as the instance has it (`MetadataOptions`)."""

    state: str
    http_endpoint: str
    http_tokens: str
    http_put_response_hop_limit: int


class Operator(msgspec.Struct, frozen=True, gc=False):
    """The AWS service that manages an instance, where one does."""

    managed: bool
    principal: str | None = None
    hidden_by_default: bool = False


class Instance(msgspec.Struct, frozen=True, gc=False):
    """An EC2 instance, cut down to what instance profiles are about."""

    account: str
    region: str
    instance_id: str
    arn: str
    state: str
    instance_type: str
    availability_zone: str
    launch_time: datetime
    iam_instance_profile: InstanceProfileRef | None = None
    metadata_options: MetadataOptions | None = None
    operator: Operator | None = None
    private_ip_address: str | None = None
    tags: dict[str, str] = {}

    @property
    def name(self) -> str:
        """The Name tag, or the id where the instance has none."""
        return self.tags.get("Name") or self.instance_id

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef("instance", self.account, self.region, self.instance_id, self.name, self.arn)


class Association(msgspec.Struct, frozen=True, gc=False):
    """An instance profile association. AWS was never seen to send its `Timestamp`, so `first_seen` is ours.

    `state` is associating, associated, disassociating or disassociated. `first_seen` is when iptui first
    read this id in this state (UTC), kept by the inventory across reloads.
    """

    account: str
    region: str
    association_id: str
    instance_id: str
    iam_instance_profile: InstanceProfileRef
    state: str
    first_seen: datetime | None = None

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef(
            "association", self.account, self.region, self.association_id, self.association_id, None
        )


class MetadataDefaults(msgspec.Struct, frozen=True, gc=False):
    """The account's defaults for instance metadata in one region; None where none is set.

    `managed_by` is `account` or `declarative-policy`; the latter refuses changes from inside the account.
    """

    account: str
    region: str
    managed_by: str | None = None
    http_endpoint: str | None = None
    http_tokens: str | None = None
    http_put_response_hop_limit: int | None = None
    http_tokens_enforced: str | None = None


class ManagedNode(msgspec.Struct, frozen=True, gc=False):
    """An instance as Systems Manager knows it; `ping_status` is Online, ConnectionLost or Inactive."""

    account: str
    region: str
    instance_id: str
    ping_status: str
