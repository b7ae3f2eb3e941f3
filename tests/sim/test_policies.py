"""Dispatch policies: the order in which they take what waits, and whom they send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import tiny, world_of

from scenarios.checks import POLICY_GROUP
from sim.entities import Engineer, Order
from sim.policies import DispatchPolicy, FirstCome, NearestQualified, SlaPriority, find_policy

FAULT = world_of(tiny({"fault": {}}, {"a": {}})).periods[0].faults[0]
NAN = float("nan")


@dataclass
class View:
    """The present of a test: its instant, and hours to the one site from each location."""

    now: float = 0.0
    hours: list[float] = field(default_factory=list)

    def hours_to(self, site: int) -> Sequence[float]:
        """Return the hours to any site."""
        return self.hours


def order(
    reported: float = 0.0, ready: float = 0.0, due: float = NAN, priority: int = 3, weight: float = 1.0
) -> Order:
    """Return an order."""
    made = Order(0, FAULT, 0, weight, reported, due, (0,))
    made.ready_at, made.priority = ready, priority
    return made


def engineer(index: int, location: int = 0, breadth: int = 1, idle_since: float = 0.0) -> Engineer:
    """Return an engineer."""
    made = Engineer(index, f"e{index}", 0, breadth, location)
    made.idle_since = idle_since
    return made


def chosen(policy: DispatchPolicy, view: View, *candidates: Engineer, one: Order | None = None) -> int:
    """Return the index of the engineer whom a policy sends."""
    return policy.choose_engineer(one or order(), iter(candidates), view).index


def test_first_come_takes_what_has_been_ready_longest() -> None:
    """First come, first served: neither priority nor report matters, only since when an order is ready."""
    orders = [order(reported=0.0, ready=9.0, priority=1), order(reported=5.0, ready=5.0, priority=4)]
    assert sorted(orders, key=FirstCome().order_key) == orders[::-1]


def test_first_come_sends_whoever_has_been_idle_longest() -> None:
    """The engineer who has been idle longest goes, however far he is."""
    far, near = engineer(0, 0, idle_since=1.0), engineer(1, 1, idle_since=2.0)
    assert chosen(FirstCome(), View(hours=[9.0, 0.1]), near, far) == 0


def test_nearest_qualified_takes_the_urgent_then_the_older() -> None:
    """Priority comes first, and the earlier report among equals."""
    orders = [order(1.0, priority=1), order(2.0, priority=1), order(0.0, priority=2)]
    assert sorted(orders[::-1], key=NearestQualified().order_key) == orders


def test_nearest_qualified_sends_the_nearest() -> None:
    """The shortest way decides; of equals the first listed goes."""
    view = View(hours=[2.0, 0.5, 0.5])
    people = [engineer(i, location=i) for i in range(3)]
    assert chosen(NearestQualified(), view, *people) == 1
    assert chosen(NearestQualified(), view, people[2], people[1]) == 2


def test_sla_priority_takes_the_earlier_weighted_due_date() -> None:
    """Time until due counts less, the heavier the customer and the more urgent the fault."""
    plain = order(due=12.0, priority=3)  # 12 h / (1 x 2)
    heavy = order(due=24.0, priority=3, weight=5.0)  # 24 h / (5 x 2)
    urgent = order(due=12.0, priority=1)  # 12 h / (1 x 4)
    never = order()
    assert sorted([never, plain, heavy, urgent], key=SlaPriority().order_key) == [heavy, urgent, plain, never]


def test_sla_priority_takes_orders_that_are_never_due_as_they_were_reported() -> None:
    """Without a due date the earlier report is taken first, after all that is due."""
    orders = [order(reported=9.0, due=1000.0), order(reported=1.0), order(reported=2.0)]
    assert sorted(orders[::-1], key=SlaPriority().order_key) == orders


@settings(deadline=None)
@given(priority=st.integers(1, 9), weight=st.floats(0.1, 100.0), target=st.floats(0.1, 1000.0))
def test_sla_priority_s_key_is_finite_and_after_the_report(
    priority: int, weight: float, target: float
) -> None:
    """Every priority that the schema allows gives a weighted due date after the report."""
    key = SlaPriority().order_key(order(reported=7.0, due=7.0 + target, priority=priority, weight=weight))
    assert 7.0 <= key[0] < float("inf")


def test_sla_priority_sends_the_least_qualified_who_is_there_in_time() -> None:
    """Of those who arrive by the due time the least qualified goes, and of equals the nearest."""
    view = View(now=10.0, hours=[0.5, 1.5, 1.0, 3.0])
    expert, near, nearer, late = (
        engineer(0, 0, breadth=9),
        engineer(1, 1, breadth=2),
        engineer(2, 2, breadth=2),
        engineer(3, 3, breadth=1),
    )
    one = order(due=12.0)
    assert chosen(SlaPriority(), view, expert, near, nearer, late, one=one) == 2
    assert chosen(SlaPriority(), view, expert, late, one=one) == 0


@pytest.mark.parametrize("due", [9.0, NAN])
def test_sla_priority_sends_the_nearest_if_nobody_is_in_time(due: float) -> None:
    """When the due time cannot be kept, or there is none, the nearest goes."""
    view = View(now=10.0, hours=[0.5, 1.5])
    assert (
        chosen(SlaPriority(), view, engineer(1, 1, breadth=1), engineer(0, 0, breadth=9), one=order(due=due))
        == 0
    )


def test_policies_are_found_by_name() -> None:
    """Every installed entry point gives a policy of its name, a new one at each call."""
    names = {entry.name for entry in entry_points(group=POLICY_GROUP)}
    assert {"first_come", "nearest_qualified", "sla_priority"} <= names
    for name in names:
        policy = find_policy(name)
        assert chosen(policy, View(hours=[0.0]), engineer(0)) == 0
        assert policy.order_key(order(due=1.0)) == policy.order_key(order(due=1.0))


def test_an_unknown_policy_is_refused() -> None:
    """The refusal names what was asked for and what there is."""
    with pytest.raises(
        LookupError, match="'fastest' is not one of earliest_arrival, first_come, nearest_qualified"
    ):
        find_policy("fastest")
