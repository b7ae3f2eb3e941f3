"""Tables of values from files that people bring: every row that can be read, and every fault of the others.

Whether a file with faults is refused is decided by who asked; nothing is dropped silently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from insight.imports.cells import Cell, Unreadable, is_empty, read
from insight.imports.columns import EXAMPLE_IDS, Column, TableSpec
from insight.imports.faults import Fault, RefusedFile, shown
from insight.imports.headings import Headings, heading_row, understood
from insight.imports.raw import RawTable, read_raw
from scenarios.phrases import phrase


@dataclass(frozen=True)
class Source:
    """A file with what it holds.

    Parameters
    ----------
    name
        Its name as messages have it; the ending decides how it is read.
    content
        Its bytes.
    sheet
        Sheet of a workbook; chosen by name, else the first, when empty.
    """

    name: str
    content: bytes
    sheet: str = ""


@dataclass(frozen=True)
class Row:
    """One row of values.

    Parameters
    ----------
    number
        Line, row, or number in the list.
    values
        Value by name of the column; empty cells are left out.
    """

    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Imported:
    """A table that was read.

    Parameters
    ----------
    table
        What it is.
    file, sheet
        Where it is from.
    headings
        Heading as it stands in the file by name of the column.
    rows
        Rows without a fault.
    faults
        All that is wrong; those without a row concern the file as a whole.
    notes
        What was assumed or left out.
    broken
        Ids of rows that have a fault.
    half
        These rows with what could be read of them.
    """

    table: TableSpec
    file: str
    sheet: str
    headings: Mapping[str, str]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    broken: frozenset[str] = frozenset()
    half: tuple[Row, ...] = ()

    @cached_property
    def unread(self) -> Mapping[int, frozenset[str]]:
        """Return the headings of the cells that could not be read, by row."""
        found: dict[int, set[str]] = {}
        for fault in self.faults:
            if fault.row is not None:
                found.setdefault(fault.row, set()).add(fault.column)
        return {number: frozenset(columns) for number, columns in found.items()}

    def fault(self, row: Row, column: str, found: str, allowed: str) -> Fault:
        """Return a fault of a row of this table."""
        return Fault(self.file, found, allowed, row.number, self.headings.get(column, column), self.sheet)


def source_of(path: str) -> Source:
    """Read a file from disk; FILE#SHEET names a sheet of a workbook.

    Raises
    ------
    RefusedFile
        If there is no such file, or it cannot be read.
    """
    name, sheet = path, ""
    if not Path(path).exists() and "#" in path:
        name, _, sheet = path.rpartition("#")
    try:
        return Source(name, Path(name).read_bytes(), sheet)
    except OSError as error:
        found = phrase("no file that can be read ({words})", words=error.strerror or type(error).__name__)
        raise RefusedFile([Fault(name, found, phrase("a CSV, XLSX or JSON file"))]) from None


def read_table(source: Source, table: TableSpec, mapping: Mapping[str, str] | None = None) -> Imported:
    """Return what a file holds as a table of values, with its faults.

    Parameters
    ----------
    source
        The file.
    table
        What it is to hold.
    mapping
        Column by heading, where headings are nobody's usual ones; those that are not of this table are left.
    """
    try:
        raw = read_raw(source.name, source.content, table, source.sheet)
    except RefusedFile as refused:
        whole = tuple(replace(fault, whole=True) for fault in refused.faults)
        return Imported(table, source.name, source.sheet, {}, (), whole)
    own = {heading: name for heading, name in (mapping or {}).items() if name in table.by_name}
    place = Fault(raw.file, "", "", raw.heading_row, "", raw.sheet)
    headings, wrong = understood(raw.headings, table, own, place)
    if wrong and (title := _title(raw, table)):
        return Imported(table, raw.file, raw.sheet, {}, (), (title,), raw.notes)
    notes = list(raw.notes)
    if headings.ignored:
        listed = ", ".join(headings.ignored)
        notes.append(phrase("{file}: columns that mean nothing here: {names}", file=raw.file, names=listed))
    faults = [*(replace(fault, whole=True) for fault in wrong), *raw.faults]
    noted = len(notes)
    rows, bad, half = _rows(raw, headings, notes) if not wrong else ([], [], [])
    faults += bad
    if not faults and not rows:
        faults.append(_nothing(raw, examples=len(notes) > noted))
    return Imported(
        table,
        raw.file,
        raw.sheet,
        headings.texts,
        tuple(rows),
        tuple(faults),
        tuple(notes),
        frozenset(row.values["id"] for row in half if "id" in row.values),
        tuple(half),
    )


def _nothing(raw: RawTable, *, examples: bool) -> Fault:
    """Return the fault of a file without rows, but perhaps for examples of the template."""
    found = phrase("no rows but the template's example, which is left out") if examples else phrase("no rows")
    return Fault(raw.file, found, phrase("at least one row"), sheet=raw.sheet, whole=True)


def _title(raw: RawTable, table: TableSpec) -> Fault | None:
    """Return the fault of a file whose headings stand below something else; None if they do not."""
    texts = [
        (number, ["" if is_empty(cell) else str(cell) for cell in cells]) for number, cells in raw.beginning
    ]
    row = heading_row(texts, table)
    if row is None:
        return None
    first = next(text for text in texts[0][1] if text)
    found = phrase("{text} in place of headings", text=shown(first))
    allowed = phrase("headings first: they seem to be in row {row}; delete the rows above it", row=row)
    return Fault(raw.file, found, allowed, raw.heading_row, sheet=raw.sheet, whole=True)


def _rows(raw: RawTable, headings: Headings, notes: list[str]) -> tuple[list[Row], list[Fault], list[Row]]:
    """Return the rows that can be read, the faults of the others, and what can be read of these."""
    rows: list[Row] = []
    faults: list[Fault] = []
    half: list[Row] = []
    for number, cells in raw.rows:
        values, bad = _values(raw, headings, number, cells)
        if values.get("id", values.get("from")) in EXAMPLE_IDS:
            notes.append(
                phrase("{file}: row {row} is the template's example and left out", file=raw.file, row=number)
            )
        elif bad:
            faults += bad
            half.append(Row(number, values))
        else:
            rows.append(Row(number, values))
    return rows, faults, half


def _values(
    raw: RawTable, headings: Headings, number: int, cells: tuple[Cell, ...]
) -> tuple[dict[str, Any], list[Fault]]:
    """Return the values of a row, and what is wrong with its cells."""
    values: dict[str, Any] = {}
    faults = []
    for position, column in headings.columns.items():
        cell = cells[position]
        try:
            if not is_empty(cell):
                values[column.name] = read(column, cell)
            elif column.required:
                raise Unreadable(phrase("nothing"), _needed(column))
        except Unreadable as wrong:
            heading = headings.texts[column.name]
            faults.append(Fault(raw.file, wrong.found, wrong.allowed, number, heading, raw.sheet))
    return values, faults


def _needed(column: Column) -> str:
    return (
        phrase("a value in every row ({unit})", unit=column.unit)
        if column.unit
        else phrase("a value in every row")
    )
