"""Comparisons under common random numbers: paired differences, joint intervals, and what pairing gains."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import Document, tiny

from insight.figures import network_figures
from insight.intervals import paired_difference
from scenarios import LoadedScenario, from_document
from sim.comparison import Comparison, compare
from sim.experiment import run


def network(engineers: int, name: str = "base", **sections: Any) -> LoadedScenario:
    """Return about fifty orders a replication for some engineers on a site with a way of an hour."""
    kind = {"failures_per_year": 1825.0, "faults": {"fault": 1.0}}
    document: Document = tiny(
        {"fault": {"work_hours": {"distribution": "gamma", "mean": 5.0, "cv": 0.8}}},
        {"a": {"count": engineers}},
        device_types={"fault": kind},
        hours={"base": {"site": 1.0}},
        sla=[{"name": "rule", "targets": {"attend": 4.0}}],
        **{"name": name, "replications": 12, "seed": 3, **sections},
    )
    return from_document(document)


def of(comparison: Comparison, name: str, kpi: str) -> dict[str, float]:
    """Return a difference of which every figure is known."""
    found = comparison.difference(name, kpi)
    assert all(value is not None for value in found.values())
    return {key: float(value) for key, value in found.items() if value is not None}


@pytest.fixture(scope="module")
def two_against_three() -> Comparison:
    """Return a comparison of two engineers with three and with four."""
    return compare({"two": network(2), "three": network(3, "more"), "four": network(4, "most")})


def test_differences_are_taken_replication_by_replication(two_against_three: Comparison) -> None:
    """A difference is the mean of the differences of replications that met the same failures."""
    base, other = (
        np.array([network_figures(v)["time_to_attend_mean"] for _, v in two_against_three.runs[name].values])
        for name in ("two", "three")
    )
    found = of(two_against_three, "three", "time_to_attend_mean")
    assert found["difference"] == pytest.approx((other - base).mean())
    assert found["ci_low"] < found["difference"] < found["ci_high"] < 0.0


def test_every_scenario_meets_the_same_orders(two_against_three: Comparison) -> None:
    """All scenarios of a comparison have the same number of orders in every replication."""
    runs = two_against_three.runs.values()
    assert len({run.summary["orders_per_replication"] for run in runs}) == 1
    assert {len(run.values) for run in runs} == {12}


@pytest.mark.parametrize("kpi", ["time_to_attend_mean", "utilisation", "backlog_mean"])
def test_common_random_numbers_reduce_the_variance(kpi: str) -> None:
    """Waits of two staffings vary less in their difference than if the runs were independent."""
    comparison = compare({"two": network(2), "three": network(3)}, replications=40)
    assert of(comparison, "three", kpi)["variance_ratio"] > 1.5


def test_independent_seeds_gain_nothing() -> None:
    """Had the scenarios seeds of their own, the ratio would be about 1: the gain is that of pairing."""
    one, other = run(network(2), replications=60), run(network(3), replications=60, seed=99)
    a, b = (
        np.array([network_figures(v)["time_to_attend_mean"] for _, v in result.values])
        for result in (one, other)
    )
    assert 0.5 < paired_difference(a, b).variance_ratio < 2.0


def test_intervals_hold_jointly(two_against_three: Comparison) -> None:
    """With two comparisons each interval is wider than alone, as Bonferroni asks, about the same mean."""
    joint = of(two_against_three, "three", "time_to_attend_mean")
    alone = of(compare({"two": network(2), "three": network(3)}), "three", "time_to_attend_mean")
    assert joint["difference"] == alone["difference"]
    assert joint["ci_low"] < alone["ci_low"] < alone["ci_high"] < joint["ci_high"]
    assert joint["p_value"] == pytest.approx(min(1.0, 2.0 * alone["p_value"]))
    assert two_against_three.content["comparisons"] == 2


def test_intervals_have_the_baseline_s_confidence() -> None:
    """The confidence that the baseline states is that of the intervals."""
    wide = compare({"a": network(2, confidence=0.99), "b": network(3)}, replications=4)
    narrow = compare({"a": network(2, confidence=0.6), "b": network(3)}, replications=4)
    first, second = (of(c, "b", "utilisation") for c in (wide, narrow))
    assert first["ci_low"] < second["ci_low"]
    assert (wide.content["confidence"], narrow.content["confidence"]) == (0.99, 0.6)


def test_a_scenario_does_not_differ_from_itself() -> None:
    """The same scenario twice differs in nothing, in any replication."""
    comparison = compare({"one": network(2), "other": network(2)}, replications=3)
    for kpi, found in comparison.content["scenarios"]["other"].items():
        assert found["difference"] == 0.0, kpi


def test_replications_and_seed_are_the_baseline_s() -> None:
    """Whatever the others state, all are run with the baseline's number of replications and seed."""
    comparison = compare({"a": network(2, replications=2, seed=5), "b": network(3, replications=9, seed=8)})
    assert comparison.content["replications"] == {"a": 2, "b": 2}
    assert {run.summary["seed"] for run in comparison.runs.values()} == {5}
    given = compare({"a": network(2), "b": network(3)}, replications=3, seed=8)
    assert {run.summary["seed"] for run in given.runs.values()} == {8}


def test_scenarios_in_a_list_go_by_their_names() -> None:
    """Without a mapping, scenarios are named as they name themselves, the baseline first."""
    comparison = compare([network(2, "few"), network(3, "many")], replications=2)
    assert comparison.baseline == "few"
    assert list(comparison.runs) == ["few", "many"]


def test_two_of_one_name_are_refused() -> None:
    """Two scenarios of one name cannot be told apart."""
    with pytest.raises(ValueError, match="two scenarios are named base"):
        compare([network(2), network(3)], replications=1)


def test_one_scenario_is_no_comparison() -> None:
    """A comparison needs two scenarios."""
    with pytest.raises(ValueError, match="needs two scenarios"):
        compare([network(2)], replications=1)


def test_folders_hold_every_run_and_the_comparison(tmp_path: Path) -> None:
    """Each scenario has a run folder of its name, and comparison.json what was found."""
    comparison = compare({"a": network(2), "b": network(3)}, replications=2, folder=tmp_path)
    assert json.loads((tmp_path / "comparison.json").read_text()) == comparison.content
    for name in ("a", "b"):
        assert json.loads((tmp_path / name / "summary.json").read_text())["replications"] == 2
    again = compare({"a": network(2), "b": network(3)}, replications=2, folder=tmp_path, resume=True)
    assert again.content == comparison.content


def test_progress_counts_over_all_scenarios() -> None:
    """Progress runs once from 0 to the replications of all scenarios together."""
    told: list[tuple[int, int]] = []
    compare(
        {"a": network(2), "b": network(3)},
        replications=2,
        progress=lambda done, planned: told.append((done, planned)),
    )
    assert told[0] == (0, 4) and told[-1] == (4, 4)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
