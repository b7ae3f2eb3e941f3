"""The page of results: what it shows is what is on disk, for one scenario and for several."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from finished_job import finished_job
from streamlit.testing.v1 import AppTest

from insight.definitions import DEFINITIONS
from ui.jobs import Job
from ui.language import language
from ui.results import figures, read_results
from ui.results.cards import DEFAULT, all_kpis, cards_caption, cards_html, kpi_numbers
from ui.results.drawing import csv_bytes
from ui.results.moved import moved_html
from ui.results.reading import NoResults, Results
from ui.results.where import DIFFERENCE, SEVERITY, heat_figure, missed_figure

say = language("en")


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """Return a finished job of two scenarios."""
    return finished_job(tmp_path_factory.mktemp("app"))


def on_disk(job: Job, name: str) -> dict[str, Any]:
    """Return a JSON file of the results."""
    found: dict[str, Any] = json.loads((job.results / name).read_text(encoding="utf-8"))
    return found


def test_cards_show_summary_and_comparison(job: Job) -> None:
    """Each card has the figure of summary.json and the paired difference of comparison.json."""
    summary, comparison = on_disk(job, "plain/summary.json"), on_disk(job, "comparison.json")
    shown = cards_html(read_results(job), DEFAULT, say)
    for kpi in DEFAULT:
        unit, figure = DEFINITIONS[kpi].unit, summary["kpis"][kpi]
        if figure["mean"] is None:
            continue
        number, _, rest = say.figure(figure, unit, summary["currency"]).partition(" ")
        assert f"{number} <small>{rest}</small>" in shown
        row = comparison["scenarios"]["first-come"][kpi]
        limits = (row["difference"], row["ci_low"], row["ci_high"])
        assert say.difference(*limits, unit, summary["currency"]) in shown


def test_titles_of_scenarios_are_escaped(job: Job) -> None:
    """What a user wrote as a title is text on the page, and never markup."""
    results = read_results(job)
    titled = type(results)(**{**vars(results), "titles": {"first-come": "<script>x</script>"}})
    assert "<script>" not in cards_html(titled, DEFAULT, say)


def moved(job: Job, low: float) -> str:
    """Return where the what-if moved attendance, its difference in Penang being 0.1 from a limit on."""
    results = read_results(job)
    row = {"difference": 0.1, "ci_low": low, "ci_high": 0.2 - low, "n": 3.0}
    comparison = {**on_disk(job, "comparison.json")}
    comparison["by"] = {"first-come": {"city": {"penang": {"attend_attainment": row}}}}
    return moved_html(type(results)(**{**vars(results), "comparison": comparison}), say)


def test_where_it_moved_names_cities_whose_interval_leaves_out_zero(job: Job) -> None:
    """A city with a clear difference is named with it; without any, that is said."""
    assert "+10 ± 5 pp" in moved(job, 0.05)
    assert "no city with a clear difference" in moved(job, -0.01)


def test_cards_say_whose_their_figure_is(job: Job) -> None:
    """Beside differences the large figure is called the baseline's; a cut name has the whole as a hint."""
    results = read_results(job)
    long = "First come, first served, whoever calls and whatever for"
    titled = type(results)(**{**vars(results), "titles": {**results.titles, "first-come": long}})
    shown = cards_html(titled, DEFAULT, say)
    assert '<div class="by-of">Baseline</div>' in shown and f'title="{long}"' in shown
    assert "Baseline" not in cards_html(
        type(results)(**{**vars(results), "summaries": alone(results)}), DEFAULT, say
    )


def alone(results: Results) -> dict[str, Any]:
    """Return the figures of the baseline alone."""
    return {results.baseline: results.summaries[results.baseline]}


def test_assumptions_are_explained_where_one_is_shown(job: Job) -> None:
    """The sentence on the mark of assumptions stands only below a KPI that bears it."""
    found = read_results(job)
    base = {**found.summaries["plain"]}
    base["kpis"] = {**base["kpis"], "csat": {"mean": 70.0}, "repurchase_rate": {"mean": None}}
    results = type(found)(**{**vars(found), "summaries": {**found.summaries, "plain": base}})
    assert "†" in cards_caption(results, ("csat",), say)
    assert "†" not in cards_caption(results, ("utilisation", "repurchase_rate"), say)


def test_all_kpis_stand_in_the_table(job: Job) -> None:
    """Every KPI that the baseline has is in the table, assumptions marked; numbers are those on disk."""
    results, summary = read_results(job), on_disk(job, "plain/summary.json")
    known = [kpi for kpi in DEFINITIONS if summary["kpis"][kpi]["mean"] is not None]
    assert len(all_kpis(results, say)) == len(known)
    numbers = {row["Id"]: row for row in kpi_numbers(results, say) if row["Scenario"] == "Baseline"}
    assert numbers["tardiness_mean"]["Mean"] == pytest.approx(summary["kpis"]["tardiness_mean"]["mean"])
    assert {k for k, row in numbers.items() if "†" in row["KPI"]} == {"csat", "repurchase_rate"}


