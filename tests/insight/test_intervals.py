"""Intervals over replications: published values, coverage by simulation, invariances, and the edges."""

from __future__ import annotations

import json
import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.intervals import (
    Interval,
    paired_difference,
    quantile_interval,
    t_interval,
    t_intervals,
    variance_ratio_limits,
    wilson_interval,
)

untimed = settings(deadline=None)

NAN = math.nan
#: Student's sleep data (Biometrika 6, 1908): extra hours of sleep of ten patients with either drug.
SLEEP_ONE = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
SLEEP_TWO = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)

figures = st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=30)
pairs = st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=3, max_size=30)
scales = st.sampled_from([-8.0, -1.0, 0.25, 2.0, 64.0])


def correlated(rng: np.random.Generator, runs: int, n: int) -> npt.NDArray[np.float64]:
    """Return pairs of skewed figures that share most of their spread, by run, scenario and replication."""
    shared = rng.gamma(2.0, 1.0, (runs, 1, n))
    return shared + 0.3 * rng.gamma(2.0, 1.0, (runs, 2, n))


# Theory


@pytest.mark.parametrize(
    ("n", "confidence", "quantile"),
    [(2, 0.95, 12.706), (5, 0.95, 2.776), (10, 0.99, 3.250), (31, 0.90, 1.697), (1001, 0.95, 1.962)],
)
def test_t_interval_uses_the_tabulated_quantile(n: int, confidence: float, quantile: float) -> None:
    """The half-width is the printed Student t quantile times the standard error."""
    values = np.arange(n, dtype=float)
    standard_error = float(values.std(ddof=1)) / math.sqrt(n)
    assert t_interval(values, confidence).half_width / standard_error == pytest.approx(quantile, abs=6e-4)


def test_t_interval_covers_as_often_as_it_says() -> None:
    """Over 20,000 sets of five normal values, the 90 % interval covers the mean in 90 % of them."""
    intervals = t_intervals(np.random.default_rng(11).normal(7.0, 2.0, (5, 20_000)), 0.9)
    covered = (intervals.ci_low <= 7.0) & (intervals.ci_high >= 7.0)
    assert covered.mean() == pytest.approx(0.9, abs=4 * math.sqrt(0.09 / 20_000))


def test_paired_difference_reproduces_students_sleep_data() -> None:
    """The difference, its 95 % limits and its p-value are those published for the sleep data."""
    result = paired_difference(SLEEP_ONE, SLEEP_TWO)
    assert result.difference == pytest.approx(1.58)
    assert (result.ci_low, result.ci_high) == pytest.approx((0.7001142, 2.4598858), abs=1e-7)
    assert result.p_value == pytest.approx(0.002833, abs=5e-7)
    assert result.n == 10


def test_bonferroni_covers_all_comparisons_together() -> None:
    """Of 3,000 families of four comparisons without a difference, at most 10 % have an interval off zero."""
    rng = np.random.default_rng(12)
    missed = 0
    for family in rng.normal(size=(3_000, 5, 8)):
        results = [paired_difference(family[0], other, 0.9, comparisons=4) for other in family[1:]]
        assert all((r.p_value < 0.1) == (r.ci_low > 0.0 or r.ci_high < 0.0) for r in results)
        missed += any(r.p_value < 0.1 for r in results)
    assert 0.05 < missed / 3_000 < 0.1 + 3 * math.sqrt(0.09 / 3_000)


@pytest.mark.parametrize(("n", "from_top"), [(59, 1), (93, 2), (124, 3), (153, 4), (181, 5), (208, 6)])
def test_quantile_limit_needs_the_number_of_runs_of_wilks(n: int, from_top: int) -> None:
    """The 95 % upper limit of the 95 % quantile is the k-th largest from n replications, not n - 1."""
    assert quantile_interval(range(n), 0.95, 0.9)[2] == n - from_top
    fewer = quantile_interval(range(n - 1), 0.95, 0.9)[2]
    assert math.isnan(fewer) if from_top == 1 else fewer == n - 1 - (from_top - 1)


def test_quantile_interval_covers_at_least_as_often_as_it_says() -> None:
    """Over 4,000 sets of 40 skewed values, both limits of the median hold as often as the binomial says."""
    sets = np.random.default_rng(13).exponential(1.0, (4_000, 40))
    limits = np.array([quantile_interval(values, 0.5, 0.9)[1:] for values in sets])
    exact = sum(math.comb(40, k) for k in range(15, 26)) / 2**40
    covered = ((limits[:, 0] <= math.log(2)) & (limits[:, 1] >= math.log(2))).mean()
    assert exact >= 0.9
    assert covered == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / 4_000))


def test_wilson_interval_reproduces_published_limits() -> None:
    """The limits for 81 of 263 and 1 of 29 are those of Newcombe (Statistics in Medicine 17, 1998)."""
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_variance_ratio_limits_cover_skewed_pairs() -> None:
    """The lower 95 % limit is too high in about one of 20 sets of 50 skewed pairs, and says something."""
    rng = np.random.default_rng(14)
    # Var A = Var B = 2 + 0.09 * 2, Var (A - B) = 2 * 0.09 * 2.
    ratio = 2 * 2.18 / 0.36
    lower = np.array([variance_ratio_limits(a, b, 0.9)[1] for a, b in correlated(rng, 2_000, 50)])
    assert 0.02 < (lower > ratio).mean() < 0.07
    assert np.median(lower) > 0.5 * ratio


