"""Partners with a number of people and working hours: what they take over begins when one of them is free."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import Document, run, tiny, world_of

from sim.partners import _Clock


def document(hours: float = 4.0, **terms: Any) -> Document:
    """Return no engineer of our own, and a partner who comes an hour after he begins."""
    one = tiny(
        {"fault": {"work_hours": hours}},
        {"a": {"skills": ["desk"]}},
        dispatch={"policy": "first_come", "overflow": {"partner": "outlet"}},
    )
    one["centres"]["outlet"] = {
        "level": "partner",
        "city": "town",
        "partner": {"attend_hours": 1.0, "price_per_order": 80.0, **terms},
    }
    return one


def restored(document: Document, *hours: float) -> list[float]:
    """Return when the partner has restored what was reported at some hours."""
    model = run(document, *((hour, "site", "fault") for hour in hours))
    assert len(model.partner) == len(hours)
    return [p.restored for p in model.partner]


def test_a_partner_without_limit_takes_everything_at_once() -> None:
    """Three orders at one hour are all done five hours later."""
    assert restored(document(), 1.0, 1.0, 1.0) == [6.0, 6.0, 6.0]


def test_a_partner_with_two_people_begins_the_third_when_one_is_free() -> None:
    """The third of three orders begins when the first is done."""
    assert restored(document(capacity=2), 1.0, 2.0, 3.0) == [6.0, 7.0, 11.0]


def test_free_people_do_not_pile_up() -> None:
    """After a quiet day a partner with one person still does one thing at a time."""
    assert restored(document(capacity=1), 1.0, 30.0, 31.0) == [6.0, 35.0, 40.0]


def test_a_partner_works_in_his_hours() -> None:
    """An order at 16:00 is attended at 17:00 and goes on next morning; one at night begins at 08:00."""
    assert restored(document(calendar="day"), 16.0) == [24.0 + 8.0 + 4.0]
    assert restored(document(calendar="day"), 22.0) == [24.0 + 8.0 + 5.0]


def test_somebody_who_came_late_is_not_early() -> None:
    """A partner's day over Sunday is left out: Saturday 16:30 ends on Monday."""
    saturday = 5 * 24.0
    assert restored(document(calendar="day"), saturday + 16.5) == [7 * 24.0 + 8.0 + 4.5]


@settings(deadline=None, max_examples=200)
@given(st.floats(0.0, 220.0), st.floats(0.0, 90.0))
def test_a_partner_s_clock_is_the_calendar_s(instant: float, hours: float) -> None:
    """One instant at a time, working hours add up as they do for arrays."""
    terms = world_of(document(calendar="day")).periods[0].overflow
    assert terms is not None and terms.hours is not None
    assert _Clock(terms.hours).add(instant, hours) == pytest.approx(
        float(terms.hours.add(instant, hours)), abs=1e-6
    )
