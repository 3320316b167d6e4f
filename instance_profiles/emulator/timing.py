"""How long things take in the emulated AWS, in seconds; a fleet file may change each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Timing:
    """The defaults lie within what was recorded of AWS in us-east-1.

    Where a recording gave no time (`replaced`, later retries) the default is a guess on the quick side.
    """

    associate: float = 1.0
    """associating to associated on a running instance whose role EC2 can assume."""
    retry_first: float = 3.0
    retry_factor: float = 1.95
    retry_longest: float = 300.0
    """Where EC2 cannot assume the role it tries again after gaps of about 3, 6, 11, 21 s."""
    replaced: float = 2.0
    """The replaced association is listed as disassociating for so long."""
    disassociate: float = 0.5
    shown_attached: float = 0.15
    """DescribeInstances shows a new instance profile so long after Associate's reply ..."""
    shown_replaced: float = 0.8
    """... after Replace's ..."""
    shown_detached: float = 0.5
    """... and stops showing it so long after Disassociate's."""
    state_lag: float = 0.1
    """DescribeInstances shows the state before Stop, Start, Terminate for so long."""
    launch: float = 5.0
    start: float = 5.0
    stop: float = 25.0
    profile_dropped: float = 13.0
    """From Terminate until the instance profile and its association are gone."""
    terminate: float = 20.0
    forget_terminated: float = 3600.0
    metadata: float = 2.0
    propagation: float = 8.0
    """Until EC2 knows a new instance profile."""
    authorization_details: float = 4.0
    """Until GetRequestAuthorizationDetails knows a denial; AWS says seconds."""
    trail: float = 5.0
    """Until CloudTrail tells an event; AWS takes minutes."""
    query_queued: float = 0.5
    query_runs: float = 2.0
    """How long a query of Athena or CloudTrail Lake waits and runs."""
    session: float = 3600.0
    instance_refresh: float = 30.0

    def retry_gap(self, attempts: int) -> float:
        """Seconds from the attempts-th failure (from 1) to the next try."""
        return min(self.retry_first * self.retry_factor ** (attempts - 1), self.retry_longest)
