"""How the open orders of a board stand: when due, who comes when, how likely it is too late.

A pure reading of a day; probabilities are those of `optimize.day.breach`, reckoned once for each version.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from optimize.day.breach import breach_probabilities
from optimize.day.ground import ground_of
from optimize.day.homeward import ways_home
from optimize.day.model import Day, DayOrder, DayVisit
from optimize.day.under_way import is_open

#: From which probability of breach on an order counts as in jeopardy.
JEOPARDY = 0.3
OPEN = ("new", "planned", "departed", "arrived")
_MOST_KEPT = 24


@dataclass(frozen=True)
class Standing:
    """How one open order stands.

    Parameters
    ----------
    order
        The order.
    visits
        Who goes to it; none where nobody does.
    due
        When its attend clock falls due; None where nothing does.
    hours_left
        From the day's now until then, below 0 afterwards.
    probability
        That the clock passes it; None where nothing is due.
    status
        One of `ui.charts.statuses.STATUSES`.
    """

    order: DayOrder
    visits: tuple[DayVisit, ...]
    due: datetime | None
    hours_left: float | None
    probability: float | None
    status: str


@dataclass(frozen=True)
class Totals:
    """How a day stands: numbers of orders, hours on the way, and the objective."""

    open: int
    unassigned: int
    late: int
    risk: int
    travel_h: float
    cost: float


_known: OrderedDict[tuple[str, int], dict[str, Standing]] = OrderedDict()
_lock = threading.Lock()


def standings_of(board: str, version: int, day: Day) -> dict[str, Standing]:
    """Return how the open orders of a version stand, by id; reckoned once.

    Parameters
    ----------
    board, version
        Which version.
    day
        Its document.
    """
    key = board, version
    with _lock:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
    found = standings(day)
    with _lock:
        _known[key] = found
        while len(_known) > _MOST_KEPT:
            _known.popitem(last=False)
    return found


def standings(day: Day) -> dict[str, Standing]:
    """Return how the open orders of a day stand, by id."""
    ground, likely = ground_of(day), breach_probabilities(day)
    crews = day.plan.crew_of if day.plan else {}
    found = {}
    for order in day.orders:
        if order.status not in OPEN:
            continue
        visits, due = crews.get(order.id, ()), ground.dues(order).get("attend")
        left = None if due is None else (due - day.now).total_seconds() / 3600.0
        probability = None if due is None else likely.get(order.id)
        status = _status(order, visits, due, day.now, probability)
        found[order.id] = Standing(order, visits, due, left, probability, status)
    return found


def _status(
    order: DayOrder,
    visits: Sequence[DayVisit],
    due: datetime | None,
    now: datetime,
    probability: float | None,
) -> str:
    if due is None:
        return "unstarted" if has_not_begun(order, visits, now) else "none"
    reached = order.arrived_at or max((visit.start for visit in visits), default=None)
    if (reached or now) > due:
        return "late"
    if has_not_begun(order, visits, now):
        return "unstarted"
    return "risk" if (probability or 0.0) >= JEOPARDY and order.arrived_at is None else "in_time"


def has_not_begun(order: DayOrder, visits: Sequence[DayVisit], now: datetime) -> bool:
    """Return whether by the plan somebody should have left for an order, and nobody says that he has."""
    return is_open(order) and any(visit.depart < now for visit in visits)


def in_jeopardy(found: dict[str, Standing]) -> list[Standing]:
    """Return the orders whose clock still runs, the likeliest breach first.

    Of the same percentage, what should have begun is before the rest, then what is due first.
    """
    waiting = [one for one in found.values() if one.probability is not None and one.order.status != "arrived"]
    return sorted(waiting, key=_urgency)


def _urgency(one: Standing) -> tuple[float, bool, float, float, str]:
    chance = one.probability or 0.0
    return -round(chance, 2), one.status != "unstarted", -chance, one.hours_left or 0.0, one.order.id


def totals(day: Day, found: dict[str, Standing]) -> Totals:
    """Return how a day stands in all."""
    # Whom somebody has reached cannot be helped any more: the same orders that the queue has.
    of_status = [one.status for one in found.values() if one.order.status != "arrived"]
    visits = day.plan.visits if day.plan else ()
    return Totals(
        open=len(found),
        unassigned=sum(not one.visits for one in found.values()),
        late=of_status.count("late"),
        risk=of_status.count("risk") + of_status.count("unstarted"),
        travel_h=sum(visit.travel_h for visit in visits if visit.order in found) + _home_h(day, found),
        cost=day.plan.cost if day.plan else 0.0,
    )


def _home_h(day: Day, found: dict[str, Standing]) -> float:
    """Return the hours of the ways home of those who have an open order, which the objective charges too."""
    if day.plan is None:
        return 0.0
    busy = {visit.engineer for visit in day.plan.visits if visit.order in found}
    return sum(hours for name, hours in ways_home(day, ground_of(day)).items() if name in busy)
