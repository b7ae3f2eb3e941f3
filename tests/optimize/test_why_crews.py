"""Reasons of orders for several people, and of people who are away, name who is meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from optimize.day.model import Day, DayAbsence, DayEngineer, DayOrder, DayPin
from optimize.day.problem import DayProblem, problem_of, solved
from optimize.day.reasons import reasons
from optimize.plan import Plan
from optimize.why import Change, Why, explain

NOW = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLACE = {"lat": 3.1, "lon": 101.6, "city": "kuala-lumpur", "time_zone": "Asia/Kuala_Lumpur"}
PAIR = DayOrder(
    id="pair", reported_at=NOW - HOUR, duration_h=1.0, skill="signals", level=2, crew_size=2, **PLACE
)


def person(name: str, level: int = 2, **more: Any) -> DayEngineer:
    """Return somebody in Kuala Lumpur who knows signals."""
    return DayEngineer(**{"id": name, "skills": {"signals": level}, "overtime_h": 1.0, **PLACE, **more})


def told(order: DayOrder, *people: DayEngineer) -> tuple[str, Why, DayProblem, Plan]:
    """Return the line of the plan about an order, and the whole story."""
    day = Day(now=NOW, orders=(order,), engineers=people)
    made = problem_of(day)
    plan = solved(day, made, iterations=20)
    why = explain(made.problem, plan, order.id, iterations=20)
    return str(reasons(day, made, plan).get(order.id, "")), why, made, plan


def all_words(why: Why) -> str:
    """Return all sentences of an answer."""
    parts = (*why.rules, *why.forcing, *why.slots, *why.remedies)
    return " ".join(map(str, (*why.texts, *(part.text for part in parts))))


def test_a_crew_that_nobody_can_make_up_is_told_with_who_qualifies() -> None:
    """Two people of a level that one has: line and story say so, by name, and speak of no linked visit."""
    line, why, _, _ = told(PAIR, person("p2"), person("p3", level=1))
    assert line == "it needs 2 people with signals:intermediate or higher; 1 qualifies: p2"
    assert str(why.texts[0]) == f"Nobody can serve it: {line}."
    assert [step.rule for step in why.rules if step.removed] == ["level", "crew"]
    assert "linked" not in all_words(why)


def test_a_crew_short_of_anything_else_is_told_with_who_is_fit() -> None:
    """Of three with the level one lacks the pass and one the hours: who is left is told."""
    order = PAIR.model_copy(update={"security_pass": "port"})
    port = frozenset(["port"])
    line, why, _, _ = told(order, person("p1", passes=port), person("p2"))
    assert line == "it needs 2 people; 1 is fit for it: p1"
    assert str(why.texts[0]) == f"Nobody can serve it: {line}."


def test_a_crew_that_is_planned_is_named_whole() -> None:
    """Everybody is named, in sentences and in appointments, and nobody of the crew changes hands."""
    _, why, _, plan = told(PAIR, person("p1"), person("p2"), person("p3", level=1))
    assert why.verdict == "served" and not plan.unassigned
    assert "A crew of 2 does it together: " in all_words(why)
    assert all("p1" in str(t) and "p2" in str(t) for t in (why.texts[1], *(slot.text for slot in why.slots)))
    assert why.slots and not any(slot.way.moves for slot in why.slots)
    assert "linked" not in all_words(why) and "#2" not in all_words(why)


def test_whoever_is_away_is_told_to_be_away() -> None:
    """The only one fit is sick till Wednesday, or has left for good: that is the reason, not his hours."""
    alone = PAIR.model_copy(update={"crew_size": 1})
    sick = person("p2", absences=(DayAbsence(start=NOW - HOUR, end=NOW + 60 * HOUR),))
    line, why, _, _ = told(alone, sick, person("p3", level=1))
    assert line == "p2 is away until 2026-03-04 20:00+08:00"
    assert [step.rule for step in why.rules if step.removed] == ["level", "away"]
    assert str(why.texts[0]) == "Nobody can serve it: p2 is away until 60.00 h."
    gone = person("p2", available_to=NOW + HOUR / 2)
    line, why, _, _ = told(alone, gone, person("p3", level=1))
    assert line == "p2 is away from 2026-03-02 08:30+08:00 on"
    assert not any(change.kind == "overtime" for remedy in why.remedies for change in remedy.changes)
    line, _, _, _ = told(alone, gone, person("p4", absences=(DayAbsence(start=NOW - HOUR),)))
    assert line == "all 2 who are otherwise fit are away when it could be done: p2, p4"


def test_absence_is_no_reason_for_what_nobody_could_do_at_work_either() -> None:
    """Twelve hours in one go fit into no shift, whether he is there or not: hours are the reason."""
    long = PAIR.model_copy(update={"crew_size": 1, "duration_h": 12.0, "may_pause": False})
    line, _, _, _ = told(long, person("p2", available_to=NOW + HOUR))
    assert "works long enough" in line


def test_what_is_pinned_to_somebody_away_is_first_to_lose_its_pin() -> None:
    """Others could do it at once: without the pin to him is the first advice, before his return."""
    pinned = PAIR.model_copy(update={"crew_size": 1, "pin": DayPin(engineer="p2")})
    sick = person("p2", absences=(DayAbsence(start=NOW, end=NOW + 48.1 * HOUR),))
    line, why, _, _ = told(pinned, sick, person("p3"))
    assert line == "it is pinned to p2, and p2 is away until 2026-03-04 08:06+08:00"
    assert why.remedies[0].changes == (Change("unpin_engineer", None, "p2"),)
    assert str(why.remedies[0].text).startswith("With its pin to p2 taken off, p3 can begin it at")
