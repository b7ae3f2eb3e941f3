"""What fails because of weather and load, and what does not: reports beside those of ordinary times.

The failures of ordinary times are never drawn anew. A factor above 1 adds failures of their own to them, one
below 1 keeps some of them away, and outside the spells every row is as if there were no weather.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scenarios.disruptions import LOADS, Kind
from scenarios.links import Condition
from scenarios.weather_compiling import CONDITIONS
from scenarios.weather_specs import BatchSpec, WeatherSpec
from scenarios.world import FloatArray, IntArray, World
from sim import draws
from sim.conditions import Conditions
from sim.fault_draws import REPORTED_BY_CUSTOMERS
from sim.reports import Origin, Reports, at_sites, in_order, of_streams

KeyArray = npt.NDArray[np.uint64]
_DAY = 24.0


class _Ratios(NamedTuple):
    """Factor on failure rates in one city: [stretch][device type], each stretch within one day."""

    edges: FloatArray
    values: FloatArray

    def at(self, instants: FloatArray, device: npt.NDArray[np.integer]) -> FloatArray:
        """Return the factor at instants for device types."""
        stretch = np.searchsorted(self.edges, instants, "right") - 1
        factors: FloatArray = self.values[stretch, device]
        return factors


class _Points(NamedTuple):
    """Failures that count while the factor is above a level, by cumulated rate of their stream."""

    stream: npt.NDArray[np.int64]
    cumulated: FloatArray
    level: FloatArray
    key: KeyArray


_NO_POINTS = _Points(np.empty(0, np.int64), np.empty(0), np.empty(0), np.empty(0, np.uint64))


class _Streams(NamedTuple):
    """Streams of infinite bases, and the failures expected of a factor of 1 up to each midnight.

    Their number is `position` in the World; `cumulated` is [intensity][midnight].
    """

    position: npt.NDArray[np.int32]
    key: KeyArray
    city: IntArray
    device: IntArray
    intensity: IntArray
    factor: FloatArray
    cumulated: FloatArray

    def before(self, stream: npt.NDArray[np.int64], day: npt.NDArray[np.int64]) -> FloatArray:
        """Return the failures expected of streams before days."""
        expected: FloatArray = self.factor[stream] * self.cumulated[self.intensity[stream], day]
        return expected

    def on(self, stream: npt.NDArray[np.int64], day: npt.NDArray[np.int64]) -> FloatArray:
        """Return the failures expected of streams on days."""
        return self.before(stream, day + 1) - self.before(stream, day)


def under_conditions(
    world: World, replication: int, ordinary: Reports, conditions: Conditions
) -> list[Reports]:
    """Return the failures of ordinary times that remain, and those that weather and load add.

    Parameters
    ----------
    world
        The compiled scenario.
    replication
        Key of the replication (`draws.replication_key`).
    ordinary
        Failures of infinite installed bases.
    conditions
        Weather and disruptions of the replication.
    """
    if conditions.quiet:
        return [ordinary]
    ratios = _ratios(world, conditions)
    return [
        _thinned(world, ordinary, ratios),
        _extra(world, replication, ratios),
        *_batches(world, replication, conditions),
    ]


# Factors


def _ratios(world: World, conditions: Conditions) -> dict[int, _Ratios]:
    """Return the factor on failure rates over time, by city in which it is not always 1."""
    spec = world.weather
    assert spec is not None  # conditions are quiet without
    starts = np.array([p.start_hours for p in world.periods])
    factors = np.array([effects.factors for effects in spec.effects])
    sensitivity = np.array([effects.sensitivity for effects in spec.effects])
    found = {}
    for city in np.unique(world.places.site_city).tolist():
        spans = [(c, span) for (place, c), span in conditions.spans.items() if place == city]
        loads = [d for d in conditions.scripted if d.city == city and d.kind in LOADS]
        if not spans and not loads:
            continue
        edges = np.concatenate(
            [
                np.arange(0.0, world.horizon, _DAY),
                starts,
                *(edge for _, span in spans for edge in (span.opens, span.closes)),
                np.array([at for d in loads for at in (d.begin, d.end)]),
            ]
        )
        edges = np.unique(edges[(edges >= 0.0) & (edges < world.horizon)])
        period = world.period_at(edges)
        held = np.zeros(len(edges), dtype=np.int64)
        for condition, span in spans:
            held |= span.is_open(edges).astype(np.int64) << condition
        values = factors[period, held]
        for d in loads:
            mine = (edges >= d.begin) & (edges < d.end)
            values[mine] *= np.maximum(1.0 + sensitivity[period[mine]] * (d.load - 1.0), 0.0)
        found[city] = _Ratios(edges, values)
    return found


# Failures less and more


def _thinned(world: World, ordinary: Reports, ratios: dict[int, _Ratios]) -> Reports:
    """Return the failures that remain where the factor is below 1."""
    city = world.places.site_city[ordinary.site]
    kept = np.ones(len(ordinary), dtype=bool)
    for place, ratio in ratios.items():
        if ratio.values.min(initial=1.0) >= 1.0:
            continue
        rows = np.flatnonzero(city == place)
        chance = ratio.at(ordinary.reported_at[rows], ordinary.device[rows])
        kept[rows] = draws.uniforms(ordinary.key[rows], "thinning") < chance
    if kept.all():
        return ordinary
    return Reports(**{f.name: getattr(ordinary, f.name)[kept] for f in fields(Reports)})


def _extra(world: World, replication: int, ratios: dict[int, _Ratios]) -> Reports:
    """Return the failures that are added where the factor is above 1.

    For each stream, layer k and day there is a Poisson process of the stream's own rate, every point with a
    mark; a point counts while the factor exceeds k + 1 + mark. So a larger factor or a longer spell adds
    failures and moves none, and no day knows of another.
    """
    streams = _streams(world)
    peaks = _peaks(world, streams, ratios)
    keys = draws.stream_keys(replication, streams.key)
    found: list[_Points] = []
    layer = 0
    while peaks.max(initial=0.0) > layer + 1.0:
        stream, day = _raised(streams, peaks > layer + 1.0)
        salt = np.uint64(draws.stream_key(draws.PURPOSES["extra_gap"], layer))
        cell = draws.items_of(draws.mix_array(keys[stream] ^ salt), day)
        found += _points(streams, stream, day, cell, layer + 1.0, peaks)
        layer += 1
    points = _Points(*(np.concatenate(columns) for columns in zip(_NO_POINTS, *found, strict=True)))
    at = _instants(world, streams, points)
    ratio = np.zeros(len(at))
    city = streams.city[points.stream]
    for place, known in ratios.items():
        rows = np.flatnonzero(city == place)
        ratio[rows] = known.at(at[rows], streams.device[points.stream[rows]])
    counts = (ratio > points.level) & (at < world.horizon)
    position = streams.position[points.stream[counts]]
    numbers = _numbers(position, at[counts])
    return of_streams(world, at[counts], position, numbers, points.key[counts], Origin.WEATHER)


def _raised(
    streams: _Streams, raised: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the streams and days that [city and device type][day] admits and on which failures may come."""
    place = _place(streams)
    days = raised.sum(axis=1)
    stream = np.repeat(np.arange(len(place)), days[place])
    edges = np.append(0, np.cumsum(days))
    at = np.arange(len(stream)) + np.repeat(edges[place] - np.cumsum(days[place]) + days[place], days[place])
    day = np.nonzero(raised)[1][at]
    there = streams.on(stream, day) > 0.0
    return stream[there], day[there]


