"""A day becomes a problem: clocks, ways, shifts, what is fixed; and its solution becomes the day's plan."""

from __future__ import annotations

import io
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from plan_checker import violations

from insight.imports.reading import Source
from optimize.day.calendars import calendars_of
from optimize.day.model import Day, DayEngineer, DayOrder, DayPin, DayPlan, DayTravel, DayVisit
from optimize.day.plan_reading import read_plan
from optimize.day.problem import plan_day, plan_to_day, previous_plan, problem_of, solved
from optimize.day.writing import ENDINGS, Told, churn, figures_of, plan_as, rows_of
from scenarios.territories import great_circle_km

NOW = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)  # 08:30 in Kuala Lumpur, a Monday
HOUR = timedelta(hours=1)
ZONE = "Asia/Kuala_Lumpur"


def order(name: str, **more: Any) -> DayOrder:
    """Return an order in Kuala Lumpur."""
    given = {"lat": 3.1, "lon": 101.6, "city": "kuala-lumpur", "reported_at": NOW - HOUR, "duration_h": 1.0}
    return DayOrder(id=name, time_zone=ZONE, **{**given, **more})


def engineer(key: str, **more: Any) -> DayEngineer:
    """Return an engineer in Kuala Lumpur."""
    given = {"lat": 3.15, "lon": 101.7, "city": "kuala-lumpur", "skills": {"video": 2}, "time_zone": ZONE}
    return DayEngineer(id=key, **{**given, **more})


def day_of(orders: list[DayOrder], engineers: list[DayEngineer] | None = None, **more: Any) -> Day:
    """Return a day in asean15."""
    return Day(now=NOW, orders=tuple(orders), engineers=tuple(engineers or [engineer("e1")]), **more)


def random_day(seed: int, **more: Any) -> Day:
    """Return a day with crews, windows, pins, parts, breaks and several shifts."""
    rng = random.Random(seed)
    orders = [
        order(
            f"o{i}",
            lat=3.1 + rng.uniform(-0.1, 0.1),
            lon=101.6 + rng.uniform(-0.1, 0.1),
            severity=rng.choice(["minor", "normal", "major"]),
            skill=rng.choice(["video", "network", ""]),
            level=rng.choice([1, 2]),
            duration_h=rng.choice([0.5, 1.0, 2.0, 9.5]),
            may_pause=rng.random() < 0.5,
            crew_size=2 if rng.random() < 0.15 else 1,
            parts={"camera": 1} if rng.random() < 0.3 else {},
            window_end=NOW + 20 * HOUR if rng.random() < 0.2 else None,
            pin=DayPin(start_from=NOW + 3 * HOUR, start_to=NOW + 3 * HOUR) if i == 2 else None,
        )
        for i in range(14)
    ]
    engineers = [
        engineer(
            f"e{i}",
            lat=3.1 + rng.uniform(-0.1, 0.1),
            skills={"video": rng.choice([1, 2, 3]), "network": 2},
            shift_end=rng.choice(["16:00", "20:00"]),
            break_start="12:00",
            break_end="13:00",
            overtime_h=rng.choice([0.0, 1.5]),
            parts={"camera": 1},
            centre=rng.choice(["", "kuala-lumpur-station"]),
        )
        for i in range(4)
    ]
    return day_of(orders, engineers, **more)


def test_a_way_inside_a_city_takes_distance_times_circuity_over_speed_times_traffic() -> None:
    """Hours between two places of a city are worked out by hand for each hour of the local day."""
    day = day_of([order("o1")])
    made = problem_of(day)
    (one,), (who,) = made.problem.orders, made.problem.engineers
    km = great_circle_km(3.15, 101.7, 3.1, 101.6)
    traffic = [0.7, 0.7, 0.7, 0.7, 0.7, 0.8, 1.0, 1.3, 1.4, 1.15, 1.05, 1.0]
    traffic += [1.0, 1.0, 1.0, 1.0, 1.2, 1.45, 1.45, 1.25, 1.0, 0.9, 0.8, 0.75]
    assert made.start == datetime(2026, 3, 2, 0, 0, tzinfo=UTC)  # 08:00 in Kuala Lumpur
    expected = [km * 1.4 / 37.1 * traffic[(8 + k) % 24] for k in range(24)]
    assert np.allclose(made.problem.travel.hours[:, who.place, one.place], expected, rtol=1e-9)


