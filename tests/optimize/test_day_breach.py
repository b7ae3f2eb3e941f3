"""P(breach): as often as it says, by an execution that shares no code with it, and as theory has it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from day_in_words import NEVER, NOW, carried_out, engineer_of, later, order_of, random_day
from scipy.stats import binom, norm

from optimize.day.breach import assumptions, breach_probabilities
from optimize.day.event_kinds import changed
from optimize.day.model import Day, DayOrder, DayPlan, DayVisit
from optimize.day.problem import previous_plan, problem_of
from optimize.day.uncertainty import TRAVEL_CV, WORK_CV, uncertainty_of
from scenarios import load
from scenarios.schema import Scenario

Rng = np.random.Generator


def plan_of(*visits: tuple[str, str, float]) -> DayPlan:
    """Return a plan of orders with their engineers and starts in hours from now."""
    return DayPlan(
        visits=tuple(
            DayVisit(
                order=o, engineer=e, depart=later(at), start=later(at), end=later(at + 1.0), travel_h=0.5
            )
            for o, e, at in visits
        )
    )


def lognormal(random: Rng, mean: float, cv: float) -> float:
    """Return a lognormal number of a mean and a coefficient of variation."""
    spread = np.sqrt(np.log1p(cv * cv))
    return float(mean * np.exp(spread * random.standard_normal() - spread * spread / 2.0))


@cache
def _loaded(scenario: str) -> Scenario:
    return load(scenario).scenario


def drawn_hours(order: DayOrder, scenario: str, random: Rng) -> float:
    """Return hours of work as the fault type of an order has them, around what it expects."""
    if not order.fault_type:
        return order.duration_h * lognormal(random, 1.0, WORK_CV)
    fault = _loaded(scenario).fault_types[order.fault_type]
    parts = [d for d in (fault.work_hours, fault.diagnosis_hours) if d is not None and d.expected > 0.0]
    drawn = sum(lognormal(random, d.expected, d.cv or 0.0) for d in parts)
    return order.duration_h * drawn / sum(d.expected for d in parts)


def executions(day: Day) -> Callable[[Callable[[str], float], Callable[[str], float]], dict[str, float]]:
    """Return what carries out a day's plan: from factors on ways and hours of work to starts."""
    made = problem_of(day)
    plan = previous_plan(day, made)
    assert plan is not None
    routes = {route.engineer: list(route.orders) for route in plan.routes}
    agreed = {name: at for name, at in plan.start_of.items() if day.order[made.names[name]].crew_size > 1}
    return lambda way, work: carried_out(made.problem, dict(made.names), routes, way, work, agreed)


def predicted_and_happened(seed: int, scenario: str) -> list[tuple[float, bool]]:
    """Return P(breach) of each order of a random day, and whether it was late in an execution of its own."""
    random = np.random.default_rng([seed, 5])
    day = changed(random_day(seed, scenario=scenario), horizon_h=100.0)
    expected = executions(day)(lambda _: 1.0, lambda name: day.order[name].duration_h)
    offsets = random.normal(0.2, 0.7, len(day.orders))
    dues = {o.id: min(expected[o.id], 60.0) + d for o, d in zip(day.orders, offsets, strict=True)}
    orders = tuple(o.model_copy(update={"due_at": later(dues[o.id])}) for o in day.orders)
    day = changed(day, orders=orders)
    carry_out, found = executions(day), []
    for name, chance in breach_probabilities(day, draws=500).items():
        starts = carry_out(
            lambda _: lognormal(random, 1.0, TRAVEL_CV),
            lambda order: drawn_hours(day.order[order], scenario, random),
        )
        found.append((chance, starts[name] > dues[name]))
    return found


def test_reliability() -> None:
    """Of 5,000 orders with a P(breach) in each tenth, as many are late in fresh executions as it says."""
    pairs = [
        pair
        for seed in range(500)
        for pair in predicted_and_happened(seed, "asean15" if seed % 20 == 0 else "one-city")
    ]
    assert len(pairs) >= 5000
    chance, late = np.array([p for p, _ in pairs]), np.array([b for _, b in pairs])
    which = np.minimum((chance * 10).astype(int), 9)
    for k in range(10):
        rows = which == k
        assert rows.sum() > 50, k
        # Independent trials of unlike chances spread no wider than as many of their mean. Ten bins at 99.9 %
        # each are 99 % jointly.
        low, high = binom.ppf([0.0005, 0.9995], rows.sum(), chance[rows].mean())
        assert low <= late[rows].sum() <= high, (k, low, high, late[rows].sum())


