"""Tables in as few bytes as their values need: a column is made anew whenever it is asked for.

A replication keeps many columns that are mostly empty, mostly alike, or follow from a few values, such as the
country of a site. They are held as what tells them apart; what comes back equals what was put in. What the
columns mean, and how they look on disk, is for `insight.tables`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from insight.tables import Categories, Column, Table

Indices = npt.NDArray[np.integer[Any]]
#: Of how many rows a column is looked at to find the value that most of them have.
_SAMPLE = 33
#: Up to which share of its rows a column may differ from what is known for it to be held by the differences:
#: each is held as a position and a value, which takes half as much again as the value.
_MOST_DIFFERENT = 0.5


@dataclass(frozen=True)
class LookUp:
    """A column that follows from a few values.

    Parameters
    ----------
    values
        The values, few of them.
    positions
        Position of each row's value; columns may share it.
    """

    values: Column
    positions: Indices

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.positions)

    def column(self) -> Column:
        """Return the column itself."""
        if isinstance(self.values, Categories):
            return self.values.take(self.positions)
        return self.values[self.positions]


@dataclass(frozen=True)
class NumberedNames:
    """Texts that read `name:number`, or `name:number.repeat`.

    Parameters
    ----------
    names
        The distinct names.
    codes
        Position in `names` of each row's; -1 where a row has no text at all.
    numbers
        The number of each row.
    repeats
        Which repetition of its name and number each row is, 0 where it is not counted; absent if none is.
    """

    names: tuple[str, ...]
    codes: Indices
    numbers: Indices
    repeats: Indices | None = None

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.codes)

    def take(self, positions: Indices) -> NumberedNames:
        """Return the texts at some positions; at -1 there is none."""
        repeats = None if self.repeats is None else np.append(self.repeats, 0)[positions]
        codes = np.append(self.codes, self.codes.dtype.type(-1))
        numbers = np.append(self.numbers, self.numbers.dtype.type(0))
        return NumberedNames(self.names, codes[positions], numbers[positions], repeats)

    def strings(self) -> npt.NDArray[np.object_]:
        """Return the texts themselves, None where a row has none."""
        names, texts = self.names, np.empty(len(self), dtype=object)
        texts[:] = [
            f"{names[code]}:{number}" if code >= 0 else None
            for code, number in zip(self.codes.tolist(), self.numbers.tolist(), strict=True)
        ]
        if self.repeats is not None:
            counted = np.flatnonzero(self.repeats > 0)
            texts[counted] = [
                f"{text}.{repeat}"
                for text, repeat in zip(texts[counted].tolist(), self.repeats[counted].tolist(), strict=True)
            ]
        return texts


@dataclass(frozen=True)
class Picked:
    """Some rows of a column of texts, in any order and as often as wanted; at -1 there is none."""

    texts: NumberedNames
    positions: Indices

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.positions)


@dataclass(frozen=True)
class Different:
    """A column of numbers that equals another one, or a single value, but at some positions.

    Parameters
    ----------
    count
        Number of rows.
    base
        The other column, packed or not, or the value.
    positions, values
        Where it differs, and what it holds there.
    """

    count: int
    base: Any
    positions: Indices
    values: npt.NDArray[Any]

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.count

    def column(self) -> npt.NDArray[Any]:
        """Return the column itself."""
        column = np.empty(self.count, dtype=self.values.dtype)
        column[:] = _unpacked(self.base) if isinstance(self.base, LookUp | Made | Different) else self.base
        column[self.positions] = self.values
        return column


@dataclass(frozen=True)
class Made:
    """A column that is found from others whenever it is asked for.

    Parameters
    ----------
    count
        Number of rows.
    make
        Returns the column; what it needs for that is held anyway.
    """

    count: int
    make: Callable[[], Column]

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.count


Packable = Column | LookUp | NumberedNames | Picked | Different | Made


class Packed(Mapping[str, Column]):
    """A table that holds its columns packed.

    Parameters
    ----------
    columns
        Columns to begin with.
    """

    def __init__(self, columns: Mapping[str, Packable] | None = None) -> None:
        self._held: dict[str, Any] = {}
        for name, column in (columns or {}).items():
            self.put(name, column)

    def put(self, name: str, column: Packable, like: str | npt.NDArray[Any] | None = None) -> None:
        """Add a column, or put it in the place of one; an array that is given must not be changed later.

        Parameters
        ----------
        name
            Its name.
        column
            Its values.
        like
            Name of a column that holds the same values in most rows, or an array that is held anyway.
        """
        if isinstance(column, LookUp | NumberedNames | Picked | Different | Made):
            self._held[name] = column
        elif isinstance(column, Categories):
            self._held[name] = _Codes(_narrow(column.codes, len(column.labels)), column.labels)
        elif column.dtype.kind == "f":
            self._held[name] = _packed(column, self._held[like] if isinstance(like, str) else like)
        elif column.dtype.kind == "i" and len(column):
            self._held[name] = _Whole(_narrow(column, int(np.abs(column).max()) + 1), column.dtype)
        else:
            self._held[name] = column

    def __getitem__(self, name: str) -> Column:
        """Return a column, made anew."""
        return _unpacked(self._held[name])

    def __iter__(self) -> Iterator[str]:
        """Return the names of the columns."""
        return iter(self._held)

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self._held)

    def array(self, name: str) -> npt.NDArray[Any]:
        """Return a column that holds no repeated names, made anew."""
        column = self[name]
        assert isinstance(column, np.ndarray), f"{name} holds names"
        return column

    def share(self, name: str, other: Packed, theirs: str | None = None) -> None:
        """Take a column of another packed table as it is held there, under its own name if none is given."""
        self._held[name] = other._held[theirs or name]

    def narrow(self, name: str) -> Indices:
        """Return a column of whole numbers in the type in which it is held."""
        held = self._held[name]
        values: Indices = held.values if isinstance(held, _Whole) else held
        return values

    def take(self, positions: npt.NDArray[Any]) -> Packed:
        """Return the rows at some positions, or those that a mask admits."""
        return Packed({name: _taken(_unpacked(held), positions) for name, held in self._held.items()})

    def with_column(self, name: str, column: Packable) -> Packed:
        """Return the table with a column in the place of one; the others are shared."""
        changed = Packed()
        changed._held = dict(self._held)
        changed.put(name, column)
        return changed

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return len(next(iter(self._held.values()), ()))


@dataclass(frozen=True)
class _Whole:
    """Whole numbers in a narrower type than their own."""

    values: Indices
    dtype: np.dtype[Any]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.values)


@dataclass(frozen=True)
class _Codes:
    """Repeated names, their codes in a narrower type."""

    codes: Indices
    labels: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.codes)


def constant(count: int, value: Any) -> Different:
    """Return a column that holds one value in every row."""
    return Different(count, value, np.empty(0, np.int32), np.empty(0, np.asarray(value).dtype))


def with_column(table: Table, name: str, column: Column) -> Table:
    """Return a table with one column in the place of another, packed if it is."""
    return table.with_column(name, column) if isinstance(table, Packed) else {**table, name: column}


def _taken(column: Column, positions: npt.NDArray[Any]) -> Column:
    return column.take(positions) if isinstance(column, Categories) else column[positions]


def _narrow(values: Indices, labels: int) -> Indices:
    """Return whole numbers from -labels to labels - 1 in as few bytes as these need."""
    for dtype in (np.int8, np.int16, np.int32):
        if labels <= np.iinfo(dtype).max + 1:
            return values.astype(dtype, copy=False)
    return values


def _packed(column: npt.NDArray[Any], like: Any) -> npt.NDArray[Any] | Different:
    """Return a column of numbers, or how it differs from one value or from another column if that is less."""
    if len(column) < _SAMPLE:
        return column
    most = int(len(column) * _MOST_DIFFERENT)
    for base in (like, _usual(column)):
        if base is None:
            continue
        values: Any = base if isinstance(base, float | np.ndarray) else _unpacked(base)
        known, of_base = column == column, np.equal(values, values)
        positions = np.flatnonzero((column != values) & (known | of_base))
        if len(positions) <= most:
            return Different(len(column), base, positions.astype(np.int32), column[positions])
    return column


def _usual(column: npt.NDArray[Any]) -> Any:
    """Return the value that most rows of a sample have, None if there is none."""
    sample = column[:: max(len(column) // _SAMPLE, 1)].tolist()
    known = [value for value in sample if value == value]
    if len(known) * 2 < len(sample):
        return np.nan
    value, count = Counter(known).most_common(1)[0]
    return value if count * 3 > len(sample) else None


def _unpacked(held: Any) -> Column:
    if isinstance(held, Different):
        return held.column()
    if isinstance(held, Made):
        return held.make()
    if isinstance(held, LookUp):
        return _unpacked(held.column())
    if isinstance(held, Picked):
        return held.texts.take(held.positions).strings()
    if isinstance(held, NumberedNames):
        return held.strings()
    if isinstance(held, _Whole):
        return held.values.astype(held.dtype)
    if isinstance(held, _Codes):
        return Categories(held.codes.astype(np.int32, copy=False), held.labels)
    whole: Column = held
    return whole
