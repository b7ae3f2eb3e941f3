"""The results of a job as they stand on disk, read once for each state of their files.

Works with whatever is there: a single scenario, several with their comparison, two replications or all.
What it returns is shared between readers and must not be changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from insight.cell_differences import stored_cell_differences
from insight.page_figures import stored_page_figures
from insight.run_folder import RunFolder

_COMPARISON = "comparison.json"


@dataclass(frozen=True)
class Results:
    """The figures of one to five scenarios.

    Parameters
    ----------
    summaries
        summary.json of each scenario by its name, the baseline first.
    comparison
        comparison.json; None for a single scenario.
    folder
        Where they are.
    titles
        What each scenario is called.
    """

    summaries: Mapping[str, Mapping[str, Any]]
    comparison: Mapping[str, Any] | None
    folder: Path
    titles: Mapping[str, str]

    @cached_property
    def pages(self) -> Mapping[str, Mapping[str, Any]]:
        """What `insight.page_figures` found in each scenario; read when it is asked for, after the cards."""
        try:
            return {name: stored_page_figures(RunFolder(self.folder / name)) for name in self.summaries}
        except (OSError, ValueError, KeyError) as error:
            raise NoResults(str(error)) from None

    @cached_property
    def cells(self) -> Mapping[str, Any]:
        """Scenario -> dimension -> cell -> KPI -> difference; empty for a single scenario."""
        try:
            return stored_cell_differences(self.folder, self.comparison) if self.comparison else {}
        except (OSError, ValueError, KeyError) as error:
            raise NoResults(str(error)) from None

    @property
    def baseline(self) -> str:
        """Name of the first scenario."""
        return next(iter(self.summaries))

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the other scenarios."""
        return tuple(self.summaries)[1:]

    @property
    def replications(self) -> int:
        """Replications that every scenario has."""
        return min(int(summary["replications"]) for summary in self.summaries.values())

    @property
    def confidence(self) -> float:
        """Probability with which each interval covers."""
        return float(self.summaries[self.baseline]["confidence"])

    @property
    def currency(self) -> str:
        """Code of the currency."""
        return str(self.summaries[self.baseline]["currency"])

    def names(self, section: str) -> Mapping[str, str]:
        """Return what the things of a section (`cities`, `sites`) are called, by key, in any scenario."""
        found: dict[str, str] = {}
        for summary in reversed(list(self.summaries.values())):
            found.update(summary.get("names", {}).get(section, {}))
        return found

    def difference(self, name: str, kpi: str) -> Mapping[str, float | None] | None:
        """Return the paired difference of a KPI of a scenario from the baseline, None where there is none."""
        if self.comparison is None:
            return None
        found: Mapping[str, float | None] | None = self.comparison["scenarios"].get(name, {}).get(kpi)
        return found


class NoResults(LookupError):
    """There are no results yet, or they are being written this moment."""


def read_results(job: Any) -> Results:
    """Return the results of a job.

    Parameters
    ----------
    job
        A job of `ui.jobs`: its `results` folder and the scenarios of its `spec` are read.

    Raises
    ------
    NoResults
        If nothing is there yet, or files change while they are read.
    """
    folder = Path(job.results)
    documents = list(job.spec.scenarios)
    titles = tuple((str(d.get("name", "")), str(d.get("title") or "")) for d in documents)
    try:
        return _read(str(folder), titles, _state(folder))
    except (OSError, ValueError, KeyError) as error:
        raise NoResults(str(error)) from None


def _state(folder: Path) -> tuple[tuple[str, int], ...]:
    """Return the files that say what the results are, with when they were written."""
    files = [folder / _COMPARISON, *sorted(folder.glob("*/summary.json"))]
    return tuple((file.as_posix(), file.stat().st_mtime_ns) for file in files if file.is_file())


@lru_cache(maxsize=8)
def _read(path: str, titles: tuple[tuple[str, str], ...], state: tuple[tuple[str, int], ...]) -> Results:
    """Return the results in a folder; `state` makes sure that they are read anew when they change."""
    folder = Path(path)
    comparison = None
    if (folder / _COMPARISON).is_file():
        comparison = json.loads((folder / _COMPARISON).read_text(encoding="utf-8"))
        names = [comparison["baseline"], *comparison["scenarios"]]
    else:
        there = {Path(file).parent.name for file, _ in state}
        names = [name for name, _ in titles if name in there] or sorted(there)
    if not names:
        raise NoResults(path)
    folders = {name: RunFolder(folder / name) for name in names}
    return Results(
        summaries={name: run.summary() for name, run in folders.items()},
        comparison=comparison,
        folder=folder,
        titles=dict(titles),
    )
