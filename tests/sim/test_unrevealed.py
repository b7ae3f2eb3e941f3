"""No dispatch decision depends on what is not yet revealed.

A scenario is run twice: as it is, and in a world that is the same up to the instant of one decision. In that
other world whatever nobody can know by then is drawn anew: failures to come, the work, fix and part of orders
that wait, and the rest of whatever is under way. The decisions up to that one must be the same.

Some draws are the same in both worlds, and are held to their time elsewhere: the roster is made known ahead
(`test_absences`), weather changes travel and failures by itself (`test_travel_in_weather`), what customers do
after their order changes no order (`test_aftercare`). Where planned work is announced, some of what is to
come is known: inspections and prediction are left out (`test_inspections`, `test_prediction`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_worlds import random_document
from worlds import Document, world_of

from scenarios.checks import POLICY_GROUP
from scenarios.world import World
from sim import draws
from sim.entities import Engineer, Order
from sim.model import Model
from sim.policies import DispatchPolicy, FirstCome
from sim.reports import failures
from sim.visit_log import Outcome, Role

SEED, REPLICATION = 5, 0
POLICIES = sorted(entry.name for entry in entry_points(group=POLICY_GROUP))
Draw = tuple[int, str, int]
Decision = tuple[float, int, int, str]
_DRAW, _DRAWS = draws.uniform, draws.uniforms
#: What is drawn of people, weather and customers rather than of orders.
ENVIRONMENT = frozenset(
    (
        *("leave", "training", "sick", "sick_days", "attrition", "replacement", "shortage"),
        *("weather", "weather_begins", "weather_hours", "batch", "extra_gap", "extra_mark", "thinning"),
        *("verification", "follow_up", "follow_up_hours", "complaint", "complaint_delay"),
        *("complaint_answer", "complaint_solution", "complaint_confirmation"),
    )
)
#: What decides where a part comes from and when: promised at the demand.
SUPPLY = ("lead", "restock", "transfer", "second_supplier", "availability", "refurbished", "rush")
#: How many stocks of a chain may pass a demand on, and a number for a supplier in place of another.
_DEPTH = 4
_LARGEST = 1.0 - 2.0**-53
#: SimPy's clock may stand the last bit before the instant that it was set to.
_ROUNDING = 1e-9


class OtherWorld:
    """Draws that keep what is known, lengthen what is under way, and are new otherwise.

    Parameters
    ----------
    known
        Draws that are the same.
    begun
        Draws of what is under way, of which only a lower limit is known.
    """

    def __init__(self, known: set[Draw], begun: set[Draw]) -> None:
        self._known = known
        self._begun = begun

    def uniform(self, key: int, purpose: str, number: int = 0) -> float:
        """Draw in place of `draws.uniform`."""
        same = _DRAW(key, purpose, number)
        if purpose in ENVIRONMENT:
            return same
        draw = (key, purpose, number)
        if draw in self._known:
            return same
        new = _DRAW(draws.mix(key ^ 0xABCDEF), purpose, number)
        return min(same + (1.0 - same) * new, _LARGEST) if draw in self._begun else new

    def uniforms(self, keys: draws.UintArray, purpose: str, number: int = 0) -> draws.FloatArray:
        """Draw in place of `draws.uniforms`."""
        if purpose in ENVIRONMENT:
            return _DRAWS(keys, purpose, number)
        drawn = [self.uniform(key, purpose, number) for key in keys.ravel().tolist()]
        return np.array(drawn, dtype=np.float64).reshape(keys.shape)


@contextmanager
def drawn_from(other: OtherWorld) -> Iterator[None]:
    """Let everything be drawn in another world."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(draws, "uniform", other.uniform)
        patch.setattr(draws, "uniforms", other.uniforms)
        yield


