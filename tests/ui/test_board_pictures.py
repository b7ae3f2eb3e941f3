"""What the charts of a board are made of: clocks, statuses, the queue, sentences with names in them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from board_days import NOW, day, hours, order, visit, with_order, with_visits

from optimize.day.event_kinds import Arrived, Clock, Departed, Finished, changed
from optimize.day.events import apply
from optimize.day.from_run import NoSuchMoment, day_of_run
from optimize.day.model import Day
from scenarios.phrases import phrase
from sim import run
from ui.board.actions import is_away
from ui.board.pictures import _shifts, gantt_figure, queue_figure, shown_engineers, time_left
from ui.board.standing import in_jeopardy, standings, totals
from ui.board.why import _UNIT, named
from ui.charts import palette
from ui.charts.gantt import gantt
from ui.charts.labels import cut_names, in_the_middle, width_of
from ui.charts.statuses import COLOURS, SIGNS, STATUSES, status_names
from ui.language import LANGUAGES, language

SAY = language("en")


def late_day() -> Day:
    """Return a day with a visit that comes late, and with orders that nobody has, one of them overdue."""
    found = with_visits(day(), 10.0, visit("A2", "ali", 7))
    found = with_order(found, "B2", due_at=None, work_type="inspection")
    found = changed(found, orders=(*found.orders, order("N1", due_at=hours(-1.0)), order("N2")))
    after: Day = found
    return after


def test_statuses_are_told_apart_without_colour() -> None:
    """White text is read on every status, and each has a sign and a word of its own in both languages."""
    assert len({*SIGNS.values()}) == len(STATUSES) == len({*COLOURS.values()})
    for code in LANGUAGES:
        assert len({*status_names(language(code)).values()}) == len(STATUSES)
    for colour in COLOURS.values():
        assert palette.contrast(colour, "#ffffff") >= 4.5


def test_how_orders_stand() -> None:
    """Late is what starts past its due time or is overdue; the queue begins with the likeliest breaches."""
    found = standings(late_day())
    assert {name: one.status for name, one in found.items()} == {
        "A1": "in_time",
        "A2": "late",
        "B1": "in_time",
        "B2": "none",
        "N1": "late",
        "N2": "risk",
    }
    assert found["B2"].probability is None and found["A1"].probability == 0.0
    queue = [one.order.id for one in in_jeopardy(found)]
    assert queue[:2] == ["N1", "N2"] and {*queue[2:]} == {"A1", "A2", "B1"}
    counted = totals(late_day(), found)
    assert (counted.open, counted.unassigned, counted.late, counted.risk) == (6, 2, 2, 1)


@pytest.mark.parametrize(("clock", "start"), [("site", "10:00"), ("engineer", "09:00"), ("utc", "02:00")])
def test_a_visit_is_shown_on_the_clock_chosen(clock: str, start: str) -> None:
    """A visit in Penang by somebody from Jakarta is at ten there, at nine for him, and at two in UTC."""
    staff = (day().engineers[0].model_copy(update={"time_zone": "Asia/Jakarta"}), day().engineers[1])
    found: Any = changed(day(), engineers=staff)
    people = shown_engineers(found, "", False)
    figure = gantt_figure(found, standings(found), people, clock, 12.0, "A1", SAY)
    row = next(row for row in figure.table if row[SAY("Work order")] == "A1")
    assert row[SAY("Starts")].endswith(start) and len(figure.table) == 4


def bar(found: Day, name: str) -> tuple[str, str, str]:
    """Return when somebody leaves for an order, and when its bar begins and ends, on the site's clock."""
    people = shown_engineers(found, "", False)
    table = gantt_figure(found, standings(found), people, "site", 12.0, "", SAY).table
    row = next(row for row in table if row[SAY("Work order")] == name)
    departs, starts, ends = (str(row[SAY(key)])[5:] for key in ("Departs", "Starts", "Ends"))
    return departs, starts, ends


