"""Work that no shift is long enough for: it goes over several, unless somebody has said that it must not.

Judged by the hours on the clock of those who may have the order, not by who happens to be away today; how it
is planned over the shifts is the problem's.
"""

from __future__ import annotations

from collections.abc import Collection

from optimize.day.ground import Ground, ground_of
from optimize.day.model import Day, DayEngineer, DayOrder
from optimize.day.naming import listed
from scenarios.phrases import phrase

_DAY = 24.0
_OVER = frozenset(("finished", "cancelled"))


def shift_hours(engineer: DayEngineer) -> float:
    """Return the hours of work that fit into one shift of an engineer: overtime counts, his break does not.

    Overtime ends where his next shift begins. Nobody without a weekday works at all.
    """
    length = _hours_from(engineer.shift_start, engineer.shift_end)
    pause = 0.0
    if engineer.break_start is not None and engineer.break_end is not None:
        pause = _hours_from(engineer.break_start, engineer.break_end)
    hours = [
        min(length + engineer.overtime_h, _DAY if day % 7 + 1 in engineer.weekdays else 2.0 * _DAY) - pause
        for day in engineer.weekdays
    ]
    return max(hours, default=0.0)


def _hours_from(begin: str, end: str) -> float:
    """Return hours from a time of the day to the next time that the clock shows another, up to 24."""
    minutes = [int(clock[:2]) * 60 + int(clock[3:]) for clock in (begin, end)]
    return ((minutes[1] - minutes[0] - 1) % (24 * 60) + 1) / 60.0


def needs_several_shifts(day: Day, order: DayOrder, ground: Ground) -> bool:
    """Return whether work is longer than any shift of those who may have it; of anybody if nobody may.

    Parameters
    ----------
    day, ground
        The day with its engineers, and its scenario.
    order
        The order.
    """
    staff = [engineer for engineer in day.engineers if order.duration_h > shift_hours(engineer)]
    if not staff or len(staff) == len(day.engineers):
        return bool(staff)
    allowed = ground.allowed(order, day.engineer)
    fit = [e for e in day.engineers if (allowed is None or e.id in allowed) and _is_fit(order, e)]
    return all(order.duration_h > shift_hours(engineer) for engineer in fit or day.engineers)


def _is_fit(order: DayOrder, engineer: DayEngineer) -> bool:
    pinned = order.pin is None or order.pin.engineer in (None, engineer.id)
    skilled = not order.skill or engineer.skills.get(order.skill, 0) >= order.level
    understood = not order.languages or not set(order.languages).isdisjoint(engineer.languages)
    let_in = order.security_pass is None or order.security_pass in engineer.passes
    return pinned and skilled and understood and let_in


def with_long_work(day: Day, unsaid: Collection[str]) -> tuple[Day, list[str]]:
    """Return a day in which work that is longer than a shift goes over several, and what is to be told of it.

    Parameters
    ----------
    day
        The day.
    unsaid
        Ids of the orders of which nobody has said whether they may.
    """
    shortest = min(map(shift_hours, day.engineers), default=0.0)
    asked = [o for o in day.orders if o.id in unsaid and not o.may_pause and o.status not in _OVER]
    asked = [order for order in asked if order.duration_h > shortest]
    if not asked or not day.engineers:
        return day, []
    ground = ground_of(day)
    long = [order.id for order in asked if needs_several_shifts(day, order, ground)]
    if not long:
        return day, []
    orders = tuple(o.model_copy(update={"may_pause": True}) if o.id in set(long) else o for o in day.orders)
    told = phrase(
        "work that is longer than any shift of those who may do it goes over several, for may_pause is "
        "empty: {number} ({ids})",
        number=len(long),
        ids=listed(long),
    )
    return day.model_copy(update={"orders": orders}), [told]
