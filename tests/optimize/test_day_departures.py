"""Departures are as late as a start allows, within shifts; the ways home count among the hours of travel."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from optimize.day.mapping import map_of
from optimize.day.model import Day, DayEngineer, DayOrder, DayTravel, DayVisit
from optimize.day.problem import DayProblem, plan_day, problem_of
from optimize.day.shifts import activity
from optimize.day.timetable import hours_between
from optimize.day.writing import Told, figures_of

NOW = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)  # 08:00 in Kuala Lumpur, a Monday
HOUR = timedelta(hours=1)
PLACE = {"lat": 3.139, "city": "kuala-lumpur", "time_zone": "Asia/Kuala_Lumpur"}


def order(name: str, lon: float = 101.787, **more: Any) -> DayOrder:
    """Return an order 11 km east of the engineers."""
    return DayOrder(id=name, lon=lon, **{"reported_at": NOW - HOUR, "duration_h": 1.0, **PLACE, **more})


def engineer(name: str = "e1", **more: Any) -> DayEngineer:
    """Return an engineer of 08:00 to 17:00."""
    return DayEngineer(id=name, lon=101.687, **{**PLACE, **more})


def day_of(*orders: DayOrder, people: tuple[DayEngineer, ...] = (), **more: Any) -> Day:
    """Return a day that was planned."""
    return plan_day(Day(now=NOW, orders=orders, engineers=people or (engineer(),), **more), iterations=100)


def visits_of(day: Day) -> tuple[DayVisit, ...]:
    """Return the visits of a day's plan."""
    assert day.plan is not None
    return day.plan.visits


def arrives(made: DayProblem, day: Day, visit: DayVisit, leaving: datetime) -> datetime:
    """Return when a way from home without overtime ends that begins at an instant."""
    problem, at = made.problem, made.hours(leaving)
    who = problem.engineers[problem.engineer_position[visit.engineer]]
    who = replace(who, shifts=tuple(replace(shift, overtime=0.0) for shift in who.shifts))
    there = problem.orders[problem.position[visit.order]].place
    return made.instant(activity(who, at, hours_between(problem.travel, who.place, there, at), True)[1])


@pytest.mark.parametrize("overtime", [0.0, 2.0])
@pytest.mark.parametrize(
    ("opens", "starts", "departs"),
    [
        (9.2, 24.0, (8.0, 9.0)),  # there on Tuesday at 08:00: he drives on Monday before the shift ends
        (29.0, 29.0, (27.0, 28.0)),  # after a lunch, on the second day
        (5.0, 5.0, (3.0, 4.0)),  # the lunch lies between
        (2.0, 2.0, (1.0, 2.0)),
    ],
)
def test_nobody_leaves_before_he_has_to(
    opens: float, starts: float, departs: tuple[float, float], overtime: float
) -> None:
    """A start that waits for its window is left for as late as shifts, breaks and traffic allow."""
    who = engineer(break_start="12:00", break_end="13:00", overtime_h=overtime)
    when: dict[str, Any] = {"window_start": NOW + opens * HOUR, "due_at": NOW + (starts + 0.1) * HOUR}
    if overtime and starts == 24.0:
        when["window_start"] = NOW + 11.5 * HOUR
    day = day_of(order("o", **when), people=(who,))
    (visit,) = visits_of(day)
    made = problem_of(day)
    assert visit.start == NOW + starts * HOUR
    assert departs[0] <= (visit.depart - NOW) / HOUR <= departs[1]
    second = timedelta(seconds=1)
    assert arrives(made, day, visit, visit.depart - second) <= visit.start
    later = visit.depart + second
    while later < visit.start:
        assert arrives(made, day, visit, later) > visit.start, later
        later += timedelta(minutes=3)
    way = hours_between(
        made.problem.travel, made.problem.engineers[0].place, made.problem.orders[0].place,
        made.hours(visit.depart - second),
    )  # fmt: skip
    assert visit.travel_h == pytest.approx(way, abs=1e-4)


def test_the_way_home_is_travel_too() -> None:
    """Hours of travel times their price are the travel that is charged, wherever he lives."""
    for more in ({}, {"home_lat": 3.139, "home_lon": 101.787}, {"home_lat": 3.139, "home_lon": 101.6}):
        day = day_of(order("o"), people=(engineer(**more), engineer("e2", lat=3.9)))
        assert day.plan is not None
        figures = figures_of(day, Told())
        price = problem_of(day).problem.policy.travel_hour
        assert price * figures["travel_hours"] == pytest.approx(day.plan.parts["travel"], rel=1e-3)
        (visit,) = visits_of(day)
        assert figures["home_hours"] == pytest.approx(figures["travel_hours"] - visit.travel_h)
        assert (figures["home_hours"] == 0.0) == (more.get("home_lon") == 101.787)
        (route, _) = json.loads(map_of(day, Told()))["features"]
        assert route["properties"]["home_h"] == pytest.approx(figures["home_hours"], abs=1e-4)


def test_a_way_of_a_file_is_the_way_home_too() -> None:
    """Whoever lives where he is goes home by the file's way from the order to him."""
    ways = tuple(
        DayTravel(origin=a, destination=b, hours=hours)
        for a, b, hours in (("e1", "o", 0.5), ("o", "e1", 1.25))
    )
    day = day_of(order("o"), people=(engineer(home_lat=3.139, home_lon=101.687),), travel=ways)
    assert figures_of(day, Told())["travel_hours"] == pytest.approx(1.75)
    assert day.plan is not None and day.plan.parts["travel"] == pytest.approx(
        1.75 * problem_of(day).problem.policy.travel_hour
    )
