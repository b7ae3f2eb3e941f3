"""Failures and all that is fixed at their birth: when, what, how long the work takes, which part it needs.

Everything here is drawn before any decision is made; the model reveals it to nobody before its time.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from insight.columns import first_of
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
Codes = npt.NDArray[np.signedinteger[Any]]
Rows = slice | npt.NDArray[np.integer[Any]]


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
    served_by
        Code of who fixes it from afar (`fault_draws.SERVED_BY`), 0 where an engineer is needed.
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
        By clock, the instant at which it is due, NaN where it has no target; one that no rule sets cannot be
        written to.
    """

    reported_at: FloatArray
    acknowledged_at: FloatArray
    escalated_at: FloatArray
    released_at: FloatArray
    origin: npt.NDArray[np.int8]
    stream: Codes
    device: Codes
    index: IntArray
    key: npt.NDArray[np.uint64]
    site: Codes
    period: Codes
    fault: Codes
    part: Codes
    work: FloatArray
    served_by: npt.NDArray[np.int8]
    first_stage: npt.NDArray[np.int8]
    defect_at: FloatArray
    fails_at: FloatArray
    promised_at: FloatArray
    rule: Codes
    due: tuple[FloatArray, ...]

    def __len__(self) -> int:
        """Return the number of failures."""
        return len(self.reported_at)

    @property
    def served_at(self) -> FloatArray:
        """Return the instant at which each is fixed without an engineer, NaN where it is not."""
        return np.where(self.served_by > 0, self.escalated_at, np.nan)

    @property
    def due_at(self) -> FloatArray:
        """Return the instant that dispatch works towards: attend, else respond, restore, complete, plan."""
        return self.due_of(slice(None))

    def due_of(self, rows: Rows) -> FloatArray:
        """Return `due_at` of some rows."""
        respond, attend, restore, complete = (due[rows] for due in self.due)
        return first_of(attend, respond, restore, complete, self.promised_at[rows])

    def take(self, rows: npt.NDArray[np.int64]) -> Births:
        """Return the rows at given positions."""
        columns = {f.name: getattr(self, f.name) for f in fields(Births)}
        due = tuple(_taken(clock, rows) for clock in columns.pop("due"))
        return Births(**{name: column[rows] for name, column in columns.items()}, due=due)


def concatenate(parts: list[Births]) -> Births:
    """Return the rows of several sets of births, one after the other."""
    names = [f.name for f in fields(Births) if f.name != "due"]
    return Births(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names},
        due=tuple(np.concatenate(clock) for clock in zip(*(part.due for part in parts), strict=True)),
    )


def _taken(column: FloatArray, rows: npt.NDArray[np.int64]) -> FloatArray:
    """Return some rows of a column, which stays a single number where it is one."""
    return _nowhere(len(rows)) if len(column) and column.strides == (0,) else column[rows]


def _nowhere(count: int) -> FloatArray:
    """Return instants of which there are none, in the memory of a single number."""
    return np.broadcast_to(np.array(np.nan), count)


def codes_of(count: int) -> type[np.signedinteger[Any]]:
    """Return the smallest type that holds -1 and the positions of so many things."""
    return next(t for t in (np.int8, np.int16, np.int32) if count <= np.iinfo(t).max)


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
    count, names = len(reports), world.names
    key, site = reports.key, reports.site.astype(codes_of(len(names.sites)))
    period = world.period_at(reports.reported_at).astype(codes_of(len(world.periods)))
    used = [any(not np.isnan(getattr(rule, clock)) for rule in world.rules) for clock in CLOCKS]
    births = Births(
        reported_at=reports.reported_at,
        acknowledged_at=reports.reported_at.copy(),
        escalated_at=reports.reported_at.copy(),
        released_at=reports.reported_at,
        origin=reports.origin,
        stream=reports.stream.astype(codes_of(len(world.streams))),
        device=reports.device.astype(codes_of(len(names.device_types))),
        index=reports.index,
        key=key,
        site=site,
        period=period,
        fault=_fault_types(world, reports, period),
        part=np.full(count, -1, dtype=codes_of(len(names.parts))),
        work=np.zeros(count),
        served_by=np.zeros(count, dtype=np.int8),
        first_stage=np.zeros(count, dtype=np.int8),
        defect_at=np.full(count, np.nan),
        fails_at=np.full(count, np.nan),
        promised_at=np.full(count, np.nan),
        rule=np.full(count, -1, dtype=codes_of(len(world.rules))),
        due=tuple(np.full(count, np.nan) if there else _nowhere(count) for there in used),
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


def _groups(codes: Codes, mask: npt.NDArray[np.bool_], count: int) -> list[tuple[int, npt.NDArray[np.int64]]]:
    """Return the positions of the rows of each code, of those that a mask admits."""
    rows = np.flatnonzero(mask)
    order = rows[np.argsort(codes[rows], kind="stable")]
    edges = np.searchsorted(codes[order], np.arange(count + 1))
    return [(c, order[edges[c] : edges[c + 1]]) for c in range(count) if edges[c + 1] > edges[c]]


def _fault_types(world: World, reports: Reports, period: Codes) -> Codes:
    """Draw the fault type of each failure from the mix of its device type in its period."""
    fault = reports.fault.astype(codes_of(len(world.names.fault_types)))
    drawn = fault < 0
    u = draws.uniforms(reports.key, "fault_type")
    for number, compiled in enumerate(world.periods):
        for kind, rows in _groups(reports.device, drawn & (period == number), len(compiled.mixes)):
            positions, shares = compiled.mixes[kind]
            fault[rows] = positions[np.minimum(np.searchsorted(shares, u[rows], "right"), len(positions) - 1)]
    return fault
