"""One scenario on its way through an experiment: what is fixed, what has been found, what is written.

A course knows neither executors nor the other scenarios of the experiment; `sim.experiment` hands out its
replications, alone or in turn with those of others.
"""

from __future__ import annotations

import math
import platform
import time
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from insight.figures import Values
from insight.run_folder import RunFolder, RunFolderError
from insight.summary import kpis_csv, summarise
from scenarios.loading import LoadedScenario
from scenarios.phrases import phrase
from scenarios.shown_names import shown_names
from scenarios.world import World
from sim.options import Options, RunResult
from sim.replicate import Batch, BatchResult, pack
from sim.warm_up import WarmUpFound, find_warm_up

#: How much further each checkpoint of a precision-driven run is.
_CHECKPOINT_GROWTH = 1.5


class Course:
    """One scenario of an experiment.

    Parameters
    ----------
    loaded, world
        The scenario and what it compiles to.
    options
        How it is run; `folder` is its own run folder.

    Raises
    ------
    insight.run_folder.RunFolderError
        If the folder holds a run and `resume` is not set, or holds another run than the one to resume.
    """

    def __init__(self, loaded: LoadedScenario, world: World, options: Options) -> None:
        self._began = time.perf_counter()
        self.loaded, self.world, self.options = loaded, world, options
        self.seed = world.seed if options.seed is None else options.seed
        #: Replications up to the next checkpoint.
        self.target = world.replications if options.replications is None else options.replications
        if self.target < 1 or self.seed < 0 or options.workers < 1:
            raise ValueError("replications and workers are 1 or more, a seed is 0 or more")
        self.folder = None if options.folder is None else RunFolder(options.folder)
        self.warm_up, self.manifest = self._begin()
        self._packed = pack(world)
        self._values: dict[int, Values] = {}
        self._orders: dict[int, int] = {}
        if self.folder is not None:
            self._values.update(self.folder.values())
            for marker in self.folder.committed().values():
                self._orders.update(zip(marker["replications"], marker["orders"], strict=True))

    # What is fixed

    def _begin(self) -> tuple[WarmUpFound, dict[str, Any]]:
        """Open the folder, or check that it holds this very run, and fix what all batches share."""
        world, options, folder = self.world, self.options, self.folder
        identity = identity_of(self.loaded, world, self.seed)
        known = self._known(identity)
        if known is not None:
            warm_up = WarmUpFound(known["warm_up_days"] * 24.0, known["warm_up_reliable"])
        else:
            warm_up = find_warm_up(world, self.seed, self.target)
        manifest = {
            **identity,
            "start": world.start.isoformat(),
            "replications": self.target,
            "first_checkpoint": self.target,
            "precision": dict(options.precision),
            "most_replications": options.most_replications,
            "warm_up_method": world.warm_up_method,
            "warm_up_days": warm_up.hours / 24.0,
            "warm_up_reliable": warm_up.reliable,
            "currency": world.currency,
            "confidence": world.confidence,
            "versions": versions(),
            "started": known["started"] if known is not None else _utc_now(),
            "finished": None,
        }
        if folder is not None:
            folder.write_json("manifest.json", manifest)
            folder.write_text("scenario.yaml", self.loaded.text)
        return warm_up, manifest

    def _known(self, identity: dict[str, Any]) -> dict[str, Any] | None:
        """Return the manifest of the run to resume, if there is one, and make its folder ready."""
        folder = self.folder
        if folder is None or not folder.exists():
            return None
        known = folder.manifest()
        if not self.options.resume:
            raise RunFolderError(
                phrase(
                    "{folder}: found a run; allowed: a new folder, or --resume to complete this one",
                    folder=str(folder.path),
                )
            )
        for key, value in identity.items():
            if known.get(key) != value:
                raise RunFolderError(
                    phrase(
                        "{folder}/manifest.json: {key}: found {value!r}; allowed: {known!r}, "
                        "as in the run to resume",
                        folder=str(folder.path),
                        key=key,
                        value=value,
                        known=known.get(key),
                    )
                )
        folder.clear_unfinished()
        return known

    def batch(self, numbers: list[int]) -> Batch:
        """Return some replications as a unit of work."""
        # A worker elsewhere may have been started in another folder.
        folder = None if self.folder is None else str(self.folder.path.resolve())
        return Batch(self._packed, self.seed, tuple(numbers), self.warm_up.hours, folder)

    # What has been found

    def add(self, result: BatchResult) -> None:
        """Take in a batch."""
        self._values.update(result.values)
        self._orders.update(zip((n for n, _ in result.values), result.orders, strict=True))

    def missing(self) -> list[int]:
        """Return the replications up to the next checkpoint that have not been run."""
        return [number for number in range(self.target) if number not in self._values]

    def has(self, count: int) -> bool:
        """Return whether the first replications have all been run."""
        return all(number in self._values for number in range(count))

    def goes_on(self) -> bool:
        """Set the next checkpoint, if the figures at this one are not precise enough; say whether."""
        return not self._precise_enough() and self.advance()

    def advance(self) -> bool:
        """Set the next checkpoint, unless there are as many replications as there may be; say whether."""
        most = self.options.most_replications
        if self.target >= most:
            return False
        self.target = min(math.ceil(self.target * _CHECKPOINT_GROWTH), most)
        return True

    def up_to_checkpoint(self) -> tuple[tuple[int, Values], ...]:
        """Return number and figures of each replication up to the checkpoint; they must have been run."""
        return tuple(enumerate(self._up_to(self.target)))

    def _precise_enough(self) -> bool:
        """Return whether every half-width asked for is reached, of KPIs that have any figure."""
        wanted = self.options.precision
        if not wanted:
            return True
        kpis = summarise(self._up_to(self.target), self.world.confidence)["kpis"]
        reached = {kpi: kpis[kpi]["half_width"] for kpi in wanted if kpis[kpi]["n"]}
        return all(width is not None and width <= wanted[kpi] for kpi, width in reached.items())

    def _up_to(self, count: int) -> list[Values]:
        return [self._values[number] for number in range(count)]

    # What is written

    def so_far(self, count: int) -> RunResult:
        """Write the figures of the first replications, and return them; the run goes on."""
        return self._written(count, finished=None)

    def finish(self) -> RunResult:
        """Write the figures and close the manifest."""
        return self._written(self.target, finished=_utc_now())

    def _written(self, count: int, finished: str | None) -> RunResult:
        world, figures = self.world, self._up_to(count)
        summary = {
            "scenario": world.name,
            "title": world.title,
            "seed": self.seed,
            "replications": count,
            "days": world.horizon / 24.0,
            "warm_up_days": self.warm_up.hours / 24.0,
            "currency": world.currency,
            "orders_per_replication": sum(self._orders[n] for n in range(count)) / count,
            "seconds": round(time.perf_counter() - self._began, 3),
            "names": shown_names(self.loaded.scenario),
            **summarise(figures, world.confidence),
        }
        if self.folder is not None:
            self.folder.write_json("summary.json", summary)
            kpis_csv(summary, self.folder.path / "kpis.csv")
            manifest = {**self.manifest, "replications": count, "finished": finished}
            self.folder.write_json("manifest.json", manifest)
        return RunResult(self.loaded, summary, tuple(enumerate(figures)), self.folder)


def identity_of(loaded: LoadedScenario, world: World, seed: int) -> dict[str, Any]:
    """Return what of a manifest says which run it is."""
    return {"scenario": world.name, "seed": seed, "days": world.horizon / 24.0, "sha256": loaded.sha256}


def versions() -> dict[str, str]:
    """Return the versions that a run's rows may depend on."""
    names = ("banyan", "simpy", "numpy", "scipy", "pyarrow")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def _utc_now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