class Knowledge:
    """What is known, and what is under way, at an instant of a replication that has been run.

    Parameters
    ----------
    model
        The model after its run.
    now
        The instant.
    """

    def __init__(self, model: Model, now: float) -> None:
        self.known: set[Draw] = set()
        self.begun: set[Draw] = set()
        self._model = model
        self._now = now
        births = model.births
        self._keys = births.key.tolist()
        for row in np.flatnonzero(births.reported_at <= now).tolist():
            self._learn_report(row)
        self._learn_failures()
        self._learn_visits()
        self._learn_parts()
        self._learn_partners()

    def _learn(self, over: bool, key: int, purpose: str, number: int = 0) -> None:
        (self.known if over else self.begun).add((key, purpose, number))

    def _learn_report(self, row: int) -> None:
        """Learn what was drawn of a reported order up to its release."""
        births, now, key = self._model.births, self._now, self._keys[row]
        self._learn(True, key, "gap")
        self._learn(True, key, "fault_type")
        # Whom an order asks for by mistake is known with it; that it is a mistake is not told.
        self._learn(True, key, "misdiagnosis")
        self._learn(bool(births.acknowledged_at[row] <= now), key, "triage")
        if births.acknowledged_at[row] <= now:
            for attempt in ("self_help", "remote"):
                self._learn(True, key, attempt)
                self._learn(bool(births.escalated_at[row] <= now), key, f"{attempt}_hours")
        if births.escalated_at[row] <= now:
            self._learn(True, key, "pause")
            self._learn(bool(births.released_at[row] <= now), key, "pause_hours")
        if births.released_at[row] <= now:
            self._learn(True, key, "part")

    def _learn_failures(self) -> None:
        """Learn that the next failure of each stream, or of each device at work, is still to come."""
        model, births = self._model, self._model.births
        replication = draws.replication_key(SEED, REPLICATION)
        past = births.reported_at <= self._now
        # Those that the weather keeps away take their time all the same.
        ordinary = failures(model.world, replication)
        for number, stream in enumerate(model.world.streams):
            base = draws.stream_key(replication, stream.key)
            mine = past & (births.stream == number)
            if not stream.finite:
                come = ordinary.key[(ordinary.stream == number) & (ordinary.reported_at <= self._now)]
                for key in come.tolist():
                    self._learn(True, key, "gap")
                self._learn(False, draws.item_key(base, len(come)), "gap")
                continue
            for device in range(stream.devices):
                rows = np.flatnonzero(mine & (births.index == device)).tolist()
                if not rows or model.completed[rows[-1]] <= self._now:
                    self._learn(False, draws.item_key(draws.item_key(base, device), len(rows)), "gap")

    def _learn_visits(self) -> None:
        """Learn how long finished visits took, what they led to, and that others are not over."""
        visits = self._model.visits
        columns = (visits.row, visits.number, visits.role, visits.booked, visits.ended, visits.outcome)
        for row, number, role, booked, ended, outcome in zip(*columns, strict=True):
            if booked > self._now or role != Role.LEAD:
                continue
            key = self._keys[row]
            over = ended <= self._now and outcome in (Outcome.COMPLETED, Outcome.FOLLOWED)
            self._learn(over, key, "work", int(number))
            self._learn(over, key, "diagnosis", int(number))
            self._learn(True, key, "guidance")
            if over:
                self._learn(True, key, "route", int(number))

    def _learn_parts(self) -> None:
        """Learn what has been promised of the parts that were asked for."""
        depots = self._model.depots
        for row, demanded in zip(depots.rows, depots.demanded, strict=True):
            for purpose in SUPPLY if demanded <= self._now else ():
                for depth in range(_DEPTH):
                    self._learn(True, self._keys[row], purpose, depth)

    def _learn_partners(self) -> None:
        """Learn when partners arrived and how long they worked."""
        visits = self._model.visits
        for taken in self._model.partner:
            if taken.handed_over > self._now:
                continue
            fixed = {
                number
                for row, number, outcome in zip(visits.row, visits.number, visits.outcome, strict=True)
                if row == taken.row and outcome == Outcome.FOLLOWED
            }
            over = taken.restored <= self._now
            self._learn(taken.arrived <= self._now, self._keys[taken.row], "partner")
            for purpose in ("work", "diagnosis"):
                self._learn(over, self._keys[taken.row], purpose, len(fixed))
            self._learn(True, self._keys[taken.row], "guidance")


def decisions(model: Model) -> list[Decision]:
    """Return (instant, key of the failure, number, engineer) of each visit, in the order of the bookings."""
    births, visits = model.births, model.visits
    return [
        (at, int(births.key[row]), number, model.world.engineers[engineer].name)
        for at, row, number, engineer in zip(
            visits.booked, visits.row, visits.number, visits.engineer, strict=True
        )
    ]


def run_with(world: World, policy: Callable[[], DispatchPolicy] | None) -> Model:
    """Run a replication with a policy of the test's own, or those that the scenario names."""
    policies = None if policy is None else [policy() for _ in world.periods]
    model = Model(world, SEED, REPLICATION, policies=policies)
    model.run()
    return model


