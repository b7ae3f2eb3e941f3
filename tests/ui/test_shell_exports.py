"""Files to take away: the figures are those on disk, and nothing in them is a formula."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from finished_job import DOCUMENTS, finished_job
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from insight.definitions import DEFINITIONS
from scenarios.documents import parse
from ui.exports import as_csv, file_name, neutral, run_folders, scenario_yaml, workbook
from ui.jobs import Job
from ui.language import LANGUAGES, language
from ui.sheets import Sheet, differing, sheets

STARTS = "=+-@\t\r\n＝＋－＠"


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """Return a finished job of two scenarios."""
    return finished_job(tmp_path_factory.mktemp("app"))


def content(job: Job, name: str) -> dict[str, Any]:
    """Return a JSON file of the results."""
    found: dict[str, Any] = json.loads((job.results / name).read_text(encoding="utf-8"))
    return found


@given(st.text() | st.builds(str.__add__, st.sampled_from([*STARTS, " =", "\x00=", "\x1f@"]), st.text()))
@example("=cmd|' /C calc'!A0")
def test_no_text_begins_like_a_formula(text: str) -> None:
    """No cell that is written begins with what a spreadsheet takes for a formula, even after spaces."""
    cell = neutral(text)
    assert isinstance(cell, str)
    assert not cell.lstrip().startswith(tuple(STARTS))
    assert not cell.startswith(tuple(STARTS))


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))))
def test_harmless_text_stays_as_it_is(text: str) -> None:
    """Text is changed only if it begins like a formula, and then only by the apostrophe."""
    safe = text.translate({0xFFFE: None, 0xFFFF: None})
    begins = safe.lstrip()[:1]
    assert neutral(safe) == (f"'{safe}" if begins and begins in STARTS else safe)


@given(st.floats() | st.integers() | st.none())
def test_numbers_stay_numbers(value: float | None) -> None:
    """A number is handed on as it is, a negative one too."""
    assert neutral(value) is value


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_a_workbook_takes_any_text_and_holds_no_formula(texts: list[str]) -> None:
    """Whatever people wrote can be saved, and every cell is text."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.append([neutral(text) for text in texts])
    target = io.BytesIO()
    book.save(target)
    row = next(load_workbook(target).active.iter_rows())  # type: ignore[union-attr]
    assert all(cell.data_type in ("s", "n", "inlineStr") for cell in row)
    assert not any(isinstance(cell.value, int | float) for cell in row)


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_csv_reads_back(texts: list[str]) -> None:
    """CSV begins with a byte order mark, and a reader finds the neutral cells again."""
    made = as_csv(Sheet("s", (), ("a",), tuple((text,) for text in texts)))
    assert made.startswith(b"\xef\xbb\xbf")
    rows = [*csv.reader(io.StringIO(made.decode("utf-8-sig"), newline=""))]
    assert [row[0] if row else "" for row in rows[1:]] == [neutral(text) for text in texts]


def rows_of(made: bytes, name: str) -> list[dict[str, Any]]:
    """Return the rows of a sheet by heading."""
    found = [[*row] for row in load_workbook(io.BytesIO(made))[name].values]
    top = next(n for n, row in enumerate(found) if not any(row)) + 1
    return [dict(zip(map(str, found[top]), row, strict=True)) for row in found[top + 1 :]]


def test_the_workbook_has_the_figures_of_the_summaries(job: Job) -> None:
    """Each KPI of each scenario stands there with its interval, shares in percent."""
    rows = rows_of(workbook(job, language("en")), "Summary")
    for document in DOCUMENTS:
        kpis = content(job, f"{document['name']}/summary.json")["kpis"]
        title = neutral(document["title"])
        found = {row["KPI"]: row for row in rows if row["Scenario"] == title}
        known = {DEFINITIONS[k].term: (k, f) for k, f in kpis.items() if f["mean"] is not None}
        assert set(found) == set(known)
        for term, (kpi, figure) in known.items():
            factor = 100.0 if DEFINITIONS[kpi].unit == "share" else 1.0
            assert found[term]["Mean"] == pytest.approx(factor * figure["mean"])
            assert found[term]["Interval to"] == pytest.approx(factor * figure["ci_high"])
            assert found[term]["Replications"] == figure["n"]


