"""Figures for pages: by hand, and adding up to the KPIs of the same run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from table_builder import START, WINDOW, Row, table

from insight.cause_tables import RESTORE_CAUSES
from insight.daily_series import attainment_over_time, daily_backlog
from insight.figures import Facts, Window, group_figures, network_figures
from insight.kpis import kpi_values
from insight.missed_orders import missed_orders
from insight.page_figures import page_figures, stored_page_figures
from insight.promise import EDGES, promise_ratios
from insight.run_folder import RunFolder
from insight.run_orders import ATTAINMENTS, RunOrders, orders_of, read_orders
from insight.tables import TABLE_NAMES, Tables, empty, rows, select
from insight.whereabouts import places

ATTEND = "attend_attainment"


def job(reported: float, arrived: float | None = None, due: float | None = None, **cells: Any) -> Row:
    """Return an order in Hanoi, attended and completed at `arrived`, to be attended by `due`."""
    stops = (
        {} if arrived is None else {"arrived_at": arrived, "restored_at": arrived, "completed_at": arrived}
    )
    target = {} if due is None else {"attend_due_at": due}
    given = {"city": "hanoi", "severity": "normal", "customer_tier": "key", "site": "mall", **cells}
    return {"reported_at": reported, **stops, **target, **given}


def run(*replications: list[Row], window: Window = WINDOW) -> RunOrders:
    """Return the orders of some replications."""
    some = [{**row, "replication": number} for number, found in enumerate(replications) for row in found]
    return orders_of(table("work_orders", some), list(range(len(replications))), window, START)


def test_daily_backlog_by_hand() -> None:
    """An order open from 06:00 to 12:00 of the next day is 0.75 of an order on the first day, 0.5 then."""
    found = daily_backlog(run([job(30.0, 60.0)], [job(30.0, 60.0), job(48.0, 72.0, city="hue")]), 0.95)
    assert found["days"] == ["2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05", "2026-01-06"]
    assert found["series"]["hanoi"]["mean"] == [0.75, 0.5, 0.0, 0.0, 0.0]
    assert found["series"]["hue"]["mean"] == [0.0, 0.5, 0.0, 0.0, 0.0]
    assert found["series"][""]["mean"] == [0.75, 1.0, 0.0, 0.0, 0.0]
    assert found["series"][""]["low"][0] == found["series"][""]["high"][0] == 0.75


def test_one_replication_has_no_limits() -> None:
    """Limits are unknown where there is but one replication."""
    assert daily_backlog(run([job(30.0)]), 0.95)["series"][""]["low"] == [None] * 5


instants = st.floats(0.0, 130.0)
orders = st.lists(st.tuples(instants, st.none() | st.floats(0.0, 60.0), st.none() | st.floats(0.0, 40.0)))


@given(orders)
def test_days_average_to_the_mean_backlog(some: list[tuple[float, float | None, float | None]]) -> None:
    """The daily means, weighted by the hours of each day in the window, are the KPI `backlog_mean`."""
    found = [job(at, None if took is None else at + took) for at, took, _ in some]
    series = daily_backlog(run(found), 0.95)["series"][""]["mean"]
    hours = [24.0, 24.0, 24.0, 24.0, 4.0]
    kpi = network_figures(kpi_values({"work_orders": table("work_orders", found)}, WINDOW, Facts(START)))
    assert np.average(series, weights=hours) == pytest.approx(kpi["backlog_mean"], abs=1e-3)


def test_attainment_over_time_by_hand() -> None:
    """Orders count in the week and month in which they began; one without a decided order has none."""
    window = Window(0.0, 24.0 * 40)
    late = job(24.0 * 33, 24.0 * 33 + 5, 24.0 * 33 + 4)
    found = attainment_over_time(run([job(5.0, 6.0, 9.0), job(6.0, 20.0, 9.0), late], window=window), 0.95)
    weeks, months = (found[period]["series"][ATTEND][""]["mean"] for period in ("week", "month"))
    assert found["week"]["starts"][:2] == ["2025-12-29", "2026-01-05"]
    assert weeks == [0.5, None, None, None, None, 0.0, None]
    assert (found["month"]["starts"], months) == (["2026-01-01", "2026-02-01"], [0.5, 0.0])


def test_missed_orders_by_hand() -> None:
    """Missed orders stand under the cause that they are laid to, in their cell and in its margins."""
    found = missed_orders(
        run(
            [job(30.0, 50.0, 40.0, cause="travel"), job(31.0, 32.0, 40.0)],
            [job(30.0, 50.0, 40.0, cause="skill"), job(30.0, 50.0, 40.0, cause="skill", severity="major")],
        ),
        0.95,
    )[ATTEND]["city_severity"]
    cell = found["hanoi|normal"]
    assert (cell["decided"], cell["missed"]) == (1.5, 1.0)
    assert {cause: figure["mean"] for cause, figure in cell["causes"].items()} == {
        "travel": 0.5,
        "skill": 0.5,
    }
    assert found["|"]["causes"]["skill"]["mean"] == found["hanoi|"]["causes"]["skill"]["mean"] == 1.0
    assert found["|major"]["decided"] == 0.5


def test_late_restorations_stand_under_their_own_cause() -> None:
    """Restore attainment is split by what took longest to restoration, SLA attainment by the first wait."""
    row = {**job(30.0, 50.0, 40.0, cause="travel"), "restore_due_at": 45.0, "restore_cause": "work"}
    found = missed_orders(run([row]), 0.95)
    causes = {kpi: [*found[kpi]["city_severity"]["|"]["causes"]] for kpi in ATTAINMENTS}
    assert causes == {ATTEND: ["travel"], "restore_attainment": ["work"], "sla_attainment": ["travel"]}


@given(st.lists(st.tuples(st.sampled_from(["hanoi", "hue"]), st.booleans(), st.sampled_from(RESTORE_CAUSES))))
def test_cells_make_the_attainment_of_the_summary(some: list[tuple[str, bool, str]]) -> None:
    """One minus missed over decided is the attainment of each cell; causes add up to the missed orders."""
    found = [
        job(30.0, 50.0 if late else 35.0, 40.0, city=city, cause=cause if late else None)
        for city, late, cause in some
    ]
    kpis = kpi_values({"work_orders": table("work_orders", found)}, WINDOW, Facts(START))
    cells = missed_orders(run(found), 0.95)[ATTEND]
    for dimension, label in (("city_severity", "normal"), ("city_customer_tier", "key")):
        for city in {city for city, _, _ in some}:
            cell = cells[dimension][f"{city}|{label}"]
            share = group_figures(kpis, dimension, f"{city}|{label}")[ATTEND]
            assert 1.0 - cell["missed"] / cell["decided"] == pytest.approx(share)
            assert sum(c["mean"] for c in cell["causes"].values()) == pytest.approx(cell["missed"])


def test_ratios_to_the_promise_by_hand() -> None:
    """Half of the promise, exactly the promise, twice of it, and open beyond it."""
    found = promise_ratios(
        run([job(30.0, 35.0, 40.0), job(30.0, 40.0, 40.0), job(30.0, 50.0, 40.0), job(30.0, None, 40.0)])
    )
    whole = found["groups"][""][""]
    by_edge = dict(zip(found["edges"][1:], whole["shares"], strict=True))
    assert (by_edge[0.5], by_edge[1.0], by_edge[2.0], whole["beyond"]) == (0.25, 0.25, 0.25, 0.25)
    assert (whole["orders"], whole["within"]) == (4.0, 0.5)
    assert [*found["groups"]["city"]] == ["hanoi"]


@given(orders)
def test_what_is_within_the_promise_is_attend_attainment(
    some: list[tuple[float, float | None, float | None]],
) -> None:
    """Classes up to 1 hold exactly the orders that the KPI counts as met, and all shares add up to 1."""
    found = [
        job(at, None if took is None else at + took, None if allowed is None else at + allowed)
        for at, took, allowed in some
    ]
    kpi = network_figures(kpi_values({"work_orders": table("work_orders", found)}, WINDOW, Facts(START)))
    groups = promise_ratios(run(found))["groups"][""]
    if np.isnan(kpi[ATTEND]):
        assert groups == {}
        return
    kept = [share for edge, share in zip(EDGES[1:], groups[""]["shares"], strict=True) if edge <= 1.0]
    assert sum(kept) == pytest.approx(kpi[ATTEND])
    assert groups[""]["within"] == pytest.approx(kpi[ATTEND])
    assert sum(groups[""]["shares"]) + groups[""]["beyond"] == pytest.approx(1.0)


def test_sites_stand_where_they_or_their_cities_are() -> None:
    """A site without a position has its city's; attainment is a mean over replications that have one."""
    scenario = {
        "cities": {"hanoi": {"lat": 21.0, "lon": 105.8}},
        "sites": {
            "mall": {"city": "hanoi", "lat": None, "lon": None, "devices": {"camera": 3, "kiosk": 2}},
            "park": {"city": "hanoi", "lat": 21.1, "lon": 105.9, "devices": {}},
        },
        "centres": {"station": {"city": "hanoi", "engineers": {"a": {"count": 2}, "b": {"count": 1}}}},
    }
    found = places(scenario, run([job(30.0, 35.0, 40.0)], [job(30.0, 45.0, 40.0), job(31.0)]), 0.95)
    mall = found["sites"]["mall"]
    assert (mall["lat"], mall["devices"], mall["orders"], mall["mean"]) == (21.0, 5, 1.5, 0.5)
    assert (found["sites"]["park"]["lon"], found["sites"]["park"]["mean"]) == (105.9, None)
    assert found["centres"]["station"]["people"] == 3


