"""A problem in the whole numbers that the routing library of OR-Tools works with.

Times are rounded so that what fits in whole numbers fits in truth; where an instance is in whole units they
are exact. Travel by the hour is averaged, a row of shifts is one long one, and of the clocks of an order the
heaviest counts: the exact evaluation has the last word.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimize.layout import compiled
from optimize.lns.data import (
    CAPACITY,
    CLOSES,
    DEMAND,
    DEPOT,
    DROP,
    DUE,
    DURATION,
    EARLIEST,
    FIRST,
    FIXED,
    FORBIDDEN,
    FREE,
    HARD,
    LAST,
    LATEST,
    OPENS,
    OVERTIME,
    PARTNER,
    PLACE,
    REMOTE,
    SERVICE,
    WEIGHT,
    Data,
    FloatArray,
    IntArray,
)
from optimize.problem import DispatchProblem

#: Nodes squared by engineers up to which everybody has costs of his own.
_OWN_COSTS = 4_000_000
#: The largest sum of costs.
_MOST = 2**60


@dataclass(frozen=True)
class Figures:
    """What the model is made of; node k stands for a visit, nodes after the visits for places of engineers.

    Parameters
    ----------
    visits
        Visit of each node; linked visits, and those that nobody may have, are left away.
    time, costs
        [node, node] -> work and way, and what the way costs, with the engineers for whom it costs that.
    earliest, latest, due, weight, drop
        Of each visit.
    allowed
        Engineers who may have each visit.
    first, last
        Nodes where each engineer begins and ends.
    opens, closes, hard, overtime, duration, fixed
        Of each engineer.
    loads
        Amount at each node and room of each engineer, with a name.
    horizon
        When all is over.
    """

    visits: IntArray
    time: IntArray
    costs: list[tuple[IntArray, list[int]]]
    earliest: IntArray
    latest: IntArray
    due: IntArray
    weight: IntArray
    drop: IntArray
    allowed: list[list[int]]
    first: IntArray
    last: IntArray
    opens: IntArray
    closes: IntArray
    hard: IntArray
    overtime: IntArray
    duration: IntArray
    fixed: IntArray
    loads: list[tuple[IntArray, IntArray, str]]
    horizon: int


def figures_of(problem: DispatchProblem) -> Figures:
    """Return a problem in whole numbers."""
    data = compiled(problem)
    travel = data.travel.mean(axis=0)
    horizon = _horizon(data, travel)
    visits = _expressible(data, horizon)
    visit = data.visit[visits]
    heaviest = data.dues[visits, :, WEIGHT].argmax(axis=1)
    due, weight = data.dues[visits, heaviest].T if len(visits) else (np.zeros(0), np.zeros(0))
    opens = np.maximum(data.engineer[:, FREE], data.shift[:, 0, OPENS])
    closes = np.minimum(data.shift[:, :, CLOSES].max(axis=1), horizon)
    hard = np.minimum(data.shift[:, :, HARD].max(axis=1), horizon)
    times = [travel, visit[:, SERVICE], visit[:, EARLIEST], np.minimum(visit[:, LATEST], horizon)]
    tick = _scale(
        [*times, np.minimum(due, horizon), opens, closes, hard], 10.0 ** np.floor(6 - np.log10(horizon))
    )
    prices = [weight, data.engineer[:, OVERTIME], data.engineer[:, DURATION]]
    coin = tick * _scale(prices, 1000.0)
    places, first, last = _ends(data, len(visits))
    node_places = np.concatenate([data.visit_of[visits, PLACE], places])
    way = np.where(node_places < 0, 0.0, travel[:, node_places])[node_places]
    way[node_places < 0] = 0.0
    price = np.where(node_places < 0, 0.0, data.price.mean(axis=0)[:, node_places])[node_places]
    price[node_places < 0] = 0.0
    work = np.concatenate([visit[:, SERVICE], np.zeros(len(places))])
    earliest, begin = _up(visit[:, EARLIEST] * tick), _up(np.minimum(opens, horizon) * tick)
    end = _down(np.maximum(hard, 0.0) * tick)
    return Figures(
        visits=visits,
        time=_up(work * tick)[:, None] + _up(way * tick),
        costs=_costs(data, visits, price, coin),
        earliest=earliest,
        latest=np.maximum(_down(np.minimum(visit[:, LATEST], horizon) * tick), earliest),
        due=_down(np.clip(due, 0.0, horizon) * tick),
        weight=np.rint(weight * coin / tick).astype(np.int64),
        drop=np.minimum(np.rint(visit[:, DROP] * coin), _MOST // (len(visits) + 1)).astype(np.int64),
        allowed=[np.flatnonzero((row < FORBIDDEN) & (begin <= end)).tolist() for row in data.assign[visits]],
        first=first,
        last=last,
        opens=begin,
        closes=_down(closes * tick),
        # Whose shifts are over has an empty route, which the library wants to begin before it ends too.
        hard=np.maximum(end, begin),
        overtime=np.rint(data.engineer[:, OVERTIME] * coin / tick).astype(np.int64),
        duration=np.rint(data.engineer[:, DURATION] * coin / tick).astype(np.int64),
        fixed=np.rint(data.engineer[:, FIXED] * coin).astype(np.int64),
        loads=_loads(data, visits, len(places)),
        horizon=int(_up(np.array([horizon * tick]))[0]),
    )


def _expressible(data: Data, horizon: float) -> IntArray:
    """Return the visits that arcs, windows and a list of engineers can say all about."""
    alone = (data.visit_of[:, [PARTNER, REMOTE]] == [-1, 0]).all(axis=1)
    can_begin = data.visit[:, EARLIEST] <= np.minimum(data.visit[:, LATEST], horizon)
    return np.flatnonzero(alone & can_begin & (data.assign < FORBIDDEN).any(axis=1))


def _up(values: FloatArray) -> IntArray:
    return np.ceil(values - 1e-6).astype(np.int64)


def _down(values: FloatArray) -> IntArray:
    return np.floor(values + 1e-6).astype(np.int64)


def _scale(values: list[FloatArray], otherwise: float) -> float:
    """Return the power of ten that makes all values whole, or another factor if none up to 1,000 does."""
    every = np.concatenate([np.ravel(value) for value in values]) if values else np.zeros(0)
    for factor in (1.0, 10.0, 100.0, 1000.0):
        scaled = every * factor
        if np.all(np.abs(scaled - np.rint(scaled)) < 1e-6):
            return factor
    return float(otherwise)


def _horizon(data: Data, travel: FloatArray) -> float:
    """Return an instant by which everything is over, also where shifts never end."""
    never = FORBIDDEN / 4
    times = [data.visit[:, EARLIEST], data.visit[:, LATEST], data.dues[:, :, DUE], data.shift[:, :, OPENS]]
    every = np.concatenate([np.ravel(t) for t in (*times, data.engineer[:, FREE])])
    late = float(every[every < never].max(initial=1.0))
    work = float(data.visit[:, SERVICE].sum() + (len(data.visit) + 2) * travel.max(initial=0.0))
    return max(min(float(data.shift[:, :, HARD].max(initial=1.0)), late + work), 1.0)


def _ends(data: Data, begin: int) -> tuple[IntArray, IntArray, IntArray]:
    """Return the places where somebody begins or ends, and the nodes of the two for each engineer."""
    first, last = data.engineer_of[:, FIRST], data.engineer_of[:, LAST]
    places = np.unique(np.concatenate([first, last]))
    return places, begin + np.searchsorted(places, first), begin + np.searchsorted(places, last)


def _costs(data: Data, visits: IntArray, price: FloatArray, coin: float) -> list[tuple[IntArray, list[int]]]:
    """Return the costs of arcs, with what it costs to give the visit at their end to each engineer."""
    crew = data.assign.shape[1]
    extra = np.where(data.assign[visits] < FORBIDDEN, data.assign[visits], 0.0)
    if not extra.any() or len(price) ** 2 * crew > _OWN_COSTS:
        return [(np.rint(price * coin).astype(np.int64), list(range(crew)))]
    found = []
    for e in range(crew):
        own = price.copy()
        own[:, : len(visits)] += extra[:, e]
        found.append((np.rint(own * coin).astype(np.int64), [e]))
    return found


def _loads(data: Data, visits: IntArray, places: int) -> list[tuple[IntArray, IntArray, str]]:
    """Return the load, and the parts of those who cannot fetch more."""
    measures = [(data.visit[visits, DEMAND], data.engineer[:, CAPACITY], "load")]
    fetches = data.engineer_of[:, DEPOT] >= 0
    for q in range(data.parts.shape[1]):
        room = np.where(fetches, FORBIDDEN, data.van[:, q])
        measures.append((data.parts[visits, q], room, f"part {q}"))
    found = []
    for amount, room, name in measures:
        if amount.any():
            factor = _scale([amount], 1000.0)
            units = np.concatenate([_up(amount * factor), np.zeros(places, np.int64)])
            found.append((units, _down(np.minimum(room, amount.sum() + 1.0) * factor), name))
    return found
