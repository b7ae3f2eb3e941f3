"""A calendar laid out in a city: public holidays, local weekly hours, in hours since the start."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from scenarios.holiday_dates import EXTRA_NAME, public_holidays
from scenarios.open_hours import OpenHours, compile_open_hours, intersection, parse_week, union
from scenarios.places import Calendar
from scenarios.schema import Scenario

#: Hours beyond the horizon for which calendars are laid out, so that clocks that start late still end.
AFTER_HOURS = 24.0 * 120


def closed_dates(scenario: Scenario, city_key: str, last: date) -> dict[date, str]:
    """Return the public holidays of a city from the day before the start up to `last`, with their names."""
    city = scenario.cities[city_key]
    country = scenario.countries[city.country]
    extra = country.extra_holidays
    if country.holidays is None:
        return {day: EXTRA_NAME for day in extra if day not in country.working_holidays}
    first = scenario.start - timedelta(days=2)
    return public_holidays(country.holidays, city.subdivision, first, last, extra, country.working_holidays)


def last_date(scenario: Scenario, horizon: float) -> date:
    """Return the last date for which calendars are laid out."""
    return scenario.start + timedelta(days=int((horizon + AFTER_HOURS) // 24) + 2)


def open_hours(scenario: Scenario, calendar: Calendar, city_key: str, horizon: float) -> OpenHours:
    """Return a calendar's open hours in a city, beyond the horizon by four months."""
    closed = (
        closed_dates(scenario, city_key, last_date(scenario, horizon))
        if calendar.holidays == "closed" and not calendar.always
        else {}
    )
    week = parse_week({day.value: windows for day, windows in calendar.hours.items()})
    zone = scenario.cities[city_key].time_zone
    return compile_open_hours(week, zone, scenario.start, horizon, tuple(closed), after=AFTER_HOURS)


def limited(hours: OpenHours, begin: float, end: float) -> OpenHours:
    """Return open hours as they are from one instant (0 or later) to another, closed before and after."""
    span = OpenHours(np.array([begin]), np.array([end]), np.array([0.0, end - begin]))
    return intersection([hours, span])


def without(hours: OpenHours, taken: OpenHours) -> OpenHours:
    """Return open hours as they are while others are closed."""
    edges = np.append(-np.inf, taken.closes), np.append(taken.opens, np.inf)
    gaps = OpenHours(*edges, np.zeros(len(taken.opens) + 2))
    return intersection([hours, gaps])


def changing_open_hours(
    periods: Sequence[tuple[float, Scenario]], calendar_key: str, city_key: str, horizon: float
) -> OpenHours:
    """Return a calendar's open hours in a city where dated changes may alter the calendar.

    Parameters
    ----------
    periods
        Hours at which each period begins, the first at 0, and the scenario as it is in it.
    calendar_key, city_key
        Keys of the calendar and the city. In a period that does not have the calendar, it stays as it was, or
        is already as it will be.
    horizon
        Length of a replication in hours.
    """
    known = [(begin, s) for begin, s in periods if calendar_key in s.calendars]
    hours = [open_hours(s, s.calendars[calendar_key], city_key, horizon) for _, s in known]
    if all(later is hours[0] for later in hours):
        return hours[0]
    edges = [0.0, *(begin for begin, _ in known[1:]), np.inf]
    return union([limited(h, a, b) for h, a, b in zip(hours, edges[:-1], edges[1:], strict=True)])
