"""Penalties, credits, caps and bonus, by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from table_builder import Row, order, table

from insight.columns import numbers
from insight.penalties import order_penalties, with_bonus
from insight.tables import Categories
from scenarios.money_terms import BonusTerms, LateTerms, PenaltyTerms
from scenarios.rule_specs import RuleSpec

START = date(2026, 1, 1)
HORIZON = 2400.0
_NAN = float("nan")


def rule(penalty: float = 0.0, late: LateTerms | None = None) -> RuleSpec:
    """Return a rule whose targets stand in the table."""
    return RuleSpec("rule", _NAN, _NAN, _NAN, _NAN, "", True, penalty, late)


def paid(rows: Sequence[Row], of: RuleSpec, **terms: Any) -> list[float]:
    """Return what is paid for orders that all have one rule."""
    orders = table("work_orders", [{"sla_rule": "rule", "customer": "owner", **row} for row in rows])
    return order_penalties(orders, [of], PenaltyTerms(**terms), START, HORIZON).tolist()


def late(hours: float, reported: float = 10.0, **columns: Any) -> Row:
    """Return an order whose attend clock stopped so many hours past its target of 4 h."""
    return order(reported, attend_due_at=4.0, arrived_at=4.0 + hours, completed_at=5.0 + hours, **columns)


def test_each_missed_clock_costs_its_penalty() -> None:
    """One missed clock costs one penalty, two cost two, a kept one and an order without a rule nothing."""
    both = order(10, attend_due_at=4, arrived_at=6, restore_due_at=8, restored_at=9, completed_at=9)
    assert paid([late(1), late(0), both, {**late(1), "sla_rule": None}], rule(50.0)) == [50, 0, 100, 0]


def test_an_open_order_costs_up_to_the_horizon() -> None:
    """Hours past the target count until the horizon while a clock runs, and not before it is due."""
    rows = [order(HORIZON - 10, attend_due_at=4), order(HORIZON - 2, attend_due_at=4)]
    assert paid(rows, rule(1.0, LateTerms(10.0, 0.0, 1.0))) == pytest.approx([61.0, 0.0])


def test_every_step_that_has_begun_is_paid() -> None:
    """With 10 % of 200 for every 15 minutes begun, a minute late costs 20, 15 minutes 20, 16 minutes 40."""
    terms = rule(0.0, LateTerms(0.0, 20.0, 0.25))
    rows = [late(minutes / 60.0) for minutes in (0.0, 1.0, 15.0, 16.0, 60.0, 61.0)]
    assert paid(rows, terms) == pytest.approx([0, 20, 20, 40, 80, 100])


def test_an_order_costs_no_more_than_its_customers_cap() -> None:
    """The cap is that of the customer of the order."""
    rows = [late(10, customer="mall"), late(10, customer="council"), late(1, customer="council")]
    caps = np.array([150.0, np.inf])  # council, mall
    assert paid(rows, rule(0.0, LateTerms(100.0, 0.0, 1.0)), order_caps=caps) == [1000, 150, 100]


def test_a_customer_is_paid_up_to_a_cap_in_a_month() -> None:
    """Orders are paid in order of their reports until the cap is reached; the next month begins anew."""
    february = 31 * 24.0
    rows = [late(1, 10), late(1, 20), late(1, 30), late(1, february + 1), late(1, 40, customer="other")]
    assert paid(rows, rule(40.0), month_cap=100.0) == [40, 40, 20, 40, 40]


def test_a_visit_that_did_not_help_is_compensated() -> None:
    """Every visit after the first earns twice the order's hours at their worth."""
    rows = [
        late(0, visits=1, duration_h=3.0),
        late(0, visits=3, duration_h=3.0),
        late(0, visits=0, duration_h=3.0),
    ]
    assert paid(rows, rule(), recurrence_per_hour=2 * 5.0) == [0, 60, 0]


def test_a_site_has_one_service_credit_a_month() -> None:
    """The first order of a site and month that is 24 h late or more earns it."""
    february = 31 * 24.0
    rows = [
        late(23.9, 10, site="a"),
        late(30, 20, site="a"),
        late(24, 15, site="a"),
        late(24, 15, site="b"),
        late(50, february + 1, site="a"),
    ]
    found = paid(rows, rule(), credit=300.0, credit_after_hours=24.0)
    assert found == [0, 0, 300, 300, 300]


orders = st.lists(
    st.tuples(st.floats(0.0, 200.0), st.floats(0.0, 1000.0), st.sampled_from(["mall", "council"])),
    max_size=12,
)


@given(orders, st.floats(0.0, 500.0), st.floats(0.0, 500.0))
def test_caps_hold_and_take_nothing_that_is_below_them(
    given_orders: list[tuple[float, float, str]], of_order: float, of_month: float
) -> None:
    """No order and no customer's month exceeds its cap, and none is paid less than caps leave."""
    rows = [late(hours, reported, customer=customer) for hours, reported, customer in given_orders]
    terms = rule(5.0, LateTerms(3.0, 0.0, 1.0))
    free = np.array(paid(rows, terms))
    capped = np.array(paid(rows, terms, order_caps=np.full(2, of_order), month_cap=of_month))
    assert (capped <= np.minimum(free, of_order) + 1e-6).all()
    months = [(customer, reported >= 31 * 24.0) for _, reported, customer in given_orders]
    for month in set(months):
        mine = np.array([m == month for m in months])
        whole = np.minimum(free[mine], of_order).sum()
        assert capped[mine].sum() == pytest.approx(min(whole, of_month), abs=1e-6)


def test_bonus_is_for_the_months_that_keep_the_standard() -> None:
    """Half of January's orders of the north are late: no bonus then, but in February and in the south."""
    days = table(
        "engineer_days",
        [
            {"centre": centre, "day": day, "cost_labour": 100.0}
            for centre, day in (("north", -8.0), ("north", 31 * 24.0 - 8.0), ("south", 16.0))
        ],
    )
    north = [late(1, 100.0, centre="north"), late(0, 200.0, centre="north"), late(0, 800.0, centre="north")]
    found = table("work_orders", [*north, late(0, 100.0, centre="south")])
    terms = BonusTerms("attend", 0.9, 0.2)
    assert numbers(with_bonus(days, found, terms, START, HORIZON), "cost_labour").tolist() == [100, 120, 120]
    assert with_bonus(days, found, None, START, HORIZON) is days
    assert isinstance(days["centre"], Categories)
