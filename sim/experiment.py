"""An experiment: replications of one scenario or several until there are enough of them, with intervals.

Replications are planned in their own order and looked at only at fixed checkpoints, so neither the number of
workers nor an interruption can change what is run or found. Scenarios that are run together share their
workers, and replication n of each is run before replication n + 1 of any.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor, Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import Any

from scenarios.compiling import compile_world
from scenarios.loading import LoadedScenario, load
from scenarios.world import World
from sim.course import Course
from sim.executors import executor
from sim.options import (
    MOST_REPLICATIONS,
    Options,
    PrecisionError,
    Progress,
    RunResult,
    check_precision,
)
from sim.replicate import BatchResult, run_batch

__all__ = [
    "MOST_REPLICATIONS",
    "Options",
    "PrecisionError",
    "Progress",
    "RunResult",
    "WorkersLostError",
    "check_precision",
    "each_by_itself",
    "replications_per_batch",
    "run",
    "run_loaded",
    "run_together",
]

#: Orders that a batch of replications should have at least, so that a task takes half a second or more.
_ORDERS_PER_BATCH = 20_000
#: How often a broken pool of workers is set up anew before the run gives up.
_ATTEMPTS = 3

Stage = Callable[[dict[str, RunResult]], None]
#: Given the courses that have reached their checkpoint, the first scenario's first, sets further checkpoints
#: and returns the courses that go on.
GoOn = Callable[[Sequence[Course]], Sequence[Course]]


def each_by_itself(courses: Sequence[Course]) -> list[Course]:
    """Let each scenario go on until its own figures are precise enough."""
    return [course for course in courses if course.goes_on()]


class WorkersLostError(RuntimeError):
    """Worker processes that ended again and again before their work was done."""


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
    check_precision(options.precision)
    course = Course(loaded, world or compile_world(loaded), options)
    return _run_all({"": course}, options, (), lambda runs: None)[""]


def run_together(
    scenarios: Mapping[str, LoadedScenario],
    options: Options,
    worlds: Mapping[str, World] | None = None,
    stages: Collection[int] = (),
    staged: Stage = lambda runs: None,
    go_on: GoOn = each_by_itself,
) -> dict[str, RunResult]:
    """Simulate several scenarios with the same workers, replication by replication.

    Parameters
    ----------
    scenarios
        Scenarios by name.
    options
        How each is run. In `folder` each gets a run folder of its name; progress counts over all of them.
    worlds
        What they compile to, by name, where that is known.
    stages
        Numbers of replications whose figures are written as soon as every scenario has them.
    staged
        Called with the runs up to a stage, once their figures are written.
    go_on
        Which scenarios go on at a checkpoint: `each_by_itself`, or `sim.in_step.in_step`.

    Returns
    -------
    dict
        The finished runs by name.

    Raises
    ------
    ValueError, RunFolderError, WorkersLostError
        As `run`, for any of the scenarios.
    """
    check_precision(options.precision)
    courses = {}
    for name, loaded in scenarios.items():
        world = (worlds or {}).get(name) or compile_world(loaded)
        folder = None if options.folder is None else options.folder / name
        courses[name] = Course(loaded, world, replace(options, folder=folder))
    return _run_all(courses, options, stages, staged, go_on)


def _run_all(
    courses: Mapping[str, Course],
    options: Options,
    stages: Collection[int],
    staged: Stage,
    go_on: GoOn = each_by_itself,
) -> dict[str, RunResult]:
    """Run every course to its end, with new workers where they are lost."""
    run = _Running(courses, options, stages, staged, go_on)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            run.to_the_end()
            break
        except BrokenProcessPool:
            if attempt == _ATTEMPTS:
                raise WorkersLostError(
                    f"a worker process ended {_ATTEMPTS} times (out of memory, killed, started by a script "
                    'without `if __name__ == "__main__":`); '
                    "what is finished is kept and --resume completes it"
                ) from None
    return {name: course.finish() for name, course in courses.items()}


def replications_per_batch(world: World) -> int:
    """Return how many replications of a World one worker takes at a time, 1 to 200."""
    size = math.ceil(_ORDERS_PER_BATCH / max(world.expected_orders, 1.0))
    return max(1, min(size, 200))


class _Running:
    """Courses that are run together."""

    def __init__(
        self,
        courses: Mapping[str, Course],
        options: Options,
        stages: Collection[int],
        staged: Stage,
        go_on: GoOn,
    ) -> None:
        self._courses, self._options = courses, options
        self._stages, self._staged, self._go_on = sorted(stages), staged, go_on
        self._stage = 0

    def to_the_end(self) -> None:
        """Run up to each checkpoint until all figures are precise enough."""
        going: Sequence[Course] = list(self._courses.values())
        with executor(self._options.workers, self._options.cluster) as pool:
            while going:
                self._up_to_checkpoint(pool)
                reached = max(course.target for course in going)
                going = self._go_on(going)
                if going and self._stages:
                    self._write(reached)

    def _up_to_checkpoint(self, pool: Executor) -> None:
        """Run what is missing of all courses up to their next checkpoints."""
        self._tell()
        courses: dict[Future[BatchResult], Course] = {}
        for course, numbers in self._batches():
            future = pool.submit(run_batch, course.batch(numbers))
            if future.done():  # as it is at once in this process: take it in, so that progress is seen
                self._take(course, future)
            else:
                courses[future] = course
        for future in as_completed(courses):
            self._take(courses[future], future)

    def _batches(self) -> list[tuple[Course, list[int]]]:
        """Return the batches that are missing, those of the first replications first."""
        missing = [(course, course.missing()) for course in self._courses.values()]
        # No worker is to be idle while another has several replications before it.
        share = math.ceil(sum(len(numbers) for _, numbers in missing) / self._options.workers)
        cuts = {1, *self._stages} if self._stages else set()
        batches = [
            (course, batch)
            for course, numbers in missing
            for batch in _batches(numbers, max(1, min(replications_per_batch(course.world), share)), cuts)
        ]
        return sorted(batches, key=lambda batch: batch[1][0])

    def _take(self, course: Course, future: Future[BatchResult]) -> None:
        course.add(future.result())
        self._tell()

    def _tell(self) -> None:
        """Say how much is done, and write the figures of the last stage that is complete."""
        courses = list(self._courses.values())
        if self._options.progress is not None:
            planned = sum(course.target for course in courses)
            self._options.progress(planned - sum(len(course.missing()) for course in courses), planned)
        furthest = max(course.target for course in courses)
        complete = [n for n in self._stages if self._stage < n < furthest and self._reached(n)]
        if complete:
            self._write(complete[-1])

    def _reached(self, count: int) -> bool:
        """Return whether every course has so many replications, or all that it is to have."""
        return all(course.has(min(count, course.target)) for course in self._courses.values())

    def _write(self, count: int) -> None:
        """Write the figures of the first replications of every course."""
        self._stage = count
        self._staged(
            {name: course.so_far(min(count, course.target)) for name, course in self._courses.items()}
        )


def _batches(numbers: list[int], size: int, cuts: Collection[int] = ()) -> list[list[int]]:
    """Return runs of consecutive numbers, each no longer than a size and begun anew at each cut."""
    batches: list[list[int]] = []
    for number in numbers:
        fits = batches and batches[-1][-1] == number - 1 and len(batches[-1]) < size
        if fits and number not in cuts:
            batches[-1].append(number)
        else:
            batches.append([number])
    return batches
