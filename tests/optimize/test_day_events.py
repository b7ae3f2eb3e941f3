"""Events of a day: each changes what it tells, what is impossible is refused, and little is planned anew."""

from __future__ import annotations

from typing import Any

import pytest
from day_in_words import NOW, engineer_of, is_sound, later, order_of, random_day

from optimize.day.event_kinds import changed
from optimize.day.events import (
    EVENT,
    Arrived,
    BackToWork,
    Cancelled,
    Clock,
    DayEvent,
    Departed,
    EventError,
    Finished,
    NewStock,
    PinChange,
    RunningLate,
    SickEngineer,
    UrgentOrder,
    apply,
)
from optimize.day.model import Day, DayPin, DayPlan, DayVisit
from optimize.day.problem import plan_day, problem_of
from optimize.day.replanning import first_answer, replan


def simple_day(**fields: Any) -> Day:
    """Return a day of three orders: two that a and b have, and one that nobody has."""
    visits = tuple(
        DayVisit(order=o, engineer=e, depart=later(0.0), start=later(0.5), end=later(1.5), travel_h=0.5)
        for o, e in (("one", "a"), ("two", "b"))
    )
    given = {
        "scenario": "one-city",
        "now": NOW,
        "orders": tuple(order_of(name, parts={"card": 2}) for name in ("one", "two", "three")),
        "engineers": (engineer_of("a", parts={"card": 5}, lat=5.5), engineer_of("b")),
        "plan": DayPlan(visits=visits, unassigned=("three",)),
    }
    return Day.model_validate(given | fields)


def planned_day(seed: int) -> Day:
    """Return a random day that has been planned."""
    return plan_day(random_day(seed, 14, 4), iterations=300)


EVENTS: tuple[DayEvent, ...] = (
    Departed(order="one"),
    Arrived(order="one", at=later(0.4)),
    Cancelled(order="one"),
    RunningLate(order="one", delay_h=0.5),
    UrgentOrder(order=order_of("four")),
    SickEngineer(engineer="b", end=later(3.0)),
    NewStock(engineer="a", parts={"card": 1}, tools=("ladder",)),
    PinChange(order="three", pin=DayPin(engineer="b")),
    Clock(now=later(1.0)),
)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: str(event.kind))
def test_an_event_changes_only_what_it_tells(event: DayEvent) -> None:
    """It is read back from its JSON; orders and engineers that it does not name, and the day before, stay."""
    day = simple_day()
    text = day.model_dump_json()
    read = EVENT.validate_json(EVENT.dump_json(event))
    after = apply(day, read)
    assert read == event
    assert day.model_dump_json() == text != after.model_dump_json()
    named = {name for field in ("order", "engineer") if isinstance(name := getattr(event, field, None), str)}
    if isinstance(event, SickEngineer):
        named.add("two")
    for name in set(day.order) - named:
        assert after.order[name] == day.order[name]
    for name in set(day.engineer) - named:
        assert after.engineer[name] == day.engineer[name]


def test_a_job_from_departure_to_its_end() -> None:
    """Statuses and instants follow what is told; then its engineer is there, with fewer parts in his van."""
    day = simple_day()
    for event in (
        Departed(order="one", at=later(0.1)),
        Arrived(order="one", at=later(0.6)),
        Finished(order="one", at=later(2.0)),
    ):
        day = apply(day, event)
    order, engineer = day.order["one"], day.engineer["a"]
    assert (order.status, order.departed_at, order.arrived_at) == ("finished", later(0.1), later(0.6))
    assert order.restored_at == order.completed_at == day.now == later(2.0)
    assert (engineer.lat, engineer.parts) == (order.lat, {"card": 3})
    assert day.order["two"].status == "new"


@pytest.mark.parametrize(
    ("before", "event", "words"),
    [
        ((), Departed(order="three"), "three: nobody has it"),
        ((), Departed(order="tow"), r"tow: is none of the orders \(did you mean two\?\)"),
        ((), NewStock(engineer="zz"), "zz: is none of the engineers$"),
        ((), Finished(order="one"), "found status new; allowed: arrived"),
        ((Departed(order="one"),), Departed(order="one"), "found status departed"),
        ((Departed(order="one"),), PinChange(order="one", pin=None), "found status departed"),
        ((Departed(order="one", at=later(1.0)),), Arrived(order="one", at=later(0.5)), "or later"),
        ((Cancelled(order="one"),), Arrived(order="one"), "found status cancelled"),
        ((), UrgentOrder(order=order_of("one")), "one: found twice"),
        ((), UrgentOrder(order=order_of("x", reported_at=later(1.0))), "later than now"),
        ((), UrgentOrder(order=order_of("x", status="arrived")), "found status arrived; allowed: new"),
        ((), PinChange(order="one", pin=DayPin(start_to=later(-1.0))), "pin ends before"),
        ((), PinChange(order="one", pin=DayPin(engineer="aa")), r"did you mean a\?"),
        ((), SickEngineer(engineer="a", end=later(-1.0)), "away until before"),
        ((), BackToWork(engineer="a"), "is not away"),
        ((), Clock(now=later(-1.0)), "or later"),
    ],
)
def test_what_is_impossible_is_refused(before: tuple[DayEvent, ...], event: DayEvent, words: str) -> None:
    """An event that cannot be says what was found and what is allowed."""
    day = simple_day()
    for earlier in before:
        day = apply(day, earlier)
    with pytest.raises(EventError, match=words):
        apply(day, event)


