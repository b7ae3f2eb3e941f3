"""Failures and what is fixed at their birth: their order, period, rule, and when each clock is due.

Due instants are held against a clock that is counted minute by minute on the wall of the site's city.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from by_hand import is_open
from hypothesis import example, given, settings
from hypothesis import strategies as st
from random_worlds import scenarios_strategy
from worlds import CITIES, Document, reports, tiny, world_of

from scenarios.world import Intensity
from sim import draws
from sim.births import CLOCKS, Births, births_of_infinite, concatenate
from sim.reports import Origin, inverse

some = settings(max_examples=50, deadline=None)
KEY = draws.replication_key(3, 0)


def entitled(
    city: str = "kuala-lumpur",
    calendar: str | None = "office",
    pauses: bool = True,
    targets: dict[str, float] | None = None,
    fault: Document | None = None,
    **sections: Any,
) -> Document:
    """Return one site in a city, whose orders all have one SLA rule."""
    country = CITIES[city]["country"]
    rule: Document = {"name": "rule", "targets": targets or {"attend": 4.0}, "pauses": pauses}
    if calendar is not None:
        rule["calendar"] = calendar
    return tiny(
        {"fault": fault or {}},
        {"a": {}},
        countries={country: {"name": "C", "zone": "near", **sections.pop("country", {})}},
        cities={city: {"name": city, **CITIES[city]}},
        sites={"site": {"city": city, "customer": "owner", "devices": {"fault": 1}}},
        centres={
            "base": {
                "level": "local",
                "city": city,
                "engineers": {"a": {"count": 1, "level": "junior", "skills": ["field"], "shift": "always"}},
            }
        },
        sla=[rule],
        days=20.0,
        **sections,
    )


def counted(document: Document, reported: int, target: int, paused: range = range(0)) -> int:
    """Return the minute at which a clock has run so many minutes, counted on the wall of its city."""
    rule, city = document["sla"][0], document["sites"]["site"]["city"]
    minute, left = reported, target
    while True:
        if left == 0:
            return minute
        stands = rule["pauses"] and minute in paused
        runs = "calendar" not in rule or is_open(document, rule["calendar"], city, minute / 60.0)
        left -= runs and not stands
        minute += 1


def due(document: Document, *reported: float) -> list[float]:
    """Return when the attend clock is due of failures reported at some hours, in minutes."""
    births = reports(world_of(document), *((at, "site", "fault") for at in reported))
    instants: list[float] = births.due[CLOCKS.index("attend")].tolist()
    return [instant * 60.0 for instant in instants]


@some
@given(
    city=st.sampled_from(sorted(CITIES)),
    calendar=st.sampled_from(("office", "night", None)),
    reported=st.lists(st.integers(0, 12 * 1440), min_size=1, max_size=4, unique=True).map(sorted),
    target=st.integers(1, 30 * 60),
)
def test_clocks_are_due_to_the_minute(city: str, calendar: str, reported: list[int], target: int) -> None:
    """A clock is due when its target has passed in its calendar, on the wall clock of the site's city."""
    document = entitled(
        city,
        calendar,
        targets={"attend": target / 60.0},
        country={"extra_holidays": [date(2026, 1, 7), date(2026, 1, 12)]},
    )
    found = due(document, *(minute / 60.0 for minute in reported))
    assert found == pytest.approx([counted(document, minute, target) for minute in reported], abs=1e-6)


@some
@given(
    calendar=st.sampled_from(("office", None)),
    pauses=st.booleans(),
    reported=st.integers(0, 5 * 1440),
    target=st.integers(1, 16 * 60),
    triage=st.integers(0, 10 * 60),
    pause=st.integers(0, 30 * 60),
)
@example(calendar="office", pauses=True, reported=535, target=42, triage=42, pause=60)
def test_clocks_stand_still_while_the_customer_is_awaited(
    calendar: str | None, pauses: bool, reported: int, target: int, triage: int, pause: int
) -> None:
    """A clock that pauses does not run between the end of triage and the customer's answer."""
    fault = {"triage_hours": triage / 60.0, "pause": {"probability": 1.0, "hours": pause / 60.0}}
    document = entitled("bangkok", calendar, pauses, {"attend": target / 60.0}, fault)
    waited = range(reported + triage, reported + triage + pause)
    assert due(document, reported / 60.0) == pytest.approx(
        [counted(document, reported, target, waited)], abs=1e-6
    )


