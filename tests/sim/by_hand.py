"""A scenario document read the slow way: who is on duty when, who may go where, what is at hand.

Nothing of the compiled World is used, so that a run can be held against the document itself. Time is looked
at in steps of a quarter of an hour, of which all shifts of the random scenarios are multiples.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from insight.tables import Categories, Table
from scenarios.paths import set_value

Document = Mapping[str, Any]
Span = tuple[float, float]

STEP = 0.25
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def rows(table: Table) -> list[dict[str, Any]]:
    """Return a table as one mapping a row, names as strings."""
    columns = {name: (c.strings() if isinstance(c, Categories) else c).tolist() for name, c in table.items()}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def periods(document: Document) -> list[tuple[float, Document]]:
    """Return the hour from which the document holds in each of its forms, and that form."""
    current: dict[str, Any] = deepcopy(dict(document))
    found: list[tuple[float, Document]] = [(0.0, current)]
    for change in document.get("changes", ()):
        current = deepcopy(current)
        for key, value in change["set"].items():
            set_value(current, key, value)
        found.append(((change["from"] - document["start"]).days * 24.0, current))
    return found


def period_at(document: Document, instant: float) -> Document:
    """Return the form of the document that holds at an instant."""
    return [form for begin, form in periods(document) if begin <= instant][-1]


def is_open(form: Document, calendar: str, city: str, instant: float) -> bool:
    """Return whether a calendar is open in a city at an instant, by the wall clock there."""
    hours = form["calendars"][calendar]["hours"]
    if hours == "24x7":
        return True
    place = form["cities"][city]
    holidays = form["countries"][place["country"]].get("extra_holidays", ())
    observed = form["calendars"][calendar].get("holidays", "closed") == "closed"
    midnight = datetime(form["start"].year, form["start"].month, form["start"].day, tzinfo=UTC)
    local = (midnight + timedelta(seconds=round(instant * 3600))).astimezone(ZoneInfo(place["time_zone"]))
    minute = local.hour * 60 + local.minute
    for back in (0, 1):
        day = local.date() - timedelta(days=back)
        if observed and day in holidays:
            continue
        for window in hours.get(_DAYS[day.weekday()], ()):
            begin, end = (int(t[:2]) * 60 + int(t[3:]) for t in window.split("-"))
            end += 1440 if end <= begin else 0
            if begin <= minute + 1440 * back < end:
                return True
    return False


def people(document: Document) -> dict[str, tuple[str, str, int]]:
    """Return the centre, group and number of everybody who is ever employed, by name."""
    return {
        f"{centre}:{group}:{number + 1}": (centre, group, number)
        for _, form in periods(document)
        for centre, body in form["centres"].items()
        for group, figures in body.get("engineers", {}).items()
        for number in range(figures["count"])
    }


def duties(document: Document) -> dict[str, list[Span]]:
    """Return the spans of time in which each engineer is on duty, by name."""
    horizon = document["days"] * 24.0
    forms = periods(document)
    ends = [*(begin for begin, _ in forms[1:]), horizon]
    found: dict[str, list[Span]] = {name: [] for name in people(document)}
    known: dict[tuple[float, str, str], list[Span]] = {}
    for name, (centre, group, number) in people(document).items():
        for (begin, form), end in zip(forms, ends, strict=True):
            figures = form["centres"][centre]["engineers"][group]
            if number >= figures["count"]:
                continue
            key = (begin, figures["shift"], form["centres"][centre]["city"])
            if key not in known:
                known[key] = open_spans(form, key[1], key[2], begin, min(end, horizon))
            found[name] = joined([*found[name], *known[key]])
    return found


def open_spans(form: Document, calendar: str, city: str, begin: float, end: float) -> list[Span]:
    """Return when a calendar is open in a city, from one instant to another."""
    steps = round((end - begin) / STEP)
    cells = [(begin + i * STEP, begin + (i + 1) * STEP) for i in range(steps)]
    return joined([cell for cell in cells if is_open(form, calendar, city, cell[0])])


def joined(spans: Sequence[Span]) -> list[Span]:
    """Return spans with those that overlap or touch made one."""
    result: list[Span] = []
    for begin, end in sorted(spans):
        if result and begin <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((begin, end))
    return result


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """Return what is left of spans when others are taken out."""
    left = list(spans)
    for begin, end in taken:
        left = [part for a, b in left for part in ((a, min(b, begin)), (max(a, end), b)) if part[1] > part[0]]
    return left


def common(spans: Sequence[Span], others: Sequence[Span]) -> float:
    """Return the hours that two sets of spans have in common."""
    return sum(max(min(b, d) - max(a, c), 0.0) for a, b in spans for c, d in others)


def serves(document: Document, centre: str, site: str) -> bool:
    """Return whether a site lies in a centre's territory."""
    body = document["centres"][centre]
    city = document["sites"][site]["city"]
    territory = body.get("serves", {"cities": [body["city"]]})
    country = document["cities"][city]["country"]
    return (
        city in territory.get("cities", ())
        or country in territory.get("countries", ())
        or site in territory.get("sites", ())
    )
