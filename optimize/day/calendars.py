"""A plan as calendars, one an engineer: RFC 5545, times in UTC, so that every phone shows them right.

Each visit is an event that says when to leave and who else comes; one over nights is an event for each shift.

References
----------
RFC 5545, Internet Calendaring and Scheduling Core Object Specification.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from optimize.day.model import Day, DayVisit
from optimize.day.shifts import stretches
from scenarios.phrases import phrase

_PRODUCT = "-//Banyan//Dispatch//EN"


def calendar_names(engineers: Iterable[str]) -> dict[str, str]:
    """Return the name of each engineer's file, which depends on no plan: tomorrow's has the same."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for engineer in engineers:
        stem = re.sub(r"[^\w.-]+", "-", engineer).strip(".-")[:80] or "engineer"
        name, number = stem, 2
        while f"{name}.ics".casefold() in taken:
            name, number = f"{stem}-{number}", number + 1
        found[engineer] = f"{name}.ics"
        taken.add(found[engineer].casefold())
    return found


def is_own_calendar(content: bytes) -> bool:
    """Return whether a file is a calendar that was written here."""
    return content.startswith(b"BEGIN:VCALENDAR") and f"PRODID:{_PRODUCT}".encode() in content


def calendars_of(day: Day) -> dict[str, bytes]:
    """Return the calendar of each engineer who has a visit, by the name of its file.

    Parameters
    ----------
    day
        The day with its plan.
    """
    assert day.plan is not None  # whoever writes a plan has made one
    visits: dict[str, list[DayVisit]] = {}
    for visit in day.plan.visits:
        visits.setdefault(visit.engineer, []).append(visit)
    names = calendar_names(day.engineer)
    return {names[engineer]: _calendar(day, engineer, own) for engineer, own in visits.items()}


def _calendar(day: Day, engineer: str, visits: list[DayVisit]) -> bytes:
    from icalendar import Calendar

    calendar: Any = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", day.engineer[engineer].name or engineer)
    for visit in visits:
        for event in _events(day, visit):
            calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _events(day: Day, visit: DayVisit) -> Iterator[Any]:
    """Yield the events of a visit, one for each shift that it goes over."""
    from icalendar import Event, vGeo

    order = day.order[visit.order]
    place = order.site or order.city
    title = phrase("{order} at {place}", order=order.id, place=place) if place else order.id
    name = f"{_token(visit.order)}.{_token(visit.engineer)}"
    parts = stretches(day.engineer[visit.engineer], visit.start, visit.end)
    for number, (begins, ends) in enumerate(parts, 1):
        event = Event()
        event.add("uid", f"{name}{f'.{number}' if number > 1 else ''}@dispatch.banyan")
        event.add("dtstamp", day.now.astimezone(UTC).replace(microsecond=0))
        event.add("dtstart", begins.astimezone(UTC))
        event.add("dtend", ends.astimezone(UTC))
        one_of = phrase("{event} ({number} of {count})", event=title, number=number, count=len(parts))
        event.add("summary", one_of if len(parts) > 1 else title)
        if place:
            event.add("location", ", ".join(dict.fromkeys(filter(None, (order.site, order.city)))))
        event["geo"] = vGeo((order.lat, order.lon))
        lines = [*(_setting_out(day, visit) if number == 1 else ()), *_about(day, visit, len(parts) > 1)]
        event.add("description", "\n".join(lines))
        event.add("status", "CONFIRMED")
        yield event


def _setting_out(day: Day, visit: DayVisit) -> Iterator[str]:
    """Yield when the plan leaves, by the clock of the order, and whether for the store first."""
    if visit.depart < visit.start:
        leaves = visit.depart.astimezone(ZoneInfo(day.order[visit.order].time_zone)).isoformat(" ", "minutes")
        yield phrase("Leave at {time}", time=f"{leaves[:16]} {leaves[16:]}")
    if visit.fetches_parts:
        yield phrase("Fetch parts at the centre first")


def _about(day: Day, visit: DayVisit, over_nights: bool) -> Iterator[str]:
    """Yield what the order is about, and who else comes."""
    order = day.order[visit.order]
    assert day.plan is not None  # it has the visit
    others = [v.engineer for v in day.plan.crew_of[order.id] if v.engineer != visit.engineer]
    if over_nights:
        yield phrase("{hours:g} h of work in all", hours=order.duration_h)
    for what, value in (
        (phrase("With"), ", ".join(day.engineer[other].name or other for other in others)),
        (phrase("Customer"), order.customer),
        (phrase("Asset"), order.asset),
        (phrase("Skill"), order.skill),
        (phrase("Parts"), ", ".join(f"{n} x {part}" for part, n in order.parts.items())),
        (phrase("Tools"), ", ".join(order.tools)),
        (phrase("Pass"), order.security_pass or ""),
    ):
        if value:
            yield phrase("{what}: {value}", what=what, value=value)


def _token(name: str) -> str:
    """Return a name in letters that any calendar takes in a UID; different names stay different."""
    return "".join(c if c.isascii() and (c.isalnum() or c == "-") else f"_{ord(c):x}_" for c in name)
