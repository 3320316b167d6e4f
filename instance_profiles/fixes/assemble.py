"""Making a plan whole: what every recipe fills in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.findings.owner import line
from instance_profiles.fixes.owned import owner_warnings, owners_touched, take_over_notes
from instance_profiles.fixes.plan import BlastRadius, Plan, permissions_of
from instance_profiles.fixes.situation import subject_instance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.fixes.plan import Step
    from instance_profiles.fixes.recipe import Recipe
    from instance_profiles.fixes.situation import Situation
    from instance_profiles.inventory.model import Instance, ObjectRef

UP_TO_AN_HOUR = (
    "Running instances get the new credentials at their next refresh, which can take up to 1 hour; "
    "reattach forces it."
)
SECONDS = "Credentials change on the instances within seconds; SDKs may keep cached ones a little longer."


def assemble(
    recipe: Recipe,
    situation: Situation,
    *,
    title: str,
    steps: Iterable[Step],
    reaches: BlastRadius | None = None,
    typed: bool = False,
    **more: Any,
) -> Plan:
    """A plan for the finding; `typed` asks for the typed name even where no running instance is affected.

    A change behind the back of an owner asks for it as well, and says what drifts and where the lasting
    change belongs.
    """
    steps = tuple(steps)
    reaches = reaches or BlastRadius()
    owned = owners_touched(steps, situation.account, situation.inventory)
    asks = bool(steps) and (typed or reaches.running > 0 or bool(owned))
    warnings, notes = tuple(more.pop("warnings", ())), tuple(more.pop("notes", ()))
    return Plan(
        finding=situation.finding.id,
        recipe=recipe.name,
        title=title,
        subject=situation.subject,
        account=situation.account,
        partition=situation.partition,
        steps=steps,
        blast_radius=reaches,
        permissions=permissions_of(steps),
        typed_name=typeable(_in_question(situation)) if asks else None,
        owners=tuple(dict.fromkeys(line(one.owner) for one in owned)),
        warnings=(*warnings, *owner_warnings(owned, warnings)),
        notes=(*notes, *take_over_notes(steps, situation.subject, owned, situation.inventory)),
        **more,
    )


def _in_question(situation: Situation) -> ObjectRef:
    """What a person types the name of: an association has none, its instance has."""
    instance = subject_instance(situation) if situation.subject.kind == "association" else None
    return instance.ref if instance else situation.subject


def typeable(ref: ObjectRef) -> str:
    """The name of an object where a person can type it, its id otherwise: tags may hold anything."""
    plain = ref.name.isascii() and ref.name.isprintable() and ref.name == ref.name.strip()
    return ref.name if ref.name and plain else ref.id


def managed_warnings(instances: Iterable[Instance]) -> tuple[str, ...]:
    """A warning for each AWS service that manages some of the instances."""
    owners = {
        instance.operator.principal or "an AWS service"
        for instance in instances
        if instance.operator and instance.operator.managed
    }
    return tuple(
        f"{owner} manages some of these instances; it may refuse the change or undo it."
        for owner in sorted(owners)
    )


def counted(number: int, word: str) -> str:
    """`1 instance`, `2 instances`."""
    return f"{number} {word}{'' if number == 1 else 's'}"
