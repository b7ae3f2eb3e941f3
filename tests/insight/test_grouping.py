"""Sums, quantiles and peaks by group agree with their plain definitions, whatever the rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.grouping import Grouping, group_rows, rising
from insight.tables import Categories

untimed = settings(deadline=None)

COLOURS, SHAPES, MONTHS = ("red", "green", "blue"), ("round", "square"), ("2026-01", "2026-02")
LEVELS = (0.0, 0.25, 0.5, 0.9, 0.95, 1.0)
DIMENSIONS = ("colour", "shape", "month")


def grouping_of(codes: list[tuple[int, int, int]]) -> Grouping:
    """Return a grouping of two blocks for rows given as codes of colour, shape and month."""
    table = np.array(codes, dtype=np.int32).reshape(-1, 3)
    colour, shape, month = (
        Categories(table[:, row], labels) for row, labels in enumerate((COLOURS, SHAPES, MONTHS))
    )
    return group_rows(len(table), {"colour": colour, "shape": shape}, {"month": month})


def members(codes: list[tuple[int, int, int]], dimension: str, value: str) -> list[int]:
    """Return the rows of a group by looking at each of them."""
    if not dimension:
        return list(range(len(codes)))
    axis = DIMENSIONS.index(dimension)
    wanted = (COLOURS, SHAPES, MONTHS)[axis].index(value)
    return [row for row, code in enumerate(codes) if code[axis] == wanted]


codes = st.tuples(st.integers(-1, 2), st.integers(-1, 1), st.integers(-1, 1))
number = st.floats(-1e6, 1e6, allow_nan=False)
rows_of_numbers = st.lists(st.tuples(codes, number | st.just(float("nan"))), max_size=40)


@untimed
@given(st.lists(st.floats(allow_nan=False), max_size=60))
def test_rising_sorts_stably(values: list[float]) -> None:
    """Positions are those of a stable sort, for every float there is."""
    array = np.array(values, dtype=np.float64)
    assert rising(array).tolist() == np.argsort(array, kind="stable").tolist()


@untimed
@given(rows_of_numbers)
def test_quantiles_are_those_of_numpy(rows: list[tuple[tuple[int, int, int], float]]) -> None:
    """In each group each quantile is numpy's over the rows that have a value."""
    group = [code for code, _ in rows]
    values = np.array([value for _, value in rows], dtype=np.float64)
    grouping = grouping_of(group)
    found = grouping.quantiles(values, LEVELS, DIMENSIONS)
    for column, key in enumerate(zip(grouping.dimension, grouping.value, strict=True)):
        inside = values[members(group, *key)]
        inside = inside[~np.isnan(inside)]
        expected = np.quantile(inside, LEVELS) if len(inside) else np.full(len(LEVELS), np.nan)
        np.testing.assert_allclose(found[:, column], expected, rtol=1e-12, atol=1e-9)


@untimed
@given(st.lists(st.tuples(codes, number), max_size=40))
def test_totals_are_sums(rows: list[tuple[tuple[int, int, int], float]]) -> None:
    """In each group the total is the sum of its rows' weights; a row without a label is in the whole only."""
    group = [code for code, _ in rows]
    weights = np.array([weight for _, weight in rows], dtype=np.float64)
    grouping = grouping_of(group)
    expected = [
        weights[members(group, *key)].sum() for key in zip(grouping.dimension, grouping.value, strict=True)
    ]
    np.testing.assert_allclose(grouping.totals(weights), expected, rtol=1e-9, atol=1e-6)


spell = st.tuples(codes, st.integers(0, 12), st.integers(-1, 12) | st.none())


@untimed
@given(st.lists(spell, max_size=25))
def test_peaks_are_the_highest_count(rows: list[tuple[tuple[int, int, int], int, int | None]]) -> None:
    """In each group the peak is the largest number of rows with begin <= t < end, tried at every instant."""
    group = [code for code, _, _ in rows]
    begin = np.array([start for _, start, _ in rows], dtype=np.float64)
    end = np.array([np.nan if stop is None else stop for _, _, stop in rows], dtype=np.float64)
    grouping = grouping_of(group)
    found = grouping.peaks(begin, end, DIMENSIONS)
    for column, key in enumerate(zip(grouping.dimension, grouping.value, strict=True)):
        inside = members(group, *key)
        tried = [sum(bool(begin[r] <= t and not end[r] <= t) for r in inside) for t in range(14)]
        assert found[column] == max(tried)


def test_a_dimension_not_wanted_is_unknown() -> None:
    """Quantiles and peaks of dimensions that were not asked for are NaN, the others are not."""
    grouping = grouping_of([(0, 0, 0), (1, 1, 1), (2, 0, 0)])
    ones = np.ones(3)
    unknown = [dimension == "shape" for dimension in grouping.dimension]
    quantiles = grouping.quantiles(ones, (0.5,), ("colour", "month"))[0]
    peaks = grouping.peaks(ones, ones + 1, ("colour", "month"))
    assert np.isnan(quantiles).tolist() == unknown
    assert np.isnan(peaks).tolist() == unknown


def test_keys_follow_the_labels() -> None:
    """Groups are the whole, then each dimension's labels in order, also of labels that no row has."""
    grouping = grouping_of([(2, 0, 1)])
    assert grouping.value == ("", *COLOURS, *SHAPES, *MONTHS)
    assert grouping.totals(np.array([4.0])).tolist() == [4, 0, 0, 4, 4, 0, 0, 4]


def test_many_labels_are_kept_apart() -> None:
    """More labels than fit in a byte still make groups of their own."""
    labels = tuple(str(i) for i in range(700))
    column = Categories(np.arange(700, dtype=np.int32), labels)
    grouping = group_rows(700, {"name": column})
    values = np.arange(700.0)
    assert grouping.totals(values)[1:].tolist() == values.tolist()
    assert grouping.quantiles(values, (0.5,), ("name",))[0, 1:].tolist() == values.tolist()


def test_no_rows_make_empty_groups() -> None:
    """A table without rows has totals and peaks of 0 and no quantiles."""
    grouping = grouping_of([])
    none = np.empty(0)
    assert not grouping.totals(none).any()
    assert not grouping.peaks(none, none, DIMENSIONS).any()
    assert np.isnan(grouping.quantiles(none, (0.5,), DIMENSIONS)).all()


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_one_value_is_every_quantile(level: float) -> None:
    """A group of one row has that row's value at every level."""
    found = grouping_of([(0, -1, -1)]).quantiles(np.array([7.5]), (level,), DIMENSIONS)
    assert found[0, :2].tolist() == [7.5, 7.5]
