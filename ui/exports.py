"""Results of a job as files to take away: workbook, CSV, ZIP of run folders, YAML of a scenario.

Text that people gave cannot become a formula in a spreadsheet. What stands in the sheets is made by
`ui.sheets`, pictures of charts by `ui.charts`.
"""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from ui.jobs import Job
from ui.language import Language
from ui.sheets import Cell, Sheet, sheets

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What spreadsheets take for the beginning of a formula, their full-width twins among it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Characters that XML, and so a workbook, cannot hold.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_CELL = 32_000
_WIDEST = 60


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


def workbook(job: Job, say: Language) -> bytes:
    """Return the results of a job as an XLSX workbook.

    Parameters
    ----------
    job
        The job; its results may be partial, which the first sheet says.
    say
        Language of the workbook.
    """
    from openpyxl import Workbook

    book = Workbook()
    for page in book.worksheets:
        book.remove(page)
    for sheet in sheets(job, say):
        _fill(book.create_sheet(_sheet_name(sheet.name)), sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31]


def _fill(page: Any, sheet: Sheet) -> None:
    """Write a sheet: notes, an empty line, headings that stay in view, rows."""
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    for note in sheet.notes:
        page.append([neutral(note)])
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
    page.freeze_panes = f"A{top + 1}"
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


def run_folders(job: Job) -> io.BufferedReader:
    """Return a ZIP of everything in the results of a job, as an open file that vanishes when it is closed.

    Parameters
    ----------
    job
        The job. Links, and files that are being written, are left out.
    """
    with tempfile.TemporaryFile(suffix=".zip") as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, name in _files(job.results):
                archive.write(path, f"{job.id}/{name}")
        # Streamlit takes a file that is only read, not one that was written.
        reader = os.fdopen(os.dup(target.fileno()), "rb")
    reader.seek(0)
    return reader


def _files(folder: Path) -> Iterator[tuple[Path, PurePosixPath]]:
    """Yield the files below a folder that are really in it, with their names in an archive."""
    root = folder.resolve()
    for path in sorted(root.rglob("*")):
        inside = not path.is_symlink() and path.resolve().is_relative_to(root)
        if inside and path.is_file() and path.suffix != ".part":
            yield path, PurePosixPath(path.relative_to(root).as_posix())


def scenario_yaml(job: Job, name: str) -> str:
    """Return a scenario of a job as a document that `banyan run` takes.

    Parameters
    ----------
    job
        The job.
    name
        Name of the scenario, one of the job's.

    Raises
    ------
    KeyError
        If the job has no such scenario.
    """
    from scenarios.documents import dump

    for document in job.spec.scenarios:
        if document["name"] == name:
            return dump(dict(document))
    raise KeyError(name)


def file_name(job: Job, ending: str) -> str:
    """Return a name for a file to take away, safe on every system.

    Parameters
    ----------
    job
        The job that the file is about.
    ending
        Its ending, with the dot.
    """
    words = re.sub(r"[^\w-]+", "-", job.spec.title).strip("-_")[:60]
    return f"{words or 'banyan'}-{job.id[:8]}{ending}"
