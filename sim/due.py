"""When the clocks of an order are due: its targets in the calendar of its SLA rule, pauses allowed for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scenarios.open_hours import ALWAYS_OPEN, TOLERANCE, OpenHours
from scenarios.rule_specs import RuleSpec
from scenarios.world import World
from sim.calendars import by_clock

if TYPE_CHECKING:
    from sim.births import Births

#: The clocks of an SLA rule, in the order in which they stop.
CLOCKS = ("respond", "attend", "restore", "complete")


def set_due(world: World, births: Births) -> None:
    """Set when each clock is due, in its calendar, the wait for the customer added where the rule pauses.

    Clocks start at the report, or where the order comes before the failure, at the failure.
    """
    city = world.places.site_city[births.site]
    for number, rule in enumerate(world.rules):
        mine = np.flatnonzero(births.rule == number)
        if not len(mine):
            continue
        if not rule.calendar:
            _set_due_by(births, rule, ALWAYS_OPEN, mine)
            continue
        for clock, rows in by_clock(world, rule.calendar, city[mine]):
            _set_due_by(births, rule, clock, mine[rows])


def _set_due_by(births: Births, rule: RuleSpec, clock: OpenHours, rows: npt.NDArray[np.int64]) -> None:
    reported = np.fmax(births.reported_at[rows], births.fails_at[rows])
    paused_from = np.maximum(births.escalated_at[rows], reported)
    paused_to = np.maximum(births.released_at[rows], reported)
    for position, name in enumerate(CLOCKS):
        target = getattr(rule, name)
        if np.isnan(target):
            continue
        due = clock.add(reported, target)
        if rule.pauses:
            stood_still = np.where(due > paused_from + TOLERANCE, clock.between(paused_from, paused_to), 0.0)
            later = stood_still > 0.0
            due[later] = clock.add(reported[later], target + stood_still[later])
        births.due[position][rows] = due
