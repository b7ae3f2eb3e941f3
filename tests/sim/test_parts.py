"""Depots under base stock, against a shelf and a queue that are followed event by event."""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from by_hand import periods, rows
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import scenarios_strategy
from worlds import Document, run, simulate, tiny, visit_log, world_of

from sim.parts import Depots
from sim.records import tables_of

Row = dict[str, Any]
some = settings(max_examples=75, deadline=None)
untimed = settings(deadline=None)


def stocked(
    base_stock: int,
    lead: float | Document,
    quantity: int = 1,
    changes: Sequence[tuple[int, int]] = (),
    days: float = 20.0,
) -> Document:
    """Return a fault that needs boards, and a depot whose base stock changes on days of January 2026."""
    key = "centres.base.depot.board.base_stock"
    document = tiny(
        {"fault": {"part": {"part": "board", "quantity": quantity}, "work_hours": 0.0}},
        {"a": {"count": 50}},
        parts={"board": {"unit_cost": 2.0}},
        changes=[{"from": date(2026, 1, day), "set": {key: stock}} for day, stock in changes],
        days=days,
    )
    document["centres"]["base"]["depot"] = {"board": {"base_stock": base_stock, "lead_hours": lead}}
    return document


def followed(base_stock: int, lead: float, demands: Sequence[tuple[float, int]]) -> list[float]:
    """Return when each demand is met by a shelf that serves its queue in order, event by event."""
    on_hand, ready = base_stock, [float("nan")] * len(demands)
    due: list[tuple[float, int]] = []
    waiting: deque[list[int]] = deque()

    def serve(now: float) -> None:
        nonlocal on_hand
        while waiting and on_hand:
            taken = min(on_hand, waiting[0][1])
            on_hand -= taken
            waiting[0][1] -= taken
            if waiting[0][1] == 0:
                ready[waiting.popleft()[0]] = now

    for number, (at, quantity) in enumerate(demands):
        while due and due[0][0] <= at:
            arrived, units = heapq.heappop(due)
            on_hand += units
            serve(arrived)
        waiting.append([number, quantity])
        heapq.heappush(due, (at + lead, quantity))
        serve(at)
    while due:
        arrived, units = heapq.heappop(due)
        on_hand += units
        serve(arrived)
    return ready


@untimed
@given(
    base_stock=st.integers(0, 6),
    lead=st.sampled_from((0.0, 1.0, 7.5, 30.0)),
    gaps=st.lists(st.tuples(st.sampled_from((0.0, 0.5, 1.0, 4.0)), st.integers(1, 4)), max_size=30),
)
def test_demands_are_met_as_on_a_real_shelf(
    base_stock: int, lead: float, gaps: list[tuple[float, int]]
) -> None:
    """With a constant lead time, units come when a shelf with a queue in order of demand gives them."""
    at = np.cumsum([gap for gap, _ in gaps]).tolist()
    demands = list(zip(at, (quantity for _, quantity in gaps), strict=True))
    depots = Depots(world_of(stocked(base_stock, lead)))
    found = [depots.demand(i, i, 0, quantity, now) for i, (now, quantity) in enumerate(demands)]
    assert found == pytest.approx(followed(base_stock, lead, demands))


def test_without_base_stock_each_demand_waits_for_its_own_order() -> None:
    """With a base stock of 0 nothing is ever on the shelf, and a part comes a lead time after its demand."""
    model = run(stocked(0, 5.0), (1.0, "site", "fault"), (2.0, "site", "fault"))
    assert [entry[2] for entry in visit_log(model)] == [6.0, 7.0]
    assert model.depots.mean_on_shelf() == [0.0]


def test_a_unit_used_is_ordered_again_at_once() -> None:
    """With one unit, the first demand finds it, and the second the one that replaces it."""
    model = run(stocked(1, 5.0), (1.0, "site", "fault"), (2.0, "site", "fault"), (11.0, "site", "fault"))
    assert [entry[2] for entry in visit_log(model)] == [1.0, 6.0, 11.0]
    moves = rows(tables_of(model, 0)["stock_moves"])
    assert [(m["demanded_at"], m["available_at"], m["replenished_at"]) for m in moves] == [
        (1.0, 1.0, 6.0),
        (2.0, 6.0, 7.0),
        (11.0, 11.0, 16.0),
    ]
    assert [m["on_shelf"] for m in moves] == [True, False, True]
    assert {m["cost_parts"] for m in moves} == {2.0}


def test_an_order_waits_until_all_its_units_are_there() -> None:
    """Of three units needed, two are on the shelf: the order waits for the third, and keeps the two."""
    model = run(stocked(2, 5.0, quantity=3), (1.0, "site", "fault"), (7.0, "site", "fault"))
    assert [entry[2] for entry in visit_log(model)] == [6.0, 12.0]


def test_a_higher_base_stock_is_there_at_its_hour() -> None:
    """When a base stock rises, the new units serve demands from the hour of the change on."""
    document = stocked(1, 100.0, changes=[(6, 3)])
    at = (1.0, 23.75, 24.25, 24.5, 24.75)
    model = run(document, *((hour, "site", "fault") for hour in at))
    assert model.depots.available.tolist() == [1.0, 101.0, 24.25, 24.5, 123.75]


def test_a_lower_base_stock_is_used_up() -> None:
    """When a base stock falls, what is there is used and not ordered again until it is down."""
    document = stocked(3, 4.0, changes=[(6, 1)])
    model = run(document, *((hour, "site", "fault") for hour in (25.0, 26.0, 27.0, 28.0)))
    assert model.depots.available.tolist() == [25.0, 26.0, 27.0, 31.0]
    np.testing.assert_array_equal(model.depots.replenished, [np.nan, np.nan, 31.0, 32.0])


