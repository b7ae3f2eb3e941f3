"""What a new plan changes is listed, worth what it is said to be, and can be accepted order by order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from day_in_words import NOW, engineer_of, is_sound, later, order_of, random_day
from plan_checker import cost_of

from optimize.day.carried_over import carried_over
from optimize.day.difference import FIGURES, NotAlone, accept, difference, knock_on
from optimize.day.event_kinds import changed
from optimize.day.events import SickEngineer, UrgentOrder, apply
from optimize.day.model import Day, DayPlan, DayVisit
from optimize.day.problem import plan_day, previous_plan, problem_of
from optimize.day.replanning import replan


def visits(*rows: tuple[str, str, float]) -> DayPlan:
    """Return a plan of orders with their engineers and starts in hours from now, an hour of work each."""
    made = [
        DayVisit(order=o, engineer=e, depart=later(at), start=later(at), end=later(at + 1.0), travel_h=0.0)
        for o, e, at in rows
    ]
    return DayPlan(visits=tuple(made))


def day_of(orders: Sequence[str], plan: DayPlan, **fields: object) -> Day:
    """Return a day of orders of an hour at one place, for engineers a and b who are there."""
    return Day(
        scenario="one-city",
        now=NOW,
        orders=tuple(order_of(name, **fields) for name in orders),
        engineers=(engineer_of("a"), engineer_of("b")),
        plan=plan,
    )


def test_nothing_changed() -> None:
    """A plan and itself differ in nothing."""
    day = day_of(("x", "y"), visits(("x", "a", 0.0), ("y", "b", 0.0)))
    found = difference(day, day)
    assert found.orders == found.rescued == found.lost == ()
    assert all(figure.before == figure.after for figure in found.figures)


def test_every_kind_of_change_is_told() -> None:
    """Another engineer, another time beyond the tolerance, new and gone visits; a finished order is none."""
    names = ("moved", "later", "hardly", "new", "gone", "done")
    rows = (
        ("moved", "a", 1.0),
        ("later", "a", 2.0),
        ("hardly", "b", 1.0),
        ("gone", "b", 2.0),
        ("done", "b", 0.0),
    )
    before = day_of(names, visits(*rows))
    new = visits(("moved", "b", 1.0), ("later", "a", 2.5), ("hardly", "b", 1.2), ("new", "b", 2.0))
    orders = tuple(
        changed(o, status="finished", arrived_at=NOW) if o.id == "done" else o for o in before.orders
    )
    found = difference(before, changed(before, plan=new, orders=orders), draws=10)
    (moved,), (retimed,) = found.moved, found.retimed
    assert (moved.order, moved.engineers_before, moved.engineers_after) == ("moved", ("a",), ("b",))
    assert (retimed.order, retimed.start_after) == ("later", later(2.5))
    assert (found.added, found.dropped) == (("new",), ("gone",))


def test_rescued_and_lost() -> None:
    """An order that is met only in the new plan is rescued, one that is met only in the old one is lost."""
    plans = [
        visits((one, "a", 0.0), ("long", "a", 0.1), (two, "a", 3.0)) for one, two in (("x", "y"), ("y", "x"))
    ]
    day = day_of(("x", "long", "y"), plans[0], due_at=later(1.5))
    found = difference(day, changed(day, plan=plans[1]))
    assert (found.rescued, found.lost) == (("y",), ("x",))
    assert found.chances_before["y"] > 0.5 > 0.1 > found.chances_after["y"]


@pytest.mark.parametrize("seed", range(3))
def test_figures_are_those_of_the_plans(seed: int) -> None:
    """Costs are those of an evaluation that shares no code; the breaches are the sum of all probabilities."""
    before = plan_day(random_day(seed, 12, 3), iterations=100)
    told = apply(before, UrgentOrder(order=order_of("urgent", due_at=later(1.0))))
    after = replan(told, iterations=300)
    found = difference(before, after, draws=200)
    made = problem_of(changed(after, freeze_h=0.0))
    quiet = replace(made.problem, policy=replace(made.problem.policy, churn=0.0))
    figures = {figure.name: figure for figure in found.figures}
    for plan, at in ((before.plan, "before"), (after.plan, "after")):
        kept = carried_over(quiet, previous_plan(changed(after, plan=plan), made))
        assert getattr(figures["cost"], at) == pytest.approx(cost_of(quiet, kept))
        left = sum(order.drop_cost for order in quiet.orders if order.id not in kept.engineer_of)
        assert getattr(figures["left_out"], at) == pytest.approx(left)
    assert tuple(figures) == FIGURES
    assert figures["breaches"].after == pytest.approx(sum(found.chances_after.values()))
    assert "urgent" in found.added


@pytest.mark.parametrize("seed", range(4))
def test_any_part_is_accepted_or_what_it_needs_is_told(seed: int) -> None:
    """Each change alone makes a sound plan, or the orders that it needs do, and none of them is in vain."""
    before = plan_day(random_day(seed, 12, 3), iterations=50)
    assert before.plan is not None
    told = apply(before, UrgentOrder(order=order_of("urgent", due_at=later(1.0), duration_h=2.0)))
    if seed % 2:
        told = apply(told, SickEngineer(engineer=before.plan.visits[0].engineer, end=later(12.0)))
    after = replan(told, iterations=500, churn=0.0)
    listed = difference(before, after, draws=1).orders
    assert "urgent" in listed
    for name in listed:
        needs = knock_on(before, after, (name,))
        part = accept(before, after, (name, *needs))
        assert is_sound(part)
        assert crew(part, name) == crew(after, name)
        for other in set(listed) - {name, *needs}:
            assert crew(part, other) <= crew(before, other)
        for one in needs:
            with pytest.raises(NotAlone):
                accept(before, after, (name, *(o for o in needs if o != one)))


def crew(day: Day, name: str) -> set[str]:
    """Return who goes to an order."""
    assert day.plan is not None
    return {visit.engineer for visit in day.plan.crew_of.get(name, ())}


def test_all_and_nothing() -> None:
    """All changes make the new plan, none the old one."""
    blank = changed(random_day(3, 12, 3), plan=None)
    before, after = plan_day(blank, engine="regret", iterations=1), plan_day(blank, iterations=1000)
    names = difference(before, after, draws=1).orders
    assert len(names) > 1
    starts = [
        {(v.order, v.engineer): v.start for v in day.plan.visits}
        for day in (before, accept(before, after, ()), after, accept(before, after, names))
        if day.plan
    ]
    for one, two in ((starts[0], starts[1]), (starts[2], starts[3])):
        assert one.keys() == two.keys()
        assert max(abs((one[key] - two[key]).total_seconds()) for key in one) < 10.0


def test_two_who_swap_need_each_other() -> None:
    """Of two orders that change places at the same time neither can be accepted without the other."""
    fixed = {"window_start": NOW, "window_end": NOW}
    old, new = visits(("x", "a", 0.0), ("y", "b", 0.0)), visits(("x", "b", 0.0), ("y", "a", 0.0))
    before = day_of(("x", "y"), old, **fixed)
    after = changed(before, plan=new)
    with pytest.raises(NotAlone, match=r"x: not possible alone .* together with y") as refusal:
        accept(before, after, ("x",))
    assert refusal.value.needs == ("y",)
    swapped = accept(before, after, ("x", "y"))
    assert (crew(swapped, "x"), crew(swapped, "y")) == ({"b"}, {"a"})
