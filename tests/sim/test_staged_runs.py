"""Scenarios that take turns: figures before the end, and the same figures at the end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from worlds import tiny

from insight.run_folder import RunFolder
from scenarios import LoadedScenario, from_document
from scenarios.compiling import compile_world
from sim import experiment
from sim.comparison import compare, comparison_of, like_the_baseline
from sim.experiment import run_together
from sim.in_step import in_step
from sim.options import Options, RunResult
from sim.replicate import Batch, BatchResult

#: What differs between two runs of the same thing.
_OF_THE_RUN = ("seconds", "started", "finished")


def network(engineers: int, **sections: Any) -> LoadedScenario:
    """Return about fifty orders a replication for some engineers."""
    document = tiny(
        {"fault": {"work_hours": {"distribution": "gamma", "mean": 5.0, "cv": 0.8}}},
        {"a": {"count": engineers}},
        device_types={"fault": {"failures_per_year": 1825.0, "faults": {"fault": 1.0}}},
        hours={"base": {"site": 1.0}},
        sla=[{"name": "rule", "targets": {"attend": 4.0}}],
        **{"replications": 12, "seed": 3, **sections},
    )
    return from_document(document)


def pair(**sections: Any) -> dict[str, LoadedScenario]:
    """Return two scenarios that differ in their engineers."""
    return {"two": network(2, **sections), "three": network(3, **sections)}


def contents(folder: Path, name: str) -> dict[str, Any]:
    """Return what a JSON file holds, apart from what says when it was made."""
    found = json.loads((folder / name).read_text())
    return {key: value for key, value in found.items() if key not in _OF_THE_RUN}


def staged(folder: Path, stages: tuple[int, ...] = (2, 5, 10), **options: Any) -> list[dict[str, int]]:
    """Run a pair in stages into a folder; return the replications of each at every stage."""
    seen: list[dict[str, int]] = []

    def note(runs: dict[str, RunResult]) -> None:
        on_disk = {n: json.loads((folder / n / "summary.json").read_text())["replications"] for n in runs}
        assert on_disk == {name: len(run.values) for name, run in runs.items()}
        seen.append(on_disk)

    scenarios = pair()
    chosen = like_the_baseline(scenarios, Options(folder=folder, **options))
    runs = run_together(scenarios, chosen, stages=stages, staged=note)
    RunFolder(folder).write_json("comparison.json", comparison_of(runs).content)
    return seen


def assert_like_one_run(folder: Path, plain: Path) -> None:
    """Compare all files that people read, and the rows of all tables."""
    for name in ("comparison.json", *(f"{n}/{file}" for n in pair() for file in _FILES)):
        assert contents(folder, name) == contents(plain, name), name
    for name in pair():
        rows, expected = (RunFolder(place / name).frame("work_orders") for place in (folder, plain))
        assert rows.astype(str).equals(expected.astype(str))


_FILES = ("summary.json", "manifest.json")


def test_stages_end_in_what_one_run_finds(tmp_path: Path) -> None:
    """Whatever was shown before, the files at the end are those of a comparison that nobody looked at."""
    assert staged(tmp_path / "staged") == [{"two": n, "three": n} for n in (2, 5, 10)]
    compare(pair(), folder=tmp_path / "plain")
    assert_like_one_run(tmp_path / "staged", tmp_path / "plain")


def test_stages_on_two_workers_end_in_what_one_run_finds(tmp_path: Path) -> None:
    """Workers finish in any order, and every stage that is shown is whole."""
    seen = staged(tmp_path / "staged", workers=2)
    assert seen and all(found["two"] == found["three"] for found in seen)
    compare(pair(), folder=tmp_path / "plain")
    assert_like_one_run(tmp_path / "staged", tmp_path / "plain")


def test_stages_towards_a_precision_end_in_what_one_run_finds(tmp_path: Path) -> None:
    """Checkpoints of a precision are shown as they are passed, and change nothing about where it ends."""
    wanted = {"precision": {"utilisation": 0.03}, "most_replications": 40}
    seen = staged(tmp_path / "staged", **wanted)
    compare(pair(), folder=tmp_path / "plain", **wanted)
    assert_like_one_run(tmp_path / "staged", tmp_path / "plain")
    assert [found["two"] for found in seen][:4] == [2, 5, 10, 12]


def test_a_warm_up_that_is_found_is_that_of_the_whole_run(tmp_path: Path) -> None:
    """MSER-5 looks at the replications of the first checkpoint, not at those of the first stage."""
    found = []
    for stages in ((), (2, 5)):
        scenarios = {"a": network(2, days=60, warm_up={"method": "mser5"})}
        runs = run_together(
            scenarios, Options(replications=5, folder=tmp_path / str(len(stages))), None, stages
        )
        found.append((runs["a"].summary["warm_up_days"], runs["a"].kpis))
    assert found[0] == found[1]


def test_scenarios_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replication n of every scenario is handed out before replication n + 1 of any."""
    handed: list[tuple[int, ...]] = []
    real = experiment.run_batch

    def note(batch: Batch) -> BatchResult:
        handed.append(batch.replications)
        return real(batch)

    monkeypatch.setattr(experiment, "run_batch", note)
    run_together(pair(), Options(replications=5), None, (2, 5))
    assert handed == [(0,), (0,), (1,), (1,), (2, 3, 4), (2, 3, 4)]


