"""Column generation: prices from the master, routes from the pricing, and a proven bound at every step.

For any prices of visits and cuts, what the visits are worth, less what the cheapest route of each engineer
saves, is a value that no plan undercuts; the best of these is kept, so that the search may end at any time.

References
----------
Desaulniers, G., Desrosiers, J. and Solomon, M. (eds.): Column Generation. Springer (2005). Pessoa, A.,
Sadykov, R., Uchoa, E. and Vanderbeck, F.: Automation and combination of linear-programming based
stabilization techniques in column generation. INFORMS Journal on Computing 30 (2018).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

from optimize.bound.cuts import broken
from optimize.bound.master import Master
from optimize.bound.pricing import COMPARED, ENOUGH, Answer, FloatArray, Prices, Pricing
from optimize.bound.relaxation import Relaxation, plain_bound

#: How near to the best prices so far prices are asked.
_SMOOTH = 0.3
#: Routes that all groups together offer at a time, and a group at least.
_OFFERS, _OFFERS_EACH = 200, 10
#: Rounds in which what a route of one group serves is worth little to the next group; and how little.
_SHARING, _LITTLE = 5, 0.2
#: New routes in a round below which none may be missed any more.
_FEW = 20
#: What counts as no gap, in shares of the bound.
_CLOSED = 1e-7
#: Cuts at a time, and of one visit.
_CUTS, _CUTS_EACH = 30, 5
#: Routes in all that are near enough to the bound to be listed.
_MOST_ROUTES = 12_000
#: Cuts in all.
_MOST_CUTS = 256


@dataclass
class Generation:
    """The search for a bound.

    Parameters
    ----------
    relaxation
        The problem.
    seed
        Seed of the order in which groups are asked.
    cuts
        Whether cuts are looked for when all routes are priced.

    Attributes
    ----------
    value : float
        The best bound so far.
    prices : Prices
        Those that it was found with.
    complete : bool
        Whether all routes were priced without cuts.
    optimal : bool
        Whether the bound is the cost of a plan of the relaxed problem.
    rounds : int
        How many were made.
    """

    relaxation: Relaxation
    seed: int = 1
    cuts: bool = True
    value: float = field(init=False)
    complete: bool = field(init=False, default=False)
    optimal: bool = field(init=False, default=False)
    rounds: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.value = plain_bound(self.relaxation)
        self.master = Master(self.relaxation)
        self.pricing = Pricing(self.relaxation)
        self.prices = Prices(np.zeros(len(self.relaxation.drop)), np.zeros(0), self._per_group(0.0))
        self._random = np.random.default_rng(self.seed)
        self._effort = 0
        self._deadline = np.inf

    def _per_group(self, value: float) -> FloatArray:
        return np.full(len(self.relaxation.groups), value)

    def run(self, seconds: float) -> None:
        """Search until the bound is final or the time is over."""
        self._deadline = time.perf_counter() + seconds
        centre: Prices | None = None
        best = -np.inf
        while time.perf_counter() < self._deadline:
            total, out = self.master.solve()
            plain = centre is None
            asked = out if centre is None else out.towards(centre, _SMOOTH)
            answers = self._ask(asked)
            if answers is None:
                continue
            self.rounds += 1
            added = self._add(answers)
            value = self._worth(asked, answers)
            if value > best:
                best, centre = value, asked
            if all(answer.whole for answer in answers) and value > self.value:
                self.value, self.prices = value, asked
            if self._exact and total - self.value <= self._rounding(total):
                if not self._tighten():
                    break
                centre, best = None, -np.inf
            elif self._exact and not added and plain:
                # Some route was missed or is forbidden: from here on nothing would change.
                break
            elif not self._exact and (added < _FEW or (self._effort == 0 and self.rounds >= _SHARING)):
                self._effort += 1
                centre, best = None, -np.inf
            elif not added:
                centre = None

    @property
    def _exact(self) -> bool:
        return self._effort == len(COMPARED) - 1

    def _rounding(self, total: float) -> float:
        """Return what counts as no gap."""
        engineers = sum(len(group.engineers) for group in self.relaxation.groups)
        return _CLOSED * abs(total) - 2.0 * ENOUGH * engineers

    def _ask(self, prices: Prices) -> list[Answer] | None:
        """Return what every group offers; nothing when the time is over or one had to forget."""
        groups = range(len(self.relaxation.groups))
        answers: dict[int, Answer] = {}
        sharing = not self._exact and self.rounds < _SHARING
        worth = prices.visits.copy()
        for g in self._random.permutation(len(groups)).tolist() if sharing else groups:
            left = self._deadline - time.perf_counter()
            if left <= 0.0:
                return None
            asked = Prices(worth, prices.cuts, prices.groups)
            most = max(_OFFERS // len(groups), _OFFERS_EACH)
            answer = self.pricing.ask(g, asked, effort=self._effort, most=most, seconds=left / 3)
            if self._exact and not answer.whole:
                self._add([Answer((), 0.0, False)] * g + [answer])
                if self.pricing.forget(g):
                    return None
            answers[g] = answer
            if sharing and answer.routes:
                worth[list(answer.routes[0])] *= _LITTLE
        return [answers[g] for g in groups]

    def _add(self, answers: list[Answer]) -> int:
        """Give the master all routes that are offered; return how many are new."""
        return sum(self.master.add(g, route) for g, answer in enumerate(answers) for route in answer.routes)

    def _worth(self, prices: Prices, answers: list[Answer]) -> float:
        """Return the bound at given prices, which is one if no answer missed a route."""
        value = float(prices.visits.sum()) - float(prices.cuts.sum())
        for g, (group, answer) in enumerate(zip(self.relaxation.groups, answers, strict=True)):
            # What an engineer is worth is in the reduced cost, and not in the bound.
            saved = min(answer.reduced - float(prices.groups[g]), 0.0)
            value += len(group.engineers) * saved
        return value

    def _tighten(self) -> bool:
        """Forbid returns that the master uses, then cut it off; False if there is nothing left to do."""
        taken = np.flatnonzero(self.master.shares > 1e-6)
        returning = [q for q in taken.tolist() if self.pricing.remember(*self.master.routes[q])]
        for q in returning:
            self.master.forbid(q)
        if returning:
            return True
        self.complete = True
        shares = self.master.shares[taken]
        self.optimal = bool((np.abs(shares - 1.0) < 1e-6).all())
        if self.optimal or not self.cuts or len(self.master.triples) >= _MOST_CUTS:
            return False
        routes = [self.master.routes[q][1] for q in taken.tolist()]
        found = broken(routes, shares, len(self.relaxation.drop), most=_CUTS, each=_CUTS_EACH)
        for triple in found:
            self.master.add_cut(triple)
        self.pricing.add_cuts(found)
        return bool(found)

    def complete_routes(self, gap: float, seconds: float) -> bool:
        """Give the master every route that costs up to a gap more than it serves.

        A plan whose cost is less than that above the bound consists of such routes.

        Parameters
        ----------
        gap
            The reduced cost up to which routes count; halved until they are not too many.
        seconds
            How long it may take.

        Returns
        -------
        bool
            Whether all up to the gap were found.
        """
        deadline, first = time.perf_counter() + seconds, gap
        while gap > 1e-6 * abs(self.value):
            found: list[tuple[int, tuple[int, ...]]] = []
            for g in range(len(self.relaxation.groups)):
                left, most = deadline - time.perf_counter(), _MOST_ROUTES - len(found)
                if left <= 0.0:
                    return False
                routes = self.pricing.all_below(g, self.prices, gap, most=most, seconds=left / 8)
                if routes is None:
                    break
                found.extend((g, route) for route in routes)
            else:
                for g, route in found:
                    self.master.add(g, route)
                return gap == first
            gap /= 2.0
        return False

    def reduced(self) -> FloatArray:
        """Return what each route of the master costs above what it serves, at the prices of the bound."""
        prices, found = self.prices, []
        cuts = list(zip(self.master.triples, prices.cuts.tolist(), strict=False))
        for (g, route), cost in zip(self.master.routes, self.master.costs, strict=True):
            fines = sum(fine * (sum(visit in triple for visit in route) // 2) for triple, fine in cuts)
            found.append(cost - float(prices.visits[list(route)].sum()) + fines + float(prices.groups[g]))
        return np.array(found)
