"""Keyed draws behave like independent uniform numbers, and durations like what they are named for.

Every sample is fixed by its keys; all tests of a kind are read together at 99 % (Bonferroni).
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.fields import Distribution
from scenarios.keys import name_key
from sim import draws
from sim.quantile_functions import quantile

FloatArray = npt.NDArray[np.float64]
untimed = settings(deadline=None)

COUNT = 200_000
CELLS = 16
PURPOSES = tuple(draws.PURPOSES)


def sample(
    purpose: str = "work", visit: int = 0, replication: int = 0, stream: str = "a", first: int = 0
) -> FloatArray:
    """Return the numbers of the items of a stream, in their order."""
    key = draws.stream_key(draws.replication_key(20_261_122, replication), name_key("failures", stream))
    return draws.uniforms(draws.item_keys(key, first, COUNT), purpose, visit)


def independence(a: FloatArray, b: FloatArray) -> float:
    """Return the p-value of the chi-square test that pairs fill a square evenly."""
    cells = np.floor(a * CELLS).astype(np.int64) * CELLS + np.floor(b * CELLS).astype(np.int64)
    return float(scipy.stats.chisquare(np.bincount(cells, minlength=CELLS**2)).pvalue)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_draws_are_uniform(purpose: str) -> None:
    """The numbers of each purpose are uniform on (0, 1) by the test of Kolmogorov and Smirnov."""
    numbers = sample(purpose)
    assert numbers.min() > 0.0
    assert numbers.max() < 1.0
    assert scipy.stats.kstest(numbers, "uniform").pvalue > 0.01 / len(PURPOSES)


def test_purposes_are_independent() -> None:
    """What is drawn of an item for one purpose tells nothing of what is drawn for another."""
    pairs = list(combinations(PURPOSES, 2))
    least = min(independence(sample(a), sample(b)) for a, b in pairs)
    assert least > 0.01 / len(pairs)


@pytest.mark.parametrize(
    "other",
    [
        {"first": 1},
        {"first": 2},
        {"visit": 1},
        {"visit": 2},
        {"replication": 1},
        {"replication": 2},
        {"stream": "b"},
        {"stream": "a:1"},
    ],
    ids=str,
)
def test_neighbours_are_independent(other: dict[str, int | str]) -> None:
    """Next items, visits, replications and streams of similar names have nothing in common."""
    assert independence(sample(), sample(**other)) > 0.01 / 8  # type: ignore[arg-type]


def test_gaps_have_no_memory() -> None:
    """The gaps of a stream are exponential, and none is correlated with the few after it."""
    gaps = draws.unit_exponentials(sample("gap"))
    assert scipy.stats.kstest(gaps, "expon").pvalue > 0.01 / 6
    for lag in range(1, 6):
        correlation = float(np.corrcoef(gaps[:-lag], gaps[lag:])[0, 1])
        assert abs(correlation) * np.sqrt(COUNT) < scipy.stats.norm.isf(0.005 / 6)


@untimed
@given(key=st.integers(0, 2**64 - 1), purpose=st.sampled_from(PURPOSES), visit=st.integers(0, 200))
def test_one_draw_is_the_element_of_many(key: int, purpose: str, visit: int) -> None:
    """A number drawn alone is the one that a whole array of draws has for the same key."""
    alone = draws.uniform(key, purpose, visit)
    assert alone == draws.uniforms(np.array([key], dtype=np.uint64), purpose, visit)[0]


MEANS, CVS = st.floats(0.01, 1000.0), st.floats(0.05, 4.0)
PROBABILITIES = st.floats(1e-6, 1.0 - 1e-6)


@untimed
@given(mean=MEANS, cv=CVS, p=PROBABILITIES)
def test_durations_invert_their_distribution(mean: float, cv: float, p: float) -> None:
    """Exponential, gamma and lognormal hours are exceeded with the chance that their distribution says."""
    variance = np.log1p(cv**2)
    known = {
        "exponential": scipy.stats.expon(scale=mean),
        "gamma": scipy.stats.gamma(1.0 / cv**2, scale=mean * cv**2),
        "lognormal": scipy.stats.lognorm(np.sqrt(variance), scale=mean * np.exp(-variance / 2.0)),
    }
    for name, theirs in known.items():
        shape = {} if name == "exponential" else {"cv": cv}
        ours = quantile(Distribution(distribution=name, mean=mean, **shape), p)
        assert ours == pytest.approx(theirs.ppf(p), rel=1e-6, abs=1e-12)


@untimed
@given(mean=MEANS, cv=st.floats(1.0, 4.0), p=PROBABILITIES)
def test_hyperexponential_has_its_moments_and_inverts(mean: float, cv: float, p: float) -> None:
    """Two phases of balanced means have the mean and cv asked for, and their tail at a quantile is 1 - p."""
    root = np.sqrt((cv**2 - 1.0) / (cv**2 + 1.0))
    first = (1.0 + root) / 2.0
    phases = ((first, mean / (2.0 * first)), (1.0 - first, mean / (2.0 * (1.0 - first))))
    assert sum(share * m for share, m in phases) == pytest.approx(mean)
    assert sum(share * 2.0 * m**2 for share, m in phases) == pytest.approx(mean**2 * (1.0 + cv**2))
    hours = quantile(Distribution(distribution="hyperexponential", mean=mean, cv=cv), p)
    assert sum(share * np.exp(-hours / m) for share, m in phases) == pytest.approx(1.0 - p, rel=1e-6)


@untimed
@given(low=st.floats(0.0, 10.0), spans=st.tuples(st.floats(0.0, 5.0), st.floats(0.0, 5.0)), p=PROBABILITIES)
def test_bounded_durations_invert_their_distribution(
    low: float, spans: tuple[float, float], p: float
) -> None:
    """Triangular and uniform hours lie where their distribution puts a share p below them."""
    mode, high = low + spans[0], low + spans[0] + spans[1]
    triangular = quantile(Distribution(distribution="triangular", low=low, mode=mode, high=high), p)
    uniform = quantile(Distribution(distribution="uniform", low=low, high=high), p)
    width = high - low
    assert uniform == pytest.approx(low + p * width)
    if width < 1e-6:
        assert triangular == pytest.approx(low, abs=1e-5)
    else:
        theirs = scipy.stats.triang((mode - low) / width, loc=low, scale=width)
        assert triangular == pytest.approx(theirs.ppf(p), abs=1e-9 * max(1.0, high))
