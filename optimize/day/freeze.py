"""What of the freeze window could not be kept: which visits a new plan moved or dropped, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from optimize.day.model import Day, DayOrder, DayPlan, DayVisit
from optimize.day.pins import lack_text, local
from optimize.day.problem import KEPT_WITHIN, PLAY
from optimize.day.timetable import DayProblem, in_order
from optimize.day.under_way import is_open
from optimize.problem import Engineer
from optimize.rules import RULES
from scenarios.phrases import Phrase, phrase

#: Visits that are told one by one.
_MOST_TOLD = 8
_HOUR = timedelta(hours=1)


def broken_freeze(day: Day, made: DayProblem, after: DayPlan) -> list[str]:
    """Return what is to be said of visits within the freeze window that are not where they were.

    Parameters
    ----------
    day
        The day with the plan that stood.
    made
        Its problem.
    after
        The new plan. Starts that were over already are told elsewhere, and so is who is not in the day.
    """
    told: list[str] = [_line(day, made, after, member, visit) for member, visit in _changed(day, made, after)]
    more = len(told) - _MOST_TOLD
    if more > 0:
        return [*told[:_MOST_TOLD], phrase("frozen visits that changed beside these: {number}", number=more)]
    return told


def _changed(day: Day, made: DayProblem, after: DayPlan) -> Iterator[tuple[str, DayVisit]]:
    """Yield frozen visits that have changed, with the order of the problem that each is."""
    if day.plan is None or day.freeze_h <= 0.0:
        return
    members: dict[str, list[str]] = {}
    for name, order in made.names.items():
        members.setdefault(order, []).append(name)
    for order, visits in day.plan.crew_of.items():
        known = day.order.get(order)
        if known is None or not is_open(known):
            continue
        for member, visit in zip(members.get(order, ()), in_order(known, visits), strict=False):
            window = timedelta() <= visit.start - day.now <= day.freeze_h * _HOUR
            if window and visit.engineer in day.engineer and not _stands(visit, after):
                yield member, visit


def _stands(visit: DayVisit, after: DayPlan) -> bool:
    return any(
        now.engineer == visit.engineer and abs(now.start - visit.start) <= KEPT_WITHIN * _HOUR
        for now in after.crew_of.get(visit.order, ())
    )


def _line(day: Day, made: DayProblem, after: DayPlan, member: str, visit: DayVisit) -> Phrase:
    order = day.order[visit.order]
    now = after.crew_of.get(visit.order, ())
    own = next((found for found in now if found.engineer == visit.engineer), None)
    others = [found.engineer for found in now if found.engineer != visit.engineer]
    values = {
        "order": order.id,
        "engineer": visit.engineer,
        "time": local(visit.start, order),
        "reason": _reason(made, order, member, visit),
    }
    if own is not None:
        begins = local(own.start, order)
        return phrase(
            "frozen: {order}, {engineer} at {time}, now begins at {begins}: {reason}", begins=begins, **values
        )
    if others:
        return phrase(
            "frozen: {order}, {engineer} at {time}, is now with {others}: {reason}",
            others=", ".join(others),
            **values,
        )
    return phrase("frozen: {order}, {engineer} at {time}, is left for later: {reason}", **values)


def _reason(made: DayProblem, order: DayOrder, member: str, visit: DayVisit) -> Phrase:
    pin = order.pin
    if pin is not None and (pin.engineer not in (None, visit.engineer) or not _in_range(order, visit)):
        return phrase("its pin says otherwise")
    asked = made.problem.orders[made.problem.position[member]]
    engineer = made.problem.engineers[made.problem.engineer_position[visit.engineer]]
    lacks = next((rule.name for rule in RULES if not rule.passes(asked, engineer)), None)
    if lacks is not None:
        why = lack_text(lacks, asked)
    elif not _at_work(engineer, made.hours(visit.start)):
        why = phrase("is not at work then")
    elif member in made.frozen and asked.pin is not None and asked.pin.start_to is not None:
        why = phrase("finds no place in the day for it")
    else:
        why = phrase("cannot begin it by then")
    return phrase("{engineer} {what}", engineer=visit.engineer, what=why)


def _in_range(order: DayOrder, visit: DayVisit) -> bool:
    pin = order.pin
    assert pin is not None
    low, high = pin.start_from or visit.start, pin.start_to or visit.start
    return low - timedelta(seconds=1) <= visit.start <= high + timedelta(seconds=1)


def _at_work(engineer: Engineer, at: float) -> bool:
    return any(shift.opens <= at + PLAY and at < shift.closes + shift.overtime for shift in engineer.shifts)
