"""What the bound looks at: for each group of alike engineers, the ways and costs no plan can undercut.

Whatever a route may meet (links, depots, breaks, several shifts, travel by the hour, fairness) is either in
these arrays or left out of them in a way that only lets routes be cheaper or earlier, and is then named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from optimize.lns.data import (
    BREAK_BEGINS,
    CAPACITY,
    CLOSES,
    DEMAND,
    DEPOT,
    DEPOT_HOURS,
    DROP,
    DURATION,
    EARLIEST,
    FAIRNESS,
    FIRST,
    FIXED,
    FORBIDDEN,
    FREE,
    HARD,
    LAST,
    LATEST,
    MAY_PAUSE,
    OPENS,
    OVERTIME,
    PARTNER,
    PLACE,
    RATE,
    SERVICE,
    TOOLS,
    Data,
)
from optimize.problem import DispatchProblem
from scenarios.phrases import phrase

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

#: By how much a start may pass its limit before a route is not considered.
_TOLERANCE = 1e-6
#: What stands for a shift that never ends.
_ENDLESS = 1e12


@dataclass(frozen=True)
class Group:
    """Engineers who are alike, and the visits they may have, in positions of their own: 0 to n - 1.

    Parameters
    ----------
    engineers, visits
        Positions in the problem.
    hours, cost
        [n + 1, n + 1] -> hours on the way, and what going and the visit at its end cost at least without
        lateness; the last row is the way out, the last column the way home.
    windows
        [n, 2] -> from when and until when a visit may start.
    service, load
        [n] -> hours on site; load.
    dues
        [n, D, 2] -> instant and price of an hour past it, of each clock.
    limits
        Begin of the hours, end of the paid ones, latest end, price of an hour past the paid ones, load.
    fixed
        What using one of them costs.
    """

    engineers: IntArray
    visits: IntArray
    hours: FloatArray
    cost: FloatArray
    windows: FloatArray
    service: FloatArray
    load: FloatArray
    dues: FloatArray
    limits: FloatArray
    fixed: float

    @cached_property
    def deadlines(self) -> FloatArray:
        """Return [n, n] -> until when a visit has to end so that another can follow, at once or later."""
        n = len(self.visits)
        least = self.hours.copy()
        # Through others, their service left out of account: ways may be shorter so.
        for k in range(n):
            least[:, :] = np.minimum(least, least[:, [k]] + least[[k], :])
        last = np.minimum(self.windows[:, 1], self.limits[2] - self.service - least[:n, n])
        deadlines: FloatArray = np.ascontiguousarray(last[None] - least[:n, :n])
        return deadlines

    @cached_property
    def position(self) -> Mapping[int, int]:
        """Return the own position of each visit by that in the problem."""
        return {int(visit): j for j, visit in enumerate(self.visits)}


@dataclass(frozen=True)
class Relaxation:
    """A problem of routes that no plan can undercut.

    Parameters
    ----------
    groups
        Engineers by kind.
    drop
        [visit] -> what leaving it out costs at least.
    relaxed
        What is left out of account, in words.
    """

    groups: tuple[Group, ...]
    drop: FloatArray
    relaxed: tuple[str, ...]


def relax(problem: DispatchProblem, data: Data) -> Relaxation:
    """Return what the bound of a problem looks at.

    Parameters
    ----------
    problem, data
        A problem, and the same as arrays.
    """
    remote = np.array([not order.on_site for order in problem.orders], bool)
    kinds: dict[bytes, list[int]] = {}
    for e in range(len(data.engineer)):
        parts = (data.engineer[e], data.engineer_of[e], data.shift[e], data.assign[:, e])
        kinds.setdefault(b"".join(np.ascontiguousarray(part).tobytes() for part in parts), []).append(e)
    groups = tuple(_group(np.array(members, np.int64), data, remote) for members in kinds.values())
    groups = tuple(group for group in groups if len(group.visits))
    return Relaxation(groups, _drop(data, groups), _relaxed(data, remote))


def _group(members: IntArray, data: Data, remote: BoolArray) -> Group:
    """Return one kind of engineers; a visit that none of them can reach in time is not among theirs."""
    e = int(members[0])
    begin, closes, hard, price = _hull(e, data)
    visits = np.flatnonzero(
        (data.assign[:, e] < FORBIDDEN) & (data.visit[:, DEMAND] <= data.engineer[e, CAPACITY])
    )
    visits = visits.astype(np.int64)
    hours, cost = _ways(e, visits, data, remote)
    windows = np.stack([data.visit[visits, EARLIEST], data.visit[visits, LATEST] + _TOLERANCE], 1)
    service = data.visit[visits, SERVICE]
    hard = min(hard, _last_end(begin, hours, windows, service))
    start = np.maximum(begin + hours[-1, :-1], windows[:, 0])
    able = (start <= windows[:, 1]) & (start + service + hours[:-1, -1] <= hard + _TOLERANCE)
    keep = np.append(np.flatnonzero(able), len(visits))
    own = data.assign[visits, e] + data.engineer[e, DURATION] * service
    # The square of a sum is never less than the sum of the squares.
    own += data.engineer[e, FAIRNESS] * service**2
    cost[:, :-1] += own
    return Group(
        engineers=members,
        visits=visits[able],
        hours=np.ascontiguousarray(hours[np.ix_(keep, keep)]),
        cost=np.ascontiguousarray(cost[np.ix_(keep, keep)]),
        windows=np.ascontiguousarray(windows[able]),
        service=np.ascontiguousarray(service[able]),
        load=np.ascontiguousarray(data.visit[visits[able], DEMAND]),
        dues=np.ascontiguousarray(data.dues[visits[able]]),
        limits=np.array([begin, closes, hard + _TOLERANCE, price, data.engineer[e, CAPACITY] + _TOLERANCE]),
        fixed=float(data.engineer[e, FIXED]),
    )


def _hull(e: int, data: Data) -> tuple[float, float, float, float]:
    """Return begin and ends of the hours of an engineer, and the price of overtime where it is known."""
    shifts = data.shift[e][
        (data.shift[e, :, HARD] >= data.engineer[e, FREE]) & (data.shift[e, :, OPENS] < FORBIDDEN)
    ]
    if not len(shifts):
        return 0.0, 0.0, -1.0, 0.0
    begin = max(float(data.engineer[e, FREE]), float(shifts[:, OPENS].min()))
    price = (
        float(data.engineer[e, OVERTIME])
        if len(data.shift[e][data.shift[e, :, OPENS] < FORBIDDEN]) == 1
        else 0.0
    )
    closes, hard = min(float(shifts[:, CLOSES].max()), _ENDLESS), min(float(shifts[:, HARD].max()), _ENDLESS)
    return begin, closes, hard, price


def _last_end(begin: float, hours: FloatArray, windows: FloatArray, service: FloatArray) -> float:
    """Return when the longest route is over: nobody waits longer than until the last window opens."""
    if not len(service):
        return begin
    opened = max(begin, float(windows[:, 0].max()))
    everything = float(service.sum() + hours[:, :-1].max(axis=0).sum())
    closed = float((windows[:, 1] + service).max())
    return min(opened + everything, closed) + float(hours[:, -1].max())


def _ways(e: int, visits: IntArray, data: Data, remote: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Return the least hours and the least cost of the ways between the visits, from the start and home."""
    travel = data.travel.min(axis=0)
    price = data.engineer[e, RATE] * data.price.min(axis=0) + data.engineer[e, DURATION] * travel
    first, last, depot = (int(data.engineer_of[e, column]) for column in (FIRST, LAST, DEPOT))
    here = np.append(data.visit_of[visits, PLACE], first)
    there = np.append(data.visit_of[visits, PLACE], max(last, 0))
    hours, cost = travel[np.ix_(here, there)], price[np.ix_(here, there)]
    if depot >= 0:
        stay = float(data.engineer[e, DEPOT_HOURS])
        hours = np.minimum(hours, travel[here, depot][:, None] + stay + travel[depot, there][None])
        stay *= float(data.engineer[e, DURATION])
        cost = np.minimum(cost, price[here, depot][:, None] + stay + price[depot, there][None])
    # Whoever works remotely may go nowhere for it, and on from wherever he was.
    away = np.flatnonzero(np.append(remote[visits], False))
    for ways in (hours, cost):
        ways[away, :] = np.minimum(ways[away, :], 0.0)
        ways[:, away] = np.minimum(ways[:, away], 0.0)
        if last < 0:
            ways[:, -1] = 0.0
    return hours, cost