def test_ways_between_cities_are_those_of_the_network() -> None:
    """From city to city it takes the network's hours from middle to middle, and far longer than inside."""
    from scenarios import load
    from scenarios.legs import FAIR
    from scenarios.network_compiling import compile_network

    s = load("asean15").scenario
    place = s.cities["penang"]
    middle = s.cities["kuala-lumpur"]
    there = order("o1", city="penang", lat=place.lat, lon=place.lon)
    made = problem_of(day_of([there], [engineer("e1", lat=middle.lat, lon=middle.lon)]))
    network = compile_network(s.cities, s.links, s.city_travel, NOW.date(), 240.0, {})
    a, b = network.cities.index("kuala-lumpur"), network.cities.index("penang")
    expected = [network.hours(a, b, FAIR, float(k)) for k in range(24)]
    (one,), (who,) = made.problem.orders, made.problem.engineers
    assert np.allclose(made.problem.travel.hours[:, who.place, one.place], expected, rtol=1e-9)
    assert min(expected) > 1.0


def test_ways_of_a_file_replace_what_is_computed_in_both_directions() -> None:
    """A way that a file states holds at every hour, back as there, and changes no other."""
    orders = [order("o1"), order("o2", lat=3.2)]
    plain = problem_of(day_of(orders)).problem
    stated = (DayTravel(origin="e1", destination="o1", hours=0.123),)
    made = problem_of(day_of(orders, travel=stated)).problem
    who, one, two = made.engineers[0].place, made.orders[0].place, made.orders[1].place
    assert (made.travel.hours[:, who, one] == 0.123).all() and (made.travel.hours[:, one, who] == 0.123).all()
    other = plain.travel.hours[:, plain.engineers[0].place, plain.orders[1].place]
    assert np.allclose(made.travel.hours[:, who, two], other)


def test_due_times_are_the_orders_or_those_of_the_sla_rule_in_its_calendar() -> None:
    """The attend clock by hand: stated; 12 h round the clock; 12 h from 08:00 to 20:00; pauses added."""
    late = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)  # 18:00: two hours of the support calendar are left
    orders = [
        order("stated", due_at=NOW + 5 * HOUR),
        order("strategic", customer_tier="strategic", reported_at=late),
        order("ordinary", customer_tier="ordinary", reported_at=late),
        order("paused", customer_tier="ordinary", reported_at=late, paused_hours=1.5),
        order("major", severity="major", reported_at=late),
        order("inspection", work_type="inspection"),
    ]
    made = problem_of(day_of(orders))
    dues = {o.id: {d.clock: made.instant(d.at) for d in o.dues} for o in made.problem.orders}
    assert dues["stated"]["attend"] == NOW + 5 * HOUR
    assert dues["strategic"]["attend"] == late + 12 * HOUR
    assert dues["ordinary"]["attend"] == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)  # 2 h then, 10 h next day
    assert dues["paused"]["attend"] == dues["ordinary"]["attend"] + 1.5 * HOUR
    assert dues["major"]["restore"] == late + 72 * HOUR
    assert dues["inspection"] == {}


def test_lateness_weighs_by_tier_and_urgency() -> None:
    """An hour past due costs in proportion to the customer's weight and the urgency of sla_priority."""
    orders = [
        order("minor", severity="minor", customer_tier="ordinary"),
        order("emergency", severity="emergency", customer_tier="ordinary"),
        order("strategic", severity="minor", customer_tier="strategic"),
        order("urgent", severity="minor", customer_tier="ordinary", priority=2),
    ]
    weights = {o.id: o.dues[0].weight for o in problem_of(day_of(orders)).problem.orders}
    ratios = {name: weight / weights["minor"] for name, weight in weights.items()}
    assert ratios == {"minor": 1.0, "emergency": 4.0, "strategic": 2.0, "urgent": 3.0}


def test_shifts_run_in_the_engineers_zone_over_nights_and_weekdays() -> None:
    """Shifts by hand: a night shift in another zone, a break after midnight, only on some days."""
    night = engineer(
        "e1", time_zone="Asia/Jakarta", shift_start="22:00", shift_end="06:00", break_start="01:00",
        break_end="01:30", weekdays=(7, 2),
    )  # fmt: skip
    (who,) = problem_of(day_of([order("o1")], [night])).problem.engineers
    # Sunday's is over at 06:00 on Monday (23:00 UTC on Sunday); Tuesday's opens at 15:00 UTC.
    assert [(s.opens, s.closes, s.pause) for s in who.shifts] == [(39.0, 47.0, (42.0, 42.5))]


