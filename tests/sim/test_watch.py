"""Alerts and suspensions in whole runs: what they know, what they change, and that nothing of it stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import scenarios_strategy
from worlds import Document, run, simulate, tiny, visit_log

from insight.clocks import CLOCKS, order_clocks
from insight.columns import names, numbers
from insight.figures import Window, network_figures
from insight.tables import Table
from scenarios import from_document
from scenarios.compiling import compile_world
from sim.knowledge import Knowledge
from sim.model import Model
from sim.records import tables_of
from sim.replicate import replicate

AID = {"mutual_aid": True}
GROUP = {"count": 1, "level": "junior", "skills": ["field"], "shift": "always"}
#: Nobody else helps of himself within ten days.
CROSSING = {"after_hours": 10_000.0, "within": "network"}


def two_towns(**sections: Any) -> Document:
    """Return a site with one engineer, and an engineer of another town who may only cross when called for."""
    dispatch = {"policy": "first_come", "crossing": CROSSING}
    document = tiny({"fault": {"work_hours": 10.0}}, {"a": {}}, **{"dispatch": dispatch, **sections})
    document["cities"]["village"] = {**document["cities"]["town"], "name": "Village"}
    document["centres"]["other"] = {
        "level": "local",
        "city": "village",
        "serves": {"sites": []},
        "engineers": {"b": dict(GROUP)},
    }
    return document


def backlog(threshold: float, **triggers: Any) -> Document:
    """Return an alert of a backlog."""
    return {"name": "crowd", "kind": "backlog", "threshold": threshold, "level": "red", "triggers": triggers}


def raised(table: Table) -> list[tuple[str, str, float, float]]:
    """Return (kind, id, begin, end) of the rows of disruptions."""
    cells = (names(table, "kind").strings(), table["id"], table["started_at"], table["ended_at"])
    return [(str(k), str(i), float(a), float(b)) for k, i, a, b in zip(*cells, strict=True)]


CROWD = tuple((1.0 + k, "site", "fault") for k in range(5))


def test_help_comes_at_the_midnight_after_the_crowd() -> None:
    """Of five orders two are done and three open at midnight: the other town's engineer comes for one."""
    model = run(two_towns(alerts=[backlog(2, **AID)]), *CROWD)
    log = [entry[1:4] for entry in visit_log(model)]
    assert log == [
        ("a:1", 1.0, 1.0),
        ("a:1", 11.0, 11.0),
        ("a:1", 21.0, 21.0),
        ("other:b:1", 24.0, 24.0),
        ("a:1", 31.0, 31.0),
    ]
    assert raised(tables_of(model, 0)["disruptions"]) == [("alert_red", "crowd", 24.0, 48.0)]


def test_without_the_alert_they_wait_for_their_own() -> None:
    """The same crowd without the alert is served by one engineer."""
    log = visit_log(run(two_towns(), *CROWD))
    assert {entry[1] for entry in log} == {"a:1"}


def test_help_that_is_over_is_over() -> None:
    """A second crowd after the alert has cleared is not helped before the midnight that raises it again."""
    again = tuple((50.0 + k, "site", "fault") for k in range(5))
    model = run(two_towns(alerts=[backlog(2, **AID)]), *CROWD, *again)
    late = [entry[1:3] for entry in visit_log(model)[5:]]
    assert late == [("a:1", 50.0), ("a:1", 60.0), ("a:1", 70.0), ("other:b:1", 72.0), ("a:1", 80.0)]
    assert [r[2:] for r in raised(tables_of(model, 0)["disruptions"])] == [(24.0, 48.0), (72.0, 96.0)]


def test_waiting_orders_go_to_the_partner_of_the_alert() -> None:
    """What has waited for 26 h while the alert is up goes to the partner and costs his price."""
    document = two_towns(alerts=[backlog(2, overflow={"partner": "outlet", "after_hours": 26})])
    partner = {"attend_hours": 1.0, "price_per_order": 70.0}
    document["centres"]["outlet"] = {"level": "partner", "city": "town", "partner": partner}
    model = run(document, *CROWD)
    orders = tables_of(model, 0)["work_orders"]
    assert [p.handed_over for p in model.partner] == [30.0]
    assert numbers(orders, "cost_partners").tolist() == [0.0, 0.0, 0.0, 70.0, 0.0]


