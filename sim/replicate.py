"""One replication from seed to figures, and a batch of them as a unit of work for any executor."""

from __future__ import annotations

import gc
import hashlib
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from insight.figures import Facts, Values, Window
from insight.kpis import kpi_values
from insight.run_folder import RunFolder
from insight.tables import Tables, rows
from scenarios.world import World
from sim.model import Model
from sim.records import tables_of

#: After how many orders the memory of finished replications is reclaimed.
_ORDERS_PER_COLLECTION = 20_000


@dataclass(frozen=True)
class Batch:
    """Replications to run together.

    Parameters
    ----------
    world
        The World, pickled.
    seed
        Seed of the experiment.
    replications
        Their numbers.
    warm_up
        Hours that the figures leave out.
    folder
        Where their tables go; nowhere when absent.
    """

    world: bytes
    seed: int
    replications: tuple[int, ...]
    warm_up: float
    folder: str | None


@dataclass(frozen=True)
class BatchResult:
    """What a batch found.

    Parameters
    ----------
    values
        Number and figures of each replication.
    orders
        Number of orders of each.
    """

    values: tuple[tuple[int, Values], ...]
    orders: tuple[int, ...]


def pack(world: World) -> bytes:
    """Return a World as bytes that `run_batch` takes."""
    return pickle.dumps(world, protocol=pickle.HIGHEST_PROTOCOL)


def run_batch(batch: Batch) -> BatchResult:
    """Run a batch of replications; write and commit its tables if it has a folder."""
    world = _unpacked(_Packed(batch.world))
    window = Window(batch.warm_up, world.horizon)
    values, orders, kept = [], [], []
    uncollected = 0
    for number in batch.replications:
        tables, figures = replicate(world, batch.seed, number, window)
        values.append((number, figures))
        orders.append(rows(tables["work_orders"]))
        if batch.folder is not None:
            kept.append(tables)
        # A finished model is a cycle of references; without this a worker grows with every replication.
        # To look at everything that is held takes as long as to simulate a thousand orders.
        uncollected += orders[-1]
        if uncollected >= _ORDERS_PER_COLLECTION or number == batch.replications[-1]:
            gc.collect()
            uncollected = 0
    if batch.folder is not None:
        RunFolder(Path(batch.folder)).write_batch(world.start, kept, values, orders)
    return BatchResult(tuple(values), tuple(orders))


def replicate(world: World, seed: int, replication: int, window: Window) -> tuple[Tables, Values]:
    """Run one replication and return its tables and figures.

    Parameters
    ----------
    world
        The compiled scenario.
    seed
        Seed of the experiment, 0 or more.
    replication
        Number of the replication, from 0.
    window
        The time over which figures are taken.
    """
    model = Model(world, seed, replication)
    model.run()
    tables = tables_of(model, replication)
    return tables, kpi_values(tables, window, facts_of(world, window, _mean_stock(world, model)))


def facts_of(world: World, window: Window, mean_stock: Mapping[str, float]) -> Facts:
    """Return what the tables of a simulated replication do not tell, as means over a window."""
    names = world.names
    return Facts(
        start=world.start,
        devices=_means(world, window, names.sites, [p.devices for p in world.periods]),
        mean_stock=mean_stock,
        centre_cost_per_day=_means(world, window, names.centres, [p.fixed_costs for p in world.periods]),
        repurchase=None if world.satisfaction is None else world.satisfaction.repurchase,
        **_groups(world),
    )


def _means(
    world: World, window: Window, labels: tuple[str, ...], figures: list[npt.NDArray[np.float64]]
) -> dict[str, float]:
    """Return the mean over a window of figures that dated changes may alter, by name."""
    starts = [p.start_hours for p in world.periods]
    edges = np.clip([*starts, window.horizon], window.warm_up, window.horizon)
    means = np.diff(edges) @ np.stack(figures) / window.hours
    return dict(zip(labels, means.tolist(), strict=True))


def _groups(world: World) -> dict[str, Mapping[str, Mapping[str, str]]]:
    """Return the places that sites and centres belong to, by name."""
    names, places, first = world.names, world.places, world.periods[0]

    def place(city: int) -> dict[str, str]:
        country = int(places.city_country[city])
        zone = names.zones[int(places.country_zone[country])]
        return {"city": names.cities[city], "country": names.countries[country], "zone": zone}

    sites = {
        name: {
            **place(int(places.site_city[i])),
            "centre": names.centres[int(first.homes[i])],
            "customer_tier": names.tiers[int(first.tiers[i])],
        }
        for i, name in enumerate(names.sites)
    }
    centres = {name: place(int(places.centre_city[i])) for i, name in enumerate(names.centres)}
    return {"site_groups": sites, "centre_groups": centres}


def _mean_stock(world: World, model: Model) -> dict[str, float]:
    """Return the mean number of units on the shelves of each centre over the whole replication."""
    mean = {name: 0.0 for name in world.names.centres}
    for spec, units in zip(world.stocks, model.depots.mean_on_shelf(), strict=True):
        mean[world.names.centres[spec.centre]] += units
    return mean


class _Packed:
    """Bytes that are compared by a digest, so that a worker unpacks each World once."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._digest = hashlib.blake2b(content, digest_size=16).digest()

    def __hash__(self) -> int:
        return hash(self._digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Packed) and other._digest == self._digest


# Scenarios of a comparison take turns, and each is to stay unpacked.
@lru_cache(maxsize=8)
def _unpacked(packed: _Packed) -> World:
    world: World = pickle.loads(packed.content)
    return world
