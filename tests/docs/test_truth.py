"""What the pages say in words and the code has as data: names that must not part company, and links."""

import re
from pathlib import Path

import numpy as np
import pytest

from docs.examples import first_scenario, merged
from docs.generate import FOLDER
from insight.clocks import CLOCKS
from insight.column_meanings import MEANINGS
from insight.columns import first_of, numbers
from insight.tables import COLUMNS, Categories, Tables
from scenarios import from_document, load
from scenarios.checks import POLICY_GROUP
from scenarios.compiling import compile_world
from sim.draws import PURPOSES
from sim.hours_by_cause import CAUSES
from sim.model import Model
from sim.policies import find_policy
from sim.records import tables_of

ROOT = FOLDER.parent
DAYS = 60
#: Laid over the first scenario of the page: too much work, pauses, parts, and a partner.
CROWDED = """
device_types: {camera: {failures_per_year: 8}}
parts: {sensor: {}}
fault_types:
  no-picture:
    first_time_fix: 0.7
    triage_hours: 0.5
    part: {part: sensor, probability: 0.5}
    pause: {probability: 0.3, hours: 5}
centres:
  station: {depot: {sensor: {base_stock: 1, lead_hours: 30}}}
  outlet: {level: partner, city: bangkok, partner: {attend_hours: 6}}
dispatch: {overflow: {partner: outlet, after_hours: 10}}
"""
PAGES = [ROOT / "CONTRIBUTING.md", *sorted(FOLDER.rglob("*.md"))]


def rows(page: str, heading: str) -> list[str]:
    """Return the first cells of the table below a heading, without the head."""
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")][1:]


def test_every_purpose_of_a_draw_is_told() -> None:
    """The table of draws has all purposes and no other."""
    cells = rows((FOLDER / "model.md").read_text(encoding="utf-8"), "What is drawn, and when")
    told = re.findall(r"`(\w+)`", " ".join(cells))
    assert sorted(told) == sorted(PURPOSES)


def test_the_first_page_tells_figures_of_the_study() -> None:
    """Every interval in a row of the first page stands in the study beside the same level of the baseline."""
    study = (FOLDER / "dispatch-study.md").read_text(encoding="utf-8")
    told = re.findall(
        r"\| (.+? \| .+? \(.+? to .+?\) \| .+?) \|", (ROOT / "README.md").read_text(encoding="utf-8")
    )
    assert len(told) >= 10
    assert not [cells for cells in told if cells.partition(" | ")[2] not in study]


def test_every_cause_of_delay_is_told() -> None:
    """The table of causes has all causes and no other."""
    cells = rows((FOLDER / "model.md").read_text(encoding="utf-8"), "Causes of delay")
    assert sorted(re.findall(r"`(\w+)`", " ".join(cells))) == sorted(CAUSES)


def test_every_clock_is_told() -> None:
    """The table of clocks has all clocks, in the order of an order's life."""
    cells = rows((FOLDER / "model.md").read_text(encoding="utf-8"), "The clocks")
    assert tuple(c for c in cells if c != "---") == CLOCKS


@pytest.mark.parametrize("name", ["first_come", "nearest_qualified", "sla_priority"])
def test_every_policy_is_told(name: str) -> None:
    """The policies of the table exist, under the entry point that the page names."""
    page = (FOLDER / "model.md").read_text(encoding="utf-8")
    assert f"| `{name}` |" in page
    assert POLICY_GROUP in page
    find_policy(name)


def test_every_warning_is_told() -> None:
    """The table of warnings has every code that the programs can give, and no other."""
    page = (FOLDER / "scenarios.md").read_text(encoding="utf-8")
    sources = [
        f.read_text(encoding="utf-8") for name in ("scenarios", "cli") for f in (ROOT / name).glob("*.py")
    ]
    given = set(re.findall(r'"(W-[a-z-]+)"', "\n".join(sources)))
    assert given
    assert {cell.strip("`") for cell in rows(page, "Warnings") if cell != "---"} == given


@pytest.fixture(scope="module", params=["one-city", "partner"])
def tables(request: pytest.FixtureRequest) -> Tables:
    """Return the tables of a replication: of Penang, or of too few engineers, with pauses and a partner."""
    if request.param == "one-city":
        world = compile_world(load("one-city", [f"days={DAYS}"]))
    else:
        document = merged(first_scenario(FOLDER / "scenarios.md"), CROWDED)
        world = compile_world(from_document({**document, "days": DAYS}))
    model = Model(world, 1, 0)
    model.run()
    return tables_of(model, 0)


def test_only_columns_that_may_be_empty_are(tables: Tables) -> None:
    """A column whose page says "never empty" has a value in every row of a simulated run."""
    for name, columns in COLUMNS.items():
        for column, kind in columns.items():
            values = tables[name][column]
            if isinstance(values, Categories):
                missing = (values.codes < 0).any()
            else:
                missing = kind in ("instant", "number") and np.isnan(numbers(tables[name], column)).any()
            assert not missing or MEANINGS[name][column].empty, f"{name}.{column}"


def test_waits_add_up_to_the_delay(tables: Tables) -> None:
    """As the page says: waits and pauses add up to the first arrival, or restoration, or the horizon."""
    orders = tables["work_orders"]
    horizon = np.full(len(numbers(orders, "reported_at")), DAYS * 24.0)
    parts = [c for c in orders if c.startswith("wait_")] + ["paused_hours"]
    told = np.sum([numbers(orders, c) for c in parts], axis=0)
    end = first_of(numbers(orders, "arrived_at"), numbers(orders, "restored_at"), horizon)
    assert told == pytest.approx(end - numbers(orders, "reported_at"), abs=1e-6)


def test_hours_of_a_day_add_up(tables: Tables) -> None:
    """As the page says: work, travel and idle hours are those of the roster and of overtime."""
    days = tables["engineer_days"]
    spent = numbers(days, "work_hours") + numbers(days, "travel_hours") + numbers(days, "idle_hours")
    assert spent == pytest.approx(numbers(days, "roster_hours") + numbers(days, "overtime_hours"), abs=1e-6)


def _anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as a renderer of Markdown makes them."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        assert slug not in found, f"{page.name}: two headings read {heading}"
        found.add(slug)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Each link to another page leads to a file that is there, and to a heading of it where it names one."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), target
        if anchor:
            assert anchor in _anchors(there), target


@pytest.mark.parametrize("page", sorted((FOLDER / "decisions").glob("*.md")), ids=lambda p: p.stem)
def test_decisions_are_numbered(page: Path) -> None:
    """A decision's title begins with the number of its file."""
    title = page.read_text(encoding="utf-8").splitlines()[0]
    assert title.startswith(f"# {int(page.stem[:4])}. ")
