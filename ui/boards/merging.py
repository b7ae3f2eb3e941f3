"""Two changes of one board brought together: what touches different orders and engineers, by itself.

A change touches the orders and engineers whose entries differ, those whose visits differ, and whoever makes
these visits. What hangs together is taken whole from one side; where both sides touched it, a person chooses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from optimize.day.event_kinds import changed
from optimize.day.model import Day, DayEngineer, DayOrder, DayPlan, DayVisit

Side = Literal["mine", "theirs"]
#: An order, an engineer or a field of the day itself, with its name.
Unit = tuple[Literal["order", "engineer", "day"], str]
_Thing = TypeVar("_Thing", DayOrder, DayEngineer)
_FIELDS = ("title", "scenario", "horizon_h", "freeze_h", "scheduling_policy", "travel")


@dataclass(frozen=True)
class Clash:
    """What both sides changed, each in its own way, and all that hangs on it.

    Parameters
    ----------
    units
        Orders, engineers and fields of the day, those that both touched first.
    both
        How many of them both touched.
    """

    units: tuple[Unit, ...]
    both: int


@dataclass(frozen=True)
class Merge:
    """What became of two changes.

    Parameters
    ----------
    day
        Both changes together, with theirs wherever they clash.
    clashes
        Where they do; all is well without any.
    """

    day: Day
    clashes: tuple[Clash, ...]


def merge(base: Day, mine: Day, theirs: Day) -> Merge:
    """Return two changes of a day as one.

    Parameters
    ----------
    base
        The day that both were made from.
    mine, theirs
        The day after either change.
    """
    groups = _groups(base, mine, theirs)
    clashes = tuple(group for group in groups if isinstance(group, Clash))
    kept = {unit for group in groups if not isinstance(group, Clash) for unit in group}
    return Merge(_assembled(base, mine, theirs, kept), clashes)


def resolved(base: Day, mine: Day, theirs: Day, chosen: Mapping[Unit, Side]) -> Day:
    """Return two changes as one, with what somebody chose where they clash.

    Parameters
    ----------
    base, mine, theirs
        As for `merge`.
    chosen
        Side by the first unit of each clash; theirs where none is named.
    """
    kept: set[Unit] = set()
    for group in _groups(base, mine, theirs):
        if not isinstance(group, Clash):
            kept |= group
        elif chosen.get(group.units[0], "theirs") == "mine":
            kept |= set(group.units)
    return _assembled(base, mine, theirs, kept)


def _groups(base: Day, mine: Day, theirs: Day) -> list[Clash | set[Unit]]:
    """Return what hangs together: clashes, and sets of units that are mine alone."""
    ours, others = _touched(base, mine), _touched(base, theirs)
    whole = _Linked()
    for day in (mine, theirs):
        for order in _moved(base, day):
            for visit in (*_crew(base, order), *_crew(day, order)):
                whole.link(("order", order), ("engineer", visit.engineer))
    found: list[Clash | set[Unit]] = []
    for group in whole.groups(ours | others):
        both = sorted(unit for unit in group & ours & others)
        if not both:
            if group & ours:
                found.append(group & ours)
        elif any(_entry(mine, unit) != _entry(theirs, unit) for unit in group):
            units = (*both, *sorted(group - set(both)))
            found.append(Clash(units, len(both)))
    return sorted(found, key=lambda group: group.units[0] if isinstance(group, Clash) else min(group))


class _Linked:
    """Units that hang together, as a forest of which each tree is a group."""

    def __init__(self) -> None:
        self._up: dict[Unit, Unit] = {}

    def _root(self, unit: Unit) -> Unit:
        while (up := self._up.setdefault(unit, unit)) != unit:
            self._up[unit] = self._up[up]
            unit = up
        return unit

    def link(self, first: Unit, second: Unit) -> None:
        self._up[self._root(first)] = self._root(second)

    def groups(self, units: set[Unit]) -> list[set[Unit]]:
        found: dict[Unit, set[Unit]] = {}
        for unit in units:
            found.setdefault(self._root(unit), set()).add(unit)
        return [*found.values()]


def _touched(base: Day, day: Day) -> set[Unit]:
    """Return what a change touched."""
    found: set[Unit] = {("day", name) for name in _FIELDS if getattr(base, name) != getattr(day, name)}
    found |= {
        ("order", key) for key in {*base.order, *day.order} if base.order.get(key) != day.order.get(key)
    }
    names = {*base.engineer, *day.engineer}
    found |= {("engineer", key) for key in names if base.engineer.get(key) != day.engineer.get(key)}
    for order in _moved(base, day):
        found.add(("order", order))
        found |= {("engineer", visit.engineer) for visit in (*_crew(base, order), *_crew(day, order))}
    return found


def _moved(base: Day, day: Day) -> Iterator[str]:
    """Yield the orders whose place in the plan a change touched."""
    names = {name for plan in (base.plan, day.plan) if plan for name in (*plan.crew_of, *plan.unassigned)}
    yield from (name for name in sorted(names) if _place(base, name) != _place(day, name))


def _crew(day: Day, order: str) -> tuple[DayVisit, ...]:
    return day.plan.crew_of.get(order, ()) if day.plan else ()


def _place(day: Day, order: str) -> tuple[Any, bool]:
    return _crew(day, order), bool(day.plan and order in day.plan.unassigned)


def _entry(day: Day, unit: Unit) -> Any:
    kind, name = unit
    if kind == "order":
        return day.order.get(name), _place(day, name)
    return day.engineer.get(name) if kind == "engineer" else getattr(day, name)


def _assembled(base: Day, mine: Day, theirs: Day, kept: set[Unit]) -> Day:
    """Return theirs with the entries and visits of mine for the units that are kept."""
    of_kind = {k: {n for kind, n in kept if kind == k} for k in ("order", "engineer", "day")}
    found: Day = changed(
        theirs,
        **{name: getattr(mine, name) for name in of_kind["day"]},
        now=max(mine.now, theirs.now),
        orders=tuple(_taken(base.order, mine.order, theirs.order, of_kind["order"])),
        engineers=tuple(
            _taken(base.engineer, mine.engineer, theirs.engineer, of_kind["engineer"]),
        ),
        plan=_plan(base, mine, theirs, of_kind["order"]),
    )
    return found


def _taken(
    base: Mapping[str, _Thing],
    mine: Mapping[str, _Thing],
    theirs: Mapping[str, _Thing],
    names: set[str],
) -> Iterator[_Thing]:
    """Yield the entries of mine for some names and of theirs for all others, in the order they were in."""
    for key in dict.fromkeys((*base, *mine, *theirs)):
        found = (mine if key in names else theirs).get(key)
        if found is not None:
            yield found


def _plan(base: Day, mine: Day, theirs: Day, orders: set[str]) -> DayPlan | None:
    """Return their plan with the visits of mine for some orders.

    Costs add up where the changes touch different engineers, but for what compares engineers with each other;
    the next optimisation states them anew.
    """
    before, other, own = (day.plan or DayPlan() for day in (base, theirs, mine))
    visits = [visit for visit in other.visits if visit.order not in orders]
    visits += [visit for visit in own.visits if visit.order in orders]
    left = [order for order in other.unassigned if order not in orders]
    left += [order for order in own.unassigned if order in orders]
    for plan, side in ((theirs.plan, other), (mine.plan, own)):
        if _same(visits, side.visits) and _same(left, side.unassigned):
            return plan
    rank = {engineer: number for number, engineer in enumerate((*mine.engineer, *theirs.engineer))}
    was, here, there = before.parts, own.parts, other.parts
    return DayPlan(
        visits=tuple(sorted(visits, key=lambda v: (rank[v.engineer], v.start, v.order))),
        unassigned=tuple(dict.fromkeys(left)),
        cost=other.cost + own.cost - before.cost,
        parts={n: there.get(n, 0.0) + here.get(n, 0.0) - was.get(n, 0.0) for n in {*was, *here, *there}},
        made_at=other.made_at,
        policy=other.policy,
    )


def _same(first: Sequence[Any], second: Sequence[Any]) -> bool:
    return len(first) == len(second) and all(item in second for item in first)
