"""Calendars say what the plan says: when to leave, who else comes, and the hours that are worked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar

from optimize.day.calendars import calendars_of
from optimize.day.model import Day, DayEngineer, DayOrder, DayPlan, DayVisit

NOW = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)  # 08:00 in Kuala Lumpur, a Monday
HOUR = timedelta(hours=1)
ZONE = "Asia/Kuala_Lumpur"


def planned(*visits: DayVisit, **order: Any) -> Day:
    """Return a day with a plan of visits to one order, by engineers of 08:00 to 17:00 with a lunch."""
    place = {"lat": 3.1, "lon": 101.6, "city": "kuala-lumpur", "time_zone": ZONE}
    people = [
        DayEngineer(id=f"e{i}", name=name, break_start="12:00", break_end="13:00", overtime_h=1.0, **place)
        for i, name in enumerate(("Ann", "", "Cy"))
    ]
    wanted = DayOrder(id="o", reported_at=NOW - HOUR, **{"duration_h": 1.0, **place, **order})
    return Day(now=NOW, orders=(wanted,), engineers=tuple(people), plan=DayPlan(visits=visits))


def visit(who: str, start: float, end: float, depart: float, travel: float) -> DayVisit:
    """Return a visit at hours from now."""
    leaves, begins, ends = (NOW + hours * HOUR for hours in (depart, start, end))
    return DayVisit(order="o", engineer=who, depart=leaves, start=begins, end=ends, travel_h=travel)


def events(day: Day, name: str = "e0.ics") -> list[Any]:
    """Return the events of a calendar."""
    return list(Calendar.from_ical(calendars_of(day)[name]).walk("VEVENT"))


def test_the_calendar_tells_when_the_plan_leaves() -> None:
    """Whoever leaves on Monday for Tuesday is told so, as is he who leaves before his lunch."""
    (event,) = events(planned(visit("e0", 26.26, 27.26, 6.45, 4.83)))
    assert "Leave at 2026-03-02 14:27 +08:00" in event["description"]
    (event,) = events(planned(visit("e0", 5.2525, 6.2525, 3.8478, 0.4047)))
    assert "Leave at 2026-03-02 11:50 +08:00" in event["description"]
    (event,) = events(planned(visit("e0", 5.0, 6.0, 5.0, 0.0)))
    assert "Leave" not in event["description"]


def test_the_members_of_a_crew_know_each_other() -> None:
    """Each event of a crew names the others, by name where they have one."""
    day = planned(*(visit(f"e{i}", 1.0, 2.0, 0.5, 0.5) for i in range(3)), crew_size=3)
    told = {name: events(day, name)[0]["description"] for name in ("e0.ics", "e1.ics", "e2.ics")}
    names = ("e1, Cy", "Ann, Cy", "Ann, e1")
    assert all(f"With: {names[i]}" in told[f"e{i}.ics"] for i in range(3))
    assert "With" not in events(planned(visit("e0", 1.0, 2.0, 0.5, 0.5)))[0]["description"]


def test_work_over_nights_is_an_event_for_each_stretch() -> None:
    """Eighteen and a half hours from Monday afternoon are three events, the last into overtime: no night."""
    day = planned(visit("e0", 7.0, 57.5, 6.5, 0.5), duration_h=18.5, may_pause=True)
    found = events(day)
    spans = [((e["dtstart"].dt - NOW) / HOUR, (e["dtend"].dt - NOW) / HOUR) for e in found]
    assert spans == [(7.0, 9.0), (24.0, 33.0), (48.0, 57.5)]
    assert len({str(e["uid"]) for e in found}) == 3
    assert ["Leave" in e["description"] for e in found] == [True, False, False]
    assert [str(e["summary"]) for e in found] == [f"o at kuala-lumpur ({n} of 3)" for n in (1, 2, 3)]
    assert all("18.5 h of work" in e["description"] for e in found)


def test_hours_that_no_shift_has_are_one_event() -> None:
    """A visit that somebody has fixed on his free evening is as long as it is."""
    for begins, ends in ((10.5, 12.0), (-4.0, -2.0), (10.5, 26.0)):
        (event,) = events(planned(visit("e0", begins, ends, begins, 0.0)))
        assert (event["dtstart"].dt, event["dtend"].dt) == (NOW + begins * HOUR, NOW + ends * HOUR)
