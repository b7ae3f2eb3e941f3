"""Alerts, their levers and suspensions by hand, with a model of which only the levers are there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import tiny, world_of

from scenarios.money_terms import AlertTerms, SuspensionTerms, TriggerTerms
from scenarios.rule_specs import OverflowSpec
from scenarios.world import World
from sim.alerts import Alerts, Outage, outage_checks
from sim.knowledge import Complaint, Day
from sim.levers import Measures
from sim.suspensions import Suspensions, month_starts

NAN = float("nan")
AID = TriggerTerms(True, False, None)
EVERYTHING = TriggerTerms(True, True, OverflowSpec(0, 2.0, frozenset({0, 1, 2, 3}), None, 1.0))  # type: ignore[arg-type]


class Written:
    """Levers that write down who pulled them."""

    def __init__(self) -> None:
        self.log: list[tuple[str, int]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda city, *_: self.log.append((name, city))

    def taken(self) -> list[tuple[str, int]]:
        """Return what has been pulled since the last time."""
        log, self.log = self.log, []
        return log


@pytest.fixture(scope="module")
def world() -> World:
    """Return three cities with a site each, the last one in another country."""
    document = tiny({"fault": {}, "other": {}}, {"a": {}})
    document["countries"]["there"] = {"name": "There", "zone": "near"}
    town, sites = document["cities"]["town"], document["sites"]
    document["cities"] |= {"port": town, "hill": {**town, "country": "there"}}
    site = sites["site"]
    sites |= {"at-port": {**site, "city": "port"}, "at-hill": {**site, "city": "hill"}}
    document["centres"]["base"]["serves"] = {"cities": ["town", "port", "hill"]}
    return world_of(document)


def alert(kind: str = "backlog", threshold: float = 50.0, **terms: Any) -> AlertTerms:
    """Return an alert of a kind; as the catalogue has it for a backlog, of every city."""
    base = AlertTerms("wrong", kind, "city", threshold, 1, threshold, 1, 5, "red", AID)
    return replace(base, **terms)


def day(number: float, *open_orders: int, points: tuple[float, ...] = ()) -> Day:
    """Return what a midnight shows: open orders by city; satisfaction, all in the first."""
    return Day(24.0 * number, [*open_orders, 0, 0, 0][:3], [(0, figure) for figure in points])


def watched(world: World, *terms: AlertTerms, outages: tuple[Outage, ...] = ()) -> tuple[Alerts, Written]:
    """Return alerts in force from the start, and their levers."""
    levers = Written()
    alerts = Alerts(world, Measures(levers), outages)
    alerts.follow(terms, 0.0)
    return alerts, levers


def test_a_backlog_above_the_threshold_calls_for_help_until_it_is_gone(world: World) -> None:
    """50 open orders are borne; with the 51st help comes to that city, and goes when 50 are left."""
    alerts, levers = watched(world, alert())
    alerts.look(day(1, 50, 3))
    assert levers.taken() == []
    alerts.look(day(2, 51, 3))
    assert levers.taken() == [("widen", 0)]
    alerts.look(day(3, 60))
    assert levers.taken() == []
    assert [row[:4] for row in alerts.standing()] == [("alert_red", "wrong", 0, 48.0)]
    alerts.look(day(4, 50))
    assert levers.taken() == [("narrow", 0)]
    assert alerts.standing() == []
    assert alerts.log == [("alert_red", "wrong", 0, 48.0, 96.0)]


def test_it_clears_at_its_own_figure_after_its_own_days(world: World) -> None:
    """With clear_at 20 on two days in a row, 30 open orders keep it up, and so does a day of 10 alone."""
    alerts, levers = watched(world, alert(clear_at=20.0, clear_days=2))
    for number, count in enumerate((51, 30, 10, 30, 10), start=1):
        alerts.look(day(number, count))
    assert levers.taken() == [("widen", 0)]
    alerts.look(day(6, 10))
    assert levers.taken() == [("narrow", 0)]


def test_satisfaction_has_to_be_low_on_three_days_running(world: World) -> None:
    """Two days below 85 and one above raise nothing; a day without an order closed counts for neither."""
    alerts, levers = watched(world, alert("csat", 85.0, days=3))
    for number, points in enumerate(((80.0,), (84.0, 85.9), (90.0,), (80.0,), (84.9,), ()), start=1):
        alerts.look(day(number, points=points))
    assert levers.taken() == []
    alerts.look(day(7, points=(60.0, 95.0)))
    assert levers.taken() == [("widen", 0)]
    alerts.look(day(8, points=(85.0,)))
    assert levers.taken() == [("narrow", 0)]


def complaints(*days: float, fault: int = 0) -> list[Complaint]:
    """Return complaints of the first city about one fault type, made on these days."""
    return [Complaint(24.0 * at, 0, fault) for at in days]


def weeks(recent: int, before: int) -> list[Complaint]:
    """Return complaints in the last week before day 35, and in the four weeks before it."""
    return complaints(*np.linspace(28.5, 34.5, recent), *np.linspace(0.5, 27.5, before))


@pytest.mark.parametrize(
    ("recent", "before", "raised"),
    [(6, 20, False), (7, 20, True), (4, 0, False), (5, 0, True), (24, 80, False)],
)
def test_complaints_have_to_rise_by_a_fifth(world: World, recent: int, before: int, raised: bool) -> None:
    """Against 20 in four weeks 6 in one are a fifth more, and 7 too many; fewer than five are no rise."""
    alerts, levers = watched(world, alert("complaints", 0.2))
    alerts.look_at_complaints(35 * 24.0, weeks(recent, before))
    assert levers.taken() == ([("widen", 0)] if raised else [])


def test_a_complaint_counts_when_it_is_made(world: World) -> None:
    """Complaints that lie ahead raise the alert in the week in which they have been made."""
    alerts, levers = watched(world, alert("complaints", 0.2))
    alerts.look_at_complaints(7 * 24.0, complaints(8.5, 8.6, 8.7, 8.8, 8.9))
    assert levers.taken() == []
    alerts.look_at_complaints(14 * 24.0, [])
    assert levers.taken() == [("widen", 0)]
    alerts.look_at_complaints(21 * 24.0, [])
    assert levers.taken() == [("narrow", 0)]


def test_one_fault_type_is_enough(world: World) -> None:
    """Five new complaints about one fault type are a rise although those about another fell."""
    alerts, levers = watched(world, alert("complaints", 0.2))
    falling = complaints(*np.linspace(0.5, 27.5, 40))
    rising = [*complaints(*np.linspace(0.5, 27.5, 4), fault=1), *complaints(*[30.0] * 5, fault=1)]
    alerts.look_at_complaints(35 * 24.0, [*falling, *rising])
    assert levers.taken() == [("widen", 0)]


def test_a_country_is_looked_at_as_a_whole(world: World) -> None:
    """30 and 25 open orders in two cities of a country raise its alert in both, and the third has its own."""
    alerts, levers = watched(world, alert(scope="country"))
    alerts.look(day(1, 30, 25, 40))
    assert levers.taken() == [("widen", 0), ("widen", 1)]
    assert [row.city for row in alerts.standing()] == [0, 1]


def test_an_outage_calls_for_help_when_it_has_lasted(world: World) -> None:
    """Help comes when the ticket system has been down for 4 h and goes when it is up; 3 h bring none."""
    outages = (Outage(0, 10.0, 16.0), Outage(1, 30.0, 33.0))
    alerts, levers = watched(world, alert("outage", 4.0), outages=outages)
    for instant in (13.9, 14.0, 15.0):
        alerts.look_at_outages(instant)
    assert levers.taken() == [("widen", 0)]
    for instant in (16.0, 32.9, 33.0):
        alerts.look_at_outages(instant)
    assert levers.taken() == [("narrow", 0)]
    assert alerts.log == [("alert_red", "wrong", 0, 14.0, 16.0)]


def test_an_outage_everywhere_strikes_every_city(world: World) -> None:
    """A city of -1 stands for all of them."""
    alerts, levers = watched(world, alert("outage", 4.0), outages=(Outage(-1, 0.0, 9.0),))
    alerts.look_at_outages(4.0)
    assert levers.taken() == [("widen", 0), ("widen", 1), ("widen", 2)]


def test_outages_are_looked_at_when_they_have_lasted_and_when_they_end() -> None:
    """Only outages of 4 h or more have an instant at which they may raise something."""
    sections = {"alerts": [{"name": "down", "kind": "outage"}]}
    found = world_of(tiny({"fault": {}}, {"a": {}}, **sections))
    outages = [Outage(0, 10.0, 16.0), Outage(0, 30.0, 33.0)]
    assert outage_checks(found, outages) == [14.0, 16.0, 33.0]
    assert outage_checks(world_of(tiny({"fault": {}}, {"a": {}})), outages) == []


def test_an_alert_that_is_taken_out_of_force_is_over(world: World) -> None:
    """A dated change that drops an alert which is up takes its help back at once."""
    alerts, levers = watched(world, alert())
    alerts.look(day(1, 51))
    alerts.follow((), 30.0)
    assert levers.taken() == [("widen", 0), ("narrow", 0)]
    assert alerts.log == [("alert_red", "wrong", 0, 24.0, 30.0)]


def test_every_trigger_has_its_lever() -> None:
    """Mutual aid, priority and partner are each taken and given back."""
    levers = Written()
    measures = Measures(levers)
    measures.take(2, EVERYTHING)
    assert levers.taken() == [("widen", 2), ("urge", 2), ("open_partner", 2)]
    measures.release(2, EVERYTHING)
    assert levers.taken() == [("narrow", 2), ("calm", 2), ("close_partner", 2)]


@given(st.lists(st.integers(0, 2), max_size=20))
def test_what_several_ask_for_ends_with_the_last_and_leaves_nothing(asking: list[int]) -> None:
    """Each lever of a city alternates between taken and given back, and ends given back."""
    levers = Written()
    measures = Measures(levers)
    up: list[int] = []
    for who in asking:
        if who in up:
            up.remove(who)
            measures.release(0, EVERYTHING)
        else:
            up.append(who)
            measures.take(0, EVERYTHING)
    for _ in up:
        measures.release(0, EVERYTHING)
    for begin, end in (("widen", "narrow"), ("urge", "calm"), ("open_partner", "close_partner")):
        mine = [name for name, _ in levers.log if name in (begin, end)]
        assert mine == [begin, end] * (len(mine) // 2)


def suspensions(world: World, **terms: Any) -> tuple[Suspensions, Written]:
    """Return suspensions after two months below 90 %, for a month."""
    levers = Written()
    spec = replace(SuspensionTerms("attend", 0.9, 2, 1, 1, AID), **terms)
    return Suspensions(world, spec, Measures(levers)), levers


def month(watch: Suspensions, number: int, kept: int, due: int = 10) -> None:
    """Let a month be over of whose orders so many kept their clock."""
    met = np.arange(due) < kept
    watch.look(720.0 * number, np.zeros(due, np.int64), np.ones(due, bool), met, np.zeros(3, np.int64))


def test_a_centre_is_suspended_after_two_months_in_a_row(world: World) -> None:
    """A good month between two bad ones saves it; the second bad one in a row brings help to its cities."""
    watch, levers = suspensions(world)
    for number, kept in enumerate((8, 9, 8), start=1):
        month(watch, number, kept)
    assert levers.taken() == []
    month(watch, 4, 7)
    assert levers.taken() == [("widen", 0), ("widen", 1), ("widen", 2)]
    assert [row.city for row in watch.standing()] == [0, 1, 2]
    month(watch, 5, 0)
    assert levers.taken() == [("narrow", 0), ("narrow", 1), ("narrow", 2)]
    assert watch.log[0] == ("suspension", "base", 0, 2880.0, 3600.0)


def test_the_months_of_a_suspension_are_not_held_against_a_centre(world: World) -> None:
    """After two months of suspension it takes two bad months again."""
    watch, levers = suspensions(world, lasts_months=2)
    for number in range(1, 6):
        month(watch, number, 0)
    assert [name for name, city in levers.taken() if city == 0] == ["widen", "narrow"]
    month(watch, 6, 0)
    assert [name for name, city in levers.taken() if city == 0] == ["widen"]


def test_a_month_with_too_few_orders_counts_for_nothing(world: World) -> None:
    """With at least five orders asked for, bad months of four neither count nor break the row."""
    watch, levers = suspensions(world, least_orders=5)
    for number, due in enumerate((5, 4, 5), start=1):
        month(watch, number, 0, due)
    assert [name for name, city in levers.taken() if city == 0] == ["widen"]


def test_months_begin_on_their_first_day() -> None:
    """From 5 January 2026 the next months begin after 27, 55 and 86 days."""
    world = world_of(tiny({"fault": {}}, {"a": {}}, days=90.0))
    assert month_starts(world.start, world.horizon) == [27 * 24.0, 55 * 24.0, 86 * 24.0]
