"""The stated curve of satisfaction: what it was fitted to, its shape, and who buys again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from table_builder import measured, network, order, table

from insight.figures import group_figures
from insight.satisfaction import beyond_patience, order_satisfaction, repurchase, satisfaction
from scenarios.money import Satisfaction
from scenarios.money_terms import RepurchaseTerms, SatisfactionTerms

_FIGURES = Satisfaction().model_dump()
LINE = RepurchaseTerms(**_FIGURES["repurchase"])
CURVE = SatisfactionTerms(**{**_FIGURES, "repurchase": LINE})


def points(
    attend: float, restore: float = 0.0, repeated: bool = False, complained: bool = False, **terms: float
) -> float:
    """Return the satisfaction with one order, by the default curve with other figures."""
    found = satisfaction(
        np.array([attend]),
        np.array([restore]),
        np.array([repeated]),
        np.array([complained]),
        replace(CURVE, **terms),
    )
    return float(found[0])


def test_the_default_curve_gains_what_it_was_fitted_to() -> None:
    """From 48 h to 2 h of response satisfaction gains 23 points, half a point an hour."""
    assert points(2) - points(48) == pytest.approx(23.0, abs=0.05)


def test_a_share_that_needs_one_visit_more_costs_no_more_than_there_is() -> None:
    """A repeat costs 1.6 points a point of first-time fix as far as an order has them: here, all its 98."""
    assert points(2, repeated=True) == 0.0
    assert points(2, repeated=True, repeat_points=30.0) == pytest.approx(68.0)


def test_the_default_line_is_the_arc_of_the_source() -> None:
    """90 points go with 65 % who buy again, 98 points with 85 %; shares stay within 0 and 1."""
    found = repurchase(np.array([90.0, 98.0, 0.0, 100.0]), LINE)
    assert found.tolist() == pytest.approx([0.65, 0.85, 0.0, 0.9])


@given(st.floats(0.0, 100.0), st.floats(0.0, 20.0), st.floats(0.0, 20.0))
def test_hours_beyond_patience_are_their_mean_over_customers(hours: float, low: float, spread: float) -> None:
    """The closed form is the mean of max(hours - patience, 0) over evenly spread patience."""
    patience = low + spread * (np.arange(20_000) + 0.5) / 20_000
    found = float(beyond_patience(np.array([hours]), low, low + spread)[0])
    assert found == pytest.approx(np.maximum(hours - patience, 0.0).mean(), abs=1e-3)


waits = st.floats(0.0, 500.0)


@given(waits, waits, waits, waits, st.booleans(), st.booleans())
def test_worse_service_never_satisfies_more(
    attend: float, more: float, restore: float, later: float, repeated: bool, complained: bool
) -> None:
    """Satisfaction lies within 0 and 100 and falls with wait, downtime, repeat and complaint."""
    good, bad = points(attend, restore), points(attend + more, restore + later, repeated, complained)
    assert 0.0 <= bad <= good <= 100.0


def test_satisfaction_by_hand() -> None:
    """20 h of wait are 10 beyond patience, 34 h to restoration 10 beyond what is borne; a complaint adds."""
    rows = [
        order(0, arrived_at=20, restored_at=34, completed_at=34, visits=1),
        order(0, arrived_at=20, restored_at=34, completed_at=40, visits=1),
        order(0, arrived_at=20, restored_at=34, visits=1),
        order(0, arrived_at=20, restored_at=34, completed_at=34, visits=1),
        order(0, restored_at=4, completed_at=4, served_by="remote"),
    ]
    complained = np.array([False, True, False, False, False])
    asked = np.array([True, True, True, False, True])
    found = order_satisfaction(table("work_orders", rows), CURVE, 100.0, complained, asked)
    plain = 98.0 - 0.605 * 10.0 - 0.1 * 10.0
    np.testing.assert_allclose(found, [plain, plain - 20.0, np.nan, np.nan, 98.0])


def test_without_a_curve_nothing_is_known() -> None:
    """A scenario that states no curve has no satisfaction."""
    orders = table("work_orders", [order(0, arrived_at=1, restored_at=2, completed_at=2, visits=1)])
    no, yes = np.zeros(1, bool), np.ones(1, bool)
    assert np.isnan(order_satisfaction(orders, None, 100.0, no, yes)).all()


def test_csat_is_the_mean_over_completed_orders_of_the_window() -> None:
    """Orders before the warm-up, open ones and those without an opinion do not count."""
    rows = [
        order(30, city="hue", completed_at=1, csat=90.0),
        order(40, city="hue", completed_at=1, csat=80.0),
        order(50, city="ipoh", completed_at=1, csat=40.0),
        order(60, city="ipoh", completed_at=1),
        order(2, city="ipoh", completed_at=1, csat=0.0),
    ]
    found = measured(rows)
    assert group_figures(found, "", "")["csat"] == pytest.approx(70.0)
    assert group_figures(found, "city", "hue")["csat"] == pytest.approx(85.0)


def test_a_site_counts_once_for_buying_again() -> None:
    """A site's share goes by the mean of its orders, however many; the network's is that of its sites."""
    rows = [
        *(
            order(30 + k, city="hue", site="a", completed_at=1, csat=c)
            for k, c in enumerate((94.0, 98.0, 96.0))
        ),
        order(50, city="ipoh", site="b", completed_at=1, csat=90.0),
    ]
    found = measured(rows, repurchase=LINE)
    assert group_figures(found, "", "")["repurchase_rate"] == pytest.approx((0.80 + 0.65) / 2)
    assert group_figures(found, "city", "hue")["repurchase_rate"] == pytest.approx(0.80)
    assert np.isnan(network(rows)["repurchase_rate"])
