"""Orders that take several visits: repeats, stages of other skills, and work away from the site."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from by_hand import rows
from worlds import Document, run, simulate, tiny, visit_log

from sim.model import Model
from sim.records import tables_of

HOURS = {"base": {"site": 1.0}}
SENIOR: Document = {"level": "senior"}


def staged(**stages: Document) -> dict[str, Document]:
    """Return one fault type `fault` with these stages; skill `field` and two hours where absent."""
    full = {name: {"skill": "field", "work_hours": 2.0, **stage} for name, stage in stages.items()}
    return {"fault": {"severity": "normal", "stages": full}}


def visited(model: Model) -> list[tuple[str, int, bool, float, float, float, str]]:
    """Return (stage, visit, on site, departed, arrived, ended, outcome) of each visit."""
    names = ("stage", "visit", "on_site", "departed_at", "arrived_at", "ended_at", "outcome")
    return [tuple(row[name] for name in names) for row in rows(tables_of(model, 0)["visits"])]


def test_stages_follow_each_other() -> None:
    """After a look somebody mends; each stage takes its own hours, and who is on site needs no way."""
    document = tiny(staged(look={"next": {"mend": 1.0}}, mend={"work_hours": 3.0}), {"a": {}}, hours=HOURS)
    assert visited(run(document, (1.0, "site", "fault"))) == [
        ("look", 1, True, 1.0, 2.0, 4.0, "followed"),
        ("mend", 2, True, 4.0, 4.0, 7.0, "completed"),
    ]


def test_the_next_stage_waits_for_its_own_skill() -> None:
    """A stage of a higher level goes to whoever holds it, once he is free."""
    document = tiny(
        staged(look={"next": {"mend": 1.0}}, mend={"level": "senior"}),
        {"junior": {}, "senior": SENIOR},
        hours=HOURS,
        dispatch={"policy": "first_come"},
    )
    # The senior is sent first to the second fault, of which he does the look as well.
    model = run(document, (1.0, "site", "fault"), (1.0, "site", "fault"))
    assert [entry[:4] for entry in visit_log(model)] == [
        ("fault-1", "junior:1", 1.0, 2.0),
        ("fault-2", "senior:1", 1.0, 2.0),
        ("fault-1", "senior:1", 4.0, 4.0),
        ("fault-2", "senior:1", 6.0, 6.0),
    ]


def test_work_away_from_the_site_needs_no_way() -> None:
    """A remote stage begins when it is given out, leaves its engineer where he is, and is no visit."""
    document = tiny(
        staged(call={"on_site": False, "skill": "desk"}), {"a": {"skills": ["desk"]}}, hours=HOURS
    )
    model = run(document, (1.0, "site", "fault"))
    ((_, _, on_site, departed, arrived, ended, outcome),) = visited(model)
    assert (on_site, ended, outcome) == (False, 3.0, "completed")
    assert np.isnan([departed, arrived]).all()
    (order,) = rows(tables_of(model, 0)["work_orders"])
    assert (order["served_by"], order["visits"], order["restored_at"]) == ("remote", 0, 3.0)
    assert (order["booked_at"], order["wait_hand_over"]) == (1.0, 2.0)
    assert np.isnan([order["departed_at"], order["arrived_at"]]).all()


def test_a_visit_after_a_call_leaves_from_home() -> None:
    """Who worked remotely sets out from where he was; the order is attended at his arrival."""
    document = tiny(staged(call={"on_site": False, "next": {"visit": 1.0}}, visit={}), {"a": {}}, hours=HOURS)
    model = run(document, (1.0, "site", "fault"))
    assert [entry[2:5] for entry in visit_log(model)] == [(1.0, 1.0, 3.0), (3.0, 4.0, 6.0)]
    (order,) = rows(tables_of(model, 0)["work_orders"])
    assert (order["served_by"], order["visits"]) == ("engineer", 1)
    assert (order["booked_at"], order["departed_at"], order["arrived_at"]) == (1.0, 3.0, 4.0)
    assert (order["wait_hand_over"], order["wait_travel"]) == (2.0, 1.0)


def test_every_visit_of_an_order_counts() -> None:
    """An order with two stages on site has two visits, whoever makes them."""
    document = tiny(staged(look={"next": {"mend": 1.0}}, mend={}), {"a": {}})
    (order,) = rows(tables_of(run(document, (1.0, "site", "fault")), 0)["work_orders"])
    assert order["visits"] == 2


def test_a_part_is_asked_for_once() -> None:
    """An order of several visits demands its part before the first, and never again."""
    faults = staged(look={"next": {"mend": 1.0}}, mend={})
    faults["fault"]["part"] = {"part": "board"}
    document = tiny(faults, {"a": {}}, parts={"board": {}})
    document["centres"]["base"]["depot"] = {"board": {"base_stock": 0, "lead_hours": 5.0}}
    model = run(document, (1.0, "site", "fault"))
    assert len(model.depots.rows) == 1
    assert [entry[2] for entry in visit_log(model)] == [6.0, 8.0]


def test_triage_and_the_customer_come_before_everything() -> None:
    """An order is given out when its triage is over and its customer is ready, and not before."""
    fault = {"triage_hours": 0.5, "pause": {"probability": 1.0, "hours": 3.0}, "part": {"part": "board"}}
    document = tiny({"fault": fault}, {"a": {}}, parts={"board": {}}, hours=HOURS)
    document["centres"]["base"]["depot"] = {"board": {"base_stock": 0, "lead_hours": 2.0}}
    (order,) = rows(tables_of(run(document, (1.0, "site", "fault")), 0)["work_orders"])
    assert (order["acknowledged_at"], order["paused_hours"], order["booked_at"]) == (1.5, 3.0, 6.5)
    assert (order["wait_hand_over"], order["wait_part"], order["wait_travel"]) == (0.5, 2.0, 1.0)


def lengths(document: Document) -> Any:
    """Return how many visits each completed order of a random run had."""
    model = simulate(document)
    table = [row for row in rows(tables_of(model, 0)["work_orders"]) if row["status"] == "completed"]
    return np.array([row["visits"] for row in table])


def many(faults: dict[str, Document]) -> Document:
    """Return about two thousand failures and enough engineers."""
    kind = {"failures_per_year": 730_000.0, "faults": {"fault": 1.0}}
    return tiny(faults, {"a": {"count": 400}}, device_types={"fault": kind}, days=1.0)


@pytest.mark.parametrize("fixed", [0.5, 0.8])
def test_visits_until_fixed_are_geometric(fixed: float) -> None:
    """If each visit fixes with a chance p, the mean number of visits is 1/p and p are fixed at the first."""
    visits = lengths(many({"fault": {"work_hours": 0.01, "first_time_fix": fixed}}))
    deviation = np.sqrt(1.0 - fixed) / fixed / np.sqrt(len(visits))
    assert visits.mean() == pytest.approx(1.0 / fixed, abs=4.0 * deviation)
    assert (visits == 1).mean() == pytest.approx(fixed, abs=4.0 * np.sqrt(fixed * (1 - fixed) / len(visits)))


def test_stages_follow_with_their_chances() -> None:
    """Each way out of a stage is taken with its chance, and the rest of the orders are complete."""
    faults = staged(
        first={"work_hours": 0.01, "next": {"left": 0.2, "right": 0.5}},
        left={"work_hours": 0.01},
        right={"work_hours": 0.01, "next": {"left": 1.0}},
    )
    model = simulate(many(faults))
    stages = [row["stage"] for row in rows(tables_of(model, 0)["visits"])]
    first, left, right = (stages.count(name) for name in ("first", "left", "right"))
    assert first > 1500
    assert right / first == pytest.approx(0.5, abs=4.0 * np.sqrt(0.25 / first))
    assert left / first == pytest.approx(0.7, abs=4.0 * np.sqrt(0.21 / first))


def test_each_visit_of_an_order_draws_its_own_hours() -> None:
    """A repeat visit takes other hours than the first, of the same distribution and independent of them."""
    model = simulate(
        many({"fault": {"work_hours": {"distribution": "exponential", "mean": 0.5}, "first_time_fix": 0.3}})
    )
    log = model.visits
    hours: dict[tuple[int, int], float] = {
        (row, number): ended - arrived
        for row, number, arrived, ended in zip(log.row, log.number, log.arrived, log.ended, strict=True)
    }
    pairs = np.array([(hours[row, 0], hours[row, 1]) for row, number in hours if number == 1])
    pairs = pairs[~np.isnan(pairs).any(axis=1)]
    assert len(pairs) > 500
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 4.0 / np.sqrt(len(pairs))
    assert pairs[:, 1].mean() == pytest.approx(0.5, rel=0.2)
