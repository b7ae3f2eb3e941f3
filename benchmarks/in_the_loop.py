"""What planning inside the simulation is worth: three dispatch policies on the same failures.

    python -m benchmarks.in_the_loop SCENARIO [--days D] [--replications N] [--month 2026-02 ...]
        [--by severity ...] [--set KEY=VALUE ...]

Prints one JSON object: for `sla_priority` and `optimized` the mean of each KPI under `nearest_qualified`, its
own mean, and the paired difference with its limits, over the whole run, in the months that are named and by
the dimensions that are (severity, customer_tier, zone, country, city), each limit for itself; the
difference of the hours and of the missed orders (of a thousand) that are laid to each cause; and the CPU
milliseconds of a decision of `optimized` with the building of its problem, and how many took over 10.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from insight.cause_tables import cause_differences
from insight.figures import NETWORK, Values, Window, group_figures
from insight.intervals import paired_difference
from optimize.in_loop.policy import Optimized
from optimize.lns.engine import warmup
from scenarios import load
from scenarios.compiling import compile_world
from scenarios.world import World
from sim.entities import Engineer, Order
from sim.model import Model
from sim.policies import Situation
from sim.replicate import replicate

POLICIES = ("nearest_qualified", "sla_priority", "optimized")
KPIS = (
    "response_attainment",
    "attend_attainment",
    "restore_attainment",
    "sla_attainment",
    "tardiness_mean",
    "time_to_attend_mean",
    "time_to_fix_mean",
    "utilisation",
    "travel_hours",
    "overtime_hours",
    "cost_total",
)
Runs = Sequence[tuple[int, Values]]
Figures = Sequence[Mapping[str, float]]


def run(world: World, replications: int) -> Runs:
    """Return the figures of each replication."""
    window = Window(world.warm_up, world.horizon)
    return [(n, replicate(world, world.seed, n, window)[1]) for n in range(replications)]


def differences(baseline: Figures, other: Figures) -> dict[str, list[float]]:
    """Return both means, the paired difference and its limits (95 %, jointly of two policies) by KPI."""
    found = {}
    for kpi in KPIS:
        before, after = (np.array([f.get(kpi, np.nan) for f in figures]) for figures in (baseline, other))
        if np.isfinite(before + after).any():
            difference = paired_difference(before, after, 0.95, len(POLICIES) - 1)
            limits = difference.difference, difference.ci_low, difference.ci_high
            found[kpi] = [round(float(x), 4) for x in (np.nanmean(before), np.nanmean(after), *limits)]
    return found


def milliseconds(world: World) -> dict[str, float]:
    """Return the CPU time of the decisions of one replication, with the building of their problems."""
    taken: list[float] = []
    began = [0.0]

    class Timed(Optimized):
        def assign(self, situation: Situation) -> Iterable[tuple[Order, Engineer]]:
            pairs = list(super().assign(situation))
            taken.append(time.thread_time() - began[0])
            return pairs

    warmup()
    model = Model(world, world.seed, 0, policies=[Timed() for _ in world.periods])
    shown = model.planning.situation

    def situation(*arguments: Any) -> Situation:
        began[0] = time.thread_time()
        return shown(*arguments)

    model.planning.situation = situation  # type: ignore[assignment,method-assign]
    model.run()
    figures = {"mean": np.mean(taken), "p50": np.median(taken), "p99": np.quantile(taken, 0.99)}
    figures["max"] = np.max(taken)
    over = {"decisions": len(taken), "over_10": int(np.sum(np.array(taken) > 0.010))}
    return {**over, **{k: round(1e3 * float(v), 2) for k, v in figures.items()}}


def _values(runs: Runs, dimension: str) -> list[str]:
    """Return the values of a dimension in a run, in their order."""
    figures = runs[0][1]
    return sorted({v for d, v in zip(figures.dimension, figures.value, strict=True) if d == dimension})


def study(
    world_of: Callable[[str], World], replications: int, months: Sequence[str], dimensions: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what is printed."""
    runs: dict[str, Runs] = {}
    for policy in POLICIES:
        began = time.perf_counter()
        runs[policy] = run(world_of(policy), replications)
        print(f"{policy}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    baseline = runs[POLICIES[0]]
    groups = [("network", NETWORK), *((month, ("month", month)) for month in months)]
    groups += [(value, (name, value)) for name in dimensions for value in _values(baseline, name)]
    return {
        "replications": replications,
        **{
            name: {
                policy: differences(
                    *([group_figures(values, *group) for _, values in runs[p]] for p in (POLICIES[0], policy))
                )
                for policy in POLICIES[1:]
            }
            for name, group in groups
        },
        "causes": {p: cause_differences(baseline, runs[p], 0.95, len(POLICIES) - 1) for p in POLICIES[1:]},
        "milliseconds": milliseconds(world_of("optimized")),
    }


def main() -> None:
    """Run the study and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("scenario", help="a library scenario or a file")
    parser.add_argument("--days", type=float, help="days of a replication (default the scenario's)")
    parser.add_argument("--replications", type=int, default=10, help="replications (default 10)")
    parser.add_argument("--month", nargs="*", default=[], help="months to show by themselves, as 2026-02")
    parser.add_argument("--by", nargs="*", default=[], help="dimensions to show by their values, as severity")
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE", help="values of the scenario")
    options = parser.parse_args()
    sets = [*options.set, *([] if options.days is None else [f"days={options.days}"])]

    def world_of(policy: str) -> World:
        return compile_world(load(options.scenario, [*sets, f"dispatch.policy={policy}"]))

    print(json.dumps(study(world_of, options.replications, options.month, options.by)))


if __name__ == "__main__":
    main()
