"""What changes on a date holds from that midnight in UTC on, to the exact hour, and not before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pytest
from worlds import Document, run, simulate, tiny, visit_log

from insight.columns import names, numbers
from sim.model import Model
from sim.records import tables_of

#: The change of every example: midnight of the second day.
CHANGE = 24.0
Failure = tuple[float, str, str]


def changed(
    setting: Mapping[str, Any],
    *given: Failure,
    faults: Mapping[str, Document] | None = None,
    engineers: Mapping[str, Document] | None = None,
    **sections: Any,
) -> Model:
    """Run one engineer and faults of ten hours through a change on the second day."""
    kinds = faults or {"fault": {"work_hours": 10.0}}
    changes = [{"from": date(2026, 1, 6), "set": dict(setting)}]
    return run(tiny(kinds, engineers or {"a": {}}, changes=changes, **sections), *given)


def booked(model: Model) -> dict[str, float]:
    """Return when each order was first given out."""
    found: dict[str, float] = {}
    for name, _, at, *_ in visit_log(model):
        found.setdefault(name, at)
    return found


COUNT, SHIFT = "centres.base.engineers.a.count", "centres.base.engineers.a.shift"


def test_who_is_hired_begins_at_the_hour() -> None:
    """A second engineer takes the order that waits at the very hour of the change."""
    model = changed({COUNT: 2}, *((at, "site", "fault") for at in (20.0, 21.0)))
    assert visit_log(model) == [
        ("fault-1", "a:1", 20.0, 20.0, 30.0, "completed"),
        ("fault-2", "a:2", 24.0, 24.0, 34.0, "completed"),
    ]


def test_who_leaves_takes_nothing_from_the_hour_on() -> None:
    """The last of two engineers ends his visit after the change, and is then gone."""
    model = changed(
        {COUNT: 1}, *((at, "site", "fault") for at in (20.0, 20.5, 25.0, 26.0)), engineers={"a": {"count": 2}}
    )
    assert booked(model) == {"fault-1": 20.0, "fault-2": 20.5, "fault-3": 30.0, "fault-4": 40.0}


def test_a_new_group_of_engineers_brings_its_skill() -> None:
    """Orders that nobody may serve wait until somebody is employed who may."""
    group = {"count": 1, "level": "expert", "skills": ["desk"], "shift": "always"}
    model = changed(
        {"centres.base.engineers.b": group},
        (3.0, "site", "fault"),
        faults={"fault": {"skill": "desk", "level": "expert"}},
    )
    assert visit_log(model) == [("fault", "b:1", 24.0, 24.0, 25.0, "completed")]


def test_a_new_shift_holds_from_the_hour_on() -> None:
    """Who worked round the clock goes home at the midnight of the change, and comes by day from then on."""
    model = changed({SHIFT: "day"}, *((at, "site", "fault") for at in (10.0, 23.0, 24.5)))
    assert booked(model) == {"fault-1": 10.0, "fault-2": 23.0, "fault-3": 33.0}


def test_a_new_policy_decides_from_the_hour_on() -> None:
    """Orders that wait at the change are taken by the new policy's order."""
    faults: dict[str, Document] = {
        "fault": {"work_hours": 10.0},
        "minor": {"severity": "minor"},
        "major": {"severity": "major"},
    }
    given = (
        (10.0, "site", "fault"),
        (11.0, "site", "minor"),
        (12.0, "site", "major"),
        (19.0, "site", "fault"),
    )
    before = booked(changed({COUNT: 1}, *given, faults=faults))
    assert (before["minor"], before["major"]) == (20.0, 21.0)
    late = tuple((at + 5.0, site, kind) for at, site, kind in given)
    after = booked(changed({"dispatch.policy": "nearest_qualified"}, *late, faults=faults))
    assert (after["major"], after["minor"]) == (25.0, 36.0)


def test_pre_emption_begins_at_the_hour() -> None:
    """An urgent order that comes before the change waits, one that comes after interrupts."""
    faults: dict[str, Document] = {
        "minor": {"severity": "minor", "work_hours": 30.0},
        "urgent": {"severity": "emergency"},
    }
    setting = {"dispatch.preempting": ["emergency"]}
    early = changed(setting, (10.0, "site", "minor"), (23.5, "site", "urgent"), faults=faults)
    late = changed(setting, (10.0, "site", "minor"), (24.5, "site", "urgent"), faults=faults)
    assert booked(early)["urgent"] == 40.0
    assert booked(late)["urgent"] == 24.5


