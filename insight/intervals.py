"""How sure a figure is: intervals over replications, paired comparisons, quantiles and shares.

Every function takes one value per replication (one figure of one run), never pooled orders, which are not
independent. Which figures there are and how many replications are enough is decided elsewhere; nothing is
drawn at random here, so the same values always give the same interval.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Interval:
    """A mean over replications and how far it may be off.

    Parameters
    ----------
    mean
        Mean of the replications that have the figure; NaN where none has.
    ci_low, ci_high
        Limits of the interval in the figure's own unit; NaN with fewer than two replications.
    half_width
        Half the distance between the limits.
    n
        Replications that have the figure.
    """

    mean: float
    ci_low: float
    ci_high: float
    half_width: float
    n: int

    def as_dict(self) -> dict[str, float | None]:
        """Return the fields by name, None in place of what JSON can not write (NaN, infinity)."""
        return {name: _finite_or_none(value) for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Intervals:
    """The intervals of many figures, one array per field of `Interval`, in the order of the columns."""

    mean: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    half_width: FloatArray
    n: IntArray


@dataclass(frozen=True)
class Difference:
    """What changes from a baseline to another scenario over the same replications.

    Parameters
    ----------
    difference
        Mean of other minus baseline, in the figure's unit: positive where the other is higher.
    ci_low, ci_high
        Limits of the paired interval, widened for the number of comparisons.
    p_value
        Two-sided paired t test of no difference, multiplied by the number of comparisons, at most 1.
    variance_ratio
        Variance of the difference had the runs been independent, over what it is: above 1 common random
        numbers helped. Infinite where the difference is the same in every replication.
    n
        Replications in which both have the figure.
    """

    difference: float
    ci_low: float
    ci_high: float
    p_value: float
    variance_ratio: float
    n: int

    def as_dict(self) -> dict[str, float | None]:
        """Return the fields by name, None in place of what JSON can not write (NaN, infinity)."""
        return {name: _finite_or_none(value) for name, value in asdict(self).items()}


def t_intervals(matrix: npt.ArrayLike, confidence: float = 0.95) -> Intervals:
    """Return the Student t interval of each column.

    Parameters
    ----------
    matrix
        Replications in rows, figures in columns; NaN where a replication does not have the figure.
    confidence
        Probability, between 0 and 1, with which each interval on its own covers the expectation.

    Returns
    -------
    Intervals
        One entry a column.

    Raises
    ------
    ValueError
        If the matrix is not two-dimensional or the confidence is not between 0 and 1.

    References
    ----------
    Law, Simulation Modeling and Analysis, 5th ed. (2015), 4.5 and 9.4.1.
    """
    from scipy.special import stdtrit

    tail = _tail(confidence)
    values = np.asarray(matrix, dtype=np.float64)
    if values.ndim != 2:
        raise ValueError(f"replications x figures must be two-dimensional, got {values.ndim} dimensions")
    count, mean, variance = _moments(values)
    with np.errstate(invalid="ignore"):
        freedom = np.where(count > 1, count - 1.0, np.nan)
        half_width = -stdtrit(freedom, tail) * np.sqrt(variance / count.clip(1))
        low, high = mean - half_width, mean + half_width
    return Intervals(mean, low, high, half_width, count)


def t_interval(values: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """Return the Student t interval of one figure.

    Parameters
    ----------
    values
        One value a replication; NaN is left out.
    confidence
        Probability, between 0 and 1, with which the interval covers the expectation.

    Returns
    -------
    Interval
        Mean and limits in the unit of the values.

    Raises
    ------
    ValueError
        If the confidence is not between 0 and 1.

    References
    ----------
    Law, Simulation Modeling and Analysis, 5th ed. (2015), 4.5 and 9.4.1.
    """
    column = t_intervals(_series(values)[:, None], confidence)
    return Interval(
        mean=float(column.mean[0]),
        ci_low=float(column.ci_low[0]),
        ci_high=float(column.ci_high[0]),
        half_width=float(column.half_width[0]),
        n=int(column.n[0]),
    )


def paired_difference(
    baseline: npt.ArrayLike, other: npt.ArrayLike, confidence: float = 0.95, comparisons: int = 1
) -> Difference:
    """Compare two scenarios whose replications share their random numbers.

    Parameters
    ----------
    baseline, other
        The figure in each replication of either scenario, in the same order; a replication in which
        either is NaN is left out.
    confidence
        Joint probability, between 0 and 1, with which all intervals of the family cover.
    comparisons
        Number of comparisons that are read together, at least 1 (Bonferroni).

    Returns
    -------
    Difference
        Other minus baseline. Limits, p-value and variance ratio are NaN with fewer than two pairs.

    Raises
    ------
    ValueError
        If the replications do not match one to one, the confidence is not between 0 and 1, or
        `comparisons` is below 1.

    References
    ----------
    Law, Simulation Modeling and Analysis, 5th ed. (2015), 10.2.1 (paired t), 10.3 (Bonferroni), 11.2.
    """
    from scipy.special import stdtr

    if comparisons < 1:
        raise ValueError(f"comparisons must be at least 1, got {comparisons}")
    a, b = _pairs(baseline, other)
    change = b - a
    interval = t_interval(change, 1.0 - 2.0 * _tail(confidence) / comparisons)
    mean, n = interval.mean, interval.n
    if n < 2:
        return Difference(mean, math.nan, math.nan, math.nan, math.nan, n)
    independent = float(_variance(a) + _variance(b))
    # Figures that differ by a constant differ by it only up to rounding; a t statistic of rounding errors
    # would make noise of the last digit significant.
    rounding = 8.0 * np.finfo(np.float64).eps * float(np.abs([a, b]).max())
    variance = _variance(change)
    if np.ptp(change) <= rounding or variance == 0.0:
        mean = 0.0 if abs(mean) <= rounding else mean
        ratio = math.inf if independent > 0.0 else math.nan
        return Difference(mean, mean, mean, 1.0 if mean == 0.0 else 0.0, ratio, n)
    p_value = 2.0 * float(stdtr(n - 1, -abs(mean) / math.sqrt(variance / n)))
    return Difference(
        difference=mean,
        ci_low=interval.ci_low,
        ci_high=interval.ci_high,
        p_value=min(1.0, p_value * comparisons),
        variance_ratio=independent / variance,
        n=n,
    )


def variance_ratio_limits(
    baseline: npt.ArrayLike, other: npt.ArrayLike, confidence: float = 0.95
) -> tuple[float, float, float]:
    """Return how much common random numbers helped, and within which limits.

    The logarithm of (s2A + s2B) / s2(A - B) is jackknifed over the pairs, with a Student t interval of
    its pseudo-values: nothing is drawn, and no normal distribution is assumed. Over gamma and lognormal
    pairs, 20 to 200 of them, the lower limit was too high in 2 to 4 % of sets where 2.5 % was meant and the
    upper too low in 4 to 8 %; either limit of normal theory (Pitman, Morgan) was wrong in 6 to 15 %.

    Parameters
    ----------
    baseline, other
        The figure in each replication of either scenario, in the same order; a replication in which
        either is NaN is left out.
    confidence
        Probability, between 0 and 1, with which the two limits together cover the ratio; 0.90 makes
        each of them a one-sided 95 % limit.

    Returns
    -------
    tuple of float
        The ratio, its lower and its upper limit. The limits are NaN with fewer than three pairs, or where
        the difference does not vary (the ratio is then infinite).

    Raises
    ------
    ValueError
        If the replications do not match one to one or the confidence is not between 0 and 1.

    References
    ----------
    Miller, Jackknifing variances, Annals of Mathematical Statistics 39 (1968) 567-582.
    """
    tail = _tail(confidence)
    a, b = _pairs(baseline, other)
    ratio = paired_difference(a, b).variance_ratio
    n = len(a)
    if n < 3 or not math.isfinite(ratio):
        return ratio, math.nan, math.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        left_out = np.log((_leave_one_out(a) + _leave_one_out(b)) / _leave_one_out(b - a))
        pseudo = n * math.log(ratio) - (n - 1) * left_out
        interval = t_interval(np.where(np.isfinite(pseudo), pseudo, np.nan), 1.0 - 2.0 * tail)
    if interval.n < n:
        return ratio, math.nan, math.nan
    return ratio, math.exp(interval.ci_low), math.exp(interval.ci_high)


def quantile_interval(
    values: npt.ArrayLike, q: float, confidence: float = 0.95
) -> tuple[float, float, float]:
    """Return a quantile over replications between two of its order statistics.

    No distribution is assumed: the number of replications below the true quantile is binomial. Each
    limit is wrong with at most (1 - confidence) / 2, so either also serves as a one-sided limit.

    Parameters
    ----------
    values
        One value a replication; NaN is left out.
    q
        Share below the quantile, between 0 and 1.
    confidence
        Probability, between 0 and 1, with which the limits at least cover the quantile.

    Returns
    -------
    tuple of float
        Estimate, lower and upper limit. The estimate is an order statistic, or the mean of two where n q
        is whole, and so never outside the limits. A limit that so few replications can not support is NaN.

    Raises
    ------
    ValueError
        If `q` or the confidence is not between 0 and 1.

    References
    ----------
    David and Nagaraja, Order Statistics, 3rd ed. (2003), 7.1;
    Meeker, Hahn and Escobar, Statistical Intervals, 2nd ed. (2017), 5.2;
    Hyndman and Fan, Sample quantiles in statistical packages, American Statistician 50 (1996), definition 2.
    """
    from scipy.special import bdtr, bdtrc

    tail = _tail(confidence)
    if not 0.0 < q < 1.0:
        raise ValueError(f"q must lie between 0 and 1, got {q}")
    ordered = _series(values)
    ordered = np.sort(ordered[~np.isnan(ordered)])
    n = len(ordered)
    if n == 0:
        return math.nan, math.nan, math.nan
    below = np.arange(n)
    low_rank = int(np.count_nonzero(bdtr(below, n, q) <= tail))
    high_rank = n + 1 - int(np.count_nonzero(bdtrc(below, n, q) <= tail))
    low = float(ordered[low_rank - 1]) if low_rank >= 1 else math.nan
    high = float(ordered[high_rank - 1]) if high_rank <= n else math.nan
    return float(np.quantile(ordered, q, method="averaged_inverted_cdf")), low, high


def wilson_interval(successes: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the Wilson score interval of a share.

    Parameters
    ----------
    successes
        Independent trials that succeeded, 0 to `trials`.
    trials
        Independent trials: replications or periods, not orders of one run.
    confidence
        Probability, between 0 and 1, with which the interval covers the share, on average over shares.

    Returns
    -------
    tuple of float
        Lower and upper limit, within [0, 1]; NaN without a trial.

    Raises
    ------
    ValueError
        If there are more successes than trials, a count is negative, or the confidence is not between
        0 and 1.

    References
    ----------
    Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American
    Statistical Association 22 (1927) 209-212.
    """
    from scipy.special import ndtri

    z = -float(ndtri(_tail(confidence)))
    if not 0 <= successes <= trials:
        raise ValueError(f"successes must lie between 0 and trials, got {successes} of {trials}")
    if trials == 0:
        return math.nan, math.nan
    share = successes / trials
    centre = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + (z / (2 * trials)) ** 2)
    scale = 1 + z * z / trials
    low = 0.0 if successes == 0 else (centre - spread) / scale
    high = 1.0 if successes == trials else (centre + spread) / scale
    return low, high


