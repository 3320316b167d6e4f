"""Judging an inventory as it changes: only what a change reaches, in parts that hold nobody up.

After `work` has said that all is done, the findings are those that `evaluate` would give, always. Between two
calls the inventory may change as it likes: what was judged before is marked again where that reaches it.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from instance_profiles.findings.catalogue import RULES, dependents
from instance_profiles.findings.coverage import scope_of, state_of, use_coverage
from instance_profiles.findings.evaluate import finding_of, unlisted
from instance_profiles.findings.reach import Reach
from instance_profiles.findings.resting import OnSources, OnTime
from instance_profiles.findings.scope import Judged, Scope, judged, whole
from instance_profiles.findings.view import ASKED, USE, View
from instance_profiles.inventory.passing import look_at, look_at_launches, looks
from instance_profiles.inventory.sources import ASSOCIATIONS, INSTANCES, SCALING_ACTIVITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator
    from datetime import datetime

    from instance_profiles.findings.coverage import UseCoverage
    from instance_profiles.findings.finding import Finding
    from instance_profiles.findings.scope import InRegion, Place
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Coverage, Object, RoleChange
    from instance_profiles.inventory.sightings import Passing

PART = 200
"""What is judged between two looks at the clock, in the units of `Scope.take`: some milliseconds."""
FOLLOWED = 20
"""Changes that are followed between two looks at how much they reach."""
_GAPS = ("denied", "failed", "disabled")
_SEEN = (INSTANCES, ASSOCIATIONS)
"""Sources without which it is not known what is in passing."""


class Judge:
    """The findings of one inventory, kept up to date. It watches the inventory from now on.

    `evaluations` counts the checks made so far: a change must not cost more than it reaches.
    """

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self.findings: dict[Judged, dict[str, Finding]] = {}
        """By object and rule."""
        self.unlisted: dict[str, Finding] = {}
        """By id: what is unknown because a listing could not be read."""
        self.evaluations = 0
        self._changes: deque[Object | None] = deque()
        """Of each change what was there and what is, one behind the other."""
        self._reach = Reach(inventory)
        self._scope = Scope()
        self._whole: dict[Place, None] = {}
        """Places where everything is to be judged, but for the one under way, which is `_parts`."""
        self._parts: Iterator[Scope] | None = None
        self._unseen: dict[tuple[str, str], None] = {}
        """Regions to look through for what is in passing, but for the one under way, which is `_looks`."""
        self._looks: Iterator[Iterable[Passing]] | None = None
        self._touched: set[Judged] = set()
        self._profiles: set[tuple[str, str]] = set()
        self._on_time = OnTime()
        self._on_sources = OnSources()
        self._dependents = dependents()
        self._coverage: dict[tuple[str, str | None, str], Coverage] = {}
        self._uses: dict[str, UseCoverage] = {}
        self._asked: dict[str, tuple[str, ...]] = {}
        self._regions: tuple[object, ...] = ()
        self._known: tuple[object, ...] = ()
        self._role_changes: dict[tuple[str, str], RoleChange] = {}
        inventory.watch(self._changed)
        self._mark_everything()

    @property
    def is_done(self) -> bool:
        """Whether everything that changed is judged, as far as changes of objects go."""
        return not (
            self._changes
            or self._reach
            or self._scope
            or self._whole
            or self._parts is not None
            or self._unseen
            or self._looks is not None
        )

    def work(self, now: datetime, may_go_on: Callable[[], bool] = lambda: True) -> bool:
        """Judge what is marked as of `now` (UTC), part by part while `may_go_on`; whether all is done."""
        for about in self._on_time.due(now):
            self._scope.mark(about)
        self._note_surroundings()
        while not self.is_done and may_go_on():
            self._do_some(now)
        return self.is_done

    def take_touched(self) -> set[Judged]:
        """The objects whose findings may be others than at the last call."""
        touched, self._touched = self._touched, set()
        return touched

    def take_profiles(self) -> set[tuple[str, str]]:
        """The instance profiles that were judged since the last call, by account and id."""
        profiles, self._profiles = self._profiles, set()
        return profiles

    def findings_of(self, about: Judged) -> list[Finding]:
        """What is wrong with one object, in no order; with a region or account what is unknown of it too."""
        own = list(self.findings.get(about, {}).values())
        if about[0] in ("region", "account", "named-profile"):
            own += [one for one in self.unlisted.values() if judged(one.object) == about]
        return own

    def _do_some(self, now: datetime) -> None:
        """One step, of some milliseconds whatever there is."""
        if self._changes or self._reach:
            self._follow(now)
        elif self._looks is not None or self._unseen:
            self._look_on(now)
        elif self._scope:
            self._judge(self._scope.take(PART), now)
        else:
            self._judge_on(now)

    # -- what changes reach --------------------------------------------------------------------------------

    def _changed(self, old: Object | None, new: Object | None) -> None:
        self._changes.append(old)
        self._changes.append(new)

    def _follow(self, now: datetime) -> None:
        """Mark what the oldest changes reach, and what by them came to be in passing or is over."""
        if len(self._changes) // 2 > len(self.inventory.instances) + PART:
            # Nearly all of it is new: what is marked whole needs no looking for what it reaches.
            self._changes.clear()
            self._reach = Reach(self.inventory)
            for about in self.findings:
                self._scope.mark(about)
            self._mark_everything()
            return
        reach, followed = self._reach, 0
        reach.go_on(PART)
        while self._changes and not reach and len(reach.scope) < PART and followed < PART:
            for _ in range(min(FOLLOWED, len(self._changes) // 2)):
                reach.changed(self._changes.popleft(), self._changes.popleft())
            followed += FOLLOWED
            reach.go_on(PART)
        scope = reach.take()
        ended = look_at(self.inventory, now, self._seen(scope.instances), self._seen(scope.associations))
        if scope.groups:
            places = {(account, region) for account, region, _ in scope.groups}
            ended |= look_at_launches(self.inventory, now, places)
        self._mark_passing(ended, scope)
        # A tag of an object may mute what is told of it, whatever the rules say of the change.
        self._touched.update(self.findings.keys() & set(scope.subjects()))
        self._scope.add(scope)

    def _seen(self, keys: Iterable[InRegion]) -> Iterable[InRegion]:
        """Without those of regions that will be looked through anyway."""
        unseen = self._unseen
        return [key for key in keys if key[:2] not in unseen] if unseen else keys

    def _mark_passing(self, changed: Iterable[Passing], scope: Scope) -> None:
        for passing in changed:
            key = (passing.account, passing.region, passing.id)
            if passing.state == "not-visible":
                scope.instance_profiles[passing.account, passing.id] = None
            elif passing.state in ("associating", "disassociating"):
                scope.associations[key] = None
            else:
                scope.instances[key] = None
                if passing.of:
                    scope.associations[passing.account, passing.region, passing.of] = None

    def _mark_everything(self) -> None:
        self._scope.local = True
        for account in self.inventory.callers:
            self._whole[account, None] = None
            for region in self._regions_of(account):
                self._whole[account, region] = None
                self._unseen[account, region] = None

    def _regions_of(self, account: str) -> list[str]:
        return list({r for a, r, _ in self.inventory.coverage if a == account and r is not None})

    # -- what else verdicts rest on ------------------------------------------------------------------------

    def _note_surroundings(self) -> None:
        """Mark what rests on coverage, callers and the local config, where these changed."""
        inventory = self.inventory
        self._note_local()
        known = self._coverage
        news = [
            (key, known.get(key), now) for key, now in inventory.coverage.items() if known.get(key) is not now
        ]
        if news:
            self._coverage = dict(inventory.coverage)
            self._note_coverage(news)
        regions = (dict(inventory.enabled_regions), dict(inventory.asked_regions))
        if news or regions != self._regions:
            self._regions = regions
            self._note_use()
        if inventory.role_changes != self._role_changes:
            for key in inventory.role_changes.keys() | self._role_changes.keys():
                self._scope.instance_profiles[key] = None
            self._role_changes = dict(inventory.role_changes)

    def _note_local(self) -> None:
        inventory = self.inventory
        known = (inventory.named_profiles, inventory.environment, inventory.callers)
        if known == self._known:
            return
        self._scope.local = True
        if self._known and inventory.callers != self._known[2]:
            for account in inventory.callers:
                self._whole.update(dict.fromkeys((account, region) for region in self._regions_of(account)))
        self._known = (dict(inventory.named_profiles), inventory.environment, dict(inventory.callers))

    def _note_coverage(self, news: Iterable[tuple[Hashable, Coverage | None, Coverage]]) -> None:
        """Where a source stands otherwise than before, judge what rests on it, and nothing else."""
        gaps = False
        for source, before, now in news:
            if before == now:
                continue
            is_gap = now.state in _GAPS or (before is not None and before.state in _GAPS)
            if is_gap:
                gaps = True
                self._scope.mark(judged(scope_of(now)))
            if is_gap or state_of(before) != state_of(now):
                self._mark_resting(source)
                if now.region is not None and now.source in _SEEN:
                    self._unseen[now.account, now.region] = None
                elif now.source == SCALING_ACTIVITIES:
                    self._mark_refused(now)
        if gaps:
            self._scope.gaps = True
            self._note_unlisted()

    def _mark_resting(self, source: Hashable) -> None:
        objects, places = self._on_sources.take(source)
        for about in objects:
            self._scope.mark(about)
        self._whole.update(dict.fromkeys(places))

    def _mark_refused(self, coverage: Coverage) -> None:
        """Refused launches say something only while the activities are wholly read."""
        for activity in self.inventory.scaling_activities.at(coverage.account, coverage.region):
            self._changed(None, activity)

    def _note_unlisted(self) -> None:
        before = self.unlisted
        self.unlisted = {finding.id: finding for finding in unlisted(self.inventory)}
        for name in before.keys() | self.unlisted.keys():
            was, now = before.get(name), self.unlisted.get(name)
            if was != now and (one := was or now) is not None:
                self._touched.add(judged(one.object))

    def _note_use(self) -> None:
        inventory = self.inventory
        for account in inventory.callers:
            use, asked = use_coverage(inventory, account), inventory.asked_regions.get(account, ())
            if use != self._uses.get(account):
                self._uses[account] = use
                self._mark_resting((USE, account))
            if asked != self._asked.get(account):
                self._asked[account] = asked
                self._mark_resting((ASKED, account))

    def _look_on(self, now: datetime) -> None:
        """Look on through regions that are read anew: what is in passing there is so since now or earlier."""
        if self._looks is None:
            place = next(iter(self._unseen))
            del self._unseen[place]
            self._looks = looks(self.inventory, now, place, PART)
        changed = next(self._looks, None)
        if changed is None:
            self._looks = None
        else:
            self._mark_passing(changed, self._scope)

    # -- judging -------------------------------------------------------------------------------------------

    def _judge_on(self, now: datetime) -> None:
        """Judge the next part of the places where everything is to be judged."""
        if self._parts is None:
            place = next(iter(self._whole))
            del self._whole[place]
            self._parts = whole(self.inventory, place, PART)
        part = next(self._parts, None)
        if part is None:
            self._parts = None
        else:
            self._judge(part, now)

    def _judge(self, scope: Scope, now: datetime) -> None:
        view = View(self.inventory, now, self._dependents, scope)
        self._profiles.update(scope.instance_profiles)
        marked = set(scope.subjects())
        self._on_sources.forget(marked)
        found: dict[Judged, dict[str, Finding]] = {}
        for rule in RULES.values():
            for subject in rule.subjects(view):
                self._note_places(scope, view)
                draft = rule.check(subject, view)
                self.evaluations += 1
                if draft is not None:
                    finding = finding_of(rule, subject.ref, draft)
                    found.setdefault(judged(finding.object), {})[rule.id] = finding
                if view.asked_sources or view.asked_time or view.changes_at is not None:
                    self._note_resting(judged(subject.ref), view)
            self._note_places(scope, view)
        if scope.local:
            marked.update(one for one in self.findings if one[0] in ("named-profile", "caller"))
        for about in self.findings.keys() & marked:
            if about not in found:
                self._replace(about, {})
        for about, new in found.items():
            is_whole = about in marked or about[0] in ("named-profile", "caller")
            self._replace(about, new if is_whole else {**self.findings.get(about, {}), **new})

    def _note_places(self, scope: Scope, view: View) -> None:
        """Whether there is anything to check may rest on a source as well: then so do all of these places."""
        if view.asked_sources:
            self._on_sources.note_places(scope.places(), view.asked_sources)
            view.asked_sources.clear()

    def _note_resting(self, about: Judged, view: View) -> None:
        if view.asked_sources:
            self._on_sources.note(about, view.asked_sources)
            view.asked_sources.clear()
        if view.asked_time:
            self._on_time.note(about, None)
        if view.changes_at is not None:
            self._on_time.note(about, view.changes_at)
        view.asked_time, view.changes_at = False, None

    def _replace(self, about: Judged, now: dict[str, Finding]) -> None:
        """Put new findings of an object in place of those before."""
        before = self.findings.get(about, {})
        if now == before:
            return
        self._touched.add(about)
        if now:
            self.findings[about] = now
        else:
            del self.findings[about]
