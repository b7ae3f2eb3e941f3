"""What goes into the computation of KPIs beside the tables, and the figures that come out of it.

Holds the data only; `insight.kpis` computes, `insight.summary` averages over replications and stores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from insight.definitions import DEFINITIONS, KPI_IDS, OF_SITES, PLACES
from insight.grouping import BoolArray, Grouping, group_rows
from insight.tables import Categories, FloatArray

if TYPE_CHECKING:
    from scenarios.money_terms import RepurchaseTerms

#: Dimension and value of the whole network.
NETWORK = ("", "")


@dataclass(frozen=True)
class Window:
    """The time over which KPIs are taken.

    Parameters
    ----------
    warm_up
        Hours since the scenario's start before which nothing counts, at least 0.
    horizon
        Hours since the start at which the table ends, above `warm_up`.

    Raises
    ------
    ValueError
        If the window is empty or begins before the scenario.
    """

    warm_up: float
    horizon: float

    def __post_init__(self) -> None:
        if not 0 <= self.warm_up < self.horizon < np.inf:
            raise ValueError(
                f"a window must have 0 <= warm-up < horizon, got {self.warm_up} and {self.horizon}"
            )

    @property
    def hours(self) -> float:
        """Length of the window."""
        return self.horizon - self.warm_up


@dataclass(frozen=True)
class Facts:
    """What the tables do not tell; whatever is left out makes the KPIs that need it NaN.

    Parameters
    ----------
    start
        First day of the scenario; hour 0 is its midnight in UTC.
    devices
        Devices installed at each site, also at sites without orders.
    mean_stock
        Mean quantity on the shelves of each centre, in units of parts, NaN where unknown.
    centre_cost_per_day
        Fixed cost of each centre in the scenario's currency.
    site_groups
        For each site its city, country, zone, centre and customer_tier, as far as known: by these,
        availability and inspections are grouped.
    centre_groups
        For each centre its city, country and zone: by these, stock and fixed costs are grouped.
    repurchase
        The line from satisfaction to buying again.
    """

    start: date
    devices: Mapping[str, float] = field(default_factory=dict)
    mean_stock: Mapping[str, float] = field(default_factory=dict)
    centre_cost_per_day: Mapping[str, float] = field(default_factory=dict)
    site_groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    centre_groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    repurchase: RepurchaseTerms | None = None

    @cached_property
    def sites(self) -> Register:
        """The sites that are known and their groups."""
        return _register((*self.devices, *self.site_groups), self.site_groups, OF_SITES)

    @cached_property
    def centres(self) -> Register:
        """The centres that are known and their groups, each its own group in the dimension `centre`."""
        known = dict.fromkeys((*self.mean_stock, *self.centre_cost_per_day, *self.centre_groups))
        groups = {name: {**self.centre_groups.get(name, {}), "centre": name} for name in known}
        return _register(tuple(known), groups, PLACES)


@dataclass(frozen=True)
class Register:
    """Named things (sites, centres) with their groups.

    Parameters
    ----------
    position
        Name -> row.
    grouping
        The groups of the rows.
    """

    position: Mapping[str, int]
    grouping: Grouping

    def gather(self, column: Categories, weights: FloatArray) -> FloatArray:
        """Return the sum of a table's weights for the things that `column` names, without unknown names."""
        rows = np.array([*(self.position.get(label, -1) for label in column.labels), -1])
        sums = np.bincount(rows[column.codes] + 1, weights=weights, minlength=len(self.position) + 1)
        return sums[1:].astype(np.float64)

    def look_up(self, figures: Mapping[str, float]) -> FloatArray:
        """Return the figure of each thing, 0 where none is given."""
        return np.array([figures.get(name, 0.0) for name in self.position], dtype=np.float64)


