"""How long the engineers of a plan are on the way home after their last visits.

A plan lists the ways to its visits only; the objective charges the ways home with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, timedelta

from optimize.day.ground import Ground
from optimize.day.model import Day, DayVisit
from optimize.day.timetable import hours_between
from optimize.day.ways import Places, both_ways

_HOUR = timedelta(hours=1)


def ways_home(day: Day, ground: Ground) -> Mapping[str, float]:
    """Return the hours of the way home of each engineer who has a visit, as traffic is when the last ends.

    Parameters
    ----------
    day
        The day; without a plan nobody goes anywhere.
    ground
        Of its scenario.
    """
    last: dict[str, DayVisit] = {}
    for visit in day.plan.visits if day.plan else ():
        if visit.engineer not in last or visit.start >= last[visit.engineer].start:
            last[visit.engineer] = visit
    ways = both_ways(day.travel)
    places = Places(ground, frozenset(name for w in ways for name in (w.origin, w.destination)))
    ends = {
        name: (places.of_order(day.order[visit.order]), places.home(day.engineer[name]), visit.end)
        for name, visit in last.items()
    }
    if not ends:
        return {}
    start = day.now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    travel = places.travel(start, ways)
    return {
        name: hours_between(travel, here, home, (end - start) / _HOUR)
        for name, (here, home, end) in ends.items()
    }
