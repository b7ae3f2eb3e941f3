"""From depots, vans and the policy of parts to their compiled form: names become positions.

Base stocks that follow from the expected demand are computed in `stock_sizing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from scenarios.fields import Distribution, Severity
from scenarios.schema import Scenario
from scenarios.stock import Stock
from scenarios.stock_world import OutsideSpec, PartsPolicySpec, StockSpec
from scenarios.territories import depot_centre
from scenarios.world import Names

_SEVERITIES = tuple(Severity)


def compile_stocks(scenarios: Sequence[Scenario], names: Names) -> tuple[StockSpec, ...]:
    """Return every stock that is held at some time, depots before vans; 0 units where a period lacks it."""
    held: dict[tuple[int, int], list[Stock | None]] = {}
    for c, centre in enumerate(names.centres):
        for p, part in enumerate(names.parts):
            by_period = [
                s.centres[centre].depot.get(part) if centre in s.centres else None for s in scenarios
            ]
            if any(by_period):
                held[c, p] = by_period
    positions = {where: i for i, where in enumerate(held)}
    depots = [_depot(where, by_period, names, positions) for where, by_period in held.items()]
    return (*depots, *_vans(scenarios, names, positions))


def _depot(
    where: tuple[int, int],
    by_period: Sequence[Stock | None],
    names: Names,
    positions: dict[tuple[int, int], int],
) -> StockSpec:
    centre, part = where
    lead = next(stock.lead_hours for stock in by_period if stock is not None)
    levels = [stock.order_up_to or stock.base_stock or 0 if stock else 0 for stock in by_period]
    points = [
        level - 1 if stock is None or stock.reorder_point is None else stock.reorder_point
        for stock, level in zip(by_period, levels, strict=True)
    ]
    return StockSpec(
        centre=centre,
        part=part,
        base_stock=tuple(levels),
        lead_hours=tuple(stock.lead_hours if stock else lead for stock in by_period),
        reorder_point=tuple(points),
        source=tuple(
            -1
            if stock is None or stock.source is None
            else positions[names.centres.index(stock.source), part]
            for stock in by_period
        ),
    )


def _vans(
    scenarios: Sequence[Scenario], names: Names, positions: dict[tuple[int, int], int]
) -> Iterator[StockSpec]:
    """Yield what each engineer who ever is there carries of each part."""
    carried: dict[tuple[int, str, str], list[int]] = {}
    for number, s in enumerate(scenarios):
        for key, centre in s.centres.items():
            for group_key, group in centre.engineers.items():
                for part, units in group.van.items():
                    for engineer in range(group.count):
                        name = f"{key}:{group_key}:{engineer + 1}"
                        levels = carried.setdefault(
                            (names.centres.index(key), name, part), [0] * len(scenarios)
                        )
                        levels[number] = units
    for (home, name, part), levels in carried.items():
        position = names.parts.index(part)
        yield StockSpec(
            centre=home,
            part=position,
            base_stock=tuple(levels),
            lead_hours=tuple(s.parts_policy.restock_hours for s in scenarios),
            reorder_point=tuple(level - 1 for level in levels),
            source=(positions[home, position],) * len(scenarios),
            van=name,
        )


def compile_parts_policy(s: Scenario, names: Names, stocks: Sequence[StockSpec]) -> PartsPolicySpec:
    """Return how parts are managed in a period: only options that there are, up to `wait`."""
    policy = s.parts_policy
    outside = {}
    if policy.second_supplier is not None:
        second = policy.second_supplier
        outside["second_supplier"] = _outside(names, second.parts, second.lead_hours, second.price_factor)
    if policy.refurbished is not None:
        used = policy.refurbished
        outside["refurbished"] = _outside(
            names, used.parts, used.hours, used.price_factor, share=used.share_available
        )
    if policy.rush is not None:
        rush = policy.rush
        outside["rush"] = _outside(
            names,
            rush.parts,
            rush.lead_hours,
            1.0,
            fee=rush.price_per_order,
            severities=rush.severities,
        )
    there = {*outside, *(["transfer"] if policy.pools else [])}
    options = [*policy.on_stock_out, "wait"]
    return PartsPolicySpec(
        diagnose=policy.before_visit == "diagnose",
        diagnosis_share=policy.diagnosis_share,
        on_stock_out=tuple(o for o in options[: options.index("wait")] if o in there),
        siblings=_siblings(s, names, stocks),
        transfer_hours=policy.transfer_hours,
        cost_per_transfer=policy.cost_per_transfer,
        outside=outside,
        holding_share=policy.holding_share_per_year,
    )


def _outside(
    names: Names,
    parts: Sequence[str],
    hours: Distribution,
    price_factor: float,
    fee: float = 0.0,
    share: float = 1.0,
    severities: Sequence[Severity] = (),
) -> OutsideSpec:
    return OutsideSpec(
        hours=hours,
        price_factor=price_factor,
        fee=fee,
        share=share,
        parts=frozenset(names.parts.index(part) for part in parts or names.parts),
        severities=frozenset(_SEVERITIES.index(severity) for severity in severities),
    )


def _siblings(s: Scenario, names: Names, stocks: Sequence[StockSpec]) -> tuple[tuple[int, ...], ...]:
    """Return for each stock those of the same part at the other depots of its pools."""
    pools = [[names.centres.index(c) for c in pool] for pool in s.parts_policy.pools.values()]
    depots = {(stock.centre, stock.part): i for i, stock in enumerate(stocks) if not stock.van}
    found = []
    for stock in stocks:
        others = dict.fromkeys(
            centre for pool in pools if stock.centre in pool for centre in pool if centre != stock.centre
        )
        near = [depots[c, stock.part] for c in others if (c, stock.part) in depots]
        found.append(tuple(near) if not stock.van else ())
    return tuple(found)


def depots_of(s: Scenario, names: Names, stocks: Sequence[StockSpec]) -> npt.NDArray[np.int64]:
    """Return [site][part] -> the stock that a site draws a part from, -1 where none holds it."""
    positions = {(stock.centre, stock.part): i for i, stock in enumerate(stocks) if not stock.van}
    table = np.full((len(names.sites), len(names.parts)), -1, dtype=np.int64)
    for i, site in enumerate(names.sites):
        for j, part in enumerate(names.parts):
            centre = depot_centre(s, site, part) if site in s.sites and part in s.parts else None
            if centre is not None:
                table[i, j] = positions[names.centres.index(centre), j]
    return table