def _register(
    things: Iterable[str], groups: Mapping[str, Mapping[str, str]], dimensions: Sequence[str]
) -> Register:
    position = {name: row for row, name in enumerate(dict.fromkeys(things))}
    columns: dict[str, Categories] = {}
    for dimension in dimensions:
        values = [groups.get(name, {}).get(dimension) for name in position]
        labels = sorted({value for value in values if value is not None})
        code = {label: row for row, label in enumerate(labels)}
        codes = np.array([-1 if value is None else code[value] for value in values], dtype=np.int32)
        columns[dimension] = Categories(codes, tuple(labels))
    return Register(position, group_rows(len(position), columns))


@dataclass(frozen=True)
class Values:
    """The figures of one replication, as parallel sequences.

    The whole network comes first, with every KPI of the closed list and NaN where there is nothing to
    compute it from. A group has no row for a KPI that is undefined in it: a share or mean over no order.
    Sums (costs, hours, backlog) of a group without rows are 0.

    Parameters
    ----------
    dimension, value
        The group: `city` and `penang`, say; both empty for the whole network.
    kpi
        An id of the closed list; or of `insight.cause_tables`, whose figures stand under their own dimension.
    figure
        In the KPI's unit.
    """

    dimension: tuple[str, ...]
    value: tuple[str, ...]
    kpi: tuple[str, ...]
    figure: FloatArray


@dataclass(frozen=True)
class Part:
    """Some KPIs over one set of groups.

    Parameters
    ----------
    dimension, value
        The groups, the whole network first.
    figures
        KPI -> one figure per group.
    """

    dimension: tuple[str, ...]
    value: tuple[str, ...]
    figures: Mapping[str, FloatArray]


def assemble(parts: Sequence[Part]) -> Values:
    """Return the figures of all parts, the whole network first and each KPI in its own dimensions only."""
    network = {kpi: float(figures[0]) for part in parts for kpi, figures in part.figures.items()}
    dimension: list[str] = [""] * len(KPI_IDS)
    value: list[str] = [""] * len(KPI_IDS)
    kpi: list[str] = [*KPI_IDS]
    figure = [np.array([network.get(name, np.nan) for name in KPI_IDS])]
    for part in parts:
        ids = [name for name in KPI_IDS if name in part.figures]
        if not ids:
            continue
        table = np.stack([part.figures[name] for name in ids])
        column, row = np.nonzero((_applies(part.dimension, ids) & ~np.isnan(table)).T)
        figure.append(table[row, column])
        dimension.extend(np.array(part.dimension, dtype=object)[column].tolist())
        value.extend(np.array(part.value, dtype=object)[column].tolist())
        kpi.extend(np.array(ids, dtype=object)[row].tolist())
    return Values(tuple(dimension), tuple(value), tuple(kpi), np.concatenate(figure))


def _applies(dimension: Sequence[str], ids: Sequence[str]) -> BoolArray:
    """Return, for each KPI and group, whether the KPI is given in the group's dimension."""
    kinds = list(dict.fromkeys(dimension))
    given = np.array([[kind in DEFINITIONS[name].dimensions for kind in kinds] for name in ids], np.bool_)
    code = {kind: row for row, kind in enumerate(kinds)}
    return given[:, [code[kind] for kind in dimension]]


def joined(first: Values, second: Values) -> Values:
    """Return the rows of two sets of figures, one after the other."""
    return Values(
        first.dimension + second.dimension,
        first.value + second.value,
        first.kpi + second.kpi,
        np.concatenate([first.figure, second.figure]),
    )


def network_figures(values: Values) -> dict[str, float]:
    """Return the figures of the whole network by KPI."""
    return group_figures(values, *NETWORK)


def group_figures(values: Values, dimension: str, value: str) -> dict[str, float]:
    """Return the figures of one group by KPI; empty if the group has none."""
    return {
        kpi: float(figure)
        for d, v, kpi, figure in zip(values.dimension, values.value, values.kpi, values.figure, strict=True)
        if d == dimension and v == value
    }
