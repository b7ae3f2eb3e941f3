"""Schema sections for what fails and what has to be done: profiles, device types, fault types, parts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from scenarios.fields import Distribution, Duration, Level, Money, Name, Section, Severity, money, quantity

Multiplier = Annotated[float, Field(strict=True, ge=0, le=1000, json_schema_extra={"unit": "1"})]
Probability = Annotated[float, Field(strict=True, ge=0, le=1, json_schema_extra={"unit": "1"})]


def zero_hours() -> Distribution:
    """Return the duration that takes no time."""
    return Distribution(distribution="constant", mean=0.0)


class Profile(Section):
    """How a failure rate varies with local time: multipliers of the base rate."""

    by_month: tuple[Multiplier, ...] = Field(
        (1.0,) * 12, description="January to December", min_length=12, max_length=12
    )
    by_weekday: tuple[Multiplier, ...] = Field(
        (1.0,) * 7, description="Monday to Sunday", min_length=7, max_length=7
    )
    by_hour: tuple[Multiplier, ...] = Field(
        (1.0,) * 24, description="Hour 0 to hour 23", min_length=24, max_length=24
    )


class DeviceType(Section):
    """What fails, how often, and with which faults."""

    name: str = Field("", description="Name shown to people", max_length=120)
    failures_per_year: float = quantity(
        unit="1/year", description="Mean failures of one device in a year of 8,760 h", ge=0, le=1e7
    )
    population: Literal["infinite", "finite"] = Field(
        "infinite", description="finite: a device that is down cannot fail until it is restored"
    )
    profile: Name | None = Field(None, description="Key of the profile of its failure rate")
    faults: dict[Name, Probability] = Field(
        description="Share of each fault type among its failures; shares add up to 1", min_length=1
    )


class Stage(Section):
    """One kind of visit on the way of a work order."""

    skill: Name = Field(description="Skill domain it asks for")
    level: Level = Field(Level.JUNIOR, description="Lowest certification that may do it")
    work_hours: Duration = Field(description="Hands-on hours")
    on_site: bool = Field(True, description="Whether somebody travels to the site for it")
    next: dict[Name, Probability] = Field(
        default_factory=dict,
        description="Chance of each stage that may follow; the rest is the chance that the order is complete",
    )


class PartNeed(Section):
    """The spare part that a fault may ask for."""

    part: Name = Field(description="Key of the part")
    probability: float = quantity(1.0, unit="1", description="Chance that it is needed", ge=0, le=1)
    quantity: int = Field(1, strict=True, description="Units needed", ge=1, le=1000)


class CustomerPause(Section):
    """A wait for the customer, during which SLA clocks may stand still."""

    probability: float = quantity(unit="1", description="Chance that an order meets it", ge=0, le=1)
    hours: Duration = Field(description="How long the customer takes")


class FaultType(Section):
    """One kind of failure, and the work that repairs it.

    Either `skill` and `work_hours` describe the one visit that it takes, or `stages` its way through several.
    """

    name: str = Field("", description="Name shown to people", max_length=120)
    severity: Severity = Field(description="Technical impact")
    priority: int | None = Field(
        None, strict=True, description="1 is most urgent; from the severity when absent", ge=1, le=9
    )
    skill: Name | None = Field(None, description="Skill domain of its visit")
    level: Level = Field(Level.JUNIOR, description="Lowest certification that may do its visit")
    work_hours: Duration | None = Field(None, description="Hands-on hours of its visit")
    first_time_fix: float = quantity(
        1.0, unit="1", description="Chance that a visit fixes it; otherwise another visit follows", gt=0, le=1
    )
    stages: dict[Name, Stage] = Field(
        default_factory=dict, description="Its stages; the first listed is where it starts"
    )
    triage_hours: Duration = Field(
        default_factory=zero_hours, description="From the report to the acknowledged, triaged order"
    )
    pause: CustomerPause | None = Field(None, description="Wait for the customer after triage")
    part: PartNeed | None = Field(None, description="Spare part that it may need")
    devices_down: int = Field(
        1, strict=True, description="Devices out of service until it is restored", ge=0, le=100_000
    )


class Part(Section):
    """A spare part."""

    name: str = Field("", description="Name shown to people", max_length=120)
    unit_cost: Money = money(description="Price of one unit")
