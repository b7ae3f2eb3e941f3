"""Text that people gave, as it may stand in Markdown, and people by their names."""

from __future__ import annotations

from typing import Any

from optimize.day.model import Day
from scenarios.phrases import Phrase
from ui.board.actions import engineer_name

_MEANT = "\\`*_{}[]()<>#+-.!|~$:&"
#: Values of a message that are ids of orders, whatever engineer is called the same.
_ORDERS = ("order", "orders", "other", "others")


def plain(text: str) -> str:
    """Return text with nothing in it that Markdown would read."""
    return "".join(f"\\{c}" if c in _MEANT else " " if c in "\r\n" else c for c in text)


def with_names(text: str, day: Day) -> str:
    """Return a message with the names of engineers where it has their ids.

    Parameters
    ----------
    text
        A phrase; any other text is returned as it is.
    day
        The day that has the engineers.
    """
    if not isinstance(text, Phrase):
        return text
    values: dict[str, Any] = dict(text.values)
    for key, value in values.items():
        if isinstance(value, Phrase):
            values[key] = with_names(value, day)
        elif isinstance(value, str) and key not in _ORDERS:
            values[key] = engineer_name(day, value)
    return Phrase(text.template, values)
