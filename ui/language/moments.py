"""Dates and instants as text by language: 22 Nov 2026 and 2026年11月22日, the clock with 24 hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from babel import Locale

#: CLDR patterns by language and use.
PATTERNS = {
    "en": {"date": "d MMM y", "short": "d MMM", "month": "MMM y", "clock": "HH:mm"},
    "zh": {"date": "y年M月d日", "short": "M月d日", "month": "y年M月", "clock": "HH:mm"},
}

#: The short date as the axis of a chart writes it: a pattern of d3-time-format.
AXIS_DATES = {"en": "%-d %b", "zh": "%-m月%-d日"}


def date_text(day: date, pattern: str, locale: Locale) -> str:
    """Return a date by a CLDR pattern; of a datetime its own date.

    Parameters
    ----------
    day
        The date.
    pattern
        One of `PATTERNS`.
    locale
        Whose names of months are used.
    """
    from babel.dates import format_date

    return str(format_date(day, pattern, locale=locale))


def local(instant: datetime, zone: str) -> datetime:
    """Return an instant in a zone; one without a zone of its own is in UTC."""
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(zone))


def offset_text(instant: datetime) -> str:
    """Return the distance of an aware instant from UTC, as UTC+8 or UTC+5:30."""
    offset = instant.utcoffset() or timedelta(0)
    minutes = round(offset.total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")
