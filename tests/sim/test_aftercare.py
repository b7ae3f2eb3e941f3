"""After restoration: verification with the customer, the call after completion, complaints."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from by_hand import rows
from flips_of_service import service
from worlds import CITIES, Document, run, simulate, tiny

from sim.aftercare import complained_at, experienced
from sim.model import Model
from sim.records import tables_of

HOURS = {"base": {"site": 1.0}}
ONCE = {"share": 1.0, "late_factor": 1.0, "delay_hours": 2.0}
DESK = {"answer_hours": 0.5, "solution_hours": 3.0, "confirmation_hours": 20.0}


def orders(model: Model) -> list[dict[str, Any]]:
    """Return the table of work orders, row by row."""
    return rows(tables_of(model, 0)["work_orders"])


def one(fault: Document | None = None, **sections: Any) -> dict[str, Any]:
    """Return what became of one failure at 1.0; an engineer arrives at 2.0 and works for an hour."""
    (order,) = orders(
        run(tiny({"fault": fault or {}}, {"a": {}}, hours=HOURS, **sections), (1.0, "site", "fault"))
    )
    return order


def many(complaints: Document | None, **sections: Any) -> Document:
    """Return about a thousand failures in ten days for a few engineers, and terms of complaint."""
    kind = {"failures_per_year": 36_500.0, "faults": {"fault": 1.0}}
    fault = {"work_hours": {"distribution": "exponential", "mean": 2.0}, "first_time_fix": 0.7}
    care = {} if complaints is None else {"complaints": {**DESK, "delay_hours": 0.0, **complaints}}
    given = {"sla": [{"name": "all", "targets": {"attend": 0.5}}], **sections}
    return tiny({"fault": fault}, {"a": {"count": 12}}, device_types={"fault": kind}, aftercare=care, **given)


def share(document: Document) -> tuple[float, float]:
    """Return the share of restored orders that customers complain about in a random run, with its error."""
    table = [o for o in orders(simulate(document)) if not np.isnan(o["restored_at"])]
    found = float(np.mean([not np.isnan(o["complained_at"]) for o in table]))
    return found, float(np.sqrt(found * (1.0 - found) / len(table)))


def test_an_order_is_complete_when_the_customer_has_verified_it() -> None:
    """Verification starts at restoration, and completion follows it; the complete clock waits for it."""
    rule = {"name": "all", "targets": {"restore": 2.0, "complete": 4.0}, "penalty_per_breach": 1.0}
    order = one({"verification_hours": 3.0}, sla=[rule])
    assert (order["restored_at"], order["completed_at"], order["status"]) == (3.0, 6.0, "completed")
    assert order["cost_penalties"] == 1.0


def test_verification_may_go_on_at_the_horizon() -> None:
    """An order that is restored and not yet verified is neither open work nor complete."""
    order = one({"verification_hours": 1000.0})
    assert (order["restored_at"], order["status"]) == (3.0, "verifying")
    assert np.isnan(order["completed_at"])


def test_who_helped_himself_need_not_verify() -> None:
    """After self-help the order is complete at once; after a remote session it is verified."""
    always = {"use": 1.0, "success": 1.0, "hours": 0.25}
    assert one({"self_help": always, "verification_hours": 3.0})["completed_at"] == 1.25
    assert one({"remote": always, "verification_hours": 3.0})["completed_at"] == 4.25


def test_verification_keeps_no_engineer() -> None:
    """The next order begins when the first is restored, whoever has still to verify it."""
    kinds = {"fault": {"verification_hours": 50.0}}
    model = run(tiny(kinds, {"a": {}}), (1.0, "site", "fault"), (1.0, "site", "fault"))
    assert [order["restored_at"] for order in orders(model)] == [2.0, 3.0]


def test_customers_are_called_after_completion() -> None:
    """The call comes so many hours after completion, and should come within its due hours."""
    care = {"follow_up": {"hours": 5.0, "due_hours": 24.0}}
    order = one({"verification_hours": 3.0}, aftercare=care)
    assert (order["completed_at"], order["followed_up_at"], order["follow_up_due_at"]) == (6.0, 11.0, 30.0)


def test_the_desk_calls_in_its_own_hours_at_the_site() -> None:
    """An order completed at night is followed up on the next morning of the site's city."""
    place = {k: v for k, v in CITIES["bangkok"].items() if k != "country"}
    cities = {"town": {"name": "Town", "country": "here", **place}}
    care = {"follow_up": {"hours": 1.0, "opens": "day"}}
    # 03:00 UTC on Monday is 10:00 in Bangkok, in the day.
    assert one(cities=cities, aftercare=care)["followed_up_at"] == 4.0
    document = tiny({"fault": {}}, {"a": {}}, hours=HOURS, cities=cities, aftercare=care)
    (order,) = orders(run(document, (13.0, "site", "fault")))
    # 15:00 UTC is 22:00; the desk opens on Tuesday at 08:00, 01:00 UTC.
    assert (order["completed_at"], order["followed_up_at"]) == (15.0, 26.0)


