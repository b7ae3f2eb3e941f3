"""Files as rows of cells: CSV in the usual encodings and delimiters, sheets of workbooks, JSON.

What a file holds is not judged here, only whether it can be read at all, within limits of size.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from insight.imports.cells import Cell, is_empty
from insight.imports.columns import TableSpec
from insight.imports.faults import Fault, RefusedFile, one_of, shown
from scenarios.phrases import phrase

#: Limits of what is read: bytes of a file, bytes of a workbook unpacked, rows, columns.
LARGEST_FILE, LARGEST_UNPACKED = 20_000_000, 200_000_000
MOST_ROWS, MOST_COLUMNS = 50_000, 300
#: Rows in which headings are looked for where the first has none.
_LOOKED_AT = 20
_ONCE = phrase("each name once in an object")
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".json")


@dataclass(frozen=True)
class RawTable:
    """What a file holds.

    Parameters
    ----------
    file, sheet
        Where it is from.
    headings
        As they stand there.
    heading_row
        Row of the headings; None in JSON.
    rows
        Number and cells of each row that is not empty.
    faults
        Rows that cannot be taken apart.
    notes
        What was assumed.
    beginning
        Number and cells of the first rows that are not empty, as far as headings may be looked for.
    """

    file: str
    sheet: str
    headings: tuple[str, ...]
    heading_row: int | None
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    beginning: tuple[tuple[int, tuple[Cell, ...]], ...] = ()


def read_raw(file: str, content: bytes, table: TableSpec, sheet: str = "") -> RawTable:
    """Return what a file holds.

    Parameters
    ----------
    file
        Its name; the ending decides how it is read.
    content
        Its bytes.
    table
        The table that is looked for.
    sheet
        Sheet of a workbook; the one called like the table, else the first, when empty.

    Raises
    ------
    RefusedFile
        If it cannot be read at all.
    """
    ending = Path(file).suffix.lower()
    if ending not in ENDINGS:
        raise _refused(
            file, phrase("a file that ends in {ending}", ending=shown(ending)), one_of(ENDINGS, ending)
        )
    if len(content) > LARGEST_FILE:
        found = phrase("{size} bytes", size=len(content))
        raise _refused(file, found, phrase("at most {most} bytes", most=LARGEST_FILE))
    if not content.strip():
        raise _refused(file, phrase("an empty file"), phrase("headings and rows"))
    if sheet and ending != ".xlsx":
        raise _refused(file, phrase("the sheet {sheet}", sheet=sheet), phrase("sheets of XLSX files only"))
    if ending == ".xlsx":
        return _limited(_workbook(file, content, table, sheet))
    if ending == ".json":
        return _limited(_json(file, content, table))
    return _limited(_delimited(file, content))


def _refused(file: str, found: str, allowed: str, row: int | None = None, sheet: str = "") -> RefusedFile:
    return RefusedFile([Fault(file, found, allowed, row, "", sheet)])


def _limited(raw: RawTable) -> RawTable:
    for found, most, what in (
        (len(raw.rows), MOST_ROWS, phrase("rows")),
        (len(raw.headings), MOST_COLUMNS, phrase("columns")),
    ):
        if found > most:
            count = phrase("{number} {things}", number=found, things=what)
            allowed = phrase("at most {number} {things}", number=most, things=what)
            raise _refused(raw.file, count, allowed, sheet=raw.sheet)
    return raw


def _decoded(file: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    """Return a text and a note where its encoding is not UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in content:
        raise _refused(file, phrase("bytes that are no text"), phrase("a text file in UTF-8 or GB 18030"))
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            at = error.start
            continue
        note = phrase("{file}: read as {encoding}", file=file, encoding=encoding.upper())
        return text, () if encoding == "utf-8-sig" else (note,)
    line = content.count(b"\n", 0, at) + 1
    raise _refused(
        file,
        phrase("bytes that are no text in UTF-8 or GB 18030"),
        phrase("a text in one of them: save the file as CSV UTF-8"),
        line,
    )


