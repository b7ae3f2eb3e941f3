"""What the compiled search works on: the problem as arrays, and the routes that it changes in place.

Few arrays with named columns, because a compiled function takes each array apart: forty of them make every
call slow and take minutes to compile. Times are in the problem's own unit (hours, or that of a published
instance), costs in its own money.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

#: A cost that no plan has: the assignment or the route is not allowed.
FORBIDDEN = 1e15
#: The price of leaving out what must not be left out.
PRICELESS = FORBIDDEN / 1e3
#: By how much a time may pass a limit, for rounding.
SLACK = 1e-7
#: No visit, no engineer, no position. Typed, because a literal would have callers compiled once more.
NONE = cast(int, np.int64(-1))
#: No tools, no visits yet; typed as NONE is.
NOTHING = cast(int, np.int64(0))
#: Most visits that are linked with each other.
RING = 6

#: Columns of `Data.visit`: hours on site; window of the start; price of leaving it out; load; least and most
#: hours from the start of its leader to its own.
VISIT = ("service", "earliest", "latest", "drop", "demand", "gap_low", "gap_high")
SERVICE, EARLIEST, LATEST, DROP, DEMAND, GAP_LOW, GAP_HIGH = range(7)
#: Last axis of `Data.dues`: from when a later start costs, and what an hour then costs.
DUE, WEIGHT = range(2)
#: Columns of `Data.visit_of`: its place; 1 where the work may go over several shifts; bit mask of tools; the
#: next one in the ring of the visits that are linked to it at other engineers', -1 for none; the one of the
#: ring by whose start the others go; and 1 where nobody goes to the place: he works from where he is.
VISIT_OF = ("place", "may_pause", "tools", "partner", "leader", "remote")
PLACE, MAY_PAUSE, TOOLS, PARTNER, LEADER, REMOTE = range(6)
#: Columns of `Data.engineer`: from when on he may leave; prices of an hour past the end of a shift and of
#: using him at all; factor on `price`; prices of an hour from departure to return and of the square of the
#: hours worked; load that he can take; hours of a visit to the depot.
ENGINEER = ("free", "overtime", "fixed", "rate", "duration", "fairness", "capacity", "depot_hours")
FREE, OVERTIME, FIXED, RATE, DURATION, FAIRNESS, CAPACITY, DEPOT_HOURS = range(8)
#: Columns of `Data.engineer_of`: place where he is, where he goes at the end (-1: stays), where he loads (-1:
#: nowhere); bit mask of the tools in the van.
ENGINEER_OF = ("first", "last", "depot", "kit")
FIRST, LAST, DEPOT, KIT = range(4)
#: Last axis of `Data.shift`: begin, end, latest end with overtime, and a pause; infinity for none.
SHIFT = ("opens", "closes", "hard", "break_begins", "break_ends")
OPENS, CLOSES, HARD, BREAK_BEGINS, BREAK_ENDS = range(5)
#: Columns of `Routes.tally`: number of stops; before which one the depot is visited, -1 for never.
LENGTH, DEPOT_AT = range(2)
#: Columns of `Routes.sums`: cost and load of a route; of one that is not simple also its hours of ways and
#: work, from departure to return, and of work, when it departs at the earliest, and its largest lateness.
COST, LOAD, LEAST, LONG, WORKED, LEFT, WORST = range(7)
#: Middle axis of `Routes.times`: start of each stop (the end of the route after the last), and the latest
#: start with which the rest of the route may still be allowed. Of a route that is not simple also: end of the
#: stop, what is paid up to it, hours waited up to it, by how much all up to it, and all from it on, may begin
#: later at no cost, hours waited before counted.
START, LATE, END, PAID, WAITED, ROOM, TAIL = range(7)
#: Columns of `Routes.windows`: of each start at present, the problem's or an appointment with a partner.
OPENED, CLOSED = range(2)


class Data(NamedTuple):
    """The problem: m engineers with up to S shifts, n visits, L places, K slices of the day, Q parts.

    Parameters
    ----------
    travel, price
        [K, L, L] -> hours of travel and what it costs, by the slice of the day of the departure.
    slice_length
        Hours of a slice; the slices repeat after K of them.
    least
        [L, L] -> fewest hours of travel over the day.
    largest
        Price of an hour of the largest lateness in a plan.
    visit, visit_of
        [n, VISIT] and [n, VISIT_OF] -> figures and positions of each visit.
    dues
        [n, D, 2] -> DUE and WEIGHT of each clock of a visit, in terms of its start.
    engineer, engineer_of
        [m, ENGINEER] and [m, ENGINEER_OF] -> figures and positions of each engineer.
    shift
        [m, S, SHIFT] -> his shifts, in order.
    assign
        [n, m] -> cost of giving each visit to each engineer; FORBIDDEN where a rule is broken.
    parts, van
        [n, Q], [m, Q] -> units used, and carried before the depot.
    """

    travel: FloatArray
    price: FloatArray
    slice_length: float
    least: FloatArray
    largest: float
    visit: FloatArray
    dues: FloatArray
    visit_of: IntArray
    engineer: FloatArray
    engineer_of: IntArray
    shift: FloatArray
    assign: FloatArray
    parts: FloatArray
    van: FloatArray


class Routes(NamedTuple):
    """A plan in the making.

    Parameters
    ----------
    stops
        [m, C] -> visits of each engineer in their order.
    tally, sums
        [m, 2], [m, 7] -> LENGTH and DEPOT_AT, COST, LOAD and more of each route.
    times
        [m, 7, C + 1] -> START, LATE and, of routes that are not simple, more of each stop.
    route_of
        [n] -> engineer of each visit, -1 for none.
    missing, missing_count
        [n], [1] -> visits that nobody has, of which the first ones count, and how many do.
    windows
        [n, 2] -> OPENED and CLOSED of each visit.
    """

    stops: IntArray
    tally: IntArray
    sums: FloatArray
    times: FloatArray
    route_of: IntArray
    missing: IntArray
    missing_count: IntArray
    windows: FloatArray


def is_simple(data: Data) -> bool:
    """Return whether every route is simple: one shift, no break, no depot, no links, all on site."""
    if data.travel.shape[0] > 1 or data.parts.shape[1] > 0 or data.shift.shape[1] > 1 or data.largest > 0.0:
        return False
    visit_of, engineer, shift = data.visit_of, data.engineer, data.shift[:, 0]
    return not (
        (engineer[:, [DURATION, FAIRNESS]] > 0.0).any()
        or (shift[:, BREAK_BEGINS] < FORBIDDEN).any()
        or (shift[:, OPENS] > engineer[:, FREE]).any()
        or (visit_of[:, TOOLS] != 0).any()
        or (visit_of[:, PARTNER] >= 0).any()
        or (visit_of[:, [MAY_PAUSE, REMOTE]] != 0).any()
    )


def empty_routes(data: Data, capacity: int) -> Routes:
    """Return routes without a visit, with room for `capacity` in each."""
    n, m = len(data.visit), len(data.engineer)
    tally = np.zeros((m, 2), np.int64)
    tally[:, DEPOT_AT] = -1
    return Routes(
        stops=np.zeros((m, capacity), np.int64),
        tally=tally,
        sums=np.zeros((m, 7)),
        times=np.zeros((m, 7, capacity + 1)),
        route_of=np.full(n, -1, np.int64),
        missing=np.arange(n, dtype=np.int64),
        missing_count=np.array([n], np.int64),
        windows=np.ascontiguousarray(data.visit[:, [EARLIEST, LATEST]]),
    )


def as_data(values: Mapping[str, Any]) -> Data:
    """Return a problem in the one type and memory order that the kernels are compiled for.

    Parameters
    ----------
    values
        Every column of VISIT, VISIT_OF, ENGINEER, ENGINEER_OF and SHIFT by its name, and `travel`, `price`,
        `slice_length`, `dues`, `assign`, `parts` and `van`; also `leader` where visits are linked, and
        `largest` where the largest lateness costs something.
    """

    def whole(names: tuple[str, ...]) -> IntArray:
        return np.ascontiguousarray(np.stack([np.asarray(values[name]) for name in names], -1), np.int64)

    def real(names: tuple[str, ...]) -> FloatArray:
        return np.ascontiguousarray(np.stack([np.asarray(values[name]) for name in names], -1), np.float64)

    names = ("travel", "price", "assign", "dues", "parts", "van")
    plain = {name: np.ascontiguousarray(values[name], np.float64) for name in names}
    travel = plain["travel"]
    own, partner = np.arange(len(values["partner"])), np.asarray(values["partner"])
    values = {"leader": np.where(partner < 0, -1, np.minimum(own, partner)), "largest": 0.0, **values}
    return Data(
        **plain,
        slice_length=float(values["slice_length"]),
        least=travel[0] if len(travel) == 1 else np.ascontiguousarray(travel.min(axis=0)),
        largest=float(values["largest"]),
        visit=real(VISIT),
        visit_of=whole(VISIT_OF),
        engineer=real(ENGINEER),
        engineer_of=whole(ENGINEER_OF),
        shift=real(SHIFT),
    )
