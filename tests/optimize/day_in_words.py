"""Days for tests, and an independent reading of how a plan is carried out, in plain Python.

Shares no code with `optimize.day.execution`: one engineer after the other walks through his own hours,
draw by draw, and whoever belongs to a crew waits for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
from plan_checker import violations

from optimize import DispatchProblem, Engineer
from optimize.day.carried_over import carried_over
from optimize.day.event_kinds import changed
from optimize.day.model import Day, DayEngineer, DayOrder, DayPlan, DayVisit
from optimize.day.problem import previous_plan, problem_of

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in George Town
#: George Town, and Bangkok.
PLACES = {"one-city": (5.41, 100.33, "Asia/Kuala_Lumpur"), "asean15": (13.75, 100.5, "Asia/Bangkok")}
NEVER = float("inf")


def later(hours: float) -> datetime:
    """Return an instant some hours from now."""
    return NOW + timedelta(hours=hours)


def order_of(name: str, scenario: str = "one-city", **fields: object) -> DayOrder:
    """Return an order in the middle of a city."""
    lat, lon, zone = PLACES[scenario]
    given: dict[str, object] = {
        "id": name,
        "lat": lat,
        "lon": lon,
        "reported_at": later(-1.0),
        "duration_h": 1.0,
        "time_zone": zone,
    }
    return DayOrder.model_validate(given | fields)


def engineer_of(name: str, scenario: str = "one-city", **fields: object) -> DayEngineer:
    """Return an engineer in the middle of a city."""
    lat, lon, zone = PLACES[scenario]
    given: dict[str, object] = {"id": name, "lat": lat, "lon": lon, "time_zone": zone, "cost_per_hour": 10.0}
    return DayEngineer.model_validate(given | fields)


def random_day(seed: int, orders: int = 10, engineers: int = 3, scenario: str = "one-city") -> Day:
    """Return a day with a plan that nobody has optimised: breaks, overtime, crews, windows, known faults."""
    random = np.random.default_rng(seed)

    def somewhere() -> dict[str, float]:
        lat, lon, _ = PLACES[scenario]
        return {"lat": lat + random.uniform(-0.15, 0.15), "lon": lon + random.uniform(-0.15, 0.15)}

    people = tuple(
        engineer_of(
            f"e{i}",
            scenario,
            **somewhere(),
            shift_end=str(random.choice(["17:00", "18:30"])),
            overtime_h=float(random.choice([0.0, 2.0])),
            break_start="12:00" if random.random() < 0.5 else None,
            break_end="13:00",
        )
        for i in range(engineers)
    )
    jobs = tuple(
        order_of(
            f"o{i}",
            scenario,
            **somewhere(),
            duration_h=float(random.uniform(0.4, 2.5)),
            crew_size=2 if random.random() < 0.15 else 1,
            fault_type=str(random.choice(["", "camera-dead", "sensor-drift"])),
            window_start=later(float(random.uniform(0.0, 8.0))) if random.random() < 0.2 else None,
            may_pause=bool(random.random() < 0.15),
        )
        for i in range(orders)
    )
    visits = []
    for position, job in enumerate(jobs):
        at = later(0.1 * position)
        for engineer in random.permutation(engineers)[: job.crew_size].tolist():
            visits.append(
                DayVisit(order=job.id, engineer=f"e{engineer}", depart=at, start=at, end=at, travel_h=0.0)
            )
    return Day(scenario=scenario, now=NOW, orders=jobs, engineers=people, plan=DayPlan(visits=tuple(visits)))


def is_sound(day: Day) -> bool:
    """Return whether every open order stands somewhere, and the plan breaks no rule of the day's problem."""
    assert day.plan is not None
    loose = changed(day, freeze_h=0.0)
    made = problem_of(loose)
    stands = previous_plan(loose, made)
    kept = carried_over(made.problem, stands)
    assert stands is not None
    somewhere = {*day.plan.crew_of, *day.plan.unassigned}
    open_orders = {o.id for o in day.orders if o.status not in ("finished", "cancelled")}
    whole = kept.engineer_of == stands.engineer_of and somewhere >= open_orders
    return whole and not violations(made.problem, kept)


