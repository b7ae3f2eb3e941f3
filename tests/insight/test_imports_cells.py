"""Cells and files of any content are read or refused in words, and never fail in another way."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from insight.imports.cells import Unreadable, is_empty, read
from insight.imports.columns import ENGINEERS, KINDS, ORDERS, TABLES, Column
from insight.imports.faults import one_of
from insight.imports.headings import folded, parse_mapping
from insight.imports.reading import Source, read_table
from insight.spreadsheets import Sheet, as_csv, neutral, workbook_of

COLUMNS = [column for table in TABLES.values() for column in table.columns]
CELLS = st.one_of(
    st.text(max_size=30),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3),
    st.text("0123456789:-/TZ+ .年月日", max_size=25),
)


@given(st.sampled_from(COLUMNS), CELLS)
def test_any_cell_is_read_or_refused_in_words(column: Column, cell: Any) -> None:
    """Whatever stands in a cell, it becomes a value, or what was found and what is allowed are told."""
    if is_empty(cell):
        return
    try:
        value = read(column, cell)
    except Unreadable as wrong:
        assert wrong.found and wrong.allowed
    else:
        assert value is not None


@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.json", "a.xlsx", "a.txt", "a"]))
def test_any_file_is_read_or_refused(content: bytes, name: str) -> None:
    """Whatever bytes a file holds, there are rows or faults; arbitrary bytes are no orders."""
    found = read_table(Source(name, content), ORDERS)
    assert found.faults and not found.rows


@given(st.lists(st.dictionaries(st.sampled_from(list(ORDERS.by_name)), CELLS, max_size=4), max_size=3))
def test_any_json_of_the_right_shape_is_read_or_refused(rows: list[dict[str, Any]]) -> None:
    """Objects with any values give rows or faults, one or the other for each that is not empty."""
    try:
        content = json.dumps(rows, default=str).encode()
    except ValueError:
        return
    found = read_table(Source("orders.json", content), ORDERS)
    assert found.faults or len(found.rows) == sum(any(not is_empty(v) for v in row.values()) for row in rows)


def test_every_kind_has_a_column_and_a_reader() -> None:
    """The kinds of the columns are those that there are readers of."""
    assert {column.kind for column in COLUMNS} == set(KINDS)
    for kind in KINDS:
        with pytest.raises(Unreadable):
            read(Column("x", kind), "\x00")


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("instant", "2026-03-02 08:30", datetime(2026, 3, 2, 8, 30)),
        ("instant", "2026/3/2 8:05:09", datetime(2026, 3, 2, 8, 5, 9)),
        ("instant", "2026年3月2日 8:05", datetime(2026, 3, 2, 8, 5)),
        ("instant", "2026-03-02t08:30z", datetime(2026, 3, 2, 8, 30, tzinfo=UTC)),
        ("instant", "2026-03-02 08:30:00.25+0530", datetime(2026, 3, 2, 3, 0, 0, 250_000, tzinfo=UTC)),
        ("instant", datetime(2026, 3, 2, 8, 30), datetime(2026, 3, 2, 8, 30)),
        ("clock", "8:30", "08:30"),
        ("clock", time(17, 0), "17:00"),
        ("clock", "24:00", "24:00"),
        ("days", "1-5", (1, 2, 3, 4, 5)),
        ("days", "sat-mon", (1, 6, 7)),
        ("days", "周一、周三；星期日", (1, 3, 7)),
        ("names", "ms; en，zh|ms", ("ms", "en", "zh")),
        ("counts", "camera:2; sensor", {"camera": 2, "sensor": 1}),
        ("counts", {"camera": 2}, {"camera": 2}),
        ("levels", "video:Senior;network：高级", {"video": 3, "network": 3}),
        ("yes", "是", True),
        ("number", "１．５", 1.5),
        ("whole", 3.0, 3),
        ("text", 7.0, "7"),
        ("text", "'=1+1", "=1+1"),
        ("zone", "Asia/Bangkok", "Asia/Bangkok"),
    ],
)
def test_cells_as_people_write_them(kind: str, cell: Any, value: Any) -> None:
    """Common ways to write a value are read as what they mean."""
    assert read(Column("x", kind), cell) == value


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("instant", "2/3/2026 08:00"),
        ("instant", "2026-03-02"),
        ("instant", date(2026, 3, 2)),
        ("instant", 46083.35),
        ("instant", "2026-02-29 08:00"),
        ("clock", "24:30"),
        ("clock", 8.5),
        ("days", "every day"),
        ("counts", "camera:0"),
        ("levels", "video:5"),
        ("number", True),
        ("number", timedelta(hours=1)),
        ("whole", 1.5),
        ("zone", "MYT"),
        ("zone", "../../etc/passwd"),
    ],
)
def test_cells_that_may_mean_several_things_are_refused(kind: str, cell: Any) -> None:
    """Nothing is guessed: a date in another order, a number for a time, a zone by its letters."""
    with pytest.raises(Unreadable):
        read(Column("x", kind), cell)


def test_headings_are_compared_without_case_gaps_and_units() -> None:
    """A heading means the same in capitals, with spaces, and with a unit in brackets of any width."""
    same = ["duration_h", "Duration h", "DURATION-H (hours)", "duration_h［小时］", "Duration.H（小时）"]
    assert len({folded(heading) for heading in same}) == 1
    assert folded("(id)") != ""


def test_a_mapping_may_have_equals_signs_in_its_heading() -> None:
    """The last equals sign divides; without a heading or a column there is no mapping."""
    assert parse_mapping(["a=b = id"]) == {"a=b": "id"}
    for text in ("id", "=id", "a="):
        with pytest.raises(ValueError, match="HEADING=COLUMN"):
            parse_mapping([text])


def test_what_may_have_been_meant_is_offered() -> None:
    """The closest of the names is offered whatever its case, and nothing where none is close."""
    assert "did you mean Penang?" in one_of(["Penang", "Medan"], "penagn")
    assert "did you mean" not in one_of(["Penang", "Medan"], "xyz")


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("severity", "严重级", "did you mean 严重?"),
        ("status", "完成", "finished (已完成)"),
        ("work_type", "检修", "corrective (故障维修、维修)"),
        ("level", "主任", "senior (高级)"),
        ("skills", "video:主任", "senior (高级)"),
        ("may_pause", "也许", "是"),
        ("weekdays", "每天", "周一"),
    ],
)
def test_words_in_chinese_are_among_what_is_allowed(column: str, cell: str, told: str) -> None:
    """Whoever writes a Chinese word that is none is told those there are, and each of them is read."""
    table = ENGINEERS if column in ("skills", "weekdays") else ORDERS
    with pytest.raises(Unreadable) as caught:
        read(table.by_name[column], cell)
    assert told in caught.value.allowed, caught.value.allowed
    for word in re.findall(r"[\u4e00-\u9fff/]+", caught.value.allowed):
        assert read(table.by_name[column], f"video:{word}" if column == "skills" else word) is not None


@example("\r0")
@example(" =1")
@given(st.text(max_size=20))
def test_texts_are_no_formulas_in_files_and_read_back(text: str) -> None:
    """A text that goes out through a spreadsheet is no formula there, and an id comes back as it was."""
    shown = neutral(text)
    assert isinstance(shown, str) and not shown.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    column = Column("id", "text")
    try:
        expected = read(column, text) if not is_empty(text) else None
    except Unreadable:
        return
    if expected is not None and not text.strip().startswith("'"):
        assert read(column, shown) == expected


def test_equal_sheets_give_equal_workbooks_at_an_instant() -> None:
    """A workbook that is made at a stated instant has the same bytes whenever that is done."""
    sheet = Sheet("a", (), ("h",), ((1,), ("=x",)))
    at = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    assert workbook_of([sheet], at) == workbook_of([sheet], at)
    assert as_csv(sheet).splitlines()[2] == b"'=x"
