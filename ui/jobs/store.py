"""The jobs of a folder: submit, look, cancel, resume, extend, remove; safe for several processes.

Every change of a state is made under one lock of the folder. Jobs are started by a `Supervisor`; here they
are only ended.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ui.jobs import files
from ui.jobs.job import ALIVE, SPEC, STATE, Job, message_as_json, read_job
from ui.jobs.spec import JobError, JobSpec, check_spec

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
#: How long a process has to end by itself before it is ended, and how long that may take: seconds.
_GRACE, _PATIENCE = 0.4, 2.0


class JobStore:
    """The jobs of a folder.

    Parameters
    ----------
    folder
        Where the application keeps its state; jobs are in its `jobs`.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.jobs_folder = self.folder.absolute() / "jobs"
        self.jobs_folder.mkdir(parents=True, exist_ok=True)

    # To look

    def job(self, identity: str) -> Job:
        """Return a job.

        Raises
        ------
        KeyError
            If there is none of the name.
        """
        return read_job(self.place(identity))

    def jobs(self) -> list[Job]:
        """Return all jobs, the newest first."""
        found = []
        for identity in self.identities():
            with contextlib.suppress(KeyError):  # removed meanwhile, or not one of ours
                found.append(self.job(identity))
        return sorted(found, key=lambda job: (job.created, job.id), reverse=True)

    def identities(self) -> list[str]:
        """Return the names of all jobs."""
        with os.scandir(self.jobs_folder) as entries:
            return [entry.name for entry in entries if _ID.fullmatch(entry.name)]

    def place(self, identity: str) -> Path:
        """Return the folder of a job; KeyError for what cannot be a name of one."""
        if not _ID.fullmatch(identity):
            raise KeyError(identity)
        return self.jobs_folder / identity

    def is_alive(self, identity: str) -> bool:
        """Return whether the process of a job lives."""
        return files.is_held(self.place(identity) / ALIVE)

    # To change

    def submit(self, spec: JobSpec) -> Job:
        """Queue a job and return it.

        Raises
        ------
        JobError
            If the spec cannot be begun with.
        """
        return self.add(secrets.token_hex(6), spec)

    def add(self, identity: str, spec: JobSpec) -> Job:
        """Queue a job under a name.

        Raises
        ------
        JobError
            If the spec cannot be begun with.
        FileExistsError
            If there is a job of the name.
        """
        check_spec(spec)
        place = self.place(identity)
        unfinished = self.jobs_folder / f".new-{identity}-{secrets.token_hex(4)}"
        unfinished.mkdir()
        created = now()
        files.write_json(unfinished / SPEC, {"spec": spec.as_json(), "created": created})
        files.write_json(unfinished / STATE, {"state": "queued", "queued": created})
        try:
            unfinished.rename(place)
        except OSError:
            shutil.rmtree(unfinished)
            raise FileExistsError(str(place)) from None
        return self.job(identity)

    def cancel(self, identity: str) -> None:
        """End a job and its processes; what is finished of it stays. One that has ended stays as it is.

        Raises
        ------
        KeyError
            If there is none of the name.
        """
        with self.locked():
            if self.job(identity).state not in ("queued", "running"):
                return
            pid = self.state(identity).get("pid")
            self.set_state(identity, "cancelled", finished=now())
        if pid is not None:
            self._end(identity, pid)

    def resume(self, identity: str) -> None:
        """Queue a job again that was cancelled or failed; what is finished of it is not run again.

        Raises
        ------
        KeyError
            If there is none of the name.
        """
        with self.locked():
            if self.job(identity).state in ("cancelled", "failed"):
                self.set_state(identity, "queued", queued=now(), finished="", message="", revivals=0)

    def extend(
        self, identity: str, replications: int | None = None, precision: Mapping[str, float] | None = None
    ) -> None:
        """Ask more of a job that has ended: more replications, or a precision.

        Parameters
        ----------
        identity
            The job.
        replications
            Replications of each scenario, more than it has; what was asked for when absent.
        precision
            KPI -> half-width, beside those that were asked for.

        Raises
        ------
        KeyError
            If there is none of the name.
        JobError
            If it is under way, or has as many replications.
        """
        from scenarios.phrases import phrase

        with self.locked():
            job = self.job(identity)
            if job.state in ("queued", "running"):
                raise JobError(phrase("the job is still under way"))
            if replications is not None and replications <= job.spec.replications:
                raise JobError(
                    phrase("the job was already to have {n} replications", n=job.spec.replications)
                )
            spec = replace(
                job.spec,
                replications=replications or max(job.spec.replications, job.completed),
                precision={**job.spec.precision, **(precision or {})},
            )
            files.write_json(job.folder / SPEC, {"spec": spec.as_json(), "created": job.created})
            self.set_state(identity, "queued", queued=now(), finished="", message="", revivals=0)

    def remove(self, identity: str) -> None:
        """End a job and remove all about it.

        Raises
        ------
        KeyError
            If there is none of the name.
        """
        self.cancel(identity)
        away = self.jobs_folder / f".removed-{identity}-{secrets.token_hex(4)}"
        with self.locked(), contextlib.suppress(FileNotFoundError):
            self.place(identity).rename(away)
        shutil.rmtree(away, ignore_errors=True)

    # For those who run jobs

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep all others from changing states while the context lasts."""
        with files.locked(self.jobs_folder / ".lock"):
            yield

    def state(self, identity: str) -> dict[str, Any]:
        """Return the state of a job as it is kept; empty if there is none."""
        return files.read_json(self.place(identity) / STATE)

    def set_state(self, identity: str, state: str, **more: Any) -> None:
        """Change the state of a job; only under the lock of the store."""
        if "message" in more:
            more["message"] = message_as_json(more["message"])
        content = {**self.state(identity), **more, "state": state}
        if state != "running":
            content.pop("pid", None)
        files.write_json(self.place(identity) / STATE, content)

    def _end(self, identity: str, pid: int) -> None:
        """End the processes of a job: its process is the first of a group."""
        alive = self.place(identity) / ALIVE
        for number, seconds in ((signal.SIGTERM, _GRACE), (signal.SIGKILL, _PATIENCE)):
            if not files.is_held(alive):
                # Its number may be another's by now, and its workers end without it.
                return
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, number)
            until = time.monotonic() + seconds
            while files.is_held(alive) and time.monotonic() < until:
                time.sleep(0.01)


def now() -> str:
    """Return this instant as ISO text in UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds")  # so fine that the order of a queue is told
