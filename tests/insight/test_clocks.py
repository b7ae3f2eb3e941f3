"""Each clock of an order stops when its definition says, and what is open is judged at the horizon."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from table_builder import table

from insight.clocks import CLOCKS, all_clocks, order_clocks, tardiness

untimed = settings(deadline=None)

NAN = float("nan")
HORIZON = 100.0
_instant = st.none() | st.integers(0, 120)
_NAMES = ("booked_at", "planned_arrival_at", "arrived_at", "restored_at", "completed_at")
any_order = st.fixed_dictionaries(
    {
        **{name: _instant for name in (*_NAMES, *(f"{clock}_due_at" for clock in CLOCKS))},
        "served_by": st.sampled_from(["own", "remote", "partner", None]),
    }
)


def orders(*rows: dict[str, Any]) -> dict[str, Any]:
    """Return a table of orders reported at hour 0, None standing for what did not happen."""
    known = [{name: value for name, value in row.items() if value is not None} for row in rows]
    return table("work_orders", [{"reported_at": 0.0, **row} for row in known])


@untimed
@given(st.lists(any_order, min_size=1, max_size=8))
def test_a_clock_is_met_only_if_decided(rows: list[dict[str, Any]]) -> None:
    """Met implies decided, decided implies due, and a clock is decided unless it runs towards its target."""
    for name, clock in order_clocks(orders(*rows), HORIZON).items():
        due = np.array([NAN if row[f"{name}_due_at"] is None else row[f"{name}_due_at"] for row in rows])
        runs = np.isnan(clock.stop) & (due > HORIZON)
        assert not (clock.met & ~clock.decided).any()
        assert (clock.decided == (~np.isnan(due) & ~runs)).all()


@untimed
@given(st.lists(any_order, min_size=1, max_size=8))
def test_all_clocks_together_agree_with_each(rows: list[dict[str, Any]]) -> None:
    """All are met where each clock there is is met; decided where all are, or one is missed."""
    clocks = order_clocks(orders(*rows), HORIZON)
    decided, met = all_clocks(clocks)
    for row in range(len(rows)):
        present = [clock for clock in clocks.values() if not np.isnan(clock.due[row])]
        missed = [clock for clock in present if clock.decided[row] and not clock.met[row]]
        assert met[row] == (bool(present) and all(clock.met[row] for clock in present))
        assert decided[row] == (bool(missed) or (bool(present) and all(c.decided[row] for c in present)))


@untimed
@given(st.lists(any_order, min_size=1, max_size=8))
def test_what_comes_after_the_horizon_changes_nothing(rows: list[dict[str, Any]]) -> None:
    """An event recorded beyond the horizon is as good as none."""
    cut = [
        {
            name: None if name in _NAMES[2:] + _NAMES[:1] and (at or 0) > HORIZON else at
            for name, at in row.items()
        }
        for row in rows
    ]
    for clock, same in zip(
        order_clocks(orders(*rows), HORIZON).values(),
        order_clocks(orders(*cut), HORIZON).values(),
        strict=True,
    ):
        np.testing.assert_array_equal(clock.stop, same.stop)
        np.testing.assert_array_equal(clock.decided, same.decided)


@pytest.mark.parametrize(
    ("order", "stop"),
    [
        pytest.param(
            {"booked_at": 1, "planned_arrival_at": 4, "respond_due_at": 4, "arrived_at": 5}, 1, id="in target"
        ),
        pytest.param(
            {"booked_at": 1, "planned_arrival_at": 5, "respond_due_at": 4, "arrived_at": 6},
            6,
            id="late start",
        ),
        pytest.param(
            {"booked_at": 1, "planned_arrival_at": 5, "respond_due_at": 4}, NAN, id="late, not there"
        ),
        pytest.param({"booked_at": 1, "planned_arrival_at": 50}, 1, id="no target"),
        pytest.param({"booked_at": 1, "respond_due_at": 4, "arrived_at": 3}, 3, id="booked without a start"),
        pytest.param({"respond_due_at": 4, "restored_at": 2, "completed_at": 3}, 2, id="no visit"),
        pytest.param({"respond_due_at": 4, "completed_at": 3}, 3, id="only completed"),
        pytest.param({"respond_due_at": 4}, NAN, id="nothing yet"),
    ],
)
def test_respond_stops_at_a_booking_that_commits(order: dict[str, Any], stop: float) -> None:
    """A booking stops the respond clock only if its committed start lies within the target."""
    found = order_clocks(orders(order), HORIZON)["respond"].stop[0]
    np.testing.assert_equal(float(found), float(stop))


@pytest.mark.parametrize(
    ("order", "stop"),
    [
        pytest.param({"arrived_at": 5, "restored_at": 7, "served_by": "own"}, 5, id="arrived"),
        pytest.param({"restored_at": 2, "served_by": "remote"}, 2, id="remote"),
        pytest.param(
            {"arrived_at": 5, "restored_at": 7, "served_by": "remote"}, 5, id="remote in vain first"
        ),
        pytest.param({"restored_at": 7, "served_by": "partner"}, NAN, id="restored without arrival"),
    ],
)
def test_attend_stops_on_arrival_or_remote_restoration(order: dict[str, Any], stop: float) -> None:
    """Only somebody who came, or a remote fix, stops the attend clock."""
    found = order_clocks(orders(order), HORIZON)["attend"].stop[0]
    np.testing.assert_equal(float(found), float(stop))


@pytest.mark.parametrize(
    ("order", "decided", "hours"),
    [
        pytest.param({"attend_due_at": 4, "arrived_at": 6}, True, 2, id="late"),
        pytest.param({"attend_due_at": 4, "arrived_at": 3}, True, 0, id="early is not negative"),
        pytest.param({"attend_due_at": 4, "arrived_at": 6, "respond_due_at": 1}, True, 2, id="attend first"),
        pytest.param({"attend_due_at": 90}, True, 10, id="open and overdue"),
        pytest.param({"attend_due_at": 101}, False, 0, id="not due yet"),
        pytest.param({"restore_due_at": 4, "restored_at": 9, "complete_due_at": 5}, True, 5, id="no attend"),
        pytest.param(
            {"respond_due_at": 4, "restored_at": 9, "restore_due_at": 5}, True, 5, id="respond first"
        ),
        pytest.param({}, False, 0, id="no clock"),
    ],
)
def test_tardiness_of_the_clock_that_speaks(order: dict[str, Any], decided: bool, hours: float) -> None:
    """Hours late are those of attend, else of the first clock set, up to the horizon while it runs."""
    known, late = tardiness(order_clocks(orders(order), HORIZON), HORIZON)
    assert (bool(known[0]), float(late[0])) == (decided, hours)
