"""Experiments: which replications are run, when they are enough, what is kept, and what is refused."""

from __future__ import annotations

import gc
import json
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import Document, tiny, world_of

from insight.figures import Window, network_figures
from insight.run_folder import RunFolder, RunFolderError
from insight.summary import summarise
from insight.warmup import mser5
from scenarios import LoadedScenario, ScenarioError, from_document
from scenarios.compiling import compile_world
from sim import experiment
from sim import replicate as replicate_module
from sim.experiment import Options, PrecisionError, run, run_loaded
from sim.model import Model
from sim.replicate import replicate
from sim.warm_up import find_warm_up


def small(**sections: Any) -> Document:
    """Return about thirty orders a replication that wait for one engineer, with a clock on each."""
    kind = {"failures_per_year": 1095.0, "faults": {"fault": 1.0}}
    return tiny(
        {"fault": {"work_hours": {"distribution": "exponential", "mean": 4.0}}},
        {"a": {}},
        device_types={"fault": kind},
        sla=[{"name": "rule", "targets": {"attend": 4.0}}],
        **{"replications": 6, "seed": 11, **sections},
    )


def loaded(**sections: Any) -> LoadedScenario:
    """Return the small scenario, loaded."""
    return from_document(small(**sections))


def figures(result: experiment.RunResult) -> list[dict[str, float]]:
    """Return the figures of the whole network of each replication, in their order."""
    return [dict(network_figures(values)) for _, values in result.values]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every batch hold two replications of the small scenario."""
    monkeypatch.setattr(experiment, "_ORDERS_PER_BATCH", 60)


def test_replications_and_seed_are_the_scenario_s_unless_given() -> None:
    """Without options the scenario's own number of replications and seed are run."""
    own = run(loaded())
    assert [number for number, _ in own.values] == [0, 1, 2, 3, 4, 5]
    assert own.summary["seed"] == 11
    given = run(loaded(), replications=2, seed=5)
    assert (len(given.values), given.summary["seed"]) == (2, 5)
    assert figures(given) != figures(own)[:2]


def test_a_replication_is_that_of_the_model() -> None:
    """The figures of replication n are those of a model with its seed and number, run alone."""
    result = run(loaded(), replications=3)
    world = compile_world(loaded())
    for number, values in result.values:
        alone = network_figures(replicate(world, 11, number, Window(0.0, world.horizon))[1])
        np.testing.assert_equal(dict(network_figures(values)), dict(alone))


def test_the_summary_is_that_of_the_replications() -> None:
    """Means and intervals are computed over the replications, at the scenario's confidence."""
    result = run(loaded(confidence=0.9))
    assert result.summary["kpis"] == summarise([values for _, values in result.values], 0.9)["kpis"]
    assert result.kpis["time_to_attend_mean"]["n"] == 6
    model = [Model(world_of(small()), 11, n) for n in range(6)]
    assert result.summary["orders_per_replication"] == np.mean([len(m.births) for m in model])