def test_a_way_takes_as_long_as_when_it_was_begun() -> None:
    """Travel hours are those of the hour of departure; arrivals after the change are not hurried."""
    hours = {"base": {"site": 2.0}}
    setting = {"travel.hours": {"base": {"site": 0.5}}}
    given = ((23.0, "site", "fault"), (24.0, "site", "fault"))
    model = changed(setting, *given, engineers={"a": {"count": 2}}, hours=hours)
    assert [entry[2:4] for entry in visit_log(model)] == [(23.0, 25.0), (24.0, 24.5)]


def test_work_is_that_of_the_day_of_the_report() -> None:
    """Work of an order that was reported before the change keeps its hours, whenever it is done."""
    setting = {"fault_types.fault.work_hours": 1.0}
    model = changed(setting, *((at, "site", "fault") for at in (20.0, 21.0, 24.0)))
    assert [ended - arrived for _, _, _, arrived, ended, _ in visit_log(model)] == [10.0, 10.0, 1.0]


def test_a_target_is_that_of_the_day_of_the_report() -> None:
    """An order's clock has the target of the rule that held when it was reported."""
    rules = [{"name": "rule", "targets": {"attend": 4.0}}]
    setting = {"sla": [{"name": "rule", "targets": {"attend": 2.0}}]}
    model = changed(setting, (23.9, "site", "fault"), (24.0, "site", "fault"), sla=rules)
    due = numbers(tables_of(model, 0)["work_orders"], "attend_due_at")
    assert due.tolist() == pytest.approx([27.9, 26.0])


def test_a_rate_changes_at_the_hour() -> None:
    """Nothing fails before the midnight from which on there is a rate, and much after it."""
    kind = {"failures_per_year": 0.0, "faults": {"fault": 1.0}}
    change = {"from": date(2026, 1, 6), "set": {"device_types.fault.failures_per_year": 876_000.0}}
    model = simulate(tiny({"fault": {}}, {"a": {}}, device_types={"fault": kind}, changes=[change], days=2.0))
    assert 24.0 <= model.births.reported_at[0] < 24.1
    assert len(model.births) == pytest.approx(2400, abs=200)


NEW = {"city": "town", "customer": "owner", "devices": {"fault": 1}, "lat": 0.2}


def test_a_site_that_opens_has_failures_from_then_on() -> None:
    """A site that is added on a date has no order before it, and is served like any other."""
    kind = {"failures_per_year": 8760.0, "faults": {"fault": 1.0}}
    document = tiny(
        {"fault": {"work_hours": 0.1}},
        {"a": {}},
        device_types={"fault": kind},
        changes=[{"from": date(2026, 1, 8), "set": {"sites.new": NEW}}],
        travel={"speed_kmh": 60.0},
    )
    table = tables_of(simulate(document), 0)["work_orders"]
    new = names(table, "site").strings() == "new"
    reported = numbers(table, "reported_at")
    assert reported[new].min() >= 72.0 > reported[~new].min()
    assert (numbers(table, "wait_travel")[new] > 0.3).any()


def test_orders_of_a_site_that_closes_are_still_served() -> None:
    """An order reported before its site was closed is attended, over the way that led there."""
    sites = {"site": NEW, "gone": {**NEW, "lat": -0.4}}
    document = tiny(
        {"fault": {"work_hours": 10.0}},
        {"a": {}},
        sites=sites,
        changes=[{"from": date(2026, 1, 6), "set": {"sites": {"site": NEW, "next": {**NEW, "lat": 0.3}}}}],
        travel={"speed_kmh": 60.0, "circuity": 1.0},
    )
    model = run(document, (20.0, "site", "fault"), (21.0, "gone", "fault"), (30.0, "next", "fault"))
    degree = 6371.0088 * np.pi / 180.0 / 60.0
    found = [(booked, arrived - booked) for _, _, booked, arrived, _, _ in visit_log(model)]
    assert [way for _, way in found] == pytest.approx([0.2 * degree, 0.6 * degree, 0.7 * degree])
    assert np.isfinite(np.array(model.restored)).all()
