"""Idle engineers and waiting orders: the right order for the right engineer, and no memory for the past."""

from __future__ import annotations

import heapq
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import Document, tiny, world_of

from scenarios.world import World
from sim.entities import Engineer, Order
from sim.policies import FirstCome, NearestQualified, find_policy
from sim.roster import Roster
from sim.waiting import Waiting

untimed = settings(deadline=None)


def desk_and_field() -> Document:
    """Return three kinds of orders, and engineers of whom some may do one of them and some all."""
    faults: dict[str, Document] = {
        "field": {},
        "desk": {"skill": "desk"},
        "hard": {"level": "senior", "severity": "emergency"},
    }
    engineers: dict[str, Document] = {
        "desk": {"count": 2, "skills": ["desk"]},
        "field": {"count": 2},
        "both": {"skills": {"field": "senior", "desk": "junior"}},
    }
    return tiny(faults, engineers)


WORLD: World = world_of(desk_and_field())
KINDS = {name: i for i, name in enumerate(WORLD.names.fault_types)}


def order(kind: str, ready_at: float, row: int = 0) -> Order:
    """Return an order of a kind that became ready at an instant."""
    period = WORLD.periods[0]
    queues = period.queues[0][KINDS[kind]]
    made = Order(row, period.faults[KINDS[kind]], 0, 1.0, ready_at, float("nan"), queues)
    made.ready_at = ready_at
    return made


def team() -> dict[str, Engineer]:
    """Return the engineers by group and number."""
    return {e.name.removeprefix("base:"): e for e in Roster(WORLD).engineers}


def take_next(waiting: Waiting, engineer: Engineer) -> Order | None:
    """Let an engineer take the order that is next for him, and return it."""
    found = waiting.first_for(engineer)
    if found is not None:
        waiting.take(found)
    return found


def test_the_first_in_the_policy_s_order_is_taken() -> None:
    """An engineer takes the order with the smallest key among those that he may serve."""
    waiting, people = Waiting(WORLD, FirstCome()), team()
    orders = [order("desk", 1.0), order("field", 2.0), order("hard", 3.0), order("field", 0.5)]
    for one in orders:
        waiting.push(one)
    taken = [take_next(waiting, people["both:1"]) for _ in range(5)]
    assert taken == [orders[3], orders[0], orders[1], orders[2], None]


def test_orders_that_he_may_not_serve_are_passed_over() -> None:
    """An engineer never gets an order of a skill or level that he does not hold."""
    waiting, people = Waiting(WORLD, FirstCome()), team()
    hard, desk = order("hard", 1.0), order("desk", 2.0)
    waiting.push(hard)
    waiting.push(desk)
    assert take_next(waiting, people["field:1"]) is None
    assert take_next(waiting, people["desk:1"]) is desk
    assert take_next(waiting, people["both:1"]) is hard


def test_equals_are_taken_as_they_came() -> None:
    """Of orders with equal keys, the one that began to wait first is taken first."""
    waiting, people = Waiting(WORLD, FirstCome()), team()
    orders = [order(("field", "hard")[i % 2], 1.0) for i in range(6)]
    for one in orders:
        waiting.push(one)
    assert [take_next(waiting, people["both:1"]) for _ in orders] == orders


def test_a_withdrawn_order_is_not_taken() -> None:
    """An order that was withdrawn is seen no more, wherever in its heap it lies."""
    waiting, people = Waiting(WORLD, FirstCome()), team()
    orders = [order("field", float(i)) for i in range(5)]
    for one in orders:
        waiting.push(one)
    for one in (orders[0], orders[2], orders[4]):
        waiting.withdraw(one)
        assert not one.waiting
    assert sorted(o.ready_at for o in waiting.orders()) == [1.0, 3.0]
    assert [take_next(waiting, people["field:1"]) for _ in range(3)] == [orders[1], orders[3], None]


def test_an_order_may_wait_again_after_it_was_withdrawn() -> None:
    """An order that waits a second time is there once, though its first entry still lies in the heap."""
    waiting, people = Waiting(WORLD, FirstCome()), team()
    again, other = order("field", 1.0), order("field", 2.0)
    waiting.push(again)
    waiting.push(other)
    waiting.withdraw(again)
    again.ready_at = 3.0
    waiting.push(again)
    assert sorted(o.ready_at for o in waiting.orders()) == [2.0, 3.0]
    assert [take_next(waiting, people["field:1"]) for _ in range(3)] == [other, again, None]


def test_a_new_policy_sorts_what_waits_anew() -> None:
    """When the policy changes, what waits is taken in the new order, and withdrawn orders stay out."""
    waiting, people = Waiting(WORLD, FirstCome()), team()
    early, urgent, gone = order("field", 1.0), order("hard", 2.0), order("hard", 0.0)
    for one in (early, urgent, gone):
        waiting.push(one)
    waiting.withdraw(gone)
    waiting.follow(NearestQualified())
    assert [take_next(waiting, people["both:1"]) for _ in range(3)] == [urgent, early, None]


