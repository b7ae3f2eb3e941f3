"""The streams of failures of a World: one per site and device type, with its cumulated rate."""

from __future__ import annotations

from scenarios.intensities import YEAR_HOURS, cumulate
from scenarios.keys import name_key
from scenarios.loading import Period
from scenarios.work import Profile
from scenarios.world import Intensity, Names, Stream

_Pieces = list[tuple[float, float, Profile | None]]


def compile_streams(
    periods: list[Period], names: Names, horizon: float
) -> tuple[tuple[Intensity, ...], tuple[Stream, ...]]:
    """Return the distinct cumulated rates, and the streams that refer to them.

    Streams whose rates are proportional share one cumulated rate, so a year of hours is held once per time
    zone and profile rather than once per site.
    """
    intensities: list[Intensity] = []
    known: dict[tuple[object, ...], int] = {}
    streams: list[Stream] = []
    first = periods[0].scenario
    for i, site in enumerate(names.sites):
        zone = next(
            p.scenario.cities[p.scenario.sites[site].city].time_zone
            for p in periods
            if site in p.scenario.sites
        )
        for j, device in enumerate(names.device_types):
            pieces, devices, finite = _pieces(periods, site, device)
            factor = max(rate for _, rate, _ in pieces)
            if factor <= 0.0:
                continue
            shape = [(begin, rate / factor, profile) for begin, rate, profile in pieces]
            key = (zone, *((b, r, p.model_dump_json() if p else "") for b, r, p in shape))
            if key not in known:
                known[key] = len(intensities)
                intensities.append(cumulate(shape, zone, first.start, horizon))
            streams.append(
                Stream(i, j, name_key("failures", site, device), known[key], factor, devices, finite)
            )
    return tuple(intensities), tuple(streams)


def _pieces(periods: list[Period], site: str, device: str) -> tuple[_Pieces, int, bool]:
    """Return the rate of a stream in each period, its devices when it begins, and whether it is finite."""
    pieces: _Pieces = []
    devices, finite = 0, False
    for period in periods:
        s = period.scenario
        count = s.sites[site].devices.get(device, 0) if site in s.sites else 0
        kind = s.device_types.get(device)
        if kind is None or count == 0:
            pieces.append((period.start_hours, 0.0, None))
            continue
        finite = kind.population == "finite"
        devices = devices or count  # a site that opens later brings its own
        rate = kind.failures_per_year / YEAR_HOURS * (1 if finite else count)
        pieces.append((period.start_hours, rate, s.profiles[kind.profile] if kind.profile else None))
    return pieces, devices, finite
