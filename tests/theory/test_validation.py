"""The whole validation set: theory is covered at a joint 99 %, by intervals that are narrow enough.

Some minutes long; `./do theory` or `pytest -m theory` runs it. A short form is in `test_validation_quick`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from arrival_formulas import ks_exponential
from measuring import Measured, measure
from validation_cases import CASES, STATEMENTS
from validation_document import DOCUMENT, read

pytestmark = pytest.mark.theory


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.scenario)
def measured(request: pytest.FixtureRequest) -> Measured:
    """Return a case measured in full; its scope makes the tests of one case share one run."""
    with tempfile.TemporaryDirectory() as folder:
        return measure(request.param, Path(folder) / "run")


def test_the_simulation_agrees_with_theory(measured: Measured) -> None:
    """Every interval is narrow enough and holds its value, and distributions fit."""
    for figure in measured.case.figures:
        joint = measured.joint(figure)
        assert joint.ci_low <= figure.theory <= joint.ci_high, (figure.name, figure.theory, joint)
        assert measured.alone(figure).half_width < figure.widest, figure.name
    if measured.case.exponential is not None:
        assert ks_exponential(measured.exponential)[1] > 0.01 / STATEMENTS


def test_the_document_tells_what_comes_out(measured: Measured) -> None:
    """The document has the means of this very run; if it has not, it is to be written anew."""
    lines = read(DOCUMENT.read_text("utf-8"))
    written = {line.value: line for line in lines if line.scenario == measured.case.scenario}
    for figure in measured.case.figures:
        line, alone = written[figure.name], measured.alone(figure)
        assert line.n == alone.n
        assert line.simulated == pytest.approx(alone.mean, rel=1e-4, abs=1e-6), figure.name
