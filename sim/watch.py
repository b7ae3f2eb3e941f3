"""Who looks at a run while it goes on: one process that wakes alerts and suspensions.

It wakes once a day at midnight UTC, and when an outage has lasted for as long as an alert says; complaints
are looked at once a week. Without alerts and suspensions there is no such process at all.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from insight.tables import Categories, Column, Table
from scenarios.disruptions import Kind
from scenarios.world import World
from sim.alerts import Alerts, Outage, Raised, outage_checks
from sim.conditions import Conditions
from sim.knowledge import Knowledge
from sim.levers import Levers, Measures
from sim.suspensions import Suspensions, month_starts

if TYPE_CHECKING:
    from sim.model import Model

#: Kinds of rows that alerts and suspensions add to the table of disruptions.
KINDS = ("alert_blue", "alert_yellow", "alert_red", "suspension")
_WEEK = 7 * 24.0


class Watch:
    """Alerts and suspensions of one replication.

    Parameters
    ----------
    model
        The replication.
    levers
        What can be changed while it runs.
    outages
        When the ticket system is down.
    """

    def __init__(
        self,
        model: Model,
        levers: Levers,
        outages: Sequence[Outage] = (),
    ) -> None:
        world = model.world
        measures = Measures(levers)
        self._model = model
        self._kinds = {alert.kind for p in world.periods for alert in p.alerts}
        self._knowledge = Knowledge(model, asks="csat" in self._kinds)
        self._alerts = Alerts(world, measures, outages)
        terms = world.suspension
        self._suspensions = None if terms is None else Suspensions(world, terms, measures)
        self._months = [] if terms is None else month_starts(world.start, world.horizon)
        self._outage_checks = outage_checks(world, outages)

    def events(self) -> Generator[simpy.Event, Any, None]:
        """Look whenever there may be something to see."""
        world, env = self._model.world, self._model.env
        changes = {p.start_hours: p.alerts for p in world.periods}
        months = dict(zip(self._months, [0.0, *self._months], strict=False))
        daily = set(self._days())
        self._alerts.follow(world.periods[0].alerts, 0.0)
        for instant in sorted({*daily, *months, *self._outage_checks, *changes} - {0.0}):
            if instant >= world.horizon:
                return
            yield env.timeout(instant - env.now)
            if instant in changes:
                self._alerts.follow(changes[instant], instant)
            if instant in daily:
                self._alerts.look(self._knowledge.look(instant))
                if "complaints" in self._kinds and instant % _WEEK == 0.0:
                    self._alerts.look_at_complaints(instant, self._knowledge.complaints(instant))
            self._alerts.look_at_outages(instant)
            if instant in months:
                self._judge_month(months[instant], instant)

    def forget(self) -> None:
        """Let go of what is known of orders; nothing is looked at any more."""
        self._knowledge.forget()

    def _days(self) -> Iterator[float]:
        """Yield the midnights at which something but an outage is looked at."""
        world = self._model.world
        if self._kinds - {"outage"}:
            yield from (24.0 * day for day in range(1, int(np.ceil(world.horizon / 24.0))))

    def _judge_month(self, begin: float, now: float) -> None:
        suspensions, terms = self._suspensions, self._model.world.suspension
        if suspensions is not None and terms is not None:
            kept = self._knowledge.kept(begin, now, now, terms.clock)
            suspensions.look(now, *kept, self._model.period.homes)

    @property
    def log(self) -> list[Raised]:
        """Return every alert and suspension, one row for each city, in the order of their beginnings."""
        rows = self._alerts.log + self._alerts.standing()
        if self._suspensions is not None:
            rows += self._suspensions.log + self._suspensions.standing()
        return sorted(rows, key=lambda raised: (raised.started_at, raised.kind, raised.name, raised.city))


def ticket_outages(conditions: Conditions) -> list[Outage]:
    """Return when the ticket system is down in a replication, by city."""
    return [Outage(o.city, o.begin, o.end) for o in conditions.scripted if o.kind == Kind.TICKET_OUTAGE]


def is_watched(world: World) -> bool:
    """Return whether a scenario has anything to look at while it runs."""
    return world.suspension is not None or any(p.alerts for p in world.periods)


def with_alerts(disruptions: Table, world: World, log: Sequence[Raised]) -> dict[str, Column]:
    """Return the table of disruptions with the alerts and suspensions of a replication.

    Parameters
    ----------
    disruptions
        The table without them, without `replication`.
    world
        The compiled scenario; where it has nothing to look at, the table stays as it is.
    log
        What `Watch.log` tells.
    """
    table = dict(disruptions)
    if not is_watched(world):
        return table
    kind, city = table["kind"], table["city"]
    assert isinstance(kind, Categories) and isinstance(city, Categories)
    labels, cities = (*kind.labels, *KINDS), world.names.cities
    kinds = np.array([labels.index(raised.kind) for raised in log], dtype=np.int32)
    places = np.array([raised.city for raised in log], dtype=np.int32)
    started = np.concatenate([table["started_at"], [raised.started_at for raised in log]])
    order = np.argsort(started, kind="stable")
    ended = np.concatenate([table["ended_at"], [raised.ended_at for raised in log]])
    ids = np.concatenate([table["id"], np.array([raised.name for raised in log], dtype=object)])
    return {
        **table,
        "id": ids[order],
        "kind": Categories(np.concatenate([kind.codes, kinds])[order], labels),
        "city": Categories(np.concatenate([city.codes, places])[order], cities),
        "started_at": started[order],
        "ended_at": ended[order],
    }
