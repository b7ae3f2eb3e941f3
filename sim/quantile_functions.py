"""Durations from uniform numbers by inversion, so that a larger uniform number is always a longer duration.

Inversion keeps scenarios paired: when a mean changes, each job is longer or shorter by the same ratio.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from scenarios.fields import Distribution

FloatArray = npt.NDArray[np.float64]


def quantile(distribution: Distribution, probability: Any) -> Any:
    """Return the hours that a duration does not exceed with a given probability.

    Parameters
    ----------
    distribution
        The duration.
    probability
        Numbers in (0, 1); an array gives an array, a float a float.

    References
    ----------
    Closed forms: Johnson, Kotz and Balakrishnan (1994), Continuous univariate distributions 1. The
    hyperexponential has two phases with balanced means (Whitt 1982, Approximating a point process by a
    renewal process) and is inverted by bisection.
    """
    return _FAMILIES[distribution.distribution](distribution, probability)


@cache
def _special() -> Any:
    """Return scipy's special functions, which take a while to import, once they are needed."""
    from scipy import special

    return special


def _constant(d: Distribution, p: Any) -> Any:
    return np.full(np.shape(p), d.mean) if isinstance(p, np.ndarray) else d.mean


def _exponential(d: Distribution, p: Any) -> Any:
    assert d.mean is not None
    return -d.mean * (np.log1p(-p) if isinstance(p, np.ndarray) else math.log1p(-p))


def _uniform(d: Distribution, p: Any) -> Any:
    assert d.low is not None and d.high is not None
    return d.low + (d.high - d.low) * p


def _triangular(d: Distribution, p: Any) -> Any:
    assert d.low is not None and d.mode is not None and d.high is not None
    span = d.high - d.low
    if span == 0.0:
        return d.low + 0.0 * p
    left = d.low + np.sqrt(p * span * (d.mode - d.low))
    right = d.high - np.sqrt((1.0 - p) * span * (d.high - d.mode))
    value = np.where(np.less(p, (d.mode - d.low) / span), left, right)
    return value if isinstance(p, np.ndarray) else float(value)


def _gamma(d: Distribution, p: Any) -> Any:
    assert d.mean is not None and d.cv is not None
    shape = 1.0 / d.cv**2
    value = _special().gammaincinv(shape, p) * (d.mean / shape)
    return value if isinstance(p, np.ndarray) else float(value)


def _lognormal(d: Distribution, p: Any) -> Any:
    if d.mean == 0.0:
        return 0.0 * p
    mean, deviation = d.logarithmic
    value = np.exp(mean + deviation * _special().ndtri(p))
    return value if isinstance(p, np.ndarray) else float(value)


def _hyperexponential(d: Distribution, p: Any) -> Any:
    assert d.mean is not None and d.cv is not None
    if d.mean == 0.0:
        return 0.0 * p
    square = d.cv**2
    first = (1.0 + math.sqrt((square - 1.0) / (square + 1.0))) / 2.0
    means = (d.mean / (2.0 * first), d.mean / (2.0 * (1.0 - first)))
    tail = 1.0 - np.asarray(p, dtype=np.float64)
    low, high = np.zeros_like(tail), -np.log(tail) * max(means)
    for _ in range(60):
        middle = (low + high) / 2.0
        above = first * np.exp(-middle / means[0]) + (1.0 - first) * np.exp(-middle / means[1]) > tail
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    value = (low + high) / 2.0
    return value if isinstance(p, np.ndarray) else float(value)


_FAMILIES: dict[str, Any] = {
    "constant": _constant,
    "exponential": _exponential,
    "uniform": _uniform,
    "triangular": _triangular,
    "gamma": _gamma,
    "lognormal": _lognormal,
    "hyperexponential": _hyperexponential,
}
