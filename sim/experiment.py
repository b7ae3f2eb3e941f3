"""An experiment: replications of one scenario until there are enough of them, with intervals.

Replications are planned in their own order and looked at only at fixed checkpoints, so neither the number of
workers nor an interruption can change what is run or found.
"""

from __future__ import annotations

import math
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from insight.definitions import DEFINITIONS
from insight.figures import Values
from insight.run_folder import RunFolder, RunFolderError
from insight.summary import kpis_csv, summarise
from scenarios.compiling import compile_world
from scenarios.loading import LoadedScenario, load
from scenarios.shown_names import shown_names
from scenarios.world import World
from sim.executors import executor
from sim.replicate import Batch, BatchResult, pack, run_batch
from sim.warm_up import WarmUpFound, find_warm_up

#: Orders that a batch of replications should have at least, so that a task takes half a second or more.
_ORDERS_PER_BATCH = 20_000
#: How much further each checkpoint of a precision-driven run is.
_CHECKPOINT_GROWTH = 1.5
#: How often a broken pool of workers is set up anew before the run gives up.
_ATTEMPTS = 3
#: Replications after which a precision-driven run gives up.
MOST_REPLICATIONS = 1_000

Progress = Callable[[int, int], None]


class WorkersLostError(RuntimeError):
    """Worker processes that ended again and again before their work was done."""


class PrecisionError(ValueError):
    """A precision that cannot be asked for; the message names KPI, what was found and what is allowed."""


@dataclass(frozen=True)
class Options:
    """How to run an experiment.

    Parameters
    ----------
    replications
        Number of replications, 1 or more; the scenario's when absent. With a precision, the first checkpoint.
    seed
        Seed, 0 or more; the scenario's when absent.
    workers
        Processes on this machine.
    cluster
        Address of a Dask scheduler, in place of workers.
    precision
        KPI -> half-width of its interval, in the KPI's own unit, at which the run may stop.
    most_replications
        Replications after which a precision-driven run gives up.
    folder
        Run folder for tables and figures; none are kept when absent.
    resume
        Whether to complete a run that the folder already holds.
    progress
        Called with replications done and planned.
    """

    replications: int | None = None
    seed: int | None = None
    workers: int = 1
    cluster: str | None = None
    precision: Mapping[str, float] = field(default_factory=dict)
    most_replications: int = MOST_REPLICATIONS
    folder: Path | None = None
    resume: bool = False
    progress: Progress | None = None


@dataclass(frozen=True, repr=False)
class RunResult:
    """What an experiment found.

    Parameters
    ----------
    scenario
        The scenario that was run.
    summary
        The content of summary.json.
    values
        Number and figures of each replication.
    folder
        Its run folder, if it has one.
    """

    scenario: LoadedScenario
    summary: dict[str, Any]
    values: tuple[tuple[int, Values], ...]
    folder: RunFolder | None

    def __repr__(self) -> str:
        """Return the scenario, the number of replications and the attainment with its interval."""
        found = self.kpis["attend_attainment"]
        figures = f"{found['mean']} ± {found['half_width']}"
        return f"<RunResult {self.summary['scenario']}: {len(self.values)} replications, attended {figures}>"

    @property
    def kpis(self) -> dict[str, dict[str, float | None]]:
        """Return the figures of the whole network: KPI -> mean, limits, half-width, n."""
        kpis: dict[str, dict[str, float | None]] = self.summary["kpis"]
        return kpis


def run(
    scenario: str | Path | LoadedScenario,
    *,
    overrides: Sequence[str] = (),
    days: float | None = None,
    **options: Any,
) -> RunResult:
    """Simulate a scenario.

    Parameters
    ----------
    scenario
        A library name, a YAML file, or a scenario that has been loaded.
    overrides
        Further values as KEY=VALUE, for a name or a file.
    days
        Length of a replication in days; the scenario's when absent. For a name or a file.
    **options
        As in `Options`. With more than one worker, a script that calls this needs the usual guard
        `if __name__ == "__main__":`, because workers are new processes.

    Returns
    -------
    RunResult
        Figures with intervals; tables are in its folder.

    Raises
    ------
    scenarios.ScenarioError
        If the scenario cannot be.
    PrecisionError
        If a precision is asked of an unknown KPI or is not a positive number.
    insight.run_folder.RunFolderError
        If the folder holds a run and `resume` is not set, or holds another run than the one to resume.
    """
    if isinstance(scenario, LoadedScenario):
        if overrides or days is not None:
            raise ValueError("overrides and days go with a name or a file, not with a loaded scenario")
        loaded = scenario
    else:
        length = [] if days is None else [f"days={days!r}"]
        loaded = load(scenario, [*overrides, *length])
    if options.get("folder") is not None:
        options["folder"] = Path(options["folder"])
    return run_loaded(loaded, Options(**options))


