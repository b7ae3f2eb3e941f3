"""Work that is not finished when a shift ends: it goes on, to somebody else, or on in the next shift."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from worlds import Document, run, tiny, visit_log

from insight.columns import numbers
from sim.records import tables_of
from sim.states import STATES

#: Monday 5 January 2026, 08:00 to 17:00 each day but Sunday, in UTC.
DAY = {"shift": "day"}


def document(
    rule: str, work: float, engineers: dict[str, Document] | None = None, **sections: Any
) -> Document:
    """Return one kind of work of so many hours, and a rule for the end of a shift."""
    terms = {"rule": rule, **sections.pop("terms", {})}
    dispatch = {"policy": "nearest_qualified", "shift_end": terms, **sections.pop("dispatch", {})}
    return tiny({"fault": {"work_hours": work}}, engineers or {"a": DAY}, dispatch=dispatch, **sections)


def test_work_is_finished_however_long_it_takes() -> None:
    """Without a limit to overtime, work that began at 16:00 and takes 6 hours ends at 22:00."""
    model = run(document("finish", 6.0), (16.0, "site", "fault"))
    assert visit_log(model) == [("fault", "a:1", 16.0, 16.0, 22.0, "completed")]


def test_overtime_has_a_limit() -> None:
    """With two hours of overtime work stops at 19:00 and goes on next morning at 08:00 with what is left."""
    model = run(document("finish", 6.0, terms={"overtime_hours": 2.0}), (16.0, "site", "fault"))
    assert visit_log(model) == [
        ("fault", "a:1", 16.0, 16.0, 19.0, "suspended"),
        ("fault", "a:1", 32.0, 32.0, 35.0, "completed"),
    ]


def test_work_is_resumed_by_the_same_engineer() -> None:
    """Work left at 17:00 waits for its engineer although a colleague is free at night, as one visit."""
    model = run(
        document("resume", 4.0, {"a": DAY, "b": {"shift": "night"}}),
        (15.0, "site", "fault"),
    )
    assert visit_log(model) == [
        ("fault", "a:1", 15.0, 15.0, 17.0, "suspended"),
        ("fault", "a:1", 32.0, 32.0, 34.0, "completed"),
    ]
    table = tables_of(model, 0)["work_orders"]
    assert numbers(table, "visits").tolist() == [1.0]
    assert model.completed[0] == 34.0


def test_the_night_between_counts_as_off_shift_and_is_no_overtime() -> None:
    """Hours in which work waits for the next shift have that cause, and are on nobody's time sheet."""
    tables = tables_of(run(document("resume", 4.0), (15.0, "site", "fault")), 0)
    assert numbers(tables["visits"], "wait_off_shift").tolist() == [0.0, 15.0]
    assert numbers(tables["engineer_days"], "overtime_hours").sum() == 0.0
    assert numbers(tables["engineer_days"], "work_hours").sum() == pytest.approx(4.0)


def test_work_is_handed_over() -> None:
    """Whoever is on duty next goes on with what is left, once it has been handed over."""
    model = run(
        document("hand_over", 8.0, {"a": DAY, "b": {"shift": "night"}}, terms={"hand_over_hours": 0.5}),
        (15.0, "site", "fault"),
    )
    assert visit_log(model) == [
        ("fault", "a:1", 15.0, 15.0, 17.0, "handed_over"),
        ("fault", "b:1", 22.0, 22.0, 28.0, "completed"),
    ]
    orders = tables_of(model, 0)["work_orders"]
    assert numbers(orders, "wait_hand_over").tolist() == [0.0]  # he had arrived before


def test_a_hand_over_takes_its_time() -> None:
    """With a colleague on duty at once, the next visit begins when the hand-over is done."""
    both = {"a": DAY, "b": {"shift": "always", "skills": ["desk", "field"]}}
    faults = {"fault": {"work_hours": 8.0}, "other": {"skill": "desk", "work_hours": 10.0}}
    one = tiny(
        faults,
        both,
        dispatch={"policy": "first_come", "shift_end": {"rule": "hand_over", "hand_over_hours": 0.75}},
    )
    model = run(one, (14.0, "site", "other"), (15.0, "site", "fault"))
    assert visit_log(model)[1] == ("fault", "a:1", 15.0, 15.0, 17.0, "handed_over")
    assert visit_log(model)[2][:3] == ("fault", "b:1", 24.0)
    later = run(one, (3.0, "site", "other"), (15.0, "site", "fault"))
    assert visit_log(later)[2][:3] == ("fault", "b:1", 17.75)


def test_beyond_the_longest_rest_work_is_handed_over() -> None:
    """On Saturday evening work waits for Monday's shift only if that is within the time allowed."""
    saturday = 5 * 24.0
    for within, outcome in ((48.0, "suspended"), (20.0, "handed_over")):
        model = run(
            document("resume", 4.0, terms={"resume_within_hours": within}), (saturday + 15.0, "site", "fault")
        )
        assert visit_log(model)[0][-1] == outcome


def test_nobody_leaves_for_what_he_cannot_begin_before_the_end_of_his_shift() -> None:
    """An order an hour away that comes at 16:30 waits for the morning, one that comes at 15:30 does not."""
    hours = {"base": {"site": 1.0}}
    for rule in ("resume", "hand_over"):
        late = run(document(rule, 0.25, hours=hours), (16.5, "site", "fault"))
        assert visit_log(late) == [("fault", "a:1", 32.0, 33.0, 33.25, "completed")]
        early = run(document(rule, 0.25, hours=hours), (15.5, "site", "fault"))
        assert visit_log(early) == [("fault", "a:1", 15.5, 16.5, 16.75, "completed")]


def test_what_is_left_at_the_horizon_waits_for_an_engineer() -> None:
    """Work suspended at the horizon is open, waits for an engineer, and its wait counts up to the horizon."""
    model = run(document("resume", 30.0, days=1.0), (15.0, "site", "fault"))
    orders = tables_of(model, 0)["work_orders"]
    status = orders["status"]
    assert status.strings().tolist() == ["waiting_engineer"]  # type: ignore[union-attr]
    assert "waiting_engineer" in STATES
    assert np.isnan(numbers(orders, "completed_at")).all()


@pytest.mark.parametrize("rule", ["finish", "hand_over", "resume"])
def test_hands_on_hours_are_the_same_by_every_rule(rule: str) -> None:
    """Whatever the rule, an order takes as many hands-on hours as it was born with."""
    model = run(document(rule, 20.0, terms={"overtime_hours": 1.0}), (15.0, "site", "fault"))
    visits = model.visits
    done = sum(e - a for a, e in zip(visits.started, visits.ended, strict=True))
    assert done == pytest.approx(20.0)
    assert visits.outcome[-1] == 1
