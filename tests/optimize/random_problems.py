"""Random dispatch problems: shifts over days, breaks, parts, tools, pins, links, travel by hour."""

from __future__ import annotations

import numpy as np

from optimize import DispatchProblem, Due, Engineer, Link, Order, Pin, SchedulingPolicy, Shift, Travel

SKILLS, PARTS, TOOLS = ("field", "network"), ("camera", "card"), ("ladder", "tester")


def random_problem(seed: int, *, plain: bool = False) -> DispatchProblem:
    """Return a problem of 4 to 10 orders and 2 to 4 engineers.

    Parameters
    ----------
    seed
        What it is drawn from.
    plain
        Whether every engineer has one shift without a break, and only windows, skills and lateness count.
    """
    random = np.random.default_rng(seed)
    count, crew = int(random.integers(4, 11)), int(random.integers(2, 5))
    places = random.uniform(0.0, 2.0, (count + crew, 2))
    hours = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    travel = Travel.constant(hours)
    if not plain and random.random() < 0.5:
        peak = hours * random.uniform(1.0, 1.8)
        travel = Travel(np.stack([hours, peak, hours]), np.zeros((3, *hours.shape)), 8.0)
    people = tuple(_engineer(random, i, count + i, plain) for i in range(crew))
    orders = [_order(random, i, people, plain) for i in range(count)]
    if not plain and random.random() < 0.5:
        gap = float(random.choice([0.0, 1.0]))
        links = (Link(orders[1].id, gap, gap + float(random.choice([0, 1]))),)
        if random.random() < 0.4:
            # A crew of three, the second and the third beside the first or after him.
            links = (*links, Link(orders[2].id, 0.0, float(random.choice([0, 1]))))
        orders[0] = Order(**{**vars(orders[0]), "links": links})
    policy = SchedulingPolicy(
        skill_waste=0.3,
        churn=0.5,
        duration_hour=0.0 if plain else float(random.choice([0.0, 1.0])),
        unfairness=0.0 if plain else 0.01,
        largest_tardiness=0.0 if plain else float(random.choice([0.0, 2.0])),
    )
    previous = {o.id: people[int(random.integers(crew))].id for o in orders[::2]}
    return DispatchProblem(tuple(orders), people, travel, policy, previous)


def _engineer(random: np.random.Generator, number: int, place: int, plain: bool) -> Engineer:
    days = 1 if plain else int(random.integers(1, 3))
    shifts = tuple(
        Shift(
            8.0 + 24.0 * day,
            17.0 + 24.0 * day,
            overtime=float(random.choice([0.0, 2.0])),
            pause=None if plain or random.random() < 0.5 else (12.0 + 24.0 * day, 13.0 + 24.0 * day),
        )
        for day in range(days)
    )
    return Engineer(
        f"engineer-{number}",
        place,
        place if random.random() < 0.8 else None,
        8.0 if plain else float(random.choice([0.0, 9.5])),
        shifts,
        skills={skill: int(random.integers(0, 3)) for skill in SKILLS if random.random() < 0.8},
        parts={} if plain else {part: int(random.integers(0, 3)) for part in PARTS},
        tools=frozenset() if plain else frozenset(t for t in TOOLS if random.random() < 0.5),
        depot=None if plain or random.random() < 0.4 else 0,
        depot_hours=0.25,
        cost_per_hour=float(random.choice([1.0, 2.0])),
    )


def _order(random: np.random.Generator, number: int, people: tuple[Engineer, ...], plain: bool) -> Order:
    earliest = float(random.choice([0.0, 9.0, 11.0]))
    dues = [Due("attend", float(random.uniform(9.0, 20.0)), float(random.choice([1.0, 5.0])))]
    if random.random() < 0.5:
        dues.append(Due("restore", float(random.uniform(12.0, 30.0)), 2.0))
    pin = None
    if not plain and random.random() < 0.2:
        pin = Pin(
            str(random.choice([e.id for e in people])),
            *((10.0, 15.0) if random.random() < 0.5 else (None, None)),
        )
    return Order(
        f"order-{number}",
        number,
        float(random.uniform(0.3, 3.0)),
        skills={str(random.choice(SKILLS)): int(random.integers(0, 2))},
        earliest=earliest,
        latest=float(random.choice([16.0, 40.0])),
        dues=tuple(dues),
        drop_cost=float(random.choice([20.0, 60.0])),
        parts={}
        if plain or random.random() < 0.6
        else {str(random.choice(PARTS)): int(random.integers(1, 3))},
        tools=frozenset() if plain or random.random() < 0.7 else frozenset([str(random.choice(TOOLS))]),
        may_pause=not plain and random.random() < 0.2,
        pin=pin,
    )