def _delimited(file: str, content: bytes) -> RawTable:
    text, notes = _decoded(file, content)
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[tuple[int, list[str]]] = []
    before = 0
    try:
        for cells in reader:
            lines.append((before + 1, cells))
            before = reader.line_num
            if len(lines) > MOST_ROWS + 1000:
                break
    except csv.Error as error:
        found = phrase("quotes or delimiters that do not match ({words})", words=str(error))
        raise _refused(
            file, found, phrase("CSV with quotes around texts that hold quotes or delimiters"), before + 1
        ) from None
    filled = [(number, cells) for number, cells in lines if not all(is_empty(cell) for cell in cells)]
    if not filled:
        raise _refused(file, phrase("an empty file"), phrase("headings and rows"))
    (heading_row, headings), *rest = filled
    width = len(headings)
    rows, faults = [], []
    for number, cells in rest:
        extra = cells[width:]
        if len(cells) < width or not all(is_empty(cell) for cell in extra):
            found = phrase("{number} cells", number=len(cells))
            faults.append(Fault(file, found, phrase("{number} cells, as the headings", number=width), number))
        else:
            rows.append((number, tuple(cells[:width])))
    beginning = tuple((number, tuple(cells)) for number, cells in filled[:_LOOKED_AT])
    return RawTable(file, "", tuple(headings), heading_row, tuple(rows), tuple(faults), notes, beginning)


