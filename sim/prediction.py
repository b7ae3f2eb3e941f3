"""Failures that sensors announce: planned work ahead of the failure, and false alarms.

Everything is decided at birth: which failures are predicted, when, and where an alarm is false. How planned
work turns into a failure while nobody has come is for `prevention`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scenarios.keys import name_key
from scenarios.prevention_compiling import PredictionSpec
from scenarios.world import World
from sim import draws
from sim.due import set_due
from sim.quantile_functions import quantile
from sim.reports import Origin, Reports, in_order, occurrences

if TYPE_CHECKING:
    from sim.births import Births

FloatArray = npt.NDArray[np.float64]


def false_alarms(world: World, replication: int) -> list[Reports]:
    """Return the alarms behind which there is no failure, in order of time; nothing without prediction.

    They follow the failure rate of the devices covered, as (1 - precision) / precision of the predicted
    failures. Their candidates come at a rate that coverage does not change, so that a wider coverage only
    adds alarms.

    Parameters
    ----------
    world
        The compiled scenario.
    replication
        Key of the replication (`draws.replication_key`).
    """
    if all(p.prediction is None for p in world.periods):
        return []
    ratios = np.array([_false_ratios(world, p.prediction) for p in world.periods])
    streams = np.flatnonzero(ratios.any(axis=0))
    if not len(streams):
        return []
    site, device = (np.array(column, dtype=np.int32)[streams] for column in zip(*_places(world), strict=True))
    multiple = np.maximum(np.ceil(ratios[:, streams].max(axis=0)), 1.0)
    points = occurrences(
        world,
        np.array([s.intensity for s in world.streams], dtype=np.int64)[streams],
        np.array([s.factor for s in world.streams])[streams] * multiple,
        draws.stream_keys(replication, _alarm_keys(world)[streams]),
    )
    marks = draws.uniforms(points.key, "false_alarm")
    chance = ratios[world.period_at(points.instants), streams[points.owner]] / multiple[points.owner]
    kept = np.flatnonzero(marks < chance)
    owner, count = points.owner[kept], len(kept)
    alarms = Reports(
        reported_at=points.instants[kept],
        stream=np.full(count, -1, dtype=np.int32),
        site=site[owner],
        device=device[owner],
        index=points.number[kept],
        key=points.key[kept],
        origin=np.full(count, Origin.FALSE_ALARM, dtype=np.int8),
        fault=np.full(count, -1, dtype=np.int32),
    )
    return [in_order([alarms])]


def _places(world: World) -> list[tuple[int, int]]:
    return [(s.site, s.device_type) for s in world.streams]


def _alarm_keys(world: World) -> npt.NDArray[np.uint64]:
    """Return the key of the false alarms of each stream; made once for each World."""
    if "alarm_keys" not in world.derived:
        sites, devices = world.names.sites, world.names.device_types
        keys = [name_key("false-alarms", sites[s], devices[d]) for s, d in _places(world)]
        world.derived["alarm_keys"] = np.array(keys, dtype=np.uint64)
    made: npt.NDArray[np.uint64] = world.derived["alarm_keys"]
    return made


def _false_ratios(world: World, spec: PredictionSpec | None) -> FloatArray:
    """Return false alarms over failures of each stream; none where the installed base is finite."""
    ratios = np.zeros(len(world.streams))
    if spec is not None:
        infinite = np.flatnonzero([not s.finite for s in world.streams])
        covered = np.array([spec.covered[place] for place in _places(world)])[infinite]
        ratios[infinite] = spec.recall * covered * (1.0 - spec.precision) / spec.precision
    return ratios


def complete_false_alarms(world: World, births: Births) -> None:
    """Let what is done about false alarms be a check: no part, no terms, and the hours of the check."""
    rows = np.flatnonzero(births.origin == Origin.FALSE_ALARM)
    births.part[rows], births.rule[rows] = -1, -1
    for due in births.due:
        if due.flags.writeable:
            due[rows] = np.nan
    for number, period in enumerate(world.periods):
        spec = period.prediction
        mine = rows[births.period[rows] == number]
        if spec is not None and len(mine):
            births.work[mine] = quantile(spec.check_hours, draws.uniforms(births.key[mine], "check"))
            births.promised_at[mine] = births.reported_at[mine] + spec.lead_hours


def foretell(world: World, reports: Reports) -> Reports:
    """Return reports with the failures that are predicted marked as condition-based, each at its failure."""
    origin = reports.origin.copy()
    candidates = np.flatnonzero((origin == Origin.FAILURE) & (reports.stream >= 0))
    finite = np.array([s.finite for s in world.streams], dtype=bool)
    candidates = candidates[~finite[reports.stream[candidates]]]
    period = world.period_at(reports.reported_at[candidates])
    for number, compiled in enumerate(world.periods):
        spec = compiled.prediction
        if spec is not None:
            mine = candidates[period == number]
            share = spec.recall * spec.covered[reports.site[mine], reports.device[mine]]
            mine = mine[draws.uniforms(reports.key[mine], "prediction") < share]
            origin[mine] = Origin.CONDITION_BASED
    return replace(reports, origin=origin)


def bring_forward(world: World, births: Births) -> Births:
    """Return births in which what was foretold is reported ahead of the failure, in order of the reports.

    It is reported by the lead time ahead, but not before its defect arose or its device was there. What else
    is drawn of it stays; its SLA clocks start when the device fails.
    """
    rows = np.flatnonzero(births.origin == Origin.CONDITION_BASED)
    if not len(rows):
        return births
    fails = births.reported_at[rows]
    leads = np.array([np.nan if p.prediction is None else p.prediction.lead_hours for p in world.periods])
    lead = leads[births.period[rows]]
    earliest = np.fmax(_begins(world)[births.stream[rows]], births.defect_at[rows])
    reported = np.maximum(fails - lead, earliest)
    births.fails_at[rows] = fails
    births.promised_at[rows] = reported + lead
    for column in ("reported_at", "acknowledged_at", "escalated_at", "released_at"):
        values = getattr(births, column).copy()
        values[rows] = reported + (values[rows] - fails)
        setattr(births, column, values)
    planned = births.take(rows)
    set_due(world, planned)
    for due, later in zip(births.due, planned.due, strict=True):
        if due.flags.writeable:
            due[rows] = later
    return births.take(np.argsort(births.reported_at, kind="stable"))


def _begins(world: World) -> FloatArray:
    """Return for each stream the instant at which its devices begin to fail: they are not there before."""
    firsts = [i.knots[max(int(np.searchsorted(i.cumulated, 0.0, "right")) - 1, 0)] for i in world.intensities]
    return np.array([firsts[s.intensity] for s in world.streams])
