"""The KPIs that do not come from the life of an order: engineers, parts, centres, sites.

Over the whole network and by group; what the tables do not tell (devices, stock, fixed costs) is given
as facts.
"""

from __future__ import annotations

import numpy as np

from insight.columns import happened, months, names, numbers
from insight.definitions import PLACES
from insight.figures import Facts, Part, Window
from insight.grouping import BoolArray, Grouping, group_rows
from insight.order_kpis import down_hours, known_totals, ratio
from insight.tables import FloatArray, Table, rows

_HOURS_PER_YEAR = 8760.0
#: Moves that no order asked for.
_NO_DEMAND = ("replenishment", "holding")


def engineer_kpis(days: Table, window: Window, facts: Facts) -> Part:
    """Return utilisation, wrench time, hours and costs of the engineers; nothing if the table is empty.

    Parameters
    ----------
    days
        The table `engineer_days` of one replication. A day begins at midnight somewhere, so it is rounded
        to whole days since the start; it counts if it begins within the window, so rounded. Without a
        warm-up the day that the horizon cuts short counts as well, since the start cut the first one.
    window
        Its warm-up counts up to the next whole day.
    facts
        Its start names the months.
    """
    day = numbers(days, "day")
    midnight = np.rint(day / 24.0) * 24.0
    begins = midnight if window.warm_up > 0 else np.minimum(midnight, day)
    counted = (midnight >= np.ceil(window.warm_up / 24.0) * 24.0) & (begins < window.horizon)
    grouping = _groups(days, np.where(midnight < window.horizon, midnight, day), window, facts)
    if not rows(days):
        return Part(grouping.dimension, grouping.value, {})
    hours = {
        name: np.where(counted, numbers(days, f"{name}_hours"), 0.0)
        for name in ("roster", "idle", "work", "travel", "overtime")
    }
    # Tables of real history may not tell of absences: then nobody was away.
    away = sum(np.nan_to_num(numbers(days, f"{name}_hours")) for name in ("training", "absent"))
    there = hours["roster"] - np.where(counted, away, 0.0)
    figures = {
        "utilisation": ratio(grouping.totals(there - hours["idle"]), grouping.totals(there)),
        "wrench_time": ratio(
            grouping.totals(hours["work"]), grouping.totals(hours["roster"] + hours["overtime"])
        ),
        "overtime_hours": grouping.totals(hours["overtime"]),
        "travel_hours": grouping.totals(hours["travel"]),
    }
    for kind in ("labour", "overtime", "travel"):
        figures[f"cost_{kind}"] = known_totals(grouping, numbers(days, f"cost_{kind}"), counted)
    return Part(grouping.dimension, grouping.value, figures)


def stock_kpis(moves: Table, window: Window, facts: Facts) -> Part:
    """Return fill rate and cost of the parts demanded within the window, with what transfers and stock cost.

    Without a single move the cost is 0 if the facts tell of stock, and unknown otherwise.

    Parameters
    ----------
    moves
        The table `stock_moves` of one replication.
    window
        Demands within it count.
    facts
        Its start names the months.
    """
    demanded, counted = _window(moves, window)
    grouping = _groups(moves, demanded, window, facts)
    if not rows(moves) and not facts.mean_stock:
        return Part(grouping.dimension, grouping.value, {})
    asked = counted & _asked(moves)
    met = asked & (numbers(moves, "on_shelf") > 0)
    return Part(
        grouping.dimension,
        grouping.value,
        {
            "fill_rate": ratio(grouping.totals(met), grouping.totals(asked)),
            "cost_parts": known_totals(grouping, numbers(moves, "cost_parts"), counted),
        },
    )


def centre_kpis(moves: Table, window: Window, facts: Facts) -> Part:
    """Return inventory turns and fixed costs of the centres that the facts know.

    Parameters
    ----------
    moves
        The table `stock_moves` of one replication.
    window
        Demands within it count, and its days are paid for.
    facts
        Mean stock and daily cost by centre.
    """
    centres = facts.centres
    figures: dict[str, FloatArray] = {}
    if facts.mean_stock:
        stock = centres.look_up(facts.mean_stock)
        counted = _window(moves, window)[1] & _asked(moves)
        units = centres.gather(names(moves, "centre"), np.where(counted, numbers(moves, "quantity"), 0.0))
        a_year = np.where(stock > 0, units, 0.0) * (_HOURS_PER_YEAR / window.hours)
        figures["inventory_turns"] = ratio(
            centres.grouping.totals(a_year), centres.grouping.totals(np.where(stock > 0, stock, 0.0))
        )
    if facts.centre_cost_per_day:
        cost = centres.look_up(facts.centre_cost_per_day) * (window.hours / 24.0)
        figures["cost_centres"] = centres.grouping.totals(cost)
    return Part(centres.grouping.dimension, centres.grouping.value, figures)


def site_kpis(orders: Table, inspections: Table, window: Window, facts: Facts) -> Part:
    """Return availability and inspections on time.

    Parameters
    ----------
    orders, inspections
        The tables of one replication.
    window
        Downtime is clipped to it; inspections due within it count.
    facts
        Devices by site, and the groups of the sites. Downtime at sites that are not known is left out.
    """
    sites = facts.sites
    grouping = sites.grouping
    figures: dict[str, FloatArray] = {}
    if facts.devices:
        known = sites.look_up(facts.devices)
        down = sites.gather(names(orders, "site"), down_hours(orders, window))
        lost = ratio(grouping.totals(np.where(known > 0, down, 0.0)), grouping.totals(known * window.hours))
        figures["availability"] = np.maximum(1.0 - lost, 0.0)
    due = numbers(inspections, "due_at")
    counted = (due >= window.warm_up) & (due <= window.horizon)
    met = counted & (happened(inspections, "ended_at", window.horizon) <= due)
    site = names(inspections, "site")
    of_met, of_all = (grouping.totals(sites.gather(site, mask.astype(np.float64))) for mask in (met, counted))
    # The network's figure does not need to know the sites.
    of_met[0], of_all[0] = met.sum(), counted.sum()
    figures["inspection_on_time"] = ratio(of_met, of_all)
    return Part(grouping.dimension, grouping.value, figures)


def _groups(table: Table, hours: FloatArray, window: Window, facts: Facts) -> Grouping:
    places = {dimension: names(table, dimension) for dimension in PLACES}
    return group_rows(
        rows(table), places, {"month": months(hours, facts.start, window.warm_up, window.horizon)}
    )


def _asked(moves: Table) -> BoolArray:
    """Return which moves are demands for an order; those of a history that tells no kind are."""
    kind = names(moves, "kind")
    others = [code for code, label in enumerate(kind.labels) if label in _NO_DEMAND]
    return ~np.isin(kind.codes, others)


def _window(moves: Table, window: Window) -> tuple[FloatArray, BoolArray]:
    """Return when each move was asked for, and whether that is within the window."""
    demanded = numbers(moves, "demanded_at")
    return demanded, (demanded >= window.warm_up) & (demanded <= window.horizon)
