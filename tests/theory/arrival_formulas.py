"""What arrivals at a rate that varies in time must look like, for comparison with the simulation.

Written from the literature and independent of the product: only numpy and scipy are imported. Instants are in
hours and rates per hour; any other unit does as well if it is the same throughout.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def cumulated_rate(instants: npt.ArrayLike, edges: Sequence[float], rates: Sequence[float]) -> FloatArray:
    """Return the integral of a piecewise-constant rate from the first edge to each instant.

    Parameters
    ----------
    instants
        Instants between the first and the last edge.
    edges
        Ends of the pieces in rising order, one more than there are rates.
    rates
        Rate within each piece.

    References
    ----------
    Cinlar, Introduction to Stochastic Processes (1975), 4.7.
    """
    knots = np.concatenate([[0.0], np.cumsum(np.diff(edges) * np.asarray(rates))])
    cumulated: FloatArray = np.interp(np.asarray(instants, dtype=np.float64), edges, knots)
    return cumulated


def poisson_count_mean(edges: Sequence[float], rates: Sequence[float], start: float, end: float) -> float:
    """Return mean, and variance, of the arrivals in a window: the integral of the rate over it.

    Parameters
    ----------
    edges, rates
        As for `cumulated_rate`.
    start, end
        Ends of the window, between the first and the last edge.

    References
    ----------
    Cinlar, Introduction to Stochastic Processes (1975), 4.7.
    """
    at_start, at_end = cumulated_rate([start, end], edges, rates)
    return float(at_end - at_start)


def ks_exponential(gaps: npt.ArrayLike) -> tuple[float, float]:
    """Return distance and p-value of the Kolmogorov-Smirnov test that gaps are Exp(1).

    For the time-rescaling test: the gaps between arrivals on the scale of `cumulated_rate`, of one long
    series or of several put together, without the last one of each, which the end of the run cuts short.

    Parameters
    ----------
    gaps
        Differences of the cumulated rate between consecutive arrivals.

    References
    ----------
    Brown, Barbieri, Ventura, Kass and Frank, The time-rescaling theorem and its application to neural spike
    train data analysis, Neural Computation 14 (2002) 325-346.
    """
    from scipy.stats import kstest

    result = kstest(np.asarray(gaps, dtype=np.float64), "expon")
    return float(result.statistic), float(result.pvalue)
