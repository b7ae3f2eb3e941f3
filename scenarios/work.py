"""Schema sections for what fails and what has to be done: profiles, device types, fault types, parts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from scenarios.fields import Distribution, Duration, Level, Money, Name, Section, Severity, money, quantity
from scenarios.links import Condition

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
    weather: dict[Condition, Annotated[float, Field(strict=True, ge=0, le=50)]] = Field(
        default_factory=dict,
        description="Factor on its failure rate by weather, where it is not that of `effects`",
        json_schema_extra={"unit": "1"},
    )
    load_sensitivity: float = quantity(
        1.0,
        unit="1",
        description="Share of a peak's load that becomes failures: rate x (1 + share x (load - 1))",
        ge=0,
        le=10,
    )
    faults: dict[Name, Probability] = Field(
        description="Share of each fault type among its failures; shares add up to 1", min_length=1
    )


class Crew(Section):
    """Several people who do a visit together."""

    size: int = Field(strict=True, description="People it takes, the first included", ge=1, le=4)
    level: Level = Field(Level.JUNIOR, description="Lowest certification of those beside the first")
    reserve_after_hours: float = quantity(
        2.0,
        unit="h",
        description="Wait after which people who become free are kept for it until the crew is complete",
        ge=0,
        le=10_000,
    )


class Guidance(Section):
    """Guidance of the engineer on site by augmented reality."""

    use: float = quantity(1.0, unit="1", description="Share of orders in which it is used", ge=0, le=1)
    factor: float = quantity(unit="1", description="Factor on the hands-on hours of its visits", gt=0, le=10)


class Stage(Section):
    """One kind of visit on the way of a work order."""

    skill: Name = Field(description="Skill domain it asks for")
    level: Level = Field(Level.JUNIOR, description="Lowest certification that may do it")
    work_hours: Duration = Field(description="Hands-on hours")
    on_site: bool = Field(True, description="Whether somebody travels to the site for it")
    restores: bool = Field(
        False, description="Whether service is restored at its end, perhaps temporarily, whatever follows"
    )
    crew: Crew | None = Field(None, description="Crew; that of the fault type when absent")
    ar: Guidance | None = Field(None, description="Guidance on site; that of the fault type when absent")
    next: dict[Name, Probability] = Field(
        default_factory=dict,
        description="Chance of each stage that may follow; the rest is the chance that the order is complete",
    )
    next_by_level: dict[Level, dict[Name, Probability]] = Field(
        default_factory=dict,
        description="The same in place of `next`, by the level in its skill of whoever did it; a level not "
        "listed takes the nearest lower one that is, without one `next`",
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


class SelfHelp(Section):
    """The customer's own attempt with a guide, after triage."""

    use: float = quantity(unit="1", description="Share of orders for which it is tried", ge=0, le=1)
    success: float = quantity(unit="1", description="Share of those that it restores", ge=0, le=1)
    hours: Duration = Field(description="How long it takes, whether or not it succeeds")


class RemoteSession(Section):
    """A session in which the contact desk tries to restore service from afar; it takes no engineer."""

    use: float = quantity(
        unit="1", description="Share of orders for which it is tried, self-help having failed", ge=0, le=1
    )
    success: float = quantity(unit="1", description="Share of those that it restores", ge=0, le=1)
    hours: Duration = Field(description="How long it takes, whether or not it succeeds")
    opens: Name | None = Field(
        None, description="Calendar in which its hours run, in the site's time zone; always when absent"
    )


class Misdiagnosis(Section):
    """A wrong diagnosis: a first visit to the site that ends in the right diagnosis and fixes nothing."""

    probability: float = quantity(unit="1", description="Chance that an order meets it", ge=0, le=1)
    work_share: float = quantity(
        0.0, unit="1", description="Share of the hands-on hours that it takes after the diagnosis", ge=0, le=1
    )
    skill: Name | None = Field(
        None, description="Skill domain that is asked for by mistake; the right one when absent"
    )
    level: Level | None = Field(None, description="Level that is asked for; that of the visit when absent")


class RemoteExpert(Section):
    """An expert who joins from afar the people on site, if one is free or on call when their work starts."""

    skill: Name | None = Field(None, description="His skill domain; that of the visit when absent")
    level: Level = Field(Level.EXPERT, description="His lowest certification")
    speedup: float = quantity(unit="1", description="Factor on the hands-on hours when he joins", gt=0, le=1)


def _for_all_levels(value: Any) -> Any:
    """Let a number stand for the chance of every level."""
    if isinstance(value, bool) or not isinstance(value, int | float | dict):
        raise PydanticCustomError("by_level", "a number, or a mapping of levels")
    return value if isinstance(value, dict) else {Level.JUNIOR: value}


_Chance = Annotated[float, Field(strict=True, gt=0, le=1, json_schema_extra={"unit": "1"})]
ChanceByLevel = Annotated[
    dict[Level, _Chance],
    BeforeValidator(_for_all_levels, json_schema_input_type=_Chance | dict[Level, _Chance]),
]


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
    first_time_fix: ChanceByLevel = Field(
        default_factory=lambda: {Level.JUNIOR: 1.0},
        description="Chance that a visit fixes it, otherwise another visit follows; or by the level in its "
        "skill of whoever did it, where a level not listed has the chance of the nearest lower one that is",
        min_length=1,
    )
    stages: dict[Name, Stage] = Field(
        default_factory=dict,
        description="Its stages; the first listed is where it starts",
        max_length=40,
    )
    triage_hours: Duration = Field(
        default_factory=zero_hours, description="From the report to the acknowledged, triaged order"
    )
    self_help: SelfHelp | None = Field(None, description="Self-help after triage; none when absent")
    remote: RemoteSession | None = Field(
        None, description="Remote session after triage and self-help; none when absent"
    )
    pause: CustomerPause | None = Field(None, description="Wait for the customer after triage")
    part: PartNeed | None = Field(None, description="Spare part that it may need")
    delay_hours: Duration | None = Field(
        None,
        description="From the defect, which an inspection may find, to the failure; none when absent",
    )
    diagnosis_hours: Duration = Field(
        default_factory=zero_hours,
        description="Added to the hands-on hours of the first visit on site, and of one after work from afar "
        "or a wrong diagnosis",
    )
    misdiagnosis: Misdiagnosis | None = Field(None, description="Wrong diagnosis; never when absent")
    ar: Guidance | None = Field(None, description="Guidance by augmented reality; none when absent")
    crew: Crew | None = Field(None, description="Crew of its visits on site; one person when absent")
    remote_expert: RemoteExpert | None = Field(
        None, description="Emergency plan: an expert beside the people on site; none when absent"
    )
    verification_hours: Duration = Field(
        default_factory=zero_hours,
        description="From restoration for good until the customer has verified it and the order is complete; "
        "none after self-help",
    )
    devices_down: int = Field(
        1, strict=True, description="Devices out of service until it is restored", ge=0, le=100_000
    )
    outdoor: bool = Field(
        False, strict=True, description="Whether work on site stands still in weather that stops outdoor work"
    )


class Part(Section):
    """A spare part."""

    name: str = Field("", description="Name shown to people", max_length=120)
    unit_cost: Money = money(description="Price of one unit")
