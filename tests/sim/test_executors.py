"""The same rows wherever batches run, and a run that outlives its workers."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from worlds import tiny

from insight.figures import network_figures
from insight.tables import TABLE_NAMES
from scenarios import LoadedScenario, from_document
from sim import experiment
from sim.executors import InProcess, executor
from sim.experiment import RunResult, WorkersLostError, run


def scenario() -> LoadedScenario:
    """Return about fifty orders a replication that need parts and repeat visits."""
    document = tiny(
        {
            "fault": {
                "work_hours": {"distribution": "lognormal", "mean": 3.0, "cv": 1.0},
                "first_time_fix": 0.7,
                "part": {"part": "board", "probability": 0.5},
            }
        },
        {"a": {"count": 2, "shift": "day"}},
        device_types={"fault": {"failures_per_year": 1825.0, "faults": {"fault": 1.0}}},
        parts={"board": {}},
        replications=8,
    )
    document["centres"]["base"]["depot"] = {
        "board": {"base_stock": 1, "lead_hours": {"distribution": "exponential", "mean": 9.0}}
    }
    return from_document(document)


@pytest.fixture(autouse=True)
def pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every batch hold two replications."""
    monkeypatch.setattr(experiment, "_ORDERS_PER_BATCH", 100)


def rows_of(folder: Path) -> dict[str, Any]:
    """Return every table of a run folder in the order of its files."""
    return {
        name: [pq.read_table(file).to_pydict() for file in sorted((folder / name).glob("*.parquet"))]
        for name in TABLE_NAMES
    }


def assert_same(one: RunResult, other: RunResult) -> None:
    """Compare the rows and figures of two runs with folders."""
    assert one.folder is not None and other.folder is not None
    assert str(rows_of(one.folder.path)) == str(rows_of(other.folder.path))
    for (number, a), (same_number, b) in zip(one.values, other.values, strict=True):
        assert number == same_number
        np.testing.assert_equal(dict(network_figures(a)), dict(network_figures(b)))


@pytest.fixture
def undisturbed(tmp_path: Path) -> RunResult:
    """Return the run in this process."""
    return run(scenario(), folder=tmp_path / "here")


def kill_a_worker_at(done_at: int, times: int) -> Callable[[int, int], None]:
    """Return a progress call that kills a worker process when so much is done, so many times."""
    others = {process.pid for process in multiprocessing.active_children()}
    left = [times]

    def progress(done: int, planned: int) -> None:
        if done < done_at or not left[0]:
            return
        workers = [p for p in multiprocessing.active_children() if p.pid not in others and p.pid]
        if workers:
            left[0] -= 1
            os.kill(workers[0].pid or 0, signal.SIGKILL)

    return progress


def test_two_workers_give_the_same_rows(undisturbed: RunResult, tmp_path: Path) -> None:
    """The same seed gives identical tables and figures with 1 worker and with 2."""
    assert_same(undisturbed, run(scenario(), workers=2, folder=tmp_path / "two"))


def test_a_run_outlives_the_death_of_a_worker(undisturbed: RunResult, tmp_path: Path) -> None:
    """When a worker is killed, what it was at is run again, once, and the rows are those of a quiet run."""
    progress = kill_a_worker_at(2, times=1)
    disturbed = run(scenario(), workers=2, folder=tmp_path / "killed", progress=progress)
    assert_same(undisturbed, disturbed)


def test_a_run_without_workers_that_last_gives_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When workers die again and again the run says so, and what is finished is kept for a resumption."""
    monkeypatch.setattr(experiment, "_ATTEMPTS", 1)
    with pytest.raises(WorkersLostError, match="--resume completes it"):
        run(scenario(), workers=2, folder=tmp_path / "lost", progress=kill_a_worker_at(2, times=1))
    assert list((tmp_path / "lost" / "batches").glob("*.json"))
    assert not (tmp_path / "lost" / "summary.json").exists()


def test_this_process_runs_at_once() -> None:
    """In this process a call is done when it has been submitted, and its error is its future's."""
    pool = InProcess()
    assert pool.submit(divmod, 7, 3).done()
    assert pool.submit(divmod, 7, 3).result() == (2, 1)
    failed = pool.submit(divmod, 7, 0)
    assert isinstance(failed.exception(), ZeroDivisionError)


def test_one_worker_is_this_process() -> None:
    """With one worker no process is started."""
    before = multiprocessing.active_children()
    with executor(1, None) as pool:
        assert pool.submit(os.getpid).result() == os.getpid()
        assert multiprocessing.active_children() == before


def test_an_error_in_a_worker_is_raised_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong in a batch is raised by the run, not swallowed."""

    def fail(batch: object) -> None:
        raise ArithmeticError("no such batch")

    monkeypatch.setattr(experiment, "run_batch", fail)
    with pytest.raises(ArithmeticError, match="no such batch"):
        run(scenario())
