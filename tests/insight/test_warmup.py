"""MSER-5 finds where a synthetic transient ends and says when it can not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.warmup import Truncation, mser5

untimed = settings(deadline=None)


@untimed
@given(seed=st.integers(0, 10_000), scale=st.sampled_from([-4.0, 0.5, 16.0]), shift=st.integers(-50, 50))
def test_truncation_has_no_unit(seed: int, scale: float, shift: int) -> None:
    """The point stays where it is when the series changes unit and origin."""
    rng = np.random.default_rng(seed)
    series = rng.normal(size=400) + 6.0 * np.exp(-np.arange(400) / 30.0)
    assert mser5(scale * series + shift) == mser5(series)


def test_truncation_minimises_the_statistic_as_published() -> None:
    """The point has the least sum of squared deviations over count squared, in the first half of batches."""
    series = np.random.default_rng(5).normal(size=203).cumsum()
    batches = series[:200].reshape(40, 5).mean(axis=1)
    statistic = [((batches[d:] - batches[d:].mean()) ** 2).sum() / (40 - d) ** 2 for d in range(21)]
    best = int(np.argmin(statistic))
    assert mser5(series) == Truncation(5 * best, best < 20)


def test_truncation_finds_the_end_of_a_transient() -> None:
    """A step of ten standard deviations over the first 100 of 1,000 is dropped, and little after it."""
    rng = np.random.default_rng(6)
    for noise in rng.normal(size=(50, 1_000)):
        point = mser5(noise + np.where(np.arange(1_000) < 100, 10.0, 0.0))
        assert point.reliable
        assert point.truncate >= 100
    noiseless = np.where(np.arange(1_000) < 102, 0.1, 0.7)
    assert mser5(noiseless) == Truncation(105, True)


def test_truncation_removes_the_bias_of_an_empty_start() -> None:
    """The mean of what is left of a queue-like climb is nearer to its level than the mean of everything."""
    climb = 1.0 - np.exp(-np.arange(2_000) / 100.0)
    series = climb + np.random.default_rng(7).normal(0.0, 0.1, (30, 2_000))
    left = np.mean([run[mser5(run).truncate :].mean() for run in series])
    assert abs(left - 1.0) < 0.2 * abs(series.mean() - 1.0)


def test_a_steady_series_keeps_everything() -> None:
    """Nothing is dropped from a constant series, and the point is reliable."""
    assert mser5(np.full(73, 0.1)) == Truncation(0, True)


def test_a_series_that_never_settles_is_not_reliable() -> None:
    """A trend puts the point at the limit of the search, which is half the batches, and that is said."""
    assert mser5(np.arange(100.0)) == Truncation(50, False)


def test_a_short_or_broken_series_is_refused() -> None:
    """Fewer than 50 observations, a missing value or a table in place of a series: ValueError."""
    with pytest.raises(ValueError, match="at least 50 observations, got 49"):
        mser5(np.arange(49.0))
    with pytest.raises(ValueError, match="finite"):
        mser5([*range(59), float("nan")])
    with pytest.raises(ValueError, match="dimensions"):
        mser5(np.zeros((60, 2)))
