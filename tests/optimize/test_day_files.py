"""Files of orders and engineers become a day, or are refused with every bad row named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from broken_order_files import (
    COLUMNS,
    ENGINEERS,
    ROWS,
    STRUCTURES,
    as_csv_bytes,
    as_json_bytes,
    as_xlsx_bytes,
    broken_rows,
    good_table,
)
from broken_other_files import broken_files
from day_files import NOW, read, refused

from insight.imports.columns import ORDERS, TABLES
from insight.imports.faults import RefusedFile
from insight.imports.reading import Source
from insight.imports.templates import NAMES, template_as
from optimize.day.model import Day


def test_five_hundred_broken_files_name_every_bad_row_and_no_other() -> None:
    """Each of 480 files with broken cells is refused by exactly its bad rows, each with its bad column."""
    for seed in range(480):
        broken = broken_rows(seed)
        error = refused(broken.source)
        assert {fault.row for fault in error.faults} == broken.rows, (seed, str(error))
        named = {(fault.row, fault.column) for fault in error.faults}
        assert broken.columns <= named, (seed, str(error), broken.columns)
        for fault in error.faults:
            assert str(fault).startswith(f"{broken.source.name}: ")
            assert fault.found and fault.allowed, seed


def test_broken_files_of_engineers_sites_and_travel_name_every_bad_row_and_no_other() -> None:
    """Of 210 such files exactly the bad rows are named; orders that refer to them have no fault of theirs."""
    for seed in range(210):
        broken = broken_files(seed)
        others = {name: source for name, source in broken.files.items() if name != "orders"}
        error = refused(broken.files["orders"], **others)
        assert {(fault.file, fault.row) for fault in error.faults} == broken.rows, (seed, str(error))
        named = {(fault.row, fault.column) for fault in error.faults}
        assert broken.columns <= named, (seed, str(error), broken.columns)


def test_everything_wrong_with_a_row_is_told_at_once_by_file_and_row() -> None:
    """Cells that cannot be read hide neither slips in other cells nor an id that is there twice."""
    head = "id,city,lat,lon,reported_at,skill,duration_h,pinned_engineer,window_start,window_end\n"
    orders = head + (
        "o1,kuala-lumpur,3.1,101.6,2/3/2026,vidoe,-1,Nobody,2026-03-02 12:00,2026-03-02 11:00\n"
        "o2,kuala-lumpur,3.1,101.6,2026-03-02 07:00,video,1,Nobody,,\n"
        "o2,bangkok,3.1,101.6,2026-03-02 07:00,video,0,,,\n"
    )
    staff = ENGINEERS.content.replace(b"e1,Ann,kuala-lumpur,3.13", b"e1,Ann,kuala-lumpr,3.13,").replace(
        b"3.13,,101.68,video:senior;sensing,08:00,17:00", b"3.13,,video:senior;sensing,8h,17:00"
    )
    sites = Source("s.csv", b"id,city,lat,lon\nhall,bangkok,95,100.5\nhall,bankok,,\n")
    found = refused(Source("o.csv", orders.encode()), engineers=Source("e.csv", staff), sites=sites).faults
    assert [(fault.file, fault.row, fault.column) for fault in found] == [
        *(("o.csv", 2, c) for c in ("reported_at", "skill", "duration_h", "pinned_engineer", "window_end")),
        *(("o.csv", 3, "pinned_engineer"), ("o.csv", 4, "id"), ("o.csv", 4, "city")),
        *(("o.csv", 4, "duration_h"), ("e.csv", 2, "city"), ("e.csv", 2, "lon"), ("e.csv", 2, "shift_start")),
        *(("s.csv", 2, "id"), ("s.csv", 2, "lat"), ("s.csv", 3, "city")),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"lat": "north", "city": ""},
        {"lat": "north", "city": "Elsewhere", "time_zone": "Asia/Bangkok"},
        {"lat": "", "lon": "", "city": "o\x07"},
        {"lat": "", "lon": "", "city": "", "site": "o\x07"},
        {"lat": "north", "city": "", "site": "annexe", "time_zone": "Asia/Bangkok"},
        {"city": "", "time_zone": "MYT"},
        {"status": "arrived", "pinned_engineer": "e\x07"},
        {"id": "", "status": "new"},
        {"reported_at": "soon", "due_at": "2026-03-02 01:00"},
        {"window_start": "noon", "window_end": "2026-03-02 01:00", "pinned_start": ""},
    ],
)
def test_what_follows_from_a_fault_is_no_fault(changes: dict[str, str]) -> None:
    """One cell that cannot be read is one fault, whatever depends on it."""
    table = [row | {"site": ""} for row in good_table()]
    table[1] |= changes
    found = refused(Source("o.csv", as_csv_bytes(table))).faults
    assert len(found) == 1, [str(fault) for fault in found]


@pytest.mark.parametrize("number", range(len(STRUCTURES)))
def test_files_of_broken_structure_are_refused(number: int) -> None:
    """A file that cannot be taken apart is refused, by the row where that is known."""
    name, content, row = STRUCTURES[number]
    error = refused(Source(name, content()))
    assert error.faults[0].row == row, str(error)


def test_bad_rows_are_left_out_only_on_request_and_named_then() -> None:
    """With skipping, the day has all orders but the bad ones, and their faults are told."""
    skipped = 0
    for seed in range(40):
        broken = broken_rows(seed)
        reading = read(broken.source, skip_bad_rows=True)
        assert {fault.row for fault in reading.skipped} == broken.rows
        assert len(reading.day.orders) == ROWS - len(broken.rows)
        skipped += len(broken.rows)
    assert skipped > 40


def test_a_file_without_its_columns_is_refused_even_if_rows_may_be_skipped() -> None:
    """What is wrong with a file as a whole cannot be skipped."""
    for name, content, _ in (STRUCTURES[0], STRUCTURES[9], STRUCTURES[18]):
        assert refused(Source(name, content()), skip_bad_rows=True).faults[0].whole


def test_every_format_encoding_and_delimiter_gives_the_same_day() -> None:
    """The same table is the same day from CSV in three encodings and delimiters, XLSX and JSON."""
    table = good_table()
    expected = read(Source("orders.csv", as_csv_bytes(table))).day
    assert len(expected.orders) == ROWS
    for source in (
        Source("orders.csv", as_csv_bytes(table, "utf-8", ";")),
        Source("orders.csv", as_csv_bytes(table, "gb18030")),
        Source("orders.csv", as_csv_bytes(table, "utf-16")),
        Source("orders.tsv", as_csv_bytes(table, "utf-8", "\t")),
        Source("orders.json", as_json_bytes(table)),
        Source("orders.json", json.dumps(table).encode()),
        Source("orders.xlsx", as_xlsx_bytes(table)),
    ):
        assert read(source).day == expected, source.name


def test_chinese_headings_and_every_other_heading_mean_what_the_names_mean() -> None:
    """A table with any accepted heading of each column, units added, is the same day as with the names."""
    table = good_table()
    expected = read(Source("orders.csv", as_csv_bytes(table))).day
    most = max(len((*c.chinese, *c.english)) for c in ORDERS.columns)
    for pick in range(most):
        heads = {}
        for name in COLUMNS:
            column = ORDERS.by_name[name]
            words = (*column.chinese, *(word.upper() for word in column.english))
            heads[name] = f"{words[min(pick, len(words) - 1)]}（{column.unit_chinese or '-'}）"
        renamed = [{heads[name]: value for name, value in row.items()} for row in table]
        assert read(Source("orders.csv", as_csv_bytes(renamed))).day == expected, heads


def test_no_heading_means_two_columns_of_a_table() -> None:
    """Within a table every accepted heading belongs to one column."""
    from insight.imports.headings import folded

    for table in TABLES.values():
        owners: dict[str, str] = {}
        for column in table.columns:
            for word in {folded(word) for word in (column.name, *column.english, *column.chinese)}:
                assert owners.setdefault(word, column.name) == column.name, (table.name, word)


def test_templates_are_read_back_without_their_example() -> None:
    """Every template, in both languages and formats, has only headings that are understood and no order."""
    for language in ("en", "zh"):
        for ending in (".csv", ".xlsx"):
            for name in ("orders", "history"):
                error = refused(Source(f"o{ending}", template_as(ending, name, language)))
                found = [str(fault.found) for fault in error.faults]
                assert found == ["no rows but the template's example, which is left out"], (name, language)
    bare = refused(Source("o.csv", b"id,city,reported_at,duration_h\n"))
    assert [str(fault.found) for fault in bare.faults] == ["no rows"]
    assert set(NAMES) == set(TABLES) - {"plan"}


def test_templates_of_workbooks_hold_numbers_and_dates() -> None:
    """The example row has the values of the CSV, numbers as numbers with all digits and instants as dates."""
    import csv
    import io

    from openpyxl import load_workbook

    for name in NAMES:
        page: Any = load_workbook(io.BytesIO(template_as(".xlsx", name))).active
        texts = list(csv.reader(io.StringIO(template_as(".csv", name).decode("utf-8-sig"))))[1]
        for column, cell, text in zip(TABLES[name].columns, page[2], texts, strict=True):
            kind = {"number": int | float, "whole": int, "instant": datetime}.get(column.kind, str)
            assert (cell.value is None and not text) or isinstance(cell.value, kind), (name, column.name)
            if column.kind == "number" and text:
                assert (cell.value, cell.number_format) == (float(text), "General")
            if column.kind == "instant" and text:
                assert f"{cell.value:%Y-%m-%d %H:%M}" == text


def test_a_template_that_is_filled_in_is_a_day() -> None:
    """Rows below the example are read, the example is left out and told."""
    for language, example in (("en", "EXAMPLE"), ("zh", "示例")):

        def filled(name: str, own: str, *changes: tuple[str, str]) -> Source:
            lines = template_as(".csv", name, language).decode("utf-8-sig").splitlines()  # noqa: B023
            row = lines[1].replace(example, own)  # noqa: B023
            for before, after in changes:
                row = row.replace(before, after)
            return Source(f"{name}.csv", "\r\n".join([*lines, row]).encode())

        reading = read(filled("orders", "o1"), filled("engineers", "e1"))
        assert [order.id for order in reading.day.orders] == ["o1"]
        assert reading.day.engineers[0].skills == {"video": 3, "network": 1}
        assert sum("example" in note for note in reading.notes) == 2


def test_a_mapping_names_columns_of_any_heading() -> None:
    """A heading that nobody knows is read as the column it is mapped to; one that no file has is refused."""
    table = [{("Arbeit" if k == "duration_h" else k): v for k, v in row.items()} for row in good_table()]
    content = Source("orders.csv", as_csv_bytes(table))
    assert "duration_h" in str(refused(content))
    expected = read(Source("orders.csv", as_csv_bytes(good_table()))).day
    assert read(content, mapping={"Arbeit": "duration_h"}).day == expected
    assert "Werk" in str(refused(content, mapping={"Arbeit": "duration_h", "Werk": "skill"}))


def test_a_title_above_the_headings_is_recognised() -> None:
    """Where a title comes first, the row with the headings is named, and nothing else is said of the file."""

    def titled(sheet: Any) -> None:
        sheet.insert_rows(1, 2)
        sheet["A1"] = "Orders of today"
        sheet.merge_cells("A1:G1")

    sources = [
        (Source("o.xlsx", as_xlsx_bytes(good_table(), titled)), 3),
        (Source("o.csv", b"Orders of today\r\n" + as_csv_bytes(good_table(), "utf-8")), 2),
    ]
    for source, row in sources:
        (fault,) = refused(source).faults
        assert (fault.row, fault.found, fault.whole) == (1, "'Orders of today' in place of headings", True)
        assert f"row {row}" in fault.allowed and "--map" not in str(fault)
    plain = as_csv_bytes([{"a": "1", "b": "2"} for _ in range(3)])
    assert [fault.column for fault in refused(Source("o.csv", plain)).faults] == [
        *("id", "reported_at", "duration_h"),
    ]


def test_how_to_map_headings_is_said_once() -> None:
    """Where needed columns are missing and headings mean nothing, these are listed beside --map, once."""
    names = {"reported_at": "Called in", "duration_h": "Est. effort", "skill": "Trade"}
    table = [{names.get(name, name): value for name, value in row.items()} for row in good_table()]
    error = refused(Source("o.csv", as_csv_bytes(table)))
    assert [fault.column for fault in error.faults] == ["reported_at", "duration_h"]
    assert '--map "HEADING=reported_at"' in str(error.faults[0]) and str(error).count("--map") == 1
    assert "Called in, Trade, Est. effort" in str(error.faults[0])


def test_a_name_that_is_twice_in_an_object_is_refused() -> None:
    """Of two values under one name in JSON none is taken: the row and the name are told, at any depth."""
    table = good_table()
    text = json.dumps({"orders": table})
    again = text.replace('"level": "junior"', '"level": "junior", "duration_h": 3', 1)
    (fault,) = refused(Source("o.json", again.encode())).faults
    assert (fault.row, fault.column) == (1, "duration_h") and "twice" in fault.found
    inner = text.replace('"parts": ""', '"parts": {"camera": 1, "camera": 2}', 1)
    (fault,) = refused(Source("o.json", inner.encode())).faults
    assert (fault.row, fault.column) == (1, "parts")
    twice = text[:-1] + ', "orders": []}'
    (fault,) = refused(Source("o.json", twice.encode())).faults
    assert fault.whole and "orders" in fault.found


def test_times_without_a_zone_are_those_of_row_site_or_city() -> None:
    """A local time is in the row's zone, else in that of its site or city: worked out by hand."""
    orders = (
        b"id,city,site,time_zone,reported_at,duration_h\n"
        b"o1,jakarta,,,2026-03-02 07:00,1\no2,jakarta,,Asia/Jayapura,2026-03-02 07:00,1\n"
        b"o3,,hall,,2026-03-02 07:00,1\no4,manila,,,2026-03-02T07:00Z,1\n"
    )
    sites = Source("sites.csv", b"id,city,lat,lon\nhall,bangkok,13.75,100.5\n")
    day = read(Source("orders.csv", orders), sites=sites).day
    hours = [(order.reported_at - NOW) / timedelta(hours=1) for order in day.orders]
    assert hours == [0.0, -2.0, 0.0, 7.0]
    assert (day.order["o3"].lat, day.order["o3"].city) == (13.75, "bangkok")


