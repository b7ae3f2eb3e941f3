"""Who is on duty when: held against the calendars, against brute force, and by hand to the minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import scenarios_strategy
from worlds import CITIES, Document, run, tiny, visit_log, world_of

from scenarios.world import World
from sim.duty import Duty, Spans, Timelines, duty_as_rostered
from sim.roster import Roster

some = settings(max_examples=60, deadline=None)
MINUTE = 1.0 / 60.0
instants = st.floats(0.0, 100.0).map(lambda t: round(t * 4) / 4)


# Properties


@some
@given(
    lines=st.lists(st.lists(instants, max_size=5).map(sorted), min_size=1, max_size=4),
    asked=st.lists(st.tuples(st.integers(0, 3), instants), max_size=20),
)
def test_timelines_count_as_one_would_by_looking(
    lines: list[list[float]], asked: list[tuple[int, float]]
) -> None:
    """A count holds all instants of earlier owners, and the own ones before the instant (or at it)."""
    owner = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    timelines = Timelines(owner, np.array([t for line in lines for t in line]))
    for who, at in asked:
        who = min(who, len(lines) - 1)
        earlier = sum(len(line) for line in lines[:who])
        before = sum(t < at for t in lines[who])
        until = sum(t <= at for t in lines[who])
        what = np.array([who]), np.array([at])
        assert timelines.count(*what, "left") == earlier + before
        assert timelines.count(*what, "right") == earlier + until


@some
@given(document=scenarios_strategy(), seed=st.integers(0, 2**32))
def test_hours_on_duty_are_those_of_the_shifts(document: Document, seed: int) -> None:
    """For any engineer and any two instants, the hours between them are those of his shift, exactly."""
    world = world_of(document)
    duty, random = duty_as_rostered(world), np.random.default_rng(seed)
    if not world.engineers:
        return
    engineer = random.integers(0, len(world.engineers), 50)
    ends = np.sort(np.round(random.uniform(0.0, world.horizon, (2, 50)) * 4) / 4, axis=0)
    shifts = [world.engineers[e].shift for e in engineer]
    expected = [s.between(a, b) for s, a, b in zip(shifts, ends[0], ends[1], strict=True)]
    np.testing.assert_allclose(duty.between(engineer, ends[0], ends[1]), expected, atol=1e-12)
    span, parts = duty.parts(Spans(engineer, ends[0], ends[1]))
    assert (parts.begin <= parts.end).all()
    np.testing.assert_allclose(np.bincount(span, parts.end - parts.begin, 50), expected, atol=1e-12)


@some
@given(document=scenarios_strategy(), seed=st.integers(0, 2**32))
def test_presence_counts_those_on_duty(document: Document, seed: int) -> None:
    """At any instant, as many of each category that is asked for are on duty as have an open shift."""
    world = world_of(document)
    some = np.random.default_rng(seed + 1).random(len(world.categories)) < 0.7
    presence = duty_as_rostered(world).presence(some)
    assert (presence.edges[0], presence.edges[-1]) == (0.0, world.horizon)
    for at in np.random.default_rng(seed).uniform(0.0, world.horizon, 10):
        expected = [0] * len(world.categories)
        for engineer in world.engineers:
            expected[engineer.category] += bool(engineer.shift.is_open(at))
        edge = np.searchsorted(presence.edges, at, "right") - 1
        assert presence.on_duty[:, edge].tolist() == [
            n for n, asked in zip(expected, some, strict=True) if asked
        ]


def with_calls(world: World, seed: int) -> Duty:
    """Return the duty of a World where everybody is on call for a random time."""
    random, count = np.random.default_rng(seed), len(world.engineers)
    begin = np.round(random.uniform(0.0, world.horizon - 1.0, count), 1)
    return replace(duty_as_rostered(world), on_call=Spans(np.arange(count), begin, begin + 0.5))


@some
@given(document=scenarios_strategy(), seed=st.integers(0, 2**32))
def test_changes_follow_the_windows(document: Document, seed: int) -> None:
    """Played one after another, the changes give each window and each time on call, and when it ends."""
    world = world_of(document)
    duty = with_calls(world, seed)
    on: dict[int, tuple[float, float]] = {}
    calls: dict[int, float] = {}
    found, called = [], []
    changes = list(duty.changes())
    assert all(a.instant < b.instant for a, b in pairwise(changes))
    for change in changes:
        for engineer in change.off:
            begin, until = on.pop(engineer)
            assert until == change.instant
            found.append((engineer, begin, until))
        on |= {e: (change.instant, u) for e, u in zip(change.on, change.until, strict=True)}
        called += [(e, calls.pop(e), change.instant) for e in change.call_off]
        calls |= dict.fromkeys(change.call_on, change.instant)
    found += [(e, begin, until) for e, (begin, until) in on.items()]
    called += [(e, begin, world.horizon) for e, begin in calls.items()]
    for spans, played in ((duty.windows, found), (duty.on_call, called)):
        kept = spans.begin < world.horizon
        rows = zip(
            spans.engineer[kept].tolist(), spans.begin[kept].tolist(), spans.end[kept].tolist(), strict=True
        )
        assert sorted(played) == sorted(rows)


# To the minute


def placed(city: str, **sections: Any) -> Document:
    """Return a document whose centre is in one city and whose site is in another, an hour away."""
    cities = {name: {"name": name, **CITIES[name]} for name in ("kuala-lumpur", "bangkok")}
    document = tiny(
        {"fault": {"work_hours": 0.5}},
        {"a": {"shift": "day"}},
        sites={"site": {"city": "bangkok", "customer": "owner", "devices": {"fault": 1}}},
        hours={"base": {"site": 0.25}},
        countries={c["country"]: {"name": c["country"], "zone": "near"} for c in cities.values()},
        cities=cities,
        **sections,
    )
    document["centres"]["base"] |= {"city": city, "serves": {"sites": ["site"]}}
    return document


def test_an_engineer_of_kuala_lumpur_keeps_his_home_shift_in_bangkok() -> None:
    """From 08:00 to 17:00 at +8 is 07:00 to 16:00 in Bangkok: at 16:01 there nobody is left."""
    document = placed("kuala-lumpur")
    end = 9.0  # 17:00 in Kuala Lumpur, 16:00 in Bangkok
    last, late = (
        run(document, (end - MINUTE, "site", "fault")),
        run(document, (end + MINUTE, "site", "fault")),
    )
    assert visit_log(last)[0][2] == round(end - MINUTE, 9)
    assert visit_log(late)[0][2] == 24.0
    at_home = run(placed("bangkok"), (end + MINUTE, "site", "fault"))
    assert visit_log(at_home)[0][2] == round(end + MINUTE, 9)


def test_overtime_abroad_counts_from_the_end_of_the_home_shift() -> None:
    """Who is given a job in Bangkok at 16:59 Malaysian time works overtime from 17:00 Malaysian time on."""
    from sim.engineer_days import overtime
    from sim.visits import visits_of

    model = run(placed("kuala-lumpur"), (9.0 - MINUTE, "site", "fault"))
    visits, _ = visits_of(model)
    extra = overtime(model.world, model.roster.duty, visits)[0]
    assert extra == pytest.approx(0.25 + 0.5 + float(visits.return_hours[0]) - MINUTE)


def malaysian(state: str, days: list[str], start: date, length: float, shift: str = "08:00-17:00") -> Duty:
    """Return the duty of one engineer in a Malaysian state."""
    document = tiny({"fault": {}}, {"a": {"shift": "week"}}, start=start, days=length)
    document["countries"] = {"MY": {"name": "Malaysia", "zone": "near", "holidays": "MY"}}
    document["cities"] = {"town": {"name": "Town", "subdivision": state, **CITIES["kuala-lumpur"]}}
    document["calendars"] = {"week": {"hours": {day: [shift] for day in days}}}
    return duty_as_rostered(world_of(document))


WEEK = ["mon", "tue", "wed", "thu", "fri"]
SUNDAY_TO_THURSDAY = ["sun", "mon", "tue", "wed", "thu"]


def hours(duty: Duty) -> list[tuple[float, float]]:
    """Return the windows of the only engineer, up to the horizon."""
    kept = duty.windows.begin < duty.horizon
    return list(zip(duty.windows.begin[kept].tolist(), duty.windows.end[kept].tolist(), strict=True))


def test_a_holiday_of_one_state_closes_its_shifts_only() -> None:
    """Thaipusam is kept on Monday 2 February 2026 in Kuala Lumpur and not in Sabah."""
    # 08:00 to 17:00 at +8 is 00:00 to 09:00 UTC, and hour 0 is the midnight of Sunday, 1 February, in UTC.
    every = [(24.0 * day, 24.0 * day + 9.0) for day in range(1, 6)]
    assert hours(malaysian("SBH", WEEK, date(2026, 2, 1), 7.0)) == every
    assert hours(malaysian("KUL", WEEK, date(2026, 2, 1), 7.0)) == every[1:]


def test_weekends_are_those_of_the_calendar() -> None:
    """In Kedah people work from Sunday to Thursday, on New Year's Day too, which Penang keeps."""
    # Thursday, 1 January 2026, is day 0; Friday and Saturday are days 1 and 2.
    kedah = malaysian("KDH", SUNDAY_TO_THURSDAY, date(2026, 1, 1), 10.0)
    assert hours(kedah) == [(24.0 * day, 24.0 * day + 9.0) for day in (0, 3, 4, 5, 6, 7)]
    assert float(kedah.between(np.array([0]), np.array([24.0]), np.array([72.0]))[0]) == 0.0
    penang = malaysian("PNG", WEEK, date(2026, 1, 1), 10.0)
    assert hours(penang) == [(24.0 * day, 24.0 * day + 9.0) for day in (1, 4, 5, 6, 7, 8)]


