"""Replications that another job has simulated already, taken over instead of being run again.

A baseline is the same in most what-ifs. Its batches are files that never change once they are committed, so a
link to them is as good as a copy, and either folder may be removed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from insight.run_folder import RunFolder, RunFolderError
from insight.tables import TABLE_NAMES
from scenarios.loading import LoadedScenario
from scenarios.world import World
from sim.course import identity_of, versions
from sim.options import Options

#: Keys of a scenario's text that say how it is run, which the manifest or the job knows better.
_NOT_OF_THE_WORLD = ("replications:", "seed:", "title:", "description:", "confidence:")
_TABLES = (*TABLE_NAMES, "kpi_values")


def adopt(
    sources: Iterable[Path], target: Path, loaded: LoadedScenario, world: World, options: Options
) -> int:
    """Take over batches of the same run from the results of other jobs.

    Parameters
    ----------
    sources
        Results of other jobs, the most likely first.
    target
        Run folder of the scenario, which may hold some batches already.
    loaded, world
        The scenario.
    options
        How it is to be run; only replications below its number are taken.

    Returns
    -------
    int
        How many replications were taken over.
    """
    # By MSER-5 the warm-up depends on how many replications a run was begun with.
    if world.warm_up_method == "mser5" or options.replications is None or options.seed is None:
        return 0
    folder = RunFolder(target)
    wanted = set(range(options.replications)) - set(folder.replications())
    taken = 0
    for source in sources:
        if not wanted:
            break
        for run in _same_runs(source, loaded, world, options.seed):
            for first, marker in run.committed().items():
                numbers = set(marker["replications"])
                if numbers <= wanted and _take_over(run, folder, first, marker):
                    wanted -= numbers
                    taken += len(numbers)
    return taken


def _same_runs(source: Path, loaded: LoadedScenario, world: World, seed: int) -> Iterator[RunFolder]:
    """Yield the run of the same scenario with the same seed by the same versions, if there is one."""
    run = RunFolder(source / world.name)
    try:
        manifest = run.manifest()
    except RunFolderError:
        return
    wanted = {**identity_of(loaded, world, seed), "versions": versions()}
    digest = wanted.pop("sha256")
    if any(manifest.get(key) != value for key, value in wanted.items()):
        return
    if manifest.get("sha256") == digest or _essence(_text(run.path)) == _essence(loaded.text):
        yield run


def _text(run: Path) -> str:
    try:
        return (run / "scenario.yaml").read_text(encoding="utf-8")
    except OSError:
        return ""


def _essence(text: str) -> list[str]:
    """Return the lines of a scenario's text that rows depend on."""
    return [line for line in text.splitlines() if not line.startswith(_NOT_OF_THE_WORLD)]


def _take_over(run: RunFolder, folder: RunFolder, first: int, marker: Mapping[str, Any]) -> bool:
    """Link the files of a batch into another folder and commit it; say whether they were all there."""
    try:
        for name in _TABLES:
            file = f"{name}/{name}-{first:06d}.parquet"
            _link(run.path / file, folder.path / file)
    except OSError:  # removed meanwhile, or no room: it is simulated instead
        return False
    (folder.path / "batches").mkdir(exist_ok=True)
    folder.write_json(f"batches/batch-{first:06d}.json", marker)
    return True


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
