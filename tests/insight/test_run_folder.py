"""Run folders: what is committed and what is not, resuming, and reading tables as frames and by SQL."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from table_builder import START, WINDOW, order, table

from insight.figures import Facts, Values
from insight.kpis import kpi_values
from insight.run_folder import RunFolder, RunFolderError
from insight.tables import COLUMNS, TABLE_NAMES, Categories, Tables, empty, rows

CITIES = ("hanoi", "manila")


def replication(number: int) -> Tables:
    """Return tables of one replication: an order in Hanoi that was attended, and as many more as its number.

    The others are reported in Manila, nobody comes, and they have no SLA rule.
    """
    reported = [30.0 + i for i in range(number + 1)]
    some = [order(at, id=f"site:camera:{i + 1}") for i, at in enumerate(reported)]
    some[0]["arrived_at"] = some[0]["reported_at"] + 2.5
    orders = table("work_orders", some)
    orders["city"] = Categories(np.array([0, *[1] * number], np.int32), CITIES)
    orders["sla_rule"] = Categories(np.array([0, *[-1] * number], np.int32), ("standard",))
    orders["replication"] = np.full(rows(orders), number, np.int64)
    return {name: empty(name) for name in TABLE_NAMES} | {"work_orders": orders}


def write(folder: RunFolder, *numbers: int) -> None:
    """Write and commit a batch of replications."""
    tables = [replication(n) for n in numbers]
    values = [(n, kpi_values(t, WINDOW, Facts(START))) for n, t in zip(numbers, tables, strict=True)]
    folder.write_batch(START, tables, values, [rows(t["work_orders"]) for t in tables])


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """Return a folder with a manifest and two batches, replications 0 and 1, and replication 2."""
    made = RunFolder(tmp_path / "run")
    made.write_json("manifest.json", {"start": START.isoformat()})
    write(made, 0, 1)
    write(made, 2)
    return made


def figures(values: Values) -> dict[str, float]:
    """Return the figures of a replication by dimension, value and KPI."""
    keys = zip(values.dimension, values.value, values.kpi, strict=True)
    return {"|".join(key): figure for key, figure in zip(keys, values.figure.tolist(), strict=True)}


def test_a_batch_is_committed_by_its_marker(folder: RunFolder) -> None:
    """Markers name the replications of each batch and their orders, by the first of them."""
    assert folder.committed() == {
        0: {"replications": [0, 1], "orders": [1, 2]},
        2: {"replications": [2], "orders": [3]},
    }


def test_a_batch_without_a_marker_did_not_happen(folder: RunFolder) -> None:
    """Files of a batch that was never committed are in no table, no frame, no answer and no figures."""
    (folder.path / "batches" / "batch-000002.json").unlink()
    assert folder.table("work_orders")["replication"].tolist() == [0, 1, 1]
    assert folder.frame("work_orders")["replication"].tolist() == [0, 1, 1]
    assert folder.query("SELECT max(replication) AS last FROM work_orders")["last"].tolist() == [1]
    assert [number for number, _ in folder.values()] == [0, 1]


def test_what_was_not_committed_is_cleared_and_can_be_written_again(folder: RunFolder) -> None:
    """Clearing removes the files of uncommitted batches and unfinished files, and leaves committed ones."""
    before = {f: f.read_bytes() for f in folder.path.rglob("*-000000.*")}
    (folder.path / "batches" / "batch-000002.json").unlink()
    unfinished = folder.path / "visits" / "visits-000004.part"
    unfinished.write_bytes(b"half of a file")
    folder.clear_unfinished()
    assert not unfinished.exists()
    assert not list(folder.path.rglob("*-000002.parquet"))
    assert {f: f.read_bytes() for f in folder.path.rglob("*-000000.*")} == before
    write(folder, 2)
    assert folder.table("work_orders")["replication"].tolist() == [0, 1, 1, 2, 2, 2]


def test_a_batch_that_fails_half_way_leaves_nothing_that_counts(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When writing breaks off, the batch has no marker, and no file under a final name is torn."""
    import pyarrow.parquet as pq

    write_table = pq.write_table

    def torn(content: object, where: Path, **options: object) -> None:
        if where.parent.name == "stock_moves":
            where.write_bytes(b"PAR1 and no more")
            raise OSError("disk full")
        write_table(content, where, **options)

    monkeypatch.setattr(pq, "write_table", torn)
    with pytest.raises(OSError, match="disk full"):
        write(folder, 3)
    assert list(folder.committed()) == [0, 2]
    assert (folder.path / "work_orders" / "work_orders-000003.parquet").is_file()
    assert not (folder.path / "stock_moves" / "stock_moves-000003.parquet").exists()
    assert folder.table("work_orders")["replication"].max() == 2