def test_orders_of_the_city_move_up_while_it_lasts() -> None:
    """While the town is crowded its orders go before an earlier one of the village, and no longer after."""
    document = two_towns(alerts=[backlog(2, reprioritise=True)], dispatch={"policy": "nearest_qualified"})
    document["sites"]["far"] = {**document["sites"]["site"], "city": "village"}
    document["centres"]["base"]["serves"] = {"cities": ["town", "village"]}
    places = ("site", "site", "far", "far", "site", "site", "site")
    given = [(1.0 + k, place, "fault") for k, place in enumerate(places)]

    def served(of: Document) -> list[int]:
        return [int(entry[0].removeprefix("fault-")) for entry in visit_log(run(of, *given))]

    assert served({**document, "alerts": []}) == [1, 2, 3, 4, 5, 6, 7]
    assert served(document) == [1, 2, 3, 5, 6, 4, 7]


def test_a_suspended_centre_is_helped_for_a_month() -> None:
    """Two months in which every order is late bring help from the first of March until the first of April."""
    rule = {"name": "soon", "targets": {"attend": 1.0}}
    document = two_towns(
        start="2026-01-01",
        days=130.0,
        sla=[rule],
        penalties={"suspension": {"clock": "attend"}},
    )
    pairs = [(hour, "site", "fault") for day in range(0, 129, 8) for hour in (24.0 * day + 5, 24.0 * day + 6)]
    model = run(document, *pairs)
    march, april = 59 * 24.0, 90 * 24.0
    helped = [booked for _, who, booked, *_ in visit_log(model) if who == "other:b:1"]
    assert helped
    assert all(march <= booked < april for booked in helped)
    assert raised(tables_of(model, 0)["disruptions"]) == [("suspension", "base", march, april)]


def test_an_outage_of_the_ticket_system_calls_for_help_after_four_hours() -> None:
    """From hour 10 to 20 the ticket system is down: the alert is up from hour 14 to hour 20."""
    outage = {
        "name": "crash",
        "kind": "ticket_outage",
        "from": "2026-01-05T10:00",
        "hours": 10,
        "cities": ["town"],
    }
    alert = {"name": "down", "kind": "outage", "triggers": AID}
    document = two_towns(disruptions=[outage], alerts=[alert])
    model = run(document, (1.0, "site", "fault"), (2.0, "site", "fault"))
    rows = raised(tables_of(model, 0)["disruptions"])
    assert ("alert_yellow", "down", 14.0, 20.0) in rows


def crowded(days: float = 40.0, **sections: Any) -> Document:
    """Return a town whose engineer cannot do his work alone, and one with time to spare."""
    document = two_towns(**sections)
    document["days"] = days
    document["device_types"]["fault"]["failures_per_year"] = 365.0 * 2.2
    return document


def figures(document: Mapping[str, Any], seed: int = 5) -> dict[str, float]:
    """Return the KPIs of one replication."""
    world = compile_world(from_document(dict(document)))
    return network_figures(replicate(world, seed, 0, Window(0.0, world.horizon))[1])


def test_an_alert_lowers_the_backlog() -> None:
    """With the same failures, help above 5 open orders means fewer open orders and shorter waits."""
    alone, helped = figures(crowded()), figures(crowded(alerts=[backlog(5, **AID)]))
    assert helped["backlog_mean"] < 0.7 * alone["backlog_mean"]
    assert helped["time_to_attend_mean"] < alone["time_to_attend_mean"]


def test_a_satisfaction_alert_raises_satisfaction() -> None:
    """With the same failures, help when satisfaction is low three days running makes customers happier."""
    sections: Document = {"satisfaction": {}}
    alert = {"name": "unhappy", "kind": "csat", "triggers": AID}
    alone, helped = figures(crowded(**sections)), figures(crowded(**sections, alerts=[alert]))
    assert helped["csat"] > alone["csat"] + 5.0
    assert helped["repurchase_rate"] >= alone["repurchase_rate"]


def test_an_alert_that_is_never_up_changes_nothing() -> None:
    """A threshold that is never reached leaves every row of orders and visits as it is without the alert."""
    plain, watched = (
        tables_of(simulate(crowded(alerts=alerts)), 0) for alerts in ([], [backlog(10_000, **AID)])
    )
    for name in ("work_orders", "visits", "engineer_days"):
        for column, values in plain[name].items():
            other = watched[name][column]
            if isinstance(values, np.ndarray) and values.dtype != object:
                np.testing.assert_array_equal(values, other)


