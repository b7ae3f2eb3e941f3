"""Fault types of a World: what each takes, stage by stage, with names turned into positions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from scenarios.care_specs import AttemptSpec, GuidanceSpec
from scenarios.fields import Distribution


@dataclass(frozen=True)
class ExpertSpec:
    """Who works remotely beside the people on site, and the factor on the hours that his help has."""

    skill: int
    level: int
    speedup: float


@dataclass(frozen=True)
class StageSpec:
    """One kind of visit of a fault type.

    Parameters
    ----------
    name
        Name of the stage.
    skill, level
        Position of the skill domain, and lowest rank (0 junior to 3 expert) that may do it.
    work_hours
        Hands-on hours.
    on_site
        Whether somebody travels to the site.
    following
        Positions of the stages that may follow, with the cumulated chance of each; above the last, the order
        is complete.
    following_by_level
        The same by rank of whoever did the visit, where it depends on him; empty where it does not.
    crew, helper_level
        How many people it takes, 1 to 4, and the lowest rank of those beside the first.
    reserve_after_hours
        Wait after which people who become free are kept for a crew until it is complete.
    expert
        Who helps remotely if he is free, if anybody does.
    restores
        Whether service is restored at its end although another stage follows.
    diagnosis
        Hours of the diagnosis that comes before the hands-on hours, if one does.
    work_share
        Share of the hands-on hours that it takes; 1 but for a wrong diagnosis.
    guidance
        Guidance of the engineer from afar, if there is any.
    believed_hours
        Mean hours of the visit for which a wrong diagnosis is taken, if it is one.
    """

    name: str
    skill: int
    level: int
    work_hours: Distribution
    on_site: bool
    following: tuple[tuple[int, float], ...]
    following_by_level: tuple[tuple[tuple[int, float], ...], ...] = ()
    crew: int = 1
    helper_level: int = 0
    reserve_after_hours: float = 0.0
    expert: ExpertSpec | None = None
    restores: bool = False
    diagnosis: Distribution | None = None
    work_share: float = 1.0
    guidance: GuidanceSpec | None = None
    believed_hours: float | None = None

    @cached_property
    def expected_hours(self) -> float:
        """Return the mean hours of work, as they look before the visit."""
        if self.believed_hours is not None:
            return self.believed_hours
        hours = self.work_hours.expected * (self.guidance.mean if self.guidance else 1.0)
        return hours + (self.diagnosis.expected if self.diagnosis else 0.0)


@dataclass(frozen=True)
class FaultSpec:
    """One fault type in one period.

    Parameters
    ----------
    severity, priority
        Position of the severity, and urgency.
    triage_hours, pause_probability, pause_hours
        Triage, and the wait for the customer, if there may be one.
    part, part_probability, part_quantity
        Position of the part it may need, -1 for none; chance, and units.
    devices_down
        Devices out of service until it is restored.
    stages
        Kinds of visits; the first is where an order starts.
    delay_hours
        From the defect to the failure, if there is a defect before.
    outdoor
        Whether work on site stands still in weather that stops outdoor work.
    attempts
        Ways to restore it from afar, in the order in which they are tried.
    misdiagnosis, misdiagnosed_stage
        Chance that an order starts with a wrong diagnosis, and the stage that this is, -1 for none.
    verification_hours
        From restoration for good to completion.
    """

    severity: int
    priority: int
    triage_hours: Distribution
    pause_probability: float
    pause_hours: Distribution | None
    part: int
    part_probability: float
    part_quantity: int
    devices_down: int
    stages: tuple[StageSpec, ...]
    delay_hours: Distribution | None = None
    outdoor: bool = False
    attempts: tuple[AttemptSpec, ...] = ()
    misdiagnosis: float = 0.0
    misdiagnosed_stage: int = -1
    verification_hours: Distribution | None = None

    @property
    def expected_hours(self) -> float:
        """Return the mean hours of work of the first stage."""
        return self.stages[0].expected_hours
