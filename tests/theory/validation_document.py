"""docs/validation.md: written from measured cases, and read back so that tests can hold it against them."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from measuring import Measured
from validation_cases import STATEMENTS, Figure

from scenarios import load

DOCUMENT = Path(__file__).parents[2] / "docs" / "validation.md"

_HEADING = "| scenario | value | theory | simulated | ± 95 % | joint 99 % | covered | n |"
_TEXT = """# Validation: simulation beside theory

Written by `python tests/theory/write_validation.py`, never by hand; `./do theory` runs the set anew and asks
that theory is covered and that these figures come out again. The quick tests ask that the rows below are the
values that the set compares.

Each scenario is a file of `scenarios/library/validation` in the ordinary schema, run by the ordinary `run`;
its seed was fixed before anybody looked. The formulas, with their sources, are in `tests/theory/formulas.py`,
`stock_formulas.py` and `arrival_formulas.py`; how each figure is taken from a run is in `extractors.py`.

- *simulated*: mean over n replications, after the scenario's warm-up.
- *± 95 %*: half-width of its Student t interval; under 2 % of the value, or 0.003 for values below 0.1.
- *joint 99 %*: interval at 1 - 0.01/{statements}, so that all {statements} statements hold together at 99 %
  (Bonferroni).
- *covered*: whether that interval holds the theoretical value.

Last written {today}, seed {seed}: {orders:,} orders in {seconds:.0f} s of one core (Python {python},
numpy {numpy}, simpy {simpy}). Covered: {covered} of {count}.

{heading}
| --- | --- | ---: | ---: | ---: | ---: | --- | ---: |
{rows}

The gaps between arrivals of `seasonal`, rescaled by the cumulated rate, are Exp(1) by the test of Kolmogorov
and Smirnov: distance {distance:.5f} over {gaps:,} gaps, p = {p:.2f}; asked for is p above 0.01/{statements}.

| scenario | what it is | orders | seconds |
| --- | --- | ---: | ---: |
{runs}
"""


@dataclass(frozen=True)
class Line:
    """One row of the table.

    Parameters
    ----------
    scenario, value
        Names of the case and its figure.
    theory, simulated, half_width, low, high
        As printed.
    covered
        Whether it says that theory is covered.
    n
        Number of replications.
    """

    scenario: str
    value: str
    theory: float
    simulated: float
    half_width: float
    low: float
    high: float
    covered: bool
    n: int


def _row(measured: Measured, figure: Figure) -> str:
    alone, joint = measured.alone(figure), measured.joint(figure)
    covered = "yes" if joint.ci_low <= figure.theory <= joint.ci_high else "**no**"
    return (
        f"| {measured.case.scenario} | {figure.name} | {figure.theory:.6g} | {alone.mean:.6g} "
        f"| {alone.half_width:.2g} | {joint.ci_low:.6g} to {joint.ci_high:.6g} | {covered} | {alone.n} |"
    )


def _run_row(measured: Measured) -> str:
    title = load(measured.case.scenario).scenario.title
    return f"| {measured.case.scenario} | {title} | {measured.orders:,} | {measured.seconds:.0f} |"


def render(measured: Sequence[Measured], today: date) -> str:
    """Return the document.

    Parameters
    ----------
    measured
        All cases, measured in full.
    today
        The date to put on it.
    """
    from arrival_formulas import ks_exponential

    rows = [_row(m, figure) for m in measured for figure in m.case.figures]
    (gaps,) = (m.exponential for m in measured if m.case.exponential is not None)
    distance, p = ks_exponential(gaps)
    return _TEXT.format(
        statements=STATEMENTS,
        today=today,
        seed=measured[0].seed,
        orders=sum(m.orders for m in measured),
        seconds=sum(m.seconds for m in measured),
        python=platform.python_version(),
        numpy=version("numpy"),
        simpy=version("simpy"),
        covered=sum("| yes |" in row for row in rows),
        count=len(rows),
        heading=_HEADING,
        rows="\n".join(rows),
        distance=distance,
        gaps=len(gaps),
        p=p,
        runs="\n".join(_run_row(m) for m in measured),
    )


def read(text: str) -> list[Line]:
    """Return the rows of the table of values."""
    table = text[text.index(_HEADING) :].split("\n\n")[0].splitlines()[2:]
    lines = []
    for row in table:
        scenario, value, theory, simulated, half_width, joint, covered, n = row.strip("| ").split(" | ")
        low, high = joint.split(" to ")
        lines.append(
            Line(
                scenario,
                value,
                theory=float(theory),
                simulated=float(simulated),
                half_width=float(half_width),
                low=float(low),
                high=float(high),
                covered=covered == "yes",
                n=int(n),
            )
        )
    return lines
