"""The ten-minute story: two more seniors in Medan, seven days of rain in Penang, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from page_checks import check_width, english_sentences
from planner import LONG, Planner
from playwright.sync_api import Locator, expect
from serving import AppServers, Pages
from shown_figures import (
    check_all_kpis,
    check_cards,
    check_figure,
    close,
    downloaded,
    read_file,
    summary_of,
)

from ui.jobs import Job
from ui.language import language

#: Baseline, days and replications; None where those of the baseline are kept.
WHOLE = ("asean15", None, None)
SHORT = ("asean15", 40, 4)
SMALL = ("eight-cities", 60, 4)
STORIES = [
    ("en", 1280, SHORT),
    ("en", 390, SMALL),
    ("zh", 1280, SMALL),
    ("zh", 390, SMALL),
    pytest.param("en", 1280, WHOLE, marks=pytest.mark.study),
]


@pytest.mark.parametrize(("code", "width", "size"), STORIES, ids=lambda value: str(value))
def test_ten_minute_story(
    app_server: AppServers,
    page_of: Pages,
    tmp_path: Path,
    code: str,
    width: int,
    size: tuple[str, int | None, int | None],
) -> None:
    """A planner composes, runs and understands the what-if, and every figure is the one of the files."""
    page = page_of(width, locale="zh-CN" if code == "zh" else "en-GB", accept_downloads=True)
    planner = Planner(page, language(code), app_server(), f"{code}-{width}")
    planner.open()
    checked(planner, "1-first-page")
    compose(planner, *size)
    run_it(planner, size[2] or 20)
    job = planner.job()
    assert planner.say.code == code and len(check_cards(planner.cards, job, planner.say)) == 8
    check_all_kpis(downloaded(page, "results_kpis_csv", tmp_path), job, planner.say)
    checked(planner, "5-results")
    look_at_where(planner, job, tmp_path)
    look_at_the_rest(planner, job, tmp_path)


def checked(planner: Planner, stage: str) -> None:
    """Hold a stage against what holds of every page that has settled, and keep its picture."""
    check_width(planner.page)
    if planner.say.code == "zh":
        assert not english_sentences(planner.page), stage
    planner.picture(stage)


def compose(planner: Planner, baseline: str, days: int | None, replications: int | None) -> None:
    """Choose the baseline, add the people and the rain, and find both in the list of differences."""
    say, row = planner.say, ".st-key-lab-study-row"
    planner.choose(say("Baseline"), re.compile(rf"^{baseline}( ·|$)"), row)
    if days is not None and replications is not None:
        planner.enter(say("Days"), days, row)
        planner.enter(say("Replications"), replications, row)
    medan, penang = say.name("cities", "medan"), say.name("cities", "penang", "George Town (Penang)")
    planner.add_people(medan, 2, "senior")
    checked(planner, "2-people")
    planner.add_disruption("rain", penang, 7)
    first, second = planner.differences.all()
    expect(first).to_contain_text(medan)
    expect(first).to_contain_text("2")
    expect(first).to_contain_text(say.term("level", "senior"), ignore_case=True)
    expect(second).to_contain_text(penang)
    expect(second).to_contain_text("7")
    expect(second).to_contain_text(say.term("disruption", "rain"), ignore_case=True)
    checked(planner, "3-differences")


def run_it(planner: Planner, replications: int) -> None:
    """Start the run, see first figures while it goes on or has just ended, and wait for its end."""
    job = planner.run()
    assert job.spec.replications == replications
    changed = job.spec.scenarios[1]
    assert [d["days"] for d in changed["disruptions"] if d.get("cities") == ["penang"]][-1:] == [7.0]
    seniors = changed["centres"]["medan-station"]["engineers"].values()
    assert [g["count"] for g in seniors if g["level"] == "senior"][-1:] == [2]
    expect(planner.cards).to_be_visible(timeout=LONG)
    if planner.job().state == "running":
        planner.settle()
        checked(planner, "4-first-figures")
    assert planner.wait_for_end(replications).completed == replications


def look_at_where(planner: Planner, job: Job, folder: Path) -> None:
    """Read a cell of the heat map, click it, and see what its missed orders waited for."""
    say, page = planner.say, planner.page
    planner.form(say("Where"))
    planner.choose(say("Shown"), re.compile(rf"^{say('Baseline')}$"))
    summary = summary_of(job)
    key = f"results_heat_severity_attend_attainment_{job.spec.names[0]}"
    rows = downloaded(page, f"{key}_csv", folder)
    check_cells(rows, summary, say)
    heat = page.locator(f".st-key-{key}_chart .marks")
    hint = hovered(planner, heat)
    place, group = hint[say("City")], hint[say("Severity")]
    city = next(
        c for c in summary["by"]["city"] if say.name("cities", c, summary["names"]["cities"][c]) == place
    )
    severity = next(s for s in summary["by"]["severity"] if say.term("severity", s) == group)
    check_figure(
        hint[say("Figure")],
        summary["by"]["city_severity"][f"{city}|{severity}"]["attend_attainment"],
        "share",
        say,
    )
    page.mouse.down()
    page.mouse.up()
    title = say(
        "Missed orders by cause ({kpi}): {place}",
        kpi=say.term("kpi", "attend_attainment"),
        place=say("{city}, {group}", city=place, group=group),
    )
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    assert (
        page.get_by_text(
            say("Click a cell to see what its missed orders waited for; below, all orders.")
        ).count()
        == 0
    )
    planner.settle()
    checked(planner, "6-where")


def check_cells(rows: list[dict[str, str]], summary: dict[str, Any], say: Any) -> None:
    """Fail unless the table of the heat map has every cell of summary.json with its figure."""
    cities = {say.name("cities", c, summary["names"]["cities"][c]): c for c in summary["by"]["city"]}
    groups = {say.term("severity", s): s for s in summary["by"]["severity"]}
    cells = 0
    for row in rows:
        city, severity = cities.get(row[say("City")], ""), groups.get(row[say("Severity")], "")
        if not (city and severity):
            continue
        figure = summary["by"]["city_severity"][f"{city}|{severity}"]["attend_attainment"]
        for heading, limit in ((say("Attainment"), "mean"), (say("Lower limit"), "ci_low")):
            cell = next(text for name, text in row.items() if name.startswith(heading) and "%" in name)
            known = figure[limit]
            assert close(cell, None if known is None else 100.0 * known, 6), row
        cells += 1
    known = summary["by"]["city_severity"].values()
    assert cells == sum(c.get("attend_attainment", {}).get("mean") is not None for c in known) > 5


def hovered(planner: Planner, chart: Locator) -> dict[str, str]:
    """Move onto a cell of a city and a severity that has orders, and return what its hint says."""
    say, page = planner.say, planner.page
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    nowhere = {say("All cities"), say("All orders"), ""}
    for share in (0.62, 0.75, 0.88, 0.5):
        for up in (38, 63, 88, 113):
            page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] - up)
            page.wait_for_timeout(120)
            found: dict[str, str] = page.evaluate(_HINT)
            if found and not nowhere & set(found.values()) and "±" in found.get(say("Figure"), ""):
                return found
    raise AssertionError("no cell of the heat map says what it is")


_HINT = """() => {
  const hint = document.querySelector('#vg-tooltip-element.visible');
  const read = (row, part) => row.querySelector(part).innerText.replace(/[:：]$/, '');
  return Object.fromEntries([...(hint?.querySelectorAll('tr') ?? [])].map(
    row => [read(row, '.key'), read(row, '.value')]));
}"""


def look_at_the_rest(planner: Planner, job: Job, folder: Path) -> None:
    """Look at the map, at when, at waits, at cost and at why; each draws what it is about."""
    say, page = planner.say, planner.page
    planner.form(say("Map"))
    expect(page.get_by_test_id("stDeckGlJsonChart").locator("canvas").first).to_be_visible()
    checked(planner, "7-map")
    charts = page.get_by_test_id("stVegaLiteChart").locator(".marks")
    for stage, (view, number) in enumerate((("When", 2), ("Waits", 1), ("Cost", 2), ("Why", 3)), 8):
        planner.form(say.described(view))
        expect(charts).to_have_count(number)
        expect(charts.first).to_be_visible()
        if view in _FILES:
            _FILES[view](planner, job, folder)
        checked(planner, f"{stage}-{view.lower()}")


def check_cost(planner: Planner, job: Job, folder: Path) -> None:
    """Fail unless costs and their differences are those of the files."""
    say, names = planner.say, job.spec.names
    rows = downloaded(planner.page, "results_cost_csv", folder)
    terms = {
        say.term("cost", k.removeprefix("cost_")): k for k in summary_of(job)["kpis"] if k.startswith("cost_")
    }
    labels = [*dict.fromkeys(row[say("Scenario")] for row in rows)]
    for row in rows:
        figure = summary_of(job, labels.index(row[say("Scenario")]))["kpis"][terms[row[say("Kind of cost")]]]
        assert close(row[say("Figure")], figure["mean"], 6), row
    differences = read_file(job, "comparison.json")["scenarios"][names[1]]
    for row in downloaded(planner.page, "results_cost_differences_csv", folder):
        found = differences[terms[row[say("Kind of cost")]]]
        assert close(row[say("Figure")], found["difference"], 6), row
        assert close(row[say("Upper limit")], found["ci_high"], 6), row


def check_why(planner: Planner, job: Job, folder: Path) -> None:
    """Fail unless the differences by cause are those of comparison.json."""
    say = planner.say
    found = read_file(job, "comparison.json")["causes"][job.spec.names[1]]
    terms = {say.term("cause", cause): cause for cause in found}
    rows = downloaded(planner.page, "results_cause_differences_csv", folder)
    assert rows
    for row in rows:
        figure = found[terms[row[say("Cause")]]]["hours"]
        assert close(row[say("Figure")], figure["difference"], 6), row


_FILES: dict[str, Callable[[Planner, Job, Path], None]] = {"Cost": check_cost, "Why": check_why}
