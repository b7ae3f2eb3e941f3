"""The KPIs that come from work orders: attainment, times, tardiness, visits, backlog, satisfaction, costs.

Over the whole network and by group; engineers, parts and sites are in `insight.resource_kpis`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from insight.clocks import Clock, all_clocks, order_clocks, served_remotely, tardiness
from insight.columns import crossed, first_of, happened, months, names, numbers
from insight.definitions import CROSSED, OF_BACKLOG, OF_ORDERS
from insight.figures import Facts, Part, Window
from insight.grouping import BoolArray, Grouping, group_rows
from insight.satisfaction import site_shares
from insight.tables import FloatArray, Table, rows

_ATTAINMENTS = {"response": "respond", "attend": "attend", "restore": "restore"}
_TIMES = {"respond": "respond", "attend": "attend", "fix": "restore", "complete": "complete"}
_QUANTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95}

Figures = Iterator[tuple[str, FloatArray]]


def order_kpis(orders: Table, window: Window, facts: Facts) -> Part:
    """Return the KPIs of the orders that begin within the window, and the backlog of failures.

    An order begins when its devices are down, or where nothing has failed, at its report. Times, visits and
    the backlog are those of failures; planned work that no failure came of counts in costs, and in
    attainment where it has clocks.

    Parameters
    ----------
    orders
        The table `work_orders` of one replication.
    window
        Orders that begin before its warm-up count in the backlog only.
    facts
        Its start names the months.
    """
    down = numbers(orders, "down_from")
    begun = first_of(down, numbers(orders, "reported_at"))
    counted = (begun >= window.warm_up) & (begun <= window.horizon)
    failed = counted & ~np.isnan(down)
    grouping = _groups(orders, begun, window, facts)
    clocks = order_clocks(orders, window.horizon)
    figures = {
        **dict(_attainment(grouping, counted, clocks)),
        **dict(_times(grouping, failed, down, clocks)),
        **dict(_tardiness(grouping, counted, clocks, window)),
        **dict(_visits(grouping, failed, orders, clocks)),
        **dict(_backlog(grouping, down, clocks["complete"].stop, window)),
        **dict(_satisfaction(grouping, counted, orders, clocks["complete"].stop, facts)),
    }
    for kind in ("partners", "penalties"):
        figures[f"cost_{kind}"] = known_totals(grouping, numbers(orders, f"cost_{kind}"), counted)
    return Part(grouping.dimension, grouping.value, figures)


def ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Return numerator / denominator, NaN where there is nothing to divide by."""
    undefined = np.full(len(denominator), np.nan)
    quotient: FloatArray = np.divide(numerator, denominator, out=undefined, where=denominator > 0)
    return quotient


def known_totals(grouping: Grouping, amounts: FloatArray, counted: BoolArray) -> FloatArray:
    """Return each group's sum of the amounts counted, NaN everywhere if no row has an amount."""
    known = ~np.isnan(amounts)
    if len(amounts) and not known.any():
        return np.full(len(grouping.value), np.nan)
    return grouping.totals(np.where(counted & known, amounts, 0.0))


def _groups(orders: Table, reported: FloatArray, window: Window, facts: Facts) -> Grouping:
    columns = {dimension: names(orders, dimension) for dimension in OF_BACKLOG}
    for dimension in CROSSED:
        columns[dimension] = crossed(columns["city"], columns[dimension.removeprefix("city_")])
    month = months(reported, facts.start, window.warm_up, window.horizon)
    return group_rows(rows(orders), columns, {"month": month, "cause": names(orders, "cause")})


def _attainment(grouping: Grouping, counted: BoolArray, clocks: Mapping[str, Clock]) -> Figures:
    for name, clock in _ATTAINMENTS.items():
        decided = counted & clocks[clock].decided
        met = decided & clocks[clock].met
        yield f"{name}_attainment", ratio(grouping.totals(met), grouping.totals(decided))
    decided, met = all_clocks(clocks)
    yield "sla_attainment", ratio(grouping.totals(counted & met), grouping.totals(counted & decided))


def _times(grouping: Grouping, counted: BoolArray, down: FloatArray, clocks: Mapping[str, Clock]) -> Figures:
    for name, clock in _TIMES.items():
        # Somebody may be on his way, or there, before a predicted failure comes.
        hours = np.where(counted, np.maximum(clocks[clock].stop - down, 0.0), np.nan)
        stopped = ~np.isnan(hours)
        total = grouping.totals(np.where(stopped, hours, 0.0))
        yield f"time_to_{name}_mean", ratio(total, grouping.totals(stopped))
        quantiles = grouping.quantiles(hours, tuple(_QUANTILES.values()), OF_ORDERS)
        for suffix, figures in zip(_QUANTILES, quantiles, strict=True):
            yield f"time_to_{name}_{suffix}", figures


def _tardiness(
    grouping: Grouping, counted: BoolArray, clocks: Mapping[str, Clock], window: Window
) -> Figures:
    decided, hours = tardiness(clocks, window.horizon)
    late = np.where(counted, hours, 0.0)
    yield "tardiness_mean", ratio(grouping.totals(late), grouping.totals(counted & decided))


def _visits(grouping: Grouping, counted: BoolArray, orders: Table, clocks: Mapping[str, Clock]) -> Figures:
    visits = numbers(orders, "visits")
    visited = counted & (visits >= 1)
    completed = visited & ~np.isnan(clocks["complete"].stop)
    first_time, repeated = completed & (visits == 1), visited & (visits > 1)
    yield "first_time_fix_rate", ratio(grouping.totals(first_time), grouping.totals(completed))
    yield "repeat_visit_rate", ratio(grouping.totals(repeated), grouping.totals(visited))
    remote = counted & served_remotely(orders)
    yield "remote_resolution_rate", ratio(grouping.totals(remote), grouping.totals(counted))


def _backlog(grouping: Grouping, down: FloatArray, completed: FloatArray, window: Window) -> Figures:
    begin = np.where(down <= window.horizon, np.maximum(down, window.warm_up), np.nan)
    until = np.where(np.isnan(completed), window.horizon, completed)
    open_hours = np.maximum(until - begin, 0.0)
    yield "backlog_mean", grouping.totals(np.where(np.isnan(begin), 0.0, open_hours)) / window.hours
    yield "backlog_max", grouping.peaks(begin, completed, OF_BACKLOG)


def _satisfaction(
    grouping: Grouping, counted: BoolArray, orders: Table, completed: FloatArray, facts: Facts
) -> Figures:
    points = numbers(orders, "csat")
    known = counted & ~np.isnan(points) & ~np.isnan(completed)
    yield "csat", ratio(grouping.totals(np.where(known, points, 0.0)), grouping.totals(known))
    share, weight = site_shares(orders, known, facts.repurchase)
    yield "repurchase_rate", ratio(grouping.totals(share * weight), grouping.totals(weight))


def down_hours(orders: Table, window: Window) -> FloatArray:
    """Return the hours of the window for which each order's devices were down, times their number.

    Downtime goes from `down_from` to restoration, or without one to completion, or to the horizon.
    """
    begun = numbers(orders, "down_from")
    restored = happened(orders, "restored_at", window.horizon)
    completed = happened(orders, "completed_at", window.horizon)
    until = np.fmin(restored, np.fmin(completed, window.horizon))
    begin = np.maximum(begun, window.warm_up)
    down: FloatArray = np.fmax(until - begin, 0.0) * numbers(orders, "devices_down")
    return down
