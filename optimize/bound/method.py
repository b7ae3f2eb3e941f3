"""The one function that bounds a dispatch problem from below, and what it says about its proof."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from optimize.bound.certain import left_for_certain, without_crews
from optimize.bound.result import Bound, Column
from optimize.plan import Plan
from optimize.problem import DispatchProblem, ProblemError
from scenarios.phrases import Phrase, phrase

if TYPE_CHECKING:
    from optimize.bound.generation import Generation

#: Share of the bound up to which routes are listed for what a better plan would be made of.
_NEAR = 0.01
#: How many orders are named.
_NAMED = 5


def lower_bound(
    problem: DispatchProblem,
    *,
    seconds: float,
    start: Plan | None = None,
    seed: int = 1,
    cuts: bool = True,
    announce: Callable[[str], None] | None = None,
) -> Bound:
    """Return a value that no plan of a problem can undercut, proven.

    Parameters
    ----------
    problem
        What is planned; prices and weights of lateness, overtime and the like are 0 or more. Of a problem
        with levels the sum of all costs is bounded.
    seconds
        How long to search, more than 0; compiling, the first time on a machine, is not part of them.
    start
        A plan to begin with: the better, the sooner the prices are right. In what is left of the time, the
        routes that a better plan would be made of are listed as well.
    seed
        Seed of the order in which engineers are asked.
    cuts
        Whether to go on with cuts after all routes are priced.
    announce
        Told in words that compiling will take long, if it will.

    Returns
    -------
    Bound
        Valid also when the time was over before all routes were priced.

    Raises
    ------
    optimize.problem.ProblemError
        If the limit is not a time, or the problem contradicts itself.
    """
    if not seconds > 0.0:
        raise ProblemError(phrase("seconds: found {seconds}; allowed: more than 0", seconds=seconds))
    from optimize.bound.generation import Generation
    from optimize.bound.pricing import warmup
    from optimize.bound.relaxation import relax
    from optimize.compiling import compile_problem

    warmup(announce)
    problem = problem.by_weight
    began = time.perf_counter()
    certain = left_for_certain(problem, problem.position if start is None else start.unassigned)
    certain_cost = sum(order.drop_cost for order in problem.orders if order.id in certain)
    names = without_crews(problem, certain)
    problem = replace(problem, orders=tuple(o for o in problem.orders if o.id not in certain))
    relaxation = relax(problem, compile_problem(problem))
    search = Generation(relaxation, seed=seed, cuts=cuts)
    if start is not None:
        _begin_with(start, problem, search)
    search.run(seconds - (time.perf_counter() - began))
    left = seconds - (time.perf_counter() - began)
    open_cost = math.inf if start is None else start.cost - certain_cost
    if search.value < open_cost < math.inf and left > 0.0 and not search.optimal:
        search.complete_routes(min(open_cost - search.value, _NEAR * abs(search.value)), left)
    return Bound(
        value=search.value + certain_cost,
        complete=search.complete,
        seconds=time.perf_counter() - began,
        columns=len(search.master.routes),
        routes=_columns(problem, search),
        note=_with_certain(_note(search), names, certain_cost),
        certain=tuple(sorted(certain)),
        certain_cost=certain_cost,
    )


def _with_certain(note: Phrase, names: Sequence[str], cost: float) -> Phrase:
    """Return a note with what no plan serves, if there is something."""
    if not names:
        return note
    orders: str = ", ".join(names[:_NAMED])
    if len(names) > _NAMED:
        orders = phrase("{names} and {n} more", names=orders, n=len(names) - _NAMED)
    return phrase(
        "{note}; nobody can serve {orders} in any plan: the {cost:,.2f} of leaving that are in the bound, "
        "and no part of the gap",
        note=note,
        orders=orders,
        cost=cost,
    )


def _begin_with(plan: Plan, problem: DispatchProblem, search: Generation) -> None:
    """Give the master the routes of a plan."""
    group_of = {
        int(engineer): g for g, group in enumerate(search.relaxation.groups) for engineer in group.engineers
    }
    for route in plan.routes:
        engineer = problem.engineer_position[route.engineer]
        if route.orders and engineer in group_of:
            search.master.add(group_of[engineer], tuple(problem.position[order] for order in route.orders))


def _columns(problem: DispatchProblem, search: Generation) -> tuple[Column, ...]:
    """Return the routes without returns, the most promising first."""
    reduced = search.reduced()
    found = []
    for q in reduced.argsort(kind="stable").tolist():
        g, route = search.master.routes[q]
        if len(set(route)) == len(route):
            engineers = tuple(problem.engineers[e].id for e in search.relaxation.groups[g].engineers.tolist())
            orders = tuple(problem.orders[visit].id for visit in route)
            exact = not search.relaxation.relaxed
            found.append(Column(engineers, orders, search.master.costs[q], exact, float(reduced[q])))
    return tuple(found)


def _note(search: Generation) -> Phrase:
    """Return in words how a bound was proven, and what was left out of account."""
    count = len(search.master.triples)
    if search.optimal:
        proof = phrase("All routes were priced to the end, and whole routes attain the bound")
    elif search.complete and count:
        proof = phrase("All routes were priced to the end, and {count} cuts raised the bound", count=count)
    elif search.complete:
        proof = phrase("All routes were priced to the end")
    else:
        proof = phrase("Pricing was cut short after {rounds} rounds; the bound holds", rounds=search.rounds)
    relaxed = search.relaxation.relaxed
    if not relaxed:
        return proof
    words = reduce(lambda all_, one: phrase("{several}, {one}", several=all_, one=one), relaxed)
    return phrase("{proof}; left out of account: {words}", proof=proof, words=words)
