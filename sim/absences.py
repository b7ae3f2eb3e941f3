"""Draws who is away when in one replication: leave, sickness, training, people who leave and are replaced.

Every draw is keyed by the name of the post, what it is for, and its number, so that nobody's absences depend
on who else is employed. The result is a `Duty`; what follows from it is for the model and the tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from scenarios.absence_terms import AbsenceSpec, LossSpec, ShortageSpec
from scenarios.world import World
from sim import draws
from sim.duty import Duty, Pace, Spans, duty_as_rostered
from sim.quantile_functions import quantile
from sim.work_days import WorkDays, work_days

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_YEAR = 8760.0
#: Sickness begins so many hours before the start, so that some are ill when it comes.
_BEFORE = 24.0 * 60
#: Hours below which what is left of a shift is rounding.
_ROUNDING = 1e-6


def duty_of(world: World, replication: int, shortages: Sequence[ShortageSpec] = ()) -> Duty:
    """Return when everybody is on duty in one replication.

    Parameters
    ----------
    world
        The compiled scenario.
    replication
        Key of the replication.
    shortages
        Times when a share of staff is away, beside those of the scenario.
    """
    everywhere = (*world.shortages, *shortages)
    if not everywhere and not world.losses and all(e.absence.never for e in world.engineers):
        return duty_as_rostered(world)
    days = work_days(world)
    absences = _Absences(days, world.horizon, draws.stream_keys(replication, days.keys))
    for terms, posts in days.by_terms.items():
        _leave(absences, terms, posts)
        _sickness(absences, terms, posts)
        _attrition(absences, terms, posts)
    for loss in world.losses:
        _loss(absences, loss)
    for number, shortage in enumerate(everywhere):
        _shortage(world, absences, shortage, number)
    return _duty(world, absences)


@dataclass
class _Absences:
    """What has been drawn so far, as numbers of reasons that begin and end at each working day."""

    days: WorkDays
    horizon: float
    keys: draws.UintArray
    away: IntArray = field(init=False)
    gone: IntArray = field(init=False)
    paces: dict[int, list[Pace]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.away = np.zeros(len(self.days.opens) + 1, dtype=np.int64)
        self.gone = self.away.copy()

    def mark(self, steps: IntArray, post: IntArray, begin: FloatArray, end: FloatArray) -> None:
        """Mark the working days that begin from `begin` until before `end`."""
        np.add.at(steps, self.days.timeline.count(post, begin, "left"), 1)
        np.add.at(steps, self.days.timeline.count(post, end, "left"), -1)

    def slow(self, name: str, begin: float, hours: float, factor: float) -> None:
        """Let whoever bears a name take longer for some time."""
        if factor > 1.0 and hours > 0.0 and begin < self.horizon:
            for engineer in self.days.engineers_of.get(name, ()):
                self.paces.setdefault(engineer, []).append((begin, begin + hours, factor))

    def items(self, posts: IntArray, count: int) -> draws.UintArray:
        """Return [post][number] -> key of a draw."""
        return draws.item_grid(self.keys[posts], count)


def _years(absences: _Absences, posts: IntArray, hours: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return [post][number] -> begin and end of each stretch of time, and the share of it in the post."""
    days, horizon = absences.days, absences.horizon
    edges = np.arange(np.ceil(horizon / hours)) * hours
    begin = np.maximum(edges, days.begin[posts, np.newaxis])
    end = np.minimum(np.minimum(edges + hours, horizon), days.end[posts, np.newaxis])
    return begin, np.maximum(end, begin), np.maximum(end - begin, 0.0) / hours


