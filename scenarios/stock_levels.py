"""Base stock for a target fill rate: Graves' approximation for depots that replenish each other one by one.

Units on order at a depot are those that its source owes it and its own demand during transport. The first
are a share of all that the source owes, each being the depot's with its share of demand; mean and variance of
the sum are exact, and a negative binomial of that mean and variance stands for its distribution. Where the
variance does not exceed the mean, as at a depot that a supplier replenishes, it is Poisson (Palm).

References
----------
Graves, A multi-echelon inventory model for a repairable item with one-for-one replenishment, Management
Science 31 (1985) 1247-1256. Palm, Analysis of the Erlang traffic formula for busy-signal arrangements,
Ericsson Technics 5 (1938) 39-58.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Count:
    """Mean and variance of a number of units."""

    mean: float
    variance: float

    @property
    def probabilities(self) -> FloatArray:
        """Return the probabilities of 0, 1, ... up to where what is left out is below rounding."""
        last = int(self.mean + 40.0 * math.sqrt(max(self.mean, self.variance)) + 40.0)
        count = np.arange(1, last, dtype=np.float64)
        if self.mean <= 0.0:
            return np.ones(1)
        if self.variance <= self.mean * (1.0 + 1e-12):
            none, ratios = -self.mean, self.mean / count
        else:
            failure = (self.variance - self.mean) / self.variance
            size = self.mean * (1.0 - failure) / failure
            none, ratios = size * math.log1p(-failure), (count - 1.0 + size) / count * failure
        return np.exp(none + np.concatenate([[0.0], np.cumsum(np.log(ratios))]))


NOTHING = Count(0.0, 0.0)


def on_order(rate: float, lead: float, owed: Count = NOTHING, share: float = 0.0) -> Count:
    """Return the units on order at a depot.

    Parameters
    ----------
    rate
        Its demand in units per hour.
    lead
        Mean hours from its source's shelf to its own.
    owed
        Units that its source owes to all that it replenishes.
    share
        Its share of the demand at the source, 0 to 1.
    """
    return Count(
        rate * lead + share * owed.mean,
        rate * lead + share**2 * owed.variance + share * (1.0 - share) * owed.mean,
    )


def fill_rate(ordered: Count, stock: int) -> float:
    """Return the share of demands that a base stock meets at once: the chance that not all is on order."""
    return float(ordered.probabilities[:stock].sum())


def owed_units(ordered: Count, stock: int) -> Count:
    """Return the units that a depot with a base stock owes."""
    chances = ordered.probabilities
    late = np.maximum(np.arange(len(chances)) - stock, 0.0)
    mean = float(late @ chances)
    return Count(mean, max(float(late**2 @ chances) - mean**2, 0.0))


def smallest_stock(ordered: Count, target: float) -> int:
    """Return the smallest base stock whose fill rate reaches a target; 0 where nothing is ever ordered."""
    if ordered.mean <= 0.0:
        return 0
    return int(np.searchsorted(np.cumsum(ordered.probabilities), target, "left")) + 1
