"""Visits that have begun, or should have: who is on the way or at work, and until when, if that is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from optimize.day.model import Day, DayOrder, DayPin, DayVisit
from optimize.day.shifts import end_of_way, end_of_work, hours_within
from optimize.day.timetable import in_order
from scenarios.phrases import phrase

#: Orders that a warning names.
_MOST_LISTED = 8
#: How much sooner than planned a crew may depart whose appointment stays.
_AS_PLANNED = timedelta(minutes=15)
#: Hours at a depot to take tools and parts.
DEPOT_HOURS = 0.25
_SECOND = timedelta(seconds=1)
#: Hours by which a plan's instants, which are whole seconds, and its rounded ways may differ.
_ROUNDING = 2.5 / 3600.0


def under_way(day: Day) -> Iterator[DayVisit]:
    """Yield the visits of orders that are departed or arrived, as far as it is known who is there.

    Notes
    -----
    Whoever has departed arrives after the hours that his plan has, over the depot if he fetches something,
    with his breaks and nights, now at the earliest; work ends after its expected duration, now at the
    earliest. A crew that has departed begins at its appointment, or when the last of it is there: who is
    still elsewhere follows when he has done what he has to do before, which is as planned until then and so
    is yielded too.
    """
    crews = {order.id: crew for order in day.orders if (crew := known_crew(day, order))}
    crews |= _before_they_follow(day, crews)
    free: dict[str, datetime] = {}

    for name in sorted(crews, key=lambda name: _turn(day, day.order[name], crews[name])):
        for visit in _as_it_goes(day, day.order[name], crews[name], free):
            free[visit.engineer] = max(visit.end, free.get(visit.engineer, visit.end))
            yield visit


def _turn(day: Day, order: DayOrder, crew: Sequence[DayVisit]) -> tuple[int, datetime, str]:
    """Return a key by which nobody's visit comes before one that he has to end before it."""
    waits = len(crew) > 1 or is_open(order)
    brought_forward = waits and list(crew) != _planned(day, order)
    rank = 0 if order.status == "arrived" else 1 + waits + brought_forward
    return rank, min(visit.start for visit in crew), order.id


def has_left(crew: Sequence[DayVisit], visit: DayVisit, at: datetime) -> bool:
    """Return whether one of a crew that is said to have departed has left himself, by what is planned."""
    return len(crew) == 1 or visit.depart <= max(at, min(other.depart for other in crew))


def has_done(day: Day, order: DayOrder, crew: Sequence[DayVisit], visit: DayVisit, at: datetime) -> bool:
    """Return whether one of a crew at work has done his hours, while others still have some after a break."""
    if order.status != "arrived" or order.arrived_at is None or len(crew) == 1:
        return False
    ends = {one.engineer: _ends(day, order, one, order.arrived_at) for one in crew}
    return ends[visit.engineer] < max(ends.values()) and ends[visit.engineer] <= at + _SECOND


def agreed(day: Day, order: DayOrder, crew: Sequence[DayVisit]) -> datetime:
    """Return before when work does not begin: window and pin, and the start of whoever was to wait for it.

    Parameters
    ----------
    day, order
        What it is about.
    crew
        The visits that are planned.
    """
    pinned = order.pin.start_from if order.pin else None
    found = [day.now, *(at for at in (order.window_start, pinned) if at is not None)]
    for visit in crew:
        # Rounded down, who is there as his shift ends waits for the morning, and is not on his way till then.
        way = max(_needed(visit) - _ROUNDING, 0.0)
        there = end_of_way(day.engineer[visit.engineer], visit.depart, way)
        waits = visit.start - there > timedelta(hours=2.0 * _ROUNDING)
        if len(crew) > 1 or (waits and visit.travel_h > 0.0):
            found.append(visit.start)
    return max(found)


def known_crew(day: Day, order: DayOrder) -> list[DayVisit]:
    """Return who is under way to an order, as planned; nobody where that is not known.

    A crew that has departed well before it was to is brought forward: whoever is free has left.
    """
    if order.status not in ("departed", "arrived"):
        return []
    pinned = order.pin.engineer if order.pin else None
    visits = _planned(day, order)
    if pinned in day.engineer and pinned not in {visit.engineer for visit in visits}:
        assert pinned is not None
        at = order.departed_at or order.arrived_at or day.now
        only = DayVisit(order=order.id, engineer=pinned, depart=at, start=at, end=at, travel_h=0.0)
        visits = [only, *visits[1:]]
    told = order.departed_at
    if len(visits) == 1 or order.status == "arrived" or told is None:
        return visits
    brought_forward = told < min((visit.depart for visit in visits), default=told) - _AS_PLANNED
    return [_leaving(day, order, visit, told) for visit in visits] if brought_forward else visits


def _leaving(day: Day, order: DayOrder, visit: DayVisit, at: datetime) -> DayVisit:
    """Return a visit for which somebody leaves at another instant."""
    engineer = day.engineer[visit.engineer]
    begins = end_of_way(engineer, at, _on_the_way(day, visit))
    ends = end_of_work(engineer, begins, hours_within(engineer, visit.start, visit.end), order.may_pause)
    return visit.model_copy(update={"depart": at, "start": begins, "end": ends})


