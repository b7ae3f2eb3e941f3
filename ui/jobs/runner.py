"""The process of a job: `python -m ui.jobs.runner FOLDER LOCK`, or `--standby` to wait for one.

It simulates, and says how it ended.

Imports are made in an order: another process begins to import what workers need while this one reads the
scenarios. What is simulated is in `ui.jobs.simulating`.
"""

from __future__ import annotations

import os
import sys
import traceback
from multiprocessing import forkserver
from pathlib import Path

from ui.jobs.job import SPEC, read_job
from ui.jobs.standby import prepare, wait_for_job
from ui.jobs.store import JobStore, now


def main(folder: Path, lock: int) -> int:
    """Run the job of a folder and return the exit code.

    Parameters
    ----------
    folder
        Folder of the job, below the `jobs` of a store.
    lock
        Descriptor that holds the lock of the job; whoever closes it is taken for dead.
    """
    os.set_inheritable(lock, False)
    store = JobStore(folder.parents[1])
    _begin_workers()
    try:
        message = _simulated(store, folder)
    except Exception as error:
        traceback.print_exc()
        message = _in_words(error)
    with store.locked():
        if store.state(folder.name).get("pid") != os.getpid():
            return 1  # cancelled or removed meanwhile
        state = "failed" if message else "finished"
        store.set_state(folder.name, state, message=message, finished=now(), revivals=0)
    return 1 if message else 0


def stand_by() -> int:
    """Prepare everything, wait for a job, run it and return the exit code; 0 where none comes."""
    _begin_workers()
    prepare()
    job = wait_for_job()
    return 0 if job is None else main(*job)


def _begin_workers() -> None:
    """Start the process that workers are forked from; it imports what they need beside this one."""
    if sys.platform == "linux":
        forkserver.set_forkserver_preload(["sim.worker"])
        forkserver.ensure_running()


def _simulated(store: JobStore, folder: Path) -> str:
    """Run the job and return why it is not finished; an empty text if it is."""
    from scenarios.problems import ScenarioError
    from ui.jobs.simulating import simulate

    # Before the lock of the store is free, its state does not name this process yet.
    with store.locked():
        if not (folder / SPEC).exists() or store.state(folder.name).get("pid") != os.getpid():
            return ""
    try:
        simulate(store, read_job(folder))
    except ScenarioError as error:
        from scenarios.phrases import message_of

        return message_of(error)
    return ""


def _in_words(error: Exception) -> str:
    """Return what went wrong as people read it."""
    from insight.run_folder import RunFolderError
    from scenarios.phrases import phrase
    from sim.experiment import PrecisionError, WorkersLostError

    if isinstance(error, WorkersLostError):
        return phrase(
            "worker processes ended again and again, perhaps for want of memory; finished replications are "
            "kept and can be resumed"
        )
    if isinstance(error, MemoryError):
        return phrase("memory ran out; finished replications are kept and can be resumed")
    if isinstance(error, OSError) and error.strerror:
        return phrase("a file could not be used: {reason}", reason=error.strerror)
    if isinstance(error, PrecisionError | RunFolderError):
        return str(error)
    words = " ".join(str(error).split())
    return phrase("an error of the program: {kind}: {words}", kind=type(error).__name__, words=words)


if __name__ == "__main__":
    if sys.argv[1:] == ["--standby"]:
        sys.exit(stand_by())
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
