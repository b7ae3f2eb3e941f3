"""`banyan dispatch` with broken files, from a shell: refused, each bad row named, and nothing written.

Each case is another breakage; what a reader makes of thousands of broken files is held in the tests of a day.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from broken_order_files import ENGINEERS, Table, as_csv_bytes, as_json_bytes, as_xlsx_bytes, good_table
from command_line import finish, start, written

from insight.imports.columns import TABLES

NOW = ("--now", "2026-03-02T08:30+08:00")
#: What must not be there afterwards.
OUTPUTS = ("--out", "plan.csv", "--ics", "ics", "--geojson", "map.json")


@dataclass(frozen=True)
class Case:
    """Files of which something is broken.

    Parameters
    ----------
    files
        Content by name, which says what a file holds; orders and engineers have no fault where absent.
    told
        How each line of the message begins, in its order: file, row, column, found, allowed.
    """

    files: Mapping[str, bytes]
    told: tuple[str, ...]


def case(files: Mapping[str, bytes], *told: str) -> Case:
    """Return a case from its files and lines."""
    return Case(files, told)


def orders(*cells: tuple[int, str, str]) -> Table:
    """Return good orders, of which some have something else in a cell: number of the order, column, text."""
    table = good_table()
    for number, column, text in cells:
        table[number][column] = text
    return table


def chinese(table: Table) -> Table:
    """Return orders under Chinese headings."""
    names = {column.name: column.chinese[0] for column in TABLES["orders"].columns}
    return [{names[column]: text for column, text in row.items()} for row in table]


def lines(*rows: str) -> bytes:
    """Return a file of lines."""
    return "\n".join((*rows, "")).encode()


def csv(*cells: tuple[int, str, str]) -> dict[str, bytes]:
    """Return orders as CSV, good ones but for some cells."""
    return {"orders.csv": as_csv_bytes(orders(*cells), "utf-8")}


def spoilt(old: bytes, new: bytes) -> dict[str, bytes]:
    """Return good orders as CSV in which some bytes are others."""
    return {"orders.csv": csv()["orders.csv"].replace(old, new, 1)}


def _merged(sheet: Any) -> None:
    sheet.merge_cells("A4:A5")


def _behind_another(sheet: Any) -> None:
    sheet.parent.create_sheet("Notes", 0).append(["Orders are on the next sheet"])


ROWS_OF_ORDERS = {
    "an unknown skill": case(
        csv((2, "skill", "vdieo")),
        "orders.csv: row 4, column skill: found 'vdieo'; allowed: network, recovery, sensing, ",
    ),
    "an id twice": case(
        csv((5, "id", "o1")),
        "orders.csv: row 7, column id: found o1 again; allowed: every id once (row 3 has it)",
    ),
    "dates that are none": case(
        csv((0, "reported_at", "2026-02-30 08:00"), (4, "due_at", "tomorrow")),
        "orders.csv: row 2, column reported_at: found '2026-02-30 08:00'; allowed: a date and a time, as ",
        "orders.csv: row 6, column due_at: found 'tomorrow'; allowed: a date and a time, as ",
    ),
    "negative hours": case(
        csv((1, "duration_h", "-1")),
        "orders.csv: row 3, column duration_h: found '-1'; allowed: a number from 0.01 to 1000",
    ),
    "hours that are no number, and an unknown unit": case(
        csv((1, "duration_h", "nan"), (3, "duration_h", "1,5"), (8, "duration_h", "2h")),
        "orders.csv: row 3, column duration_h: found 'nan'; allowed: a number from 0.01 to 1000",
        "orders.csv: row 5, column duration_h: found '1,5'; allowed: a number from 0.01 to 1000",
        "orders.csv: row 10, column duration_h: found '2h'; allowed: a number from 0.01 to 1000",
    ),
    "the latest before the earliest": case(
        csv((6, "window_start", "2026-03-02 12:00"), (6, "window_end", "2026-03-02 11:00")),
        "orders.csv: row 8, column window_end: found '2026-03-02 11:00:00'; allowed: a time not before ",
    ),
    "an unknown status": case(
        csv((7, "status", "gone")),
        "orders.csv: row 9, column status: found 'gone'; allowed: new (新建、待派、待派单), planned ",
    ),
    "an unknown city": case(
        csv((0, "city", "Atlantis")),
        "orders.csv: row 2, column city: found 'Atlantis'; allowed: penang (槟城、乔治市), kuala-lumpur ",
    ),
    "half a position": case(
        csv((1, "lon", "")),
        "orders.csv: row 3, column lon: found nothing; allowed: lat and lon, or neither",
    ),
    "an unknown time zone, in JSON": case(
        {"orders.json": as_json_bytes(orders((0, "time_zone", "Mars/Base"), (8, "priority", "0")))},
        "orders.json: row 1, column time_zone: found 'Mars/Base'; allowed: an IANA name, ",
        "orders.json: row 9, column priority: found '0'; allowed: a number from 1 to 99",
    ),
    "parts that cannot be counted, in XLSX": case(
        {"orders.xlsx": as_xlsx_bytes(orders((4, "parts", "camera:-1")))},
        "orders.xlsx: sheet Sheet: row 6, column parts: found 'camera:-1'; allowed: part:count, separated ",
    ),
    "an unknown severity under Chinese headings": case(
        {"orders.csv": as_csv_bytes(chinese(orders((3, "severity", "很急"))), "gb18030")},
        "orders.csv: row 5, column 故障级别: found '很急'; allowed: minor (轻微), normal (一般), major ",
    ),
}
WHOLE_FILES = {
    "a heading that is misspelt": case(
        spoilt(b"duration_h", b"durations_h"),
        "orders.csv: row 1, column duration_h: found no such column; allowed: a column duration_h (is "
        "durations_h meant? ",
    ),
    "a cell too many": case(
        spoilt(b"\r\no3,", b"\r\no3,one,two,"),
        "orders.csv: row 5: found 23 cells; allowed: 21 cells, as the headings",
    ),
    "another encoding in one row": case(
        spoilt(b"o2,", b"\xff\xfe\xfa,"),
        "orders.csv: row 4: found bytes that are no text in UTF-8 or GB 18030; allowed: a text in one of ",
    ),
    "an empty file": case({"orders.csv": b""}, "orders.csv: found an empty file; allowed: headings and rows"),
    "another kind of file": case(
        {"orders.pdf": csv()["orders.csv"]},
        "orders.pdf: found a file that ends in '.pdf'; allowed: .csv, .tsv, .txt, .xlsx, .json",
    ),
    "JSON that is cut off": case(
        {"orders.json": b'{"orders": [\n{"id": "o1"},'},
        "orders.json: row 2: found no JSON: Expecting value, column 14; allowed: a list of objects, or ",
    ),
    "a workbook that is no archive": case(
        {"orders.xlsx": b"PK\x03\x04 nothing"},
        "orders.xlsx: found no workbook that can be read; allowed: an XLSX file",
    ),
    "a workbook that begins with another sheet": case(
        {"orders.xlsx": as_xlsx_bytes(good_table(), _behind_another)},
        "orders.xlsx: sheet Notes: row 1, column id: found no such column; allowed: a column id; ",
        "orders.xlsx: sheet Notes: row 1, column reported_at: found no such column; allowed: a column ",
        "orders.xlsx: sheet Notes: row 1, column duration_h: found no such column; allowed: a column ",
    ),
    "merged cells": case(
        {"orders.xlsx": as_xlsx_bytes(good_table(), _merged)},
        "orders.xlsx: sheet Sheet: row 4: found merged cells A4:A5; allowed: one cell for each value",
        "orders.xlsx: sheet Sheet: row 5, column id: found nothing; allowed: a value in every row",
    ),
}
OTHER_FILES = {
    "levels, shifts and costs of engineers": case(
        {
            "engineers.csv": lines(
                "id,city,skills,shift_start,shift_end,cost_per_hour",
                "e1,kuala-lumpur,video:boss,08:00,17:00,12",
                "e2,kuala-lumpur,video:senior,8h,17:00,12",
                "e3,kuala-lumpur,video:senior,08:00,17:00,-12",
                "e4,kuala-lumpur,video:senior,08:00,17:00,12",
            )
        },
        "engineers.csv: row 2, column skills: found 'video:boss'; allowed: skill:level, separated by ; ",
        "engineers.csv: row 3, column shift_start: found '8h'; allowed: a time of the day, as 08:30",
        "engineers.csv: row 4, column cost_per_hour: found '-12'; allowed: a number from 0 to 1e+06",
    ),
    "sites twice and nowhere": case(
        {"sites.csv": lines("id,lat,lon", "s1,3.1,101.6", "s2,95,101.6", "s1,3.2,101.6")},
        "sites.csv: row 3, column lat: found '95'; allowed: a number from -90 to 90",
        "sites.csv: row 4, column id: found s1 again; allowed: every id once (row 2 has it)",
    ),
    "ways twice and too short": case(
        {"travel.csv": lines("from,to,hours", "e1,o1,0.5", "e1,o2,-1", "e1,o1,0.75")},
        "travel.csv: row 3, column hours: found '-1'; allowed: a number from 0 to 1000",
        "travel.csv: row 4, column to: found this way again; allowed: every way once (row 2 has it)",
    ),
    "two files at once": case(
        {
            **csv((2, "level", "boss"), (8, "may_pause", "perhaps")),
            "engineers.json": b'[{"id": "e1", "city": "Atlantis", "skills": "video"}]',
        },
        "orders.csv: row 4, column level: found 'boss'; allowed: junior (初级), intermediate ",
        "orders.csv: row 10, column may_pause: found 'perhaps'; allowed: yes (是) or no (否)",
        "engineers.json: row 1, column city: found 'Atlantis'; allowed: penang (槟城、乔治市), ",
    ),
}


def complaint(folder: Path, broken: Case) -> str:
    """Plan files of a case in a process of its own; return what is not as it must be, nothing if all is."""
    folder.mkdir()
    files = {"orders.csv": csv()["orders.csv"], ENGINEERS.name: ENGINEERS.content}
    for name, content in broken.files.items():
        files = {other: files[other] for other in files if Path(other).stem != Path(name).stem}
        files[name] = content
    for name, content in files.items():
        (folder / name).write_bytes(content)
    words = [word for name in files for word in (f"--{Path(name).stem}", name)]
    code, out, err = finish(start(folder, "dispatch", *words, *NOW, *OUTPUTS))
    told = [line.removeprefix("banyan: ").strip() for line in err.splitlines()]
    as_expected = len(told) == len(broken.told) and all(map(str.startswith, told, broken.told))
    if (code, out) != (2, "") or not err.startswith("banyan: ") or not as_expected:
        return f"exit code {code}, {out!r}, and\n{err}where a line each should begin with {broken.told}"
    left = written(folder)
    as_before = left == sorted(files) and all((folder / n).read_bytes() == files[n] for n in files)
    return "" if as_before else f"the folder holds {left}"


@pytest.mark.parametrize(
    "cases", [ROWS_OF_ORDERS, WHOLE_FILES, OTHER_FILES], ids=["rows of orders", "whole files", "other files"]
)
def test_broken_files_are_refused_from_a_shell(tmp_path: Path, cases: dict[str, Case]) -> None:
    """Exit code 2, a line for each fault with row and column, none of good rows, and no file is new."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda name: complaint(tmp_path / name, cases[name]), cases)
        wrong = {name: text for name, text in zip(cases, found, strict=True) if text}
    assert not wrong, "\n\n".join(f"{name}: {text}" for name, text in wrong.items())
