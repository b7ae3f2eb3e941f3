"""Small jobs, and ways to wait for them and to see their processes, for the tests of `ui.jobs`."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from insight.tables import TABLE_NAMES
from ui.jobs import Job, JobSpec, JobStore

PATIENCE = 120.0


def document(name: str, days: float, **sections: Any) -> dict[str, Any]:
    """Return a scenario that is one city for some days."""
    return {"extends": "one-city", "name": name, "days": days, **sections}


def spec(replications: int = 4, days: float = 4.0, **more: Any) -> JobSpec:
    """Return what compares one city with its own orders dispatched first come, first served."""
    pair = (document("base", days), document("fifo", days, dispatch={"policy": "first_come"}))
    return JobSpec(**{"title": "A test", "scenarios": pair, "replications": replications, **more})


def long_spec() -> JobSpec:
    """Return what keeps two cores busy for many seconds in small steps."""
    return spec(replications=60, days=365.0)


def wait_for(store: JobStore, identity: str, true: Callable[[Job], bool]) -> Job:
    """Wait until something holds of a job, and return the job as it is then."""
    until = time.monotonic() + PATIENCE
    while True:
        job = store.job(identity)
        if true(job):
            return job
        assert time.monotonic() < until, f"{job.state} {job.done}/{job.planned} {job.message}"
        time.sleep(0.02)


def ended(store: JobStore, identity: str) -> Job:
    """Wait until a job has ended."""
    return wait_for(store, identity, lambda job: job.state not in ("queued", "running"))


def begun(store: JobStore, identity: str) -> Job:
    """Wait until a job runs and some of its replications are done, and others not."""
    job = wait_for(store, identity, lambda job: job.done >= 2 or job.state not in ("queued", "running"))
    assert job.state == "running", job.message
    return job


def runner_of(store: JobStore, identity: str) -> int:
    """Return the process of a running job."""
    return int(store.state(identity)["pid"])


def group(leader: int) -> list[int]:
    """Return the processes of a group that live."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, leads = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:  # it ended meanwhile
            continue
        if int(leads) == leader and state != "Z":
            found.append(int(stat.parent.name))
    return found


def gone(pids: list[int]) -> bool:
    """Wait until processes are gone; say whether they are."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if not any(_lives(pid) for pid in pids):
            return True
        time.sleep(0.02)
    return False


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def figures(job: Job) -> dict[str, Any]:
    """Return all that a job found: rows of every table, and what was made of them."""
    found: dict[str, Any] = {"comparison": json.loads((job.results / "comparison.json").read_text())}
    for name in job.spec.names:
        summary = json.loads((job.results / name / "summary.json").read_text())
        found[name] = {key: value for key, value in summary.items() if key != "seconds"}
        for table in TABLE_NAMES:
            files = sorted((job.results / name / table).glob("*.parquet"))
            assert files, f"no rows of {table}"
            found[f"{name}/{table}"] = pa.concat_tables([_in_words(pq.read_table(file)) for file in files])
    return found


def _in_words(table: pa.Table) -> pa.Table:
    """Return a table with its names written out: batches may number them differently."""
    columns: dict[str, Any] = {
        name: column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    return pa.table(columns)
