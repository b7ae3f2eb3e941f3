"""Who is somewhere already: nobody is at two places, or on his way to one while he is at another."""

from __future__ import annotations

from datetime import datetime

from optimize.day.model import Day, DayOrder, Status
from optimize.day.under_way import has_done, has_left, known_crew


def elsewhere(day: Day, order: DayOrder, status: Status, engineer: str, at: datetime) -> str | None:
    """Return another order that somebody is at or on his way to, or none.

    Others of a crew leave first, or still work when he has done his part.

    Parameters
    ----------
    day, order
        The day, and the order that he goes to, or is at.
    status
        Departed or arrived, as that order is to be.
    engineer, at
        Who, and when.
    """
    for other in day.orders:
        crew = known_crew(day, other) if other.id != order.id else []
        for visit in crew:
            there = has_left(crew, visit, at)
            if other.status == "arrived":
                there = not has_done(day, other, crew, visit, at)
            if visit.engineer == engineer and there and apart(order, status, other):
                return other.id
    return None


def apart(order: DayOrder, status: Status, other: DayOrder) -> bool:
    """Return whether nobody can be under way for two orders at once.

    Parameters
    ----------
    order, status
        One order, and departed or arrived.
    other
        Another that is either.

    Notes
    -----
    Who has arrived may be at several orders of one place: a site has more than one device.
    """
    one_place = (other.lat, other.lon) == (order.lat, order.lon)
    return not (one_place and status == other.status == "arrived")
