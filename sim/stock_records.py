"""The table of stock moves: what orders asked for, what stocks sent each other, and what holding them cost.

All work is done in numpy, after the run.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from insight.packing import LookUp, NumberedNames, Packed, Picked
from insight.tables import Categories
from scenarios.world import World
from sim.labels import place_columns
from sim.parts import Depots
from sim.stock_log import Kind, Spells, StockLog

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

KINDS = tuple(kind.name.lower() for kind in Kind)
_HOURS_PER_YEAR = 8760.0


def stock_moves(world: World, depots: Depots, ids: NumberedNames) -> Packed:
    """Return the table of stock moves of a finished replication.

    Parameters
    ----------
    world
        The compiled scenario.
    depots
        Its depots after the run.
    ids
        Id of each order.
    """
    logs = (depots.demands, depots.refills, _holding(world, depots.spells()))

    def joined(name: str) -> npt.NDArray[Any]:
        return np.concatenate([getattr(log, name) for log in logs])

    stock, rows, kind = (joined(name).astype(np.int32) for name in ("stocks", "rows", "kinds"))
    centres = np.array([s.centre for s in world.stocks], dtype=np.int64)
    parts = np.array([s.part for s in world.stocks], dtype=np.int32)
    columns = {**place_columns(world, centres), "part": Categories(parts, world.names.parts)}
    table = Packed({name: LookUp(column, stock) for name, column in columns.items()})
    table.put("work_order", Picked(ids, rows))
    source = np.append(centres, -1)[joined("sources")]
    table.put("source", Categories(source.astype(np.int32), world.names.centres))
    table.put("kind", Categories(kind, KINDS))
    quantity, demanded, available = joined("quantities"), joined("demanded"), joined("available")
    prices = np.stack([p.unit_costs for p in world.periods])
    paid = quantity * prices[world.period_at(demanded), parts[stock]]
    table.put("cost_parts", np.where(kind < Kind.REPLENISHMENT, paid, 0.0) + joined("extra"))
    table.put("quantity", quantity)
    table.put("demanded_at", demanded)
    table.put("on_shelf", np.isin(kind, (Kind.DEPOT, Kind.VAN)) & (available <= demanded))
    table.put("available_at", _by(world.horizon, available), like="demanded_at")
    table.put("replenished_at", _by(world.horizon, joined("replenished")))
    return table


def part_waits(depots: Depots, orders: int, horizon: float, before: FloatArray | None = None) -> FloatArray:
    """Return the hours that each order waits for its parts, up to the horizon.

    Parameters
    ----------
    depots
        The depots after the run.
    orders
        Number of orders.
    horizon
        Hours of the replication.
    before
        An instant for each order: only demands made before it count, or at it. All when absent.
    """
    log = depots.demands
    row, demanded = np.array(log.rows, dtype=np.int64), np.array(log.demanded)
    hours = np.minimum(np.array(log.available), horizon) - demanded
    if before is not None:
        hours = np.where(demanded <= before[row], hours, 0.0)
    return np.bincount(row, hours, orders).astype(np.float64)


def _by(horizon: float, instants: FloatArray) -> FloatArray:
    return np.where(instants <= horizon, instants, np.nan)


def _holding(world: World, spells: Spells | None) -> StockLog:
    """Return the cost of holding each part at each centre, by month, as moves of no units.

    A month is cut where the warm-up ends and where a dated change comes into force, so that each piece has
    one price and lies in or out of the window of figures.
    """
    log = StockLog()
    if spells is not None:
        first: dict[tuple[int, int], int] = {}
        pooled = [first.setdefault((s.centre, s.part), i) for i, s in enumerate(world.stocks)]
        cuts = _cuts(world)
        of_spell = np.array(pooled, dtype=np.int64)[np.array(spells.stocks, dtype=np.int64)]
        begins, ends = np.array(spells.begins), np.array(spells.ends)
        until = [_hours_held(of_spell, begins, ends, cut, len(pooled)) for cut in cuts]
        hours = np.diff(until, axis=0)
        for begin, units in zip(cuts, hours, strict=False):
            period = world.periods[int(world.period_at(np.array([begin]))[0])]
            a_year = period.parts_policy.holding_share / _HOURS_PER_YEAR
            for stock in np.flatnonzero(units).tolist():
                cost = float(units[stock] * a_year * period.unit_costs[world.stocks[stock].part])
                if cost > 0.0:
                    log.add(-1, stock, 0, Kind.HOLDING, stock, begin, np.nan, np.nan, cost)
    return log


def _cuts(world: World) -> list[float]:
    """Return the ends of the pieces of time for each of which holding has its cost."""
    starts = [p.start_hours for p in world.periods]
    cuts = {*_months(world.start, world.horizon), *starts, world.warm_up, world.horizon}
    return sorted(cut for cut in cuts if 0.0 <= cut <= world.horizon)


def _months(start: date, horizon: float) -> list[float]:
    """Return the first instants of months in UTC, from the start to the horizon."""
    origin = datetime(start.year, start.month, start.day, tzinfo=UTC)
    found = [0.0]
    year, month = start.year, start.month
    while found[-1] < horizon:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        found.append((datetime(year, month, 1, tzinfo=UTC) - origin).total_seconds() / 3600.0)
    return found


def _hours_held(
    stock: IntArray, begins: FloatArray, ends: FloatArray, until: float, count: int
) -> FloatArray:
    """Return the hours that units lay on shelves up to an instant, by the stock that stands for several."""
    hours = np.minimum(ends, until) - np.minimum(begins, until)
    return np.bincount(stock, hours, count).astype(np.float64)
