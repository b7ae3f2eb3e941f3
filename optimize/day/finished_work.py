"""Where finished orders of files leave their engineers: there, without what they used.

Files of engineers mostly say where people start from and what was in their vans in the morning. Whoever has a
home in the file that is not where he stands is where the file says, with what it says. Events do the same one
by one (`optimize.day.events`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from optimize.day.event_kinds import changed
from optimize.day.fetched import stocked, used
from optimize.day.model import Day, DayEngineer, DayOrder, DayVisit
from optimize.day.naming import listed
from optimize.day.shifts import shifts_of
from optimize.day.timetable import in_order
from scenarios.phrases import phrase


def after_finished(day: Day) -> tuple[Day, list[str]]:
    """Return a day whose engineers are where they finished last in their present shift, and what was assumed.

    Parameters
    ----------
    day
        The day as its files have it. Who finished an order is whom it is pinned to, else who has it by the
        plan that stands; when, as its row says, else by the plan.
    """
    done: dict[str, list[tuple[DayVisit, bool]]] = {}
    for order in day.orders:
        if order.status == "finished":
            for position, visit in enumerate(_visits(day, order)):
                done.setdefault(visit.engineer, []).append((visit, position == 0))
    # What was fetched for the orders that are finished is seen as long as they are not.
    before = changed(day, orders=tuple(_unfinished(order) for order in day.orders)) if done else day
    found, moved = [], []
    for engineer in day.engineers:
        since = _shift_began(engineer, day.now) if engineer.id in done and _at_base(engineer) else None
        jobs = [] if since is None else [job for job in done[engineer.id] if since <= job[0].end <= day.now]
        found.append(_after(before, engineer, sorted(jobs, key=lambda job: job[0].end)))
        moved += [engineer.id] if jobs else []
    if not moved:
        return day, []
    note = phrase(
        "assumption: who has finished an order in this shift is there, without the parts that it took: "
        "{number} ({ids}); an engineer whose home is not where he stands is where his row says",
        number=len(moved),
        ids=listed(moved),
    )
    return changed(day, engineers=tuple(found)), [note]


def _visits(day: Day, order: DayOrder) -> Iterator[DayVisit]:
    """Yield who did an order and when it ended, as far as that is known; first who had its parts."""
    visits = in_order(order, day.plan.crew_of.get(order.id, ()) if day.plan else ())
    pinned = order.pin.engineer if order.pin else None
    told = order.completed_at or order.restored_at or order.arrived_at or order.departed_at
    if pinned is not None and (not visits or visits[0].engineer != pinned):
        at = told or order.reported_at
        first = DayVisit(order=order.id, engineer=pinned, depart=at, start=at, end=at, travel_h=0.0)
        visits = [first, *visits[1:]]
    for visit in visits:
        if visit.engineer in day.engineer:
            end = order.completed_at or order.restored_at or min(visit.end, day.now)
            yield visit.model_copy(update={"end": end})


def _at_base(engineer: DayEngineer) -> bool:
    """Return whether a row says only where somebody starts from: he has no home elsewhere."""
    return (engineer.home_lat, engineer.home_lon) in ((None, None), (engineer.lat, engineer.lon))


def _shift_began(engineer: DayEngineer, now: datetime) -> datetime | None:
    """Return when the shift began that goes on now; None where none does, for then he is at home."""
    # An hour, so that the shift is found that opens and closes around the present.
    hour = timedelta(hours=1)
    for shift in shifts_of(engineer, now, now, now + hour):
        if shift.opens <= 0.0 < shift.closes + shift.overtime:
            return now + shift.opens * hour
    return None


def _unfinished(order: DayOrder) -> DayOrder:
    return order.model_copy(update={"status": "arrived"}) if order.status == "finished" else order


def _after(before: Day, engineer: DayEngineer, jobs: list[tuple[DayVisit, bool]]) -> DayEngineer:
    """Return an engineer after visits, the last of them last; `jobs` say whether he brought the parts."""
    base = engineer.city
    for visit, carrier in jobs:
        order = before.order[visit.order]
        engineer = stocked(before, engineer, visit)
        engineer = used(engineer, order) if carrier else engineer
        # Elsewhere the nearest city holds, for him and for his home.
        city = base if order.city == base else ""
        engineer = engineer.model_copy(update={"lat": order.lat, "lon": order.lon, "city": city})
    return engineer
