"""Inspections and prediction as tables by position, for one period of a scenario.

When inspections fall due and what is predicted is for `sim`; nothing here draws or moves in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scenarios.fields import Distribution, Severity
from scenarios.prevention import covered_share, interval_days

if TYPE_CHECKING:
    from scenarios.schema import Scenario
    from scenarios.world import Names

FloatArray = npt.NDArray[np.float64]

_SEVERITIES = tuple(Severity)
_DAYS_PER_YEAR = 365.0


@dataclass(frozen=True)
class InspectionSpec:
    """Inspections in one period.

    Parameters
    ----------
    fault
        Position of the fault type of the visit.
    rate
        Inspections in an hour by site, 0 where there are none.
    spread
        Whether first dates are spread over the interval.
    within_hours
        Hours after the planned instant by which one must have ended.
    calendar
        Name of the calendar whose opening it waits for, empty for none.
    extra_hours
        By site, what is added to the hours of the visit.
    hours_per_defect
        What each defect found adds.
    detection
        Chance that a defect that is there is found.
    """

    fault: int
    rate: FloatArray
    spread: bool
    within_hours: float
    calendar: str
    extra_hours: FloatArray
    hours_per_defect: float
    detection: float


@dataclass(frozen=True)
class PredictionSpec:
    """Prediction in one period.

    Parameters
    ----------
    recall, precision, lead_hours
        As the scenario has them.
    covered
        [site][device type] -> share of the devices with sensors.
    severity, priority
        Of predicted work, until the device fails.
    check_hours
        Hands-on hours of a visit to a false alarm.
    """

    recall: float
    precision: float
    lead_hours: float
    covered: FloatArray
    severity: int
    priority: int
    check_hours: Distribution


def compile_inspections(s: Scenario, names: Names) -> InspectionSpec | None:
    """Return the inspections of a period, None where there are none."""
    given = s.inspections
    if given is None:
        return None
    rate, extra = np.zeros(len(names.sites)), np.zeros(len(names.sites))
    for position, key in enumerate(names.sites):
        if key not in s.sites:
            continue
        days = interval_days(s, key)
        rate[position] = 0.0 if days is None else 1.0 / (days * 24.0)
        trained = not given.training_sites or key in given.training_sites
        extra[position] = (
            given.report_hours
            + given.training_hours * trained
            + given.hours_per_device * sum(s.sites[key].devices.values())
        )
    return InspectionSpec(
        fault=names.fault_types.index(given.fault_type),
        rate=rate,
        spread=given.first == "spread",
        within_hours=given.within_days * 24.0,
        calendar=given.calendar or "",
        extra_hours=extra,
        hours_per_defect=given.hours_per_defect,
        detection=given.detection,
    )


def compile_prediction(s: Scenario, names: Names) -> PredictionSpec | None:
    """Return the prediction of a period, None where there is none."""
    given = s.prediction
    if given is None:
        return None
    covered = np.array(
        [
            [covered_share(s, site, device) if site in s.sites else 0.0 for device in names.device_types]
            for site in names.sites
        ]
    )
    return PredictionSpec(
        recall=given.recall,
        precision=given.precision,
        lead_hours=given.lead_hours,
        covered=covered,
        severity=_SEVERITIES.index(given.severity),
        priority=given.priority or given.severity.priority,
        check_hours=given.check_hours,
    )


def sensor_costs(s: Scenario, names: Names, homes: list[str]) -> FloatArray:
    """Return the daily cost of sensors by centre: those of the sites whose home it is.

    Parameters
    ----------
    s
        The scenario as it is in a period.
    names
        Labels of positions.
    homes
        Key of the home centre of each site.
    """
    cost = np.zeros(len(names.centres))
    if s.prediction is None:
        return cost
    for site, home in zip(names.sites, homes, strict=True):
        devices = s.sites[site].devices if site in s.sites else {}
        share = max((covered_share(s, site, d) for d, count in devices.items() if count), default=0.0)
        cost[names.centres.index(home)] += share * s.prediction.cost_per_site_year / _DAYS_PER_YEAR
    return cost
