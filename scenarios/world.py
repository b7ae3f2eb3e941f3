"""The compiled scenario: immutable arrays and tables that simulation and optimisation read, and nothing else.

Names become positions, dates become hours since the start, calendars become piecewise-linear clocks. Whatever
a dated change may alter is held once per period. Compiling is in `compiling`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from scenarios.absence_terms import LossSpec, ShortageSpec
from scenarios.care_specs import AfterCareSpec
from scenarios.fault_specs import FaultSpec
from scenarios.money_terms import AlertTerms, PenaltyTerms, SatisfactionTerms, SuspensionTerms
from scenarios.open_hours import OpenHours
from scenarios.people_specs import Category, EngineerSpec, Queue
from scenarios.rule_specs import CrossingSpec, OverflowSpec, RuleSpec, ShiftEndSpec
from scenarios.scheduling import SchedulingPolicy
from scenarios.stock_world import PartsPolicySpec, StockSpec
from scenarios.weather_specs import WeatherSpec

if TYPE_CHECKING:
    from scenarios.network_travel import NetworkTravel
    from scenarios.prevention_compiling import InspectionSpec, PredictionSpec

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


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
    queues, wide_queues
        [site][fault type][stage] -> position of the queue, and of the one with the wide territory that holds
        once permission to cross is given; no wide ones where nobody may ever cross.
    expert_queues
        [site][fault type][stage] -> position of the queue whose engineers may help remotely, -1 for none.
    rules
        [site][fault type] -> position of the SLA rule, -1 for none.
    homes
        Home centre of each site.
    depots
        [site][part] -> position of the stock that serves it, -1 for none.
    parts_policy
        How spare parts are managed.
    tiers, weights
        Customer tier and its weight, by site.
    customers
        Customer by site.
    travel_hours
        [to][from] door-to-door hours between locations (sites, then centres).
    network
        Where places lie in the network of cities, if travel is over it; `travel_hours` are then the shortest.
    travel_cost_per_hour, travel_cost_per_night
        Cost of an hour of travel beside pay.
    unit_costs, fixed_costs, devices
        Price of a unit by part, fixed cost of a day by centre, devices in service by site.
    policy, scheduling
        Name of the dispatch policy, and what counts where it plans.
    preempting
        Severities that may interrupt.
    overflow
        Hand-over to a partner, if any.
    alerts
        What is watched day by day.
    shift_end
        What happens to work at the end of a shift.
    crossing
        When engineers of other territories may be sent, if ever.
    slowed_by
        Factor on the hours of travel by weather, by city.
    inspections, prediction
        Preventive visits, and failures that sensors announce, if any.
    aftercare
        Calls after completion, and complaints.
    """

    start_hours: float
    faults: tuple[FaultSpec, ...]
    mixes: tuple[tuple[IntArray, FloatArray], ...]
    queues: tuple[tuple[tuple[int, ...], ...], ...]
    wide_queues: tuple[tuple[tuple[int, ...], ...], ...]
    expert_queues: tuple[tuple[tuple[int, ...], ...], ...]
    rules: npt.NDArray[np.int64]
    homes: IntArray
    depots: npt.NDArray[np.int64]
    parts_policy: PartsPolicySpec
    tiers: IntArray
    weights: FloatArray
    customers: IntArray
    travel_hours: FloatArray
    network: NetworkTravel | None
    travel_cost_per_hour: float
    travel_cost_per_night: float
    unit_costs: FloatArray
    fixed_costs: FloatArray
    devices: FloatArray
    policy: str
    scheduling: SchedulingPolicy
    preempting: frozenset[int]
    overflow: OverflowSpec | None
    alerts: tuple[AlertTerms, ...]
    shift_end: ShiftEndSpec
    crossing: CrossingSpec | None
    slowed_by: tuple[tuple[tuple[str, float], ...], ...]
    inspections: InspectionSpec | None
    prediction: PredictionSpec | None
    aftercare: AfterCareSpec


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
    languages: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()


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
    losses, shortages
        Key engineers who leave, and times when a share of staff is away.
    weather
        What may come up in weather and disruptions, None where nothing may.
    penalties, suspension, satisfaction
        Caps and credits, when centres are suspended, and the curve of satisfaction, if there is one.
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
    losses: tuple[LossSpec, ...]
    shortages: tuple[ShortageSpec, ...]
    weather: WeatherSpec | None
    penalties: PenaltyTerms
    suspension: SuspensionTerms | None
    satisfaction: SatisfactionTerms | None
    periods: tuple[PeriodSpec, ...]

    def period_at(self, instants: FloatArray) -> IntArray:
        """Return the position of the period in which each instant lies."""
        starts = np.array([p.start_hours for p in self.periods])
        return np.maximum(np.searchsorted(starts, instants, "right") - 1, 0)

    @cached_property
    def derived(self) -> dict[str, Any]:
        """Return a place where floors above keep what they make of this World once, by name."""
        return {}

    @property
    def expected_orders(self) -> float:
        """Return the expected number of failures and inspections of a replication, repairs taking no time."""
        ends = [*(p.start_hours for p in self.periods[1:]), self.horizon]
        inspections = sum(
            float(p.inspections.rate.sum()) * (end - p.start_hours)
            for p, end in zip(self.periods, ends, strict=True)
            if p.inspections is not None
        )
        failures = sum(
            s.factor * self.intensities[s.intensity].cumulated[-1] * (s.devices if s.finite else 1)
            for s in self.streams
        )
        return float(failures + inspections)
