"""Alerts: what is looked at day by day, when it counts as wrong, and what is done until it is right again.

They see what has happened by then and nothing else. Backlog and satisfaction are looked at at midnight UTC,
which is morning in the cities, complaints once a week then, and an outage of the ticket system when it has
lasted for as long as the alert says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

import numpy as np

from scenarios.money_terms import AlertTerms
from scenarios.world import World
from sim.knowledge import Complaint, Day
from sim.levers import Measures

_NAN = float("nan")
_HOURS_A_DAY = 24.0
#: Complaints of the last week are held against those of the four weeks before.
_RECENT_DAYS, _BEFORE_DAYS = 7.0, 28.0


class Raised(NamedTuple):
    """A time during which an alert was up, or a centre suspended, in one city; no end while it lasts."""

    kind: str
    name: str
    city: int
    started_at: float
    ended_at: float


class Outage(NamedTuple):
    """A time during which the ticket system is down in a city, everywhere where that is -1."""

    city: int
    begin: float
    end: float


@dataclass
class _State:
    """How an alert stands in one area: days in a row, and as which alert it was raised where, if it is up."""

    bad: int = 0
    good: int = 0
    since: float = _NAN
    alert: AlertTerms | None = None
    cities: tuple[int, ...] = ()

    @property
    def up(self) -> bool:
        return self.alert is not None

    def rows(self, until: float) -> list[Raised]:
        """Return what the log tells of an alert that is up, a row for each city."""
        assert self.alert is not None  # it is up
        kind = f"alert_{self.alert.level}"
        return [Raised(kind, self.alert.name, city, self.since, until) for city in self.cities]


class _Complaints:
    """Complaints that are still of interest, made or to come."""

    def __init__(self) -> None:
        self._known: list[Complaint] = []

    def add(self, now: float, new: Sequence[Complaint]) -> None:
        """Take in new ones, and forget old ones."""
        oldest = now - (_RECENT_DAYS + _BEFORE_DAYS) * _HOURS_A_DAY
        self._known = [complaint for complaint in self._known if complaint.at > oldest] + [*new]

    def rise(self, now: float, cities: Collection[int], least: int) -> float:
        """Return the largest rise of any fault type's complaints a day, 0 where there are too few."""
        recent: Counter[int] = Counter()
        before: Counter[int] = Counter()
        for at, city, fault in self._known:
            if at <= now and city in cities:
                (recent if at > now - _RECENT_DAYS * _HOURS_A_DAY else before)[fault] += 1
        a_week = _RECENT_DAYS / _BEFORE_DAYS
        return max(
            (
                number / (before[fault] * a_week) - 1.0 if before[fault] else inf
                for fault, number in recent.items()
                if number >= least
            ),
            default=0.0,
        )


