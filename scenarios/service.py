"""Schema sections for who serves, and on which terms: centres, engineers, depots, SLA rules, dispatch."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from scenarios.absences import AbsenceTerms
from scenarios.fields import (
    CityTiers,
    Duration,
    Level,
    Money,
    Name,
    Names,
    Section,
    Severities,
    money,
    quantity,
)
from scenarios.stock import Stock


class Territory(Section):
    """The sites that a centre's engineers may be sent to."""

    countries: Names = Field((), description="All sites of these countries")
    cities: Names = Field((), description="All sites of these cities")
    sites: Names = Field((), description="These sites")


def _at_group_level(value: Any, info: ValidationInfo) -> Any:
    """Let a list of skill domains stand for those domains at the group's own level."""
    if not isinstance(value, list | tuple):
        return value
    if not all(isinstance(skill, str) for skill in value):
        raise PydanticCustomError("skills", "a list of skill domains, or a level for each domain")
    return {skill: info.data.get("level", Level.JUNIOR) for skill in value}


_Skills = dict[Name, Level]


class OnCall(Section):
    """Hours beside the shift in which engineers may be called for some severities."""

    calendar: Name = Field(
        description="Key of the calendar of those hours, in the centre's time zone; the shift is left out"
    )
    severities: Severities = Field(description="Severities that they may be called for", min_length=1)
    one_week_in: int = Field(
        1, strict=True, description="Each is on call one week in so many, in turn by number", ge=1, le=52
    )
    standby_per_hour: Money = money(
        description="Pay for an hour on call, beside the overtime of calls", unit="currency/h"
    )


class EngineerGroup(Section):
    """Engineers of one centre who are alike."""

    count: int = Field(strict=True, description="Head count", ge=0, le=10_000)
    level: Level = Field(description="Certification")
    skills: Annotated[
        _Skills, BeforeValidator(_at_group_level, json_schema_input_type=_Skills | tuple[Name, ...])
    ] = Field(
        description="Level in each skill domain; a plain list gives each domain the group's level",
        min_length=1,
    )
    languages: Names = Field((), description="Languages they speak")
    passes: Names = Field((), description="Security passes they hold")
    shift: Name = Field(description="Key of the calendar they work by, in their centre's time zone")
    cost_per_hour: Money = money(description="Pay with on-costs", unit="currency/h")
    overtime_factor: float = quantity(
        1.5, unit="1", description="Price of an hour outside the shift over one inside", ge=0, le=10
    )
    van: dict[Name, Annotated[int, Field(strict=True, ge=1, le=1000)]] = Field(
        default_factory=dict, description="Units of each part that each of them carries"
    )
    on_call: OnCall | None = Field(None, description="When they may be called beside their shift")
    absences: AbsenceTerms | None = Field(
        None, description="Their own terms of absence, in place of all those of `absences`"
    )


class PartnerTerms(Section):
    """On which terms a partner outlet takes over orders."""

    attend_hours: Duration = Field(description="From hand-over to arrival on site, in its working hours")
    capacity: int | None = Field(
        None,
        strict=True,
        description="Orders that it works on at a time, the others queue with it; any number when absent",
        ge=1,
        le=100_000,
    )
    calendar: Name | None = Field(
        None, description="Calendar of its working hours, in its own city; always open when absent"
    )
    price_per_order: Money = money(description="Price of one order", unit="currency/order")


class Centre(Section):
    """A place with engineers and a depot: HQ, regional centre, local station or partner outlet."""

    name: str = Field("", description="Name shown to people", max_length=120)
    level: Literal["hq", "regional", "local", "partner"] = Field(description="Its place in the network")
    city: Name = Field(description="Key of its city")
    lat: float | None = quantity(
        None, unit="degree", description="Latitude; the city's when absent", ge=-90, le=90
    )
    lon: float | None = quantity(
        None, unit="degree", description="Longitude; the city's when absent", ge=-180, le=180
    )
    serves: Territory | None = Field(None, description="Its territory; its own city when absent")
    engineers: dict[Name, EngineerGroup] = Field(default_factory=dict, description="Groups of engineers")
    depot: dict[Name, Stock] = Field(default_factory=dict, description="Stock by part")
    partner: PartnerTerms | None = Field(None, description="Terms, for a partner outlet")
    fixed_cost_per_day: Money = money(description="Rent and the like", unit="currency/day")


class SlaMatch(Section):
    """Which orders an SLA rule is for; a list that is absent admits all."""

    zone: Names = Field((), description="Response zones")
    country: Names = Field((), description="Countries")
    city: Names = Field((), description="Cities")
    city_tier: CityTiers = Field((), description="City tiers, 1 to 4")
    site: Names = Field((), description="Sites")
    customer_tier: Names = Field((), description="Customer tiers")
    severity: Severities = Field((), description="Severities")
    fault_type: Names = Field((), description="Fault types")


