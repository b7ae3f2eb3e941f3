"""Why an order waited: off-shift hours, hours for lack of the skill, and hours in the queue.

Computed in numpy after the run, exactly: while an order waits, an hour counts as off-shift if nobody who may
serve it is on duty or on call for it; as a lack of skill if somebody else in the territory, who may work at
such a place at all, is on duty and free; and as waiting for an engineer otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from scenarios.people_specs import Need
from scenarios.world import World
from sim.duty import Duty, Presence, Spans
from sim.roster import changes_of_terms, first_there

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Waits:
    """Waits of orders and how each splits, in hours.

    Parameters
    ----------
    off_shift, skill, engineer
        Parts; they add up to the whole wait.
    passed_over
        Off-shift hours after the first instant at which somebody who may serve it was on duty.
    """

    off_shift: FloatArray
    skill: FloatArray
    engineer: FloatArray
    passed_over: FloatArray


def on_present_terms(world: World, busy: Spans) -> tuple[IntArray, Spans]:
    """Cut spans where their engineer, still busy, begins his first shift on new terms.

    Returns
    -------
    tuple
        For each part the position of its span, and the parts.
    """
    span = np.arange(len(busy))
    engineer, begin, end = busy.engineer.copy(), busy.begin.copy(), busy.end.copy()
    for former, later in changes_of_terms(world):
        start = first_there(world, later)
        beyond = np.flatnonzero((engineer == former) & (end > start))
        if len(beyond):
            cut = np.maximum(begin[beyond], start)
            span = np.append(span, span[beyond])
            engineer = np.append(engineer, np.full(len(beyond), later))
            begin, end = np.append(begin, cut), np.append(end, end[beyond])
            end[beyond] = cut
    return span, Spans(engineer, begin, end)


def split_waits(
    world: World, duty: Duty, queue: IntArray, begin: FloatArray, end: FloatArray, busy: Spans
) -> Waits:
    """Split waits by their cause.

    Parameters
    ----------
    world
        The compiled scenario.
    duty
        When its engineers were on duty in the replication.
    queue
        Position of the queue of each wait.
    begin, end
        Its instants in hours.
    busy
        When engineers were travelling or working: all visits of the replication.
    """
    whole = np.maximum(end - begin, 0.0)
    off_shift, skill, passed_over = (np.zeros(len(whole)) for _ in range(3))
    waited = np.flatnonzero(whole > 0.0)
    if len(waited):
        moves = _moves_by_category(world, duty.parts(on_present_terms(world, busy)[1])[1])
        who, of_queue = _who_may_serve(world)
        for here, rows in _by_admitted(world, queue, waited).items():
            kinds, row = np.unique(of_queue[queue[rows]], return_inverse=True)
            able = [who[kind] for kind in kinds.tolist()]
            presence = duty.presence(_concerned(world, here, able))
            served = np.stack([presence.anybody(*both) for both in able])
            instants = np.concatenate([begin[rows], end[rows]])
            row = np.concatenate([row, row])
            edge = np.searchsorted(presence.edges, instants, "right") - 1
            on_duty = _gained(_while_open(served, presence.edges, row, edge, instants))
            off_shift[rows] = np.clip(whole[rows] - on_duty, 0.0, whole[rows])
            waits = len(rows)
            opens = _next_open(served, presence.edges, row[:waits], edge[:waits], begin[rows])
            passed_over[rows] = np.maximum(off_shift[rows] - (opens - begin[rows]), 0.0)
            at_edges, free = _free_hours(presence, here, moves, instants)
            idle = _gained(_while_open(served, at_edges, row, edge, free))
            skill[rows] = np.clip(idle, 0.0, whole[rows] - off_shift[rows])
    return Waits(off_shift, skill, whole - off_shift - skill, passed_over)


def _by_admitted(world: World, queue: IntArray, waited: IntArray) -> dict[tuple[int, ...], IntArray]:
    """Return the waits by the categories that are in the territory and may work at the place at all.

    Somebody at a desk, who has not the pass of the site, is no help that lacks a skill.
    """
    number: dict[tuple[int, ...], int] = {}
    of_need: dict[tuple[tuple[int, ...], int, int], int] = {}
    of_queue = np.empty(len(world.queues), dtype=np.int64)
    for position, need in enumerate(q.need for q in world.queues):
        terms = (need.territory, need.languages, need.security_pass)
        if terms not in of_need:
            of_need[terms] = number.setdefault(_admitted(world, need), len(number))
        of_queue[position] = of_need[terms]
    mine = of_queue[queue[waited]]
    order = np.argsort(mine, kind="stable")
    edges = np.searchsorted(mine[order], np.arange(len(number) + 1)).tolist()
    rows = {here: waited[order[edges[i] : edges[i + 1]]] for here, i in number.items()}
    return {here: mine for here, mine in rows.items() if len(mine)}


def _admitted(world: World, need: Need) -> tuple[int, ...]:
    """Return the categories of a territory with a language and the pass that orders ask for."""
    return tuple(
        position
        for position, category in enumerate(world.categories)
        if category.centre in need.territory
        and (not need.languages or category.languages & need.languages)
        and (need.security_pass < 0 or need.security_pass in category.passes)
    )


#: Categories that may serve an order on duty, and on call.
_Able = tuple[list[int], list[int]]


def _who_may_serve(world: World) -> tuple[list[_Able], IntArray]:
    """Return the distinct sets of who may serve, and which of them each queue has."""
    number: dict[tuple[int, int], int] = {}
    of_queue = [number.setdefault((q.categories, q.on_call), len(number)) for q in world.queues]
    able = [(_positions(on_duty), _positions(on_call)) for on_duty, on_call in number]
    return able, np.array(of_queue, dtype=np.int64)


def _concerned(world: World, here: tuple[int, ...], able: list[_Able]) -> BoolArray:
    """Return which categories are among those admitted or in some sets of who may serve."""
    concerned: BoolArray = np.zeros(len(world.categories), dtype=bool)
    concerned[list(here)] = True
    for on_duty, on_call in able:
        concerned[on_duty], concerned[on_call] = True, True
    return concerned


def _positions(mask: int) -> list[int]:
    """Return the positions of the bits of a mask."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def _while_open(
    is_open: BoolArray, at_edges: FloatArray, row: IntArray, edge: IntArray, at: FloatArray
) -> FloatArray:
    """Return what a running total gained up to instants while something was open.

    Parameters
    ----------
    is_open
        [row][edge] -> whether it is open from the edge to the next.
    at_edges
        The total at each edge.
    row, edge, at
        Row of each instant, the last edge at or before it, and the total at it.
    """
    before = np.zeros(is_open.shape)
    np.cumsum(is_open[:, :-1] * np.diff(at_edges), axis=1, out=before[:, 1:])
    return before[row, edge] + is_open[row, edge] * (at - at_edges[edge])


