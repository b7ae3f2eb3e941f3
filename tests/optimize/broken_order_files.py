"""Files of orders as people bring them, and broken in ways that happen: with the rows that must be named."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from insight.imports.reading import Source

COLUMNS = (
    *("id", "customer_tier", "city", "lat", "lon", "reported_at", "severity", "priority", "skill", "level"),
    *("duration_h", "crew_size", "parts", "window_start", "window_end", "due_at", "may_pause"),
    *("pinned_engineer", "pinned_start", "status", "time_zone"),
)
ROWS = 9
Table = list[dict[str, Any]]

ENGINEERS = Source(
    "engineers.csv",
    b"id,name,city,lat,lon,skills,shift_start,shift_end,cost_per_hour\n"
    b"e1,Ann,kuala-lumpur,3.13,101.68,video:senior;sensing,08:00,17:00,12\n"
    b"e2,Bob,kuala-lumpur,3.05,101.60,video:senior;network:senior,08:00,17:00,12\n",
)


@dataclass(frozen=True)
class Broken:
    """A file that must be refused.

    Parameters
    ----------
    source
        The file.
    rows
        Rows that must be named, as the file counts them; none where the file as a whole is broken.
    columns
        Column that must be named for each of these rows.
    """

    source: Source
    rows: frozenset[int]
    columns: frozenset[tuple[int, str]]


def good_table() -> Table:
    """Return orders without a fault, as cells."""
    rows = []
    for i in range(ROWS):
        row: dict[str, Any] = dict.fromkeys(COLUMNS, "")
        row |= {
            "id": f"o{i}",
            "customer_tier": ("strategic", "key", "ordinary")[i % 3],
            "city": ("Kuala Lumpur", "kuala-lumpur", "吉隆坡")[i % 3],
            "reported_at": ("2026-03-02 07:10", "2026-03-02T06:10+08:00", "2026/3/2 6:10")[i % 3],
            "severity": ("normal", "major", "轻微")[i % 3],
            "skill": "video",
            "level": "junior",
            "duration_h": ("1.5", "2", "0.75")[i % 3],
            "crew_size": "1",
            "status": "new",
        }
        if i % 2:
            row |= {"lat": f"{3.1 + i / 100:.3f}", "lon": "101.65"}
        rows.append(row)
    return rows


#: What may stand in one cell and must not.
CELLS: dict[str, tuple[str, ...]] = {
    "id": ("", "o\x07", "x" * 3000),
    "customer_tier": ("platinum", "stratgic"),
    "city": ("Kuala Lumpor", "Atlantis"),
    "lat": ("95", "north", "-91"),
    "lon": ("181", "1O1.6"),
    "reported_at": (
        *("", "2/3/2026", "2026-13-01 08:00", "2026-02-30 08:00", "yesterday", "2026-03-02", "46083.35"),
        *("2026-03-02 25:00", "1826-03-02 08:00", "2026-03-02T08:00+99:00"),
    ),
    "severity": ("sever", "5"),
    "priority": ("0", "first", "1.5"),
    "skill": ("vdieo",),
    "level": ("boss", "5"),
    "duration_h": ("-1", "0", "1e-300", "abc", "nan", "inf", "1e9", "", "1,5", "2h"),
    "crew_size": ("0", "1.5", "9", "two"),
    "parts": ("camera:x", "camera:-1", "camera:1;camera:2", "camera:99999"),
    "window_start": ("noon",),
    "due_at": ("tomorrow", "2026-03-02T08:00+8"),
    "may_pause": ("perhaps",),
    "pinned_engineer": ("e99", "Anne"),
    "pinned_start": ("8 o'clock",),
    "status": ("gone",),
    "time_zone": ("Asia/Kuala_Lumpr", "+08", "MYT", "Mars/Base"),
}


def _cell(column: str) -> Callable[[random.Random, Table, int], str]:
    def spoil(rng: random.Random, table: Table, at: int) -> str:
        table[at][column] = rng.choice(CELLS[column])
        if column == "city":
            table[at] |= {"lat": "", "lon": ""}
        if column in ("lat", "lon"):
            other = "lon" if column == "lat" else "lat"
            table[at][other] = table[at][other] or ("101.6" if other == "lon" else "3.1")
        return column

    return spoil


def _window(_rng: random.Random, table: Table, at: int) -> str:
    table[at] |= {"window_start": "2026-03-02 12:00", "window_end": "2026-03-02 11:00"}
    return "window_end"


def _pin_outside(_rng: random.Random, table: Table, at: int) -> str:
    table[at] |= {"window_end": "2026-03-02 11:00", "pinned_start": "2026-03-02 12:00"}
    return "pinned_start"


def _half_position(_rng: random.Random, table: Table, at: int) -> str:
    table[at] |= {"lat": "3.1", "lon": ""}
    return "lon"


def _nobody_under_way(_rng: random.Random, table: Table, at: int) -> str:
    table[at] |= {"status": "departed", "pinned_engineer": ""}
    return "pinned_engineer"


def _nowhere(_rng: random.Random, table: Table, at: int) -> str:
    table[at] |= {"city": "", "lat": "", "lon": ""}
    return "lat"


def _no_zone(_rng: random.Random, table: Table, at: int) -> str:
    table[at] |= {"city": "", "lat": "3.1", "lon": "101.6", "time_zone": "", "due_at": "2026-03-02 10:00"}
    return "time_zone"


def _twice(_rng: random.Random, table: Table, at: int) -> str:
    table[at]["id"] = table[at - 1 if at else at + 1]["id"]
    return "id"


SPOILERS = (
    *(_cell(column) for column in CELLS),
    *(_window, _pin_outside, _half_position, _nobody_under_way, _nowhere, _no_zone),
)


def as_csv_bytes(table: Table, encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    """Return a table as CSV."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(list(table[0]))
    writer.writerows([list(row.values()) for row in table])
    return target.getvalue().encode(encoding)


