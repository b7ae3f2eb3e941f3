"""Leave, sickness, training and people who leave: against their parameters, by hand, switched on and off."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from absence_cases import TERMS, WEEK
from hypothesis import example, given, settings
from hypothesis import strategies as st
from random_worlds import random_document, scenarios_strategy
from worlds import Document, simulate, tiny, world_of

from insight.columns import numbers
from scenarios.world import World
from sim import draws
from sim.absences import duty_of
from sim.duty import Duty, Spans, duty_as_rostered, joined
from sim.records import tables_of

some = settings(max_examples=50, deadline=None)

YEAR = 364.0  # 52 whole weeks, so that shifts are 2,080 hours


def staffed(
    count: int = 60, days: float = YEAR, group: Mapping[str, Any] | None = None, **absences: Any
) -> World:
    """Return a World with senior engineers who work 40 hours a week, and terms of absence."""
    people = {"a": {"count": count, "level": "senior", "shift": "week", **(group or {})}}
    return world_of(tiny({"f": {}}, people, days=days, calendars=WEEK, absences=absences))


def duty(world: World, replication: int = 0, seed: int = 1) -> Duty:
    """Return the duty of one replication."""
    return duty_of(world, draws.replication_key(seed, replication))


def hours(spans: Spans, world: World) -> np.ndarray:
    """Return the hours of spans by engineer."""
    lasting = np.minimum(spans.end, world.horizon) - spans.begin
    return np.bincount(spans.engineer, lasting, len(world.engineers))


def days_of(spans: Spans, engineer: int) -> list[int]:
    """Return the days on which the spans of one engineer begin."""
    return [int(t // 24.0) for t in spans.begin[spans.engineer == engineer].tolist()]


# Theory


def test_leave_is_what_the_terms_say() -> None:
    """Everybody has exactly the days of leave that he is entitled to, whatever is drawn."""
    world = staffed(annual_leave_days=14.0, days=365.0)
    for number in range(5):
        assert (hours(duty(world, number).absent, world) == 14 * 8.0).all()


def test_fractions_of_a_day_of_leave_are_right_on_average() -> None:
    """Of a year that is cut short everybody has his share, up or down to whole days with the right mean."""
    world = staffed(count=400, days=73.0, annual_leave_days=12.25)
    taken = hours(duty(world).absent, world) / 8.0
    assert set(taken.tolist()) == {2.0, 3.0}
    assert abs(taken.mean() - 2.45) < 6.0 * math.sqrt(0.45 * 0.55 / 400)


def test_leave_spreads_over_the_year() -> None:
    """On any day about as many are on leave as on any other: 14 of 260 days, in blocks of 5."""
    world = staffed(count=500, annual_leave_days=14.0)
    absent = duty(world).absent
    by_day = np.bincount((absent.begin // 24.0).astype(np.int64), minlength=int(YEAR))
    working = by_day[np.arange(int(YEAR)) % 7 < 5]
    share = 14.0 * YEAR / 365.0 / 260.0
    # The days at either end are within reach of fewer blocks.
    assert (np.abs(working[15:-15] - 500 * share) < 6.0 * math.sqrt(500 * share)).all()
    assert working[:15].sum() + working[-15:].sum() > 0
    assert by_day[np.arange(int(YEAR)) % 7 >= 5].sum() == 0


def test_leave_comes_in_blocks() -> None:
    """Ten days in blocks of five are two stretches of five working days on end, or one of ten."""
    world = staffed(annual_leave_days=10.0, leave_block_days=5, days=365.0)
    absent = duty(world).absent
    starts = []
    for engineer in range(60):
        days = days_of(absent, engineer)
        working = [5 * (d // 7) + d % 7 for d in days]
        runs = np.split(np.array(working), np.flatnonzero(np.diff(working) != 1) + 1)
        assert sorted(len(run) for run in runs) in ([5, 5], [10])
        starts.append(days[0])
    assert len(set(starts)) > 30


def test_sickness_is_poisson() -> None:
    """Spells that may overlap keep a share of 1 - exp(-rate x mean length) of the shifts away."""
    terms = {"sick_spells_per_year": 4.0, "sick_days": {"distribution": "exponential", "mean": 5.0}}
    world = staffed(count=400, **terms)
    shares = np.concatenate([hours(duty(world, n).absent, world) / 2080.0 for n in range(3)])
    expected = 1.0 - math.exp(-4.0 * 5.0 / 365.0)
    assert abs(shares.mean() - expected) < 6.0 * shares.std() / math.sqrt(len(shares))


def test_training_takes_its_share_of_the_year() -> None:
    """120 hours of training a year are 120 of 2,080 hours in a year of 52 weeks, ten in each twelfth."""
    world = staffed(count=100, training_hours_per_year=120.0)
    training = duty(world).training
    trained = hours(training, world)
    assert (trained <= 120.0 + 1e-6).all()
    # A block that is drawn for the last two days ends with the year, and the year is 364 days.
    assert trained.min() > 120.0 - 10.0 - 120.0 / 365.0
    assert trained.mean() / 2080.0 == pytest.approx(120.0 / 2080.0, rel=0.01)
    twelfth = (training.begin // (365.0 * 2.0)).astype(np.int64)
    by_block = np.bincount(twelfth, training.end - training.begin, 12) / 100.0
    assert by_block == pytest.approx(np.full(12, 10.0), rel=0.12)
    assert (training.begin % 24.0 == 8.0).all()  # at the beginning of a shift


def test_posts_are_vacant_as_renewal_theory_says() -> None:
    """People who leave at a rate and are replaced after a time leave a share of the hours of their posts."""
    rate, lead = 1.0, 60.0
    world = staffed(
        count=400,
        attrition_per_year={"senior": rate, "junior": 5.0},
        replacement_days={"distribution": "exponential", "mean": lead},
    )
    vacant = np.concatenate([1.0 - hours(duty(world, n).windows, world) / 2080.0 for n in range(2)])
    leave, fill = rate / 365.0, 1.0 / lead
    both = leave + fill
    expected = leave / both * (1.0 - (1.0 - math.exp(-both * YEAR)) / (both * YEAR))
    assert abs(vacant.mean() - expected) < 6.0 * vacant.std() / math.sqrt(len(vacant))


def test_only_the_levels_named_leave() -> None:
    """Where only juniors leave, no post of a senior is ever vacant."""
    world = staffed(attrition_per_year={"junior": 5.0})
    assert (hours(duty(world).windows, world) == 2080.0).all()


# Properties


@some
@given(document=scenarios_strategy())
@example(document=random_document(3))
def test_duty_training_and_absence_are_parts_of_the_roster(document: Document) -> None:
    """Windows, training and absence of an engineer are disjoint, and lie in his shifts."""
    world = world_of({**document, "absences": TERMS})
    rostered, found = duty_as_rostered(world), duty(world)
    for spans in (found.windows, found.absent, found.training):
        cut = Spans(spans.engineer, spans.begin, np.minimum(spans.end, world.horizon))
        inside = rostered.between(cut.engineer, cut.begin, cut.end)
        np.testing.assert_allclose(inside, cut.end - cut.begin, atol=1e-9)
        assert (cut.end > cut.begin).all()
    for engineer in range(len(world.engineers)):
        parts = sorted(
            (b, e)
            for spans in (found.windows, found.absent, found.training)
            for b, e in zip(
                *(c[spans.engineer == engineer].tolist() for c in (spans.begin, spans.end)), strict=True
            )
        )
        assert all(end <= begin for (_, end), (begin, _) in pairwise(parts))


@some
@given(document=scenarios_strategy())
def test_hours_of_a_day_add_up_with_absences(document: Document) -> None:
    """Travel, waiting, work, idle, training and absent hours are roster and overtime hours, every day."""
    model = simulate({**document, "absences": TERMS})
    days = tables_of(model, 0)["engineer_days"]
    parts = ("travel", "waiting", "work", "idle", "training", "absent")
    found = {name: numbers(days, f"{name}_hours") for name in (*parts, "roster", "overtime")}
    assert all((column >= -1e-6).all() for column in found.values())
    total = sum(found[name] for name in parts)
    np.testing.assert_allclose(total, found["roster"] + found["overtime"], atol=1e-6)
    world = model.world
    vacant = hours(duty_as_rostered(world).windows, world).sum() - found["roster"].sum()
    assert vacant >= -1e-6
    for name, spans in (("training", model.roster.duty.training), ("absent", model.roster.duty.absent)):
        assert found[name].sum() == pytest.approx(hours(spans, world).sum(), abs=1e-6)


@some
@given(document=scenarios_strategy())
def test_nobody_is_sent_while_he_is_away(document: Document) -> None:
    """Visits are given out within the hours for which their engineer is there, or is on call."""
    model = simulate({**document, "absences": TERMS})
    there = joined(model.roster.duty.windows, model.roster.duty.on_call)
    for engineer, at in zip(model.visits.engineer, model.visits.booked, strict=True):
        mine = there.take(there.engineer == engineer)
        assert ((mine.begin <= at + 1e-9) & (at <= mine.end + 1e-9)).any()


@some
@given(document=scenarios_strategy(), seed=st.integers(0, 2**32))
def test_absences_change_no_failure(document: Document, seed: int) -> None:
    """Whoever is away, the failures of an infinite base and all that is drawn of them stay the same."""
    one, other = (simulate({**document, "absences": terms}, seed) for terms in ({}, TERMS))
    kept = np.isin(one.births.key, other.births.key)
    finite = any(d["population"] == "finite" for d in document["device_types"].values())
    assert finite or (kept.all() and len(one.births) == len(other.births))


# Common random numbers


def windows_by_name(world: World, found: Duty) -> dict[str, list[tuple[float, float]]]:
    """Return when each person is on duty."""
    return {
        e.name: list(
            zip(
                *(c[found.windows.engineer == i].tolist() for c in (found.windows.begin, found.windows.end)),
                strict=True,
            )
        )
        for i, e in enumerate(world.engineers)
    }


def test_who_else_is_employed_changes_nobody_s_absences() -> None:
    """With one engineer more, all others are away when they were."""
    terms = {**TERMS, "annual_leave_days": 14.0}
    fewer, more = staffed(count=5, **terms), staffed(count=6, **terms)
    one, other = windows_by_name(fewer, duty(fewer)), windows_by_name(more, duty(more))
    assert {name: other[name] for name in one} == one
    assert len(other) == 6


def test_each_reason_is_drawn_by_itself() -> None:
    """Sickness switched on moves nobody's leave, and replications differ."""
    alone, both = staffed(annual_leave_days=10.0), staffed(annual_leave_days=10.0, sick_spells_per_year=3.0)
    leave, all_absent = duty(alone).absent, duty(both).absent
    first, second = (
        set(zip(s.engineer.tolist(), s.begin.tolist(), strict=True)) for s in (leave, all_absent)
    )
    assert first < second
    assert duty(alone, 1).absent.begin.tolist() != leave.begin.tolist()


