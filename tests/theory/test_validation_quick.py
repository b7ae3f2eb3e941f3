"""The validation set with short runs: theory is covered at a joint 99 %, however wide the intervals.

It also shows that the set can fail, and that the document lists what the set compares.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from arrival_formulas import ks_exponential
from measuring import Measured, measure
from validation_cases import CASES, STATEMENTS, Case
from validation_document import DOCUMENT, read

from scenarios import library, load
from scenarios.compiling import compile_world
from scenarios.doubts import doubts
from scenarios.fields import Distribution
from sim.quantile_functions import quantile

SEED = 20_261_122

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.scenario)


def misses(measured: Measured) -> list[str]:
    """Return the figures whose joint interval does not hold the value of theory."""
    found = []
    for figure in measured.case.figures:
        joint = measured.joint(figure)
        if not joint.ci_low <= figure.theory <= joint.ci_high:
            found.append(f"{figure.name}: {figure.theory:g} not in {joint.ci_low:g} to {joint.ci_high:g}")
    return found


def quickly(case: Case, tmp_path: Path) -> Measured:
    """Return a case measured with short runs."""
    return measure(case, tmp_path / "run", case.quick_days, case.quick_replications)


@each_case
def test_short_runs_agree_with_theory(case: Case, tmp_path: Path) -> None:
    """Every figure of theory lies within its interval, and distributions fit."""
    measured = quickly(case, tmp_path)
    assert misses(measured) == []
    if case.exponential is not None:
        assert ks_exponential(measured.exponential)[1] > 0.01 / STATEMENTS


def test_a_wrong_model_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model in which all work takes 3 % longer than the scenario says does not agree with theory."""

    def slower(distribution: Distribution, probability: Any) -> Any:
        return np.multiply(quantile(distribution, probability), 1.03)

    monkeypatch.setattr("sim.fault_draws.quantile", slower)
    (mmc,) = (case for case in CASES if case.scenario == "mmc")
    assert misses(quickly(mmc, tmp_path))


@each_case
def test_scenarios_fix_seed_and_warm_up(case: Case) -> None:
    """Every scenario is sound, has the seed that was fixed beforehand, and at least ten replications."""
    loaded = load(case.scenario)
    assert doubts(loaded, compile_world(loaded)) == []
    assert loaded.scenario.seed == SEED
    assert loaded.scenario.replications >= 10
    assert loaded.scenario.warm_up.method in ("fixed", "none")


def test_every_validation_scenario_is_in_the_set() -> None:
    """No file of the folder goes without a comparison, and none is compared twice."""
    files = sorted(name for name, file in library().items() if file.parent.name == "validation")
    assert files == sorted(case.scenario for case in CASES)


def test_the_document_lists_what_the_set_compares() -> None:
    """Its rows are the values of the set, in order, with the values of theory as the formulas have them."""
    lines = read(DOCUMENT.read_text("utf-8"))
    figures = [(case.scenario, figure) for case in CASES for figure in case.figures]
    assert [(line.scenario, line.value) for line in lines] == [(name, f.name) for name, f in figures]
    for line, (_, figure) in zip(lines, figures, strict=True):
        assert line.theory == pytest.approx(figure.theory, rel=1e-5, abs=1e-9)


def test_the_document_claims_nothing_that_its_figures_deny() -> None:
    """Every row is covered by the interval beside it, and is as precise as the set asks."""
    lines = read(DOCUMENT.read_text("utf-8"))
    figures = [figure for case in CASES for figure in case.figures]
    for line, figure in zip(lines, figures, strict=True):
        assert line.covered
        assert line.low <= line.theory <= line.high
        assert line.half_width < figure.widest
