"""Who is on duty when: engineers, the instants at which shifts change, and who takes whose place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from scenarios.world import World
from sim.duty import Duty, duty_as_rostered
from sim.entities import Engineer


class Changes(NamedTuple):
    """What changes at one instant.

    Attributes
    ----------
    instant
        In hours.
    off, on
        Whose duty ends and whose begins.
    until
        When the duty of each in `on` ends.
    call_off, call_on
        Who is no longer on call and who is from now on.
    """

    instant: float
    off: list[Engineer]
    on: list[Engineer]
    until: list[float]
    call_off: list[Engineer]
    call_on: list[Engineer]


def first_there(world: World, engineer: int) -> float:
    """Return when an engineer is first on duty or on call on his terms, infinity if he never is."""
    spec = world.engineers[engineer]
    hours = [spec.shift] if spec.on_call is None else [spec.shift, spec.on_call.hours]
    return min((float(h.opens[0]) for h in hours if len(h.opens)), default=float("inf"))


def changes_of_terms(world: World) -> list[tuple[int, int]]:
    """Return pairs of positions that are one person on former and on later terms, in the order of time."""
    first = [first_there(world, i) for i in range(len(world.engineers))]
    there = sorted((i for i, at in enumerate(first) if at < float("inf")), key=first.__getitem__)
    latest: dict[str, int] = {}
    pairs = []
    for position in there:
        name = world.engineers[position].name
        if name in latest:
            pairs.append((latest[name], position))
        latest[name] = position
    return pairs


class Roster:
    """The engineers of one replication.

    Parameters
    ----------
    world
        The compiled scenario.
    duty
        When they are on duty; as rostered, with nobody ever away, when absent.

    Attributes
    ----------
    duty
        When they are on duty.
    has_pace
        Whether anybody ever takes longer than others for the same work.
    engineers
        By position in the World.
    predecessor
        The engineer who was the same person before his terms changed, where there is one.
    """

    def __init__(self, world: World, duty: Duty | None = None) -> None:
        self._world = world
        self.duty = duty or duty_as_rostered(world)
        self.has_pace = bool(self.duty.paces)
        sites = len(world.names.sites)
        held = [dict(category.skills) for category in world.categories]
        breadths = [sum(rank + 1 for rank in ranks.values()) for ranks in held]
        by_skill = [tuple(ranks.get(k, -1) for k in range(len(world.names.skills))) for ranks in held]
        self.engineers = [
            Engineer(
                i,
                spec.name,
                spec.category,
                breadths[spec.category],
                sites + spec.centre,
                by_skill[spec.category],
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

    def changes(self) -> Iterator[Changes]:
        """Yield what changes at each instant, in order of time."""
        people = self.engineers
        for instant, off, on, until, call_off, call_on in self.duty.changes():
            yield Changes(
                instant,
                [people[i] for i in off],
                [people[i] for i in on],
                until,
                [people[i] for i in call_off],
                [people[i] for i in call_on],
            )

    def pace(self, engineer: Engineer, now: float) -> float:
        """Return the factor on an engineer's hands-on hours for work begun at an instant, usually 1."""
        for begin, end, factor in self.duty.paces.get(engineer.index, ()):
            if begin <= now < end:
                return factor
        return 1.0

    def next_start(self, engineer: Engineer, now: float) -> float:
        """Return when a person's next duty begins, infinity if none does; also on terms yet to come."""
        later: Engineer | None = engineer
        while later is not None:
            start = self.duty.next_start(later.index, now)
            if start < float("inf"):
                return start
            later = later.successor
        return float("inf")

    def next_shift(self, engineer: Engineer, now: float) -> tuple[float, float]:
        """Return when a person's next duty begins and ends, infinity if none does."""
        later: Engineer | None = engineer
        while later is not None:
            begin, end = self.duty.next_window(later.index, now)
            if begin < float("inf"):
                return begin, end
            later = later.successor
        return float("inf"), float("inf")

    def of(self, categories: int) -> Iterator[Engineer]:
        """Yield the engineers of the categories in a bit mask, on duty or not."""
        while categories:
            low = categories & -categories
            categories ^= low
            yield from self._by_category[low.bit_length() - 1]

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