def test_candidates_are_the_idle_who_may() -> None:
    """Candidates are exactly the idle engineers who may serve the queue, longest idle first in each group."""
    waiting, people = Waiting(WORLD, FirstCome()), team()
    field = order("field", 0.0).queue
    assert waiting.candidates(field) is None
    for name in ("desk:1", "field:2", "both:1", "field:1"):
        waiting.rest(people[name])
    names = [e.name for e in waiting.candidates(field) or ()]
    assert sorted(names) == ["base:both:1", "base:field:1", "base:field:2"]
    assert names.index("base:field:2") < names.index("base:field:1")
    waiting.engage(people["field:2"])
    waiting.engage(people["field:1"])
    assert [e.name for e in waiting.candidates(field) or ()] == ["base:both:1"]
    assert waiting.is_idle(people["both:1"]) and not waiting.is_idle(people["field:1"])


def test_nobody_engages_who_is_not_idle() -> None:
    """Taking an engineer from the idle ones who is not among them is an error."""
    waiting, people = Waiting(WORLD, FirstCome()), team()
    with pytest.raises(KeyError):
        waiting.engage(people["field:1"])


def first_of(live: list[Order], engineer: Engineer, policy: Any) -> Order | None:
    """Return the waiting order with the smallest key that an engineer may serve, looked for one by one."""
    served = [o for o in live if WORLD.queues[o.queue].categories >> engineer.category & 1]
    return min(served, key=policy.order_key, default=None)


@untimed
@given(
    seed=st.integers(0, 2**32), policy=st.sampled_from(("first_come", "nearest_qualified", "sla_priority"))
)
def test_any_sequence_does_what_a_plain_list_does(seed: int, policy: str) -> None:
    """Whatever is pushed, popped and withdrawn, heaps and masks answer as a search of a plain list."""
    random, live = Random(seed), list[Order]()
    chosen = find_policy(policy)
    waiting, people = Waiting(WORLD, chosen), list(team().values())
    gone: list[Order] = []
    for step in range(300):
        act = random.random()
        if act < 0.5 or not live:
            again = (
                gone.pop() if gone and random.random() < 0.5 else order(random.choice(list(KINDS)), 0.0, step)
            )
            again.ready_at = again.reported_at = float(step) + random.random()
            waiting.push(again)
            live.append(again)
        elif act < 0.8:
            engineer = random.choice(people)
            taken = take_next(waiting, engineer)
            assert taken is first_of(live, engineer, chosen)
            if taken is not None:
                live.remove(taken)
        else:
            victim = live.pop(random.randrange(len(live)))
            waiting.withdraw(victim)
            gone.append(victim)
        assert sorted(o.ready_at for o in waiting.orders()) == sorted(o.ready_at for o in live)
        assert all(o.waiting for o in live) and not any(o.waiting for o in gone)


def entries(waiting: Waiting) -> int:
    """Return how many entries all heaps hold, withdrawn ones included."""
    return sum(len(heap) for heap in waiting._heaps)


def test_withdrawn_orders_are_swept_out() -> None:
    """However many orders are withdrawn, the heaps never hold many more entries than orders that wait."""
    waiting = Waiting(WORLD, FirstCome())
    lasting = [order("field", 1e9 + i) for i in range(10)]
    for one in lasting:
        waiting.push(one)
    most = 0
    for step in range(5000):
        passing = order("field", float(step))
        waiting.push(passing)
        waiting.withdraw(passing)
        most = max(most, entries(waiting))
    assert most <= 2 * (len(lasting) + 1) + 64
    assert len(list(waiting.orders())) == len(lasting)


def test_an_empty_heap_holds_nothing() -> None:
    """When the last order of a queue is taken or withdrawn, its heap is empty and its bit is off."""
    waiting, people = Waiting(WORLD, FirstCome()), team()
    one, two = order("field", 1.0), order("field", 2.0)
    waiting.push(one)
    waiting.push(two)
    waiting.withdraw(two)
    assert take_next(waiting, people["field:1"]) is one
    assert (entries(waiting), waiting.pending) == (0, 0)
    waiting.push(one)
    waiting.withdraw(one)
    assert (entries(waiting), waiting.pending) == (0, 0)


def test_heaps_stay_heaps() -> None:
    """After a sweep, the smallest key is still on top."""
    waiting = Waiting(WORLD, FirstCome())
    orders = [order("field", float(i % 97)) for i in range(400)]
    for one in orders:
        waiting.push(one)
    for one in orders[:350]:
        waiting.withdraw(one)
    heap = waiting._heaps[orders[0].queue]
    assert len(heap) < 400
    copy = list(heap)
    heapq.heapify(copy)
    assert heap[0] == copy[0]
