"""What an engineer has fetched at a depot by the plan that stands: what his next orders need.

A visit that goes over a depot supplies all that he does after it, up to his next way to one.
"""

from __future__ import annotations

from collections import Counter
from itertools import takewhile

from optimize.day.model import Day, DayEngineer, DayOrder, DayVisit
from optimize.day.timetable import in_order


def stocked(day: Day, engineer: DayEngineer, visit: DayVisit) -> DayEngineer:
    """Return an engineer with what he needs from a visit on, if he goes to a depot before it.

    Parameters
    ----------
    day
        The day with the plan that stands.
    engineer
        Who; what he has already is not fetched again.
    visit
        His visit.
    """
    if not visit.fetches_parts:
        return engineer
    parts: Counter[str] = Counter()
    tools = dict.fromkeys(engineer.tools)
    for name in (visit.order, *_supplied(day, visit)):
        order = day.order[name]
        if order.status not in ("finished", "cancelled") and is_carrier(day, name, engineer.id):
            parts.update(order.parts)
            tools |= dict.fromkeys(order.tools)
    most = {part: max(parts[part], engineer.parts.get(part, 0)) for part in {**engineer.parts, **parts}}
    return engineer.model_copy(update={"parts": most, "tools": tuple(tools)})


def is_whole(day: Day, order: str) -> bool:
    """Return whether everybody of a crew is still there; whoever leaves it first takes what it has used."""
    crew = day.plan.crew_of.get(order, ()) if day.plan else ()
    return len(crew) in (0, day.order[order].crew_size)


def used(engineer: DayEngineer, order: DayOrder) -> DayEngineer:
    """Return an engineer without what the work of an order takes out of his van."""
    left = {part: max(units - order.parts.get(part, 0), 0) for part, units in engineer.parts.items()}
    return engineer.model_copy(update={"parts": left})


def is_carrier(day: Day, order: str, engineer: str) -> bool:
    """Return whether somebody is the one of a crew who brings what an order needs."""
    crew = in_order(day.order[order], day.plan.crew_of.get(order, ()) if day.plan else ())
    return not crew or crew[0].engineer == engineer


def _supplied(day: Day, visit: DayVisit) -> list[str]:
    """Return the orders that somebody does after a visit, until he goes to a depot again."""
    visits = day.plan.visits if day.plan else ()
    later = sorted(
        (
            v
            for v in visits
            if v.engineer == visit.engineer and v.start > visit.start and v.order in day.order
        ),
        key=lambda v: v.start,
    )
    return [v.order for v in takewhile(lambda v: not v.fetches_parts, later)]
