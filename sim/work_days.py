"""Working days: the shifts of everybody cut into days of his own, which people are absent from as a whole.

A shift belongs to the local day on which it begins; a shift of more than a day is cut at local midnights.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scenarios.absence_terms import AbsenceSpec
from scenarios.keys import name_key
from scenarios.world import World
from sim.duty import Spans, Timelines

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_DAY = 24.0


@dataclass(frozen=True, eq=False)
class WorkDays:
    """The working days of all posts; a post is one name on one set of terms of absence.

    Parameters
    ----------
    names, terms
        Of each post.
    begin, end
        Between which instants each post is there at all, in hours.
    post_of
        Post of each engineer.
    pieces
        Shifts, and parts of those that are cut, by post, then time; each with its engineer.
    post
        Post of each piece.
    day
        Working day of each piece, numbered over all posts.
    opens
        When the first piece of each working day begins.
    """

    names: tuple[str, ...]
    terms: tuple[AbsenceSpec, ...]
    begin: FloatArray
    end: FloatArray
    post_of: IntArray
    pieces: Spans
    post: IntArray
    day: IntArray
    opens: FloatArray

    @cached_property
    def day_post(self) -> IntArray:
        """Return the post of each working day."""
        return self.post[self.first_piece[:-1]]

    @cached_property
    def first_piece(self) -> IntArray:
        """Return the position of the first piece of each working day, and one more."""
        return np.searchsorted(self.day, np.arange(len(self.opens) + 1)).astype(np.int64)

    @cached_property
    def timeline(self) -> Timelines:
        """Return the beginnings of the working days by post; a count of it is a position of a day."""
        return Timelines(self.day_post, self.opens)

    @cached_property
    def by_terms(self) -> dict[AbsenceSpec, IntArray]:
        """Return the posts that have the same terms, of those whose people are ever away."""
        found: dict[AbsenceSpec, list[int]] = {}
        for post, terms in enumerate(self.terms):
            if not terms.never:
                found.setdefault(terms, []).append(post)
        return {terms: np.array(posts, dtype=np.int64) for terms, posts in found.items()}

    @cached_property
    def keys(self) -> npt.NDArray[np.uint64]:
        """Return the key of each post's name."""
        return np.array([name_key("engineer", name) for name in self.names], dtype=np.uint64)

    @cached_property
    def hired(self) -> FloatArray:
        """Return for each post when whoever bears its name is first there."""
        first = {name: float(self.begin[posts].min()) for name, posts in self.posts_of.items()}
        return np.array([first[name] for name in self.names])

    @cached_property
    def posts_of(self) -> dict[str, list[int]]:
        """Return the posts that bear a name."""
        found: dict[str, list[int]] = {}
        for post, name in enumerate(self.names):
            found.setdefault(name, []).append(post)
        return found

    @cached_property
    def engineers_of(self) -> dict[str, list[int]]:
        """Return the engineers, by position, that bear a name."""
        found: dict[str, list[int]] = {}
        for engineer, post in enumerate(self.post_of.tolist()):
            found.setdefault(self.names[post], []).append(engineer)
        return found


def work_days(world: World) -> WorkDays:
    """Return the working days of a World; made once for each."""
    if "work_days" not in world.derived:
        world.derived["work_days"] = _laid_out(world)
    made: WorkDays = world.derived["work_days"]
    return made


def _laid_out(world: World) -> WorkDays:
    posts: dict[tuple[str, AbsenceSpec], int] = {}
    post_of = [posts.setdefault((e.name, e.absence), len(posts)) for e in world.engineers]
    spells = [e.spell for e in world.engineers]
    order = sorted(range(len(post_of)), key=lambda i: (post_of[i], spells[i]))
    columns = [_pieces(world, position) for position in order]
    count = [len(opens) for opens, _, _ in columns]
    nothing = [(np.empty(0), np.empty(0), np.empty(0))]
    opens, closes, date = (np.concatenate(column) for column in zip(*(columns or nothing), strict=True))
    engineer = np.repeat(np.array(order, dtype=np.int64), count)
    post = np.array(post_of, dtype=np.int64)[engineer]
    new = (np.diff(post, prepend=-1) > 0) | (np.diff(date, prepend=-1.0) != 0.0)
    begin, end = np.full(len(posts), np.inf), np.zeros(len(posts))
    np.minimum.at(begin, post_of, [a for a, _ in spells])
    np.maximum.at(end, post_of, [b for _, b in spells])
    return WorkDays(
        names=tuple(name for name, _ in posts),
        terms=tuple(terms for _, terms in posts),
        begin=begin,
        end=np.minimum(end, world.horizon),
        post_of=np.array(post_of, dtype=np.int64),
        pieces=Spans(engineer, opens, closes),
        post=post,
        day=np.cumsum(new) - 1,
        opens=opens[new],
    )


def _pieces(world: World, position: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return begin, end and local date of an engineer's shifts; the long ones cut at local midnights."""
    engineer = world.engineers[position]
    places = world.places
    midnights = places.midnights[int(places.city_time_zone[places.centre_city[engineer.centre]])]
    shift = engineer.shift
    kept = (shift.closes > 0.0) & (shift.opens < world.horizon)
    opens, closes = shift.opens[kept], shift.closes[kept]
    long = closes - opens > _DAY
    if long.any():
        inner = midnights[(midnights > 0.0) & (midnights < world.horizon)]
        inside = [inner[(inner > a) & (inner < b)] for a, b in zip(opens[long], closes[long], strict=True)]
        cuts = np.concatenate(inside)
        opens = np.sort(np.concatenate([opens, cuts]))
        closes = np.sort(np.concatenate([closes, cuts]))
    date = np.searchsorted(midnights, opens, "right").astype(np.float64)
    return np.maximum(opens, 0.0), closes, date
