"""Closed forms of spare parts under base stock and of inspections, for comparison with the simulation.

Written from the literature and independent of the product: only the standard library, numpy and scipy are
imported. Demand rates are per hour and lead times in hours; any other unit does if it is the same throughout.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class StockService:
    """What one stocking point gives under base stock, one-for-one replenishment and backlogging.

    Parameters
    ----------
    fill_rate
        P(X < S): share of demands met from the shelf at once, X being the parts on order.
    backorders
        EBO = E[(X - S)+]: mean number of demands that wait for a part, over time.
    """

    fill_rate: float
    backorders: float


@dataclass(frozen=True)
class TwoEchelons:
    """Equal bases that one depot supplies one for one, first come first served.

    Parameters
    ----------
    demand
        Demand rate of one base.
    bases
        Number of bases.
    depot_stock, depot_lead
        Base stock and replenishment lead time of the depot.
    base_stock, base_lead
        Base stock of one base, and time from the depot to it when the depot has the part.
    """

    demand: float
    bases: int
    depot_stock: int
    depot_lead: float
    base_stock: int
    base_lead: float


def palm(pipeline: float, stock: int) -> StockService:
    """Return the service of a depot: parts on order X are Poisson of mean lambda L, whatever the lead time.

    Parameters
    ----------
    pipeline
        lambda L: mean demand during a lead time.
    stock
        Base stock S.

    References
    ----------
    Palm, Analysis of the Erlang traffic formula for busy-signal arrangements, Ericsson Technics 5 (1938)
    39-58; Feeney and Sherbrooke, The (S-1, S) inventory policy under compound Poisson demand, Management
    Science 12 (1966) 391-411; Sherbrooke, Optimal Inventory Modeling of Systems, 2nd ed. (2004), 2.
    """
    return _service(_poisson(pipeline), stock)


def two_echelon_exact(system: TwoEchelons) -> StockService:
    """Return the service of each of several equal bases that one depot supplies, first come first served.

    The depot's backorders belong to a base independently with its share of demand (thinning); parts on order
    at a base are those, plus its Poisson demand during the base's own lead time.

    Parameters
    ----------
    system
        Rates, lead times and stock; the base lead time is constant.

    References
    ----------
    Simon, Stationary properties of a two-echelon inventory model for low demand items, Operations Research 19
    (1971) 761-773; Graves, A multi-echelon inventory model for a repairable item with one-for-one
    replenishment, Management Science 31 (1985) 1247-1256.
    """
    depot = _depot_backorders(system)
    return _service(
        np.convolve(_thinned(depot, 1.0 / system.bases), _poisson(system.demand * system.base_lead)),
        system.base_stock,
    )


def two_echelon_graves(system: TwoEchelons) -> StockService:
    """Return the approximation with a negative binomial of the exact mean and variance of parts on order.

    Parameters
    ----------
    system
        Rates, lead times and stock.

    References
    ----------
    Graves, A multi-echelon inventory model for a repairable item with one-for-one replenishment, Management
    Science 31 (1985) 1247-1256.
    """
    depot = _depot_backorders(system)
    count = np.arange(len(depot))
    late = float(count @ depot)
    spread = float(count**2 @ depot) - late**2
    share = 1.0 / system.bases
    mean = system.demand * system.base_lead + share * late
    variance = system.demand * system.base_lead + share**2 * spread + share * (1.0 - share) * late
    if variance <= mean:
        return _service(_poisson(mean), system.base_stock)
    return _service(_negative_binomial(mean, variance), system.base_stock)


def two_echelon_metric(system: TwoEchelons) -> StockService:
    """Return METRIC's approximation, which understates backorders: parts on order Poisson of the exact mean.

    Parameters
    ----------
    system
        Rates, lead times and stock.

    References
    ----------
    Sherbrooke, METRIC: a multi-echelon technique for recoverable item control, Operations Research 16 (1968)
    122-141.
    """
    late = palm(system.demand * system.bases * system.depot_lead, system.depot_stock).backorders
    return _service(_poisson(system.demand * system.base_lead + late / system.bases), system.base_stock)


def delay_time_failures(interval: float, longest_delay: float) -> float:
    """Return b, the share of defects that become failures before an inspection finds them.

    Defects begin as a Poisson process, fail after a delay h uniform on (0, D), and every inspection, each T,
    finds all of them: b = integral of (T - h) / T over h < T, which is T / (2 D) for T <= D.

    Parameters
    ----------
    interval
        T, time between inspections.
    longest_delay
        D, longest delay from a defect's first sign to failure.

    References
    ----------
    Christer and Waller, Delay time models of industrial inspection maintenance problems, Journal of the
    Operational Research Society 35 (1984) 401-406.
    """
    if interval <= longest_delay:
        return interval / (2.0 * longest_delay)
    return 1.0 - longest_delay / (2.0 * interval)


def _service(on_order: FloatArray, stock: int) -> StockService:
    """Return fill rate and backorders of a base stock, given the distribution of parts on order."""
    count = np.arange(len(on_order))
    late = float(np.maximum(count - stock, 0) @ on_order)
    return StockService(fill_rate=float(on_order[:stock].sum()), backorders=late)


def _support(mean: float, variance: float) -> FloatArray:
    """Return the counts 0, 1, ... up to where what is left out is below rounding."""
    return np.arange(int(mean + 40.0 * math.sqrt(variance) + 40.0), dtype=np.float64)


def _poisson(mean: float) -> FloatArray:
    """Return the Poisson probabilities of 0, 1, ..."""
    from scipy.special import gammaln, xlogy

    count = _support(mean, mean)
    return np.asarray(np.exp(xlogy(count, mean) - mean - gammaln(count + 1.0)), dtype=np.float64)


def _negative_binomial(mean: float, variance: float) -> FloatArray:
    """Return the negative binomial probabilities of 0, 1, ... with a variance above the mean."""
    from scipy.special import gammaln

    size, success = mean**2 / (variance - mean), mean / variance
    count = _support(mean, variance)
    weight = gammaln(count + size) - gammaln(size) - gammaln(count + 1.0)
    logarithm = weight + size * math.log(success) + count * math.log1p(-success)
    return np.asarray(np.exp(logarithm), dtype=np.float64)


def _depot_backorders(system: TwoEchelons) -> FloatArray:
    """Return the distribution of the demands that wait at the depot."""
    stock = system.depot_stock
    on_order = _poisson(system.demand * system.bases * system.depot_lead)
    if stock >= len(on_order):
        return np.ones(1)
    return np.concatenate([[on_order[: stock + 1].sum()], on_order[stock + 1 :]])


def _thinned(counts: FloatArray, share: float) -> FloatArray:
    """Return the distribution of those kept if each of a random number is kept with the same probability."""
    kept = np.zeros(len(counts))
    for n, probability in enumerate(counts):
        for k in range(n + 1):
            kept[k] += probability * math.comb(n, k) * share**k * (1.0 - share) ** (n - k)
    return kept
