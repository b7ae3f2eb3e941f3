"""Nights in another city: counted from the arrival until the engineer goes on, and paid for."""

from __future__ import annotations

from typing import Any

import pytest
from worlds import Document, run, tiny

from insight.columns import numbers
from sim.records import tables_of


def far_away(work: float, travel: float = 5.0, **sections: Any) -> Document:
    """Return a site in another city, five hours away, and one engineer by day who resumes what he left."""
    document = tiny(
        {"fault": {"work_hours": work}},
        {"a": {"shift": "day"}},
        hours={"base": {"hut": travel}},
        sites={"hut": {"city": "village", "customer": "owner", "devices": {"fault": 1}}},
        dispatch={"policy": "nearest_qualified", "shift_end": {"rule": "resume"}},
        **sections,
    )
    document["cities"]["village"] = {**document["cities"]["town"], "name": "Village"}
    document["centres"]["base"]["serves"] = {"cities": ["village"]}
    document["travel"]["cost_per_night"] = 60.0
    return document


def test_work_over_two_days_costs_a_night() -> None:
    """Departure at 08:00, work from 13:00 to 17:00, a night, work from 08:00 to 10:00, and the way back."""
    model = run(far_away(6.0), (8.0, "hut", "fault"))
    tables = tables_of(model, 0)
    assert list(model.visits.ended) == [17.0, 34.0]
    assert numbers(tables["visits"], "nights").tolist() == [1.0, 0.0]
    assert numbers(tables["visits"], "return_hours").tolist() == [0.0, 5.0]
    assert numbers(tables["engineer_days"], "cost_travel").sum() == pytest.approx(60.0)


def test_work_within_a_day_costs_none() -> None:
    """Whoever comes back in the evening has no night away."""
    tables = tables_of(run(far_away(2.0), (8.0, "hut", "fault")), 0)
    assert numbers(tables["visits"], "nights").tolist() == [0.0]
    assert numbers(tables["engineer_days"], "cost_travel").sum() == 0.0


def test_an_evening_arrival_is_a_night_before_the_work() -> None:
    """Sent at 15:00, he arrives at 20:00 and begins at 08:00; the night is neither work nor overtime."""
    model = run(far_away(3.0), (15.0, "hut", "fault"))
    tables = tables_of(model, 0)
    assert list(model.visits.started) == [20.0, 32.0]
    assert list(model.visits.ended) == [20.0, 35.0]
    assert numbers(tables["visits"], "nights").tolist() == [1.0, 0.0]
    # Three of the five hours there, after 17:00.
    assert numbers(tables["engineer_days"], "overtime_hours").sum() == pytest.approx(3.0)
    assert numbers(tables["work_orders"], "visits").tolist() == [1.0]
