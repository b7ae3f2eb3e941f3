"""Whose time a board is in where it is about no order and no engineer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from optimize.day.model import Day
from scenarios.phrases import Phrase
from ui.language.moments import local

if TYPE_CHECKING:
    from ui.language import Language


def home_zone(day: Day) -> str:
    """Return the zone of a board: that of its first engineer, who needs not be at work; else UTC."""
    return day.engineers[0].time_zone if day.engineers else "UTC"


def start_words(first: datetime, last: datetime, zone: str, say: Language) -> str:
    """Return a start in words, or the range that it may be in: 22 Nov 14:30 – 16:00."""
    begin, end = local(first, zone), local(last, zone)
    if end == begin:
        return say.short_instant(first, zone)
    until = f"{end:%H:%M}" if end.date() == begin.date() else say.short_instant(last, zone)
    return f"{say.short_instant(first, zone)} – {until}"


def told_in_zone(text: str, zone: str, say: Language) -> str:
    """Return a message in the language of the page, its instants as the page writes them, in a zone.

    Parameters
    ----------
    text
        A phrase, whose values may be instants in ISO 8601; any other text is returned as it is.
    zone
        The zone.
    say
        The language.
    """
    return say.message(_in_zone(text, zone, say))


def _in_zone(text: str, zone: str, say: Language) -> str:
    if not isinstance(text, Phrase):
        return text
    values = {
        name: _in_zone(value, zone, say) if isinstance(value, Phrase) else _told(value, zone, say)
        for name, value in text.values.items()
    }
    return Phrase(text.template, values)


def _told(value: object, zone: str, say: Language) -> object:
    """Return an instant with a zone in words, and anything else as it is."""
    if not isinstance(value, str) or len(value) < 16 or "-" not in value:
        return value
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return value
    return say.instant(found, zone) if found.tzinfo else value
