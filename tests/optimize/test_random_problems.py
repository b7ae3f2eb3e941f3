"""The random problems of these tests use all that can be said of a problem."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from typing import Any

import numpy as np
import pytest
from random_problems import problem_of_any_kind

from optimize import DispatchProblem, Due, Engineer, Link, Order, Pin, SchedulingPolicy, Shift, Travel
from optimize.problem import CLOCKS

PROBLEMS = [problem_of_any_kind(seed) for seed in range(300)]
ORDERS = [order for problem in PROBLEMS for order in problem.orders]
PEOPLE = [engineer for problem in PROBLEMS for engineer in problem.engineers]
DRAWN: dict[type, list[Any]] = {
    DispatchProblem: PROBLEMS,
    SchedulingPolicy: [problem.policy for problem in PROBLEMS],
    Travel: [problem.travel for problem in PROBLEMS],
    Order: ORDERS,
    Due: [due for order in ORDERS for due in order.dues],
    Pin: [order.pin for order in ORDERS if order.pin is not None],
    Link: [link for order in ORDERS for link in order.links],
    Engineer: PEOPLE,
    Shift: [shift for engineer in PEOPLE for shift in engineer.shifts],
}
#: Drawn where they are tested: work from afar in test_remote_work, since tests that count by hand walk from
#: place to place; absences, on which no plan depends, in test_why_crews.
ELSEWHERE = {(Order, "on_site"), (Engineer, "away")}


def default(field: Field[Any], values: list[Any]) -> Any:
    """Return the default of a field, the first value drawn where it has none."""
    if field.default is not MISSING:
        return field.default
    return values[0] if field.default_factory is MISSING else field.default_factory()


@pytest.mark.parametrize("kind", DRAWN, ids=lambda kind: kind.__name__)
def test_every_field_is_used(kind: type) -> None:
    """No field has its default, or one value, in all problems; who adds a field must have it drawn."""
    for field in fields(kind):
        values = [getattr(item, field.name) for item in DRAWN[kind]]
        usual = default(field, values)
        used = any(repr(value) != repr(usual) for value in values)
        assert used != ((kind, field.name) in ELSEWHERE), (kind.__name__, field.name)


def test_what_is_rare_is_drawn() -> None:
    """Orders that must be served, pins of a time alone, work of days, homes and depots elsewhere, gaps."""
    pins = DRAWN[Pin]
    assert any(pin.engineer is None for pin in pins)
    assert any(pin.engineer and pin.start_from is not None for pin in pins)
    assert any(pin.start_from == pin.start_to is not None for pin in pins)
    assert any(link.gap_high < 0.0 for link in DRAWN[Link])
    assert {due.clock for due in DRAWN[Due]} == set(CLOCKS)
    assert any(due.weight == 0.0 for due in DRAWN[Due])
    assert any(np.isinf(order.drop_cost) for order in ORDERS)
    assert any(order.duration > 9.0 and order.may_pause for order in ORDERS)
    assert any(engineer.home is None for engineer in PEOPLE)
    assert any(engineer.home not in (None, engineer.place) for engineer in PEOPLE)
    assert len({engineer.depot for engineer in PEOPLE}) > 5
    assert any(np.any(travel.price > 0.0) for travel in DRAWN[Travel])
    assert len({len(problem.travel.hours) for problem in PROBLEMS}) > 1
