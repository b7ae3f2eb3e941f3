"""Orders that go to a partner: at once or after a while, and what the partner does not change."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
from worlds import Document, run, tiny, visit_log

from insight.columns import numbers
from insight.tables import Categories
from sim.model import Model
from sim.records import tables_of


def with_partner(
    after_hours: float, *, faults: dict[str, Document] | None = None, shift: str = "always", **sections: Any
) -> Document:
    """Return one engineer, work of ten hours, and a partner who comes four hours after a hand-over."""
    dispatch = {
        "policy": "nearest_qualified",
        "overflow": {"partner": "outlet", "after_hours": after_hours, **sections.pop("overflow", {})},
        **sections.pop("dispatch", {}),
    }
    document = tiny(
        faults or {"fault": {"work_hours": 10.0}}, {"a": {"shift": shift}}, dispatch=dispatch, **sections
    )
    terms = {"attend_hours": 4.0, "price_per_order": 80.0}
    document["centres"]["outlet"] = {"level": "partner", "city": "town", "partner": terms}
    return document


def faults(*at: float) -> list[tuple[float, str, str]]:
    """Return failures of the one kind at some hours."""
    return [(hour, "site", "fault") for hour in at]


def handed_over(model: Model) -> list[tuple[int, float, float, float, float]]:
    """Return row, and when each order that a partner took was ready, handed over, attended and restored."""
    return [(p.row, p.ready, p.handed_over, p.arrived, p.restored) for p in model.partner]


def test_with_hand_over_at_once_nobody_waits() -> None:
    """An order that finds nobody free goes to the partner in the same instant."""
    model = run(with_partner(0.0), *faults(1.0, 2.0, 11.0, 11.5))
    assert visit_log(model) == [
        ("fault-1", "a:1", 1.0, 1.0, 11.0, "completed"),
        ("fault-3", "a:1", 11.0, 11.0, 21.0, "completed"),
    ]
    assert handed_over(model) == [(1, 2.0, 2.0, 6.0, 16.0), (3, 11.5, 11.5, 15.5, 25.5)]


def test_what_a_partner_did_is_in_the_table() -> None:
    """Booked is when the order was handed over; nobody of ours departed; the price is the partner's."""
    table = tables_of(run(with_partner(0.0), *faults(1.0, 2.0)), 0)["work_orders"]
    served = table["served_by"]
    assert isinstance(served, Categories)
    assert served.strings().tolist() == ["engineer", "partner"]
    expected = {
        "booked_at": 2.0,
        "planned_arrival_at": 6.0,
        "arrived_at": 6.0,
        "restored_at": 16.0,
        "visits": 1.0,
    }
    assert {name: numbers(table, name)[1] for name in expected} == expected
    assert math.isnan(numbers(table, "departed_at")[1])
    assert numbers(table, "cost_partners").tolist() == [0.0, 80.0]
    assert (numbers(table, "wait_hand_over")[1], numbers(table, "wait_engineer")[1]) == (4.0, 0.0)


def test_an_order_that_has_waited_long_enough_is_handed_over() -> None:
    """After its hours, and not before, an order that still waits goes to the partner."""
    model = run(with_partner(3.0), *faults(1.0, 2.0, 9.0))
    assert visit_log(model) == [
        ("fault-1", "a:1", 1.0, 1.0, 11.0, "completed"),
        ("fault-3", "a:1", 11.0, 11.0, 21.0, "completed"),
    ]
    assert handed_over(model) == [(1, 2.0, 5.0, 9.0, 19.0)]


def test_the_wait_before_a_hand_over_has_its_cause() -> None:
    """The hours that an order waited in vain count as waiting, those for the partner as hand-over."""
    table = tables_of(run(with_partner(3.0), *faults(1.0, 2.0)), 0)["work_orders"]
    assert (numbers(table, "wait_engineer")[1], numbers(table, "wait_hand_over")[1]) == (3.0, 4.0)


def test_other_severities_wait_on() -> None:
    """Where only some severities overflow, the others are never handed over."""
    kinds: dict[str, Document] = {"fault": {"work_hours": 10.0}, "major": {"severity": "major"}}
    document = with_partner(0.0, faults=kinds, overflow={"severities": ["major"]})
    model = run(document, (1.0, "site", "fault"), (2.0, "site", "fault"), (3.0, "site", "major"))
    assert [p.row for p in model.partner] == [2]
    assert visit_log(model)[1] == ("fault-2", "a:1", 11.0, 11.0, 21.0, "completed")