def _place(streams: _Streams) -> npt.NDArray[np.int64]:
    """Return the position of the city and the device type of each stream."""
    return (streams.city * (int(streams.device.max(initial=0)) + 1) + streams.device).astype(np.int64)


def _points(
    streams: _Streams,
    stream: npt.NDArray[np.int64],
    day: npt.NDArray[np.int64],
    cell: KeyArray,
    level: float,
    peaks: FloatArray,
) -> list[_Points]:
    """Return the points of one layer, which begins at a level, in some streams and days."""
    found: list[_Points] = []
    place = _place(streams)
    expected = streams.on(stream, day)
    gone = np.zeros(len(cell))
    number = np.zeros(1, dtype=np.int64)
    while len(cell):
        key = draws.items_of(cell, number)
        gone = gone + draws.unit_exponentials(draws.uniforms(key, "extra_gap"))
        within = gone < expected
        stream, day, cell, gone, key, expected = (a[within] for a in (stream, day, cell, gone, key, expected))
        mark = level + draws.uniforms(key, "extra_mark")
        likely = mark < peaks[place[stream], day]
        cumulated = streams.before(stream[likely], day[likely]) + gone[likely]
        found.append(_Points(stream[likely], cumulated, mark[likely], key[likely]))
        number += 1
    return found


def _peaks(world: World, streams: _Streams, ratios: dict[int, _Ratios]) -> FloatArray:
    """Return the largest factor of each day, [city and device type][day] as `_place` numbers them."""
    days = streams.cumulated.shape[1] - 1
    kinds = int(streams.device.max(initial=0)) + 1
    peaks = np.ones((len(world.names.cities), kinds, days))
    midnights = np.arange(days) * _DAY
    for city, ratio in ratios.items():
        largest = np.maximum.reduceat(ratio.values, np.searchsorted(ratio.edges, midnights), axis=0)
        peaks[city] = largest.T[:kinds]
    return peaks.reshape(-1, days)


def _streams(world: World) -> _Streams:
    """Return the streams of infinite bases with what they expect by day; found once for a World."""
    known: dict[str, _Streams] = world.derived
    if "weather_streams" not in known:
        infinite = [(i, s) for i, s in enumerate(world.streams) if not s.finite]
        edges = np.append(np.arange(0.0, world.horizon, _DAY), world.horizon)
        cumulated = np.array([np.interp(edges, n.knots, n.cumulated) for n in world.intensities])
        known["weather_streams"] = _Streams(
            position=np.array([i for i, _ in infinite], dtype=np.int32),
            key=np.array([s.key for _, s in infinite], dtype=np.uint64),
            city=world.places.site_city[[s.site for _, s in infinite]],
            device=np.array([s.device_type for _, s in infinite], dtype=np.int64),
            intensity=np.array([s.intensity for _, s in infinite], dtype=np.int64),
            factor=np.array([s.factor for _, s in infinite], dtype=np.float64),
            cumulated=cumulated.reshape(len(world.intensities), len(edges)),
        )
    return known["weather_streams"]