def _next_open(
    is_open: BoolArray, edges: FloatArray, row: IntArray, edge: IntArray, at: FloatArray
) -> FloatArray:
    """Return the first instant, from some on, at which something is open; infinity if it never is again."""
    openings = np.full((len(is_open), len(edges) + 1), np.inf)
    openings[:, :-1] = np.where(is_open, edges, np.inf)
    following = np.minimum.accumulate(openings[:, ::-1], axis=1)[:, ::-1]
    return np.where(is_open[row, edge], at, following[row, edge + 1])


def _gained(totals: FloatArray) -> FloatArray:
    """Return the gain from the first half of some totals, the beginnings, to the second, the ends."""
    half = len(totals) // 2
    return totals[half:] - totals[:half]


_Moves = dict[int, tuple[FloatArray, IntArray]]


def _moves_by_category(world: World, busy: Spans) -> _Moves:
    """Return by category the instants, sorted, at which somebody on duty gets busy (-1) or free (+1)."""
    category = np.array([e.category for e in world.engineers], dtype=np.int64)[busy.engineer]
    at = np.concatenate([busy.begin, busy.end])
    category = np.concatenate([category, category])
    step = np.repeat(np.array([-1, 1]), len(busy))
    order = np.lexsort((at, category))
    at, step = at[order], step[order]
    edges = np.searchsorted(category[order], np.arange(len(world.categories) + 1)).tolist()
    return {c: (at[a:b], step[a:b]) for c, (a, b) in enumerate(pairwise(edges)) if b > a}


def _free_hours(
    presence: Presence, here: tuple[int, ...], moves: _Moves, instants: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the hours up to each edge, and up to instants, in which anybody of some categories was free."""
    on_duty = np.diff(presence.on_duty[presence.row[list(here)]].sum(axis=0), prepend=0)
    mine = [moves[c] for c in here if c in moves]
    at = np.concatenate([presence.edges, *(at for at, _ in mine)])
    steps = np.concatenate([on_duty, *(step for _, step in mine)])
    # The parts are sorted, so this merges them.
    order = np.argsort(at, kind="stable")
    at = at[order]
    free = np.cumsum(steps[order]) > 0
    hours = np.concatenate([[0.0], np.cumsum(np.diff(at) * free[:-1])])
    at_edges = np.empty(len(at))
    at_edges[order] = hours
    return at_edges[: len(presence.edges)], np.interp(instants, at, hours)