def test_only_final_names_remain(folder: RunFolder) -> None:
    """After batches are committed no temporary file is left, and each file bears its first replication."""
    assert not list(folder.path.rglob("*.part"))
    for name in (*TABLE_NAMES, "kpi_values"):
        files = sorted(f.name for f in (folder.path / name).iterdir())
        assert files == [f"{name}-000000.parquet", f"{name}-000002.parquet"]


def test_a_document_is_replaced_whole_or_not_at_all(folder: RunFolder) -> None:
    """A document that cannot be written as JSON leaves the one that is there as it was."""
    folder.write_json("summary.json", {"seed": 1})
    with pytest.raises(ValueError, match="JSON"):
        folder.write_json("summary.json", {"seed": float("nan")})
    assert folder.summary() == {"seed": 1}


def test_batches_may_come_in_any_order(tmp_path: Path) -> None:
    """Tables and figures are in the order of replications, whichever batch was committed first."""
    ahead, behind = RunFolder(tmp_path / "ahead"), RunFolder(tmp_path / "behind")
    for made, batches in ((ahead, [(0, 1), (2,)]), (behind, [(2,), (0, 1)])):
        made.write_json("manifest.json", {"start": START.isoformat()})
        for numbers in batches:
            write(made, *numbers)
    assert ahead.frame("work_orders").equals(behind.frame("work_orders"))
    assert [n for n, _ in ahead.values()] == [n for n, _ in behind.values()] == [0, 1, 2]


def test_figures_come_back_as_they_were(folder: RunFolder) -> None:
    """The figures of each replication are read as they were written, NaN included."""
    for number, values in folder.values():
        expected = figures(kpi_values(replication(number), WINDOW, Facts(START)))
        assert figures(values) == pytest.approx(expected, nan_ok=True, abs=0.0)


def test_a_table_can_be_read_for_some_replications(folder: RunFolder) -> None:
    """Asked for replications, a table holds their rows and no others, also when they share a batch."""
    assert folder.table("work_orders", [1])["id"].tolist() == ["site:camera:1", "site:camera:2"]


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_a_frame_has_the_columns_of_the_contract(folder: RunFolder, name: str) -> None:
    """A frame has every column of its table, in order, with a type that fits its kind."""
    frame = folder.frame(name)
    assert list(frame.columns) == list(COLUMNS[name])
    types = {
        "instant": "datetime64[us, UTC]",
        "number": "float64",
        "count": "int64",
        "flag": "bool",
        "category": "category",
    }
    for column, kind in COLUMNS[name].items():
        if kind == "text":
            assert pd.api.types.is_string_dtype(frame[column].dtype)
        else:
            assert str(frame[column].dtype) == types[kind], column


def test_a_frame_tells_time_in_utc_and_what_has_not_happened(folder: RunFolder) -> None:
    """Hours since the start become instants in UTC, NaN becomes NaT, and no name becomes NaN."""
    frame = folder.frame("work_orders")
    assert frame["reported_at"][0] == pd.Timestamp("2026-01-02 06:00", tz="UTC")
    assert frame["arrived_at"][0] == pd.Timestamp("2026-01-02 08:30", tz="UTC")
    assert frame["arrived_at"].isna().tolist() == [False, False, True, False, True, True]
    assert frame["sla_rule"].isna().tolist() == [False, False, True, False, True, True]
    assert list(frame["city"].cat.categories) == list(CITIES)


