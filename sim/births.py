"""Failures and all that is fixed at their birth: when, what, how long the work takes, which part it needs.

Everything here is drawn before any decision is made; the model reveals it to nobody before its time.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from scenarios.open_hours import ALWAYS_OPEN, TOLERANCE
from scenarios.world import Intensity, RuleSpec, World
from sim import draws
from sim.quantile_functions import quantile

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int32]

#: The clocks of an SLA rule, in the order in which they stop.
CLOCKS = ("respond", "attend", "restore", "complete")


@dataclass
class Births:
    """Columns with one row per failure.

    Parameters
    ----------
    reported_at, acknowledged_at, released_at
        Instants of the report, of the end of triage, and of the end of the wait for the customer.
    stream, index, key
        Stream, index in it, and key of all further draws.
    site, period, fault
        Positions of the site, of the period in which it is reported, and of its fault type.
    part
        Position of the part it needs, -1 for none.
    work
        Hands-on hours of its first visit.
    rule
        Position of its SLA rule, -1 for none.
    due
        [clock][row] instant at which each clock is due, NaN where it has no target.
    """

    reported_at: FloatArray
    acknowledged_at: FloatArray
    released_at: FloatArray
    stream: IntArray
    index: IntArray
    key: npt.NDArray[np.uint64]
    site: IntArray
    period: IntArray
    fault: IntArray
    part: IntArray
    work: FloatArray
    rule: IntArray
    due: FloatArray

    def __len__(self) -> int:
        """Return the number of failures."""
        return len(self.reported_at)

    @property
    def due_at(self) -> FloatArray:
        """Return the instant that dispatch works towards: attend, else respond, restore, complete."""
        respond, attend, restore, complete = self.due
        first = np.where(np.isnan(attend), respond, attend)
        first = np.where(np.isnan(first), restore, first)
        chosen: FloatArray = np.where(np.isnan(first), complete, first)
        return chosen


def concatenate(parts: list[Births]) -> Births:
    """Return the rows of several sets of births, one after the other."""
    return Births(
        **{f.name: np.concatenate([getattr(p, f.name) for p in parts], axis=-1) for f in fields(Births)}
    )


def inverse(intensity: Intensity, factor: float, cumulated: FloatArray) -> FloatArray:
    """Return the instants at which a cumulated rate reaches given values; infinity beyond the horizon."""
    scaled = cumulated / factor
    instants = np.interp(scaled, intensity.cumulated, intensity.knots)
    late: FloatArray = np.where(scaled > intensity.cumulated[-1], np.inf, instants)
    return late


def births_of_infinite(world: World, replication: int) -> Births:
    """Return all failures of the streams whose installed base is infinite, in order of their reports.

    Parameters
    ----------
    world
        The compiled scenario.
    replication
        Key of the replication (`draws.replication_key`).
    """
    times, streams, keys, indices = [], [], [], []
    for number, stream in enumerate(world.streams):
        if stream.finite:
            continue
        intensity = world.intensities[stream.intensity]
        key = draws.stream_key(replication, stream.key)
        instants, item = _failures(intensity, stream.factor, key)
        times.append(instants)
        keys.append(item)
        indices.append(np.arange(len(instants), dtype=np.int32))
        streams.append(np.full(len(instants), number, dtype=np.int32))
    if not times:
        times, streams, keys, indices = (
            [np.empty(0)],
            [np.empty(0, np.int32)],
            [np.empty(0, np.uint64)],
            [np.empty(0, np.int32)],
        )
    reported = np.concatenate(times)
    order = np.argsort(reported, kind="stable")
    return attributes(
        world,
        reported[order],
        np.concatenate(streams)[order],
        np.concatenate(indices)[order],
        np.concatenate(keys)[order],
    )


def _failures(intensity: Intensity, factor: float, key: int) -> tuple[FloatArray, npt.NDArray[np.uint64]]:
    """Return the instants of one stream's failures within the horizon, and their keys."""
    expected = factor * float(intensity.cumulated[-1])
    count = int(expected + 6.0 * np.sqrt(expected) + 12.0)
    while True:
        keys = draws.item_keys(key, 0, count)
        sums = np.cumsum(draws.unit_exponentials(draws.uniforms(keys, "gap")))
        if sums[-1] > expected:
            break
        count *= 2
    within = int(np.searchsorted(sums, expected, "right"))
    return inverse(intensity, factor, sums[:within]), keys[:within]


