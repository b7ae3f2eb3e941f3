"""Published formats and the benchmarks' own checks, on instances small enough to be solved by hand."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import dispatch, hhcrsp, technician_day, trsp, vrptw
from benchmarks.instances import generated
from benchmarks.instances import hhcrsp as home_care
from benchmarks.instances import technician_day as day
from benchmarks.instances import trsp as technicians
from benchmarks.instances import vrptw as vehicles
from optimize import Plan, Route, plan_dispatch

VRPTW = """tiny

VEHICLE
NUMBER     CAPACITY
  2          10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0          0          0          0         40          0
    1      3          4          6          0         40          5
    2      3          5          4          0         40          5
    3      0         10          6         30         30          0
"""

TRSP = """tiny

INFO
CREW COUNT  SKILLS  TOOLS   SPARE PARTS
2\t2\t2\t1

DEPOT TECHNICIANS AND REQUESTS
ID   X     Y     TWS    TWE    Serv   SKILLS   TOOLS    SPARE PARTS
0    0     10    0      100    0      [] \t[] \t[]
1    0     0     0      100    0      [0] \t[] \t[1]
2    50    0     0      100    0      [1] \t[1] \t[0]
3    0     20    0      100    5      [0] \t[0] \t[0]
4    0     5     20     30     5      [0] \t[] \t[1]
"""


def home(tmp_path: Path) -> Path:
    """Return a file with a patient who needs two at once, and one who needs one in the wake of another."""
    both = [{"service": "s1", "duration": 4.0}, {"service": "s2", "duration": 4.0}]
    read = {
        "patients": [
            {"id": "p1", "location": [0, 3], "time_window": [10.0, 12.0], "required_caregivers": both}
            | {"synchronization": {"type": "simultaneous"}},
            {"id": "p2", "location": [0, 6], "time_window": [0.0, 5.0], "required_caregivers": both}
            | {"synchronization": {"type": "sequential", "distance": [2, 3]}},
        ],
        "caregivers": [{"id": "c1", "abilities": ["s1"]}, {"id": "c2", "abilities": ["s1", "s2"]}],
        "central_offices": [{"id": "d", "location": [0, 0]}],
        "distances": [[0.0, 3.0, 6.0], [3.0, 0.0, 3.0], [6.0, 3.0, 0.0]],
    }
    return written(tmp_path, json.dumps(read))


def written(tmp_path: Path, text: str) -> Path:
    """Return a file with a text."""
    file = tmp_path / "instance.txt"
    file.write_text(text, encoding="utf-8")
    return file


def test_vehicles(tmp_path: Path) -> None:
    """Distances are truncated to one decimal, and the check knows windows, loads and who is missing."""
    file = written(tmp_path, VRPTW)
    plan = plan_dispatch(vehicles(file), iterations=100)
    routes = [[int(name) for name in route.orders] for route in plan.routes if route.orders]
    distance, feasible = vrptw.checked(file, routes)
    assert feasible
    assert distance == pytest.approx(plan.cost) == pytest.approx(2 * 5.0 + 2 * 5.8 + 10.0)
    for broken in ([[1, 2]], [[1, 2, 3]], [[1], [2], [3]], [[3, 2], [1]]):
        assert not vrptw.checked(file, broken)[1]


def test_technicians(tmp_path: Path) -> None:
    """The depot gives what the van lacks, waiting is cut by leaving later, and each fault is found."""
    file = written(tmp_path, TRSP)
    plan = plan_dispatch(technicians(file), iterations=100)
    routes = trsp.routes_of(plan)
    cost, served, feasible = trsp.checked(file, routes)
    assert feasible and served == 2
    assert cost == pytest.approx(plan.cost) == pytest.approx(2 * 20.0 + 2 * 5.0)
    for broken in ([[3, 4], []], [[0, 3], []], [[0, 3], [0, 4]], [[0, 3, 4, 4], []]):
        assert not trsp.checked(file, broken)[2]
    late = written(tmp_path, TRSP.replace("20     30", "00     02"))
    assert not trsp.checked(late, routes)[2]


def test_home_care(tmp_path: Path) -> None:
    """Two begin together, two one after the other; all figures are those of the file and the starts."""
    file = home(tmp_path)
    plan = plan_dispatch(home_care(file), iterations=200)
    figures = hhcrsp.checked(file, plan)
    assert figures == {
        "distance": 24.0,
        "total_tardiness": 1.0 + 3.0 + 2 * 3.0,
        "max_tardiness": 3.0,
        "cost": pytest.approx(37.0 / 3.0, abs=1e-4),
        "feasible": True,
    }
    first, second = plan.routes
    for broken in (
        replace(first, starts=tuple(start + 0.5 for start in first.starts)),
        replace(first, starts=tuple(start - 9.0 for start in first.starts)),
        Route(first.engineer, (), ()),
    ):
        assert not hhcrsp.checked(file, replace(plan, routes=(broken, second)))["feasible"]


def test_days(tmp_path: Path) -> None:
    """Travel, weighted lateness of starts and penalties add up; a broken rule is an error."""
    text = json.dumps(
        {
            "depots": 1,
            "orders": 2,
            "technicians": 1,
            "horizon": 30,
            "travel": [[0, 5, 5], [5, 0, 1], [5, 1, 0]],
        }
        | {"home": [0], "service": [10, 15], "earliest": [0, 0], "latest": [30, 30], "due": [2, 9]}
        | {"weight": [2, 1], "drop_penalty": [50, 40], "qualified": [[0], [0]]}
    )
    file = written(tmp_path, text)
    plan = plan_dispatch(day(file), iterations=50)
    assert technician_day.objective_of(file, plan) == plan.cost == 5 + 5 + 2 * 3 + 40
    for wrong in ((("0", "1"), ()), (("0",), ())):
        with pytest.raises(ValueError, match=r"late home|loses orders"):
            route = Route("0", wrong[0], (0.0,) * len(wrong[0]))
            technician_day.objective_of(file, Plan((route,), wrong[1], 0.0))


def test_a_drawn_day_is_the_same_for_a_seed() -> None:
    """The same numbers give the same day, and its objective is that of the evaluation."""
    problem = generated(12, 3, 5)
    assert generated(12, 3, 5).orders == problem.orders != generated(12, 3, 6).orders
    plan = plan_dispatch(problem, iterations=50)
    assert dispatch.objective_of(problem, plan) == pytest.approx(plan.cost)


def test_the_command_prints_one_object_last(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The comparison with OR-Tools has every figure, and the greedy plan is the worst."""
    monkeypatch.setattr(sys, "argv", ["dispatch", "--orders=25", "--engineers=5", "--seconds=0.1"])
    dispatch.main()
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    keys = "objective first_plan_seconds unassigned greedy_objective ortools_from_greedy_objective ratio"
    assert {*keys.split()} <= {*result}
    assert max(result["objective"], result["ortools_from_greedy_objective"]) <= result["greedy_objective"]
    assert result["ratio"] == pytest.approx(
        result["objective"] / result["ortools_from_greedy_objective"], abs=1e-4
    )
