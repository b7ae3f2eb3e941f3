"""What a board says of a plan in words: dates, differences, who is left over, reasons."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from board_days import NOW, day, hours, order, visit, with_visits

from optimize.day.difference import difference
from optimize.day.event_kinds import changed
from optimize.day.events import EventError
from optimize.day.ground import ground_of
from optimize.day.homeward import ways_home
from optimize.day.model import DayPin
from optimize.why import Forcing, RuleStep
from optimize.why.wording import refusal_text, rule_name, rule_text
from scenarios.phrases import message_of, phrase
from ui.board import actions
from ui.board.answers import in_few_lines
from ui.board.changes import change_rows, summary
from ui.board.clocks import home_zone, start_words, told_in_zone
from ui.board.conflict import pin_words, told
from ui.board.standing import standings, totals
from ui.board.why import named
from ui.board.words import status_word, with_names
from ui.language import language

SAY = language("en")
ZONE = "Asia/Kuala_Lumpur"


@pytest.mark.parametrize(("code", "text"), [("en", "23 Nov 11:00"), ("zh", "11月23日 11:00")])
def test_instants_stand_one_way(code: str, text: str) -> None:
    """Difference, pins and conflicts write an instant alike: day and month by name, on the site's clock."""
    say, found = language(code), with_visits(day(), 10.0, visit("A1", "bea", 2))
    changes = difference(day(), found)
    (row,) = change_rows(day(), found, changes, say)
    assert row[say("New")] == f"{text} Bea"
    assert pin_words(day(), DayPin(start_from=hours(2), start_to=hours(2)), ZONE, say) == text
    assert f"Bea {text}" in told(found, ("order", "A1"), say)
    assert start_words(hours(2), hours(3), ZONE, say) == f"{text} – 12:00"
    assert start_words(hours(2), hours(26), ZONE, say).count(say.short_date(NOW + timedelta(days=1))) == 1


@pytest.mark.parametrize(
    ("code", "text"), [("en", "23 Nov 2026, 10:00 UTC+8"), ("zh", "2026年11月23日 10:00 UTC+8")]
)
def test_a_version_tells_the_time_of_the_board(code: str, text: str) -> None:
    """Where the clock was moved on, the time is told as above the charts: on the clock of the board."""
    say = language(code)
    after, what = actions.later(day(), hours(1))
    assert text in told_in_zone(what, home_zone(after), say)
    assert say.instant(after.now, home_zone(after)) == text
    undone = phrase("Undone: {what}", what=what)
    assert text in told_in_zone(undone, home_zone(after), say)
    assert home_zone(changed(day(), engineers=())) == "UTC"


def test_only_instants_of_a_message_are_told_in_words() -> None:
    """Names and texts that look like dates stay as they are; an instant keeps being the same one."""
    text = phrase("found {at}; allowed: {name}", at="2026-11-23T01:00:00+00:00", name="2026-11-23-north")
    assert told_in_zone(text, ZONE, SAY) == "found 23 Nov 2026, 09:00 UTC+8; allowed: 2026-11-23-north"
    assert told_in_zone("2026-11-23T01:00:00+00:00", ZONE, SAY) == "2026-11-23T01:00:00+00:00"


def test_a_difference_tells_who_is_left_over() -> None:
    """How many orders nobody has before and after is told; what stood before only where something did."""
    before = changed(day(), orders=(*day().orders, order("N1"), order("N2")))
    after = with_visits(before, 12.0, visit("N1", "ali", 5))
    changes = difference(before, after)
    assert "nobody has 2 → 1" in summary(before, after, changes, SAY)
    (row,) = change_rows(before, after, changes, SAY)
    assert SAY("Until now") not in row and row[SAY("Change")].startswith("newly planned")
    back = change_rows(after, before, difference(after, before), SAY)
    assert back[0][SAY("Until now")].endswith("Ali") and back[0][SAY("Change")].startswith("no longer")


def test_answers_are_short() -> None:
    """Idle rules are one line, whom a rule bars is one line a rule, and of many names eight are told."""
    ids = [f"e{number}" for number in range(11)]
    steps = [
        RuleStep("skill", tuple(ids), (), rule_text("skill", ids, 3)),
        *(RuleStep(rule, (), ("ali",), rule_text(rule, (), 3)) for rule in ("level", "load", "tools")),
    ]
    lines = in_few_lines(steps)
    assert len(lines) == 2 and all(str(rule_name(rule)) in lines[1] for rule in ("level", "load", "tools"))
    barred = [Forcing(name, "skill", None, False, refusal_text(name, "skill")) for name in ids]
    possible = Forcing("ali", None, None, True, "Given to ali")
    lines = in_few_lines([*barred, possible])
    assert lines[0] == "Given to ali" and len(lines) == 2
    desk: Any = SimpleNamespace(day=day(), say=SAY)
    said = SAY.message(named(lines[1], desk, day().orders[0], NOW))
    assert "e7, and 3 others" in said and "e8" not in said
    money = phrase("{extra:.2f} more", extra=13213.5)
    assert SAY.message(named(money, desk, day().orders[0], NOW)) == "13,214 USD more"


def test_lists_have_the_sign_of_the_language() -> None:
    """What is pinned of an order is listed with the comma of the language."""
    pin = DayPin(engineer="ali", start_from=hours(2), start_to=hours(2))
    assert pin_words(day(), pin, ZONE, SAY) == "Ali, 23 Nov 11:00"
    assert pin_words(day(), pin, ZONE, language("zh")) == "Ali、11月23日 11:00"


def test_statuses_of_a_refusal_are_in_the_language() -> None:
    """What is refused for the status of an order names statuses in the language of the page."""
    with pytest.raises(EventError) as refused:
        actions.told(day(), "A1", "finished")
    told = language("zh").message(with_names(message_of(refused.value), day(), language("zh")))
    assert status_word("new", language("zh")) in told and "arrived" not in told


def test_hours_on_the_way_have_the_ways_home() -> None:
    """The way home after the last open visit counts, as in the cost of travel; nobody goes home for none."""
    now = day()
    home = sum(ways_home(now, ground_of(now)).values())
    assert home > 0.0
    assert totals(now, standings(now)).travel_h == pytest.approx(4 * 0.5 + home)
    done = changed(now, orders=tuple(one.model_copy(update={"status": "cancelled"}) for one in now.orders))
    assert totals(done, standings(done)).travel_h == 0.0
