"""Pins that cannot be kept: to somebody whom a rule keeps from the order, or to a time that is over.

What does not change in the course of a day, as a skill that somebody lacks, is refused when it is pinned.
What may, as the parts in a van or the hours of work, is taken, and told where nobody has the order then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from optimize.day.event_kinds import changed
from optimize.day.model import Day, DayOrder, DayPin
from optimize.day.problem import PLAY, problem_of
from optimize.day.timetable import DayProblem
from optimize.day.under_way import is_open
from optimize.problem import DispatchProblem, Engineer, Order
from optimize.why.nobody import Clock, away_text
from optimize.why.wording import level_name
from scenarios.phrases import Phrase, phrase

#: Rules that no event of a day makes hold.
_FOR_GOOD = frozenset({"allowed", "skill", "level", "language", "security_pass", "load", "travel"})


def refusal(day: Day, order: DayOrder, pin: DayPin) -> Phrase | None:
    """Return why a pin can never be kept; None if it can, or what is against it may change.

    Parameters
    ----------
    day, order
        The day, and an order of it that nobody has left for.
    pin
        What is to be fixed; an engineer in it is one of the day.
    """
    low, high = pin.start_from or day.now, pin.start_to
    if high is not None and (high < low or high < day.now):
        return phrase(
            "{order}: the pin ends before it begins or before now ({now}); allowed: after",
            order=order.id,
            now=local(day.now, order),
        )
    opens, closes = order.window_start, order.window_end
    if (closes is not None and low > closes) or (opens is not None and high is not None and high < opens):
        return phrase(
            "{order}: found a pin to {found}; allowed: a time from window_start to window_end",
            order=order.id,
            found=local(high if high is not None else low, order),
        )
    return _unfit(day, order, pin)


def _unfit(day: Day, order: DayOrder, pin: DayPin) -> Phrase | None:
    from optimize.why.counting import first_rule

    if pin.engineer is None:
        return None
    # Who is under way decides where people are and what is left in their vans; other orders do not matter.
    busy = tuple(o for o in day.orders if o.status in ("departed", "arrived"))
    alone = changed(day, orders=(*busy, changed(order, pin=pin)), freeze_h=0.0)
    problem = problem_of(alone).problem
    asked, engineer = _both(problem, order.id, pin.engineer)
    rule = first_rule(problem, asked, engineer)
    if rule not in _FOR_GOOD:
        return None
    return phrase(
        "{order}: cannot be pinned to {engineer}: {reason}; allowed: engineers who may have it",
        order=order.id,
        engineer=pin.engineer,
        reason=lack_text(rule, asked),
    )


def past(day: Day, order: DayOrder) -> datetime | None:
    """Return the time that an order is pinned to if nobody can begin it then any more.

    Parameters
    ----------
    day, order
        The day and an order of it; the pin of one that somebody has left for is of no account.
    """
    pin = order.pin
    if pin is None or pin.start_to is None or not is_open(order):
        return None
    return pin.start_to if pin.start_to + timedelta(hours=PLAY) < day.now else None


def pin_reason(day: Day, made: DayProblem, name: str) -> Phrase | None:
    """Return what of a pin, or of the freeze window, leaves nobody for an order; None where nothing is fixed.

    Parameters
    ----------
    day, made
        The day and its problem.
    name
        An order of the problem that nobody has.
    """
    own = day.order[made.names[name]]
    over = past(day, own)
    if over is not None:
        return phrase(
            "its pin to {time} is past: it is {now}", time=local(over, own), now=local(day.now, own)
        )
    fixed = made.problem.orders[made.problem.position[name]].pin
    if fixed is None or fixed.engineer not in made.problem.engineer_position:
        return None
    pinned = own.pin is not None and own.pin.engineer == fixed.engineer

    def clock(hours: float) -> str:
        return local(made.instant(hours), own)

    return _of_engineer(made.problem, name, fixed.engineer, clock, frozen=name in made.frozen and not pinned)


def frozen_text(day: Day, made: DayProblem, name: str) -> Phrase | None:
    """Return that the freeze window keeps an order of the problem where it is, if that and no pin does."""
    if name not in made.frozen or day.order[made.names[name]].pin is not None:
        return None
    pin = made.problem.orders[made.problem.position[name]].pin
    assert pin is not None  # it is how a visit is kept
    return phrase(
        "frozen with {engineer}: a pin that is spoken of here is the freeze window", engineer=pin.engineer
    )


def _of_engineer(problem: DispatchProblem, name: str, who: str, clock: Clock, *, frozen: bool) -> Phrase:
    from optimize.why.counting import first_rule

    order, engineer = _both(problem, name, who)
    rule = first_rule(problem, order, engineer)
    why = lack_text(rule, order) if rule else phrase("finds no place in the day for it")
    if rule == "away" and not frozen:
        away = away_text(order, [engineer], clock)
        return phrase("it is pinned to {engineer}, and {reason}", engineer=who, reason=away)
    if frozen:
        return phrase("it is frozen with {engineer}, who {reason}", engineer=who, reason=why)
    return phrase("it is pinned to {engineer}, who {reason}", engineer=who, reason=why)


def lack_text(rule: str, order: Order) -> Phrase:
    """Return what somebody lacks whom a rule keeps from an order, as the end of a sentence about him.

    Parameters
    ----------
    rule
        As `optimize.why.counting.first_rule` names it.
    order
        The order.
    """
    skills = ", ".join(order.skills)
    levels = ", ".join(f"{skill} {level_name(level)}" for skill, level in order.skills.items())
    parts = ", ".join(f"{part}:{units}" for part, units in sorted(order.parts.items()))
    texts: Mapping[str, Callable[[], Phrase]] = {
        "allowed": lambda: phrase("does not serve the place"),
        "skill": lambda: phrase("lacks the skill {what}", what=skills),
        "level": lambda: phrase("lacks the level: {what}", what=levels),
        "language": lambda: phrase("speaks none of: {what}", what=", ".join(sorted(order.languages))),
        "security_pass": lambda: phrase("lacks the pass {what}", what=order.security_pass),
        "tools": lambda: phrase(
            "lacks the tools {what} and a store with them", what=", ".join(sorted(order.tools))
        ),
        "parts": lambda: phrase("lacks the parts {what} and a store with them", what=parts),
        "load": lambda: phrase("cannot carry the load"),
        "pin": lambda: phrase("is not the one to whom it is pinned"),
        "away": lambda: phrase("is away when it could be done"),
        "hours": lambda: phrase("does not work long enough at a time when it may begin"),
        "travel": lambda: phrase("cannot get there and back in time"),
        "depot": lambda: phrase("cannot fetch what it needs on the way in time"),
    }
    return texts[rule]()


def local(at: datetime, order: DayOrder) -> str:
    """Return an instant as the clock at an order shows it, to the minute, with its offset."""
    return at.astimezone(ZoneInfo(order.time_zone)).isoformat(" ", "minutes")


def _both(problem: DispatchProblem, order: str, engineer: str) -> tuple[Order, Engineer]:
    return (
        problem.orders[problem.position[order]],
        problem.engineers[problem.engineer_position[engineer]],
    )
