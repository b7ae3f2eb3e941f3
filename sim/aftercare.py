"""What follows a restoration: verification with the customer, the call after completion, complaints.

None of it takes an engineer, so it is computed in arrays, for all orders after a run or for some on any day
of it. Inspections and what sensors announce are no orders of customers: nobody calls or complains about them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scenarios.care_specs import ComplaintSpec
from scenarios.world import World
from sim import draws
from sim.births import Births
from sim.due import CLOCKS
from sim.fault_draws import SERVED_BY, ends_at, of_customers
from sim.quantile_functions import quantile
from sim.visit_log import Role

if TYPE_CHECKING:
    from sim.model import Model

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_ATTEND, _RESTORE = CLOCKS.index("attend"), CLOCKS.index("restore")
_SELF_HELP = SERVED_BY.index("self_help")


@dataclass(frozen=True)
class Experience:
    """What customers have seen of some orders.

    Parameters
    ----------
    arrived, restored
        Instants of the first arrival on site (NaN: nobody came) and of restoration (NaN: not yet).
    visits
        Visits that reached the site.
    """

    arrived: FloatArray
    restored: FloatArray
    visits: IntArray


def verified_at(world: World, births: Births, ended: FloatArray) -> FloatArray:
    """Return when orders are complete: the customer has verified that they are restored for good.

    Parameters
    ----------
    world
        The compiled scenario.
    births
        All births.
    ended
        Instant of restoration for good of each, NaN where it has not come.
    """
    completed = ended.copy()
    pending = ~np.isnan(ended) & (births.served_by != _SELF_HELP)
    for number, period in enumerate(world.periods):
        for fault, spec in enumerate(period.faults):
            if spec.verification_hours is None or spec.verification_hours.expected == 0.0:
                continue
            rows = np.flatnonzero(pending & (births.period == number) & (births.fault == fault))
            u = draws.uniforms(births.key[rows], "verification")
            completed[rows] += quantile(spec.verification_hours, u)
    return completed


def follow_ups(world: World, births: Births, completed: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return by when customers should be called after completion, and when they are; NaN where never."""
    due, called = np.full(len(births), np.nan), np.full(len(births), np.nan)
    for number, period in enumerate(world.periods):
        spec = period.aftercare.follow_up
        if spec is None:
            continue
        rows = np.flatnonzero(of_customers(births.origin) & (births.period == number) & ~np.isnan(completed))
        due[rows] = completed[rows] + spec.due_hours
        rows = rows[draws.uniforms(births.key[rows], "follow_up") < spec.share]
        hours = quantile(spec.hours, draws.uniforms(births.key[rows], "follow_up_hours"))
        called[rows] = ends_at(world, spec.calendar, births.site[rows], completed[rows], hours)
    return due, called


def complained_at(world: World, births: Births, rows: IntArray, seen: Experience) -> FloatArray:
    """Return when customers complain about some orders, NaN where they do not, or not yet are restored.

    Parameters
    ----------
    world
        The compiled scenario.
    births
        Births among which the orders are.
    rows
        Positions of the orders in them.
    seen
        What the customers have seen of these orders, one value for each of `rows`. An order that has been
        restored must have all its visits up to then in it; so the answer is the same on any later day.
    """
    instants = np.full(len(rows), np.nan)
    for mine, spec in _complaining(world, births, rows):
        some = mine[~np.isnan(seen.restored[mine])]
        chance = _chance(births, rows[some], spec, seen, some)
        keys = births.key[rows[some]]
        upset = draws.uniforms(keys, "complaint") < chance
        delay = quantile(spec.delay, draws.uniforms(keys, "complaint_delay"))
        instants[some[upset]] = (seen.restored[some] + delay)[upset]
    return instants