def test_bars_go_as_the_visits_go() -> None:
    """Of what was planned for tomorrow and has begun today the bar is today, and ends where the work did."""
    planned = with_order(with_visits(day(), 10.0, visit("A1", "ali", 25)), "A1", status="planned")
    assert bar(planned, "A1") == ("11-24 09:30", "11-24 10:00", "11-24 11:00")
    left = apply(planned, Departed(order="A1"))
    assert bar(left, "A1") == ("11-23 09:00", "11-23 09:30", "11-23 10:30")
    there = apply(planned, Arrived(order="A1"))
    assert bar(there, "A1") == ("11-23 09:00", "11-23 09:00", "11-23 10:00")
    done = apply(there, Finished(order="A1", at=hours(0.25)))
    assert bar(done, "A1") == ("11-23 09:00", "11-23 09:00", "11-23 09:15")
    assert bar(done, "B1") == bar(planned, "B1")


def test_what_should_have_begun_is_marked() -> None:
    """A visit for which by the plan somebody should have left is marked until its order has a status."""
    now = apply(day(), Clock(now=hours(1.25)))
    statuses = {name: one.status for name, one in standings(now).items()}
    assert statuses == {"A1": "unstarted", "A2": "in_time", "B1": "unstarted", "B2": "in_time"}
    told = apply(now, Arrived(order="A1"))
    assert standings(told)["A1"].status == "in_time" and totals(told, standings(told)).risk == 1
    figure = queue_figure(now, standings(now), "", 9, "", SAY)
    assert "2 that should have begun" in figure.caption
    assert [row[SAY("Work order")] for row in figure.table[:2]] == ["A1", "B1"]


@pytest.mark.parametrize(("clock", "begins"), [("site", 8), ("utc", 0)])
def test_an_empty_chart_is_on_the_boards_clock(clock: str, begins: int) -> None:
    """Without anybody to show, the hours of the chart are those of the board's zone."""
    chart = gantt_figure(day(), {}, [], clock, 12.0, "", SAY).chart.to_dict(validate=False)
    (first,) = {layer["encoding"]["x"]["scale"]["domain"][0] for layer in chart["layer"][:1]}
    assert datetime.fromtimestamp(first / 1000.0, UTC).hour == begins


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_reader_is_told_hours_and_visits_in_his_language(code: str) -> None:
    """Marks of the chart describe themselves in words of the page, working hours with their true end."""
    say = language(code)
    people = shown_engineers(day(), "", False)
    figure = gantt_figure(day(), standings(day()), people, "site", 6.0, "", say)
    layers = figure.chart.to_dict(validate=False)["layer"]
    for layer in layers:
        described = "description" in layer["encoding"]
        assert described or layer["mark"]["aria"] is False or layer["mark"]["type"] == "text", layer["mark"]
    ground = next(one for one in figure.chart.layer if "words" in str(one.encoding.description))
    said = ground.data.to_pylist()[0]["words"]
    assert said.startswith("Ali") and f"{say.short_date(NOW)} 08:00–17:00" in said


def test_names_are_cut_so_that_they_differ() -> None:
    """Names that are too long are cut to the room there is, and remain different where that can be."""
    cities = ("Bangkok", "Phuket", "Ho Chi Minh City", "深圳总部")
    names = [f"{role} 1 · {city} station" for city in cities for role in ("systems", "weekend", "experts")]
    for most in (60, 28, 15):
        cut = cut_names(names, most)
        assert len({*cut}) == len(names) and max(map(width_of, cut)) <= most
    assert cut_names(names, 60) == names
    assert in_the_middle("ho-chi-minh-city-streets:junction:1", 20) == "ho-chi-mi…junction:1"


def test_a_chart_without_anybody_can_be_drawn() -> None:
    """A day on which nobody works still gives a chart."""
    figure = gantt([], [], (datetime(2026, 1, 1), datetime(2026, 1, 2)), "t", "u", "c", SAY)
    assert figure.table == [] and figure.chart.to_dict()


