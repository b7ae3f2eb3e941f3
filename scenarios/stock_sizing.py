"""Base stocks that follow from the demand that a scenario leads to expect, for target fill rates.

The approximation itself is in `stock_levels`; this module finds out what every stock is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scenarios.schema import Scenario
from scenarios.stock_levels import NOTHING, Count, on_order, owed_units, smallest_stock
from scenarios.stock_world import StockSpec
from scenarios.world import FloatArray, Intensity, Names, PeriodSpec, Stream


def with_computed_levels(
    stocks: tuple[StockSpec, ...],
    scenarios: Sequence[Scenario],
    names: Names,
    periods: Sequence[PeriodSpec],
    intensities: Sequence[Intensity],
    streams: Sequence[Stream],
) -> tuple[StockSpec, ...]:
    """Return stocks with a base stock where a target fill rate stands in its place.

    It follows from the demand of the first period in which the target holds, and stays until the target
    changes. Demand is counted in units that fail one by one, stock that orders by (s, S) as base stock of its
    mean level, and lead times by their means.

    References
    ----------
    Those of `stock_levels`.
    """
    targets = [_targets(stock, scenarios, names) for stock in stocks]
    if not any(any(by_period) for by_period in targets):
        return stocks
    levels = [list(stock.base_stock) for stock in stocks]
    points = [list(stock.reorder_point) for stock in stocks]
    for period in range(len(periods)):
        direct = _demand(period, periods, intensities, streams, len(stocks))
        totals = _totals(direct, stocks, period)
        owed: dict[int, Count] = {}
        for i in _sources_first(stocks, period):
            stock, source = stocks[i], stocks[i].source[period]
            share = totals[i] / totals[source] if source >= 0 and totals[source] > 0.0 else 0.0
            ordered = on_order(totals[i], stock.lead_hours[period].expected, owed.get(source, NOTHING), share)
            target = targets[i][period]
            if target and period and targets[i][period - 1] == target:
                levels[i][period], points[i][period] = levels[i][period - 1], points[i][period - 1]
            elif target:
                levels[i][period] = smallest_stock(ordered, target)
                points[i][period] = levels[i][period] - 1
            owed[i] = owed_units(ordered, (points[i][period] + 1 + levels[i][period]) // 2)
    return tuple(
        replace(stock, base_stock=tuple(level), reorder_point=tuple(point))
        for stock, level, point in zip(stocks, levels, points, strict=True)
    )


def _targets(stock: StockSpec, scenarios: Sequence[Scenario], names: Names) -> list[float]:
    """Return the target fill rate of a stock in each period, 0 for none."""
    centre, part = names.centres[stock.centre], names.parts[stock.part]
    targets = []
    for s in scenarios:
        held = s.centres[centre].depot.get(part) if centre in s.centres and not stock.van else None
        targets.append(held.target_fill_rate or 0.0 if held is not None else 0.0)
    return targets


def _demand(
    period: int,
    periods: Sequence[PeriodSpec],
    intensities: Sequence[Intensity],
    streams: Sequence[Stream],
    stocks: int,
) -> FloatArray:
    """Return the units per hour that sites ask of each stock in a period, if repairs take no time."""
    spec = periods[period]
    begin = spec.start_hours
    demand = np.zeros(stocks)
    for stream in streams:
        intensity = intensities[stream.intensity]
        end = periods[period + 1].start_hours if period + 1 < len(periods) else float(intensity.knots[-1])
        first, last = np.interp([begin, end], intensity.knots, intensity.cumulated)
        rate = stream.factor * float(last - first) / (end - begin) * (stream.devices if stream.finite else 1)
        positions, shares = spec.mixes[stream.device_type]
        for fault, share in zip(positions.tolist(), np.diff(shares, prepend=0.0).tolist(), strict=True):
            kind = spec.faults[fault]
            stock = int(spec.depots[stream.site, kind.part]) if kind.part >= 0 else -1
            if stock >= 0:
                demand[stock] += rate * share * kind.part_probability * kind.part_quantity
    return demand


def _sources_first(stocks: Sequence[StockSpec], period: int) -> list[int]:
    """Return the positions of the stocks, each after the one that replenishes it."""

    def depth(stock: int) -> int:
        source = stocks[stock].source[period]
        return 0 if source < 0 else 1 + depth(source)

    return sorted(range(len(stocks)), key=depth)


def _totals(direct: FloatArray, stocks: Sequence[StockSpec], period: int) -> list[float]:
    """Return the units per hour that sites and the stocks which it replenishes ask of each stock."""
    totals: list[float] = direct.tolist()
    for i in reversed(_sources_first(stocks, period)):
        source = stocks[i].source[period]
        if source >= 0:
            totals[source] += totals[i]
    return totals
