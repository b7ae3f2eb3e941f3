"""Schema sections for work that comes before a failure: inspections at regular intervals, and prediction.

What they mean beside the rest of a scenario is checked in `prevention_checks`; the tables that are simulated
are made in `prevention_compiling`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from scenarios.fields import Duration, Money, Name, Names, Section, Severity, money, quantity

if TYPE_CHECKING:
    from scenarios.schema import Scenario

_Days = Annotated[float, Field(strict=True, gt=0, le=3660)]


class Inspections(Section):
    """Preventive visits at regular intervals, each an order of its own."""

    fault_type: Name = Field(
        description="Key of the fault type that describes the visit; no device type has it among its faults"
    )
    every_days: float | None = quantity(
        None,
        unit="day",
        description="Days from one planned inspection of a site to the next; when absent, only the customer "
        "tiers and sites below are inspected",
        gt=0,
        le=3660,
    )
    customer_tiers: dict[Name, _Days] = Field(
        default_factory=dict,
        description="Days between inspections by customer tier, in place of every_days",
        json_schema_extra={"unit": "day"},
    )
    sites: dict[Name, _Days] = Field(
        default_factory=dict,
        description="Days between inspections by site, in place of the others",
        json_schema_extra={"unit": "day"},
    )
    within_days: float = quantity(
        14.0, unit="day", description="Days after the planned date by which it must have ended", gt=0, le=3660
    )
    first: Literal["spread", "start"] = Field(
        "spread",
        description="spread: the first date of each site lies anywhere in its first interval, by its name; "
        "start: every site on its first day",
    )
    calendar: Name | None = Field(
        None,
        description="Calendar at the site: the order is reported when it first opens on the planned day or "
        "after; at the planned instant when absent",
    )
    hours_per_device: float = quantity(
        0.0, unit="h", description="Hours added for each device at the site", ge=0, le=100
    )
    report_hours: float = quantity(
        0.0, unit="h", description="Hours added for the inspection report", ge=0, le=1000
    )
    training_hours: float = quantity(
        0.0, unit="h", description="Hours added where the customer's staff are trained", ge=0, le=1000
    )
    training_sites: Names = Field((), description="Sites whose staff are trained; all when absent")
    hours_per_defect: float = quantity(
        0.0, unit="h", description="Hours added for each defect that is found and mended", ge=0, le=1000
    )
    detection: float = quantity(
        1.0, unit="1", description="Chance that an inspection finds a defect that is there", ge=0, le=1
    )


class Prediction(Section):
    """Failures that sensors announce: orders of planned work before the failure, and false alarms."""

    recall: float = quantity(
        unit="1", description="Share of the failures of covered devices that is predicted", ge=0, le=1
    )
    precision: float = quantity(
        unit="1", description="Share of the predictions that are right; the rest are false alarms", gt=0, le=1
    )
    lead_hours: float = quantity(
        unit="h",
        description="From prediction to failure, or less where the defect arises later",
        gt=0,
        le=10_000,
    )
    coverage: float = quantity(
        1.0, unit="1", description="Share of the devices below that have sensors", ge=0, le=1
    )
    device_types: Names = Field((), description="Device types with sensors; all when absent")
    customer_tiers: Names = Field((), description="Customer tiers whose sites have sensors; all when absent")
    severity: Severity = Field(
        Severity.MINOR, description="Severity in dispatch of predicted work until the device fails"
    )
    priority: int | None = Field(
        None,
        strict=True,
        description="Priority of predicted work until the device fails; from `severity` when absent",
        ge=1,
        le=9,
    )
    check_hours: Duration = Field(description="Hands-on hours of a visit that finds a false alarm")
    cost_per_site_year: Money = money(
        description="Cost of the sensors of one site, at full coverage, on top of its home centre's",
        unit="currency/year",
    )


def interval_days(s: Scenario, site: str) -> float | None:
    """Return the days between inspections of a site, None where it is not inspected."""
    inspections = s.inspections
    if inspections is None:
        return None
    tier = s.customers[s.sites[site].customer].tier
    return inspections.sites.get(site, inspections.customer_tiers.get(tier, inspections.every_days))


def covered_share(s: Scenario, site: str, device: str) -> float:
    """Return the share of the devices of a type at a site whose failures can be predicted."""
    prediction = s.prediction
    if prediction is None:
        return 0.0
    tier = s.customers[s.sites[site].customer].tier
    admitted = (not prediction.device_types or device in prediction.device_types) and (
        not prediction.customer_tiers or tier in prediction.customer_tiers
    )
    return prediction.coverage if admitted else 0.0
