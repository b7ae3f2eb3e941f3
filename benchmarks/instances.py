"""Published instances as problems of the product: vehicles, technicians, their days, and home care.

Formats are translated here and nothing is searched; units are those of the instance.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from optimize import DispatchProblem, Due, Engineer, Link, Order, SchedulingPolicy, Shift, Travel

FloatArray = npt.NDArray[np.float64]
#: What it costs to leave a customer out where everybody has to be served.
_MUST = 1e6


def _distances(points: FloatArray) -> FloatArray:
    distances: FloatArray = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    return distances


def vrptw(file: Path) -> DispatchProblem:
    """Return an instance of Solomon's or Homberger's format; distances are truncated to one decimal.

    Order ids are customer numbers; every vehicle is an engineer at the depot.
    """
    lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines()]
    head = next(i for i, line in enumerate(lines) if line[:1] == ["NUMBER"])
    vehicles, capacity = int(lines[head + 1][0]), float(lines[head + 1][1])
    rows = np.array([line for line in lines[head + 2 :] if len(line) == 7 and line[0].isdigit()], dtype=float)
    travel = np.floor(_distances(rows[:, 1:3]) * 10.0 + 1e-9) / 10.0
    orders = tuple(
        Order(str(int(r[0])), i, r[6], earliest=r[4], latest=r[5], load=r[3], drop_cost=_MUST)
        for i, r in enumerate(rows)
        if i
    )
    shift = (Shift(0.0, rows[0, 5]),)
    people = tuple(Engineer(str(v + 1), 0, 0, 0.0, shift, capacity=capacity) for v in range(vehicles))
    return DispatchProblem(orders, people, Travel.constant(travel))


def technician_day(file: Path) -> DispatchProblem:
    """Return a technician day: travel, weighted lateness of starts, and penalties for orders left out.

    Order ids are their positions from 0; technicians have the hours of the horizon.
    """
    day = json.loads(file.read_text(encoding="utf-8"))
    depots = int(day["depots"])
    orders = tuple(
        Order(
            str(i),
            depots + i,
            float(day["service"][i]),
            earliest=float(day["earliest"][i]),
            latest=float(day["latest"][i]),
            dues=(Due("attend", float(day["due"][i]), float(day["weight"][i])),),
            drop_cost=float(day["drop_penalty"][i]),
            allowed=frozenset(str(t) for t in day["qualified"][i]),
        )
        for i in range(int(day["orders"]))
    )
    shift = (Shift(0.0, float(day["horizon"])),)
    people = tuple(Engineer(str(t), home, home, 0.0, shift) for t, home in enumerate(day["home"]))
    return DispatchProblem(orders, people, Travel.constant(np.array(day["travel"], dtype=float)))


def trsp(file: Path) -> DispatchProblem:
    """Return an instance of technician routing and scheduling; the cost is the sum of working times.

    Order ids are node numbers; the depot gives every tool and any number of parts.

    References
    ----------
    Pillac, V., Gueret, C. and Medaglia, A. L.: A parallel matheuristic for the technician routing and
    scheduling problem. Optimization Letters 7 (2013).
    """
    rows = [
        [field.strip() for field in re.split(r"\s+(?![^\[]*\])", line.strip())]
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.match(r"\d+\s+\d+\s+\d+\s.*\[", line)
    ]
    travel = _distances(np.array([[float(r[1]), float(r[2])] for r in rows]))
    head = re.search(r"^(\d+)(\s+\d+){3}\s*$", file.read_text(encoding="utf-8"), re.MULTILINE)
    crew = int(head[1]) if head else 0
    shift = (Shift(float(rows[0][3]), float(rows[0][4])),)
    people = tuple(
        Engineer(
            r[0],
            i,
            i,
            float(r[3]),
            shift,
            skills={skill: 0 for skill in _names(r[6])},
            tools=frozenset(_names(r[7])),
            parts=_units(r[8]),
            depot=0,
        )
        for i, r in enumerate(rows)
        if 1 <= i <= crew
    )
    orders = tuple(
        Order(
            r[0],
            i,
            float(r[5]),
            skills={skill: 0 for skill in _names(r[6])},
            earliest=float(r[3]),
            latest=float(r[4]),
            tools=frozenset(_names(r[7])),
            parts=_units(r[8]),
            drop_cost=_MUST,
        )
        for i, r in enumerate(rows)
        if i > crew
    )
    policy = SchedulingPolicy(travel_hour=0.0, duration_hour=1.0)
    return DispatchProblem(orders, people, Travel.constant(travel), policy)


def hhcrsp(file: Path) -> DispatchProblem:
    """Return an instance of home-care routing; the cost is a third of distance and of tardiness, both summed.

    An order is a service at a patient, named patient/number; two services of a patient are linked. The
    largest tardiness counts too where the policy has a weight for it.

    References
    ----------
    Mankowska, D. S., Meisel, F. and Bierwirth, C.: The home health care routing and scheduling problem with
    interdependent services. Health Care Management Science 17 (2014).
    """
    read = json.loads(file.read_text(encoding="utf-8"))
    orders = tuple(
        Order(
            f"{patient['id']}/{k}",
            place,
            float(service["duration"]),
            skills={service["service"]: 0},
            earliest=float(patient["time_window"][0]),
            dues=(Due("attend", float(patient["time_window"][1]), 1.0),),
            links=_linked(patient) if k == 0 else (),
            drop_cost=_MUST,
        )
        for place, patient in enumerate(read["patients"], start=1)
        for k, service in enumerate(patient["required_caregivers"])
    )
    shift = (Shift(0.0, np.inf),)
    people = tuple(
        Engineer(c["id"], 0, 0, 0.0, shift, skills=dict.fromkeys(c["abilities"], 0))
        for c in read["caregivers"]
    )
    policy = SchedulingPolicy(travel_hour=1.0 / 3.0, tardiness=1.0 / 3.0, largest_tardiness=1.0 / 3.0)
    travel = Travel.constant(np.array(read["distances"], dtype=float))
    return DispatchProblem(orders, people, travel, policy)


def _linked(patient: dict[str, Any]) -> tuple[Link, ...]:
    """Return how the second service of a patient depends on the first."""
    if len(patient["required_caregivers"]) < 2:
        return ()
    how = patient["synchronization"]
    low, high = how["distance"] if how["type"] == "sequential" else (0.0, 0.0)
    return (Link(f"{patient['id']}/1", float(low), float(high)),)


def generated(orders: int, engineers: int, seed: int) -> DispatchProblem:
    """Return a drawn day of any size: ways, weighted lateness of starts, and penalties for orders left out.

    In the manner of the technician days: ten hours, a square that takes an hour and a half to cross with
    depots where everybody begins and ends, four domains and three levels; one order in six is urgent.

    Parameters
    ----------
    orders, engineers
        How many.
    seed
        What the day is drawn from.
    """
    random = np.random.default_rng([seed, orders, engineers])
    depots = max(4, engineers // 25)
    travel = np.round(_distances(random.uniform(0.0, 1.5, (depots + orders, 2))), 3)
    visits = tuple(_drawn_order(random, i, depots + i) for i in range(orders))
    people = tuple(
        Engineer(
            f"engineer-{e}",
            e % depots,
            e % depots,
            0.0,
            (Shift(0.0, 10.0),),
            skills={f"domain-{d}": int(random.integers(1, 4)) for d in random.choice(4, 2, replace=False)},
        )
        for e in range(engineers)
    )
    return DispatchProblem(visits, people, Travel.constant(travel))


def _drawn_order(random: np.random.Generator, number: int, place: int) -> Order:
    """Return an order that is normal, major or urgent."""
    weight = float(random.choice([1.0, 2.0, 5.0], p=[0.65, 0.19, 0.16]))
    earliest = round(float(random.uniform(0.0, 4.0)), 3) if random.random() < 0.25 else 0.0
    low, high = {1.0: (4.0, 8.0), 2.0: (2.5, 6.0), 5.0: (2.0, 3.5)}[weight]
    return Order(
        f"order-{number}",
        place,
        round(float(random.uniform(0.5, 2.0)), 3),
        skills={f"domain-{random.integers(0, 4)}": int(random.choice([1, 2, 3], p=[0.6, 0.3, 0.1]))},
        earliest=earliest,
        latest=9.0,
        dues=(Due("attend", round(float(random.uniform(low, high)), 3), weight),),
        drop_cost={1.0: 13.0, 2.0: 25.0, 5.0: 50.0}[weight],
    )


def _names(text: str) -> list[str]:
    """Return the numbers of a list in brackets as names."""
    return [part for part in text.strip("[]").split(",") if part]


def _units(text: str) -> dict[str, int]:
    """Return the units of each part, by its position in a list in brackets."""
    return {str(i): int(units) for i, units in enumerate(_names(text)) if int(units)}
