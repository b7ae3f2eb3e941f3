"""What alerts and suspensions change in a city while a replication runs, and how it is undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scenarios.rule_specs import OverflowSpec
from sim.entities import Order

if TYPE_CHECKING:
    from sim.model import Model


class CityLevers:
    """The levers of one replication; cities are positions.

    Parameters
    ----------
    model
        The replication.

    Attributes
    ----------
    widened, urged
        Cities whose orders are served by the wide territory at once, and those whose orders are more urgent.
    partners
        Terms of the partner to which orders of a city go, beside what the scenario says for all.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._city = model.travel.city
        self.widened: set[int] = set()
        self.urged: set[int] = set()
        self.partners: dict[int, OverflowSpec] = {}

    def widen(self, city: int) -> None:
        """Let orders of a city, waiting ones included, be served by the wide territory at once."""
        self.widened.add(city)
        for order in self._waiting(city):
            self._model.dispatching.cross(order)

    def narrow(self, city: int) -> None:
        """Take that back; orders that wait and have not waited long enough keep to their territory again."""
        self.widened.discard(city)
        crossing = self._model.period.crossing
        now = self._model.env.now

        def back(order: Order) -> None:
            order.crossed = False
            order.queue = order.queues[order.stage]

        for order in self._waiting(city):
            ripe = (
                crossing is not None
                and order.kind.severity in crossing.severities
                and order.ready_at + crossing.after_hours <= now
            )
            if order.crossed and not ripe:
                self._moved(order, back)

    def open_partner(self, city: int, terms: OverflowSpec) -> None:
        """Let orders of a city, waiting ones included, go to a partner after the wait of these terms."""
        self.partners[city] = terms
        for order in self._waiting(city):
            self._model.dispatching.limit_wait(order)

    def close_partner(self, city: int) -> None:
        """Take that back."""
        del self.partners[city]

    def urge(self, city: int) -> None:
        """Let orders of a city, waiting ones included, move up by one priority."""
        self.urged.add(city)
        self._set_urgency(city)

    def calm(self, city: int) -> None:
        """Take that back, for those that wait and for what comes."""
        self.urged.discard(city)
        self._set_urgency(city)

    def apply(self, order: Order) -> None:
        """Give an order that does not wait the priority that it has in its city now."""
        urged = self._city[order.site] in self.urged
        if order.urged != urged:
            order.priority += -1 if urged else 1
            order.urged = urged

    def _set_urgency(self, city: int) -> None:
        for order in self._waiting(city):
            self._moved(order, self.apply)

    def _moved(self, order: Order, change: Callable[[Order], None]) -> None:
        """Change an order that waits, and let it go on waiting where it then belongs."""
        waiting = self._model.waiting
        waiting.withdraw(order)
        change(order)
        waiting.push(order)
        self._model.dispatching.limit_wait(order)

    def _waiting(self, city: int) -> list[Order]:
        """Return the waiting orders of a city in the order of their waits."""
        mine = [o for o in self._model.waiting.orders() if self._city[o.site] == city]
        return sorted(mine, key=lambda o: o.ticket)
