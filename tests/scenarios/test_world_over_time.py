"""The compiled World over time: spells of engineers, clocks that change, what holds in which period."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from rich_document import changed, loaded

from scenarios.compiling import SEVERITIES, compile_world
from scenarios.open_hours import ALWAYS_OPEN, OpenHours
from scenarios.people_specs import EngineerSpec
from scenarios.world import World


@pytest.fixture(scope="module")
def world() -> World:
    """Return the compiled rich network."""
    return compile_world(loaded())


def engineers(world: World, group: str) -> list[EngineerSpec]:
    """Return the spells of the engineers of a group, in order."""
    return [e for e in world.engineers if e.name.startswith(f"{group}:")]


# Engineers


def test_an_engineer_for_each_head(world: World) -> None:
    """Before and after the change of the head count there are as many engineers as it says."""
    assert len(engineers(world, "hq:experts")) == 2
    crew = engineers(world, "station:crew")
    assert [e.name for e in crew] == [f"station:crew:{n}" for n in range(1, 6)]
    january, march = 24.0 * 26 + 1.5, 24.0 * 60 + 1.5  # Tuesday 27 January and Monday 2 March, 9:30 in Penang
    assert [bool(e.shift.is_open(january)) for e in crew] == [True, True, True, False, False]
    assert [bool(e.shift.is_open(march)) for e in crew] == [True] * 5


def test_levels_prices_and_shifts_of_engineers(world: World) -> None:
    """Level, pay in the scenario's currency, price of overtime and shift come from the group."""
    nights, care = engineers(world, "hq:nights")[0], engineers(world, "station:care")[0]
    assert (nights.level, nights.cost_per_hour, nights.overtime_factor) == (2, 12.5, 1.5)
    assert (care.cost_per_hour, care.shift) == (5.0, ALWAYS_OPEN)
    assert engineers(world, "hq:experts")[0].overtime_factor == 2.0
    assert world.categories[nights.category].skills == ((1, 2), (2, 0))
    assert world.categories[care.category].skills == ((1, 2),)


def test_shifts_are_in_the_home_zone(world: World) -> None:
    """On Tuesday 6 January 2026 the office opens at 8 in Bangkok, an hour after it opens at 8 in Penang."""
    day = 24.0 * 5
    bangkok, penang = engineers(world, "hq:experts")[0].shift, engineers(world, "station:crew")[0].shift
    assert float(bangkok.next_open(day)) == day + 1.0
    assert float(penang.next_open(day - 4.0)) == day


def test_holidays_close_the_office_and_not_the_night(world: World) -> None:
    """On the extra holiday of Malaysia, a Monday, its office is closed, and the Bangkok night shift works."""
    monday = 24.0 * 4
    crew, nights = engineers(world, "station:crew")[0].shift, engineers(world, "hq:nights")[0].shift
    assert float(crew.between(monday - 8, monday + 16)) == 0.0
    assert float(crew.between(monday + 16, monday + 40)) == 9.0
    assert float(nights.between(monday, monday + 24)) == 8.0


CREW = "centres.station.engineers.crew"


@pytest.mark.parametrize(
    ("values", "spells"),
    [
        ({"dispatch.policy": "first_come"}, 3),
        ({f"{CREW}.count": 3}, 3),
        ({f"{CREW}.count": 1}, 3),
        ({f"{CREW}.count": 4}, 4),
        ({f"{CREW}.cost_per_hour": 13}, 6),
        ({f"{CREW}.skills": ["camera", "power", "network"]}, 6),
        ({f"{CREW}.level": "senior", f"{CREW}.skills": ["camera", "power"]}, 6),
        ({f"{CREW}.shift": "always"}, 6),
        ({"calendars.office.hours.sat": ["09:00-12:00"]}, 6),
        ({"calendars.night.hours.sat": ["09:00-12:00"]}, 3),
        ({f"{CREW}.overtime_factor": 3}, 6),
        ({CREW: None}, 3),
    ],
)
def test_a_new_spell_begins_only_where_something_changes(values: dict[str, Any], spells: int) -> None:
    """Engineers whose category, shift and price stay have one spell; others one before and one after."""
    world = changed(("2026-02-02", values))
    crew = engineers(world, "station:crew")
    assert len(crew) == spells
    same = changed()
    before = engineers(same, "station:crew")[0].shift
    date_hours = 24.0 * 32
    for e in crew:
        inside = [
            bool(e.shift.elapsed(b) > e.shift.elapsed(a)) for a, b in ((0.0, date_hours), (date_hours, 1e3))
        ]
        assert any(inside)
    first = [e for e in crew if e.name == "station:crew:1"]
    worked = sum(float(e.shift.between(0.0, date_hours)) for e in first)
    assert worked == pytest.approx(float(before.between(0.0, date_hours)), abs=1e-9)


