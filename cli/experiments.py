"""What `run` and `compare` have in common: from what was asked to the options of `sim`, and back to the user.

Checks that need a scenario or its KPIs are made here, before anything is written.
"""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from cli.failures import BadInputError, StoppedError
from cli.options import Asked
from insight.run_folder import RunFolder
from scenarios import Warn
from scenarios.phrases import phrase
from scenarios.world import World
from sim.cores import cores
from sim.executors import executor
from sim.experiment import (
    MOST_REPLICATIONS,
    Options,
    RunResult,
    WorkersLostError,
    check_precision,
    replications_per_batch,
)

_ADDRESS = re.compile(r"(?:(?:tcp|tls|ucx|ws|wss)://)?(?:\[[0-9a-fA-F:]+\]|[^\s/:]+):\d{1,5}")
_PICTURE = "attainment.png"


def as_begun(asked: Asked, folder: Path) -> Asked:
    """Return what was asked, with what a run to resume was begun with where nothing is said.

    Parameters
    ----------
    asked
        What was asked.
    folder
        The folder of the run; one that holds none changes nothing.
    """
    if not (asked.resume and RunFolder(folder).exists()):
        return asked
    manifest = RunFolder(folder).manifest()
    precision = asked.precision or manifest.get("precision") or {}
    return replace(
        asked,
        replications=asked.replications or manifest.get("first_checkpoint"),
        seed=manifest.get("seed") if asked.seed is None else asked.seed,
        days=manifest.get("days") if asked.days is None else asked.days,
        precision=precision,
        most_replications=asked.most_replications
        or (manifest.get("most_replications") if precision else None),
    )


def options_for(asked: Asked, worlds: Sequence[World]) -> Options:
    """Return the options of an experiment with compiled scenarios, the first of which gives the defaults.

    Raises
    ------
    BadInputError
        If options contradict each other.
    sim.experiment.PrecisionError
        If a precision is asked of an unknown KPI.
    """
    check_precision(asked.precision)
    if asked.workers is not None and asked.cluster is not None:
        raise BadInputError("--cluster", f"also --workers {asked.workers}", "one of the two")
    first = asked.replications or worlds[0].replications
    most = asked.most_replications
    if most is not None and not asked.precision:
        raise BadInputError("--max-replications", str(most), "only with --precision")
    if most is not None and most < first:
        raise BadInputError(
            "--max-replications", str(most), f"{first} or more, the replications to begin with"
        )
    most = most or max(MOST_REPLICATIONS, first)
    return Options(
        replications=first,
        seed=worlds[0].seed if asked.seed is None else asked.seed,
        workers=asked.workers or _workers(worlds, most if asked.precision else first),
        cluster=asked.cluster,
        precision=asked.precision,
        most_replications=most,
        resume=asked.resume,
    )


def _workers(worlds: Sequence[World], replications: int) -> int:
    """Return how many processes there are cores and batches of replications for."""
    batches = sum(math.ceil(replications / replications_per_batch(world)) for world in worlds)
    return max(1, min(cores(), batches))


def check_cluster(address: str | None) -> None:
    """Refuse a cluster that cannot be reached.

    Raises
    ------
    BadInputError
        If there is none at the address, or the extra that speaks to it is not installed.
    """
    if address is None:
        return
    allowed = "the address of a Dask scheduler that answers, as tcp://10.0.0.5:8786"
    if not _ADDRESS.fullmatch(address):
        raise BadInputError("--cluster", repr(address), allowed)
    try:
        with executor(1, address):
            return
    except ModuleNotFoundError:
        remedy = "an installation with it: pip install 'banyan[dask]'"
        raise BadInputError("--cluster", "no package distributed", remedy) from None
    except (OSError, ValueError, OverflowError) as error:
        words = " ".join(str(error).split()) or type(error).__name__
        raise BadInputError("--cluster", f"{address!r} ({words})", allowed) from None


@contextmanager
def completable(asked: Asked, folder: Path) -> Iterator[None]:
    """Turn what ends a run before it is done into a message that says how to complete it.

    Raises
    ------
    StoppedError
        If the run was interrupted or lost its workers or its cluster.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise StoppedError(f"interrupted; complete it with: {_resuming(asked, folder)}") from None
    except WorkersLostError as error:
        raise StoppedError(f"{error}: {_resuming(asked, folder)}") from None
    except OSError as error:
        if asked.cluster is None:
            raise
        words = f"the cluster was lost ({error}); complete the run with"
        raise StoppedError(f"{words}: {_resuming(asked, folder)}") from None


def _resuming(asked: Asked, folder: Path) -> str:
    """Return the command line that completes the run of this one."""
    words = ["banyan", *click.get_current_context().find_root().obj]
    if asked.out is None:
        words += ["--out", str(folder)]
    if not asked.resume:
        words += ["--resume"]
    return shlex.join(words)


def write_picture(result: RunResult, folder: Path) -> Path | None:
    """Draw attainment by city and severity into a run folder, if any order has an attend target.

    Returns
    -------
    Path or None
        The picture.
    """
    from insight.charts import attainment_picture

    if result.kpis["attend_attainment"]["mean"] is None:
        return None
    title = result.summary["title"] or result.summary["scenario"]
    attainment_picture(result.summary, folder / _PICTURE, title)
    return folder / _PICTURE


def doubts_of_run(summary: Mapping[str, Any], folder: Path, precision: Mapping[str, float]) -> list[Warn]:
    """Return what is doubtful about the figures of a run, beside its scenario."""
    found = []
    if not RunFolder(folder).manifest().get("warm_up_reliable", True):
        message = phrase("MSER-5 found no point at which the run had settled; a stated warm-up may help")
        found.append(Warn("W-warm-up", "warm_up.method", message))
    for kpi, wanted in precision.items():
        half_width = summary["kpis"][kpi]["half_width"]
        if half_width is None or half_width > wanted:
            reached = (
                phrase("no interval")
                if half_width is None
                else phrase("a half-width of {half_width:.4g}", half_width=half_width)
            )
            message = phrase(
                "{reached} after {replications} replications, {wanted:g} was asked for",
                reached=reached,
                replications=summary["replications"],
                wanted=wanted,
            )
            found.append(Warn("W-precision", kpi, message))
    return found