@pytest.mark.parametrize("orders", [1, 60, 100, 10**6])
def test_batches_do_not_change_what_is_found(orders: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether replications are run one by one or together, their figures are the same."""
    expected = figures(run(loaded()))
    monkeypatch.setattr(experiment, "_ORDERS_PER_BATCH", orders)
    np.testing.assert_equal(figures(run(loaded())), expected)


def test_batches_are_runs_of_consecutive_replications() -> None:
    """Missing replications are run in batches without gaps, none larger than the size."""
    assert experiment._batches([0, 1, 2, 3, 4], 2) == [[0, 1], [2, 3], [4]]
    assert experiment._batches([1, 2, 4, 5, 6, 9], 2) == [[1, 2], [4, 5], [6], [9]]
    assert experiment._batches([], 2) == []


def test_progress_counts_up_to_the_plan(small_batches: None) -> None:
    """Progress begins at 0, never falls, and ends at the number planned."""
    told: list[tuple[int, int]] = []
    run(loaded(), progress=lambda done, planned: told.append((done, planned)))
    assert told[0] == (0, 6)
    assert told[-1] == (6, 6)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len(told) >= 4


# Precision


def test_a_precision_that_is_reached_at_once_runs_no_more() -> None:
    """With an easy half-width the run stops at its first checkpoint."""
    result = run(loaded(), precision={"utilisation": 0.49})
    assert len(result.values) == 6


def test_replications_go_on_to_the_next_checkpoint_until_precise() -> None:
    """Each checkpoint is half as many again, and the run stops at the first that is precise enough."""
    result = run(loaded(), precision={"utilisation": 0.09}, most_replications=200)
    count = len(result.values)
    checkpoints = [6, 9, 14, 21, 32, 48, 72, 108, 162, 200]
    assert count in checkpoints[1:-1]
    width = result.kpis["utilisation"]["half_width"]
    assert width is not None and width <= 0.09
    for fewer in (c for c in checkpoints if c < count):
        earlier = summarise([values for _, values in result.values[:fewer]], 0.95)["kpis"]["utilisation"]
        assert earlier["half_width"] > 0.09


def test_a_precision_that_cannot_be_reached_ends_at_the_most() -> None:
    """A run that is never precise enough stops at the greatest number of replications."""
    result = run(loaded(), precision={"utilisation": 1e-9}, most_replications=10)
    assert len(result.values) == 10
    assert [number for number, _ in result.values] == list(range(10))


def test_every_precision_asked_for_has_to_be_reached() -> None:
    """With two KPIs the run goes on until both are precise."""
    easy, hard = {"utilisation": 0.49}, {"utilisation": 0.49, "time_to_attend_mean": 1e-9}
    assert len(run(loaded(), precision=easy, most_replications=8).values) == 6
    assert len(run(loaded(), precision=hard, most_replications=8).values) == 8


@pytest.mark.parametrize(
    ("kpi", "width", "message"),
    [
        ("speed", 1.0, "--precision speed: found an unknown KPI"),
        ("utilisation", 0.0, "--precision utilisation: found 0.0; allowed: a number above 0"),
        ("utilisation", float("nan"), "--precision utilisation: found nan"),
        ("utilisation", 0.5, "--precision utilisation: found 0.5; allowed: below 0.5"),
    ],
)
def test_an_impossible_precision_is_refused(kpi: str, width: float, message: str, tmp_path: Path) -> None:
    """An unknown KPI, or a half-width that is not above 0, is refused before anything is run or written."""
    folder = tmp_path / "run"
    with pytest.raises(PrecisionError, match=message):
        run(loaded(), precision={kpi: width}, folder=folder)
    assert not folder.exists()


@pytest.mark.parametrize("options", [{"replications": 0}, {"seed": -1}, {"workers": 0}], ids=str)
def test_impossible_numbers_are_refused(options: dict[str, Any]) -> None:
    """No replications, a negative seed and no workers are refused."""
    with pytest.raises(ValueError, match="1 or more"):
        run(loaded(), **options)


def test_a_loaded_scenario_takes_no_further_values() -> None:
    """Overrides and days go with a name or a file."""
    with pytest.raises(ValueError, match="overrides and days"):
        run(loaded(), days=3.0)
    with pytest.raises(ValueError, match="overrides and days"):
        run(loaded(), overrides=["seed=3"])


# Run folders and resuming


def content(folder: Path, name: str) -> dict[str, list[Any]]:
    """Return a table of a run folder as plain lists."""
    import pyarrow.parquet as pq

    files = sorted((folder / name).glob("*.parquet"))
    tables = [pq.read_table(file).to_pydict() for file in files]
    return {column: [v for t in tables for v in t[column]] for column in tables[0]}


def test_a_run_folder_holds_what_was_found(tmp_path: Path, small_batches: None) -> None:
    """Manifest, scenario, summary, KPIs and tables are there, and hold the run's own figures."""
    result = run(loaded(), folder=tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["scenario"] == "tiny" and manifest["sha256"] == loaded().sha256
    assert (manifest["seed"], manifest["replications"], manifest["days"]) == (11, 6, 10.0)
    assert manifest["finished"] is not None
    assert (tmp_path / "scenario.yaml").read_text() == loaded().text
    assert json.loads((tmp_path / "summary.json").read_text())["kpis"] == result.summary["kpis"]
    orders = content(tmp_path, "work_orders")
    assert sorted(set(orders["replication"])) == [0, 1, 2, 3, 4, 5]
    assert len(orders["id"]) == round(result.summary["orders_per_replication"] * 6)
    assert len(list((tmp_path / "batches").glob("*.json"))) == 3


class Stopped(Exception):
    """Ends a run from its progress call."""


def interrupted(folder: Path, after: int) -> None:
    """Run the small scenario into a folder and stop when so many replications are done."""

    def stop(done: int, planned: int) -> None:
        if done >= after:
            raise Stopped

    with pytest.raises(Stopped):
        run(loaded(), folder=folder, progress=stop)


@pytest.mark.parametrize("after", [0, 2, 4])
def test_a_run_that_was_stopped_resumes_to_the_same_rows(
    after: int, tmp_path: Path, small_batches: None
) -> None:
    """Whenever a run stops, --resume completes it to the rows and figures of an undisturbed one."""
    whole = run(loaded(), folder=tmp_path / "whole")
    interrupted(tmp_path / "stopped", after)
    assert not (tmp_path / "stopped" / "summary.json").exists()
    resumed = run(loaded(), folder=tmp_path / "stopped", resume=True)
    np.testing.assert_equal(figures(resumed), figures(whole))
    for name in ("work_orders", "visits", "engineer_days"):
        assert str(content(tmp_path / "stopped", name)) == str(content(tmp_path / "whole", name))


def test_what_was_not_committed_is_run_again(tmp_path: Path, small_batches: None) -> None:
    """Files of a batch without its marker are removed and the batch is run anew, not counted twice."""
    whole = run(loaded(), folder=tmp_path / "whole")
    run(loaded(), folder=tmp_path / "torn")
    (tmp_path / "torn" / "batches" / "batch-000002.json").unlink()
    (tmp_path / "torn" / "visits" / "visits-000002.part").write_text("half a table")
    resumed = run(loaded(), folder=tmp_path / "torn", resume=True)
    np.testing.assert_equal(figures(resumed), figures(whole))
    assert not list((tmp_path / "torn").rglob("*.part"))
    assert str(content(tmp_path / "torn", "visits")) == str(content(tmp_path / "whole", "visits"))


def test_resuming_with_more_replications_adds_them(tmp_path: Path, small_batches: None) -> None:
    """A finished run that is resumed with more replications keeps what it has and adds the rest."""
    run(loaded(), replications=3, folder=tmp_path)
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "visits").iterdir()}
    more = run(loaded(), replications=6, folder=tmp_path, resume=True)
    np.testing.assert_equal(figures(more), figures(run(loaded())))
    assert {file: file.stat().st_mtime_ns for file in before} == before


