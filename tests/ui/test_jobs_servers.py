"""Jobs and the deaths around them: of the process of a job, of its workers, of the server, of both."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from jobs_at_work import begun, ended, figures, gone, group, long_spec, runner_of, spec, wait_for

from insight.run_folder import RunFolder
from ui.jobs import JobSpec, JobStore, Supervisor, files
from ui.jobs.job import ALIVE

_SERVER = """
import sys, time
from ui.jobs import JobStore, supervisor
supervisor(JobStore(sys.argv[1])).start()
time.sleep(600)
"""


@pytest.fixture
def watched(store: JobStore) -> Iterator[Supervisor]:
    """Return a supervisor at work."""
    made = Supervisor(store)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def server(store: JobStore) -> Iterator[subprocess.Popen[bytes]]:
    """Return a process that runs the jobs of the folder."""
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(store.folder)],
        env={**os.environ, "PYTHONPATH": root},
        start_new_session=True,
    )
    yield process
    process.kill()
    process.wait()


def middling() -> JobSpec:
    """Return what takes some seconds on two cores."""
    return spec(replications=16, days=200.0)


def test_death_of_the_process_is_a_message(store: JobStore, watched: Supervisor) -> None:
    """A job whose process is killed has failed, says so, leaves no worker, and is not begun again."""
    job = begun(store, store.submit(long_spec()).id)
    leader = runner_of(store, job.id)
    processes = group(leader)
    os.kill(leader, signal.SIGKILL)
    job = ended(store, job.id)
    assert job.state == "failed" and "SIGKILL" in job.message and job.finished
    assert gone(processes)
    time.sleep(0.5)
    assert store.job(job.id).state == "failed"


def test_death_of_a_worker_changes_nothing(store: JobStore, watched: Supervisor) -> None:
    """A job outlives the death of a worker, and finds what it would have found."""
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("with one core there are no workers")
    job = begun(store, store.submit(middling()).id)
    leader = runner_of(store, job.id)
    worker = max(group(leader))
    os.kill(worker, signal.SIGKILL)
    job = ended(store, job.id)
    assert (job.state, job.completed) == ("finished", 16), job.message


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_death_of_the_server(
    store: JobStore, server: subprocess.Popen[bytes], number: signal.Signals
) -> None:
    """When the server alone ends, a job goes on, and the next server shows it to its end."""
    job = begun(store, store.submit(middling()).id)
    leader = runner_of(store, job.id)
    os.killpg(server.pid, number)
    server.wait()
    after = Supervisor(store)
    after.start()
    assert runner_of(store, job.id) == leader
    job = ended(store, job.id)
    assert (job.state, job.completed) == ("finished", 16), job.message
    after.stop()


def test_death_of_the_whole_tree(store: JobStore, server: subprocess.Popen[bytes], tmp_path: Path) -> None:
    """When server and job are killed, the next server takes the job up, and it ends with the same numbers."""
    job = begun(store, store.submit(middling()).id)
    leader = runner_of(store, job.id)
    server.kill()
    server.wait()
    os.killpg(leader, signal.SIGKILL)
    assert gone(group(leader))
    kept = sorted(job.results.glob("*/batches/*.json"))
    assert kept and store.job(job.id).state == "running"
    after = Supervisor(store)
    after.start()
    wait_for(store, job.id, lambda job: job.state == "running" and runner_of(store, job.id) != leader)
    job = ended(store, job.id)
    assert (job.state, job.completed) == ("finished", 16), job.message
    after.stop()
    undisturbed = JobStore(tmp_path / "undisturbed")
    quiet = Supervisor(undisturbed)
    quiet.start()
    assert figures(job) == figures(ended(undisturbed, undisturbed.submit(middling()).id))
    quiet.stop()


def test_what_ends_a_moment_after_its_server_is_taken_up(
    store: JobStore, server: subprocess.Popen[bytes]
) -> None:
    """A job whose process is still dying when the next server comes is taken up, too."""
    job = begun(store, store.submit(middling()).id)
    leader = runner_of(store, job.id)
    server.kill()
    server.wait()
    os.killpg(leader, signal.SIGKILL)
    assert gone(group(leader))
    dying = None
    while dying is None:
        dying = files.take(store.place(job.id) / ALIVE)
    after = Supervisor(store)
    after.start()
    time.sleep(0.3)
    assert store.job(job.id).state == "running" and runner_of(store, job.id) == leader
    os.close(dying)
    wait_for(store, job.id, lambda job: job.state == "running" and runner_of(store, job.id) != leader)
    after.stop()


def test_a_job_that_ends_every_server_is_left_alone(store: JobStore) -> None:
    """A job is taken up by itself only a few times, then it has failed until somebody resumes it."""
    job = store.submit(spec())
    for _ in range(4):
        with store.locked():
            store.set_state(job.id, "running", pid=2**22 + 1)
        supervisor = Supervisor(store, most=1)
        supervisor._take_up()
    job = store.job(job.id)
    assert job.state == "failed" and "ended several times" in job.message
    store.resume(job.id)
    assert store.job(job.id).state == "queued"


def test_a_number_given_anew_is_not_a_life(store: JobStore, watched: Supervisor) -> None:
    """A process that lives under the number of a dead one is neither taken for the job nor ended with it."""
    job = store.submit(long_spec())
    wait_for(store, job.id, lambda job: job.state == "running")
    watched.stop()
    leader = runner_of(store, job.id)
    os.killpg(leader, signal.SIGKILL)
    assert gone([leader])
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as other:
        with store.locked():
            store.set_state(job.id, "running", pid=other.pid)
        assert not store.is_alive(job.id)
        store.cancel(job.id)
        assert other.poll() is None
        other.kill()
    assert store.job(job.id).state == "cancelled"


def test_two_servers_start_a_job_once(store: JobStore) -> None:
    """With several servers on a folder every job is started by one of them, and the most holds for all."""
    servers = [Supervisor(JobStore(store.folder), most=1) for _ in range(3)]
    for each in servers:
        each.start()
    jobs = [store.submit(spec(replications=1)) for _ in range(3)]
    found = [ended(store, job.id) for job in jobs]
    assert [job.state for job in found] == ["finished"] * 3
    spans = sorted((job.started, job.finished) for job in found)
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))
    for each in servers:
        each.stop()


def test_a_second_server_does_not_take_up_what_the_first_watches(
    store: JobStore, watched: Supervisor
) -> None:
    """A job that dies while a server watches has failed, whoever else comes by."""
    job = begun(store, store.submit(long_spec()).id)
    os.kill(runner_of(store, job.id), signal.SIGKILL)
    second = Supervisor(JobStore(store.folder))
    second.start()
    assert ended(store, job.id).state == "failed"
    second.stop()


# Adoption


def inode(run: Path) -> int:
    """Return which file holds the first orders of a run."""
    return (run / "work_orders" / "work_orders-000000.parquet").stat().st_ino


def test_a_baseline_is_adopted(store: JobStore, watched: Supervisor, tmp_path: Path) -> None:
    """What another job has simulated of the same scenario is linked, and figures are as if it were not."""
    first = ended(store, store.submit(spec(replications=4)).id)
    second = ended(store, store.submit(spec(replications=3)).id)
    assert second.state == "finished"
    assert inode(second.results / "base") == inode(first.results / "base")
    markers = RunFolder(second.results / "base").committed().values()
    numbers = sorted(number for marker in markers for number in marker["replications"])
    assert numbers == [0, 1, 2]
    alone = JobStore(tmp_path / "alone")
    quiet = Supervisor(alone)
    quiet.start()
    expected = ended(alone, alone.submit(spec(replications=3)).id)
    quiet.stop()
    assert figures(second) == figures(expected)
    store.remove(first.id)
    assert figures(second) == figures(expected)


@pytest.mark.parametrize("more", [{"seed": 99}, {"days": 3.0}])
def test_another_run_is_not_adopted(store: JobStore, watched: Supervisor, more: dict[str, float]) -> None:
    """With another seed or another length nothing is taken over."""
    first = ended(store, store.submit(spec(replications=2)).id)
    second = ended(store, store.submit(spec(replications=2, **more)).id)  # type: ignore[arg-type]
    assert second.state == "finished"
    assert inode(second.results / "base") != inode(first.results / "base")


def test_another_version_is_not_adopted(store: JobStore, watched: Supervisor) -> None:
    """Rows that another version has made are made anew."""
    first = ended(store, store.submit(spec(replications=2)).id)
    run = RunFolder(first.results / "base")
    run.write_json("manifest.json", {**run.manifest(), "versions": {"banyan": "0.0.0"}})
    second = ended(store, store.submit(spec(replications=2)).id)
    assert inode(second.results / "base") != inode(run.path)


def test_half_a_batch_is_not_adopted(store: JobStore, watched: Supervisor) -> None:
    """A batch of which a file is missing is simulated."""
    first = ended(store, store.submit(spec(replications=2)).id)
    shutil.rmtree(first.results / "base" / "visits")
    second = ended(store, store.submit(spec(replications=2)).id)
    assert second.state == "finished"
    assert (second.results / "base" / "visits" / "visits-000000.parquet").is_file()
