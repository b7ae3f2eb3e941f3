"""The columns of the tables that people bring: names, kinds, units, and the headings that mean them.

They stand in columns.csv, one a line. Names are those of the work-order columns everywhere else; beside a
name, headings of common tools are accepted, and Chinese ones by the glossary. How a cell becomes a value
stands in `cells`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Any

#: What a cell can hold: `cells` has a reader for each.
KINDS = (
    *("text", "number", "whole", "instant", "clock", "choice", "yes"),
    *("names", "counts", "levels", "days", "zone"),
)


@dataclass(frozen=True)
class Column:
    """One column.

    Parameters
    ----------
    name, kind
        Its name, and which of KINDS its cells hold.
    english, chinese
        Other headings that mean it; the first Chinese one heads the template.
    unit, unit_chinese
        Unit or form of its cells, for the template and the guide.
    required
        Whether the table is refused without it, and a row with an empty cell in it.
    low, high
        Least and most of a number.
    above
        Whether the least itself is refused.
    choices
        Value by each word that may stand for it, in English and Chinese.
    example
        A cell of the template's example row; empty for none.
    meaning
        One sentence for the guide.
    """

    name: str
    kind: str
    english: tuple[str, ...] = ()
    chinese: tuple[str, ...] = ()
    unit: str = ""
    unit_chinese: str = ""
    required: bool = False
    low: float | None = None
    high: float | None = None
    above: bool = False
    choices: Mapping[str, Any] = field(default_factory=dict)
    example: str = ""
    meaning: str = ""


def names_of(choices: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the words in Chinese by the name of each value, which is the first word that stands for it.

    Parameters
    ----------
    choices
        Value by word, as a column has them.
    """
    named: dict[Any, str] = {}
    found: dict[str, tuple[str, ...]] = {}
    for word, value in choices.items():
        name = named.setdefault(value, word)
        found[name] = (*found.get(name, ()), *(() if word.isascii() else (word,)))
    return found


@dataclass(frozen=True)
class TableSpec:
    """One table.

    Parameters
    ----------
    name
        Its name.
    columns
        Its columns in the order of the template.
    sheets
        Names of sheets that hold it, beside its own; the first is that of the template in Chinese.
    """

    name: str
    columns: tuple[Column, ...]
    sheets: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Return the columns by name."""
        return {column.name: column for column in self.columns}


#: Ids of the rows that templates show how to fill in; they are left out when a file is read.
EXAMPLE_IDS = ("EXAMPLE", "示例")

#: Certification by word, from 1; the same words stand in lists of skills.
LEVELS = {
    **{"junior": 1, "intermediate": 2, "senior": 3, "expert": 4},
    **{"初级": 1, "中级": 2, "高级": 3, "专家": 4},
    **{"1": 1, "2": 2, "3": 3, "4": 4},
}
_WORDS: dict[str, Mapping[str, Any]] = {
    "level": LEVELS,
    "severity": {
        **{name: name for name in ("minor", "normal", "major", "emergency")},
        **{"low": "minor", "medium": "normal", "high": "major", "critical": "emergency"},
        **{"轻微": "minor", "一般": "normal", "重大": "major", "严重": "major", "紧急": "emergency"},
    },
    "status": {
        **{name: name for name in ("new", "planned", "departed", "arrived", "finished", "cancelled")},
        **{"open": "new", "scheduled": "planned", "assigned": "planned", "travelling": "departed"},
        **{"traveling": "departed", "on site": "arrived", "completed": "finished", "closed": "finished"},
        **{"canceled": "cancelled", "新建": "new", "待派": "new", "待派单": "new", "已计划": "planned"},
        **{"已派单": "planned", "已出发": "departed", "已到场": "arrived", "已完成": "finished"},
        **{"已取消": "cancelled"},
    },
    "work_type": {
        **{name: name for name in ("corrective", "preventive", "inspection", "condition_based")},
        **{"installation": "installation", "survey": "survey", "repair": "corrective"},
        **{"maintenance": "preventive", "故障维修": "corrective", "维修": "corrective"},
        **{"预防性维护": "preventive", "巡检": "inspection", "状态/预测性维护": "condition_based"},
        **{"安装": "installation", "勘察": "survey"},
    },
}
_SHEETS = {
    "orders": ("工单", "work orders"),
    "engineers": ("工程师", "technicians"),
    "sites": ("项目点", "站点"),
    "travel": ("路途",),
    "history": ("历史工单",),
    "plan": ("计划",),
}


def _read() -> dict[str, TableSpec]:
    text = files("insight.imports").joinpath("columns.csv").read_text(encoding="utf-8")
    columns: dict[str, list[Column]] = {}
    for row in csv.DictReader(text.splitlines()):
        columns.setdefault(row["table"], []).append(_column(row))
    columns["history"] = columns["orders"]
    return {name: TableSpec(name, tuple(found), _SHEETS[name]) for name, found in columns.items()}


def _column(row: Mapping[str, str]) -> Column:
    low, high = row["low"], row["high"]
    return Column(
        name=row["column"],
        kind=row["kind"],
        english=tuple(filter(None, row["english"].split("|"))),
        chinese=tuple(filter(None, row["chinese"].split("|"))),
        unit=row["unit"],
        unit_chinese=row["unit_chinese"],
        required=row["required"] == "yes",
        low=float(low.lstrip(">")) if low else None,
        high=float(high) if high else None,
        above=low.startswith(">"),
        choices=_WORDS.get(row["column"], {}) if row["kind"] == "choice" else {},
        example=row["example"],
        meaning=row["meaning"],
    )


TABLES = _read()
ORDERS, ENGINEERS, SITES = TABLES["orders"], TABLES["engineers"], TABLES["sites"]
TRAVEL, PLAN = TABLES["travel"], TABLES["plan"]