def run_loaded(loaded: LoadedScenario, options: Options, world: World | None = None) -> RunResult:
    """Simulate a loaded scenario; `run` says what is raised."""
    began = time.perf_counter()
    world = world or compile_world(loaded)
    check_precision(options.precision)
    seed = world.seed if options.seed is None else options.seed
    first = world.replications if options.replications is None else options.replications
    if first < 1 or seed < 0 or options.workers < 1:
        raise ValueError("replications and workers are 1 or more, a seed is 0 or more")
    folder = None if options.folder is None else RunFolder(options.folder)
    plan = _begin(folder, loaded, world, options, seed, first)
    done = _Done(folder)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            target = _run_to_the_end(plan, done, first, world, options)
            break
        except BrokenProcessPool:
            if attempt == _ATTEMPTS:
                raise WorkersLostError(
                    f"a worker process ended {_ATTEMPTS} times (out of memory, killed, started by a script "
                    'without `if __name__ == "__main__":`); '
                    "what is finished is kept and --resume completes it"
                ) from None
    return _finish(loaded, world, plan, done, target, time.perf_counter() - began)


def _run_to_the_end(plan: _Plan, done: _Done, first: int, world: World, options: Options) -> int:
    """Run up to each checkpoint until the figures are precise enough; return the replications it took."""
    target = first
    with executor(options.workers, options.cluster) as pool:
        while True:
            _run_up_to(pool, plan, done, target, options.progress)
            if _precise_enough(done, target, world, options) or target >= options.most_replications:
                return target
            target = min(math.ceil(target * _CHECKPOINT_GROWTH), options.most_replications)


def check_precision(precision: Mapping[str, float]) -> None:
    """Refuse a precision of an unknown KPI, or one that is not a positive number."""
    for kpi, half_width in precision.items():
        if kpi not in DEFINITIONS:
            raise PrecisionError(
                f"--precision {kpi}: found an unknown KPI; allowed: {', '.join(DEFINITIONS)}"
            )
        if not (math.isfinite(half_width) and half_width > 0.0):
            raise PrecisionError(f"--precision {kpi}: found {half_width!r}; allowed: a number above 0")
        if DEFINITIONS[kpi].unit == "share" and half_width >= 0.5:
            allowed = "below 0.5: it is a share, 0.005 is half a percentage point"
            raise PrecisionError(f"--precision {kpi}: found {half_width!r}; allowed: {allowed}")


@dataclass(frozen=True)
class _Plan:
    """What stays the same for all batches of an experiment."""

    folder: RunFolder | None
    packed: bytes
    seed: int
    batch_size: int
    warm_up: WarmUpFound
    manifest: dict[str, Any]


class _Done:
    """What has been found so far, by replication."""

    def __init__(self, folder: RunFolder | None) -> None:
        self.values: dict[int, Values] = {}
        self.orders: dict[int, int] = {}
        if folder is not None:
            self.values.update(folder.values())
            for marker in folder.committed().values():
                self.orders.update(zip(marker["replications"], marker["orders"], strict=True))

    def add(self, result: BatchResult) -> None:
        """Take in a batch."""
        self.values.update(result.values)
        self.orders.update(zip((n for n, _ in result.values), result.orders, strict=True))

    def up_to(self, count: int) -> list[Values]:
        """Return the figures of the first replications, in their order."""
        return [self.values[number] for number in range(count)]


