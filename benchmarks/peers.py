"""The same queue in Banyan, in Ciw and in the plain SimPy idiom, timed in turns in one run.

    python -m benchmarks.peers [--days D] [--rounds N]

The queue is M/M/10 with two priority classes (scenarios/library/validation/mm10-two-classes.yaml). Banyan
reads it as an ordinary scenario and times `env.run` alone, as the others do. Prints one JSON object last:
microseconds per customer (medians over rounds), ratios to Ciw, and mean waits against theory.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import simpy

from benchmarks.measure import bare_timeout_us, seconds_of
from scenarios import load
from scenarios.compiling import compile_world
from scenarios.world import World
from sim.model import Model

_RATES = (4.0, 4.0)
_SERVERS = 10


def banyan(world: World, replication: int) -> tuple[float, int, tuple[float, float]]:
    """Return seconds of the run, customers, and mean waits of both classes in hours."""
    model = Model(world, 1, replication)
    model.prepare()
    seconds = seconds_of(lambda: model.env.run(until=world.horizon))
    row, wait = np.array(model.visits.row), np.array(model.visits.booked) - np.array(model.visits.ready)
    urgent = model.births.fault[row] == world.names.fault_types.index("urgent")
    return seconds, len(model.births), (float(wait[urgent].mean()), float(wait[~urgent].mean()))


def ciw_engine(hours: float, seed: int) -> tuple[float, int, tuple[float, float]]:
    """Return the same of Ciw."""
    import ciw

    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions={
            f"Class {k}": [ciw.dists.Exponential(rate=rate)] for k, rate in enumerate(_RATES)
        },
        service_distributions={f"Class {k}": [ciw.dists.Exponential(rate=1.0)] for k in range(len(_RATES))},
        priority_classes={f"Class {k}": k for k in range(len(_RATES))},
        number_of_servers=[_SERVERS],
    )
    simulation = ciw.Simulation(network)
    seconds = seconds_of(lambda: simulation.simulate_until_max_time(hours))
    records = simulation.get_all_records()
    waits = [[r.waiting_time for r in records if r.customer_class == f"Class {k}"] for k in range(2)]
    return seconds, len(records), (statistics.fmean(waits[0]), statistics.fmean(waits[1]))


def simpy_idiom(hours: float, seed: int) -> tuple[float, int, tuple[float, float]]:
    """Return the same of one process per customer around a `PriorityResource`."""
    env, draw = simpy.Environment(), random.Random(seed)
    servers = simpy.PriorityResource(env, _SERVERS)
    waits: tuple[list[float], list[float]] = ([], [])

    def customer(kind: int) -> Generator[simpy.Event, Any, None]:
        arrived = env.now
        with servers.request(priority=kind) as request:
            yield request
            waits[kind].append(env.now - arrived)
            yield env.timeout(draw.expovariate(1.0))

    def source(kind: int) -> Generator[simpy.Event, Any, None]:
        while True:
            yield env.timeout(draw.expovariate(_RATES[kind]))
            env.process(customer(kind))

    for kind in range(len(_RATES)):
        env.process(source(kind))
    seconds = seconds_of(lambda: env.run(until=hours))
    return seconds, sum(map(len, waits)), (statistics.fmean(waits[0]), statistics.fmean(waits[1]))


def theory() -> tuple[float, float]:
    """Return the mean waits of both classes (Cobham 1954, extended to several servers)."""
    load_ = sum(_RATES)
    loss = 1.0
    for n in range(1, _SERVERS + 1):
        loss = load_ * loss / (n + load_ * loss)
    delay = loss / (1.0 - (load_ / _SERVERS) * (1.0 - loss))
    sigma = [0.0, _RATES[0] / _SERVERS, load_ / _SERVERS]
    waits = [delay / _SERVERS / ((1.0 - sigma[k]) * (1.0 - sigma[k + 1])) for k in range(2)]
    return waits[0], waits[1]


def main() -> None:
    """Time the three engines in turns and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--days", type=float, default=200.0, help="days of each run (default 200)")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each engine (default 5)")
    arguments = parser.parse_args()
    world = compile_world(load("mm10-two-classes", [f"days={arguments.days}", "warm_up.days=0"]))
    engines: dict[str, Callable[[int], tuple[float, int, tuple[float, float]]]] = {
        "banyan": lambda n: banyan(world, n),
        "ciw": lambda n: ciw_engine(world.horizon, n),
        "simpy_idiom": lambda n: simpy_idiom(world.horizon, n),
    }
    us: dict[str, list[float]] = {name: [] for name in engines}
    waits: dict[str, list[tuple[float, float]]] = {name: [] for name in engines}
    bare = []
    for number in range(arguments.rounds):
        bare.append(bare_timeout_us())
        for name, engine in engines.items():
            seconds, customers, mean_waits = engine(number)
            us[name].append(seconds / customers * 1e6)
            waits[name].append(mean_waits)
    medians = {name: statistics.median(values) for name, values in us.items()}
    result = {
        "us_per_customer": {name: round(value, 2) for name, value in medians.items()},
        "bare_timeout_us": round(statistics.median(bare), 3),
        "faster_than_ciw": round(
            statistics.median(c / b for b, c in zip(us["banyan"], us["ciw"], strict=True)), 2
        ),
        "faster_than_simpy_idiom": round(
            statistics.median(c / b for b, c in zip(us["banyan"], us["simpy_idiom"], strict=True)), 2
        ),
        "mean_wait_hours": {
            name: [round(statistics.fmean(w[k] for w in values), 5) for k in range(2)]
            for name, values in waits.items()
        },
        "theory_wait_hours": [round(w, 5) for w in theory()],
    }
    assert all(math.isfinite(v) for v in medians.values())
    print(json.dumps(result))


if __name__ == "__main__":
    main()
