"""What files of a day say beside their cells: what contradicts itself, what is told, what follows."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from broken_order_files import (
    ENGINEERS,
    as_csv_bytes,
    good_table,
)
from day_files import NOW, read, refused

from insight.imports.reading import Source
from optimize.day.breach import assumptions
from optimize.day.ground import ground_of
from optimize.day.model import DayPlan, DayVisit


def test_what_contradicts_itself_is_refused() -> None:
    """Skills of nobody, breaks outside shifts, far cities and due times before the report: one fault each."""
    staff = ENGINEERS.content.replace(b"cost_per_hour", b"cost_per_hour,break_start,break_end")
    good = staff.replace(b",12\ne2", b",12,12:00,13:00\ne2").replace(b",12\n", b",12,16:30,17:00\n")
    orders = as_csv_bytes(good_table()).decode("utf-8-sig")
    assert len(read(Source("o.csv", orders.encode()), Source("e.csv", good)).day.engineers) == 2
    for before, after, column in (
        (b"sensing", b"sensign", "skills"),
        (b"12:00,13:00", b"12:00,11:00", "break_end"),
        (b"12:00,13:00", b"12:00,18:00", "break_end"),
        (b"12:00,13:00", b"06:00,07:00", "break_start"),
    ):
        error = refused(
            Source("o.csv", orders.encode()), engineers=Source("e.csv", good.replace(before, after, 1))
        )
        assert [(fault.row, fault.column) for fault in error.faults] == [(2, column)], str(error)
    assert "did you mean sensing?" in str(
        refused(
            Source("o.csv", orders.encode()), engineers=Source("e.csv", good.replace(b"sensing", b"sensign"))
        )
    )
    first, rest = "id,city,site,lat,lon,reported_at,due_at,duration_h\n", "2026-03-02 07:00,{},1\n"
    for row, column in (
        ("o1,bangkok,,48.85,2.35," + rest.format(""), "city"),
        ("o1,bangkok,penang-mall,,," + rest.format(""), "city"),
        ("o1,bangkokk,,,," + rest.format(""), "city"),
        ("o1,,nowhere,,," + rest.format(""), "site"),
        ("o1,bangkok,,,," + rest.format("2026-03-01 07:00"), "due_at"),
    ):
        error = refused(Source("o.csv", (first + row).encode()))
        assert [fault.column for fault in error.faults] == [column], str(error)


def test_chinese_names_of_the_scenario_are_among_what_is_allowed() -> None:
    """A tier or a city that is none is answered with the Chinese names too, and the one that is meant."""
    table = good_table()
    table[0] |= {"customer_tier": "重要客户", "city": "吉隆城"}
    tier, city = refused(Source("o.csv", as_csv_bytes(table))).faults
    assert "key (重点客户、重点)" in tier.allowed and "did you mean 重点客户?" in tier.allowed
    assert "kuala-lumpur (吉隆坡)" in city.allowed and "did you mean 吉隆坡?" in city.allowed
    table[0] |= {"customer_tier": "重点客户", "city": "吉隆坡"}
    assert read(Source("o.csv", as_csv_bytes(table))).day.orders[0].customer_tier == "key"


def test_a_skill_of_ones_own_is_one_that_an_engineer_has_and_an_order_asks_for() -> None:
    """What the scenario does not know is a skill if both files have it, even in a row with another fault."""
    staff = Source("e.csv", ENGINEERS.content.replace(b"sensing", b"lifts:senior"))
    table = good_table()
    table[0] |= {"skill": "lifts", "level": "senior"}
    assert read(Source("o.csv", as_csv_bytes(table)), staff).day.orders[0].skill == "lifts"
    table[0] |= {"severity": "dreadful"}
    error = refused(Source("o.csv", as_csv_bytes(table)), engineers=staff)
    assert [fault.column for fault in error.faults] == ["severity"]


def test_a_pass_that_nothing_asks_for_is_told() -> None:
    """A slip in a pass is a note with the pass that may be meant; passes of the scenario are none."""
    staff = ENGINEERS.content.replace(b"cost_per_hour", b"cost_per_hour,passes")
    staff = staff.replace(b",12\ne2", b",12,airsyde;site-work\ne2").replace(b",12\n", b",12,\n")
    table = [row | {"security_pass": "airside"} for row in good_table()]
    notes = read(Source("o.csv", as_csv_bytes(table)), Source("e.csv", staff)).notes
    (note,) = [note for note in notes if "no order asks for" in note]
    assert "airsyde" in note and "did you mean airside?" in note


def test_a_fault_type_says_how_work_varies_and_which_rule_holds(tmp_path: Path) -> None:
    """A fault type of a file has its own SLA rule and spread of work; one that the scenario lacks is told."""
    mine = "{name: mine, match: {fault_type: camera-dead}, targets: {attend: 7}}"
    rules = f"[{mine}, {{name: all, targets: {{attend: 9}}}}]"
    own = tmp_path / "own.yaml"
    own.write_text(f"extends: asean15\nname: own\nsla: {rules}\n")
    orders = (
        "id,city,报修时间,duration_h,故障类型\n"
        "a,kl,2026-03-02 07:00,1,camera-dead\nb,kl,2026-03-02 07:00,1,broken\n"
    )
    reading = read(Source("o.csv", orders.encode()), scenario=str(own))
    ground = ground_of(reading.day)
    dues = {o.id: (ground.dues(o)["attend"] - o.reported_at) / timedelta(hours=1) for o in reading.day.orders}
    assert dues == {"a": 7.0, "b": 9.0}
    assert [note for note in reading.notes if "broken" in note and "fault types" in note]
    assert "Hours of work of b, as no fault type" in assumptions(reading.day)[1]


def test_sites_that_nobody_knows_are_told() -> None:
    """A site of a row with its own place is a name only, which is said, unless scenario or ways know it."""
    head = "id,site,city,reported_at,duration_h\n"
    row = "{},{},kuala-lumpur,2026-03-02 07:00,1\n"
    sites = ("penang-mal", "annexe", "annexe", "hall")
    orders = Source("o.csv", (head + "".join(row.format(f"o{i}", s) for i, s in enumerate(sites))).encode())
    travel = Source("t.csv", b"from,to,hours\ne1,hall,0.5\n")
    (note,) = [note for note in read(orders, travel=travel).notes if "sites that neither" in note]
    assert "penang-mal (did you mean penang-mall?), annexe" in note and "hall" not in note.split("annexe")[1]
    there = row.format("o0", "penang-mall").replace("kuala-lumpur", "penang")
    notes = read(Source("o.csv", (head + there).encode())).notes
    assert not any("sites that neither" in note for note in notes)


def test_parts_and_tools_that_are_no_rule_are_told() -> None:
    """Where no engineer has parts or tools, one note names the orders that need them; else there is none."""
    table = [{"id": "o", "city": "kl", "reported_at": "2026-03-02 07:00", "duration_h": 1, "tools": "ladder"}]
    for more, told in ((b"", True), (b"ladder", False)):
        staff = b"id,city,skills,tools\ne,kl,video:senior," + more + b"\n"
        notes = read(Source("o.json", json.dumps(table).encode()), Source("e.csv", staff)).notes
        assert [("(o)" in note) for note in notes if "parts or tools" in note] == [True] * told


def test_nobody_is_sent_before_an_order_is_reported() -> None:
    """An order that is reported after now may begin then at the earliest, and that is told."""
    from optimize.day.problem import problem_of

    table = good_table()
    table[0]["reported_at"] = "2026-03-02 11:30"
    reading = read(Source("o.csv", as_csv_bytes(table)))
    earliest = {order.id: order.earliest for order in problem_of(reading.day).problem.orders}
    assert (earliest["o0"], earliest["o3"]) == (3.5, 0.0)
    assert any("after now" in note and "(o0)" in note for note in reading.notes)


def test_visits_that_should_have_begun_need_a_status() -> None:
    """A later present warns of orders that have been left for by the plan, until their status says so."""
    at = NOW - timedelta(hours=1)
    visit = DayVisit(order="o1", engineer="e1", depart=at, start=at, end=NOW, travel_h=0.0)
    table = good_table()
    for status, warned in (("new", True), ("planned", True), ("finished", False)):
        table[1]["status"] = status
        reading = read(Source("o.csv", as_csv_bytes(table)), previous=DayPlan(visits=(visit,)))
        assert any("warning" in note and "1 (o1)" in note for note in reading.notes) == warned, status
    later = visit.model_copy(update={"depart": NOW, "start": NOW})
    table[1]["status"] = "new"
    assert not any(
        "warning" in n
        for n in read(Source("o.csv", as_csv_bytes(table)), previous=DayPlan(visits=(later,))).notes
    )


@pytest.mark.parametrize(
    ("said", "hours", "over"),
    [("", 12.0, True), ("no", 12.0, False), ("yes", 2.0, True), ("", 10.0, False), ("", 10.5, True)],
)
def test_work_longer_than_any_shift_goes_over_several_unless_the_file_says_no(
    said: str, hours: float, over: bool
) -> None:
    """The longest shift of those who are fit decides, with overtime and without the break, and is told."""
    orders = f"id,city,reported_at,duration_h,skill,may_pause\no,kl,2026-03-02 07:00,{hours},video,{said}\n"
    staff = (
        "id,city,skills,shift_start,shift_end,break_start,break_end,overtime_h\n"
        "a,kl,video:senior,08:00,18:00,12:00,13:00,1\n"  # ten hours, and nobody else is fit
        "b,kl,network:senior,06:00,22:00,,,\n"
    )
    reading = read(Source("o.csv", orders.encode()), Source("e.csv", staff.encode()))
    assert reading.day.order["o"].may_pause == over
    assert any("goes over several" in note for note in reading.notes) == (over and not said)


def test_work_that_nobody_is_fit_for_is_held_against_everybodys_shifts() -> None:
    """Where no engineer may have an order, the longest shift of all decides; overtime ends at the next."""
    engineers = "id,city,skills,shift_start,shift_end,overtime_h\na,kl,video:senior,00:00,24:00,4\n"
    for hours, over in ((24.0, False), (25.0, True)):
        orders = f"id,city,reported_at,duration_h,skill\no,kl,2026-03-02 07:00,{hours},network\n"
        day = read(Source("o.csv", orders.encode()), Source("e.csv", engineers.encode())).day
        assert day.order["o"].may_pause == over
