"""What is wrong with a scenario, and what is doubtful: the errors and warnings that name their key."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scenarios.phrases import Phrase, phrase

_LONGEST = 80
_MOST_LISTED = 12


def shown(value: Any) -> str:
    """Return a value as a message shows it, cut to a readable length: the same in every language."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    try:
        text = str(value) if isinstance(value, date) else repr(value)
    except (ValueError, RecursionError):  # a whole number of thousands of digits; nesting without an end
        return phrase("a value of type {type} that cannot be shown", type=type(value).__name__)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


@dataclass(frozen=True)
class Problem:
    """One thing that makes a scenario unusable.

    Parameters
    ----------
    key
        Dotted key, as `sites.penang-01.devices.camera`; empty for the document as a whole.
    found
        What stands there: a phrase, or a value as it is `shown`.
    allowed
        What may stand there: a phrase, or words that a document would use.
    file
        The document that set the key, where several are stacked by `extends`.
    """

    key: str
    found: str
    allowed: str
    file: str = ""

    def __str__(self) -> str:
        """Return one line: file, key, found, allowed."""
        place = ": ".join(part for part in (self.file, self.key) if part)
        return f"{place}: found {self.found}; allowed: {self.allowed}"


class ScenarioError(ValueError):
    """A scenario that cannot be used; `problems` holds every reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


@dataclass(frozen=True)
class Warn:
    """One thing that is possible but contradicts itself or promises what cannot be kept.

    Parameters
    ----------
    code
        Stable code, as W-headcount.
    key
        Dotted key of what causes it.
    message
        What was found: a phrase that is a sentence.
    """

    code: str
    key: str
    message: str

    def __str__(self) -> str:
        """Return one line: code, key, message."""
        return f"{self.code} {self.key}: {self.message}"


def known(key: str, name: str, names: Collection[str], what: str) -> Iterator[Problem]:
    """Yield a problem if a reference dangles.

    Parameters
    ----------
    key
        Dotted key of the reference.
    name
        What it refers to.
    names
        What there is.
    what
        What these are: the section that holds them, or a phrase.
    """
    if name not in names:
        yield Problem(key, shown(name), _known_names(name, names, what))


def _known_names(name: str, names: Collection[str], what: str) -> Phrase:
    """Return what a reference may name, with what it may mean."""
    if not names:
        return phrase("a key of {what} (none is defined)", what=what)
    listed = ", ".join(sorted(names)[:_MOST_LISTED]) + (", …" if len(names) > _MOST_LISTED else "")
    close = difflib.get_close_matches(name, names, n=1)
    if not close:
        return phrase("a key of {what} ({names})", what=what, names=listed)
    return phrase("a key of {what} ({names}; did you mean {close}?)", what=what, names=listed, close=close[0])
