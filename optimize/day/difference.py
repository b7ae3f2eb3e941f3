"""What a new plan changes of a day, order by order, and what it is worth; and a part of it, accepted alone.

Both plans are judged in the same present: the old one as far as it can still be carried out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf

from optimize.day.breach import DRAWS, breach_probabilities, expected_breaches
from optimize.day.carried_over import appointments, carried_over
from optimize.day.event_kinds import changed
from optimize.day.ground import ground_of
from optimize.day.model import Day, DayPlan
from optimize.day.problem import DayProblem, plan_to_day, previous_plan, problem_of
from optimize.plan import Plan
from scenarios.phrases import Phrase, phrase

#: Hours by which a start may shift before it counts as another time.
TOLERANCE_H = 0.25
#: P(breach) above which an order is in jeopardy.
JEOPARDY = 0.3
#: Figures of a plan: what it costs in all without unrest, the parts that add up to it, the last of them all
#: that is not named, and breaches to be expected.
FIGURES = ("cost", "travel", "tardiness", "overtime", "left_out", "other", "breaches")


@dataclass(frozen=True)
class Moved:
    """An order with other engineers.

    Parameters
    ----------
    order
        Which.
    engineers_before, engineers_after
        Who has it.
    start_before, start_after
        When its work begins.
    """

    order: str
    engineers_before: tuple[str, ...]
    engineers_after: tuple[str, ...]
    start_before: datetime
    start_after: datetime


@dataclass(frozen=True)
class Retimed:
    """An order with the same engineers at another time."""

    order: str
    start_before: datetime
    start_after: datetime


@dataclass(frozen=True)
class Figure:
    """A figure of both plans; costs in the scenario's currency."""

    name: str
    before: float
    after: float


@dataclass(frozen=True)
class DayDifference:
    """What a new plan changes.

    Parameters
    ----------
    moved, retimed
        Orders with other engineers, and at another time with the same.
    added, dropped
        Orders that only the new plan has, and that only the old one has.
    rescued, lost
        Orders that were missed or in jeopardy and are no more; and the other way round.
    figures
        `FIGURES` of both plans.
    chances_before, chances_after
        P(breach) of each order.
    """

    moved: tuple[Moved, ...]
    retimed: tuple[Retimed, ...]
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    rescued: tuple[str, ...]
    lost: tuple[str, ...]
    figures: tuple[Figure, ...]
    chances_before: Mapping[str, float]
    chances_after: Mapping[str, float]

    @property
    def orders(self) -> tuple[str, ...]:
        """Return every order that has other engineers or another time."""
        named = (*(m.order for m in self.moved), *(r.order for r in self.retimed))
        return (*named, *self.added, *self.dropped)


class NotAlone(ValueError):
    """A part of a new plan that is not possible without other parts of it.

    Parameters
    ----------
    orders
        What was to be accepted.
    needs
        Orders whose changes have to be accepted with it; empty if even all of them are not enough.
    """

    def __init__(self, orders: Sequence[str], needs: Sequence[str], reason: str) -> None:
        words: Phrase = phrase(
            "{orders}: not possible alone ({reason}); allowed: together with {needs}",
            orders=", ".join(orders),
            reason=reason,
            needs=", ".join(needs),
        )
        super().__init__(words)
        self.orders, self.needs = tuple(orders), tuple(needs)


def difference(before: Day, after: Day, *, seed: int = 1, draws: int = DRAWS) -> DayDifference:
    """Return what a new plan changes.

    Parameters
    ----------
    before
        The day with the plan that stood.
    after
        The day as it is now, with the new plan.
    seed, draws
        Of P(breach).
    """
    old, new = before.plan or DayPlan(), after.plan or DayPlan()
    moved, retimed, added, dropped = _changes(after, old, new)
    chances = [breach_probabilities(after, plan, seed, draws=draws) for plan in (old, new)]
    safe = [_safe(after, plan, chance) for plan, chance in zip((old, new), chances, strict=True)]
    both = [name for name in chances[1] if name in chances[0]]
    return DayDifference(
        moved,
        retimed,
        added,
        dropped,
        tuple(name for name in both if name in safe[1] and name not in safe[0]),
        tuple(name for name in both if name in safe[0] and name not in safe[1]),
        _figures(before, after, [expected_breaches(chance) for chance in chances]),
        *chances,
    )


