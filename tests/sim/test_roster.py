"""Who is on duty when, over midnight and time zones, and who takes whose place when terms change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from by_hand import duties
from hypothesis import given, settings
from random_worlds import scenarios_strategy
from worlds import CITIES, Document, run, tiny, visit_log, world_of

from scenarios.world import World
from sim.roster import Roster, changes_of_terms

some = settings(max_examples=75, deadline=None)


def ticks(world: World) -> list[tuple[float, list[str], list[str]]]:
    """Return when whose shift ends and starts, by name."""
    return [
        (change.instant, [e.name for e in change.off], [e.name for e in change.on])
        for change in Roster(world).changes()
    ]


def employed(shift: str, city: str | None = None, **sections: Any) -> World:
    """Return a World of two days with one engineer, in a town in UTC or in a city."""
    document = tiny({"fault": {}}, {"a": {"shift": shift}}, days=2.0, **sections)
    if city is not None:
        document["countries"] = {CITIES[city]["country"]: {"name": "C", "zone": "near"}}
        document["cities"] = {"town": {"name": city, **CITIES[city]}}
    return world_of(document)


def test_a_shift_by_day_starts_and_ends_each_day() -> None:
    """From 08:00 to 17:00 somebody comes at hour 8 and goes at hour 17, every day."""
    a = "base:a:1"
    assert ticks(employed("day")) == [(8.0, [], [a]), (17.0, [a], []), (32.0, [], [a]), (41.0, [a], [])]


def test_a_shift_over_midnight_has_begun_at_hour_0() -> None:
    """A shift from 22:00 to 06:00 has begun when the scenario starts, and crosses every midnight."""
    a = "base:a:1"
    assert ticks(employed("night")) == [
        (0.0, [], [a]),
        (6.0, [a], []),
        (22.0, [], [a]),
        (30.0, [a], []),
        (46.0, [], [a]),
    ]


def test_a_shift_round_the_clock_starts_once() -> None:
    """Who is always on duty begins at hour 0 and never ends."""
    assert ticks(employed("always")) == [(0.0, [], ["base:a:1"])]


@pytest.mark.parametrize(("city", "begins"), [("kuala-lumpur", 0.0), ("bangkok", 1.0), ("yangon", 1.5)])
def test_shifts_run_in_the_home_zone(city: str, begins: float) -> None:
    """08:00 comes at another hour in UTC in each time zone, half hours included."""
    assert ticks(employed("day", city))[0] == (begins, [], ["base:a:1"])


@some
@given(document=scenarios_strategy())
def test_duty_is_the_document_s(document: Document) -> None:
    """Ends and starts give, for each person, the spans on duty that the document's calendars give."""
    world = world_of(document)
    found: dict[str, list[list[float]]] = {name: [] for name in duties(document)}
    for instant, ending, starting in ticks(world):
        for name in ending:
            found[name][-1].append(instant)
        for name in starting:
            if found[name] and found[name][-1][-1:] == [instant] and len(found[name][-1]) == 2:
                found[name][-1].pop()  # the same person goes on, on other terms
            else:
                found[name].append([instant])
    horizon = document["days"] * 24.0
    spans = {name: [(s[0], s[1] if len(s) > 1 else horizon) for s in mine] for name, mine in found.items()}
    assert spans == {name: [pytest.approx(s) for s in mine] for name, mine in duties(document).items()}


def changing(*changes: tuple[int, dict[str, Any]], shift: str = "always", **sections: Any) -> Document:
    """Return one engineer, two long faults, and changes of his terms on days of January 2026."""
    dated = [{"from": date(2026, 1, day), "set": values} for day, values in changes]
    return tiny(
        {"long": {"work_hours": 60.0}, "short": {}},
        {"a": {"shift": shift}},
        changes=dated,
        days=8.0,
        **sections,
    )


COST, COUNT = "centres.base.engineers.a.cost_per_hour", "centres.base.engineers.a.count"


