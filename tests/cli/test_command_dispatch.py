"""`banyan dispatch` and `banyan template`: a plan with its files, or one message and nothing written."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from broken_order_files import ENGINEERS, ROWS, as_csv_bytes, good_table
from command_line import Banyan, written

from insight.imports.columns import TABLES

NOW = ("--now", "2026-03-02T08:30+08:00")
KEYS = {
    *("assigned", "unassigned", "objective", "bound", "gap", "travel_hours", "weighted_tardiness_hours"),
    *("first_plan_seconds", "churn", "bound_complete", "bound_note", "bound_saved"),
}


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, ...]:
    """Return the options that name good files, in the folder of the command."""
    (tmp_path / "orders.csv").write_bytes(as_csv_bytes(good_table()))
    (tmp_path / "engineers.csv").write_bytes(ENGINEERS.content)
    return ("--orders", "orders.csv", "--engineers", "engineers.csv", *NOW)


def plan(banyan: Banyan, files: tuple[str, ...], *more: str) -> dict[str, Any]:
    """Return what the command says of a plan."""
    result = banyan("dispatch", *files, "--iterations", "60", "--json", *more)
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_plan_has_every_key_and_every_order(banyan: Banyan, files: tuple[str, ...], tmp_path: Path) -> None:
    """The answer has the keys that others rely on, and the file each order once."""
    found = plan(banyan, files, "--out", "plan.json", "--bound", "--why", "o3", "--why", "o1")
    assert set(found) >= KEYS
    assert found["assigned"] + found["unassigned"] == ROWS
    assert found["bound"] <= found["objective"] and 0.0 <= found["gap"] <= 1.0
    assert found["churn"] is None and "cv 0.25 (assumed)" in found["assumptions"][0]
    assert [why["order"] for why in found["why"]] == ["o3", "o1"] and all(w["texts"] for w in found["why"])
    rows = json.loads((tmp_path / "plan.json").read_text())["plan"]
    assert sorted(row["order"] for row in rows) == sorted(row["id"] for row in good_table())
    assert all(0.0 <= row["p_breach"] <= 1.0 for row in rows)


def test_the_same_seed_and_iterations_write_the_same_bytes(
    banyan: Banyan, files: tuple[str, ...], tmp_path: Path
) -> None:
    """Plan, calendars and map of two runs are equal byte by byte, whatever the format of the plan."""
    for run in ("a", "b"):
        (tmp_path / run).mkdir()
        plan(
            banyan,
            files,
            "--out",
            f"{run}/plan.xlsx",
            "--ics",
            f"{run}/ics",
            "--geojson",
            f"{run}/map.geojson",
        )
        plan(banyan, files, "--out", f"{run}/plan.csv")
    names = [name for name in written(tmp_path / "a") if (tmp_path / "a" / name).is_file()]
    assert len(names) == 5 and names == [n for n in written(tmp_path / "b") if n != "ics"]
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_calendars_of_the_next_run_replace_those_of_the_last_and_nothing_else(
    banyan: Banyan, files: tuple[str, ...], tmp_path: Path
) -> None:
    """Whose day is empty loses his calendar; other files stay, and one with a calendar's name is refused."""
    plan(banyan, files, "--ics", "ics")
    first = {path.name: path.read_bytes() for path in (tmp_path / "ics").iterdir()}
    assert set(first) == {"e1.ics", "e2.ics"}
    (tmp_path / "ics" / "mine.ics").write_bytes(b"BEGIN:VCALENDAR")
    table = [row | {"pinned_engineer": "e2"} for row in good_table()[:1]]
    (tmp_path / "orders.csv").write_bytes(as_csv_bytes(table))
    plan(banyan, files, "--ics", "ics")
    assert written(tmp_path / "ics") == ["e2.ics", "mine.ics"]
    assert (tmp_path / "ics" / "e2.ics").read_bytes() != first["e2.ics"]
    (tmp_path / "ics" / "e1.ics").write_bytes(b"mine")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    result = banyan("dispatch", *files, "--iterations", "60", "--ics", "ics", "--out", "plan.csv")
    assert result.exit_code == 2 and "e1.ics, which no run has written" in result.stderr
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


def test_a_frozen_plan_stays(banyan: Banyan, files: tuple[str, ...], tmp_path: Path) -> None:
    """With the previous plan frozen for the whole horizon, from any format, nothing changes."""
    for ending in ("csv", "xlsx", "json"):
        plan(banyan, files, "--out", f"before.{ending}", "--seed", "3")
        found = plan(banyan, files, "--plan", f"before.{ending}", "--freeze", "48", "--out", "after.json")
        assert found["churn"] == 0.0, ending
        rows = json.loads((tmp_path / "after.json").read_text())["plan"]
        assert {row["changed"] for row in rows} == {"same"}


