"""What is wrong with a scenario, and what is doubtful: the errors and warnings that name their key."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

_LONGEST = 80


def shown(value: Any) -> str:
    """Return a value as a message shows it, cut to a readable length."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    try:
        text = str(value) if isinstance(value, date) else repr(value)
    except (ValueError, RecursionError):  # a whole number of thousands of digits; nesting without an end
        text = f"a value of type {type(value).__name__} that cannot be shown"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


@dataclass(frozen=True)
class Problem:
    """One thing that makes a scenario unusable.

    Parameters
    ----------
    key
        Dotted key, as `sites.penang-01.devices.camera`; empty for the document as a whole.
    found
        What stands there.
    allowed
        What may stand there.
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
        What was found, in a sentence.
    """

    code: str
    key: str
    message: str

    def __str__(self) -> str:
        """Return one line: code, key, message."""
        return f"{self.code} {self.key}: {self.message}"


def known(key: str, name: str, names: Collection[str], what: str) -> Iterator[Problem]:
    """Yield a problem if a reference dangles."""
    if name not in names:
        listed = ", ".join(sorted(names)[:12]) or "none is defined"
        more = ", …" if len(names) > 12 else ""
        yield Problem(key, shown(name), f"a key of {what} ({listed}{more})")
