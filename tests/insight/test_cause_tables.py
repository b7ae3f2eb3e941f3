"""Figures by cause: what they count, that they add up, and which of them moved."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from table_builder import Row, measured, order

from insight.cause_tables import ALL, CAUSES, RESTORE_CAUSES, cause_differences, figures_by_cause
from insight.figures import Values, group_figures
from insight.summary import summarise, summary_rows
from sim import hours_by_cause

NOTHING = {f"wait_{cause}": 0.0 for cause in CAUSES}


def waited(reported: float, cause: str | None = None, **hours: float) -> Row:
    """Return an order with its hours by cause, and the cause of its missed clock."""
    return order(reported, cause=cause, **{**NOTHING, **{f"wait_{name}": h for name, h in hours.items()}})


def test_figures_by_cause_by_hand() -> None:
    """Hours are means over all orders of the window, missed orders are counted in a thousand of them."""
    rows = [
        waited(30, "part", part=6.0, travel=1.0),
        waited(40, travel=1.0),
        waited(50, "travel", travel=5.0),
        waited(60, "travel", travel=5.0, engineer=2.0),
        waited(2, "part", part=100.0),
    ]
    found = figures_by_cause(measured(rows))
    assert found["part", "hours"] == pytest.approx(1.5)
    assert found["travel", "hours"] == pytest.approx(3.0)
    assert found[ALL, "hours"] == pytest.approx(5.0)
    assert (found["part", "missed"], found["travel", "missed"], found[ALL, "missed"]) == (250, 500, 750)


def test_late_restorations_by_hand() -> None:
    """Of a thousand orders those count that were late to be restored or completed, by their own cause."""
    rows = [
        {**waited(30, travel=1.0), "restore_cause": "work"},
        {**waited(40, "part", part=9.0), "restore_cause": "part"},
        {**waited(50, travel=1.0), "restore_cause": "work"},
        waited(60, "travel", travel=5.0),
        {**waited(2, travel=1.0), "restore_cause": "skill"},
    ]
    found = figures_by_cause(measured(rows))
    late = {cause: found[cause, "missed_restore"] for cause in (*RESTORE_CAUSES, ALL)}
    assert {cause: figure for cause, figure in late.items() if figure} == {"work": 500, "part": 250, ALL: 750}
    assert found["work", "hours"] == found["work", "missed"] == 0.0


def test_every_cause_of_a_simulated_run_is_counted() -> None:
    """The causes that the simulation writes are those that are counted, in the same order."""
    assert (CAUSES, RESTORE_CAUSES) == (hours_by_cause.CAUSES, hours_by_cause.RESTORE_CAUSES)


def test_where_no_delay_is_known_there_are_no_figures() -> None:
    """An imported history without hours by cause, and a window without orders, have none."""
    assert figures_by_cause(measured([order(30, arrived_at=1)])) == {}
    assert figures_by_cause(measured([waited(2, part=1.0)])) == {}


hours = st.dictionaries(st.sampled_from(CAUSES), st.floats(0.0, 100.0), max_size=4)
histories = st.lists(st.lists(hours, min_size=1, max_size=5), min_size=2, max_size=4)


@given(histories, histories)
def test_differences_add_up_to_that_of_the_delay(
    before: list[list[dict[str, float]]], after: list[list[dict[str, float]]]
) -> None:
    """The differences of all causes together are the whole difference of the mean delay."""

    def run(replications: list[list[dict[str, float]]]) -> list[tuple[int, Values]]:
        return [
            (number, measured([waited(30.0 + k, None, **h) for k, h in enumerate(orders)]))
            for number, orders in enumerate(replications)
        ]

    def mean_delay(replications: list[list[dict[str, float]]]) -> float:
        return float(np.mean([np.mean([sum(h.values()) for h in orders]) for orders in replications[:count]]))

    count = min(len(before), len(after))
    found = cause_differences(run(before), run(after), 0.95, 1)
    by_cause = [found[cause]["hours"]["difference"] or 0.0 for cause in CAUSES]
    expected = mean_delay(after) - mean_delay(before)
    assert sum(by_cause) == pytest.approx(expected, abs=1e-6)
    assert found[ALL]["hours"]["difference"] == pytest.approx(expected, abs=1e-6)


def test_they_stand_apart_from_the_closed_list() -> None:
    """A summary has them under `causes`, with intervals; neither its KPIs nor kpis.csv show them."""
    values = [measured([waited(30, "part", part=x)]) for x in (1.0, 3.0)]
    summary = summarise(values)
    assert summary["causes"]["part"]["hours"]["mean"] == pytest.approx(2.0)
    assert summary["causes"]["part"]["hours"]["half_width"] == pytest.approx(12.706, abs=1e-3)
    assert "causes" not in summary["by"]
    assert not {row[0] for row in summary_rows(summary)} & {"causes"}


def test_attainment_is_not_given_by_cause() -> None:
    """Only orders that missed a clock have a cause: an attainment of them would be 0 by construction."""
    missed = {**waited(30, "part", part=9.0), "attend_due_at": 34.0, "arrived_at": 39.0}
    found = measured([missed])
    assert group_figures(found, "", "")["attend_attainment"] == 0
    group = group_figures(found, "cause", "part")
    assert group["time_to_attend_mean"] == pytest.approx(9.0)
    assert not [kpi for kpi in group if kpi.endswith("attainment")]
