"""Work that is not finished when a shift ends: it goes on, to somebody else, or on in the next shift."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from by_hand import rows
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


def test_of_two_orders_the_one_is_taken_that_can_be_begun() -> None:
    """Free at 16:30 he leaves the first order, an hour away, to the morning, and does the second."""
    hours = {"base": {"far": 1.0, "near": 0.0}, "far": {"near": 1.0}}
    one = document("resume", 0.25, sites=("far", "near"), hours=hours, dispatch={"policy": "first_come"})
    model = run(one, (16.25, "near", "fault"), (16.3, "far", "fault"), (16.4, "near", "fault"))
    assert [entry[:3] for entry in visit_log(model)] == [
        ("fault-1", "a:1", 16.25),
        ("fault-3", "a:1", 16.5),
        ("fault-2", "a:1", 32.0),
    ]


def test_nobody_is_called_off_for_what_he_cannot_begin() -> None:
    """An emergency an hour away does not interrupt work half an hour before the end of the shift."""
    faults = {"dark": {"severity": "emergency"}, "dim": {"work_hours": 3.0}}
    hours = {"base": {"far": 1.0, "near": 0.0}, "far": {"near": 1.0}}
    dispatch = {"policy": "first_come", "preempting": ["emergency"], "shift_end": {"rule": "resume"}}
    one = tiny(faults, {"a": DAY}, sites=("far", "near"), hours=hours, dispatch=dispatch)
    late = run(one, (15.0, "near", "dim"), (16.5, "far", "dark"))
    assert visit_log(late)[0][2:] == (15.0, 15.0, 17.0, "suspended")
    early = run(one, (15.0, "near", "dim"), (15.5, "far", "dark"))
    assert visit_log(early)[0][2:] == (15.0, 15.0, 15.5, "preempted")


#: Monday 07:30 to 11:15 and 12:00 to 16:45.
SPLIT = {"shift": "split"}


def test_work_goes_on_over_a_break_that_overtime_spans() -> None:
    """With an hour of overtime the break of 45 minutes is worked through, with half an hour it is not."""
    for overtime, log in (
        (1.0, [("fault", "a:1", 10.0, 10.0, 14.0, "completed")]),
        (
            0.5,
            [
                ("fault", "a:1", 10.0, 10.0, 11.75, "suspended"),
                ("fault", "a:1", 12.0, 12.0, 14.25, "completed"),
            ],
        ),
    ):
        one = document("resume", 4.0, {"a": SPLIT}, terms={"overtime_hours": overtime})
        assert visit_log(run(one, (10.0, "site", "fault"))) == log


def test_who_arrives_in_his_next_shift_begins_there() -> None:
    """Who leaves for another city at 10:00 and arrives at 13:00, after his break, works at once."""
    one = document("resume", 2.0, {"a": SPLIT}, hours={"base": {"site": 3.0}})
    one["cities"]["village"] = {**one["cities"]["town"], "name": "Village"}
    one["sites"]["site"]["city"] = "village"
    one["centres"]["base"]["serves"] = {"sites": ["site"]}
    model = run(one, (10.0, "site", "fault"))
    assert visit_log(model) == [("fault", "a:1", 10.0, 13.0, 15.0, "completed")]


def test_shifts_end_where_an_expert_is_asked_for_too() -> None:
    """Whose shift ends on the way to work that asks for an expert begins it in his next shift."""
    faults = {"fault": {"work_hours": 2.0, "remote_expert": {"level": "expert", "speedup": 0.5}}}
    dispatch = {"policy": "first_come", "shift_end": {"rule": "resume"}}
    one = tiny(faults, {"a": DAY}, hours={"base": {"site": 3.0}}, dispatch=dispatch)
    one["cities"]["village"] = {**one["cities"]["town"], "name": "Village"}
    one["sites"]["site"]["city"] = "village"
    one["centres"]["base"]["serves"] = {"sites": ["site"]}
    assert visit_log(run(one, (15.0, "site", "fault"))) == [
        ("fault", "a:1", 15.0, 18.0, 18.0, "suspended"),
        ("fault", "a:1", 32.0, 32.0, 34.0, "completed"),
    ]


def test_who_is_called_out_at_night_still_has_what_he_left() -> None:
    """A call that lasts into the morning is finished first, then what was left the evening before."""
    faults = {"dark": {"severity": "emergency", "work_hours": 3.0}, "dim": {"work_hours": 4.0}}
    engineers = {"a": {**DAY, "on_call": {"calendar": "night", "severities": ["emergency"]}}}
    dispatch = {"policy": "first_come", "shift_end": {"rule": "resume"}}
    model = run(
        tiny(faults, engineers, dispatch=dispatch),
        (15.0, "site", "dim"),
        (29.5, "site", "dark"),
        (30.0, "site", "dim"),
    )
    assert [entry[:1] + entry[2:] for entry in visit_log(model)] == [
        ("dim-1", 15.0, 15.0, 17.0, "suspended"),
        ("dark", 29.5, 29.5, 32.5, "completed"),
        ("dim-1", 32.5, 32.5, 34.5, "completed"),
        ("dim-2", 34.5, 34.5, 38.5, "completed"),
    ]


@pytest.mark.parametrize("days", [10.0, 17.0 / 24.0])
def test_rain_after_the_end_of_a_shift_is_not_lost(days: float) -> None:
    """Of a job from 14:00 an hour before the rain counts as work, and two of rain up to 17:00 as lost.

    So it is where the shift ends then, and where the run does.
    """
    rain = {"name": "shower", "kind": "rain", "from": "2026-01-05T15:00", "hours": 4.0}
    sections = {"effects": {"rain": {"standstill": 1.0, "failures": 1.0}}, "disruptions": [rain]}
    one = document("resume", 2.0, days=days, **sections)
    one["fault_types"]["fault"]["outdoor"] = True
    visit = rows(tables_of(run(one, (14.0, "site", "fault")), 0)["visits"])[0]
    assert (visit["work_hours"], visit["weather_hours"]) == (3.0, 2.0)


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
