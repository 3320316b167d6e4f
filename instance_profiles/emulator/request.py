"""One request on its way through the emulator: who asks what, where, and whether they may."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.authority import Evaluation, evaluate, evaluate_fault
from instance_profiles.emulator.circumstances import circumstances
from instance_profiles.emulator.denials import denied
from instance_profiles.emulator.refusal import RefusalError
from instance_profiles.emulator.service_models import action_prefix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.emulator.resources import Account, Caller, Region, Role
    from instance_profiles.emulator.world import World

_DRY_RUN = "Request would have succeeded, but DryRun flag is set."


@dataclass(slots=True)
class Request:
    """`form` is the request as it came: DryRun counts on EC2 even where the model has no such member."""

    world: World
    caller: Caller
    service: str
    operation: str
    region_name: str
    parameters: Mapping[str, Any]
    form: Mapping[str, str]
    evaluations: list[Evaluation] = field(default_factory=list)
    """What was judged so far; a denied one is the last."""
    at: float = 0.0
    """When it came, for one of the past."""

    @property
    def account(self) -> Account:
        return self.world.accounts[self.caller.account]

    @property
    def region(self) -> Region:
        return self.account.region(self.region_name)

    @property
    def now(self) -> float:
        return self.at or self.world.clock.now()

    @property
    def is_denied(self) -> bool:
        return bool(self.evaluations) and self.evaluations[-1].denial is not None

    @property
    def action(self) -> str:
        return f"{action_prefix(self.service)}:{self.operation}"

    def authorize(self, resource: str = "", *, action: str | None = None) -> None:
        """Raise the service's own refusal if the caller may not do this request's (or that) action."""
        wanted = action or self.action
        evaluation = self._evaluation(wanted, resource)
        self.evaluations.append(evaluation)
        if evaluation.denial is not None:
            raise denied(self, evaluation, evaluation.denial)

    def _evaluation(self, action: str, resource: str) -> Evaluation:
        fault = self.world.faults.denial(action, self.region_name, resource)
        if fault is None and not self.caller.enforced:
            return Evaluation(action, resource)
        context = circumstances(self, action, resource)
        if fault is not None:
            return evaluate_fault(self.account, self.caller, fault, action, resource, context)
        return evaluate(self.account, self.caller, action, resource, context)

    def authorize_pass_role(self, role: Role | None) -> None:
        """Raise unless the caller may pass the role; without a role there is nothing to pass."""
        if role is not None:
            self.authorize(role.arn, action="iam:PassRole")

    def end_dry_run(self) -> None:
        """Raise DryRunOperation if this is a dry run: all that it checks is checked."""
        if self.form.get("DryRun", "").lower() == "true":
            raise RefusalError("DryRunOperation", _DRY_RUN)