def _planned(day: Day, order: DayOrder) -> list[DayVisit]:
    visits = () if day.plan is None else day.plan.crew_of.get(order.id, ())
    return in_order(order, tuple(visit for visit in visits if visit.engineer in day.engineer))


def _before_they_follow(day: Day, crews: Mapping[str, list[DayVisit]]) -> dict[str, list[DayVisit]]:
    """Return the open orders that members of crews on their way do before they follow, and their crews."""
    found: dict[str, list[DayVisit]] = {}
    waiting = [
        visit
        for name, crew in crews.items()
        for visit in crew
        if day.order[name].status == "departed" and not has_left(crew, visit, day.now)
    ]
    while waiting:
        last = waiting.pop()
        for visit in day.plan.visits if day.plan else ():
            name = visit.order
            if visit.engineer != last.engineer or visit.start >= last.start or name in crews or name in found:
                continue
            order = day.order.get(name)
            crew = [] if order is None else _planned(day, order)
            if order is not None and is_open(order) and _stands(order, crew):
                found[name] = crew
                waiting += crew
    return found


def _stands(order: DayOrder, crew: Sequence[DayVisit]) -> bool:
    """Return whether nothing that is fixed of an order speaks against who has it and when."""
    pin = order.pin or DayPin()
    start = crew[0].start
    who = pin.engineer is None or pin.engineer in {visit.engineer for visit in crew}
    return (
        len(crew) == order.crew_size
        and who
        and (pin.start_from is None or start >= pin.start_from)
        and (pin.start_to is None or start <= pin.start_to + _SECOND)
    )


def _as_it_goes(
    day: Day, order: DayOrder, crew: Sequence[DayVisit], free: Mapping[str, datetime]
) -> list[DayVisit]:
    """Return the visits of a crew as they go on; `free` is when its members have done what is before."""
    left = [_leaves(day, order, crew, visit, free) for visit in crew]
    if order.status == "arrived":
        begins = order.arrived_at or min(crew[0].start, day.now)
        left = [min(at, begins) for at in left]
    else:
        there = [_arrives(day, order, visit, at) for visit, at in zip(crew, left, strict=True)]
        begins = max(*there, day.now, agreed(day, order, crew))
    found = []
    for visit, at in zip(crew, left, strict=True):
        way = visit.travel_h
        if order.status == "arrived":
            way = hours_within(day.engineer[visit.engineer], at, begins) - (_needed(visit) - way)
        found.append(
            visit.model_copy(
                update={
                    "depart": at,
                    "start": begins,
                    "end": max(_ends(day, order, visit, begins), day.now),
                    "travel_h": max(way, 0.0),
                }
            )
        )
    return found


def _ends(day: Day, order: DayOrder, visit: DayVisit, begins: datetime) -> datetime:
    """Return when somebody's work ends: after its expected hours, or those of the plan if they are more."""
    engineer = day.engineer[visit.engineer]
    planned = hours_within(engineer, visit.start, visit.end)
    hours = planned if planned > order.duration_h + _ROUNDING else order.duration_h
    return end_of_work(engineer, begins, hours, order.may_pause)


def _leaves(
    day: Day, order: DayOrder, crew: Sequence[DayVisit], visit: DayVisit, free: Mapping[str, datetime]
) -> datetime:
    """Return when one of a crew has left or leaves: as told, or when he has done what is before."""
    if is_open(order):
        return max(visit.depart, day.now, free.get(visit.engineer, day.now))
    told = order.departed_at or min(visit.depart, day.now)
    if len(crew) == 1 or order.status == "arrived":
        return told
    first = visit.depart == min(other.depart for other in crew)
    return max(told if first else max(told, visit.depart), free.get(visit.engineer, told))


def _arrives(day: Day, order: DayOrder, visit: DayVisit, left: datetime) -> datetime:
    """Return when somebody is there who leaves at an instant: after the hours that his plan has."""
    if order.status == "departed" and order.departed_at is None:
        return visit.start
    there = end_of_way(day.engineer[visit.engineer], left, _on_the_way(day, visit))
    # The second that the plan tells, where it is meant.
    return visit.start if abs(there - visit.start) < _SECOND else there


def _on_the_way(day: Day, visit: DayVisit) -> float:
    """Return the hours from leaving to being there, without breaks and nights, as planned to the second."""
    planned = hours_within(day.engineer[visit.engineer], visit.depart, visit.start)
    needed = _needed(visit)
    return max(planned if visit.travel_h == 0.0 or abs(planned - needed) < _ROUNDING else needed, 0.0)


def _needed(visit: DayVisit) -> float:
    """Return the hours that a way takes by itself, those at the depot among them."""
    return visit.travel_h + (DEPOT_HOURS if visit.fetches_parts else 0.0)


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
