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

from scenarios.absence_terms import AbsenceSpec, LossSpec, OnCallSpec, ShortageSpec
from scenarios.care_specs import AfterCareSpec, AttemptSpec, GuidanceSpec
from scenarios.fields import Distribution
from scenarios.money_terms import AlertTerms, LateTerms, PenaltyTerms, SatisfactionTerms, SuspensionTerms
from scenarios.open_hours import OpenHours
from scenarios.stock_world import PartsPolicySpec, StockSpec
from scenarios.weather_specs import WeatherSpec

if TYPE_CHECKING:
    from scenarios.network_travel import NetworkTravel
    from scenarios.prevention_compiling import InspectionSpec, PredictionSpec

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ExpertSpec:
    """Who works remotely beside the people on site, and the factor on the hours that his help has."""

    skill: int
    level: int
    speedup: float


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
    following_by_level
        The same by rank of whoever did the visit, where it depends on him; empty where it does not.
    crew, helper_level
        How many people it takes, 1 to 4, and the lowest rank of those beside the first.
    reserve_after_hours
        Wait after which people who become free are kept for a crew until it is complete.
    expert
        Who helps remotely if he is free, if anybody does.
    restores
        Whether service is restored at its end although another stage follows.
    diagnosis
        Hours of the diagnosis that comes before the hands-on hours, if one does.
    work_share
        Share of the hands-on hours that it takes; 1 but for a wrong diagnosis.
    guidance
        Guidance of the engineer from afar, if there is any.
    believed_hours
        Mean hours of the visit for which a wrong diagnosis is taken, if it is one.
    """

    name: str
    skill: int
    level: int
    work_hours: Distribution
    on_site: bool
    following: tuple[tuple[int, float], ...]
    following_by_level: tuple[tuple[tuple[int, float], ...], ...] = ()
    crew: int = 1
    helper_level: int = 0
    reserve_after_hours: float = 0.0
    expert: ExpertSpec | None = None
    restores: bool = False
    diagnosis: Distribution | None = None
    work_share: float = 1.0
    guidance: GuidanceSpec | None = None
    believed_hours: float | None = None

    @cached_property
    def expected_hours(self) -> float:
        """Return the mean hours of work, as they look before the visit."""
        if self.believed_hours is not None:
            return self.believed_hours
        hours = self.work_hours.expected * (self.guidance.mean if self.guidance else 1.0)
        return hours + (self.diagnosis.expected if self.diagnosis else 0.0)


@dataclass(frozen=True)
class FaultSpec:
    """One fault type in one period.

    Parameters
    ----------
    severity, priority
        Position of the severity, and urgency.
    triage_hours, pause_probability, pause_hours
        Triage, and the wait for the customer, if there may be one.
    part, part_probability, part_quantity
        Position of the part it may need, -1 for none; chance, and units.
    devices_down
        Devices out of service until it is restored.
    stages
        Kinds of visits; the first is where an order starts.
    delay_hours
        From the defect to the failure, if there is a defect before.
    outdoor
        Whether work on site stands still in weather that stops outdoor work.
    attempts
        Ways to restore it from afar, in the order in which they are tried.
    misdiagnosis, misdiagnosed_stage
        Chance that an order starts with a wrong diagnosis, and the stage that this is, -1 for none.
    verification_hours
        From restoration for good to completion.
    """

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
    delay_hours: Distribution | None = None
    outdoor: bool = False
    attempts: tuple[AttemptSpec, ...] = ()
    misdiagnosis: float = 0.0
    misdiagnosed_stage: int = -1
    verification_hours: Distribution | None = None

    @property
    def expected_hours(self) -> float:
        """Return the mean hours of work of the first stage."""
        return self.stages[0].expected_hours


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
    """One engineer during one spell in which nothing about him changes.

    Parameters
    ----------
    name
        Of his post; whoever replaces him has it, too.
    centre, category, level
        Positions, and rank of his certification.
    shift
        When he is on the roster.
    cost_per_hour, overtime_factor
        Pay, and price of an hour outside the shift over one inside.
    absence
        Terms of leave, sickness, training and leaving.
    spell
        Instants in hours at which the spell begins and ends.
    on_call
        When he may be called beside his shift, if ever.
    """

    name: str
    centre: int
    category: int
    level: int
    shift: OpenHours
    cost_per_hour: float
    overtime_factor: float
    absence: AbsenceSpec
    spell: tuple[float, float]
    on_call: OnCallSpec | None = None


@dataclass(frozen=True)
class Category:
    """Engineers that are interchangeable to work rules.

    Parameters
    ----------
    centre
        Position of their centre.
    skills
        Position of each skill domain they hold, with their rank in it.
    languages
        Bit mask of the languages they speak.
    passes
        Positions of the security passes they hold.
    on_call
        Severities for which they may be called when they are off duty.
    """

    centre: int
    skills: tuple[tuple[int, int], ...]
    languages: int = 0
    passes: frozenset[int] = frozenset()
    on_call: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Need:
    """What an order asks of whoever serves it; orders with equal needs wait together.

    Parameters
    ----------
    territory
        Positions of the centres whose engineers may go.
    skill, level
        Position of the skill domain, and lowest rank.
    languages
        Bit mask of the languages of which one is enough; 0 admits everybody.
    security_pass
        Position of the pass that the site asks for, -1 for none.
    severity
        Severity, where somebody may be on call for it; else -1.
    crew, helper_level
        People it takes, and the lowest rank of those beside the first.
    """

    territory: tuple[int, ...]
    skill: int
    level: int
    languages: int = 0
    security_pass: int = -1
    severity: int = -1
    crew: int = 1
    helper_level: int = 0


@dataclass(frozen=True)
class Queue:
    """Orders that are alike to work rules, and who may serve them.

    Parameters
    ----------
    need
        What they ask for.
    categories, helpers, on_call
        Bit masks of the categories of engineers that may serve it on duty, that may be one of a crew beside
        the first, and that may be called when they are off duty.
    """

    need: Need
    categories: int
    helpers: int = 0
    on_call: int = 0

    @property
    def territory(self) -> tuple[int, ...]:
        """Return the positions of the centres whose engineers may go."""
        return self.need.territory

    @property
    def skill(self) -> int:
        """Return the position of the skill domain."""
        return self.need.skill

    @property
    def level(self) -> int:
        """Return the lowest rank."""
        return self.need.level


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
    late: LateTerms | None = None


@dataclass(frozen=True)
class OverflowSpec:
    """Hand-over of orders that find nobody free.

    Parameters
    ----------
    partner
        Position of the partner's centre.
    after_hours, severities
        Wait after which they are handed over, and severities of which.
    attend_hours
        From hand-over to arrival, in the partner's working hours.
    price
        Of one order.
    capacity
        Orders that he works on at a time; 0 for any number.
    hours
        His working hours; None for always.
    """

    partner: int
    after_hours: float
    severities: frozenset[int]
    attend_hours: Distribution
    price: float
    capacity: int = 0
    hours: OpenHours | None = None


@dataclass(frozen=True)
class ShiftEndSpec:
    """What happens to work that is not finished when its engineer's shift ends.

    Parameters
    ----------
    rule
        finish, hand_over or resume.
    overtime_hours
        Hours after the end of the shift up to which work goes on; infinite where nothing limits it.
    hand_over_hours
        What it takes to hand work over to somebody else.
    resume_within_hours
        Longest time until his next shift for which work waits for the same engineer.
    """

    rule: str = "finish"
    overtime_hours: float = float("inf")
    hand_over_hours: float = 0.0
    resume_within_hours: float = 0.0

    @property
    def never(self) -> bool:
        """Return whether work is always finished, however long it takes."""
        return self.rule == "finish" and self.overtime_hours == float("inf")


@dataclass(frozen=True)
class CrossingSpec:
    """When engineers of other territories may be sent.

    Parameters
    ----------
    after_hours
        Wait after which they may.
    severities
        Severities for which they may.
    """

    after_hours: float
    severities: frozenset[int]


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
    policy
        Name of the dispatch policy.
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
        Caps and credits, when centres are suspended, and the curve of satisfaction, if the scenario states one.
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
