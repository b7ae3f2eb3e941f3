"""Schema sections for what follows a restoration: the call to the customer, and complaints with their clocks.

Both are off unless a scenario has the section. When they happen is computed in `sim.aftercare`.
"""

from __future__ import annotations

from pydantic import Field

from scenarios.fields import Distribution, Duration, Name, Section, quantity

_DESK = "Calendar of the contact desk, in the site's time zone; always open when absent"


class FollowUp(Section):
    """The call that asks a customer whether all is well once his order is complete."""

    share: float = quantity(1.0, unit="1", description="Share of orders after which he is called", ge=0, le=1)
    hours: Duration = Field(description="From completion to the call, in the desk's hours")
    due_hours: float = quantity(
        24.0, unit="h", description="Hours after completion by which he should be called", gt=0, le=10_000
    )
    opens: Name | None = Field(None, description=_DESK)


class Complaints(Section):
    """How often customers complain about an order, and how the contact desk deals with it.

    The chance of a complaint is the share times every factor that applies, at most 1.
    """

    share: float = quantity(
        unit="1", description="Chance of a complaint about an order to which no factor applies", ge=0, le=1
    )
    late_factor: float = quantity(
        1.35, unit="1", description="Factor where the attend or restore clock was missed", ge=0, le=1000
    )
    repeat_factor: float = quantity(
        1.0, unit="1", description="Factor for each visit after the first", ge=0, le=1000
    )
    slow_after_hours: float = quantity(
        72.0, unit="h", description="Hours to restoration beyond which it was slow", ge=0, le=10_000
    )
    slow_factor: float = quantity(1.0, unit="1", description="Factor where it was slow", ge=0, le=1000)
    delay_hours: Duration = Field(
        default_factory=lambda: Distribution(distribution="exponential", mean=12.0),
        description="From restoration to the complaint",
    )
    answer_hours: Duration = Field(description="From the complaint to its answer, in the desk's hours")
    solution_hours: Duration = Field(description="From the answer to a solution, in the desk's hours")
    confirmation_hours: Duration = Field(
        description="From the solution to its confirmation in writing, in the desk's hours"
    )
    answer_within: float = quantity(
        1.0, unit="h", description="Hours from the complaint in which it must be answered", gt=0, le=10_000
    )
    solution_within: float = quantity(
        4.0, unit="h", description="Hours from the complaint in which it must be solved", gt=0, le=10_000
    )
    confirmation_within: float = quantity(
        48.0, unit="h", description="Hours from the complaint in which it must be confirmed", gt=0, le=10_000
    )
    opens: Name | None = Field(None, description=_DESK)


class AfterCare(Section):
    """What happens with the customer after his order."""

    follow_up: FollowUp | None = Field(None, description="Call after completion; none when absent")
    complaints: Complaints | None = Field(None, description="Complaints; none when absent")
