"""Starts queued jobs, at most as many at once as there are cores, and sees to those whose process has ended.

Several servers may watch one folder: who starts or judges a job holds the lock of the store. What a job was
at when no server was left is taken up by the next one; a job whose process ends while a server watches has
failed, and is only taken up when somebody asks for it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from sim.cores import cores
from ui.jobs import files
from ui.jobs.job import ALIVE, LOG, STATE
from ui.jobs.standby import Standby
from ui.jobs.store import JobStore, now

#: Seconds between two looks at the folder.
_INTERVAL = 0.1
#: Seconds from the end of a process to the judgement that its job has failed: what ended the process may be
#: about to end this server too, and then the next one is to take the job up.
_GRACE = 1.0
#: How often a job is taken up by itself that its server left running.
_REVIVALS = 3
#: Seconds without a job until a process is prepared for the next one: the first page comes first.
_IDLE = 4.0
_WATCHED = ".watched.lock"


class Supervisor:
    """Runs the jobs of a folder.

    Parameters
    ----------
    store
        The jobs.
    most
        How many run at once; as many as there are cores when absent.
    """

    def __init__(self, store: JobStore, most: int | None = None) -> None:
        self._store = store
        self._most = most or cores()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._ended: dict[str, tuple[int, int]] = {}
        self._lost: dict[str, float] = {}
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._watch: int | None = None
        self._took_over = float("-inf")
        self._standby: Standby | None = None
        self._idle_since = time.monotonic()

    def start(self) -> None:
        """Take up what no server watches any more, and begin to run jobs."""
        if self._thread is not None:
            return
        self._stopping.clear()
        self._idle_since = time.monotonic()
        lock = self._store.jobs_folder / _WATCHED
        with self._store.locked():
            alone = files.take(lock)
            if alone is not None:
                self._take_up()
                self._took_over = time.monotonic()
                os.close(alone)
            self._watch = files.share(lock)
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop looking after jobs; those that run go on by themselves."""
        if self._thread is None:
            return
        self._stopping.set()
        self._thread.join()
        self._thread = None
        if self._standby is not None:
            self._standby.dismiss()
            self._standby = None
        if self._watch is not None:
            os.close(self._watch)
            self._watch = None

    def _run(self) -> None:
        while not self._stopping.wait(_INTERVAL):
            # A full disk, say: what cannot be written now may be at the next look.
            with contextlib.suppress(OSError):
                self.look()
                self._prepare()

    def _prepare(self) -> None:
        """Have a process in wait once nothing has run for a while."""
        if self._under_way():
            self._idle_since = time.monotonic()
        elif self._standby is not None and self._standby.process.poll() is not None:
            self._standby = None
        elif self._standby is None and time.monotonic() - self._idle_since >= _IDLE:
            self._standby = Standby(_environment())

    def look(self) -> None:
        """Judge jobs whose process has ended, and start those whose turn it is."""
        self._reap()
        states = {identity: self._store.state(identity) for identity in self._under_way()}
        running = [identity for identity, state in states.items() if state.get("state") == "running"]
        queued = [identity for identity, state in states.items() if state.get("state") == "queued"]
        lost = [identity for identity in running if not self._store.is_alive(identity)]
        instant = time.monotonic()
        self._lost = {identity: self._lost.get(identity, instant) for identity in lost}
        overdue = [identity for identity, since in self._lost.items() if instant - since >= _GRACE]
        if overdue or (queued and len(running) < self._most):
            with self._store.locked():
                for identity in overdue:
                    # Threads of a process that is killed end one after another, its lock with the last.
                    if self._lost[identity] - self._took_over < _GRACE and identity not in self._processes:
                        self._take_up_one(identity)
                    else:
                        self._judge(identity)
                self._start_next(queued)

    def _under_way(self) -> list[str]:
        """Return the jobs that have not ended, reading only states that have changed."""
        found = []
        for identity in self._store.identities():
            try:
                status = (self._store.place(identity) / STATE).stat()
            except OSError:
                continue
            stamp = (status.st_mtime_ns, status.st_ino)
            if self._ended.get(identity) == stamp:
                continue
            if self._store.state(identity).get("state") in ("queued", "running"):
                found.append(identity)
            else:
                self._ended[identity] = stamp
        return found

    # With the lock of the store

    def _take_up(self) -> None:
        """Queue jobs that a server left running and whose process has ended with it."""
        for identity in self._under_way():
            self._take_up_one(identity)

    def _take_up_one(self, identity: str) -> None:
        from scenarios.phrases import phrase

        state = self._store.state(identity)
        if state.get("state") != "running" or self._store.is_alive(identity):
            return
        revivals = int(state.get("revivals", 0)) + 1
        if revivals > _REVIVALS:
            message = phrase("the server ended several times while this was running")
            self._store.set_state(identity, "failed", message=message, finished=now())
        else:
            self._store.set_state(identity, "queued", revivals=revivals)

    def _judge(self, identity: str) -> None:
        """Say that a job has failed whose process is gone without a word."""
        from scenarios.phrases import phrase

        if self._store.state(identity).get("state") != "running" or self._store.is_alive(identity):
            return
        process = self._processes.get(identity)
        code = None if process is None else process.wait()
        if code is not None and code < 0:
            name = signal.Signals(-code).name if -code in list(signal.Signals) else str(-code)
            message = phrase(
                "the process of this run was ended by signal {signal}, perhaps for want of memory; "
                "finished replications are kept and can be resumed",
                signal=name,
            )
        else:
            message = phrase(
                "the process of this run ended before it was done; finished replications are kept and can "
                "be resumed"
            )
        self._store.set_state(identity, "failed", message=message, finished=now())

    def _start_next(self, queued: list[str]) -> None:
        """Start jobs in the order in which they were queued, as long as there is room."""
        states = {identity: self._store.state(identity) for identity in self._under_way()}
        room = self._most - sum(state.get("state") == "running" for state in states.values())
        waiting = [identity for identity in queued if states.get(identity, {}).get("state") == "queued"]
        for identity in sorted(waiting, key=lambda i: str(states[i].get("queued", "")))[: max(0, room)]:
            self._start(identity)

    def _start(self, identity: str) -> None:
        """Start the process of a job; it has the lock that says that it lives from its first instant on."""
        folder = self._store.place(identity)
        alive = files.take(folder / ALIVE)
        if alive is None:  # the last process of the job is still ending
            return
        try:
            with (folder / LOG).open("ab") as log:
                standby, self._standby = self._standby, None
                if standby is not None and standby.give(folder, alive, log.fileno()):
                    process = standby.process
                else:
                    process = _process(folder, alive, log.fileno())
        finally:
            os.close(alive)
        self._processes[identity] = process
        self._store.set_state(identity, "running", pid=process.pid, started=now(), finished="", message="")

    def _reap(self) -> None:
        """Let go of processes that have ended."""
        for identity, process in list(self._processes.items()):
            if process.poll() is not None and self._store.state(identity).get("state") != "running":
                del self._processes[identity]


def _process(folder: Path, alive: int, log: int) -> subprocess.Popen[bytes]:
    """Return the process of a job, which outlives this one and gets none of its signals."""
    return subprocess.Popen(
        [sys.executable, "-m", "ui.jobs.runner", str(folder), str(alive)],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        pass_fds=(alive,),
        start_new_session=True,
        env=_environment(),
    )


def _environment() -> dict[str, str]:
    """Return an environment in which the process finds this package wherever the server was started."""
    root = Path(__file__).resolve().parents[2]
    if not (root / "pyproject.toml").exists():  # installed, so it is found anyway
        return dict(os.environ)
    before = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), *([before] if before else [])])}


def supervisor(store: JobStore) -> Supervisor:
    """Return what runs the jobs of a folder; `start` it once a process."""
    return Supervisor(store)