def _leave(absences: _Absences, terms: AbsenceSpec, posts: IntArray) -> None:
    """Lay the leave of each year out in blocks of working days, each anywhere in the year."""
    if terms.leave_days == 0.0:
        return
    timeline = absences.days.timeline
    begin, end, share = _years(absences, posts, _YEAR)
    keys = absences.items(posts, begin.shape[1])
    owner = np.broadcast_to(posts[:, np.newaxis], begin.shape)
    first = timeline.count(owner.ravel(), begin.ravel(), "left").reshape(begin.shape)
    there = timeline.count(owner.ravel(), end.ravel(), "left").reshape(begin.shape) - first
    wanted = np.floor(terms.leave_days * share + draws.uniforms(keys, "leave"))
    taken = np.minimum(wanted.astype(np.int64), there)
    block = np.arange(-(-int(taken.max(initial=0)) // terms.leave_block))
    if not len(block):
        return
    place = np.stack([draws.uniforms(keys, "leave", number + 1) for number in block.tolist()], axis=2)
    size = np.clip(taken[..., np.newaxis] - block * terms.leave_block, 0, terms.leave_block)
    # Blocks keep their order and lie apart: where each begins is drawn among the days that are not leave.
    gap = np.floor(np.sort(np.where(size > 0, place, 1.0), axis=2) * (there - taken + 1)[..., np.newaxis])
    day = first[..., np.newaxis] + gap.astype(np.int64) + block * terms.leave_block
    used = size > 0
    np.add.at(absences.away, day[used], 1)
    np.add.at(absences.away, (day + size)[used], -1)


def _sickness(absences: _Absences, terms: AbsenceSpec, posts: IntArray) -> None:
    """Let spells begin at random instants; the shifts that begin within one are missed."""
    if terms.sick_spells == 0.0:
        return
    keys = absences.items(posts, _enough(terms.sick_spells * (absences.horizon + _BEFORE) / _YEAR))
    gaps = draws.unit_exponentials(draws.uniforms(keys, "sick")) * (_YEAR / terms.sick_spells)
    begin = np.cumsum(gaps, axis=1) - _BEFORE
    kept = begin < absences.horizon
    owner, begin = posts[np.nonzero(kept)[0]], begin[kept]
    end = begin + quantile(terms.sick_days, draws.uniforms(keys[kept], "sick_days")) * 24.0
    absences.mark(absences.away, owner, begin, end)


def _enough(mean: float) -> int:
    """Return a number that a Poisson number of a mean exceeds once in a billion times or less."""
    return int(mean + 7.0 * np.sqrt(mean) + 12.0)


def _attrition(absences: _Absences, terms: AbsenceSpec, posts: IntArray) -> None:
    """Let people leave after exponential times; each post is vacant until another starts."""
    if terms.attrition == 0.0:
        return
    keys = absences.items(posts, _enough(terms.attrition * absences.horizon / _YEAR))
    stays = draws.unit_exponentials(draws.uniforms(keys, "attrition")) * (_YEAR / terms.attrition)
    days = absences.days
    worked = days.hired[posts][:, np.newaxis] + np.cumsum(stays, axis=1)
    # Who would not leave by the horizon, if nobody's post were ever vacant, is not replaced.
    likely = worked < absences.horizon
    vacant = np.zeros(worked.shape)
    vacant[likely] = quantile(terms.replacement_days, draws.uniforms(keys[likely], "replacement")) * 24.0
    leaves = worked + np.cumsum(vacant, axis=1) - vacant
    owner = np.repeat(posts, leaves.shape[1])
    starts = (leaves + vacant).ravel()
    leaves = leaves.ravel()
    kept = leaves < absences.horizon
    absences.mark(absences.gone, owner[kept], leaves[kept], starts[kept])
    for post, start in zip(owner[kept].tolist(), starts[kept].tolist(), strict=True):
        absences.slow(days.names[post], start, terms.ramp_up_days * 24.0, terms.ramp_up_factor)


def _loss(absences: _Absences, loss: LossSpec) -> None:
    """Let key engineers leave, be replaced, and the others of their group be slower for a time."""
    days = absences.days
    start = loss.at + loss.replacement_hours
    for name in loss.names:
        posts = np.array(days.posts_of.get(name, ()), dtype=np.int64)
        absences.mark(absences.gone, posts, np.full(len(posts), loss.at), np.full(len(posts), start))
        for terms in {days.terms[post] for post in posts.tolist()}:
            absences.slow(name, start, terms.ramp_up_days * 24.0, terms.ramp_up_factor)
    for name in loss.others:
        absences.slow(name, loss.at, loss.effect_hours, loss.effect_factor)


def _shortage(world: World, absences: _Absences, shortage: ShortageSpec, number: int) -> None:
    """Let a share of the engineers of some centres be away: those whose draw is lowest."""
    days = absences.days
    inside = {e.name for e in world.engineers if e.centre in shortage.centres}
    posts = {name: days.posts_of[name] for name in inside if name in days.posts_of}
    there = {
        name: mine
        for name, mine in posts.items()
        if any(days.begin[p] < shortage.end and days.end[p] > shortage.begin for p in mine)
    }
    lot = {
        name: draws.uniform(draws.item_key(int(absences.keys[mine[0]]), number), "shortage")
        for name, mine in there.items()
    }
    for name in sorted(lot, key=lambda n: (lot[n], n))[: int(shortage.share * len(lot) + 0.5)]:
        mine = np.array(there[name], dtype=np.int64)
        ends = np.full(len(mine), shortage.begin), np.full(len(mine), shortage.end)
        absences.mark(absences.away, mine, *ends)


def _training(absences: _Absences, present: BoolArray) -> FloatArray:
    """Return the hours of training at the beginning of each piece of a working day.

    Each block begins with a working day that is drawn from those on which he is present in its stretch of the
    year, and goes on the next days until it is complete.
    """
    days = absences.days
    hours = np.minimum(days.pieces.end, absences.horizon) - days.pieces.begin
    passed = np.append(0.0, np.cumsum(np.where(present[days.day], hours, 0.0)))
    begins, ends = [np.empty(0)], [np.empty(0)]
    for terms, posts in days.by_terms.items():
        if terms.training_hours > 0.0:
            begin, end = _training_blocks(absences, terms, posts, present, passed)
            begins.append(begin)
            ends.append(end)
    begin, end = np.concatenate(begins), np.concatenate(ends)
    order = np.argsort(begin, kind="stable")
    edges = np.stack([begin[order], end[order]], axis=1).ravel()
    done = np.cumsum(np.stack([np.zeros(len(order)), (end - begin)[order]], axis=1).ravel())
    if not len(edges):
        return np.zeros(len(hours))
    trained = np.diff(np.interp(passed, edges, done))
    trained = np.where(trained < _ROUNDING, 0.0, trained)
    return np.where(trained > hours - _ROUNDING, hours, np.round(trained, 6))


def _training_blocks(
    absences: _Absences, terms: AbsenceSpec, posts: IntArray, present: BoolArray, passed: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return begin and end of each block, in hours of presence counted over all posts."""
    days = absences.days
    stretch = _YEAR / terms.training_blocks
    begin, end, share = _years(absences, posts, stretch)
    owner = np.broadcast_to(posts[:, np.newaxis], begin.shape).ravel()
    count = np.append(0, np.cumsum(present))
    first = count[days.timeline.count(owner, begin.ravel(), "left")].reshape(begin.shape)
    there = count[days.timeline.count(owner, end.ravel(), "left")].reshape(begin.shape) - first
    u = draws.uniforms(absences.items(posts, begin.shape[1]), "training")
    which = np.minimum(first + np.floor(u * there).astype(np.int64), max(int(count[-1]) - 1, 0))
    day = np.flatnonzero(present)[which] if count[-1] else np.zeros_like(which)
    starts = passed[days.first_piece[day]]
    lasting = np.where(there > 0, terms.training_hours / terms.training_blocks * share, 0.0)
    last_piece = np.searchsorted(days.post, posts, "right")
    begins, ends = np.zeros_like(starts), np.zeros_like(starts)
    free = np.full(len(posts), -np.inf)
    for number in range(starts.shape[1]):
        begins[:, number] = np.where(lasting[:, number] > 0.0, np.maximum(starts[:, number], free), 0.0)
        ends[:, number] = np.minimum(begins[:, number] + lasting[:, number], passed[last_piece])
        free = np.where(lasting[:, number] > 0.0, ends[:, number], free)
    used = (lasting > 0.0) & (ends > begins)
    return begins[used], ends[used]


def _duty(world: World, absences: _Absences) -> Duty:
    """Return what is left of the roster."""
    days = absences.days
    gone = np.cumsum(absences.gone)[:-1] > 0
    away = (np.cumsum(absences.away)[:-1] > 0) & ~gone
    present = ~gone & ~away
    trained = _training(absences, present)
    pieces = days.pieces
    until = pieces.begin + trained
    here = present[days.day]
    rostered = duty_as_rostered(world)
    ends = np.minimum(pieces.end, world.horizon)
    return Duty(
        horizon=world.horizon,
        category=rostered.category,
        categories=rostered.categories,
        windows=_merged(Spans(pieces.engineer, until, pieces.end).take(here & (until < ends))),
        absent=_by_engineer(Spans(pieces.engineer, pieces.begin, ends).take(away[days.day])),
        training=_by_engineer(Spans(pieces.engineer, pieces.begin, until).take(here & (trained > 0.0))),
        on_call=_on_call(days, rostered.on_call, present),
        paces={e: tuple(sorted(p, key=lambda pace: -pace[2])) for e, p in absences.paces.items()},
    )


def _by_engineer(spans: Spans) -> Spans:
    step = np.diff(spans.engineer)
    if (step >= 0).all() and (spans.begin[1:] >= spans.begin[:-1])[step == 0].all():
        return spans
    return spans.take(np.lexsort((spans.begin, spans.engineer)))


def _merged(spans: Spans) -> Spans:
    """Return spans by engineer, those that touch made one."""
    spans = _by_engineer(spans)
    if not len(spans):
        return spans
    apart = np.append(True, (np.diff(spans.engineer) != 0) | (spans.begin[1:] > spans.end[:-1]))
    last = np.append(apart[1:], True)
    return Spans(spans.engineer[apart], spans.begin[apart], spans.end[last])


def _on_call(days: WorkDays, rostered: Spans, present: BoolArray) -> Spans:
    """Return when people are on call: not from an absence until their next shift."""
    if not len(rostered) or not len(present):
        return rostered
    post = days.post_of[rostered.engineer]
    day = days.timeline.count(post, rostered.begin, "right") - 1
    begun = day >= np.searchsorted(days.day_post, post)
    return rostered.take(~begun | present[np.maximum(day, 0)])