def test_a_change_of_pay_moves_nobody_s_absences() -> None:
    """Who is paid otherwise from a date on is away when he would have been, and has no leave twice."""
    change = {"from": date(2026, 6, 1), "set": {"centres.base.engineers.a.cost_per_hour": 9.0}}
    people = {"a": {"count": 5, "shift": "week"}}
    sections: Document = {"calendars": WEEK, "absences": {**TERMS, "annual_leave_days": 20.0}, "days": 365.0}
    same, paid = (world_of(tiny({"f": {}}, people, changes=c, **sections)) for c in ([], [change]))
    assert len(paid.engineers) == 2 * len(same.engineers)
    one, other = duty(same).windows, duty(paid).windows
    names = [[e.name for e in world.engineers] for world in (same, paid)]
    spans = [
        sorted(zip([names[i][e] for e in s.engineer], s.begin.tolist(), s.end.tolist(), strict=True))
        for i, s in enumerate((one, other))
    ]
    assert spans[0] == spans[1]


def test_without_absences_nothing_is_drawn() -> None:
    """Where nobody is ever away, all replications share one duty."""
    world = staffed(count=3)
    assert duty(world, 0) is duty(world, 1) is duty_as_rostered(world)


# Key engineers, shortages, newcomers


def test_key_engineers_leave_on_their_date() -> None:
    """The first ones of a group are gone from a date until they are replaced; nobody else is."""
    loss = {"from": "2026-01-12", "centre": "base", "group": "a", "count": 2, "replacement_days": 7.0}
    world = staffed(count=4, days=28.0, key_person_loss=[loss])
    found = duty(world)
    gone = [
        set(range(28)) - set(days_of(found.windows, i)) - {d for d in range(28) if d % 7 > 4}
        for i in range(4)
    ]
    assert gone == [{7, 8, 9, 10, 11}] * 2 + [set()] * 2
    assert len(found.absent) == 0  # their posts are vacant: nobody is paid


