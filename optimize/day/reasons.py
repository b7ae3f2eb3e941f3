"""Why nobody has an order, in a line: its window, or the rule that leaves nobody for it.

Only what can be told at once is asked, for to try every place of hundreds of orders takes minutes; the whole
story of one order is told by `optimize.why`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from math import inf
from zoneinfo import ZoneInfo

from optimize.day.model import Day, DayOrder
from optimize.day.pins import pin_reason
from optimize.day.shifts import activity
from optimize.day.timetable import ROUNDING, DayProblem, hours_between
from optimize.plan import Plan
from optimize.problem import DispatchProblem, Engineer, Order, Pin
from optimize.rules import RULES
from optimize.why.nobody import Clock, Tests, as_if_there, crew_short, reason
from scenarios.phrases import Phrase, phrase


def reasons(day: Day, made: DayProblem, plan: Plan) -> dict[str, str]:
    """Return why nobody has an order, for each that nobody has.

    Parameters
    ----------
    day, made, plan
        The day, its problem and the solution.
    """
    found: dict[str, str] = {}
    tests = _tests(made.problem)
    for name in plan.unassigned:
        order = made.problem.orders[made.problem.position[name]]
        own = made.names[name]
        clock = partial(_at, made, day.order[own])
        fixed = (
            window_reason(day, day.order[own])
            or crew_short(made.problem, name, tests)
            or pin_reason(day, made, name)
        )
        found.setdefault(own, fixed or _of_rules(made.problem, order, tests, clock))
    return found


def window_reason(day: Day, order: DayOrder) -> Phrase | None:
    """Return that work may not begin in the horizon at all, if that is so."""
    opens, closes = order.window_start, order.window_end
    end = day.now + timedelta(hours=day.horizon_h)
    if closes is not None and closes < max(day.now, order.reported_at):
        return phrase(
            "its window closed at {closes}, and it is {now}",
            closes=_clock(closes, order),
            now=_clock(max(day.now, order.reported_at), order),
        )
    first = max((at for at in (opens, order.reported_at) if at is not None), default=day.now)
    if first > end:
        return phrase(
            "it may begin at {opens} at the earliest, and the horizon ends at {end}",
            opens=_clock(first, order),
            end=_clock(end, order),
        )
    return None


def _clock(at: datetime, order: DayOrder) -> str:
    return at.astimezone(ZoneInfo(order.time_zone)).isoformat(" ", "minutes")


def _at(made: DayProblem, order: DayOrder, hours: float) -> str:
    return _clock(made.instant(hours), order)


def _tests(problem: DispatchProblem) -> Tests:
    """Return the rules, and what of an engineer's hours and ways can be told at once."""
    return {rule.name: rule.passes for rule in RULES} | {
        "away": lambda o, e: e.away is None or _has_hours(o, e) or not _has_hours(o, as_if_there(e)),
        "hours": _has_hours,
        "travel": partial(_gets_there, problem),
    }


def _of_rules(problem: DispatchProblem, order: Order, tests: Tests, clock: Clock) -> Phrase:
    left: list[Engineer] = list(problem.engineers)
    for rule, passes in tests.items():
        stay = [engineer for engineer in left if passes(order, engineer)]
        if left and not stay:
            return reason(problem, order, rule, left, tests, clock)
        left = stay
    return phrase("no place was found for it in anybody's day ({count} asked)", count=len(left))


def _has_hours(order: Order, engineer: Engineer) -> bool:
    """Return whether an engineer who is there already works long enough at a time when it may begin."""
    return _begins_in_time(order, engineer, engineer.free_at)


def _gets_there(problem: DispatchProblem, order: Order, engineer: Engineer) -> bool:
    """Return whether an engineer who goes there at once can begin it in time."""
    way = hours_between(problem.travel, engineer.place, order.place, engineer.free_at)
    return _begins_in_time(order, engineer, activity(engineer, engineer.free_at, way, True)[1])


def _begins_in_time(order: Order, engineer: Engineer, at: float) -> bool:
    pin = order.pin or Pin()
    low = max(at, order.earliest, -inf if pin.start_from is None else pin.start_from)
    high = min(order.latest, inf if pin.start_to is None else pin.start_to)
    begins = activity(engineer, low, order.duration, order.may_pause)[0] if low < inf else inf
    return begins < inf and begins <= high + ROUNDING
