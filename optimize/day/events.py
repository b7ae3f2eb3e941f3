"""What an event makes of a day: it changes what it tells and nothing else.

No other order goes on by itself, and the plan that stands is only relieved of visits that cannot be made any
more. To plan anew is for `optimize.day.replanning`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from optimize.day.elsewhere import elsewhere
from optimize.day.event_kinds import (
    EVENT,
    Arrived,
    BackToWork,
    Cancelled,
    Clock,
    DayEvent,
    Departed,
    Finished,
    NewStock,
    PinChange,
    RunningLate,
    SickEngineer,
    UrgentOrder,
    changed,
)
from optimize.day.fetched import is_carrier, is_whole, stocked, used
from optimize.day.model import Day, DayAbsence, DayEngineer, DayOrder, DayVisit
from optimize.day.pins import refusal
from optimize.day.under_way import has_done, known_crew
from scenarios.phrases import phrase

__all__ = [
    "EVENT",
    "Arrived",
    "BackToWork",
    "Cancelled",
    "Clock",
    "DayEvent",
    "Departed",
    "EventError",
    "Finished",
    "NewStock",
    "PinChange",
    "RunningLate",
    "SickEngineer",
    "UrgentOrder",
    "apply",
    "changed",
]

_Item = TypeVar("_Item")


class EventError(ValueError):
    """Something that cannot have happened, or cannot be done; the message is a phrase."""


def apply(day: Day, event: DayEvent) -> Day:
    """Return the day after something has happened.

    Parameters
    ----------
    day
        As it was.
    event
        What has happened. An instant in it that is later than the day's present moves the present on.

    Raises
    ------
    EventError
        If it names what is not there, or is impossible as things stand.
    """
    return _HANDLERS[event.kind](day, event)


def _departed(day: Day, event: Departed) -> Day:
    order = _named(day.order, event.order, phrase("orders"))
    _allow(order, ("new", "planned"))
    at = event.at or day.now
    _not_before(order, at, event.at and order.reported_at)
    busy = {name: elsewhere(day, order, "departed", name, at) for name in _crew(day, order)}
    # Of a crew, who is free leaves; the others follow.
    if all(busy.values()):
        _not_busy(order, *next(iter(busy.items())))
    for engineer in busy:
        day = _gone_from_crew(day, engineer, at)
    return _at(_with_order(day, order, status="departed", departed_at=at), at)


def _arrived(day: Day, event: Arrived) -> Day:
    order = _named(day.order, event.order, phrase("orders"))
    _allow(order, ("new", "planned", "departed"))
    for engineer in _crew(day, order):
        _not_busy(order, engineer, elsewhere(day, order, "arrived", engineer, event.at or day.now))
    at = event.at or day.now
    _not_before(order, at, order.departed_at or (event.at and order.reported_at))
    for visit in _visits(day, order):
        day = _gone_from_crew(day, visit.engineer, at)
        day = _with(day, stocked(day, day.engineer[visit.engineer], visit))
    return _at(_with_order(day, order, status="arrived", arrived_at=at), at)


def _finished(day: Day, event: Finished) -> Day:
    order = _named(day.order, event.order, phrase("orders"))
    _allow(order, ("arrived",))
    at = event.at or day.now
    _not_before(order, at, order.arrived_at)
    left = _with_order(day, order, status="finished", restored_at=order.restored_at or at, completed_at=at)
    for visit in _visits(day, order):
        engineer = stocked(day, day.engineer[visit.engineer], visit)
        if is_whole(day, order.id) and is_carrier(day, order.id, engineer.id):
            engineer = used(engineer, order)
        left = _with(left, changed(engineer, lat=order.lat, lon=order.lon))
    return _at(left, at)


def _cancelled(day: Day, event: Cancelled) -> Day:
    order = _named(day.order, event.order, phrase("orders"))
    _allow(order, ("new", "planned", "departed", "arrived"))
    at = event.at or day.now
    there = _crew(day, order) if order.status == "arrived" else ()
    day = _without_visits(_with_order(day, order, status="cancelled"), {order.id})
    for name in there:
        day = _with_engineer(day, name, lat=order.lat, lon=order.lon)
    return _at(day, at)


def _running_late(day: Day, event: RunningLate) -> Day:
    order = _named(day.order, event.order, phrase("orders"))
    _allow(order, ("new", "planned", "departed", "arrived"))
    if event.delay_h is not None and order.status == "departed":
        return _with_later_visits(day, order, on_the_way=event.delay_h, at_work=0.0)
    hours = event.duration_h if event.duration_h is not None else order.duration_h + (event.delay_h or 0.0)
    longer = hours - order.duration_h
    return _with_later_visits(
        _with_order(day, order, duration_h=hours), order, on_the_way=0.0, at_work=longer
    )


def _urgent_order(day: Day, event: UrgentOrder) -> Day:
    order = event.order
    if order.id in day.order:
        raise EventError(phrase("{order}: found twice; allowed: an id that no order has", order=order.id))
    _allow(order, ("new",))
    if order.reported_at > day.now:
        raise EventError(phrase("{order}: is reported later than now; allowed: until now", order=order.id))
    plan = day.plan
    if plan is not None:
        plan = changed(plan, unassigned=(*plan.unassigned, order.id))
    changed_day: Day = changed(day, orders=(*day.orders, order), plan=plan)
    return changed_day


def _sick_engineer(day: Day, event: SickEngineer) -> Day:
    engineer = _named(day.engineer, event.engineer, phrase("engineers"))
    start = event.start or day.now
    if event.end is not None and event.end <= max(start, day.now):
        raise EventError(
            phrase("{engineer}: is away until before he goes; allowed: an end after it", engineer=engineer.id)
        )
    absences = (*engineer.absences, DayAbsence(start=start, end=event.end))
    day = _with_engineer(day, engineer.id, absences=absences)
    lost = {
        visit.order
        for visit in (day.plan.visits if day.plan else ())
        if visit.engineer == engineer.id
        and visit.end > max(start, day.now)
        and (event.end is None or visit.start < event.end)
        and visit.order in day.order
        and day.order[visit.order].status in ("new", "planned", "departed", "arrived")
    }
    for name in sorted(lost):
        day = _with_order(day, day.order[name], status="new", departed_at=None)
    return _without_visits(day, lost)


def _back_to_work(day: Day, event: BackToWork) -> Day:
    engineer = _named(day.engineer, event.engineer, phrase("engineers"))
    at = event.at or day.now
    gone = engineer.available_to is not None and engineer.available_to <= at
    not_yet = engineer.available_from is not None and engineer.available_from > at
    if not (gone or not_yet or any(absence.covers(at) for absence in engineer.absences)):
        raise EventError(phrase("{engineer}: is not away; allowed: engineers who are", engineer=engineer.id))
    # What he will be away for later stands.
    fields: dict[str, Any] = {"absences": tuple(_until_back(engineer.absences, at))}
    if gone:
        fields["available_to"] = None
    if not_yet:
        fields["available_from"] = at
    return _with_engineer(day, engineer.id, **fields)


def _until_back(absences: Iterable[DayAbsence], at: datetime) -> Iterator[DayAbsence]:
    """Yield absences, those in which somebody comes back only until then."""
    for absence in absences:
        if not absence.covers(at):
            yield absence
        elif absence.start < at:
            yield changed(absence, end=at)


def _new_stock(day: Day, event: NewStock) -> Day:
    engineer = _named(day.engineer, event.engineer, phrase("engineers"))
    parts = dict(engineer.parts)
    for part, units in event.parts.items():
        parts[part] = parts.get(part, 0) + units
    tools = (*engineer.tools, *(tool for tool in event.tools if tool not in engineer.tools))
    return _with_engineer(day, engineer.id, parts=parts, tools=tools)


def _pin(day: Day, event: PinChange) -> Day:
    order = _named(day.order, event.order, phrase("orders"))
    _allow(order, ("new", "planned"))
    pin = event.pin
    if pin is not None:
        if pin.engineer is not None:
            _named(day.engineer, pin.engineer, phrase("engineers"))
        wrong = refusal(day, order, pin)
        if wrong is not None:
            raise EventError(wrong)
    return _with_order(day, order, pin=pin)


def _clock(day: Day, event: Clock) -> Day:
    if event.now < day.now:
        raise EventError(
            phrase(
                "now: found {found}; allowed: {now} or later",
                found=event.now.isoformat(),
                now=day.now.isoformat(),
            )
        )
    return _at(day, event.now)


_HANDLERS: dict[str, Callable[[Day, Any], Day]] = {
    "departed": _departed,
    "arrived": _arrived,
    "finished": _finished,
    "cancelled": _cancelled,
    "running_late": _running_late,
    "urgent_order": _urgent_order,
    "sick_engineer": _sick_engineer,
    "back_to_work": _back_to_work,
    "new_stock": _new_stock,
    "pin": _pin,
    "clock": _clock,
}


def _named(items: Mapping[str, _Item], name: str, what: str) -> _Item:
    """Return what has a name; refuse a name that nothing has, with the one that may be meant."""
    if name in items:
        return items[name]
    close = difflib.get_close_matches(name, items, n=1)
    if close:
        raise EventError(
            phrase(
                "{name}: is none of the {what} (did you mean {close}?)", name=name, what=what, close=close[0]
            )
        )
    raise EventError(phrase("{name}: is none of the {what}", name=name, what=what))


def _allow(order: DayOrder, statuses: tuple[str, ...]) -> None:
    if order.status not in statuses:
        raise EventError(
            phrase(
                "{order}: found status {status}; allowed: {statuses}",
                order=order.id,
                status=order.status,
                statuses=", ".join(statuses),
            )
        )


def _not_before(order: DayOrder, at: datetime, earliest: datetime | None) -> None:
    if earliest is not None and at < earliest:
        raise EventError(
            phrase(
                "{order}: found {found}; allowed: {earliest} or later",
                order=order.id,
                found=at.isoformat(),
                earliest=earliest.isoformat(),
            )
        )


def _visits(day: Day, order: DayOrder) -> tuple[DayVisit, ...]:
    """Return the visits to an order; refuse an order that nobody goes to."""
    visits = day.plan.crew_of.get(order.id, ()) if day.plan else ()
    if not visits:
        raise EventError(phrase("{order}: nobody has it; allowed: orders of the plan", order=order.id))
    return visits


def _crew(day: Day, order: DayOrder) -> tuple[str, ...]:
    return tuple(visit.engineer for visit in _visits(day, order))


def _not_busy(order: DayOrder, engineer: str, other: str | None) -> None:
    """Refuse an order for somebody who is at another, or on his way there."""
    if other is not None:
        raise EventError(
            phrase(
                "{order}: {engineer} is still busy with {other}; allowed: once that is finished",
                order=order.id,
                engineer=engineer,
                other=other,
            )
        )


def _gone_from_crew(day: Day, engineer: str, at: datetime) -> Day:
    """Return a day in whose plan somebody is no more at an order at which he has done his part."""
    for order in day.orders:
        crew = known_crew(day, order)
        for visit in crew:
            if visit.engineer != engineer or not has_done(day, order, crew, visit, at):
                continue
            if is_whole(day, order.id):  # what it takes is taken once, by whoever brought it
                day = _with(day, used(day.engineer[crew[0].engineer], order))
            assert day.plan is not None  # a crew is of a plan
            rest = tuple(v for v in day.plan.visits if (v.order, v.engineer) != (order.id, engineer))
            day = changed(day, plan=changed(day.plan, visits=rest))
    return day


def _at(day: Day, at: datetime) -> Day:
    moved: Day = changed(day, now=max(day.now, at))
    return moved


def _with_order(day: Day, order: DayOrder, **fields: Any) -> Day:
    new = changed(order, **fields)
    with_it: Day = changed(day, orders=tuple(new if o.id == order.id else o for o in day.orders))
    return with_it


def _with_engineer(day: Day, name: str, **fields: Any) -> Day:
    return _with(day, changed(day.engineer[name], **fields))


def _with(day: Day, engineer: DayEngineer) -> Day:
    people = tuple(engineer if one.id == engineer.id else one for one in day.engineers)
    with_him: Day = changed(day, engineers=people)
    return with_him


def _with_later_visits(day: Day, order: DayOrder, *, on_the_way: float, at_work: float) -> Day:
    """Return a day in whose plan the way to an order and the work there take so many hours more."""
    if day.plan is None:
        return day
    way, all_in_all = timedelta(hours=on_the_way), timedelta(hours=on_the_way + at_work)
    visits = tuple(
        changed(
            visit, start=visit.start + way, end=visit.end + all_in_all, travel_h=visit.travel_h + on_the_way
        )
        if visit.order == order.id
        else visit
        for visit in day.plan.visits
    )
    later: Day = changed(day, plan=changed(day.plan, visits=visits))
    return later


def _without_visits(day: Day, orders: set[str]) -> Day:
    """Return a day in whose plan nobody goes to some orders; those still to be done are unassigned."""
    if day.plan is None or not orders:
        return day
    visits = tuple(visit for visit in day.plan.visits if visit.order not in orders)
    left = (*day.plan.unassigned, *sorted(orders - set(day.plan.unassigned)))
    gone = {order.id for order in day.orders if order.status == "cancelled"}
    unassigned = tuple(name for name in left if name not in gone)
    without: Day = changed(day, plan=changed(day.plan, visits=visits, unassigned=unassigned))
    return without
