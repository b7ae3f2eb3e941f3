"""P(breach): how likely each order's attend clock passes its due time if a plan is carried out as it stands.

How ways and work vary stands in `optimize.day.uncertainty`, how engineers go on in `optimize.day.execution`;
here draws meet the day: who is under way, since when, and what is due when. Numbers are drawn by order and
purpose, so that a change of one route changes no number of another, and the same seed gives the same figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

import numpy as np

from optimize.day.event_kinds import changed
from optimize.day.execution import Drawn, activity, starts_when_executed
from optimize.day.ground import ground_of
from optimize.day.model import Day, DayPlan, DayVisit
from optimize.day.problem import DayProblem, previous_plan, problem_of
from optimize.day.shifts import shifts_on_the_way
from optimize.day.uncertainty import Uncertainty, travel_factors, uncertainty_of, work_factors
from optimize.day.under_way import DEPOT_HOURS, agreed, known_crew
from optimize.problem import FloatArray

#: Draws from which a probability is counted; its standard error is at most 1.1 points.
DRAWS = 2000
#: Hours past the horizon in which what runs late is still carried out, and the longest horizon of a day.
_BEYOND, _LONGEST = 96.0, 24.0 * 31
#: Statuses of orders whose clock may still run.
_OPEN = frozenset(("new", "planned", "departed", "arrived"))


def breach_probabilities(
    day: Day,
    plan: DayPlan | None = None,
    seed: int = 1,
    *,
    draws: int = DRAWS,
    uncertainty: Uncertainty | None = None,
) -> dict[str, float]:
    """Return by open order with a due time how likely its attend clock passes it.

    Parameters
    ----------
    day
        The day.
    plan
        What is carried out, without planning anew; the plan that stands where absent.
    seed
        Seed of the draws.
    draws
        How often the plan is carried out.
    uncertainty
        How ways and work vary; as the day's scenario and the stated assumptions say where absent.

    Notes
    -----
    The clock stops when work begins, for a crew when all are there, at its appointment at the earliest. An
    order that nobody has is a breach for certain. Visits under way go on from what is known: nobody who is
    still on the way has arrived before now.
    """
    plan = plan or day.plan or DayPlan()
    ground = ground_of(day)
    varying = uncertainty or uncertainty_of(ground.scenario, day.orders)
    starts = simulated_starts(day, plan, varying, seed, draws)
    found = {}
    for order in day.orders:
        if order.status not in _OPEN:
            continue
        due = ground.dues(order).get("attend")
        if due is None:
            continue
        if order.arrived_at is not None:
            found[order.id] = float(order.arrived_at > due)
        elif order.id not in starts:
            found[order.id] = 1.0
        else:
            late = starts[order.id] > (due - day.now) / timedelta(hours=1)
            found[order.id] = float(np.mean(late))
    return found


def assumptions(day: Day) -> tuple[str, ...]:
    """Return what P(breach) of a day takes for granted that its scenario does not say, as phrases."""
    open_orders = [order for order in day.orders if order.status in _OPEN]
    return uncertainty_of(ground_of(day).scenario, open_orders).assumptions


def simulated_starts(
    day: Day, plan: DayPlan, uncertainty: Uncertainty, seed: int, draws: int
) -> dict[str, FloatArray]:
    """Return when work begins in each draw, in hours from now, by order that somebody has.

    Parameters
    ----------
    day, plan
        The day, and what is carried out.
    uncertainty
        How ways and work vary.
    seed, draws
        Seed, and how often.
    """
    # What is frozen is no rule for those who carry it out; and who runs late goes on after the horizon.
    longer = min(day.horizon_h + _BEYOND, _LONGEST)
    day = changed(day, plan=plan, freeze_h=0.0, horizon_h=longer)
    made = problem_of(day)
    stands = previous_plan(day, made)
    assert stands is not None  # the day has a plan
    begun, free = _under_way(day, made, uncertainty, seed, draws)
    names = [order for route in stands.routes for order in route.orders]
    expected = {order.id: order.duration for order in made.problem.orders}
    hours = {
        name: work_factors(uncertainty, name, seed, draws) * day.order[name].duration_h
        for name in {made.names[order] for order in names}
    }
    drawn = Drawn(
        travel={order: travel_factors(uncertainty, order, seed, draws) for order in names},
        work={order: hours[made.names[order]] for order in names if expected[order] > 0.0},
        free=free,
        draws=draws,
    )
    sequences = {route.engineer: route.orders for route in stands.routes if route.orders}
    depots = {r.engineer: r.depot_before for r in stands.routes if r.depot_before is not None}
    now = made.hours(day.now)
    crews = {order: at for order, at in stands.start_of.items() if day.order[made.names[order]].crew_size > 1}
    found = {name: starts - now for name, starts in begun.items()}
    for order, starts in starts_when_executed(made.problem, sequences, depots, drawn, crews).items():
        name = made.names[order]
        found[name] = np.maximum(found[name], starts - now) if name in found else starts - now
    return found


def _under_way(
    day: Day, made: DayProblem, uncertainty: Uncertainty, seed: int, draws: int
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Return when work under way begins or has begun, by order, and when engineers who do it are free."""
    now = made.hours(day.now)
    crews: dict[str, list[DayVisit]] = {}
    for visit in made.fixed:
        crews.setdefault(visit.order, []).append(visit)
    starts: dict[str, FloatArray] = {}
    free: dict[str, FloatArray] = {}
    for name, crew in crews.items():
        order = day.order[name]
        if order.status == "arrived":
            starts[name] = np.full(draws, min(made.hours(crew[0].start), now))
        else:
            planned = known_crew(day, order) or (day.plan or DayPlan()).crew_of[name]
            there = [_arrivals(day, v, made, free, uncertainty, seed, draws) for v in crew]
            starts[name] = np.max([*there, np.full(draws, made.hours(agreed(day, order, planned)))], axis=0)
        work = work_factors(uncertainty, name, seed, draws) * order.duration_h
        for visit in crew:
            pauses = max((visit.end - visit.start) / timedelta(hours=1) - order.duration_h, 0.0)
            end = _not_yet(starts[name] + pauses + work, now)
            engineer = made.problem.engineers[made.problem.engineer_position[visit.engineer]]
            since = max(now, _available(day, made, visit.engineer, now))
            end = np.maximum(end, since)
            free[engineer.id] = np.maximum(free[engineer.id], end) if engineer.id in free else end
    return starts, free


