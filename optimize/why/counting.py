"""Whom each rule removes for one order, in the order in which a dispatcher would ask.

First the rules that look at an order and an engineer; then what follows from his hours, the way, the depot
and a linked visit, each judged as if he had nothing else to do; last whether the plan as it stands has room.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from optimize.plan import Plan
from optimize.problem import DispatchProblem, Engineer, Order, Travel
from optimize.rules import RULES
from optimize.why.model import RuleStep
from optimize.why.nobody import as_if_there, crew_of, reason
from optimize.why.solving import Effort, Settled, anew, order_of, pinned, together, without
from optimize.why.wording import rule_text
from scenarios.phrases import Phrase

Test = Callable[[Order, Engineer], bool]

#: Iterations to place two linked visits beside nothing else.
_LINKED = 30


def rule_steps(problem: DispatchProblem, order_id: str) -> tuple[RuleStep, ...]:
    """Return whom each rule removes of those whom the rules before it left; rules that remove nobody too."""
    order, left = order_of(problem, order_id), list(problem.engineers)
    steps = []
    for name, passes in _tests(problem, order_id).items():
        removed = tuple(e.id for e in left if not passes(order, e))
        left = [e for e in left if e.id not in removed]
        steps.append(RuleStep(name, removed, tuple(e.id for e in left), rule_text(name, removed, len(left))))
    return tuple(steps)


def able(steps: Sequence[RuleStep]) -> tuple[str, ...]:
    """Return the engineers whom no rule removes."""
    return steps[-1].left


def reason_of(problem: DispatchProblem, order_id: str, steps: Sequence[RuleStep]) -> Phrase | None:
    """Return what the rule means that leaves nobody for an order; None if none does."""
    last = next((step for step in steps if step.removed and not step.left), None)
    if last is None:
        return None
    tests = {rule.name: rule.passes for rule in RULES} | alone(problem)
    people = [problem.engineers[problem.engineer_position[name]] for name in last.removed]
    return reason(problem, order_of(problem, order_id), last.rule, people, tests)


def room_step(near: Mapping[str, Settled | None]) -> RuleStep:
    """Return who has no room with everything else where it is; room may still be made for him.

    Parameters
    ----------
    near
        By engineer, the plan with the order at his and everything else where it is.
    """
    removed = tuple(name for name, settled in near.items() if settled is None)
    left = tuple(name for name in near if name not in removed)
    return RuleStep("room", removed, left, rule_text("room", removed, len(left)))


def first_rule(problem: DispatchProblem, order: Order, engineer: Engineer) -> str | None:
    """Return the first rule that keeps an engineer from an order if it is all he has to do, if any.

    Whether somebody can come along to a linked visit is not asked.
    """
    tests: dict[str, Test] = {rule.name: rule.passes for rule in RULES}
    return next(
        (name for name, passes in (tests | alone(problem)).items() if not passes(order, engineer)), None
    )


def _tests(problem: DispatchProblem, order_id: str) -> dict[str, Test]:
    def appointment(order: Order, engineer: Engineer) -> bool:
        return len(together(problem, order.id)) == 1 or _both(problem, order.id, engineer)

    last = "crew" if len(crew_of(problem, order_id)) > 1 else "appointment"
    found = {rule.name: rule.passes for rule in RULES} | alone(problem) | {last: appointment}
    if all(engineer.away is None for engineer in problem.engineers):
        del found["away"]
    return found


def alone(problem: DispatchProblem) -> dict[str, Test]:
    """Return whether somebody with nothing else to do is there, has the hours, gets there and can fetch.

    Parameters
    ----------
    problem
        The problem; the tests are by name, in the order in which they are asked.
    """

    def away(order: Order, engineer: Engineer) -> bool:
        if engineer.away is None or hours(order, engineer):
            return True
        return not hours(order, as_if_there(engineer))

    def hours(order: Order, engineer: Engineer) -> bool:
        there = replace(engineer, place=order.place, home=None, depot=None)
        return _feasible(problem, _bare(order), there)

    def travel(order: Order, engineer: Engineer) -> bool:
        return _feasible(problem, _bare(order), replace(engineer, depot=None))

    def depot(order: Order, engineer: Engineer) -> bool:
        return _feasible(problem, order, engineer)

    return {"away": away, "hours": hours, "travel": travel, "depot": depot}


def _bare(order: Order) -> Order:
    return replace(order, parts={}, tools=frozenset())


def _feasible(problem: DispatchProblem, order: Order, engineer: Engineer) -> bool:
    """Return whether an engineer can serve an order if it is all he has to do."""
    from optimize.evaluation import InfeasibleRoute, walked

    places = [order.place, engineer.place, engineer.home, engineer.depot]
    known = [p for p in dict.fromkeys(places) if p is not None]
    at = {place: i for i, place in enumerate(known)}
    pick = np.ix_(range(len(problem.travel.hours)), known, known)
    small = replace(
        problem,
        orders=(replace(order, place=at[order.place], links=(), drop_cost=math.inf),),
        engineers=(
            replace(
                engineer,
                place=at[engineer.place],
                home=None if engineer.home is None else at[engineer.home],
                depot=None if engineer.depot is None else at[engineer.depot],
            ),
        ),
        travel=Travel(problem.travel.hours[pick], problem.travel.price[pick], problem.travel.slice_hours),
        previous={},
    )
    for depots in ({}, {engineer.id: 0}) if engineer.depot is not None else ({},):
        with suppress(InfeasibleRoute):
            walked(small, {engineer.id: [order.id]}, depots)
            return True
    return False


def _both(problem: DispatchProblem, order_id: str, engineer: Engineer) -> bool:
    """Return whether an order and its linked visit fit beside nothing else, the order by this engineer."""
    pair = together(problem, order_id)
    small = without(problem, {o.id for o in problem.orders} - pair)
    forced = pinned(small, order_id, engineer=engineer.id)
    return anew(forced, Plan((), tuple(pair), 0.0), order_id, Effort(_LINKED)) is not None
