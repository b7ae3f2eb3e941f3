"""When a run has forgotten how it began: the truncation point of a series by MSER-5.

It only says how much of a series to drop. Which figure is watched, and whether a warm-up is stated in the
scenario instead, is decided by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenarios.phrases import phrase

_BATCH = 5
_FEWEST_BATCHES = 10


@dataclass(frozen=True)
class Truncation:
    """Where a series has settled.

    Parameters
    ----------
    truncate
        Observations to drop from the start of the series.
    reliable
        False where the best point is the last one that may be chosen: the series is then too short, or
        never settles, and the warm-up should be stated or the run made longer.
    """

    truncate: int
    reliable: bool


def mser5(series: npt.ArrayLike) -> Truncation:
    """Return where the warm-up of a series ends: MSER on means of five observations.

    The point is chosen that minimises the squared standard error of what is left, among the first half
    of the batches; observations past the last full batch are not looked at.

    Parameters
    ----------
    series
        Observations at equal steps in time order, one replication or the mean of several.

    Returns
    -------
    Truncation
        Observations to drop, a multiple of five, and whether the point can be trusted.

    Raises
    ------
    ValueError
        If the series has fewer than ten batches (50 observations) or holds a value that is not finite.

    References
    ----------
    White, An effective truncation heuristic for bias reduction in simulation output, Simulation 69 (1997)
    323-334; Franklin and White, Stationarity tests and MSER-5, Winter Simulation Conference (2008) 541-546.
    """
    values = np.asarray(series, dtype=np.float64)
    if values.ndim != 1:
        raise ValueError(f"MSER-5 takes one series, got {values.ndim} dimensions")
    batches = len(values) // _BATCH
    if batches < _FEWEST_BATCHES:
        needed = _FEWEST_BATCHES * _BATCH
        raise ValueError(
            phrase(
                "MSER-5 needs at least {needed} observations, got {count}", needed=needed, count=len(values)
            )
        )
    if not np.isfinite(values).all():
        raise ValueError("MSER-5 needs a finite value at every step of the series")
    means = values[: batches * _BATCH].reshape(batches, _BATCH).mean(axis=1)
    limit = batches // 2
    statistic = np.empty(batches)
    # Welford's recurrence from the end: a settled tail keeps an error of exactly zero, which differences of
    # cumulated squares would not, and the earliest of equal points is then found.
    mean = squares = 0.0
    for kept, value in enumerate(means[::-1].tolist(), start=1):
        step = value - mean
        mean += step / kept
        squares += step * (value - mean)
        statistic[batches - kept] = squares / (kept * kept)
    best = int(np.argmin(statistic[: limit + 1]))
    return Truncation(truncate=best * _BATCH, reliable=best < limit)
