"""How the delay of each order splits by cause: to its attendance, to its restoration, or to the horizon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from insight.tables import Categories
from scenarios.world import World
from sim.model import Model
from sim.stock_records import part_waits
from sim.visit_log import Outcome
from sim.visits import Pending, Visits

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

#: Causes of delay, in the order of an order's life.
CAUSES = ("hand_over", "part", "off_shift", "skill", "crew", "engineer", "weather", "travel")
RESTORE_CAUSES = (*CAUSES, "work")
#: Causes that keep an order waiting while somebody who may serve it is on duty.
_ON_DUTY = ("skill", "crew", "engineer")
#: Off-shift hours of an order that nobody served although there had been hours on duty before them.
PASSED_OVER = "passed_over"
_WAITS = ("off_shift", *_ON_DUTY, PASSED_OVER)


def by_horizon(instants: Sequence[float] | FloatArray, horizon: float) -> FloatArray:
    """Return instants by the horizon, NaN for later ones."""
    at = np.asarray(instants, dtype=np.float64)
    beyond = np.flatnonzero(at > horizon)
    if len(beyond):
        at = at.copy()
        at[beyond] = np.nan
    return at


def first_visits(rows: IntArray, mask: BoolArray, count: int) -> npt.NDArray[np.int32]:
    """Return, for each order, the position of its first visit that a mask admits, -1 for none."""
    positions = np.flatnonzero(mask)[::-1]
    first = np.full(count, -1, dtype=np.int32)
    first[rows[positions]] = positions
    return first


def at_visits(values: FloatArray, positions: npt.NDArray[np.int32]) -> FloatArray:
    """Return values at positions, NaN where a position is -1."""
    return np.append(values, np.nan)[positions]


def largest(hours: Mapping[str, FloatArray], names: tuple[str, ...], mask: BoolArray) -> Categories:
    """Return the largest cause of each order that a mask admits.

    A night that began while an order had been waiting for somebody on duty is laid to what kept it waiting
    then: with more people, or others, it would not have been there any more.
    """
    codes = np.full(len(mask), -1, dtype=np.int32)
    rows = np.flatnonzero(mask)
    if len(rows):
        laid = {name: hours[name][rows] for name in names}
        on_duty = sum((laid[name] for name in _ON_DUTY), np.zeros(len(rows)))
        passed_over = np.where(on_duty > 0.0, hours[PASSED_OVER][rows], 0.0)
        laid["off_shift"] = laid["off_shift"] - passed_over
        each = passed_over / np.where(on_duty > 0.0, on_duty, 1.0)
        for name in _ON_DUTY:
            laid[name] = laid[name] * (1.0 + each)
        codes[rows] = np.argmax([laid[name] for name in names], axis=0)
    return Categories(codes, names)


def hours_to_attend(model: Model, visits: Visits, pending: Pending) -> dict[str, FloatArray]:
    """Return hours by cause from the report to the first arrival, or to the horizon.

    They add up to the whole delay since the report, without the wait for the customer. An order that nobody
    had to go for is attended when it is restored. Hands-on hours away from the site are part of the
    hand-over.

    Parameters
    ----------
    model
        The model after its run.
    visits
        Its visits, a row for each.
    pending
        Its waits that no visit ended.
    """
    count, row = len(model.births), visits.row
    reached = first_visits(row, visits.on_site & ~np.isnan(visits.arrived), count)
    last = np.where(reached >= 0, reached, len(row))
    remotely = (reached < 0) & ~np.isnan(by_horizon(model.completed, model.world.horizon))
    remotely[[p.row for p in model.partner]] = False
    restored = np.where(remotely, np.array(model.restored), np.inf)
    position = np.arange(len(row))
    considered = (position <= last[row]) & (visits.until <= restored[row])
    until = np.where(reached >= 0, at_visits(visits.arrived, reached), restored)
    hours = _hours(model, visits, pending, until, considered, reached[pending.row] < 0)
    aside = considered & ~visits.on_site
    hours["hand_over"] += np.bincount(row[aside], visits.work_hours[aside], count)
    before = considered & (position < last[row])
    visit, over = _handing_over(model.world, visits)
    counts = before[visit]
    hours["hand_over"] += np.bincount(row[visit[counts]], over[counts], count)
    for p in model.partner:
        if reached[p.row] < 0:
            hours["hand_over"][p.row] += min(p.arrived, model.world.horizon) - p.handed_over
    return hours


def hours_to_restore(model: Model, visits: Visits, pending: Pending) -> dict[str, FloatArray]:
    """Return hours by cause from the report to the restoration, or to the horizon; `work` is hands-on.

    They add up to the whole delay since the report, without the wait for the customer. Service that is
    restored for a time is restored; what follows is no delay. Those of orders whose visits are not given are
    not whole.

    Parameters
    ----------
    model, visits, pending
        As for `hours_to_attend`.
    """
    count, horizon = len(model.births), model.world.horizon
    restored = by_horizon(model.restored, horizon)
    until = np.where(np.isnan(restored), np.inf, restored)
    considered = visits.until <= until[visits.row]
    hours = _hours(model, visits, pending, until, considered, pending.begin < until[pending.row])
    row = visits.row[considered]

    def add(cause: str, of_visits: FloatArray) -> None:
        hours[cause] += np.bincount(row, of_visits[considered], count)

    visit, over = _handing_over(model.world, visits)
    counts = considered[visit]
    hours["hand_over"] += np.bincount(visits.row[visit[counts]], over[counts], count)
    hours["work"] = np.zeros(count)
    add("work", visits.work_hours - visits.lost_on_site)
    add("weather", visits.lost_on_site)
    add("crew", visits.waiting_hours)
    for p in model.partner:
        if p.handed_over < until[p.row]:
            arrived = min(p.arrived, horizon)
            hours["hand_over"][p.row] += arrived - p.handed_over
            hours["work"][p.row] += min(p.restored, horizon) - arrived
    return hours


def _hours(
    model: Model,
    visits: Visits,
    pending: Pending,
    until: FloatArray,
    considered: BoolArray,
    still_open: BoolArray,
) -> dict[str, FloatArray]:
    """Return triage, waits and travel by cause, of the visits and of the unended waits that masks admit.

    Parts are awaited that were asked for before an instant of each order.
    """
    births, count = model.births, len(model.births)
    hours = {
        "hand_over": np.minimum(births.escalated_at, model.world.horizon) - births.reported_at,
        "part": part_waits(model.depots, count, model.world.horizon, np.nextafter(until, -np.inf)),
    }
    row, unended = visits.row[considered], pending.row[still_open]
    lost = visits.lost_on_way
    hours["travel"] = np.bincount(row, (visits.travel_hours - lost)[considered], count).astype(np.float64)
    hours["weather"] = np.bincount(row, lost[considered], count).astype(np.float64)
    for name in _WAITS:
        ended = np.bincount(row, visits.wait(name)[considered], count)
        open_still = np.bincount(unended, getattr(pending.waits, name)[still_open], count)
        hours[name] = np.add(ended, open_still, dtype=np.float64)
    return hours


def _handing_over(world: World, visits: Visits) -> tuple[IntArray, FloatArray]:
    """Return the visits that ended with a hand-over, and the hours until the order was offered again.

    Where it was not, they go up to the horizon.
    """
    over = np.flatnonzero(visits.outcome == Outcome.HANDED_OVER)
    if not len(over):
        return over, np.empty(0)
    row, until = visits.row, visits.until[over]
    order = np.argsort(row, kind="stable")
    following = np.full(len(row), -1, dtype=np.int64)
    same = row[order][1:] == row[order][:-1]
    following[order[:-1][same]] = order[1:][same]
    ready = np.append(visits.ready, np.nan)[following[over]]
    rules = np.array([p.shift_end.hand_over_hours for p in world.periods])
    expected = np.minimum(rules[world.period_at(until)], world.horizon - until)
    return over, np.where(np.isnan(ready), expected, ready - until)
