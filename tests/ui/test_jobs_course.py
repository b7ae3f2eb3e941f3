"""The course of a job, with real processes: queue, progress, results, failure, extension."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from jobs_at_work import begun, document, ended, figures, gone, group, long_spec, runner_of, spec, wait_for

from sim import compare
from ui.jobs import JobError, JobSpec, JobStore, Supervisor
from ui.jobs.simulating import _loaded


@pytest.fixture
def one_at_a_time(store: JobStore) -> Iterator[Supervisor]:
    """Return a supervisor that runs one job at once."""
    made = Supervisor(store, most=1)
    made.start()
    yield made
    made.stop()


def test_a_job_finds_what_compare_finds(store: JobStore, one_at_a_time: Supervisor, tmp_path: Path) -> None:
    """A finished job has the files, rows and figures of one comparison with the same options."""
    job = ended(store, store.submit(spec(replications=3)).id)
    assert (job.state, job.message, job.done, job.planned, job.completed) == ("finished", "", 6, 6, 3)
    assert job.ready and job.created <= job.started <= job.finished
    loaded = {name: _loaded(d, job.spec) for name, d in zip(job.spec.names, job.spec.scenarios, strict=True)}
    plain = tmp_path / "plain" / "results"
    found = compare(loaded, replications=3, folder=plain)
    assert json.loads((job.results / "comparison.json").read_text()) == found.content
    assert figures(job) == figures(replace(job, folder=plain.parent))


def test_a_single_scenario_has_no_comparison(store: JobStore, one_at_a_time: Supervisor) -> None:
    """A job of one scenario has its run folder and nothing to compare."""
    alone = replace(spec(), scenarios=(document("alone", 4.0),), replications=2)
    job = ended(store, store.submit(alone).id)
    assert (job.state, job.completed) == ("finished", 2)
    assert [path.name for path in job.results.iterdir()] == ["alone"]


def test_seed_and_days_of_the_spec_hold(store: JobStore, one_at_a_time: Supervisor) -> None:
    """Seed and length that the spec states are those of every run."""
    job = ended(store, store.submit(spec(replications=1, seed=7, days=2.0)).id)
    for name in job.spec.names:
        summary = json.loads((job.results / name / "summary.json").read_text())
        assert (summary["seed"], summary["days"]) == (7, 2.0)


def test_jobs_wait_for_their_turn(store: JobStore, one_at_a_time: Supervisor) -> None:
    """No more than the most run at once, and the others come in the order they were submitted."""
    first = store.submit(spec(replications=40))
    second, third = (store.submit(spec(replications=1)) for _ in range(2))
    assert [job.id for job in store.jobs()] == [third.id, second.id, first.id]
    wait_for(store, first.id, lambda job: job.state == "running")
    assert (store.job(second.id).state, store.job(third.id).state) == ("queued", "queued")
    jobs = [ended(store, each.id) for each in (first, second, third)]
    assert [job.state for job in jobs] == ["finished"] * 3
    assert jobs[0].finished <= jobs[1].started and jobs[1].finished <= jobs[2].started


def test_figures_stand_before_the_end(store: JobStore, one_at_a_time: Supervisor) -> None:
    """A running job shows the figures of its first paired replications, and says what is left."""
    job = store.submit(long_spec())
    job = wait_for(store, job.id, lambda job: job.completed >= 2 or job.state == "failed")
    assert job.state == "running" and job.ready and job.seconds_left is not None
    found = json.loads((job.results / "comparison.json").read_text())
    assert 2 <= found["replications"]["base"] == found["replications"]["fifo"] < 60


def test_an_impossible_scenario_fails_with_its_problem(store: JobStore, one_at_a_time: Supervisor) -> None:
    """A scenario that cannot be is a failed job whose message names the key."""
    wrong = document("wrong", 4.0, dispatch={"policy": "by_magic"})
    job = ended(store, store.submit(replace(spec(), scenarios=(document("base", 4.0), wrong))).id)
    assert job.state == "failed" and not job.ready
    assert "dispatch.policy" in job.message and "by_magic" in job.message


@pytest.mark.parametrize(
    "wrong",
    [
        {"scenarios": ()},
        {"scenarios": (document("same", 1.0), document("same", 1.0))},
        {"scenarios": (document("../up", 1.0),)},
        {"replications": 0},
    ],
)
def test_what_cannot_be_begun_is_refused(store: JobStore, wrong: dict[str, object]) -> None:
    """A spec without scenarios, names or replications is refused, and leaves nothing behind."""
    with pytest.raises(JobError):
        store.submit(replace(spec(), **wrong))  # type: ignore[arg-type]
    assert store.jobs() == []


def test_cancel_leaves_no_process(store: JobStore, one_at_a_time: Supervisor) -> None:
    """A cancelled job has no process left, keeps what it found, and goes on from there when resumed."""
    job = begun(store, store.submit(long_spec()).id)
    leader = runner_of(store, job.id)
    processes = group(leader)
    assert len(processes) > 1
    store.cancel(job.id)
    assert store.job(job.id).state == "cancelled"
    assert gone(processes)
    kept = {file: file.stat().st_mtime_ns for file in job.results.glob("*/batches/*.json")}
    assert kept
    store.cancel(job.id)
    store.resume(job.id)
    more = 2 * len(kept) + 2
    wait_for(store, job.id, lambda job: job.state == "running" and job.done >= more)
    assert {file: file.stat().st_mtime_ns for file in kept} == kept


def test_cancel_of_a_queued_job(store: JobStore) -> None:
    """A job that waits is cancelled without ever having run."""
    job = store.submit(spec())
    store.cancel(job.id)
    job = store.job(job.id)
    assert (job.state, job.started) == ("cancelled", "")


def test_more_replications_of_a_finished_job(store: JobStore, one_at_a_time: Supervisor) -> None:
    """An extended job ends with what a job of that many replications finds, and runs only what is missing."""
    job = ended(store, store.submit(spec(replications=2)).id)
    marker = job.results / "base" / "batches" / "batch-000000.json"
    before = marker.stat().st_mtime_ns
    store.extend(job.id, 5)
    queued = store.job(job.id)
    assert (queued.state, queued.spec.replications, queued.planned) == ("queued", 5, 10)
    longer = ended(store, job.id)
    assert (longer.state, longer.completed) == ("finished", 5)
    assert marker.stat().st_mtime_ns == before
    whole = ended(store, store.submit(spec(replications=5, seed=None)).id)
    assert figures(longer) == figures(whole)


def test_a_precision_of_a_finished_job(store: JobStore, one_at_a_time: Supervisor) -> None:
    """A finished job goes on, all scenarios alike, until the difference is as precise as asked for later."""
    job = ended(store, store.submit(spec(replications=2)).id)
    wanted = 0.02
    store.extend(job.id, precision={"utilisation": wanted})
    job = ended(store, job.id)
    assert job.state == "finished" and job.completed > 2 and job.done == job.planned == 2 * job.completed
    found = json.loads((job.results / "comparison.json").read_text())
    assert found["replications"] == {"base": job.completed, "fifo": job.completed}
    row = found["scenarios"]["fifo"]["utilisation"]
    assert (row["ci_high"] - row["ci_low"]) / 2.0 <= wanted


def test_a_later_precision_drops_no_replication(store: JobStore, one_at_a_time: Supervisor) -> None:
    """A job that has more replications than it was first asked for begins from those when it goes on."""
    job = ended(store, store.submit(spec(replications=2, precision={"utilisation": 0.02})).id)
    assert job.completed > 2
    store.extend(job.id, precision={"utilisation": 0.4})
    assert ended(store, job.id).completed == job.completed


def test_extension_has_to_be_more(store: JobStore) -> None:
    """A job under way, or one that was to have as many replications, cannot be extended so."""
    job = store.submit(spec(replications=4))
    with pytest.raises(JobError, match="under way"):
        store.extend(job.id, 9)
    store.cancel(job.id)
    with pytest.raises(JobError, match="already to have 4"):
        store.extend(job.id, 4)


def test_remove_takes_all_away(store: JobStore, one_at_a_time: Supervisor) -> None:
    """A removed job is gone from lists, from disk and from the processes."""
    job = begun(store, store.submit(long_spec()).id)
    processes = group(runner_of(store, job.id))
    store.remove(job.id)
    assert gone(processes) and not job.folder.exists() and store.jobs() == []
    for identity in (job.id, "../..", "no-such-job"):
        with pytest.raises(KeyError):
            store.job(identity)


def test_a_spec_survives_its_file(store: JobStore) -> None:
    """What is read back of a job is what was submitted."""
    asked = JobSpec(
        "Title 标题", (document("a", 1.0),), 3, 5, 2.5, {"utilisation": 0.1}, 30, {"study": "x", "n": [1, 2]}
    )
    assert store.job(store.submit(asked).id).spec == asked