def test_newcomers_and_the_group_they_join_are_slower() -> None:
    """Who replaces a key engineer is slower for his first days, and the others are after the loss."""
    loss = {
        "from": "2026-01-12",
        "centre": "base",
        "group": "a",
        "replacement_days": 7.0,
        "effect_days": 10.0,
        "effect_factor": 1.2,
    }
    world = staffed(count=2, days=60.0, key_person_loss=[loss], ramp_up_days=20.0, ramp_up_factor=1.5)
    from sim.roster import Roster

    roster = Roster(world, duty(world))
    assert roster.has_pace
    key, other = roster.engineers
    week = 24.0 * 7.0
    paces = [(roster.pace(key, week * w + 1.0), roster.pace(other, week * w + 1.0)) for w in range(6)]
    assert paces == [(1.0, 1.0), (1.0, 1.2), (1.5, 1.2), (1.5, 1.0), (1.5, 1.0), (1.0, 1.0)]


def test_newcomers_take_longer() -> None:
    """The hands-on hours of the same orders are half as much again while the newcomer learns."""
    loss = {"from": "2026-01-06", "centre": "base", "group": "a", "replacement_days": 1.0}
    document = tiny({"f": {"work_hours": 1.0}}, {"a": {}}, days=20.0)
    document["device_types"]["f"]["failures_per_year"] = 365.0
    terms = {"key_person_loss": [loss], "ramp_up_days": 300.0, "ramp_up_factor": 1.5}
    visits = tables_of(simulate({**document, "absences": terms}), 0)["visits"]
    late = numbers(visits, "booked_at") > 24.0
    finished = ~np.isnan(numbers(visits, "ended_at"))
    work = numbers(visits, "work_hours")
    assert work[~late & finished] == pytest.approx(1.0)
    assert work[late & finished] == pytest.approx(1.5)
    assert (late & finished).any()
    assert (numbers(visits, "booked_at")[late] >= 48.0).all()