def accept(before: Day, after: Day, orders: Iterable[str]) -> Day:
    """Return the day with the plan that stood, but some orders as the new plan has them.

    Parameters
    ----------
    before, after
        As in `difference`.
    orders
        Whose change is accepted; visits that stand in the way of nothing stay as they were.

    Raises
    ------
    NotAlone
        If that breaks a hard rule; it names the orders whose changes have to come along.
    """
    return _Acceptance(before, after).of(tuple(orders))


def knock_on(before: Day, after: Day, orders: Iterable[str]) -> tuple[str, ...]:
    """Return the orders whose changes have to come along with those of some orders; none if it goes alone."""
    try:
        accept(before, after, orders)
    except NotAlone as refusal:
        return refusal.needs
    return ()


def _changes(
    day: Day, old: DayPlan, new: DayPlan
) -> tuple[tuple[Moved, ...], tuple[Retimed, ...], tuple[str, ...], tuple[str, ...]]:
    moved: list[Moved] = []
    retimed: list[Retimed] = []
    added: list[str] = []
    dropped: list[str] = []
    for order in day.orders:
        if order.status in ("finished", "cancelled"):
            continue
        was, now = old.crew_of.get(order.id, ()), new.crew_of.get(order.id, ())
        one, two = (tuple(sorted(visit.engineer for visit in visits)) for visits in (was, now))
        if not was or not now:
            added += [order.id] if now else []
            dropped += [order.id] if was else []
        elif one != two:
            moved.append(Moved(order.id, one, two, was[0].start, now[0].start))
        elif abs(now[0].start - was[0].start) > timedelta(hours=TOLERANCE_H):
            retimed.append(Retimed(order.id, was[0].start, now[0].start))
    return tuple(moved), tuple(retimed), tuple(added), tuple(dropped)


def _safe(day: Day, plan: DayPlan, chances: Mapping[str, float]) -> set[str]:
    """Return the orders that a plan attends in time, most likely."""
    ground, found = ground_of(day), set()
    for name, chance in chances.items():
        due, visits = ground.dues(day.order[name]).get("attend"), plan.crew_of.get(name, ())
        attended = day.order[name].arrived_at is not None
        in_time = attended or (due is not None and bool(visits) and visits[0].start <= due)
        if in_time and chance <= JEOPARDY:
            found.add(name)
    return found


def _figures(before: Day, after: Day, breaches: Sequence[float]) -> tuple[Figure, ...]:
    made = problem_of(changed(after, freeze_h=0.0))
    quiet = replace(made.problem, policy=replace(made.problem.policy, churn=0.0))
    rows = []
    for plan, expected in zip((before.plan, after.plan), breaches, strict=True):
        kept = carried_over(quiet, previous_plan(changed(after, plan=plan), made))
        parts = kept.parts
        assert parts is not None  # it has been evaluated
        named = parts.travel, parts.tardiness, parts.overtime, parts.left_out
        rows.append((kept.cost, *named, kept.cost - sum(named), expected))
    return tuple(Figure(name, *pair) for name, pair in zip(FIGURES, zip(*rows, strict=True), strict=True))


