"""Schema sections for what is watched during a run and what it sets off: alerts, and suspended centres.

Both are judged from what is known at the time, and act through the same few measures. What they observe and
when is in `sim.alerts` and `sim.suspensions`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scenarios.fields import Name, Section, quantity
from scenarios.service import Overflow


class Triggers(Section):
    """What happens in the cities concerned for as long as it is called for."""

    mutual_aid: bool = Field(
        False,
        description="Engineers of other centres may be sent at once, as far as `dispatch.crossing` lets them",
    )
    reprioritise: bool = Field(False, description="Orders of the city move up by one priority")
    overflow: Overflow | None = Field(
        None, description="Orders that wait go to a partner, beside what `dispatch.overflow` says"
    )


class Alert(Section):
    """Something that is looked at at midnight UTC, once a day, and what it sets off when it goes wrong."""

    name: Name = Field(description="Name of the alert")
    kind: Literal["backlog", "csat", "complaints", "outage"] = Field(
        description="backlog: open orders; csat: mean satisfaction of the orders closed in the last day; "
        "complaints, once a week: rise, of any one fault type, of the last 7 days over the 28 before; "
        "outage: hours for which the ticket system is down"
    )
    scope: Literal["city", "country", "network"] = Field(
        "city", description="Looked at in each city, in each country, or in all of them together"
    )
    threshold: float | None = quantity(
        None,
        unit="orders, points, 1 or h",
        description="Raised above it (csat: below it; outage: at it); 50 orders, 85 points, a rise of 0.2, "
        "or 4 h when absent",
        ge=0,
        le=1e6,
    )
    days: int | None = Field(
        None,
        strict=True,
        description="Days (weeks for complaints) in a row for which it has to be so; 3 for csat, otherwise "
        "1, when absent",
        ge=1,
        le=366,
    )
    clear_at: float | None = quantity(
        None,
        unit="orders, points, 1 or h",
        description="Cleared at this figure or a better one; at the threshold when absent",
        ge=0,
        le=1e6,
    )
    clear_days: int = Field(
        1,
        strict=True,
        description="Days (weeks for complaints) in a row for which that has to be so",
        ge=1,
        le=366,
    )
    least: int = Field(
        5,
        strict=True,
        description="Fewest complaints of a fault type in 7 days that can be a rise",
        ge=1,
        le=10_000,
    )
    level: Literal["blue", "yellow", "red"] = Field(
        "yellow", description="How grave it is, as shown to people"
    )
    triggers: Triggers = Field(default_factory=lambda: Triggers(), description="What it sets off")


class Suspension(Section):
    """A centre that misses the standard month after month takes on nothing alone: others step in for it."""

    clock: Literal["respond", "attend", "restore", "complete", "all"] = Field(
        "attend", description="Clock whose attainment is judged; all: every clock that an order's rule sets"
    )
    target: float = quantity(
        0.9, unit="1", description="Share of the month's orders that have to keep it", ge=0, le=1
    )
    months: int = Field(2, strict=True, description="Calendar months in a row that miss it", ge=1, le=120)
    lasts_months: int = Field(1, strict=True, description="Calendar months for which it lasts", ge=1, le=120)
    least_orders: int = Field(
        1,
        strict=True,
        description="Fewest orders by which a month is judged; else it counts for nothing",
        ge=1,
        le=1_000_000,
    )
    triggers: Triggers = Field(
        default_factory=lambda: Triggers(mutual_aid=True),
        description="What happens in the cities that the centre is home to",
    )
