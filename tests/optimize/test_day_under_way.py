"""Visits under way go on as planned: with breaks, nights, depots, and crews whose members leave in turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import pytest
from day_in_words import NOW, engineer_of, later, order_of, random_day

from optimize.day.breach import simulated_starts
from optimize.day.event_kinds import Arrived, Clock, DayEvent, Departed, Finished, changed
from optimize.day.events import apply
from optimize.day.model import Day, DayEngineer, DayOrder, DayPlan, DayVisit
from optimize.day.problem import plan_day, problem_of
from optimize.day.replanning import first_answer
from optimize.day.uncertainty import Uncertainty, around_one
from optimize.day.writing import Told, rows_of

#: Ways and work as expected.
CERTAIN = Uncertainty(around_one(1e-9), other_work=around_one(1e-9))


def as_planned(plan: DayPlan) -> Iterator[tuple[datetime, int, DayEvent]]:
    """Yield what happens if a plan is carried out to the second, with ranks of what happens at once."""
    for name, crew in plan.crew_of.items():
        left, ended = min(visit.depart for visit in crew), max(visit.end for visit in crew)
        yield ended, 0, Finished(order=name, at=ended)
        yield left, 1, Departed(order=name, at=left)
        yield crew[0].start, 2, Arrived(order=name, at=crew[0].start)


def until(day: Day, at: datetime) -> Day:
    """Return a day some time later, all of its plan carried out as planned."""
    assert day.plan is not None
    for when, _, event in sorted(as_planned(day.plan), key=lambda told: told[:2]):
        if when <= at:
            day = apply(day, event)
    return apply(day, Clock(now=max(at, day.now)))


@pytest.mark.parametrize("seed", [5, 6, 14, 17, 24, 26, 114, 144, 164])
def test_who_follows_the_plan_is_never_refused_and_changes_nothing(seed: int) -> None:
    """At any hour everybody is where the plan has him: whoever is under way, and all that is still to do."""
    day = plan_day(random_day(seed, 12, 3), iterations=200)
    assert day.plan is not None
    for hours in (0.7, 2.9, 5.3, 7.6, 9.2, 24.4):
        now = until(day, later(hours))
        after = first_answer(now)
        assert after.plan is not None
        starts = simulated_starts(now, now.plan or DayPlan(), CERTAIN, 1, 2)
        for name, crew in after.plan.crew_of.items():
            was = day.plan.crew_of[name]
            # Who has done his part of a crew's work before the others may have gone on.
            at_work = now.order[name].status == "arrived"
            assert crew and {v.engineer for v in crew} <= {v.engineer for v in was}
            assert at_work or len(crew) == len(was)
            assert {abs((v.start - was[0].start).total_seconds()) < 3.0 for v in crew} == {True}, (
                hours,
                name,
            )
            planned = (was[0].start - now.now) / timedelta(hours=1)
            assert np.allclose(starts[name], planned, atol=5.0 / 3600.0), (hours, name)
        assert {v.order for v in after.plan.visits} == {
            name for name in day.plan.crew_of if now.order[name].status != "finished"
        }


def visit_of(order: str, engineer: str, depart: float, start: float, **fields: object) -> DayVisit:
    """Return a visit of an hour, in hours from now."""
    given = {"depart": later(depart), "start": later(start), "end": later(start + 1.0)}
    return DayVisit.model_validate(
        {"order": order, "engineer": engineer, "travel_h": start - depart} | given | fields
    )


def eta(visit: DayVisit, at: float, **fields: object) -> tuple[datetime, datetime]:
    """Return when work begins and ends of somebody who has left for it, by his engineer's fields."""
    order = order_of("x", status="departed", departed_at=later(at))
    day = Day(
        scenario="one-city",
        now=later(at),
        orders=(order,),
        engineers=(engineer_of("a", **fields),),
        plan=DayPlan(visits=(visit,)),
    )
    (found,) = problem_of(day).fixed
    return found.start, found.end


@pytest.mark.parametrize("late", [0.0, 0.25])
def test_who_has_left_takes_his_breaks_and_nights(late: float) -> None:
    """He arrives as planned over a break or a night, as much later as he has left later; so does his work."""
    # 09:00 there is now: a break from 12:00, the end at 17:00.
    over_noon = visit_of("x", "a", 2.5, 4.5, travel_h=1.0)
    times = eta(over_noon, 2.5 + late, break_start="12:00", break_end="13:00")
    assert times == (later(4.5 + late), later(5.5 + late))
    over_night = visit_of("x", "a", 7.5, 23.5, travel_h=1.0)
    assert eta(over_night, 7.5 + late) == (later(23.5 + late), later(24.5 + late))
    before_noon = visit_of("x", "a", 1.6, 2.6, end=later(4.6))
    assert eta(before_noon, 1.6 + late, break_start="12:00", break_end="13:00")[1] == later(4.6 + late)
    # Nobody who leaves in the night waits for the morning, or for the end of a break.
    assert eta(visit_of("x", "a", 9.0, 10.0), 9.0 + late)[0] == later(10.0 + late)


