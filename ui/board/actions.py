"""What a dispatcher does to a day: each gives the day after it and says what was done, as a phrase.

Rules of what may follow what are those of `optimize.day.events`; nothing is saved here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from optimize.day.event_kinds import (
    Arrived,
    BackToWork,
    Cancelled,
    Clock,
    DayEvent,
    Departed,
    Finished,
    PinChange,
    RunningLate,
    SickEngineer,
    UrgentOrder,
    changed,
)
from optimize.day.events import EventError, apply
from optimize.day.model import Day, DayOrder, DayPin
from scenarios.phrases import Phrase, phrase
from ui.board.clocks import home_zone

PinKind = Literal["engineer", "time", "both"]
#: A day after a change, and what was changed.
Done = tuple[Day, Phrase]


def pinned(
    day: Day,
    order: str,
    kind: PinKind,
    engineer: str | None,
    start: datetime | None,
    last: datetime | None = None,
) -> Done:
    """Fix who has an order, when it begins, or both.

    Parameters
    ----------
    day
        The day.
    order
        The order.
    kind
        What is fixed.
    engineer, start
        Who and when; what `kind` does not name is left.
    last
        Until when it may start; at `start` only where absent.

    Raises
    ------
    optimize.day.events.EventError
        If that cannot be.
    """
    who = engineer if kind in ("engineer", "both") else None
    when = start if kind in ("time", "both") else None
    until = (last or start) if when else None
    pin = DayPin(engineer=who, start_from=when, start_to=until)
    name = engineer_name(day, who) if who else ""
    if kind == "engineer":
        what = phrase("{order} pinned to {engineer}", order=order, engineer=name)
    elif kind == "time":
        what = phrase("{order} pinned to its time", order=order)
    else:
        what = phrase("{order} pinned to {engineer} and its time", order=order, engineer=name)
    return apply(day, PinChange(order=order, pin=pin)), what


def unpinned(day: Day, order: str) -> Done:
    """Let an order go."""
    return apply(day, PinChange(order=order, pin=None)), phrase("{order} unpinned", order=order)


def told(day: Day, order: str, status: str, at: datetime | None = None) -> Done:
    """Note how far an order has come: departed, arrived, finished or cancelled.

    Parameters
    ----------
    day, order, status
        The day, an order of it, and how far it has come.
    at
        When; at the day's now where absent.

    Raises
    ------
    optimize.day.events.EventError
        If that cannot be, or is still to come.
    """
    if at is not None and at > day.now:
        zone = ZoneInfo(day.order[order].time_zone)
        found, limit = (one.astimezone(zone).isoformat(" ", "minutes") for one in (at, day.now))
        raise EventError(
            phrase("{order}: found {found}; allowed: until now, {now}", order=order, found=found, now=limit)
        )
    kinds: dict[str, tuple[DayEvent, Phrase]] = {
        "departed": (Departed(order=order, at=at), phrase("{order}: departed", order=order)),
        "arrived": (Arrived(order=order, at=at), phrase("{order}: arrived", order=order)),
        "finished": (Finished(order=order, at=at), phrase("{order}: finished", order=order)),
        "cancelled": (Cancelled(order=order), phrase("{order}: cancelled", order=order)),
    }
    event, what = kinds[status]
    if at is not None:
        what = phrase("{what}, at {time}", what=what, time=at.isoformat(" ", "minutes"))
    return apply(day, event), what


def delayed(day: Day, order: str, hours: float) -> Done:
    """Note that an order takes longer than was expected."""
    what = phrase("{order}: {hours:g} h later", order=order, hours=hours)
    return apply(day, RunningLate(order=order, delay_h=hours)), what


def with_urgent(day: Day, order: DayOrder) -> Done:
    """Add an order that has come in."""
    return apply(day, UrgentOrder(order=order)), phrase("Urgent order {order}", order=order.id)


def sick(day: Day, engineer: str, until: datetime | None) -> Done:
    """Send an engineer home; what he had is nobody's until it is planned anew."""
    what = phrase("{engineer} is sick", engineer=engineer_name(day, engineer))
    return apply(day, SickEngineer(engineer=engineer, end=until)), what


def back(day: Day, engineer: str) -> Done:
    """Note that an engineer can be sent again."""
    what = phrase("{engineer} is back", engineer=engineer_name(day, engineer))
    return apply(day, BackToWork(engineer=engineer)), what


def later(day: Day, now: datetime) -> Done:
    """Move the present on."""
    there = now.astimezone(ZoneInfo(home_zone(day)))
    return apply(day, Clock(now=now)), phrase("The time is {time}", time=there.isoformat(" ", "minutes"))


def frozen(day: Day, hours: float) -> Done:
    """Set for how long from now on the plan is not changed."""
    after: Day = changed(day, freeze_h=hours)
    return after, phrase("Freeze window of {hours:g} h", hours=hours)


def scheduled(day: Day, policy: str) -> Done:
    """Set what counts in plans from now on: the name of a scheduling policy."""
    after: Day = changed(day, scheduling_policy=policy)
    return after, phrase("Scheduling policy {name}", name=policy)


def with_plan(day: Day, planned: Day, orders: int | None = None) -> Done:
    """Take a plan: who is in it is planned, who is in it no more is new again.

    Parameters
    ----------
    day
        The day.
    planned
        The same with the new plan.
    orders
        Of how many orders the change was accepted; all where absent.
    """
    in_plan = planned.plan.crew_of if planned.plan else {}
    found = []
    for order in day.orders:
        status = order.status
        if status == "new" and order.id in in_plan:
            status = "planned"
        elif status == "planned" and order.id not in in_plan:
            status = "new"
        found.append(order if status == order.status else changed(order, status=status))
    after: Day = changed(day, orders=tuple(found), plan=planned.plan)
    if orders is None:
        return after, phrase("New plan accepted")
    if orders == 1:
        return after, phrase("New plan accepted for one order")
    return after, phrase("New plan accepted for {count} orders", count=orders)


def is_away(day: Day, engineer: str) -> bool:
    """Return whether somebody cannot be sent at the day's now."""
    person = day.engineer[engineer]
    gone = person.available_to is not None and person.available_to <= day.now
    not_yet = person.available_from is not None and person.available_from > day.now
    return gone or not_yet or any(absence.covers(day.now) for absence in person.absences)


def pinned_to_away(day: Day, order: DayOrder) -> str:
    """Return the name of whom an order is pinned to, if he cannot be sent; else nothing."""
    who = order.pin.engineer if order.pin else None
    return engineer_name(day, who) if who in day.engineer and is_away(day, str(who)) else ""


def engineer_name(day: Day, engineer: str) -> str:
    """Return what an engineer is called."""
    found = day.engineer.get(engineer)
    return (found.name or found.id) if found else engineer
