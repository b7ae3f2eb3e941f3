"""What contradicts itself in a day is refused, or told where it may be meant."""

from __future__ import annotations

from typing import Any

import pytest
from day_in_words import NOW, engineer_of, later, order_of

from insight.imports.faults import RefusedFile
from insight.imports.reading import Source
from optimize.day.event_kinds import (
    Arrived,
    Cancelled,
    Clock,
    DayEvent,
    Departed,
    Finished,
    PinChange,
    changed,
)
from optimize.day.events import EventError, apply
from optimize.day.freeze import broken_freeze
from optimize.day.model import Day, DayPin, DayPlan, DayVisit
from optimize.day.pins import frozen_text
from optimize.day.problem import plan_day, previous_plan, problem_of
from optimize.day.reading import DayFiles, DayReading, DayTerms, read_day
from optimize.day.reasons import reasons
from optimize.plan import Plan


def visit_of(order: str, engineer: str, start: float = 0.5) -> DayVisit:
    """Return a visit of one hour, half an hour on the way."""
    return DayVisit(
        order=order,
        engineer=engineer,
        depart=later(start - 0.5),
        start=later(start),
        end=later(start + 1.0),
        travel_h=0.5,
    )


def crowded_day(**fields: Any) -> Day:
    """Return a day in which a has two orders, b a third, and both of them a fourth."""
    visits = (visit_of("one", "a"), visit_of("two", "a", 2.0), visit_of("three", "b"))
    given: dict[str, Any] = {
        "scenario": "one-city",
        "now": NOW,
        "orders": (
            *(order_of(name, lat=5.41 + 0.01 * i) for i, name in enumerate(("one", "two", "three"))),
            order_of("both", lat=5.45, crew_size=2),
        ),
        "engineers": (engineer_of("a"), engineer_of("b")),
        "plan": DayPlan(visits=(*visits, visit_of("both", "b", 4.0), visit_of("both", "a", 4.0))),
    }
    return Day.model_validate(given | fields)


@pytest.mark.parametrize("first", [Departed(order="one"), Arrived(order="one")], ids=["way", "there"])
@pytest.mark.parametrize("then", ["two", "both"])
def test_nobody_arrives_while_he_is_elsewhere(first: Departed | Arrived, then: str) -> None:
    """Who is at an order, or on his way to one, arrives at no other, alone or in a crew, until it is over."""
    day = apply(crowded_day(), first)
    with pytest.raises(EventError, match=f"{then}: a is still busy with one"):
        apply(day, Arrived(order=then))
    assert apply(day, Arrived(order="three")).order["three"].status == "arrived"
    ended: tuple[DayEvent, ...] = (Cancelled(order="one"), Finished(order="one"))
    for end in ended[: 2 if first.kind == "arrived" else 1]:
        assert apply(apply(day, end), Arrived(order=then)).order[then].status == "arrived"


def test_who_is_there_may_begin_at_another_order_of_the_place() -> None:
    """Two orders at one position are one place: both may be arrived at by one engineer."""
    day = crowded_day(orders=tuple(order_of(name) for name in ("one", "two", "three", "both")))
    day = apply(apply(day, Arrived(order="one")), Arrived(order="two"))
    assert {day.order[name].status for name in ("one", "two")} == {"arrived"}


def pin_day() -> Day:
    """Return a day of an order in Bangkok that asks for much, and who is fit for it or is not."""
    able: dict[str, Any] = {"skills": {"video": 3}, "languages": ("th",), "passes": ("port",)}
    penang = {"lat": 5.41, "lon": 100.33, "time_zone": "Asia/Kuala_Lumpur"}
    return Day(
        scenario="asean15",
        now=NOW,
        horizon_h=10.0,
        orders=(
            order_of(
                "one",
                "asean15",
                skill="video",
                level=3,
                languages=("th",),
                security_pass="port",
                parts={"card": 1},
                window_end=later(5.0),
            ),
        ),
        engineers=(
            engineer_of("fit", "asean15", parts={"card": 1}, **able),
            engineer_of("unskilled", "asean15", **able | {"skills": {"network": 4}}),
            engineer_of("junior", "asean15", **able | {"skills": {"video": 1}}),
            engineer_of("foreign", "asean15", **able | {"languages": ("ms",)}),
            engineer_of("shut-out", "asean15", **able | {"passes": ()}),
            engineer_of("far", "asean15", parts={"card": 1}, **able | penang),
            engineer_of("empty", "asean15", **able),
            engineer_of("late", "asean15", shift_start="21:00", shift_end="23:00", parts={"card": 1}, **able),
        ),
    )


