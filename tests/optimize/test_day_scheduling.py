"""The scheduling policy of a day: its weights in money, its order of importance, its name in the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from board_days import NOW, day, engineer, hours, order

from optimize import ProblemError, SchedulingPolicy, plan_dispatch
from optimize.day.event_kinds import changed
from optimize.day.ground import Ground
from optimize.day.model import Day
from optimize.day.problem import plan_day, problem_of, problem_on
from optimize.day.replanning import replan
from optimize.evaluation import evaluate
from optimize.in_loop.columns import Prices
from optimize.in_loop.scheduling import prices_of
from scenarios import load
from scenarios.scheduling import ObjectiveWeights
from scenarios.scheduling import SchedulingPolicy as Terms

#: Parts of the cost by the weights that they go with.
_PARTS = {name: name for name in ObjectiveWeights.model_fields} | {"left_for_later": "left_out"}


def busy() -> Day:
    """Return a day on which somebody skilled is late, works overtime, and has what was another's."""
    orders = tuple(
        order(name, skill="camera", duration_h=3.0, due_at=hours(1.0), lat=5.4 + 0.05 * k)
        for k, name in enumerate(("A1", "A2", "B1"))
    )
    people = (
        engineer("ali", skills={"camera": 3}, shift_end="14:00", overtime_h=8.0),
        engineer("bea", skills={"camera": 1}),
    )
    found: Day = changed(day(), scenario="asean15", orders=orders, engineers=people)
    return found


def on(found: Day, **policies: Terms) -> Ground:
    """Return the ground of a day whose scenario has some policies."""
    scenario = load(found.scenario).scenario
    return Ground(scenario.model_copy(update={"scheduling_policies": policies}), 10.0)


def test_without_a_policy_all_objectives_are_balanced() -> None:
    """An hour of travel costs pay and vehicle, a level too high a tenth of an hour, a change an hour."""
    ground = on(busy())
    made = problem_on(busy(), ground)
    travel = 10.0 + ground.scenario.travel.cost_per_hour
    expected = SchedulingPolicy(travel_hour=travel, skill_waste=1.0, churn=10.0, churn_share=0.5, step=0.1)
    assert made.problem.policy == expected and made.policy == "balanced"
    late = ground.late_hour(busy().orders[0])
    due = next(due for due in made.problem.orders[0].dues if due.clock == "attend")
    assert due.weight == late and made.problem.policy.tardiness == 1.0
    # Its lateness on each clock at the horizon, a day more, its 3 hours of work and 8 more.
    beyond = sum(48.0 - (due.at - made.hours(NOW)) for due in made.problem.orders[0].dues)
    assert made.problem.orders[0].drop_cost == pytest.approx(late * (24.0 + beyond) + 10.0 * 11.0)
    assert prices_of(Terms()) == Prices()


@pytest.mark.parametrize("name", _PARTS)
def test_twice_a_weight_is_twice_its_cost(name: str) -> None:
    """Of one plan, doubling a weight doubles what goes by it and leaves the rest; 0 leaves it out."""
    weights = ObjectiveWeights(unfairness=0.1)
    given = {"one": Terms(weights=weights)}
    for key, factor in (("two", 2.0), ("none", 0.0)):
        value = {name: factor * getattr(weights, name)}
        if value[name] or name != "left_for_later":
            given[key] = Terms(weights=weights.model_copy(update=value))
    parts = {}
    for key in given:
        made = problem_on(changed(busy(), scheduling_policy=key), on(busy(), **given))
        # A1 was Ali's and is, A2 as well; B1 was Bea's: he has it now, and A2 is left for later.
        parts[key] = vars(evaluate(made.problem, {"ali": ["A1", "B1"]}).parts)
    part = _PARTS[name]
    assert parts["one"][part] > 0.0
    assert parts["two"][part] == pytest.approx(2.0 * parts["one"][part])
    assert "none" not in parts or parts["none"][part] == 0.0
    # What is left for later costs its lateness: that goes by the weight of lateness as well.
    tied = {part, "left_out"} if name == "tardiness" else {part}
    for other in set(parts["one"]) - tied:
        assert parts["two"][other] == pytest.approx(parts["one"][other])


def test_what_comes_first_comes_first() -> None:
    """Under `punctual` no plan that was found otherwise is better in what it names, level by level."""
    found = changed(busy(), plan=None)
    punctual, thrifty = (
        plan_day(changed(found, scheduling_policy=name), iterations=400).plan
        for name in ("punctual", "thrifty")
    )
    assert punctual is not None and thrifty is not None
    assert (punctual.policy, thrifty.policy) == ("punctual", "thrifty")
    made = problem_of(changed(found, scheduling_policy="punctual"))
    assert made.problem.policy.levels == (("left_out",), ("tardiness",), ("travel", "overtime"))
    weighted = plan_dispatch(made.problem.by_weight, iterations=400)
    again = plan_dispatch(made.problem, iterations=400, start=weighted)
    assert weighted.parts is not None and again.parts is not None
    for plan in (vars(weighted.parts), vars(again.parts)):
        first = [(p["left_out"], p["tardiness"]) for p in (punctual.parts, plan)]
        assert first[0] <= (first[1][0] + 1e-6, first[1][1] + 1e-6)


def test_planning_anew_follows_the_policy() -> None:
    """The plan after an event is of the same policy; the share of churn goes by its weight."""
    planned = plan_day(changed(busy(), scheduling_policy="punctual", plan=None), iterations=50)
    later = changed(planned, now=planned.now + timedelta(minutes=30))
    assert replan(later, iterations=50).plan.policy == "punctual"  # type: ignore[union-attr]
    calm = on(busy(), calm=Terms(weights=ObjectiveWeights(churn=3.0)))
    policy = problem_on(changed(busy(), scheduling_policy="calm"), calm).problem.policy
    assert (policy.churn, policy.churn_share) == (30.0, 1.5)
    assert replace(policy, churn=10.0, churn_share=0.5) == problem_on(busy(), on(busy())).problem.policy


def test_an_unknown_policy_is_refused() -> None:
    """A name that the scenario does not have is told with those that it has."""
    with pytest.raises(ProblemError, match="found 'punctul'; allowed: balanced, punctual, thrifty"):
        problem_of(changed(busy(), scheduling_policy="punctul"))
