"""Public holidays, weekends and made-up working days of a place, from the `holidays` package.

It turns a country and its state into dates with English names, and refuses places that the package does not
know. What is closed on these dates, and from when to when, is for `scenarios.open_hours`.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from scenarios.open_hours import DAYS
from scenarios.phrases import phrase

if TYPE_CHECKING:
    from holidays import HolidayBase

#: Date by which every change of weekend known here had come into force.
LATEST = date(2026, 1, 1)

#: Name of a holiday that only the scenario knows.
EXTRA_NAME = "Closed by the scenario"

# Without a state the package would leave out days that all but some states keep (New Year, Deepavali).
_NEED_SUBDIVISION = frozenset({"MY"})
# Collective leave (cuti bersama), as around Idul Fitri, is a government category, and offices close on it.
_CATEGORIES = {"ID": ("public", "government")}

# Kedah, Kelantan and Terengganu rest on Friday and Saturday (The Star, 31 December 2024, "Business as usual
# on New Year's Day for residents in five states across Malaysia"). Johor did so from 2014 and went back on
# 1 January 2025 (The Star, 7 October 2024, "Johor's weekend to be Saturday-Sunday from Jan 1, 2025").
_FRIDAY_SATURDAY_STATES = frozenset({"02", "03", "11"})
_JOHOR = "01"
_JOHOR_FRIDAY_SATURDAY = (date(2014, 1, 1), date(2025, 1, 1))


def check_place(country: str, subdivision: str | None) -> None:
    """Refuse a place whose holidays are not known.

    Parameters
    ----------
    country
        ISO 3166-1 code of two capitals.
    subdivision
        State or province, by code or name; None for the country as such, also where `needs_subdivision` says
        that its holidays mean little.

    Raises
    ------
    ValueError
        An unknown country or subdivision; the message lists what is allowed.
    """
    known = _country(country)
    if subdivision is None or subdivision in {*known.subdivisions, *known.subdivisions_aliases}:
        return
    if not known.subdivisions:
        raise ValueError(
            phrase(
                "unknown subdivision {subdivision!r} of {country}: it has none, leave it out",
                subdivision=subdivision,
                country=country,
            )
        )
    raise ValueError(
        phrase(
            "unknown subdivision {subdivision!r} of {country}: allowed are {allowed}",
            subdivision=subdivision,
            country=country,
            allowed=_listed(known),
        )
    )


def needs_subdivision(country: str) -> bool:
    """Tell whether states differ so much that the holidays of the country as such mean little."""
    return country in _NEED_SUBDIVISION


def public_holidays(
    country: str,
    subdivision: str | None,
    first: date,
    last: date,
    extra: Collection[date] = (),
    not_: Collection[date] = (),
) -> dict[date, str]:
    """Return the dates on which a place does not work, weekends aside.

    Parameters
    ----------
    country, subdivision
        As for `check_place`; the subdivision must be given where `needs_subdivision` says so.
    first, last
        Range of dates, both included.
    extra
        Dates that the scenario closes as well, named `EXTRA_NAME` unless they are holidays anyway.
    not_
        Dates on which the place works all the same.

    Returns
    -------
    dict
        Names by date, in order of dates: in English where the package has it, several on one date parted by
        "; ", days in lieu included. Dates that are not settled yet keep "(estimated)" in their names.

    Raises
    ------
    ValueError
        An unknown place, a range that ends before it begins or leaves the years known, or a date both in
        `extra` and in `not_`.
    """
    both = sorted(set(extra) & set(not_))
    if both:
        raise ValueError(f"{both[0]} is both an extra holiday and none: keep one of the two")
    names = {day: EXTRA_NAME for day in extra if first <= day <= last}
    calendar = _known_calendar(country, subdivision, first, last)
    names |= {day: name for day, name in calendar.items() if first <= day <= last}
    return {day: names[day] for day in sorted(names) if day not in not_}


def working_days_made_up(country: str, subdivision: str | None, first: date, last: date) -> tuple[date, ...]:
    """Return weekend dates that are worked to make up for a bridge day, as China and Vietnam decree them.

    Parameters
    ----------
    country, subdivision
        As for `public_holidays`.
    first, last
        Range of dates, both included.

    Returns
    -------
    tuple
        Dates in order. Only what has been decreed is known: years to come have none yet.

    Raises
    ------
    ValueError
        As for `public_holidays`.
    """
    calendar = _known_calendar(country, subdivision, first, last)
    dates = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple(day for day in dates if calendar.is_weekend(day) and calendar.is_working_day(day))


def default_weekend(country: str, subdivision: str | None, on: date = LATEST) -> tuple[str, ...]:
    """Return the weekly days of rest of offices and government.

    Parameters
    ----------
    country, subdivision
        As for `public_holidays`.
    on
        First day of the week that is meant, where the rule has changed over the years.

    Returns
    -------
    tuple
        Days among mon..sun, in that order.

    Raises
    ------
    ValueError
        An unknown place.
    """
    _check_whole_place(country, subdivision)
    if country == "MY":
        return _malaysian_weekend(subdivision, on)
    calendar = _calendar(country, subdivision, on.year, on.year)
    week = [on + timedelta(days=number) for number in range(7)]
    rest = sorted(day.weekday() for day in week if calendar.is_weekend(day))
    return tuple(DAYS[weekday] for weekday in rest)


def _malaysian_weekend(subdivision: str | None, on: date) -> tuple[str, ...]:
    state = subdivision and _country("MY").subdivisions_aliases.get(subdivision, subdivision)
    since, until = _JOHOR_FRIDAY_SATURDAY
    friday = state in _FRIDAY_SATURDAY_STATES or (state == _JOHOR and since <= on < until)
    return ("fri", "sat") if friday else ("sat", "sun")


def _check_whole_place(country: str, subdivision: str | None) -> None:
    """Refuse a place that is unknown or not narrow enough."""
    check_place(country, subdivision)
    if subdivision is None and needs_subdivision(country):
        raise ValueError(f"{country} needs a subdivision: allowed are {_listed(_country(country))}")


def _known_calendar(country: str, subdivision: str | None, first: date, last: date) -> HolidayBase:
    """Return the calendar of a place after checking that it covers a range of dates."""
    _check_whole_place(country, subdivision)
    if last < first:
        raise ValueError(f"the range of dates ends ({last}) before it begins ({first})")
    known = _country(country)
    if first.year < known.start_year or last.year > known.end_year:
        raise ValueError(
            phrase(
                "holidays of {country} are known from {first_year} to {last_year}, "
                "not from {first} to {last}",
                country=country,
                first_year=known.start_year,
                last_year=known.end_year,
                first=first,
                last=last,
            )
        )
    return _calendar(country, subdivision, first.year, last.year)


@lru_cache(maxsize=256)
def _calendar(country: str, subdivision: str | None, first_year: int, last_year: int) -> HolidayBase:
    import holidays

    known = _country(country)
    languages = (known.default_language or "", *sorted(known.supported_languages))
    return holidays.country_holidays(
        country,
        subdiv=subdivision,
        years=range(first_year, last_year + 1),
        categories=_CATEGORIES.get(country),
        # Never left open, or the package would take the language of the machine.
        language=next((name for name in languages if name.startswith("en")), known.default_language),
    )


@lru_cache(maxsize=256)
def _country(country: str) -> HolidayBase:
    """Return what the package knows of a country, without any year."""
    import holidays

    # The package also takes names and codes of three letters, which nothing else here would recognise.
    if len(country) == 2 and country.isupper():
        with suppress(NotImplementedError):
            return holidays.country_holidays(country)
    allowed = ", ".join(sorted(holidays.list_supported_countries(include_aliases=False)))
    raise ValueError(
        phrase("unknown country {country!r}: allowed are {allowed}", country=country, allowed=allowed)
    )


def _listed(known: HolidayBase) -> str:
    """Return the subdivisions of a country with their other names, for a message."""
    others = {
        code: ", ".join(name for name, of in known.subdivisions_aliases.items() if of == code)
        for code in known.subdivisions
    }
    return "; ".join(f"{code} ({names})" if names else code for code, names in others.items())