def _arrivals(
    day: Day,
    visit: DayVisit,
    made: DayProblem,
    free: Mapping[str, FloatArray],
    uncertainty: Uncertainty,
    seed: int,
    draws: int,
) -> FloatArray:
    """Return when somebody arrives who is on his way, or follows when he has done what is before."""
    now, leaves = made.hours(day.now), np.full(draws, made.hours(visit.depart))
    if visit.depart > day.now and visit.engineer in free:
        leaves = np.maximum(leaves, free[visit.engineer])
    factors = travel_factors(uncertainty, f"{visit.order} {visit.engineer}", seed, draws)
    hours = visit.travel_h * factors + (DEPOT_HOURS if visit.fetches_parts else 0.0)
    on_the_way = shifts_on_the_way(day.engineer[visit.engineer], made.start, visit.depart, day.horizon_h)
    if not on_the_way:
        return _not_yet(leaves + hours, now)
    engineer = made.problem.engineers[made.problem.engineer_position[visit.engineer]]
    there = activity(replace(engineer, shifts=on_the_way), leaves, hours, None)[1]
    return _not_yet(there, now)


def _not_yet(instants: FloatArray, now: float) -> FloatArray:
    """Return instants as they are distributed if none has come yet, each draw keeping its rank.

    What should have happened in every draw happens now.
    """
    later = np.sort(instants[instants > now])
    if len(later) == len(instants):
        return instants
    if not len(later):
        return np.full(len(instants), now)
    ranks = np.argsort(np.argsort(instants, kind="stable"), kind="stable")
    return later[(ranks * len(later)) // len(instants)]


def _available(day: Day, made: DayProblem, engineer: str, now: float) -> float:
    since = day.engineer[engineer].available_from
    return now if since is None else made.hours(since)


def expected_breaches(probabilities: Mapping[str, float], orders: Iterable[str] | None = None) -> float:
    """Return how many breaches are to be expected among some orders, all where none are named."""
    names = probabilities if orders is None else orders
    return float(sum(probabilities.get(name, 0.0) for name in names))