def _delimiter(text: str) -> str:
    """Return the delimiter of a text: the one that its first line has most of outside quotes."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    bare = "".join(part for i, part in enumerate(line.split('"')) if i % 2 == 0)
    return max((",", ";", "\t"), key=bare.count)


def _json(file: str, content: bytes, table: TableSpec) -> RawTable:
    text, notes = _decoded(file, content)
    allowed = phrase('a list of objects, or {{"{name}": [...]}}', name=table.name)
    try:
        document = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        found = phrase("no JSON: {words}, column {column}", words=error.msg, column=error.colno)
        raise _refused(file, found, allowed, error.lineno) from None
    except (RecursionError, ValueError) as error:
        raise _refused(file, phrase("no JSON: {words}", words=str(error)), allowed) from None
    if isinstance(document, _Ambiguous) and document.name == table.name:
        raise _refused(file, _twice(document), _ONCE)
    if isinstance(document, dict):
        document = document.get(table.name)
    if not isinstance(document, list):
        raise _refused(file, phrase("no list of objects"), allowed)
    headings: dict[str, None] = {}
    faults: list[Fault] = []
    for number, row in enumerate(document, 1):
        if isinstance(row, dict):
            headings.update(dict.fromkeys(map(str, row)))
            faults += _ambiguous(file, number, row)
        else:
            faults.append(Fault(file, shown(row), phrase("an object"), number))
    bad = {fault.row for fault in faults}
    rows = tuple(
        (number, tuple(row.get(heading) for heading in headings))
        for number, row in enumerate(document, 1)
        if number not in bad and not all(is_empty(value) for value in row.values())
    )
    return RawTable(file, "", tuple(headings), None, rows, tuple(faults), notes)


class _Ambiguous(dict[str, Any]):
    """An object of JSON that has a name twice, which is `name`."""

    name = ""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON; one with a name twice remembers it."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names = [name for name, _ in pairs]
    marked = _Ambiguous(found)
    marked.name = next(name for name in names if names.count(name) > 1)
    return marked


def _ambiguous(file: str, number: int, row: dict[str, Any]) -> Iterator[Fault]:
    """Yield a fault for a row that has a name twice, and for each cell in which an object has."""
    if isinstance(row, _Ambiguous):
        yield Fault(file, _twice(row), _ONCE, number, row.name)
    for heading, cell in row.items():
        if isinstance(cell, _Ambiguous):
            yield Fault(file, _twice(cell), _ONCE, number, heading)


def _twice(document: _Ambiguous) -> str:
    return phrase("{name} twice", name=shown(document.name))


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _workbook(file: str, content: bytes, table: TableSpec, sheet: str) -> RawTable:
    """Return a sheet of a workbook; formulas count by the values that were saved with them."""
    _refuse_bomb(file, content)
    with_formulas, page = _page(file, content, table, sheet, False)
    has_formulas = any(cell.data_type == "f" for row in page.iter_rows() for cell in row)
    values = _page(file, content, table, page.title, True)[1] if has_formulas else page
    faults: list[Fault] = []
    lines: list[tuple[int, list[Cell]]] = []
    for written, row in zip(page.iter_rows(), values.iter_rows(), strict=True):
        if all(is_empty(cell.value) for cell in written):
            continue
        number = int(written[0].row)
        lines.append((number, [_value(cell) for cell in row]))
        faults += _bad_cells(file, page.title, number, written, row)
    if not lines:
        raise _refused(file, phrase("an empty sheet"), phrase("headings and rows"), sheet=page.title)
    faults += [
        Fault(
            file,
            phrase("merged cells {range}", range=str(area)),
            phrase("one cell for each value"),
            int(area.min_row),
            "",
            page.title,
        )
        for area in page.merged_cells.ranges
        if area.max_row >= lines[0][0]
    ]
    with_formulas.close()
    (heading_row, headings), *rows = lines
    width = max((i + 1 for i, cell in enumerate(headings) if not is_empty(cell)), default=0)
    texts = tuple("" if is_empty(cell) else str(cell) for cell in headings[:width])
    bad = {fault.row for fault in faults}
    kept = []
    for number, cells in rows:
        if any(not is_empty(cell) for cell in cells[width:]):
            found = phrase("a cell without a heading")
            faults.append(Fault(file, found, phrase("a heading above each value"), number, "", page.title))
        elif number not in bad:
            kept.append((number, tuple(cells[:width])))
    beginning = tuple((number, tuple(cells)) for number, cells in lines[:_LOOKED_AT])
    return RawTable(file, page.title, texts, heading_row, tuple(kept), tuple(faults), (), beginning)


def _value(cell: Any) -> Cell:
    """Return what a cell of a workbook holds: a date that shows no time is a date, as a text would be."""
    from openpyxl.styles.numbers import is_datetime

    value: Cell = cell.value
    if isinstance(value, datetime) and value.time() == time() and is_datetime(cell.number_format) == "date":
        return value.date()
    return value


def _bad_cells(file: str, sheet: str, number: int, written: Sequence[Any], row: Sequence[Any]) -> list[Fault]:
    """Return the cells of a row that hold an error, or a formula without a value."""
    faults = []
    for formula, cell in zip(written, row, strict=True):
        if formula.data_type == "f" and cell.value is None:
            found = phrase("a formula without a saved value")
        elif cell.data_type == "e":
            found = phrase("the error {error}", error=str(cell.value))
        else:
            continue
        faults.append(Fault(file, found, phrase("a value"), number, str(cell.column_letter), sheet))
    return faults


def _page(file: str, content: bytes, table: TableSpec, sheet: str, values: bool) -> tuple[Any, Any]:
    """Return a workbook and the sheet that is wanted."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), data_only=values)
    except Exception as error:  # whatever a broken workbook makes the library raise
        words = " ".join(str(error).split())[:200] or type(error).__name__
        raise _refused(
            file, phrase("no workbook that can be read ({words})", words=words), phrase("an XLSX file")
        ) from None
    pages = {page.title: page for page in book.worksheets}
    if sheet and sheet not in pages:
        raise _refused(file, phrase("no sheet {sheet}", sheet=shown(sheet)), one_of(pages, sheet))
    wanted = {name.casefold() for name in (table.name, *table.sheets)}
    called = next((page for title, page in pages.items() if title.casefold() in wanted), None)
    page = pages[sheet] if sheet else called or next(iter(pages.values()), None)
    if page is None:
        raise _refused(file, phrase("a workbook without a sheet"), phrase("headings and rows"))
    if page.max_row > 4 * MOST_ROWS or page.max_column > 16 * MOST_COLUMNS:
        size = phrase("{rows} rows and {columns} columns", rows=page.max_row, columns=page.max_column)
        most = phrase("{rows} rows and {columns} columns", rows=MOST_ROWS, columns=MOST_COLUMNS)
        raise _refused(file, size, most, sheet=page.title)
    return book, page


def _refuse_bomb(file: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise _refused(file, phrase("no workbook that can be read"), phrase("an XLSX file")) from None
    if size > LARGEST_UNPACKED:
        found = phrase("{size} bytes unpacked", size=size)
        raise _refused(file, found, phrase("at most {most} bytes", most=LARGEST_UNPACKED))
