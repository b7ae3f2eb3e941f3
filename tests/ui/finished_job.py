"""A finished job of two tiny scenarios, made without the processes of `ui.jobs`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scenarios import LoadedScenario, load
from scenarios.documents import dump
from sim import compare
from ui.jobs import Job, JobSpec, JobStore, files

DOCUMENTS: tuple[dict[str, Any], ...] = (
    {"name": "plain", "extends": "one-city", "title": "=1+1", "days": 8.0},
    {
        "name": "first-come",
        "extends": "one-city",
        "title": "First come, first served",
        "days": 8.0,
        "dispatch": {"policy": "first_come"},
    },
)


def finished_job(folder: Path, title: str = "What if <b>Penang</b> is busier?") -> Job:
    """Return a finished job in a folder of the application."""
    store = JobStore(folder)
    job = store.submit(JobSpec(title, DOCUMENTS, 3, 7, 8.0))
    found = {document["name"]: _loaded(document, folder) for document in DOCUMENTS}
    compare(found, replications=3, seed=7, workers=1, folder=job.results)
    files.write_json(job.folder / "progress.json", {"done": 6, "planned": 6, "completed": 3})
    with store.locked():
        store.set_state(job.id, "finished", started=job.created, finished=job.created)
    return store.job(job.id)


def _loaded(document: dict[str, Any], folder: Path) -> LoadedScenario:
    path = folder / f"{document['name']}.yaml"
    path.write_text(dump(document), encoding="utf-8")
    return load(path)
