"""The scenario document as a whole: the root section and the figures that steer an experiment."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from scenarios.absences import Absences
from scenarios.aftercare import AfterCare
from scenarios.alerts import Alert
from scenarios.disruptions import Disruption
from scenarios.fields import HIGHEST_RATE, Day, Money, Name, Section, money, quantity
from scenarios.links import CityTravel, Link
from scenarios.money import Penalties, Satisfaction
from scenarios.places import Calendar, City, Country, Customer, CustomerTier, Site, Travel
from scenarios.prevention import Inspections, Prediction
from scenarios.scheduling import SchedulingPolicy
from scenarios.service import Centre, Dispatch, SlaRule
from scenarios.stock import PartsPolicy
from scenarios.weather import Climate, Effects
from scenarios.work import DeviceType, FaultType, Part, Profile


class Currency(Section):
    """The one currency of the scenario, and what a unit of another is worth in it."""

    code: str = Field("USD", description="ISO 4217 code", pattern=r"^[A-Z]{3}$")
    rates: dict[str, Annotated[float, Field(strict=True, gt=0, le=HIGHEST_RATE)]] = Field(
        default_factory=dict,
        description='Worth of one unit of another currency; lets an amount be written as "200 CNY"',
        json_schema_extra={"unit": "currency"},
    )


class WarmUp(Section):
    """The initial part of each replication that statistics leave out."""

    method: Literal["none", "fixed", "mser5"] = Field(
        "none", description="fixed: the given days; mser5: found from the first replications by MSER-5"
    )
    days: float = quantity(0.0, unit="day", description="Length, for fixed", ge=0, le=3650)


class Stated(Section):
    """Figures that a plan states about itself, to be held against what it adds up to."""

    headcount: int | None = Field(None, strict=True, description="Engineers in all", ge=0, le=1_000_000)
    backbone_share: float | None = quantity(
        None, unit="1", description="Least share of engineers above junior", ge=0, le=1
    )


class Budget(Section):
    """A budget and its split."""

    amount: Money = money(description="Whole budget")
    shares: dict[Name, Annotated[float, Field(strict=True, ge=0, le=100)]] = Field(
        default_factory=dict, description="Percent by purpose", json_schema_extra={"unit": "%"}
    )


class Change(Section):
    """Something that is different from a date on."""

    start: Day = Field(alias="from", description="First day, from its midnight in UTC")
    set: dict[str, Any] = Field(description="New values by dotted key", min_length=1)


class Source(Section):
    """Where a figure comes from."""

    quality: Literal["A", "B", "C", "D", "R", "assumption"] = Field(
        description="A primary figure, B secondary copy, C weak, D proxy, R recalled, assumption: ours"
    )
    note: str = Field(description="Source, or the reason for the assumption", min_length=3, max_length=600)


class Scenario(Section):
    """A service network and an experiment with it."""

    name: Name = Field(description="Name of the scenario")
    title: str = Field("", description="One line for lists", max_length=160)
    description: str = Field("", description="What it is for", max_length=4000)
    start: Day = Field(
        description="First day, from 1970 to 2199; hour 0 is its midnight in UTC",
        ge=date(1970, 1, 1),
        le=date(2199, 12, 31),
    )
    days: float = quantity(365.0, unit="day", description="Length of a replication", gt=0, le=3660)
    warm_up: WarmUp = Field(default_factory=lambda: WarmUp(), description="What statistics leave out")
    replications: int = Field(
        20, strict=True, description="Replications when the command is silent", ge=1, le=100_000
    )
    seed: int = Field(1, strict=True, description="Seed when the command is silent", ge=0, le=2**63 - 1)
    confidence: float = quantity(0.95, unit="1", description="Confidence of intervals", gt=0.5, lt=1)
    currency: Currency = Field(default_factory=lambda: Currency(), description="Currency and rates")
    skills: tuple[Name, ...] = Field(description="Skill domains", min_length=1)
    countries: dict[Name, Country] = Field(description="Countries by key", min_length=1)
    cities: dict[Name, City] = Field(description="Cities by key", min_length=1)
    calendars: dict[Name, Calendar] = Field(description="Shifts and support hours by key", min_length=1)
    customer_tiers: dict[Name, CustomerTier] = Field(description="Customer tiers by key", min_length=1)
    customers: dict[Name, Customer] = Field(description="Customers by key", min_length=1)
    profiles: dict[Name, Profile] = Field(default_factory=dict, description="Rate profiles by key")
    parts: dict[Name, Part] = Field(default_factory=dict, description="Spare parts by key")
    parts_policy: PartsPolicy = Field(
        default_factory=lambda: PartsPolicy(), description="How spare parts are managed"
    )
    fault_types: dict[Name, FaultType] = Field(description="Fault types by key", min_length=1)
    device_types: dict[Name, DeviceType] = Field(description="Device types by key", min_length=1)
    sites: dict[Name, Site] = Field(description="Sites by key", min_length=1)
    centres: dict[Name, Centre] = Field(description="Service centres by key", min_length=1)
    absences: Absences = Field(
        default_factory=lambda: Absences(), description="Leave, sickness, training, and staff who leave"
    )
    links: dict[Name, Link] = Field(
        default_factory=dict, description="Roads, ferries and flights by key, for travel.method network"
    )
    city_travel: CityTravel = Field(
        default_factory=lambda: CityTravel(), description="Travel inside cities, for travel.method network"
    )
    travel: Travel = Field(default_factory=lambda: Travel(), description="Hours between places")
    climate: Climate = Field(
        default_factory=lambda: Climate(), description="How often which weather comes up where"
    )
    effects: Effects = Field(
        default_factory=lambda: Effects.model_validate({}),
        description="What the weather does to failures and outdoor work",
    )
    disruptions: tuple[Disruption, ...] = Field((), description="What is out of the ordinary on a date")
    response_clock: Literal["attend", "respond"] = Field(
        "attend",
        description="Clock on which a rule's `response` target stands: first arrival, or a booked engineer",
    )
    sla: tuple[SlaRule, ...] = Field((), description="SLA rules in order; the first match wins")
    scheduling_policies: dict[Name, SchedulingPolicy] = Field(
        default_factory=dict, description="What counts in a plan, by the name of a policy"
    )
    dispatch: Dispatch = Field(default_factory=lambda: Dispatch(), description="How work is given out")
    inspections: Inspections | None = Field(None, description="Preventive visits at regular intervals")
    prediction: Prediction | None = Field(None, description="Failures that sensors announce")
    penalties: Penalties = Field(
        default_factory=lambda: Penalties(), description="Caps on what is paid, credits, bonus, suspension"
    )
    satisfaction: Satisfaction | None = Field(
        None,
        description="What customers think of an order; unknown when absent, its defaults when empty ({})",
    )
    alerts: tuple[Alert, ...] = Field((), description="What is watched day by day, and what it sets off")
    aftercare: AfterCare = Field(
        default_factory=lambda: AfterCare(), description="Calls after completion, and complaints"
    )
    stated: Stated = Field(default_factory=lambda: Stated(), description="What the plan states of itself")
    budget: Budget | None = Field(None, description="Budget and split, for the plan's own check")
    changes: tuple[Change, ...] = Field((), description="What changes on a date, in order of dates")
    sources: dict[str, Source] = Field(
        default_factory=dict, description="Source or assumption by dotted key (a section covers its keys)"
    )
