"""Schema section for scheduling policies: what counts in a plan, and how much or in which order.

What each objective is measured by stands in its field. How plans are found is the business of `optimize`, how
the simulation obeys that of `optimize.in_loop`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, Field

from scenarios.fields import Section, listed, quantity

if TYPE_CHECKING:
    from scenarios.schema import Scenario

Objective = Literal["left_for_later", "tardiness", "travel", "overtime", "skill_waste", "unfairness", "churn"]
Priority = Annotated[
    tuple[Objective, ...],
    BeforeValidator(listed, json_schema_input_type=Objective | tuple[Objective, ...]),
]
#: The name of the policy that holds where a scenario names none: weighted, with every weight as it is.
BALANCED = "balanced"


class ObjectiveWeights(Section):
    """How much each objective counts; 0 leaves it out. With the defaults a plan is balanced."""

    tardiness: float = quantity(
        1.0,
        unit="1",
        description="Hour past a clock: factor on an hour of pay x weight of the customer tier x urgency "
        "(4 for an emergency to 1 for a minor fault)",
        ge=0,
        le=1000,
    )
    travel: float = quantity(
        1.0, unit="1", description="Way: factor on pay, hourly cost and fares", ge=0, le=1000
    )
    overtime: float = quantity(
        1.0, unit="1", description="Hour past the end of a shift: factor on its pay", ge=0, le=1000
    )
    skill_waste: float = quantity(
        0.1,
        unit="h",
        description="Level by which somebody is above what an order asks for, in hours of pay",
        ge=0,
        le=1000,
    )
    unfairness: float = quantity(
        0.0,
        unit="1/h",
        description="Square of the hours of work of each engineer, in hours of pay for one hour squared",
        ge=0,
        le=1000,
    )
    churn: float = quantity(
        1.0,
        unit="h",
        description="Another engineer than in the plan that stands, in hours of pay; in planning anew at "
        "least so many halves of what an order costs on average",
        ge=0,
        le=1000,
    )
    left_for_later: float = quantity(
        1.0,
        unit="1",
        description="Order that nobody gets: factor on the hours that it takes and 8 more, in hours of pay, "
        "and on its lateness until a day after the horizon",
        gt=0,
        le=1000,
    )


class SchedulingPolicy(Section):
    """What counts in a plan: a weighted sum of objectives, or one objective before another."""

    objective: Literal["weighted", "lexicographic"] = Field(
        "weighted",
        description="weighted: the sum counts; lexicographic: the first of `priorities` counts, then "
        "the next among equals",
    )
    weights: ObjectiveWeights = Field(
        default_factory=lambda: ObjectiveWeights(), description="How much each objective counts"
    )
    priorities: tuple[Priority, ...] = Field(
        (),
        description="For lexicographic: objectives in order of importance, several at a time by weight; "
        "`left_for_later` is among the first, what is not named comes last",
        max_length=4,
    )


def names_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the names of the policies that a plan by a scenario may follow, the built-in one first."""
    return (BALANCED, *(name for name in scenario.scheduling_policies if name != BALANCED))


def in_force(scenario: Scenario, name: str | None = None) -> tuple[str, SchedulingPolicy]:
    """Return the name and the terms of a scheduling policy.

    Parameters
    ----------
    scenario
        Whose policies there are beside the built-in one.
    name
        Which is asked for; the scenario's own choice when absent.

    Raises
    ------
    LookupError
        If there is none of that name.
    """
    chosen = name or scenario.dispatch.scheduling_policy or BALANCED
    if chosen in scenario.scheduling_policies:
        return chosen, scenario.scheduling_policies[chosen]
    if chosen != BALANCED:
        raise LookupError(chosen)
    return BALANCED, SchedulingPolicy()
