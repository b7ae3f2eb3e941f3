"""Compiled terms of penalties, satisfaction, alerts and suspension, as simulation and figures read them.

Names are positions and nothing is optional that has a neutral value. They are made in `money_compiling`; what
they mean is carried out in `insight.penalties`, `insight.satisfaction`, `sim.alerts` and `sim.suspensions`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scenarios.rule_specs import OverflowSpec

FloatArray = npt.NDArray[np.float64]
_NEVER = float("inf")


@dataclass(frozen=True)
class LateTerms:
    """What each missed clock of an SLA rule costs by how late it is.

    Parameters
    ----------
    per_hour
        Paid for an hour past the target.
    per_step, step_hours
        Paid for each step past the target that has begun, and its length.
    """

    per_hour: float
    per_step: float
    step_hours: float


@dataclass(frozen=True)
class BonusTerms:
    """Performance pay: a share of rostered pay in months in which enough orders keep a clock."""

    clock: str
    target: float
    share: float


@dataclass(frozen=True)
class PenaltyTerms:
    """Caps, credits and bonus.

    Parameters
    ----------
    order_caps
        Most that is paid for one order, by customer; infinite where nothing limits it. Empty: for nobody.
    month_cap
        Most that is paid to one customer for the orders of a calendar month.
    recurrence_per_hour
        Paid for an expected hands-on hour of an order that one visit did not fix.
    credit, credit_after_hours
        Worth of a service credit, and hours past a target from which it is due.
    bonus
        Performance pay, if there is any.
    """

    order_caps: FloatArray = field(default_factory=lambda: np.empty(0))
    month_cap: float = _NEVER
    recurrence_per_hour: float = 0.0
    credit: float = 0.0
    credit_after_hours: float = _NEVER
    bonus: BonusTerms | None = None


@dataclass(frozen=True)
class RepurchaseTerms:
    """A line from satisfaction (points) to the share of customers who buy again, through (`at`, `rate`)."""

    at: float
    rate: float
    per_point: float


@dataclass(frozen=True)
class SatisfactionTerms:
    """The curve of satisfaction; figures in hours and points as in `scenarios.money.Satisfaction`."""

    best: float
    tolerance_low: float
    tolerance_high: float
    wait_points_per_hour: float
    restore_tolerance: float
    restore_points_per_hour: float
    repeat_points: float
    complaint_points: float
    repurchase: RepurchaseTerms


@dataclass(frozen=True)
class TriggerTerms:
    """What happens in the cities concerned.

    Parameters
    ----------
    mutual_aid
        Whether orders may at once be served by the wide territory.
    reprioritise
        Whether orders move up by one priority.
    overflow
        On which terms waiting orders go to a partner, if they do.
    """

    mutual_aid: bool
    reprioritise: bool
    overflow: OverflowSpec | None


@dataclass(frozen=True)
class AlertTerms:
    """One alert, with the defaults of its kind filled in; see `scenarios.alerts.Alert`."""

    name: str
    kind: str
    scope: str
    threshold: float
    days: int
    clear_at: float
    clear_days: int
    least: int
    level: str
    triggers: TriggerTerms


@dataclass(frozen=True)
class SuspensionTerms:
    """When a centre is suspended; see `scenarios.alerts.Suspension`."""

    clock: str
    target: float
    months: int
    lasts_months: int
    least_orders: int
    triggers: TriggerTerms
