"""The policy `optimized` inside the simulation: what it decides and may know, and that it repeats itself.

That no decision depends on what is not revealed is also held, over random scenarios and for every policy that
is installed, by `tests/sim/test_unrevealed.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from test_unrevealed import two_runs, unannounced
from worlds import Document, reports, run, simulate, tiny, visit_log, world_of

from optimize.in_loop.columns import Prices, columns_of
from optimize.in_loop.policy import Optimized
from optimize.in_loop.solving import FORBIDDEN
from scenarios import load
from scenarios.compiling import compile_world
from sim import experiment
from sim.entities import Engineer, Order
from sim.experiment import run as run_experiment
from sim.model import Model
from sim.policies import Situation, find_policy, plans

HOURS = {
    "base": {"near": 0.5, "far": 6.0},
    "near": {"far": 5.5},
    "hub": {"far": 0.5, "near": 5.0, "base": 5.5},
}


def two_places(policy: str) -> Document:
    """Return one engineer at base, one at a hub, and two sites; only the hub's is near the far one."""
    one = tiny(
        {"fault": {"work_hours": 1.0}, "desk": {"skill": "desk", "work_hours": 1.0}},
        {"a": {}},
        sites=("near", "far"),
        hours=HOURS,
        dispatch={"policy": policy},
    )
    group = {"count": 1, "level": "junior", "skills": ["field", "desk"], "shift": "always"}
    one["centres"]["hub"] = {"level": "local", "city": "town", "engineers": {"b": group}}
    return one


def one_for_two(policy: str) -> Document:
    """Return one engineer, a task that keeps him, and orders with targets of 2, 3 and 20 hours."""
    targets = {"busy": 9.0, "lost": 2.0, "tight": 3.0, "loose": 20.0}
    return tiny(
        {name: {"work_hours": 1.5 if name == "busy" else 1.0} for name in targets},
        {"a": {}},
        sla=[{"name": n, "match": {"fault_type": n}, "targets": {"attend": t}} for n, t in targets.items()],
        dispatch={"policy": policy},
    )


def test_the_policy_is_found_by_its_name_and_plans() -> None:
    """The entry point gives a policy that decides for several at once; those of the simulator do not."""
    assert isinstance(find_policy("optimized"), Optimized)
    assert plans(find_policy("optimized"))
    assert not plans(find_policy("nearest_qualified"))


def test_an_order_waits_for_somebody_busy_who_is_there_earlier() -> None:
    """The hub's engineer is done in 1.5 h and half an hour away: he is waited for, not the free one sent."""
    given = ((0.0, "far", "desk"), (0.25, "far", "fault"))
    assert [e[1:3] for e in visit_log(run(two_places("optimized"), *given))] == [
        ("hub:b:1", 0.0),
        ("hub:b:1", 1.5),
    ]
    nearest = visit_log(run(two_places("nearest_qualified"), *given))
    assert [e[1:3] for e in nearest] == [("hub:b:1", 0.0), ("a:1", 0.25)]


def served(one: Document, busy: float, *given: tuple[float, str, str]) -> list[str]:
    """Return which faults the one engineer takes one after the other; the first keeps him `busy` hours."""
    world = world_of(one)
    births = reports(world, *given)
    births.work[births.fault == world.names.fault_types.index("busy")] = busy
    model = Model(world, 1, 0, births=births)
    model.run()
    return [world.names.fault_types[births.fault[row]] for row in model.visits.row]


def taken(policy: str) -> list[str]:
    """Return the order of service where one target is missed by the time at which the engineer is done."""
    given = ((0.0, "site", "busy"), (0.1, "site", "loose"), (0.2, "site", "lost"), (0.3, "site", "tight"))
    return served(one_for_two(policy), 2.5, *given)


def test_what_can_be_kept_comes_before_what_is_missed() -> None:
    """An order that can still be in time is served before one that is late, and that before one with time."""
    assert taken("optimized") == ["busy", "tight", "lost", "loose"]
    assert taken("nearest_qualified") == ["busy", "loose", "lost", "tight"]


def test_what_can_still_be_restored_comes_before_a_visit_in_time() -> None:
    """Late already, but restored in time if served at once: that goes before one that would be in time."""
    one = one_for_two("optimized")
    one["sla"][1]["targets"] = {"attend": 2.0, "restore": 4.0}
    one["sla"][2]["targets"] = {"attend": 1.0}
    given = ((0.0, "site", "busy"), (0.1, "site", "lost"), (2.5, "site", "tight"))
    assert served(one, 2.6, *given) == ["busy", "lost", "tight"]


@pytest.mark.parametrize(
    ("severity", "expected"), [("major", ["busy", "lost", "tight"]), ("normal", ["busy", "tight", "lost"])]
)
def test_service_that_is_out_does_not_wait_for_long_work(severity: str, expected: list[str]) -> None:
    """A major fault that is late goes before long work that would be in time, an ordinary one after it."""
    one = one_for_two("optimized")
    one["fault_types"]["lost"]["severity"] = severity
    one["fault_types"]["tight"] |= {"severity": "normal", "work_hours": 10.0}
    one["sla"][1]["targets"] = {"attend": 2.0, "restore": 60.0}
    one["sla"][2]["targets"] = {"attend": 1.0}
    given = ((0.0, "site", "busy"), (0.1, "site", "lost"), (2.5, "site", "tight"))
    assert served(one, 2.6, *given) == expected


