"""Two changes of one board: what is apart goes together, what is not is shown, and nothing is lost."""

from __future__ import annotations

import pytest
from board_days import day, engineer, hours, order, visit, with_order, with_visits
from hypothesis import given, settings
from hypothesis import strategies as st

from optimize.day.event_kinds import changed
from optimize.day.model import Day, DayPin
from ui.boards import merge, resolved

BASE = day()
#: Changes by name, with the orders and engineers that they touch.
CHANGES: dict[str, tuple[Day, set[str]]] = {
    "nothing": (BASE, set()),
    "pin": (with_order(BASE, "A1", pin=DayPin(engineer="ali")), {"A1"}),
    "status": (with_order(BASE, "B1", status="departed"), {"B1"}),
    "later": (with_visits(BASE, 11.0, visit("A2", "ali", 4)), {"A2", "ali"}),
    "earlier": (with_visits(BASE, 13.0, visit("B2", "bea", 2)), {"B2", "bea"}),
    "moved": (with_visits(BASE, 9.0, visit("A2", "bea", 5)), {"A2", "ali", "bea"}),
    "sick": (changed(BASE, engineers=(BASE.engineers[0], engineer("bea", available_to=hours(0)))), {"bea"}),
    "new": (changed(BASE, orders=(*BASE.orders, order("N1"))), {"N1"}),
    "gone": (changed(BASE, orders=BASE.orders[1:]), {"A1"}),
    "freeze": (changed(BASE, freeze_h=1.0), {"freeze"}),
    "policy": (changed(BASE, scheduling_policy="punctual"), {"policy"}),
}
changes = st.sampled_from(sorted(CHANGES))


@given(mine=changes, theirs=changes)
@settings(max_examples=120)
def test_what_is_apart_goes_together(mine: str, theirs: str) -> None:
    """Changes clash where they touch one order or engineer and say different things; else both are in."""
    (ours, touched), (other, also) = CHANGES[mine], CHANGES[theirs]
    found = merge(BASE, ours, other)
    if mine == theirs or not touched & also:
        assert not found.clashes
        assert merge(BASE, other, ours).day.order == found.day.order
        for side, names in ((ours, touched), (other, also)):
            for name in names:
                assert found.day.order.get(name) == side.order.get(name)
                assert found.day.engineer.get(name) == side.engineer.get(name)
                assert found.day.plan and side.plan
                assert found.day.plan.crew_of.get(name) == side.plan.crew_of.get(name)
    else:
        (clash,) = found.clashes
        assert touched & also <= {name for _, name in clash.units}
        assert found.day == other
        assert resolved(BASE, ours, other, {clash.units[0]: "theirs"}) == other
        assert resolved(BASE, ours, other, {clash.units[0]: "mine"}) == ours


def test_costs_of_changes_add_up() -> None:
    """Where two changed different engineers' visits, the cost is the old one with both differences."""
    found = merge(BASE, CHANGES["later"][0], CHANGES["earlier"][0]).day
    assert found.plan and found.plan.cost == pytest.approx(14.0) and found.plan.parts == {"travel": 14.0}


def test_of_two_clashes_each_is_chosen() -> None:
    """Two clashes that have nothing to do with each other may go to either side."""
    mine = with_order(with_order(BASE, "A1", priority=1), "B1", priority=1)
    theirs = with_order(with_order(BASE, "A1", priority=2), "B1", priority=2)
    found = merge(BASE, mine, theirs)
    assert [clash.units for clash in found.clashes] == [(("order", "A1"),), (("order", "B1"),)]
    chosen = resolved(BASE, mine, theirs, {("order", "A1"): "mine"})
    assert [chosen.order[name].priority for name in ("A1", "B1")] == [1, 2]


def test_time_goes_on() -> None:
    """Where both moved the present, the later one stands, and that is no clash."""
    found = merge(BASE, changed(BASE, now=hours(2)), changed(BASE, now=hours(1)))
    assert not found.clashes and found.day.now == hours(2)