def test_nobody_leaves_while_he_is_elsewhere() -> None:
    """Who is at an order cannot depart for another."""
    visit = DayVisit(
        order="three", engineer="a", depart=later(2.0), start=later(3.0), end=later(4.0), travel_h=0.5
    )
    day = simple_day()
    assert day.plan is not None
    day = changed(day, plan=changed(day.plan, visits=(*day.plan.visits, visit)))
    day = apply(day, Arrived(order="one"))
    with pytest.raises(EventError, match="a is still busy with one"):
        apply(day, Departed(order="three"))
    assert (
        apply(apply(day, Finished(order="one")), Departed(order="three")).order["three"].status == "departed"
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_only_what_must_change_changes(seed: int) -> None:
    """After an urgent order nobody else moves at first; later what is frozen or under way stays, and most."""
    day = planned_day(seed)
    assert day.plan is not None
    first = day.plan.visits[0]
    day = changed(apply(day, Departed(order=first.order)), freeze_h=2.0)
    urgent = order_of("urgent", severity="emergency", duration_h=0.5, due_at=later(2.0))
    told = apply(day, UrgentOrder(order=urgent))
    quick, later_on = first_answer(told), replan(told, iterations=1000)
    frozen = {v.order for v in day.plan.visits if v.start <= later(2.0)} | {first.order}
    crews = {name: {v.engineer for v in visits} for name, visits in day.plan.crew_of.items()}
    for after in (quick, later_on):
        assert after.plan is not None
        assert "urgent" in after.plan.crew_of
        assert is_sound(after)
        moved = {
            name
            for name, visits in after.plan.crew_of.items()
            if name != "urgent" and {v.engineer for v in visits} != crews[name]
        }
        assert not moved & frozen
        assert len(moved) <= (0 if after is quick else 3)
        for name in frozen - {first.order}:
            was, now = day.plan.crew_of[name][0].start, after.plan.crew_of[name][0].start
            assert abs((now - was).total_seconds()) < 1.0 or now > was
    assert later_on.plan is not None and quick.plan is not None
    assert later_on.plan.cost <= quick.plan.cost + 1e-6


def test_a_sick_engineer_is_replaced() -> None:
    """In his absence, now or later, no order is his; they go to others as far as these can take them."""
    day = planned_day(4)
    assert day.plan is not None
    name = day.plan.visits[0].engineer
    for event in (
        SickEngineer(engineer=name),
        SickEngineer(engineer=name, start=later(3.0)),
        SickEngineer(engineer=name, end=later(5.0)),
        SickEngineer(engineer=name, start=later(3.0), end=later(30.0)),
    ):
        told = apply(day, event)
        after = replan(told, iterations=300)
        assert after.plan is not None and is_sound(after)
        begins = event.start or NOW
        visits = [v for v in after.plan.visits if v.engineer == name]
        assert all(v.end <= begins or (event.end and v.start >= event.end) for v in visits)
    pinned = apply(day, PinChange(order=day.plan.visits[0].order, pin=DayPin(engineer=name)))
    away = apply(pinned, SickEngineer(engineer=name))
    for told, who in ((away, ()), (apply(away, BackToWork(engineer=name)), (name,))):
        after = replan(told, iterations=300)
        assert after.plan is not None
        crew = after.plan.crew_of.get(day.plan.visits[0].order, ())
        assert tuple(visit.engineer for visit in crew) == who


def test_running_late_pushes_what_follows() -> None:
    """Nobody is planned to begin elsewhere before the work that takes longer is expected to end."""
    day = planned_day(5)
    assert day.plan is not None
    visit = next(v for v in day.plan.visits if day.order[v.order].crew_size == 1)
    day = apply(day, Arrived(order=visit.order, at=visit.start))
    after = first_answer(apply(day, RunningLate(order=visit.order, delay_h=2.0)))
    assert after.plan is not None
    rest = [v for v in after.plan.visits if v.engineer == visit.engineer and v.order != visit.order]
    hours = day.order[visit.order].duration_h + 2.0
    assert all((v.start - visit.start).total_seconds() / 3600.0 >= hours for v in rest)
    on_the_way = apply(planned_day(5), Departed(order=visit.order))
    slow = apply(on_the_way, RunningLate(order=visit.order, delay_h=2.0))
    starts = [day.plan.crew_of[visit.order][0].start for day in (on_the_way, slow) if day.plan]
    assert (starts[1] - starts[0]).total_seconds() == 7200.0


def test_new_stock_lets_an_order_be_done() -> None:
    """What nobody had the part for is planned once somebody has got it."""
    day = simple_day(engineers=(engineer_of("a", parts={"fuse": 1}), engineer_of("b")), plan=None)
    day = changed(day, orders=(order_of("one", parts={"card": 2}),))
    without = first_answer(day)
    with_it = first_answer(apply(without, NewStock(engineer="b", parts={"card": 2})))
    assert without.plan is not None and without.plan.unassigned == ("one",)
    assert with_it.plan is not None and with_it.plan.crew_of["one"][0].engineer == "b"


def test_a_pin_is_kept() -> None:
    """An order goes to whom it is pinned to, in the range of its start."""
    day = planned_day(6)
    assert day.plan is not None
    visit = next(v for v in day.plan.visits if day.order[v.order].crew_size == 1)
    other = next(name for name in day.engineer if name != visit.engineer)
    pin = DayPin(engineer=other, start_from=later(5.0), start_to=later(6.0))
    after = replan(apply(day, PinChange(order=visit.order, pin=pin)), iterations=300)
    assert after.plan is not None
    (pinned,) = after.plan.crew_of[visit.order]
    assert pinned.engineer == other
    assert later(5.0) <= pinned.start <= later(6.0)


def test_nobody_works_in_a_later_absence() -> None:
    """What is pinned into an absence in the middle of a shift is not done; before and after it he works."""
    day = simple_day(engineers=(engineer_of("a"),), plan=None)
    day = changed(day, orders=(order_of("one"),))
    day = apply(day, SickEngineer(engineer="a", start=later(2.0), end=later(4.0)))
    for low, who in ((0.0, 1), (2.5, 0), (4.5, 1)):
        pin = DayPin(start_from=later(low), start_to=later(low + 0.5))
        after = first_answer(apply(day, PinChange(order="one", pin=pin)))
        assert after.plan is not None
        assert len(after.plan.visits) == who


def hours_of(day: Day) -> list[tuple[float, float]]:
    """Return the shifts of engineer a in hours from the beginning."""
    made = problem_of(day)
    since = (made.start - NOW).total_seconds() / 3600.0
    return [(round(s.opens + since, 6), round(s.closes + since, 6)) for s in made.problem.engineers[0].shifts]


def test_sickness_leaves_what_is_known_of_somebody() -> None:
    """Hours in which he can be sent at all, and absences known before, stand in sickness and after it."""
    known = {"available_from": later(2.5), "available_to": later(30.0)}
    dentist = {"start": later(4.0), "end": later(5.0)}
    engineer = engineer_of("a", absences=(dentist,), **known)
    day = simple_day(engineers=(engineer, engineer_of("b")))
    away = apply(day, SickEngineer(engineer="a", start=later(6.0), end=later(7.0)))
    now_too = apply(away, SickEngineer(engineer="a", end=later(1.0)))
    person = now_too.engineer["a"]
    assert person.available_from == later(2.5) and person.available_to == later(30.0)
    assert hours_of(now_too)[:3] == [(2.5, 4.0), (5.0, 6.0), (7.0, 8.0)]
    back = apply(apply(now_too, Clock(now=later(0.5))), BackToWork(engineer="a"))
    # He himself says that he can be sent now; the dentist and the later sickness stand.
    assert back.engineer["a"].available_from == later(0.5)
    assert back.engineer["a"].available_to == later(30.0)
    assert [a.start for a in back.engineer["a"].absences] == [later(4.0), later(6.0), NOW]


def test_who_is_sick_until_further_notice_comes_back() -> None:
    """Sickness without an end lasts over days; once he is back, he is as he was before, and works again."""
    day = simple_day(engineers=(engineer_of("a", available_to=later(30.0)), engineer_of("b")))
    sick = apply(day, SickEngineer(engineer="a"))
    assert hours_of(sick) == []
    back = apply(apply(sick, Clock(now=later(1.0))), BackToWork(engineer="a"))
    assert back.engineer["a"].available_to == later(30.0)
    assert hours_of(back) == [(1.0, 8.0), (23.0, 30.0)]
    with pytest.raises(EventError, match="is not away"):
        apply(back, BackToWork(engineer="a"))


def test_a_document_with_one_absence_is_read() -> None:
    """What older documents say of an absence is the first of several."""
    text = simple_day().model_dump_json()
    for older, end in (
        ('"absent_from": "2026-03-02T03:00:00Z", "absent_to": "2026-03-02T05:00:00Z"', later(4.0)),
        ('"absent_from": "2026-03-02T03:00:00Z", "absent_to": null', None),
    ):
        read = Day.model_validate_json(text.replace('"absences":[]', older, 1))
        (absence,) = read.engineers[0].absences
        assert (absence.start, absence.end) == (later(2.0), end)
    nobody = Day.model_validate_json(text.replace('"absences":[]', '"absent_from": null, "absent_to": null'))
    assert nobody == simple_day()
