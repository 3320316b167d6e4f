"""Token buckets, as EC2 documents them and as IAM behaves: a caller that is too fast is throttled.

Rests on https://docs.aws.amazon.com/AWSEC2/latest/APIReference/throttling.html. IAM's limits are not
published; its buckets here are on the safe side. A world has none unless its fleet says `limits = true`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

_READS = ("Describe", "Get", "List", "Simulate", "Lookup")
_EC2_SLOW = {"RunInstances": (5, 2), "StartInstances": (5, 2)}
_EC2_CHANGES = {
    "AssociateIamInstanceProfile": (100, 5),
    "DisassociateIamInstanceProfile": (100, 5),
    "CreateLaunchTemplateVersion": (100, 5),
    "ModifyLaunchTemplate": (100, 5),
    "ModifyInstanceMetadataOptions": (100, 5),
}
_ALL_READS, _OTHER_CHANGES = (100, 20), (50, 5)
_IAM_READS, _IAM_CHANGES = (100, 10), (10, 2)
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html: two a second.
_LOOKUPS = (2, 2)


@dataclass(slots=True)
class _Bucket:
    capacity: float
    rate: float
    tokens: float
    at: float

    def take(self, now: float) -> bool:
        self.tokens = min(self.capacity, self.tokens + max(now - self.at, 0.0) * self.rate)
        self.at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


@dataclass(slots=True)
class Limits:
    """The buckets of a world: one for each account, region and API of EC2, two for an account's IAM."""

    buckets: dict[tuple[str, ...], _Bucket] = field(default_factory=dict)

    def allows(self, account: str, region: str, service: str, operation: str, now: float) -> bool:
        """Use up a token for a request; False where there is none."""
        found = _bucket(account, region, service, operation)
        if found is None:
            return True
        key, (capacity, rate) = found
        bucket = self.buckets.setdefault(key, _Bucket(capacity, rate, capacity, now))
        return bucket.take(now)


def _bucket(
    account: str, region: str, service: str, operation: str
) -> tuple[tuple[str, ...], tuple[float, float]] | None:
    reads = operation.startswith(_READS)
    if service == "ec2":
        size = _EC2_SLOW.get(operation) or _EC2_CHANGES.get(operation)
        return (account, region, operation), size or (_ALL_READS if reads else _OTHER_CHANGES)
    if service == "iam":
        return (account, "iam", "reads" if reads else "changes"), _IAM_READS if reads else _IAM_CHANGES
    if (service, operation) == ("cloudtrail", "LookupEvents"):
        return (account, region, operation), _LOOKUPS
    return None
