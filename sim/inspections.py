"""Planned inspections as reports, and the defects that they may find before a device fails.

When an inspection falls due is a matter of the plan alone and is not drawn. What an inspection finds once
somebody is there is for `prevention`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from scenarios.keys import name_key
from scenarios.prevention_compiling import InspectionSpec
from scenarios.world import World
from sim import draws
from sim.quantile_functions import quantile
from sim.reports import Origin, Reports, at_sites, in_order

if TYPE_CHECKING:
    from sim.births import Births

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

#: One more than the largest key: what a key has to be divided by to be a number below 1.
_KEYS = 2.0**64
#: Hours by which a planned instant may miss the midnight that it stands for.
_TOLERANCE = 1e-6


def inspections(world: World, replication: int) -> list[Reports]:
    """Return the inspections that fall due within the horizon, in order of time; nothing without any.

    Parameters
    ----------
    world
        The compiled scenario.
    replication
        Key of the replication (`draws.replication_key`).
    """
    plan = _plan(world)
    if not len(plan.site):
        return []
    keys = draws.items_of(draws.stream_keys(replication, plan.key), plan.number)
    parts = []
    for fault in np.unique(plan.fault).tolist():
        mine = np.flatnonzero(plan.fault == fault)
        reported, number = plan.reported[mine], plan.number[mine].astype(np.int32)
        parts.append(at_sites(reported, plan.site[mine], number, keys[mine], Origin.INSPECTION, fault))
    return [in_order(parts)]


class _Plan(NamedTuple):
    """Inspections that are reported within the horizon: site, its key, number there, report, fault type."""

    site: npt.NDArray[np.int32]
    key: npt.NDArray[np.uint64]
    number: IntArray
    reported: FloatArray
    fault: IntArray


def _plan(world: World) -> _Plan:
    """Return the plan, site by site; it is no matter of chance and made once for each World."""
    if "inspections" not in world.derived:
        faults = np.array([-1 if p.inspections is None else p.inspections.fault for p in world.periods])
        site, number, reported, fault = [], [], [np.empty(0)], []
        for position in range(len(world.names.sites)):
            planned, period = planned_instants(world, position)
            opening = _opening(world, position, planned, period)
            within = np.flatnonzero(opening < world.horizon)
            site.append(np.full(len(within), position, dtype=np.int32))
            number.append(within)
            reported.append(opening[within])
            fault.append(faults[period[within]])
        sites = np.concatenate(site)
        keys = np.array([name_key("inspections", name) for name in world.names.sites], dtype=np.uint64)
        world.derived["inspections"] = _Plan(
            sites, keys[sites], np.concatenate(number), np.concatenate(reported), np.concatenate(fault)
        )
    made: _Plan = world.derived["inspections"]
    return made


def planned_instants(world: World, site: int) -> tuple[FloatArray, IntArray]:
    """Return when inspections of a site are planned within the horizon, and in which period each lies.

    A plan goes on over a change of its interval: what has passed of the old interval counts as the same share
    of the new one.
    """
    edges = np.array([*(p.start_hours for p in world.periods), world.horizon])
    specs = [p.inspections for p in world.periods]
    rates = np.array([0.0 if spec is None else spec.rate[site] for spec in specs])
    passed = np.concatenate([[0.0], np.cumsum(rates * np.diff(edges))])
    first = next((spec for spec in specs if spec is not None and spec.rate[site] > 0.0), None)
    if first is None:
        return np.empty(0), np.empty(0, np.int64)
    # From the site's name alone, so that another site moves nobody's plan.
    phase = name_key("inspections", world.names.sites[site]) / _KEYS if first.spread else 0.0
    marks = phase + np.arange(int(passed[-1]) + 1)
    marks = marks[marks < passed[-1]]
    period = np.searchsorted(passed, marks, "right") - 1
    return edges[period] + (marks - passed[period]) / rates[period], period


def _opening(world: World, site: int, planned: FloatArray, period: IntArray) -> FloatArray:
    """Return when the orders are reported: as the calendar of inspections first opens on the planned day."""
    reported = planned.copy()
    city = int(world.places.site_city[site])
    midnights = world.places.midnights[int(world.places.city_time_zone[city])]
    for number in np.unique(period).tolist():
        compiled = world.periods[number]
        if compiled.inspections is None or not compiled.inspections.calendar:
            continue
        rows = period == number
        day = midnights[np.searchsorted(midnights, planned[rows] + _TOLERANCE, "right") - 1]
        opening = world.clocks[compiled.inspections.calendar, city].next_open(day)
        reported[rows] = np.maximum(opening, compiled.start_hours)
    return reported


def inspection_specs(world: World) -> list[InspectionSpec | None]:
    """Return the inspections in force by period; where there are none, those before.

    An order that was planned in one period may be reported at the first opening in the next.
    """
    specs: list[InspectionSpec | None] = []
    for period in world.periods:
        specs.append(period.inspections or (specs[-1] if specs else None))
    return specs


def complete_inspections(world: World, births: Births) -> None:
    """Add to inspections the hours that depend on their site, and when they must have ended."""
    for number, spec in enumerate(inspection_specs(world)):
        if spec is None:
            continue
        rows = np.flatnonzero((births.origin == Origin.INSPECTION) & (births.period == number))
        births.work[rows] += spec.extra_hours[births.site[rows]]
        births.promised_at[rows] = births.reported_at[rows] + spec.within_hours


def add_defects(world: World, births: Births) -> None:
    """Set when the defect of each failure arose, where its fault type has a delay from defect to failure."""
    for number, period in enumerate(world.periods):
        for fault, spec in enumerate(period.faults):
            if spec.delay_hours is None:
                continue
            rows = np.flatnonzero(
                np.isin(births.origin, (Origin.FAILURE, Origin.CONDITION_BASED))
                & (births.period == number)
                & (births.fault == fault)
            )
            delay = quantile(spec.delay_hours, draws.uniforms(births.key[rows], "delay"))
            births.defect_at[rows] = births.reported_at[rows] - delay
