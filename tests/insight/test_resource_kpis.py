"""The KPIs of engineers, parts, centres and sites against small tables counted by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from table_builder import Row, measured, network, order

from insight.figures import group_figures, network_figures
from insight.kpis import Window


def test_availability_is_up_over_up_and_down() -> None:
    """One device that fails every 20 hours and is down for 5 is available for 15 of 20 hours."""
    rows = [order(24 + 20 * k, restored_at=5, site="a", devices_down=1) for k in range(5)]
    assert network(rows, devices={"a": 1})["availability"] == pytest.approx(15 / 20)


def test_engineer_days_of_the_window() -> None:
    """Utilisation is of what is not idle; days before the warm-up or from the horizon on do not count."""
    place = {"city": "hue", "centre": "c1"}
    full = {
        "roster_hours": 8,
        "work_hours": 4,
        "travel_hours": 2,
        "idle_hours": 3,
        "overtime_hours": 1,
        **place,
    }
    paid = {"cost_labour": 80, "cost_overtime": 15, "cost_travel": 6}
    off = {
        "roster_hours": 0,
        "idle_hours": 0,
        "work_hours": 0,
        "travel_hours": 0,
        "overtime_hours": 0,
        **place,
    }
    days: list[Row] = [
        {"day": 24 - 8, **full, **paid},
        {"day": 48 - 8, **full, "work_hours": 6, "idle_hours": 1, **paid},
        {"day": 72 - 8, **off, "cost_labour": 0, "cost_overtime": 0, "cost_travel": 0},
        {"day": 0 - 8, **full, **paid},
        {"day": 144 - 8, **full, "work_hours": 8, "travel_hours": 9, **paid},
    ]
    expected = {
        "utilisation": (5 + 7) / 16,
        "wrench_time": (4 + 6) / (16 + 2),
        "overtime_hours": 2,
        "travel_hours": 4,
        "cost_labour": 160,
        "cost_overtime": 30,
        "cost_travel": 12,
        "cost_total": 202,
    }
    found = measured(days=days)
    assert network_figures(found) | expected == pytest.approx(network_figures(found), nan_ok=True)
    assert group_figures(found, "centre", "c1") == pytest.approx(expected)
    assert group_figures(found, "month", "2026-01")["utilisation"] == pytest.approx(12 / 16)


@pytest.mark.parametrize("utc_offset", [-5, 0, 8])
def test_without_warm_up_every_rostered_hour_counts(utc_offset: int) -> None:
    """Local days cut by start and horizon add up to the whole time, wherever midnight is."""
    midnights = [24.0 * k - utc_offset for k in range(-1, 6)]
    edges = np.clip(midnights, 0.0, 96.0)
    days = [
        {"day": begin, "roster_hours": end - begin, "cost_labour": end - begin}
        for begin, end in itertools.pairwise(edges)
        if end > begin
    ]
    assert network(days=days, window=Window(0.0, 96.0))["cost_labour"] == 96
    assert network(days=days[1:], window=Window(24.0, 96.0))["cost_labour"] == pytest.approx(72, abs=8)


def test_parts_and_centres() -> None:
    """Fill rate is of demands, turns are units a year over mean stock, centres are paid by the day."""
    moves = [
        {"demanded_at": 30, "on_shelf": True, "quantity": 2, "cost_parts": 7, "centre": "c1", "city": "hue"},
        {"demanded_at": 31, "on_shelf": False, "quantity": 1, "cost_parts": 3, "centre": "c1", "city": "hue"},
        {"demanded_at": 32, "on_shelf": True, "quantity": 5, "cost_parts": 5, "centre": "c2", "city": "ipoh"},
        {"demanded_at": 20, "on_shelf": False, "quantity": 9, "cost_parts": 9, "centre": "c1", "city": "hue"},
    ]
    found = measured(
        moves=moves,
        mean_stock={"c1": 4.0, "c2": np.nan, "c3": 2.0},
        centre_cost_per_day={"c1": 24.0, "c3": 48.0},
        centre_groups={"c1": {"city": "hue"}, "c3": {"city": "hue"}},
    )
    figures = network_figures(found)
    assert figures["fill_rate"] == pytest.approx(2 / 3)
    assert figures["cost_parts"] == 15
    assert figures["inventory_turns"] == pytest.approx(3 * 87.6 / 6)
    assert figures["cost_centres"] == pytest.approx((24 + 48) * 100 / 24)
    assert figures["cost_total"] == pytest.approx(15 + 300)
    hue, c1 = group_figures(found, "city", "hue"), group_figures(found, "centre", "c1")
    assert (hue["fill_rate"], hue["inventory_turns"]) == pytest.approx((1 / 2, 3 * 87.6 / 6))
    assert (c1["inventory_turns"], c1["cost_centres"]) == pytest.approx((3 * 87.6 / 4, 100))
    assert hue["cost_total"] == pytest.approx(10 + 300)


def test_inspections_on_time() -> None:
    """Inspections due within the window count, and those not held by their date are late."""
    inspections = [
        {"site": "a", "due_at": 30, "ended_at": 30},
        {"site": "a", "due_at": 30, "ended_at": 31},
        {"site": "b", "due_at": 40},
        {"site": "b", "due_at": 200, "ended_at": 50},
        {"site": "b", "due_at": 20, "ended_at": 22},
    ]
    found = measured(inspections=inspections, site_groups={"a": {"city": "hue"}})
    assert network_figures(found)["inspection_on_time"] == pytest.approx(1 / 3)
    assert group_figures(found, "city", "hue")["inspection_on_time"] == pytest.approx(1 / 2)


def test_downtime_is_clipped_to_the_window() -> None:
    """Devices at known sites are down from report to restoration or the horizon, within the window."""
    rows = [
        order(14, restored_at=20, site="a", devices_down=2),
        order(114, site="b", devices_down=1),
        order(30, completed_at=5, site="c", devices_down=1),
        order(30, restored_at=10, site="elsewhere", devices_down=50),
        order(30, restored_at=10, site="empty", devices_down=50),
    ]
    groups = {"a": {"city": "hue"}, "empty": {"city": "hue"}}
    found = measured(rows, devices={"a": 4, "b": 1, "c": 5}, site_groups=groups)
    assert network_figures(found)["availability"] == pytest.approx(1 - (10 * 2 + 10 + 5) / (10 * 100))
    assert group_figures(found, "city", "hue")["availability"] == pytest.approx(1 - 20 / 400)


def test_availability_is_not_negative() -> None:
    """Several reports of the same device while it is down add up, but not to less than nothing."""
    rows = [order(24, site="a", devices_down=1), order(24, site="a", devices_down=1)]
    assert network(rows, devices={"a": 1})["availability"] == 0


def test_leave_and_training_are_no_part_of_utilisation() -> None:
    """Of a day of 8 hours, 2 of them in training, 3 idle are half of the rest; a day on leave is left out."""
    here = {"roster_hours": 8, "work_hours": 3, "travel_hours": 0, "idle_hours": 3, "overtime_hours": 0}
    gone = {**here, "work_hours": 0, "idle_hours": 0}
    days: list[Row] = [
        {"day": 24, **here, "training_hours": 2, "absent_hours": 0},
        {"day": 48, **gone, "training_hours": 0, "absent_hours": 8},
    ]
    found = network(days=days)
    assert found["utilisation"] == pytest.approx(3 / 6)
    assert found["wrench_time"] == pytest.approx(3 / 16)
