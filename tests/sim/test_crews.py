"""Crews: two to four people who start together, of whom nobody waits for ever and nobody is held in vain."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import Document, run, simulate, tiny, visit_log

from insight.columns import numbers
from sim.model import Model
from sim.records import tables_of
from sim.visit_log import Role


def with_crew(
    size: int, engineers: dict[str, Document] | None = None, crew: Document | None = None, **sections: Any
) -> Document:
    """Return a fault `big` of four hours for a crew, and a fault `small` of an hour for one person."""
    faults = {
        "big": {"work_hours": 4.0, "crew": {"size": size, **(crew or {})}},
        "small": {"work_hours": 1.0},
    }
    return tiny(faults, engineers or {"a": {"count": 3}}, **sections)


def spans(model: Model, row: int) -> list[tuple[str, float, float, float]]:
    """Return (engineer, booked, started, ended) of everybody who was at an order."""
    v = model.visits
    return [
        (model.world.engineers[e].name.removeprefix("base:"), b, s, end)
        for r, e, b, s, end in zip(v.row, v.engineer, v.booked, v.started, v.ended, strict=True)
        if r == row
    ]


def test_a_crew_starts_together() -> None:
    """Of three at different distances the work begins when the last is there, and ends for all at once."""
    hours = {"base": {"site": 1.0, "far": 2.0}, "site": {"far": 3.0}}
    document = with_crew(2, sites=("site", "far"), hours=hours)
    # Two are sent out to both sites first; the one at base leads, whoever is nearer joins.
    model = run(document, (0.0, "site", "small"), (0.0, "far", "small"), (2.5, "site", "big"))
    assert spans(model, 2) == [("a:3", 2.5, 3.5, 7.5), ("a:1", 2.5, 3.5, 7.5)]


def test_too_few_people_do_not_start() -> None:
    """With one of two busy a crew of three waits until all are free, and holds nobody meanwhile."""
    document = with_crew(3, crew={"reserve_after_hours": 1000.0})
    model = run(document, (0.0, "site", "small"), (0.5, "site", "big"), (0.6, "site", "small"))
    log = visit_log(model)
    assert log[0][:3] == ("small-1", "a:1", 0.0)
    assert log[1][:3] == ("small-2", "a:2", 0.6)  # given out although the crew waits
    assert {entry[2] for entry in log if entry[0] == "big"} == {1.6}


def test_people_are_kept_for_a_crew_that_has_waited_long_enough() -> None:
    """Under a stream of small work two would never be free at once; after the time stated they are kept."""
    small = [(0.6 * i, "site", "small") for i in range(60)]
    reports = sorted([*small, (3.0, "site", "big")])
    waits = {}
    for patience in (2.0, 1000.0):
        document = with_crew(2, {"a": {"count": 2}}, crew={"reserve_after_hours": patience})
        model = run(document, *reports)
        row = int(np.flatnonzero(model.births.reported_at == 3.0)[0])
        waits[patience] = spans(model, row)[0][1] - 3.0
    assert waits[2.0] <= 2.0 + 1.0 + 1.0
    assert waits[1000.0] > 20.0


def test_time_kept_for_a_crew_is_logged() -> None:
    """Whoever is free and kept for a crew is in the log of that, from when to when."""
    document = with_crew(2, {"a": {"count": 2}}, crew={"reserve_after_hours": 0.0})
    model = run(document, (0.0, "site", "small"), (0.25, "site", "big"))
    assert list(
        zip(model.crews.kept_engineer, model.crews.kept_from, model.crews.kept_until, strict=True)
    ) == [
        (1, 0.25, 1.0),
        (0, 1.0, 1.0),
    ]


def test_time_kept_for_a_crew_is_waiting_and_not_idle() -> None:
    """Three quarters of an hour for which somebody is kept are waiting hours of his day, the rest is idle."""
    document = with_crew(2, {"a": {"count": 2}}, crew={"reserve_after_hours": 0.0}, days=1.0)
    days = tables_of(run(document, (0.0, "site", "small"), (0.25, "site", "big")), 0)["engineer_days"]
    assert numbers(days, "waiting_hours").tolist() == [0.0, 0.75]
    assert numbers(days, "idle_hours").tolist() == [19.0, 19.25]


def test_the_wait_for_a_crew_has_its_cause() -> None:
    """While somebody is free but not enough, an order waits for its crew; otherwise for an engineer."""
    document = with_crew(2, {"a": {"count": 2}}, crew={"reserve_after_hours": 1000.0})
    table = tables_of(run(document, (0.0, "site", "small"), (0.25, "site", "big")), 0)["work_orders"]
    assert numbers(table, "wait_crew").tolist() == [0.0, 0.75]
    assert numbers(table, "wait_engineer").tolist() == [0.0, 0.0]
    assert numbers(table, "crew_size").tolist() == [1.0, 2.0]


def test_only_the_first_needs_the_level_of_the_work() -> None:
    """A senior leads, a junior helps; two juniors are no crew."""
    faults = {"big": {"work_hours": 1.0, "level": "senior", "crew": {"size": 2}}}
    team = {"a": {"count": 2}, "s": {"level": "senior"}}
    model = run(tiny(faults, team), (0.0, "site", "big"))
    assert [entry[0] for entry in spans(model, 0)] == ["s:1", "a:1"]
    assert list(model.visits.role) == [Role.LEAD, Role.HELPER]
    strict = {"big": {**faults["big"], "crew": {"size": 2, "level": "senior"}}}
    assert len(run(tiny(strict, team), (0.0, "site", "big")).visits) == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 3), st.sampled_from([0.0, 1.0, 5.0]), st.integers(1, 40))
def test_no_crew_starves_and_no_two_block_each_other(size: int, patience: float, seed: int) -> None:
    """Two kinds of crews that want the same people under load are all served, in bounded time."""
    faults = {
        "one": {"work_hours": 2.0, "crew": {"size": size + 1, "reserve_after_hours": patience}},
        "two": {"work_hours": 1.0, "skill": "desk", "crew": {"size": 2, "reserve_after_hours": patience}},
        "small": {"work_hours": 0.5},
    }
    document = tiny(faults, {"a": {"count": 4, "skills": ["field", "desk"]}}, days=30.0)
    for kind, rate in (("one", 200.0), ("two", 300.0), ("small", 2000.0)):
        document["device_types"][kind]["failures_per_year"] = rate * 3
    model = simulate(document, seed)
    completed, released = np.array(model.completed), model.births.released_at
    old = released < 25 * 24.0
    assert not np.isnan(completed[old]).any()
    v = model.visits
    for engineer in range(4):
        mine = sorted(
            (b, e) for b, e, who in zip(v.booked, v.ended, v.engineer, strict=True) if who == engineer
        )
        assert all(b >= e - 1e-9 for (_, e), (b, _) in pairwise(mine) if e == e)


def test_hours_of_all_members_are_on_their_days() -> None:
    """Everybody's travel, waiting and work counts on his own day."""
    hours = {"base": {"site": 1.0, "far": 2.0}, "site": {"far": 3.0}}
    document = with_crew(2, {"a": {"count": 2}}, sites=("site", "far"), hours=hours, days=1.0)
    days = tables_of(run(document, (0.0, "far", "small"), (3.0, "site", "big")), 0)["engineer_days"]
    # The one at the far site travels three hours, the other one hour and waits two.
    assert numbers(days, "work_hours").tolist() == pytest.approx([5.0, 4.0])
    assert numbers(days, "travel_hours").tolist() == pytest.approx([5.0, 1.0])
    assert numbers(days, "waiting_hours").tolist() == pytest.approx([0.0, 2.0])