def test_a_plan_follows_the_policy_that_is_named(
    banyan: Banyan, files: tuple[str, ...], tmp_path: Path
) -> None:
    """The plan says whose weights it has: the scenario's choice, or another of its policies; none else."""
    own = "extends: asean15\nname: own\ndispatch: {scheduling_policy: thrifty}\n"
    (tmp_path / "own.yaml").write_text(own)
    costs = {}
    for name, more in (("thrifty", ()), ("balanced", ("--scheduling-policy", "balanced"))):
        found = plan(banyan, files, "--scenario", "own.yaml", "--out", "plan.json", *more)
        document = json.loads((tmp_path / "plan.json").read_text())
        assert found["scheduling_policy"] == document["scheduling_policy"] == name
        costs[name] = document["parts"]["travel"]
    assert costs["thrifty"] > costs["balanced"] > 0.0
    before = written(tmp_path)
    result = banyan("dispatch", *files, "--scheduling-policy", "punctul", "--out", "other.json")
    assert result.exit_code == 2 and written(tmp_path) == before
    assert "--scheduling-policy: found 'punctul'; allowed: balanced, punctual, thrifty" in result.stderr


def test_a_dry_run_checks_and_writes_nothing(banyan: Banyan, files: tuple[str, ...], tmp_path: Path) -> None:
    """What is in the files is counted, and the folder is as it was."""
    before = written(tmp_path)
    result = banyan("dispatch", *files, "--dry-run", "--json", "--out", "plan.csv")
    assert json.loads(result.stdout)["orders"] == ROWS
    assert written(tmp_path) == before


def test_each_order_that_is_asked_about_is_answered_without_any_file(
    banyan: Banyan, files: tuple[str, ...], tmp_path: Path
) -> None:
    """Why needs no plan to be written, may be repeated, and tells times with their offset."""
    before = written(tmp_path)
    result = banyan("dispatch", *files, "--iterations", "60", "--why", "o3", "--why", "o1")
    assert result.exit_code == 0 and written(tmp_path) == before
    why = result.stdout.partition("Why o3:")[2]
    assert "Why o1:" in why and " +08:00" in why
    table = good_table()
    table[3] |= {"window_start": "2026-03-02 05:00", "window_end": "2026-03-02 06:30"}
    (tmp_path / "orders.csv").write_bytes(as_csv_bytes(table))
    (found,) = plan(banyan, files, "--why", "o3")["why"]
    assert found["texts"][0].startswith("its window closed at 2026-03-02 06:30+08:00")


def test_why_is_told_rule_by_rule_with_prices_and_appointments(
    banyan: Banyan, files: tuple[str, ...], tmp_path: Path
) -> None:
    """In words: whom rules remove until nobody is left, changes that help, five prices, three slots."""
    staff = "id,city,skills,cost_per_hour\n" + "".join(f"e{n},kl,video:junior,{9 + n}\n" for n in range(8))
    rows = "a,kl,2026-03-02 07:00,1,video\nb,kl,2026-03-02 07:00,1,signals\n"
    (tmp_path / "engineers.csv").write_text(staff)
    (tmp_path / "orders.csv").write_text("id,city,reported_at,duration_h,skill\n" + rows)
    out = banyan("dispatch", *files, "--iterations", "60", "--why", "a", "--why", "b").stdout
    served, left = out.partition("Why a:")[2].split("Why b:")
    assert served.count("Given to e") == 5 and "and 3 more at a higher price" in served
    assert served.count("    Begin between ") == 3 and "and Mon 2026-03-02 10:00 +08:00, e0: as" in served
    assert " h and " not in served
    rules = [line for line in served.splitlines() if "  removes 0, leaves 8" in line]
    assert len(rules) == 14 and len({line.index("removes") for line in rules}) == 1
    assert "removes 8, leaves 0  (e0, e1, e2, e3, e4, e5, …)" in left and left.count(" leaves ") == 2
    assert "With e0 certified for signals as junior" in left.partition("What would make it possible:")[2]
    assert "forcing" not in left and left.count("has the skill signals") == 1


def test_a_bound_says_how_far_it_goes_and_improves_the_plan(
    banyan: Banyan, files: tuple[str, ...], tmp_path: Path
) -> None:
    """What the proof leaves out of account is told, and a better plan of its routes is the one written."""
    draw = random.Random(3)

    def place() -> str:
        return f"{3.05 + draw.random() * 0.2:.4f},{101.55 + draw.random() * 0.2:.4f},kl"

    rows = [f"o{i},{place()},2026-03-02 07:00,1,2026-03-02 {9 + i % 8:02d}:00" for i in range(16)]
    table = "\n".join(["id,lat,lon,city,reported_at,duration_h,due_at", *rows])
    (tmp_path / "orders.csv").write_text(table)
    staff = "\n".join(["id,lat,lon,city,skills", *(f"e{n},{place()},video:junior" for n in range(4))])
    (tmp_path / "engineers.csv").write_text(staff)
    first = plan(banyan, files, "--engine", "regret")
    result = banyan("dispatch", *files, "--engine", "regret", "--bound", "--out", "plan.json")
    found = json.loads((tmp_path / "plan.json").read_text())["figures"]
    saved = first["objective"] - found["objective"]
    assert saved > 1.0 and f"made the plan {saved:,.2f} cheaper" in result.stdout
    assert found["bound"] <= found["objective"]
    assert (
        "Bound: All routes were priced" in result.stdout and "; left out of account: travel" in result.stdout
    )


