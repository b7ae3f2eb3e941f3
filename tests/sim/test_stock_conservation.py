"""No unit of a part is lost or made in a run: what shelves and vans gave, got and hold adds up.

What each policy does at each instant is held against plain shelves in `test_replenishment`.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from random_worlds import random_document, scenarios_strategy
from worlds import Document, simulate

from sim.model import Model
from sim.stock_log import Kind
from sim.visit_log import Outcome, Role

many = settings(max_examples=150, deadline=None)
#: Demands that are met by the shelf or van that they are made at.
_OWN = (Kind.DEPOT, Kind.VAN)


def given_away(model: Model) -> Counter[int]:
    """Return the units that each stock has promised to orders and to other stocks."""
    given_: Counter[int] = Counter()
    asked, sent = model.depots.demands, model.depots.refills
    for stock, quantity, kind, source in zip(
        asked.stocks, asked.quantities, asked.kinds, asked.sources, strict=True
    ):
        if kind in _OWN:
            given_[int(stock)] += int(quantity)
        elif kind == Kind.TRANSFER:
            given_[int(source)] += int(quantity)
    for source, quantity in zip(sent.sources, sent.quantities, strict=True):
        given_[int(source)] += int(quantity)
    return given_


@many
@given(document=scenarios_strategy(without=("changes",)))
def test_units_given_ordered_and_left_add_up(document: Document) -> None:
    """Units of a stock that are not promised are those of the beginning and those ordered, less those given.

    They stay above the reorder point and within the level.
    """
    model = simulate(document)
    given_ = given_away(model)
    sent = model.depots.refills
    ordered: Counter[int] = Counter()
    for stock, quantity in zip(sent.stocks, sent.quantities, strict=True):
        ordered[int(stock)] += int(quantity)
    for number, spec in enumerate(model.world.stocks):
        left = len(model.depots._shelves.units[number])
        assert spec.reorder_point[0] < left <= spec.base_stock[0]
        more = left - spec.base_stock[0] + given_[number]
        assert more >= 0
        if spec.source[0] >= 0:
            assert more == ordered[number]
        else:
            assert ordered[number] == 0


@many
@given(document=scenarios_strategy())
def test_nothing_comes_before_it_was_asked_for(document: Document) -> None:
    """Units are there at their demand or later, and so is what is ordered in their place."""
    depots = simulate(document).depots
    for log in (depots.demands, depots.refills):
        demanded, available, replenished = (
            np.array(column) for column in (log.demanded, log.available, log.replenished)
        )
        assert (available >= demanded).all()
        assert not (replenished < demanded).any()
        assert (np.array(log.quantities) > 0).all()


@many
@given(document=scenarios_strategy())
def test_an_order_gets_its_part_once(document: Document) -> None:
    """No order asks twice, each for as many units as its fault needs; nobody repairs on site without them."""
    model = simulate(document)
    births, log = model.births, model.visits
    asked = Counter(int(row) for row in model.depots.demands.rows)
    assert max(asked.values(), default=0) <= 1
    for row, quantity in zip(model.depots.demands.rows, model.depots.demands.quantities, strict=True):
        fault = model.world.periods[births.period[row]].faults[births.fault[row]]
        assert births.part[row] == fault.part
        assert quantity == fault.part_quantity
    for row, stage, role, outcome in zip(log.row, log.stage, log.role, log.outcome, strict=True):
        fault = model.world.periods[births.period[row]].faults[births.fault[row]]
        done = outcome == Outcome.COMPLETED and role == Role.LEAD and fault.stages[stage].on_site
        assert not done or births.part[row] < 0 or asked[int(row)] == 1


def test_stocks_are_put_to_the_test() -> None:
    """The scenarios above have moves of every kind."""
    kinds: set[int] = set()
    for seed in range(40):
        depots = simulate(random_document(seed)).depots
        kinds |= {int(kind) for log in (depots.demands, depots.refills) for kind in log.kinds}
    assert kinds >= {*Kind} - {Kind.HOLDING}
