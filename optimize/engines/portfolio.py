"""The default engine: a plan at once by regret, then search from several starts for as long as there is time.

A short search is one annealing. A longer one begins with a few from nothing; what routes they met is weighed
against each other, and drawn together they are where short annealings begin, again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from optimize.engines.annealing import HOT, Annealed, Span, annealed
from optimize.engines.by_level import STEEPER, annealed_by_level
from optimize.engines.compiled_search import filled
from optimize.engines.protocol import Limits, Stop
from optimize.engines.regret import Regret
from optimize.engines.route_pool import RoutePool, can_be_split
from optimize.engines.starting import as_it_stands, better, finished, holding, unscored
from optimize.layout import laid_out, sequences_of
from optimize.lns.data import Routes
from optimize.plan import Plan
from optimize.problem import DispatchProblem

#: Annealings from nothing, and the part of the effort that they get; then those from drawn routes.
_STARTS, _SHARE, _DRAWS = 3, 0.4, 15
#: Temperature at which the latter begin, and how often they begin at the best plan instead.
_WARM, _AT_BEST = 0.004, 0.25
#: Orders for which a second is long, twice as many taking three seconds; iterations an order that are many.
_ORDERS_IN_A_SECOND, _ITERATIONS_AN_ORDER = 100.0, 200
#: Engineers compared in insertion by regret.
_DEPTH = 3


class Portfolio:
    """Regret, annealing from several starts, and routes drawn from all that were met; the best plan seen."""

    name = "portfolio"

    def solve(
        self,
        problem: DispatchProblem,
        limits: Limits,
        seed: int = 1,
        start: Plan | None = None,
        stop: Stop | None = None,
    ) -> Plan:
        """Return the best plan that was found."""
        if problem.policy.levels:
            return self._by_level(problem, limits, seed, start, stop)
        first = Regret(_DEPTH).solve(problem, limits, seed, start)
        stood, done, best = limits.elapsed, 0, None
        for found in _runs(_Effort(problem, limits, seed, first, stop)):
            done += found.iterations
            best = found if best is None or found.cost < best.cost - 1e-9 else best
        plan = first if best is None else better(finished(problem, best.routes, stood), first)
        return replace(better(plan, as_it_stands(problem, start)), first_seconds=stood, iterations=done)

    def _by_level(
        self, problem: DispatchProblem, limits: Limits, seed: int, start: Plan | None, stop: Stop | None
    ) -> Plan:
        """Return the best plan found from the one that half of the effort finds by weight."""
        half = Limits(
            None if limits.left is None else limits.left / 2.0,
            None if limits.iterations is None else max(limits.iterations // 2, 1),
        )
        weighed = self.solve(problem.by_weight, half, seed, start, stop)
        first = better(Regret(_DEPTH).solve(problem, limits, seed, start), as_it_stands(problem, weighed))
        left = None if limits.iterations is None else limits.iterations - weighed.iterations
        span = Span(seconds=limits.left, iterations=left)
        routes = holding(problem, first)
        found = annealed_by_level(problem, routes, span, (seed,), begin=(STEEPER,), stop=stop)
        plan = better(first, finished(problem, found.routes, weighed.first_seconds))
        iterations = weighed.iterations + found.iterations
        return replace(plan, first_seconds=weighed.first_seconds, iterations=iterations)


@dataclass(frozen=True)
class _Effort:
    """What all runs of one search share: the problem, its limits, and the first plan."""

    problem: DispatchProblem
    limits: Limits
    seed: int
    first: Plan
    stop: Stop | None

    @property
    def is_long(self) -> bool:
        """Return whether several starts pay."""
        count = len(self.problem.orders)
        if self.limits.iterations is not None:
            return self.limits.iterations >= _ITERATIONS_AN_ORDER * max(count, 50)
        return bool((self.limits.seconds or 0.0) >= max(count / _ORDERS_IN_A_SECOND, 1.0) ** 1.5)

    def run(
        self,
        routes: Routes,
        share: float,
        number: int,
        done: int,
        *,
        hot: float = HOT,
        watch: Callable[[Routes], None] | None = None,
    ) -> Annealed:
        """Return what a share of the whole effort makes of a plan, if so much is left."""
        if self.limits.iterations is not None:
            most = max(round(share * self.limits.iterations), 1)
            span = Span(iterations=min(most, self.limits.iterations - done))
        else:
            left = self.limits.left or 0.0
            span = Span(seconds=min(share * (self.limits.seconds or 0.0), left))
        return annealed(self.problem, routes, span, (self.seed, number), hot=hot, watch=watch, stop=self.stop)

    def is_over(self, done: int) -> bool:
        """Return whether nothing is left."""
        if self.stop is not None and self.stop():
            return True
        if self.limits.iterations is not None:
            return done >= self.limits.iterations
        return (self.limits.left or 0.0) < 0.002


def _runs(effort: _Effort) -> Iterator[Annealed]:
    """Yield what each annealing found, until the effort is spent."""
    problem, first = effort.problem, holding(effort.problem, effort.first)
    if not effort.is_long:
        yield effort.run(first, 1.0, 0, 0)
        return
    pool = RoutePool(problem) if can_be_split(problem) else None
    done, best = 0, None
    for number in range(_STARTS):
        routes = first if number == 0 else filled(problem, laid_out(problem, {}), _DEPTH)
        last = pool is None and number == _STARTS - 1
        share = (_SHARE if pool is not None else 1.0) / _STARTS
        found = effort.run(routes, 1.0 if last else share, number, done, watch=pool.take if pool else None)
        done += found.iterations
        best = found if best is None or found.cost < best.cost - 1e-9 else best
        yield found
    if pool is not None and best is not None:
        yield from _draws(effort, pool, best, done)


def _draws(effort: _Effort, pool: RoutePool, best: Annealed, done: int) -> Iterator[Annealed]:
    """Yield what short annealings make of routes drawn from the pool, or of the best plan."""
    problem, random = effort.problem, np.random.default_rng(effort.seed)
    pool.take(best.routes)
    number = _STARTS
    while not effort.is_over(done):
        pool.weigh()
        sequences, depots = pool.drawn(random)
        if random.random() < _AT_BEST or not sequences:
            sequences, depots = sequences_of(problem, best.routes)
        routes = filled(problem, holding(problem, unscored(sequences, depots)), _DEPTH)
        share = (1.0 - _SHARE) / _DRAWS
        found = effort.run(routes, share, number, done, hot=_WARM, watch=pool.take)
        pool.take(found.routes)
        done, number = done + found.iterations, number + 1
        best = found if found.cost < best.cost - 1e-9 else best
        yield found
