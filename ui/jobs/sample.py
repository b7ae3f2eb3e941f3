"""The job that is there on first opening: the whole network, and the same with two changes that tell.

Two more seniors in Medan, and seven days of storm in Penang.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

from ui.jobs.spec import JobSpec

if TYPE_CHECKING:
    from ui.jobs.job import Job
    from ui.jobs.store import JobStore

#: Name of the job.
SAMPLE = "sample"
BASELINE = "asean15"
_REPLICATIONS = 20
_SENIORS: dict[str, Any] = {
    "count": 2,
    "level": "senior",
    "shift": "late",
    "cost_per_hour": 9,
    "skills": ["video", "sensing", "signals", "terminals", "network", "recovery"],
    "languages": ["id", "en"],
    "passes": ["site-work"],
    "van": {"camera": 2, "sensor": 4, "detector-card": 1, "printer": 1, "gateway": 1},
}
_STORM = {"name": "storm-in-penang", "kind": "storm", "from": "2026-11-09", "days": 7, "cities": ["penang"]}


def ensure_sample(store: JobStore) -> None:
    """Queue the sample in the background, unless the folder has had it already.

    Parameters
    ----------
    store
        The jobs. A sample that was removed does not come back.
    """
    mark = store.folder / ".sample"
    if mark.exists():
        return
    threading.Thread(target=_add, args=(store,), name="sample", daemon=True).start()


def _add(store: JobStore) -> None:
    with contextlib.suppress(FileExistsError, OSError):
        add_sample(store)
    (store.folder / ".sample").touch()


def add_sample(store: JobStore) -> Job:
    """Queue the sample.

    Raises
    ------
    FileExistsError
        If there is one.
    """
    return store.add(SAMPLE, sample_spec())


def sample_spec() -> JobSpec:
    """Return what the sample simulates."""
    from scenarios import load
    from ui.lab.study import Edit, Study, Variant, study_to_text
    from ui.language import msgid

    edits = (
        Edit("centres.medan-station.engineers.seniors", _SENIORS),
        Edit("disruptions", _STORM, "add"),
    )
    title = msgid("Two more seniors in Medan, seven days of storm in Penang")
    study = Study(BASELINE, (Variant("medan-seniors-penang-storm", title, edits),), _REPLICATIONS)
    scenario = load(BASELINE).scenario
    return JobSpec(
        title=title,
        scenarios=study.documents(scenario.model_dump(mode="json", by_alias=True)),
        replications=_REPLICATIONS,
        origin={"study": study_to_text(study)},
    )
