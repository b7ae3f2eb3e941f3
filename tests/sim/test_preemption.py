"""Urgent orders interrupt lesser work: every event of small examples, and what is lost and what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from worlds import Document, run, tiny, visit_log

from insight.columns import numbers
from sim.records import tables_of

MINOR: Document = {"severity": "minor", "work_hours": 5.0}
NORMAL: Document = {"severity": "normal", "work_hours": 5.0}
URGENT: Document = {"severity": "emergency", "work_hours": 2.0}
SITES = ("north", "south")
#: An hour from the base to the north, two to the south, three between them.
HOURS = {"base": {"north": 1.0, "south": 2.0}, "north": {"south": 3.0}}


def preempted(
    engineers: Mapping[str, Document],
    *given: tuple[float, str, str],
    faults: Mapping[str, Document] | None = None,
    preempting: tuple[str, ...] = ("emergency",),
    policy: str = "nearest_qualified",
    **sections: Any,
) -> Any:
    """Run the given failures with pre-emption."""
    kinds = faults or {"minor": MINOR, "normal": NORMAL, "urgent": URGENT}
    dispatch = {"policy": policy, "preempting": list(preempting), **sections.pop("dispatch", {})}
    document = tiny(kinds, engineers, sites=SITES, hours=HOURS, dispatch=dispatch, **sections)
    return run(document, *given)


def test_work_is_broken_off_and_resumed() -> None:
    """Hands-on hours that were done stay done; the way is made again, and the rest of the work remains."""
    model = preempted({"a": {}}, (0.0, "north", "minor"), (3.0, "south", "urgent"))
    assert visit_log(model) == [
        ("minor", "a:1", 0.0, 1.0, 3.0, "preempted"),
        ("urgent", "a:1", 3.0, 6.0, 8.0, "completed"),
        ("minor", "a:1", 8.0, 11.0, 14.0, "completed"),
    ]


def test_a_way_is_broken_off_and_begun_anew() -> None:
    """Who is called off on his way leaves from where he set out, and none of the work is done."""
    model = preempted({"a": {}}, (0.0, "south", "minor"), (1.5, "north", "urgent"))
    assert visit_log(model) == [
        ("minor", "a:1", 0.0, 2.0, 1.5, "preempted"),
        ("urgent", "a:1", 1.5, 2.5, 4.5, "completed"),
        ("minor", "a:1", 4.5, 7.5, 12.5, "completed"),
    ]


def test_resumed_work_keeps_its_number_and_is_one_visit() -> None:
    """An order whose work was broken off and resumed had one visit, and was fixed by the first."""
    table = tables_of(preempted({"a": {}}, (0.0, "north", "minor"), (3.0, "south", "urgent")), 0)
    assert numbers(table["work_orders"], "visits").tolist() == [1.0, 1.0]
    assert numbers(table["visits"], "visit").tolist() == [1.0, 1.0, 1.0]


def test_it_may_happen_again_and_again() -> None:
    """Work that is interrupted several times takes its hours in all, whoever interrupts."""
    model = preempted({"a": {}}, (0.0, "north", "minor"), (2.0, "north", "urgent"), (5.0, "north", "urgent"))
    log = visit_log(model)
    assert [entry[5] for entry in log] == ["preempted", "completed", "preempted", "completed", "completed"]
    assert sum(ended - arrived for name, _, _, arrived, ended, _ in log if name == "minor") == 5.0


def test_the_least_urgent_work_is_interrupted() -> None:
    """Of those who could come, the one at the work of lowest priority is called off."""
    model = preempted(
        {"a": {"count": 2}}, (0.0, "north", "normal"), (0.5, "north", "minor"), (3.0, "north", "urgent")
    )
    assert visit_log(model)[1:3] == [
        ("minor", "a:2", 0.5, 1.5, 3.0, "preempted"),
        ("urgent", "a:2", 3.0, 3.0, 5.0, "completed"),
    ]


def test_nobody_is_interrupted_while_somebody_is_free() -> None:
    """An urgent order goes to a free engineer, however far, before it interrupts anybody."""
    model = preempted({"a": {"count": 2}}, (0.0, "north", "minor"), (3.0, "north", "urgent"))
    assert [entry[5] for entry in visit_log(model)] == ["completed", "completed"]


def test_equals_do_not_interrupt_each_other() -> None:
    """Work of the same priority is not interrupted: the second urgent order waits for the first."""
    model = preempted({"a": {}}, (0.0, "north", "urgent"), (0.5, "north", "urgent"))
    assert visit_log(model) == [
        ("urgent-1", "a:1", 0.0, 1.0, 3.0, "completed"),
        ("urgent-2", "a:1", 3.0, 3.0, 5.0, "completed"),
    ]


def test_only_the_severities_named_interrupt() -> None:
    """A normal order is more urgent than a minor one, and yet waits if normal orders may not interrupt."""
    given = ((0.0, "north", "minor"), (3.0, "north", "normal"))
    assert visit_log(preempted({"a": {}}, *given))[0][5] == "completed"
    assert visit_log(preempted({"a": {}}, *given, preempting=("normal",)))[0][5] == "preempted"


def test_only_the_qualified_are_interrupted() -> None:
    """Who may not serve the urgent order is left at his work."""
    faults = {"minor": MINOR, "urgent": {**URGENT, "skill": "desk"}}
    model = preempted({"a": {}}, (0.0, "north", "minor"), (3.0, "north", "urgent"), faults=faults)
    assert [entry[5] for entry in visit_log(model)] == ["completed"]


def test_an_interrupted_order_finds_another_engineer_at_once() -> None:
    """When a junior is idle who can go on with the senior's work, the work goes on with him."""
    faults = {"minor": MINOR, "urgent": {**URGENT, "level": "senior"}}
    engineers = {"senior": {"level": "senior"}, "junior": {"shift": "day"}}
    # The junior comes on duty at 08:00, after the senior has taken the minor order.
    model = preempted(engineers, (6.0, "north", "minor"), (9.0, "north", "urgent"), faults=faults)
    assert visit_log(model) == [
        ("minor", "senior:1", 6.0, 7.0, 9.0, "preempted"),
        ("minor", "junior:1", 9.0, 10.0, 13.0, "completed"),
        ("urgent", "senior:1", 9.0, 9.0, 11.0, "completed"),
    ]