def route_cost(group: Group, route: Sequence[int]) -> float:
    """Return what a route costs at least; infinity if it is not allowed.

    Parameters
    ----------
    group
        Who drives it.
    route
        Visits, by their positions in the problem.
    """
    here, now, cost, load = len(group.visits), float(group.limits[0]), group.fixed, 0.0
    for visit in route:
        there = group.position.get(visit, -1)
        if there < 0:
            return np.inf
        at = max(now + float(group.hours[here, there]), float(group.windows[there, 0]))
        cost += float(group.cost[here, there]) + _overtime(group, now, float(group.hours[here, there]))
        cost += float((np.maximum(at - group.dues[there, :, 0], 0.0) * group.dues[there, :, 1]).sum())
        cost += _overtime(group, at, float(group.service[there]))
        load += float(group.load[there])
        if at > group.windows[there, 1] or load > group.limits[4]:
            return np.inf
        here, now = there, at + float(group.service[there])
    home = float(group.hours[here, -1])
    if now + home > group.limits[2]:
        return np.inf
    return cost + float(group.cost[here, -1]) + _overtime(group, now, home)


def _overtime(group: Group, now: float, hours: float) -> float:
    """Return the price of the part of an activity that lies past the paid hours."""
    return float(group.limits[3]) * min(max(now + hours - float(group.limits[1]), 0.0), hours)