def test_the_workbook_has_the_differences_of_the_comparison(job: Job) -> None:
    """Each paired difference stands there, and whether its interval holds 0."""
    rows = {row["KPI"]: row for row in rows_of(workbook(job, language("en")), "Differences")}
    differences = content(job, "comparison.json")["scenarios"]["first-come"]
    for kpi, row in differences.items():
        if row["difference"] is not None:
            found = rows[DEFINITIONS[kpi].term]
            factor = 100.0 if DEFINITIONS[kpi].unit == "share" else 1.0
            assert found["Difference"] == pytest.approx(factor * row["difference"])
            assert (found["Differs"] == "may not") == (row["ci_low"] <= 0 <= row["ci_high"])


def test_figures_of_the_workbook_show_sensible_digits(job: Job) -> None:
    """A figure is shown with two decimals, one of a thousand or more with none and with separators."""
    for cells in load_workbook(io.BytesIO(workbook(job, language("en"))))["Summary"].iter_rows():
        for cell in cells:
            if isinstance(cell.value, float):
                size = abs(cell.value)
                few = "0.00" if size >= 0.1 or size == 0.0 else "0.0000"
                assert cell.number_format == ("#,##0" if size >= 1000.0 else few)


def test_the_workbook_says_what_was_changed(job: Job) -> None:
    """The sheet of changes has the one key in which the scenarios differ."""
    rows = rows_of(workbook(job, language("en")), "Changes")
    assert [(row["Key"], row["Value"]) for row in rows] == [("dispatch.policy", "first_come")]


def test_what_people_wrote_is_no_formula_in_the_workbook(job: Job) -> None:
    """A scenario titled =1+1 stands in the workbook as text."""
    book = load_workbook(io.BytesIO(workbook(job, language("en"))))
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(cell.value == "'=1+1" for cell in cells)


@pytest.mark.parametrize("code", LANGUAGES)
def test_sheets_in_every_language(job: Job, code: str) -> None:
    """Each sheet has as many cells in a row as headings, and says what it holds."""
    made = sheets(job, language(code))
    assert len({sheet.name for sheet in made}) == 6
    for sheet in made:
        assert sheet.notes and sheet.rows
        assert {len(row) for row in sheet.rows} == {len(sheet.headings)}


def test_the_archive_has_what_the_results_hold(job: Job) -> None:
    """The ZIP holds every file of the results, byte for byte, below one folder."""
    with zipfile.ZipFile(run_folders(job)) as archive:
        assert archive.testzip() is None
        names = {Path(name).relative_to(job.id): name for name in archive.namelist()}
        on_disk = [p.relative_to(job.results) for p in job.results.rglob("*") if p.is_file()]
        assert set(names) == set(on_disk)
        for path in on_disk:
            assert archive.read(names[path]) == (job.results / path).read_bytes()


def test_the_archive_leaves_links_out(tmp_path: Path) -> None:
    """What a link leads to outside the results is not taken along."""
    job = finished_job(tmp_path)
    (tmp_path / "secret.txt").write_text("secret")
    (job.results / "link.txt").symlink_to(tmp_path / "secret.txt")
    (job.results / "folder").symlink_to(tmp_path)
    with zipfile.ZipFile(run_folders(job)) as archive:
        names = archive.namelist()
    assert names and not [name for name in names if "secret" in name or "link" in name or "folder/" in name]
    assert all(name.startswith(f"{job.id}/") and ".." not in name for name in names)


def test_the_scenario_is_the_one_that_ran(job: Job) -> None:
    """The YAML of a scenario reads back as the document that the job was given."""
    for document in DOCUMENTS:
        assert parse(scenario_yaml(job, document["name"]), "f") == document
    with pytest.raises(KeyError):
        scenario_yaml(job, "../plain")


def test_names_of_files_are_safe(job: Job) -> None:
    """A title with signs that systems refuse in names makes a name without them."""
    assert file_name(job, ".xlsx") == f"What-if-b-Penang-b-is-busier-{job.id[:8]}.xlsx"


def test_documents_that_differ() -> None:
    """Keys that differ, appear or vanish are told with both values; names and descriptions are not."""
    before = {"name": "a", "days": 3, "people": {"x": 1, "y": 2}, "disruptions": []}
    after = {"name": "b", "days": 3, "people": {"x": 2, "z": 4}, "disruptions": [{"kind": "rain"}]}
    assert [*differing(before, after)] == [
        ("people.x", 1, 2),
        ("people.y", 2, None),
        ("people.z", None, 4),
        ("disruptions", "[]", '[{"kind": "rain"}]'),
    ]