def test_a_shift_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    """The night before a holiday is worked to its end, the night of the holiday is not begun."""
    # 22:00 to 06:00 at +8 is 14:00 to 22:00 UTC; Thaipusam is Monday, whose night begins at hour 38.
    nights = malaysian("KUL", [*WEEK, "sun"], date(2026, 2, 1), 4.0, "22:00-06:00")
    assert hours(nights) == [(62.0, 70.0), (86.0, 94.0)]  # Thaipusam itself, Sunday, is closed as well
    sabah = malaysian("SBH", [*WEEK, "sun"], date(2026, 2, 1), 4.0, "22:00-06:00")
    assert hours(sabah) == [(14.0, 22.0), (38.0, 46.0), (62.0, 70.0), (86.0, 94.0)]


def test_the_day_of_a_shift_is_local() -> None:
    """A day of an engineer in Malaysia begins at 16:00 UTC, so 06:00 to 09:00 there is on the next date."""
    from worlds import simulate

    from sim.records import tables_of

    document = placed("kuala-lumpur", days=3.0)
    document["calendars"] = {**document["calendars"], "day": {"hours": {"tue": ["00:00-03:00"]}}}
    days = tables_of(simulate(document), 0)["engineer_days"]
    assert np.asarray(days["day"]).tolist() == [16.0]
    assert np.asarray(days["roster_hours"]).tolist() == [3.0]


