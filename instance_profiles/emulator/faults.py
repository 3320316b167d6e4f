"""Trouble on request: denials, delays, silence, HTML pages, throttling."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal


@dataclass(slots=True)
class Denial:
    """Denies an action (`ec2:DescribeInstances`, `iam:*`), everywhere or in a region or on a resource.

    `by` is the kind of policy as AWS spells it in its message, `policy` the ARN that it may add.
    """

    action: str
    region: str | None = None
    resource: str | None = None
    effect: Literal["implicit", "explicit"] = "implicit"
    by: str = "identity-based policy"
    policy: str | None = None

    def hits(self, action: str, region: str, resource: str) -> bool:
        return (
            fnmatchcase(action, self.action)
            and self.region in (None, region)
            and (self.resource is None or fnmatchcase(resource, self.resource))
        )

    def reason(self, action: str) -> str:
        """The part of AWS's sentence that says which policy denied."""
        if self.effect == "implicit":
            return f"because no {self.by} allows the {action} action"
        article = "an" if self.by.startswith("identity") else "a"
        return f"with an explicit deny in {article} {self.by}" + (f": {self.policy}" if self.policy else "")


@dataclass(slots=True)
class Place:
    """Some requests: those of an operation (`ec2:DescribeInstances`, `DescribeInstances`, `*`) and region."""

    operation: str = "*"
    region: str | None = None

    def holds(self, service: str, operation: str, region: str) -> bool:
        named = fnmatchcase(operation, self.operation) or fnmatchcase(
            f"{service}:{operation}", self.operation
        )
        return named and self.region in (None, region)


@dataclass(slots=True)
class Delay(Place):
    seconds: float = 0.0


@dataclass(slots=True)
class Html(Place):
    status: int = 200


@dataclass(slots=True)
class Throttle(Place):
    times: int = 1


@dataclass(slots=True)
class Faults:
    """Everything that goes wrong at the moment."""

    denials: list[Denial] = field(default_factory=list)
    delays: list[Delay] = field(default_factory=list)
    silent: list[Place] = field(default_factory=list)
    html: list[Html] = field(default_factory=list)
    throttles: list[Throttle] = field(default_factory=list)

    def denial(self, action: str, region: str, resource: str = "") -> Denial | None:
        return next((d for d in self.denials if d.hits(action, region, resource)), None)

    def delay(self, service: str, operation: str, region: str) -> float:
        return sum(d.seconds for d in self.delays if d.holds(service, operation, region))

    def is_silent(self, service: str, operation: str, region: str) -> bool:
        return any(place.holds(service, operation, region) for place in self.silent)

    def html_status(self, service: str, operation: str, region: str) -> int | None:
        return next((h.status for h in self.html if h.holds(service, operation, region)), None)

    def throttled(self, service: str, operation: str, region: str) -> bool:
        """Tell whether to refuse this request, which uses up one of the times that were asked for."""
        for throttle in self.throttles:
            if throttle.times > 0 and throttle.holds(service, operation, region):
                throttle.times -= 1
                return True
        return False