def test_a_base_stock_that_falls_and_rises_is_as_before() -> None:
    """What was to be used up is kept when the base stock rises again before that."""
    document = stocked(2, 4.0, changes=[(6, 0), (7, 2)])
    model = run(document, *((hour, "site", "fault") for hour in (49.0, 49.5, 50.0)))
    assert model.depots.available.tolist() == [49.0, 49.5, 53.0]


@pytest.mark.parametrize(("before", "after"), [("wait", "diagnose"), ("diagnose", "wait")])
def test_a_part_is_used_once_whatever_changes_between_report_and_visit(before: str, after: str) -> None:
    """An order that waits over a change of `before_visit` takes one unit, not two and not none."""
    document = stocked(3, 4.0)
    document["parts_policy"] = {"before_visit": before}
    document["changes"] = [{"from": date(2026, 1, 6), "set": {"parts_policy.before_visit": after}}]
    document["centres"]["base"]["engineers"]["a"] |= {"count": 1, "shift": "day"}
    model = run(document, (20.0, "site", "fault"))
    assert [entry[2] for entry in visit_log(model)] == [32.0]
    assert model.depots.demanded.tolist() == [20.0 if before == "wait" else 32.0]


def test_the_mean_on_the_shelf_is_counted_by_hand() -> None:
    """One unit, away for 5 of 20 x 24 hours, is on the shelf for the rest of them on average."""
    model = run(stocked(1, 5.0), (1.0, "site", "fault"))
    assert model.depots.mean_on_shelf() == pytest.approx([1.0 - 5.0 / 480.0])


def test_lead_times_belong_to_the_order_not_to_the_stock() -> None:
    """The same order waits for the same lead time whatever was demanded before it."""
    lead = {"distribution": "exponential", "mean": 10.0}
    alone, crowded = (Depots(world_of(stocked(0, lead))) for _ in range(2))
    crowded.demand(0, 11, 0, 2, 1.0)
    assert alone.demand(1, 99, 0, 1, 3.0) == crowded.demand(1, 99, 0, 1, 3.0)


def shelf(document: Document, moves: Sequence[Row], centre: str, part: str) -> list[tuple[float, int]]:
    """Return (instant, units more or less) of a physical shelf, from the rows of its demands in order."""
    levels = [
        (at, form["centres"][centre].get("depot", {}).get(part, {}).get("base_stock", 0))
        for at, form in periods(document)
    ]
    steps: list[tuple[float, int]] = []
    surplus, former, left = 0, 0, deque(moves)
    for (at, level), (until, _) in pairwise([*levels, (float("inf"), 0)]):
        more, former = level - former, level
        kept = min(surplus, max(more, 0))
        surplus += max(-more, 0) - kept
        steps.append((at, max(more, 0) - kept))
        while left and left[0]["demanded_at"] < until:
            move = left.popleft()
            unordered = min(surplus, move["quantity"])
            surplus -= unordered
            steps.append((move["available_at"], -move["quantity"]))
            steps.append((move["replenished_at"], move["quantity"] - unordered))
    # Of what happens at one instant, arrivals come first; what never happens has no instant.
    return sorted((step for step in steps if step[0] == step[0]), key=lambda step: (step[0], -step[1]))


#: What has tests of its own, with shelves that do more than keep a base stock for orders.
MORE = ("reordering", "echelons", "vans", "substitutes")


@some
@given(document=scenarios_strategy(without=MORE))
def test_stock_on_hand_on_order_and_owed_obey_the_base_stock(document: Document) -> None:
    """No shelf is ever below empty, and its mean is that of what was put on it and taken from it."""
    model = simulate(document)
    horizon = model.world.horizon
    moves: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for move in rows(tables_of(model, 0)["stock_moves"]):
        moves[move["centre"], move["part"]].append(move)
    means = model.depots.mean_on_shelf()
    for spec, mean in zip(model.world.stocks, means, strict=True):
        stock = (model.world.names.centres[spec.centre], model.world.names.parts[spec.part])
        steps = shelf(document, moves[stock], *stock)
        on_hand = np.cumsum([units for _, units in steps])
        assert on_hand.min(initial=0) >= 0
        instants = np.array([*(at for at, _ in steps if at < horizon), horizon])
        expected = float(np.dot(on_hand[: len(instants) - 1], np.diff(instants))) / horizon
        assert mean == pytest.approx(expected, abs=1e-6)


@some
@given(document=scenarios_strategy(without=(*MORE, "changes")))
def test_nobody_waits_for_a_unit_that_is_on_the_shelf(document: Document) -> None:
    """With single units, what is on the shelf or on order, less what is owed, is always the base stock."""
    for fault in document["fault_types"].values():
        if "part" in fault:
            fault["part"]["quantity"] = 1
    model = simulate(document)
    depots = model.depots
    for number, spec in enumerate(model.world.stocks):
        mine = np.flatnonzero(np.array(depots.stocks) == number)
        demanded, available, replenished = (
            np.array(column)[mine] for column in (depots.demanded, depots.available, depots.replenished)
        )
        for now in demanded + 1e-9:
            on_order = int(((demanded <= now) & (now < replenished)).sum())
            owed = int(((demanded <= now) & (now < available)).sum())
            on_hand = spec.base_stock[0] - on_order + owed
            assert on_hand >= 0
            assert on_hand == 0 or owed == 0
