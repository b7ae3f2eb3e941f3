"""Durations by inversion: against scipy's own quantiles, and against the mean and cv that they state."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import scipy.integrate
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.fields import PARAMETERS, Distribution
from sim.quantile_functions import quantile

PROBABILITIES = np.concatenate([[1e-12, 1e-6], np.linspace(0.001, 0.999, 499), [1 - 1e-6, 1 - 1e-9]])
untimed = settings(deadline=None)

positive = st.floats(0.01, 1000.0)


def of_family(family: str) -> st.SearchStrategy[Distribution]:
    """Draw a duration of one family, with figures that the schema allows."""
    if family == "uniform":
        ends = st.tuples(positive, positive).map(sorted)
        return ends.map(lambda v: Distribution(distribution="uniform", low=v[0], high=v[1]))
    if family == "triangular":
        corners = st.tuples(positive, positive, positive).map(sorted)
        return corners.map(lambda v: Distribution(distribution="triangular", low=v[0], mode=v[1], high=v[2]))
    if family in ("constant", "exponential"):
        return positive.map(lambda mean: Distribution.model_validate({"distribution": family, "mean": mean}))
    cv = st.floats(1.0 if family == "hyperexponential" else 0.05, 5.0)
    return st.builds(
        lambda m, c: Distribution.model_validate({"distribution": family, "mean": m, "cv": c}), positive, cv
    )


durations = st.one_of(*(of_family(family) for family in PARAMETERS))


def in_scipy(d: Distribution) -> Any:
    """Return the same distribution as scipy has it."""
    if d.distribution == "exponential":
        assert d.mean is not None
        return scipy.stats.expon(scale=d.mean)
    if d.distribution == "uniform":
        assert d.low is not None and d.high is not None
        return scipy.stats.uniform(d.low, d.high - d.low)
    if d.distribution == "triangular":
        assert d.low is not None and d.mode is not None and d.high is not None
        return scipy.stats.triang((d.mode - d.low) / (d.high - d.low), d.low, d.high - d.low)
    assert d.mean is not None and d.cv is not None
    if d.distribution == "gamma":
        return scipy.stats.gamma(1.0 / d.cv**2, scale=d.mean * d.cv**2)
    sigma = math.sqrt(math.log1p(d.cv**2))
    return scipy.stats.lognorm(sigma, scale=d.mean * math.exp(-(sigma**2) / 2.0))


def survival(d: Distribution, hours: Any) -> Any:
    """Return the chance that a hyperexponential duration with balanced means exceeds some hours."""
    assert d.mean is not None and d.cv is not None
    first = (1.0 + math.sqrt((d.cv**2 - 1.0) / (d.cv**2 + 1.0))) / 2.0
    rates = (2.0 * first / d.mean, 2.0 * (1.0 - first) / d.mean)
    return first * np.exp(-rates[0] * hours) + (1.0 - first) * np.exp(-rates[1] * hours)


@pytest.mark.parametrize("family", ["exponential", "uniform", "triangular", "gamma", "lognormal"])
@untimed
@given(data=st.data())
def test_quantiles_are_those_of_scipy(family: str, data: st.DataObject) -> None:
    """Each family has the quantiles of the distribution of that name."""
    d = data.draw(of_family(family))
    if family in ("uniform", "triangular") and d.low == d.high:
        return
    expected = in_scipy(d).ppf(PROBABILITIES)
    np.testing.assert_allclose(quantile(d, PROBABILITIES), expected, rtol=1e-7, atol=1e-12)


@untimed
@given(d=of_family("hyperexponential"))
def test_hyperexponential_quantiles_invert_its_survival(d: Distribution) -> None:
    """The chance to exceed a quantile of the hyperexponential is what is left to 1."""
    np.testing.assert_allclose(
        survival(d, quantile(d, PROBABILITIES)), 1.0 - PROBABILITIES, rtol=1e-6, atol=1e-12
    )


@untimed
@given(d=durations)
def test_a_larger_number_is_never_a_shorter_duration(d: Distribution) -> None:
    """Quantiles never fall and are never negative, so that scenarios stay paired."""
    hours = quantile(d, PROBABILITIES)
    assert (np.diff(hours) >= 0.0).all()
    assert hours[0] >= 0.0
    assert np.isfinite(hours).all()


@untimed
@given(d=durations, p=st.floats(1e-12, 1.0 - 1e-12))
def test_a_float_gives_what_an_array_gives(d: Distribution, p: float) -> None:
    """One number gives a float, equal to the element of the array to rounding."""
    alone = quantile(d, p)
    assert isinstance(alone, float)
    assert alone == pytest.approx(quantile(d, np.array([p]))[0], rel=1e-12, abs=1e-300)


@untimed
@given(d=durations, factor=st.floats(0.1, 10.0), p=st.floats(0.001, 0.999))
def test_hours_scale_with_the_figures(d: Distribution, factor: float, p: float) -> None:
    """Where all hours of a duration are longer by a factor, so is every quantile."""
    hours = {k: getattr(d, k) * factor for k in PARAMETERS[d.distribution] if k != "cv"}
    assert quantile(d.model_copy(update=hours), p) == pytest.approx(quantile(d, p) * factor, rel=1e-6)


#: One duration of each family, with its mean and cv.
MOMENTS: Mapping[str, tuple[dict[str, float], float, float]] = {
    "constant": ({"mean": 2.5}, 2.5, 0.0),
    "exponential": ({"mean": 2.5}, 2.5, 1.0),
    "uniform": ({"low": 1.0, "high": 4.0}, 2.5, 3.0 / math.sqrt(12.0) / 2.5),
    "triangular": (
        {"low": 1.0, "mode": 2.0, "high": 6.0},
        3.0,
        math.sqrt((1 + 4 + 36 - 2 - 6 - 12) / 18.0) / 3.0,
    ),
    "gamma": ({"mean": 2.5, "cv": 0.4}, 2.5, 0.4),
    "lognormal": ({"mean": 2.5, "cv": 0.8}, 2.5, 0.8),
    "hyperexponential": ({"mean": 2.5, "cv": 2.0}, 2.5, 2.0),
}


@pytest.mark.parametrize("family", MOMENTS)
def test_mean_and_cv_are_those_stated(family: str) -> None:
    """The integral of the quantiles is the mean, that of their squares has the cv."""
    figures, mean, cv = MOMENTS[family]
    d = Distribution.model_validate({"distribution": family, **figures})

    def moment(power: int) -> float:
        # Substituting p = 1 - exp(-x) spreads the tail, where the quantiles grow, over a long range.
        def integrand(x: float) -> float:
            return float(quantile(d, -math.expm1(-x)) ** power * math.exp(-x))

        return float(scipy.integrate.quad(integrand, 1e-14, 36.0, limit=500)[0])

    assert d.expected == pytest.approx(mean)
    assert moment(1) == pytest.approx(mean, rel=1e-5)
    assert math.sqrt(max(moment(2) - mean**2, 0.0)) / mean == pytest.approx(cv, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("family", ["constant", "exponential", "gamma", "lognormal", "hyperexponential"])
def test_a_mean_of_0_takes_no_time(family: str) -> None:
    """A duration of mean 0 is 0 hours, whatever its family."""
    figures = {k: {"mean": 0.0, "cv": 1.5}[k] for k in PARAMETERS[family]}
    d = Distribution.model_validate({"distribution": family, **figures})
    assert quantile(d, 0.7) == 0.0
    assert quantile(d, np.array([0.2, 0.7])).tolist() == [0.0, 0.0]


def test_a_triangle_without_width_is_constant() -> None:
    """Where lowest, likeliest and highest hours are one, so is every quantile."""
    d = Distribution(distribution="triangular", low=2.0, mode=2.0, high=2.0)
    assert quantile(d, 0.3) == 2.0
    assert quantile(d, np.array([0.1, 0.9])).tolist() == [2.0, 2.0]
