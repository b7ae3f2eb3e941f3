"""Who is on duty when in one replication: the windows of all engineers in flat arrays, for all at once.

Without absences a World has one `Duty`, made once; `sim.absences` makes those of replications in which people
are away. Nothing here draws or moves.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from scenarios.world import World

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_DAY = 24.0
#: Instants for which what changes is made at once.
_BLOCK = 512

#: Begin, end and factor of a span in which somebody takes longer.
Pace = tuple[float, float, float]


@dataclass(frozen=True)
class Spans:
    """Spans of time of engineers.

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

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.engineer)

    def take(self, rows: npt.NDArray[np.bool_] | IntArray) -> Spans:
        """Return some of them."""
        return Spans(self.engineer[rows], self.begin[rows], self.end[rows])


def no_spans() -> Spans:
    """Return spans of which there are none."""
    return Spans(np.empty(0, np.int64), np.empty(0), np.empty(0))


def joined(one: Spans, other: Spans) -> Spans:
    """Return the spans of both, those of the first first."""
    return Spans(
        np.concatenate([one.engineer, other.engineer]),
        np.concatenate([one.begin, other.begin]),
        np.concatenate([one.end, other.end]),
    )


class Timelines:
    """Instants of many owners, to be searched for many owners at once, without rounding.

    A search begins where the day of the instant begins, so that few instants are looked at.

    Parameters
    ----------
    owner, instants
        Owner of each instant, from 0, and the instants in hours; sorted by owner, then time.
    """

    def __init__(self, owner: IntArray, instants: FloatArray) -> None:
        self._instants = instants
        ever = instants[np.isfinite(instants)]
        self._days = int(max(ever.max(initial=0.0), 0.0) // _DAY) + 2
        owners = int(owner.max(initial=-1)) + 1
        count = np.bincount(self._cell(owner, instants), minlength=owners * self._days + 1)
        self._before = np.append(0, np.cumsum(count)).astype(np.int32)
        self._most = int(count.max(initial=0))

    def count(self, owner: IntArray, at: FloatArray, side: Literal["left", "right"] = "right") -> IntArray:
        """Return how many instants lie before `at` (or there: "right"), all of earlier owners included."""
        cell = np.minimum(self._cell(owner, at), len(self._before) - 2)
        found = self._before[cell].astype(np.int64)
        end = self._before[cell + 1]
        precedes = np.less_equal if side == "right" else np.less
        for _ in range(self._most):
            more = np.flatnonzero(found < end)
            more = more[precedes(self._instants[found[more]], at[more])]
            if not len(more):
                break
            found[more] += 1
        return found

    def _cell(self, owner: IntArray, at: FloatArray) -> IntArray:
        """Return the position of an owner's day; the last one of each owner has no end."""
        day = np.clip(at / _DAY, 0.0, self._days - 1.0).astype(np.int64)
        return owner * self._days + day


class ShiftChange(NamedTuple):
    """What changes at one instant, by positions of engineers.

    Attributes
    ----------
    instant
        In hours.
    off, on
        Whose duty ends and whose begins.
    until
        When the duty of each in `on` ends.
    call_off, call_on
        Who is no longer on call and who is from now on.
    """

    instant: float
    off: list[int]
    on: list[int]
    until: list[float]
    call_off: list[int]
    call_on: list[int]


@dataclass(frozen=True)
class Presence:
    """How many of some categories are on duty, and on call, between any two changes of somebody's duty.

    Parameters
    ----------
    row
        Row of each category below, -1 for those that were not asked for.
    edges
        The instants of those changes, from 0 to the horizon.
    on_duty, on_call
        [row][edge] -> how many from the edge on.
    """

    row: IntArray
    edges: FloatArray
    on_duty: npt.NDArray[np.int32]
    on_call: npt.NDArray[np.int32]

    def anybody(self, on_duty: Sequence[int], on_call: Sequence[int]) -> npt.NDArray[np.bool_]:
        """Return whether, from each edge on, anybody of some categories is on duty, or of others on call."""
        there: npt.NDArray[np.bool_] = np.any(self.on_duty[self.row[on_duty]] > 0, axis=0)
        if on_call:
            there |= np.any(self.on_call[self.row[on_call]] > 0, axis=0)
        return there


class _Edges(NamedTuple):
    """All instants at which anybody's duty changes, and among them where spans begin and end."""

    at: FloatArray
    begins: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Duty:
    """When every engineer of a replication is on duty.

    Parameters
    ----------
    horizon
        Length of the replication in hours.
    category
        Category of each engineer; there are `categories` of them.
    windows
        On duty, from hour 0 on, disjoint and not touching; by engineer, then time. One that has begun by the
        horizon has its true end, infinity where it never ends.
    absent, training
        On the roster, but ill, on leave or otherwise away, or in training; up to the horizon.
    on_call
        Off duty, but may be called; up to the horizon.
    paces
        Who takes longer for the same work, when, and by which factor.
    as_rostered
        Whether it is that of all replications, since nobody is ever away.
    """

    horizon: float
    category: IntArray
    categories: int
    windows: Spans
    absent: Spans = field(default_factory=no_spans)
    training: Spans = field(default_factory=no_spans)
    on_call: Spans = field(default_factory=no_spans)
    paces: Mapping[int, tuple[Pace, ...]] = field(default_factory=dict)
    as_rostered: bool = False

    def between(self, engineer: IntArray, a: FloatArray, b: FloatArray) -> FloatArray:
        """Return the hours on duty of each engineer from an instant to another (0 or later)."""
        return self._elapsed(engineer, b) - self._elapsed(engineer, a)

    def parts(self, spans: Spans) -> tuple[IntArray, Spans]:
        """Return the parts of spans that lie on duty, and of which span each is."""
        first = self._closes.count(spans.engineer, spans.begin, "right")
        count = np.maximum(self._opens.count(spans.engineer, spans.end, "left") - first, 0)
        span = np.repeat(np.arange(len(spans)), count)
        window = np.arange(len(span)) + np.repeat(first - np.cumsum(count) + count, count)
        begin = np.maximum(spans.begin[span], self.windows.begin[window])
        end = np.minimum(spans.end[span], self.windows.end[window])
        return span, Spans(spans.engineer[span], begin, end)

    def next_start(self, engineer: int, after: float) -> float:
        """Return when an engineer's next duty begins after an instant, infinity if none does."""
        first, last = self._first[engineer], self._first[engineer + 1]
        opens = self.windows.begin[first:last]
        position = int(np.searchsorted(opens, after, "right"))
        return float(opens[position]) if position < len(opens) else np.inf

    def next_window(self, engineer: int, after: float) -> tuple[float, float]:
        """Return when an engineer's next duty begins after an instant and ends, infinity if none does."""
        firsts, begins, ends = self._fast
        last = firsts[engineer + 1]
        position = bisect_right(begins, after, firsts[engineer], last)
        return (begins[position], ends[position]) if position < last else (np.inf, np.inf)

    @cached_property
    def _fast(self) -> tuple[list[int], memoryview, memoryview]:
        """Return positions of first windows, begins and ends in forms that answer one question fast."""
        begins, ends = (np.ascontiguousarray(at) for at in (self.windows.begin, self.windows.end))
        return self._first.tolist(), begins.data, ends.data

    def forget(self) -> None:
        """Let go of what only a run needs, unless other replications need it, too."""
        if not self.as_rostered:
            self.__dict__.pop("_changes", None)

    def changes(self) -> Iterator[ShiftChange]:
        """Yield what changes at each instant before the horizon, in order of time."""
        instants, edges, people, until = self._changes
        for begin in range(0, len(instants), _BLOCK):
            end = min(begin + _BLOCK, len(instants))
            first, last = int(edges[4 * begin]), int(edges[4 * end])
            place = (edges[4 * begin : 4 * end + 1] - first).tolist()
            who, ends = people[first:last].tolist(), until[first:last].tolist()
            for i, instant in enumerate(instants[begin:end].tolist()):
                a, b, c, d, e = place[4 * i : 4 * i + 5]
                yield ShiftChange(instant, who[a:b], who[b:c], ends[b:c], who[c:d], who[d:e])

    def presence(self, categories: npt.NDArray[np.bool_]) -> Presence:
        """Return how many of the categories that a mask admits are on duty and on call, over time."""
        row = np.where(categories, np.cumsum(categories) - 1, -1)
        (on_duty, of_duty), (on_call, of_call) = (
            self._moves(spans, edges, row)
            for spans, edges in ((self.windows, self._duty_edges), (self.on_call, self._call_edges))
        )
        at = self._duty_edges.at
        there = np.zeros(len(at), dtype=bool)
        there[[0, -1]] = True
        there[on_duty], there[on_call] = True, True
        number = np.cumsum(there) - 1
        shape = (int(categories.sum()), int(number[-1]) + 1)
        return Presence(
            row,
            at[there],
            _running(shape, number[on_duty], *of_duty),
            _running(shape, number[on_call], *of_call),
        )

    def _moves(
        self, spans: Spans, edges: _Edges, row: IntArray
    ) -> tuple[npt.NDArray[np.int32], tuple[IntArray, IntArray]]:
        """Return the edges at which spans of some categories begin or end, and the row and step of each."""
        mine = np.flatnonzero(row[self.category[spans.engineer]] >= 0)
        of_span = row[self.category[spans.engineer[mine]]]
        ending = spans.end[mine] < self.horizon
        step = np.repeat(np.array([1, -1]), [len(mine), int(ending.sum())])
        at = np.concatenate([edges.begins[mine], edges.ends[mine[ending]]])
        return at, (np.concatenate([of_span, of_span[ending]]), step)

    @cached_property
    def _all_edges(self) -> FloatArray:
        instants = [at for spans in (self.windows, self.on_call) for at in (spans.begin, spans.end)]
        return np.unique(np.clip(np.concatenate([[0.0, self.horizon], *instants]), 0.0, self.horizon))

    def _edges_of(self, spans: Spans) -> _Edges:
        at = self._all_edges
        begins, ends = (np.searchsorted(at, np.clip(i, 0.0, self.horizon)) for i in (spans.begin, spans.end))
        return _Edges(at, begins.astype(np.int32), ends.astype(np.int32))

    @cached_property
    def _duty_edges(self) -> _Edges:
        return self._edges_of(self.windows)

    @cached_property
    def _call_edges(self) -> _Edges:
        return self._edges_of(self.on_call)

    @cached_property
    def _first(self) -> IntArray:
        """Return the position of each engineer's first window, and one more."""
        return np.searchsorted(self.windows.engineer, np.arange(len(self.category) + 1)).astype(np.int64)

    @cached_property
    def _opens(self) -> Timelines:
        return Timelines(self.windows.engineer, self.windows.begin)

    @cached_property
    def _closes(self) -> Timelines:
        return Timelines(self.windows.engineer, self.windows.end)

    @cached_property
    def _before(self) -> FloatArray:
        """Return the engineer's hours on duty before each window."""
        before = np.zeros(len(self.windows))
        hours = self.windows.end - self.windows.begin
        for a, b in zip(self._first[:-1].tolist(), self._first[1:].tolist(), strict=True):
            if b - a > 1:
                # Window by window, so that no engineer's hours are rounded by those of the others.
                before[a + 1 : b] = np.cumsum(hours[a : b - 1])
        return before

    def _elapsed(self, engineer: IntArray, at: FloatArray) -> FloatArray:
        """Return the hours on duty from hour 0 to instants."""
        if not len(self.windows):
            return np.zeros(len(at))
        window = self._opens.count(engineer, at, "right") - 1
        begun = window >= self._first[engineer]
        window = np.maximum(window, 0)
        within = np.minimum(at, self.windows.end[window]) - self.windows.begin[window]
        return np.where(begun, self._before[window] + np.maximum(within, 0.0), 0.0)

    @cached_property
    def _changes(
        self,
    ) -> tuple[FloatArray, npt.NDArray[np.int32], npt.NDArray[np.int32], FloatArray]:
        """Return instants, edges of the four groups of people at each, the people, and ends of their duty."""
        sides = []
        for spans in (self.windows, self.on_call):
            ending = spans.take(spans.end < self.horizon)
            sides += [(ending.engineer, ending.end, ending.end), (spans.engineer, spans.begin, spans.end)]
        kind = np.repeat(np.arange(4, dtype=np.int8), [len(engineer) for engineer, _, _ in sides])
        engineer, at, until = (np.concatenate(column) for column in zip(*sides, strict=True))
        order = np.lexsort((engineer, kind, at))
        kind, at = kind[order], at[order]
        instants = np.flatnonzero(np.diff(at, prepend=-1.0))
        code = np.arange(len(instants)).repeat(np.diff(np.append(instants, len(at)))) * 4 + kind
        edges = np.searchsorted(code, np.arange(4 * len(instants) + 1))
        return at[instants], edges.astype(np.int32), engineer[order].astype(np.int32), until[order]


def _running(shape: tuple[int, int], at: IntArray, row: IntArray, step: IntArray) -> npt.NDArray[np.int32]:
    """Return [row][edge] -> the sum of the steps up to the edge."""
    steps = np.bincount(row * shape[1] + at, step, shape[0] * shape[1])
    return np.cumsum(steps.reshape(shape), axis=1, dtype=np.int32)


def duty_as_rostered(world: World) -> Duty:
    """Return when everybody is on duty if nobody is ever away; made once for each World."""
    if "duty" not in world.derived:
        engineers = range(len(world.engineers))
        shifts = [_within(e.shift.opens, e.shift.closes, world.horizon) for e in world.engineers]
        called = [
            (e.on_call.hours.opens, e.on_call.hours.closes) if e.on_call else (np.empty(0), np.empty(0))
            for e in world.engineers
        ]
        world.derived["duty"] = Duty(
            horizon=world.horizon,
            category=np.array([e.category for e in world.engineers], dtype=np.int64),
            categories=len(world.categories),
            windows=_joined(engineers, shifts),
            on_call=_joined(engineers, called),
            as_rostered=True,
        )
    duty: Duty = world.derived["duty"]
    return duty


def _within(opens: FloatArray, closes: FloatArray, horizon: float) -> tuple[FloatArray, FloatArray]:
    """Return the windows that touch a replication, none before hour 0."""
    kept = (closes > 0.0) & (opens < horizon)
    return np.maximum(opens[kept], 0.0), closes[kept]


def _joined(engineers: range, windows: list[tuple[FloatArray, FloatArray]]) -> Spans:
    engineer = np.repeat(np.array(engineers, dtype=np.int64), [len(opens) for opens, _ in windows])
    nothing = [np.empty(0)]
    return Spans(
        engineer,
        np.concatenate([opens for opens, _ in windows] or nothing),
        np.concatenate([closes for _, closes in windows] or nothing),
    )
