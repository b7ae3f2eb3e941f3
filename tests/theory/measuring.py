"""Runs a case of the validation set through the ordinary `run` and takes its figures, one by replication.

What the figures should be is in `validation_cases`, how they are read in `extractors`; whether theory lies
within their intervals is for the tests.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from extractors import FloatArray, Replication
from validation_cases import CONFIDENCE, Case, Figure

from insight.intervals import Interval, t_interval
from sim import run


@dataclass(frozen=True)
class Measured:
    """What a run of a case gave.

    Parameters
    ----------
    case
        The case.
    figures
        By name of the figure, one number a replication.
    exponential
        All numbers that have to be exponential with mean 1; empty where the case has none.
    seed
        Seed of the run.
    orders
        Orders of all replications.
    seconds
        Processor time that it took to run and read.
    """

    case: Case
    figures: dict[str, FloatArray]
    exponential: FloatArray
    seed: int
    orders: int
    seconds: float

    def joint(self, figure: Figure) -> Interval:
        """Return the interval of a figure that is one of all intervals that hold together at 99 %."""
        return t_interval(self.figures[figure.name], CONFIDENCE)

    def alone(self, figure: Figure) -> Interval:
        """Return the interval of a figure at 95 %."""
        return t_interval(self.figures[figure.name], 0.95)


def measure(case: Case, folder: Path, days: float | None = None, replications: int | None = None) -> Measured:
    """Run a case and take its figures.

    Parameters
    ----------
    case
        The case.
    folder
        A new folder, used if the case needs tables.
    days, replications
        Length and number of replications; the scenario's when absent.
    """
    began = time.process_time()
    kept = folder if case.tables else None
    result = run(case.scenario, days=days, replications=replications, folder=kept)
    summary = result.summary
    rows = []
    exponential = [np.empty(0)]
    for number, values in result.values:
        replication = Replication(
            number, values, summary["warm_up_days"] * 24.0, summary["days"] * 24.0, result.folder
        )
        rows.append([figure.extract(replication) for figure in case.figures])
        if case.exponential is not None:
            exponential.append(case.exponential(replication))
    columns = np.array(rows, dtype=np.float64).T
    return Measured(
        case,
        {figure.name: column for figure, column in zip(case.figures, columns, strict=True)},
        np.concatenate(exponential),
        summary["seed"],
        round(summary["orders_per_replication"] * summary["replications"]),
        time.process_time() - began,
    )
