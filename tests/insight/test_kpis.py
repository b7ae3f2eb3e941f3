"""What must hold of the KPIs of any table: shares, groups, order of rows, and what is not known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from table_builder import START, WINDOW, Row, measured, network, order, table

from insight.definitions import DEFINITIONS, KPI_IDS
from insight.figures import group_figures, network_figures
from insight.kpis import Facts, Window, kpi_values
from insight.tables import select

untimed = settings(deadline=None, max_examples=60)

CITIES, SEVERITIES = ("hue", "ipoh", "medan"), ("minor", "major")


_hours = st.none() | st.integers(0, 60)


@st.composite
def any_order(draw: st.DrawFn) -> Row:
    """Draw an order in which restoration follows arrival, and completion restoration, if they happen."""
    arrived = draw(_hours)
    restored = draw(_hours) if arrived is None else draw(st.none() | st.integers(arrived, arrived + 20))
    completed = None if restored is None else draw(st.none() | st.integers(restored, restored + 20))
    return order(
        draw(st.integers(0, 130)),
        city=draw(st.sampled_from(CITIES)),
        severity=draw(st.sampled_from(SEVERITIES)),
        visits=0 if arrived is None else draw(st.integers(1, 3)),
        served_by="remote" if arrived is None and restored is not None else "own",
        booked_at=draw(_hours),
        planned_arrival_at=draw(_hours),
        arrived_at=arrived,
        restored_at=restored,
        completed_at=completed,
        cause=draw(st.sampled_from(["part", "travel", None])),
        **{f"{clock}_due_at": draw(_hours) for clock in ("respond", "attend", "restore")},
    )


some_orders = st.lists(any_order(), max_size=30)


@untimed
@given(some_orders)
def test_shares_lie_between_0_and_1(rows: list[Row]) -> None:
    """Every share, of the network and of every group, is between 0 and 1 or undefined."""
    found = measured(rows)
    shares = [
        figure
        for kpi, figure in zip(found.kpi, found.figure, strict=True)
        if DEFINITIONS[kpi].unit == "share" and not np.isnan(figure)
    ]
    assert all(0 <= share <= 1 for share in shares)


@untimed
@given(some_orders)
def test_group_attainments_recombine(rows: list[Row]) -> None:
    """Attainment of the cities, weighted by the orders that count in each, is that of the network."""
    overall = network(rows)
    counted = [row for row in rows if 24 <= row["reported_at"] <= 124]
    for kpi, clock in (("attend_attainment", "attend"), ("restore_attainment", "restore")):
        total = met = 0.0
        for city in CITIES:
            share = group_figures(measured(rows), "city", city).get(kpi)
            decided = sum(row["city"] == city and is_decided(row, clock) for row in counted)
            assert (share is None) == (decided == 0)
            total, met = total + decided, met + decided * (share or 0.0)
        assert overall[kpi] == pytest.approx(met / total if total else np.nan, nan_ok=True)


def is_decided(row: Row, clock: str) -> bool:
    """Return whether a clock of an order stopped or fell due, by the definition's words."""
    due = row.get(f"{clock}_due_at")
    stop = row.get("restored_at") if clock == "restore" else row.get("arrived_at")
    if clock == "attend" and row["served_by"] == "remote":
        stop = row.get("restored_at")
    return due is not None and (due <= 124 or (stop is not None and stop <= 124))


@untimed
@given(some_orders)
def test_backlog_is_what_counting_finds(rows: list[Row]) -> None:
    """Mean and largest backlog are those of counting the open orders at every whole hour."""

    def open_at(hour: float, city: str | None) -> int:
        return sum(
            row["reported_at"] <= hour < row.get("completed_at", np.inf)
            for row in rows
            if city is None or row["city"] == city
        )

    found = measured(rows)
    for city in (None, *{row["city"] for row in rows}):
        figures = group_figures(found, "city" if city else "", city or "")
        hourly = [open_at(hour, city) for hour in range(24, 124)]
        assert figures["backlog_mean"] == pytest.approx(np.mean(hourly))
        assert figures["backlog_max"] == max(*hourly, open_at(124, city))


