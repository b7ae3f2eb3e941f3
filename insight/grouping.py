"""Sums, quantiles and peaks of a table's rows by several dimensions at once, quickly and without pandas.

It knows codes and labels only; what is summed, and over which rows, is decided in the modules of KPIs.
Results are arrays with one entry per group: first the whole table, then each dimension's labels in turn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from insight.tables import Categories, FloatArray, IntArray

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Axis:
    """One dimension: each row's label as a small unsigned code (`len(labels)` for none), and each cell's."""

    dimension: str
    labels: tuple[str, ...]
    of_row: npt.NDArray[np.unsignedinteger]
    of_cell: IntArray


@dataclass(frozen=True)
class _Block:
    """Dimensions that share cells, a cell being one combination of labels that occurs."""

    cell_of_row: IntArray
    cells: int
    axes: tuple[_Axis, ...]


@dataclass(frozen=True)
class Grouping:
    """The rows of a table and the groups each of them belongs to; made by `group_rows`.

    Parameters
    ----------
    rows
        Number of rows.
    blocks
        The dimensions, in blocks. Rows are summed once into a block's cells, and cells into groups.
    """

    rows: int
    blocks: tuple[_Block, ...]

    @cached_property
    def axes(self) -> tuple[_Axis, ...]:
        """Every dimension, in the order of the results."""
        return tuple(axis for block in self.blocks for axis in block.axes)

    @cached_property
    def dimension(self) -> tuple[str, ...]:
        """The dimension of each group; "" for the whole table."""
        return ("", *(axis.dimension for axis in self.axes for _ in axis.labels))

    @cached_property
    def value(self) -> tuple[str, ...]:
        """The label of each group; "" for the whole table."""
        return ("", *(label for axis in self.axes for label in axis.labels))

    def _slices(self) -> Iterator[tuple[_Axis, slice]]:
        """Return each dimension with the places of its groups in a result."""
        end = 1
        for axis in self.axes:
            start, end = end, end + len(axis.labels)
            yield axis, slice(start, end)

    @cached_property
    def _cells_and_groups(self) -> tuple[IntArray, IntArray]:
        """Return, one below another, the cells of each dimension and the groups that each is part of.

        Cells are numbered through all blocks. The group of a cell without a label is one past the last.
        """
        starts = np.cumsum([0, *(block.cells for block in self.blocks)])
        of_axis = [
            start + np.arange(block.cells)
            for start, block in zip(starts, self.blocks, strict=False)
            for _ in block.axes
        ]
        groups = [
            np.where(axis.of_cell < len(axis.labels), place.start + axis.of_cell, len(self.value))
            for axis, place in self._slices()
        ]
        return np.concatenate(of_axis), np.concatenate(groups)

    def totals(self, weights: FloatArray | BoolArray) -> FloatArray:
        """Return the sum of the rows' weights in each group.

        Parameters
        ----------
        weights
            One number per row; True counts 1. A row to leave out weighs 0.
        """
        per_cell = [np.bincount(block.cell_of_row, weights, block.cells) for block in self.blocks]
        cell, group = self._cells_and_groups
        groups = len(self.value)
        result = np.bincount(group, np.concatenate(per_cell)[cell], groups + 1)[:groups].astype(np.float64)
        result[0] = weights.sum()
        return result

    def quantiles(
        self, values: FloatArray, levels: Sequence[float], dimensions: Collection[str]
    ) -> FloatArray:
        """Return quantiles of the rows' values in each group, one row of results per level.

        Parameters
        ----------
        values
            One number per row; NaN leaves the row out.
        levels
            Between 0 and 1.
        dimensions
            The dimensions wanted; groups of others, and groups without values, are NaN.

        References
        ----------
        Hyndman, R. J., Fan, Y. (1996): Sample quantiles in statistical packages, The American Statistician
        50(4), definition 7, which is numpy's default.
        """
        known = np.flatnonzero(~np.isnan(values))
        result = np.full((len(levels), len(self.value)), np.nan)
        if not len(known):
            return result
        order = known[rising(values[known])]
        ordered = values[order]
        result[:, :1] = _interpolated(ordered, np.array([0]), np.array([len(order)]), levels)
        for axis, groups in self._slices():
            if axis.dimension in dimensions:
                by_group, first, count = _gathered(axis, order)
                result[:, groups] = _interpolated(ordered[by_group], first, count, levels)
        return result

    def peaks(self, begin: FloatArray, end: FloatArray, dimensions: Collection[str]) -> FloatArray:
        """Return the largest number of rows of each group that were open at one instant.

        Parameters
        ----------
        begin
            From when each row is open, that instant included; NaN: never.
        end
            Until when, that instant excluded; NaN: for good.
        dimensions
            The dimensions wanted; groups of others are NaN.
        """
        opened = np.flatnonzero(~np.isnan(begin) & ~(end <= begin))
        closed = opened[~np.isnan(end[opened])]
        # Ends stand before beginnings and the sort is stable, so that of two rows that touch one is open.
        row = np.concatenate([closed, opened])
        change = np.ones(len(row), np.int32)
        change[: len(closed)] = -1
        in_time = rising(np.concatenate([end[closed], begin[opened]]))
        row, change = row[in_time], change[in_time]
        result = np.full(len(self.value), np.nan)
        result[0] = np.cumsum(change).max(initial=0)
        for axis, groups in self._slices():
            if axis.dimension in dimensions:
                by_group, first, count = _gathered(axis, row)
                result[groups] = _highest(change[by_group], first, count)
        return result


def group_rows(rows: int, *blocks: Mapping[str, Categories]) -> Grouping:
    """Return the groups of a table's rows.

    Parameters
    ----------
    rows
        Number of rows of the table.
    blocks
        Dimension -> column. Dimensions whose labels go together (a city and its country) belong in one
        block, those that would multiply its combinations (the month) in another.
    """
    return Grouping(rows, tuple(_block(rows, columns) for columns in blocks))


def rising(values: FloatArray) -> IntArray:
    """Return the positions of the values from small to large, equal ones in their order; without NaN.

    The same as a stable `numpy.argsort` in less than half of the time: integers of 16 bits are sorted by
    radix, and the bits of a float, turned so that negative ones come first, are four of them.
    """
    bits = (values + 0.0).view(np.uint64)  # -0.0 becomes 0.0
    negative = bits >> np.uint64(63) == 1
    bits = np.where(negative, ~bits, bits | np.uint64(1 << 63))
    order = np.argsort(bits.astype(np.uint16), kind="stable")
    for shift in (16, 32, 48):
        digits = (bits >> np.uint64(shift)).astype(np.uint16)
        order = order[np.argsort(digits[order], kind="stable")]
    return order


def _block(rows: int, columns: Mapping[str, Categories]) -> _Block:
    # A table of the combinations present is ten times faster than sorting the rows; columns are joined one
    # by one so that it never holds more than (combinations so far) x (labels of the next column).
    cell_of_row, cells = np.zeros(rows, np.int64), 1
    of_cell: list[IntArray] = []
    of_row: list[IntArray] = []
    for column in columns.values():
        size = len(column.labels) + 1
        of_row.append(np.where(column.codes < 0, size - 1, column.codes).astype(np.int64))
        key = cell_of_row * size + of_row[-1]
        present = np.zeros(cells * size, np.bool_)
        present[key] = True
        cell_of_row = (np.cumsum(present) - 1)[key]
        parent, own = np.divmod(np.flatnonzero(present), size)
        of_cell = [*(codes[parent] for codes in of_cell), own]
        cells = len(own)
    axes = tuple(
        _Axis(dimension, column.labels, codes.astype(np.min_scalar_type(len(column.labels))), by_cell)
        for (dimension, column), codes, by_cell in zip(columns.items(), of_row, of_cell, strict=True)
    )
    return _Block(cell_of_row, cells, axes)


def _gathered(axis: _Axis, rows: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return positions in `rows` put together by group, else in order, and each group's first and count."""
    codes = axis.of_row[rows]
    by_group = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[by_group], np.arange(len(axis.labels) + 1, dtype=codes.dtype))
    return by_group, bounds[:-1], np.diff(bounds)


def _highest(change: npt.NDArray[np.int32], first: IntArray, count: IntArray) -> FloatArray:
    """Return the highest running sum of groups that lie one after another, 0 for an empty group."""
    result = np.zeros(len(count))
    some = np.flatnonzero(count)
    if len(some):
        start = first[some]
        running = np.cumsum(change[: start[-1] + count[some[-1]]])
        result[some] = np.maximum.reduceat(running, start) - np.where(start > 0, running[start - 1], 0)
    return result


def _interpolated(
    ordered: FloatArray, first: IntArray, count: IntArray, levels: Sequence[float]
) -> FloatArray:
    """Return quantiles of groups that lie one after another, NaN for an empty group."""
    last = np.maximum(count - 1, 0)
    place = np.multiply.outer(levels, last)
    below = place.astype(np.int64)
    # An empty group may start past the end; what is read there is not kept.
    low = ordered.take(first + below, mode="clip")
    high = ordered.take(first + np.minimum(below + 1, last), mode="clip")
    result: FloatArray = low + (high - low) * (place - below)
    result[:, count == 0] = np.nan
    return result
