"""Who is on duty when: engineers, the instants at which shifts change, and who takes whose place."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.world import World
from sim.entities import Engineer


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
        """Find the spells that belong to the same person."""
        latest: dict[str, Engineer] = {}
        for engineer in self.engineers:
            before = latest.get(engineer.name)
            if before is not None:
                before.successor = engineer
                self.predecessor[engineer] = before
            latest[engineer.name] = engineer

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
