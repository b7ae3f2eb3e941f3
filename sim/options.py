"""What an experiment is asked and what it answers; how it is run is in `sim.experiment`."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from insight.definitions import DEFINITIONS
from insight.figures import Values
from insight.run_folder import RunFolder
from scenarios.loading import LoadedScenario
from scenarios.phrases import Phrase, phrase

#: Replications after which a precision-driven run gives up.
MOST_REPLICATIONS = 1_000

Progress = Callable[[int, int], None]


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


def check_precision(precision: Mapping[str, float]) -> None:
    """Refuse a precision of an unknown KPI, or one that is not a positive number."""
    for kpi, half_width in precision.items():
        if kpi not in DEFINITIONS:
            raise PrecisionError(_unknown_kpi(kpi))
        if not (math.isfinite(half_width) and half_width > 0.0):
            allowed = phrase("a number above 0")
            raise PrecisionError(_refused(kpi, half_width, allowed))
        if DEFINITIONS[kpi].unit == "share" and half_width >= 0.5:
            allowed = phrase("below 0.5: it is a share, 0.005 is half a percentage point")
            raise PrecisionError(_refused(kpi, half_width, allowed))


def _refused(kpi: str, half_width: float, allowed: Phrase) -> Phrase:
    return phrase(
        "--precision {kpi}: found {half_width!r}; allowed: {allowed}",
        kpi=kpi,
        half_width=half_width,
        allowed=allowed,
    )


def _unknown_kpi(kpi: str) -> Phrase:
    """Return what is allowed in place of an unknown KPI, with what it may mean."""
    listed = ", ".join(DEFINITIONS)
    close = difflib.get_close_matches(kpi, DEFINITIONS, n=1)
    if not close:
        return phrase("--precision {kpi}: found an unknown KPI; allowed: {kpis}", kpi=kpi, kpis=listed)
    return phrase(
        "--precision {kpi}: found an unknown KPI; allowed: {kpis} (did you mean {close}?)",
        kpi=kpi,
        kpis=listed,
        close=close[0],
    )
