"""The policy `earliest_arrival`: whoever is there first, also if he is still busy elsewhere."""

from __future__ import annotations

import pytest
from worlds import Document, run, tiny, visit_log

HOURS = {
    "base": {"near": 0.5, "far": 6.0},
    "near": {"far": 5.5},
    "hub": {"far": 0.5, "near": 5.0, "base": 5.5},
}


def document(policy: str = "earliest_arrival", **fault: object) -> Document:
    """Return one engineer at base, one at a hub, and two sites; only the hub's is near the far one."""
    one = tiny(
        {"fault": {"work_hours": 1.0, **fault}, "desk": {"skill": "desk", "work_hours": 1.0}},
        {"a": {}},
        sites=("near", "far"),
        hours=HOURS,
        dispatch={"policy": policy},
    )
    group = {"count": 1, "level": "junior", "skills": ["field", "desk"], "shift": "always"}
    one["centres"]["hub"] = {"level": "local", "city": "town", "engineers": {"b": group}}
    return one


def test_who_arrives_first_goes() -> None:
    """Of two who are free, the one with the shorter way goes."""
    assert visit_log(run(document(), (0.0, "far", "fault")))[0][1] == "hub:b:1"


def test_an_order_waits_for_somebody_busy_who_is_there_earlier() -> None:
    """The hub's engineer is done in 1.5 h and half an hour away: earlier than the free one's six hours."""
    reports = ((0.0, "far", "desk"), (0.25, "far", "fault"))
    assert [e[1:3] for e in visit_log(run(document(), *reports))] == [("hub:b:1", 0.0), ("hub:b:1", 1.5)]
    nearest = visit_log(run(document("nearest_qualified"), *reports))
    assert [e[1:3] for e in nearest] == [("hub:b:1", 0.0), ("a:1", 0.25)]


def test_a_small_gain_is_not_waited_for() -> None:
    """Somebody busy who would save less than a quarter of an hour is not waited for."""
    one = document()
    hours = {"base": {"far": 1.6, "near": 1.0}, "hub": {"far": 0.0, "base": 1.6, "near": 1.0}}
    one["travel"] = {"method": "matrix", "hours": hours}
    log = visit_log(run(one, (0.0, "far", "desk"), (0.5, "far", "fault")))
    # Free at 1.0 on the spot, that is 1.1 h earlier than the other.
    assert log[1][1:3] == ("hub:b:1", 1.0)
    one["travel"]["hours"]["base"]["far"] = 0.7
    log = visit_log(run(one, (0.0, "far", "desk"), (0.5, "far", "fault")))
    assert log[1][1:3] == ("a:1", 0.5)


@pytest.mark.parametrize(("first", "then"), [(("late", "soon"), ["soon", "late"])])
def test_what_is_due_first_is_taken_first(first: tuple[str, str], then: list[str]) -> None:
    """Of two that wait, the one that is due earlier is taken, although it was reported later."""
    targets = {"late": 50.0, "soon": 5.0, "busy": 5.0}
    one = tiny(
        {name: {"work_hours": 1.0} for name in targets},
        {"a": {}},
        dispatch={"policy": "earliest_arrival"},
        sla=[{"name": n, "match": {"fault_type": n}, "targets": {"attend": t}} for n, t in targets.items()],
    )
    log = visit_log(
        run(one, (0.0, "site", "busy"), *((0.1 * (i + 1), "site", n) for i, n in enumerate(first)))
    )
    assert [entry[0] for entry in log[1:]] == then
