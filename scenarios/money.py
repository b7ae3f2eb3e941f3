"""Schema sections for what bad service costs, and what customers think of it.

What a missed clock of an SLA rule costs stands in the rule; here are the caps on it and what else is paid.
The satisfaction curve is an assumption wherever it is shown: it is fitted to figures that state no sample.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scenarios.alerts import Suspension
from scenarios.fields import Money, Name, Section, money, quantity


class Recurrence(Section):
    """Compensation for a fault that is still there, or there again, after a visit."""

    times: float = quantity(
        2.0, unit="1", description="Times the expected hands-on hours of the order", ge=0, le=1000
    )
    value_per_hour: Money = money(description="What such an hour is worth", unit="currency/h")


class ServiceCredit(Section):
    """Longer service for a site whose order is very late; at most one credit a site and month."""

    after_hours: float = quantity(
        unit="h", description="Hours past a target from which it is due", ge=0, le=10_000
    )
    months: float = quantity(1.0, unit="month", description="By how much service is extended", ge=0, le=120)
    value_per_month: Money = money(
        description="What a month of service at a site costs", unit="currency/month"
    )


class Bonus(Section):
    """Performance pay on top of the rostered pay of a centre, in months in which it keeps the standard."""

    clock: Literal["respond", "attend", "restore", "complete", "all"] = Field(
        "attend", description="Clock whose attainment is judged; all: every clock that an order's rule sets"
    )
    target: float = quantity(
        0.9, unit="1", description="Share of the month's orders that have to keep it", ge=0, le=1
    )
    share: float = quantity(unit="1", description="Bonus as a share of rostered pay", ge=0, le=10)


class Penalties(Section):
    """What is paid to customers and taken from teams beside the penalties of SLA rules, and caps on it."""

    cap_per_order: Money | None = money(None, description="Most that is paid for one order")
    cap_daily_losses: float | None = quantity(
        None,
        unit="1",
        description="Most that is paid for one order, in times the daily loss of its customer",
        ge=0,
        le=1000,
    )
    daily_losses: dict[Name, Money] = Field(
        default_factory=dict,
        description="Mean loss by customer on a day without service; no cap for a customer without one",
        json_schema_extra={"unit": "currency/day"},
    )
    cap_per_customer_month: Money | None = money(
        None, description="Most that is paid to one customer for the orders reported in a calendar month"
    )
    recurrence: Recurrence | None = Field(None, description="Compensation where a visit did not help")
    service_credit: ServiceCredit | None = Field(None, description="Longer service after a long delay")
    bonus: Bonus | None = Field(None, description="Performance pay by centre and month")
    suspension: Suspension | None = Field(None, description="What becomes of a centre below the standard")


class Repurchase(Section):
    """A straight line from satisfaction to the share of customers who buy again."""

    at: float = quantity(
        90.0, unit="points", description="Satisfaction at which the share is known", ge=0, le=100
    )
    rate: float = quantity(0.65, unit="1", description="Share who buy again there", ge=0, le=1)
    per_point: float = quantity(
        0.025, unit="1/point", description="By how much a point of satisfaction raises it", ge=0, le=1
    )


class Satisfaction(Section):
    """How satisfied a customer is with an order, 0 to 100 points: a stated curve, an assumption."""

    best: float = quantity(
        98.0, unit="points", description="An order at which nothing is amiss", ge=0, le=100
    )
    tolerance_low: float = quantity(
        8.0, unit="h", description="Wait for somebody to come that everybody bears", ge=0, le=10_000
    )
    tolerance_high: float = quantity(
        12.0,
        unit="h",
        description="Wait that nobody bears; between the two patience ends evenly",
        ge=0,
        le=10_000,
    )
    wait_points_per_hour: float = quantity(
        0.605, unit="points/h", description="Lost for each hour beyond one's patience", ge=0, le=100
    )
    restore_tolerance: float = quantity(
        24.0, unit="h", description="Hours until restoration that are borne", ge=0, le=10_000
    )
    restore_points_per_hour: float = quantity(
        0.1, unit="points/h", description="Lost for each hour beyond", ge=0, le=100
    )
    repeat_points: float = quantity(
        160.0,
        unit="points",
        description="Lost if one visit was not enough; an order has no less than 0",
        ge=0,
        le=1000,
    )
    complaint_points: float = quantity(
        20.0, unit="points", description="Lost if the customer complained", ge=0, le=100
    )
    repurchase: Repurchase = Field(default_factory=lambda: Repurchase(), description="Who buys again")
