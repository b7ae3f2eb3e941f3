"""Files to fill in: the headings of a table with their units, and one example row."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from insight.imports.cells import read
from insight.imports.columns import EXAMPLE_IDS, TABLES, Column, TableSpec
from insight.spreadsheets import Cell, Sheet, as_csv, workbook_of

#: Tables that there are templates of.
NAMES = ("orders", "engineers", "sites", "travel", "history")
LANGUAGES = ("en", "zh")
ENDINGS = (".csv", ".xlsx")
_ACTUALS = {
    "acknowledged_at": "2026-03-02 08:40",
    "booked_at": "2026-03-02 08:50",
    "departed_at": "2026-03-02 09:10",
    "arrived_at": "2026-03-02 09:45",
    "restored_at": "2026-03-02 11:05",
    "completed_at": "2026-03-02 11:20",
    "paused_hours": "0",
    "status": "finished",
}
_CHINESE = {
    "EXAMPLE": EXAMPLE_IDS[1],
    "normal": "一般",
    "corrective": "故障维修",
    "junior": "初级",
    "new": "新建",
    "finished": "已完成",
    "kuala-lumpur": "吉隆坡",
    "strategic": "战略客户",
    "video:senior;network:junior": "video:高级;network:初级",
}


def template_as(ending: str, name: str, language: str = "en") -> bytes:
    """Return a template as the bytes of a file.

    Parameters
    ----------
    ending
        One of ENDINGS.
    name
        One of NAMES.
    language
        Of headings and units, one of LANGUAGES.
    """
    sheet = template(TABLES[name], language)
    if ending == ".csv":
        return as_csv(sheet)
    row = tuple(
        _typed(column, text) for column, text in zip(TABLES[name].columns, sheet.rows[0], strict=True)
    )
    return workbook_of([replace(sheet, rows=(row,))])


def _typed(column: Column, text: Any) -> Cell:
    """Return the cell of a workbook for that of a text: a number with all its digits, or a date."""
    if not text:
        return None
    value: Cell = read(column, text) if column.kind in ("whole", "instant") else text
    return Decimal(text) if column.kind == "number" else value


def template(table: TableSpec, language: str = "en") -> Sheet:
    """Return the template of a table: headings with units, and the row that shows how to fill it in."""
    chinese = language == "zh"
    row = tuple(_example(table, column, chinese) for column in table.columns)
    name = table.sheets[0] if chinese else table.name
    return Sheet(name, (), tuple(_heading(column, chinese) for column in table.columns), (row,))


def _heading(column: Column, chinese: bool) -> str:
    name = column.chinese[0] if chinese else column.name
    unit = column.unit_chinese if chinese else column.unit
    return f"{name} [{unit}]" if unit else name


def _example(table: TableSpec, column: Column, chinese: bool) -> str | None:
    text = _ACTUALS.get(column.name, column.example) if table.name == "history" else column.example
    return (_CHINESE.get(text, text) if chinese else text) or None