def test_what_is_late_does_not_push_service_that_is_out_past_the_night() -> None:
    """Two hours before the end of a shift, with work for two days, a major fault goes before a late order."""
    one = one_for_two("optimized")
    one["centres"]["base"]["engineers"]["a"]["shift"] = "day"
    one["fault_types"]["lost"]["work_hours"] = 6.0
    one["fault_types"]["loose"] |= {"severity": "major", "work_hours": 6.5}
    one["sla"][3]["targets"] = {"attend": 24.0, "restore": 72.0}
    given = ((8.0, "site", "busy"), (8.1, "site", "lost"), (14.5, "site", "loose"))
    assert served(one, 7.0, *given) == ["busy", "loose", "lost"]


def test_nobody_waits_for_ever() -> None:
    """Whatever is held for somebody else is served in the end, as long as the team keeps up."""
    one = two_places("optimized")
    one["device_types"]["fault"]["failures_per_year"] = 900.0
    model = simulate(one)
    old = model.births.reported_at < model.world.horizon - 48.0
    assert old.sum() > 20
    assert np.isfinite(np.array(model.completed)[old]).all()


class Watched(Optimized):
    """Keeps what it was shown and what it answered, and puts each situation to a second policy, too."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[Situation, list[tuple[Order, Engineer]], list[tuple[Order, Engineer]]]] = []

    def assign(self, situation: Situation) -> Iterable[tuple[Order, Engineer]]:
        """Decide twice."""
        pairs = list(super().assign(situation))
        self.seen.append((situation, pairs, list(Optimized().assign(situation))))
        return pairs


@pytest.fixture(scope="module")
def watched() -> Watched:
    """Return what a fortnight of one city looked like."""
    world, policy = compile_world(load("one-city", ["days=14"])), Watched()
    Model(world, 1, 0, policies=[policy]).run()
    return policy


def test_every_decision_is_legal_and_repeats_itself(watched: Watched) -> None:
    """Nobody is in two pairs, all who go are free and may serve; one situation has one answer."""
    assert len(watched.seen) > 50 and max(len(s.waiters) for s, _, _ in watched.seen) > 3
    for situation, pairs, again in watched.seen:
        assert pairs == again
        assert len({o.row for o, _ in pairs}) == len({e.index for _, e in pairs}) == len(pairs)
        free = {p.engineer for p in situation.people if p.is_free}
        serving = {w.order: w.serving for w in situation.waiters}
        assert all(e in free and serving[o] >> e.category & 1 for o, e in pairs)


def test_the_problem_is_that_of_the_situation(watched: Watched) -> None:
    """Who may not serve an order is forbidden, who is free leaves now, and no window has ended."""
    prices = Prices()
    for situation, _, _ in watched.seen:
        if not situation.people:
            continue
        values = columns_of(situation, prices)
        may = [[w.serving >> p.engineer.category & 1 for p in situation.people] for w in situation.waiters]
        assert ((values["assign"] < FORBIDDEN) == np.array(may, bool)).all()
        free = np.array([p.is_free for p in situation.people])
        assert (values["free"][free] == situation.now).all()
        assert (values["free"][~free] > situation.now).all()
        assert (values["latest"] >= situation.now).all()


def test_to_leave_an_order_out_is_never_cheaper_than_to_keep_its_target(watched: Watched) -> None:
    """The price of leaving out is at least what the last start that keeps a target costs, and the target."""
    prices, windows = Prices(), 0
    for situation, _, _ in watched.seen:
        values = columns_of(situation, prices)
        for latest, drop, dues, waiter in zip(
            values["latest"], values["drop"], values["dues"], situation.waiters, strict=True
        ):
            kept = latest < 1e9
            windows += kept
            at = latest if kept else situation.now + prices.reach
            served_then = sum(price * max(at - due, 0.0) for due, price in dues)
            assert drop >= served_then + kept * prices.missed * waiter.order.weight - 1e-9
    assert windows > 50


@pytest.mark.parametrize("seed", range(3))
def test_what_is_not_revealed_changes_no_decision(seed: int) -> None:
    """Draws of work, parts and failures to come are made anew at a decision; those up to it stay."""
    runs = two_runs(unannounced(seed), 0.6, Optimized)
    assert runs is not None
    before, after, chosen = runs
    assert after[: chosen + 1] == before[: chosen + 1]


def test_the_same_seed_gives_the_same_rows_on_one_worker_and_on_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures of all replications are the same bit for bit, whichever process ran them."""
    monkeypatch.setattr(experiment, "_ORDERS_PER_BATCH", 1)
    scenario = load("one-city", ["days=10", "dispatch.policy=optimized"])
    one, two = (run_experiment(scenario, replications=2, seed=5, workers=n) for n in (1, 2))

    def rows(result: Any) -> list[Any]:
        return [
            (n, [repr(c) for c in zip(v.dimension, v.value, v.kpi, v.figure, strict=True)])
            for n, v in result.values
        ]

    assert rows(one) == rows(two)


def test_each_replication_and_decision_has_random_numbers_of_its_own() -> None:
    """Two replications of the same reports are planned under other keys, one twice under the same."""
    world = world_of(two_places("optimized"))
    numbers = []
    for replication in (0, 1, 0):
        policy = Watched()
        births = reports(world, (0.0, "far", "desk"), (0.25, "far", "fault"))
        Model(world, 1, replication, births=births, policies=[policy]).run()
        numbers.append([situation.numbers for situation, _, _ in policy.seen])
    assert numbers[0] == numbers[2] != numbers[1]
    assert len(set(numbers[0])) == len(numbers[0])
