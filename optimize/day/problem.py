"""From a dispatcher's day to the problem that is solved, and from the solution to the day's plan.

What is under way is not planned again: it decides where its engineers are and from when on they are free.
SLA clocks, ways and weights that the day does not state come from its scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

from optimize.day.fetched import is_whole, stocked, used
from optimize.day.ground import Ground, ground_of
from optimize.day.model import Day, DayEngineer, DayOrder, DayVisit
from optimize.day.scheduling import followed, policy_of
from optimize.day.shifts import activity, away_of, shifts_of
from optimize.day.timetable import (
    ROUNDING,
    DayProblem,
    hours_between,
    in_order,
    plan_to_day,
    previous_plan,
)
from optimize.day.under_way import DEPOT_HOURS, under_way
from optimize.day.ways import Places, both_ways
from optimize.plan import Plan
from optimize.problem import DispatchProblem, Due, Engineer, Link, Order, Pin, Travel
from optimize.rules import RULES

__all__ = ["DayProblem", "plan_day", "plan_to_day", "previous_plan", "problem_of", "solved"]

_HOUR = timedelta(hours=1)
#: Hours late that an order left for later is at least charged with, beyond the horizon.
_LATER = 24.0
#: Hours by which a start that is fixed may be passed: plans are told in whole seconds.
PLAY = 5.0 / 3600.0
#: Hours within which an engineer who is late for a frozen start keeps it all the same, as late as he is.
KEPT_WITHIN = 1.0 / 60.0
#: How much more it costs to leave out what is fixed.
_FIXED_FACTOR = 10.0


def problem_of(day: Day) -> DayProblem:
    """Return the problem of a day.

    Parameters
    ----------
    day
        The day. Orders that are departed or arrived stay with their engineers as they are; visits of the plan
        that stand within the freeze window keep engineer and start.

    Raises
    ------
    scenarios.ScenarioError
        If the day's scenario cannot be used.
    optimize.ProblemError
        If the day names a scheduling policy that its scenario does not have.
    """
    return problem_on(day, ground_of(day))


def problem_on(day: Day, ground: Ground) -> DayProblem:
    """Return the problem of a day on the ground of a scenario that has been read; as `problem_of`."""
    return _Making(day, ground).made()


class _Making:
    """A problem in the making."""

    def __init__(self, day: Day, ground: Ground) -> None:
        self.day, self.ground = day, ground
        self.policy_name, self.terms = followed(day.scheduling_policy, ground)
        self.start = day.now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        self.now = self._hours(day.now)
        self.end = self.now + day.horizon_h
        self.ways = both_ways(day.travel)
        self.places = Places(ground, frozenset(name for w in self.ways for name in (w.origin, w.destination)))
        self.planned = {} if day.plan is None else day.plan.crew_of
        self.fixed = tuple(under_way(day))
        self.names: dict[str, str] = {}
        self.over = {(o.lat, o.lon): o for o in day.orders if o.status in ("finished", "cancelled")}
        # Where no van is known, parts and tools are no reason to keep anybody at home.
        self.vans_known = any(e.parts or e.tools for e in day.engineers)

    def _hours(self, at: datetime) -> float:
        return (at - self.start) / _HOUR

    def made(self) -> DayProblem:
        """Return the problem."""
        orders = [member for order in self._open() for member in self._crew(order)]
        needs = any(order.parts or order.tools for order in orders)
        engineers = [self._engineer(engineer, needs) for engineer in self.day.engineers]
        travel = self.places.travel(self.start, self.ways)
        travel = replace(travel, price=self.terms.weights.travel * travel.price)
        policy = policy_of(self.terms, self.ground.pay, self.ground.scenario.travel.cost_per_hour)
        orders, frozen = self._frozen(orders, {e.id: e for e in engineers}, travel)
        previous = {
            member: visit.engineer
            for member, visit in self._visits()
            if visit.engineer in self.day.engineer and member in self.names
        }
        return DayProblem(
            DispatchProblem(tuple(orders), tuple(engineers), travel, policy, previous),
            self.start,
            self.names,
            self.fixed,
            frozenset(frozen),
            self.policy_name,
        )

    def _open(self) -> Iterator[DayOrder]:
        """Yield the orders that are to be planned."""
        busy = {visit.order for visit in self.fixed}
        for order in self.day.orders:
            if order.status not in ("finished", "cancelled") and order.id not in busy:
                yield order

    def _crew(self, order: DayOrder) -> Iterator[Order]:
        """Yield the visits of an order, the first linked with the others."""
        ids = [order.id]
        for number in range(2, order.crew_size + 1):
            name = f"{order.id}#{number}"
            while name in self.day.order or name in self.names:
                name += "#"
            ids.append(name)
        self.names.update(dict.fromkeys(ids, order.id))
        first = self._order(order)
        yield replace(first, links=tuple(Link(other) for other in ids[1:]))
        pin = first.pin and Pin(None, first.pin.start_from, first.pin.start_to)
        for other in ids[1:]:
            yield replace(first, id=other, languages=frozenset(), parts={}, tools=frozenset(), pin=pin)

    def _order(self, order: DayOrder) -> Order:
        ground, crew = self.ground, order.crew_size
        late = ground.late_hour(order) / crew
        dues = tuple(Due(clock, self._hours(at), late) for clock, at in ground.dues(order).items())
        opens, closes = order.window_start, order.window_end
        earliest = max(self.now, self._hours(order.reported_at))
        earliest = earliest if opens is None else max(earliest, self._hours(opens))
        latest = self.end if closes is None else min(self.end, self._hours(closes))
        pin = order.pin
        overdue = sum(max(self.end - due.at, 0.0) for due in dues)
        weights = self.terms.weights
        drop = weights.tardiness * late * (_LATER + overdue) + ground.pay * (order.duration_h + 8.0) / crew
        drop *= weights.left_for_later
        pinned = pin is not None and (pin.engineer is not None or pin.start_from is not None)
        parts = self.vans_known
        return Order(
            id=order.id,
            place=self.places.of_order(order),
            duration=order.duration_h,
            skills={order.skill: order.level} if order.skill else {},
            languages=frozenset(order.languages),
            security_pass=order.security_pass,
            earliest=earliest,
            latest=latest,
            dues=dues,
            drop_cost=drop * (_FIXED_FACTOR if pinned else 1.0),
            parts=dict(order.parts) if parts else {},
            tools=frozenset(order.tools) if parts else frozenset(),
            may_pause=order.may_pause,
            pin=None if pin is None else self._pin(pin.engineer, pin.start_from, pin.start_to),
            allowed=ground.allowed(order, self.day.engineer),
        )

    def _pin(self, engineer: str | None, low: datetime | None, high: datetime | None) -> Pin:
        until = None if high is None else self._hours(high) + (PLAY if high == low else 0.0)
        return Pin(engineer, None if low is None else self._hours(low), until)

    def _engineer(self, engineer: DayEngineer, needs: bool) -> Engineer:
        at_work = [visit for visit in self.fixed if visit.engineer == engineer.id]
        free = self.now
        place, home = self._places(engineer)
        for visit in at_work:
            if self._hours(visit.end) >= free:
                free, place = self._hours(visit.end), self.places.of_order(self.day.order[visit.order])
        van, usually_free = self._van(engineer, at_work), free
        if engineer.available_from is not None:
            free = max(free, self._hours(engineer.available_from))
        end = self.start + timedelta(hours=self.end)
        return Engineer(
            id=engineer.id,
            place=place,
            home=home,
            free_at=free,
            shifts=shifts_of(engineer, self.start, self.day.now, end),
            skills=dict(engineer.skills),
            languages=frozenset(engineer.languages),
            passes=frozenset(engineer.passes),
            parts=dict(van.parts),
            tools=frozenset(van.tools),
            depot=self._depot(engineer) if needs else None,
            depot_hours=DEPOT_HOURS,
            cost_per_hour=engineer.cost_per_hour or self.ground.pay,
            away=away_of(engineer, self.start, self.day.now, end, usually_free),
        )

    def _places(self, engineer: DayEngineer) -> tuple[int, int]:
        """Return where an engineer leaves next, and his home.

        Who has come from an order that is over leaves from its site; ways from his id are those of his base.
        """
        spot, home = (engineer.lat, engineer.lon), (engineer.home_lat, engineer.home_lon)
        last = None if home in ((None, None), spot) else self.over.get(spot)
        if last is None:
            return self.places.of_engineer(engineer), self.places.home(engineer)
        base = engineer.model_copy(update={"lat": home[0], "lon": home[1]})
        return self.places.of_order(last), self.places.of_engineer(base)

    def _van(self, engineer: DayEngineer, at_work: Sequence[DayVisit]) -> DayEngineer:
        """Return an engineer with what is in his van after all that he is under way to."""
        done = (visit for crew in self.planned.values() for visit in crew if self._is_done(visit))
        for visit in done:
            if visit.engineer == engineer.id:
                engineer = stocked(self.day, engineer, visit)
        for visit in at_work:
            engineer = stocked(self.day, engineer, visit)
            if is_whole(self.day, visit.order) and self._first_of(visit.order) == visit.engineer:
                engineer = used(engineer, self.day.order[visit.order])
        return engineer

    def _is_done(self, visit: DayVisit) -> bool:
        return visit.order in self.day.order and self.day.order[visit.order].status == "finished"

    def _first_of(self, order: str) -> str:
        return next(visit.engineer for visit in self.fixed if visit.order == order)

    def _depot(self, engineer: DayEngineer) -> int | None:
        """Return the place of the store of an engineer's centre, None where it is not in the scenario."""
        store = self.ground.store(engineer)
        return None if store is None else self.places.add(*store, engineer.centre)

    def _visits(self) -> Iterator[tuple[str, DayVisit]]:
        """Yield the visits of the plan that stands with the order of the problem that each is."""
        members: dict[str, list[str]] = {}
        for name, order in self.names.items():
            members.setdefault(order, []).append(name)
        for order, visits in self.planned.items():
            yield from zip(members.get(order, ()), in_order(self.day.order.get(order), visits), strict=False)

    def _frozen(
        self, orders: list[Order], engineers: Mapping[str, Engineer], travel: Travel
    ) -> tuple[list[Order], set[str]]:
        """Return orders with engineer and start fixed where the plan that stands is within the freeze window.

        A start that its engineer can no longer keep stays with him, as soon as he gets to it; what he is no
        longer fit for, or away from, is free.
        """
        limit = self.now + self.day.freeze_h
        visits = sorted(
            (
                (visit, member)
                for member, visit in self._visits()
                if self._hours(visit.start) <= limit and visit.engineer in engineers
            ),
            key=lambda pair: (pair[0].start, pair[1]),
        )
        position = {order.id: i for i, order in enumerate(orders)}
        reached = {name: (e.free_at, e.place) for name, e in engineers.items()}
        frozen = set()
        for visit, member in visits if self.day.freeze_h > 0.0 else ():
            order, engineer = orders[position[member]], engineers[visit.engineer]
            arrives = _arrival(engineer, *reached[engineer.id], order.place, visit.fetches_parts, travel)
            kept = _kept(order, engineer.id, arrives, self._hours(visit.start))
            if kept is None or not _can(kept, engineer, arrives, self._hours(visit.start), self.now):
                continue
            orders[position[member]] = kept
            frozen.add(member)
            begins = max(arrives, self._hours(visit.start))
            reached[engineer.id] = (
                activity(engineer, begins, order.duration, order.may_pause)[1],
                order.place,
            )
        return orders, frozen


