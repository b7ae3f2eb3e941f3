"""A plan as calendars, one an engineer: RFC 5545, times in UTC, so that every phone shows them right.

References
----------
RFC 5545, Internet Calendaring and Scheduling Core Object Specification.
"""

from __future__ import annotations

import re
from datetime import UTC
from typing import Any

from optimize.day.model import Day, DayVisit
from scenarios.phrases import phrase


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
    found: dict[str, bytes] = {}
    for engineer, own in visits.items():
        stem = re.sub(r"[^\w.-]+", "-", engineer).strip(".-")[:80] or "engineer"
        name, number = stem, 2
        while f"{name}.ics".casefold() in {known.casefold() for known in found}:
            name, number = f"{stem}-{number}", number + 1
        found[f"{name}.ics"] = _calendar(day, engineer, own)
    return found


def _calendar(day: Day, engineer: str, visits: list[DayVisit]) -> bytes:
    from icalendar import Calendar

    calendar: Any = Calendar()
    calendar.add("prodid", "-//Banyan//Dispatch//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", day.engineer[engineer].name or engineer)
    for visit in visits:
        calendar.add_component(_event(day, visit))
    content: bytes = calendar.to_ical()
    return content


def _event(day: Day, visit: DayVisit) -> Any:
    from icalendar import Event, vGeo

    order, event = day.order[visit.order], Event()
    place = order.site or order.city
    event.add("uid", f"{_token(visit.order)}.{_token(visit.engineer)}@dispatch.banyan")
    event.add("dtstamp", day.now.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", visit.start.astimezone(UTC))
    event.add("dtend", visit.end.astimezone(UTC))
    event.add("summary", phrase("{order} at {place}", order=order.id, place=place) if place else order.id)
    if place:
        event.add("location", ", ".join(dict.fromkeys(filter(None, (order.site, order.city)))))
    event["geo"] = vGeo((order.lat, order.lon))
    event.add("description", _description(day, visit))
    event.add("status", "CONFIRMED")
    return event


def _description(day: Day, visit: DayVisit) -> str:
    order = day.order[visit.order]
    minutes = round(visit.travel_h * 60.0)
    lines = [phrase("Leave {minutes} min before", minutes=minutes)] if minutes else []
    if visit.fetches_parts:
        lines.append(phrase("Fetch parts at the centre first"))
    for what, value in (
        (phrase("Customer"), order.customer),
        (phrase("Asset"), order.asset),
        (phrase("Skill"), order.skill),
        (phrase("Parts"), ", ".join(f"{n} x {part}" for part, n in order.parts.items())),
        (phrase("Tools"), ", ".join(order.tools)),
        (phrase("Pass"), order.security_pass or ""),
    ):
        lines += [phrase("{what}: {value}", what=what, value=value)] if value else []
    return "\n".join(lines)


def _token(name: str) -> str:
    """Return a name in letters that any calendar takes in a UID; different names stay different."""
    return "".join(c if c.isascii() and (c.isalnum() or c == "-") else f"_{ord(c):x}_" for c in name)