@pytest.mark.parametrize(
    ("pin", "words"),
    [
        ({"engineer": "unskilled"}, "one: cannot be pinned to unskilled: lacks the skill video; allowed"),
        ({"engineer": "junior"}, "lacks the level: video senior"),
        ({"engineer": "foreign"}, "speaks none of: th"),
        ({"engineer": "shut-out"}, "lacks the pass port"),
        ({"engineer": "far"}, "cannot get there and back in time"),
        ({"start_from": later(-1.0), "start_to": later(-1.0)}, "before now"),
        ({"start_from": later(6.0), "start_to": later(6.0)}, "window_start to window_end"),
    ],
)
def test_a_pin_that_can_never_be_kept_is_refused(pin: dict[str, Any], words: str) -> None:
    """The rule that speaks against it is named; somebody who is fit, and a time that may be, are taken."""
    day = pin_day()
    with pytest.raises(EventError, match=words):
        apply(day, PinChange(order="one", pin=DayPin(**pin)))
    fine = DayPin(engineer="fit", start_from=later(2.0), start_to=later(2.0))
    assert apply(day, PinChange(order="one", pin=fine)).order["one"].pin == fine


def told(day: Day) -> str:
    """Return why nobody has the order `one` of a day whose plan is empty."""
    made = problem_of(day)
    plan = previous_plan(day, made)
    assert plan is not None
    return str(reasons(day, made, plan)["one"])


@pytest.mark.parametrize(
    ("pin", "clock", "words"),
    [
        ({"engineer": "empty"}, 0.0, "pinned to empty, who lacks the parts card:1"),
        ({"engineer": "late"}, 0.0, "pinned to late, who does not work long enough at a time"),
        ({"engineer": "fit"}, 0.0, "pinned to fit, who finds no place"),
        (
            {"start_from": later(0.5), "start_to": later(0.5)},
            1.0,
            "its pin to 2026-03-02 08:30+07:00 is past",
        ),
    ],
)
def test_a_pin_that_leaves_nobody_is_the_reason(pin: dict[str, Any], clock: float, words: str) -> None:
    """A pin that may come right is taken; where it leaves nobody, or has become past, that is the reason."""
    day = apply(changed(pin_day(), plan=DayPlan()), PinChange(order="one", pin=DayPin(**pin)))
    assert words in told(apply(day, Clock(now=later(clock))))


STAFF = (
    "id,name,city,lat,lon,skills,shift_start,shift_end\n"
    "E1,Ann,kuala-lumpur,{lat},101.68,video:senior,08:00,17:00\n"
    "E2,Bob,kuala-lumpur,3.05,101.60,video:senior,08:00,17:00\n"
)
HEAD = "id,city,lat,lon,reported_at,duration_h,pinned_engineer,pinned_start,status,departed_at,arrived_at\n"
AT = "kuala-lumpur,3.1,101.6,2026-03-02 07:00,1"
OFF = "kuala-lumpur,3.2,101.7,2026-03-02 07:00,1"


def files(*rows: str, lat: str = "3.13", **terms: Any) -> DayReading:
    """Return the day of rows of orders at 10:00 in Kuala Lumpur."""
    orders = Source("o.csv", (HEAD + "\n".join(rows) + "\n").encode())
    engineers = Source("e.csv", STAFF.format(lat=lat).encode())
    return read_day(DayFiles(orders, engineers), DayTerms(now=later(1.0), **terms))


@pytest.mark.parametrize(
    ("rows", "row", "column"),
    [
        ((f"x,{AT},E1,,arrived,,2026-03-02 08:30", f"y,{OFF},E1,,arrived,,2026-03-02 08:30"), 3, "status"),
        ((f"x,{AT},E1,,departed,,", f"y,{AT},E1,,arrived,,"), 3, "status"),
        ((f"x,{AT},E1,,departed,,", f"y,{AT},E1,,departed,,"), 3, "status"),
        ((f"x,{AT},E1,,departed,2026-03-02 10:01,",), 2, "departed_at"),
        ((f"x,{AT},E1,,arrived,2026-03-02 09:00,2026-03-02 10:01",), 2, "arrived_at"),
        ((f"x,{AT},,2026-03-02 09:59,,,",), 2, "pinned_start"),
        ((f"x,{AT},E1,,arrived,,", f"y,{AT},E1,,arrived,,"), None, ""),
        ((f"x,{AT},E1,,arrived,,", f"y,{OFF},E2,,arrived,,"), None, ""),
        ((f"x,{AT},E1,,finished,,", f"y,{OFF},E1,,arrived,,"), None, ""),
        ((f"x,{AT},E1,2026-03-02 09:30,arrived,,2026-03-02 10:00", f"y,{AT},,2026-03-02 10:00,,,"), None, ""),
    ],
)
def test_statuses_and_times_that_cannot_be_are_refused(
    rows: tuple[str, ...], row: int | None, column: str
) -> None:
    """Nobody is in two places, nothing has happened yet that is to come: the row and the column are named."""
    if row is None:
        assert len(files(*rows).day.orders) == len(rows)
        return
    with pytest.raises(RefusedFile) as caught:
        files(*rows)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [(row, column)]
    assert len(files(*rows, f"z,{AT},,,,,", skip_bad_rows=True).day.orders) == len(rows)


