"""Between a day's plan and the solution of its problem: instants and hours, visits and stops, both ways.

Departures are as late as a start allows without more overtime, since a route's own times hold only when work
begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil, inf
from typing import Any

from optimize.day.model import Day, DayOrder, DayPlan, DayVisit
from optimize.day.shifts import activity
from optimize.plan import Plan, Route
from optimize.problem import DispatchProblem, Engineer, Travel

_HOUR = timedelta(hours=1)
#: Hours by which rounding may make an engineer late for a start that is fixed.
ROUNDING = 1e-6
#: Hours to which the latest departure is found.
_EXACT = 1e-7


@dataclass(frozen=True)
class DayProblem:
    """The problem of a day.

    Parameters
    ----------
    problem
        What is to be solved.
    start
        Its hour 0: the last full hour at or before the present, so that traffic by the hour and what is fixed
        do not shift between one planning and the next.
    names
        Order of the day by each order of the problem; the members of a crew have one each.
    fixed
        Visits under way, which are not part of the problem.
    frozen
        Orders of the problem that the freeze window keeps where they are.
    policy
        Name of the scheduling policy.
    """

    problem: DispatchProblem
    start: datetime
    names: Mapping[str, str]
    fixed: tuple[DayVisit, ...] = ()
    frozen: frozenset[str] = frozenset()
    policy: str = ""

    def hours(self, at: datetime) -> float:
        """Return an instant in hours of the problem."""
        return (at - self.start) / _HOUR

    def instant(self, hours: float) -> datetime:
        """Return hours of the problem as an instant."""
        return self.start + timedelta(hours=hours)


def in_order(order: DayOrder | None, visits: tuple[DayVisit, ...]) -> list[DayVisit]:
    """Return the visits of a crew, that of whom the order is pinned to first."""
    pinned = order.pin.engineer if order and order.pin else None
    return sorted(visits, key=lambda visit: visit.engineer != pinned)


def next_second(at: datetime) -> datetime:
    """Return the whole second that is not before an instant, as files and calendars have it.

    An instant within a millisecond after a whole second is that second.
    """
    return (at - timedelta(milliseconds=1)).replace(microsecond=0) + timedelta(seconds=1)


def hours_between(travel: Travel, start: int, to: int, at: float) -> float:
    """Return the hours of a way that begins at an instant."""
    position = 0 if len(travel.hours) == 1 else int(at / travel.slice_hours) % len(travel.hours)
    return float(travel.hours[position, start, to])


def plan_to_day(day: Day, made: DayProblem, plan: Plan) -> DayPlan:
    """Return a plan in the words of its day: visits at instants, those under way among them.

    Parameters
    ----------
    day
        The day.
    made
        Its problem.
    plan
        The solution.
    """
    visits = [*made.fixed, *(visit for route in plan.routes for visit in _visits_of(made, route))]
    rank = {engineer.id: i for i, engineer in enumerate(day.engineers)}
    left = {made.names[name] for name in plan.unassigned}
    return DayPlan(
        visits=tuple(sorted(visits, key=lambda v: (rank[v.engineer], v.start, v.order))),
        unassigned=tuple(order.id for order in day.orders if order.id in left),
        cost=float(plan.cost),
        parts=_parts_of(plan),
        made_at=day.now,
        policy=made.policy,
    )


def _visits_of(made: DayProblem, route: Route) -> Iterator[DayVisit]:
    """Yield the visits of a route; whoever would wait at a place leaves later."""
    problem = made.problem
    engineer = problem.engineers[problem.engineer_position[route.engineer]]
    at, place = engineer.free_at, engineer.place
    for position, (name, begins) in enumerate(zip(route.orders, route.starts, strict=True)):
        order = problem.orders[problem.position[name]]
        through = engineer.depot if position == route.depot_before else None
        departs, hours = _departure(problem.travel, engineer, at, begins, place, order.place, through)
        end = activity(engineer, begins, order.duration, order.may_pause)[1]
        end = end if end < float("inf") else begins + order.duration
        yield DayVisit(
            order=made.names[name],
            engineer=engineer.id,
            depart=next_second(made.instant(departs)),
            start=next_second(made.instant(begins)),
            end=next_second(made.instant(end)),
            travel_h=round(hours, 4),
            fetches_parts=through is not None,
        )
        at, place = end, order.place


def _parts_of(plan: Plan) -> dict[str, float]:
    parts: Any = getattr(plan, "parts", None)
    return {} if parts is None else {name: float(value) for name, value in vars(parts).items()}


def _departure(
    travel: Travel, engineer: Engineer, at: float, begins: float, start: int, to: int, through: int | None
) -> tuple[float, float]:
    """Return when an engineer leaves so that he need not wait, and the hours that he is on the way.

    Parameters
    ----------
    travel, engineer
        The ways, and who goes.
    at, begins
        From when on he may leave, and when the work begins.
    start, to, through
        Whence and where to, and the depot on the way.
    """
    trip = _Trip(travel, engineer, start, to, through)
    begun, arrives, hours = trip.leaving(at)
    if arrives >= begins - ROUNDING or arrives == inf:
        return min(begun, begins), hours
    in_shifts = replace(trip, engineer=_without_overtime(engineer))
    # Overtime that the plan has not reckoned with is none to leave in, unless he was to be there in it.
    way = in_shifts if in_shifts.leaving(at)[1] <= begins + ROUNDING else trip
    begun, _, hours = way.leaving(way.latest(at, begins))
    return begun, hours


def _without_overtime(engineer: Engineer) -> Engineer:
    return replace(engineer, shifts=tuple(replace(shift, overtime=0.0) for shift in engineer.shifts))


@dataclass(frozen=True)
class _Trip:
    """A way that an engineer goes; parameters as `_departure` has them."""

    travel: Travel
    engineer: Engineer
    start: int
    to: int
    through: int | None

    def leaving(self, at: float) -> tuple[float, float, float]:
        """Return begin, end and hours on the way of the trip if it may begin at an instant."""
        engineer = self.engineer
        if self.through is None:
            hours = hours_between(self.travel, self.start, self.to, at)
            return (*activity(engineer, at, hours, True), hours)
        out = hours_between(self.travel, self.start, self.through, at)
        begun, there = activity(engineer, at, out + engineer.depot_hours, True)
        onward = hours_between(self.travel, self.through, self.to, there) if there < inf else 0.0
        return begun, activity(engineer, there, onward, True)[1], out + onward

    def latest(self, at: float, begins: float) -> float:
        """Return how late he may leave to be there in time, which he is if he leaves at `at`.

        Inside a slice of the day a later departure never arrives earlier; so the last slice from whose begin
        he is in time is halved down.
        """
        width = self.travel.slice_hours if len(self.travel.hours) > 1 else inf
        late = begins
        early = _slice_begin(late, width, at)
        while early > at and not self._in_time(early, begins):
            early, late = _slice_begin(early, width, at), early
        begun, arrives, _ = self.leaving(early)
        straight = begins - (arrives - begun)  # where neither break, night nor depot comes between
        if early < straight < late and abs(self.leaving(straight)[1] - begins) <= ROUNDING:
            return straight
        while late - early > _EXACT:
            middle = (early + late) / 2.0
            early, late = (middle, late) if self._in_time(middle, begins) else (early, middle)
        return early

    def _in_time(self, leaving: float, begins: float) -> bool:
        return self.leaving(leaving)[1] <= begins + ROUNDING


def _slice_begin(before: float, width: float, at: float) -> float:
    """Return when the slice of the day begins that ends at an instant or holds it, `at` at the earliest."""
    return at if width == inf else max(at, (ceil(before / width) - 1) * width)


def previous_plan(day: Day, made: DayProblem) -> Plan | None:
    """Return the plan that stands in the words of a problem, to start from; None if there is none.

    Parameters
    ----------
    day
        The day with its plan.
    made
        Its problem. Visits that it does not know are left out; orders that the plan does not know are
        unassigned.
    """
    if day.plan is None:
        return None
    members: dict[str, list[str]] = {}
    for name, order in made.names.items():
        members.setdefault(order, []).append(name)
    stops: dict[str, list[tuple[DayVisit, str]]] = {e.id: [] for e in made.problem.engineers}
    for order, visits in day.plan.crew_of.items():
        known = in_order(day.order.get(order), visits)
        for visit, member in zip(known, members.get(order, ()), strict=False):
            if visit.engineer in stops:
                stops[visit.engineer].append((visit, member))
    routes = []
    for engineer, found in stops.items():
        found.sort(key=lambda pair: pair[0].start)
        depot = next((i for i, (visit, _) in enumerate(found) if visit.fetches_parts), None)
        starts = tuple(made.hours(visit.start) for visit, _ in found)
        routes.append(Route(engineer, tuple(member for _, member in found), starts, depot))
    served = {member for route in routes for member in route.orders}
    left = tuple(order.id for order in made.problem.orders if order.id not in served)
    return Plan(tuple(routes), left, float("inf"))