def complaints_closed(world: World, births: Births, complained: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return when each complaint is closed, and how many of its clocks are missed by the horizon.

    Parameters
    ----------
    world
        The compiled scenario.
    births
        All births.
    complained
        Instant of the complaint about each, NaN without one.
    """
    closed, missed = np.full(len(births), np.nan), np.full(len(births), np.nan)
    for mine, spec in _complaining(world, births, np.arange(len(births))):
        rows = mine[~np.isnan(complained[mine])]
        done, missed[rows] = complained[rows], 0.0
        for purpose, hours, within in spec.steps:
            u = draws.uniforms(births.key[rows], purpose)
            done = ends_at(world, spec.calendar, births.site[rows], done, quantile(hours, u))
            due = complained[rows] + within
            missed[rows] += (done > due) & (due <= world.horizon)
        closed[rows] = done
    return closed, missed


def _complaining(world: World, births: Births, rows: IntArray) -> Iterator[tuple[IntArray, ComplaintSpec]]:
    """Yield the positions among rows that have the same terms of complaint, with these terms."""
    for number, period in enumerate(world.periods):
        if period.aftercare.complaints is not None:
            mine = (births.period[rows] == number) & of_customers(births.origin[rows])
            yield np.flatnonzero(mine), period.aftercare.complaints


def _chance(
    births: Births, rows: IntArray, spec: ComplaintSpec, seen: Experience, some: IntArray
) -> FloatArray:
    """Return the chance of a complaint about each order; it may exceed 1."""
    restored = seen.restored[some]
    attended = np.where(np.isnan(seen.arrived[some]), restored, seen.arrived[some])
    # A comparison with NaN is false: a clock that is not set is not missed.
    late = (attended > births.due[_ATTEND][rows]) | (restored > births.due[_RESTORE][rows])
    begin = np.fmax(births.reported_at[rows], births.fails_at[rows])
    chance = np.full(len(rows), spec.share)
    chance[late] *= spec.late_factor
    chance *= spec.repeat_factor ** np.maximum(seen.visits[some] - 1, 0)
    chance[restored - begin > spec.slow_after_hours] *= spec.slow_factor
    return chance


def experienced(model: Model, births: Births, rows: IntArray) -> Experience:
    """Return what customers have seen of some orders of a replication up to now, for `complained_at`.

    Parameters
    ----------
    model
        The replication, running or finished.
    births
        All its births so far.
    rows
        Positions of the orders.
    """
    position = np.full(len(births), -1, dtype=np.int64)
    position[rows] = np.arange(len(rows))
    log = model.visits
    every = np.array(log.row, dtype=np.int64)
    mine = np.flatnonzero(position[every] >= 0)
    row, number = every[mine], np.array(log.number)[mine].astype(np.int64)
    arrived, role = np.array(log.arrived)[mine], np.array(log.role)[mine]
    reached = arrived <= np.fmin(np.array(log.ended)[mine], model.now)
    stage = births.period[row], births.fault[row], np.array(log.stage)[mine]
    reached &= _on_site(model.world)[stage] & (role != Role.REMOTE_EXPERT)
    first, visits = np.full(len(rows), np.inf), np.zeros(len(rows), dtype=np.int64)
    np.minimum.at(first, position[row[reached]], arrived[reached])
    most = int(number.max(initial=0)) + 1
    distinct = np.unique(position[row[reached]] * most + number[reached]) // most
    visits += np.bincount(distinct, minlength=len(rows))
    for p in model.partner:
        if position[p.row] >= 0 and p.arrived <= model.now:
            visits[position[p.row]] += 1
            first[position[p.row]] = min(first[position[p.row]], p.arrived)
    restored = np.array(model.restored)[rows]
    return Experience(
        np.where(np.isinf(first), np.nan, first), np.where(restored <= model.now, restored, np.nan), visits
    )


def _on_site(world: World) -> npt.NDArray[np.bool_]:
    """Return [period, fault type, stage] -> whether somebody travels for it."""
    most = max(len(f.stages) for p in world.periods for f in p.faults)
    table = np.zeros((len(world.periods), len(world.names.fault_types), most), dtype=bool)
    for p, period in enumerate(world.periods):
        for f, fault in enumerate(period.faults):
            table[p, f, : len(fault.stages)] = [stage.on_site for stage in fault.stages]
    return table
