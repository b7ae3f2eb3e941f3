"""The scheduling policy of a day: which one it follows, and what that means in the money of its problem."""

from __future__ import annotations

from optimize.day.ground import Ground
from optimize.problem import ProblemError, SchedulingPolicy
from scenarios.phrases import phrase
from scenarios.scheduling import SchedulingPolicy as Terms
from scenarios.scheduling import in_force, names_of

#: Share of what an order costs on average that another engineer costs in planning anew, at a weight of 1.
CHURN_SHARE = 0.5
#: Hours of pay that, as a difference of a level, outweigh all levels after it.
STEP = 0.01
#: What the objectives of a scenario are called among the parts of a cost, where that is not the same.
_PARTS = {"left_for_later": "left_out"}


def followed(name: str, ground: Ground) -> tuple[str, Terms]:
    """Return the name and the terms of the policy that a day follows.

    Parameters
    ----------
    name
        What the day names; the scenario's choice where empty.
    ground
        The scenario on the date of the day.

    Raises
    ------
    optimize.problem.ProblemError
        If the scenario has no such policy.
    """
    try:
        return in_force(ground.scenario, name or None)
    except LookupError:
        raise ProblemError(
            phrase(
                "scheduling policy: found {name!r}; allowed: {names}",
                name=name,
                names=", ".join(names_of(ground.scenario)),
            )
        ) from None


def policy_of(terms: Terms, pay: float, cost_per_hour: float) -> SchedulingPolicy:
    """Return a policy in money.

    Parameters
    ----------
    terms
        As the scenario states it.
    pay, cost_per_hour
        What an hour of an engineer costs in the mean, and an hour of travel beside.
    """
    weights = terms.weights
    levels = tuple(tuple(_PARTS.get(name, name) for name in level) for level in terms.priorities)
    return SchedulingPolicy(
        travel_hour=weights.travel * (pay + cost_per_hour),
        tardiness=weights.tardiness,
        overtime=weights.overtime,
        skill_waste=weights.skill_waste * pay,
        unfairness=weights.unfairness * pay,
        churn=weights.churn * pay,
        churn_share=CHURN_SHARE * weights.churn,
        levels=levels if terms.objective == "lexicographic" else (),
        step=STEP * pay,
    )
