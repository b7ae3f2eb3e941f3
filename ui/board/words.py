"""Text that people gave, as it may stand in Markdown; people, skills and levels by what they are called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from optimize.day.ground import ground_of
from optimize.day.model import Day
from scenarios.phrases import Phrase
from ui.board.actions import engineer_name

if TYPE_CHECKING:
    from ui.language import Language

_MEANT = "\\`*_{}[]()<>#+-.!|~$:&"
#: Values of a message that are ids of orders, whatever engineer is called the same.
_ORDERS = ("order", "orders", "other", "others")
#: The value of a message that is what an order asks for: skills, skills with levels, passes and so on.
_WANTED = "what"
_SEVERAL = ("engineers", "orders", "others")
_STATUSES = ("status", "statuses")
_LEVELS = ("junior", "intermediate", "senior", "expert")
_BEFORE_LATIN = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z])")
_AFTER_LATIN = re.compile(r"([A-Za-z][\w.-]*?|\d\d:\d\d)(?=[\u4e00-\u9fff])", re.ASCII)


def plain(text: str) -> str:
    """Return text with nothing in it that Markdown would read."""
    return "".join(f"\\{c}" if c in _MEANT else " " if c in "\r\n" else c for c in text)


def joined(parts: Iterable[str], say: Language) -> str:
    """Return parts one after the other, with the sign that the language has between them."""
    return ("、" if say.code == "zh" else ", ").join(parts)


def spaced(text: str, say: Language) -> str:
    """Return a text in Chinese with a space around names in Latin letters and after times of day."""
    if say.code != "zh":
        return text
    return _AFTER_LATIN.sub(r"\1 ", _BEFORE_LATIN.sub(" ", text))


def status_word(status: str, say: Language) -> str:
    """Return what a status of an order is called."""
    return {
        "new": say("new"),
        "planned": say("planned"),
        "departed": say("departed"),
        "arrived": say("arrived"),
        "finished": say("finished"),
        "cancelled": say("cancelled"),
    }.get(status, status)


def with_names(text: str, day: Day, say: Language) -> str:
    """Return a message with what people, skills and levels are called where it has their ids.

    Parameters
    ----------
    text
        A phrase; any other text is returned as it is.
    day
        The day that has the engineers.
    say
        The language.
    """
    if not isinstance(text, Phrase):
        return text
    values: dict[str, Any] = dict(text.values)
    for key, value in values.items():
        if isinstance(value, Phrase):
            values[key] = with_names(value, day, say)
        elif isinstance(value, str) and key not in _ORDERS:
            values[key] = joined(called(key, value, day, say), say)
    return Phrase(text.template, values)


def called(key: str, value: str, day: Day, say: Language) -> list[str]:
    """Return what the ids in a value of a message are called, which has commas between them.

    Parameters
    ----------
    key
        The value's name.
    value
        An id, or several.
    day, say
        As for `with_names`.
    """
    parts = [value] if value in day.engineer else value.split(", ")
    if key == _WANTED:
        return [_wanted(part, day, say) for part in parts]
    if key in _STATUSES:
        return [status_word(part, say) for part in parts]
    known = key in _SEVERAL or all(part in day.engineer or part in day.order for part in parts)
    return [engineer_name(day, part) for part in (parts if known else [value])]


def _wanted(part: str, day: Day, say: Language) -> str:
    """Return what a skill is called, or a skill with a level; an engineer by name, anything else as it is."""
    skills = {*ground_of(day).scenario.skills, *(order.skill for order in day.orders if order.skill)}
    if part in skills:
        return say.name("skills", part)
    skill, _, level = part.rpartition(" ")
    if skill in skills and level in _LEVELS:
        return say("{skill} {level}", skill=say.name("skills", skill), level=say.term("level", level))
    return engineer_name(day, part)
