"""Examples in the documentation: its scenarios, fragments, commands and scripts can be used as they stand."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import banyan
from docs.examples import SLIPS, Block, blocks, common_errors, first_scenario, merged
from docs.generate import FOLDER
from scenarios import from_document, load
from scenarios.compiling import compile_world
from scenarios.doubts import doubts
from sim import compare, run

PAGE = FOLDER / "scenarios.md"
BLOCKS = blocks(PAGE)
FRAGMENTS = [b for b in BLOCKS if b.language == "yaml" and not b.role]
CHILDREN = [b for b in BLOCKS if b.role.startswith("child ")]
COMMANDS = [
    line.partition("#")[0].strip()
    for b in BLOCKS
    if b.language == "sh"
    for line in b.text.splitlines()
    if line.startswith("banyan ")
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder, made current, with the documents that a reader of the page has saved."""
    (tmp_path / "first.yaml").write_text(_whole().text, encoding="utf-8")
    for child in CHILDREN:
        (tmp_path / child.role.removeprefix("child ")).write_text(child.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _whole() -> Block:
    (whole,) = (b for b in BLOCKS if b.role == "scenario")
    return whole


def test_the_page_has_examples_of_each_kind() -> None:
    """The page has one whole scenario, documents that extend it, fragments and commands, and no other."""
    assert len(FRAGMENTS) >= 15
    assert CHILDREN
    assert COMMANDS
    known = {"scenario", "", *(c.role for c in CHILDREN)}
    assert {b.role for b in BLOCKS if b.language == "yaml"} == known


def test_the_first_scenario_does_what_the_text_says(folder: Path) -> None:
    """It can be run, keeps its promise for little more than half of the orders, and is warned about."""
    loaded = load("first.yaml")
    codes = [w.code for w in doubts(loaded, compile_world(loaded))]
    assert codes == ["W-off-shift-sla"]
    attained = run(loaded, replications=5).kpis["attend_attainment"]["mean"]
    assert attained is not None
    assert 0.5 < attained < 0.65


def test_nights_do_what_the_text_says(folder: Path) -> None:
    """With one of the two at night and on Sundays, attainment rises by more than 30 points, for certain."""
    found = compare(["first.yaml", "nights.yaml"], replications=10).difference("nights", "attend_attainment")
    assert found["ci_low"] is not None
    assert found["ci_low"] > 0.30


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda b: re.sub(r"\W+", " ", b.text)[:40])
def test_every_fragment_makes_a_valid_scenario(fragment: Block) -> None:
    """A fragment merged with the first scenario is valid and can be compiled."""
    compile_world(from_document(merged(first_scenario(PAGE), fragment.text)))


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda b: re.sub(r"\W+", " ", b.text)[:40])
def test_every_fragment_can_be_run(fragment: Block) -> None:
    """A fragment merged with the first scenario can be simulated for a week."""
    document = merged(first_scenario(PAGE), fragment.text)
    short = {**document, "days": 7, "warm_up": {"method": "none"}}
    short["changes"] = [c for c in document.get("changes", ()) if str(c["from"]) < "2026-07-08"]
    assert run(from_document(short), replications=1).summary["orders_per_replication"] > 0


@pytest.mark.parametrize("child", CHILDREN, ids=lambda b: b.role)
def test_every_child_extends_what_is_there(folder: Path, child: Block) -> None:
    """A document that extends another can be loaded and compiled beside it, under a name of its own."""
    loaded = load(child.role.removeprefix("child "))
    compile_world(loaded)
    assert loaded.scenario.name != "first"


def test_null_removes_what_was_inherited(folder: Path) -> None:
    """In the example of removing, the site is gone and the rest is there."""
    assert set(load("fewer.yaml").scenario.sites) == {"old-town"}


def test_dated_changes_come_into_force() -> None:
    """In the example of changes, each period has what the changes up to it have set."""
    (block,) = (b for b in FRAGMENTS if b.text.startswith("changes:"))
    periods = from_document(merged(first_scenario(PAGE), block.text)).periods
    group = [p.scenario.centres["station"].engineers["technicians"].count for p in periods]
    cameras = [p.scenario.sites["old-town"].devices["camera"] for p in periods]
    assert (group, cameras) == ([2, 3, 3], [600, 600, 700])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c[:40])
def test_every_command_succeeds(folder: Path, command: str) -> None:
    """A command of the page can be given as it stands."""
    done = CliRunner().invoke(banyan, shlex.split(command)[1:])
    assert done.exit_code == 0, done.output


def test_slips_are_errors_in_every_case() -> None:
    """Each slip of the table is refused with a message that names a key; one that is not would be found."""
    table = common_errors(PAGE).splitlines()
    assert len(table) == len(SLIPS) + 2
    assert all("found" in row and "allowed" in row for row in table[2:])


def test_scripts_about_tables_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scripts on the page of tables read a run folder, as they stand."""
    monkeypatch.chdir(tmp_path)
    run("one-city", replications=2, days=20, folder=Path("runs/one-city"))
    scripts = [b.text for b in blocks(FOLDER / "tables.md") if b.language == "python"]
    assert scripts
    names: dict[str, object] = {}
    for script in scripts:
        exec(script, names)
    assert len(names["orders"]) > 0  # type: ignore[arg-type]
    assert set(names["late"].columns) == {"city", "severity", "cause", "orders"}  # type: ignore[attr-defined]
