"""What is wrong with a file that somebody brought: where, what was found, and what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from scenarios.phrases import phrase
from scenarios.problems import shown

_MOST_LISTED = 16


@dataclass(frozen=True)
class Fault:
    """One thing that makes a file or a row unusable.

    Parameters
    ----------
    file
        The file.
    found
        What stands there: a phrase, or a value as it is shown.
    allowed
        What may stand there: a phrase.
    row
        Line of a CSV, row of a sheet, number of an object in JSON; None for the file as a whole.
    column
        Heading as it stands in the file, or the column's name; empty for the row as a whole.
    sheet
        Sheet of a workbook, empty otherwise.
    whole
        Whether the file cannot be used at all, whichever rows are left out.
    """

    file: str
    found: str
    allowed: str
    row: int | None = None
    column: str = ""
    sheet: str = ""
    whole: bool = False

    @property
    def place(self) -> str:
        """Return where it is."""
        if self.row is None:
            where = phrase("column {column}", column=self.column) if self.column else ""
        elif self.column:
            where = phrase("row {row}, column {column}", row=self.row, column=self.column)
        else:
            where = phrase("row {row}", row=self.row)
        sheet = phrase("sheet {sheet}", sheet=self.sheet) if self.sheet else ""
        return ": ".join(part for part in (self.file, sheet, where) if part)

    def __str__(self) -> str:
        """Return one line: file, sheet, row and column, found, allowed."""
        return f"{self.place}: found {self.found}; allowed: {self.allowed}"


class RefusedFile(ValueError):
    """Files that cannot be used; `faults` holds every reason."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def one_of(names: Collection[str], found: str = "", words: Mapping[str, Sequence[str]] | None = None) -> str:
    """Return which names are allowed, with the one that may have been meant.

    Parameters
    ----------
    names
        What there is.
    found
        What was written.
    words
        Other words that mean a name, in another language.
    """
    ordered, others = list(dict.fromkeys(names)), words or {}
    if not ordered:
        return phrase("nothing: there is none")
    listed = ", ".join(with_words(name, others.get(name, ())) for name in ordered[:_MOST_LISTED])
    listed += ", …" if len(ordered) > _MOST_LISTED else ""
    close = closest([*ordered, *(word for name in ordered for word in others.get(name, ()))], found)
    if close:
        return phrase("{names} (did you mean {close}?)", names=listed, close=close)
    return phrase("{names}", names=listed)


def with_words(name: str, words: Sequence[str]) -> str:
    """Return a name with other words that mean it, if there are any."""
    return f"{name} ({'、'.join(words)})" if words else name


def closest(names: Collection[str], found: str) -> str:
    """Return the one of some names that may have been meant by another, whatever its case; empty for none."""
    folded = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(found.casefold(), folded, n=1)
    return folded[close[0]] if close else ""


__all__ = ["Fault", "RefusedFile", "closest", "one_of", "shown", "with_words"]