def test_a_crew_is_one_visit_each_linked_to_start_together() -> None:
    """A crew of three is three visits of which the first is linked with the others, at one price together."""
    orders = [order("o1", crew_size=3, parts={"camera": 2}), order("o1#2")]
    made = problem_of(day_of(orders, [engineer("e1", parts={"x": 1})]))
    crew = [o for o in made.problem.orders if made.names[o.id] == "o1"]
    assert len(crew) == 3 and len({o.id for o in made.problem.orders}) == 4
    assert [link.order for link in crew[0].links] == [o.id for o in crew[1:]]
    assert all((link.gap_low, link.gap_high) == (0.0, 0.0) for link in crew[0].links)
    assert [dict(o.parts) for o in crew] == [{"camera": 2}, {}, {}]
    alone = problem_of(day_of([order("o1")])).problem.orders[0]
    assert sum(o.dues[0].weight for o in crew) == pytest.approx(alone.dues[0].weight)


def test_what_is_under_way_decides_where_its_engineer_is_and_from_when_he_is_free() -> None:
    """Whoever is at work is free where he is when it ends; whoever is on the way, when he has done it."""
    pinned = {"pin": DayPin(engineer="e1")}
    at_work = order("o1", status="arrived", arrived_at=NOW - 0.25 * HOUR, duration_h=2.0, **pinned)
    made = problem_of(day_of([at_work, order("o2", lat=3.3)]))
    assert [o.id for o in made.problem.orders] == ["o2"]
    assert made.problem.engineers[0].free_at == pytest.approx(made.hours(NOW) + 1.75)
    visit = DayVisit(
        order="o1", engineer="e1", depart=NOW - 0.5 * HOUR, start=NOW + 0.5 * HOUR, end=NOW + 1.5 * HOUR,
        travel_h=1.0,
    )  # fmt: skip
    driving = order("o1", status="departed", departed_at=NOW - 0.25 * HOUR)
    made = problem_of(day_of([driving], plan=DayPlan(visits=(visit,))))
    assert made.fixed[0].start == NOW + 0.75 * HOUR
    assert made.problem.engineers[0].free_at == pytest.approx(made.hours(NOW) + 1.75)


def test_finished_and_cancelled_orders_are_not_planned() -> None:
    """Orders that are over are no part of the problem nor of the plan."""
    over = [order("o1", status="finished"), order("o2", status="cancelled"), order("o3")]
    made = problem_of(day_of(over))
    assert [o.id for o in made.problem.orders] == ["o3"]


def test_engineers_go_where_their_centre_serves_or_an_order_is_pinned_to_them() -> None:
    """Whose centre's territory leaves an order out may not have it, unless it is pinned to him."""
    crew = [
        engineer("kl", centre="kuala-lumpur-station"),
        engineer("pen", centre="penang-station"),
        engineer("any"),
    ]
    pin = DayPin(engineer="pen")
    problem = problem_of(day_of([order("o1"), order("o2", pin=pin)], crew)).problem
    assert [o.allowed for o in problem.orders] == [frozenset({"kl", "any"}), None]


@pytest.mark.parametrize("seed", range(4))
def test_a_planned_day_keeps_every_rule_and_loses_no_order(seed: int) -> None:
    """By the independent checker the solution is allowed, and each order is in the day's plan once."""
    day = random_day(seed)
    made = problem_of(day)
    plan = solved(day, made, seed=seed, iterations=300)
    assert violations(made.problem, plan) == []
    told = plan_to_day(day, made, plan)
    assert sorted([*told.crew_of, *told.unassigned]) == sorted(day.order)
    for name, crew in told.crew_of.items():
        assert len({visit.engineer for visit in crew}) == len(crew) == day.order[name].crew_size
        assert len({visit.start for visit in crew}) == 1
    by_engineer: dict[str, list[DayVisit]] = {}
    for visit in told.visits:
        by_engineer.setdefault(visit.engineer, []).append(visit)
    for visits in by_engineer.values():
        for before, after in pairwise(visits):
            assert before.end <= after.depart <= after.start


