"""Engineers who may be called off duty, for the severities that they are on call for."""

from __future__ import annotations

from datetime import date

from worlds import Document, run, tiny, visit_log

from insight.columns import numbers
from sim.records import tables_of


def on_call(severities: list[str], **sections: object) -> Document:
    """Return one engineer by day who is on call at night, and a fault of each of two severities."""
    faults: dict[str, Document] = {
        "dark": {"severity": "emergency", "work_hours": 2.0},
        "dim": {"work_hours": 2.0},
    }
    engineers = {"a": {"shift": "day", "on_call": {"calendar": "always", "severities": severities}}}
    return tiny(faults, engineers, **sections)


def test_an_emergency_calls_somebody_at_night() -> None:
    """At 22:00 an emergency is begun at once, other work waits for the morning."""
    model = run(on_call(["emergency"]), (22.0, "site", "dark"), (22.5, "site", "dim"))
    assert visit_log(model) == [
        ("dark", "a:1", 22.0, 22.0, 24.0, "completed"),
        ("dim", "a:1", 32.0, 32.0, 34.0, "completed"),
    ]


def test_nobody_is_called_for_another_severity() -> None:
    """Who is on call for major faults is not called for an emergency."""
    model = run(on_call(["major"]), (22.0, "site", "dark"))
    assert visit_log(model) == [("dark", "a:1", 32.0, 32.0, 34.0, "completed")]


def test_a_second_call_follows_the_first() -> None:
    """Who is called takes the next call when he is free, off duty as he is."""
    model = run(on_call(["emergency"]), (22.0, "site", "dark"), (23.0, "site", "dark"))
    assert [entry[2] for entry in visit_log(model)] == [22.0, 24.0]


def test_a_call_that_lasts_into_the_shift_goes_on() -> None:
    """A call at 07:00 ends at 09:00, and then the day's work begins."""
    model = run(on_call(["emergency"]), (31.0, "site", "dark"), (31.5, "site", "dim"))
    assert [entry[2:5] for entry in visit_log(model)] == [(31.0, 31.0, 33.0), (33.0, 33.0, 35.0)]


def test_who_changes_to_a_night_on_call_while_he_works_is_called_after_it() -> None:
    """Somebody whose new terms begin at midnight, off duty and on call, takes a call when he is free."""
    change = {"from": date(2026, 1, 6), "set": {"centres.base.engineers.a.shift": "day"}}
    document = on_call(["emergency"], changes=[change])
    document["centres"]["base"]["engineers"]["a"]["shift"] = "always"
    model = run(document, (23.0, "site", "dim"), (24.5, "site", "dark"))
    assert [entry[:3] for entry in visit_log(model)] == [("dim", "a:1", 23.0), ("dark", "a:1", 25.0)]


def test_calls_are_overtime() -> None:
    """Hours of a call off duty are overtime, and the wait for it is none."""
    tables = tables_of(run(on_call(["emergency"]), (22.0, "site", "dark")), 0)
    assert numbers(tables["engineer_days"], "overtime_hours").sum() == 2.0
    assert numbers(tables["work_orders"], "wait_off_shift").tolist() == [0.0]


def test_somebody_on_duty_goes_first() -> None:
    """With a colleague on duty nobody is called; with him busy somebody is."""
    document = on_call(["emergency"])
    document["centres"]["base"]["engineers"]["b"] = {
        "count": 1, "level": "junior", "skills": ["field"], "shift": "night",
    }  # fmt: skip
    model = run(document, (22.5, "site", "dark"), (23.0, "site", "dark"))
    assert [(entry[1], entry[2]) for entry in visit_log(model)] == [("b:1", 22.5), ("a:1", 23.0)]
