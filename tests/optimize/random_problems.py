"""Random dispatch problems that use every field there is, alone and together.

`tests/optimize/test_random_problems.py` holds them to it: a field that none of them uses fails there. What a
field means is left to `plan_checker`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np

from optimize import DispatchProblem, Due, Engineer, Link, Order, Pin, SchedulingPolicy, Shift, Travel
from optimize.problem import CLOCKS

SKILLS, PARTS, TOOLS = ("field", "network"), ("camera", "card"), ("ladder", "tester")
LANGUAGES, PASSES = ("en", "th", "zh"), ("airside", "port")
#: Parts of the cost by importance, as a policy may name them.
LEVELS = (
    (("left_out",), ("tardiness", "largest_tardiness")),
    (("tardiness",), ("travel", "use")),
    (("left_out", "tardiness"), ("churn",), ("travel", "overtime")),
)
#: Places that are neither an order's nor where anybody is: depots and homes.
_OTHERS = 2

T = TypeVar("T")


def random_problem(seed: int, *, plain: bool = False) -> DispatchProblem:
    """Return a problem of 4 to 10 orders and 2 to 4 engineers, whose objective is a finite sum of its parts.

    Parameters
    ----------
    seed
        What it is drawn from.
    plain
        Whether every engineer has one shift without a break, and only windows, skills and lateness count.
    """
    random = np.random.default_rng(seed)
    count, crew = int(random.integers(4, 11)), int(random.integers(2, 5))
    pace = 1.0 if plain else _one(random, 1.0, 0.3)  # a route has a stop or two, or many
    places = random.uniform(0.0, 2.0 * pace, (count + crew + _OTHERS, 2))
    hours = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    people = [_engineer(random, i, count + i) for i in range(crew)]
    orders = [_order(random, i, pace) for i in range(count)]
    policy, travel = SchedulingPolicy(skill_waste=0.3, churn=0.5), Travel.constant(hours)
    if not plain:
        people = [_not_plain(random, e, len(places)) for e in people]
        orders = [_asking_more(random, _pinned(random, order, people), people) for order in orders]
        orders = _linked(random, orders)
        policy, travel = _policy(random), _travel(random, hours)
    previous = {o.id: people[int(random.integers(crew))].id for o in orders[::2]}
    return DispatchProblem(tuple(orders), tuple(people), travel, policy, previous)


def problem_of_any_kind(seed: int) -> DispatchProblem:
    """Return a random problem that may have orders which must be served, and levels in place of a sum."""
    problem, random = random_problem(seed), np.random.default_rng([seed, 1])
    orders = [replace(o, drop_cost=np.inf) if random.random() < 0.1 else o for o in problem.orders]
    policy = replace(problem.policy, churn_share=_one(random, 0.5, 0.0))
    if random.random() < 0.33:
        levels, steepness = LEVELS[int(random.integers(len(LEVELS)))], _one(random, 0.0, 50.0)
        policy = replace(policy, levels=levels, steepness=steepness, step=_one(random, 0.01, 1.0))
    return replace(problem, orders=tuple(orders), policy=policy)


def _one(random: np.random.Generator, *values: T) -> T:
    """Return one of some values."""
    return values[int(random.integers(len(values)))]


def _some(random: np.random.Generator, share: float, names: tuple[str, ...]) -> frozenset[str]:
    """Return each of some names with a probability."""
    return frozenset(name for name in names if random.random() < share)


def _engineer(random: np.random.Generator, number: int, place: int) -> Engineer:
    """Return an engineer of a plain problem."""
    return Engineer(
        f"engineer-{number}",
        place,
        place if random.random() < 0.8 else None,
        8.0,
        (Shift(8.0, 17.0, overtime=_one(random, 0.0, 2.0)),),
        skills={skill: int(random.integers(0, 3)) for skill in SKILLS if random.random() < 0.8},
        depot_hours=0.25,
        cost_per_hour=_one(random, 1.0, 2.0),
    )


def _not_plain(random: np.random.Generator, engineer: Engineer, places: int) -> Engineer:
    """Return an engineer with shifts over days, a van, a home and a depot anywhere, and prices of his own."""
    shifts = []
    for day in range(int(random.integers(1, 3))):
        pause = None if random.random() < 0.5 else (12.0 + 24.0 * day, 13.0 + 24.0 * day)
        shifts.append(Shift(8.0 + 24.0 * day, 17.0 + 24.0 * day, _one(random, 0.0, 2.0), pause))
    elsewhere = int(random.integers(places))
    return replace(
        engineer,
        home=_one(random, engineer.home, engineer.home, elsewhere, None),
        free_at=_one(random, 0.0, 9.5),
        shifts=tuple(shifts),
        languages=_some(random, 0.6, LANGUAGES),
        passes=_some(random, 0.6, PASSES),
        capacity=_one(random, np.inf, 2.0, 4.0),
        parts={part: int(random.integers(0, 3)) for part in PARTS},
        tools=_some(random, 0.5, TOOLS),
        depot=_one(random, None, None, places - 1, int(random.integers(places)), 0),
        depot_hours=_one(random, 0.0, 0.25),
        overtime_factor=_one(random, 1.5, 2.0),
        cost_of_use=_one(random, 0.0, 0.0, 3.0),
    )


def _order(random: np.random.Generator, number: int, pace: float) -> Order:
    """Return an order of a plain problem."""
    dues = [Due("attend", float(random.uniform(9.0, 20.0)), _one(random, 1.0, 5.0))]
    if random.random() < 0.5:
        dues.append(Due(_one(random, *CLOCKS[1:]), float(random.uniform(12.0, 30.0)), _one(random, 0.0, 2.0)))
    return Order(
        f"order-{number}",
        number,
        pace * float(random.uniform(0.3, 3.0)),
        skills={_one(random, *SKILLS): int(random.integers(0, 2))},
        earliest=_one(random, 0.0, 9.0, 11.0),
        latest=_one(random, 16.0, 40.0),
        dues=tuple(dues),
        drop_cost=_one(random, 20.0, 60.0),
    )


def _asking_more(random: np.random.Generator, order: Order, people: list[Engineer]) -> Order:
    """Return an order that may ask for what not everybody has, bring a load, or take longer than a shift."""
    pausing = random.random() < 0.2
    asked = {
        "languages": _some(random, 0.5, LANGUAGES) if random.random() < 0.2 else order.languages,
        "security_pass": _one(random, *PASSES) if random.random() < 0.15 else None,
        "allowed": _some(random, 0.6, tuple(e.id for e in people)) if random.random() < 0.15 else None,
        "load": _one(random, 0.0, 0.0, 0.5, 1.5),
        "parts": {_one(random, *PARTS): int(random.integers(1, 3))} if random.random() < 0.4 else {},
        "tools": _some(random, 0.6, TOOLS) if random.random() < 0.3 else frozenset(),
        "may_pause": pausing,
        "duration": order.duration + (_one(random, 0.0, 0.0, 9.5) if pausing else 0.0),
    }
    return replace(order, **asked)  # type: ignore[arg-type]


def _pinned(random: np.random.Generator, order: Order, people: list[Engineer]) -> Order:
    """Return an order that one in five times is pinned: to somebody, to a time, to a range, or both."""
    if random.random() < 0.8:
        return order
    times = _one(random, (10.0, 15.0), (12.0, 12.0), (None, 14.0), (10.5, None))
    who = _one(random, *(engineer.id for engineer in people))
    return replace(order, pin=_one(random, Pin(who), Pin(who, *times), Pin(None, *times)))


def _linked(random: np.random.Generator, orders: list[Order]) -> list[Order]:
    """Return orders of which half the times two or three depend on each other's starts."""
    if random.random() < 0.5:
        return orders
    gap = _one(random, 0.0, 0.0, 1.0, -1.5)
    links = (Link(orders[1].id, gap, gap + _one(random, 0.0, 1.0)),)
    if random.random() < 0.4:
        # A crew of three, the second and the third beside the first or after him.
        links = (*links, Link(orders[2].id, 0.0, _one(random, 0.0, 1.0)))
    # Both may say it, as a table with a row for each of two visits does.
    back = (Link(orders[0].id, -links[0].gap_high, -links[0].gap_low),) if random.random() < 0.3 else ()
    return [replace(orders[0], links=links), replace(orders[1], links=back), *orders[2:]]


def _policy(random: np.random.Generator) -> SchedulingPolicy:
    """Return what counts: every weight is at times its default, at times another."""
    return SchedulingPolicy(
        travel_hour=_one(random, 1.0, 0.0, 2.5),
        tardiness=_one(random, 1.0, 1.0, 0.5),
        overtime=_one(random, 1.0, 0.5),
        skill_waste=_one(random, 0.3, 0.0),
        duration_hour=_one(random, 0.0, 1.0),
        unfairness=_one(random, 0.0, 0.01),
        churn=_one(random, 0.5, 0.0),
        largest_tardiness=_one(random, 0.0, 2.0),
    )


def _travel(random: np.random.Generator, hours: np.ndarray) -> Travel:
    """Return ways that may take longer at noon, and whose fares are other ways than their hours."""
    fares = _one(random, 0.0, 1.0) * random.uniform(0.0, 2.0, hours.shape) * (hours > 0.0)
    if random.random() < 0.5:
        return Travel.constant(hours, fares)
    peak = hours * random.uniform(1.0, 1.8)
    return Travel(
        np.stack([hours, peak, hours]), np.stack([fares, 2.0 * fares, fares]), _one(random, 8.0, 24.0)
    )
