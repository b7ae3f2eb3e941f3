"""Why nobody has an order, in a line: the window first, then the rule that leaves nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from optimize.day.model import Day, DayEngineer, DayOrder
from optimize.day.problem import problem_of, solved
from optimize.day.reasons import reasons

NOW = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLACE = {"lat": 3.1, "lon": 101.6, "city": "kuala-lumpur", "time_zone": "Asia/Kuala_Lumpur"}


def order(name: str, **more: Any) -> DayOrder:
    """Return an order in Kuala Lumpur."""
    return DayOrder(**{"id": name, "reported_at": NOW - HOUR, "duration_h": 1.0, **PLACE, **more})


def test_an_order_that_nobody_has_is_told_why_in_plain_words() -> None:
    """A closed window comes before any rule; a skill, a pass or a level that nobody has is named."""
    orders = [
        order("late", window_end=NOW - HOUR),
        order("far", window_start=NOW + 50 * HOUR),
        order("rare", skill="signals"),
        order("hard", skill="video", level=4),
        order("shut", security_pass="port"),
    ]
    day = Day(now=NOW, orders=tuple(orders), engineers=(DayEngineer(id="e1", skills={"video": 1}, **PLACE),))
    made = problem_of(day)
    told = reasons(day, made, solved(day, made, iterations=20))
    for name, words in {
        "late": "its window closed at 2026-03-0",
        "far": "the horizon ends at",
        "rare": "has the skill signals (1 asked)",
        "hard": "level: video expert",
        "shut": "the pass port",
    }.items():
        assert words in told[name], (name, told[name])


def test_the_line_and_the_whole_story_say_the_same_of_work_that_no_shift_holds() -> None:
    """Twelve hours of work with no in may_pause: hours leave nobody, and to let it go over shifts helps."""
    from optimize.why import explain
    from optimize.why.model import Change

    day = Day(
        now=NOW,
        orders=(order("long", duration_h=12.0),),
        engineers=tuple(DayEngineer(id=name, overtime_h=1.0, **PLACE) for name in ("e1", "e2")),
    )
    made = problem_of(day)
    plan = solved(day, made, iterations=20)
    told = str(reasons(day, made, plan)["long"])
    why = explain(made.problem, plan, "long", iterations=20)
    assert told == "nobody otherwise fit works long enough when it may begin, for 12 h of work (2 asked)"
    assert str(why.texts[0]) == f"Nobody can serve it: {told}." and why.verdict == "no_engineer"
    offered = [remedy.changes for remedy in why.remedies]
    assert offered[0] == (Change("over_shifts"),) and len(offered) == len(set(offered))
