"""Flips of penalties, bonus, suspension and satisfaction."""

from __future__ import annotations

from flips import flips
from worlds import Document, tiny


def busy() -> Document:
    """Return a document with every section on money, in which each of its keys matters."""
    document = tiny(
        {"fault": {"work_hours": 6.0, "first_time_fix": 0.7}, "other": {"work_hours": 1.0}},
        {"a": {"shift": "day", "cost_per_hour": 10.0}},
        days=62.0,
        sla=[
            {
                "name": "soon",
                "targets": {"attend": 6.0, "restore": 20.0},
                "penalty_per_breach": 3.0,
                "late": {"per_hour": 0.7, "share": 0.1, "every_minutes": 15.0, "of": 2.0},
            }
        ],
        penalties={
            "cap_per_order": 70.0,
            "cap_daily_losses": 1.5,
            "daily_losses": {"owner": 40.0},
            "cap_per_customer_month": 300.0,
            "recurrence": {"times": 2.0, "value_per_hour": 1.5},
            "service_credit": {"after_hours": 12.0, "months": 1.0, "value_per_month": 8.0},
            "bonus": {"clock": "attend", "target": 0.2, "share": 0.1},
            "suspension": {"months": 1, "target": 0.8, "triggers": {"reprioritise": True}},
        },
        satisfaction={"repeat_points": 40.0},
        aftercare={
            "complaints": {
                "share": 0.3,
                "answer_hours": 1.0,
                "solution_hours": 1.0,
                "confirmation_hours": 1.0,
            }
        },
    )
    return document


CROWD = tuple((24.0 * day + hour, "site", "fault") for day in range(0, 60, 3) for hour in (3.0, 9.0, 15.0))
_PAID = "work_orders.cost_penalties"
#: Without these caps, what else is paid shows.
_OPEN = {
    f"penalties.{cap}": None
    for cap in ("cap_per_order", "cap_daily_losses", "cap_per_customer_month", "daily_losses")
}
_MONTHS = {"penalties.cap_per_order": None, "penalties.cap_per_customer_month": None}
MONEY = [
    *flips(
        busy,
        ("sla.0.penalty_per_breach", 4.0, _PAID),
        ("sla.0.late.per_hour", 0.1, _PAID),
        ("sla.0.late.share", 0.05, _PAID),
        ("sla.0.late.every_minutes", 60.0, _PAID),
        ("sla.0.late.of", 1.0, _PAID),
        ("penalties.recurrence.times", 1.0, _PAID),
        ("penalties.recurrence.value_per_hour", 1.0, _PAID),
        ("penalties.service_credit.after_hours", 300.0, _PAID),
        ("penalties.service_credit.months", 2.0, _PAID),
        ("penalties.service_credit.value_per_month", 4.0, _PAID),
        ("penalties.bonus.target", 1.0, "engineer_days.cost_labour"),
        ("penalties.bonus.share", 0.2, "engineer_days.cost_labour"),
        ("penalties.suspension.target", 0.0, "disruptions.started_at"),
        ("penalties.suspension.months", 2, "disruptions.started_at"),
        ("penalties.suspension.least_orders", 1000, "disruptions.started_at"),
        ("penalties.suspension.lasts_months", 2, "disruptions.ended_at"),
        ("satisfaction.best", 90.0, "work_orders.csat"),
        ("satisfaction.tolerance_low", 2.0, "work_orders.csat"),
        ("satisfaction.tolerance_high", 20.0, "work_orders.csat"),
        ("satisfaction.wait_points_per_hour", 0.3, "work_orders.csat"),
        ("satisfaction.restore_tolerance", 5.0, "work_orders.csat"),
        ("satisfaction.restore_points_per_hour", 0.4, "work_orders.csat"),
        ("satisfaction.repeat_points", 10.0, "work_orders.csat"),
        ("satisfaction.complaint_points", 5.0, "work_orders.csat"),
        given=_OPEN,
        reports=CROWD,
    ),
    *flips(
        busy,
        ("penalties.bonus.clock", "restore", "engineer_days.cost_labour"),
        ("penalties.suspension.clock", "restore", "disruptions.started_at"),
        given={**_OPEN, "sla.0.targets.attend": 500.0},
        reports=CROWD,
    ),
    *flips(
        busy,
        ("penalties.cap_per_order", 20.0, _PAID),
        ("penalties.cap_per_customer_month", 100.0, _PAID),
        reports=CROWD,
    ),
    *flips(
        busy,
        ("penalties.cap_daily_losses", 0.5, _PAID),
        ("penalties.daily_losses.owner", 10.0, _PAID),
        given=_MONTHS,
        reports=CROWD,
    ),
    *flips(
        busy,
        ("satisfaction.repurchase.at", 85.0, "kpis.repurchase_rate"),
        ("satisfaction.repurchase.rate", 0.5, "kpis.repurchase_rate"),
        ("satisfaction.repurchase.per_point", 0.01, "kpis.repurchase_rate"),
        given={"satisfaction.repeat_points": 0.0},
        reports=CROWD,
    ),
]