def test_a_shortage_takes_its_share() -> None:
    """In a shortage of two days the share of the staff is away, on those days and on no others."""
    world = staffed(count=10, days=14.0)
    from scenarios.absence_terms import ShortageSpec

    for share, away in ((0.25, 3), (0.3, 3), (1.0, 10)):
        found = duty(replace(world, shortages=(ShortageSpec(48.0, 96.0, (0,), share),)))
        missed = [days_of(found.absent, i) for i in range(10)]
        assert sorted(missed) == [[]] * (10 - away) + [[2, 3]] * away


def test_own_terms_of_a_group_replace_those_of_the_scenario() -> None:
    """A group with its own terms has none of the scenario's."""
    own = staffed(annual_leave_days=10.0, days=365.0, group={"absences": {"training_hours_per_year": 24.0}})
    found = duty(own)
    assert len(found.absent) == 0
    assert hours(found.training, own) == pytest.approx(24.0, abs=2.1)


def test_terms_may_change_on_a_date() -> None:
    """From the date of a change on, there is training; before it, none."""
    change = {"from": date(2026, 7, 1), "set": {"absences.training_hours_per_year": 120.0}}
    document = tiny({"f": {}}, {"a": {"shift": "week"}}, days=365.0, calendars=WEEK, changes=[change])
    world = world_of(document)
    training = duty(world).training
    assert training.begin.min() >= 177 * 24.0
    assert (training.end - training.begin).sum() == pytest.approx(120.0 * (365 - 177) / 365, abs=10.1)


def test_nobody_is_on_call_while_he_is_away() -> None:
    """From the first day of an absence until the next shift there is no call, nor at the weekend within."""
    loss = {"from": "2026-01-09", "centre": "base", "group": "a", "replacement_days": 3.0}
    calendars = {
        **WEEK,
        "evening": {"hours": {d: ["18:00-20:00"] for d in ("thu", "fri", "sat", "sun", "mon")}},
    }
    call = {"calendar": "evening", "severities": ["major"]}
    document = tiny(
        {"f": {"severity": "major"}},
        {"a": {"shift": "week", "on_call": call}},
        days=8.0,
        calendars=calendars,
        absences={"key_person_loss": [loss]},
    )
    found = duty(world_of(document))
    assert [t // 24.0 for t in found.on_call.begin.tolist()] == [0.0, 3.0, 7.0]