def test_the_same_hour_is_another_in_kuala_lumpur_than_in_bangkok() -> None:
    """09:00 to 18:00 begins and ends an hour earlier in UTC at +8 than at +7."""
    at = 0.0  # Monday, 08:00 in Kuala Lumpur and 07:00 in Bangkok
    assert due(entitled("kuala-lumpur"), at) == pytest.approx([(1.0 + 5.0) * 60.0])
    assert due(entitled("bangkok"), at) == pytest.approx([(2.0 + 5.0) * 60.0])
    assert due(entitled("yangon"), at) == pytest.approx([(2.5 + 5.0) * 60.0])


def test_a_public_holiday_of_the_country_stops_the_clock() -> None:
    """On Makha Bucha, 3 March 2026, the clock of a Thai site stands and that of one without holidays runs."""
    report = datetime(2026, 3, 2, 17, 0, tzinfo=ZoneInfo("Asia/Bangkok")) - datetime(2026, 3, 1, tzinfo=UTC)
    hours = report / timedelta(hours=1)
    thai, plain = (
        entitled("bangkok", start=date(2026, 3, 1), country=country) for country in ({"holidays": "TH"}, {})
    )
    # One hour is left of Monday; Tuesday has three before lunch, or Wednesday where Tuesday is a holiday.
    assert due(plain, hours) == pytest.approx([(hours + 16.0 + 3.0) * 60.0])
    assert due(thai, hours) == pytest.approx([(hours + 40.0 + 3.0) * 60.0])


def test_a_rule_without_a_target_leaves_its_clock_unset() -> None:
    """Only the clocks that a rule sets are due; an order works towards attend, else the next that is set."""
    births = reports(world_of(entitled(targets={"restore": 2.0, "complete": 9.0})), (30.0, "site", "fault"))
    assert all(np.isnan(due).all() for due in births.due[:2])
    assert births.due_at.tolist() == births.due[CLOCKS.index("restore")].tolist()


def test_the_first_rule_that_matches_is_the_rule() -> None:
    """Rules are tried in their order, and an order that none matches has no clock."""
    rules = [
        {"name": "first", "match": {"severity": "major"}, "targets": {"attend": 1.0}},
        {"name": "second", "match": {"severity": ["major", "minor"]}, "targets": {"attend": 2.0}},
    ]
    faults = {severity: {"severity": severity} for severity in ("major", "minor", "normal")}
    world = world_of(tiny(faults, {"a": {}}, sla=rules))
    births = reports(world, *((float(i), "site", name) for i, name in enumerate(faults)))
    assert births.rule.tolist() == [0, 1, -1]
    np.testing.assert_array_equal(births.due_at, [1.0, 3.0, np.nan])


def test_what_holds_is_decided_at_the_report() -> None:
    """An order lives by the fault type, rule and mix of the period in which it is reported."""
    change = {
        "from": date(2026, 1, 7),
        "set": {"fault_types.fault.work_hours": 3.0, "sla": [{"name": "late", "targets": {"attend": 9.0}}]},
    }
    document = tiny(
        {"fault": {}}, {"a": {}}, sla=[{"name": "early", "targets": {"attend": 1.0}}], changes=[change]
    )
    births = reports(world_of(document), *((at, "site", "fault") for at in (47.999, 48.0, 50.0)))
    assert births.period.tolist() == [0, 1, 1]
    assert births.work.tolist() == [1.0, 3.0, 3.0]
    assert births.due_at.tolist() == pytest.approx([48.999, 57.0, 59.0])


@some
@given(document=scenarios_strategy())
def test_failures_come_in_order_and_within_the_horizon(document: Document) -> None:
    """Reports rise from 0 to the horizon, and triage and the customer only ever add time."""
    world = world_of(document)
    births = births_of_infinite(world, KEY)
    assert (np.diff(births.reported_at) >= 0.0).all()
    assert len(births) == 0 or 0.0 <= births.reported_at[0] <= births.reported_at[-1] <= world.horizon
    assert (births.acknowledged_at >= births.reported_at).all()
    assert (births.released_at >= births.acknowledged_at).all()
    assert not np.isin(births.stream, [i for i, s in enumerate(world.streams) if s.finite]).any()


@some
@given(document=scenarios_strategy())
def test_attributes_fit_the_fault_type(document: Document) -> None:
    """Fault, part and rule are among those that the document allows for the site and device type."""
    world = world_of(document)
    births = births_of_infinite(world, KEY)
    for row in np.flatnonzero(births.stream >= 0).tolist():
        stream = world.streams[births.stream[row]]
        fault = world.names.fault_types[births.fault[row]]
        assert births.site[row] == stream.site
        assert fault in document["device_types"][world.names.device_types[stream.device_type]]["faults"]
        needed = document["fault_types"][fault].get("part")
        if births.part[row] >= 0:
            assert needed is not None
            assert world.names.parts[births.part[row]] == needed["part"]
        else:
            assert needed is None or needed["probability"] < 1.0


