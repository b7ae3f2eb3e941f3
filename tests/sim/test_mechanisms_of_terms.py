"""Every mechanism, switched on for the same failures, moves its KPI: prevention, money, alerts and policies.

`test_mechanisms` says where the others are. Calls after completion move no KPI but the clocks of the contact
desk, which are held in test_aftercare.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from mechanism_worlds import Case, check, comparison

from insight.figures import network_figures

LOOK = {"fault_types.look": {"severity": "minor", "skill": "field", "work_hours": 1.0}}
DEFECTS = {f"fault_types.{name}.delay_hours": 400.0 for name in ("cable", "board", "dark")}
SENSORS = {"recall": 0.85, "precision": 0.85, "lead_hours": 72, "check_hours": 0.5}
PREVENTION = (
    Case(
        "inspections of defects",
        {"inspections": {"fault_type": "look", "every_days": 7.0, "hours_per_defect": 0.5}},
        {"availability": 1, "backlog_mean": -1},
        {**LOOK, **DEFECTS, "centres.port.engineers.juniors.count": 3},
    ),
    Case(
        "detection",
        {"inspections.detection": 0.9},
        {"availability": 1},
        {
            **LOOK,
            **DEFECTS,
            "inspections": {
                "fault_type": "look",
                "every_days": 7.0,
                "hours_per_defect": 0.5,
                "detection": 0.3,
            },
        },
    ),
    Case(
        "inspections without delay times",
        {"inspections": {"fault_type": "look", "every_days": 7.0, "hours_per_device": 0.003}},
        {"utilisation": 1, "cost_travel": 1, "availability": -1},
        LOOK,
    ),
    Case("prediction", {"prediction": SENSORS}, {"availability": 1, "backlog_mean": -1}),
    Case(
        "price of sensors",
        {"prediction.cost_per_site_year": 4000},
        {"cost_centres": 1, "availability": 0},
        {"prediction": SENSORS},
    ),
)

LATE = {
    "sla": [{"name": "all", "targets": {"attend": 8.0}, "penalty_per_breach": 50, "late": {"per_hour": 20}}]
}
NO_FINE = {"sla": [{"name": "all", "targets": {"attend": 8.0}}]}
SUSPENSION = {"target": 0.99, "months": 1, "least_orders": 5}
MONEY = (
    Case("penalties", LATE, {"cost_penalties": 1, "cost_total": 1, "time_to_attend_mean": 0}, NO_FINE),
    Case("cap on an order", {"penalties.cap_per_order": 60}, {"cost_penalties": -1}, LATE),
    Case(
        "cap in daily losses",
        {"penalties.cap_daily_losses": 1.5, "penalties.daily_losses": {"port": 40}},
        {"cost_penalties:harbour": -1, "cost_penalties:beach": 0},
        LATE,
    ),
    Case(
        "cap on a customer's month", {"penalties.cap_per_customer_month": 900}, {"cost_penalties": -1}, LATE
    ),
    Case(
        "compensation for visits that did not help",
        {"penalties.recurrence": {"value_per_hour": 15}},
        {"cost_penalties": 1},
        {"fault_types.cable.first_time_fix": 0.8},
    ),
    Case(
        "credits of service",
        {"penalties.service_credit": {"after_hours": 2, "value_per_month": 500}},
        {"cost_penalties": 1},
    ),
    Case(
        "bonus", {"penalties.bonus": {"target": 0.5, "share": 0.1}}, {"cost_labour": 1, "time_to_fix_mean": 0}
    ),
    Case(
        "rates of pay",
        {"centres.port.engineers.lead.cost_per_hour": 20, "centres.port.fixed_cost_per_day": 30},
        {"cost_labour": 1, "cost_centres": 1, "cost_overtime": 1},
    ),
)

#: The island has more work than its one engineer can do; the harbour has people to spare.
CROWD = {
    "sites.hotel.devices.unit": 1500,
    "centres.port.engineers.juniors.count": 5,
    "dispatch.crossing": {"after_hours": 2000.0, "within": "network"},
}
AID = {"mutual_aid": True}
GARAGE = {
    "centres.garage": {
        "level": "partner", "city": "beach", "partner": {"attend_hours": 3.0, "price_per_order": 80},
    }
}  # fmt: skip


def alert(kind: str, triggers: Mapping[str, object], **keys: object) -> dict[str, object]:
    """Return the section of one alert."""
    return {"alerts": [{"name": "watched", "kind": kind, "triggers": triggers, **keys}]}


ALERTS = (
    Case(
        "backlog alert: mutual aid",
        alert("backlog", AID, threshold=5),
        {"backlog_mean:beach": -1, "backlog_mean": -1},
        CROWD,
    ),
    Case(
        "backlog alert: partner",
        alert("backlog", {"overflow": {"partner": "garage", "after_hours": 4.0}}, threshold=5),
        {"backlog_mean:beach": -1, "cost_partners": 1},
        {**CROWD, **GARAGE},
    ),
    Case(
        "backlog alert: priority",
        alert("backlog", {"reprioritise": True}, threshold=4),
        {"backlog_mean:beach": -1, "time_to_attend_mean:beach": -1},
        {
            "centres.port.serves": {"cities": ["harbour", "beach"]},
            "centres.pier.serves": {"sites": []},
            "sites.quay.devices.unit": 500,
            "sites.mall.devices.unit": 400,
            "sites.hotel.devices.unit": 2000,
            "links.ferry.ride_hours": 0.2,
            "links.ferry.wait_hours": 0.0,
        },
    ),
    Case(
        "satisfaction alert",
        alert("csat", AID, days=1),
        {"csat": 1, "repurchase_rate": 1},
        {**CROWD, "satisfaction": {}},
    ),
    Case(
        "complaints alert",
        alert("complaints", AID, least=2),
        {"backlog_mean:beach": -1},
        {
            **CROWD,
            "aftercare.complaints": {
                "share": 0.5,
                "late_factor": 2.0,
                "answer_hours": 1,
                "solution_hours": 1,
                "confirmation_hours": 1,
            },
        },
    ),
    Case(
        "outage alert",
        alert("outage", AID),
        {"backlog_mean:beach": -1},
        {
            **CROWD,
            "disruptions": [
                {"name": "out", "kind": "ticket_outage", "from": "2026-01-20", "days": 10, "manual_hours": 1}
            ],
        },
    ),
    Case("suspension", {"penalties.suspension": SUSPENSION}, {"backlog_mean:beach": -1}, CROWD),
)

#: A patch of many sites with long ways between them.
FAR = {"city_travel.default.speed_kmh": 4, "centres.port.engineers.juniors.count": 4}
POLICIES = (
    Case(
        "nearest_qualified",
        {"dispatch.policy": "nearest_qualified"},
        {"travel_hours": -1},
        {**FAR, "dispatch.policy": "first_come"},
    ),
    Case(
        "sla_priority",
        {"dispatch.policy": "sla_priority"},
        {"attend_attainment": 1},
        {
            "dispatch.policy": "first_come",
            "sla": [
                {"name": "dark", "match": {"severity": ["emergency"]}, "targets": {"attend": 2.0}},
                {"name": "others", "targets": {"attend": 24.0}},
            ],
        },
    ),
    Case(
        "earliest_arrival",
        {"dispatch.policy": "earliest_arrival"},
        {"time_to_attend_mean": -1},
        {**FAR, "dispatch.policy": "first_come"},
    ),
)


@pytest.mark.parametrize("case", PREVENTION + MONEY + ALERTS + POLICIES, ids=lambda case: case.name)
def test_what_is_switched_on_moves_its_kpi(case: Case) -> None:
    """The interval of the paired difference lies on the right side of zero."""
    check(case)


def test_a_cap_binds_in_every_replication() -> None:
    """Under a cap on a customer's month, each of two customers costs at most the cap in each month."""
    (case,) = (case for case in MONEY if case.name == "cap on a customer's month")
    runs = comparison(case).runs
    capped, free = (
        np.array([network_figures(values)["cost_penalties"] for _, values in runs[name].values])
        for name in ("with", "without")
    )
    # Sixty days from the fifth of January lie in three months.
    assert (capped <= 2 * 3 * 900).all() and (capped > 900).all() and (free > capped).all()