def test_sql_and_frame_agree(folder: RunFolder) -> None:
    """Counts by city and the hours from report to arrival are the same from SQL as from the frame."""
    found = folder.query(
        "SELECT city, count(*) AS orders, min(arrived_at) AS first,"
        " avg(epoch(arrived_at - reported_at)) / 3600 AS hours FROM work_orders GROUP BY city ORDER BY city"
    )
    frame = folder.frame("work_orders")
    assert found["city"].tolist() == ["hanoi", "manila"]
    assert found["orders"].tolist() == [3, 3]
    assert found["hours"][0] == pytest.approx(2.5)
    assert found["first"][0] == frame["arrived_at"].min()
    assert found["first"][0].utcoffset() == pd.Timedelta(0)


def test_every_table_can_be_asked(folder: RunFolder) -> None:
    """Each table is a view of its name, also one without rows."""
    for name in TABLE_NAMES:
        expected = rows(folder.table(name))
        assert folder.query(f"SELECT count(*) AS n FROM {name}")["n"].tolist() == [expected]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM nothing",
        "SELECT",
        "",
        "SELECT 1; SELECT 2",
        "CREATE TABLE copied AS SELECT * FROM work_orders",
        "SET enable_external_access = true",
    ],
)
def test_only_one_question_is_answered(folder: RunFolder, sql: str) -> None:
    """Anything but a single SELECT over the tables is refused with the folder and what is allowed."""
    with pytest.raises(
        RunFolderError, match=r"query: found .*; allowed: one SELECT over work_orders, visits"
    ):
        folder.query(sql)


def test_a_question_touches_no_file(folder: RunFolder, tmp_path: Path) -> None:
    """A query reads no file beside the tables, and writes none."""
    outside = tmp_path / "outside.csv"
    outside.write_text("a\n1\n")
    with pytest.raises(RunFolderError, match="query"):
        folder.query(f"SELECT * FROM read_csv('{outside}')")
    with pytest.raises(RunFolderError, match="query"):
        folder.query(f"COPY work_orders TO '{tmp_path / 'copy.csv'}'")
    assert not (tmp_path / "copy.csv").exists()


def test_a_folder_without_a_committed_batch_has_no_tables(tmp_path: Path) -> None:
    """Tables, frames and answers of an empty run are refused, and its figures are none."""
    made = RunFolder(tmp_path)
    made.write_json("manifest.json", {"start": START.isoformat()})
    for ask in (
        lambda: made.table("visits"),
        lambda: made.frame("visits"),
        lambda: made.query("SELECT count(*) FROM visits"),
    ):
        with pytest.raises(RunFolderError, match="found no table"):
            ask()
    assert made.values() == []


@pytest.mark.parametrize("text", [None, "", "[]", "{"])
def test_a_manifest_that_cannot_be_read_is_refused(tmp_path: Path, text: str | None) -> None:
    """A folder without a manifest, or with one that is no JSON mapping, is refused by its name."""
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(RunFolderError, match=str(tmp_path)):
        RunFolder(tmp_path).manifest()


def test_an_unfinished_run_has_no_summary(folder: RunFolder) -> None:
    """The summary of a run that is not finished is refused with the way to complete it."""
    with pytest.raises(RunFolderError, match="--resume"):
        folder.summary()


def test_the_start_is_the_manifests(folder: RunFolder) -> None:
    """Hour 0 is midnight of the day that the manifest states."""
    assert folder.start == date(2026, 1, 1)
    assert json.loads((folder.path / "manifest.json").read_text())["start"] == "2026-01-01"