def as_json_bytes(table: Table) -> bytes:
    """Return a table as JSON."""
    return json.dumps({"orders": table}, ensure_ascii=False).encode()


def as_xlsx_bytes(table: Table, spoil: Callable[[Any], None] | None = None) -> bytes:
    """Return a table as a workbook, its sheet spoilt by a function."""
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet.append(list(table[0]))
    for row in table:
        sheet.append([value if value != "o\x07" else "" for value in row.values()])
    if spoil is not None:
        spoil(sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def broken_rows(seed: int) -> Broken:
    """Return a file with one to three broken rows."""
    rng = random.Random(seed)
    table = good_table()
    spoilt = {at: rng.choice(SPOILERS)(rng, table, at) for at in rng.sample(range(ROWS), rng.randint(1, 3))}
    if rng.random() < 0.1:
        free = [at for at in range(1, ROWS) if at not in spoilt and at - 1 not in spoilt]
        spoilt |= {at: _twice(rng, table, at) for at in free[:1]}
    form = rng.choices(("csv", "tsv", "json", "xlsx"), (6, 1, 3, 2))[0]
    first = 1 if form == "json" else 2
    content = {
        "csv": lambda: as_csv_bytes(table, rng.choice(("utf-8", "utf-8-sig", "gb18030")), rng.choice(",;")),
        "tsv": lambda: as_csv_bytes(table, delimiter="\t"),
        "json": lambda: as_json_bytes(table),
        "xlsx": lambda: as_xlsx_bytes(table),
    }[form]()
    numbered = {(at + first, column) for at, column in spoilt.items()}
    return Broken(Source(f"orders.{form}", content), frozenset(n for n, _ in numbered), frozenset(numbered))


def _without(column: str) -> bytes:
    return as_csv_bytes([{k: v for k, v in row.items() if k != column} for row in good_table()])


def _formula(sheet: Any) -> None:
    sheet["K3"] = "=1+1"


def _merged(sheet: Any) -> None:
    sheet.merge_cells("A4:A5")


def _plain() -> bytes:
    return as_csv_bytes(good_table(), "utf-8")


#: Files that are broken as a whole or in their structure: name, bytes, row that must be named (None: no row).
STRUCTURES: tuple[tuple[str, Callable[[], bytes], int | None], ...] = (
    ("orders.csv", lambda: _without("id"), 1),
    ("orders.csv", lambda: _without("reported_at"), 1),
    ("orders.csv", lambda: _without("duration_h"), 1),
    ("orders.csv", lambda: _plain().replace(b"status", b"severity", 1), 1),
    ("orders.csv", lambda: _plain().replace(b"\r\no3,", b"\r\no3,one,two,", 1), 5),
    ("orders.csv", lambda: _plain().replace(b"\r\no3,", b"\r\no3\r\nx,", 1), 5),
    ("orders.csv", lambda: _plain().replace(b"\r\no4,", b'\r\n"o4,', 1), 6),
    ("orders.csv", lambda: _plain().replace(b"o2,", b"\xff\xfe\xfa,", 1), 4),
    ("orders.csv", lambda: _plain().replace(b"o2", b"o\x002", 1), None),
    ("orders.csv", lambda: b"", None),
    ("orders.csv", lambda: b"\r\n \r\n", None),
    ("orders.csv", lambda: _plain().split(b"\r\n")[0], None),
    ("orders.pdf", _plain, None),
    ("orders.json", lambda: b'{"orders": [', 1),
    ("orders.json", lambda: b'{"tickets": []}', None),
    ("orders.json", lambda: b'[{"id": NaN}]', None),
    ("orders.json", lambda: b"[" * 100_000, None),
    ("orders.json", lambda: json.dumps([*good_table(), 7]).encode(), ROWS + 1),
    ("orders.xlsx", lambda: b"PK\x03\x04 nothing", None),
    ("orders.xlsx", lambda: as_xlsx_bytes(good_table())[:2000], None),
    ("orders.xlsx", lambda: as_xlsx_bytes(good_table(), _formula), 3),
    ("orders.xlsx", lambda: as_xlsx_bytes(good_table(), _merged), 4),
)