def test_the_queue_is_cut_but_its_table_is_whole() -> None:
    """Only the first are drawn, and the table has all."""
    found = late_day()
    figure = queue_figure(found, standings(found), "", 2, "", SAY)
    assert len(figure.table) == 5 and "2 of 5" in figure.caption
    assert "around what is expected, cv 0.25 (assumed)" in figure.caption
    assert figure.chart.to_dict(validate=False)["layer"]


def test_time_left() -> None:
    """What is left and what is over is said in the two largest units."""
    assert time_left(1.25, SAY) == "1 h 15 min left" and time_left(-0.5, SAY) == "0 h 30 min over"
    assert time_left(49.0, SAY) == "2 d 1 h left" and time_left(None, SAY) == "nothing due"


def test_sentences_get_names_and_clocks() -> None:
    """In a reason, engineers stand by name and hours of the problem as the site's time, in both languages."""
    desk: Any = SimpleNamespace(day=day(), say=SAY)
    text = phrase(
        "With everything else where it is, {engineer} at {start:.2f} h is the cheapest place: {difference}.",
        engineer="ali",
        start=1.5,
        difference=phrase("as much as the plan"),
    )
    found = named(text, desk, day().orders[0], NOW)
    assert _UNIT.sub("", SAY.message(found)) == (
        "With everything else where it is, Ali at 23 Nov 10:30 is the cheapest place: as much as the plan."
    )
    desk.say = language("zh")
    chinese = _UNIT.sub("", desk.say.message(named(text, desk, day().orders[0], NOW)))
    assert "Ali" in chinese and "11月23日10:30" in chinese.replace(" ", "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a short run."""
    found = tmp_path_factory.mktemp("run") / "results"
    run("one-city", replications=1, seed=7, days=8.0, workers=1, folder=found)
    return found


def test_a_moment_knows_nothing_of_the_future(folder: Path) -> None:
    """Whenever it is, nothing has been reported, left or reached later than now, and names fit together."""
    seen = set()
    for hour in range(12, 180, 12):
        at = datetime(2026, 1, 1, tzinfo=UTC).replace(day=1 + hour // 24, hour=hour % 24)
        found = day_of_run(folder, 0, at)
        assert found.plan is not None and found.now == at and len(found.engineers) == 10
        for one in found.orders:
            told = (one.reported_at, one.acknowledged_at, one.booked_at, one.departed_at, one.arrived_at)
            assert all(when is None or when <= at for when in told)
            assert (one.status in ("departed", "arrived")) == (one.departed_at is not None)
            assert (one.id in found.plan.crew_of) != (one.id in found.plan.unassigned)
            assert one.fault_type == one.work_type  # nothing but faults in so few days
            seen.add(one.status)
        assert {v.engineer for v in found.plan.visits} <= set(found.engineer)
    assert {"new", "arrived"} <= seen


@pytest.mark.parametrize(("replication", "day_of_month"), [(1, 2), (0, 30)])
def test_moments_that_are_none(folder: Path, replication: int, day_of_month: int) -> None:
    """A replication or an instant that the run does not have is refused with what it has."""
    with pytest.raises(NoSuchMoment, match="allowed"):
        day_of_run(folder, replication, datetime(2026, 1, day_of_month, tzinfo=UTC))


def test_somebody_is_away_while_he_is_absent_and_no_longer() -> None:
    """An absence that is over or yet to come is none now; the chart shows no shift in it."""
    spans = {"over": (-3.0, -1.0), "now": (-1.0, 2.0), "for good": (-1.0, None), "later": (1.0, 2.0)}
    for name, (start, end) in spans.items():
        gone = {"start": hours(start), "end": None if end is None else hours(end)}
        found: Day = changed(day(), engineers=(changed(day().engineer["ali"], absences=(gone,)),))
        assert is_away(found, "ali") == (name in ("now", "for good"))
        shifts = _shifts(found, found.engineer["ali"], (hours(-12.0), hours(12.0)))
        low, high = hours(start), hours(10.0 if end is None else end)
        assert not any(max(begin, low) < min(until, high) for begin, until in shifts)
        assert any(begin < low for begin, _ in shifts)
        assert end is None or any(until > high for _, until in shifts)
