"""What is drawn about a failure from its fault type: triage, help from afar, pauses, parts, hours of work.

Whatever restores an order without an engineer is decided here, at its birth, and costs no event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scenarios.care_specs import AttemptSpec
from scenarios.fault_specs import FaultSpec, StageSpec
from scenarios.open_hours import ALWAYS_OPEN
from scenarios.world import World
from sim import draws
from sim.calendars import by_clock
from sim.quantile_functions import quantile
from sim.reports import Origin

if TYPE_CHECKING:
    from sim.births import Births

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

#: What customers report themselves; the rest is planned, needs no help from afar and is not misunderstood.
REPORTED_BY_CUSTOMERS = (Origin.FAILURE, Origin.WEATHER, Origin.BATCH)
_IS_CUSTOMERS = np.isin(np.arange(len(Origin)), REPORTED_BY_CUSTOMERS)
#: Who restored an order from afar, by the code in `Births.served_by`; 0 is nobody.
SERVED_BY = ("", "self_help", "remote")


def of_customers(origin: npt.NDArray[np.int8]) -> npt.NDArray[np.bool_]:
    """Return which orders of given origins customers report themselves."""
    return _IS_CUSTOMERS[origin]


def work_hours(stage: StageSpec, key: int, visit: int) -> float:
    """Return the hours of work of a visit: diagnosis, then hands-on hours as guidance shortens them.

    Parameters
    ----------
    stage
        The stage that the visit does.
    key
        Key of the order's draws.
    visit
        Number of the visit, from 0.
    """
    hours: float = quantile(stage.work_hours, draws.uniform(key, "work", visit))
    if stage.guidance is not None and draws.uniform(key, "guidance") < stage.guidance.use:
        hours *= stage.guidance.factor
    if stage.work_share != 1.0:
        hours *= stage.work_share
    if stage.diagnosis is not None:
        hours += quantile(stage.diagnosis, draws.uniform(key, "diagnosis", visit))
    return hours


def hours_of_visits(stage: StageSpec, keys: npt.NDArray[np.uint64], visit: int = 0) -> FloatArray:
    """Return `work_hours` of the visits of one number of many orders."""
    hours: FloatArray = quantile(stage.work_hours, draws.uniforms(keys, "work", visit))
    if stage.guidance is not None:
        guided = draws.uniforms(keys, "guidance") < stage.guidance.use
        hours = np.where(guided, hours * stage.guidance.factor, hours)
    if stage.work_share != 1.0:
        hours = hours * stage.work_share
    if stage.diagnosis is not None:
        hours = hours + quantile(stage.diagnosis, draws.uniforms(keys, "diagnosis", visit))
    return hours


def draw_fault(
    world: World,
    births: Births,
    pauses: FloatArray,
    earliest: FloatArray,
    period: int,
    fault: int,
    rows: IntArray,
) -> None:
    """Draw all that the fault type decides about the failures of one type in one period.

    Parameters
    ----------
    world
        The compiled scenario.
    births
        All births; the given rows are filled in.
    pauses
        Hours of the wait for the customer, filled in likewise.
    earliest
        Instants before which nothing is acknowledged.
    period, fault
        Positions.
    rows
        Positions of the failures.
    """
    spec = world.periods[period].faults[fault]
    keys = births.key[rows]
    births.work[rows] = hours_of_visits(spec.stages[0], keys)
    if spec.misdiagnosed_stage >= 0:
        _draw_misdiagnosis(births, spec, rows)
    if spec.triage_hours.expected > 0.0:
        births.acknowledged_at[rows] += quantile(spec.triage_hours, draws.uniforms(keys, "triage"))
    births.acknowledged_at[rows] = np.maximum(births.acknowledged_at[rows], earliest[rows])
    births.escalated_at[rows] = births.acknowledged_at[rows]
    for attempt in spec.attempts:
        _try_from_afar(world, births, attempt, rows)
    if spec.pause_hours is not None:
        paused = draws.uniforms(keys, "pause") < spec.pause_probability
        paused &= births.served_by[rows] == 0
        pauses[rows] = paused * quantile(spec.pause_hours, draws.uniforms(keys, "pause_hours"))
    if spec.part >= 0:
        needed = draws.uniforms(keys, "part") < spec.part_probability
        births.part[rows[needed]] = spec.part


def _draw_misdiagnosis(births: Births, spec: FaultSpec, rows: IntArray) -> None:
    """Let some orders start with the visit of a wrong diagnosis."""
    rows = rows[of_customers(births.origin[rows])]
    keys = births.key[rows]
    wrong = draws.uniforms(keys, "misdiagnosis") < spec.misdiagnosis
    births.first_stage[rows[wrong]] = spec.misdiagnosed_stage
    births.work[rows[wrong]] = hours_of_visits(spec.stages[spec.misdiagnosed_stage], keys[wrong])


def _try_from_afar(world: World, births: Births, attempt: AttemptSpec, rows: IntArray) -> None:
    """Let orders that nobody has restored be tried from afar: they are restored, or go on later for it."""
    tried = of_customers(births.origin[rows]) & (births.served_by[rows] == 0)
    rows = rows[tried]
    # One number decides both, so that a higher success restores more of those that are tried anyway.
    u = draws.uniforms(births.key[rows], attempt.purpose)
    rows, u = rows[u < attempt.use], u[u < attempt.use]
    hours = quantile(attempt.hours, draws.uniforms(births.key[rows], f"{attempt.purpose}_hours"))
    births.escalated_at[rows] = ends_at(
        world, attempt.calendar, births.site[rows], births.escalated_at[rows], hours
    )
    restored = rows[u < attempt.use * attempt.success]
    births.served_by[restored] = SERVED_BY.index(attempt.purpose)


def ends_at(
    world: World, calendar: str, site: npt.NDArray[np.integer], begin: FloatArray, hours: FloatArray
) -> FloatArray:
    """Return when something ends that takes so many hours of a calendar at each site.

    Parameters
    ----------
    world
        The compiled scenario.
    calendar
        Key of a calendar that is laid out where sites are; empty for all hours.
    site
        Position of each site.
    begin, hours
        Instant from which it can go on, and how long it takes.
    """
    if not calendar:
        return ALWAYS_OPEN.add(begin, hours)
    city = world.places.site_city[site]
    end = np.empty(len(begin))
    for clock, rows in by_clock(world, calendar, city):
        end[rows] = clock.add(begin[rows], hours[rows])
    # What does not end by the horizon ends at some instant after it.
    return np.where(np.isinf(end), np.maximum(begin, world.horizon) + hours + 1.0, end)