class Alerts:
    """The alerts of one replication.

    Parameters
    ----------
    world
        The compiled scenario.
    measures
        What they can do.
    outages
        When the ticket system is down.

    Attributes
    ----------
    log
        Every time that an alert was up and is over.
    """

    def __init__(self, world: World, measures: Measures, outages: Sequence[Outage] = ()) -> None:
        self._measures = measures
        self._outages = outages
        self._complaints = _Complaints()
        self._states: dict[tuple[str, int], _State] = {}
        self._terms: tuple[AlertTerms, ...] = ()
        self._areas = areas_of(world)
        self.log: list[Raised] = []

    def follow(self, terms: tuple[AlertTerms, ...], now: float) -> None:
        """Put the alerts of a period into force; those that there are no more are over."""
        kept = {alert.name for alert in terms}
        for (name, _), state in self._states.items():
            if name not in kept and state.up:
                self._clear(state, now)
        self._terms = terms

    def look(self, day: Day) -> None:
        """Judge what a day has brought."""
        for alert in self._terms:
            areas = self._areas[alert.scope]
            if alert.kind == "backlog":
                for area, cities in enumerate(areas):
                    self._judge(alert, area, sum(day.open_orders[city] for city in cities), day.now)
            elif alert.kind == "csat":
                for area, figure in enumerate(_means(areas, day.closed)):
                    self._judge(alert, area, figure, day.now)

    def look_at_complaints(self, now: float, new: Sequence[Complaint]) -> None:
        """Judge what customers complain about.

        Parameters
        ----------
        now
            The instant, a week after the last look.
        new
            Complaints, made or to come, about orders closed since then.
        """
        self._complaints.add(now, new)
        for alert in self._terms:
            if alert.kind == "complaints":
                for area, cities in enumerate(self._areas[alert.scope]):
                    self._judge(alert, area, self._complaints.rise(now, cities, alert.least), now)

    def look_at_outages(self, now: float) -> None:
        """Judge for how long the ticket system has been down."""
        for alert in self._terms:
            if alert.kind != "outage":
                continue
            for area, cities in enumerate(self._areas[alert.scope]):
                down = [
                    now - o.begin for o in self._outages if o.begin <= now < o.end and _strikes(o, cities)
                ]
                self._judge(alert, area, max(down, default=-1.0), now)

    def standing(self) -> list[Raised]:
        """Return the alerts that are up."""
        return [row for state in self._states.values() if state.up for row in state.rows(_NAN)]

    def _judge(self, alert: AlertTerms, area: int, figure: float, now: float) -> None:
        """Raise or clear an alert; a day without a figure neither counts nor breaks a row of days."""
        if figure != figure:
            return
        state = self._states.setdefault((alert.name, area), _State())
        bad, good = _verdict(alert, figure)
        state.bad = state.bad + 1 if bad else 0
        state.good = state.good + 1 if good else 0
        if not state.up and state.bad >= alert.days:
            state.since, state.alert = now, alert
            state.cities = self._areas[alert.scope][area]
            for city in state.cities:
                self._measures.take(city, alert.triggers)
        elif state.up and state.good >= alert.clear_days:
            self._clear(state, now)

    def _clear(self, state: _State, now: float) -> None:
        assert state.alert is not None  # it is up
        self.log += state.rows(now)
        for city in state.cities:
            self._measures.release(city, state.alert.triggers)
        state.bad = state.good = 0
        state.alert = None


def areas_of(world: World) -> dict[str, list[tuple[int, ...]]]:
    """Return, by scope, the cities with sites of each area."""
    places = world.places
    cities = np.unique(places.site_city)
    country = places.city_country[cities]
    return {
        "city": [(int(city),) for city in cities],
        "country": [tuple(cities[country == c].tolist()) for c in np.unique(country)],
        "network": [tuple(cities.tolist())],
    }


def _means(areas: Sequence[tuple[int, ...]], closed: Sequence[tuple[int, float]]) -> list[float]:
    """Return the mean satisfaction in each area, NaN where nobody was asked."""
    area_of = {city: area for area, cities in enumerate(areas) for city in cities}
    total, number = [0.0] * len(areas), [0] * len(areas)
    for city, points in closed:
        area = area_of[city]
        total[area] += points
        number[area] += 1
    return [t / n if n else _NAN for t, n in zip(total, number, strict=True)]


def outage_checks(world: World, outages: Sequence[Outage]) -> list[float]:
    """Return the instants at which an outage may raise or clear an alert."""
    alerts = [alert for p in world.periods for alert in p.alerts if alert.kind == "outage"]
    if not alerts:
        return []
    raised = [o.begin + a.threshold for o in outages for a in alerts if o.begin + a.threshold < o.end]
    return sorted({*raised, *(o.end for o in outages)})


def _strikes(outage: Outage, cities: Collection[int]) -> bool:
    return outage.city < 0 or outage.city in cities


def _verdict(alert: AlertTerms, figure: float) -> tuple[bool, bool]:
    """Return whether a figure is wrong, and whether it is right enough to clear the alert."""
    if alert.kind == "outage":
        return figure >= alert.threshold - 1e-9, figure < 0.0
    if alert.kind == "csat":
        return figure < alert.threshold, figure >= alert.clear_at
    return figure > alert.threshold, figure <= alert.clear_at
