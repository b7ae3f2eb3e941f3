"""Every KPI of work orders against theory and small tables counted by hand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from table_builder import WINDOW, Row, network, order


def test_backlog_is_littles_law() -> None:
    """Orders that begin and end within the window: mean backlog is rate times mean time to complete."""
    rng = np.random.default_rng(2)
    rows = [
        order(at, completed_at=stay)
        for at, stay in zip(rng.uniform(24, 90, 200), rng.uniform(0, 30, 200), strict=True)
    ]
    found = network(rows)
    rate = len(rows) / WINDOW.hours
    assert found["backlog_mean"] == pytest.approx(rate * found["time_to_complete_mean"])


#: What each KPI must be over the orders beside it.
ORDER_EXAMPLES: Mapping[str, tuple[list[Row], Mapping[str, float]]] = {
    "an open order past its target is missed": (
        [order(30, attend_due_at=8, arrived_at=4), order(30, attend_due_at=8)],
        {"attend_attainment": 1 / 2, "tardiness_mean": (124 - 38) / 2},
    ),
    "an open order whose target lies ahead does not count": (
        [order(30, attend_due_at=8, arrived_at=9), order(120, attend_due_at=8)],
        {"attend_attainment": 0, "tardiness_mean": 1},
    ),
    "a clock stopped at its target is met, also if the target lies beyond the horizon": (
        [order(30, attend_due_at=8, arrived_at=8), order(120, attend_due_at=8, arrived_at=2)],
        {"attend_attainment": 1, "tardiness_mean": 0},
    ),
    "a booking with a late committed start does not respond": (
        [
            order(30, respond_due_at=4, booked_at=1, planned_arrival_at=3),
            order(30, respond_due_at=4, booked_at=1, planned_arrival_at=9, arrived_at=6),
        ],
        {"response_attainment": 1 / 2, "time_to_respond_mean": (1 + 6) / 2},
    ),
    "orders from before the warm-up count in the backlog only": (
        [order(20, attend_due_at=1, arrived_at=9, completed_at=14), order(30, attend_due_at=1, arrived_at=1)],
        {"attend_attainment": 1, "time_to_attend_mean": 1, "backlog_mean": (10 + 94) / 100},
    ),
    "restoration has its own clock": (
        [order(30, restore_due_at=8, restored_at=9), order(30, restore_due_at=9, restored_at=9)],
        {"restore_attainment": 1 / 2, "time_to_fix_mean": 9, "time_to_fix_p50": 9},
    ),
    "the agreement is kept if every clock is, and broken as soon as one is missed": (
        [
            order(30, attend_due_at=8, arrived_at=8, restore_due_at=9, restored_at=9),
            order(30, attend_due_at=8, arrived_at=8, restore_due_at=9, restored_at=10),
            order(120, attend_due_at=1, arrived_at=2, restore_due_at=9),
            order(120, attend_due_at=1, arrived_at=1, restore_due_at=9),
            order(120),
        ],
        {"sla_attainment": 1 / 3},
    ),
    "times are calendar hours of the orders that got there": (
        [order(30, completed_at=10), order(31, completed_at=20), order(32, completed_at=30), order(33)],
        {
            "time_to_complete_mean": 20,
            "time_to_complete_p50": 20,
            "time_to_complete_p90": 28,
            "time_to_complete_p95": 29,
        },
    ),
    "first-time fix and repeat visits are of orders visited": (
        [
            order(30, visits=1, completed_at=9),
            order(30, visits=2, completed_at=9),
            order(30, visits=2),
            order(30, visits=3),
            order(30, visits=1),
            order(30, visits=0, completed_at=1, served_by="remote"),
        ],
        {"first_time_fix_rate": 1 / 2, "repeat_visit_rate": 3 / 5, "remote_resolution_rate": 1 / 6},
    ),
    "the largest backlog lasts an instant": (
        [order(30, completed_at=10), order(40, completed_at=10), order(45, completed_at=1), order(10)],
        {"backlog_max": 3, "backlog_mean": (10 + 10 + 1 + 100) / 100},
    ),
    "partners and penalties are summed over the window's orders": (
        [
            order(30, cost_partners=10, cost_penalties=1),
            order(30, cost_partners=5, cost_penalties=2),
            order(20, cost_partners=99, cost_penalties=99),
        ],
        {"cost_partners": 15, "cost_penalties": 3, "cost_total": 18},
    ),
}


@pytest.mark.parametrize("example", ORDER_EXAMPLES)
def test_kpis_of_orders(example: str) -> None:
    """The KPIs of a few orders are what the sentence and a count by hand say."""
    rows, expected = ORDER_EXAMPLES[example]
    found = network(rows)
    assert {kpi: found[kpi] for kpi in expected} == pytest.approx(dict(expected))
