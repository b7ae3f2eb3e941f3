"""What a work order costs in the model, in microseconds and in bare SimPy events of the same run.

    python -m benchmarks.simulation [--orders-per-day N] [--engineers N] [--days D] [--scenario NAME]

Prints one JSON object last: orders, seconds (of the event loop), us_per_order, bare_timeouts_per_order
(medians of the rounds), set_up_and_kpis_share (of the whole replication), peak_mb, utilisation.
"""

from __future__ import annotations

import argparse
import json
import statistics

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
    return {
        "orders": float(len(model.births)),
        "set_up": set_up,
        "loop": loop,
        "after": after,
        "utilisation": found[0],
    }


def main() -> None:
    """Time replications of one network and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--orders-per-day", type=float, default=30.0, help="expected orders a day (default 30)"
    )
    parser.add_argument("--engineers", type=int, default=96, help="engineers in all (default 96)")
    parser.add_argument("--days", type=float, default=365.0, help="days of a replication (default 365)")
    parser.add_argument("--scenario", help="a library scenario in place of a generated network")
    parser.add_argument("--rounds", type=int, default=5, help="replications to time (default 5)")
    arguments = parser.parse_args()
    if arguments.scenario:
        loaded = load(arguments.scenario, [f"days={arguments.days}"])
    else:
        loaded = from_document(network(arguments.orders_per_day, arguments.engineers, arguments.days))
    world = compile_world(loaded)
    rounds, ratios = [], []
    for number in range(arguments.rounds):
        bare = bare_timeout_us()
        rounds.append(measure(world, number))
        ratios.append(rounds[-1]["loop"] / rounds[-1]["orders"] * 1e6 / bare)
    middle = {key: statistics.median(r[key] for r in rounds) for key in rounds[0]}
    whole = middle["set_up"] + middle["loop"] + middle["after"]
    result = {
        "orders": int(middle["orders"]),
        "seconds": round(middle["loop"], 4),
        "us_per_order": round(middle["loop"] / middle["orders"] * 1e6, 2),
        "bare_timeouts_per_order": round(statistics.median(ratios), 1),
        "set_up_and_kpis_share": round((whole - middle["loop"]) / whole, 3),
        "peak_mb": round(peak_mb(), 1),
        "utilisation": round(middle["utilisation"], 3),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