def test_a_later_replan_without_statuses_is_warned_of(
    banyan: Banyan, files: tuple[str, ...], tmp_path: Path
) -> None:
    """Visits that have begun by the plan that stands and have no status are told on stderr, with 0."""
    plan(banyan, files, "--out", "before.csv")
    later = (
        "--plan",
        "before.csv",
        "--now",
        "2026-03-02T12:00+08:00",
        "--iterations",
        "20",
        "--out",
        "p.csv",
    )
    result = banyan("dispatch", *files[:4], *later)
    assert result.exit_code == 0
    assert "warning: visits of the plan that have begun by 2026-03-02 12:00+08:00" in result.stderr


def test_bad_rows_are_left_out_on_request(banyan: Banyan, files: tuple[str, ...], tmp_path: Path) -> None:
    """With --skip-bad-rows the plan has the other orders, and what was left out is told."""
    table = good_table()
    table[2]["severity"] = "dreadful"
    (tmp_path / "orders.csv").write_bytes(as_csv_bytes(table))
    found = plan(banyan, files, "--skip-bad-rows", "--out", "plan.csv")
    assert found["assigned"] + found["unassigned"] == ROWS - 1
    assert len(found["skipped"]) == 1 and "row 4, column severity" in found["skipped"][0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--out", "plan.txt"), ".xlsx"),
        (("--out", "orders.csv"), "which is read"),
        (("--out", "nowhere/plan.csv"), "no folder"),
        ((), "--out"),
        (("--out", "p.csv", "--iterations", "5", "--time-limit", "1"), "one of the two"),
        (("--out", "p.csv", "--now", "2026-03-02 08:00"), "offset"),
        (("--out", "p.csv", "--engine", "magic"), "portfolio"),
        (("--out", "p.csv", "--freeze", "-1"), "at least 0"),
        (("--out", "p.csv", "--why", "o33"), "did you mean o3"),
        (("--out", "p.csv", "--map", "severity"), "HEADING=COLUMN"),
        (("--out", "p.csv", "--map", "a=durations"), "duration_h"),
        (("--out", "p.csv", "--scenario", "asean14"), "asean15"),
        (("--out", "p.csv", "--sites", "none.csv"), "none.csv"),
        (("--out", "p.csv", "--plan", "engineers.csv"), "column order"),
        (("--out", "p.csv", "--ics", "orders.csv"), "a folder"),
    ],
)
def test_options_are_refused_in_words(
    banyan: Banyan, files: tuple[str, ...], tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    """An option that cannot be ends with 2 and says what is allowed, and nothing is written."""
    before = written(tmp_path)
    result = banyan("dispatch", *files, *words)
    assert (result.exit_code, result.stdout) == (2, ""), result.stderr
    assert told in result.stderr, result.stderr
    assert written(tmp_path) == before


def test_templates_that_are_filled_in_can_be_planned(banyan: Banyan, tmp_path: Path) -> None:
    """From empty files to a plan: templates in both formats and languages, a row of one's own in each."""
    from openpyxl import load_workbook

    for table, own in (("orders", "o1"), ("engineers", "e1")):
        result = banyan("template", table, "--out", f"{table}.xlsx", "--language", "zh")
        assert result.exit_code == 0, result.stderr
        book = load_workbook(tmp_path / f"{table}.xlsx")
        sheet: Any = book.active
        assert (sheet["A1"].value, sheet.freeze_panes) == (TABLES[table].columns[0].chinese[0], "A2")
        sheet.append([own, *[cell.value for cell in list(sheet.rows)[-1][1:]]])
        book.save(tmp_path / f"{table}.xlsx")
    found = plan(banyan, ("--orders", "orders.xlsx", "--engineers", "engineers.xlsx", *NOW), "--out", "p.csv")
    assert found["assigned"] == 1


def test_templates_are_refused_in_words(banyan: Banyan, tmp_path: Path) -> None:
    """An unknown table, language or ending, or a file that is there, is refused."""
    (tmp_path / "there.csv").write_text("mine")
    for words in (
        ("wishes", "--out", "a.csv"),
        ("orders", "--out", "a.pdf"),
        ("orders", "--out", "there.csv"),
    ):
        assert banyan("template", *words).exit_code == 2
    assert banyan("template", "orders", "--out", "a.csv", "--language", "xx").exit_code == 2
    assert written(tmp_path) == ["there.csv"] and (tmp_path / "there.csv").read_text() == "mine"


def test_the_floor_of_plans_is_imported_without_what_takes_long() -> None:
    """Nothing that compiles or solves is imported before it is needed."""
    code = (
        "import sys, cli.main, cli.dispatch_command, optimize.day.problem, optimize.day.reading\n"
        "assert not {'numba', 'ortools', 'openpyxl', 'icalendar', 'pandas'} & set(sys.modules), sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
