"""Which column a heading means: by name, by a common other heading, in Chinese, or by a mapping.

Case, spaces, underscores and units in brackets do not matter. Two headings of one column are refused, as is a
table that lacks what it needs; headings that mean nothing are left out and named.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from insight.imports.columns import Column, TableSpec
from insight.imports.faults import Fault, one_of, shown
from scenarios.phrases import phrase

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
#: Headings that are known in a row that is taken for theirs.
_ENOUGH = 3
#: Headings that a message lists.
_MOST_LISTED = 12
_GAPS = re.compile(r"[\s_\-./]+")


@dataclass(frozen=True)
class Headings:
    """What the headings of a file mean.

    Parameters
    ----------
    columns
        Column by position of its heading.
    texts
        Heading as it stands in the file by name of the column.
    ignored
        Headings that mean nothing.
    """

    columns: Mapping[int, Column]
    texts: Mapping[str, str]
    ignored: tuple[str, ...]


def folded(heading: str) -> str:
    """Return a heading as headings are compared: without case, gaps, and units in brackets."""
    plain = unicodedata.normalize("NFKC", heading).casefold()
    without = _BRACKETS.sub("", plain)
    return _GAPS.sub("", without if without.strip() else plain)


def understood(
    headings: Sequence[str], table: TableSpec, mapping: Mapping[str, str], place: Fault
) -> tuple[Headings, list[Fault]]:
    """Return what headings mean, and what is wrong with them.

    Parameters
    ----------
    headings
        As they stand in the file; empty ones head nothing.
    table
        The table.
    mapping
        Column by heading, as --map gives them; those of other tables are left out before.
    place
        File, sheet and row of the headings.
    """
    meant = _meanings(table)
    given = {folded(heading): name for heading, name in mapping.items()}
    columns: dict[int, Column] = {}
    texts: dict[str, str] = {}
    ignored, faults = [], []
    for position, heading in enumerate(headings):
        key = folded(heading)
        name = given.get(key) or meant.get(key)
        if not key or name is None:
            ignored += [heading] if key else []
            continue
        if name in texts:
            allowed = phrase(
                "one heading of the column {name} (there is {other} too)", name=name, other=texts[name]
            )
            faults.append(_at(place, heading, phrase("another heading"), allowed))
            continue
        columns[position], texts[name] = table.by_name[name], heading
    faults += _missing(table, texts, ignored, place)
    return Headings(columns, texts, tuple(ignored)), faults


def _meanings(table: TableSpec) -> dict[str, str]:
    """Return column by folded heading; a name comes before other headings, and the first column wins."""
    found = {folded(column.name): column.name for column in table.columns}
    for column in table.columns:
        for heading in (*column.english, *column.chinese):
            found.setdefault(folded(heading), column.name)
    return found


def heading_row(rows: Sequence[tuple[int, Sequence[str]]], table: TableSpec) -> int | None:
    """Return the number of the row that has the headings if another comes first, a title mostly.

    Parameters
    ----------
    rows
        Number and texts of the first rows that are not empty.
    table
        The table.
    """
    meant = _meanings(table)
    known = [(len({meant[key] for key in map(folded, texts) if key in meant}), n) for n, texts in rows]
    most, row = max(known, key=lambda pair: pair[0], default=(0, 0))
    return row if most >= _ENOUGH and known[0][0] <= 1 else None


def _missing(
    table: TableSpec, texts: Mapping[str, str], ignored: Sequence[str], place: Fault
) -> Iterator[Fault]:
    """Yield a fault for each column that is needed and not there; the first says how headings are mapped."""
    told = not ignored
    for column in table.columns:
        if not column.required or column.name in texts:
            continue
        words = (column.name, *column.english, *column.chinese)
        others = ", ".join(words[1:])
        close = [h for h in ignored if difflib.get_close_matches(folded(h), map(folded, words), n=1)]
        if close:
            allowed = phrase(
                'a column {name} (is {heading} meant? --map "{heading}={name}" says so)',
                name=column.name,
                heading=close[0],
            )
        elif told:
            allowed = phrase("a column {name}; also headed {words}", name=column.name, words=others)
        else:
            allowed = phrase(
                'a column {name}; also headed {words}; --map "HEADING={name}" says that another heading '
                "means it ({ignored} mean nothing)",
                name=column.name,
                words=others,
                ignored=_listed(ignored),
            )
        told = True
        yield _at(place, column.name, phrase("no such column"), allowed)


def _listed(headings: Sequence[str]) -> str:
    return ", ".join(headings[:_MOST_LISTED]) + (", …" if len(headings) > _MOST_LISTED else "")


def _at(place: Fault, column: str, found: str, allowed: str) -> Fault:
    return Fault(place.file, found, allowed, place.row, column, place.sheet)


def parse_mapping(texts: Sequence[str]) -> dict[str, str]:
    """Return column by heading from texts like "Heading=column".

    Raises
    ------
    ValueError
        If a text is no such pair; the message says what is allowed.
    """
    found: dict[str, str] = {}
    for text in texts:
        heading, equals, name = text.rpartition("=")
        if not (equals and heading.strip() and name.strip()):
            raise ValueError(phrase("{text}: allowed: HEADING=COLUMN", text=shown(text)))
        found[heading.strip()] = name.strip()
    return found


def known_columns(mapping: Mapping[str, str], tables: Sequence[TableSpec]) -> None:
    """Refuse a mapping to a column that no table has.

    Raises
    ------
    ValueError
        The message names the columns there are.
    """
    names = list(dict.fromkeys(column.name for table in tables for column in table.columns))
    for heading, name in mapping.items():
        if name not in names:
            raise ValueError(
                phrase(
                    "{heading}={name}: no such column; allowed: {names}",
                    heading=heading,
                    name=name,
                    names=one_of(names, name),
                )
            )