def only(order: DayOrder, **day: object) -> Day:
    """Return a day of one order and one engineer who goes to it first."""
    given = {"scenario": "one-city", "now": NOW, "orders": (order,), "engineers": (engineer_of("a"),)}
    return Day.model_validate(given | {"plan": plan_of((order.id, "a", 0.5))} | day)


def test_one_way_is_as_theory_has_it() -> None:
    """The first order of a route is late with the chance that a lognormal way passes its due time."""
    order = order_of("x", lat=5.60)
    hours = float(problem_of(only(order)).problem.travel.hours[0, 0, 1])
    spread = np.sqrt(np.log1p(TRAVEL_CV**2))
    for ratio in (0.8, 1.0, 1.3):
        day = only(order.model_copy(update={"due_at": later(ratio * hours)}))
        theory = norm.sf((np.log(ratio) + spread**2 / 2.0) / spread)
        assert breach_probabilities(day)["x"] == pytest.approx(theory, abs=0.002)


def test_what_is_known_is_certain() -> None:
    """Nobody's order is late for certain, an attended one was or was not, a finished one is not asked for."""
    due = later(2.0)
    cases = {
        "nobody": order_of("nobody", due_at=due),
        "in-time": order_of("in-time", due_at=due, status="arrived", arrived_at=later(-0.2)),
        "too-late": order_of("too-late", due_at=later(-0.5), status="arrived", arrived_at=later(-0.2)),
        "done": order_of("done", due_at=due, status="finished", arrived_at=later(-0.2)),
    }
    day = only(cases["nobody"], orders=tuple(cases.values()), plan=plan_of(("in-time", "a", -0.2)))
    assert breach_probabilities(day) == {"nobody": 1.0, "in-time": 0.0, "too-late": 1.0}


def test_other_routes_keep_their_numbers() -> None:
    """What is put into one route changes no figure of another, to the last digit; the same seed, the same."""
    orders = tuple(order_of(f"o{i}", lat=5.3 + 0.04 * i, due_at=later(1.0 + i / 2)) for i in range(5))
    people = (engineer_of("a"), engineer_of("b"))
    day = only(
        orders[0], orders=orders, engineers=people, plan=plan_of(*((f"o{i}", "a", i) for i in range(3)))
    )
    more = plan_of(*((f"o{i}", "a", i) for i in range(3)), ("o3", "b", 1), ("o4", "b", 2))
    before, after = breach_probabilities(day), breach_probabilities(day, more)
    assert [before[f"o{i}"] for i in range(3)] == [after[f"o{i}"] for i in range(3)]
    assert after["o3"] < 1.0
    assert breach_probabilities(day, more) == after != breach_probabilities(day, more, seed=2)


def test_being_on_the_way_is_taken_into_account() -> None:
    """Who has left and is not there yet arrives with the chances of ways that have lasted until now."""
    order = order_of("x", departed_at=later(-0.45), status="departed", due_at=later(0.1))
    spread = np.sqrt(np.log1p(TRAVEL_CV**2))
    longer = norm.sf((np.log(np.array([0.55, 0.45]) / 0.5) + spread**2 / 2.0) / spread)
    assert breach_probabilities(only(order))["x"] == pytest.approx(longer[0] / longer[1], abs=0.002)
    overdue = order.model_copy(update={"due_at": later(-0.01)})
    assert breach_probabilities(only(overdue))["x"] == 1.0


def test_assumptions_are_told() -> None:
    """Ways are assumed to vary; work only where the scenario knows no such fault."""
    unknown, known = order_of("x"), order_of("x", fault_type="camera-dead")
    assert len(assumptions(only(unknown))) == 2
    assert len(assumptions(only(known))) == 1
    assert "assumed" in assumptions(only(known))[0]


def test_work_that_is_assumed_to_vary_is_named() -> None:
    """Three orders by their ids, and how many more; asean15 knows software for remote work only."""
    orders = [order_of(f"o{i}", "asean15", skill="software") for i in range(5)]
    told = uncertainty_of(load("asean15").scenario, orders[:3]).assumptions[1]
    assert "of o0, o1, o2, as no fault type of the scenario has such a visit" in told
    assert "of o0, o1, o2 and 2 more," in uncertainty_of(load("asean15").scenario, orders).assumptions[1]


def test_never_is_late() -> None:
    """Work for which no shift has room is late for certain."""
    day = only(order_of("x", duration_h=30.0, due_at=later(40.0)))
    assert executions(day)(lambda _: 1.0, lambda _: 30.0) == {"x": NEVER}
    assert breach_probabilities(day)["x"] == 1.0
