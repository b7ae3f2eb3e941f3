"""A small day for tests of boards: two engineers, four orders, a plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from optimize.day.event_kinds import changed
from optimize.day.model import Day, DayEngineer, DayOrder, DayPlan, DayVisit

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def hours(after: float) -> datetime:
    """Return the instant so many hours after the day's now."""
    return NOW + timedelta(hours=after)


def visit(order: str, engineer: str, start: float) -> DayVisit:
    """Return an hour's visit."""
    return DayVisit(
        order=order,
        engineer=engineer,
        depart=hours(start - 0.5),
        start=hours(start),
        end=hours(start + 1.0),
        travel_h=0.5,
    )


def order(name: str, **values: Any) -> DayOrder:
    """Return an order in Penang."""
    fields = {
        "lat": 5.41 + 0.01 * int(name[-1], 36),
        "lon": 100.33,
        "reported_at": hours(-1.0),
        "duration_h": 1.0,
        "due_at": hours(6.0),
        "time_zone": "Asia/Kuala_Lumpur",
        "city": "penang",
        **values,
    }
    return DayOrder(id=name, **fields)


def engineer(name: str, **values: Any) -> DayEngineer:
    """Return an engineer in Penang."""
    fields = {"name": name.title(), "lat": 5.41, "lon": 100.33, "time_zone": "Asia/Kuala_Lumpur", **values}
    return DayEngineer(id=name, **fields)


def day() -> Day:
    """Return the day: A1 and A2 are Ali's, B1 and B2 are Bea's."""
    visits = (visit("A1", "ali", 1), visit("A2", "ali", 3), visit("B1", "bea", 1), visit("B2", "bea", 3))
    return Day(
        title="Penang",
        scenario="one-city",
        now=NOW,
        orders=tuple(order(name) for name in ("A1", "A2", "B1", "B2")),
        engineers=(engineer("ali"), engineer("bea")),
        plan=DayPlan(visits=visits, cost=10.0, parts={"travel": 10.0}, made_at=NOW),
    )


def with_order(before: Day, name: str, **values: Any) -> Day:
    """Return a day with something else about one of its orders."""
    orders = (o.model_copy(update=values) if o.id == name else o for o in before.orders)
    after: Day = changed(before, orders=tuple(orders))
    return after


def with_visits(before: Day, cost: float, *visits: DayVisit) -> Day:
    """Return a day with other visits to the orders that they are to."""
    named = {v.order for v in visits}
    kept = [v for v in (before.plan.visits if before.plan else ()) if v.order not in named]
    found = tuple(sorted((*kept, *visits), key=lambda v: (v.engineer, v.start)))
    plan = DayPlan(visits=found, cost=cost, parts={"travel": cost}, made_at=NOW)
    after: Day = changed(before, plan=plan)
    return after