def _begin(
    folder: RunFolder | None, loaded: LoadedScenario, world: World, options: Options, seed: int, first: int
) -> _Plan:
    """Open the folder, or check that it holds this very run, and fix what all batches share."""
    identity = {"scenario": world.name, "seed": seed, "days": world.horizon / 24.0, "sha256": loaded.sha256}
    known = folder.manifest() if folder is not None and folder.exists() else None
    if folder is not None and known is not None:
        if not options.resume:
            raise RunFolderError(
                f"{folder.path}: found a run; allowed: a new folder, or --resume to complete this one"
            )
        for key, value in identity.items():
            if known.get(key) != value:
                raise RunFolderError(
                    f"{folder.path}/manifest.json: {key}: found {value!r}; allowed: {known.get(key)!r}, "
                    "as in the run to resume"
                )
        folder.clear_unfinished()
    if known is not None:
        warm_up = WarmUpFound(known["warm_up_days"] * 24.0, known["warm_up_reliable"])
    else:
        warm_up = find_warm_up(world, seed, first)
    manifest = {
        **identity,
        "start": world.start.isoformat(),
        "replications": first,
        "first_checkpoint": first,
        "precision": dict(options.precision),
        "most_replications": options.most_replications,
        "warm_up_method": world.warm_up_method,
        "warm_up_days": warm_up.hours / 24.0,
        "warm_up_reliable": warm_up.reliable,
        "currency": world.currency,
        "confidence": world.confidence,
        "versions": _versions(),
        "started": known["started"] if known is not None else _utc_now(),
        "finished": None,
    }
    if folder is not None:
        folder.write_json("manifest.json", manifest)
        folder.write_text("scenario.yaml", loaded.text)
    return _Plan(folder, pack(world), seed, replications_per_batch(world), warm_up, manifest)


def replications_per_batch(world: World) -> int:
    """Return how many replications of a World one worker takes at a time, 1 to 200."""
    size = math.ceil(_ORDERS_PER_BATCH / max(world.expected_orders, 1.0))
    return max(1, min(size, 200))


def _versions() -> dict[str, str]:
    names = ("banyan", "simpy", "numpy", "scipy", "pyarrow")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def _utc_now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _run_up_to(pool: Executor, plan: _Plan, done: _Done, target: int, progress: Progress | None) -> None:
    """Run what is missing of the first `target` replications."""
    missing = [number for number in range(target) if number not in done.values]
    # A worker elsewhere may have been started in another folder.
    folder = None if plan.folder is None else str(plan.folder.path.resolve())

    def take(future: Future[BatchResult]) -> None:
        done.add(future.result())
        tell()

    def tell() -> None:
        if progress is not None:
            progress(sum(1 for number in range(target) if number in done.values), target)

    tell()
    futures: list[Future[BatchResult]] = []
    for numbers in _batches(missing, plan.batch_size):
        batch = Batch(plan.packed, plan.seed, tuple(numbers), plan.warm_up.hours, folder)
        future = pool.submit(run_batch, batch)
        if future.done():  # as it is at once in this process: take it in, so that progress is seen
            take(future)
        else:
            futures.append(future)
    for future in as_completed(futures):
        take(future)


def _batches(numbers: list[int], size: int) -> list[list[int]]:
    """Return runs of consecutive numbers, each no longer than a size."""
    batches: list[list[int]] = []
    for number in numbers:
        if batches and batches[-1][-1] == number - 1 and len(batches[-1]) < size:
            batches[-1].append(number)
        else:
            batches.append([number])
    return batches


def _precise_enough(done: _Done, count: int, world: World, options: Options) -> bool:
    """Return whether every half-width asked for is reached; a KPI without any figure is not waited for."""
    if not options.precision:
        return True
    kpis = summarise(done.up_to(count), world.confidence)["kpis"]
    reached = {kpi: kpis[kpi]["half_width"] for kpi in options.precision if kpis[kpi]["n"]}
    return all(width is not None and width <= options.precision[kpi] for kpi, width in reached.items())


def _finish(
    loaded: LoadedScenario, world: World, plan: _Plan, done: _Done, count: int, seconds: float
) -> RunResult:
    """Write the figures and close the manifest."""
    summary = {
        "scenario": world.name,
        "title": world.title,
        "seed": plan.seed,
        "replications": count,
        "days": world.horizon / 24.0,
        "warm_up_days": plan.warm_up.hours / 24.0,
        "currency": world.currency,
        "orders_per_replication": sum(done.orders[n] for n in range(count)) / count,
        "seconds": round(seconds, 3),
        "names": shown_names(loaded.scenario),
        **summarise(done.up_to(count), world.confidence),
    }
    if plan.folder is not None:
        plan.folder.write_json("summary.json", summary)
        kpis_csv(summary, plan.folder.path / "kpis.csv")
        plan.folder.write_json(
            "manifest.json", {**plan.manifest, "replications": count, "finished": _utc_now()}
        )
    values = tuple((number, done.values[number]) for number in range(count))
    return RunResult(loaded, summary, values, plan.folder)
