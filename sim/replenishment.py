"""Shelves and how they are filled: base stock and (s, S), from the supplier or from other depots.

An order for units is placed at the instant of a demand, and when it arrives follows from the shelf that it is
placed at; so a unit of stock is fully described by when it is next on its shelf, and no event is needed for a
replenishment that nobody waits for. What has been promised is no longer among a shelf's units: their number
is what is on hand and on order, less what is owed.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterable

from scenarios.world import World
from sim import draws
from sim.quantile_functions import quantile
from sim.stock_log import Kind, Spells, StockLog

_NEVER = float("nan")


# Members of an enumeration are slow to look up.
_REPLENISHMENT = Kind.REPLENISHMENT.value


class Shelves:
    """All shelves of one replication, those of vans included.

    Parameters
    ----------
    world
        The compiled scenario.
    log
        Where orders of one shelf at another are written down.

    Attributes
    ----------
    units
        By stock, a heap of the instants at which each unit that nobody has been promised is on its shelf.
    charges
        Price beside that of the part, of units that were ordered since it was last set to 0.
    """

    def __init__(self, world: World, log: StockLog) -> None:
        self._world = world
        self._log = log
        self._period = 0
        self._outages: list[tuple[float, float]] = []
        self._shelf_hours = [0.0] * len(world.stocks)
        held = any(period.parts_policy.holding_share for period in world.periods)
        self._spells = Spells() if held else None
        self.units: list[list[float]] = [[0.0] * stock.base_stock[0] for stock in world.stocks]
        self.charges = 0.0

    def supplier_out(self, outages: Iterable[tuple[float, float]]) -> None:
        """Say when the first supplier delivers nothing: what is ordered then leaves at the end.

        Parameters
        ----------
        outages
            Begin and end of each, in hours since the start, in any order.
        """
        merged: list[tuple[float, float]] = []
        for begin, end in sorted(outages):
            if merged and begin <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], end))
            elif end > begin:
                merged.append((begin, end))
        self._outages = merged

    def has(self, stock: int, quantity: int, now: float) -> bool:
        """Return whether so many units that nobody has been promised are on a shelf now."""
        units = self.units[stock]
        if len(units) < quantity:
            return False
        return units[0] <= now if quantity == 1 else sum(unit <= now for unit in units) >= quantity

    def on_shelf(self, stock: int, now: float) -> int:
        """Return how many units that nobody has been promised are on a shelf now."""
        return sum(unit <= now for unit in self.units[stock])

    def take(
        self, row: int, key: int, stock: int, quantity: int, now: float, depth: int = 0
    ) -> tuple[list[float], float]:
        """Promise units, those that are next on the shelf, and order what the stock's policy asks for.

        Parameters
        ----------
        row, key
            Row and key of the order that it is for.
        stock
            Position of the stock.
        quantity
            Units, 1 or more.
        now
            The instant; it never comes before an earlier one.
        depth
            How many stocks have passed the demand on.

        Returns
        -------
        tuple
            When each unit is on the shelf, in order, and when the last of those ordered in their place is,
            NaN if none is ordered.
        """
        units = self.units[stock]
        if quantity == 1:
            # Nearly always; without lists of one this takes half the time.
            spec, left = self._world.stocks[stock], len(units) - 1
            if left > spec.reorder_point[self._period]:
                return [heapq.heappop(units)], _NEVER
            if spec.base_stock[self._period] - left == 1:
                arrival = self._ordered_one(row, key, stock, now, depth)
                return [heapq.heappushpop(units, arrival)], arrival
        missing = self._missing(stock, quantity)
        arrivals = self._ordered(row, key, stock, missing, now, depth) if missing else []
        for arrival in arrivals:
            heapq.heappush(units, arrival)
        taken = [heapq.heappop(units) for _ in range(quantity)]
        return taken, max(arrivals) if arrivals else _NEVER

    def leave(self, stock: int, taken: list[float], ready: float) -> None:
        """Count how long units lay on a shelf until they left it, at an instant or when they had come."""
        until = min(ready, self._world.horizon)
        for unit in taken:
            if unit < until:
                self._shelf_hours[stock] += until - unit
        if self._spells is not None:
            for unit in taken:
                self._spells.add(stock, unit, ready)

    def quote(self, key: int, stock: int, quantity: int, now: float, depth: int = 0) -> list[float]:
        """Return when each of so many units would be on the shelf, without a promise."""
        arrivals: list[float] = []
        missing = self._missing(stock, quantity)
        if missing:
            source = self._world.stocks[stock].source[self._period]
            lead = self._lead(key, stock, depth)
            if source < 0:
                arrivals = [self._supplied(key, stock, lead, now, depth)[0]] * missing
            else:
                there = self.quote(key, source, missing, now, depth + 1)
                arrivals = [max(unit, now) + lead for unit in there]
        return heapq.nsmallest(quantity, [*self.units[stock], *arrivals])

    def _missing(self, stock: int, quantity: int) -> int:
        """Return how many units are ordered when so many are taken."""
        spec = self._world.stocks[stock]
        left = len(self.units[stock]) - quantity
        return spec.base_stock[self._period] - left if left <= spec.reorder_point[self._period] else 0

    def _lead(self, key: int, stock: int, depth: int) -> float:
        """Return the lead time of what a stock orders now."""
        spec = self._world.stocks[stock]
        u = draws.uniform(key, "restock") if spec.van else draws.uniform(key, "lead", depth)
        return float(quantile(spec.lead_hours[self._period], u))

    def _ordered(self, row: int, key: int, stock: int, count: int, now: float, depth: int) -> list[float]:
        """Order units for a shelf and return when each arrives there."""
        lead = self._lead(key, stock, depth)
        spec = self._world.stocks[stock]
        source = spec.source[self._period]
        if source < 0:
            arrival, factor = self._supplied(key, stock, lead, now, depth)
            if factor != 1.0:
                price = float(self._world.periods[self._period].unit_costs[spec.part])
                self.charges += (factor - 1.0) * count * price
            return [arrival] * count
        # A van has asked before any depot: what its depot draws is numbered as if it had been asked itself.
        taken, replenished = self.take(row, key, source, count, now, 0 if spec.van else depth + 1)
        self.leave(source, taken, now)
        arrivals = [max(unit, now) + lead for unit in taken]
        self._log.add(row, stock, count, _REPLENISHMENT, source, now, max(arrivals), replenished)
        return arrivals

    def _ordered_one(self, row: int, key: int, stock: int, now: float, depth: int) -> float:
        """Order one unit for a shelf and return when it arrives there."""
        spec = self._world.stocks[stock]
        source = spec.source[self._period]
        if source < 0:
            return self._ordered(row, key, stock, 1, now, depth)[0]
        lead = self._lead(key, stock, depth)
        taken, replenished = self.take(row, key, source, 1, now, 0 if spec.van else depth + 1)
        self.leave(source, taken, now)
        arrival = max(taken[0], now) + lead
        self._log.add(row, stock, 1, _REPLENISHMENT, source, now, arrival, replenished)
        return arrival

    def _supplied(self, key: int, stock: int, lead: float, now: float, depth: int) -> tuple[float, float]:
        """Return when a supplier's units arrive and the factor on their price.

        While the first supplier is out, the second is asked if there is one and he is sooner.
        """
        leaves = self._end_of_outage(now) if self._outages else now
        arrival = leaves + lead
        if leaves > now:
            second = self._world.periods[self._period].parts_policy.outside.get("second_supplier")
            if second is not None and self._world.stocks[stock].part in second.parts:
                u = draws.uniform(key, "second_supplier", depth + 1)
                other = now + float(quantile(second.hours, u))
                if other < arrival:
                    return other, second.price_factor
        return arrival, 1.0

    def _end_of_outage(self, now: float) -> float:
        """Return the end of the outage in which an instant lies, the instant itself if in none."""
        position = bisect_right(self._outages, (now, float("inf"))) - 1
        return max(now, self._outages[position][1]) if position >= 0 else now

    def begin_period(self, period: int, now: float) -> None:
        """Bring stocks to what a period asks for: new units are there at once, surplus is used up.

        What is in a van that is given up goes back to its depot.
        """
        for stock, spec in enumerate(self._world.stocks):
            level, former = spec.base_stock[period], spec.base_stock[self._period]
            units = self.units[stock]
            # A surplus from an earlier change is kept before anything new comes.
            surplus = max(len(units) - former, 0)
            for _ in range(level - former - surplus):
                heapq.heappush(units, now)
            if spec.van and level == 0 and units:
                self.leave(stock, units, now)
                for unit in units:
                    heapq.heappush(self.units[spec.source[period]], max(unit, now))
                self.units[stock] = []
        self._period = period

    def mean_on_shelf(self) -> list[float]:
        """Return the mean number of units on each shelf up to the horizon, those set aside included."""
        horizon = self._world.horizon
        left = [sum(horizon - unit for unit in units if unit < horizon) for units in self.units]
        return [(taken + rest) / horizon for taken, rest in zip(self._shelf_hours, left, strict=True)]

    def spells(self) -> Spells | None:
        """Return when each unit lay on a shelf, up to the horizon; None if holding it costs nothing."""
        if self._spells is None:
            return None
        every = Spells()
        for name in ("stocks", "begins", "ends"):
            getattr(every, name).extend(getattr(self._spells, name))
        for stock, units in enumerate(self.units):
            for unit in units:
                every.add(stock, unit, self._world.horizon)
        return every
