"""Engineers are in one place at a time, go where they may, and their hours add up to what they are paid for.

Held against the document by brute force: duty, qualification and territory are read in `by_hand`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest
from by_hand import common, duties, rows, stage_of, who_may, without
from hypothesis import given, settings
from random_worlds import scenarios_strategy
from worlds import Document, simulate

from sim.model import Model
from sim.records import tables_of

scenarios = given(document=scenarios_strategy())
many = settings(max_examples=150, deadline=None)
some = settings(max_examples=75, deadline=None)

_ROUNDING = 1e-6
Row = Mapping[str, Any]
Span = tuple[float, float]


def busy_spans(visits: Sequence[Row], horizon: float) -> dict[str, list[Span]]:
    """Return the spans in which each engineer travels or works or comes back, by name."""
    found: dict[str, list[Span]] = defaultdict(list)
    for visit in visits:
        end = horizon if math.isnan(visit["ended_at"]) else visit["ended_at"]
        found[visit["engineer"]].append((visit["booked_at"], end + visit["return_hours"]))
    return found


def qualified(document: Document) -> dict[tuple[str, str, str], set[str]]:
    """Return who may go to a site for a stage of a fault type, by all three."""
    return {
        (site, fault, stage): who_may(document, site, stage_of(document, fault, stage))
        for site in document["sites"]
        for fault, figures in document["fault_types"].items()
        for stage in figures.get("stages", ("visit",))
    }


@many
@scenarios
def test_no_engineer_is_in_two_places(document: Document) -> None:
    """Visits of one person never overlap, also when his terms change while he is busy."""
    model = simulate(document)
    for spans in busy_spans(rows(tables_of(model, 0)["visits"]), model.world.horizon).values():
        for (_, end), (begin, _) in pairwise(sorted(spans)):
            assert end <= begin + _ROUNDING


@many
@scenarios
def test_only_those_go_who_may_and_are_on_duty(document: Document) -> None:
    """A visit goes to an engineer of the territory with skill and level, and is given out on his shift."""
    tables = tables_of(simulate(document), 0)
    orders = {order["id"]: order for order in rows(tables["work_orders"])}
    on_duty = duties(document)
    allowed = qualified(document)
    for visit in rows(tables["visits"]):
        order = orders[visit["work_order"]]
        assert visit["engineer"] in allowed[order["site"], order["work_type"], visit["stage"]], (order, visit)
        at = visit["booked_at"]
        assert any(a - _ROUNDING <= at <= b + _ROUNDING for a, b in on_duty[visit["engineer"]]), visit


def waits(model: Model) -> list[tuple[tuple[str, str, str], float, float]]:
    """Return ((site, fault type, stage), from, to) of each wait for an engineer."""
    tables = tables_of(model, 0)
    orders = rows(tables["work_orders"])
    what = {order["id"]: (order["site"], order["work_type"]) for order in orders}
    found = [
        ((*what[v["work_order"]], v["stage"]), v["ready_at"], v["booked_at"]) for v in rows(tables["visits"])
    ]
    for order in model.waiting.orders():
        stage = order.kind.stages[order.stage].name
        names = model.world.names
        fault = names.fault_types[model.births.fault[order.row]]
        found.append(((names.sites[order.site], fault, stage), order.ready_at, model.world.horizon))
    return [wait for wait in found if wait[2] - wait[1] > _ROUNDING]


@some
@scenarios
def test_no_order_waits_while_somebody_qualified_is_free(document: Document) -> None:
    """While an order waits, nobody of its territory with its skill and level is on duty and idle."""
    model = simulate(document)
    horizon = model.world.horizon
    busy = busy_spans(rows(tables_of(model, 0)["visits"]), horizon)
    free = {name: without(spans, busy[name]) for name, spans in duties(document).items()}
    allowed = qualified(document)
    for what, begin, end in waits(model):
        for name in allowed[what]:
            assert common(free[name], [(begin, end)]) <= _ROUNDING, (what, begin, end, name)


@some
@scenarios
def test_hours_of_an_engineer_add_up_to_roster_and_overtime(document: Document) -> None:
    """Each day, work, travel, waiting and idle hours are roster and overtime; the roster is the shift."""
    model = simulate(document)
    tables = tables_of(model, 0)
    roster: dict[str, float] = defaultdict(float)
    for day in rows(tables["engineer_days"]):
        parts = ("roster", "work", "travel", "waiting", "idle", "overtime")
        given_hours, work, travel, waiting, idle, extra = (day[f"{part}_hours"] for part in parts)
        assert min(given_hours, work, travel, waiting, idle, extra) >= -_ROUNDING
        assert work + travel + waiting + idle == pytest.approx(given_hours + extra, abs=_ROUNDING)
        assert given_hours <= 24.0 + _ROUNDING
        roster[day["engineer"]] += given_hours
    for name, spans in duties(document).items():
        assert roster[name] == pytest.approx(sum(b - a for a, b in spans), abs=_ROUNDING)


@some
@scenarios
def test_days_add_up_to_visits(document: Document) -> None:
    """The days of an engineer hold the hours of his visits, and his overtime lies outside his shifts."""
    model = simulate(document)
    tables = tables_of(model, 0)
    visits, days = rows(tables["visits"]), rows(tables["engineer_days"])
    busy, on_duty = busy_spans(visits, model.world.horizon), duties(document)
    for name in {v["engineer"] for v in visits} | {d["engineer"] for d in days}:
        mine = [v for v in visits if v["engineer"] == name]
        my_days = [d for d in days if d["engineer"] == name]
        for part, way_back in (
            ("travel_hours", "return_hours"),
            ("work_hours", None),
            ("overtime_hours", None),
        ):
            hours = sum(v[part] + (v[way_back] if way_back else 0.0) for v in mine)
            assert sum(d[part] for d in my_days) == pytest.approx(hours, abs=_ROUNDING)
        outside = sum(b - a for a, b in busy[name]) - common(busy[name], on_duty[name])
        assert sum(v["overtime_hours"] for v in mine) == pytest.approx(outside, abs=_ROUNDING)


@some
@scenarios
def test_hours_of_a_visit_last_from_its_booking_to_its_end(document: Document) -> None:
    """Travel and work of a visit fill it, and a visit away from the site has no travel."""
    model = simulate(document)
    for visit in rows(tables_of(model, 0)["visits"]):
        end = model.world.horizon if math.isnan(visit["ended_at"]) else visit["ended_at"]
        whole = visit["travel_hours"] + visit["work_hours"]
        assert whole == pytest.approx(end - visit["booked_at"], abs=_ROUNDING)
        assert visit["on_site"] or visit["travel_hours"] == 0.0
        assert not visit["on_site"] or (visit["work_hours"] > 0.0) <= (not math.isnan(visit["arrived_at"]))
