"""How much longer or shorter than expected ways and work turn out, drawn by name.

Work varies as the fault types of the day's scenario say, around the hours that the order expects. Ways have
no spread in a scenario, and work has none where the scenario knows nothing like it: the spread is then an
assumption, which `Uncertainty.assumptions` tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from optimize.day.model import DayOrder
from optimize.problem import FloatArray
from scenarios.fault_compiling import stages_of
from scenarios.fields import Distribution
from scenarios.keys import name_key
from scenarios.phrases import phrase
from scenarios.schema import Scenario

#: Assumed spread of a way around its expected hours, and of work of which no fault type is known, as
#: coefficients of variation. Hours in city traffic vary by a fifth to a third between days.
TRAVEL_CV, WORK_CV = 0.25, 0.5
#: How many orders are named.
_NAMED = 3


@dataclass(frozen=True)
class Kind:
    """Work of one kind: hands-on hours, and a diagnosis before them where there is one."""

    work: Distribution
    diagnosis: Distribution | None = None

    @property
    def expected(self) -> float:
        """Return the mean in hours."""
        return self.work.expected + (self.diagnosis.expected if self.diagnosis else 0.0)


@dataclass(frozen=True)
class Uncertainty:
    """What ways and work are drawn from.

    Parameters
    ----------
    travel
        The factor on the expected hours of a way, of mean 1.
    work
        By order id: kinds of work that it may turn out to be, each as likely; only their ratio to their mean
        counts.
    other_work
        The factor on expected hours of orders that are not listed, of mean 1.
    assumptions
        What of this no scenario says, as phrases.
    """

    travel: Distribution
    work: Mapping[str, tuple[Kind, ...]] = field(default_factory=dict)
    other_work: Distribution = field(default_factory=lambda: around_one(WORK_CV))
    assumptions: tuple[str, ...] = ()


def around_one(cv: float) -> Distribution:
    """Return a lognormal factor of mean 1."""
    return Distribution(distribution="lognormal", mean=1.0, cv=cv)


def uncertainty_of(scenario: Scenario, orders: Iterable[DayOrder]) -> Uncertainty:
    """Return how ways and work of orders vary.

    Parameters
    ----------
    scenario
        Whose fault types tell how work varies: the order's own where it names it, else those with visits of
        its skill domain, at its severity where there are such.
    orders
        The orders.
    """
    work, unknown = {}, list[str]()
    alike: dict[tuple[str, str, str], tuple[Kind, ...]] = {}
    for order in orders:
        key = order.fault_type, order.severity, order.skill
        if key not in alike:
            alike[key] = _kinds(scenario, order)
        kinds = alike[key]
        if kinds:
            work[order.id] = kinds
        else:
            unknown.append(order.id)
    told = [phrase("Hours of a way: lognormal around what is expected, cv {cv:g} (assumed)", cv=TRAVEL_CV)]
    if unknown:
        told.append(
            phrase(
                "Hours of work of {orders}, as no fault type of the scenario has such a visit: lognormal, "
                "cv {cv:g} (assumed)",
                orders=_first(unknown),
                cv=WORK_CV,
            )
        )
    return Uncertainty(around_one(TRAVEL_CV), work, assumptions=tuple(told))


def _first(names: Sequence[str]) -> str:
    """Return names for a sentence, of many only the first."""
    listed, more = ", ".join(names[:_NAMED]), len(names) - _NAMED
    return listed if more <= 0 else phrase("{names} and {n} more", names=listed, n=more)


def _kinds(scenario: Scenario, order: DayOrder) -> tuple[Kind, ...]:
    """Return the kinds of visits that an order may be."""
    faults = scenario.fault_types
    if order.fault_type in faults:
        names = [order.fault_type]
    else:
        names = [name for name, fault in faults.items() if fault.severity == order.severity] or list(faults)
    found = _visits(scenario, names, order.skill) or _visits(scenario, list(faults), order.skill)
    return found or (_visits(scenario, names, None) if order.fault_type in faults else ())


def _visits(scenario: Scenario, names: Iterable[str], skill: str | None) -> tuple[Kind, ...]:
    """Return the visits on site of some fault types that take a skill, any where none is asked for."""
    found = []
    for name in names:
        fault = scenario.fault_types[name]
        diagnosis = fault.diagnosis_hours if fault.diagnosis_hours.expected > 0.0 else None
        for stage in stages_of(fault).values():
            if stage.on_site and skill in (None, stage.skill) and stage.work_hours.expected > 0.0:
                found.append(Kind(stage.work_hours, diagnosis))
                diagnosis = None
    return tuple(found)


def travel_factors(uncertainty: Uncertainty, visit: str, seed: int, draws: int) -> FloatArray:
    """Return the factor on the hours of the way to a visit in each draw."""
    from sim.quantile_functions import quantile

    factors: FloatArray = quantile(uncertainty.travel, uniforms(visit, "way", seed, draws))
    return factors


def work_factors(uncertainty: Uncertainty, order: str, seed: int, draws: int) -> FloatArray:
    """Return the factor on the expected hours of work of an order in each draw."""
    from sim.quantile_functions import quantile

    numbers = uniforms(order, "work", seed, draws)
    kinds = uncertainty.work.get(order, ())
    if not kinds:
        factors: FloatArray = quantile(uncertainty.other_work, numbers)
        return factors
    which = (uniforms(order, "kind", seed, draws) * len(kinds)).astype(np.int64)
    diagnosis = uniforms(order, "diagnosis", seed, draws)
    factors = np.empty(draws)
    for position, kind in enumerate(kinds):
        rows = which == position
        hours = quantile(kind.work, numbers[rows])
        if kind.diagnosis is not None:
            hours = hours + quantile(kind.diagnosis, diagnosis[rows])
        factors[rows] = hours / kind.expected
    return factors


def uniforms(name: str, purpose: str, seed: int, draws: int) -> FloatArray:
    """Return uniform numbers in (0, 1) of a name and a purpose: one in each of as many equal parts.

    References
    ----------
    McKay, Beckman and Conover (1979), A comparison of three methods for selecting values of input variables:
    Latin hypercube sampling.
    """
    stream = np.random.Generator(np.random.Philox(key=name_key("breach", str(seed), purpose, name)))
    numbers: FloatArray = (stream.permutation(draws) + stream.uniform(1e-9, 1.0 - 1e-9, draws)) / draws
    return numbers
