"""From the sections on money, satisfaction and alerts to their terms, and what is wrong with them.

Kept apart from `compiling` because none of it moves an order by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from scenarios.alerts import Alert, Triggers
from scenarios.money import Penalties
from scenarios.money_terms import (
    AlertTerms,
    BonusTerms,
    LateTerms,
    PenaltyTerms,
    RepurchaseTerms,
    SatisfactionTerms,
    SuspensionTerms,
    TriggerTerms,
)
from scenarios.phrases import phrase
from scenarios.problems import Problem, known, shown
from scenarios.rule_specs import OverflowSpec
from scenarios.schema import Scenario
from scenarios.service import LatePenalty, Overflow

#: Threshold and days in a row of each kind of alert: catalogue 228, 229, 230, 259.
_USUAL = {"backlog": (50.0, 1), "csat": (85.0, 3), "complaints": (0.2, 1), "outage": (4.0, 1)}

OverflowOf = Callable[[Overflow], OverflowSpec]


def compile_late(late: LatePenalty | None) -> LateTerms | None:
    """Return what an SLA rule has paid by how late an order is, if it has."""
    if late is None:
        return None
    return LateTerms(late.per_hour, late.share * late.of, late.every_minutes / 60.0)


def compile_penalties(penalties: Penalties, customers: Sequence[str]) -> PenaltyTerms:
    """Return caps, credits and bonus.

    Parameters
    ----------
    penalties
        The section.
    customers
        Keys of all customers, by position.
    """
    cap = float("inf") if penalties.cap_per_order is None else penalties.cap_per_order
    times, losses = penalties.cap_daily_losses, penalties.daily_losses
    caps = [cap if times is None or c not in losses else min(cap, times * losses[c]) for c in customers]
    month, again, credit, bonus = (
        penalties.cap_per_customer_month,
        penalties.recurrence,
        penalties.service_credit,
        penalties.bonus,
    )
    return PenaltyTerms(
        order_caps=np.array(caps, dtype=np.float64),
        month_cap=float("inf") if month is None else month,
        recurrence_per_hour=0.0 if again is None else again.times * again.value_per_hour,
        credit=0.0 if credit is None else credit.months * credit.value_per_month,
        credit_after_hours=float("inf") if credit is None else credit.after_hours,
        bonus=None if bonus is None else BonusTerms(bonus.clock, bonus.target, bonus.share),
    )


def compile_suspension(penalties: Penalties, overflow_of: OverflowOf) -> SuspensionTerms | None:
    """Return when centres are suspended, if ever; `overflow_of` compiles a hand-over to a partner."""
    given = penalties.suspension
    if given is None:
        return None
    return SuspensionTerms(
        given.clock,
        given.target,
        given.months,
        given.lasts_months,
        given.least_orders,
        _triggers(given.triggers, overflow_of),
    )


def compile_satisfaction(s: Scenario) -> SatisfactionTerms | None:
    """Return the curve of satisfaction, if the scenario states one."""
    if s.satisfaction is None:
        return None
    figures = s.satisfaction.model_dump()
    return SatisfactionTerms(**{**figures, "repurchase": RepurchaseTerms(**figures["repurchase"])})


def compile_alerts(alerts: Sequence[Alert], overflow_of: OverflowOf) -> tuple[AlertTerms, ...]:
    """Return the alerts of a period; `overflow_of` compiles a hand-over to a partner."""
    terms = []
    for alert in alerts:
        threshold, days = _USUAL[alert.kind]
        threshold = threshold if alert.threshold is None else alert.threshold
        terms.append(
            AlertTerms(
                name=alert.name,
                kind=alert.kind,
                scope=alert.scope,
                threshold=threshold,
                days=days if alert.days is None else alert.days,
                clear_at=threshold if alert.clear_at is None else alert.clear_at,
                clear_days=alert.clear_days,
                least=alert.least,
                level=alert.level,
                triggers=_triggers(alert.triggers, overflow_of),
            )
        )
    return tuple(terms)


def _triggers(triggers: Triggers, overflow_of: OverflowOf) -> TriggerTerms:
    overflow = triggers.overflow
    return TriggerTerms(
        triggers.mutual_aid, triggers.reprioritise, None if overflow is None else overflow_of(overflow)
    )


def check_money(s: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with penalties, satisfaction and alerts."""
    for customer in s.penalties.daily_losses:
        yield from known(f"penalties.daily_losses.{customer}", customer, s.customers, "customers")
    if s.penalties.daily_losses and s.penalties.cap_daily_losses is None:
        yield Problem(
            "penalties.cap_daily_losses", phrase("nothing"), phrase("a number beside `daily_losses`")
        )
    if s.penalties.cap_daily_losses is not None and not s.penalties.daily_losses:
        yield Problem(
            "penalties.daily_losses", phrase("nothing"), phrase("the daily loss of a customer beside the cap")
        )
    if s.penalties.suspension is not None:
        yield from _check_triggers("penalties.suspension.triggers", s.penalties.suspension.triggers, s)
    if s.satisfaction is not None and s.satisfaction.tolerance_high < s.satisfaction.tolerance_low:
        low, high = s.satisfaction.tolerance_low, s.satisfaction.tolerance_high
        yield Problem(
            "satisfaction.tolerance_high", shown(high), phrase("at least tolerance_low ({low:g})", low=low)
        )
    for number, alert in enumerate(s.alerts):
        if alert.name in [a.name for a in s.alerts[:number]]:
            yield Problem(
                f"alerts.{number}.name", shown(alert.name), phrase("a name that no earlier alert has")
            )
        yield from _check_alert(f"alerts.{number}", alert, s)


def _check_alert(prefix: str, alert: Alert, s: Scenario) -> Iterator[Problem]:
    if alert.kind == "csat" and s.satisfaction is None:
        yield Problem(f"{prefix}.kind", "'csat'", phrase("csat beside a section `satisfaction`"))
    threshold = _USUAL[alert.kind][0] if alert.threshold is None else alert.threshold
    if alert.clear_at is not None:
        worse = alert.clear_at < threshold if alert.kind == "csat" else alert.clear_at > threshold
        if worse:
            allowed = (
                phrase("at least the threshold ({threshold:g})", threshold=threshold)
                if alert.kind == "csat"
                else phrase("at most the threshold ({threshold:g})", threshold=threshold)
            )
            yield Problem(f"{prefix}.clear_at", shown(alert.clear_at), allowed)
    for field in ("days", "clear_at"):
        if alert.kind == "outage" and getattr(alert, field) is not None:
            allowed = phrase("nothing: an outage is watched by the hour and clears when it ends")
            yield Problem(f"{prefix}.{field}", shown(getattr(alert, field)), allowed)
    yield from _check_triggers(f"{prefix}.triggers", alert.triggers, s)


def _check_triggers(prefix: str, triggers: Triggers, s: Scenario) -> Iterator[Problem]:
    if triggers.mutual_aid and s.dispatch.crossing is None:
        allowed = phrase("false, or a section `dispatch.crossing`, which says whose engineers help")
        yield Problem(f"{prefix}.mutual_aid", "true", allowed)
    if triggers.overflow is not None:
        partners = {key for key, centre in s.centres.items() if centre.level == "partner"}
        key = f"{prefix}.overflow.partner"
        yield from known(key, triggers.overflow.partner, partners, phrase("centres of level partner"))
