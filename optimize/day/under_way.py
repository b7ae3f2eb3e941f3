"""Visits that have begun, or should have: who is on the way or at work, and until when, if that is known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from optimize.day.model import Day, DayOrder, DayVisit
from scenarios.phrases import phrase

#: Orders that a warning names.
_MOST_LISTED = 8
_HOUR = timedelta(hours=1)


def under_way(day: Day) -> Iterator[DayVisit]:
    """Yield the visits of orders that are departed or arrived, as far as it is known who is there.

    Whoever has departed arrives after the hours that his plan has, now at the earliest; work ends after its
    expected duration, now at the earliest.
    """
    planned = {} if day.plan is None else day.plan.crew_of
    for order in day.orders:
        if order.status not in ("departed", "arrived"):
            continue
        pinned = order.pin.engineer if order.pin else None
        visits = [visit for visit in planned.get(order.id, ()) if visit.engineer in day.engineer]
        if pinned in day.engineer and pinned not in {visit.engineer for visit in visits}:
            assert pinned is not None
            at = order.departed_at or order.arrived_at or day.now
            only = DayVisit(order=order.id, engineer=pinned, depart=at, start=at, end=at, travel_h=0.0)
            visits = [only, *visits[1:]]
        for visit in visits:
            yield _as_it_goes(order, visit, day.now)


def _as_it_goes(order: DayOrder, visit: DayVisit, now: datetime) -> DayVisit:
    departs = order.departed_at or min(visit.depart, now)
    if order.status == "arrived":
        begins = order.arrived_at or min(visit.start, now)
        departs = min(departs, begins)
    else:
        begins = max(departs + timedelta(hours=visit.travel_h), now)
        if order.departed_at is None:
            begins = max(visit.start, now)
    length = max(visit.end - visit.start, timedelta(hours=order.duration_h))
    end = max(begins + length, now)
    travelled = max((begins - departs) / _HOUR, 0.0)
    return visit.model_copy(update={"depart": departs, "start": begins, "end": end, "travel_h": travelled})


def is_open(order: DayOrder) -> bool:
    """Return whether nothing has happened to an order yet."""
    return order.status in ("new", "planned")


def _waits(day: Day, name: str) -> bool:
    order = day.order[name]
    return is_open(order) and order.reported_at <= day.now


def begun(day: Day) -> list[str]:
    """Return a warning if visits of the plan should have begun by now and nobody says that they have."""
    visits = [] if day.plan is None else day.plan.visits
    late = [v for v in visits if v.depart < day.now and v.order in day.order and _waits(day, v.order)]
    if not late:
        return []
    first = day.order[late[0].order]
    listed = ", ".join(dict.fromkeys(visit.order for visit in late[:_MOST_LISTED]))
    return [
        phrase(
            "warning: visits of the plan that have begun by {now}, of orders without a status: {number} "
            "({ids}). They are planned again as if nobody had left; give their status (departed, arrived, "
            "finished)",
            number=len(late),
            now=day.now.astimezone(ZoneInfo(first.time_zone)).isoformat(" ", "minutes"),
            ids=listed + (", …" if len(late) > _MOST_LISTED else ""),
        )
    ]
