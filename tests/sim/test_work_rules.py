"""Nobody does what the work rules forbid: skills, levels, languages, passes, territories, hours, crews.

Held against the document by brute force, for visits of everybody: who leads, who helps, who joins from afar.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from by_hand import Document, Span, period_at, periods, rows
from hypothesis import given, settings
from random_worlds import FEATURES, random_document, scenarios_strategy
from test_engineer_time import by_name, end_of
from work_rules_by_hand import (
    belongs,
    crew_of,
    group_of,
    lends,
    may_advise,
    may_help,
    may_lead,
    stages_called,
)
from worlds import simulate

from sim.records import tables_of

scenarios = given(document=scenarios_strategy())
many = settings(max_examples=150, deadline=None)

_ROUNDING = 1e-6
Row = Mapping[str, Any]


def lies_in(spans: list[Span], instant: float) -> bool:
    """Tell whether an instant lies in one of some spans, its ends included."""
    return any(a - _ROUNDING <= instant <= b + _ROUNDING for a, b in spans)


def may_come(document: Document, name: str, order: Row, at: float) -> bool:
    """Return whether a site lies in somebody's territory, or his centre may by now have lent him.

    What was predicted lives by the rules of the day of the failure, which is to come.
    """
    if belongs(document, name, order["site"]):
        return True
    foretold = order["origin"] == "condition_based"
    forms = [form for begin, form in periods(document) if begin <= at or foretold]
    return any(lends(form, name, order["site"], order["severity"]) for form in forms)


def allowed(document: Document, visit: Row, order: Row) -> bool:
    """Return whether the work rules let somebody do what he does on a visit."""
    name, site, fault = visit["engineer"], order["site"], order["work_type"]
    stages = stages_called(document, fault, visit["stage"])
    if visit["role"] == "remote_expert":
        home = document["centres"][visit["centre"]]["level"] == "hq"
        knows = any(may_advise(document, name, fault, stage) for stage in stages)
        return knows and (home or belongs(document, name, site))
    if not may_come(document, name, order, visit["booked_at"]):
        return False
    if visit["role"] == "helper":
        return any(may_help(document, name, site, crew_of(document, fault, stage)) for stage in stages)
    return any(may_lead(document, name, site, stage) for stage in stages)


@many
@scenarios
def test_only_those_go_who_may(document: Document) -> None:
    """Whoever leads, helps or advises has the skill and level, the language and pass, and the territory."""
    tables = tables_of(simulate(document), 0)
    orders = {order["id"]: order for order in rows(tables["work_orders"])}
    for visit in rows(tables["visits"]):
        assert allowed(document, visit, orders[visit["work_order"]]), visit


def teams(visits: list[Row]) -> list[list[Row]]:
    """Return for each visit the rows of who led it and of who helped him on it."""
    found: list[list[Row]] = []
    for visit in visits:
        if visit["role"] == "lead":
            found.append([visit])
        elif visit["role"] == "helper":
            found[-1].append(visit)
    return found


@many
@scenarios
def test_visits_are_given_out_on_duty_or_on_call(document: Document) -> None:
    """Who is sent is on duty then, or alone and on call for the severity of the order."""
    model = simulate(document)
    tables = tables_of(model, 0)
    visits = rows(tables["visits"])
    severity = {order["id"]: order["severity"] for order in rows(tables["work_orders"])}
    on_duty, on_call = (by_name(model, s) for s in (model.roster.duty.windows, model.roster.duty.on_call))
    for visit in visits:
        name, at = visit["engineer"], visit["booked_at"]
        if not lies_in(on_duty[name], at):
            called = group_of(document, name).get("on_call", {"severities": ()})["severities"]
            assert lies_in(on_call[name], at), visit
            assert severity[visit["work_order"]] in called or visit["role"] == "remote_expert", visit
    for team in teams(visits):
        if len(team) > 1:
            assert all(lies_in(on_duty[visit["engineer"]], visit["booked_at"]) for visit in team), team


@many
@given(document=scenarios_strategy(without=("changes", "alerts", "suspension")))
def test_territories_are_crossed_after_the_wait_that_is_stated(document: Document) -> None:
    """Nobody comes from another territory before an order has waited for as long as it has to."""
    rule = document["dispatch"].get("crossing")
    tables = tables_of(simulate(document), 0)
    orders = {order["id"]: order for order in rows(tables["work_orders"])}
    ripe: set[str] = set()
    for visit in rows(tables["visits"]):
        order = orders[visit["work_order"]]
        if rule is not None and visit["booked_at"] >= visit["ready_at"] + rule["after_hours"] - _ROUNDING:
            ripe.add(order["id"])
        if visit["role"] == "lead" and not belongs(document, visit["engineer"], order["site"]):
            assert order["id"] in ripe, (order, visit)


@many
@scenarios
def test_crews_have_their_number_and_start_together(document: Document) -> None:
    """Each visit has exactly as many people as it takes, different ones, who begin and end together."""
    tables = tables_of(simulate(document), 0)
    fault = {order["id"]: order["work_type"] for order in rows(tables["work_orders"])}
    for team in teams(rows(tables["visits"])):
        lead = team[0]
        name = fault[lead["work_order"]]
        sizes = {
            crew_of(document, name, stage)["size"] for stage in stages_called(document, name, lead["stage"])
        }
        assert len(team) in sizes, team
        assert len({visit["engineer"] for visit in team}) == len(team)
        for column in ("work_order", "visit", "stage", "booked_at", "started_at", "ended_at", "outcome"):
            assert len({str(visit[column]) for visit in team}) == 1, (column, team)
        assert not lead["started_at"] < max(v["arrived_at"] for v in team) - _ROUNDING


def overtime_allowed(document: Document, at: float) -> float:
    """Return how long work goes on after the end of a shift by the rule at an instant."""
    rule = period_at(document, at)["dispatch"].get("shift_end", {"rule": "finish"})
    unlimited = float("inf") if rule["rule"] == "finish" else 0.0
    return float(rule.get("overtime_hours", unlimited))


@many
@given(document=scenarios_strategy(without=("changes", "crews")))
def test_nobody_works_beyond_his_overtime(document: Document) -> None:
    """Work ends with the overtime that follows the shift; who arrives later leaves it for his next shift.

    Calls outside the shift end when they end, and so does advice from afar.
    """
    model = simulate(document)
    windows = by_name(model, model.roster.duty.windows)
    limit = overtime_allowed(document, 0.0)
    for visit in rows(tables_of(model, 0)["visits"]):
        mine = windows[visit["engineer"]]
        begun_on_duty = any(a - _ROUNDING <= visit["booked_at"] < b for a, b in mine)
        if visit["role"] == "remote_expert" or not begun_on_duty:
            continue
        end = end_of(model, visit)
        last = max(b for a, b in mine if a <= end + _ROUNDING)
        if end > last + limit + _ROUNDING:
            assert visit["work_hours"] <= _ROUNDING, (visit, mine)


@many
@given(document=scenarios_strategy(without=("changes", "crews", "parts", "preempting")))
def test_work_is_left_only_at_the_end_of_a_shift(document: Document) -> None:
    """Work is suspended or handed over at the end of shift and overtime, or at once by who came too late."""
    model = simulate(document)
    windows = by_name(model, model.roster.duty.windows)
    limit = overtime_allowed(document, 0.0)
    for visit in rows(tables_of(model, 0)["visits"]):
        if visit["outcome"] in ("suspended", "handed_over") and visit["role"] == "lead":
            ends = [b + limit for a, b in windows[visit["engineer"]] if a <= visit["ended_at"] + _ROUNDING]
            at_end = any(abs(visit["ended_at"] - end) <= _ROUNDING for end in ends)
            assert at_end or visit["work_hours"] <= _ROUNDING, (visit, ends)
            assert not lies_in([(a, b - 0.01) for a, b in windows[visit["engineer"]]], visit["ended_at"])


def test_the_rules_are_put_to_the_test() -> None:
    """The scenarios above have crews, helpers of other territories, calls, advice and work that is left."""
    seen: set[str] = set()
    few = ("crews", "crossing", "shifts")
    for seed, features in (*product(range(30), [FEATURES]), *product((37, 68, 69), [few])):
        document = random_document(seed, features)
        model = simulate(document)
        tables = tables_of(model, 0)
        site = {order["id"]: order["site"] for order in rows(tables["work_orders"])}
        windows = by_name(model, model.roster.duty.windows)
        for visit in rows(tables["visits"]):
            seen |= {visit["role"], visit["outcome"]}
            if not belongs(document, visit["engineer"], site[visit["work_order"]]):
                seen.add(f"crossed by {visit['role']}")
            if not lies_in(windows[visit["engineer"]], visit["booked_at"]):
                seen.add("called")
    assert seen == {
        *("open", "completed", "followed", "preempted", "suspended", "handed_over"),
        *("lead", "helper", "remote_expert", "crossed by lead", "crossed by helper", "called"),
    }
