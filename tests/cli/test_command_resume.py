"""Runs that are cut off, with real processes: what is left is completed to the rows of an undisturbed run."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import time
from pathlib import Path

import pytest
from command_line import finish, same_rows, start

REPLICATIONS = 5
#: 21,000 orders a replication, so that each is a batch of its own.
RUN = ("run", "mmc", "--days", "175", "--replications", str(REPLICATIONS))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run by one worker that nothing disturbed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    code, _, err = finish(start(folder, *RUN, "--workers", "1", "--out", "run"))
    assert code == 0, err
    return folder / "run"


def batches(run: Path) -> int:
    """Return how many batches a run folder holds that are complete."""
    return len(list((run / "batches").glob("batch-*.json")))


def started(folder: Path) -> subprocess.Popen[str]:
    """Start a run by two workers and return it when its first batch is complete."""
    process = start(folder, *RUN, "--workers", "2", "--out", "run")
    deadline = time.monotonic() + 60
    while not batches(folder / "run"):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    return process


def workers_of(pid: int) -> list[int]:
    """Return the worker processes of a process: children of the server that it has started for them."""
    return [worker for server in _children(pid, b"forkserver") for worker in _children(server, b"forkserver")]


def _children(pid: int, word: bytes) -> list[int]:
    """Return the processes that a process has started, of those with a word in their command."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            parent = next(line for line in status.read_text().splitlines() if line.startswith("PPid:"))
            words = (status.parent / "cmdline").read_bytes()
        except OSError:  # it ended meanwhile
            continue
        if int(parent.split()[1]) == pid and word in words:
            found.append(int(status.parent.name))
    return found


def is_like(run: Path, undisturbed: Path) -> bool:
    """Return whether a run has the rows and the figures of the undisturbed one."""
    kpis, wanted = (json.loads((f / "summary.json").read_text())["kpis"] for f in (run, undisturbed))
    return bool(kpis == wanted) and same_rows(run, undisturbed)


def test_kill_of_the_command(undisturbed: Path, tmp_path: Path) -> None:
    """What `kill -9` of the command leaves is completed, by another number of workers."""
    process = started(tmp_path)
    process.kill()
    process.communicate()
    assert 0 < batches(tmp_path / "run") < REPLICATIONS
    assert not (tmp_path / "run" / "summary.json").exists()
    code, _, err = finish(start(tmp_path, *RUN, "--workers", "1", "--out", "run", "--resume"))
    assert code == 0, err
    assert is_like(tmp_path / "run", undisturbed)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="worker processes are found by /proc")
def test_kill_of_a_worker(undisturbed: Path, tmp_path: Path) -> None:
    """A run whose worker is killed sets up others and finds the rows of an undisturbed one."""
    process = started(tmp_path)
    os.kill(workers_of(process.pid)[0], signal.SIGKILL)
    code, _, err = finish(process)
    assert code == 0, err
    assert "Traceback" not in err
    assert is_like(tmp_path / "run", undisturbed)


def test_interrupt(undisturbed: Path, tmp_path: Path) -> None:
    """Ctrl-C ends with code 1 and the command line that completes the run."""
    process = started(tmp_path)
    os.killpg(process.pid, signal.SIGINT)
    code, out, err = finish(process)
    assert (code, out) == (1, "")
    assert "Traceback" not in err
    words = shlex.split(err.strip().rpartition("complete it with: banyan ")[2])
    assert words[-1] == "--resume"
    code, _, err = finish(start(tmp_path, *words))
    assert code == 0, err
    assert is_like(tmp_path / "run", undisturbed)