def _arrival(engineer: Engineer, at: float, place: int, to: int, fetches: bool, travel: Travel) -> float:
    """Return when an engineer who leaves a place as soon as he can is at another; infinity for never."""
    if fetches and engineer.depot is not None and at < inf:
        out = hours_between(travel, place, engineer.depot, at) + engineer.depot_hours
        at, place = activity(engineer, at, out, True)[1], engineer.depot
    return activity(engineer, at, hours_between(travel, place, to, at), True)[1] if at < inf else inf


def _kept(order: Order, engineer: str, arrives: float, begins: float) -> Order | None:
    """Return an order that is kept as it was planned; None where the dispatcher or his shifts say otherwise.

    Parameters
    ----------
    order, engineer
        What, and who has it.
    arrives, begins
        When he can be there, and when he was to begin.
    """
    pin = order.pin
    decided = pin is not None and (pin.engineer not in (None, engineer) or not _within(pin, begins))
    if decided or arrives == inf:
        return None
    in_time = arrives <= begins + KEPT_WITHIN and begins >= order.earliest - ROUNDING
    return replace(
        order,
        pin=Pin(engineer, begins, max(begins, arrives) + PLAY if in_time else None),
        earliest=min(order.earliest, begins) if in_time else order.earliest,
        drop_cost=order.drop_cost * _FIXED_FACTOR if pin is None else order.drop_cost,
    )


