"""Rows by the clock that runs where they are: cities that keep the same hours are taken together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from scenarios.open_hours import OpenHours
from scenarios.world import World

IntArray = npt.NDArray[np.int64]


def by_clock(
    world: World, calendar: str, city: npt.NDArray[np.integer]
) -> Iterator[tuple[OpenHours, IntArray]]:
    """Yield each clock that a calendar has in some cities, with the rows that go by it.

    Parameters
    ----------
    world
        The compiled scenario.
    calendar
        Key of a calendar that is laid out where sites are.
    city
        Position of the city of each row.
    """
    clocks, of_city = _clocks(world, calendar)
    number = of_city[city]
    for position in np.flatnonzero(np.bincount(number, minlength=len(clocks))).tolist():
        yield clocks[position], np.flatnonzero(number == position)


def _clocks(world: World, calendar: str) -> tuple[list[OpenHours], IntArray]:
    """Return the clocks of a calendar, and which of them each city has; found once for a World."""
    key = f"clocks of {calendar}"
    if key not in world.derived:
        clocks = list(dict.fromkeys(c for (name, _), c in world.clocks.items() if name == calendar))
        of_city = np.zeros(len(world.names.cities), dtype=np.int64)
        for (name, city), clock in world.clocks.items():
            if name == calendar:
                of_city[city] = clocks.index(clock)
        world.derived[key] = clocks, of_city
    made: tuple[list[OpenHours], IntArray] = world.derived[key]
    return made
