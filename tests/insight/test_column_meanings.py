"""The words for columns: one meaning for each column of the contract, and none for anything else."""

import pytest

from insight.column_meanings import MEANINGS, ROWS
from insight.tables import COLUMNS, TABLE_NAMES


def test_every_table_says_what_its_rows_are() -> None:
    """Each table of the contract says what a row stands for, and no other table does."""
    assert list(ROWS) == list(TABLE_NAMES)
    assert all(ROWS.values())


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_every_column_has_a_meaning(name: str) -> None:
    """Each column of a table is worded, and nothing is worded that is no column."""
    assert set(MEANINGS[name]) == set(COLUMNS[name])
    assert all(meaning.text for meaning in MEANINGS[name].values())


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_units_fit_the_kinds_of_columns(name: str) -> None:
    """Instants are in UTC, numbers in hours or currency, and names, texts and flags have no unit."""
    for column, kind in COLUMNS[name].items():
        unit = MEANINGS[name][column].unit
        if kind == "instant":
            assert unit == "UTC", column
        elif kind == "number":
            assert unit in ("h", "currency", "points", "clocks"), column
        elif kind != "count":
            assert unit == "", column


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_counts_and_flags_are_never_empty(name: str) -> None:
    """Only instants, numbers, names and texts can be missing in a row."""
    for column, kind in COLUMNS[name].items():
        if kind in ("count", "flag"):
            assert MEANINGS[name][column].empty == "", column