def attributes(
    world: World,
    reported_at: FloatArray,
    stream: IntArray,
    index: IntArray,
    key: npt.NDArray[np.uint64],
) -> Births:
    """Return failures with all that their keys decide about them."""
    count = len(reported_at)
    period = world.period_at(reported_at).astype(np.int32)
    site = np.array([s.site for s in world.streams], dtype=np.int32)[stream]
    births = Births(
        reported_at=reported_at,
        acknowledged_at=reported_at.copy(),
        released_at=reported_at,
        stream=stream,
        index=index,
        key=key,
        site=site,
        period=period,
        fault=_fault_types(world, stream, period, draws.uniforms(key, "fault_type")),
        part=np.full(count, -1, dtype=np.int32),
        work=np.zeros(count),
        rule=np.full(count, -1, dtype=np.int32),
        due=np.full((len(CLOCKS), count), np.nan),
    )
    pauses = np.zeros(count)
    for number, compiled in enumerate(world.periods):
        for fault, rows in _groups(births.fault, period == number, len(compiled.faults)):
            _draw_fault(world, births, pauses, number, fault, rows)
        mine = period == number
        births.rule[mine] = compiled.rules[site[mine], births.fault[mine]]
    births.released_at = births.acknowledged_at + pauses
    _set_due(world, births)
    return births


def _groups(
    codes: IntArray, mask: npt.NDArray[np.bool_], count: int
) -> list[tuple[int, npt.NDArray[np.int64]]]:
    """Return the positions of the rows of each code, of those that a mask admits."""
    rows = np.flatnonzero(mask)
    order = rows[np.argsort(codes[rows], kind="stable")]
    edges = np.searchsorted(codes[order], np.arange(count + 1))
    return [(c, order[edges[c] : edges[c + 1]]) for c in range(count) if edges[c + 1] > edges[c]]


def _fault_types(world: World, stream: IntArray, period: IntArray, u: FloatArray) -> IntArray:
    """Draw the fault type of each failure from the mix of its device type in its period."""
    device = np.array([s.device_type for s in world.streams], dtype=np.int32)[stream]
    fault = np.zeros(len(stream), dtype=np.int32)
    for number, compiled in enumerate(world.periods):
        for kind, rows in _groups(device, period == number, len(compiled.mixes)):
            positions, shares = compiled.mixes[kind]
            fault[rows] = positions[np.minimum(np.searchsorted(shares, u[rows], "right"), len(positions) - 1)]
    return fault


def _draw_fault(
    world: World,
    births: Births,
    pauses: FloatArray,
    period: int,
    fault: int,
    rows: npt.NDArray[np.int64],
) -> None:
    """Draw triage, pause, part and first work of the failures of one fault type in one period."""
    spec = world.periods[period].faults[fault]
    keys = births.key[rows]
    births.work[rows] = quantile(spec.stages[0].work_hours, draws.uniforms(keys, "work"))
    if spec.triage_hours.expected > 0.0:
        births.acknowledged_at[rows] += quantile(spec.triage_hours, draws.uniforms(keys, "triage"))
    if spec.pause_hours is not None:
        paused = draws.uniforms(keys, "pause") < spec.pause_probability
        pauses[rows] = paused * quantile(spec.pause_hours, draws.uniforms(keys, "pause_hours"))
    if spec.part >= 0:
        needed = draws.uniforms(keys, "part") < spec.part_probability
        births.part[rows[needed]] = spec.part


def _set_due(world: World, births: Births) -> None:
    """Set when each clock is due, in its calendar, the wait for the customer added where the rule pauses."""
    city = world.places.site_city[births.site]
    for number, rule in enumerate(world.rules):
        mine = np.flatnonzero(births.rule == number)
        if not len(mine):
            continue
        places = np.unique(city[mine]) if rule.calendar else [-1]
        for place in places:
            rows = mine[city[mine] == place] if rule.calendar else mine
            _set_due_in(world, births, rule, int(place), rows)


def _set_due_in(world: World, births: Births, rule: RuleSpec, city: int, rows: npt.NDArray[np.int64]) -> None:
    clock = world.clocks[rule.calendar, city] if rule.calendar else ALWAYS_OPEN
    reported, paused_from, paused_to = (
        births.reported_at[rows],
        births.acknowledged_at[rows],
        births.released_at[rows],
    )
    for position, name in enumerate(CLOCKS):
        target = getattr(rule, name)
        if np.isnan(target):
            continue
        due = clock.add(reported, target)
        if rule.pauses:
            stood_still = np.where(due > paused_from + TOLERANCE, clock.between(paused_from, paused_to), 0.0)
            later = stood_still > 0.0
            due[later] = clock.add(reported[later], target + stood_still[later])
        births.due[position, rows] = due