def test_off_shift_nobody_is_free() -> None:
    """At night an order waits as well, and is handed over when its hours are over."""
    model = run(with_partner(6.0, shift="day"), *faults(1.0, 4.0))
    assert handed_over(model) == [(0, 1.0, 7.0, 11.0, 21.0)]
    assert visit_log(model) == [("fault-2", "a:1", 8.0, 8.0, 18.0, "completed")]


def test_what_the_horizon_cuts_off_has_not_happened() -> None:
    """A partner on the way at the end has not arrived, and one at work has not restored."""
    table = tables_of(run(with_partner(0.0, days=1.0), *faults(1.0, 15.0, 16.0, 21.0)), 0)["work_orders"]
    arrived, restored = numbers(table, "arrived_at"), numbers(table, "restored_at")
    assert arrived[:3].tolist() == [1.0, 15.0, 20.0] and math.isnan(arrived[3])
    assert restored[0] == 11.0 and all(math.isnan(instant) for instant in restored[1:])
    status = table["status"]
    assert isinstance(status, Categories)
    assert status.strings().tolist() == ["completed", "working", "with_partner", "with_partner"]


REPEATED: Document = {
    "severity": "normal",
    "stages": {
        "look": {"skill": "field", "work_hours": 2.0, "next": {"mend": 1.0}},
        "mend": {"skill": "desk", "work_hours": 3.0},
    },
}


def test_each_wait_has_its_own_limit() -> None:
    """An order that waits again, for its second stage, may wait its full hours again."""
    kinds: dict[str, Document] = {"fault": REPEATED}
    document = with_partner(5.0, faults=kinds)
    # The second waits from 1 to 3 for the engineer, and both then for a desk that is not there.
    model = run(document, *faults(1.0, 1.0))
    assert [entry[2:5] for entry in visit_log(model)] == [(1.0, 1.0, 3.0), (3.0, 3.0, 5.0)]
    assert handed_over(model) == [(0, 3.0, 8.0, 12.0, 15.0), (1, 5.0, 10.0, 14.0, 17.0)]


def test_who_has_just_left_an_order_may_take_its_next_stage() -> None:
    """With hand-over at once, an order that needs another visit stays with the engineer who is now free."""
    kinds: dict[str, Document] = {
        "fault": {
            "severity": "normal",
            "stages": {
                "look": {"skill": "field", "work_hours": 2.0, "next": {"mend": 1.0}},
                "mend": {"skill": "field", "work_hours": 3.0},
            },
        }
    }
    model = run(with_partner(0.0, faults=kinds), *faults(1.0))
    assert visit_log(model) == [
        ("fault", "a:1", 1.0, 1.0, 3.0, "followed"),
        ("fault", "a:1", 3.0, 3.0, 6.0, "completed"),
    ]
    assert model.partner == []


def test_a_partner_s_visit_after_our_own_is_a_second_one() -> None:
    """Our own first visit stands in the table: we attended the order, and it was not fixed at the first."""
    kinds: dict[str, Document] = {"fault": REPEATED}
    table = tables_of(run(with_partner(0.0, faults=kinds), *faults(1.0)), 0)["work_orders"]
    expected = {"booked_at": 1.0, "departed_at": 1.0, "arrived_at": 1.0, "visits": 2.0, "restored_at": 10.0}
    assert {name: numbers(table, name)[0] for name in expected} == expected


OVERFLOW = "dispatch.overflow.after_hours"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, [(1, 31.0), (2, 44.0)]),
        ({OVERFLOW: 2.0}, [(1, 24.0), (2, 27.0)]),
        ({OVERFLOW: 0.0}, [(1, 24.0), (2, 25.0)]),
        ({OVERFLOW: 40.0}, [(1, 52.0), (2, 65.0)]),
        ({"dispatch": {"policy": "first_come"}}, []),
        ({"dispatch.overflow.severities": ["major"]}, []),
    ],
    ids=["as before", "shorter", "at once", "longer", "none", "others"],
)
def test_a_change_of_the_limit_holds_from_its_hour_on(
    change: dict[str, Any], expected: list[tuple[int, float]]
) -> None:
    """What waits at the change, or later, is handed over by the new limit; nobody has to wait anew."""
    kinds: dict[str, Document] = {"fault": {"work_hours": 100.0}}
    dated = [{"from": date(2026, 1, 6), "set": change or {"travel.cost_per_hour": 1.0}}]
    document = with_partner(19.0, faults=kinds, changes=dated)
    model = run(document, *faults(1.0, 12.0, 25.0))
    assert [(p.row, p.handed_over) for p in model.partner] == expected
