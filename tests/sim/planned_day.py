"""A day at the sites of a scenario, planned: for objectives that count in no decision of the simulation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from optimize import plan_dispatch
from optimize.day.ground import Ground
from optimize.day.model import Day, DayEngineer, DayOrder, DayPlan, DayVisit
from optimize.day.problem import plan_to_day, problem_on
from scenarios.schema import Scenario

_NAMES = ("ann", "ben", "cho")


def planned_day(scenario: Scenario) -> DayPlan:
    """Return the plan of a morning on which each site has an order, and Ann was to have all of them."""
    start = datetime(scenario.start.year, scenario.start.month, scenario.start.day, 8, tzinfo=UTC)
    city = next(iter(scenario.cities.values()))
    orders = tuple(
        DayOrder(
            id=key,
            lat=city.lat if site.lat is None else site.lat,
            lon=city.lon if site.lon is None else site.lon,
            site=key,
            city=site.city,
            reported_at=start,
            due_at=start + timedelta(hours=9.0),
            skill="field",
            duration_h=2.0,
            time_zone="UTC",
        )
        for key, site in scenario.sites.items()
    )
    people = tuple(
        DayEngineer(
            id=name,
            lat=city.lat,
            lon=city.lon,
            skills={"field": level},
            overtime_h=6.0,
            shift_end="13:00",
            time_zone="UTC",
        )
        for level, name in enumerate(_NAMES, 1)
    )
    stood = tuple(
        DayVisit(
            order=order.id,
            engineer=_NAMES[0],
            depart=start + timedelta(hours=2.0 * position),
            start=start + timedelta(hours=2.0 * position),
            end=start + timedelta(hours=2.0 * position + 2.0),
            travel_h=0.0,
        )
        for position, order in enumerate(orders)
    )
    day = Day(now=start, orders=orders, engineers=people, plan=DayPlan(visits=stood))
    made = problem_on(day, Ground(scenario, 10.0))
    return plan_to_day(day, made, plan_dispatch(made.problem, iterations=300))
