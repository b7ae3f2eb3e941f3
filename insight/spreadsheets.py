"""Tables of plain rows as CSV and XLSX: spreadsheets open them at once, and take no text for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

Cell = str | float | int | Decimal | datetime | None
Row = tuple[Cell, ...]

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What spreadsheets take for the beginning of a formula, their full-width twins among it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Characters that XML, and so a workbook, cannot hold.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_INSTANT = "yyyy-mm-dd hh:mm:ss"
_LONGEST_CELL = 32_000
_WIDEST = 60


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook.

    Parameters
    ----------
    name
        Its title, translated.
    notes
        Lines above the table: what it holds and in which units.
    headings
        One heading a column, with the unit where the whole column has one.
    rows
        The cells; numbers are numbers, Decimals with all their digits, and instants without a zone are dates
        of a workbook.
    """

    name: str
    notes: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def neutral(value: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers.

    Parameters
    ----------
    value
        The cell. Text that begins like a formula, perhaps after spaces, gets a leading apostrophe.

    References
    ----------
    OWASP, "CSV Injection", owasp.org/www-community/attacks/CSV_Injection.
    """
    if not isinstance(value, str):
        return value
    text = _FORBIDDEN.sub("", value)[:_LONGEST_CELL]
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def workbook_of(sheets: Sequence[Sheet], made_at: datetime | None = None) -> bytes:
    """Return sheets as an XLSX workbook.

    Parameters
    ----------
    sheets
        At least one; characters that names of sheets cannot have are left out.
    made_at
        What the workbook states as the instant of its making, so that equal sheets give equal bytes; the
        present when absent.
    """
    from openpyxl import Workbook

    book = Workbook()
    for page in book.worksheets:
        book.remove(page)
    for sheet in sheets:
        _fill(book.create_sheet(_sheet_name(sheet.name)), sheet)
    target = io.BytesIO()
    if made_at is None:
        book.save(target)
        return target.getvalue()
    from insight.still_workbooks import saved_still

    return saved_still(book, made_at.astimezone(UTC))


def _sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31]


def _fill(page: Any, sheet: Sheet) -> None:
    """Write a sheet: headings that stay in view and can be filtered by, rows; above them notes, if any."""
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    for note in sheet.notes:
        page.append([neutral(note)])
    if sheet.notes:
        page.append([])
    page.append([neutral(heading) for heading in sheet.headings])
    top = page.max_row
    for cell in page[top]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="0B6E4F")
    for row in sheet.rows:
        page.append([neutral(cell) for cell in row])
        for cell in page[page.max_row]:
            if isinstance(cell.value, float):
                cell.number_format = _format(cell.value)
            elif isinstance(cell.value, datetime):
                cell.number_format = _INSTANT
    page.freeze_panes = f"A{top + 1}"
    page.auto_filter.ref = f"A{top}:{get_column_letter(len(sheet.headings))}{page.max_row}"
    for column, heading in enumerate(sheet.headings):
        width = max([_width(heading), *(_width(row[column]) for row in sheet.rows)])
        page.column_dimensions[get_column_letter(column + 1)].width = min(width + 2, _WIDEST)


def _format(value: float) -> str:
    """Return the format in which a spreadsheet shows a figure: about three digits or all before the point."""
    size = abs(value)
    if size >= 1000.0:
        return "#,##0"
    return "0.00" if size >= 0.1 or size == 0.0 else "0.0000"


def _width(cell: Cell) -> int:
    """Return about how many characters wide a cell is; Chinese ones take two."""
    text = f"{cell:.6g}" if isinstance(cell, float) else str("" if cell is None else cell)
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)


def as_csv(sheet: Sheet) -> bytes:
    """Return a sheet as CSV that spreadsheets open without asking: UTF-8 with a byte order mark.

    Parameters
    ----------
    sheet
        The sheet; its notes are left out, so that the first line has the headings.
    """
    target = io.StringIO()
    writer = csv.writer(target, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow([neutral(heading) for heading in sheet.headings])
    writer.writerows([[neutral(cell) for cell in row] for row in sheet.rows])
    return target.getvalue().encode("utf-8-sig")
