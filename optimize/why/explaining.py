"""Why an order is where it is in a plan: rules, prices, appointments, the smallest change."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

from optimize.plan import Plan
from optimize.problem import DispatchProblem, ProblemError
from optimize.why import wording
from optimize.why.asking import Asked
from optimize.why.counting import able, reason_of, room_step, rule_steps
from optimize.why.model import RuleStep, Why
from optimize.why.nobody import crew_of
from optimize.why.pricing import (
    Price,
    forcings,
    price_left,
    price_served,
    search_engineers,
    search_ranges,
    slots,
)
from optimize.why.repairing import remedies
from optimize.why.solving import Effort, Settled, as_it_stands, improved
from scenarios.phrases import phrase

#: Iterations of a search at most, and times the number of orders.
_MOST, _TOTAL = 200, 20_000


def explain(
    problem: DispatchProblem,
    plan: Plan,
    order_id: str,
    *,
    iterations: int | None = None,
    seconds: float | None = None,
    slot_hours: float = 2.0,
    seed: int = 1,
) -> Why:
    """Return why an order is where it is in a plan, and what else could be.

    Parameters
    ----------
    problem, plan
        What was planned, and a plan of it that keeps its rules.
    order_id
        The order.
    iterations
        Of each of the one or two dozen searches that begin with the plan; 0 leaves everything else where it
        is. If absent 200, and fewer for more than a hundred orders.
    seconds
        After which searches end with what they have; then the answer depends on the machine. Without it, same
        seed and iterations, same answer.
    slot_hours
        Length of the ranges of starts that are offered, in hours.
    seed
        Seed of the searches, 0 or more.

    Raises
    ------
    optimize.problem.ProblemError
        If there is no such order, or the plan is not one of the problem.
    """
    if order_id not in problem.position:
        raise ProblemError(phrase("order: found {order}; allowed: an order of the problem", order=order_id))
    if not slot_hours > 0.0:
        raise ProblemError(phrase("slot_hours: found {hours:g}; allowed: above 0", hours=slot_hours))
    until = math.inf if seconds is None else time.perf_counter() + seconds
    if iterations is None:
        iterations = min(_MOST, _TOTAL // max(len(problem.orders), 1))
    effort = Effort(iterations, seed, lambda: time.perf_counter() > until)
    asked = Asked(problem, as_it_stands(problem, plan), order_id, effort)
    asked.note(asked.base)
    return _answered(asked, slot_hours)


def _answered(asked: Asked, slot_hours: float) -> Why:
    """Return all answers: first every plan is searched, then what they say is read from all of them."""
    better = improved(asked.problem, asked.base, asked.effort)
    asked.note(better)
    steps = rule_steps(asked.problem, asked.order)
    people = able(steps)
    near = {name: asked.place(name) for name in people}
    asked.search()
    searched = search_engineers(asked, near)
    looked_at = search_ranges(asked, people, slot_hours)
    served = asked.order in asked.base.plan.engineer_of
    price = price_served(asked) if served else price_left(asked, near)
    forced = forcings(asked, steps, near, searched)
    mended = remedies(asked) if price.engineer is None and price.way is None else ()
    verdict = _verdict(price, people)
    found = asked.cheapest()
    best = _best_cost(asked, price, [better] if found is None else [better, found])
    blocking = asked.blocking() if verdict == "no_plan" else []
    return Why(
        order=asked.order,
        verdict=verdict,
        engineer=price.engineer,
        start=price.start,
        plan_cost=asked.base.cost,
        best_cost=best,
        drop_cost=asked.drop_cost,
        price_in_place=price.in_place,
        price=price.anew,
        in_place=price.place,
        way=price.way,
        rules=(*steps, room_step(near)),
        forcing=forced,
        slots=slots(asked, looked_at),
        remedies=mended,
        texts=(
            *_first_texts(asked, price, steps, blocking),
            *(remedy.text for remedy in mended),
            *([wording.better_text(asked.base.cost - best)] if best < asked.base.cost - wording.EPS else []),
        ),
    )


def _best_cost(asked: Asked, price: Price, others: Sequence[Settled]) -> float:
    """Return the least cost known; where there are levels, the cost of the best plan known."""
    if asked.problem.policy.levels:
        return min([asked.base, *others], key=lambda settled: settled.rank).cost
    return min(price.best_cost, *(settled.cost for settled in others))


def _verdict(price: Price, people: Sequence[str]) -> str:
    if price.engineer is not None:
        return "served"
    if price.way is None:
        return "no_plan" if people else "no_engineer"
    return "better_plan" if price.way.extra < -wording.EPS else "left_out"


def _first_texts(
    asked: Asked, price: Price, steps: Sequence[RuleStep], blocking: Sequence[str]
) -> tuple[str, ...]:
    """Return how the order is served, why it is left out, or that nothing serves it."""
    if price.engineer is not None:
        assert price.start is not None and price.anew is not None
        said = wording.served_text(price.engineer, price.start, price.anew, asked.drop_cost)
        crew = [asked.base.plan.engineer_of[name] for name in crew_of(asked.problem, asked.order)]
        return (said, wording.crew_text(crew)) if len(crew) > 1 else (said,)
    if price.way is None:
        return (wording.blocked_text(steps, reason_of(asked.problem, asked.order, steps), blocking),)
    told = [wording.left_out_text(price.way, asked.drop_cost), wording.in_place_text(price.place)]
    return (*told, wording.moves_text(price.way)) if price.way.moves else tuple(told)
