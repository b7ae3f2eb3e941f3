"""Figures over replications: means with intervals in the shape of `summary.json`, `kpis.csv`, and storage.

Takes what `insight.kpis` found in each replication; the statistics are those of `insight.intervals`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from insight.cause_tables import DIMENSION as CAUSES_APART
from insight.definitions import DEFINITIONS, KPI_IDS
from insight.figures import NETWORK, Values
from insight.intervals import quantile_interval, t_intervals
from insight.tables import FloatArray

if TYPE_CHECKING:
    import pyarrow as pa

#: The quantiles over replications that a summary gives of each KPI of the whole network.
QUANTILES: Mapping[str, float] = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
_FIELDS = ("mean", "ci_low", "ci_high", "half_width", "n")
_COLUMNS = ("dimension", "value", "kpi", "unit", *_FIELDS)

Key = tuple[str, str, str]


def summarise(replications: Sequence[Values], confidence: float = 0.95) -> dict[str, Any]:
    """Return means and intervals over replications.

    Parameters
    ----------
    replications
        The figures of each replication. A figure that some of them lack is averaged over the others, and
        its `n` says how many these are.
    confidence
        Probability, between 0 and 1, with which each interval covers the expectation.

    Returns
    -------
    dict
        `confidence`; `kpis`: KPI -> mean, ci_low, ci_high, half_width, n for the whole network, all of the
        closed list; `by`: the same by dimension and value; `quantiles`: KPI -> p10, p50, p90 -> value,
        ci_low, ci_high; `causes`: cause of delay -> hours, missed, missed_restore -> mean, limits,
        half-width, n, as `insight.cause_tables` has them. None stands for what is not known.

    Raises
    ------
    ValueError
        If the confidence is not between 0 and 1.
    """
    keys, matrix = _matrix(replications)
    intervals = t_intervals(matrix, confidence)
    columns = [_plain(getattr(intervals, field)) for field in _FIELDS]
    kpis: dict[str, Any] = {}
    by: dict[str, dict[str, dict[str, Any]]] = {}
    for (dimension, value, kpi), *cells in zip(keys, *columns, strict=True):
        group = by.setdefault(dimension, {}).setdefault(value, {}) if (dimension, value) != NETWORK else kpis
        group[kpi] = dict(zip(_FIELDS, cells, strict=True))
    network = {
        kpi: column for (*group, kpi), column in zip(keys, matrix.T, strict=True) if group == [*NETWORK]
    }
    quantiles = {kpi: _quantiles(column, confidence) for kpi, column in network.items()}
    causes = by.pop(CAUSES_APART, {})
    return {"confidence": confidence, "kpis": kpis, "by": by, "quantiles": quantiles, "causes": causes}


def _matrix(replications: Sequence[Values]) -> tuple[list[Key], FloatArray]:
    """Return the figures that occur, in order, and their values with one row per replication."""
    places: dict[Key, int] = {(*NETWORK, kpi): column for column, kpi in enumerate(KPI_IDS)}
    found = [
        [
            places.setdefault(key, len(places))
            for key in zip(values.dimension, values.value, values.kpi, strict=True)
        ]
        for values in replications
    ]
    matrix = np.full((len(replications), len(places)), np.nan)
    for row, columns, values in zip(matrix, found, replications, strict=True):
        row[columns] = values.figure
    return list(places), matrix


def _plain(column: np.ndarray[Any, Any]) -> list[Any]:
    """Return the numbers as Python has them, None for NaN and infinity, which JSON cannot write."""
    return [
        cell if finite else None for cell, finite in zip(column.tolist(), np.isfinite(column), strict=True)
    ]


def _quantiles(column: FloatArray, confidence: float) -> dict[str, dict[str, float | None]]:
    return {
        name: dict(
            zip(
                ("value", "ci_low", "ci_high"),
                _plain(np.array(quantile_interval(column, level, confidence))),
                strict=True,
            )
        )
        for name, level in QUANTILES.items()
    }


def summary_rows(summary: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Return the figures of a summary as rows: dimension, value, kpi, unit, mean, limits, half-width, n.

    Parameters
    ----------
    summary
        What `summarise` returned, or `summary.json` read back.
    """
    groups = [(*NETWORK, summary["kpis"])]
    groups += [
        (dimension, value, kpis) for dimension, of in summary["by"].items() for value, kpis in of.items()
    ]
    for dimension, value, kpis in groups:
        for kpi, figure in kpis.items():
            yield (dimension, value, kpi, DEFINITIONS[kpi].unit, *(figure[field] for field in _FIELDS))


def kpis_csv(summary: Mapping[str, Any], path: Path) -> None:
    """Write the figures of a summary as a long table; the whole network has no dimension and no value.

    Parameters
    ----------
    summary
        What `summarise` returned.
    path
        The file; it appears whole or not at all.
    """
    unfinished = path.with_name(f"{path.name}.part")
    with unfinished.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(summary_rows(summary))
    unfinished.replace(path)


def values_to_arrow(replications: Sequence[tuple[int, Values]]) -> pa.Table:
    """Return the figures of replications as an Arrow table, to be stored and read back.

    Parameters
    ----------
    replications
        Number of the replication and its figures.

    Returns
    -------
    pyarrow.Table
        Columns replication, dimension, value, kpi (dictionaries of strings) and figure (null for NaN).
    """
    import pyarrow as pa

    figures = np.concatenate([np.empty(0), *(values.figure for _, values in replications)])
    number = [np.full(len(values.kpi), replication, np.int64) for replication, values in replications]
    columns: dict[str, Any] = {"replication": pa.array(np.concatenate([np.empty(0, np.int64), *number]))}
    for name in ("dimension", "value", "kpi"):
        cells = [cell for _, values in replications for cell in getattr(values, name)]
        columns[name] = pa.array(cells, pa.string()).dictionary_encode()
    columns["figure"] = pa.array(figures, mask=np.isnan(figures))
    return pa.table(columns)


def values_from_arrow(table: pa.Table) -> list[tuple[int, Values]]:
    """Return what `values_to_arrow` stored, by rising replication; also of several such tables joined."""
    import pyarrow as pa

    number = table.column("replication").to_numpy()
    figure = table.column("figure").cast(pa.float64()).fill_null(np.nan).to_numpy()
    cells = {name: _strings(table.column(name)) for name in ("dimension", "value", "kpi")}
    result: list[tuple[int, Values]] = []
    for replication in np.unique(number):
        rows = np.flatnonzero(number == replication)
        names = {name: tuple(column[rows].tolist()) for name, column in cells.items()}
        result.append((int(replication), Values(**names, figure=figure[rows])))
    return result


def _strings(column: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    """Return a column of strings, through its few distinct ones, which is many times faster."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    pieces = [np.array(c.dictionary.to_pylist(), dtype=object)[c.indices.to_numpy()] for c in column.chunks]
    return np.concatenate([np.empty(0, dtype=object), *pieces])
