"""Between a day's plan and the solution of its problem: instants and hours, visits and stops, both ways.

Departures are as late as a start allows, since a route's own times hold only when work begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from optimize.day.model import Day, DayOrder, DayPlan, DayVisit
from optimize.day.shifts import activity
from optimize.plan import Plan, Route
from optimize.problem import DispatchProblem, Engineer, Travel

_HOUR = timedelta(hours=1)
#: Hours by which rounding may make an engineer late for a start that is fixed.
ROUNDING = 1e-6


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

    def trip(leaving: float) -> tuple[float, float, float]:
        """Return begin, end and hours on the way of a trip that may begin at an instant."""
        if through is None:
            hours = hours_between(travel, start, to, leaving)
            return (*activity(engineer, leaving, hours, True), hours)
        out = hours_between(travel, start, through, leaving)
        begun, there = activity(engineer, leaving, out + engineer.depot_hours, True)
        onward = hours_between(travel, through, to, there) if there < float("inf") else 0.0
        return begun, activity(engineer, there, onward, True)[1], out + onward

    begun, arrives, hours = trip(at)
    if arrives >= begins - ROUNDING or arrives == float("inf"):
        return min(begun, begins), hours
    later, arrives_later, hours_later = trip(max(begins - (arrives - begun), at))
    if arrives_later <= begins + ROUNDING:
        return later, hours_later
    return begun, hours


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
