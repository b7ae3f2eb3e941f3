"""A calendar laid out in a city: public holidays, local weekly hours, in hours since the start."""

from __future__ import annotations

from datetime import date, timedelta

from scenarios.holiday_dates import EXTRA_NAME, public_holidays
from scenarios.open_hours import OpenHours, compile_open_hours, parse_week
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
