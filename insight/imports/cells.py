"""From a cell to a value: numbers, words, lists, times of day, and instants with or without a zone.

A cell is what a file holds: text, or a number, date or time of a sheet. What cannot be read is refused with
what is allowed; nothing is guessed, so 2/3/2026 is no date.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from insight.imports.columns import LEVELS, Column, names_of
from insight.imports.faults import one_of, shown, with_words
from insight.spreadsheets import neutral
from scenarios.phrases import phrase

Cell = str | int | float | bool | datetime | date | time | timedelta | list[Any] | dict[str, Any] | None

LONGEST_TEXT = 2_000
_SEPARATORS = re.compile(r"[;；,，、|]")
_PAIR = re.compile(r"[:：=]")
_INSTANT = re.compile(
    r"(?P<year>\d{4})(?:-|/|年)(?P<month>\d{1,2})(?:-|/|月)(?P<day>\d{1,2})日?"
    r"[T ]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<part>\.\d{1,9})?)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
_YES = {"yes": True, "true": True, "1": True, "y": True, "是": True}
_NO = {"no": False, "false": False, "0": False, "n": False, "否": False}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS_ZH = "一二三四五六日"
_WORD = re.compile(r"(?:周|星期)?([一二三四五六日天])")
#: Years that an instant may lie in.
_YEARS = range(1970, 2200)


class Unreadable(ValueError):
    """A cell that cannot be read: what was found, and what is allowed."""

    def __init__(self, found: str, allowed: str) -> None:
        self.found, self.allowed = found, allowed
        super().__init__(f"found {found}; allowed: {allowed}")


def read(column: Column, cell: Cell) -> Any:
    """Return the value of a cell that is not empty.

    Parameters
    ----------
    column
        What it is to be.
    cell
        What stands there.

    Returns
    -------
    Any
        Of instants, a datetime that has a zone only if the cell states one.

    Raises
    ------
    Unreadable
        If it is no such value.
    """
    return _READERS[column.kind](column, cell)


def is_empty(cell: Cell) -> bool:
    """Return whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip()) or cell in ([], {})


