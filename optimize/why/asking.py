"""What is asked about an order, and every plan found on the way to the answers.

All answers are read from one collection of plans, so that none contradicts another: what is said to be the
cheapest is the cheapest of everything that was found.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from optimize.problem import DispatchProblem
from optimize.why.model import Way
from optimize.why.nobody import crew_of
from optimize.why.solving import Effort, Settled, anew, in_place, order_of, pinned, rescored, together, way_of

Range = tuple[float, float]

#: How far a start may be out of its range, for rounding; a price that is hardly ever paid.
EPS, _HUGE = 1e-9, 1e7


@dataclass(frozen=True)
class Asked:
    """What is asked.

    Parameters
    ----------
    problem, base
        What was planned, and the plan that is explained.
    order
        The order it is about.
    effort
        Of each search.
    known
        Plans found so far that serve it, and the range of starts that each was made for; grows.
    """

    problem: DispatchProblem
    base: Settled
    order: str
    effort: Effort
    known: list[tuple[Range | None, Settled]] = field(default_factory=list)

    @property
    def drop_cost(self) -> float | None:
        """Return what leaving the order, and a visit linked with it, costs; nothing if it may not be left."""
        cost = sum(order_of(self.problem, name).drop_cost for name in together(self.problem, self.order))
        return cost if math.isfinite(cost) else None

    def note(self, settled: Settled | None, starts: Range | None = None) -> None:
        """Keep a plan if it serves the order and leaves out nothing else that must be served.

        Parameters
        ----------
        settled
            The plan.
        starts
            The range of starts that it was made for. In the problem as it is, an order begins as early as it
            can: the plan is kept as what it is there, too.
        """
        if settled is None or not settled.lost <= self.base.lost:
            return
        if starts is not None:
            self.known.append((starts, settled))
            settled = rescored(self.problem, settled.plan)
        if settled is not None and self.order in settled.plan.engineer_of:
            self.known.append((None, settled))

    def place(self, engineer: str | None = None, starts: Range | None = None) -> Settled | None:
        """Return the cheapest plan with the order in it and everything else where it is; note it."""
        forced = pinned(self.problem, self.order, engineer=engineer, starts=starts)
        found = in_place(forced, self.base.plan, self.order)
        self.note(found, starts)
        return found

    def search(self, engineer: str | None = None, starts: Range | None = None) -> Settled | None:
        """Return the best plan found that serves the order, begun with the best one known; note it."""
        forced = pinned(self.problem, self.order, engineer=engineer, starts=starts)
        known = self.cheapest(engineer, starts)
        start = self.base if known is None else known
        found = anew(forced, start.plan, self.order, self.effort)
        self.note(found, starts)
        return found

    def cheapest(self, engineer: str | None = None, starts: Range | None = None) -> Settled | None:
        """Return the cheapest plan known in which an engineer has the order, with a start in a range."""
        fitting = [
            settled
            for made_for, settled in self.known
            if made_for in (None, starts)
            and engineer in (None, settled.plan.engineer_of[self.order])
            and (starts is None or starts[0] - EPS <= settled.plan.start_of[self.order] <= starts[1] + EPS)
        ]
        return min(fitting, key=lambda settled: settled.rank, default=None)

    def appointment(self, starts: Range) -> Settled | None:
        """Return the cheapest plan known that keeps an appointment, at the price that it has then.

        Who may begin at any time may leave later than he does in a plan; with an appointment he may not.
        """
        made = [settled for made_for, settled in self.known if made_for == starts]
        free = self.cheapest(None, starts)
        if free is not None:
            kept = rescored(pinned(self.problem, self.order, starts=starts), free.plan)
            made += [] if kept is None else [kept]
        return min(made, key=lambda settled: settled.rank, default=None)

    def blocking(self) -> list[str]:
        """Return orders that must be served and would be left out for this one, if there is such a plan."""
        freed = replace(
            self.problem,
            orders=tuple(replace(o, drop_cost=min(o.drop_cost, _HUGE)) for o in self.problem.orders),
        )
        found = anew(pinned(freed, self.order), self.base.plan, self.order, self.effort)
        left = () if found is None else found.plan.unassigned
        must = {o.id for o in self.problem.orders if not math.isfinite(o.drop_cost)}
        return sorted((must & {*left}) - self.base.lost)

    def way(self, settled: Settled | None) -> Way | None:
        """Return a plan as a difference to the one that is explained."""
        crew = crew_of(self.problem, self.order)
        return None if settled is None else way_of(self.base.plan, self.base.cost, settled, self.order, crew)