def test_a_position_is_the_rows_the_sites_or_the_middle_of_the_city() -> None:
    """Positions come from the row first, then the site, then the city, and only the last is an assumption."""
    orders = (
        b"id,city,site,lat,lon,reported_at,duration_h\n"
        b"o1,kuala-lumpur,penang-mall,3.5,101.5,2026-03-02 07:00,1\n"
        b"o2,,penang-mall,,,2026-03-02 07:00,1\no3,penang,,,,2026-03-02 07:00,1\n"
    )
    reading = read(Source("orders.csv", orders))
    places = [(order.lat, order.lon) for order in reading.day.orders]
    assert places == [(3.5, 101.5), (5.443, 100.272), (5.41123, 100.33543)]
    assert any("(o3)" in note for note in reading.notes) and not any("o2" in note for note in reading.notes)


def test_a_workbook_gives_its_dates_and_the_sheet_that_is_called_for() -> None:
    """Date cells are local times, numbers are numbers, and the sheet of the table's name is taken."""
    import io

    from openpyxl import Workbook

    book = Workbook()
    book.create_sheet("Notes").append(["nothing here"])
    sheet = book.create_sheet("工单")
    sheet.append(["id", "city", "reported_at", "duration_h"])
    sheet.append([7, "kuala-lumpur", datetime(2026, 3, 2, 7, 30), 1.25])
    target = io.BytesIO()
    book.save(target)
    for name in ("", "工单"):
        (order,) = read(Source("orders.xlsx", target.getvalue(), name)).day.orders
        assert (order.id, order.duration_h) == ("7", 1.25)
        assert order.reported_at == datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert "Notes" in str(refused(Source("orders.xlsx", target.getvalue(), "工單")))