def text_of(cell: Cell) -> str:
    """Return a cell as a text: whole numbers without a point, the apostrophe of an export dropped."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    text = unicodedata.normalize("NFC", str(cell)).strip()
    exported = text.startswith("'") and neutral(text[1:]) == text
    return text[1:].strip() if exported else text


def _text(column: Column, cell: Cell) -> str:
    if isinstance(cell, bool | datetime | date | time | timedelta | list | dict):
        raise Unreadable(_shown(cell), phrase("a text"))
    text = text_of(cell)
    if len(text) > LONGEST_TEXT:
        raise Unreadable(shown(text), phrase("a text of at most {most} characters", most=LONGEST_TEXT))
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise Unreadable(shown(text), phrase("a text without control characters"))
    return text


def _shown(cell: Cell) -> str:
    if isinstance(cell, datetime | date | time | timedelta):
        return str(cell)
    return shown(cell)


def _number(column: Column, cell: Cell) -> float:
    allowed = _range(column, phrase("a number"))
    if isinstance(cell, bool | datetime | date | time | timedelta | list | dict) or cell is None:
        raise Unreadable(_shown(cell), allowed)
    try:
        number = float(unicodedata.normalize("NFKC", cell).strip() if isinstance(cell, str) else cell)
    except (ValueError, OverflowError):
        raise Unreadable(_shown(cell), allowed) from None
    low, high = column.low, column.high
    too_low = low is not None and (number <= low if column.above else number < low)
    if not math.isfinite(number) or too_low or (high is not None and number > high):
        raise Unreadable(_shown(cell), allowed)
    return number


def _whole(column: Column, cell: Cell) -> int:
    number = _number(column, cell)
    if not number.is_integer():
        raise Unreadable(_shown(cell), _range(column, phrase("a whole number")))
    return int(number)


def _range(column: Column, what: str) -> str:
    if column.low is not None and column.high is not None:
        return (
            phrase("{what} above {low:g} up to {high:g}", what=what, low=column.low, high=column.high)
            if column.above
            else phrase("{what} from {low:g} to {high:g}", what=what, low=column.low, high=column.high)
        )
    return what


def _choice(column: Column, cell: Cell) -> Any:
    text = _text(column, cell)
    key = text.casefold().replace("_", " ").replace("-", " ")
    words = {word.casefold().replace("_", " "): value for word, value in column.choices.items()}
    if key not in words:
        names = names_of(column.choices)
        raise Unreadable(shown(text), one_of(names, text, names))
    return words[key]


def _yes(column: Column, cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    found = {**_YES, **_NO}.get(_text(column, cell).casefold())
    if found is None:
        raise Unreadable(_shown(cell), phrase("yes (是) or no (否)"))
    return found


def _listed(column: Column, cell: Cell) -> list[str]:
    """Return the items of a list, which in JSON may be a list."""
    if isinstance(cell, list):
        return [_text(column, item) for item in cell if not is_empty(item)]
    return [part.strip() for part in _SEPARATORS.split(_text(column, cell)) if part.strip()]


def _names(column: Column, cell: Cell) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_listed(column, cell)))


def _pairs(column: Column, cell: Cell) -> list[tuple[str, str]]:
    """Return the pairs of a list like a:1;b:2; the second is empty where it is left out."""
    if isinstance(cell, dict):
        return [(str(name).strip(), text_of(value)) for name, value in cell.items()]
    found = []
    for item in _listed(column, cell):
        name, *rest = _PAIR.split(item, maxsplit=1)
        found.append((name.strip(), rest[0].strip() if rest else ""))
    return found


def _counts(column: Column, cell: Cell) -> dict[str, int]:
    counts: dict[str, int] = {}
    allowed = phrase("part:count, separated by ; with counts from 1 to 1000, each part once")
    for name, count in _pairs(column, cell):
        number = int(count) if re.fullmatch(r"\d{1,4}", count) else (1 if not count else 0)
        if not name or name in counts or not 1 <= number <= 1000:
            raise Unreadable(shown(text_of(str(cell))), allowed)
        counts[name] = number
    return counts


def _levels(column: Column, cell: Cell) -> dict[str, int]:
    levels: dict[str, int] = {}
    allowed = phrase("skill:level, separated by ; each skill once, levels {levels}", levels=_level_names())
    for name, level in _pairs(column, cell):
        rank = LEVELS.get(level.casefold()) if level else 1
        if not name or name in levels or rank is None:
            raise Unreadable(shown(text_of(str(cell))), allowed)
        levels[name] = rank
    return levels


def _level_names() -> str:
    return ", ".join(with_words(name, words) for name, words in names_of(LEVELS).items())


def _days(column: Column, cell: Cell) -> tuple[int, ...]:
    text = text_of(cell) if not isinstance(cell, list) else ";".join(map(str, cell))
    found: list[int] = []
    for item in (part.strip() for part in _SEPARATORS.split(text) if part.strip()):
        begin, dash, end = item.partition("至" if "至" in item else "-")
        days = [_day(word) for word in ((begin, end) if dash else (begin,))]
        if None in days:
            raise Unreadable(shown(text), _day_forms())
        first, last = days[0] or 0, days[-1] or 0
        found += range(first, last + 1) if first <= last else [*range(first, 8), *range(1, last + 1)]
    if not found:
        raise Unreadable(shown(text), _day_forms())
    return tuple(sorted(set(found)))


def _day_forms() -> str:
    return phrase("days as mon;tue;wed, mon-fri, 1-5 or 周一;周三")


def _day(word: str) -> int | None:
    """Return the number of a day of the week, 1 for Monday."""
    word = word.strip().casefold()
    if re.fullmatch(r"[1-7]", word):
        return int(word)
    chinese = _WORD.fullmatch(word.replace("天", "日"))
    if chinese:
        return _DAYS_ZH.index(chinese[1]) + 1
    return _DAYS.index(word[:3]) + 1 if word[:3] in _DAYS and word.isalpha() else None


def _clock(column: Column, cell: Cell) -> str:
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    allowed = phrase("a time of the day, as 08:30")
    found = _CLOCK.fullmatch(text_of(cell)) if isinstance(cell, str) else None
    if found is None:
        raise Unreadable(_shown(cell), allowed)
    hour, minute = int(found[1]), int(found[2])
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        raise Unreadable(_shown(cell), allowed)
    return f"{hour:02}:{minute:02}"


def _instant(column: Column, cell: Cell) -> datetime:
    allowed = phrase("a date and a time, as 2026-03-02 08:30 or 2026-03-02T08:30+08:00")
    if isinstance(cell, datetime):
        found = cell
    elif isinstance(cell, str) and (parts := _INSTANT.fullmatch(text_of(cell).upper())):
        try:
            found = _from_parts(parts)
        except ValueError:
            raise Unreadable(_shown(cell), allowed) from None
    else:
        raise Unreadable(_shown(cell), allowed)
    if found.year not in _YEARS:
        raise Unreadable(_shown(cell), phrase("a year from 1970 to 2199"))
    return found


def _from_parts(parts: re.Match[str]) -> datetime:
    numbers = [int(parts[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")]
    micro = round(float(parts["part"] or 0.0) * 1e6)
    return datetime(*numbers, min(micro, 999_999), tzinfo=_offset(parts["zone"]))  # type: ignore[misc,arg-type]


def _offset(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if minutes > 59:
        raise ValueError(text)
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if text[0] == "-" else ahead)


def _zone(column: Column, cell: Cell) -> str:
    from zoneinfo import ZoneInfo, available_timezones

    text = _text(column, cell)
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        pass
    else:
        if "/" in text or text == "UTC":
            return text
    raise Unreadable(
        shown(text), phrase("an IANA name, {names}", names=one_of(_alike(text, available_timezones()), text))
    )


def _alike(text: str, names: set[str]) -> list[str]:
    import difflib

    places = sorted(name for name in names if "/" in name)
    last = {name.rpartition("/")[2].casefold(): name for name in places}
    close = difflib.get_close_matches(text.casefold(), [name.casefold() for name in places], n=1)
    by_city = difflib.get_close_matches(text.rpartition("/")[2].casefold(), last, n=1)
    folded = {name.casefold(): name for name in places}
    return [*(folded[c] for c in close), *(last[c] for c in by_city), "Asia/Kuala_Lumpur", "Asia/Bangkok"]


_READERS: dict[str, Callable[[Column, Cell], Any]] = {
    "text": _text,
    "number": _number,
    "whole": _whole,
    "instant": _instant,
    "clock": _clock,
    "choice": _choice,
    "yes": _yes,
    "names": _names,
    "counts": _counts,
    "levels": _levels,
    "days": _days,
    "zone": _zone,
}
