"""Spare parts during a run: demands for orders, at depots and from vans.

A demand is promised the units that are next on the shelf at its time, and keeps them; if the shelf is empty
it may be met in another way. How shelves are filled is in `replenishment`, the other ways in `substitutes`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from scenarios.world import World
from sim.replenishment import Shelves
from sim.stock_log import Kind, Spells, StockLog
from sim.substitutes import Shortage, find_way

# Members of an enumeration are slow to look up.
_DEPOT, _VAN = Kind.DEPOT.value, Kind.VAN.value


class Depots:
    """All stocks of one replication, and the logs of their moves.

    Parameters
    ----------
    world
        The compiled scenario.
    outages
        Begin and end of each outage of the first supplier, in hours since the start.

    Attributes
    ----------
    demands
        What orders asked for.
    refills
        What stocks ordered of one another.
    """

    def __init__(self, world: World, outages: Iterable[tuple[float, float]] = ()) -> None:
        self._world = world
        self._period = 0
        self.demands = StockLog()
        self.refills = StockLog()
        self._shelves = Shelves(world, self.refills)
        self._vans = _vans(world)
        self.supplier_out(outages)

    def supplier_out(self, outages: Iterable[tuple[float, float]]) -> None:
        """Say when the first supplier delivers nothing; to be called before the run.

        Parameters
        ----------
        outages
            Begin and end of each, in hours since the start; what is ordered in one leaves at its end.
        """
        self._shelves.supplier_out(outages)

    def demand(self, row: int, key: int, stock: int, quantity: int, now: float, severity: int = -1) -> float:
        """Take units for an order and return the instant at which all of them are there.

        Parameters
        ----------
        row, key
            Row and key of the order.
        stock
            Position of the stock.
        quantity
            Units needed, 1 or more.
        now
            The instant of the demand; a demand never comes before an earlier one.
        severity
            Severity of the order, on which other ways than the shelf may depend.

        Returns
        -------
        float
            `now` if the shelf holds them, later if they are awaited; with a base stock of 0 each demand
            waits for its own order.
        """
        shelves = self._shelves
        if self._world.periods[self._period].parts_policy.on_stock_out and not shelves.has(
            stock, quantity, now
        ):
            shortage = Shortage(key, stock, quantity, severity, now)
            way = find_way(self._world, shelves, self._period, shortage)
            if way is not None:
                replenished = float("nan")
                if way.source >= 0:
                    replenished = self._give(row, key, way.source, quantity, now)
                extra = way.extra + self._charges()
                self.demands.add(
                    row, stock, quantity, way.kind, way.source, now, way.ready, replenished, extra
                )
                return way.ready
        taken, replenished = shelves.take(row, key, stock, quantity, now)
        ready = max(now, *taken)
        shelves.leave(stock, taken, ready)
        self.demands.add(row, stock, quantity, _DEPOT, stock, now, ready, replenished, self._charges())
        return ready

    def peek(self, stock: int, quantity: int, now: float) -> bool:
        """Return whether so many units that nobody has been promised are on a shelf now."""
        return self._shelves.has(stock, quantity, now)

    def van_has(self, engineer: int, part: int, quantity: int, now: float) -> bool:
        """Return whether an engineer has so many units of a part in his van now.

        Parameters
        ----------
        engineer
            Position of the engineer in the World.
        part
            Position of the part.
        quantity
            Units, 1 or more.
        now
            The instant.
        """
        if not self._vans:
            return False
        stock = self._vans[engineer].get(part, -1)
        return stock >= 0 and self._shelves.has(stock, quantity, now)

    def take_from_van(self, row: int, key: int, engineer: int, part: int, quantity: int, now: float) -> None:
        """Use units from an engineer's van for an order; his depot sends others at once.

        Parameters
        ----------
        row, key
            Row and key of the order.
        engineer, part, quantity
            As in `van_has`, which has to hold.
        now
            The instant; it never comes before that of an earlier demand.

        Raises
        ------
        ValueError
            If the units are not in the van.
        """
        if not self.van_has(engineer, part, quantity, now):
            raise ValueError("the van does not have them")
        stock = self._vans[engineer][part]
        replenished = self._give(row, key, stock, quantity, now)
        self.demands.add(row, stock, quantity, _VAN, stock, now, now, replenished, self._charges())

    def _give(self, row: int, key: int, stock: int, quantity: int, now: float) -> float:
        """Take units off a shelf on which they are; return when those ordered in their place arrive."""
        taken, replenished = self._shelves.take(row, key, stock, quantity, now)
        self._shelves.leave(stock, taken, now)
        return replenished

    def _charges(self) -> float:
        """Return what was paid beside the price of parts since the last time."""
        charges, self._shelves.charges = self._shelves.charges, 0.0
        return charges

    def begin_period(self, period: int, now: float) -> None:
        """Bring stocks to what a period asks for: new units are there at once, surplus is used up."""
        self._period = period
        self._shelves.begin_period(period, now)

    def mean_on_shelf(self) -> list[float]:
        """Return the mean number of units on each shelf up to the horizon, those set aside included."""
        return self._shelves.mean_on_shelf()

    def spells(self) -> Spells | None:
        """Return when each unit lay on a shelf, up to the horizon; None if holding it costs nothing."""
        return self._shelves.spells()

    # What orders asked for, by column of its log.

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """Return the row of the order of each demand."""
        column: npt.NDArray[np.int64] = self.demands.rows
        return column

    @property
    def stocks(self) -> npt.NDArray[np.int64]:
        """Return the position of the stock that each demand was made at."""
        column: npt.NDArray[np.int64] = self.demands.stocks
        return column

    @property
    def quantities(self) -> npt.NDArray[np.int64]:
        """Return the units of each demand."""
        column: npt.NDArray[np.int64] = self.demands.quantities
        return column

    @property
    def demanded(self) -> npt.NDArray[np.float64]:
        """Return the instant of each demand."""
        column: npt.NDArray[np.float64] = self.demands.demanded
        return column

    @property
    def available(self) -> npt.NDArray[np.float64]:
        """Return the instant at which all units of each demand are there."""
        column: npt.NDArray[np.float64] = self.demands.available
        return column

    @property
    def replenished(self) -> npt.NDArray[np.float64]:
        """Return the instant at which what is ordered in place of each demand's units is on the shelf."""
        column: npt.NDArray[np.float64] = self.demands.replenished
        return column


def _vans(world: World) -> list[dict[int, int]]:
    """Return for each of the World's engineers the stock of each part in his van; empty without any van."""
    stocks: dict[str, dict[int, int]] = {}
    for position, stock in enumerate(world.stocks):
        if stock.van:
            stocks.setdefault(stock.van, {})[stock.part] = position
    return [stocks.get(engineer.name, {}) for engineer in world.engineers] if stocks else []