def _can(kept: Order, engineer: Engineer, arrives: float, begins: float, now: float) -> bool:
    """Return whether who has an order as it is kept may have it, and works when he was to begin it.

    Parameters
    ----------
    kept, engineer
        The order, and who has it.
    arrives, begins, now
        As for `_kept`, and the present: a start that is over says nothing.
    """
    works = any(
        shift.opens <= begins + PLAY and begins < shift.closes + shift.overtime for shift in engineer.shifts
    )
    late = kept.pin is not None and kept.pin.start_to is None and arrives > kept.latest
    fit = all(rule.passes(kept, engineer) for rule in RULES)
    return fit and not late and (works or begins < now)


def _within(pin: Pin, at: float) -> bool:
    low = pin.start_from is None or at >= pin.start_from - ROUNDING
    return low and (pin.start_to is None or at <= pin.start_to + ROUNDING)


def plan_day(
    day: Day,
    *,
    seed: int = 1,
    seconds: float | None = None,
    iterations: int | None = None,
    engine: str = "portfolio",
    stop: Callable[[], bool] | None = None,
) -> Day:
    """Return a day with the best plan found for it, starting from the plan that stands.

    Parameters
    ----------
    day
        The day.
    seed, seconds, iterations, engine, stop
        As `optimize.plan_dispatch` takes them.

    Raises
    ------
    optimize.ProblemError
        If the day contradicts itself, or not exactly one of seconds and iterations is given.
    """
    made = problem_of(day)
    plan = solved(day, made, seed=seed, seconds=seconds, iterations=iterations, engine=engine, stop=stop)
    return day.model_copy(update={"plan": plan_to_day(day, made, plan)})


def solved(day: Day, made: DayProblem, **limits: Any) -> Plan:
    """Return the solution of a day's problem; `limits` are those of `optimize.plan_dispatch`."""
    from optimize.day.carried_over import carried_over
    from optimize.dispatch import plan_dispatch

    standing = None if day.plan is None else carried_over(made.problem, previous_plan(day, made))
    return plan_dispatch(made.problem, start=standing, **limits)