def test_an_expert_who_is_free_joins_from_afar() -> None:
    """A major fault takes six tenths of the time with an expert from headquarters, and all of it without."""
    faults = {
        "big": {"work_hours": 5.0, "remote_expert": {"skill": "desk", "level": "expert", "speedup": 0.6}}
    }
    document = tiny(faults, {"a": {}}, hours={"base": {"site": 1.0, "hq": 1.0}, "site": {"hq": 1.0}})
    document["centres"]["hq"] = {
        "level": "hq",
        "city": "town",
        "serves": {"sites": []},
        "engineers": {"x": {"count": 1, "level": "expert", "skills": ["desk"], "shift": "always"}},
    }
    model = run(document, (0.0, "site", "big"), (0.5, "site", "big"))
    assert visit_log(model)[:2] == [
        ("big-1", "a:1", 0.0, 1.0, 4.0, "completed"),
        ("big-1", "hq:x:1", 1.0, 1.0, 4.0, "completed"),
    ]
    document["centres"]["hq"]["engineers"]["x"]["shift"] = "night"
    alone = run(document, (9.0, "site", "big"))
    assert visit_log(alone) == [("big", "a:1", 9.0, 10.0, 15.0, "completed")]


@pytest.mark.parametrize("patience", [0.0, 10_000.0])
def test_a_crew_of_whom_too_few_have_the_level_is_never_formed(patience: float) -> None:
    """Two juniors are no crew for which the second has to be an expert, however long the order waits."""
    crew = {"size": 2, "level": "expert", "reserve_after_hours": patience}
    document = tiny({"big": {"work_hours": 1.0, "crew": crew}, "small": {}}, {"a": {"count": 3}})
    model = run(document, (0.0, "site", "big"), *((i + 1.0, "site", "small") for i in range(20)))
    assert 0 not in model.visits.row
    document["centres"]["base"]["engineers"]["x"] = {
        "count": 1, "level": "expert", "skills": ["desk"], "shift": "always",
    }  # fmt: skip
    model = run(document, (0.0, "site", "big"), *((i + 1.0, "site", "small") for i in range(20)))
    assert [entry[0] for entry in spans(model, 0)] == ["a:1", "x:1"]