@settings(max_examples=15)
@given(scenarios_strategy(), st.floats(0.2, 1.0))
def test_what_is_known_is_what_the_tables_say(document: Document, share: float) -> None:
    """Stopped at any instant, what is known of clocks, visits and open orders is what the tables then say."""
    world = compile_world(from_document({**document, "days": document["days"] * share}))
    model = Model(world, 3, 0)
    model.run()
    now = world.horizon
    # Before the tables are made: then nothing is added to what has happened any more.
    knowledge = Knowledge(model)
    kept = {clock: knowledge.kept(0.0, now, now, clock) for clock in CLOCKS}
    seen = knowledge.look(now)
    again = knowledge.look(now)
    assert (again.open_orders, again.closed) == (seen.open_orders, [])
    table = tables_of(model, 0)["work_orders"]
    for clock, (_, decided, met) in kept.items():
        expected = order_clocks(table, now)[clock]
        assert decided.sum() == expected.decided.sum()
        assert met.sum() == (expected.decided & expected.met).sum()
    # Work on an order that is being verified has ended.
    is_open = np.isnan(numbers(table, "completed_at")) & (names(table, "status").strings() != "verifying")
    assert sum(seen.open_orders) == (is_open & ~np.isnan(numbers(table, "down_from"))).sum()


def test_satisfaction_in_the_run_is_that_of_the_table() -> None:
    """What an alert sees of all closed orders together is the column of the table, but for complaints."""
    model = simulate(crowded(satisfaction={}))
    seen = [points for _, points in Knowledge(model).look(model.world.horizon).closed]
    table = tables_of(model, 0)["work_orders"]
    expected = numbers(table, "csat")
    np.testing.assert_allclose(np.sort(seen), np.sort(expected[~np.isnan(expected)]))
    assert len(set(seen)) > 3


def test_complaints_in_the_run_are_those_of_the_table() -> None:
    """What has been complained about by the end is what the table says."""
    desk = {"share": 0.5, "answer_hours": 1.0, "solution_hours": 1.0, "confirmation_hours": 1.0}
    model = simulate(crowded(aftercare={"complaints": desk}))
    knowledge, now = Knowledge(model), model.world.horizon
    knowledge.look(now)
    made = [complaint.at for complaint in knowledge.complaints(now) if complaint.at <= now]
    assert knowledge.complaints(now) == []
    expected = numbers(tables_of(model, 0)["work_orders"], "complained_at")
    np.testing.assert_allclose(np.sort(made), np.sort(expected[~np.isnan(expected)]))
    assert len(made) > 3


def test_more_complaints_call_for_help() -> None:
    """When service gets worse week by week, complaints rise and help comes at the end of a week."""
    desk = {"share": 1.0, "answer_hours": 1.0, "solution_hours": 1.0, "confirmation_hours": 1.0}
    alert = {"name": "angry", "kind": "complaints", "triggers": AID}
    document = crowded(aftercare={"complaints": {**desk, "delay_hours": 1.0}}, alerts=[alert])
    rows = raised(tables_of(simulate(document), 0)["disruptions"])
    assert rows
    assert {begin % (7 * 24.0) for _, _, begin, _ in rows} == {0.0}


def test_levels_are_the_kinds_of_rows() -> None:
    """A blue alert is a row of kind alert_blue."""
    alert = {**backlog(2), "level": "blue"}
    table = tables_of(run(two_towns(alerts=[alert]), *CROWD), 0)["disruptions"]
    assert [row[0] for row in raised(table)] == ["alert_blue"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("threshold", 3),
        ("days", 2),
        ("clear_at", 0),
        ("clear_days", 2),
        ("scope", "network"),
        ("name", "else"),
    ],
)
def test_every_key_of_an_alert_moves_a_row(key: str, value: Any) -> None:
    """Each key, flipped, changes the begin, the end, the id or the number of the alert's rows."""

    def rows(**terms: Any) -> list[Any]:
        document = two_towns(alerts=[{**backlog(2), **terms}])
        document["sites"]["far"] = {**document["sites"]["site"], "city": "village"}
        document["centres"]["base"]["serves"] = {"cities": ["town", "village"]}
        return raised(tables_of(run(document, *CROWD, (6.0, "far", "fault")), 0)["disruptions"])

    assert rows(**{key: value}) != rows()