@pytest.mark.parametrize("seed", range(3))
def test_the_freeze_window_keeps_engineers_and_starts(seed: int) -> None:
    """Planned anew at once with all frozen, every visit keeps its engineer, and its start to seconds."""
    first = plan_day(random_day(seed), seed=seed, iterations=300)
    assert first.plan is not None
    again = plan_day(first.model_copy(update={"freeze_h": 48.0}), seed=seed + 9, iterations=300)
    assert again.plan is not None
    now = {(v.order, v.engineer): v.start for v in again.plan.visits}
    for visit in first.plan.visits:
        assert abs(now[visit.order, visit.engineer] - visit.start) <= timedelta(seconds=60), visit
    assert churn(again.plan, first.plan) == 0.0


def test_a_plan_stands_as_a_start_of_the_search() -> None:
    """The plan of a day, in the words of its problem, has every visit where it was."""
    day = plan_day(random_day(1), iterations=300)
    made = problem_of(day)
    start = previous_plan(day, made)
    assert start is not None and day.plan is not None
    placed = {(made.names[o], route.engineer) for route in start.routes for o in route.orders}
    assert placed == {(visit.order, visit.engineer) for visit in day.plan.visits}


def written_day() -> Day:
    """Return a day with a plan and with names that files find hard."""
    names = ["=1+1", "-x", "工单，7", 'a "b", c', "+886", "plain", "@home", "left;over"]
    orders = [order(name, lat=3.1 + i / 100, site=f"s{i}", due_at=NOW + HOUR) for i, name in enumerate(names)]
    people = [engineer("=e1", name="Ann"), engineer("e,2", name="李雷"), engineer("e 2")]
    visits = []
    for i, name in enumerate(names[:-1]):
        start = NOW + (i // 3) * 2 * HOUR + timedelta(seconds=17 * i)
        visit = DayVisit(
            order=name, engineer=people[i % 3].id, depart=start - 0.5 * HOUR, start=start, end=start + HOUR,
            travel_h=0.4321, fetches_parts=i == 1,
        )  # fmt: skip
        visits.append(visit)
    rank = [person.id for person in people]
    ordered = tuple(sorted(visits, key=lambda v: (rank.index(v.engineer), v.start)))
    plan = DayPlan(visits=ordered, unassigned=(names[-1],), cost=12.5, parts={"travel": 12.5}, made_at=NOW)
    return day_of(orders, people, plan=plan)


def test_a_plan_that_was_written_reads_back_as_it_was() -> None:
    """CSV, XLSX and JSON give back every visit and order left, JSON the objective too; names stay whole."""
    day = written_day()
    assert day.plan is not None
    for ending in ENDINGS:
        told = Told(before=day.plan, chances={"plain": 0.25}, reasons={"left;over": "why"})
        content = plan_as(ending, day, told)
        assert content == plan_as(ending, day, told), ending
        back = read_plan(Source(f"plan{ending}", content))
        assert back.visits == day.plan.visits, ending
        assert back.unassigned == day.plan.unassigned, ending
        assert ending != ".json" or back == day.plan
        assert ending == ".json" or b'"=1+1' not in content.replace(b"'=1+1", b"")


def test_a_workbook_of_a_plan_can_be_sorted_and_filtered() -> None:
    """Headings are the first row, stay in view and filter; times are dates of the row's clock."""
    from openpyxl import load_workbook

    day = written_day()
    page = load_workbook(io.BytesIO(plan_as(".xlsx", day, Told())))["Plan"]
    rows = [
        dict(zip([c.value for c in page[1]], r, strict=True)) for r in page.iter_rows(2, values_only=True)
    ]
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", f"A1:Q{len(rows) + 1}")
    assert day.plan is not None
    for row, visit in zip(rows, day.plan.visits, strict=False):
        assert row["start"].replace(tzinfo=ZoneInfo(row["time_zone"])) == visit.start
        assert isinstance(row["due_at"], datetime)


def test_a_time_that_a_clock_shows_twice_keeps_its_offset_in_a_workbook() -> None:
    """As summer time ends, half past two comes twice, and both read back as they were."""
    at = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    orders = [order(name).model_copy(update={"time_zone": "Europe/Paris"}) for name in ("o", "p")]
    visits = tuple(
        DayVisit(order=name, engineer="e1", depart=begins, start=begins, end=begins + HOUR, travel_h=0.0)
        for name, begins in (("o", at), ("p", at + HOUR))
    )
    day = day_of(orders, plan=DayPlan(visits=visits))
    assert read_plan(Source("plan.xlsx", plan_as(".xlsx", day, Told()))).visits == visits


def test_each_engineers_calendar_is_his_visits_in_utc() -> None:
    """Parsed by another reader, calendars have each visit once with its times in UTC, whatever its name."""
    from icalendar import Calendar

    day = written_day()
    assert day.plan is not None
    files = calendars_of(day)
    assert len(files) == 3 and len({name.casefold() for name in files}) == 3
    events = [e for content in files.values() for e in Calendar.from_ical(content).walk("VEVENT")]
    found = {(e["dtstart"].dt, e["dtend"].dt, str(e["summary"]).split(" at s")[0]) for e in events}
    assert found == {(v.start, v.end, v.order) for v in day.plan.visits}
    assert all(e["dtstart"].dt.utcoffset() == timedelta(0) for e in events)
    assert len({str(e["uid"]) for e in events}) == len(events) and all(e["dtstamp"].dt == NOW for e in events)
    for content in files.values():
        lines = content.split(b"\r\n")
        assert lines[-1] == b"" and all(len(line) <= 75 for line in lines) and b"\n" not in b"".join(lines)


def test_what_a_plan_says_of_each_visit_is_worked_out_by_hand() -> None:
    """Status, change against the plan before, share of changes and weighted hours late of four orders."""
    people = [engineer("e1"), engineer("e2")]
    names = ("kept", "later", "moved", "late")
    orders = [order(name, due_at=NOW + 4 * HOUR, severity="major") for name in names]
    orders[3] = order("late", due_at=NOW + HOUR, severity="major", customer_tier="strategic")

    def visit(name: str, who: str, hours: float) -> DayVisit:
        at = NOW + hours * HOUR
        return DayVisit(order=name, engineer=who, depart=at, start=at, end=at + HOUR, travel_h=0.25)

    plan = DayPlan(
        visits=(
            *(visit("kept", "e1", 1.1), visit("later", "e1", 3.0)),
            *(visit("moved", "e2", 1.0), visit("late", "e2", 2.5)),
        )
    )  # fmt: skip
    before = DayPlan(visits=(visit("kept", "e1", 1.0), visit("later", "e1", 2.0), visit("moved", "e1", 1.0)))
    day = day_of(orders, people, plan=plan)
    rows = {row["order"]: row for row in rows_of(day, Told(before))}
    assert [rows[name]["changed"] for name in names] == ["same", "time", "engineer", "new"]
    assert [rows[name]["sla_status"] for name in names] == ["met", "met", "met", "attend missed by 1.50 h"]
    assert rows["kept"]["start"] == "2026-03-02 09:36:00+08:00"
    figures = figures_of(day, Told(before, bound=-1.0))
    assert figures["churn"] == pytest.approx(2 / 3)
    assert figures["weighted_tardiness_hours"] == pytest.approx(2.0 * 3.0 * 1.5)
    assert (figures["assigned"], figures["unassigned"], figures["travel_hours"]) == (
        4,
        0,
        1.0 + figures["home_hours"],
    )


def test_an_engineer_who_is_late_keeps_a_frozen_order_and_begins_when_he_is_there() -> None:
    """A frozen start that cannot be kept stays with its engineer, from the planned start on."""
    visit = DayVisit(
        order="o1", engineer="e1", depart=NOW, start=NOW + timedelta(minutes=1), end=NOW + HOUR, travel_h=0.0
    )
    day = day_of([order("o1")], [engineer("e1"), engineer("e2", lat=3.1, lon=101.6)], freeze_h=2.0)
    made = problem_of(day.model_copy(update={"plan": DayPlan(visits=(visit,))}))
    pin = made.problem.orders[0].pin
    assert pin is not None and made.frozen == {"o1"}
    assert (pin.engineer, pin.start_to) == ("e1", None)
    planned = plan_day(day.model_copy(update={"plan": DayPlan(visits=(visit,))}), iterations=100).plan
    assert planned is not None and [v.engineer for v in planned.visits] == ["e1"]
    assert planned.visits[0].start > visit.start
