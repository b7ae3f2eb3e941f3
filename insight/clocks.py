"""The four service-level clocks of work orders: when each stopped, when it was due, and if it was met.

All clocks start at the report. Targets are read from the tables as due instants, which already allow for
calendars and pauses; shares and means over orders are taken in the modules of KPIs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from insight.columns import first_of, happened, names, numbers
from insight.grouping import BoolArray
from insight.tables import FloatArray, Table

#: The clocks an SLA rule may set, in the order of an order's life.
CLOCKS = ("respond", "attend", "restore", "complete")
#: Which clock speaks for an order's tardiness: the first of these that its rule sets.
TARDINESS_FROM = ("attend", "respond", "restore", "complete")
#: Who fixes an order without a visit.
_REMOTELY = ("remote", "self_help")


@dataclass(frozen=True)
class Clock:
    """One clock of every order.

    Parameters
    ----------
    stop
        When it stopped, hours since the scenario's start; NaN while it runs.
    due
        When it had to stop; NaN where the order's rule sets no such clock.
    decided
        Where there is a clock and it either stopped or fell due by the horizon.
    met
        Where it stopped at or before its due instant.
    """

    stop: FloatArray
    due: FloatArray
    decided: BoolArray
    met: BoolArray


def order_clocks(orders: Table, horizon: float) -> Mapping[str, Clock]:
    """Return the four clocks of every order as they stand at the horizon.

    A booking stops the respond clock only if its committed start lies within the target (or no target is
    set); otherwise the arrival does, or for orders nobody went to, restoration or completion. The attend
    clock stops at the arrival, or for orders fixed remotely, at restoration.

    Parameters
    ----------
    orders
        The table `work_orders`.
    horizon
        Hours since the scenario's start; what is recorded later has not happened yet.
    """
    arrived, restored, completed, booked = (
        happened(orders, name, horizon) for name in ("arrived_at", "restored_at", "completed_at", "booked_at")
    )
    due, planned = numbers(orders, "respond_due_at"), numbers(orders, "planned_arrival_at")
    committed = (planned <= due) | (np.isnan(due) & ~np.isnan(planned))
    respond = np.where(committed & ~np.isnan(booked), booked, first_of(arrived, restored, completed))
    attend = np.where(served_remotely(orders), first_of(arrived, restored), arrived)
    stops = {"respond": respond, "attend": attend, "restore": restored, "complete": completed}
    return {name: _clock(stop, numbers(orders, f"{name}_due_at"), horizon) for name, stop in stops.items()}


def served_remotely(orders: Table) -> BoolArray:
    """Return which orders were fixed without a visit: by a remote engineer or session, or by self-help."""
    served_by = names(orders, "served_by")
    codes = [code for code, name in enumerate(served_by.labels) if name in _REMOTELY]
    remote: BoolArray = np.isin(served_by.codes, codes)
    return remote


def _clock(stop: FloatArray, due: FloatArray, horizon: float) -> Clock:
    decided = ~np.isnan(due) & (~np.isnan(stop) | (due <= horizon))
    return Clock(stop, due, decided, stop <= due)


def all_clocks(clocks: Mapping[str, Clock]) -> tuple[BoolArray, BoolArray]:
    """Return where an order's clocks taken together are decided, and where all of them were met.

    One missed clock decides an order even while others run; an order without a clock is never decided.
    """
    some = np.logical_or.reduce([~np.isnan(clock.due) for clock in clocks.values()])
    missed = np.logical_or.reduce([clock.decided & ~clock.met for clock in clocks.values()])
    runs = np.logical_or.reduce([~np.isnan(clock.due) & ~clock.decided for clock in clocks.values()])
    return some & (missed | ~runs), some & ~missed & ~runs


def tardiness(clocks: Mapping[str, Clock], horizon: float) -> tuple[BoolArray, FloatArray]:
    """Return where the clock that speaks for an order is decided, and hours past its target there.

    The clock is attend, or where the rule sets none, the first of respond, restore and complete. Hours are
    at least 0, go up to the horizon for open orders, and are 0 where nothing is decided.
    """
    chosen = [clocks[name] for name in TARDINESS_FROM]
    due, stop = chosen[0].due, chosen[0].stop
    for clock in chosen[1:]:
        unset = np.isnan(due)
        due, stop = np.where(unset, clock.due, due), np.where(unset, clock.stop, stop)
    final = _clock(stop, due, horizon)
    hours = np.maximum(np.where(np.isnan(stop), horizon, stop) - due, 0.0)
    return final.decided, np.where(final.decided, hours, 0.0)
