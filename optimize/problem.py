"""What has to be planned: orders, engineers, travel and what counts, in one immutable description.

Routing with time windows, technician routing with parts and tools, home care with visits by two, and a
dispatcher's day are all this problem with some fields unused. Times are hours since one instant that the
caller chooses (or the unit of a published instance throughout), money is in one currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scenarios.phrases import phrase

FloatArray = npt.NDArray[np.float64]

#: Names of the clocks of an order: until first arrival, until restored, until closed.
CLOCKS = ("attend", "restore", "complete")


class ProblemError(ValueError):
    """A problem that contradicts itself; the message names what, what was found and what is allowed."""


@dataclass(frozen=True)
class Due:
    """A clock of an order.

    Parameters
    ----------
    clock
        One of `CLOCKS`; attend stops at the start, the others at the end of the work.
    at
        When it falls due.
    weight
        What an hour past it costs.
    """

    clock: str
    at: float
    weight: float


@dataclass(frozen=True)
class Pin:
    """What the plan must not change of an order.

    Parameters
    ----------
    engineer
        Who has it; anybody when absent.
    start_from, start_to
        Range of its start; the same instant twice for a fixed time, absent for any.
    """

    engineer: str | None = None
    start_from: float | None = None
    start_to: float | None = None


@dataclass(frozen=True)
class Link:
    """A visit whose start depends on this one's, by somebody else.

    Parameters
    ----------
    order
        The other order.
    gap_low, gap_high
        Least and most hours from this start to the other's; 0 and 0 for the same time.
    """

    order: str
    gap_low: float = 0.0
    gap_high: float = 0.0


@dataclass(frozen=True)
class Order:
    """One visit to be made.

    Parameters
    ----------
    id
        Its name.
    place
        Position of its place in the travel matrices.
    duration
        Expected hours of work.
    skills
        Lowest level by skill domain; all are needed.
    languages, security_pass
        Languages of which one is enough, and the pass without which nobody may work there.
    earliest, latest
        Window of the start.
    dues
        Its clocks.
    drop_cost
        What it costs to leave it for later; infinity forbids it.
    load, parts, tools
        One measure of load; units used by part; tools needed, which are not used up.
    may_pause
        Whether the work may go over several shifts.
    pin
        What is fixed.
    links
        Visits that depend on its start: others of a crew, an expert who works remotely beside them.
    on_site
        Whether somebody travels for it; if not, he works from where he is at the time.
    allowed
        Engineers who may have it, where a list says so in place of rules; all when absent.
    """

    id: str
    place: int
    duration: float
    skills: Mapping[str, int] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    security_pass: str | None = None
    earliest: float = 0.0
    latest: float = np.inf
    dues: tuple[Due, ...] = ()
    drop_cost: float = np.inf
    load: float = 0.0
    parts: Mapping[str, int] = field(default_factory=dict)
    tools: frozenset[str] = frozenset()
    may_pause: bool = False
    pin: Pin | None = None
    links: tuple[Link, ...] = ()
    on_site: bool = True
    allowed: frozenset[str] | None = None


@dataclass(frozen=True)
class Shift:
    """Hours in which an engineer works.

    Parameters
    ----------
    opens, closes
        Its begin and end.
    overtime
        Hours past the end that are allowed, at a price.
    pause
        Begin and end of a break in which nothing happens.
    """

    opens: float
    closes: float
    overtime: float = 0.0
    pause: tuple[float, float] | None = None


@dataclass(frozen=True)
class Away:
    """That somebody is away at times when he would else be at work: for reasons, which no plan depends on.

    Parameters
    ----------
    periods
        From when until when he is away, in hours since the problem's start and in order; infinity for no
        return that is known.
    shifts, free_at
        His shifts, and the hour from which on he would be free, as if he were not away.
    """

    periods: tuple[tuple[float, float], ...]
    shifts: tuple[Shift, ...]
    free_at: float


@dataclass(frozen=True)
class Engineer:
    """One person who can be sent.

    Parameters
    ----------
    id
        His name.
    place, home
        Where he is, and where he goes at the end; nowhere when absent.
    free_at
        From when on.
    shifts
        In order, not overlapping.
    skills
        Level by skill domain.
    languages, passes
        What he speaks, and the security passes he holds.
    capacity, parts, tools
        Load that he takes, units and tools in the van.
    depot, depot_hours
        Place where he may fetch every tool and any number of parts, and how long that takes.
    cost_per_hour, overtime_factor
        Pay, and the price of overtime over it.
    cost_of_use
        What it costs to use him at all.
    away
        Absences that his shifts leave out, where there are any.
    """

    id: str
    place: int
    home: int | None
    free_at: float
    shifts: tuple[Shift, ...]
    skills: Mapping[str, int] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    passes: frozenset[str] = frozenset()
    capacity: float = np.inf
    parts: Mapping[str, int] = field(default_factory=dict)
    tools: frozenset[str] = frozenset()
    depot: int | None = None
    depot_hours: float = 0.0
    cost_per_hour: float = 1.0
    overtime_factor: float = 1.5
    cost_of_use: float = 0.0
    away: Away | None = None


@dataclass(frozen=True)
class SchedulingPolicy:
    """What counts, and how much: weights of the objectives, and where some come first, in which order.

    Parameters
    ----------
    travel_hour
        An hour on the way, beside the prices of the travel matrix.
    tardiness
        Factor on the weights of the orders' clocks.
    overtime
        Factor on pay for overtime.
    skill_waste
        Each level by which somebody is above what an order asks for.
    duration_hour
        An hour between departure and return.
    unfairness
        The square of the hours of work of each engineer.
    churn
        Another engineer than in the previous plan.
    largest_tardiness
        An hour of the largest of all lateness, whatever the weight of the clock.
    churn_share
        What another engineer costs at least when a plan is made anew, in shares of what an order of the plan
        that stands costs on average.
    levels
        Parts of the cost, as `optimize.plan.CostParts` names them, in order of importance, those of a level
        together; what is in none comes last. Nothing where only the sum counts.
    steepness
        Of levels: how many times as much each counts as the next in the sum that is searched by; 0 where no
        number is enough, so that they are kept in full. `optimize.engines.by_level` begins with less.
    step
        Of levels kept in full: a difference by so much money outweighs all after it. `optimize.priorities`
        may have to make it larger.
    """

    travel_hour: float = 1.0
    tardiness: float = 1.0
    overtime: float = 1.0
    skill_waste: float = 0.0
    duration_hour: float = 0.0
    unfairness: float = 0.0
    churn: float = 0.0
    largest_tardiness: float = 0.0
    churn_share: float = 0.5
    levels: tuple[tuple[str, ...], ...] = ()
    steepness: float = 0.0
    step: float = 0.01


@dataclass(frozen=True)
class Travel:
    """Ways between places by the time of day.

    Parameters
    ----------
    hours, price
        [K, L, L] -> hours and price from a place to another, by the slice of the day of the departure.
    slice_hours
        Length of a slice; they repeat after K.
    """

    hours: FloatArray
    price: FloatArray
    slice_hours: float = 24.0

    @classmethod
    def constant(cls, hours: FloatArray, price: FloatArray | None = None) -> Travel:
        """Return travel that does not depend on the time of day; without prices it costs nothing beside."""
        return cls(hours[None], (np.zeros_like(hours) if price is None else price)[None], np.inf)


@dataclass(frozen=True)
class DispatchProblem:
    """Orders and engineers to bring together.

    Parameters
    ----------
    orders, engineers
        What is to be done, and by whom.
    travel
        The ways between their places.
    policy
        What counts.
    previous
        Engineer by order in the plan that is replaced, for churn.

    Raises
    ------
    ProblemError
        If names recur, places are unknown, or links dangle.
    """

    orders: tuple[Order, ...]
    engineers: tuple[Engineer, ...]
    travel: Travel
    policy: SchedulingPolicy = field(default_factory=SchedulingPolicy)
    previous: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for items in (self.orders, self.engineers):
            names = [item.id for item in items]
            if len(set(names)) < len(names):
                twice = next(name for name in names if names.count(name) > 1)
                raise ProblemError(phrase("{id}: found twice; allowed: every id once", id=twice))
        for order in self.orders:
            self._check(order)
        stays = [np.diagonal(ways, axis1=1, axis2=2).any() for ways in (self.travel.hours, self.travel.price)]
        if any(stays) and not all(order.on_site for order in self.orders):
            raise ProblemError(
                phrase("travel: found a way from a place to itself; allowed: none where work is from afar")
            )

    def _check(self, order: Order) -> None:
        places = self.travel.hours.shape[1]
        if not 0 <= order.place < places:
            raise ProblemError(
                phrase(
                    "order {name}: place: found {place}; allowed: 0 to {last}",
                    name=order.id,
                    place=order.place,
                    last=places - 1,
                )
            )
        for link in order.links:
            if link.order not in self.position or link.order == order.id:
                raise ProblemError(
                    phrase(
                        "order {name}: link: found {link}; allowed: another order",
                        name=order.id,
                        link=link.order,
                    )
                )

    @cached_property
    def by_weight(self) -> DispatchProblem:
        """Return the same problem with the plain sum of all costs as its objective."""
        if not self.policy.levels:
            return self
        return replace(self, policy=replace(self.policy, levels=()))

    @cached_property
    def position(self) -> dict[str, int]:
        """Return the position of each order by id."""
        return {order.id: i for i, order in enumerate(self.orders)}

    @cached_property
    def engineer_position(self) -> dict[str, int]:
        """Return the position of each engineer by id."""
        return {engineer.id: i for i, engineer in enumerate(self.engineers)}