def batch_faults(document: Document) -> set[str]:
    """Return the fault types of all batches that the weather or a disruption may bring."""
    holders = [*document.get("effects", {}).values(), *document.get("disruptions", ())]
    return {batch["fault_type"] for holder in holders for batch in holder.get("batches", ())}


@some
@given(document=scenarios_strategy())
def test_attributes_of_what_is_no_failure_of_its_own_fit(document: Document) -> None:
    """Inspections are of their fault type, false alarms of their device's, and neither needs a part.

    Batches are of a fault type that some batch names.
    """
    world = world_of(document)
    births = births_of_infinite(world, KEY)
    for row in np.flatnonzero(births.stream < 0).tolist():
        fault = world.names.fault_types[births.fault[row]]
        if births.origin[row] == Origin.BATCH:
            assert fault in batch_faults(document)
            continue
        assert births.part[row] == -1
        if births.origin[row] == Origin.INSPECTION:
            assert fault == document["inspections"]["fault_type"]
        else:
            device = world.names.device_types[births.device[row]]
            assert births.origin[row] == Origin.FALSE_ALARM
            assert fault in document["device_types"][device]["faults"]


def test_numbers_of_failures_follow_the_rate() -> None:
    """The mean number of failures over replications is the integral of the rate, within four deviations."""
    kind = {"failures_per_year": 876.0, "faults": {"fault": 1.0}}
    world = world_of(tiny({"fault": {}}, {"a": {}}, device_types={"fault": kind}, days=50.0))
    counts = [len(births_of_infinite(world, draws.replication_key(9, n))) for n in range(200)]
    expected = 876.0 / 8760.0 * 50.0 * 24.0
    assert np.mean(counts) == pytest.approx(expected, abs=4.0 * np.sqrt(expected / 200))
    assert np.var(counts) == pytest.approx(expected, rel=0.4)


def test_a_larger_base_has_the_failures_of_the_smaller_one_earlier() -> None:
    """With twice the devices, the failure of each number comes at half the time: they are paired."""
    one, two = (
        births_of_infinite(
            world_of(
                tiny(
                    {"fault": {}},
                    {"a": {}},
                    device_types={"fault": {"failures_per_year": 500.0, "faults": {"fault": 1.0}}},
                    sites={"site": {"city": "town", "customer": "owner", "devices": {"fault": count}}},
                )
            ),
            KEY,
        )
        for count in (1, 2)
    )
    assert len(two) > len(one) > 5
    np.testing.assert_allclose(two.reported_at[: len(one)], one.reported_at / 2.0)


def test_no_failure_comes_while_the_rate_is_0() -> None:
    """A profile of 0 by night, or a change of the rate to 0, lets nothing fail then."""
    profile = {"by_hour": [0.0] * 8 + [1.0] * 8 + [0.0] * 8}
    kind = {"failures_per_year": 9000.0, "faults": {"fault": 1.0}, "profile": "day"}
    change = {"from": date(2026, 1, 9), "set": {"device_types.fault.failures_per_year": 0.0}}
    world = world_of(
        tiny(
            {"fault": {}},
            {"a": {}},
            device_types={"fault": kind},
            profiles={"day": profile},
            changes=[change],
        )
    )
    reported = births_of_infinite(world, KEY).reported_at
    assert len(reported) > 10
    assert ((reported % 24.0 >= 8.0) & (reported % 24.0 < 16.0)).all()
    assert reported.max() < 96.0


@settings(deadline=None)
@given(target=st.floats(0.0, 3.5), factor=st.floats(0.1, 10.0))
def test_the_inverse_undoes_the_cumulated_rate(target: float, factor: float) -> None:
    """The instant found is where the cumulated rate has the value asked for, and infinity beyond the end."""
    intensity = Intensity(np.array([0.0, 2.0, 5.0, 9.0]), np.array([0.0, 1.0, 1.0, 3.0]))
    at = float(inverse(intensity, factor, np.array([target * factor]))[0])
    if target * factor / factor > 3.0:
        assert at == np.inf
    else:
        assert np.interp(at, intensity.knots, intensity.cumulated) == pytest.approx(target, abs=1e-9)


def test_sets_of_failures_are_joined_row_by_row() -> None:
    """The rows of two sets of failures stand one after the other, due instants included."""
    world = world_of(entitled())
    a, b = (
        reports(world, (1.0, "site", "fault")),
        reports(world, (2.0, "site", "fault"), (3.0, "site", "fault")),
    )
    joined: Births = concatenate([a, b])
    assert joined.reported_at.tolist() == [1.0, 2.0, 3.0]
    assert [len(due) for due in joined.due] == [3] * len(CLOCKS)
    assert len(joined) == 3