# On call


def on_call(one_week_in: int = 1, count: int = 1, **group: Any) -> Document:
    """Return engineers who work by day and may be called in the evening for what is major."""
    calendars = {
        "day": {"hours": {d: ["08:00-17:00"] for d in WEEK}},
        "evening": {"hours": {d: ["16:00-22:00"] for d in [*WEEK, "sat", "sun"]}},
    }
    call = {
        "calendar": "evening",
        "severities": ["major"],
        "standby_per_hour": 2.0,
        "one_week_in": one_week_in,
    }
    return tiny(
        {"big": {"severity": "major"}, "small": {}},
        {"a": {"shift": "day", "on_call": call, "count": count, "cost_per_hour": 10.0, **group}},
        calendars=calendars,
        days=14.0,
    )


def test_on_call_hours_leave_the_shift_out() -> None:
    """On call from 16:00 on, who works until 17:00 may be called from 17:00 on, at weekends from 16:00."""
    duty = duty_as_rostered(world_of(on_call()))
    spans = list(zip(duty.on_call.begin.tolist(), duty.on_call.end.tolist(), strict=True))
    assert spans[:6] == [(24.0 * d + (17.0 if d < 5 else 16.0), 24.0 * d + 22.0) for d in range(6)]


def test_on_call_weeks_take_turns() -> None:
    """Of two engineers who are on call every other week, the first is in the first week."""
    duty = duty_as_rostered(world_of(on_call(one_week_in=2, count=2)))
    weeks = {e: {int(b // 168.0) for b in duty.on_call.begin[duty.on_call.engineer == e]} for e in (0, 1)}
    assert weeks == {0: {0}, 1: {1}}


def test_calls_are_answered_for_their_severities_only() -> None:
    """At 18:00 what is major is attended at once, what is not waits for the shift; after 22:00 both do."""
    log = visit_log(run(on_call(), (18.0, "site", "big"), (19.5, "site", "small"), (22.5, "site", "big")))
    assert (log[0][0], log[0][2]) == ("big-1", 18.0)
    assert {booked for _, _, booked, *_ in log[1:]} <= {32.0, 33.0}


def test_a_call_is_overtime_and_standby_is_paid() -> None:
    """An hour's call is an hour of overtime; each hour on call costs its price on top."""
    from insight.columns import numbers
    from sim.records import tables_of

    model = run(on_call(), (18.0, "site", "big"))
    days = tables_of(model, 0)["engineer_days"]
    assert numbers(days, "overtime_hours")[:2].tolist() == [1.0, 0.0]
    assert numbers(days, "cost_overtime")[:2].tolist() == [5 * 2.0 + 15.0, 5 * 2.0]
    assert numbers(days, "roster_hours").tolist() == [9.0] * 5 + [0.0] * 2 + [9.0] * 5 + [0.0] * 2


@pytest.mark.parametrize(
    ("key", "value", "column", "up"),
    [
        ("calendar", "early", "overtime_hours", False),
        ("severities", ["normal"], "overtime_hours", False),
        ("one_week_in", 2, "cost_overtime", False),
        ("standby_per_hour", 3.0, "cost_overtime", True),
    ],
)
def test_every_key_of_on_call_moves_its_column(key: str, value: Any, column: str, up: bool) -> None:
    """Each key of the terms of on-call changes the column it is about, in the right direction."""
    from insight.columns import numbers
    from sim.records import tables_of

    document, other = on_call(), on_call()
    for changed in (document, other):
        changed["calendars"]["early"] = {"hours": {"sat": ["04:00-05:00"]}}
    other["centres"]["base"]["engineers"]["a"]["on_call"][key] = value
    before, after = (
        numbers(tables_of(run(d, (18.0, "site", "big")), 0)["engineer_days"], column).sum()
        for d in (document, other)
    )
    assert bool(after > before) is up
    assert after != before


def test_on_call_hours_are_not_off_shift() -> None:
    """While somebody is on call for it, an order waits for him and not for the shift."""
    from sim.visits import visits_of

    model = run(
        on_call(), (18.0, "site", "big"), (18.5, "site", "big"), (21.75, "site", "big"), (21.9, "site", "big")
    )
    visits, _ = visits_of(model)
    waited = dict(
        zip(
            visits.ready.tolist(),
            zip(visits.waits.off_shift, visits.waits.engineer, strict=True),
            strict=True,
        )
    )
    assert waited[18.5] == pytest.approx((0.0, 0.5))
    assert waited[21.9] == pytest.approx((10.0, 0.1))


def test_next_start_looks_beyond_a_change_of_terms() -> None:
    """A person's next duty is found also where it begins on later terms, and is never where he leaves."""
    change = [{"from": date(2026, 1, 6), "set": {"centres.base.engineers.a.cost_per_hour": 9.0}}]
    roster = Roster(world_of(tiny({"f": {}}, {"a": {"shift": "day"}}, changes=change, days=3.0)))
    first = roster.engineers[0]
    assert [roster.next_start(first, at) for at in (0.0, 8.0, 31.0, 33.0)] == [8.0, 32.0, 32.0, 56.0]
    assert roster.next_start(first, 1e6) == np.inf