SCENARIO = """
cities: {hanoi: {lat: 21.0, lon: 105.8}, hue: {lat: 16.4, lon: 107.6}}
sites: {mall: {city: hanoi, devices: {camera: 3}}}
centres: {station: {city: hue, engineers: {}}}
disruptions: [{name: flood-week}]
"""


def replication(number: int) -> Tables:
    """Return a replication in which somebody of Hue goes to Hanoi, in a stated flood and a storm drawn."""
    day = 24.0 * 2
    made = {
        "work_orders": table("work_orders", [job(30.0, 35.0, 40.0, id="a", replication=number)]),
        "visits": table(
            "visits",
            [
                {"work_order": "a", "centre": "station", "on_site": True, "arrived_at": 35.0,
                 "travel_hours": 4.0, "replication": number},
                {"work_order": "a", "centre": "station", "on_site": True, "arrived_at": 5.0,
                 "travel_hours": 4.0, "replication": number},
            ],
        ),
        "engineer_days": table(
            "engineer_days", [{"centre": "station", "city": "hue", "day": 24.0, "replication": number}]
        ),
        "disruptions": table(
            "disruptions",
            [
                {"id": "flood-week:hanoi", "kind": "flood", "city": "hanoi", "started_at": day,
                 "ended_at": day + 24, "replication": number},
                {"id": f"hue:storm:{number}", "kind": "storm", "city": "hue",
                 "started_at": day + 24 * number, "ended_at": day + 24 * number + 3, "replication": number},
                {"id": "care", "kind": "alert_blue", "city": "hue", "started_at": day, "ended_at": day + 24,
                 "replication": number},
            ],
        ),
    }  # fmt: skip
    return {name: made.get(name, empty(name)) for name in TABLE_NAMES}


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """Return a run folder with two replications."""
    made = RunFolder(tmp_path / "run")
    made.write_json("manifest.json", {"start": START.isoformat(), "days": 5.0, "warm_up_days": 1.0})
    made.write_text("scenario.yaml", SCENARIO)
    for number in (0, 1):
        write(made, number)
    return made


