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
    ticks
        (instant, engineers whose shift ends, engineers whose shift starts), in order, after hour 0.
    predecessor
        The engineer who was the same person before his terms changed, where there is one.
    """

    def __init__(self, world: World) -> None:
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
        self._first, self.ticks = self._changes(world)

    def _link(self) -> None:
        """Find the spells that belong to the same person."""
        latest: dict[str, Engineer] = {}
        for engineer in self.engineers:
            before = latest.get(engineer.name)
            if before is not None:
                before.successor = engineer
                self.predecessor[engineer] = before
            latest[engineer.name] = engineer

    def _changes(
        self, world: World
    ) -> tuple[list[Engineer], list[tuple[float, list[Engineer], list[Engineer]]]]:
        """Return who is on duty at hour 0, and the changes after it."""
        first: list[Engineer] = []
        ticks: dict[float, tuple[list[Engineer], list[Engineer]]] = {}
        for engineer, spec in zip(self.engineers, world.engineers, strict=True):
            for opens, closes in zip(spec.shift.opens.tolist(), spec.shift.closes.tolist(), strict=True):
                if closes <= 0.0 or opens >= world.horizon:
                    continue
                if opens <= 0.0:
                    first.append(engineer)
                else:
                    ticks.setdefault(opens, ([], []))[1].append(engineer)
                if closes < world.horizon:
                    ticks.setdefault(closes, ([], []))[0].append(engineer)
        return first, [(instant, *ticks[instant]) for instant in sorted(ticks)]

    def start(self) -> list[Engineer]:
        """Return the engineers on duty at hour 0, their shifts begun."""
        for engineer in self._first:
            engineer.on_shift = True
        return self._first

    def on_duty(self, categories: int) -> Iterator[Engineer]:
        """Yield the engineers on duty of the categories in a bit mask."""
        while categories:
            low = categories & -categories
            categories ^= low
            for engineer in self._by_category[low.bit_length() - 1]:
                if engineer.on_shift:
                    yield engineer
