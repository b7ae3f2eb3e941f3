"""What common random numbers save: the variance of a difference, independent seeds over common ones.

    python -m benchmarks.common_random_numbers [--scenario NAME] [--engineers KEY] [--replications N]

The other scenario has one engineer more in one group (KEY, for instance
`centres.medan.engineers.seniors.count`). Prints one JSON object last: ratio of the network's mean
time_to_attend with its limits (90 % two-sided, so that the lower is a 95 % limit), and the paired difference.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

import numpy as np

from insight.figures import network_figures
from insight.intervals import paired_difference, variance_ratio_limits
from scenarios import load
from scenarios.loading import LoadedScenario
from sim import RunResult, compare

_KPI = "time_to_attend_mean"


def one_more(
    scenario: str, key: str | None, days: float | None
) -> tuple[LoadedScenario, LoadedScenario, str]:
    """Return a scenario, the same with one engineer more, and the key of the head count."""
    length = [] if days is None else [f"days={days!r}"]
    baseline = load(scenario, length)
    where = key or _first_group(baseline)
    node: Any = baseline.scenario.model_dump()
    for part in where.split("."):
        node = node[part]
    return baseline, load(scenario, [*length, f"{where}={node + 1}", "name=one-more"]), where


def _first_group(loaded: LoadedScenario) -> str:
    """Return the head count of the largest group of engineers of a local station."""
    counts = {
        f"centres.{centre}.engineers.{group}.count": spec.count
        for centre, c in loaded.scenario.centres.items()
        if c.level == "local"
        for group, spec in c.engineers.items()
    }
    return max(counts, key=lambda where: counts[where])


def figures(result: RunResult) -> list[float]:
    """Return the network's mean time to attend of each replication."""
    return [network_figures(values)[_KPI] for _, values in result.values]


def main() -> None:
    """Run both scenarios with common seeds and print what that saves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--scenario", default="asean15", help="library name or file (default asean15)")
    parser.add_argument("--engineers", help="dotted key of the head count (default: the largest local group)")
    parser.add_argument("--replications", type=int, default=200, help="replications (default 200)")
    parser.add_argument("--days", type=float, help="days of a replication (default: the scenario's)")
    parser.add_argument("--workers", type=int, default=2, help="processes (default 2)")
    arguments = parser.parse_args()
    baseline, other, where = one_more(arguments.scenario, arguments.engineers, arguments.days)
    found = compare(
        {"baseline": baseline, "one-more": other},
        replications=arguments.replications,
        workers=arguments.workers,
    )
    a, b = (np.array(figures(run)) for run in found.runs.values())
    ratio, lower, upper = variance_ratio_limits(a, b, 0.90)
    print(
        json.dumps(
            {
                "scenario": arguments.scenario,
                "changed": where,
                "replications": arguments.replications,
                "variance_ratio": round(ratio, 2),
                "lower_95": round(lower, 2),
                "upper_95": round(upper, 2),
                "difference_hours": paired_difference(a, b).as_dict(),
            }
        )
    )


if __name__ == "__main__":
    main()
