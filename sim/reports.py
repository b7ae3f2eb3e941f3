"""What is reported when and where, before anything else about it is drawn.

Failures of infinite installed bases come from their streams; other causes of work add reports of their own
and leave these as they are, so that switching one on or off moves no failure.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from scenarios.world import Intensity, World
from sim import draws

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int32]


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
    times: list[FloatArray] = [np.empty(0)]
    keys: list[npt.NDArray[np.uint64]] = [np.empty(0, np.uint64)]
    streams, indices = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    for number, stream in enumerate(world.streams):
        if stream.finite:
            continue
        key = draws.stream_key(replication, stream.key)
        instants, item = occurrences(world.intensities[stream.intensity], stream.factor, key)
        times.append(instants)
        keys.append(item)
        indices.append(np.arange(len(instants), dtype=np.int32))
        streams.append(np.full(len(instants), number, dtype=np.int32))
    return of_streams(
        world,
        np.concatenate(times),
        np.concatenate(streams),
        np.concatenate(indices),
        np.concatenate(keys),
    )


def inverse(intensity: Intensity, factor: float, cumulated: FloatArray) -> FloatArray:
    """Return the instants at which a cumulated rate reaches given values; infinity beyond the horizon."""
    scaled = cumulated / factor
    instants = np.interp(scaled, intensity.cumulated, intensity.knots)
    late: FloatArray = np.where(scaled > intensity.cumulated[-1], np.inf, instants)
    return late


def occurrences(intensity: Intensity, factor: float, key: int) -> tuple[FloatArray, npt.NDArray[np.uint64]]:
    """Return the instants within the horizon of a Poisson process, and their keys.

    Parameters
    ----------
    intensity, factor
        Its cumulated rate, and the multiplier of it.
    key
        Key of its draws.
    """
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


def _places(world: World) -> tuple[IntArray, IntArray]:
    """Return site and device type of each stream."""
    return (
        np.array([s.site for s in world.streams], dtype=np.int32),
        np.array([s.device_type for s in world.streams], dtype=np.int32),
    )
