"""How much memory the orders of a run take, and whether a process grows from one replication to the next.

    python -m benchmarks.memory [--scenario NAME] [--orders-per-day N] [--engineers N] [--days D]
        [--replications N]

Prints one JSON object last: orders, peak_mb and mb_per_million_orders of a process that keeps the tables of
all its replications, by what its peak rises from the first of them to the last; and growth_mb of a process
that lets them go, from the third replication, when all that is made once is made, to the last.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
from multiprocessing.connection import Connection

from benchmarks.measure import peak_mb
from benchmarks.networks import network
from insight.figures import Window
from insight.tables import Tables, rows
from scenarios import from_document, load
from scenarios.compiling import compile_world
from scenarios.world import World
from sim.replicate import replicate

#: Replications after which a process has made all that is made once.
_SETTLED = 3


def world_of(options: argparse.Namespace) -> World:
    """Return the scenario to run."""
    if options.scenario:
        return compile_world(load(options.scenario, [f"days={options.days}"]))
    return compile_world(from_document(network(options.orders_per_day, options.engineers, options.days)))


def peaks(pipe: Connection, options: argparse.Namespace, most_kept: int) -> None:
    """Send orders so far, and peak memory in MB, after each of some replications.

    Parameters
    ----------
    pipe
        Where to send the list of both.
    options
        The options of the command line.
    most_kept
        Of so many replications the tables are kept.
    """
    world = world_of(options)
    kept: list[Tables] = []
    found, orders = [], 0
    for number in range(options.replications):
        tables, _ = replicate(world, 1, number, Window(0.0, world.horizon))
        orders += rows(tables["work_orders"])
        if len(kept) < most_kept:
            kept.append(tables)
        del tables
        gc.collect()
        found.append((orders, peak_mb()))
    pipe.send(found)


def in_a_process(options: argparse.Namespace, most_kept: int) -> list[tuple[int, float]]:
    """Return what `peaks` sends from a process of its own."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=peaks, args=(there, options, most_kept))
    process.start()
    there.close()
    found: list[tuple[int, float]] = here.recv()
    process.join()
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--scenario", help="a library scenario in place of a generated network")
    parser.add_argument("--orders-per-day", type=float, default=30.0, help="default 30")
    parser.add_argument("--engineers", type=int, default=96, help="default 96")
    parser.add_argument("--days", type=float, default=365.0, help="days of a replication (default 365)")
    parser.add_argument("--replications", type=int, default=20, help="above 3 (default 20)")
    options = parser.parse_args()
    kept, let_go = in_a_process(options, options.replications), in_a_process(options, 0)
    orders = kept[-1][0] - kept[0][0]
    result = {
        "orders": kept[-1][0],
        "peak_mb": round(kept[-1][1], 1),
        "mb_per_million_orders": round((kept[-1][1] - kept[0][1]) / orders * 1e6, 1),
        "growth_mb": round(let_go[-1][1] - let_go[_SETTLED - 1][1], 1),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