def two_runs(
    document: Document, share: float, policy: Callable[[], DispatchPolicy] | None = None
) -> tuple[list[Decision], list[Decision], int] | None:
    """Return the decisions as they are and in another world from one of them on, and which one that is.

    Parameters
    ----------
    document
        The scenario.
    share
        Where among the decisions the one lies that the other world is the same up to, 0 to 1.
    policy
        Makes the policy; the scenario's own when absent.
    """
    world = world_of(document)
    model = run_with(world, policy)
    before = decisions(model)
    if not before:
        return None
    chosen = math.floor(share * (len(before) - 1))
    knowledge = Knowledge(model, before[chosen][0] + _ROUNDING)
    with drawn_from(OtherWorld(knowledge.known, knowledge.begun)):
        after = decisions(run_with(world, policy))
    return before, after, chosen


def unannounced(seed: int) -> Document:
    """Return a random scenario in which nothing is announced: there, a part of what is to come is known."""
    return random_document(seed, without=("inspections", "prediction"))


def dispatched_by(document: Document, policy: str) -> Document:
    """Return a scenario that follows one policy throughout."""

    def settled(value: Any) -> Any:
        return {**value, "policy": policy}

    changes = [
        {**c, "set": {k: settled(v) if k == "dispatch" else v for k, v in c["set"].items()}}
        for c in document["changes"]
    ]
    return {**document, "dispatch": settled(document["dispatch"]), "changes": changes}


@pytest.mark.parametrize("policy", POLICIES)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), share=st.floats(0.0, 1.0))
def test_no_decision_depends_on_what_is_not_revealed(policy: str, seed: int, share: float) -> None:
    """Whatever is not revealed is drawn anew, and every decision up to that instant stays as it was."""
    runs = two_runs(dispatched_by(unannounced(seed), policy), share)
    assume(runs is not None)
    assert runs is not None
    before, after, chosen = runs
    assert after[: chosen + 1] == before[: chosen + 1]


class Peeking(FirstCome):
    """Sends the first of the candidates to long work and the last to short work, as it was drawn."""

    def choose_engineer(self, order: Order, candidates: Iterable[Engineer], view: Any) -> Engineer:
        """Look at the drawn hours of the order."""
        listed = list(candidates)
        return listed[0] if view.work[order.row] > order.expected_hours else listed[-1]


class Foreseeing(FirstCome):
    """Sends the last of the candidates if another failure will be reported within the hour."""

    def choose_engineer(self, order: Order, candidates: Iterable[Engineer], view: Any) -> Engineer:
        """Look at the failures to come."""
        listed = list(candidates)
        reported = view.births.reported_at
        soon = bool(((reported > view.now) & (reported < view.now + 1.0)).any())
        return listed[-1] if soon else listed[0]


def is_caught(policy: Callable[[], DispatchPolicy]) -> bool:
    """Return whether the test above would fail for a policy in some of many scenarios."""
    for seed in range(60):
        runs = two_runs(unannounced(seed), 0.5, policy)
        if runs is not None and runs[0][: runs[2] + 1] != runs[1][: runs[2] + 1]:
            return True
    return False


@pytest.mark.parametrize("policy", [Peeking, Foreseeing])
def test_a_policy_that_peeks_is_caught(policy: Callable[[], DispatchPolicy]) -> None:
    """A policy that looks at drawn work, or at failures to come, decides otherwise in another world."""
    assert is_caught(policy)


def test_an_honest_policy_is_not_caught() -> None:
    """The scenarios that catch a peeking policy let one pass that does not peek."""
    assert not is_caught(FirstCome)


def test_the_other_world_is_another() -> None:
    """After the instant up to which both worlds are the same, they soon differ."""
    runs = [two_runs(unannounced(seed), 0.3) for seed in range(20)]
    differing = [r[0] != r[1] for r in runs if r is not None]
    assert sum(differing) > 0.7 * len(differing)


class Inspecting(FirstCome):
    """Remembers the names of all that an order holds when it is handed over."""

    seen: ClassVar[set[str]] = set()

    def choose_engineer(self, order: Order, candidates: Iterable[Engineer], view: Any) -> Engineer:
        """Look at the order."""
        self.seen.update(name for kind in type(order).__mro__ for name in getattr(kind, "__slots__", ()))
        self.seen.update(getattr(order, "__dict__", ()))
        return super().choose_engineer(order, candidates, view)


def test_orders_and_engineers_hold_nothing_that_is_drawn() -> None:
    """What a policy is handed names no drawn hours, part, fix or key, of finite bases either."""
    document = unannounced(3)
    for kind in document["device_types"].values():
        kind["population"] = "finite"
    run_with(world_of(document), Inspecting)
    assert Inspecting.seen == set(Order.__slots__)
    secret = {"key", "keys", "work", "hours", "part", "route", "restored", "source", "births"}
    assert not secret & {*Order.__slots__, *Engineer.__slots__}
