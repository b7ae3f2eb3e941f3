"""Names that are cut where there is little room, so that they can still be told apart.

Text is measured in letters of common width, of which a Chinese character takes two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from unicodedata import east_asian_width

#: Stands between the parts of a name.
_MARK = " · "


def width_of(text: str) -> int:
    """Return how wide a text is, in letters."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def cut_names(names: Sequence[str], most: int) -> list[str]:
    """Return names no wider than so many letters, cut in that way in which the most remain different.

    Parameters
    ----------
    names
        The names.
    most
        Letters.
    """
    ways: tuple[Callable[[str, int], str], ...] = (_by_parts, in_the_middle, _at_the_end)
    found = [[name if width_of(name) <= most else way(name, most) for name in names] for way in ways]
    return max(found, key=lambda cut: len({*cut}))


def in_the_middle(name: str, most: int) -> str:
    """Return a name no wider than so many letters, without what is in its middle where it is wider."""
    if width_of(name) <= most:
        return name
    head = _head(name, (most - 1) // 2)
    return f"{head}…{_tail(name, most - 1 - width_of(head))}"


def _at_the_end(name: str, most: int) -> str:
    return f"{_head(name, most - 1)}…"


def _by_parts(name: str, most: int) -> str:
    """Return a name whose first part has the room that its rest leaves, most of it at least."""
    first, mark, rest = name.partition(_MARK)
    if not mark:
        return in_the_middle(name, most)
    room = most - len(_MARK)
    half = max(3 * room // 5, room - width_of(rest))
    kept = in_the_middle(first, half)
    left = room - width_of(kept)
    return f"{kept}{_MARK}{rest if width_of(rest) <= left else _at_the_end(rest, left)}"


def _head(text: str, most: int) -> str:
    return text[: _fitting(text, most)].rstrip()


def _tail(text: str, most: int) -> str:
    return text[len(text) - _fitting(text[::-1], most) :].lstrip()


def _fitting(text: str, most: int) -> int:
    """Return how many characters from the first on are no wider than so many letters."""
    wide = 0
    for place, letter in enumerate(text):
        wide += width_of(letter)
        if wide > most:
            return place
    return len(text)
