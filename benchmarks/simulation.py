"""What a work order costs in the model, in microseconds and in bare SimPy events of the same run.

    python -m benchmarks.simulation [--orders-per-day N] [--engineers N] [--days D] [--scenario NAME]
        [--busier N ...]

Prints one JSON object last: orders, seconds (of the event loop), us_per_order, bare_timeouts_per_order
(medians of the rounds), set_up_and_kpis_share (of the whole replication), peak_mb, utilisation; and busier:
for each further number of orders a day, round by round beside the first, utilisation, still_open (share of
the orders that nobody had finished at the end) and against_normal, the ratio of the costs of an order.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.measure import bare_timeout_us, peak_mb, seconds_of
from benchmarks.networks import network
from insight.figures import Window, network_figures
from insight.kpis import kpi_values
from scenarios import from_document, load
from scenarios.compiling import compile_world
from scenarios.world import World
from sim.model import Model
from sim.records import tables_of
from sim.replicate import facts_of


def measure(world: World, replication: int) -> dict[str, float]:
    """Return the seconds of each part of one replication, its orders, and how busy engineers were."""
    made: list[Model] = []
    set_up = seconds_of(lambda: made.append(Model(world, 1, replication)))
    model = made[0]
    loop = seconds_of(model.run)
    found: list[float] = []

    def close() -> None:
        tables = tables_of(model, replication)
        window = Window(0.0, world.horizon)
        values = kpi_values(tables, window, facts_of(world, window, {}))
        found.append(network_figures(values)["utilisation"])

    after = seconds_of(close)
    orders = float(len(model.births))
    return {
        "orders": orders,
        "set_up": set_up,
        "loop": loop,
        "after": after,
        "utilisation": found[0],
        "us_per_order": loop / orders * 1e6,
        "still_open": float(np.mean(~(np.array(model.completed) <= world.horizon))),
    }


def medians(rounds: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return the median of each figure."""
    return {key: statistics.median(r[key] for r in rounds) for key in rounds[0]}


def summary(rounds: Sequence[dict[str, float]], bare: Sequence[float]) -> dict[str, Any]:
    """Return what is printed about the rounds of one network.

    Parameters
    ----------
    rounds
        What `measure` gave.
    bare
        Microseconds of a bare SimPy event beside each.
    """
    middle = medians(rounds)
    whole = middle["set_up"] + middle["loop"] + middle["after"]
    ratios = [r["us_per_order"] / us for r, us in zip(rounds, bare, strict=True)]
    return {
        "orders": int(middle["orders"]),
        "seconds": round(middle["loop"], 4),
        "us_per_order": round(middle["us_per_order"], 2),
        "bare_timeouts_per_order": round(statistics.median(ratios), 1),
        "set_up_and_kpis_share": round((whole - middle["loop"]) / whole, 3),
        "peak_mb": round(peak_mb(), 1),
        "utilisation": round(middle["utilisation"], 3),
    }


def busier_summary(
    orders_per_day: float, rounds: Sequence[dict[str, float]], normal: Sequence[dict[str, float]]
) -> dict[str, float]:
    """Return what is printed about the rounds of a busier network, and about the same rounds of the first."""
    middle = medians(rounds)
    ratios = [r["us_per_order"] / n["us_per_order"] for r, n in zip(rounds, normal, strict=True)]
    return {
        "orders_per_day": orders_per_day,
        "utilisation": round(middle["utilisation"], 3),
        "still_open": round(middle["still_open"], 3),
        "against_normal": round(statistics.median(ratios), 2),
    }


def parsed() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--orders-per-day", type=float, default=30.0, help="expected orders a day (default 30)"
    )
    parser.add_argument("--engineers", type=int, default=96, help="engineers in all (default 96)")
    parser.add_argument("--days", type=float, default=365.0, help="days of a replication (default 365)")
    parser.add_argument("--scenario", help="a library scenario in place of a generated network")
    parser.add_argument("--rounds", type=int, default=5, help="replications to time (default 5)")
    parser.add_argument(
        "--busier", type=float, nargs="*", default=[], help="further orders a day for the same engineers"
    )
    return parser.parse_args()


def main() -> None:
    """Time replications of one network, and of busier ones if asked, and print the medians."""
    options = parsed()

    def generated(orders_per_day: float) -> World:
        return compile_world(from_document(network(orders_per_day, options.engineers, options.days)))

    if options.scenario:
        world = compile_world(load(options.scenario, [f"days={options.days}"]))
    else:
        world = generated(options.orders_per_day)
    worlds = [world, *(generated(orders) for orders in options.busier)]
    rounds: list[list[dict[str, float]]] = [[] for _ in worlds]
    bare = []
    for number in range(options.rounds):
        bare.append(bare_timeout_us())
        for one, its in zip(worlds, rounds, strict=True):
            its.append(measure(one, number))
    result = summary(rounds[0], bare)
    if options.busier:
        result["busier"] = [
            busier_summary(orders, its, rounds[0])
            for orders, its in zip(options.busier, rounds[1:], strict=True)
        ]
    print(json.dumps(result))


if __name__ == "__main__":
    main()