def _tail(confidence: float) -> float:
    """Return the probability left out on either side."""
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    return (1.0 - confidence) / 2.0


def _finite_or_none(value: float) -> float | None:
    """Return the value, or None where JSON has no word for it."""
    return value if math.isfinite(value) else None


def _series(values: npt.ArrayLike) -> FloatArray:
    """Return the values as one dimension of floats."""
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 1:
        raise ValueError(f"one value a replication is expected, got {series.ndim} dimensions")
    return series


def _pairs(baseline: npt.ArrayLike, other: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the replications that both have."""
    a, b = _series(baseline), _series(other)
    if len(a) != len(b):
        raise ValueError(f"replications must match one to one, got {len(a)} and {len(b)}")
    both = ~(np.isnan(a) | np.isnan(b))
    return a[both], b[both]


def _moments(values: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """Return count, mean and sample variance of each column without its NaN."""
    valid = ~np.isnan(values)
    count = valid.sum(axis=0)
    # Sums start from each column's first value, so that a constant column has exactly its own mean and no
    # spread, and large values with little spread lose no digits.
    first = np.zeros(values.shape[1])
    if len(values):
        first = values[valid.argmax(axis=0), np.arange(values.shape[1])]
        first = np.where(np.isfinite(first), first, 0.0)
    with np.errstate(invalid="ignore"):
        centred = np.where(valid, values - first, 0.0)
        shift = centred.sum(axis=0) / count.clip(1)
        squares = (np.where(valid, centred - shift, 0.0) ** 2).sum(axis=0)
    mean = np.where(count > 0, first + shift, np.nan)
    variance = np.where(count > 1, squares / (count - 1).clip(1), np.nan)
    return count, mean, variance


def _variance(series: FloatArray) -> float:
    """Return the sample variance of two values or more."""
    return float(_moments(series[:, None])[2][0])


def _leave_one_out(series: FloatArray) -> FloatArray:
    """Return the sample variance without each value in turn, of three values or more."""
    n = len(series)
    squares = (series - series.mean()) ** 2
    left: FloatArray = (squares.sum() - squares * n / (n - 1)) / (n - 2)
    return left.clip(0.0)
