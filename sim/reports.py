"""What is reported when and where, before anything else about it is drawn.

Failures of infinite installed bases come from their streams; other causes of work add reports of their own
and leave these as they are, so that switching one on or off moves no failure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from scenarios.world import Intensity, World
from sim import draws

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int32]


#: Draws that are made together.
_DRAWS_AT_ONCE = 2**16


class Origin(IntEnum):
    """What makes an order come into being."""

    FAILURE = 0
    WEATHER = 1
    BATCH = 2
    INSPECTION = 3
    FALSE_ALARM = 4
    CONDITION_BASED = 5


@dataclass(frozen=True)
class Reports:
    """Columns with one row per report.

    Parameters
    ----------
    reported_at
        Instants.
    stream
        Position of the stream of failures, -1 for what belongs to none.
    site, device
        Positions of the site and of the device type, -1 for none.
    index
        Number within what it comes from: the stream, or the site and origin.
    key
        Key of all further draws.
    origin
        Code of an `Origin`.
    fault
        Position of the fault type, -1 where it is drawn from the mix of the device type.
    """

    reported_at: FloatArray
    stream: IntArray
    site: IntArray
    device: IntArray
    index: IntArray
    key: npt.NDArray[np.uint64]
    origin: npt.NDArray[np.int8]
    fault: IntArray

    def __len__(self) -> int:
        """Return the number of reports."""
        return len(self.reported_at)


def of_streams(
    world: World,
    reported_at: FloatArray,
    stream: IntArray,
    index: IntArray,
    key: npt.NDArray[np.uint64],
    origin: Origin = Origin.FAILURE,
) -> Reports:
    """Return reports that belong to streams of failures, their fault types to be drawn."""
    count = len(reported_at)
    site, device = _places(world)
    return Reports(
        reported_at,
        stream,
        site[stream],
        device[stream],
        index,
        key,
        np.full(count, origin, dtype=np.int8),
        np.full(count, -1, dtype=np.int32),
    )


def at_sites(
    reported_at: FloatArray,
    site: IntArray,
    index: IntArray,
    key: npt.NDArray[np.uint64],
    origin: Origin,
    fault: int,
    device: int = -1,
) -> Reports:
    """Return reports of one origin and fault type that belong to sites rather than to streams."""
    count = len(reported_at)
    return Reports(
        reported_at,
        np.full(count, -1, dtype=np.int32),
        site.astype(np.int32),
        np.full(count, device, dtype=np.int32),
        index.astype(np.int32),
        key,
        np.full(count, origin, dtype=np.int8),
        np.full(count, fault, dtype=np.int32),
    )


def in_order(parts: list[Reports]) -> Reports:
    """Return the rows of several sets of reports in the order of their instants."""
    joined = {f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Reports)}
    order = np.argsort(joined["reported_at"], kind="stable")
    return Reports(**{name: values[order] for name, values in joined.items()})


def failures(world: World, replication: int) -> Reports:
    """Return all failures of the streams whose installed base is infinite.

    Parameters
    ----------
    world
        The compiled scenario.
    replication
        Key of the replication (`draws.replication_key`).
    """
    infinite = np.flatnonzero([not stream.finite for stream in world.streams])
    points = occurrences(
        world,
        np.array([s.intensity for s in world.streams], dtype=np.int64)[infinite],
        np.array([s.factor for s in world.streams], dtype=np.float64)[infinite],
        draws.stream_keys(replication, np.array([s.key for s in world.streams], dtype=np.uint64)[infinite]),
    )
    stream = infinite[points.owner].astype(np.int32)
    return of_streams(world, points.instants, stream, points.number, points.key)


def inverse(intensity: Intensity, factor: float, cumulated: FloatArray) -> FloatArray:
    """Return the instants at which a cumulated rate reaches given values; infinity beyond the horizon."""
    return _reached(intensity, cumulated / factor)


def _reached(intensity: Intensity, cumulated: FloatArray) -> FloatArray:
    instants = np.interp(cumulated, intensity.cumulated, intensity.knots)
    instants[cumulated > intensity.cumulated[-1]] = np.inf
    return instants


@dataclass(frozen=True)
class Points:
    """Points of several Poisson processes: which process, number in it from 0, instant, and key."""

    owner: IntArray
    number: IntArray
    instants: FloatArray
    key: npt.NDArray[np.uint64]


def occurrences(
    world: World,
    intensity: npt.NDArray[np.integer[Any]],
    factor: FloatArray,
    keys: npt.NDArray[np.uint64],
) -> Points:
    """Return the points within the horizon of several Poisson processes.

    Parameters
    ----------
    world
        The compiled scenario.
    intensity, factor
        Position of each one's cumulated rate, and the multiplier of it.
    keys
        Keys of their draws.
    """
    totals = np.array([i.cumulated[-1] for i in world.intensities])
    expected = factor * (totals[intensity] if len(intensity) else 0.0)
    count = (expected + 6.0 * np.sqrt(expected) + 12.0).astype(np.int64)
    nothing = np.empty(0, np.int32)
    parts = [(nothing, nothing, np.empty(0), np.empty(0, np.uint64))]
    for mine in _alike(count):
        which, number, sums, key = _cumulated(keys[mine], expected[mine], int(count[mine].max()))
        parts.append((mine[which].astype(np.int32), number, sums, key))
    owner, number, sums, key = (np.concatenate(column) for column in zip(*parts, strict=True))
    at = sums / factor[owner]
    instants = np.empty(len(at))
    kind = intensity[owner]
    for position in np.unique(intensity).tolist():
        rows = np.flatnonzero(kind == position)
        instants[rows] = _reached(world.intensities[position], at[rows])
    return Points(owner, number, instants, key)


def _alike(count: npt.NDArray[np.int64]) -> Iterator[npt.NDArray[np.int64]]:
    """Yield positions of processes that take about as many draws, no more at once than fit into the cache."""
    order = np.argsort(count, kind="stable")
    sorted_ = count[order].tolist()
    begin = 0
    while begin < len(order):
        end, most = begin + 1, sorted_[begin] + max(sorted_[begin] // 4, 8)
        while end < len(order) and sorted_[end] <= most and (end - begin) * sorted_[end] < _DRAWS_AT_ONCE:
            end += 1
        yield order[begin:end]
        begin = end


def _cumulated(
    keys: npt.NDArray[np.uint64], expected: FloatArray, count: int
) -> tuple[npt.NDArray[np.int64], IntArray, FloatArray, npt.NDArray[np.uint64]]:
    """Return the points of processes of rate 1 up to given sums: process, number, sum and key of each."""
    while True:
        items = draws.item_grid(keys, count)
        sums = np.cumsum(draws.unit_exponentials(draws.uniforms(items, "gap")), axis=1)
        if (sums[:, -1] > expected).all():
            break
        count *= 2
    within = sums <= expected[:, np.newaxis]
    owner, number = np.nonzero(within)
    return owner, number.astype(np.int32), sums[within], items[within]


def _places(world: World) -> tuple[IntArray, IntArray]:
    """Return site and device type of each stream."""
    return (
        np.array([s.site for s in world.streams], dtype=np.int32),
        np.array([s.device_type for s in world.streams], dtype=np.int32),
    )
