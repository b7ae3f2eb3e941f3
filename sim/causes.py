"""Why an order waited: off-shift hours, hours for lack of the skill, and hours in the queue.

Computed in numpy after the run, exactly: while an order waits, an hour counts as off-shift if nobody who may
serve it is on duty; as a lack of skill if somebody else in the territory is on duty and free; and as waiting
for an engineer otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenarios.open_hours import OpenHours, union
from scenarios.world import World
from sim.roster import changes_of_terms

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Waits:
    """Waits of orders and how each splits, in hours.

    Parameters
    ----------
    off_shift, skill, engineer
        Parts; they add up to the whole wait.
    """

    off_shift: FloatArray
    skill: FloatArray
    engineer: FloatArray


@dataclass(frozen=True)
class Busy:
    """When engineers were travelling or working.

    Parameters
    ----------
    engineer
        Positions of the engineers.
    begin, end
        Instants in hours, `begin` not after `end`.
    """

    engineer: IntArray
    begin: FloatArray
    end: FloatArray


def on_present_terms(world: World, busy: Busy) -> tuple[IntArray, Busy]:
    """Cut spans where their engineer, still busy, begins his first shift on new terms.

    Returns
    -------
    tuple
        For each part the position of its span, and the parts.
    """
    span = np.arange(len(busy.engineer))
    engineer, begin, end = busy.engineer.copy(), busy.begin.copy(), busy.end.copy()
    for former, later in changes_of_terms(world):
        start = float(world.engineers[later].shift.opens[0])
        beyond = np.flatnonzero((engineer == former) & (end > start))
        if len(beyond):
            cut = np.maximum(begin[beyond], start)
            span = np.append(span, span[beyond])
            engineer = np.append(engineer, np.full(len(beyond), later))
            begin, end = np.append(begin, cut), np.append(end, end[beyond])
            end[beyond] = cut
    return span, Busy(engineer, begin, end)


def split_waits(world: World, queue: IntArray, begin: FloatArray, end: FloatArray, busy: Busy) -> Waits:
    """Split waits by their cause.

    Parameters
    ----------
    world
        The compiled scenario.
    queue
        Position of the queue of each wait.
    begin, end
        Its instants in hours.
    busy
        All visits of the replication.
    """
    whole = np.maximum(end - begin, 0.0)
    off_shift, skill = np.zeros(len(whole)), np.zeros(len(whole))
    waited = np.flatnonzero(whole > 0.0)
    if len(waited):
        on_duty_busy = _on_duty(world, on_present_terms(world, busy)[1])
        order = waited[np.argsort(queue[waited], kind="stable")]
        edges = np.flatnonzero(np.diff(queue[order], prepend=-1))
        idle: dict[tuple[int, ...], tuple[FloatArray, FloatArray]] = {}
        for rows in np.split(order, edges[1:]):
            number = int(queue[rows[0]])
            territory = world.queues[number].territory
            if territory not in idle:
                idle[territory] = _idle_hours(world, territory, on_duty_busy)
            duty = duty_hours(world, number)
            on_duty = duty.between(begin[rows], end[rows])
            off_shift[rows] = np.clip(whole[rows] - on_duty, 0.0, whole[rows])
            free = _idle_while_on_duty(duty, *idle[territory], end[rows]) - _idle_while_on_duty(
                duty, *idle[territory], begin[rows]
            )
            skill[rows] = np.clip(free, 0.0, whole[rows] - off_shift[rows])
    return Waits(off_shift, skill, whole - off_shift - skill)


def duty_hours(world: World, queue: int) -> OpenHours:
    """Return when at least one engineer who may serve a queue is on duty."""
    known: dict[int, OpenHours] = world.duty_cache
    if queue not in known:
        mask = world.queues[queue].categories
        known[queue] = union([e.shift for e in world.engineers if mask >> e.category & 1])
    return known[queue]


def shift_groups(world: World) -> list[tuple[OpenHours, IntArray]]:
    """Return each distinct shift and the positions of the engineers who work it."""
    groups: dict[OpenHours, list[int]] = {}
    for position, engineer in enumerate(world.engineers):
        groups.setdefault(engineer.shift, []).append(position)
    return [(shift, np.array(members, dtype=np.int64)) for shift, members in groups.items()]


def _on_duty(world: World, busy: Busy) -> Busy:
    """Return the parts of visits that lie within shifts."""
    parts: list[Busy] = []
    for shift, members in shift_groups(world):
        is_member = np.zeros(len(world.engineers), dtype=bool)
        is_member[members] = True
        mine = np.flatnonzero(is_member[busy.engineer])
        if shift.always:
            parts.append(Busy(busy.engineer[mine], busy.begin[mine], busy.end[mine]))
            continue
        first = np.searchsorted(shift.closes, busy.begin[mine], "right")
        last = np.searchsorted(shift.opens, busy.end[mine], "left")
        count = np.maximum(last - first, 0)
        visit = np.repeat(mine, count)
        window = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
        parts.append(
            Busy(
                busy.engineer[visit],
                np.maximum(busy.begin[visit], shift.opens[window]),
                np.minimum(busy.end[visit], shift.closes[window]),
            )
        )
    return Busy(
        np.concatenate([p.engineer for p in parts]) if parts else np.empty(0, np.int64),
        np.concatenate([p.begin for p in parts]) if parts else np.empty(0),
        np.concatenate([p.end for p in parts]) if parts else np.empty(0),
    )


def _idle_hours(world: World, territory: tuple[int, ...], busy: Busy) -> tuple[FloatArray, FloatArray]:
    """Return instants, and the hours up to each in which anybody of a territory was on duty and free."""
    centres = np.array([e.centre for e in world.engineers], dtype=np.int64)
    inside = np.isin(centres, territory)
    opens = [np.maximum(e.shift.opens, 0.0) for e, here in zip(world.engineers, inside, strict=True) if here]
    closes = [
        np.minimum(e.shift.closes, world.horizon)
        for e, here in zip(world.engineers, inside, strict=True)
        if here
    ]
    mine = inside[busy.engineer] if len(busy.engineer) else np.empty(0, dtype=bool)
    starts = np.concatenate([*opens, busy.end[mine]])
    stops = np.concatenate([*closes, busy.begin[mine]])
    instants = np.concatenate([starts, stops])
    steps = np.concatenate([np.ones(len(starts), np.int64), -np.ones(len(stops), np.int64)])
    order = np.argsort(instants, kind="stable")
    instants = instants[order]
    free = np.cumsum(steps[order]) > 0
    hours = np.concatenate([[0.0], np.cumsum(np.diff(instants) * free[:-1])])
    return instants, hours


def _idle_while_on_duty(
    duty: OpenHours, instants: FloatArray, hours: FloatArray, at: FloatArray
) -> FloatArray:
    """Return the hours up to given instants in which `duty` is open and somebody is free."""
    if not len(instants):
        return np.zeros(len(at))
    if duty.always:
        return np.interp(at, instants, hours)
    if not len(duty.opens):
        return np.zeros(len(at))
    at_opens = np.interp(duty.opens, instants, hours)
    at_closes = np.interp(duty.closes, instants, hours)
    before = np.concatenate([[0.0], np.cumsum(at_closes - at_opens)])
    window = np.maximum(np.searchsorted(duty.opens, at, "right") - 1, 0)
    within = np.interp(np.minimum(at, duty.closes[window]), instants, hours) - at_opens[window]
    return before[window] + np.maximum(within, 0.0)
