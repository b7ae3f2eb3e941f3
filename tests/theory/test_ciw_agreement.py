"""An independent engine, Ciw, finds the same on a network of two centres that no formula solves.

The network is described twice, here in Ciw's terms and in `two-centres.yaml` in ours; the engines share
neither code nor random numbers.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import ciw
import numpy as np
import numpy.typing as npt
import pytest
from extractors import labels, numbers
from scipy.stats import t

from insight.figures import group_figures
from insight.tables import Categories
from sim import run

FloatArray = npt.NDArray[np.float64]

HERE = Path(__file__).parent
REPLICATIONS, WARM_UP, HORIZON = 10, 10 * 24.0, 150 * 24.0
CLASSES = {"urgent": "emergency", "ordinary": "normal"}
STAGES = ("desk", "field")
FIGURES = tuple(
    [f"wait of {name} at the {stage}" for name in CLASSES for stage in STAGES]
    + [f"time in system of {name}" for name in CLASSES]
)


def by_banyan(scenario: str, folder: Path) -> FloatArray:
    """Return the figures by replication, as our own tables and KPIs have them."""
    result = run(HERE / scenario, folder=folder)
    assert result.folder is not None
    rows = []
    for number, values in result.values:
        visits = result.folder.table("visits", [number])
        orders, stages = visits["work_order"], labels(visits, "stage").strings()
        assert not isinstance(orders, Categories)
        urgent = np.array([":urgent-unit:" in order for order in orders.tolist()])
        ready = numbers(visits, "ready_at")
        waits, counted = numbers(visits, "booked_at") - ready, ready >= WARM_UP
        rows.append(
            [
                *(
                    waits[counted & (urgent == (name == "urgent")) & (stages == stage)].mean()
                    for name in CLASSES
                    for stage in STAGES
                ),
                *(
                    group_figures(values, "severity", severity)["time_to_fix_mean"]
                    for severity in CLASSES.values()
                ),
            ]
        )
    return np.array(rows)


def lognormal(mean: float, cv: float) -> Any:
    """Return Ciw's lognormal distribution, which takes the moments of the logarithm."""
    variance = math.log1p(cv**2)
    return ciw.dists.Lognormal(math.log(mean) - variance / 2.0, math.sqrt(variance))


def gamma(mean: float, cv: float) -> Any:
    """Return Ciw's gamma distribution, which takes shape and scale."""
    return ciw.dists.Gamma(1.0 / cv**2, mean * cv**2)


def by_ciw(clerks: Any) -> FloatArray:
    """Return the figures by replication, as Ciw's records have them.

    Parameters
    ----------
    clerks
        Their number, or Ciw's schedule of it.
    """
    network = ciw.create_network(
        arrival_distributions={
            "urgent": [ciw.dists.Exponential(0.4), None],
            "ordinary": [ciw.dists.Exponential(1.0), None],
        },
        service_distributions={
            "urgent": [gamma(0.6, 0.7), lognormal(2.0, 0.8)],
            "ordinary": [lognormal(0.9, 1.2), gamma(2.5, 0.6)],
        },
        routing={"urgent": [[0.0, 0.8], [0.25, 0.0]], "ordinary": [[0.0, 0.5], [0.25, 0.0]]},
        priority_classes={"urgent": 0, "ordinary": 1},
        number_of_servers=[clerks, 3],
    )
    rows = []
    for number in range(REPLICATIONS):
        ciw.seed(number)
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_time(HORIZON)
        rows.append(_ciw_figures(simulation))
    return np.array(rows)


def _ciw_figures(simulation: Any) -> list[float]:
    """Return the figures of one replication of Ciw's."""
    counted = [r for r in simulation.get_all_records() if r.arrival_date >= WARM_UP]
    waits = [
        np.mean([r.waiting_time for r in counted if r.customer_class == name and r.node == node])
        for name in CLASSES
        for node in (1, 2)
    ]
    times: dict[str, list[float]] = {name: [] for name in CLASSES}
    for individual in simulation.nodes[-1].all_individuals:
        records = individual.data_records
        arrived = min(r.arrival_date for r in records)
        if arrived >= WARM_UP:
            times[records[0].customer_class].append(max(r.exit_date for r in records) - arrived)
    return [float(x) for x in (*waits, *(np.mean(times[name]) for name in CLASSES))]


def disagreements(ours: FloatArray, theirs: FloatArray) -> list[str]:
    """Return the figures whose difference is outside Welch's interval, all of them together at 99 %."""
    found = []
    for name, a, b in zip(FIGURES, ours.T, theirs.T, strict=True):
        spread = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
        error = math.sqrt(sum(spread))
        freedom = sum(spread) ** 2 / (spread[0] ** 2 / (len(a) - 1) + spread[1] ** 2 / (len(b) - 1))
        reach = float(t.ppf(1.0 - 0.005 / len(FIGURES), freedom)) * error
        if abs(a.mean() - b.mean()) > reach:
            found.append(f"{name}: {a.mean():.4f} here, {b.mean():.4f} there, ± {reach:.4f}")
    return found


@pytest.mark.parametrize(
    ("scenario", "clerks"),
    [
        ("two-centres.yaml", 2),
        ("two-centres-by-day.yaml", ciw.Schedule([0, 4, 0], [8.0, 18.0, 24.0])),
    ],
    ids=["round the clock", "one centre by day"],
)
def test_ciw_finds_the_same(scenario: str, clerks: Any, tmp_path: Path) -> None:
    """Waits by class and centre, and times in system by class, agree within the joint interval of both."""
    ours, theirs = by_banyan(scenario, tmp_path / "run"), by_ciw(clerks)
    assert disagreements(ours, theirs) == []
    assert disagreements(1.2 * ours, theirs), "too few replications to see a difference of a fifth"