def test_spells_of_an_engineer_never_overlap() -> None:
    """One who comes, goes and comes back on other terms works each hour on one of them at most."""
    world = changed(
        ("2026-01-12", {f"{CREW}.count": 0}),
        ("2026-01-26", {f"{CREW}.count": 3}),
        ("2026-02-09", {f"{CREW}.shift": "always"}),
        ("2026-02-23", {f"{CREW}.shift": "office"}),
    )
    spells = [e for e in engineers(world, "station:crew") if e.name == "station:crew:1"]
    assert len(spells) == 4
    instants = np.arange(0.0, 24.0 * 80, 0.5) + 0.25
    on_duty = np.array([e.shift.is_open(instants) for e in spells])
    assert on_duty.sum(axis=0).max() == 1
    away = (instants > 24 * 11) & (instants < 24 * 25)
    assert not on_duty[:, away].any()
    always = (instants > 24 * 39) & (instants < 24 * 53)
    assert on_duty[:, always].any(axis=0).all()


# Clocks, dispatch, periods


def open_in(clock: OpenHours, first: date, last: date) -> float:
    """Return the open hours between two midnights in UTC."""
    start = date(2026, 1, 1)
    return float(clock.between((first - start).days * 24.0, (last - start).days * 24.0))


def test_clocks_run_in_the_site_s_zone(world: World) -> None:
    """Every calendar of a rule is laid out in every city with sites, in its zone and with its holidays."""
    cities = world.names.cities
    assert world.clocks.keys() == {(c, n) for c in ("office", "night") for n in range(len(cities))}
    week = (date(2026, 1, 5), date(2026, 1, 12))
    hours = [open_in(world.clocks["office", n], *week) for n in range(3)]
    # Monday 8 h with a break, closed in Malaysia; three days of 9 h; Friday 8.5 h.
    assert dict(zip(cities, hours, strict=True)) == {"penang": 35.5, "bangkok": 43.5, "yangon": 43.5}


def test_a_calendar_that_changes_is_one_clock() -> None:
    """A rule's clock runs in the old hours before the date, then in the new, then in the old again."""
    new = {"calendars.office.hours.sat": ["09:00-12:00"], "calendars.office.hours.fri": []}
    back = {"calendars.office.hours.sat": [], "calendars.office.hours.fri": ["08:00-16:30"]}
    world = changed(("2026-02-02", new), ("2026-03-02", back), start="2026-01-01")
    clock = world.clocks["office", world.names.cities.index("yangon")]
    first_monday = date(2026, 1, 5)
    weeks = [
        open_in(clock, day, day + timedelta(days=7))
        for day in (first_monday + timedelta(weeks=n) for n in range(10))
    ]
    assert weeks == [43.5] * 4 + [38.0] * 4 + [43.5] * 2


def test_a_calendar_that_changes_counts_from_the_first_hour() -> None:
    """A clock that never stops until it gets hours on a date has every hour from the start to that date."""
    hours = {"calendars.always.hours": {"mon": ["09:00-12:00"]}, "calendars.always.holidays": "open"}
    world = changed(("2026-01-05", hours), **{"sla.rest.calendar": "always"})
    clock = world.clocks["always", world.names.cities.index("bangkok")]
    assert open_in(clock, date(2026, 1, 1), date(2026, 1, 5)) == 96.0
    assert open_in(clock, date(2026, 1, 5), date(2026, 1, 19)) == 6.0


def test_a_calendar_that_comes_or_goes_leaves_its_clock_running() -> None:
    """Where a rule's calendar is there in some periods only, its orders keep its hours for good."""
    world = changed(
        (
            "2026-02-02",
            {
                "calendars.late": {"hours": {"sat": ["09:00-12:00"]}, "holidays": "open"},
                "sla.rest.calendar": "late",
            },
        ),
        ("2026-03-02", {"sla.rest.calendar": None, "calendars.late": None}),
    )
    clock = world.clocks["late", 0]
    assert open_in(clock, date(2026, 2, 2), date(2026, 2, 9)) == 3.0
    assert open_in(clock, date(2026, 3, 2), date(2026, 3, 9)) == 3.0