def _instants(world: World, streams: _Streams, points: _Points) -> FloatArray:
    """Return the instants at which streams reach cumulated rates."""
    intensity = streams.intensity[points.stream]
    cumulated = points.cumulated / streams.factor[points.stream]
    at = np.empty(len(cumulated))
    for number in np.unique(intensity).tolist():
        rows = np.flatnonzero(intensity == number)
        known = world.intensities[number]
        at[rows] = np.interp(cumulated[rows], known.cumulated, known.knots)
    return at


def _numbers(site: npt.NDArray[np.integer], at: FloatArray) -> npt.NDArray[np.int32]:
    """Return numbers that differ at a site, and that depend on nothing that happens on other days."""
    order = np.lexsort((at, site))
    day = (at // _DAY).astype(np.int64)
    cell = (site.astype(np.int64) * (int(day.max(initial=0)) + 1) + day)[order]
    begins = np.flatnonzero(np.append(True, cell[1:] != cell[:-1])[: len(cell)])
    rank = np.arange(len(cell)) - np.repeat(begins, np.diff(np.append(begins, len(cell))))
    stride = max(1000, int(rank.max(initial=0)) + 1)
    numbers = np.empty(len(at), dtype=np.int32)
    numbers[order] = day[order] * stride + rank
    return numbers


# Batches


class _Strike(NamedTuple):
    """What fails at once in a city at an instant."""

    at: float
    city: int
    key: int
    batch: BatchSpec


def _batches(world: World, replication: int, conditions: Conditions) -> list[Reports]:
    """Return the failures in batches: one report at each site that is struck."""
    spec = world.weather
    assert spec is not None  # conditions are quiet without
    parts: list[Reports] = []
    for at, city, key, batch in _strikes(world, spec, replication, conditions):
        if not 0.0 <= at < world.horizon:
            continue
        present = spec.effects[int(world.period_at(np.array([at]))[0])].present[:, batch.device]
        sites = np.flatnonzero(present & (world.places.site_city == city)).astype(np.int32)
        keys = draws.stream_keys(draws.stream_key(key, batch.key), spec.site_keys[sites])
        struck = draws.uniforms(keys, "batch") < batch.probability
        times, nothing = np.full(int(struck.sum()), at), np.zeros(int(struck.sum()), dtype=np.int32)
        parts.append(
            at_sites(
                times, sites[struck], nothing, keys[struck], Origin.BATCH, batch.fault, device=batch.device
            )
        )
    if not parts:
        return []
    reports = in_order(parts)
    return [replace(reports, index=_numbers(reports.site, reports.reported_at))]


def _strikes(world: World, spec: WeatherSpec, replication: int, conditions: Conditions) -> list[_Strike]:
    """Return every batch that anything drawn or scripted brings, the chance of each site aside."""
    found = []
    for drawn in conditions.drawn:
        if not any(effects.batches[drawn.spec.condition] for effects in spec.effects):
            continue
        period = world.period_at(drawn.begins).tolist()
        for at, key, p in zip(drawn.begins.tolist(), drawn.keys.tolist(), period, strict=True):
            batches = spec.effects[p].batches[drawn.spec.condition]
            found += [_Strike(at, drawn.spec.city, key, batch) for batch in batches]
    for one in conditions.scripted:
        batches = one.batches
        if one.kind in set(Condition):
            period = int(world.period_at(np.array([one.begin]))[0])
            batches = spec.effects[period].batches[CONDITIONS.index(Condition(one.kind))]
        key = draws.stream_key(replication, one.key)
        found += [_Strike(one.begin, one.city, key, batch) for batch in batches]
    return found


# Outages


def earliest_acknowledgement(world: World, reports: Reports, conditions: Conditions | None) -> FloatArray:
    """Return when each report can be acknowledged at the earliest: later while the ticket system is down.

    Parameters
    ----------
    world
        The compiled scenario.
    reports
        What is reported where and when; only what customers report is put off.
    conditions
        Weather and disruptions of the replication; no ticket system is ever down when absent.
    """
    outages = [] if conditions is None else [d for d in conditions.scripted if d.kind == Kind.TICKET_OUTAGE]
    if not outages:
        return reports.reported_at
    reported, earliest = reports.reported_at, reports.reported_at.copy()
    by_customers = np.isin(reports.origin, REPORTED_BY_CUSTOMERS)
    city = world.places.site_city[reports.site]
    for one in outages:
        mine = by_customers & (city == one.city) & (reported >= one.begin) & (reported < one.end)
        by_hand = np.inf if np.isnan(one.manual_hours) else reported[mine] + one.manual_hours
        earliest[mine] = np.maximum(earliest[mine], np.minimum(one.end, by_hand))
    return earliest