def test_terms_that_return_are_joined_in_the_order_of_time() -> None:
    """Who is paid otherwise for a day and then as before is one person on three terms, one after another."""
    world = world_of(changing((6, {COST: 9.0}), (7, {COST: 0.0})))
    begins = [float(e.shift.opens[0]) for e in world.engineers]
    assert [(begins[a], begins[b]) for a, b in changes_of_terms(world)] == [(begins[0], 24.0), (24.0, 48.0)]
    roster = Roster(world)
    first = next(e for e in roster.engineers if e not in roster.predecessor)
    chain = [first]
    while chain[-1].successor is not None:
        chain.append(chain[-1].successor)
    assert [begins[e.index] for e in chain] == [begins[first.index], 24.0, 48.0]


def test_nobody_is_on_two_terms_at_once() -> None:
    """Who is busy when his terms change takes nothing else until he is free, however often they change."""
    document = changing((6, {COST: 9.0}), (7, {COST: 0.0}), (8, {COST: 9.0}))
    model = run(document, (1.0, "site", "long"), (30.0, "site", "short"), (200.0, "site", "short"))
    assert visit_log(model)[:2] == [
        ("long", "a:1", 1.0, 1.0, 61.0, "completed"),
        ("short-1", "a:1", 61.0, 61.0, 62.0, "completed"),
    ]


def test_who_is_free_at_a_change_takes_what_waits_on_new_terms() -> None:
    """An order that waits for the shift is taken by the same person on his new terms."""
    model = run(changing((6, {COST: 9.0}), shift="day"), (20.0, "site", "short"))
    assert visit_log(model) == [("short", "a:1", 32.0, 32.0, 33.0, "completed")]


def test_who_leaves_finishes_what_he_has_begun() -> None:
    """When a head count falls, whoever is busy ends his visit and takes no other."""
    model = run(changing((6, {COUNT: 0})), (20.0, "site", "long"), (21.0, "site", "short"))
    assert [entry[4] for entry in visit_log(model)] == [80.0]
    assert len(list(model.waiting.orders())) == 1


def test_who_comes_back_may_still_be_busy() -> None:
    """Who left while busy and is employed again before he is done takes up nothing until then."""
    document = changing((6, {COUNT: 0}), (7, {COUNT: 1}))
    model = run(document, (20.0, "site", "long"), (21.0, "site", "short"))
    assert visit_log(model) == [
        ("long", "a:1", 20.0, 20.0, 80.0, "completed"),
        ("short", "a:1", 80.0, 80.0, 81.0, "completed"),
    ]


@pytest.mark.parametrize("work", [1.0, 10.0], ids=["idle at the end of the shift", "busy beyond it"])
def test_who_goes_off_duty_sets_out_from_home_the_next_day(work: float) -> None:
    """Between two sites of one day the way leads from one to the other, on another day from home."""
    hours = {"base": {"north": 1.0, "south": 2.0}, "north": {"south": 3.0}}
    document = tiny(
        {"first": {"work_hours": work}, "second": {}},
        {"a": {"shift": "day"}},
        sites=("north", "south"),
        hours=hours,
    )
    first, second = (8.0, "north", "first"), "second"
    (_, (_, _, left, there, *_)) = visit_log(run(document, first, (9.5, "south", second)))
    assert there - left == (3.0 if work == 1.0 else 2.0)
    (_, (_, _, left, there, *_)) = visit_log(run(document, first, (33.0, "south", second)))
    assert there - left == 2.0


def test_engineers_on_duty_are_those_of_the_categories_asked_for() -> None:
    """Of a mask of categories, exactly those are found whose shift has begun."""
    world = world_of(tiny({"f": {}}, {"a": {"count": 2}, "b": {"skills": ["desk"]}}))
    roster = Roster(world)
    roster.engineers[1].on_shift = roster.engineers[2].on_shift = True
    field = world.queues[0].categories
    assert [e.name for e in roster.on_duty(field)] == ["base:a:2"]
    assert {e.name for e in roster.on_duty(-1 & (1 << len(world.categories)) - 1)} == {"base:a:2", "base:b:1"}
