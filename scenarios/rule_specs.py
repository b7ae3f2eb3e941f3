"""Rules of a World in one period: SLA targets, partners, the end of shifts, crossing of territories."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.fields import Distribution
from scenarios.money_terms import LateTerms
from scenarios.open_hours import OpenHours


@dataclass(frozen=True)
class RuleSpec:
    """One SLA rule: targets in hours of its calendar, NaN where it sets none."""

    name: str
    respond: float
    attend: float
    restore: float
    complete: float
    calendar: str
    pauses: bool
    penalty: float
    late: LateTerms | None = None


@dataclass(frozen=True)
class OverflowSpec:
    """Hand-over of orders that find nobody free.

    Parameters
    ----------
    partner
        Position of the partner's centre.
    after_hours, severities
        Wait after which they are handed over, and severities of which.
    attend_hours
        From hand-over to arrival, in the partner's working hours.
    price
        Of one order.
    capacity
        Orders that he works on at a time; 0 for any number.
    hours
        His working hours; None for always.
    """

    partner: int
    after_hours: float
    severities: frozenset[int]
    attend_hours: Distribution
    price: float
    capacity: int = 0
    hours: OpenHours | None = None


@dataclass(frozen=True)
class ShiftEndSpec:
    """What happens to work that is not finished when its engineer's shift ends.

    Parameters
    ----------
    rule
        finish, hand_over or resume.
    overtime_hours
        Hours after the end of the shift up to which work goes on; infinite where nothing limits it.
    hand_over_hours
        What it takes to hand work over to somebody else.
    resume_within_hours
        Longest time until his next shift for which work waits for the same engineer.
    """

    rule: str = "finish"
    overtime_hours: float = float("inf")
    hand_over_hours: float = 0.0
    resume_within_hours: float = 0.0

    @property
    def never(self) -> bool:
        """Return whether work is always finished, however long it takes."""
        return self.rule == "finish" and self.overtime_hours == float("inf")


@dataclass(frozen=True)
class CrossingSpec:
    """When engineers of other territories may be sent.

    Parameters
    ----------
    after_hours
        Wait after which they may.
    severities
        Severities for which they may.
    """

    after_hours: float
    severities: frozenset[int]