def plain_bound(relaxation: Relaxation) -> float:
    """Return a bound without search: every visit is reached from where that is cheapest, or left out."""
    least = relaxation.drop.copy()
    free = 0.0
    for group in relaxation.groups:
        into = group.cost[:, :-1].copy()
        np.fill_diagonal(into, np.inf)
        start = np.maximum(group.limits[0] + group.hours[-1, :-1].clip(max=0.0), group.windows[:, 0])
        late = (np.maximum(start[:, None] - group.dues[:, :, 0], 0.0) * group.dues[:, :, 1]).sum(axis=1)
        least[group.visits] = np.minimum(least[group.visits], into.min(axis=0) + late)
        free += len(group.engineers) * min(0.0, group.fixed + float(group.cost[:, -1].min()))
    return float(least.sum()) + free


def _drop(data: Data, groups: tuple[Group, ...]) -> FloatArray:
    """Return what leaving each visit out costs, no more than what makes leaving it out hopeless.

    A price that stands for never would drown all others in rounding; a lower one is a lower bound as well.
    """
    largest = 1.0
    for group in groups:
        tail = np.minimum(group.limits[2], group.windows[:, 1])[:, None] - group.dues[:, :, 0]
        late = (np.clip(tail, 0.0, 1e9) * group.dues[:, :, 1]).sum(axis=1)
        overtime = max(group.limits[2] - group.limits[1], 0.0) * group.limits[3]
        largest = max(
            largest, 2.0 * float(np.abs(group.cost).max()) + group.fixed + float(late.max()) + overtime
        )
    finite = data.visit[:, DROP][data.visit[:, DROP] < FORBIDDEN / 1e4]
    never = max(4.0 * min(largest, 1e9), float(finite.max(initial=0.0)))
    drop: FloatArray = np.minimum(data.visit[:, DROP], never)
    return drop


def _relaxed(data: Data, remote: BoolArray) -> tuple[str, ...]:
    """Return in words what a problem has that the bound leaves out of account."""
    shifts = (data.shift[:, :, OPENS] < FORBIDDEN).sum(axis=1)
    found = (
        (bool((data.visit_of[:, PARTNER] >= 0).any()), phrase("visits that depend on each other")),
        (data.travel.shape[0] > 1, phrase("travel by the hour (the shortest of the day counts)")),
        (bool((shifts > 1).any()), phrase("nights between shifts, and overtime in them")),
        (bool((data.shift[:, :, BREAK_BEGINS] < FORBIDDEN).any()), phrase("breaks")),
        (bool((data.visit_of[:, MAY_PAUSE] != 0).any()), phrase("work over several days")),
        (
            bool((data.visit_of[:, TOOLS] != 0).any()) or data.parts.shape[1] > 0,
            phrase("visits to the depot, and parts used up"),
        ),
        (bool((data.engineer[:, DURATION] > 0.0).any()), phrase("the cost of waiting")),
        (bool((data.engineer[:, FAIRNESS] > 0.0).any()), phrase("most of fairness")),
        (bool(remote.any()), phrase("ways to and from remote work")),
    )
    return tuple(words for there, words in found if there)
