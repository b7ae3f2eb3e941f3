"""What bad service costs: penalties by how late, credits to customers, caps, and bonus that is not paid.

Taken from the tables after a run, because none of it moves an order. What does (suspension, alerts) is in
`sim`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from insight.clocks import Clock, all_clocks, order_clocks
from insight.columns import months, names, numbers
from insight.grouping import BoolArray
from insight.packing import with_column
from insight.tables import Categories, FloatArray, IntArray, Table

if TYPE_CHECKING:
    from scenarios.money_terms import BonusTerms, LateTerms, PenaltyTerms
    from scenarios.rule_specs import RuleSpec


def order_penalties(
    orders: Table, rules: Sequence[RuleSpec], terms: PenaltyTerms, start: date, horizon: float
) -> FloatArray:
    """Return what is paid to the customer of each order, as it stands at the horizon.

    It is the sum, over the missed clocks, of the penalty of the order's rule and of what the rule has paid by
    how late the clock stopped or still runs; with credits; at most the cap per order, and in order of the
    reports at most the cap of a customer and calendar month (UTC).

    Parameters
    ----------
    orders
        The table `work_orders`; codes of `sla_rule` are positions of rules, those of `customer` of the caps.
    rules
        SLA rules by position.
    terms
        Caps and credits.
    start
        First day of the scenario.
    horizon
        Hours since the start at which the table ends.
    """
    clocks = order_clocks(orders, horizon)
    late = {name: _hours_late(clock, horizon) for name, clock in clocks.items()}
    rule = names(orders, "sla_rule").codes
    amount = np.zeros(len(rule))
    for position in np.unique(rule[rule >= 0]).tolist():
        mine = np.flatnonzero(rule == position)
        breaches = sum((hours[mine] > 0.0).astype(np.float64) for hours in late.values())
        amount[mine] = breaches * rules[position].penalty
        amount[mine] += sum(_for_lateness(hours[mine], rules[position].late) for hours in late.values())
    month = months(numbers(orders, "reported_at"), start, 0.0, horizon).codes.astype(np.int64)
    amount += _credits(orders, np.max([*late.values()], axis=0, initial=0.0), month, terms)
    customer = names(orders, "customer").codes.astype(np.int64)
    if len(terms.order_caps):
        amount = np.minimum(amount, np.append(terms.order_caps, np.inf)[customer])
    if np.isfinite(terms.month_cap):
        amount = _up_to(amount, customer * (month.max(initial=0) + 2) + month + 1, terms.month_cap)
    return amount


def _hours_late(clock: Clock, horizon: float) -> FloatArray:
    """Return hours past the target of a missed clock, at least a little above 0; 0 where none was missed."""
    stop = np.where(np.isnan(clock.stop), horizon, clock.stop)
    missed = clock.decided & ~clock.met
    return np.where(missed, np.maximum(stop - clock.due, np.finfo(np.float64).tiny), 0.0)


def _for_lateness(hours: FloatArray, late: LateTerms | None) -> FloatArray:
    """Return what is paid for one clock that was so late, beside the penalty of every breach."""
    if late is None:
        return np.zeros(len(hours))
    # A step has begun when it is more than the last bit of the clock old; the first one at once.
    steps = np.maximum(np.ceil(hours / late.step_hours - 1e-9), hours > 0.0)
    amount: FloatArray = late.per_hour * hours + late.per_step * steps
    return amount


def _credits(orders: Table, late: FloatArray, month: IntArray, terms: PenaltyTerms) -> FloatArray:
    """Return what is given beside penalties: for visits that did not help, and for very long delays."""
    amount = np.zeros(len(late))
    if terms.recurrence_per_hour:
        again = np.maximum(numbers(orders, "visits") - 1.0, 0.0)
        amount += terms.recurrence_per_hour * numbers(orders, "duration_h") * again
    if terms.credit:
        due = np.flatnonzero((late > 0.0) & (late >= terms.credit_after_hours))
        in_time = due[np.argsort(numbers(orders, "reported_at")[due], kind="stable")]
        place = names(orders, "site").codes[in_time] * (month.max(initial=0) + 2) + month[in_time]
        _, first = np.unique(place, return_index=True)
        amount[in_time[first]] += terms.credit
    return amount


def _up_to(amount: FloatArray, group: IntArray, cap: float) -> FloatArray:
    """Return amounts cut where the sum of their group, row after row, would exceed a cap."""
    order = np.argsort(group, kind="stable")
    paid = amount[order]
    first = np.flatnonzero(np.diff(group[order], prepend=-1))
    before = np.cumsum(paid) - paid
    before -= np.repeat(before[first], np.diff(np.append(first, len(order))))
    result = np.empty(len(amount))
    result[order] = np.clip(cap - before, 0.0, paid)
    return result


def attained(orders: Table, clock: str, horizon: float) -> tuple[BoolArray, BoolArray]:
    """Return where a clock (or all of them together: `all`) is decided, and where it was met."""
    clocks: Mapping[str, Clock] = order_clocks(orders, horizon)
    if clock == "all":
        return all_clocks(clocks)
    return clocks[clock].decided, clocks[clock].decided & clocks[clock].met


def with_bonus(days: Table, orders: Table, terms: BonusTerms | None, start: date, horizon: float) -> Table:
    """Return the table `engineer_days` with the bonus in its cost of labour.

    A day earns it if the orders of the engineer's centre that were reported in that calendar month kept the
    standard, as it stands at the horizon; a month without orders keeps it.

    Parameters
    ----------
    days, orders
        The tables `engineer_days` and `work_orders`, their centres labelled alike.
    terms
        Share of rostered pay and standard; nothing is paid without.
    start
        First day of the scenario.
    horizon
        Hours since the start at which the tables end.
    """
    if terms is None:
        return days
    decided, met = attained(orders, terms.clock, horizon)
    of_order = months(numbers(orders, "reported_at"), start, 0.0, horizon)
    # A day begins at local midnight, which may lie in the UTC month before.
    of_day = months(np.clip(numbers(days, "day") + 12.0, 0.0, horizon - 1e-6), start, 0.0, horizon)
    size = len(of_order.labels) + 1
    cell = _cells(names(orders, "centre"), of_order, size)
    cells = (len(names(orders, "centre").labels) + 1) * size
    due, kept = np.bincount(cell, decided, cells), np.bincount(cell, met, cells)
    earned = kept >= terms.target * due - 1e-9
    labour = numbers(days, "cost_labour")
    bonus = terms.share * earned[_cells(names(days, "centre"), of_day, size)]
    return with_column(days, "cost_labour", labour * (1.0 + bonus))


def _cells(centre: Categories, month: Categories, size: int) -> IntArray:
    return (centre.codes.astype(np.int64) + 1) * size + month.codes + 1
