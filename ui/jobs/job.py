"""A job as it stands on disk: what it is to do, how far it has come, what has been said about it.

Three files hold it. `job.json` has the spec; `state.json` changes hands under the lock of the store;
`progress.json` belongs to the process of the job alone.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ui.jobs.files import read_json
from ui.jobs.spec import JobSpec, spec_from_json

State = Literal["queued", "running", "finished", "cancelled", "failed"]

SPEC, STATE, PROGRESS, LOG, ALIVE = "job.json", "state.json", "progress.json", "log.txt", "alive.lock"


@dataclass(frozen=True)
class Job:
    """A job.

    Parameters
    ----------
    id
        Its name in addresses and on disk.
    spec
        What it is to do.
    state
        queued, running, finished, cancelled or failed.
    done, planned
        Replications over all scenarios. With a precision the plan may grow.
    seconds_left
        How long it is likely to take still; None where nothing is known.
    completed
        Replications that every scenario has and whose figures stand in `results`.
    message
        Why it ended without being finished; empty otherwise.
    created, started, finished
        Instants as ISO text in UTC; empty where it has not come to that.
    folder
        Where all about it is.
    """

    id: str
    spec: JobSpec
    state: State
    done: int
    planned: int
    seconds_left: float | None
    completed: int
    message: str
    created: str
    started: str
    finished: str
    folder: Path

    @property
    def results(self) -> Path:
        """Return the folder that holds what `banyan compare --out` writes."""
        return self.folder / "results"

    @property
    def ready(self) -> bool:
        """Return whether there are figures to show."""
        return self.completed > 0


def read_job(folder: Path) -> Job:
    """Return the job of a folder.

    Raises
    ------
    KeyError
        If it holds none.
    """
    content, state, progress = (read_json(folder / name) for name in (SPEC, STATE, PROGRESS))
    try:
        spec = spec_from_json(content["spec"])
        created = str(content["created"])
        is_in: State = state["state"]
    except (KeyError, TypeError):
        raise KeyError(folder.name) from None
    planned = max(int(progress.get("planned", 0)), spec.replications * len(spec.scenarios))
    return Job(
        id=folder.name,
        spec=spec,
        state=is_in,
        done=min(int(progress.get("done", 0)), planned),
        planned=int(progress.get("planned", 0)) if is_in == "finished" else planned,
        seconds_left=_seconds_left(progress) if is_in == "running" else None,
        completed=int(progress.get("completed", 0)),
        message=message_from_json(state.get("message", "")),
        created=created,
        started=str(state.get("started", "")),
        finished=str(state.get("finished", "")),
        folder=folder,
    )


def _seconds_left(progress: Mapping[str, Any]) -> float | None:
    """Return how long what is planned will take at the speed so far."""
    since, began_with = progress.get("since"), progress.get("began_with")
    if since is None or began_with is None or progress["done"] <= began_with:
        return None
    pace = (progress["at"] - since) / (progress["done"] - began_with)
    expected = (progress["planned"] - progress["done"]) * pace
    return float(max(0.0, expected - max(0.0, time.time() - progress["at"])))


def message_as_json(message: str) -> Any:
    """Return a message as JSON that keeps what a phrase is made of."""
    template, values = getattr(message, "template", None), getattr(message, "values", {})
    if template is None:
        return str(message)
    return {
        "template": template,
        "values": {
            key: message_as_json(value) if isinstance(value, str) else _plain(value)
            for key, value in values.items()
        },
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def message_from_json(content: Any) -> str:
    """Return the message that `message_as_json` wrote, a phrase again if it was one."""
    if not isinstance(content, dict):
        return str(content)
    from scenarios.phrases import Phrase  # heavy through its package, and seldom wanted

    values = {
        key: message_from_json(value) if isinstance(value, dict) else value
        for key, value in content["values"].items()
    }
    return Phrase(content["template"], values)
