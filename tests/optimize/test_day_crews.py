"""Crews keep their appointments: where nothing has happened nothing changes, and nothing costs more."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from day_in_words import random_day

from optimize.day.breach import simulated_starts
from optimize.day.difference import accept, difference
from optimize.day.model import Day
from optimize.day.problem import plan_day
from optimize.day.replanning import first_answer, replan
from optimize.day.uncertainty import Uncertainty, around_one

SEEDS = (0, 2, 5, 9)
#: Ways and work as expected.
CERTAIN = Uncertainty(around_one(1e-9), other_work=around_one(1e-9))


@cache
def planned(seed: int) -> Day:
    """Return a random day that has been planned, crews among its orders."""
    return plan_day(random_day(seed, 12, 3), iterations=200)


def shifts_in_seconds(one: Day, other: Day) -> list[float]:
    """Return by how much visits begin later in another day, all of which both have."""
    was, now = ({(v.order, v.engineer): v.start for v in day.plan.visits} for day in (one, other) if day.plan)
    assert was.keys() == now.keys()
    return [(now[key] - was[key]).total_seconds() for key in was]


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_happened(seed: int) -> None:
    """No visit changes in the first answer, and it costs no more; after any number of answers the same."""
    day = planned(seed)
    assert day.plan is not None
    answered = first_answer(day)
    for after in (answered, first_answer(answered)):
        assert after.plan is not None
        assert after.plan.cost <= day.plan.cost + 1e-6
        assert all(abs(seconds) <= 1.0 for seconds in shifts_in_seconds(day, after))
    # From a plan that has been told again, nothing moves at all: no second is lost with each answer.
    assert not any(shifts_in_seconds(answered, first_answer(answered)))
    for engine in ("regret", "lns"):
        again = plan_day(day, engine=engine, iterations=1).plan
        assert again is not None and again.cost <= day.plan.cost + 1e-6
    searched = replan(day, iterations=1)
    assert searched.plan is not None and searched.plan.cost <= day.plan.cost + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_figures_before_are_those_of_the_plan_that_stands(seed: int) -> None:
    """The old plan costs in a difference what it cost, unrest aside; to accept nothing keeps every start."""
    day = planned(seed)
    assert day.plan is not None
    after = replan(day, iterations=300, churn=0.0)
    cost = next(f for f in difference(day, after, draws=1).figures if f.name == "cost")
    assert cost.before == pytest.approx(day.plan.cost - day.plan.parts["churn"], abs=0.02)
    assert all(abs(seconds) <= 1.0 for seconds in shifts_in_seconds(day, accept(day, after, ())))


@pytest.mark.parametrize("seed", SEEDS)
def test_who_carries_out_a_plan_keeps_the_appointments_of_crews(seed: int) -> None:
    """With nothing uncertain every visit begins as planned, those of crews included."""
    day = planned(seed)
    assert day.plan is not None
    starts = simulated_starts(day, day.plan, CERTAIN, 1, 3)
    for visit in day.plan.visits:
        planned_at = (visit.start - day.now).total_seconds() / 3600.0
        assert np.allclose(starts[visit.order], planned_at, atol=3.0 / 3600.0), visit
