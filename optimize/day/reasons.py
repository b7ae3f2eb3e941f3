"""Why nobody has an order, in a line: its window, or the rule that leaves nobody for it.

Only what can be told at once is asked, for to try every place of hundreds of orders takes minutes; the whole
story of one order is told by `optimize.why`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from optimize.day.model import Day, DayOrder
from optimize.day.timetable import DayProblem
from optimize.plan import Plan
from optimize.problem import DispatchProblem, Engineer, Order
from optimize.rules import RULES
from optimize.why.wording import nobody_text
from scenarios.phrases import Phrase, phrase


def reasons(day: Day, made: DayProblem, plan: Plan) -> dict[str, str]:
    """Return why nobody has an order, for each that nobody has.

    Parameters
    ----------
    day, made, plan
        The day, its problem and the solution.
    """
    found: dict[str, str] = {}
    for name in plan.unassigned:
        order = made.problem.orders[made.problem.position[name]]
        own = made.names[name]
        found.setdefault(own, _of_window(day, day.order[own]) or _of_rules(made.problem, order))
    return found


def _of_window(day: Day, order: DayOrder) -> Phrase | None:
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


def _of_rules(problem: DispatchProblem, order: Order) -> Phrase:
    left: list[Engineer] = list(problem.engineers)
    for rule in RULES:
        stay = [engineer for engineer in left if rule.passes(order, engineer)]
        if left and not stay:
            return nobody_text(rule.name, order, len(left))
        left = stay
    return phrase("no place was found for it in anybody's day ({count} may have it)", count=len(left))
