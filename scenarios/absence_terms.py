"""Terms of absence and on-call as the World holds them: of one engineer, and of all staff on given dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from scenarios.absences import AbsenceTerms
from scenarios.fields import Distribution, Level
from scenarios.open_hours import OpenHours, intersection
from scenarios.schema import Scenario
from scenarios.service import EngineerGroup, OnCall
from scenarios.shifts import limited, without

if TYPE_CHECKING:
    from scenarios.loading import Period

_WEEK = 168.0


@dataclass(frozen=True)
class AbsenceSpec:
    """Terms of absence of one engineer; a year has 365 days.

    Parameters
    ----------
    leave_days, leave_block
        Working days of leave a year, and how many on end.
    sick_spells, sick_days
        Spells a year, and calendar days of one.
    training_hours, training_blocks
        Hours a year, and in how many blocks.
    attrition
        Rate a year at which somebody in this post leaves.
    replacement_days
        Days until another starts.
    ramp_up_days, ramp_up_factor
        For how many days who started is slower, and his hands-on hours over those of others.
    """

    leave_days: float
    leave_block: int
    sick_spells: float
    sick_days: Distribution
    training_hours: float
    training_blocks: int
    attrition: float
    replacement_days: Distribution
    ramp_up_days: float
    ramp_up_factor: float

    @property
    def never(self) -> bool:
        """Return whether nothing here ever takes anybody off the roster."""
        return self.leave_days == self.sick_spells == self.training_hours == self.attrition == 0.0


@dataclass(frozen=True)
class OnCallSpec:
    """When an engineer may be called beside his shift, and what an hour of that costs."""

    hours: OpenHours
    standby_per_hour: float


@dataclass(frozen=True)
class LossSpec:
    """Key engineers who leave.

    Parameters
    ----------
    at
        Instant in hours.
    names
        Who leaves.
    others
        Who is slower for it.
    replacement_hours
        Hours until others start in their posts.
    effect_hours, effect_factor
        How long the others are slower, and their hands-on hours over those before.
    """

    at: float
    names: tuple[str, ...]
    others: tuple[str, ...]
    replacement_hours: float
    effect_hours: float
    effect_factor: float


@dataclass(frozen=True)
class ShortageSpec:
    """A share of the engineers of some centres who are away for a time.

    Parameters
    ----------
    begin, end
        Instants in hours; shifts that begin within are missed.
    centres
        Positions of the centres.
    share
        Share of all their engineers together, above 0, at most 1.
    """

    begin: float
    end: float
    centres: tuple[int, ...]
    share: float


def absence_terms(terms: AbsenceTerms, level: Level) -> AbsenceSpec:
    """Return the terms of absence of an engineer of a level."""
    return AbsenceSpec(
        leave_days=terms.annual_leave_days,
        leave_block=terms.leave_block_days,
        sick_spells=terms.sick_spells_per_year,
        sick_days=terms.sick_days,
        training_hours=terms.training_hours_per_year,
        training_blocks=terms.training_blocks_per_year,
        attrition=terms.attrition_per_year.get(level, 0.0),
        replacement_days=terms.replacement_days,
        ramp_up_days=terms.ramp_up_days,
        ramp_up_factor=terms.ramp_up_factor,
    )


def absences_of(s: Scenario, group: EngineerGroup) -> AbsenceSpec:
    """Return the terms of absence of a group of engineers: its own, else the scenario's."""
    return absence_terms(group.absences or s.absences, group.level)


def on_call_hours(
    calendar: OpenHours, shift: OpenHours, terms: OnCall, number: int, start: date, horizon: float
) -> OnCallSpec:
    """Return when an engineer may be called, and the price of an hour.

    Parameters
    ----------
    calendar
        Hours of the calendar of his terms, where he works.
    shift
        His shift, in which he is not on call.
    terms
        Those of his group.
    number
        His number in the group, from 0: it gives the weeks (from Monday, UTC) in which it is his turn.
    start, horizon
        First day and length in hours of a replication.
    """
    hours = without(limited(calendar, 0.0, horizon), shift)
    if terms.one_week_in > 1:
        weeks = np.arange(-24.0 * start.weekday(), horizon, _WEEK)
        turn = weeks[np.arange(len(weeks)) % terms.one_week_in == number % terms.one_week_in]
        hours = intersection([hours, OpenHours(turn, turn + _WEEK, _WEEK * np.arange(len(turn) + 1.0))])
    return OnCallSpec(hours, terms.standby_per_hour)


def losses(periods: Sequence[Period]) -> tuple[LossSpec, ...]:
    """Return the key engineers who leave, each group as it is on the date."""
    start = periods[0].scenario.start
    listed = dict.fromkeys(loss for period in periods for loss in period.scenario.absences.key_person_loss)
    found = []
    for loss in listed:
        at = (loss.start - start).days * 24.0
        then = [p.scenario for p in periods if p.start_hours <= max(at, 0.0)][-1]
        groups = then.centres[loss.centre].engineers if loss.centre in then.centres else {}
        count = groups[loss.group].count if loss.group in groups else 0
        names = tuple(f"{loss.centre}:{loss.group}:{i + 1}" for i in range(count))
        found.append(
            LossSpec(
                at=at,
                names=names[: loss.count],
                others=names[loss.count :],
                replacement_hours=loss.replacement_days * 24.0,
                effect_hours=loss.effect_days * 24.0,
                effect_factor=loss.effect_factor,
            )
        )
    return tuple(found)
