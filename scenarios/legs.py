"""What a network of cities is made of: legs with their hours and quality, and what a weather makes of them.

The sections that a scenario writes are in `links`; ways over several legs are found in `earliest_arrival`.
"""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.earliest_arrival import Hop, daily_windows

#: Weather that matters to some link, as (city, condition).
Weather = frozenset[tuple[int, str]]
FAIR: Weather = frozenset()


@dataclass(frozen=True)
class Letters:
    """Quality letter of each figure of a link: A, B, C, D, R or assumption."""

    access: str
    wait: str
    ride: str
    border: str
    egress: str
    cost: str


@dataclass(frozen=True)
class LegSpec:
    """One direction of a link, in fair weather.

    Parameters
    ----------
    link, mode
        Name of the link; road, ferry or air.
    start, to
        Positions of the cities.
    access, wait, ride, border, egress
        Hours.
    cost
        Fare of one person for one trip, in the scenario's currency.
    windows
        Opening and closing in hours of the local day at `start`; empty for always.
    closed_by, slowed_by
        Weather that closes it, and factor on the ride by weather.
    letters
        Quality of the figures.
    """

    link: str
    mode: str
    start: int
    to: int
    access: float
    wait: float
    ride: float
    border: float
    egress: float
    cost: float
    windows: tuple[tuple[float, float], ...]
    closed_by: frozenset[str]
    slowed_by: tuple[tuple[str, float], ...]
    letters: Letters


@dataclass(frozen=True)
class InsideSpec:
    """Hours for a kilometre as the crow flies inside a city, by hour of the local day; factor by weather."""

    pace: tuple[float, ...]
    slowed_by: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Leg:
    """One leg of a trip: instants in hours since the scenario's start, and where its hours go.

    Parameters
    ----------
    link, mode, start, to
        Name of the link, its mode, and names of the cities.
    depart, arrive
        When it leaves the one city and is in the other.
    access_hours, wait_hours, shut_hours, ride_hours, border_hours, egress_hours
        To the terminal; the usual wait there; until the link operates again; the ride as this weather has it;
        at the border; from the terminal into the city.
    cost
        Fare of one person.
    letters
        Quality of the figures.
    """

    link: str
    mode: str
    start: str
    to: str
    depart: float
    arrive: float
    access_hours: float
    wait_hours: float
    shut_hours: float
    ride_hours: float
    border_hours: float
    egress_hours: float
    cost: float
    letters: Letters

    @property
    def quality(self) -> str:
        """Return the quality letter of the ride."""
        return self.letters.ride


def open_hops(
    legs: tuple[LegSpec, ...], offsets: tuple[float, ...], weather: Weather
) -> tuple[tuple[Hop, ...], ...]:
    """Return the legs that are open, by city that they leave."""
    leaving: list[list[Hop]] = [[] for _ in offsets]
    for position, leg in enumerate(legs):
        if any((end, condition) in weather for end in (leg.start, leg.to) for condition in leg.closed_by):
            continue
        ride = leg.ride * slowing(leg, weather)
        windows = daily_windows(leg.windows, offsets[leg.start])
        before, after = leg.access + leg.wait, ride + leg.border + leg.egress
        leaving[leg.start].append(Hop(position, leg.to, before, after, leg.cost, windows))
    return tuple(tuple(hops) for hops in leaving)


def slowing(leg: LegSpec, weather: Weather) -> float:
    """Return the factor of the worst weather at either end."""
    ends = (leg.start, leg.to)
    return max((f for c, f in leg.slowed_by if any((end, c) in weather for end in ends)), default=1.0)
