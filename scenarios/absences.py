"""Schema sections for why engineers on the roster are not there: leave, sickness, training, people who leave.

Everything is off by default. What is drawn, and how days are laid out, is in `sim.absences`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from scenarios.fields import Day, DayDistribution, Days, Level, Name, Section, quantity

_Yearly = Annotated[float, Field(strict=True, ge=0, le=5, json_schema_extra={"unit": "1/year"})]


class AbsenceTerms(Section):
    """How often engineers are on leave, ill, in training, or leave for good; a year has 365 days."""

    annual_leave_days: float = quantity(
        0.0, unit="day", description="Working days of leave a year, drawn for each engineer", ge=0, le=200
    )
    leave_block_days: int = Field(
        5, strict=True, description="Working days on end that leave is taken in", ge=1, le=60
    )
    sick_spells_per_year: float = quantity(
        0.0, unit="1/year", description="Spells of sickness a year of each engineer", ge=0, le=100
    )
    sick_days: Days = Field(
        default_factory=lambda: DayDistribution(distribution="constant", mean=3.0),
        description="Calendar days of one spell; shifts that begin within it are missed",
    )
    training_hours_per_year: float = quantity(
        0.0, unit="h", description="Hours of training a year, in shift time and paid", ge=0, le=1000
    )
    training_blocks_per_year: int = Field(
        12, strict=True, description="Blocks that training is given in, spread over the year", ge=1, le=52
    )
    attrition_per_year: dict[Level, _Yearly] = Field(
        default_factory=dict,
        description="Engineers of a level who leave, over those employed, a year; levels left out: none",
    )
    replacement_days: Days = Field(
        default_factory=lambda: DayDistribution(distribution="constant", mean=60.0),
        description="Days from one who left until another starts in the same post",
    )
    ramp_up_days: float = quantity(
        90.0, unit="day", description="Days for which one who took over a post is slower", ge=0, le=1000
    )
    ramp_up_factor: float = quantity(
        1.4, unit="1", description="Hands-on hours of such a newcomer over those of others", ge=1, le=10
    )


class KeyPersonLoss(Section):
    """Key engineers who leave on a date: the first ones of a group."""

    start: Day = Field(alias="from", description="First day without them, from its midnight in UTC")
    centre: Name = Field(description="Key of the centre")
    group: Name = Field(description="Key of the group of engineers at that centre")
    count: int = Field(1, strict=True, description="How many leave", ge=1, le=10_000)
    replacement_days: float = quantity(
        60.0, unit="day", description="Days until others start in their posts", ge=0, le=3660
    )
    effect_days: float = quantity(
        90.0, unit="day", description="Days for which the rest of the group is slower", ge=0, le=1000
    )
    effect_factor: float = quantity(
        1.0, unit="1", description="Hands-on hours of the rest of the group over those before", ge=1, le=10
    )


class Absences(AbsenceTerms):
    """Why engineers on the roster are not there; shortages of staff are among `disruptions`."""

    key_person_loss: tuple[KeyPersonLoss, ...] = Field((), description="Key engineers who leave on a date")