def test_an_interrupted_order_may_interrupt_in_its_turn() -> None:
    """An order that had to give way takes an engineer, who may not do the urgent work, off a lesser order."""
    faults = {"minor": MINOR, "normal": NORMAL, "urgent": {**URGENT, "level": "senior"}}
    engineers = {"senior": {"level": "senior"}, "junior": {}}
    given = ((0.0, "north", "normal"), (0.5, "north", "minor"), (3.0, "north", "urgent"))
    model = preempted(
        engineers, *given, faults=faults, preempting=("emergency", "normal"), policy="first_come"
    )
    assert visit_log(model) == [
        ("normal", "senior:1", 0.0, 1.0, 3.0, "preempted"),
        ("minor", "junior:1", 0.5, 1.5, 3.0, "preempted"),
        ("normal", "junior:1", 3.0, 3.0, 6.0, "completed"),
        ("urgent", "senior:1", 3.0, 3.0, 5.0, "completed"),
        ("minor", "senior:1", 5.0, 5.0, 8.5, "completed"),
    ]


def test_work_after_the_shift_is_not_interrupted() -> None:
    """Who works overtime to finish is off duty and cannot be called off."""
    faults = {"minor": MINOR, "urgent": URGENT}
    model = preempted(
        {"a": {"shift": "day"}}, (14.0, "north", "minor"), (18.0, "north", "urgent"), faults=faults
    )
    assert visit_log(model) == [
        ("minor", "a:1", 14.0, 15.0, 20.0, "completed"),
        ("urgent", "a:1", 32.0, 33.0, 35.0, "completed"),
    ]


def test_an_interrupted_order_goes_to_the_partner_where_nobody_waits() -> None:
    """With hand-over at once, a minor order that had to give way is finished by the partner."""
    partner = {"level": "partner", "city": "town", "partner": {"attend_hours": 4.0}}
    base = {
        "level": "local",
        "city": "town",
        "engineers": {"a": {"count": 1, "level": "junior", "skills": ["field"], "shift": "always"}},
    }
    model = preempted(
        {},
        (0.0, "north", "minor"),
        (3.0, "north", "urgent"),
        centres={"base": base, "outlet": partner},
        dispatch={"overflow": {"partner": "outlet", "severities": ["minor"]}},
    )
    assert [entry[0] for entry in visit_log(model)] == ["minor", "urgent"]
    (taken,) = model.partner
    assert (taken.ready, taken.handed_over, taken.arrived, taken.restored) == (3.0, 3.0, 7.0, 10.0)
    table = tables_of(model, 0)["work_orders"]
    # His first booking and arrival stand, and the partner's is a second visit.
    for name, value in (("booked_at", 0.0), ("arrived_at", 1.0), ("restored_at", 10.0), ("visits", 2.0)):
        assert numbers(table, name)[0] == value


@pytest.mark.parametrize("begun", [0.1, 0.2, 0.3, 0.7, 1.1])
@pytest.mark.parametrize("lasting", [0.1, 0.2, 0.3, 0.6])
def test_work_that_is_interrupted_as_it_ends_has_nothing_left(begun: float, lasting: float) -> None:
    """An interruption at the very end, where the clock rounds, leaves no negative hours behind."""
    faults = {
        "minor": {**MINOR, "work_hours": lasting},
        # Its part comes in the instant in which the minor work ends, and was ordered before that began.
        "urgent": {**URGENT, "part": {"part": "board"}},
    }
    document = tiny(
        faults,
        {"a": {}},
        parts={"board": {}},
        dispatch={"policy": "nearest_qualified", "preempting": ["emergency"]},
    )
    document["centres"]["base"]["depot"] = {"board": {"base_stock": 0, "lead_hours": begun + lasting}}
    log = visit_log(run(document, (0.0, "site", "urgent"), (begun, "site", "minor")))
    assert [entry[5] for entry in log] == ["preempted", "completed", "completed"]
    assert sum(ended - arrived for name, _, _, arrived, ended, _ in log if name == "minor") == pytest.approx(
        lasting
    )
