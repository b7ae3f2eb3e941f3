"""Hands-on hours are neither lost nor added: what an order takes over its visits is what was drawn for it."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from random_worlds import random_document, scenarios_strategy
from worlds import Document, world_of

from sim.entities import Order
from sim.fault_draws import work_hours
from sim.model import Model
from sim.visit_log import Outcome, Role
from sim.visits import Visits, visits_of

many = settings(max_examples=150, deadline=None)

#: What makes the same work longer or shorter than it was drawn, by who does it, when, or what he finds.
CHANGED_BY = ("experts", "absences", "losses", "inspections", "changes")


def followed(document: Document) -> tuple[Model, set[tuple[int, int]]]:
    """Run a scenario; return with it the row and number of each visit that brings a missing part."""
    model = Model(world_of(document), 1, 0)
    second: set[tuple[int, int]] = set()
    fetch = model.supplying.fetch

    def noting(order: Order, work: float) -> None:
        second.add((order.row, order.visit + 1))
        fetch(order, work)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model.supplying, "fetch", noting)
        model.run()
    return model, second


def drawn(model: Model, second: set[tuple[int, int]], visits: Visits, ours: list[int]) -> float:
    """Return the hours that were drawn for the visits to one order: each number once.

    Who found that a part is missing leaves what is left of his hours to the next visit.
    """
    births = model.births
    row = int(visits.row[ours[0]])
    total = float(births.work[row])
    stages = model.world.periods[births.period[row]].faults[births.fault[row]].stages
    positions = np.array(model.visits.stage)[np.array(model.visits.role) == Role.LEAD]
    for before, after in pairwise(ours):
        number = int(visits.number[after])
        if number > visits.number[before] and (row, number) not in second:
            total += work_hours(stages[int(positions[after])], int(births.key[row]), number)
    return total


def by_order(model: Model) -> tuple[Visits, dict[int, list[int]]]:
    """Return the visits, one row for each, and the positions of those to each order in order of time."""
    visits = visits_of(model)[0].leads()
    found: dict[int, list[int]] = defaultdict(list)
    for position, row in enumerate(visits.row.tolist()):
        found[row].append(position)
    return visits, found


@many
@given(document=scenarios_strategy(without=CHANGED_BY))
def test_an_order_takes_the_hours_that_were_drawn_for_it(document: Document) -> None:
    """Broken off, resumed, handed over or done by crews: the hours of its visits add up to those drawn."""
    model, second = followed(document)
    visits, orders = by_order(model)
    hands_on = visits.work_hours - visits.lost_on_site
    for ours in orders.values():
        if visits.outcome[ours[-1]] == Outcome.COMPLETED:
            expected = drawn(model, second, visits, ours)
            assert float(hands_on[ours].sum()) == pytest.approx(expected, abs=1e-6)


@many
@given(document=scenarios_strategy(without=CHANGED_BY))
def test_nobody_works_more_than_was_drawn(document: Document) -> None:
    """Of an order that is still open no more hours are done than were drawn for its visits so far."""
    model, second = followed(document)
    visits, orders = by_order(model)
    hands_on = visits.work_hours - visits.lost_on_site
    for ours in orders.values():
        assert float(hands_on[ours].sum()) <= drawn(model, second, visits, ours) + 1e-6


def test_hours_are_put_to_the_test() -> None:
    """Among the scenarios above are orders of several visits, work broken off and resumed, bad weather."""
    seen: dict[str, float] = defaultdict(float)
    for seed in range(20):
        model, second = followed(random_document(seed, without=CHANGED_BY))
        visits, orders = by_order(model)
        seen["weather"] += float(visits.lost_on_site.sum())
        for outcome in Outcome:
            seen[outcome.name] += int((visits.outcome == outcome).sum())
        seen["several"] += sum(len(ours) > 2 for ours in orders.values())
        seen["parts"] += len(second)
    assert min(seen[name] for name in ("weather", "several", "parts")) > 0
    assert min(seen[o.name] for o in (Outcome.PREEMPTED, Outcome.SUSPENDED, Outcome.HANDED_OVER)) > 0