def test_heat_maps_are_those_of_the_summary(job: Job) -> None:
    """Cells of severities and of the margins have the shares of summary.json; restoration has them, too."""
    summary, results = on_disk(job, "plain/summary.json"), read_results(job)
    city = results.names("cities")["penang"]
    for kpi in ("attend_attainment", "restore_attainment", "sla_attainment"):
        table = heat_figure(results, kpi, SEVERITY, "plain", say).table
        cells = {(row["City"], row["Severity"]): row["Attainment (%)"] / 100.0 for row in table}
        assert cells[city, "All orders"] == pytest.approx(summary["kpis"][kpi]["mean"], abs=1e-6)
        assert {place for place, _ in cells} == {city}
        crossed = {
            (city, say.term("severity", pair.partition("|")[2])): kpis[kpi]["mean"]
            for pair, kpis in summary["by"]["city_severity"].items()
            if kpi in kpis
        }
        inner = {key: share for key, share in cells.items() if key[0] == city and key[1] != "All orders"}
        assert crossed and inner == pytest.approx(crossed, abs=1e-6)
    of_network = heat_figure(results, "attend_attainment", SEVERITY, DIFFERENCE + "first-come", say).table
    row = on_disk(job, "comparison.json")["scenarios"]["first-come"]["attend_attainment"]
    shown = of_network[0]["Difference (percentage points)"] / 100.0
    assert shown == pytest.approx(row["difference"], abs=1e-6)


def test_missed_orders_add_up_to_what_was_missed(job: Job) -> None:
    """Bars of the whole network add up to decided orders times one minus attainment, pooled."""
    results = read_results(job)
    figure = missed_figure(results, "attend_attainment", (SEVERITY, "", ""), "plain", say)
    whole = results.pages["plain"]["missed"]["attend_attainment"]["city_severity"]["|"]
    assert sum(row["Figure"] for row in figure.table) == pytest.approx(whole["missed"], abs=1e-4)
    assert say.number(whole["decided"], 1) in figure.caption


@pytest.mark.parametrize("code", ["en", "zh"])
def test_every_figure_of_a_job_is_valid(job: Job, code: str) -> None:
    """All figures that exports take have words, a table and a valid chart in both languages."""
    for figure in figures(language(code), job):
        assert figure.title and figure.unit and figure.caption and figure.table
        if hasattr(figure.chart, "to_dict"):
            figure.chart.to_dict(validate=True)


def page(folder: str, names: tuple[str, ...], code: str, state: str) -> None:
    """Draw the results in a folder."""
    from pathlib import Path
    from types import SimpleNamespace

    from ui.language import language
    from ui.results import show

    spec = SimpleNamespace(scenarios=tuple({"name": name} for name in names), replications=20)
    show(language(code), SimpleNamespace(results=Path(folder), spec=spec, state=state))


def draw(folder: Path, names: tuple[str, ...], code: str = "en", state: str = "finished") -> AppTest:
    """Return the page after its first run."""
    app = AppTest.from_function(page, args=(str(folder), names, code, state), default_timeout=60)
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("code", ["en", "zh"])
def test_every_view_draws(job: Job, code: str) -> None:
    """Each view draws in both languages, for a comparison."""
    app = draw(job.results, ("plain", "first-come"), code)
    for view in ("map", "when", "waits", "cost", "why", "where"):
        app.session_state["results_view"] = view
        app.run()
        assert not app.exception, view


def test_a_single_scenario_has_no_differences(job: Job, tmp_path: Path) -> None:
    """Without a comparison every view draws, and nothing speaks of a baseline."""
    shutil.copytree(job.results / "plain", tmp_path / "results" / "plain")
    app = draw(tmp_path / "results", ("plain",))
    assert "by-difference" not in app.get("html")[0].proto.body.partition("</style>")[2]
    for view in ("map", "when", "waits", "cost", "why"):
        app.session_state["results_view"] = view
        app.run()
        assert not app.exception, view
        assert not any("aseline" in caption.value for caption in app.caption)


def test_figures_that_are_not_final_are_called_first(job: Job) -> None:
    """While a job runs, the page says of how many replications its figures are."""
    app = draw(job.results, ("plain", "first-come"), state="running")
    assert "3 of 20" in app.info[0].value


def test_nothing_yet_is_said(tmp_path: Path) -> None:
    """An empty folder is not an error, but a sentence; exports are told."""
    app = draw(tmp_path, ("plain",), state="running")
    assert "two replications" in app.info[0].value
    with pytest.raises(NoResults):
        read_results(type("J", (), {"results": tmp_path, "spec": type("S", (), {"scenarios": ()})})())


def test_csv_has_no_formulas() -> None:
    """Text that begins like a formula is made harmless; numbers stay numbers."""
    found = csv_bytes([{"=a": "=1+1", "b": -2.5}]).decode("utf-8-sig")
    assert found == "'=a,b\r\n'=1+1,-2.5\r\n"
