"""What a job does: read its scenarios, adopt what others have simulated, simulate, and tell how far it is.

Figures are written as soon as two paired replications stand, and again at each further stage.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from insight.cell_differences import stored_cell_differences
from insight.page_figures import stored_page_figures
from insight.run_folder import RunFolder
from scenarios import LoadedScenario, documents, from_document, load
from scenarios.compiling import compile_world
from scenarios.world import World
from sim.comparison import comparison_of, like_the_baseline
from sim.cores import cores
from sim.experiment import run_together
from sim.in_step import in_step
from sim.options import MOST_REPLICATIONS, Options, RunResult
from ui.jobs import files
from ui.jobs.adopting import adopt
from ui.jobs.job import PROGRESS, Job
from ui.jobs.spec import JobSpec
from ui.jobs.store import JobStore

#: Replications after which figures are written: soon at first, then less and less often.
STAGES = (2, 5, 10, 20, 50, 100, 200, 500, 1000)
#: Seconds between two notes of how far a job is, and between two signs of life.
_OFTEN, _SELDOM = 0.2, 2.0
_COMPILED: dict[str, World] = {}
#: How much a job stands back behind pages.
_NICE = 5


def simulate(store: JobStore, job: Job) -> None:
    """Simulate what a job asks for, into its results.

    Raises
    ------
    scenarios.ScenarioError
        If a scenario cannot be.
    sim.experiment.PrecisionError, sim.experiment.WorkersLostError, OSError
        As they arise.
    """
    spec = job.spec
    with _telling(job) as progress:
        loaded = {name: _loaded(d, spec) for name, d in zip(spec.names, spec.scenarios, strict=True)}
        worlds = {name: compiled(each) for name, each in loaded.items()}
        options = like_the_baseline(loaded, _options(job, progress))
        others = [other.results for other in store.jobs() if other.id != job.id]
        for name, each in loaded.items():
            adopt(others, job.results / name, each, worlds[name], options)

        def publish(runs: Mapping[str, RunResult]) -> None:
            if len(runs) > 1:
                RunFolder(job.results).write_json("comparison.json", comparison_of(runs).content)
            progress.published(min(run.summary["replications"] for run in runs.values()))
            _stand_back()
            _prepare_pages(job.results, runs)

        publish(run_together(loaded, options, worlds, STAGES, publish, in_step))


def compiled(loaded: LoadedScenario) -> World:
    """Return a scenario as arrays; what a process has compiled while it waited for a job is compiled."""
    if loaded.sha256 not in _COMPILED:
        _COMPILED[loaded.sha256] = compile_world(loaded)
    return _COMPILED[loaded.sha256]


def _prepare_pages(results: Path, runs: Mapping[str, RunResult]) -> None:
    """Compute what pages draw beside the figures, so that they find it ready."""
    for name in runs:
        stored_page_figures(RunFolder(results / name))
    if len(runs) > 1:
        comparison = json.loads((results / "comparison.json").read_text(encoding="utf-8"))
        stored_cell_differences(results, comparison)


def _stand_back() -> None:
    """Let whoever answers pages go before all processes of this job, once there is something to show."""
    if os.getpgrp() == os.getpid() and os.getpriority(os.PRIO_PROCESS, 0) < _NICE:
        os.setpriority(os.PRIO_PGRP, 0, _NICE)


def _loaded(document: Mapping[str, Any], spec: JobSpec) -> LoadedScenario:
    """Return a scenario of the job, from its whole document or from one that extends the library's."""
    asked = dict(document) if spec.days is None else {**document, "days": spec.days}
    if "extends" not in asked:
        return from_document(asked, str(asked["name"]))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{asked['name']}.yaml"
        file.write_text(documents.dump(asked), encoding="utf-8")
        return load(file)


def _options(job: Job, progress: _Progress) -> Options:
    spec = job.spec
    most = spec.most_replications or MOST_REPLICATIONS
    return Options(
        replications=spec.replications,
        seed=spec.seed,
        workers=min(cores(), spec.replications * len(spec.scenarios)),
        precision=spec.precision,
        most_replications=max(most, spec.replications),
        folder=job.results,
        resume=True,
        progress=progress,
    )


class _Progress:
    """How far a job is, kept in a file.

    Parameters
    ----------
    job
        The job.
    """

    def __init__(self, job: Job) -> None:
        self._file = job.folder / PROGRESS
        self._lock = threading.Lock()
        self._written = 0.0
        self._found: dict[str, Any] = {
            "done": job.done,
            "planned": job.planned,
            "completed": job.completed,
            "at": time.time(),
        }

    def __call__(self, done: int, planned: int) -> None:
        """Note replications done and planned."""
        with self._lock:
            if "since" not in self._found:
                self._found |= {"since": time.time(), "began_with": done}
            self._found |= {"done": done, "planned": planned, "at": time.time()}
            if done == planned or time.monotonic() - self._written > _OFTEN:
                self._write()

    def published(self, completed: int) -> None:
        """Note for how many replications there are figures."""
        with self._lock:
            self._found["completed"] = completed
            self._write()

    def alive(self) -> None:
        """Write again what is known, as a sign of life."""
        with self._lock:
            self._write()

    def _write(self) -> None:
        files.write_json(self._file, {**self._found, "alive": time.time()})
        self._written = time.monotonic()


@contextmanager
def _telling(job: Job) -> Iterator[_Progress]:
    """Provide what keeps the progress of a job, with a sign of life now and then."""
    progress, done = _Progress(job), threading.Event()

    def tell() -> None:
        while not done.wait(_SELDOM):
            progress.alive()

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield progress
    finally:
        done.set()
        thread.join()