def write(folder: RunFolder, number: int) -> None:
    """Commit a replication."""
    tables = replication(number)
    values = [(number, kpi_values(tables, WINDOW, Facts(START)))]
    folder.write_batch(START, [tables], values, [rows(tables["work_orders"])])


def test_trips_and_disruptions_of_a_run(folder: RunFolder) -> None:
    """Trips before the warm-up are left out; what is stated is told from what is drawn, alerts from both."""
    found = page_figures(folder)
    assert found["ways"] == [{"origin": "hue", "destination": "hanoi", "trips": 1.0, "hours": 4.0}]
    (flood,) = found["disruptions"]["stated"]
    assert (flood["name"], flood["cities"], flood["begin"][:13]) == ("flood-week", ["hanoi"], "2026-01-03T00")
    assert found["disruptions"]["drawn"] == {"hue": {"storm": {"2026-01-03": 0.5, "2026-01-04": 0.5}}}


def test_figures_are_kept_until_more_replications_come(folder: RunFolder) -> None:
    """What is kept is what was computed, and a further replication makes it anew."""
    first = stored_page_figures(folder)
    assert first == stored_page_figures(folder) == page_figures(folder)
    write(folder, 2)
    assert stored_page_figures(folder) == page_figures(folder) != first


def test_a_replication_that_comes_meanwhile_is_not_half_in(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures are of the replications that stand when they are begun, whatever a run commits during them."""
    before = page_figures(folder)

    def orders(of: RunFolder) -> RunOrders:
        write(folder, 2)
        return read_orders(of)

    monkeypatch.setattr("insight.page_figures.read_orders", orders)
    assert page_figures(folder) == before
    assert folder.replications() == [0, 1, 2]


def test_only_the_columns_asked_for_are_read(folder: RunFolder) -> None:
    """A table read by columns has them in the order asked for, with the same cells."""
    some = folder.table("work_orders", columns=("city", "reported_at"))
    whole = select(folder.table("work_orders"), np.array([True, True]))
    assert [*some] == ["city", "reported_at"]
    assert np.array_equal(some["reported_at"], whole["reported_at"])  # type: ignore[arg-type]
