"""A new plan after something has happened, in which only that changes which is worth it.

The plan that stands is where the search begins, whoever takes an order from another pays for the unrest, and
what is under way or inside the freeze window stays as it is. An answer is there at once, by insertion alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from optimize.day.carried_over import carried_over
from optimize.day.event_kinds import changed
from optimize.day.model import Day
from optimize.day.problem import DayProblem, plan_to_day, previous_plan, problem_of
from optimize.plan import Plan
from optimize.problem import DispatchProblem


def first_answer(day: Day) -> Day:
    """Return a day in whose plan what nobody has is where it costs least; what follows it may begin later.

    Parameters
    ----------
    day
        The day with the plan that stands. Visits that are not possible any more are put in anew, if they can.
    """
    made = problem_of(day)
    return _with(day, made, inserted(made.problem, carried_over(made.problem, previous_plan(day, made))))


def replan(
    day: Day,
    *,
    seed: int = 1,
    seconds: float | None = None,
    iterations: int | None = None,
    churn: float | None = None,
    engine: str = "portfolio",
    stop: Callable[[], bool] | None = None,
) -> Day:
    """Return a day with a plan in which little has changed.

    Parameters
    ----------
    day
        The day with the plan that stands.
    seed, seconds, iterations, engine, stop
        As `optimize.plan_dispatch` takes them.
    churn
        What it costs to give an order to another engineer, in the scenario's currency; `churn_weight` where
        absent.
    """
    made = problem_of(day)
    standing = carried_over(made.problem, previous_plan(day, made))
    plan = improved(
        made.problem,
        standing,
        seed=seed,
        seconds=seconds,
        iterations=iterations,
        churn=churn,
        engine=engine,
        stop=stop,
    )
    return _with(day, made, plan)


def inserted(problem: DispatchProblem, standing: Plan) -> Plan:
    """Return a plan with every order that it lacks where it costs least, as far as that is worth it.

    Parameters
    ----------
    problem
        The problem as it is now.
    standing
        The plan that stands, of this problem or an earlier state of it.
    """
    from optimize.dispatch import plan_dispatch

    return plan_dispatch(problem, engine="regret", iterations=1, start=standing)


def improved(
    problem: DispatchProblem,
    standing: Plan,
    *,
    seed: int = 1,
    seconds: float | None = None,
    iterations: int | None = None,
    churn: float | None = None,
    engine: str = "portfolio",
    stop: Callable[[], bool] | None = None,
) -> Plan:
    """Return the best plan found from the one that stands, unrest priced; parameters as `replan` has them."""
    from optimize.dispatch import plan_dispatch

    weight = churn_weight(problem, standing) if churn is None else churn
    policy = replace(problem.policy, churn=weight)
    previous = problem.previous or standing.engineer_of
    priced = replace(problem, policy=policy, previous=previous)
    return plan_dispatch(
        priced, engine=engine, seed=seed, seconds=seconds, iterations=iterations, start=standing, stop=stop
    )


def churn_weight(problem: DispatchProblem, standing: Plan) -> float:
    """Return what another engineer costs: the policy's share of an average order, or its price if more.

    Parameters
    ----------
    problem
        The problem as it is now.
    standing
        The plan that stands; what of it is still possible is priced, without orders that are left out.

    Notes
    -----
    With a share of a half, an order is moved only if that saves more than half of an average order. Measured
    on technician days as `benchmarks/urgent_order.py` does: the half costs least after 0.3 s and moves four
    of 99 orders at most, a quarter up to nine; a thirtieth moves up to 23 and costs more, since the search
    has no time to settle.
    """
    kept = carried_over(problem, standing)
    parts = kept.parts
    assert parts is not None  # it has been evaluated
    served = max(len(kept.engineer_of), 1)
    return max(
        problem.policy.churn, problem.policy.churn_share * (kept.cost - parts.left_out - parts.churn) / served
    )


def _with(day: Day, made: DayProblem, plan: Plan) -> Day:
    planned: Day = changed(day, plan=plan_to_day(day, made, plan))
    return planned
