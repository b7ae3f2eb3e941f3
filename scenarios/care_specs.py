"""What self-help, remote sessions, follow-up calls and complaints are in a World, and their calendars.

Names have become positions or keys of clocks; what the figures mean is told in the schema sections.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenarios.aftercare import AfterCare, Complaints, FollowUp
from scenarios.fields import Distribution

if TYPE_CHECKING:
    from scenarios.schema import Scenario


@dataclass(frozen=True)
class AttemptSpec:
    """One way to restore an order from afar before anybody is asked for.

    Parameters
    ----------
    purpose
        What its draws are for: `self_help` or `remote`.
    use, success
        Share of orders for which it is tried, and of those, share that it restores.
    hours
        How long it takes, whether or not it succeeds.
    calendar
        Calendar in which these hours run at the site; empty for all hours.
    """

    purpose: str
    use: float
    success: float
    hours: Distribution
    calendar: str = ""


@dataclass(frozen=True)
class GuidanceSpec:
    """Share of orders whose engineer is guided from afar, and the factor on his hands-on hours."""

    use: float
    factor: float

    @property
    def mean(self) -> float:
        """Return the mean factor."""
        return 1.0 - self.use * (1.0 - self.factor)


@dataclass(frozen=True)
class FollowUpSpec:
    """The call after completion: whom, how soon, by when, and in which calendar (empty: all hours)."""

    share: float
    hours: Distribution
    due_hours: float
    calendar: str


@dataclass(frozen=True)
class ComplaintSpec:
    """Chance and course of complaints.

    Parameters
    ----------
    share, late_factor, repeat_factor, slow_factor
        Chance, and what multiplies it.
    slow_after_hours
        Hours to restoration beyond which it was slow.
    delay
        From restoration to the complaint.
    steps
        For answer, solution and confirmation: purpose of the draw, hours from the step before, and hours from
        the complaint within which it must be done.
    calendar
        In which the hours of the steps run; empty for all hours.
    """

    share: float
    late_factor: float
    repeat_factor: float
    slow_after_hours: float
    slow_factor: float
    delay: Distribution
    steps: tuple[tuple[str, Distribution, float], ...]
    calendar: str


@dataclass(frozen=True)
class AfterCareSpec:
    """What happens with the customer after his order; None where nothing does."""

    follow_up: FollowUpSpec | None = None
    complaints: ComplaintSpec | None = None


def compile_aftercare(section: AfterCare) -> AfterCareSpec:
    """Return what a scenario's after-care stands for."""
    return AfterCareSpec(_follow_up(section.follow_up), _complaints(section.complaints))


def _follow_up(section: FollowUp | None) -> FollowUpSpec | None:
    if section is None:
        return None
    return FollowUpSpec(section.share, section.hours, section.due_hours, section.opens or "")


def _complaints(section: Complaints | None) -> ComplaintSpec | None:
    if section is None:
        return None
    return ComplaintSpec(
        section.share,
        section.late_factor,
        section.repeat_factor,
        section.slow_after_hours,
        section.slow_factor,
        section.delay_hours,
        (
            ("complaint_answer", section.answer_hours, section.answer_within),
            ("complaint_solution", section.solution_hours, section.solution_within),
            ("complaint_confirmation", section.confirmation_hours, section.confirmation_within),
        ),
        section.opens or "",
    )


def care_calendars(scenarios: Iterable[Scenario]) -> set[str]:
    """Return the calendars of remote sessions and of contact desks, which are laid out where sites are."""
    found = set()
    for s in scenarios:
        sessions = [fault.remote for fault in s.fault_types.values()]
        found |= {part.opens for part in (*sessions, s.aftercare.follow_up, s.aftercare.complaints) if part}
    return {name for name in found if name is not None}