def test_no_worker_waits_while_another_has_several(monkeypatch: pytest.MonkeyPatch) -> None:
    """With as many workers as there are replications, each gets one."""
    handed: list[tuple[int, ...]] = []

    def note(batch: Batch) -> BatchResult:
        handed.append(batch.replications)
        raise ArithmeticError("enough")

    monkeypatch.setattr(experiment, "run_batch", note)
    monkeypatch.setattr(experiment, "executor", lambda workers, cluster: _here())
    with pytest.raises(ArithmeticError):
        run_together(pair(), Options(replications=2, workers=4))
    assert handed[0] == (0,)


def _here() -> Any:
    from sim.executors import executor

    return executor(1, None)


def test_compiled_worlds_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has compiled the scenarios need not wait for that again."""
    scenarios = pair()
    worlds = {name: compile_world(loaded) for name, loaded in scenarios.items()}
    expected = compare(scenarios, replications=2).content
    monkeypatch.setattr(experiment, "compile_world", None)
    assert compare(scenarios, worlds, replications=2).content == expected


def half_width(row: dict[str, Any]) -> float:
    """Return half of the interval of a difference."""
    return float(row["ci_high"] - row["ci_low"]) / 2.0


@pytest.mark.parametrize("width", [0.1, 0.05])
def test_scenarios_in_step_stop_together_once_their_difference_is_precise(width: float) -> None:
    """All have the same number of replications, and at the checkpoint before a difference was too wide."""
    scenarios = {**pair(), "four": network(4)}
    options = Options(replications=4, precision={"attend_attainment": width}, most_replications=400)
    runs = run_together(scenarios, options, go_on=in_step)
    (count,) = {len(run.values) for run in runs.values()}

    def widest(last: int) -> float:
        first = {
            name: RunResult(run.scenario, {**run.summary, "replications": last}, run.values[:last], None)
            for name, run in runs.items()
        }
        found = comparison_of(first).content["scenarios"]
        return max(half_width(row["attend_attainment"]) for row in found.values())

    checkpoints = [4]
    while checkpoints[-1] < count:
        checkpoints.append(-(-checkpoints[-1] * 3 // 2))
    assert checkpoints[-1] == count < 400 and len(checkpoints) > 1
    assert widest(count) <= width < min(map(widest, checkpoints[:-1]))


def test_scenarios_in_step_give_up_together() -> None:
    """Where the precision is out of reach, all have as many replications as there may be."""
    options = Options(replications=3, precision={"attend_attainment": 1e-9}, most_replications=5)
    runs = run_together(pair(), options, go_on=in_step)
    assert {len(run.values) for run in runs.values()} == {5}


def test_one_scenario_in_step_goes_by_its_own_figures() -> None:
    """Without another to differ from, the half-width is that of the level."""
    options = Options(replications=3, precision={"attend_attainment": 0.06}, most_replications=400)
    alone = {"two": network(2)}
    by_itself, together = run_together(alone, options), run_together(alone, options, go_on=in_step)
    assert together["two"].kpis == by_itself["two"].kpis
    assert (together["two"].kpis["attend_attainment"]["half_width"] or 1.0) <= 0.06
