"""Who is on duty when: engineers, the instants at which shifts change, and who takes whose place."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.world import World
from sim.entities import Engineer


def changes_of_terms(world: World) -> list[tuple[int, int]]:
    """Return pairs of positions that are one person on former and on later terms, in the order of time."""
    opens = [e.shift.opens for e in world.engineers]
    on_duty = sorted((i for i, first in enumerate(opens) if len(first)), key=lambda i: float(opens[i][0]))
    latest: dict[str, int] = {}
    pairs = []
    for position in on_duty:
        name = world.engineers[position].name
        if name in latest:
            pairs.append((latest[name], position))
        latest[name] = position
    return pairs


class Roster:
    """The engineers of one replication.

    Attributes
    ----------
    engineers
        By position in the World.
    predecessor
        The engineer who was the same person before his terms changed, where there is one.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        sites = len(world.names.sites)
        self.engineers = [
            Engineer(
                i,
                spec.name,
                spec.category,
                sum(rank + 1 for _, rank in world.categories[spec.category].skills),
                sites + spec.centre,
            )
            for i, spec in enumerate(world.engineers)
        ]
        self._by_category: list[list[Engineer]] = [[] for _ in world.categories]
        for engineer in self.engineers:
            self._by_category[engineer.category].append(engineer)
        self.predecessor: dict[Engineer, Engineer] = {}
        self._link()

    def _link(self) -> None:
        """Join the spells of each person."""
        for former, later in changes_of_terms(self._world):
            self.engineers[former].successor = self.engineers[later]
            self.predecessor[self.engineers[later]] = self.engineers[former]

    def changes(self) -> Iterator[tuple[float, list[Engineer], list[Engineer]]]:
        """Yield (instant, engineers whose shift ends, engineers whose shift starts), in order of time."""
        people = self.engineers
        for instant, ending, starting in self._world.shift_changes:
            yield instant, [people[i] for i in ending], [people[i] for i in starting]

    def on_duty(self, categories: int) -> Iterator[Engineer]:
        """Yield the engineers on duty of the categories in a bit mask."""
        while categories:
            low = categories & -categories
            categories ^= low
            for engineer in self._by_category[low.bit_length() - 1]:
                if engineer.on_shift:
                    yield engineer

    def works_on(self, engineer: Engineer) -> bool:
        """Return whether the person is still busy with work begun before his terms changed."""
        before = self.predecessor.get(engineer)
        while before is not None:
            if before.order is not None or before.returning:
                return True
            before = self.predecessor.get(before)
        return False
