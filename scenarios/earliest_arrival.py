"""Earliest arrivals from one city over links that operate in daily windows: exact in the time of departure.

Where nothing jumps, an arrival is max(departure + lead, held): so many hours after leaving, but not before
what had to open. One search finds these two numbers for every city and how long they hold; a few searches
cover an hour of departures to the last second. What closes or slows a link is decided in `network`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

#: Hours (3.6 microseconds) after an instant at which what holds from that instant on is asked for, so that
#: a window that closes there is closed, and rounding does not decide.
EPSILON = 1e-9

#: Opening and closing in hours UTC, sorted, over yesterday, today and tomorrow; empty: always open.
Windows = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Hop:
    """One direction of a link, as it is in one weather.

    Parameters
    ----------
    leg
        Position of the leg in the network.
    to
        City where it ends.
    before
        Hours from the city to the beginning of the ride.
    after
        Hours from the beginning of the ride into the city where it ends.
    cost
        Fare of one trip.
    windows
        When the ride may begin.
    """

    leg: int
    to: int
    before: float
    after: float
    cost: float
    windows: Windows


@dataclass(frozen=True, slots=True)
class Reach:
    """How soon every city is reached from one, for departures from some instant until another.

    Instants are hours since a midnight UTC. The arrival at a city is max(departure + lead, held).

    Parameters
    ----------
    until
        First departure for which it no longer holds.
    lead
        Hours on the way when nothing has to open; infinite where no way leads.
    held
        Earliest arrival because something has to open, -infinity if nothing has.
    cost
        Fares along the way.
    last
        Position of the last leg of the way, -1 in the city itself and where no way leads.
    legs
        Number of legs.
    """

    until: float
    lead: tuple[float, ...]
    held: tuple[float, ...]
    cost: tuple[float, ...]
    last: tuple[int, ...]
    legs: tuple[int, ...]


def daily_windows(local: Sequence[tuple[float, float]], offset: float) -> Windows:
    """Lay daily windows of local time out in hours UTC.

    Parameters
    ----------
    local
        Opening and closing in hours of the local day; none for always.
    offset
        Hours by which the local clock is ahead of UTC.
    """
    today = [((begin - offset) % 24.0, end - begin) for begin, end in local]
    return tuple(
        sorted((begin + day, begin + day + length) for begin, length in today for day in (-24, 0, 24))
    )


def opening(windows: Windows, t: float) -> tuple[float, float]:
    """Return opening and closing of the window that is open at an instant, or of the next one."""
    if not windows:
        return -math.inf, math.inf
    midnight = t // 24.0 * 24.0
    since = t - midnight
    for opens, closes in windows:
        if since < closes:
            return midnight + opens, midnight + closes
    raise ValueError("windows must be laid out over three days")


def reaches(hops: Sequence[Sequence[Hop]], origin: int, begin: float, end: float) -> tuple[Reach, ...]:
    """Return how soon every city is reached from one, for all departures from `begin` to before `end`.

    Parameters
    ----------
    hops
        Hops that leave each city.
    origin
        City to leave.
    begin, end
        Departures, in hours since a midnight UTC.

    Returns
    -------
    tuple
        In order of time, each valid until the next; the last at least until `end`.

    References
    ----------
    Dijkstra's method is right for departure times if nobody arrives earlier by leaving later: Kaufman and
    Smith, 1993, "Fastest paths in time-dependent networks for intelligent vehicle-highway systems
    application", IVHS Journal 1(1), 1-11.
    """
    found = [_reach(hops, origin, begin)]
    while found[-1].until < end:
        begin = max(found[-1].until, begin + EPSILON)
        found.append(_reach(hops, origin, begin))
    return tuple(found)


def _reach(hops: Sequence[Sequence[Hop]], origin: int, begin: float) -> Reach:
    """Search from one city at one departure, and find until when the ways that were found stay the best."""
    now = begin + EPSILON
    unknown = (math.inf, math.inf, math.inf)
    # Of equal arrivals the shorter way wins, because it is the better one a moment later; then the cheaper.
    best = [unknown] * len(hops)
    held, last, legs = [-math.inf] * len(hops), [-1] * len(hops), [0] * len(hops)
    settled = [False] * len(hops)
    tried: list[tuple[int, int, float, float, float]] = []
    best[origin] = (now, 0.0, 0.0)
    heap = [(best[origin], origin)]
    while heap:
        (arrival, lead, cost), city = heappop(heap)
        if settled[city]:
            continue
        settled[city] = True
        for hop in hops[city]:
            to, before, after = hop.to, hop.before, hop.after
            opens, closes = opening(hop.windows, arrival + before)
            hold = (opens if opens > arrival + before else held[city] + before) + after
            way = lead + before + after
            tried.append((to, hop.leg, way, hold, closes - lead - before))
            label = (max(now + way, hold), way, cost + hop.cost)
            if not settled[to] and label < best[to]:
                best[to] = label
                held[to], last[to], legs[to] = hold, hop.leg, legs[city] + 1
                heappush(heap, (label, to))
    leads = tuple(label[1] for label in best)
    until = _valid_until(tried, leads, held, last)
    return Reach(until, leads, tuple(held), tuple(label[2] for label in best), tuple(last), tuple(legs))


def _valid_until(
    tried: Sequence[tuple[int, int, float, float, float]],
    leads: Sequence[float],
    held: Sequence[float],
    last: Sequence[int],
) -> float:
    """Return the first departure at which a link on a best way has closed, or another way overtakes it."""
    until = math.inf
    for city, leg, way, hold, shut in tried:
        if last[city] == leg:
            until = min(until, shut)
        elif way < leads[city]:
            # The other way has to wait for an opening: it is as early from the moment on at which leaving
            # later costs the best way more than that wait.
            until = min(until, max(hold, held[city]) - leads[city])
    return until