@untimed
@given(some_orders, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_of_no_account(rows: list[Row], random: Any) -> None:
    """The same orders in another order have the same figures."""
    shuffled = random.sample(rows, len(rows))
    first, second = measured(rows), measured(shuffled)
    assert (first.dimension, first.value, first.kpi) == (second.dimension, second.value, second.kpi)
    np.testing.assert_allclose(first.figure, second.figure, rtol=1e-12)


@untimed
@given(some_orders)
def test_group_times_are_numpys(rows: list[Row]) -> None:
    """Mean and quantiles of time to attend in a city are numpy's over its orders that were attended."""
    found = measured(rows)
    for city in CITIES:
        hours = [
            row["arrived_at"] - row["reported_at"]
            for row in rows
            if row["city"] == city and row["reported_at"] >= 24 and row.get("arrived_at", 999) <= 124
        ] + [
            row["restored_at"] - row["reported_at"]
            for row in rows
            if row["city"] == city
            and row["reported_at"] >= 24
            and row["served_by"] == "remote"
            and row["restored_at"] <= 124
        ]
        figures = group_figures(found, "city", city)
        if not hours:
            assert "time_to_attend_p90" not in figures
            continue
        assert figures["time_to_attend_mean"] == pytest.approx(np.mean(hours))
        for suffix, level in (("p50", 0.5), ("p90", 0.9), ("p95", 0.95)):
            assert figures[f"time_to_attend_{suffix}"] == pytest.approx(np.quantile(hours, level))


def test_the_closed_list_is_complete() -> None:
    """The ids are those that interfaces promise, no more, and the network has a row for each of them."""
    suffixes = ("mean", "p50", "p90", "p95")
    times = [f"time_to_{c}_{s}" for c in ("respond", "attend", "fix", "complete") for s in suffixes]
    costs = ("total", "labour", "overtime", "travel", "parts", "centres", "partners", "penalties")
    rest = {
        *(
            "response_attainment",
            "attend_attainment",
            "restore_attainment",
            "sla_attainment",
            "tardiness_mean",
        ),
        *("first_time_fix_rate", "remote_resolution_rate", "repeat_visit_rate", "utilisation", "wrench_time"),
        *("overtime_hours", "travel_hours", "backlog_mean", "backlog_max", "fill_rate", "inventory_turns"),
        *("inspection_on_time", "availability", "csat", "repurchase_rate"),
    }
    assert set(KPI_IDS) == {*times, *rest, *(f"cost_{cost}" for cost in costs)}
    assert tuple(network()) == KPI_IDS


def test_what_nothing_tells_is_not_a_number() -> None:
    """Without rows or facts a KPI is NaN, not 0; csat and repurchase without a curve are not known."""
    found = network([order(30, arrived_at=1)])
    unknown = {kpi for kpi, figure in found.items() if np.isnan(figure)}
    assert {
        "attend_attainment",
        "sla_attainment",
        "utilisation",
        "overtime_hours",
        "fill_rate",
        "inventory_turns",
        "inspection_on_time",
        "availability",
        "csat",
        "repurchase_rate",
        "cost_labour",
        "cost_parts",
        "cost_centres",
        "cost_partners",
        "cost_total",
    } <= unknown
    assert {"time_to_attend_mean", "backlog_mean", "remote_resolution_rate"}.isdisjoint(unknown)


def test_months_are_those_of_the_report() -> None:
    """Orders fall in the calendar month in which they were reported, in UTC."""
    rows = [order(31 * 24 - 1, attend_due_at=2, arrived_at=2), order(31 * 24, attend_due_at=2, arrived_at=3)]
    found = measured(rows, window=Window(24.0, 24 * 40.0))
    assert group_figures(found, "month", "2026-01")["attend_attainment"] == 1
    assert group_figures(found, "month", "2026-02")["attend_attainment"] == 0


def test_a_month_that_begins_at_the_horizon_is_none() -> None:
    """A window up to midnight of the first of February has January only."""
    found = measured([order(30)], days=[{"day": 48}], window=Window(24.0, 24 * 31.0))
    assert {v for d, v in zip(found.dimension, found.value, strict=True) if d == "month"} == {"2026-01"}


def test_groups_without_orders_have_no_shares_but_empty_sums() -> None:
    """A city whose only order came before the warm-up has no attainment, and a backlog."""
    rows = [
        order(2, city="hue", severity="minor", attend_due_at=2, arrived_at=1, completed_at=1),
        order(30, city="ipoh", severity="major", cause="part", attend_due_at=2, arrived_at=1, completed_at=1),
    ]
    found = measured(rows)
    assert group_figures(found, "city", "hue") == {"backlog_mean": 0, "backlog_max": 0}
    assert group_figures(found, "severity", "major")["attend_attainment"] == 1
    crossed = group_figures(found, "city_severity", "ipoh|major")
    assert crossed == {"attend_attainment": 1, "sla_attainment": 1}
    assert not group_figures(found, "city_severity", "ipoh|minor")


def test_several_replications_are_refused() -> None:
    """KPIs are of one replication: a table of two is an error, and either of them is not."""
    orders = table("work_orders", [order(30, replication=0), order(31, replication=1)])
    with pytest.raises(ValueError, match="work_orders"):
        kpi_values({"work_orders": orders}, WINDOW, Facts(START))
    one = kpi_values({"work_orders": select(orders, np.array([0]))}, WINDOW, Facts(START))
    assert network_figures(one)["backlog_max"] == 1


@pytest.mark.parametrize(("warm_up", "horizon"), [(-1, 5), (5, 5), (6, 5), (0, np.nan), (0, np.inf)])
def test_an_impossible_window_is_refused(warm_up: float, horizon: float) -> None:
    """A window needs 0 <= warm-up < horizon, and an end."""
    with pytest.raises(ValueError, match="warm-up"):
        Window(warm_up, horizon)
