"""The calls of the recording, short enough to read a statement's test like the statement."""

from __future__ import annotations

from typing import Any

from tests.emulator.calling import Aws, Refused


class Recorded(Aws):
    def instance(self, name: str) -> str:
        """The id of an instance by its name."""
        instances = self.world.account.region(self.region).instances.values()
        return next(instance.id for instance in instances if instance.tags.get("Name") == name)

    def arn(self, name: str) -> str:
        """The ARN of an instance profile."""
        return self.world.account.instance_profiles[name.casefold()].arn

    def wait(self, seconds: float) -> None:
        self.world.clock.advance(seconds)

    def attach(self, name: str, profile: str) -> dict[str, Any]:
        """The parameters that associate an instance profile by Arn."""
        return {"InstanceId": self.instance(name), "IamInstanceProfile": {"Arn": self.arn(profile)}}

    async def associate(self, name: str, profile: str) -> dict[str, Any]:
        reply = await self("ec2", "AssociateIamInstanceProfile", **self.attach(name, profile))
        return dict(reply["IamInstanceProfileAssociation"])

    async def replace(self, association_id: str, profile: str) -> dict[str, Any]:
        reply = await self("ec2", "ReplaceIamInstanceProfileAssociation", **self.to(association_id, profile))
        return dict(reply["IamInstanceProfileAssociation"])

    def to(self, association_id: str, profile: str) -> dict[str, Any]:
        return {"AssociationId": association_id, "IamInstanceProfile": {"Arn": self.arn(profile)}}

    async def disassociate(self, association_id: str) -> dict[str, Any]:
        reply = await self("ec2", "DisassociateIamInstanceProfile", AssociationId=association_id)
        return dict(reply["IamInstanceProfileAssociation"])

    async def associations(self, name: str) -> list[dict[str, Any]]:
        reply = await self(
            "ec2",
            "DescribeIamInstanceProfileAssociations",
            Filters=[{"Name": "instance-id", "Values": [self.instance(name)]}],
        )
        return list(reply["IamInstanceProfileAssociations"])

    async def states(self, name: str) -> list[str]:
        return [association["State"] for association in await self.associations(name)]

    async def described(self, name: str) -> dict[str, Any]:
        reply = await self("ec2", "DescribeInstances", InstanceIds=[self.instance(name)])
        return dict(reply["Reservations"][0]["Instances"][0])

    async def shown_profile(self, name: str) -> str | None:
        """The name of the instance profile that DescribeInstances shows."""
        shown = (await self.described(name)).get("IamInstanceProfile")
        return shown["Arn"].rpartition("/")[2] if shown else None

    async def settled(self, name: str, profile: str) -> str:
        """Associate and wait until it is associated; returns the id."""
        association = await self.associate(name, profile)
        self.wait(10)
        assert await self.states(name) == ["associated"]
        return str(association["AssociationId"])

    async def change_state(self, operation: str, name: str) -> dict[str, Any]:
        return await self("ec2", operation, InstanceIds=[self.instance(name)])

    async def refused_association(self, name: str, profile: str, **rest: Any) -> Refused:
        parameters = self.attach(name, profile)
        return await self.refused("ec2", "AssociateIamInstanceProfile", **parameters, **rest)
