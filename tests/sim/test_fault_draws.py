"""What fault types decide at birth and at each visit: help from afar, guidance, diagnoses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from by_hand import rows
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import CITIES, Document, reports, run, simulate, tiny, visit_log, world_of

from scenarios.care_specs import GuidanceSpec
from scenarios.fault_specs import StageSpec
from scenarios.fields import Distribution
from sim import draws
from sim.births import births_of_infinite
from sim.fault_draws import SERVED_BY, hours_of_visits, work_hours
from sim.model import Model
from sim.records import tables_of

HOURS = {"base": {"site": 1.0}}
ALWAYS: Document = {"use": 1.0, "success": 1.0, "hours": 0.25}
NEVER: Document = {"use": 1.0, "success": 0.0, "hours": 0.25}
SHARE = st.floats(0.0, 1.0)


def orders(model: Model) -> list[dict[str, Any]]:
    """Return the table of work orders, row by row."""
    return rows(tables_of(model, 0)["work_orders"])


def many(fault: Document, failures: float = 5000.0, **sections: Any) -> Document:
    """Return about so many failures of one type in ten days, and nobody to wait for."""
    kind = {"failures_per_year": failures * 36.5, "faults": {"fault": 1.0}}
    return tiny({"fault": fault}, {"a": {"count": 300}}, device_types={"fault": kind}, **sections)


def test_self_help_comes_first_then_a_session_then_an_engineer() -> None:
    """What neither solves waits for both, which counts as hand-over, and goes to an engineer."""
    fault = {"triage_hours": 0.5, "self_help": NEVER, "remote": {**NEVER, "hours": 1.0}}
    (order,) = orders(run(tiny({"fault": fault}, {"a": {}}, hours=HOURS), (1.0, "site", "fault")))
    assert (order["acknowledged_at"], order["booked_at"], order["arrived_at"]) == (1.5, 2.75, 3.75)
    assert (order["wait_hand_over"], order["wait_travel"], order["served_by"]) == (1.75, 1.0, "engineer")
    assert order["paused_hours"] == 0.0


@pytest.mark.parametrize(
    ("fault", "restored", "served_by"),
    [
        ({"self_help": ALWAYS, "remote": ALWAYS}, 1.25, "self_help"),
        ({"self_help": NEVER, "remote": ALWAYS}, 1.5, "remote"),
        ({"remote": ALWAYS}, 1.25, "remote"),
    ],
)
def test_what_is_solved_from_afar_asks_nobody(fault: Document, restored: float, served_by: str) -> None:
    """An order that self-help or a session restores has no booking, no visit, no pause and no part."""
    fault |= {"pause": {"probability": 1.0, "hours": 5.0}, "part": {"part": "board"}}
    document = tiny({"fault": fault}, {"a": {}}, parts={"board": {}})
    document["centres"]["base"]["depot"] = {"board": {"base_stock": 1, "lead_hours": 9.0}}
    model = run(document, (1.0, "site", "fault"))
    (order,) = orders(model)
    assert (order["restored_at"], order["completed_at"], order["served_by"]) == (
        restored,
        restored,
        served_by,
    )
    assert (order["visits"], order["paused_hours"], order["status"]) == (0, 0.0, "completed")
    assert np.isnan([order["booked_at"], order["arrived_at"]]).all()
    assert not len(model.visits.row)
    assert not len(model.depots.rows)


def test_a_remote_order_meets_its_clocks_at_restoration() -> None:
    """Respond, attend and restore of an order that needs nobody stop when it is restored from afar."""
    rule = {
        "name": "all",
        "targets": {"respond": 0.3, "attend": 0.3, "restore": 0.2},
        "penalty_per_breach": 1.0,
    }
    (order,) = orders(run(tiny({"fault": {"remote": ALWAYS}}, {"a": {}}, sla=[rule]), (1.0, "site", "fault")))
    assert order["cost_penalties"] == 1.0
    assert (order["cause"], order["restore_cause"]) == (None, "hand_over")


def test_a_session_waits_for_the_desk_to_open() -> None:
    """A session outside the desk's hours begins when it opens, by the clock of the site's city."""
    place = {k: v for k, v in CITIES["bangkok"].items() if k != "country"}
    document = tiny(
        {"fault": {"remote": {**ALWAYS, "opens": "day"}}},
        {"a": {}},
        cities={"town": {"name": "Town", "country": "here", **place}},
    )
    # Monday 08:00 in Bangkok is 01:00 in UTC; Monday 17:00, when it closes, is 10:00.
    model = run(document, (0.0, "site", "fault"), (9.9, "site", "fault"), (12.0, "site", "fault"))
    assert [order["restored_at"] for order in orders(model)] == pytest.approx([1.25, 25.15, 25.25])


def test_a_desk_that_never_opens_again_leaves_the_order_where_it_is() -> None:
    """A session that would need more hours than the calendar has is still going on at the horizon."""
    never = {"hours": {"mon": ["08:00-09:00"]}}
    document = tiny(
        {
            "fault": {
                "remote": {**ALWAYS, "hours": 5.0, "opens": "rare"},
                "pause": {"probability": 1, "hours": 1},
            }
        },
        {"a": {}},
        calendars={"always": {"hours": "24x7"}, "rare": never},
        sla=[{"name": "all", "targets": {"attend": 4.0}}],
    )
    (order,) = orders(run(document, (1.0, "site", "fault")))
    assert (order["status"], order["served_by"]) == ("remote_help", None)
    assert order["wait_hand_over"] == 239.0
    assert order["paused_hours"] == 0.0


def test_inspections_and_false_alarms_are_not_helped_from_afar() -> None:
    """Only what customers report is tried from afar: planned work has to be done."""
    kinds = {"unit": {"failures_per_year": 300.0, "faults": {"fault": 1.0}}}
    document = tiny(
        {"fault": {"remote": ALWAYS}, "check": {"remote": ALWAYS}},
        {"a": {}},
        sites={"site": {"city": "town", "customer": "owner", "devices": {"unit": 1}}},
        device_types=kinds,
        days=60.0,
    )
    document["inspections"] = {"fault_type": "check", "every_days": 20.0}
    table = orders(simulate(document))
    served = {
        kind: {o["served_by"] for o in table if o["work_type"] == kind and o["status"] == "completed"}
        for kind in ("fault", "check")
    }
    assert served == {"fault": {"remote"}, "check": {"engineer"}}


@given(use=SHARE, success=SHARE, more=SHARE)
@settings(max_examples=20, deadline=None)
def test_more_success_restores_more_of_the_same(use: float, success: float, more: float) -> None:
    """Of the same failures a higher success restores a superset, and those tried are the same."""
    tried = []
    for chance in (success, success + (1.0 - success) * more):
        fault = {"remote": {"use": use, "success": chance, "hours": 1.0}}
        births = births_of_infinite(world_of(many(fault, failures=200.0)), 7)
        tried.append((births.escalated_at > births.acknowledged_at, births.served_by > 0))
    (tried_before, before), (tried_after, after) = tried
    assert (tried_before == tried_after).all()
    assert (before <= after).all()
    assert (after <= tried_after).all()


def test_shares_from_afar_multiply() -> None:
    """Self-help restores use x success of all; a session use x success of the rest."""
    fault = {
        "self_help": {"use": 0.4, "success": 0.9, "hours": 0.25},
        "remote": {"use": 0.5, "success": 0.6, "hours": 0.25},
    }
    births = births_of_infinite(world_of(many(fault)), 7)
    count = len(births)
    for code, share in ((1, 0.36), (2, 0.64 * 0.3)):
        deviation = np.sqrt(share * (1.0 - share) / count)
        assert (births.served_by == code).mean() == pytest.approx(share, abs=4.0 * deviation)
    assert (np.isnan(births.served_at) == (births.served_by == 0)).all()


def test_sessions_thin_the_arrivals_at_the_engineers() -> None:
    """With a share p restored from afar an M/M/c queue is one with (1 - p) times the arrivals.

    The orders that get to engineers are exactly those of the same run that nobody restored, and the mean
    number at work is lambda (1 - p) / mu (Little 1961).
    """
    share, hours, failures = 0.5, 2.0, 40_000.0
    work = {"distribution": "exponential", "mean": hours}
    fault = {"work_hours": work, "remote": {"use": share, "success": 1.0, "hours": 1.0}}
    model = simulate(many(fault, failures=failures))
    births = model.births
    released = (births.served_by == 0) & (births.released_at < model.world.horizon)
    assert sorted(set(model.visits.row)) == np.flatnonzero(released).tolist()
    visits = rows(tables_of(model, 0)["visits"])
    rate = failures / 240.0
    busy = sum(v["work_hours"] for v in visits) / 240.0
    # The number at work in M/M/c with hardly a queue is Poisson; over 240 h it averages about 240/4 values.
    offered = rate * (1.0 - share) * hours
    assert busy == pytest.approx(offered, abs=4.0 * np.sqrt(offered / 60.0) + 0.02 * offered)


def test_switching_a_session_on_shifts_nothing_else() -> None:
    """Of the orders that are not tried, everything is as it was; of those tried in vain, only the begin."""
    plain = {"work_hours": {"distribution": "exponential", "mean": 1.0}, "first_time_fix": 0.6}
    session = {"remote": {"use": 0.5, "success": 0.5, "hours": 1.0}}
    before, after = (orders(simulate(many(plain | more, failures=400.0))) for more in ({}, session))
    assert [o["id"] for o in before] == [o["id"] for o in after]
    untouched = [(a, b) for a, b in zip(before, after, strict=True) if b["wait_hand_over"] == 0.0]
    assert 100 < len(untouched) < 300
    for old, new in untouched:
        assert (old["restored_at"], old["visits"]) == (new["restored_at"], new["visits"]) or np.isnan(
            [old["restored_at"], new["restored_at"]]
        ).all()
    vain = [
        (a, b)
        for a, b in zip(before, after, strict=True)
        if b["wait_hand_over"] > 0.0 and b["served_by"] == "engineer" and b["status"] == "completed"
    ]
    assert vain
    for old, new in vain:
        assert new["restored_at"] - old["restored_at"] == pytest.approx(1.0)


def stage(**given: Any) -> StageSpec:
    """Return a stage of exponential work."""
    mean = Distribution(distribution="exponential", mean=2.0)
    return StageSpec("visit", 0, 0, mean, True, (), **given)


@pytest.mark.parametrize(
    "spec",
    [
        stage(),
        stage(guidance=GuidanceSpec(0.5, 0.4)),
        stage(diagnosis=Distribution(distribution="gamma", mean=2.0, cv=0.5)),
        stage(work_share=0.0, diagnosis=Distribution(distribution="constant", mean=2.0)),
        stage(work_share=0.3, guidance=GuidanceSpec(0.5, 0.4)),
    ],
)
def test_the_hours_of_a_visit_are_the_same_alone_and_in_an_array(spec: StageSpec) -> None:
    """What is drawn at birth for many orders is what is drawn visit by visit for each."""
    keys = draws.item_keys(5, 0, 50)
    for visit in (0, 1, 3):
        alone = [work_hours(spec, int(key), visit) for key in keys]
        assert hours_of_visits(spec, keys, visit) == pytest.approx(alone, rel=1e-12)


def test_guidance_shortens_every_visit_of_some_orders() -> None:
    """A guided order takes the factor of its hours at each visit, all others exactly what they took."""
    plain = {"work_hours": {"distribution": "exponential", "mean": 1.0}, "first_time_fix": 0.5}
    guided = plain | {"ar": {"use": 0.3, "factor": 0.4}}
    before, after = (rows(tables_of(simulate(many(f, failures=600.0)), 0)["visits"]) for f in (plain, guided))
    old, new = (
        {(v["work_order"], v["visit"]): v["work_hours"] for v in t if v["outcome"] != "open"}
        for t in (before, after)
    )
    ratios: dict[str, set[float]] = {}
    for (order, visit), hours in new.items():
        ratios.setdefault(order, set()).add(
            round(hours / old[order, visit], 6) if (order, visit) in old else 0.4
        )
    assert all(seen in ({0.4}, {1.0}) for seen in ratios.values())
    share = np.mean([seen == {0.4} for seen in ratios.values()])
    assert share == pytest.approx(0.3, abs=4.0 * np.sqrt(0.21 / len(ratios)))


def staged(**stages: Document) -> Document:
    """Return a fault type of these stages; skill `field` and two hours where absent."""
    return {
        "severity": "normal",
        "stages": {name: {"skill": "field", "work_hours": 2.0, **s} for name, s in stages.items()},
    }


def spent(fault: Document, **sections: Any) -> list[tuple[str, float]]:
    """Return stage and hours of work of each visit of one order."""
    engineers = {"a": {"skills": ["field", "desk"]}}
    model = run(tiny({"fault": fault}, engineers, **sections), (1.0, "site", "fault"))
    return [(v["stage"], v["work_hours"]) for v in rows(tables_of(model, 0)["visits"])]


def test_a_diagnosis_is_made_on_the_first_visit_only() -> None:
    """The first visit to the site takes the diagnosis beside its work, later ones do not."""
    assert spent({"work_hours": 2.0, "diagnosis_hours": 3.0}) == [("visit", 5.0)]
    two = staged(look={"next": {"mend": 1.0}}, mend={}) | {"diagnosis_hours": 3.0}
    assert spent(two) == [("look", 5.0), ("mend", 2.0)]


def test_a_repeat_visit_diagnoses_no_more() -> None:
    """Who comes again for the same fault knows what it is."""
    kind = many({"work_hours": 0.01, "diagnosis_hours": 1.0, "first_time_fix": 0.5}, failures=500.0)
    visits = [v for v in rows(tables_of(simulate(kind), 0)["visits"]) if v["outcome"] != "open"]
    assert {(v["visit"] == 1, round(v["work_hours"], 6)) for v in visits} == {(True, 1.01), (False, 0.01)}


def test_after_work_from_afar_the_site_is_diagnosed() -> None:
    """The diagnosis belongs to the visit on site that follows a call, not to the call."""
    fault = staged(call={"on_site": False, "next": {"mend": 1.0}}, mend={}) | {"diagnosis_hours": 3.0}
    assert spent(fault) == [("call", 2.0), ("mend", 5.0)]


def test_a_wrong_diagnosis_costs_a_visit() -> None:
    """A misdiagnosed order's first visit is the diagnosis and a share of the work; the next does it anew."""
    fault = {
        "work_hours": 2.0,
        "diagnosis_hours": 3.0,
        "misdiagnosis": {"probability": 1.0, "work_share": 0.25},
    }
    assert spent(fault) == [("misdiagnosed", 3.5), ("visit", 5.0)]


