"""Reasons against changed problems: every statement is a plan that an independent checker finds to be so.

On tiny problems all plans are listed, so that what is called cheapest, smallest or impossible is known.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from enumerated_plans import least_cost, tiny
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_checker import cost_of, violations
from random_problems import random_problem

from optimize import (
    DispatchProblem,
    Due,
    Engineer,
    Link,
    Order,
    Pin,
    Plan,
    ProblemError,
    Route,
    Shift,
    Travel,
    plan_dispatch,
)
from optimize.why import Change, Way, Why, explain
from optimize.why.changes import changed
from optimize.why.solving import pinned, without
from scenarios.phrases import Phrase

planned = partial(plan_dispatch, engine="lns", iterations=60)


def ways(why: Why) -> Iterator[tuple[Way, tuple[float, float] | None]]:
    """Yield every way that is told of the problem as it is, with the range that it was made for."""
    for way in (why.way, why.in_place, *(f.way for f in why.forcing)):
        if way is not None:
            yield way, None
    for slot in why.slots:
        yield slot.way, (slot.begins, slot.ends)


def check_way(problem: DispatchProblem, plan: Plan, order: str, way: Way) -> None:
    """Raise unless a way is an allowed plan of a problem, and says of it what is so."""
    assert violations(problem, way.plan) == []
    assert way.plan.engineer_of[order] == way.engineer
    assert way.plan.start_of[order] == way.start
    assert way.cost == pytest.approx(cost_of(problem, way.plan), rel=1e-9, abs=1e-6)
    moved = {name for name in problem.position if name != order}
    moved = {name for name in moved if plan.engineer_of.get(name) != way.plan.engineer_of.get(name)}
    assert {move.order for move in way.moves} == moved


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**9), number=st.integers(0, 3))
def test_every_way_is_a_plan_that_costs_what_is_said(seed: int, number: int) -> None:
    """With links, depots and pins: each plan that is told keeps all rules and costs what is told."""
    problem = random_problem(seed)
    plan, order = planned(problem), f"order-{number}"
    why = explain(problem, plan, order, iterations=20)
    assert why.plan_cost == pytest.approx(cost_of(problem, plan), abs=1e-6)
    for way, starts in ways(why):
        asked = problem
        if starts is not None:
            asked = pinned(problem, order, starts=starts)
        check_way(asked, plan, order, way)
        assert way.extra == pytest.approx(cost_of(asked, way.plan) - cost_of(problem, plan), abs=1e-6)
        assert starts is not None or way.cost >= why.best_cost - 1e-9
    assert why.best_cost <= why.plan_cost
    for forcing in why.forcing:
        assert forcing.way is None or forcing.way.engineer == forcing.engineer
    assert {f.engineer for f in why.forcing} == set(problem.engineer_position)
    json.dumps(why.as_dict(), allow_nan=False)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_rules_leave_whom_a_day_with_nothing_else_leaves(seed: int) -> None:
    """Each engineer is removed by one rule or left, and is left if and only if he can serve it alone."""
    problem = tiny(seed, 1)
    problem = replace(problem, engineers=random_problem(seed).engineers)
    why = explain(problem, planned(problem), "order-0", iterations=0)
    able = [
        e.id
        for e in problem.engineers
        if math.isfinite(least_cost(replace(problem, engineers=(e,)), "order-0"))
    ]
    steps = {step.rule: step for step in why.rules}
    assert list(steps["depot"].left) == able
    left = {e.id for e in problem.engineers}
    for step in why.rules:
        assert set(step.removed) <= left
        left -= set(step.removed)
        assert set(step.left) == left


@pytest.mark.parametrize("seed", range(8))
def test_prices_are_those_of_the_best_plans(seed: int) -> None:
    """What forcing an engineer costs, what serving costs and what it saves are differences of optima."""
    problem = tiny(seed)
    plan = planned(problem)
    for order in problem.orders:
        why = explain(problem, plan, order.id, iterations=150)
        optimum = least_cost(problem, order.id)
        for forcing in why.forcing:
            pinned_to = forced(problem, order, forcing.engineer)
            cost = least_cost(pinned_to, order.id)
            found = math.inf if forcing.way is None else forcing.way.cost
            assert found == pytest.approx(cost, abs=1e-6)
        if order.id in plan.unassigned:
            assert (math.inf if why.way is None else why.way.cost) == pytest.approx(optimum, abs=1e-6)
            if why.way is not None:
                assert why.price == pytest.approx(optimum - (plan.cost - order.drop_cost), abs=1e-6)
        else:
            rest = least_cost(without(problem, [order.id]))
            assert why.price == pytest.approx(plan.cost - rest, abs=1e-6)


def forced(problem: DispatchProblem, order: Order, engineer: str) -> DispatchProblem:
    """Return a problem in which nobody but an engineer may have an order, whatever was pinned."""
    allowed = order.allowed is None or engineer in order.allowed
    only = frozenset([engineer]) if allowed else frozenset[str]()
    orders = tuple(replace(o, allowed=only) if o.id == order.id else o for o in problem.orders)
    return replace(problem, orders=orders)


@pytest.mark.parametrize("seed", range(6))
def test_no_better_appointment_exists(seed: int) -> None:
    """The three ranges are those that a choice from the optima of all ranges takes."""
    problem = tiny(seed + 20)
    plan, order = planned(problem), problem.orders[0]
    offered = explain(problem, plan, order.id, iterations=150).slots
    best: dict[int, float] = {}
    for begins in np.arange(0.0, 48.0, 2.0).tolist():
        low, high = max(begins, order.earliest), min(begins + 2.0, order.latest)
        if low < high:
            cost = least_cost(pinned(problem, order.id, starts=(low, high)), order.id)
            best |= {round(begins / 2.0): cost} if math.isfinite(cost) else {}
    costs = sorted(best.values())
    for slot in offered:
        assert slot.way.cost == pytest.approx(best[int(slot.begins // 2.0)], abs=1e-6)
    assert len(offered) == min(3, len(best))
    assert [slot.way.cost for slot in offered] == pytest.approx(costs[:3], abs=1e-6)


SITE = Order("job", 0, 2.0, skills={"field": 1}, latest=16.0, drop_cost=50.0)
ANNA = Engineer("anna", 1, 1, 8.0, (Shift(8.0, 17.0),), skills={"field": 1})
NEEDS = replace(SITE, duration=4.0, parts={"card": 1})
TWO_DAYS = replace(ANNA, shifts=(Shift(8.0, 17.0), Shift(32.0, 41.0)))
FETCHES = replace(ANNA, depot=2, depot_hours=4.0)
#: An obstacle, the rule that it is, and the one smallest change that removes it.
OBSTACLES = [
    (SITE, replace(ANNA, skills={"field": 0}), "level", Change("level", None, "field", 1.0)),
    (replace(SITE, skills={"field": 3}), ANNA, "level", Change("level", None, "field", 2.0)),
    (SITE, replace(ANNA, skills={}), "skill", Change("certificate", "anna", "field", 1.0)),
    (replace(SITE, languages=frozenset(["th"])), ANNA, "language", Change("language", "anna", "th")),
    (replace(SITE, security_pass="port"), ANNA, "security_pass", Change("pass", "anna", "port")),
    (replace(SITE, allowed=frozenset(["ben"])), ANNA, "allowed", Change("allow", "anna")),
    (replace(SITE, tools=frozenset(["ladder"])), ANNA, "tools", Change("tool", "anna", "ladder")),
    (replace(SITE, parts={"card": 2}), ANNA, "parts", Change("part", "anna", "card", 2.0)),
    (replace(SITE, load=5.0), replace(ANNA, capacity=2.0), "load", Change("capacity", "anna", None, 3.0)),
    (replace(SITE, pin=Pin("ben")), ANNA, "pin", Change("unpin_engineer", None, "ben")),
    (replace(SITE, pin=Pin(None, 3.0, 4.0)), ANNA, "hours", Change("unpin_start")),
    (replace(SITE, latest=7.0), ANNA, "hours", Change("later", None, None, 1.5)),
    (replace(SITE, latest=8.25), ANNA, "travel", Change("later", None, None, 0.25)),
    (replace(SITE, earliest=16.0), ANNA, "hours", Change("earlier", None, None, 1.5)),
    (replace(SITE, duration=12.0), TWO_DAYS, "hours", Change("over_shifts")),
    (replace(SITE, duration=8.25), ANNA, "travel", Change("overtime", "anna", None, 0.25)),
    (NEEDS, FETCHES, "depot", Change("part", "anna", "card", 1.0)),
]


def small(order: Order, *engineers: Engineer, others: tuple[Order, ...] = ()) -> DispatchProblem:
    """Return a problem with half an hour between all places."""
    hours = 0.5 * (1.0 - np.eye(3))
    return DispatchProblem((order, *others), engineers, Travel.constant(hours))


@pytest.mark.parametrize(
    ("order", "engineer", "rule", "change"),
    OBSTACLES,
    ids=[f"{rule}-{c.kind}" for _, _, rule, c in OBSTACLES],
)
def test_the_smallest_change_is_found(order: Order, engineer: Engineer, rule: str, change: Change) -> None:
    """One obstacle: its rule is named, the change told removes it, and half of that does not."""
    problem = small(order, engineer)
    plan = planned(problem)
    assert plan.unassigned == ("job",) and not math.isfinite(least_cost(problem, "job"))
    why = explain(problem, plan, "job")
    assert why.verdict == "no_engineer"
    assert [step.rule for step in why.rules if step.removed] == [rule]
    assert [forcing.rule for forcing in why.forcing] == [rule]
    first = why.remedies[0]
    assert [replace(c, amount=round(c.amount, 9)) for c in first.changes] == [change]
    sizes = [remedy.size for remedy in why.remedies]
    assert sizes == sorted(sizes)
    check_remedies(problem, plan, why)


def test_appointments_lie_where_work_can_begin() -> None:
    """A range that begins before the shift or ends too late for the work is cut off: from 8 to 15 here."""
    problem = small(SITE, ANNA)
    slots = explain(problem, planned(problem), "job", slot_hours=3.0).slots
    assert sorted((slot.begins, slot.ends) for slot in slots) == [(8.0, 9.0), (9.0, 12.0), (12.0, 15.0)]


def test_the_cheapest_appointments_are_offered_and_what_is_late_is_said_to_be() -> None:
    """Ranges side by side are offered if they are the cheapest; of one after the due time that is said."""
    due = Due("attend", 11.0, 100.0)
    problem = small(replace(SITE, earliest=8.5, dues=(due,)), ANNA)
    slots = explain(problem, planned(problem), "job").slots
    assert [(slot.begins, slot.ends) for slot in slots] == [(8.5, 10.0), (10.0, 12.0), (12.0, 14.0)]
    assert [str(slot.text).endswith("; after its due time.") for slot in slots] == [False, False, True]


def test_of_changes_of_one_size_that_for_the_nearest_is_told() -> None:
    """A certificate that nobody has is told for who is near, and not for who comes first by name."""
    hours = np.array([[0.0, 4.0, 0.5], [4.0, 0.0, 4.0], [0.5, 4.0, 0.0]])
    crew = (replace(ANNA, skills={}), replace(ANNA, id="zoe", place=2, home=2, skills={}))
    order = replace(SITE, skills={"field": 4})
    problem = DispatchProblem((order,), crew, Travel.constant(hours))
    why = explain(problem, planned(problem), "job")
    assert why.remedies[0].changes == (Change("certificate", "zoe", "field", 4.0),)
    assert "zoe certified for field as expert" in why.remedies[0].text


def test_one_step_of_level_is_less_than_a_skill_that_is_new() -> None:
    """The senior becomes expert, though who lacks the skill is nearer; of two seniors, the cheaper plan's."""
    hours = np.array([[0.0, 2.0, 0.5], [2.0, 0.0, 2.0], [0.5, 2.0, 0.0]])
    near = replace(ANNA, id="near", place=2, home=2, skills={})
    order = replace(SITE, skills={"field": 4})
    senior = replace(ANNA, skills={"field": 3})
    problem = DispatchProblem((order,), (senior, near), Travel.constant(hours))
    changes = [c for remedy in explain(problem, planned(problem), "job").remedies for c in remedy.changes]
    assert changes[:2] == [Change("level", None, "field", 1.0), Change("certificate", "anna", "field", 4.0)]
    assert not any(change.engineer == "near" and change.kind == "certificate" for change in changes)
    dear = replace(near, skills={"field": 3}, cost_of_use=900.0)
    problem = DispatchProblem((order,), (dear, senior), Travel.constant(hours))
    why = explain(problem, planned(problem), "job")
    asked = next(r for r in why.remedies if r.changes[0].kind == "certificate")
    assert asked.changes == (Change("certificate", "anna", "field", 4.0),)
    check_remedies(problem, planned(problem), why)