def test_who_is_under_way_and_not_among_the_engineers_is_told() -> None:
    """By the row a fault, by the plan a note with his name; pins of open orders to him are told as lost."""
    rows = (f"x,{AT},E1,,departed,,", f"y,{AT},E1,,,,", f"z,{AT},,,,,")
    with pytest.raises(RefusedFile) as caught:
        files(*rows, lat="95")
    assert [fault.file for fault in caught.value.faults] == ["e.csv"]
    reading = files(*rows, lat="95", skip_bad_rows=True)
    assert [fault.column for fault in reading.skipped] == ["pinned_engineer", "lat"]
    assert "E1, whose row is left out" in str(reading.skipped[0]) and set(reading.day.order) == {"y", "z"}
    assert any("do not hold: y: E1" in note for note in reading.notes)
    by_plan = DayPlan(visits=(visit_of("x", "K4"), visit_of("y", "ZZ", 2.0), visit_of("nope", "E1", 2.0)))
    notes = files(f"x,{AT},,,departed,,", f"y,{AT},,,,,", previous=by_plan).notes
    for words in ("x is departed by its row, and K4", "ZZ. What they had is planned anew: y", "1 (nope)"):
        assert any(words in note for note in notes), (words, notes)
    fine = DayPlan(visits=(visit_of("x", "E1"),))
    assert not any("plan" in note for note in files(f"x,{AT},,,departed,,", previous=fine).notes)


def test_a_crew_is_under_way_when_the_first_of_it_is() -> None:
    """Who is to come along may still be at work elsewhere; a crew of which nobody can be there is refused."""
    plan = DayPlan(visits=(visit_of("crew", "E1"), visit_of("crew", "E2", 3.0), visit_of("x", "E2")))
    crew, at_work = f"crew,{AT},,,departed,,", f"x,{OFF},,,arrived,,"
    for rows in ((crew, at_work), (at_work, crew)):
        assert len(files(*rows, previous=plan).day.orders) == 2
        with pytest.raises(RefusedFile) as caught:
            files(f"y,{OFF},E1,,arrived,,", *rows, previous=plan)
        assert [fault.row for fault in caught.value.faults] == [2 + 1 + rows.index(crew)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, None),
        ({"skills": {"network": 4}}, "is now with b: a lacks the skill video"),
        ({"available_from": later(24.0)}, "is now with b: a is not at work then"),
        ({"lat": 5.9}, "begins at 2026-03-02 "),
    ],
)
def test_a_freeze_that_cannot_be_kept_is_told(change: dict[str, Any], words: str | None) -> None:
    """A frozen visit stays; where its engineer cannot have it any more another has it, and why is told."""
    able: dict[str, Any] = {"skills": {"video": 3}}
    day = crowded_day(
        orders=(order_of("one", skill="video", lat=5.42, due_at=later(4.0)),),
        engineers=(engineer_of("a", **able | change), engineer_of("b", **able)),
        plan=DayPlan(visits=(visit_of("one", "a", 1.0),)),
        freeze_h=3.0,
    )
    after = plan_day(day, iterations=50)
    assert after.plan is not None and after.plan.unassigned == ()
    notes = broken_freeze(day, problem_of(day), after.plan)
    assert len(notes) == (words is not None) and all(str(words) in note for note in notes), notes


def test_what_is_frozen_and_left_is_not_said_to_be_pinned() -> None:
    """Nobody has pinned an order that only the freeze window keeps with its engineer."""
    day = crowded_day(
        orders=(order_of("one", lat=5.42),), plan=DayPlan(visits=(visit_of("one", "a", 1.0),)), freeze_h=3.0
    )
    made = problem_of(day)
    nobody = Plan((), ("one",), 0.0)
    assert (
        str(reasons(day, made, nobody)["one"]) == "it is frozen with a, who finds no place in the day for it"
    )
    assert str(frozen_text(day, made, "one")).startswith("frozen with a: ")
    day = changed(day, orders=(order_of("one", lat=5.42, pin=DayPin(engineer="a")),))
    assert frozen_text(day, problem_of(day), "one") is None
    assert "pinned to a" in str(reasons(day, problem_of(day), nobody)["one"])
    assert "left for later: a finds no place" in str(broken_freeze(day, made, DayPlan())[0])
