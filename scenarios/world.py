"""The compiled scenario: immutable arrays and tables that simulation and optimisation read, and nothing else.

Names become positions, dates become hours since the start, calendars become piecewise-linear clocks. Whatever
a dated change may alter is held once per period. Compiling is in `compiling`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scenarios.fields import Distribution
from scenarios.open_hours import OpenHours

if TYPE_CHECKING:
    from scenarios.network_travel import NetworkTravel

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class StageSpec:
    """One kind of visit of a fault type.

    Parameters
    ----------
    name
        Name of the stage.
    skill, level
        Position of the skill domain, and lowest rank (0 junior to 3 expert) that may do it.
    work_hours
        Hands-on hours.
    on_site
        Whether somebody travels to the site.
    following
        Positions of the stages that may follow, with the cumulated chance of each; above the last, the order
        is complete.
    """

    name: str
    skill: int
    level: int
    work_hours: Distribution
    on_site: bool
    following: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class FaultSpec:
    """One fault type in one period."""

    severity: int
    priority: int
    triage_hours: Distribution
    pause_probability: float
    pause_hours: Distribution | None
    part: int
    part_probability: float
    part_quantity: int
    devices_down: int
    stages: tuple[StageSpec, ...]

    @property
    def expected_hours(self) -> float:
        """Return the mean hands-on hours of the first stage."""
        return self.stages[0].work_hours.expected


@dataclass(frozen=True)
class Intensity:
    """A cumulated rate that is linear between its knots.

    Parameters
    ----------
    knots
        Hours since the start, increasing, from 0 to the horizon.
    cumulated
        Expected events of a stream of factor 1 up to each knot, from 0.
    """

    knots: FloatArray
    cumulated: FloatArray


@dataclass(frozen=True)
class Stream:
    """The failures of one device type at one site.

    Parameters
    ----------
    site, device_type
        Positions.
    key
        64-bit key of its draws, from the names alone.
    intensity
        Position of its cumulated rate: of all its devices, or of one where the population is finite.
    factor
        Multiplier of that rate.
    devices
        Devices when there first are any; failures of a finite population are drawn device by device.
    finite
        Whether a device that is down cannot fail.
    """

    site: int
    device_type: int
    key: int
    intensity: int
    factor: float
    devices: int
    finite: bool


@dataclass(frozen=True)
class EngineerSpec:
    """One engineer during one spell in which nothing about him changes."""

    name: str
    centre: int
    category: int
    level: int
    shift: OpenHours
    cost_per_hour: float
    overtime_factor: float


@dataclass(frozen=True)
class Category:
    """Engineers that are interchangeable to work rules: same centre, same level in each skill domain."""

    centre: int
    skills: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Queue:
    """Orders that are alike to work rules: same territory, skill domain and lowest level.

    Parameters
    ----------
    territory
        Positions of the centres whose engineers may go.
    skill, level
        Position of the skill domain, and lowest rank.
    categories
        Bit mask of the categories of engineers that may serve it.
    """

    territory: tuple[int, ...]
    skill: int
    level: int
    categories: int


@dataclass(frozen=True)
class RuleSpec:
    """One SLA rule: targets in hours of its calendar, NaN where it sets none."""

    name: str
    respond: float
    attend: float
    restore: float
    complete: float
    calendar: str
    pauses: bool
    penalty: float


@dataclass(frozen=True)
class StockSpec:
    """Base stock of a part at a centre, by period, and its lead time."""

    centre: int
    part: int
    base_stock: tuple[int, ...]
    lead_hours: tuple[Distribution, ...]


@dataclass(frozen=True)
class OverflowSpec:
    """Hand-over of orders that find nobody free."""

    partner: int
    after_hours: float
    severities: frozenset[int]
    attend_hours: Distribution
    price: float


@dataclass(frozen=True)
class PeriodSpec:
    """What holds from one dated change to the next.

    Parameters
    ----------
    start_hours
        When it begins.
    faults
        Fault types by position.
    mixes
        For each device type its fault types and their cumulated shares.
    queues
        [site][fault type][stage] -> position of the queue.
    rules
        [site][fault type] -> position of the SLA rule, -1 for none.
    homes
        Home centre of each site.
    depots
        [site][part] -> position of the stock that serves it, -1 for none.
    tiers, weights
        Customer tier and its weight, by site.
    customers
        Customer by site.
    travel_hours
        [to][from] door-to-door hours between locations (sites, then centres).
    network
        Where places lie in the network of cities, if travel is over it; `travel_hours` are then the shortest.
    travel_cost_per_hour
        Cost of an hour of travel beside pay.
    unit_costs, fixed_costs, devices
        Price of a unit by part, fixed cost of a day by centre, devices in service by site.
    policy
        Name of the dispatch policy.
    preempting
        Severities that may interrupt.
    overflow
        Hand-over to a partner, if any.
    """

    start_hours: float
    faults: tuple[FaultSpec, ...]
    mixes: tuple[tuple[IntArray, FloatArray], ...]
    queues: tuple[tuple[tuple[int, ...], ...], ...]
    rules: npt.NDArray[np.int64]
    homes: IntArray
    depots: npt.NDArray[np.int64]
    tiers: IntArray
    weights: FloatArray
    customers: IntArray
    travel_hours: FloatArray
    network: NetworkTravel | None
    travel_cost_per_hour: float
    unit_costs: FloatArray
    fixed_costs: FloatArray
    devices: FloatArray
    policy: str
    preempting: frozenset[int]
    overflow: OverflowSpec | None


@dataclass(frozen=True)
class Names:
    """Labels of everything that has a position."""

    sites: tuple[str, ...]
    centres: tuple[str, ...]
    cities: tuple[str, ...]
    countries: tuple[str, ...]
    zones: tuple[str, ...]
    time_zones: tuple[str, ...]
    skills: tuple[str, ...]
    fault_types: tuple[str, ...]
    device_types: tuple[str, ...]
    stages: tuple[str, ...]
    parts: tuple[str, ...]
    customers: tuple[str, ...]
    tiers: tuple[str, ...]
    rules: tuple[str, ...]
    partners: tuple[str, ...]


@dataclass(frozen=True)
class Places:
    """Where sites, centres and cities are, by position."""

    site_city: IntArray
    centre_city: IntArray
    city_country: IntArray
    country_zone: IntArray
    city_time_zone: IntArray
    midnights: tuple[FloatArray, ...]


@dataclass(frozen=True)
class World:
    """A scenario, compiled.

    Parameters
    ----------
    name, start, horizon, seed, replications, confidence
        As the scenario has them; `horizon` in hours.
    warm_up_method, warm_up
        As the scenario has it; `warm_up` in hours.
    clocks
        [calendar name, city position] -> the calendar's open hours in that city.
    """

    name: str
    title: str
    start: date
    horizon: float
    seed: int
    replications: int
    confidence: float
    currency: str
    warm_up_method: str
    warm_up: float
    names: Names
    places: Places
    intensities: tuple[Intensity, ...]
    streams: tuple[Stream, ...]
    categories: tuple[Category, ...]
    queues: tuple[Queue, ...]
    engineers: tuple[EngineerSpec, ...]
    rules: tuple[RuleSpec, ...]
    clocks: dict[tuple[str, int], OpenHours]
    stocks: tuple[StockSpec, ...]
    periods: tuple[PeriodSpec, ...]

    def period_at(self, instants: FloatArray) -> IntArray:
        """Return the position of the period in which each instant lies."""
        starts = np.array([p.start_hours for p in self.periods])
        return np.maximum(np.searchsorted(starts, instants, "right") - 1, 0)

    @cached_property
    def queue_positions(self) -> dict[tuple[tuple[int, ...], int, int], int]:
        """Return the position of each queue by territory, skill domain and lowest level."""
        return {(q.territory, q.skill, q.level): i for i, q in enumerate(self.queues)}

    @cached_property
    def shift_changes(self) -> tuple[tuple[float, tuple[int, ...], tuple[int, ...]], ...]:
        """Return (instant, engineers whose shift ends, engineers whose shift starts), in order of time.

        Shifts that have begun by hour 0 start at hour 0; what lies beyond the horizon is left out.
        """
        members: dict[OpenHours, list[int]] = {}
        for position, engineer in enumerate(self.engineers):
            members.setdefault(engineer.shift, []).append(position)
        changes: dict[float, tuple[list[int], list[int]]] = {}
        for shift, group in members.items():
            for opens, closes in zip(shift.opens.tolist(), shift.closes.tolist(), strict=True):
                if closes <= 0.0 or opens >= self.horizon:
                    continue
                changes.setdefault(max(opens, 0.0), ([], []))[1].extend(group)
                if closes < self.horizon:
                    changes.setdefault(closes, ([], []))[0].extend(group)
        return tuple((t, tuple(sorted(changes[t][0])), tuple(sorted(changes[t][1]))) for t in sorted(changes))

    @cached_property
    def duty_cache(self) -> dict[int, OpenHours]:
        """Return a place to keep, by queue, when somebody who may serve it is on duty."""
        return {}

    @property
    def expected_orders(self) -> float:
        """Return the expected number of orders of a replication, repairs taking no time."""
        return float(
            sum(
                s.factor * self.intensities[s.intensity].cumulated[-1] * (s.devices if s.finite else 1)
                for s in self.streams
            )
        )
