"""Annealing level by level: first by weight, then ever steeper, at last with each level kept in full.

Where the first level dominates, a temperature that fits it leaves those after it to chance, and ways that
nobody minds leave no room to be on time. So the search begins by weight, and what it found is improved level
by level.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from optimize.engines.annealing import Annealed, Span, annealed
from optimize.engines.protocol import Stop
from optimize.engines.starting import better, holding
from optimize.evaluation import scored
from optimize.layout import compiled
from optimize.lns.data import Routes
from optimize.lns.search import total_cost
from optimize.plan import Plan
from optimize.priorities import every_level, factors_of
from optimize.problem import DispatchProblem

#: How many times as much a level counts as the next in the searches that come first: by weight, then steeper.
BY_WEIGHT, STEEPER = 1.0, 10.0
#: How many searches follow in which levels are kept in full.
_IN_FULL = 2


def annealed_by_level(
    problem: DispatchProblem,
    routes: Routes,
    span: Span,
    numbers: tuple[int, ...],
    *,
    begin: Sequence[float] = (BY_WEIGHT, STEEPER),
    stop: Stop | None = None,
) -> Annealed:
    """Improve a plan of a problem with levels; the one at the end is never worse than the one before.

    Parameters
    ----------
    problem, routes, span, numbers, stop
        As `optimize.engines.annealing.annealed` has them.
    begin
        How many times as much a level counts as the next in the searches that come first.
    """
    levels = every_level(problem.policy)
    plan, done, stages = scored(problem, routes), 0, len(begin) + _IN_FULL

    def stage(searched: DispatchProblem, number: int, scale: float | None) -> None:
        nonlocal plan, done
        part = _part(span, done, stages - number)
        if part is not None:
            # The best plan of a search is kept without what the next one needs of it.
            start = holding(problem, plan)
            found = annealed(searched, start, part, (*numbers, number), scale=scale, stop=stop)
            plan, done = better(plan, scored(problem, found.routes)), done + found.iterations

    for number, steepness in enumerate(begin):
        policy = replace(problem.policy, steepness=steepness)
        stage(replace(problem, policy=policy), number, None)
    factors = factors_of(problem)
    worth = [level for level in levels if _worth(plan, problem, level) > 0.0][-_IN_FULL:]
    for number, level in enumerate(worth, stages - len(worth)):
        stage(problem, number, factors[level[0]] * _worth(plan, problem, level))
    best = holding(problem, plan)
    return Annealed(best, float(total_cost(compiled(problem), best)), done)


def _part(span: Span, done: int, stages: int) -> Span | None:
    """Return what one of the stages that are left gets of a span; nothing if nothing is left."""
    if span.iterations is not None:
        left = span.iterations - done
        return Span(iterations=max(left // stages, 1)) if left > 0 else None
    seconds = (span.seconds or 0.0) - (time.perf_counter() - span.began)
    return Span(seconds=seconds / stages) if seconds > 0.0 else None


def _worth(plan: Plan, problem: DispatchProblem, level: tuple[str, ...]) -> float:
    """Return what a level of a plan comes to, without what must not be left out."""
    assert plan.parts is not None  # it has just been evaluated
    drops = [problem.orders[problem.position[name]].drop_cost for name in plan.unassigned]
    left = float(sum(drop for drop in drops if np.isfinite(drop)))
    return sum(left if name == "left_out" else float(getattr(plan.parts, name)) for name in level)