def carried_out(
    problem: DispatchProblem,
    names: dict[str, str],
    routes: dict[str, list[str]],
    way: Callable[[str], float],
    work: Callable[[str], float],
    agreed: Mapping[str, float],
) -> dict[str, float]:
    """Return when work begins at each order of a day.

    Parameters
    ----------
    problem, names
        Descriptions of orders and engineers, and the order of the day that each belongs to.
    routes
        Orders of each engineer.
    way, work
        The factor on the hours of the way to an order; the hours of work of an order of the day, asked once.
    agreed
        Starts of crews that were agreed upon.
    """
    orders = {order.id: order for order in problem.orders}
    people = {engineer.id: engineer for engineer in problem.engineers}
    crew = {name: [o for o in names if names[o] == names[name]] for name in names}
    holder = {order: engineer for engineer, route in routes.items() for order in route}
    queue = {engineer: list(route) for engineer, route in routes.items() if route}
    at = {e: people[e].free_at for e in queue}
    here = {e: people[e].place for e in queue}
    there: dict[str, float] = {}
    hours: dict[str, float] = {}
    starts: dict[str, float] = {}
    while queue:
        for engineer in list(queue):
            name = queue[engineer][0]
            if name not in there:
                order = orders[name]
                step = 0 if len(problem.travel.hours) == 1 else int(at[engineer] / problem.travel.slice_hours)
                table = problem.travel.hours[step % len(problem.travel.hours)]
                there[name] = _under_way(
                    people[engineer], at[engineer], float(table[here[engineer], order.place]) * way(name)
                )
                here[engineer] = order.place
            if not all(other in there for other in crew[name]):
                continue
            both = [people[holder[other]] for other in crew[name]]
            earliest = max(
                orders[name].earliest, agreed.get(name, 0.0), *(there[other] for other in crew[name])
            )
            start = _suits(both, earliest, orders[name].duration, orders[name].may_pause)
            done = names[name]
            hours[done] = hours[done] if done in hours else work(done)
            starts[done] = start
            for other in crew[name]:
                who = holder[other]
                pausing = orders[name].may_pause
                at[who] = (_under_way if pausing else _through)(people[who], start, hours[done])
                queue[who].pop(0)
                if not queue[who]:
                    del queue[who]
            break
        else:
            raise AssertionError("everybody waits for somebody")
    return starts


def _suits(people: Iterable[Engineer], at: float, hours: float, pausing: bool) -> float:
    """Return from when on everybody can begin work of expected hours."""
    while at < NEVER:
        ready = max(_begin(engineer, at, hours, pausing) for engineer in people)
        if ready == at:
            return at
        at = ready
    return NEVER


def _begin(engineer: Engineer, at: float, hours: float, pausing: bool) -> float:
    for shift in engineer.shifts:
        last = shift.closes + shift.overtime
        now = _off_break(shift.pause, max(at, shift.opens))
        fits = now < last and _clock(shift.pause, now, hours) <= last + 1e-7
        if fits or (pausing and now < shift.closes and at < last):
            return now
    return NEVER


def _through(engineer: Engineer, start: float, hours: float) -> float:
    """Return when work ends that is finished once it is begun."""
    if start == NEVER:
        return NEVER
    shift = next(s for s in engineer.shifts if s.opens <= start < s.closes + s.overtime)
    return _clock(shift.pause, start, hours)


def _under_way(engineer: Engineer, at: float, hours: float) -> float:
    """Return when something ends that goes on in the next shift if overtime is not enough for it."""
    for shift in engineer.shifts:
        last = shift.closes + shift.overtime
        if at >= last:
            continue
        now = _off_break(shift.pause, max(at, shift.opens))
        end = _clock(shift.pause, now, hours)
        if end <= last + 1e-7:
            return end
        if now < shift.closes:
            low, high = shift.pause or (0.0, 0.0)
            hours -= shift.closes - now - max(0.0, min(high, shift.closes) - max(low, now))
            at = shift.closes
    return NEVER


def _off_break(pause: tuple[float, float] | None, at: float) -> float:
    return pause[1] if pause and pause[0] <= at < pause[1] else at


def _clock(pause: tuple[float, float] | None, begin: float, hours: float) -> float:
    end = begin + hours
    return end + pause[1] - pause[0] if pause and begin < pause[0] < end else end
