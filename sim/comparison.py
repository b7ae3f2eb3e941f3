"""Scenarios side by side under common random numbers: paired differences with intervals.

Every scenario runs with the same seed, so replication n of each meets the same faults; differences are taken
replication by replication. With several scenarios the intervals hold jointly (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from insight.cause_tables import cause_differences
from insight.figures import Values, network_figures
from insight.group_differences import group_differences
from insight.intervals import paired_difference
from insight.run_folder import RunFolder
from scenarios.loading import LoadedScenario
from scenarios.world import World
from sim.experiment import run_together
from sim.options import Options, RunResult

Replications = Sequence[tuple[int, Values]]


@dataclass(frozen=True)
class Comparison:
    """What a comparison found.

    Parameters
    ----------
    baseline
        Name of the first scenario.
    runs
        The runs by name, the baseline first.
    content
        The content of comparison.json.
    """

    baseline: str
    runs: Mapping[str, RunResult]
    content: dict[str, Any]

    def difference(self, name: str, kpi: str) -> dict[str, float | None]:
        """Return difference, limits, p-value and variance ratio of a KPI of a scenario."""
        found: dict[str, float | None] = self.content["scenarios"][name][kpi]
        return found


def compare(
    scenarios: Mapping[str, LoadedScenario] | Sequence[LoadedScenario | str | Path],
    worlds: Mapping[str, World] | None = None,
    **options: Any,
) -> Comparison:
    """Run scenarios under common random numbers and compare each with the first.

    Parameters
    ----------
    scenarios
        Two or more, the baseline first: loaded scenarios by name, or names, files or loaded scenarios.
    worlds
        What they compile to, by name, where that is known.
    **options
        As in `sim.experiment.Options`; replications and seed are the baseline's when absent. In `folder`
        each scenario gets a run folder of its name.

    Raises
    ------
    ValueError
        If there are fewer than two scenarios, or two of one name.
    """
    named = scenarios if isinstance(scenarios, Mapping) else _named(scenarios)
    if len(named) < 2:
        raise ValueError("a comparison needs two scenarios or more")
    chosen = like_the_baseline(named, Options(**options))
    found = comparison_of(run_together(named, chosen, worlds))
    if chosen.folder is not None:
        RunFolder(chosen.folder).write_json("comparison.json", found.content)
    return found


def like_the_baseline(scenarios: Mapping[str, LoadedScenario], options: Options) -> Options:
    """Return options with the replications and the seed of the first scenario where they say nothing."""
    first = next(iter(scenarios.values())).scenario
    count = first.replications if options.replications is None else options.replications
    return replace(options, replications=count, seed=first.seed if options.seed is None else options.seed)


def comparison_of(runs: Mapping[str, RunResult]) -> Comparison:
    """Return how runs under common random numbers differ from the first of them."""
    baseline = next(iter(runs))
    confidence = runs[baseline].scenario.scenario.confidence
    content = {
        "baseline": baseline,
        "confidence": confidence,
        "comparisons": len(runs) - 1,
        "replications": {name: run.summary["replications"] for name, run in runs.items()},
        **_differences(runs, baseline, confidence),
    }
    return Comparison(baseline, runs, content)


def _differences(runs: Mapping[str, RunResult], baseline: str, confidence: float) -> dict[str, Any]:
    """Return how each scenario differs: the whole network, by city and centre, and by cause."""
    found: dict[str, Callable[[Replications, Replications, float, int], dict[str, Any]]] = {
        "scenarios": paired_differences,
        "by": group_differences,
        "causes": cause_differences,
    }
    others = [name for name in runs if name != baseline]
    base = runs[baseline].values
    return {
        key: {name: differences(base, runs[name].values, confidence, len(others)) for name in others}
        for key, differences in found.items()
    }


def _named(scenarios: Sequence[LoadedScenario | str | Path]) -> dict[str, LoadedScenario]:
    from scenarios.loading import load

    named: dict[str, LoadedScenario] = {}
    for item in scenarios:
        loaded = item if isinstance(item, LoadedScenario) else load(item)
        if loaded.scenario.name in named:
            raise ValueError(f"two scenarios are named {loaded.scenario.name}")
        named[loaded.scenario.name] = loaded
    return named


def paired_differences(
    baseline: Sequence[tuple[int, Values]],
    other: Sequence[tuple[int, Values]],
    confidence: float,
    comparisons: int,
) -> dict[str, dict[str, float | None]]:
    """Return the paired difference of every KPI of the whole network, over the replications that both have.

    Parameters
    ----------
    baseline, other
        Number and figures of each replication.
    confidence
        Joint confidence of all comparisons of one KPI.
    comparisons
        Number of scenarios that are compared with the baseline.
    """
    left = {number: network_figures(values) for number, values in baseline}
    right = {number: network_figures(values) for number, values in other}
    numbers = sorted(set(left) & set(right))
    result = {}
    for kpi in left[numbers[0]]:
        a = np.array([left[n][kpi] for n in numbers])
        b = np.array([right[n][kpi] for n in numbers])
        if np.isfinite(a + b).any():
            result[kpi] = paired_difference(a, b, confidence, comparisons).as_dict()
    return result
