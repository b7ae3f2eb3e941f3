"""What contradicts itself in one row of a file: breaks outside shifts, skills that mean nothing, far places.

Each check yields column, what was found and what is allowed; rows are taken apart and put together in `rows`.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from insight.imports.faults import one_of, shown
from optimize.day.ground import IN_CITY_KM
from scenarios.phrases import phrase
from scenarios.schema import Scenario
from scenarios.territories import great_circle_km

Wrong = tuple[str, str, str]

_DAY = 24 * 60
#: What comes about in this order.
_COURSE = ("reported_at", "departed_at", "arrived_at", "completed_at")


def break_faults(values: Mapping[str, Any]) -> Iterator[Wrong]:
    """Yield what is wrong with the break of an engineer: it ends after it begins, and lies in his shift.

    Parameters
    ----------
    values
        Of his row; clocks as HH:MM.
    """
    if "break_start" not in values or "break_end" not in values:
        return
    opens, closes = values.get("shift_start", "08:00"), values.get("shift_end", "17:00")
    length = _after(opens, closes)
    begins, ends = _after(opens, values["break_start"]) % _DAY, _after(opens, values["break_end"])
    if begins >= length:
        allowed = phrase("a time in the shift, from {opens} to {closes}", opens=opens, closes=closes)
        yield "break_start", shown(values["break_start"]), allowed
    elif not begins < ends <= length:
        start = values["break_start"]
        allowed = phrase(
            "a time after break_start ({start}), up to the end of the shift ({closes})",
            start=start,
            closes=closes,
        )
        yield "break_end", shown(values["break_end"]), allowed


def _after(opens: str, clock: str) -> int:
    """Return minutes from a time of the day to the next time that a clock shows another, 1 to 1440."""
    return (_minutes(clock) - _minutes(opens) - 1) % _DAY + 1


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def skill_faults(skills: Collection[str], scenario: Scenario, asked: Collection[str]) -> Iterator[Wrong]:
    """Yield skills of an engineer that neither the scenario knows nor any order asks for.

    Parameters
    ----------
    skills
        His.
    scenario
        The scenario of the day.
    asked
        Skills that orders of the day ask for.
    """
    for skill in skills:
        if skill not in scenario.skills and skill not in asked:
            names = one_of(sorted(scenario.skills), skill)
            yield "skills", shown(skill), phrase("{names}, or a skill that an order asks for", names=names)


def city_faults(city: str, scenario: Scenario, spot: tuple[float, float]) -> Iterator[Wrong]:
    """Yield that a place is not in the city that its row names.

    Parameters
    ----------
    city, scenario
        Key of the city, and the scenario that may have it.
    spot
        Latitude and longitude of the place.
    """
    known = scenario.cities.get(city)
    if known is None:
        return
    km = great_circle_km(*spot, known.lat, known.lon)
    if km > IN_CITY_KM:
        found = phrase("{city}, whose middle is {km:.0f} km from the place", city=city, km=km)
        yield "city", found, phrase("the city of the place, at most {limit:g} km away", limit=IN_CITY_KM)


def course_faults(values: Mapping[str, Any], times: Mapping[str, datetime]) -> Iterator[Wrong]:
    """Yield windows that close before they open, and a course of events that goes back in time.

    Parameters
    ----------
    values
        Of an order's row, as they were written.
    times
        The same as instants.
    """
    known = [column for column in _COURSE if column in times]
    pairs = [("window_start", "window_end"), ("reported_at", "due_at"), *itertools.pairwise(known)]
    for before, after in pairs:
        if before in times and after in times and times[after] < times[before]:
            yield after, shown(str(values[after])), phrase("a time not before {column}", column=before)