def test_dispatch_changes_on_a_date(world: World) -> None:
    """Policy, pre-emption and hand-over are those of the period."""
    assert [p.policy for p in world.periods] == ["sla_priority", "sla_priority", "first_come"]
    assert world.periods[0].preempting == {SEVERITIES.index("emergency")}
    overflow = world.periods[0].overflow
    assert overflow is not None
    assert (world.names.centres[overflow.partner], overflow.after_hours, overflow.price) == (
        "outlet",
        2.0,
        90.0,
    )
    assert overflow.severities == {SEVERITIES.index("normal"), SEVERITIES.index("emergency")}
    ended = changed(("2026-02-01", {"dispatch.overflow": None}))
    assert ended.periods[1].overflow is None
    everyone = compile_world(loaded({"dispatch.overflow.severities": []})).periods[0].overflow
    assert everyone is not None
    assert everyone.severities == set(range(4))


def test_customers_and_weights_by_site(world: World) -> None:
    """A site's customer, its tier and the weight of the tier are by position, and change on a date."""
    names, period = world.names, world.periods[0]
    assert [names.customers[c] for c in period.customers] == ["council", "mall", "mall", "council"]
    assert [names.tiers[t] for t in period.tiers] == ["strategic", "standard", "standard", "strategic"]
    assert period.weights.tolist() == [5.0, 1.0, 1.0, 5.0]
    later = changed(
        ("2026-02-01", {"customer_tiers.standard.weight": 3, "customers.council.tier": "standard"})
    )
    assert later.periods[1].weights.tolist() == [3.0] * 4


def test_prices_and_device_counts_change_on_a_date() -> None:
    """Prices of parts, fixed costs of centres and devices of sites are by period; 0 while absent."""
    world = changed(
        (
            "2026-02-01",
            {
                "parts.lens.unit_cost": "8 CNY",
                "centres.hq.fixed_cost_per_day": 7,
                "centres.outpost": {"level": "local", "city": "yangon", "fixed_cost_per_day": 3},
                "travel.hours.outpost": {"sule": 0.1},
                "sites.gurney.devices.camera": 50,
            },
        )
    )
    before, after = world.periods
    assert (before.unit_costs.tolist(), after.unit_costs.tolist()) == ([25.0, 12.5], [1.0, 12.5])
    assert before.fixed_costs.tolist() == [120.0, 0.0, 0.0, 0.0]
    assert after.fixed_costs.tolist() == [7.0, 0.0, 0.0, 3.0]
    assert (before.devices.tolist(), after.devices.tolist()) == ([42, 12, 63, 5], [42, 50, 63, 5])


def test_periods_beyond_the_horizon_are_left_out() -> None:
    """A change on the day after the last has no period, one on the last day has."""
    world = changed(
        ("2026-04-30", {"dispatch.policy": "first_come"}),
        ("2026-05-01", {"dispatch.policy": "nearest_qualified"}),
    )
    assert [p.start_hours for p in world.periods] == [0.0, 119 * 24.0]


def test_each_rule_that_ever_holds_has_a_position(world: World) -> None:
    """A rule whose target changes is two, and orders of each period point to the one of theirs."""
    assert [rule.name for rule in world.rules].count("strategic") == 2
    esplanade, offline = world.names.sites.index("esplanade"), world.names.fault_types.index("offline")
    targets = [world.rules[p.rules[esplanade, offline]].attend for p in world.periods]
    assert targets == [8.0, 6.0, 6.0]
    assert math.isnan(world.rules[0].attend)


def test_what_closes_leaves_its_position() -> None:
    """A site, fault type and device type that are gone keep their positions; nothing leads to them."""
    world = changed(
        (
            "2026-02-01",
            {
                "sites.sule": None,
                "travel.hours.hq.sule": None,
                "sla.strategic.match.site": ["esplanade"],
                "device_types.gateway": None,
                "fault_types.outage": None,
                "sites.esplanade.devices": {"camera": 1},
                "sites.siam.devices": {"camera": 1},
            },
        ),
        sources={},
    )
    names, after = world.names, world.periods[1]
    assert names.sites[3] == "sule"
    assert (after.rules[3] == -1).all()
    assert (after.rules[:, names.fault_types.index("outage")] == -1).all()
    assert np.isnan(after.travel_hours[3, :3]).all()
    assert len(after.mixes[names.device_types.index("gateway")][0]) == 0
    assert {world.queues[q].territory for fault in after.queues[3] for q in fault} == {()}
    assert all(world.queues[q].categories == 0 for fault in after.queues[3] for q in fault)
