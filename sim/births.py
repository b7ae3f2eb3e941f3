"""Failures and all that is fixed at their birth: when, what, how long the work takes, which part it needs.

Everything here is drawn before any decision is made; the model reveals it to nobody before its time.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from scenarios.world import World
from sim import draws
from sim.conditions import Conditions
from sim.due import CLOCKS, set_due
from sim.fault_draws import draw_fault
from sim.inspections import add_defects, complete_inspections, inspections
from sim.prediction import bring_forward, complete_false_alarms, false_alarms, foretell
from sim.reports import Reports, failures, in_order
from sim.weather_reports import earliest_acknowledgement, under_conditions

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int32]


@dataclass
class Births:
    """Columns with one row per failure.

    Parameters
    ----------
    reported_at, acknowledged_at, escalated_at, released_at
        Instants of the report, of the end of triage, of the end of self-help and remote session (that of
        triage without them), and of the end of the wait for the customer.
    origin, stream, device, index, key
        Code of the `Origin`, stream and device type (-1: none), number within it, key of all further draws.
    site, period, fault
        Positions of the site, of the period in which it is reported, and of its fault type.
    part
        Position of the part it needs, -1 for none.
    work
        Hands-on hours of its first visit.
    served_at
        Instant at which it is fixed without an engineer, NaN where it is not.
    served_by
        Code of who does that (`fault_draws.SERVED_BY`), 0 where nobody does.
    first_stage
        Stage of its fault type at which it starts.
    defect_at
        Instant at which the defect arose that fails at the report, NaN where there was none to find.
    fails_at
        Instant at which the device fails, where the order comes before the failure; else NaN.
    promised_at
        Instant by which planned work should be done: that an inspection is due, or a failure is to be
        expected; NaN for what is not planned.
    rule
        Position of its SLA rule, -1 for none.
    due
        [clock][row] instant at which each clock is due, NaN where it has no target.
    """

    reported_at: FloatArray
    acknowledged_at: FloatArray
    escalated_at: FloatArray
    released_at: FloatArray
    origin: npt.NDArray[np.int8]
    stream: IntArray
    device: IntArray
    index: IntArray
    key: npt.NDArray[np.uint64]
    site: IntArray
    period: IntArray
    fault: IntArray
    part: IntArray
    work: FloatArray
    served_at: FloatArray
    served_by: npt.NDArray[np.int8]
    first_stage: npt.NDArray[np.int8]
    defect_at: FloatArray
    fails_at: FloatArray
    promised_at: FloatArray
    rule: IntArray
    due: FloatArray

    def __len__(self) -> int:
        """Return the number of failures."""
        return len(self.reported_at)

    @property
    def due_at(self) -> FloatArray:
        """Return the instant that dispatch works towards: attend, else respond, restore, complete, plan."""
        respond, attend, restore, complete = self.due
        first = np.where(np.isnan(attend), respond, attend)
        first = np.where(np.isnan(first), restore, first)
        first = np.where(np.isnan(first), complete, first)
        chosen: FloatArray = np.where(np.isnan(first), self.promised_at, first)
        return chosen

    def take(self, rows: npt.NDArray[np.int64]) -> Births:
        """Return the rows at given positions."""
        return Births(**{f.name: getattr(self, f.name)[..., rows] for f in fields(Births)})


def concatenate(parts: list[Births]) -> Births:
    """Return the rows of several sets of births, one after the other."""
    return Births(
        **{f.name: np.concatenate([getattr(p, f.name) for p in parts], axis=-1) for f in fields(Births)}
    )


def births_of_infinite(world: World, replication: int, conditions: Conditions | None = None) -> Births:
    """Return all that is reported whatever the service does, in order of the reports.

    Failures of devices of a finite installed base are not among it: when they fail depends on their repair.

    Parameters
    ----------
    world
        The compiled scenario.
    replication
        Key of the replication (`draws.replication_key`).
    conditions
        Weather and disruptions of the replication; drawn when absent.
    """
    conditions = conditions or Conditions(world, replication)
    sources = [
        *under_conditions(world, replication, failures(world, replication), conditions),
        *inspections(world, replication),
        *false_alarms(world, replication),
    ]
    births = attributes(world, foretell(world, in_order(sources)), conditions)
    complete_inspections(world, births)
    complete_false_alarms(world, births)
    add_defects(world, births)
    return bring_forward(world, births)


def attributes(world: World, reports: Reports, conditions: Conditions | None = None) -> Births:
    """Return what is reported with all that its keys decide about it.

    Parameters
    ----------
    world
        The compiled scenario.
    reports
        What is reported when and where.
    conditions
        Weather and disruptions of the replication; no ticket system is ever down when absent.
    """
    count = len(reports)
    key, site = reports.key, reports.site
    period = world.period_at(reports.reported_at).astype(np.int32)
    births = Births(
        reported_at=reports.reported_at,
        acknowledged_at=reports.reported_at.copy(),
        escalated_at=reports.reported_at.copy(),
        released_at=reports.reported_at,
        origin=reports.origin,
        stream=reports.stream,
        device=reports.device,
        index=reports.index,
        key=key,
        site=site,
        period=period,
        fault=_fault_types(world, reports, period),
        part=np.full(count, -1, dtype=np.int32),
        work=np.zeros(count),
        served_at=np.full(count, np.nan),
        served_by=np.zeros(count, dtype=np.int8),
        first_stage=np.zeros(count, dtype=np.int8),
        defect_at=np.full(count, np.nan),
        fails_at=np.full(count, np.nan),
        promised_at=np.full(count, np.nan),
        rule=np.full(count, -1, dtype=np.int32),
        due=np.full((len(CLOCKS), count), np.nan),
    )
    pauses, earliest = np.zeros(count), earliest_acknowledgement(world, reports, conditions)
    for number, compiled in enumerate(world.periods):
        for fault, rows in _groups(births.fault, period == number, len(compiled.faults)):
            draw_fault(world, births, pauses, earliest, number, fault, rows)
        mine = period == number
        births.rule[mine] = compiled.rules[site[mine], births.fault[mine]]
    births.released_at = births.escalated_at + pauses
    set_due(world, births)
    return births


def _groups(
    codes: IntArray, mask: npt.NDArray[np.bool_], count: int
) -> list[tuple[int, npt.NDArray[np.int64]]]:
    """Return the positions of the rows of each code, of those that a mask admits."""
    rows = np.flatnonzero(mask)
    order = rows[np.argsort(codes[rows], kind="stable")]
    edges = np.searchsorted(codes[order], np.arange(count + 1))
    return [(c, order[edges[c] : edges[c + 1]]) for c in range(count) if edges[c + 1] > edges[c]]


def _fault_types(world: World, reports: Reports, period: IntArray) -> IntArray:
    """Draw the fault type of each failure from the mix of its device type in its period."""
    fault = reports.fault.copy()
    drawn = fault < 0
    u = draws.uniforms(reports.key, "fault_type")
    for number, compiled in enumerate(world.periods):
        for kind, rows in _groups(reports.device, drawn & (period == number), len(compiled.mixes)):
            positions, shares = compiled.mixes[kind]
            fault[rows] = positions[np.minimum(np.searchsorted(shares, u[rows], "right"), len(positions) - 1)]
    return fault