def test_a_share_of_customers_is_called() -> None:
    """Each completed order has a due date for the call, and the given share has a call."""
    document = many(None)
    document["aftercare"] = {"follow_up": {"share": 0.3, "hours": 0.1}}
    table = [o for o in orders(simulate(document)) if o["status"] == "completed"]
    assert not np.isnan([o["follow_up_due_at"] for o in table]).any()
    called = np.mean([not np.isnan(o["followed_up_at"]) for o in table])
    assert called == pytest.approx(0.3, abs=4.0 * np.sqrt(0.21 / len(table)))


@pytest.mark.parametrize(
    ("terms", "closed", "misses"),
    [
        ({}, 28.5, 0),
        ({"answer_within": 0.4}, 28.5, 1),
        ({"solution_within": 3.4}, 28.5, 1),
        ({"confirmation_within": 23.4}, 28.5, 1),
        ({"answer_hours": 1.5}, 29.5, 2),
        ({"confirmation_hours": 60.0}, 68.5, 1),
    ],
)
def test_a_complaint_has_three_clocks(terms: Document, closed: float, misses: int) -> None:
    """It is answered, solved and confirmed in turn; each clock runs from the complaint."""
    order = one(aftercare={"complaints": {**ONCE, **DESK, **terms}})
    assert (order["restored_at"], order["complained_at"]) == (3.0, 5.0)
    assert (order["complaint_closed_at"], order["complaint_misses"]) == (closed, misses)


def test_the_desk_deals_with_complaints_in_its_own_hours() -> None:
    """The hours of each step run while the desk is open; the clocks never stop."""
    order = one(aftercare={"complaints": {**ONCE, **DESK, "opens": "day"}})
    # The complaint is of Monday 05:00; 0.5 h from 08:00, 3 h more to 11:30, 5.5 h to 17:00, and 14.5 h more.
    assert order["complaint_closed_at"] == 24.0 + 24.0 + 13.5
    assert order["complaint_misses"] == 3


def test_clocks_that_run_at_the_horizon_are_not_missed_yet() -> None:
    """Of an open complaint only those clocks count that fell due by the horizon."""
    order = one(aftercare={"complaints": {**ONCE, **DESK, "delay_hours": 235.0, "answer_hours": 100.0}})
    assert order["complained_at"] == 238.0
    assert np.isnan(order["complaint_closed_at"])
    assert (
        order["complaint_misses"] == 1
    )  # answer by 239; solution by 242 and confirmation by 286 are to come


@pytest.mark.parametrize(
    ("terms", "chance"),
    [
        ({"share": 0.2, "late_factor": 1.0}, 0.2),
        ({"share": 0.0, "late_factor": 9.0}, 0.0),
        ({"share": 0.5, "late_factor": 1.0, "slow_after_hours": 0.0, "slow_factor": 1.6}, 0.8),
        ({"share": 0.5, "late_factor": 1.0, "slow_after_hours": 0.0, "slow_factor": 5.0}, 1.0),
    ],
)
def test_the_share_of_complaints_is_share_times_factors(terms: Document, chance: float) -> None:
    """Customers complain about the stated share of orders, times the factors that apply, at most all."""
    found, deviation = share(many(terms))
    assert found == pytest.approx(chance, abs=4.0 * deviation)


@pytest.mark.parametrize(
    ("factor", "of"),
    [("late_factor", "late"), ("repeat_factor", "repeated")],
)
def test_a_factor_raises_complaints_where_it_applies_and_nowhere_else(factor: str, of: str) -> None:
    """Of late or repeated orders more are complained about, always the same and more; of others the same."""
    base = {"share": 0.3, "late_factor": 1.0, "repeat_factor": 1.0}
    before, after = (orders(simulate(many(base | more))) for more in ({}, {factor: 2.0}))
    touched = [o["arrived_at"] > o["attend_due_at"] if of == "late" else o["visits"] > 1 for o in after]
    assert 50 < sum(touched) < len(touched)
    old, new = (np.array([not np.isnan(o["complained_at"]) for o in t]) for t in (before, after))
    applies = np.array(touched)
    assert (old[~applies] == new[~applies]).all()
    assert (old <= new).all()
    assert new[applies].sum() > old[applies].sum()


