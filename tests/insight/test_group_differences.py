"""Paired differences by group: which replications count, how many are read together, what is left out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.figures import Values
from insight.group_differences import DIMENSIONS, FIELDS, KPIS, group_differences
from insight.intervals import paired_difference

ATTEND = "attend_attainment"
Runs = list[tuple[int, Values]]


def values(**cities: float) -> Values:
    """Return the attainment of cities in a replication, with a KPI and a dimension that are not compared."""
    cells = [("city", name, ATTEND, figure) for name, figure in cities.items()]
    cells += [("month", "2026-01", ATTEND, 0.5), ("city", "a", "csat", 50.0), ("", "", ATTEND, 0.7)]
    dimension, value, kpi, figure = zip(*cells, strict=True)
    return Values(dimension, value, kpi, np.array(figure))


def runs(*replications: dict[str, float]) -> Runs:
    """Return numbered replications."""
    return [(number, values(**cities)) for number, cities in enumerate(replications)]


figures = st.lists(st.tuples(*[st.floats(0.0, 1.0)] * 4), min_size=2, max_size=6)


@given(figures, st.integers(1, 4))
def test_limits_hold_jointly_over_groups_and_scenarios(
    rows: list[tuple[float, float, float, float]], comparisons: int
) -> None:
    """Two cities and so many scenarios are as many comparisons (Bonferroni) as their product."""
    before = runs(*({"a": row[0], "b": row[1]} for row in rows))
    after = runs(*({"a": row[2], "b": row[3]} for row in rows))
    found = group_differences(before, after, 0.95, comparisons)["city"]
    for place, city in enumerate(("a", "b")):
        pairs = [row[place] for row in rows], [row[place + 2] for row in rows]
        expected = paired_difference(*pairs, 0.95, 2 * comparisons).as_dict()
        assert found[city][ATTEND] == {field: expected[field] for field in FIELDS}


@given(figures)
def test_a_scenario_differs_from_itself_nowhere(rows: list[tuple[float, float, float, float]]) -> None:
    """The same figures in both give a difference of 0, with limits of 0, in every group."""
    same = runs(*({"a": row[0], "b": row[1]} for row in rows))
    found = group_differences(same, same, 0.95, 1)["city"]
    for city in found.values():
        assert (city[ATTEND]["difference"], city[ATTEND]["ci_low"], city[ATTEND]["ci_high"]) == (
            0.0,
            0.0,
            0.0,
        )


def test_a_replication_without_a_group_is_left_out_of_it_alone() -> None:
    """`n` says how many replications have the group in both scenarios; the other groups keep all theirs."""
    before = runs({"a": 0.2, "b": 0.1}, {"a": 0.3, "b": 0.2}, {"b": 0.3}, {"a": 0.4, "b": float("nan")})
    after = runs({"a": 0.4, "b": 0.1}, {"a": 0.4}, {"a": 0.9, "b": 0.4}, {"a": 0.4, "b": 0.3})
    found = group_differences(before, after, 0.95, 1)["city"]
    assert (found["a"][ATTEND]["n"], found["b"][ATTEND]["n"]) == (3, 2)
    assert found["a"][ATTEND]["difference"] == pytest.approx(0.1)


def test_a_group_that_is_never_in_both_is_left_out() -> None:
    """A city that only one scenario serves has no row and does not widen the others' limits."""
    before, after = runs({"a": 0.2}, {"a": 0.3}), runs({"a": 0.3, "new": 0.1}, {"a": 0.5, "new": 0.2})
    found = group_differences(before, after, 0.95, 1)
    assert list(found) == [*DIMENSIONS] and list(found["city"]) == ["a"] and found["centre"] == {}
    assert found["city"]["a"][ATTEND]["ci_low"] == pytest.approx(
        paired_difference([0.2, 0.3], [0.3, 0.5], 0.95, 1).ci_low
    )


def test_pairs_go_by_the_number_of_the_replication() -> None:
    """Replications meet by number, whatever their order, and one that one scenario lacks does not count."""
    before = [(5, values(a=0.1)), (2, values(a=0.5)), (9, values(a=0.9))]
    after = [(2, values(a=0.6)), (5, values(a=0.2))]
    found = group_differences(before, after, 0.95, 1)["city"]["a"][ATTEND]
    assert found["n"] == 2 and found["difference"] == pytest.approx(0.1)


def test_only_the_short_list_is_compared() -> None:
    """Other KPIs, other dimensions and the whole network have no rows."""
    found = group_differences(runs({"a": 0.2}), runs({"a": 0.3}), 0.95, 1)
    assert {kpi for of in found.values() for rows in of.values() for kpi in rows} == {ATTEND} < {*KPIS}