def test_a_wrong_diagnosis_may_ask_for_the_wrong_skill() -> None:
    """Whoever holds the skill that is mistaken for the right one goes first, then who can mend it."""
    fault = {"misdiagnosis": {"probability": 1.0, "skill": "desk", "work_share": 1.0}}
    engineers = {"mender": {}, "other": {"skills": ["desk"]}}
    model = run(tiny({"fault": fault}, engineers, hours=HOURS), (1.0, "site", "fault"))
    assert [entry[1:5] for entry in visit_log(model)] == [
        ("other:1", 1.0, 2.0, 3.0),
        ("mender:1", 3.0, 4.0, 5.0),
    ]
    (order,) = orders(model)
    assert (order["visits"], order["skill"]) == (2, "field")


def test_a_call_may_lead_to_a_wrong_diagnosis() -> None:
    """Where work from afar comes first, it is the visit after it that may be mistaken."""
    fault = staged(call={"on_site": False, "next": {"mend": 1.0}}, mend={})
    assert spent(fault | {"misdiagnosis": {"probability": 1.0}}) == [
        ("call", 2.0),
        ("misdiagnosed", 0.0),
        ("mend", 2.0),
    ]


def test_misdiagnosis_has_its_share_and_moves_the_repeat_visits() -> None:
    """A quarter of the orders is misdiagnosed and has two visits; the others are exactly as they were."""
    plain = {"work_hours": {"distribution": "exponential", "mean": 0.5}}
    wrong = plain | {"misdiagnosis": {"probability": 0.25}}
    before, after = (orders(simulate(many(f, failures=2000.0))) for f in (plain, wrong))
    twice = [b["visits"] == 2 for b in after if b["status"] == "completed"]
    assert np.mean(twice) == pytest.approx(0.25, abs=4.0 * np.sqrt(0.1875 / len(twice)))
    for old, new in zip(before, after, strict=True):
        if new["visits"] == 1 and new["status"] == old["status"] == "completed" and old["visits"] == 1:
            same = new["restored_at"] == pytest.approx(old["restored_at"])
            assert same or new["restored_at"] > old["restored_at"]


def test_a_wrong_diagnosis_looks_like_the_right_one() -> None:
    """Before the visit nobody can tell: the hours to be expected are those of an ordinary first visit."""
    fault = {"work_hours": 2.0, "diagnosis_hours": 3.0, "misdiagnosis": {"probability": 1.0}}
    world = world_of(tiny({"fault": fault}, {"a": {}}))
    first, mistaken = world.periods[0].faults[0].stages
    assert first.expected_hours == mistaken.expected_hours == 5.0
    births = reports(world, (1.0, "site", "fault"))
    assert (births.first_stage[0], births.work[0]) == (1, 3.0)


def test_codes_of_who_served_have_names() -> None:
    """Nobody is 0, so that an order that nobody restored from afar has no name."""
    assert SERVED_BY == ("", "self_help", "remote")
