"""What every engine is: a name, and a function from a problem and limits to a plan."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from optimize.plan import Plan
from optimize.problem import DispatchProblem

Stop = Callable[[], bool]


@dataclass(frozen=True)
class Limits:
    """When a search ends; the time counts from here on.

    Parameters
    ----------
    seconds, iterations
        One of the two; with iterations nothing depends on the clock.
    began
        Instant from which the seconds count.
    """

    seconds: float | None = None
    iterations: int | None = None
    began: float = field(default_factory=time.perf_counter)

    @property
    def elapsed(self) -> float:
        """Return the seconds that have gone by."""
        return time.perf_counter() - self.began

    @property
    def left(self) -> float | None:
        """Return the seconds that are left, some instant if none are; nothing if only iterations count."""
        return None if self.seconds is None else max(self.seconds - self.elapsed, 1e-6)


class Engine(Protocol):
    """A way to find a plan.

    Attributes
    ----------
    name
        By which it is asked for.
    """

    name: str

    def solve(
        self,
        problem: DispatchProblem,
        limits: Limits,
        seed: int = 1,
        start: Plan | None = None,
        stop: Stop | None = None,
    ) -> Plan:
        """Return a plan that breaks no hard rule, scored by `optimize.evaluation`.

        Parameters
        ----------
        problem
            What is planned.
        limits
            When the search ends.
        seed
            What its random numbers are drawn from.
        start
            A plan to begin with, of this problem or an earlier state of it; if it is allowed as it stands, no
            worse one is returned.
        stop
            Asked now and then; True ends the search with the best plan so far.
        """
        ...
