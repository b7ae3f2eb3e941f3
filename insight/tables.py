"""The tables that every run and every imported history share, and their Parquet form.

In memory a table is a mapping from column name to a numpy array or to `Categories`; instants are hours
since the scenario's start (NaN: has not happened). On disk instants are UTC timestamps and categories are
dictionary-encoded strings. What the columns mean is in docs/tables.md; KPIs are computed elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Categories:
    """A column of repeated names.

    Parameters
    ----------
    codes
        Position in `labels` of each row's name; -1 where the row has none.
    labels
        The distinct names, in a fixed order that does not depend on the rows.
    """

    codes: npt.NDArray[np.int32]
    labels: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.codes)

    def take(self, rows: npt.NDArray[Any]) -> Categories:
        """Return the given rows (a boolean mask or positions) with the same labels."""
        return Categories(self.codes[rows], self.labels)

    def strings(self) -> npt.NDArray[np.object_]:
        """Return the names themselves, None where a row has none."""
        lookup = np.array([*self.labels, None], dtype=object)
        return lookup[self.codes]


Column = npt.NDArray[Any] | Categories
Table = Mapping[str, Column]
Tables = Mapping[str, Table]

TABLE_NAMES = (
    "work_orders",
    "visits",
    "engineer_days",
    "stock_moves",
    "inspections",
    "projects",
    "disruptions",
)

#: Kind of each column: "instant" (hours in memory, UTC timestamp on disk), "number", "count", "flag",
#: "category" or "text". Tables hold these columns, in this order, whatever wrote them.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "work_orders": {
        "replication": "count",
        "id": "text",
        "customer": "category",
        "customer_tier": "category",
        "site": "category",
        "device_type": "category",
        "city": "category",
        "country": "category",
        "zone": "category",
        "centre": "category",
        "time_zone": "category",
        "severity": "category",
        "priority": "count",
        "origin": "category",
        "work_type": "category",
        "skill": "category",
        "level": "category",
        "sla_rule": "category",
        "status": "category",
        "served_by": "category",
        "parts": "category",
        "crew_size": "count",
        "visits": "count",
        "reported_at": "instant",
        "down_from": "instant",
        "acknowledged_at": "instant",
        "booked_at": "instant",
        "planned_arrival_at": "instant",
        "departed_at": "instant",
        "arrived_at": "instant",
        "restored_at": "instant",
        "completed_at": "instant",
        "respond_due_at": "instant",
        "attend_due_at": "instant",
        "restore_due_at": "instant",
        "complete_due_at": "instant",
        "due_at": "instant",
        "follow_up_due_at": "instant",
        "followed_up_at": "instant",
        "complained_at": "instant",
        "complaint_closed_at": "instant",
        "complaint_misses": "number",
        "duration_h": "number",
        "paused_hours": "number",
        "devices_down": "count",
        "wait_hand_over": "number",
        "wait_part": "number",
        "wait_off_shift": "number",
        "wait_skill": "number",
        "wait_crew": "number",
        "wait_engineer": "number",
        "wait_weather": "number",
        "wait_travel": "number",
        "cause": "category",
        "restore_cause": "category",
        "cost_partners": "number",
        "cost_penalties": "number",
        "csat": "number",
    },
    "visits": {
        "replication": "count",
        "work_order": "text",
        "visit": "count",
        "stage": "category",
        "engineer": "category",
        "role": "category",
        "centre": "category",
        "on_site": "flag",
        "ready_at": "instant",
        "booked_at": "instant",
        "departed_at": "instant",
        "arrived_at": "instant",
        "started_at": "instant",
        "ended_at": "instant",
        "work_hours": "number",
        "travel_hours": "number",
        "return_hours": "number",
        "fares": "number",
        "nights": "count",
        "weather_hours": "number",
        "overtime_hours": "number",
        "wait_off_shift": "number",
        "wait_skill": "number",
        "wait_crew": "number",
        "wait_engineer": "number",
        "outcome": "category",
    },
    "engineer_days": {
        "replication": "count",
        "engineer": "category",
        "centre": "category",
        "city": "category",
        "country": "category",
        "zone": "category",
        "day": "instant",
        "roster_hours": "number",
        "work_hours": "number",
        "travel_hours": "number",
        "waiting_hours": "number",
        "idle_hours": "number",
        "training_hours": "number",
        "absent_hours": "number",
        "overtime_hours": "number",
        "cost_labour": "number",
        "cost_overtime": "number",
        "cost_travel": "number",
    },
    "stock_moves": {
        "replication": "count",
        "work_order": "text",
        "centre": "category",
        "city": "category",
        "country": "category",
        "zone": "category",
        "part": "category",
        "quantity": "count",
        "kind": "category",
        "source": "category",
        "demanded_at": "instant",
        "available_at": "instant",
        "replenished_at": "instant",
        "on_shelf": "flag",
        "cost_parts": "number",
    },
    "inspections": {
        "replication": "count",
        "id": "text",
        "site": "category",
        "engineer": "category",
        "due_at": "instant",
        "started_at": "instant",
        "ended_at": "instant",
        "defects_found": "count",
    },
    "projects": {
        "replication": "count",
        "id": "text",
        "site": "category",
        "stage": "category",
        "started_at": "instant",
        "ended_at": "instant",
    },
    "disruptions": {
        "replication": "count",
        "id": "text",
        "kind": "category",
        "city": "category",
        "started_at": "instant",
        "ended_at": "instant",
    },
}

_DTYPES: Mapping[str, Any] = {
    "instant": np.float64,
    "number": np.float64,
    "count": np.int64,
    "flag": np.bool_,
    "text": object,
}
_MICROSECONDS_PER_HOUR = 3_600_000_000


def empty(name: str) -> dict[str, Column]:
    """Return the table `name` of `TABLE_NAMES` without rows."""
    return {
        column: Categories(np.empty(0, np.int32), ()) if kind == "category" else np.empty(0, _DTYPES[kind])
        for column, kind in COLUMNS[name].items()
    }


def rows(table: Table) -> int:
    """Return the number of rows of a table."""
    return len(next(iter(table.values())))


def select(table: Table, mask: npt.NDArray[Any]) -> dict[str, Column]:
    """Return the rows of a table that `mask` (booleans or positions) picks."""
    return {
        name: column.take(mask) if isinstance(column, Categories) else column[mask]
        for name, column in table.items()
    }


def concatenate(name: str, parts: Sequence[Table]) -> dict[str, Column]:
    """Join tables of one kind whose categories share their labels.

    Raises
    ------
    ValueError
        If two parts label a category column differently.
    """
    if not parts:
        return empty(name)
    joined: dict[str, Column] = {}
    for column in COLUMNS[name]:
        pieces = [part[column] for part in parts]
        first = pieces[0]
        if isinstance(first, Categories):
            if any(not isinstance(p, Categories) or p.labels != first.labels for p in pieces):
                raise ValueError(f"{name}.{column}: the parts label their categories differently")
            joined[column] = Categories(
                np.concatenate([p.codes for p in pieces if isinstance(p, Categories)]), first.labels
            )
        else:
            joined[column] = np.concatenate([p for p in pieces if not isinstance(p, Categories)])
    return joined


def epoch_microseconds(start: date) -> int:
    """Return midnight UTC of `start` in microseconds since 1970."""
    midnight = datetime(start.year, start.month, start.day, tzinfo=UTC)
    return int(midnight.timestamp()) * 1_000_000


def to_arrow(name: str, table: Table, start: date) -> pa.Table:
    """Return a table as Arrow: instants become UTC timestamps, categories dictionaries.

    Parameters
    ----------
    name
        One of `TABLE_NAMES`; decides which columns are written, and in which order.
    table
        Column name -> array.
    start
        The scenario's start; hour 0 is its midnight in UTC.
    """
    import pyarrow as pa

    origin = epoch_microseconds(start)
    columns: dict[str, Any] = {}
    for column, kind in COLUMNS[name].items():
        values = table[column]
        if isinstance(values, Categories):
            codes = pa.array(values.codes, mask=values.codes < 0)
            columns[column] = pa.DictionaryArray.from_arrays(codes, pa.array(values.labels, pa.string()))
        elif kind == "instant":
            missing = ~np.isfinite(values)
            micros = np.rint(np.where(missing, 0.0, values) * _MICROSECONDS_PER_HOUR).astype(np.int64)
            columns[column] = pa.array(micros + origin, mask=missing).cast(pa.timestamp("us", tz="UTC"))
        elif kind == "text":
            columns[column] = pa.array(values, pa.string())
        elif kind == "number":
            columns[column] = pa.array(values, mask=np.isnan(values))
        else:
            columns[column] = pa.array(values)
    return pa.table(columns)


def from_arrow(name: str, table: pa.Table, start: date) -> dict[str, Column]:
    """Return an Arrow table in its in-memory form; the inverse of `to_arrow` to the microsecond."""
    return {
        column: column_from_arrow(kind, table.column(column), start) for column, kind in COLUMNS[name].items()
    }


def column_from_arrow(kind: str, values: pa.ChunkedArray, start: date) -> Column:
    """Return one Arrow column in its in-memory form.

    Parameters
    ----------
    kind
        One of those in `COLUMNS`.
    values
        The column as `to_arrow` makes it.
    start
        The scenario's start; hour 0 is its midnight in UTC.
    """
    import pyarrow as pa

    if kind == "category":
        if not pa.types.is_dictionary(values.type):
            values = values.dictionary_encode()
        chunk = values.unify_dictionaries().combine_chunks()
        if isinstance(chunk, pa.ChunkedArray):
            chunk = chunk.chunk(0) if chunk.num_chunks else pa.array([], pa.string()).dictionary_encode()
        codes = chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
        return Categories(codes, tuple(chunk.dictionary.to_pylist()))
    if kind == "instant":
        micros = values.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())
        raw = micros.fill_null(0).to_numpy()
        hours: FloatArray = (raw - epoch_microseconds(start)) / _MICROSECONDS_PER_HOUR
        hours[values.is_null().to_numpy()] = np.nan
        return hours
    if kind == "text":
        return np.array(values.to_pylist(), dtype=object)
    if kind == "number":
        return np.asarray(values.cast(pa.float64()).fill_null(np.nan).to_numpy().copy())
    return np.asarray(values.to_numpy().astype(_DTYPES[kind]))
