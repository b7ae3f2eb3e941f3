"""Suspension: a centre that misses the standard month after month, and what steps in for it.

Judged at the first midnight UTC of each calendar month, from the orders reported in the month before and what
has become of them by then.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from scenarios.money_terms import SuspensionTerms
from scenarios.world import World
from sim.alerts import Raised
from sim.levers import Measures

_NAN = float("nan")
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


class Suspensions:
    """The suspensions of one replication.

    Parameters
    ----------
    world
        The compiled scenario.
    terms
        When a centre is suspended.
    measures
        What can be done.

    Attributes
    ----------
    log
        Every suspension that is over, a row for each city.
    """

    def __init__(self, world: World, terms: SuspensionTerms, measures: Measures) -> None:
        self._world = world
        self._terms = terms
        self._measures = measures
        self._misses = [0] * len(world.names.centres)
        self._up: dict[int, tuple[int, float, list[int]]] = {}
        self._month = 0
        self.log: list[Raised] = []

    def look(self, now: float, centre: IntArray, decided: BoolArray, met: BoolArray, homes: IntArray) -> None:
        """Judge the month that is over.

        Parameters
        ----------
        now
            The first instant of the next.
        centre
            Home centre of each order reported in it.
        decided, met
            Where its clock stopped or fell due by now, and where it was kept.
        homes
            Home centre of each site.
        """
        self._month += 1
        suspended = set(self._up)
        for number, (until, since, cities) in list(self._up.items()):
            if self._month >= until:
                self._end(number, since, now, cities)
        size = len(self._misses)
        due, kept = np.bincount(centre[decided], minlength=size), np.bincount(centre[met], minlength=size)
        for number in range(size):
            if number in suspended or due[number] < self._terms.least_orders:
                continue
            missed = kept[number] < self._terms.target * due[number] - 1e-9
            self._misses[number] = self._misses[number] + 1 if missed else 0
            if self._misses[number] >= self._terms.months:
                self._begin(number, now, homes)

    def _begin(self, number: int, now: float, homes: IntArray) -> None:
        sites = self._world.places.site_city[homes == number]
        cities = [int(city) for city in np.unique(sites)]
        self._misses[number] = 0
        self._up[number] = (self._month + self._terms.lasts_months, now, cities)
        for city in cities:
            self._measures.take(city, self._terms.triggers)

    def _end(self, number: int, since: float, now: float, cities: list[int]) -> None:
        del self._up[number]
        name = self._world.names.centres[number]
        for city in cities:
            self._measures.release(city, self._terms.triggers)
            self.log.append(Raised("suspension", name, city, since, now))

    def standing(self) -> list[Raised]:
        """Return the suspensions that last."""
        names = self._world.names.centres
        return [
            Raised("suspension", names[number], city, since, _NAN)
            for number, (_, since, cities) in self._up.items()
            for city in cities
        ]


def month_starts(start: date, horizon: float) -> list[float]:
    """Return the first instants, in hours, of the calendar months after that in which a scenario starts."""
    starts: list[float] = []
    first = start.replace(day=1)
    while True:
        first = (first + timedelta(days=32)).replace(day=1)
        hours = (first - start).days * 24.0
        if hours >= horizon:
            return starts
        starts.append(hours)