class SlaTargets(Section):
    """Hours from the report within which a clock has to stop."""

    response: float | None = quantity(
        None, unit="h", description="Target of the clock that `response_clock` names", gt=0, le=10_000
    )
    respond: float | None = quantity(
        None, unit="h", description="Until a qualified engineer is booked", gt=0, le=10_000
    )
    attend: float | None = quantity(
        None, unit="h", description="Until first arrival on site", gt=0, le=10_000
    )
    restore: float | None = quantity(None, unit="h", description="Until service is restored", gt=0, le=10_000)
    complete: float | None = quantity(
        None, unit="h", description="Until the order is closed", gt=0, le=10_000
    )


class LatePenalty(Section):
    """What is paid for being late, for each missed clock."""

    per_hour: Money = money(
        description="Paid for each hour past the target, and in part for a part of it", unit="currency/h"
    )
    share: float = quantity(
        0.0, unit="1", description="Share of `of` for each step past the target that has begun", ge=0, le=1
    )
    every_minutes: float = quantity(15.0, unit="min", description="Length of a step", gt=0, le=100_000)
    of: Money = money(description="Amount that the share is taken of", unit="currency")


class SlaRule(Section):
    """One rule of the service level agreement; the first that matches an order is its rule."""

    name: Name = Field(description="Name of the rule")
    match: SlaMatch = Field(default_factory=SlaMatch, description="Which orders it is for")
    targets: SlaTargets = Field(description="Hours by clock")
    calendar: Name | None = Field(
        None, description="Calendar in which its clocks run, in the site's time zone; all hours when absent"
    )
    pauses: bool = Field(True, description="Whether its clocks stand still while the customer is awaited")
    penalty_per_breach: Money = money(description="Paid for each missed clock", unit="currency/breach")
    late: LatePenalty | None = Field(
        None, description="Paid beside it by how late; `penalties` has caps on both"
    )


class Overflow(Section):
    """When an order goes to a partner because no own engineer is free."""

    partner: Name = Field(description="Key of the partner outlet")
    after_hours: float = quantity(
        0.0,
        unit="h",
        description="Wait after which the order is handed over; 0 means at once",
        ge=0,
        le=10_000,
    )
    severities: Severities = Field((), description="Only these severities; all when absent")


class ShiftEnd(Section):
    """What happens to work that is not finished when its engineer's shift ends."""

    rule: Literal["finish", "hand_over", "resume"] = Field(
        "finish",
        description="finish: work goes on up to `overtime_hours`, then as resume; hand_over: it goes to "
        "whoever may serve it next; resume: the same engineer goes on in his next shift",
    )
    overtime_hours: float | None = quantity(
        None,
        unit="h",
        description="Hours past the end of the shift up to which work goes on; for finish without limit, "
        "otherwise 0, when absent",
        ge=0,
        le=24,
    )
    hand_over_hours: float = quantity(
        0.5,
        unit="h",
        description="From the end of the one visit until the next can be given out",
        ge=0,
        le=100,
    )
    resume_within_hours: float = quantity(
        72.0,
        unit="h",
        description="Longest time until his next shift for which work waits for the same engineer; beyond, "
        "it is handed over",
        ge=0,
        le=1000,
    )


class Crossing(Section):
    """Permission to send engineers out of their territories: mutual aid between centres."""

    after_hours: float = quantity(
        unit="h", description="Wait after which engineers of other centres may be sent", ge=0, le=10_000
    )
    severities: Severities = Field((), description="Only for these severities; for all when absent")
    within: Literal["country", "zone", "network"] = Field(
        "country", description="Whose centres help: those of the site's country, of its zone, or all"
    )
    centres: Names = Field((), description="Only these centres lend engineers; all when absent")


class Dispatch(Section):
    """How engineers are given to orders."""

    policy: Name = Field("nearest_qualified", description="Name of the dispatch policy")
    scheduling_policy: Name | None = Field(
        None,
        description="Key of the scheduling policy that plans follow; balanced weights when absent",
    )
    preempting: Severities = Field(
        (), description="Severities that may interrupt work of a lower priority, which is resumed later"
    )
    overflow: Overflow | None = Field(None, description="Hand-over to a partner")
    shift_end: ShiftEnd = Field(default_factory=lambda: ShiftEnd(), description="Work at the end of a shift")
    crossing: Crossing | None = Field(
        None, description="Permission to cross territories after a wait; never when absent"
    )