def test_what_lacks_twice_needs_two_changes() -> None:
    """Two obstacles: both changes are told, for the engineer who needs no third; neither is enough."""
    ben = replace(ANNA, id="ben", skills={})
    order = replace(SITE, languages=frozenset(["th"]), security_pass="port")
    problem = small(order, ben, ANNA)
    plan = planned(problem)
    why = explain(problem, plan, "job")
    assert set(why.remedies[0].changes) == {Change("language", "anna", "th"), Change("pass", "anna", "port")}
    assert why.remedies[0].way.engineer == "anna"
    check_remedies(problem, plan, why)


def check_remedies(problem: DispatchProblem, plan: Plan, why: Why) -> None:
    """Raise unless each remedy lets a plan serve the order, and less than the smallest does not."""
    for remedy in why.remedies:
        after = changed(problem, why.order, remedy.changes)
        assert math.isfinite(least_cost(after, why.order))
        check_way(after, plan, why.order, remedy.way)
    for less in smaller(why.remedies[0].changes):
        assert not math.isfinite(least_cost(changed(problem, why.order, less), why.order))


def smaller(changes: tuple[Change, ...]) -> Iterator[tuple[Change, ...]]:
    """Yield changes with one of them left out or, where it has an amount, made half."""
    for i, change in enumerate(changes):
        rest = (*changes[:i], *changes[i + 1 :])
        yield rest
        if change.kind in ("later", "earlier", "overtime", "capacity") and change.amount > 0.05:
            yield (*rest, replace(change, amount=change.amount / 2.0))
        if change.kind in ("level", "part") and change.amount > 1.0:
            yield (*rest, replace(change, amount=change.amount // 2))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_remedies_are_true_and_not_too_big(seed: int) -> None:
    """What nothing serves is served after each remedy, and after half the smallest it is not."""
    problem = tiny(seed, 2)
    order = problem.orders[0]
    rarer = replace(order, skills={"field": 2, "network": 1}, latest=order.latest - 6.0)
    problem = replace(problem, orders=(rarer, *problem.orders[1:]))
    plan = planned(problem)
    why = explain(problem, plan, order.id, iterations=20)
    assert (why.verdict in ("no_engineer", "no_plan")) == (not math.isfinite(least_cost(problem, order.id)))
    if why.verdict in ("no_engineer", "no_plan"):
        assert why.remedies
        check_remedies(problem, plan, why)


def test_beside_what_must_be_served_somebody_works_longer() -> None:
    """Hours that another order must have are no hours for this one: overtime by the least quarter is told."""
    must = Order("must", 2, 6.0, drop_cost=math.inf)
    problem = small(replace(SITE, duration=3.0), ANNA, others=(must,))
    plan = planned(problem)
    why = explain(problem, plan, "job")
    assert why.verdict == "no_plan" and "must" in why.texts[0]
    assert [(step.rule, step.removed) for step in why.rules if step.removed] == [("room", ("anna",))]
    assert why.remedies[0].changes == (Change("overtime", "anna", None, 1.5),)
    check_remedies(problem, plan, why)
    assert {c.kind for r in why.remedies for c in r.changes} >= {"overtime", "colleague"}


def test_who_has_no_shift_is_no_one_to_work_longer() -> None:
    """Somebody without a shift in the horizon breaks no answer, and no overtime is asked of him."""
    off = replace(ANNA, id="off", shifts=())
    problem = small(replace(SITE, duration=30.0), ANNA)
    problem = replace(problem, engineers=(*problem.engineers, off))
    why = explain(problem, planned(problem), "job")
    assert why.verdict == "no_engineer"
    assert all(change.engineer != "off" for remedy in why.remedies for change in remedy.changes)
    assert changed(problem, "job", (Change("overtime", "off", None, 2.0),)) == problem


def test_an_order_left_out_is_left_out_for_its_price() -> None:
    """The way there and back costs more than leaving it: both prices and their difference are told."""
    problem = small(replace(SITE, drop_cost=0.4), ANNA)
    why = explain(problem, planned(problem), "job")
    assert why.verdict == "left_out" and why.drop_cost == 0.4
    assert why.price == pytest.approx(1.0) and why.price_in_place == pytest.approx(1.0)
    said = why.texts[0]
    assert isinstance(said, Phrase) and said.values["net"] == pytest.approx(0.6)
    assert "costs 1.00 more" in said and "leaving it for later costs 0.40, which is 0.60 cheaper" in said


def test_a_plan_that_could_be_better_is_said_to_be() -> None:
    """An order that nobody had although it pays to serve it: the cheaper plan is told, with what it saves."""
    problem = small(SITE, ANNA)
    nothing = Plan((Route("anna", (), ()),), ("job",), 50.0)
    why = explain(problem, nothing, "job")
    assert why.verdict == "better_plan" and why.best_cost == pytest.approx(1.0)
    assert "49.00 less" in why.texts[0]


def test_an_order_that_is_served_is_said_to_be_worth_it() -> None:
    """Who has it and when, what everything else costs without it, and what leaving it would."""
    why = explain(small(SITE, ANNA), planned(small(SITE, ANNA)), "job")
    assert (why.verdict, why.engineer, why.start) == ("served", "anna", 8.5)
    assert why.price == pytest.approx(1.0) and why.remedies == ()
    assert "costs 1.00 less; leaving it for later costs 50.00" in why.texts[0]


def test_others_late_for_it_are_part_of_its_price() -> None:
    """What serving costs holds the lateness of others; with them planned anew it is no more than in place."""
    other = Order("other", 2, 2.0, dues=(Due("restore", 11.0, 7.0),), drop_cost=100.0)
    problem = small(replace(SITE, latest=8.5, drop_cost=1.0), ANNA, others=(other,))
    plan = planned(problem)
    why = explain(problem, plan, "job")
    assert why.verdict == "left_out"
    # The other begins at 11.0 after it in place of 8.5; its work was due to begin by 9.0.
    assert why.price == pytest.approx(0.5 + 7.0 * 2.0)


def test_a_visit_by_two_is_left_for_want_of_the_second() -> None:
    """The rule of appointments removes who has nobody to come along, and one engineer more mends it."""
    second = replace(SITE, id="second", skills={"rope": 1})
    problem = small(replace(SITE, links=(Link("second"),)), ANNA, others=(second,))
    why = explain(problem, planned(problem), "job")
    assert why.verdict == "no_engineer"
    assert next(step.rule for step in why.rules if step.removed) == "appointment"
    assert [c.kind for c in why.remedies[0].changes] == ["colleague"]


def test_the_same_question_has_the_same_answer() -> None:
    """Nothing depends on the clock."""
    problem = random_problem(5)
    plan = planned(problem)
    assert explain(problem, plan, "order-1") == explain(problem, plan, "order-1")


def test_what_cannot_be_asked_is_refused() -> None:
    """An unknown order, ranges of no length and a plan of another problem are named."""
    problem = small(SITE, ANNA)
    plan = planned(problem)
    with pytest.raises(ProblemError, match="found nothing-such"):
        explain(problem, plan, "nothing-such")
    with pytest.raises(ProblemError, match="slot_hours"):
        explain(problem, plan, "job", slot_hours=0.0)
    with pytest.raises(ProblemError, match="plan: found one in which anna may not have job"):
        explain(small(replace(SITE, skills={"rope": 1}), ANNA), plan, "job")