def test_a_folder_with_a_run_is_not_written_to(tmp_path: Path) -> None:
    """Without --resume, a folder that holds a run is refused and stays as it is."""
    run(loaded(), replications=1, folder=tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    with pytest.raises(RunFolderError, match="found a run"):
        run(loaded(), folder=tmp_path)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize(
    ("sections", "options", "key"),
    [
        ({"name": "other"}, {}, "scenario"),
        ({"confidence": 0.9}, {}, "sha256"),
        ({}, {"seed": 12}, "seed"),
        ({"days": 11.0}, {}, "days"),
    ],
    ids=["name", "content", "seed", "days"],
)
def test_another_run_is_not_resumed(
    sections: dict[str, Any], options: dict[str, Any], key: str, tmp_path: Path
) -> None:
    """Resuming a folder with another scenario, content, seed or length is refused by that key."""
    run(loaded(), replications=1, folder=tmp_path)
    with pytest.raises(RunFolderError, match=rf"manifest\.json: {key}: found"):
        run(loaded(**sections), folder=tmp_path, resume=True, **options)


# Warm-up


def test_a_stated_warm_up_is_left_out() -> None:
    """With a fixed warm-up, figures are those of the window after it."""
    result = run(loaded(warm_up={"method": "fixed", "days": 4.0}), replications=1)
    world = compile_world(loaded())
    expected = network_figures(replicate(world, 11, 0, Window(96.0, 240.0))[1])
    np.testing.assert_equal(figures(result)[0], dict(expected))
    assert result.summary["warm_up_days"] == 4.0


def test_mser5_looks_at_the_open_orders_of_the_first_replications() -> None:
    """The warm-up found is that of MSER-5 on the mean number of open orders every six hours."""
    document = small(warm_up={"method": "mser5"}, days=40.0)
    world = world_of(document)
    instants = np.arange(0.0, 960.0, 6.0)
    backlog = np.zeros(len(instants))
    for number in range(5):
        model = Model(world, 11, number)
        model.run()
        restored = np.where(np.isnan(model.restored), np.inf, model.restored)
        for reported, end in zip(model.births.reported_at, restored, strict=True):
            backlog += (reported <= instants) & (instants < end)
    found = mser5(backlog / 5)
    assert find_warm_up(world, 11, 20).hours == found.truncate * 6.0
    assert find_warm_up(world, 11, 20).reliable is found.reliable
    assert find_warm_up(world, 11, 1) != find_warm_up(world, 11, 5)
    summary = run(from_document(document), replications=6).summary
    assert summary["warm_up_days"] == found.truncate * 6.0 / 24.0


def test_mser5_finds_that_a_queue_has_filled() -> None:
    """A network that needs days to fill from empty gets a warm-up; one that is steady at once gets less."""
    steps = {"fault": {"work_hours": {"distribution": "exponential", "mean": 60.0}}}
    kind = {"failures_per_year": 8760.0, "faults": {"fault": 1.0}}
    engineers: dict[str, Document] = {"a": {"count": 100}}
    filling = tiny(steps, engineers, device_types={"fault": kind}, days=60.0, warm_up={"method": "mser5"})
    assert 2.0 * 24.0 <= find_warm_up(world_of(filling), 1, 5).hours <= 20.0 * 24.0


def test_a_run_too_short_for_mser5_is_refused() -> None:
    """Fewer than fifty samples of six hours are too few, and the message names the key."""
    with pytest.raises(ScenarioError, match=r"warm_up\.method: found mser5 with days = 10"):
        run(loaded(warm_up={"method": "mser5"}))


def test_a_resumed_run_keeps_its_warm_up(tmp_path: Path) -> None:
    """The warm-up found at first is kept, though more replications would find another."""
    sections = {"warm_up": {"method": "mser5"}, "days": 40.0}
    first = run(loaded(**sections), replications=1, folder=tmp_path)
    more = run(loaded(**sections), replications=3, folder=tmp_path, resume=True)
    assert more.summary["warm_up_days"] == first.summary["warm_up_days"]


# Memory


def test_memory_does_not_grow_with_replications(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty replications need no more memory at their peak than five, and leave nothing behind."""
    monkeypatch.setattr(replicate_module, "_ORDERS_PER_COLLECTION", 200)
    world, scenario = world_of(small(days=60.0)), loaded(days=60.0)
    run_loaded(scenario, Options(replications=1), world)
    held, peaks = [], []
    gc.disable()
    tracemalloc.start()
    try:
        for count in (5, 20):
            gc.collect()
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            run_loaded(scenario, Options(replications=count), world)
            peaks.append(tracemalloc.get_traced_memory()[1] - before)
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0] - before)
    finally:
        tracemalloc.stop()
        gc.enable()
    assert peaks[1] < 1.5 * peaks[0]
    assert held[1] < held[0] + 100_000


def test_a_folder_of_a_run_can_be_read_again(tmp_path: Path, small_batches: None) -> None:
    """Figures read back from a run folder are those that the run returned."""
    result = run(loaded(), folder=tmp_path)
    again = RunFolder(tmp_path).values()
    assert [number for number, _ in again] == [number for number, _ in result.values]
    for (_, found), (_, kept) in zip(result.values, again, strict=True):
        np.testing.assert_equal(dict(network_figures(kept)), dict(network_figures(found)))
