"""Prices of visits in, cheapest routes out: one compiled search for each group of engineers.

Which visits a route must not return to (its memory) is widened where routes of the master do return; cuts are
known here only by the visits in them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from optimize.bound.cuts import broken
from optimize.bound.labels import NODE, PARENT, Ask, Desk, cheapest, completions, finished
from optimize.bound.relaxation import Group, Relaxation
from optimize.compiled_before import is_compiled
from scenarios.phrases import phrase

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
WordArray = npt.NDArray[np.uint64]

#: A reduced cost that is none: beyond it routes are not looked for.
ENOUGH = -1e-6
#: Slices of the hours for bounds on the rest of a route.
_SLICES = 64
#: Visits that are remembered around each: all at first, fewer where that is too much work.
_MEMORY = (100_000, 12, 5, 0)
#: Visits around each that count when partial routes are compared, by effort.
COMPARED = (0, 8, 20, 100_000)
#: Stops of the longest route that is written down when all are.
_STOPS = 40
#: Comparisons of labels in a second, roughly.
_PACE = 1.5e7


@dataclass(frozen=True)
class Prices:
    """What the master asks for.

    Parameters
    ----------
    visits
        [visit] -> what serving it is worth, 0 or more.
    cuts
        [cut] -> what the second visit of each cut costs, 0 or more.
    groups
        [group] -> what an engineer of each group is worth, 0 or more.
    """

    visits: FloatArray
    cuts: FloatArray
    groups: FloatArray

    def towards(self, other: Prices, share: float) -> Prices:
        """Return prices between these and others, nearer to the others with the share."""
        keep = 1.0 - share
        return Prices(
            keep * self.visits + share * other.visits,
            keep * self.cuts + share * other.cuts,
            keep * self.groups + share * other.groups,
        )


@dataclass(frozen=True)
class Answer:
    """What a group offers.

    Parameters
    ----------
    routes
        Sequences of visits, by their positions in the problem, the cheapest first.
    reduced
        Cost of the cheapest route less the worth of its visits; `ENOUGH` if there is none below.
    whole
        Whether no route was missed.
    """

    routes: tuple[tuple[int, ...], ...]
    reduced: float
    whole: bool


@dataclass
class Pricing:
    """The groups of a problem, ready to be asked.

    Parameters
    ----------
    relaxation
        The problem.
    labels
        Room for partial routes.
    """

    relaxation: Relaxation
    labels: int = 400_000
    _triples: list[tuple[int, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        most = max((len(group.visits) for group in self.relaxation.groups), default=1)
        self._words = (most + 63) // 64
        self._step = [0] * len(self.relaxation.groups)
        self._memory = [self._near(group, _MEMORY[0]) for group in self.relaxation.groups]
        self._compared = [
            [self._near(group, count) for count in COMPARED[:-1]] for group in self.relaxation.groups
        ]
        self._rest = [
            (np.zeros((len(group.visits), _SLICES, 2)), np.zeros((len(group.visits), _SLICES), np.int64))
            for group in self.relaxation.groups
        ]
        self._desk = self._new_desk()

    def _new_desk(self) -> Desk:
        words = max((len(self._triples) + 63) // 64, 1)
        return Desk(
            real=np.empty((self.labels, 3)),
            whole=np.empty((self.labels, 6), np.int64),
            seen=np.empty((self.labels, self._words), np.uint64),
            halves=np.empty((self.labels, words), np.uint64),
        )

    def _near(self, group: Group, count: int) -> WordArray:
        """Return which visits are remembered at each: those around it."""
        n = len(group.visits)
        masks = np.zeros((n, self._words), np.uint64)
        hours = group.hours[:-1, :-1]
        for j in range(n):
            for i in {j, *np.argsort(hours[:, j], kind="stable")[:count].tolist()}:
                masks[j, i >> 6] |= np.uint64(1) << np.uint64(i & 63)
        return masks

    def add_cuts(self, triples: Sequence[tuple[int, ...]]) -> None:
        """Add cuts: of the visits in each, at most one route may serve two or more."""
        self._triples.extend(triples)
        self._desk = self._new_desk()

    def remember(self, g: int, route: Sequence[int]) -> bool:
        """Forbid the returns of a route to a group; True if there were any."""
        group = self.relaxation.groups[g]
        stops = [group.position[visit] for visit in route]
        last: dict[int, int] = {}
        for p, stop in enumerate(stops):
            if stop in last:
                for q in range(last[stop] + 1, p):
                    self._memory[g][stops[q], stop >> 6] |= np.uint64(1) << np.uint64(stop & 63)
            last[stop] = p
        return len(last) < len(stops)

    def forget(self, g: int) -> bool:
        """Let the routes of a group remember less, since that is too much work; False if they cannot."""
        if self._step[g] + 1 == len(_MEMORY):
            return False
        self._step[g] += 1
        self._memory[g] = self._near(self.relaxation.groups[g], _MEMORY[self._step[g]])
        return True

    def ask(self, g: int, prices: Prices, *, effort: int, most: int, seconds: float) -> Answer:
        """Return the cheapest routes of a group.

        Parameters
        ----------
        g
            Position of the group.
        prices
            What its routes are worth.
        effort
            Position in `COMPARED`; with the last one no route is missed.
        most
            Number of routes.
        seconds
            How long it may take, roughly.
        """
        group = self.relaxation.groups[g]
        question = self._question(g, prices, effort)
        completions(question)
        n = len(group.visits)
        best, last = np.empty(n), np.empty(n, np.int64)
        # The way out carries what using an engineer costs, less what he is worth.
        work = int(max(seconds, 0.05) * _PACE)
        count = cheapest(ENOUGH, False, work, question, self._desk, best, last)
        ends = [int(j) for j in np.argsort(best, kind="stable") if best[j] < ENOUGH]
        routes = tuple(self._stops(group, int(last[j])) for j in ends[:most])
        reduced = min(float(best[ends[0]]), ENOUGH) if ends else ENOUGH
        return Answer(routes, reduced, effort == len(COMPARED) - 1 and count >= 0)

    def all_below(
        self, g: int, prices: Prices, enough: float, *, most: int, seconds: float
    ) -> tuple[tuple[int, ...], ...] | None:
        """Return every route of a group that a plan could need and that costs less than enough.

        Parameters
        ----------
        g
            Position of the group.
        prices
            What its routes are worth.
        enough
            Cost below which a route counts.
        most
            Number of routes; nothing is returned if there are more.
        seconds
            How long it may take, roughly.
        """
        group, n = self.relaxation.groups[g], len(self.relaxation.groups[g].visits)
        question = self._question(g, prices, len(COMPARED) - 1)
        everything = self._near(group, n)
        question = question._replace(
            memory=everything, compared=everything, deadlines=np.full((n, n), np.inf)
        )
        completions(question)
        best, last = np.empty(n), np.empty(n, np.int64)
        count = cheapest(enough, True, int(seconds * _PACE), question, self._desk, best, last)
        found = np.empty((most, min(n, _STOPS)), np.int64)
        size = -1 if count < 0 else finished(count, enough, question, self._desk, found)
        if size < 0:
            return None
        return tuple(tuple(int(group.visits[j]) for j in row if j >= 0) for row in found[:size].tolist())

    def _question(self, g: int, prices: Prices, effort: int) -> Ask:
        group = self.relaxation.groups[g]
        cost = group.cost.copy()
        cost[:, :-1] -= prices.visits[group.visits]
        cost[-1] += group.fixed + prices.groups[g]
        words = self._desk.halves.shape[1]
        cuts = np.zeros((len(group.visits), words), np.uint64)
        own = group.position
        for q, triple in enumerate(self._triples):
            for visit in triple:
                if visit in own:
                    cuts[own[visit], q >> 6] |= np.uint64(1) << np.uint64(q & 63)
        fines = np.zeros(words * 64)
        fines[: len(prices.cuts)] = prices.cuts
        rest, follower = self._rest[g]
        return Ask(
            group.hours,
            cost,
            group.windows,
            group.service,
            group.load,
            group.dues,
            group.limits,
            self._memory[g],
            self._memory[g] if effort == len(COMPARED) - 1 else self._compared[g][effort],
            group.deadlines,
            cuts,
            fines,
            rest,
            follower,
        )

    def _stops(self, group: Group, label: int) -> tuple[int, ...]:
        stops = []
        while label >= 0:
            stops.append(int(group.visits[self._desk.whole[label, NODE]]))
            label = int(self._desk.whole[label, PARENT])
        return tuple(reversed(stops))


def warmup(announce: Callable[[str], None] | None = None) -> None:
    """Compile everything, or load it from the cache: at once if it has been, else in some seconds.

    Parameters
    ----------
    announce
        Told in words that it will take long, if it will.
    """
    if announce is not None and not is_compiled(cheapest):
        announce(phrase("compiling the proof of a bound, once on this machine: 10 to 30 s on most"))
    group = Group(
        engineers=np.zeros(1, np.int64),
        visits=np.arange(2),
        hours=np.ones((3, 3)),
        cost=np.ones((3, 3)),
        windows=np.array([[0.0, 9.0], [0.0, 9.0]]),
        service=np.ones(2),
        load=np.zeros(2),
        dues=np.zeros((2, 1, 2)),
        limits=np.array([0.0, 9.0, 9.0, 0.0, 1.0]),
        fixed=0.0,
    )
    pricing = Pricing(Relaxation((group,), np.full(2, 9.0), ()), labels=100)
    pricing.ask(0, Prices(np.full(2, 5.0), np.zeros(0), np.zeros(1)), effort=0, most=1, seconds=1.0)
    pricing.all_below(0, Prices(np.full(2, 5.0), np.zeros(0), np.zeros(1)), 0.0, most=9, seconds=1.0)
    broken([(0, 1)], np.ones(1), 3, most=1, each=1)
