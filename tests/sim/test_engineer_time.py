"""Engineers are in one place at a time, and their hours add up to what they are paid for.

Held against the document by brute force: shifts and calls are read in `by_hand` and `work_rules_by_hand`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest
from by_hand import Span, common, duties, rows, without
from hypothesis import given, settings
from random_worlds import scenarios_strategy
from work_rules_by_hand import calls, stages_called, who_may
from worlds import Document, simulate

from sim.duty import Spans
from sim.model import Model
from sim.records import tables_of

scenarios = given(document=scenarios_strategy())
many = settings(max_examples=150, deadline=None)
some = settings(max_examples=75, deadline=None)

_ROUNDING = 1e-6
Row = Mapping[str, Any]


def by_name(model: Model, spans: Spans) -> dict[str, list[Span]]:
    """Return spans of engineers up to the horizon, by name and in order of time."""
    found: dict[str, list[Span]] = defaultdict(list)
    for engineer, begin, end in zip(spans.engineer.tolist(), spans.begin, spans.end, strict=True):
        name = model.world.engineers[engineer].name
        found[name].append((float(begin), min(float(end), model.world.horizon)))
    return defaultdict(list, {name: sorted(mine) for name, mine in found.items()})


def end_of(model: Model, visit: Row) -> float:
    """Return the end of a visit, the horizon if it has not ended."""
    ended: float = visit["ended_at"]
    return model.world.horizon if math.isnan(ended) else ended


def waited(visit: Row, end: float) -> float:
    """Return the hours for which somebody is on site before the work begins, up to the end of the visit."""
    if math.isnan(visit["arrived_at"]):
        return 0.0
    started: float = end if math.isnan(visit["started_at"]) else visit["started_at"]
    return max(min(started, end) - visit["arrived_at"], 0.0)


def busy_spans(model: Model, visits: Sequence[Row]) -> dict[str, list[Span]]:
    """Return when each engineer travels, works, comes back or is kept for a crew, by name."""
    found = by_name(model, model.crews.kept())
    for visit in visits:
        end = end_of(model, visit) + visit["return_hours"]
        found[visit["engineer"]].append((visit["booked_at"], end))
    return found


@many
@scenarios
def test_no_engineer_is_in_two_places(document: Document) -> None:
    """Nobody is on two visits, on his way back and kept for a crew at once, also when his terms change."""
    model = simulate(document)
    for spans in busy_spans(model, rows(tables_of(model, 0)["visits"])).values():
        for (_, end), (begin, _) in pairwise(sorted(spans)):
            assert end <= begin + _ROUNDING


@many
@scenarios
def test_who_is_there_is_on_the_roster(document: Document) -> None:
    """Hours on duty, in training and absent are parts of the shifts, and calls lie beside them."""
    model = simulate(document)
    duty = model.roster.duty
    shifts, on_call = duties(document), calls(document)
    for spans, rostered in (
        *((spans, shifts) for spans in (duty.windows, duty.training, duty.absent)),
        (duty.on_call, on_call),
    ):
        for name, mine in by_name(model, spans).items():
            whole = sum(end - begin for begin, end in mine)
            assert common(mine, rostered[name]) == pytest.approx(whole, abs=_ROUNDING)


def waits(document: Document, model: Model) -> list[tuple[tuple[str, str, str], str, float, float]]:
    """Return (site, fault type, stage), severity, begin and end of each wait for any engineer.

    What somebody has left at the end of his shift waits for him alone.
    """
    tables = tables_of(model, 0)
    orders = {order["id"]: order for order in rows(tables["work_orders"])}
    found = []
    left: set[str] = set()
    for visit in rows(tables["visits"]):
        if visit["role"] == "lead":
            order = orders[visit["work_order"]]
            resumed = order["id"] in left
            left.discard(order["id"])
            if visit["outcome"] == "suspended":
                left.add(order["id"])
            if resumed:
                continue
            what = (order["site"], order["work_type"], visit["stage"])
            found.append((what, order["severity"], visit["ready_at"], visit["booked_at"]))
    names = model.world.names
    for order in model.waiting.orders():
        fault = names.fault_types[model.terms_of(order.row)[1]]
        what = (names.sites[order.site], fault, order.kind.stages[order.stage].name)
        severity = document["fault_types"][fault]["severity"]
        found.append((what, severity, order.ready_at, model.world.horizon))
    return [wait for wait in found if wait[3] - wait[2] > _ROUNDING]


@many
@given(document=scenarios_strategy(without=("crews", "shift_end", "earliest_arrival", "misdiagnosis")))
def test_no_order_waits_while_somebody_qualified_is_free(document: Document) -> None:
    """While an order waits, nobody of its territory who may serve it is on duty or on call, and idle."""
    model = simulate(document)
    duty = model.roster.duty
    busy = busy_spans(model, rows(tables_of(model, 0)["visits"]))
    free = {name: without(spans, busy[name]) for name, spans in by_name(model, duty.windows).items()}
    callable_ = {name: without(spans, busy[name]) for name, spans in by_name(model, duty.on_call).items()}
    for (site, fault, stage), severity, begin, end in waits(document, model):
        (figures,) = stages_called(document, fault, stage)
        for name in who_may(document, site, figures):
            assert common(free.get(name, ()), [(begin, end)]) <= _ROUNDING, (fault, begin, end, name)
            centre, group, _ = name.split(":")
            called = document["centres"][centre]["engineers"][group].get("on_call", {"severities": ()})
            if severity in called["severities"]:
                assert common(callable_.get(name, ()), [(begin, end)]) <= _ROUNDING, (fault, begin, end, name)


#: Hours within which every site can be reached from every place in its city, in the worst weather.
_LONGEST_WAY = 2.7


@many
@given(
    document=scenarios_strategy(
        without=(
            "crews",
            "earliest_arrival",
            "misdiagnosis",
            "changes",
            "ways",
            "on_call",
            "absences",
            "losses",
        )
    )
)
def test_nobody_is_idle_who_could_begin_in_his_shift(document: Document) -> None:
    """Where work is left at the end of a shift, only those are idle who could not begin what waits before it.

    To another city one may leave at any hour, and work away from the site may begin at any.
    """
    model = simulate(document)
    rule = document["dispatch"].get("shift_end", {"rule": "finish"})
    overtime = rule.get("overtime_hours", math.inf if rule["rule"] == "finish" else 0.0)
    busy = busy_spans(model, rows(tables_of(model, 0)["visits"]))
    windows = by_name(model, model.roster.duty.windows)
    for (site, fault, stage), _, begin, end in waits(document, model):
        (figures,) = stages_called(document, fault, stage)
        for name in who_may(document, site, figures):
            here = document["centres"][name.split(":")[0]]["city"] == document["sites"][site]["city"]
            late = _LONGEST_WAY - overtime if here and figures.get("on_site", True) else 0.0
            early = [(a, min(b, b - late)) for a, b in windows[name]]
            free = without([(a, b) for a, b in early if b > a], busy[name])
            assert common(free, [(begin, end)]) <= _ROUNDING, (fault, begin, end, name)


@many
@scenarios
def test_hours_of_an_engineer_add_up_to_roster_and_overtime(document: Document) -> None:
    """Each day, travel, waiting, work, idle, training and absent hours are roster and overtime.

    The roster is the shift; where people leave, posts that are vacant are left out.
    """
    model = simulate(document)
    roster: dict[str, float] = defaultdict(float)
    for day in rows(tables_of(model, 0)["engineer_days"]):
        parts = ("travel", "waiting", "work", "idle", "training", "absent")
        hours = {part: day[f"{part}_hours"] for part in (*parts, "roster", "overtime")}
        assert min(hours.values()) >= -_ROUNDING
        total = sum(hours[part] for part in parts)
        assert total == pytest.approx(hours["roster"] + hours["overtime"], abs=_ROUNDING)
        assert hours["roster"] <= 24.0 + _ROUNDING
        roster[day["engineer"]] += hours["roster"]
    leaving = "attrition_per_year" in str(document) or "key_person_loss" in str(document)
    for name, spans in duties(document).items():
        whole = sum(b - a for a, b in spans)
        assert roster[name] <= whole + _ROUNDING if leaving else roster[name] == pytest.approx(whole)


@some
@scenarios
def test_days_add_up_to_visits(document: Document) -> None:
    """The days of an engineer hold the hours of his visits, and his overtime lies outside his duty."""
    model = simulate(document)
    tables = tables_of(model, 0)
    visits, days = rows(tables["visits"]), rows(tables["engineer_days"])
    on_duty, kept = by_name(model, model.roster.duty.windows), by_name(model, model.crews.kept())
    busy = busy_spans(model, visits)
    for name in {v["engineer"] for v in visits} | {d["engineer"] for d in days}:
        mine = [v for v in visits if v["engineer"] == name]
        my_days = [d for d in days if d["engineer"] == name]
        hours = {
            "travel_hours": sum(v["travel_hours"] + v["return_hours"] for v in mine),
            "work_hours": sum(v["work_hours"] for v in mine),
            "overtime_hours": sum(v["overtime_hours"] for v in mine),
            "waiting_hours": sum(waited(v, end_of(model, v)) for v in mine)
            + sum(b - a for a, b in kept[name]),
        }
        for part, expected in hours.items():
            assert sum(d[part] for d in my_days) == pytest.approx(expected, abs=_ROUNDING)
        outside = sum(b - a for a, b in busy[name]) - common(busy[name], on_duty[name])
        assert hours["overtime_hours"] == pytest.approx(outside, abs=_ROUNDING)


@some
@scenarios
def test_hours_of_a_visit_last_from_its_booking_to_its_end(document: Document) -> None:
    """Travel, the wait for others and work of a visit fill it, and one away from the site has no travel."""
    model = simulate(document)
    for visit in rows(tables_of(model, 0)["visits"]):
        end = end_of(model, visit)
        whole = visit["travel_hours"] + waited(visit, end) + visit["work_hours"]
        assert whole == pytest.approx(end - visit["booked_at"], abs=_ROUNDING)
        assert visit["on_site"] or visit["travel_hours"] == 0.0
        assert not visit["on_site"] or (visit["work_hours"] > 0.0) <= (not math.isnan(visit["arrived_at"]))
