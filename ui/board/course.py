"""Visits of a board as they go, not only as they were planned: whoever has left is where he is now."""

from __future__ import annotations

from optimize.day.model import Day, DayVisit
from optimize.day.under_way import under_way


def visits_as_they_go(day: Day) -> tuple[DayVisit, ...]:
    """Return the visits of a day's plan: begun ones since they began, finished ones until they ended.

    A visit of which a dispatcher has told that somebody left or arrived is from then on until its work is
    expected to be done, whatever was planned; everything else is as planned.
    """
    planned = day.plan.visits if day.plan else ()
    going = {(visit.order, visit.engineer): visit for visit in under_way(day)}
    begun = {order.id for order in day.orders if order.status in ("departed", "arrived")}
    known = {order for order, _ in going} & begun
    found = []
    for visit in planned:
        key = visit.order, visit.engineer
        if key in going:
            found.append(going.pop(key))
        elif visit.order not in known:
            found.append(_as_it_went(day, visit))
    return (*found, *going.values())


def _as_it_went(day: Day, visit: DayVisit) -> DayVisit:
    """Return a visit of a finished order as it was; any other as it is."""
    order = day.order.get(visit.order)
    if order is None or order.status != "finished" or order.completed_at is None:
        return visit
    end = order.completed_at
    start = min(order.arrived_at or visit.start, end)
    depart = min(order.departed_at or visit.depart, start)
    hours = (start - depart).total_seconds() / 3600.0
    return visit.model_copy(update={"depart": depart, "start": start, "end": end, "travel_h": hours})
