"""Sections on penalties, satisfaction and alerts: what is refused, and what the terms are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from rich_document import changed, loaded, problems_with

from scenarios.compiling import compile_world
from scenarios.world import World

CROSSING = {"dispatch.crossing": {"after_hours": 4}}
ALERT = {"name": "late", "kind": "backlog"}
CSAT = {"name": "unhappy", "kind": "csat"}

REFUSED: list[tuple[dict[str, Any], str, str, str]] = [
    (
        {"penalties": {"cap_daily_losses": 1.5, "daily_losses": {"me": 5}}},
        "penalties.daily_losses.me",
        "'me'",
        "mall",
    ),
    ({"penalties": {"daily_losses": {"mall": 5}}}, "penalties.cap_daily_losses", "nothing", "a number"),
    ({"penalties": {"cap_daily_losses": 1.5}}, "penalties.daily_losses", "nothing", "of a customer"),
    (
        {"dispatch.crossing": None, "penalties": {"suspension": {}}},
        "penalties.suspension.triggers.mutual_aid",
        "true",
        "dispatch.crossing",
    ),
    ({"satisfaction": {"tolerance_high": 7.5}}, "satisfaction.tolerance_high", "7.5", "tolerance_low (8)"),
    ({"alerts": [ALERT, {**ALERT, "level": "red"}]}, "alerts.1.name", "'late'", "no earlier"),
    ({"satisfaction": None, "alerts": [CSAT]}, "alerts.0.kind", "csat", "satisfaction"),
    ({"alerts": [{**ALERT, "clear_at": 51}]}, "alerts.0.clear_at", "51", "at most the threshold (50)"),
    (
        {"satisfaction": {}, "alerts": [{**CSAT, "clear_at": 84}]},
        "alerts.0.clear_at",
        "84",
        "at least the threshold (85)",
    ),
    ({"alerts": [{"name": "down", "kind": "outage", "days": 2}]}, "alerts.0.days", "2", "by the hour"),
    (
        {"alerts": [{"name": "down", "kind": "outage", "clear_at": 1}]},
        "alerts.0.clear_at",
        "1",
        "by the hour",
    ),
    (
        {"dispatch.crossing": None, "alerts": [{**ALERT, "triggers": {"mutual_aid": True}}]},
        "alerts.0.triggers.mutual_aid",
        "true",
        "dispatch.crossing",
    ),
    (
        {"alerts": [{**ALERT, "triggers": {"overflow": {"partner": "hq"}}}]},
        "alerts.0.triggers.overflow.partner",
        "'hq'",
        "outlet",
    ),
]


@pytest.mark.parametrize(("values", "key", "found", "allowed"), REFUSED, ids=[r[1] for r in REFUSED])
def test_contradictions_are_refused_at_their_key(
    values: dict[str, Any], key: str, found: str, allowed: str
) -> None:
    """One problem, under the key, with what was found and what is allowed."""
    refused = problems_with(values)
    assert list(refused) == [key]
    assert found in refused[key].found
    assert allowed in refused[key].allowed


def world(**values: Any) -> World:
    """Return the compiled rich network with other sections."""
    return compile_world(loaded(values))


def test_nothing_is_watched_or_capped_when_the_scenario_is_silent() -> None:
    """Without the sections there are no alerts, no curve, no suspension and no credit, and no caps."""
    silent = world(penalties={}, satisfaction=None, alerts=[])
    assert silent.satisfaction is None
    assert silent.suspension is None
    assert all(period.alerts == () for period in silent.periods)
    terms = silent.penalties
    assert np.isinf(terms.order_caps).all()
    assert (terms.month_cap, terms.recurrence_per_hour, terms.credit, terms.bonus) == (np.inf, 0.0, 0.0, None)


def test_the_cap_of_a_customer_is_the_lower_one() -> None:
    """1.5 times a daily loss of 100 is 150, of 1,000 more than the cap per order of 400."""
    penalties = {
        "cap_per_order": 400,
        "cap_daily_losses": 1.5,
        "daily_losses": {"mall": 100, "council": 1000},
    }
    compiled = world(penalties=penalties)
    caps = dict(zip(compiled.names.customers, compiled.penalties.order_caps.tolist(), strict=True))
    assert caps == {"council": 400.0, "mall": 150.0}


def test_what_is_late_is_paid_by_steps_in_hours() -> None:
    """10 % of 200 for every 15 minutes is 20 a quarter of an hour."""
    terms = {"share": 0.1, "of": 200, "per_hour": "8 CNY"}
    late = world(**{"sla.0.late": terms}).rules[0].late
    assert late is not None
    assert (late.per_hour, late.per_step, late.step_hours) == pytest.approx((1.0, 20.0, 0.25))


def test_each_kind_of_alert_has_its_usual_threshold() -> None:
    """Backlog 50 on one day, satisfaction 85 on three, complaints up by a fifth, an outage of 4 h."""
    kinds = ("backlog", "csat", "complaints", "outage")
    alerts = [{"name": kind, "kind": kind} for kind in kinds]
    found = world(satisfaction={}, alerts=alerts).periods[0].alerts
    assert [(a.threshold, a.days, a.clear_at) for a in found] == [
        (50.0, 1, 50.0),
        (85.0, 3, 85.0),
        (0.2, 1, 0.2),
        (4.0, 1, 4.0),
    ]


def test_alerts_may_begin_on_a_date() -> None:
    """A dated change puts alerts into force from its day."""
    found = changed(("2026-02-01", {"alerts": [ALERT]}), alerts=[])
    assert [len(p.alerts) for p in found.periods] == [0, 1]