def test_late_customers_complain_a_third_more() -> None:
    """A late factor of 1.35 gives 35 % more complaints where a clock was missed."""
    table = orders(simulate(many({"share": 0.5})))
    late = [o for o in table if o["arrived_at"] > o["attend_due_at"] and not np.isnan(o["restored_at"])]
    found = np.mean([not np.isnan(o["complained_at"]) for o in late])
    assert found == pytest.approx(0.675, abs=4.0 * np.sqrt(0.25 / len(late)))


def test_complaints_change_nothing_else() -> None:
    """With complaints and calls every other column is as it was without them."""
    document = many({"share": 0.5})
    document["aftercare"]["follow_up"] = {"hours": 1.0}
    with_care, without = (tables_of(simulate(d), 0)["work_orders"] for d in (document, many(None)))
    told = {"follow_up_due_at", "followed_up_at", "complained_at", "complaint_closed_at", "complaint_misses"}
    for before, after in zip(rows(without), rows(with_care), strict=True):
        kept = {k: v for k, v in after.items() if k not in told and v == v}
        assert kept == {k: v for k, v in before.items() if k not in told and v == v}


def test_inspections_are_no_reason_to_call() -> None:
    """Nobody is called, and nobody complains, about work that no customer has reported."""
    document = tiny(
        {"fault": {}, "check": {}},
        {"a": {}},
        sites={"site": {"city": "town", "customer": "owner", "devices": {"unit": 1}}},
        device_types={"unit": {"failures_per_year": 300.0, "faults": {"fault": 1.0}}},
        inspections={"fault_type": "check", "every_days": 10.0},
        aftercare={"complaints": {**ONCE, **DESK, "delay_hours": 0.0}, "follow_up": {"hours": 0.0}},
        days=60.0,
    )
    table = [o for o in orders(simulate(document)) if o["status"] == "completed"]
    for column in ("complained_at", "followed_up_at"):
        told = {(o["work_type"], not np.isnan(o[column])) for o in table}
        assert told == {("fault", True), ("check", False)}


@pytest.mark.parametrize("after", [{}, {"after_hours": 4.0}])
def test_what_a_day_can_tell_is_what_the_table_tells(after: Document) -> None:
    """Complaints about the orders restored by some instant are those that the whole run has about them."""
    overflow = {"partner": "outlet", "severities": ["normal"], **after}
    document = many(
        {"share": 0.5, "repeat_factor": 1.5}, dispatch={"policy": "first_come", "overflow": overflow}
    )
    document["centres"]["outlet"] = {"level": "partner", "city": "town", "partner": {"attend_hours": 3.0}}
    whole = simulate(document)
    table = tables_of(whole, 0)["work_orders"]
    part = Model(whole.world, 1, 0)
    part.prepare()
    part.env.run(until=100.0)
    restored = np.array(part.restored)
    known = np.flatnonzero(restored <= 100.0)
    told = complained_at(part.world, part.births, known, experienced(part, part.births, known))
    assert len(known) > 200
    in_table = np.asarray(table["complained_at"])[known]
    # A partner's order is restored at the instant that was known before; both must agree on all of them.
    assert np.array_equal(told, in_table, equal_nan=True)
    assert 50 < np.sum(~np.isnan(told)) < len(known)


def test_it_changes_from_its_date_on() -> None:
    """Without follow-up from a date on, what was reported before is still followed up, and nothing after."""
    document = service()
    before = orders(simulate(document))
    document["changes"] = [{"from": "2026-01-15", "set": {"aftercare.follow_up": None}}]
    after = orders(simulate(document))
    due = [np.isnan(order["follow_up_due_at"]) for order in after]
    assert not all(due)
    for old, new, ended in zip(before, after, due, strict=True):
        assert ended == (np.isnan(old["follow_up_due_at"]) or old["reported_at"] >= 240.0)
        assert ended or new["follow_up_due_at"] == old["follow_up_due_at"]
