"""Means and intervals over replications, their files, and the storage of replications."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.definitions import DEFINITIONS, KPI_IDS
from insight.figures import Values, assemble
from insight.intervals import quantile_interval, t_interval
from insight.summary import kpis_csv, summarise, values_from_arrow, values_to_arrow

untimed = settings(deadline=None)

Figures = dict[tuple[str, str, str], float]
keys = st.tuples(
    st.sampled_from(["city", "severity"]),
    st.sampled_from(["hue", "ipoh", "ü|x"]),
    st.sampled_from(KPI_IDS[:6]),
)
figures = st.dictionaries(keys, st.floats(-1e9, 1e9) | st.just(math.nan), max_size=8)


def replication(of_groups: Figures, **of_network: float) -> Values:
    """Return figures of a replication: the closed list for the network, then those of groups."""
    network = assemble([])
    names = list(zip(*of_groups, strict=True)) if of_groups else [(), (), ()]
    return Values(
        network.dimension + names[0],
        network.value + names[1],
        network.kpi + names[2],
        np.array([*(of_network.get(kpi, math.nan) for kpi in KPI_IDS), *of_groups.values()]),
    )


@untimed
@given(st.lists(figures, max_size=4))
def test_stored_figures_come_back(found: list[Figures]) -> None:
    """What is stored is what is read, also where it is not a number and over several files."""
    import pyarrow as pa

    stored = [(number, replication(of_groups, csat=number)) for number, of_groups in enumerate(found)]
    halves = [values_to_arrow(stored[:2]), values_to_arrow(stored[2:])]
    back = values_from_arrow(pa.concat_tables(halves))
    assert [number for number, _ in back] == [number for number, _ in stored]
    for (_, read), (_, written) in zip(back, stored, strict=True):
        assert (read.dimension, read.value, read.kpi) == (written.dimension, written.value, written.kpi)
        np.testing.assert_array_equal(read.figure, written.figure)


def test_stored_figures_come_back_through_a_file(tmp_path: Path) -> None:
    """A Parquet file keeps the figures, and replications are read by rising number."""
    import pyarrow.parquet as pq

    stored = [(7, replication({("city", "hue", "csat"): 1.5})), (3, replication({}, csat=math.nan))]
    pq.write_table(values_to_arrow(stored), tmp_path / "values.parquet")
    back = values_from_arrow(pq.read_table(tmp_path / "values.parquet"))
    assert [number for number, _ in back] == [3, 7]
    assert (back[1][1].kpi[-1], back[1][1].figure[-1]) == ("csat", 1.5)


@untimed
@given(st.lists(figures, min_size=1, max_size=5), st.sampled_from([0.8, 0.95]))
def test_each_figure_has_its_t_interval(found: list[Figures], confidence: float) -> None:
    """Each group's figure is the t interval of the replications that have it; what JSON lacks is None."""
    summary = summarise([replication(of_groups) for of_groups in found], confidence)
    for dimension, value, kpi in {key for of_groups in found for key in of_groups}:
        series = [of_groups.get((dimension, value, kpi), math.nan) for of_groups in found]
        expected = t_interval(series, confidence).as_dict()
        assert summary["by"][dimension][value][kpi] == expected
    json.dumps(summary, allow_nan=False)


def test_the_network_has_the_whole_closed_list() -> None:
    """Every KPI has an entry for the network, empty where no replication has a figure."""
    summary = summarise([replication({}, fill_rate=0.5), replication({}, fill_rate=0.7)])
    assert tuple(summary["kpis"]) == KPI_IDS
    assert summary["kpis"]["fill_rate"]["mean"] == pytest.approx(0.6)
    # Student's t of one degree of freedom, 97.5 %: 12.706; standard error 0.1.
    assert summary["kpis"]["fill_rate"]["half_width"] == pytest.approx(1.2706, abs=1e-4)
    nothing = {"mean": None, "ci_low": None, "ci_high": None, "half_width": None, "n": 0}
    assert summary["kpis"]["csat"] == nothing


def test_quantiles_are_over_replications() -> None:
    """The network's quantiles are those of one value per replication, with distribution-free limits."""
    series = [float(x) for x in np.random.default_rng(1).normal(size=40)]
    quantiles = summarise([replication({}, backlog_mean=x) for x in series], 0.9)["quantiles"]
    for name, level in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
        value, low, high = quantile_interval(series, level, 0.9)
        expected = {"value": value, "ci_low": low, "ci_high": high}
        known = {field: None if math.isnan(x) else x for field, x in expected.items()}
        assert quantiles["backlog_mean"][name] == known
    assert quantiles["csat"]["p50"] == {"value": None, "ci_low": None, "ci_high": None}


def test_one_replication_has_no_interval() -> None:
    """A single replication gives means only."""
    figure = summarise([replication({}, fill_rate=0.5)])["kpis"]["fill_rate"]
    assert figure == {"mean": 0.5, "ci_low": None, "ci_high": None, "half_width": None, "n": 1}


def test_the_csv_says_what_the_summary_says(tmp_path: Path) -> None:
    """Each line has group, KPI, unit and figures as in the summary; nothing else is left in the folder."""
    summary = summarise(
        [
            replication({("city", "hue", "fill_rate"): x, ("city", "ü|x", "csat"): 1.0}, fill_rate=x)
            for x in (0.25, 0.5)
        ]
    )
    kpis_csv(summary, tmp_path / "kpis.csv")
    with (tmp_path / "kpis.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [path.name for path in tmp_path.iterdir()] == ["kpis.csv"]
    assert len(rows) == len(KPI_IDS) + 2
    for row in rows:
        group: Any = summary["by"][row["dimension"]][row["value"]] if row["dimension"] else summary["kpis"]
        figure = group[row["kpi"]]
        assert row["unit"] == DEFINITIONS[row["kpi"]].unit
        assert {name: "" if x is None else str(x) for name, x in figure.items()} == {
            name: row[name] for name in figure
        }