def test_variance_ratio_limits_are_the_jackknife_of_the_logarithm() -> None:
    """The limits are those of leaving out one pair at a time and computing the ratio afresh."""
    pairs = correlated(np.random.default_rng(15), 1, 9)[0]

    def log_ratio(kept: npt.NDArray[np.float64]) -> float:
        variances = kept.var(axis=1, ddof=1)
        return float(np.log(variances.sum() / (kept[0] - kept[1]).var(ddof=1)))

    everything = log_ratio(pairs)
    pseudo = [9 * everything - 8 * log_ratio(np.delete(pairs, left, axis=1)) for left in range(9)]
    interval = t_interval(pseudo, 0.9)
    expected = np.exp([everything, interval.ci_low, interval.ci_high])
    assert variance_ratio_limits(pairs[0], pairs[1], 0.9) == pytest.approx(tuple(expected))


# Properties


@untimed
@given(values=figures, shift=st.integers(-100, 100), scale=scales)
def test_t_interval_follows_the_unit(values: list[float], shift: int, scale: float) -> None:
    """A change of unit or origin moves the mean and scales the half-width, and changes nothing else."""
    before, after = t_interval(values), t_interval([scale * value + shift for value in values])
    assert after.mean == pytest.approx(scale * before.mean + shift, abs=1e-8)
    assert after.half_width == pytest.approx(abs(scale) * before.half_width, rel=1e-6, abs=1e-8)


@untimed
@given(columns=st.lists(st.lists(st.just(NAN) | st.floats(-1e3, 1e3), min_size=6, max_size=6), min_size=1))
def test_columns_do_not_touch_each_other(columns: list[list[float]]) -> None:
    """Each column of a matrix has the interval it has alone, whatever is missing elsewhere."""
    together = t_intervals(np.array(columns).T)
    for position, column in enumerate(columns):
        alone = t_interval([value for value in column if not math.isnan(value)])
        assert together.n[position] == alone.n
        got = [together.mean[position], together.ci_low[position], together.ci_high[position]]
        want = [alone.mean, alone.ci_low, alone.ci_high]
        assert got == pytest.approx(want, abs=1e-9, nan_ok=True)


@untimed
@given(pairs=pairs)
def test_swapping_the_scenarios_mirrors_the_difference(pairs: list[tuple[float, float]]) -> None:
    """Which scenario is the baseline decides the sign and nothing else."""
    a, b = np.array(pairs).T
    one, two = paired_difference(a, b), paired_difference(b, a)
    assert one.difference == pytest.approx(-two.difference)
    assert (one.ci_low, one.ci_high) == pytest.approx((-two.ci_high, -two.ci_low))
    assert one.p_value == pytest.approx(two.p_value)
    assert one.variance_ratio == pytest.approx(two.variance_ratio, nan_ok=True)


@untimed
@given(pairs=pairs, comparisons=st.integers(2, 500))
def test_more_comparisons_never_look_surer(pairs: list[tuple[float, float]], comparisons: int) -> None:
    """Bonferroni contains the single interval and multiplies the p-value, up to 1."""
    a, b = np.array(pairs).T
    single, family = paired_difference(a, b), paired_difference(a, b, comparisons=comparisons)
    assert family.ci_low <= single.ci_low <= single.ci_high <= family.ci_high
    assert family.p_value == pytest.approx(min(1.0, single.p_value * comparisons))


@untimed
@given(values=figures, q=st.sampled_from([0.125, 0.25, 0.5, 0.75]), confidence=st.floats(0.1, 0.99))
def test_quantiles_mirror_and_hold_their_estimate(values: list[float], q: float, confidence: float) -> None:
    """The estimate lies within its limits, and the q quantile of x is minus the 1 - q quantile of -x."""
    estimate, low, high = quantile_interval(values, q, confidence)
    assert not low > estimate
    assert not high < estimate
    mirrored = quantile_interval([-value for value in values], 1.0 - q, confidence)
    assert (-mirrored[0], -mirrored[2], -mirrored[1]) == pytest.approx((estimate, low, high), nan_ok=True)


@untimed
@given(trials=st.integers(1, 5_000), share=st.floats(0.0, 1.0), confidence=st.floats(0.5, 0.999))
def test_wilson_interval_solves_the_score_equation(trials: int, share: float, confidence: float) -> None:
    """Within [0, 1], each limit is a share from which the observed one is just z standard errors away."""
    from scipy.special import ndtri

    successes = round(share * trials)
    low, high = wilson_interval(successes, trials, confidence)
    assert 0.0 <= low <= successes / trials <= high <= 1.0
    z = float(ndtri((1 + confidence) / 2))
    for limit in (low, high):
        error = z * math.sqrt(limit * (1 - limit) / trials)
        if 0.0 < limit < 1.0:
            assert abs(successes / trials - limit) == pytest.approx(error, rel=1e-6)


