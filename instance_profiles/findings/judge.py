"""Judging an inventory as it changes: only what a change reaches, in parts that hold nobody up.

After `work` has said that all is done, the findings are those that `evaluate` would give, always. Between two
calls the inventory may change as it likes: what was judged before is marked again where that reaches it.
"""

from __future__ import annotations

import heapq
from collections import deque
from typing import TYPE_CHECKING

from instance_profiles.findings.catalogue import RULES, dependents
from instance_profiles.findings.coverage import scope_of, use_coverage
from instance_profiles.findings.evaluate import finding_of, unlisted
from instance_profiles.findings.reach import Reach
from instance_profiles.findings.scope import Judged, Scope, judged
from instance_profiles.findings.view import View
from instance_profiles.inventory.passing import look_at, look_at_launches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from instance_profiles.findings.coverage import UseCoverage
    from instance_profiles.findings.finding import Finding
    from instance_profiles.findings.rule import Rule
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Coverage, Object, RoleChange
    from instance_profiles.inventory.sightings import Passing

    Task = tuple[Scope, "tuple[Rule, ...]"]

PART = 200
"""Objects judged between two looks at the clock; with all that hangs on them some milliseconds."""
FOLLOWED = 5
"""Parts of changes that are followed before anything is judged, so that judging gets its turn in a flood."""


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
        self._now: datetime | None = None
        self._changes: deque[Object] = deque()
        self._tasks: list[Task] = []
        self._scope = Scope()
        self._touched: set[Judged] = set()
        self._profiles: set[tuple[str, str]] = set()
        self._timed: set[Judged] = set()
        self._later: list[tuple[datetime, Judged]] = []
        self._dependents = dependents()
        self._coverage: dict[tuple[str, str | None, str], Coverage] = {}
        self._uses: dict[str, UseCoverage] = {}
        self._known: tuple[object, ...] = ()
        self._role_changes: dict[tuple[str, str], RoleChange] = {}
        self._unseen: set[tuple[str, str]] = set()
        inventory.watch(self._changed)
        self._mark_everything()

    @property
    def is_done(self) -> bool:
        """Whether everything that changed is judged, as far as changes of objects go."""
        return not (self._changes or self._tasks or self._scope or self._unseen)

    def work(self, now: datetime, may_go_on: Callable[[], bool] = lambda: True) -> bool:
        """Judge what is marked as of `now` (UTC), part by part while `may_go_on`; whether all is done."""
        if now != self._now:
            self._note_time(now)
        for _ in range(FOLLOWED):
            if not self._changes or not may_go_on():
                break
            self._follow(now)
        self._note_surroundings(now)
        while not self.is_done and may_go_on():
            self._judge_some(now)
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

    # -- marking -------------------------------------------------------------------------------------------

    def _changed(self, old: Object | None, new: Object | None) -> None:
        self._changes.extend(item for item in (old, new) if item is not None)

    def _follow(self, now: datetime) -> None:
        """Mark what the oldest changes reach, and what by them came to be in passing or is over."""
        if len(self._changes) > len(self.inventory.instances) + PART:
            # Nearly all of it is new: what is marked whole needs no looking for what it reaches.
            self._changes.clear()
            self._mark_everything()
            return
        reach = Reach(self.inventory)
        for _ in range(min(PART, len(self._changes))):
            reach.changed(self._changes.popleft())
        scope = reach.scope
        ended = look_at(self.inventory, now, scope.instances, scope.associations)
        if scope.groups:
            places = {(account, region) for account, region, _ in scope.groups}
            ended |= look_at_launches(self.inventory, now, places)
        self._mark_passing(ended, scope)
        self._note_tags(scope)
        self._scope.add(scope)

    def _note_tags(self, scope: Scope) -> None:
        """A tag of an object may mute what is told of it, whatever the rules say of the change."""
        reached: list[Judged] = [
            *(("instance", *key) for key in scope.instances),
            *(("association", *key) for key in scope.associations),
            *(("auto-scaling-group", *key) for key in scope.groups),
            *(("instance-profile", account, None, name) for account, name in scope.instance_profiles),
            *(("role", account, None, name) for account, name in scope.roles),
        ]
        self._touched.update(about for about in reached if about in self.findings)

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
            self._mark_account(account, self._scope)
            for region in self._regions_of(account):
                self._mark_region(account, region, self._scope)
                self._unseen.add((account, region))

    def _mark_account(self, account: str, scope: Scope) -> None:
        """All that is of no region."""
        inventory = self.inventory
        scope.accounts[account] = None
        for profile in inventory.instance_profiles.at(account):
            scope.instance_profiles[account, profile.instance_profile_id] = None
            if profile.role is not None:
                scope.roles[account, profile.role.role_id] = None
        for role in inventory.roles.at(account):
            scope.roles[account, role.role_id] = None

    def _mark_region(self, account: str, region: str, scope: Scope) -> None:
        inventory = self.inventory
        scope.regions[account, region] = None
        for instance in inventory.instances.at(account, region):
            scope.instances[account, region, instance.instance_id] = None
        for association in inventory.associations.at(account, region):
            scope.associations[account, region, association.association_id] = None
        for version in inventory.launch_template_versions.at(account, region):
            scope.templates[account, region, version.launch_template_id] = None
        for configuration in inventory.launch_configurations.at(account, region):
            scope.configurations[account, region, configuration.launch_configuration_name] = None
        for group in inventory.auto_scaling_groups.at(account, region):
            scope.groups[account, region, group.auto_scaling_group_name] = None
        for fleet in inventory.fleets.at(account, region):
            scope.fleets[account, region, fleet.fleet_id] = None

    def _note_surroundings(self, now: datetime) -> None:
        """Mark what rests on coverage, callers and the local config, where these changed."""
        inventory = self.inventory
        known = (inventory.named_profiles, inventory.environment, dict(inventory.callers))
        if known != self._known:
            self._scope.local = True
            if self._known and known[2] != self._known[2]:
                for account in inventory.callers:
                    for region in self._regions_of(account):
                        self._mark_region(account, region, self._scope)
            self._known = (dict(inventory.named_profiles), inventory.environment, dict(inventory.callers))
        changes = [
            (key, coverage)
            for key, coverage in inventory.coverage.items()
            if (before := self._coverage.get(key)) is not coverage and before != coverage
        ]
        if changes:
            self._note_coverage([coverage for _, coverage in changes])
            self._coverage = dict(inventory.coverage)
        for account in inventory.callers:
            use = use_coverage(inventory, account)
            if use != self._uses.get(account):
                self._uses[account] = use
                self._mark_account(account, self._scope)
        if inventory.role_changes != self._role_changes:
            for key in inventory.role_changes.keys() | self._role_changes.keys():
                self._scope.instance_profiles[key] = None
            self._role_changes = dict(inventory.role_changes)
        if self._unseen:
            self._look_at_places(now)

    def _note_coverage(self, changed: list[Coverage]) -> None:
        """Rules that need a source are judged again where it was read; others not."""
        regional: dict[tuple[str, str], set[str]] = {}
        of_account: dict[str, set[str]] = {}
        for coverage in changed:
            rules = self._dependents.get(coverage.source, ())
            of_account.setdefault(coverage.account, set()).update(rules)
            places = [coverage.region] if coverage.region is not None else self._regions_of(coverage.account)
            for region in places:
                regional.setdefault((coverage.account, region), set()).update(rules)
            if coverage.region is not None:
                self._unseen.add((coverage.account, coverage.region))
            self._scope.mark(judged(scope_of(coverage)))
        self._scope.gaps = True
        for (account, region), names in regional.items():
            scope = Scope()
            self._mark_region(account, region, scope)
            self._add_task(scope, names)
        for account, names in of_account.items():
            scope = Scope()
            scope.local = True
            self._mark_account(account, scope)
            self._add_task(scope, names)
        before = self.unlisted
        self.unlisted = {finding.id: finding for finding in unlisted(self.inventory)}
        for name in before.keys() ^ self.unlisted.keys():
            self._touched.add(judged((before.get(name) or self.unlisted[name]).object))
        for name in before.keys() & self.unlisted.keys():
            if before[name] != self.unlisted[name]:
                self._touched.add(judged(before[name].object))

    def _add_task(self, scope: Scope, rules: set[str]) -> None:
        """Judge a scope by some rules, apart from what is judged by all of them anyway."""
        scope.discard(self._scope)
        for waiting, names in self._tasks:
            if rules <= {rule.id for rule in names}:
                scope.discard(waiting)
        if scope:
            self._tasks.append((scope, tuple(rule for rule in RULES.values() if rule.id in rules)))

    def _regions_of(self, account: str) -> list[str]:
        return list({r for a, r, _ in self.inventory.coverage if a == account and r is not None})

    def _note_time(self, now: datetime) -> None:
        """Mark what rests on the time, and look at places that are wholly read since the last time."""
        if self._now is not None and now < self._now:
            # Back in time: nothing that was noted for later holds.
            self._timed.update(about for _, about in self._later)
            self._later = []
        self._now = now
        while self._later and self._later[0][0] <= now:
            self._timed.add(heapq.heappop(self._later)[1])
        for about in self._timed:
            self._scope.mark(about)
        self._timed = set()

    # -- judging -------------------------------------------------------------------------------------------

    def _judge_some(self, now: datetime) -> None:
        if self._changes:
            self._follow(now)
        elif self._scope:
            self._judge(self._scope.take(PART), None, now)
        elif self._tasks:
            scope, rules = self._tasks[0]
            self._judge(scope.take(PART), rules, now)
            if not scope:
                del self._tasks[0]

    def _look_at_places(self, now: datetime) -> None:
        """Where a region is wholly read, everything there is in passing since now, if not since earlier."""
        inventory = self.inventory
        for account, region in self._unseen:
            instances = [
                (account, region, one.instance_id) for one in inventory.instances.at(account, region)
            ]
            associations = [
                (account, region, one.association_id) for one in inventory.associations.at(account, region)
            ]
            recalled = [
                (one.account, one.region, one.id)
                for one in inventory.sightings.known()
                if one.place == (account, region)
            ]
            changed = look_at(inventory, now, (*instances, *recalled), associations)
            self._mark_passing(changed, self._scope)
        self._mark_passing(look_at_launches(inventory, now, self._unseen), self._scope)
        self._unseen = set()

    def _judge(self, scope: Scope, rules: tuple[Rule, ...] | None, now: datetime) -> None:
        view = View(self.inventory, now, self._dependents, scope)
        self._profiles.update(scope.instance_profiles)
        found: dict[Judged, dict[str, Finding]] = {}
        for rule in RULES.values() if rules is None else rules:
            for subject in rule.subjects(view):
                draft = rule.check(subject, view)
                self.evaluations += 1
                if draft is not None:
                    finding = finding_of(rule, subject.ref, draft)
                    found.setdefault(judged(finding.object), {})[rule.id] = finding
                if view.asked_time or view.changes_at is not None:
                    self._note_timed(judged(subject.ref), view)
        again = None if rules is None else {rule.id for rule in rules}
        for about in scope.subjects():
            if about not in found:
                self._replace(about, {}, again)
        if scope.local:
            for about in [one for one in self.findings if one[0] in ("named-profile", "caller")]:
                if about not in found:
                    self._replace(about, {}, again)
        marked = set(scope.subjects())
        for about, new in found.items():
            whole = about in marked or about[0] in ("named-profile", "caller")
            self._replace(about, new, again if whole else set(new))

    def _note_timed(self, about: Judged, view: View) -> None:
        if view.asked_time:
            self._timed.add(about)
        if view.changes_at is not None:
            heapq.heappush(self._later, (view.changes_at, about))
        view.asked_time, view.changes_at = False, None

    def _replace(self, about: Judged, new: dict[str, Finding], rules: set[str] | None) -> None:
        """Put new findings of an object in place of those of some rules, or of all."""
        before = self.findings.get(about)
        if before is None and not new:
            return
        kept = {} if rules is None else {k: v for k, v in (before or {}).items() if k not in rules}
        now = {**kept, **new}
        if now == before:
            return
        self._touched.add(about)
        if now:
            self.findings[about] = now
        else:
            self.findings.pop(about, None)
