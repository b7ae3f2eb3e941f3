"""The dispatch policy `optimized`: every decision is the first step of a plan for all that waits nearby.

When an order becomes ready or an engineer free, the search plans the orders that wait and the engineers who
are free or soon will be, by what is expected of them; whoever is free goes to the first stop of his route.
What the plan leaves to somebody who is not free yet waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from optimize.in_loop.columns import Prices, columns_of
from optimize.in_loop.scheduling import prices_of
from optimize.in_loop.solving import solve
from scenarios.scheduling import SchedulingPolicy
from sim.entities import Engineer, Order
from sim.policies import NearestQualified, Situation

#: Iterations of a plan for two orders or more, at most; and what bounds them by what each takes, which grows
#: with the square of the orders and with the engineers.
_ITERATIONS, _EFFORT = 200, 25_000


class Optimized(NearestQualified):
    """Plans by ruin and recreate, a number of iterations at each decision.

    Crews, calls off duty and parts in vans are given out as by `nearest_qualified`.

    Parameters
    ----------
    prices
        What counts.
    """

    def __init__(self, prices: Prices | None = None) -> None:
        self._prices = prices or Prices()

    @classmethod
    def following(cls, scheduling: SchedulingPolicy) -> Optimized:
        """Return the policy that plans by the objectives of a scenario's scheduling policy."""
        return cls(prices_of(scheduling))

    def assign(self, situation: Situation) -> Iterable[tuple[Order, Engineer]]:
        """Return who goes where now, by a plan for all."""
        people, waiters = situation.people, situation.waiters
        if not waiters or not any(p.is_free for p in people):
            return []
        values = columns_of(situation, self._prices)
        count = len(waiters)
        # One order is put where it costs least at once.
        iterations = 0 if count == 1 else min(_ITERATIONS, _EFFORT // (count * (count + len(people))))
        key, number = situation.numbers
        found = solve(values, key, number, iterations)
        pairs, sent = [], set[int]()
        for k, (person, first) in enumerate(zip(people, found.first, strict=True)):
            if first >= 0 and person.is_free:
                sent.add(k)
                pairs.append((waiters[first].order, person.engineer))
        return [*pairs, *_beside(situation, found.left_out, sent, values)]


def _beside(
    situation: Situation, left_out: list[int], sent: set[int], values: dict[str, Any]
) -> Iterator[tuple[Order, Engineer]]:
    """Yield who goes to what the plan leaves out, the shortest ways first, of those who have nothing else."""
    ways = sorted(
        (values["travel"][0][values["first"][k], values["place"][row]], row, k)
        for row in left_out
        for k, person in enumerate(situation.people)
        if person.is_free and situation.waiters[row].serving >> person.engineer.category & 1
    )
    taken, given = set(sent), set[int]()
    for _, row, k in ways:
        if row not in given and k not in taken:
            given.add(row)
            taken.add(k)
            yield situation.waiters[row].order, situation.people[k].engineer