@untimed
@given(seed=st.integers(0, 10_000), scale=scales, shift=st.integers(-100, 100))
def test_variance_ratio_has_no_unit(seed: int, scale: float, shift: int) -> None:
    """The ratio and its limits stay the same when both scenarios change unit and origin."""
    a, b = correlated(np.random.default_rng(seed), 1, 12)[0]
    before = variance_ratio_limits(a, b)
    assert before[1] < before[2]
    assert variance_ratio_limits(scale * a + shift, scale * b + shift) == pytest.approx(before, rel=1e-6)


# Examples


def test_missing_values_are_not_replications() -> None:
    """NaN does not count: neither in n, nor in the mean, nor in the spread."""
    assert t_interval([1.0, NAN, 3.0, NAN]) == t_interval([1.0, 3.0])
    one = t_interval([NAN, 4.0])
    assert (one.mean, one.n) == (4.0, 1)
    assert math.isnan(one.half_width)
    none = t_interval([NAN, NAN])
    assert math.isnan(none.mean)
    assert none.n == 0


def test_pairs_with_a_missing_side_are_left_out() -> None:
    """A replication that only one scenario has is no pair, for the variances either."""
    with_gaps = paired_difference([1.0, 2.0, NAN, 4.0, 9.0], [2.0, 4.0, 5.0, 5.0, NAN])
    assert with_gaps == paired_difference([1.0, 2.0, 4.0], [2.0, 4.0, 5.0])
    alone = paired_difference([1.0, NAN], [3.0, 2.0])
    assert (alone.difference, alone.n) == (2.0, 1)
    assert math.isnan(alone.p_value)


def test_intervals_are_fit_for_json() -> None:
    """What JSON has no word for becomes null: no NaN and no infinity."""
    record = [t_interval([NAN]).as_dict(), paired_difference([1.0, 2.0], [2.0, 3.0]).as_dict()]
    back = json.loads(json.dumps(record, allow_nan=False))
    assert back[0] == {"mean": None, "ci_low": None, "ci_high": None, "half_width": None, "n": 0}
    assert back[1]["variance_ratio"] is None
    assert back[1]["difference"] == 1.0


def test_a_constant_difference_is_certain() -> None:
    """The same difference in every replication has an interval of no width; none at all has p-value 1."""
    values = np.array([0.1, 0.7, 12.3])
    shifted = paired_difference(values, values + 0.3)
    assert shifted.ci_low == shifted.ci_high == pytest.approx(0.3)
    assert shifted.p_value == 0.0
    assert math.isinf(shifted.variance_ratio)
    same = paired_difference(values, values + 0.1 + 0.2 - 0.3)
    assert (same.difference, same.p_value) == (0.0, 1.0)


def test_a_constant_column_has_no_width() -> None:
    """A figure that is the same in every replication is its own mean, exactly."""
    assert t_interval([0.1] * 7) == Interval(0.1, 0.1, 0.1, 0.0, 7)


def test_variance_ratio_needs_three_pairs_that_vary() -> None:
    """Two pairs, or a constant difference, have a ratio without limits."""
    for a, b in (([1.0, 2.0], [1.0, 3.0]), ([1.0, 2.0, 4.0], [2.0, 3.0, 5.0])):
        limits = variance_ratio_limits(a, b)
        assert limits[0] == paired_difference(a, b).variance_ratio
        assert all(math.isnan(limit) for limit in limits[1:])


def test_an_empty_sample_has_no_quantile_and_no_share() -> None:
    """Without a value there is neither estimate nor limit."""
    assert all(math.isnan(value) for value in quantile_interval([NAN], 0.5))
    assert all(math.isnan(value) for value in wilson_interval(0, 0))


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95.0, NAN])
def test_confidence_is_a_probability(confidence: float) -> None:
    """A confidence that is not between 0 and 1 is refused by every function."""
    values = [1.0, 2.0, 4.0]
    for call in (
        lambda: t_interval(values, confidence),
        lambda: paired_difference(values, values, confidence),
        lambda: quantile_interval(values, 0.5, confidence),
        lambda: wilson_interval(1, 2, confidence),
        lambda: variance_ratio_limits(values, values, confidence),
    ):
        with pytest.raises(ValueError, match="confidence"):
            call()


def test_impossible_input_is_refused() -> None:
    """Unpaired lengths, no comparison, a wrong shape, an impossible share or quantile: ValueError."""
    with pytest.raises(ValueError, match="one to one"):
        paired_difference([1.0, 2.0], [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="comparisons"):
        paired_difference([1.0, 2.0], [1.0, 3.0], comparisons=0)
    with pytest.raises(ValueError, match="dimensions"):
        t_intervals([1.0, 2.0])
    with pytest.raises(ValueError, match="dimensions"):
        t_interval([[1.0, 2.0]])
    with pytest.raises(ValueError, match="successes"):
        wilson_interval(3, 2)
    with pytest.raises(ValueError, match="q must"):
        quantile_interval([1.0, 2.0], 1.0)
