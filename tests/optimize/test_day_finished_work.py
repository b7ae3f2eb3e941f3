"""Where finished orders of a file leave their engineers, and what they used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from insight.imports.reading import Source
from optimize.day.event_kinds import Arrived, Finished
from optimize.day.events import apply
from optimize.day.model import DayPlan, DayVisit
from optimize.day.problem import plan_day, problem_of
from optimize.day.reading import DayFiles, DayReading, DayTerms, read_day

#: 10:00 in Kuala Lumpur.
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DONE = "finished,2026-03-02 08:00,2026-03-02 09:10,2026-03-02 09:50"
YESTERDAY = "finished,2026-03-01 08:00,2026-03-01 09:10,2026-03-01 09:50"
PLAN = DayPlan(
    visits=(
        DayVisit(
            order="A",
            engineer="E1",
            depart=NOW - 2 * HOUR,
            start=NOW - HOUR,
            end=NOW - 0.5 * HOUR,
            travel_h=1.0,
        ),
    )
)
BASE = "E1,kuala-lumpur,3.139,101.687,,,video:junior,camera:1"


def read(
    course: str, plan: DayPlan | None = PLAN, pinned: str = "", engineer: str = BASE, travel: str = ""
) -> DayReading:
    """Return a day of A, which is far out and as its course says, and of B and C beside it."""
    orders = (
        "id,site,city,lat,lon,reported_at,skill,duration_h,parts,pinned_engineer,status,departed_at,"
        "arrived_at,completed_at\n"
        f"A,,kuala-lumpur,3.139,101.887,2026-03-01 07:00,video,0.5,camera:1,{pinned},{course}\n"
        "B,,kuala-lumpur,3.139,101.890,2026-03-02 07:00,video,1,,,,,,\n"
        "C,,kuala-lumpur,3.139,101.890,2026-03-02 07:00,video,1,camera:1,,,,,\n"
    )
    engineers = f"id,city,lat,lon,home_lat,home_lon,skills,parts\n{engineer}\n"
    files = DayFiles(
        Source("o.csv", orders.encode()),
        Source("e.csv", engineers.encode()),
        travel=Source("t.csv", travel.encode()) if travel else None,
    )
    return read_day(files, DayTerms(now=NOW, previous=plan))


@pytest.mark.parametrize(
    ("course", "plan", "pinned"), [(DONE, PLAN, ""), ("finished,,,", PLAN, ""), (DONE, None, "E1")]
)
def test_who_has_finished_is_there_without_what_he_used(
    course: str, plan: DayPlan | None, pinned: str
) -> None:
    """He begins next door within minutes, and what needs the part that he used is left for later."""
    reading = read(course, plan, pinned)
    after = plan_day(reading.day, iterations=20)
    assert after.plan is not None
    (begun,) = after.plan.crew_of["B"]
    assert begun.start - NOW < 0.2 * HOUR and after.plan.unassigned == ("C",)
    assert any("assumption" in note and "(E1)" in note for note in reading.notes)


def test_a_file_and_an_event_leave_an_engineer_in_the_same_place() -> None:
    """An order that is finished in the file is as one that was finished before the board's eyes."""
    told = read("new,,,").day
    for event in (Arrived(order="A", at=NOW - HOUR), Finished(order="A", at=NOW)):
        told = apply(told, event)
    by_file, by_event = read(DONE).day.engineer["E1"], told.engineer["E1"]
    assert by_file == by_event and by_file.parts == {"camera": 0}


@pytest.mark.parametrize(
    ("course", "plan", "engineer"),
    [
        (YESTERDAY, PLAN, BASE),
        (DONE, None, BASE),
        (DONE, PLAN, BASE.replace("101.687,,,", "101.687,3.2,101.7,")),
        (DONE, PLAN, "E2" + BASE[2:]),
    ],
    ids=["yesterday", "by nobody", "says where he is", "somebody else"],
)
def test_the_file_says_where_an_engineer_is(course: str, plan: DayPlan | None, engineer: str) -> None:
    """It holds for work of an earlier shift, of nobody known, and where his home is not where he stands."""
    reading = read(course, plan, engineer=engineer)
    (person,) = reading.day.engineers
    assert (person.lat, person.lon, person.parts) == (3.139, 101.687, {"camera": 1})
    assert not any("assumption" in note for note in reading.notes)


def test_ways_of_a_file_are_those_of_the_place_where_he_is() -> None:
    """The way from an engineer is that from his base: who has finished elsewhere leaves from that order."""
    reading = read(DONE, travel="from,to,hours\nE1,B,3\nA,B,0.5\n")
    made = problem_of(reading.day)
    orders = {order.id: order.place for order in made.problem.orders}
    (person,) = made.problem.engineers
    assert made.problem.travel.hours[0, person.place, orders["B"]] == 0.5
    assert person.home is not None and made.problem.travel.hours[0, person.home, orders["B"]] == 3.0
