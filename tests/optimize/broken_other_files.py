"""Files of engineers, sites and travel, broken in ways that happen, beside orders that have no fault.

Orders name the sites and an engineer, and ways go between both: what is wrong with one table must not be told
of another. Broken files of orders are made in `broken_order_files`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from broken_order_files import ENGINEERS, ROWS, Table, as_csv_bytes, as_xlsx_bytes, good_table

from insight.imports.reading import Source

Spoil = Callable[[random.Random, Table, int], str]


@dataclass(frozen=True)
class BrokenFiles:
    """Files of which one must be refused.

    Parameters
    ----------
    files
        By what they hold: orders, engineers, sites or travel; those that are given.
    table
        Which one is broken.
    columns
        Its bad rows, as the file counts them, each with the column that must be named.
    """

    files: dict[str, Source]
    table: str
    columns: frozenset[tuple[int, str]]

    @property
    def rows(self) -> set[tuple[str, int]]:
        """Return the file and number of each bad row."""
        return {(self.files[self.table].name, row) for row, _ in self.columns}


def _engineers() -> Table:
    return [
        {
            **{"id": f"e{i}", "name": f"Nr {i}", "city": ("kuala-lumpur", "吉隆坡")[i % 2]},
            **{"lat": f"{3.0 + i / 50:.2f}", "lon": "101.65", "home_lat": "3.1", "home_lon": "101.7"},
            **{"skills": "video:senior;sensing", "languages": "en;ms", "passes": ""},
            **{"shift_start": "08:00", "shift_end": "17:00", "break_start": "12:00", "break_end": "13:00"},
            **{"overtime_h": "1", "weekdays": ("1-5", "mon;tue")[i % 2], "time_zone": "Asia/Kuala_Lumpur"},
            **{"cost_per_hour": "12", "available_from": "", "available_to": "", "parts": "camera:2"},
        }
        for i in range(6)
    ]


def _sites() -> Table:
    return [
        {
            **{"id": f"s{i}", "customer_tier": ("key", "")[i % 2], "city": "Kuala Lumpur"},
            **{"lat": f"{3.0 + i / 50:.2f}", "lon": "101.65", "languages": "", "time_zone": ""},
        }
        for i in range(6)
    ]


def _travel() -> Table:
    return [{"from": f"e{i % 2 + 1}", "to": f"o{i}", "hours": "0.5", "km": "20"} for i in range(ROWS)]


def _cell(column: str, *found: str) -> Spoil:
    def spoil(rng: random.Random, table: Table, at: int) -> str:
        table[at][column] = rng.choice(found)
        return column

    return spoil


def _cells(named: str, **found: str) -> Spoil:
    def spoil(_rng: random.Random, table: Table, at: int) -> str:
        table[at] |= found
        return named

    return spoil


def _again(*columns: str) -> Spoil:
    """Return what gives a row the same names as the last one, which comes before it or is the first."""

    def spoil(_rng: random.Random, table: Table, at: int) -> str:
        table[at] |= {column: table[0][column] for column in columns}
        return columns[-1]

    return spoil


_PLACES = (
    *(_cell("lat", "95", "north", "-91"), _cell("lon", "181", "1O1.6")),
    *(_cells("lon", lat="3.1", lon=""), _cells("city", city="Bangkok")),
    *(_cells("city", city="Atlantis", lat="", lon=""), _cell("time_zone", "Asia/Kuala_Lumpr", "MYT")),
)
#: By table: rows without a fault, what may be wrong with a row, the same with its name, and how many of the
#: first rows others refer to by name.
TABLES: dict[str, tuple[Callable[[], Table], tuple[Spoil, ...], tuple[Spoil, ...], int]] = {
    "engineers": (
        _engineers,
        (
            *_PLACES,
            *(_cell("home_lat", "91", "here"), _cells("home_lon", home_lon="")),
            *(_cell("skills", "video:boss", "video:9", "vdieo:senior"), _cell("shift_start", "8h", "25:00")),
            *(_cells("shift_end", shift_end="08:00"), _cells("break_end", break_end="")),
            *(_cells("break_end", break_end="11:00"), _cells("break_start", break_start="06:00")),
            *(_cell("overtime_h", "-1", "25", "much"), _cell("weekdays", "1-9", "someday")),
            *(_cell("cost_per_hour", "-12", "abc", "1e9"), _cell("available_from", "tomorrow")),
            _cells("available_to", available_from="2026-03-02 12:00", available_to="2026-03-02 11:00"),
            _cell("parts", "camera:x", "camera:-1", "camera:1;camera:2"),
        ),
        (_cell("id", "", "x" * 3000), _again("id")),
        3,
    ),
    "sites": (
        _sites,
        (*_PLACES, _cell("customer_tier", "platinum")),
        (_cell("id", "", "x" * 3000), _again("id")),
        4,
    ),
    "travel": (
        _travel,
        (
            *(_cell("from", "", "x" * 3000), _cell("to", "")),
            *(_cell("hours", "", "-1", "abc", "1e9", "nan"), _cell("km", "-3", "far")),
        ),
        (_again("from", "to"),),
        1,
    ),
}


def _file(rng: random.Random, name: str, table: Table) -> tuple[Source, int]:
    """Return a table as a file of any format, and what it calls its first row."""
    form = rng.choices(("csv", "json", "xlsx"), (6, 2, 2))[0]
    if form == "json":
        content = json.dumps(table, ensure_ascii=False).encode()
    elif form == "xlsx":
        content = as_xlsx_bytes(table)
    else:
        content = as_csv_bytes(table, rng.choice(("utf-8", "utf-8-sig", "gb18030")), rng.choice(",;"))
    return Source(f"{name}.{form}", content), 1 if form == "json" else 2


def _orders(table: str) -> bytes:
    """Return orders that name sites, or an engineer, of the table that is broken."""
    rows: Table = []
    for i, row in enumerate(good_table()):
        more: dict[str, Any] = {"site": f"s{i % 4}" if table == "sites" else ""}
        rows.append(row | more | ({"pinned_engineer": f"e{i % 3}"} if table == "engineers" else {}))
    return as_csv_bytes(rows)


def broken_files(seed: int) -> BrokenFiles:
    """Return files of which that of engineers, sites or travel has one to three broken rows."""
    rng = random.Random(seed)
    name = ("engineers", "sites", "travel")[seed % 3]
    good, spoilers, of_names, named = TABLES[name]
    table = good()
    spoilt = {}
    # The first row stays as it is, since others may say the same again.
    for at in rng.sample(range(1, len(table)), rng.randint(1, 3)):
        spoilt[at] = rng.choice((*spoilers, *(of_names if at >= named else ())))(rng, table, at)
    source, first = _file(rng, name, table)
    files = {"orders": Source("orders.csv", _orders(name)), "engineers": ENGINEERS, name: source}
    return BrokenFiles(files, name, frozenset((at + first, column) for at, column in spoilt.items()))