def test_a_date_without_a_time_is_refused_in_every_format() -> None:
    """A day alone says no hour, as a text or as a date of a workbook; a midnight that is shown does."""

    def dated(shown_as: str) -> Callable[[Any], None]:
        def spoil(sheet: Any) -> None:
            sheet["F3"].value, sheet["F3"].number_format = datetime(2026, 3, 2), shown_as

        return spoil

    table = good_table()
    for format_ in ("yyyy-mm-dd", "mm-dd-yy", "[$-409]d mmm yyyy;@"):
        (fault,) = refused(Source("o.xlsx", as_xlsx_bytes(table, dated(format_)))).faults
        assert (fault.row, fault.column, fault.found) == (3, "reported_at", "2026-03-02")
        assert "a date and a time" in fault.allowed
    day = read(Source("o.xlsx", as_xlsx_bytes(table, dated("yyyy-mm-dd hh:mm")))).day
    assert day.order["o1"].reported_at == NOW - timedelta(hours=8)


def test_ways_of_a_file_are_used_both_ways_and_must_be_of_the_day() -> None:
    """A way between places of the day is taken in; a file with none is refused, unless bad rows are why."""
    orders = Source("orders.csv", as_csv_bytes(good_table()))
    day: Day = read(orders, travel=Source("t.csv", b"from,to,hours,km\ne1,o1,0.7,12\nx,y,1,1\n")).day
    assert [(way.origin, way.destination, way.hours) for way in day.travel] == [("e1", "o1", 0.7)]
    assert refused(orders, travel=Source("t.csv", b"from,to,hours\nx,y,1\n")).faults[0].whole
    again = refused(orders, travel=Source("t.csv", b"from,to,hours\ne1,o1,1\ne1,o1,2\n"))
    assert again.faults[0].row == 3
    bad = Source("bad.csv", as_csv_bytes(good_table()).replace(b"2026", b"last"))
    found = refused(bad, travel=Source("t.csv", b"from,to,hours\nx,y,1\n")).faults
    assert found and {fault.file for fault in found} == {"bad.csv"}


def test_engineers_are_refused_like_orders() -> None:
    """Each bad cell of a file of engineers is named by its row."""
    good = ENGINEERS.content
    for before, after, row in (
        (b"video:senior;sensing", b"video:chief", 2),
        (b"08:00,17:00,12\ne2", b"8h,17:00,12\ne2", 2),
        (b",12\ne2", b",-12\ne2", 2),
        (b"e2,", b"e1,", 3),
        (b"3.05,101.60", b"3.05,", 3),
        (b"17:00,12\n", b"08:00,12\n", 2),
    ):
        with pytest.raises(RefusedFile) as caught:
            read(Source("o.csv", as_csv_bytes(good_table())), Source("e.csv", good.replace(before, after, 1)))
        assert {fault.row for fault in caught.value.faults if fault.file == "e.csv"} == {row}, after