class _Acceptance:
    """Both plans in one problem, from which a plan in between is made."""

    def __init__(self, before: Day, after: Day) -> None:
        self._day = after
        self._made: DayProblem = problem_of(changed(after, plan=before.plan, freeze_h=0.0))
        problem = self._made.problem
        stood = previous_plan(changed(after, plan=before.plan), self._made)
        target = previous_plan(after, self._made)
        plans = carried_over(problem, stood), carried_over(problem, target)
        self._base, self._target = (_routes(plan) for plan in plans)
        self._crews = tuple(appointments(problem, plan.start_of) for plan in plans)
        changes = _changes(after, before.plan or DayPlan(), after.plan or DayPlan())
        listed = [item if isinstance(item, str) else item.order for items in changes for item in items]
        self._changed = [name for name in listed if name in set(self._made.names.values())]

    def of(self, orders: tuple[str, ...]) -> Day:
        """Return the day with some changes accepted.

        Raises
        ------
        NotAlone
            If that is not possible.
        """
        from optimize.evaluation import InfeasibleRoute

        try:
            plan = self._plan(orders)
        except InfeasibleRoute as refusal:
            raise NotAlone(orders, self._needs(orders), str(refusal)) from refusal
        accepted: Day = changed(self._day, plan=plan_to_day(self._day, self._made, plan))
        return accepted

    def _needs(self, orders: tuple[str, ...]) -> tuple[str, ...]:
        """Return what has to come along: what shares routes that break, less what proves not to be needed."""
        from optimize.evaluation import InfeasibleRoute

        needed: list[str] = []
        while True:
            try:
                self._plan((*orders, *needed))
                break
            except InfeasibleRoute as refusal:
                rest = [name for name in self._changed if name not in orders and name not in needed]
                if not rest:
                    return ()
                near = [name for name in rest if self._touches(name, refusal.engineer)]
                needed += near or rest
        return self._without_idle(orders, needed)

    def _without_idle(self, orders: tuple[str, ...], needed: list[str]) -> tuple[str, ...]:
        """Return what of some orders that are enough cannot be done without, one by one."""
        from optimize.evaluation import InfeasibleRoute

        for name in needed:
            fewer = [other for other in needed if other != name]
            try:
                self._plan((*orders, *fewer))
            except InfeasibleRoute:
                continue
            return self._without_idle(orders, fewer)
        return tuple(needed)

    def _touches(self, order: str, engineer: str) -> bool:
        members = self._members((order,))
        return any(members & set(routes[0].get(engineer, ())) for routes in (self._base, self._target))

    def _members(self, orders: Iterable[str]) -> set[str]:
        chosen = set(orders)
        return {member for member, order in self._made.names.items() if order in chosen}

    def _plan(self, orders: Iterable[str]) -> Plan:
        """Return the plan that stood with some orders where the new plan has them, evaluated."""
        from optimize.evaluation import evaluate

        chosen = self._members(orders)
        base, target = self._base, self._target
        routes, depots = {}, {}
        for engineer in {*base[0], *target[0]}:
            wanted = target[0].get(engineer, [])
            route = [order for order in base[0].get(engineer, []) if order not in chosen]
            for position, order in enumerate(wanted):
                if order in chosen:
                    route.insert(_place_after(route, wanted[:position]), order)
            routes[engineer] = list(wanted) if set(route) == set(wanted) else route
            stops = (target if chosen & set(wanted) else base)[1].get(engineer) or base[1].get(engineer)
            if stops in routes[engineer]:
                depots[engineer] = routes[engineer].index(stops)
        routes = {e: route for e, route in routes.items() if route}
        return evaluate(self._made.problem, routes, depots, not_before=self._appointments(chosen))

    def _appointments(self, chosen: set[str]) -> dict[str, float]:
        """Return before when crews do not start; a time that is not listed as another is no change."""
        listed = self._members(self._changed)
        base, target = self._crews
        found = {}
        for name in {*base, *target}:
            before, after = base.get(name, -inf), target.get(name, -inf)
            stays = before if name in listed else min(before, after)
            found[name] = after if name in chosen else stays
        return found


def _place_after(route: Sequence[str], earlier: Sequence[str]) -> int:
    """Return the position behind the last of some orders that a route has, its begin if it has none."""
    return max((route.index(order) + 1 for order in earlier if order in route), default=0)


def _routes(plan: Plan) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return the orders of each engineer, and the order before which he goes to the depot."""
    depots = {r.engineer: r.orders[r.depot_before] for r in plan.routes if r.depot_before is not None}
    return {route.engineer: list(route.orders) for route in plan.routes if route.orders}, depots