def supplied(*orders: DayOrder, **fields: object) -> Day:
    """Return a planned day of one engineer whose van lacks what his orders need."""
    engineer: DayEngineer = engineer_of("a", centre="george-town", parts={"fuse": 1}, lat=5.35, **fields)
    day = Day(scenario="one-city", now=NOW, orders=orders, engineers=(engineer,))
    return plan_day(day, iterations=100)


def fetching(day: Day) -> dict[str, tuple[bool, datetime]]:
    """Return of each visit whether it goes over the depot, and its start."""
    assert day.plan is not None
    return {visit.order: (visit.fetches_parts, visit.start) for visit in day.plan.visits}


def test_one_way_to_the_depot_is_enough() -> None:
    """Whoever has fetched for all his orders goes there once, whether on his way, at work, or done."""
    orders = [
        order_of(name, lat=lat, parts={"card": 1}, tools=("ladder",), duration_h=0.5)
        for name, lat in (("one", 5.45), ("two", 5.5), ("three", 5.55))
    ]
    day = supplied(*orders)
    planned = fetching(day)
    assert day.plan is not None
    first, *rest = sorted(day.plan.visits, key=lambda visit: visit.start)
    assert [v.fetches_parts for v in (first, *rest)] == [True, False, False]
    half = apply(day, Departed(order=first.order, at=first.depart))
    for event in (
        None,
        Arrived(order=first.order, at=first.start),
        Finished(order=first.order, at=first.end),
    ):
        half = apply(half, event) if event else half
        found = fetching(first_answer(half))
        for name, (fetches, start) in found.items():
            assert fetches == planned[name][0]
            assert abs((start - planned[name][1]).total_seconds()) < 3.0
        assert rest[0].order in found
    assert half.engineer["a"].parts == {"fuse": 1, "card": 2}
    # By files alone nobody says what is in the van: the plan knows it.
    finished = changed(half, engineers=tuple(changed(e, parts={"fuse": 1}, tools=()) for e in half.engineers))
    assert not any(fetches for fetches, _ in fetching(first_answer(finished)).values())
    # What nobody went for is not in the van.
    other = order_of("new", lat=5.5, parts={"lens": 1}, duration_h=0.5)
    more = first_answer(changed(half, orders=(*half.orders, other)))
    assert any(fetches for fetches, _ in fetching(more).values())


def test_members_of_a_crew_leave_in_turn() -> None:
    """Who is free leaves for a crew's order, who is at work elsewhere follows; the appointment stays."""
    orders = (order_of("both", crew_size=2), order_of("before"))
    visits = (
        visit_of("both", "a", 0.5, 2.0),
        visit_of("before", "b", 0.75, 0.75),
        visit_of("both", "b", 1.75, 2.0),
    )
    day = Day(
        scenario="one-city",
        now=NOW,
        orders=orders,
        engineers=(engineer_of("a"), engineer_of("b")),
        plan=DayPlan(visits=visits),
    )
    day = apply(day, Departed(order="both", at=later(0.5)))
    for event in (None, Departed(order="before", at=later(0.75)), Arrived(order="before", at=later(0.75))):
        day = apply(day, event) if event else day
        plan = first_answer(day).plan
        assert plan is not None
        assert {(v.order, v.engineer): v.start for v in plan.visits} == {
            (v.order, v.engineer): v.start for v in visits
        }
    # He who follows is late if what he does before is.
    late = problem_of(changed(day, now=later(2.5))).fixed
    assert {visit.start for visit in late if visit.order == "both"} == {later(2.75)}


@pytest.mark.parametrize("seed", [25, 33, 44])
def test_a_crew_that_leaves_long_before_is_brought_forward(seed: int) -> None:
    """Whoever is free has left, nobody waits for what was planned before; a new answer says the same."""
    day = plan_day(random_day(seed, 12, 3), iterations=100)
    assert day.plan is not None
    name, crew = next((n, c) for n, c in day.plan.crew_of.items() if len(c) > 1 and c[0].start > later(3.0))
    told = apply(day, Departed(order=name, at=later(0.1)))
    visits = [visit for visit in problem_of(told).fixed if visit.order == name]
    assert {(visit.engineer, visit.depart) for visit in visits} == {(v.engineer, later(0.1)) for v in crew}
    assert visits[0].start < crew[0].start
    one = first_answer(told)
    two = first_answer(one)
    assert one.plan is not None and two.plan is not None
    seconds = [
        (b.start - a.start).total_seconds() for a, b in zip(one.plan.visits, two.plan.visits, strict=True)
    ]
    assert max(map(abs, seconds)) <= 1.0


def test_hours_on_the_way_are_told_with_four_decimals() -> None:
    """Those of a visit under way, which come from two instants, are rounded like all others."""
    visit = visit_of("o", "e", -0.5, -0.5 + 1.0 / 12.0)
    order = order_of("o", status="departed", departed_at=visit.depart)
    plan = DayPlan(visits=(visit.model_copy(update={"travel_h": 1.0 / 12.0}),))
    day = Day(now=NOW, scenario="one-city", orders=(order,), engineers=(engineer_of("e"),), plan=plan)
    assert [row["travel_h"] for row in rows_of(day, Told())] == [0.0833]
