"""Why an order is where it is: asked for on the board, answered by `optimize.why`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import streamlit as st

from optimize.day.ground import ground_of
from optimize.day.model import DayOrder
from scenarios.phrases import Phrase, message_of, phrase
from ui.board import actions
from ui.board.actions import engineer_name
from ui.board.answers import in_few_lines, listed
from ui.board.clocks import start_words
from ui.board.desk import Desk
from ui.board.toolbar import attempt
from ui.board.words import called, joined, plain, spaced, with_names

if TYPE_CHECKING:
    from optimize.why import Why
    from ui.language import Language

_ANSWER = "board-why"
_SECONDS = 2.0
#: Values of sentences that are amounts in the scenario's currency.
_MONEY = ("extra", "drop_cost", "net", "saved")
#: Follows a time of day that stands where a sentence has hours, so that their unit can be taken away.
_MARK = "\u2063"
_UNIT = re.compile(_MARK + r"(\s?(h|小时))?")


def why_panel(desk: Desk, order: DayOrder) -> None:
    """Draw the button that asks, and the answer to the question that was asked last of this version."""
    say, key = desk.say, (desk.board.id, desk.board.version, order.id)
    begun = begun_words(desk, order)
    if begun:
        st.caption(begun)
        return
    if st.button(say("Why?"), key="board-why-ask", type="secondary"):
        with st.spinner(say("Looking for reasons")):
            st.session_state[_ANSWER] = key, _answer(desk, order)
    asked, answer = st.session_state.get(_ANSWER, (None, None))
    if asked != key or answer is None:
        return
    if isinstance(answer, str):
        st.caption(plain(spaced(say.message(with_names(answer, desk.day, say)), say)))
        return
    why, start = answer
    _show(desk, order, why, start)


def begun_words(desk: Desk, order: DayOrder) -> str:
    """Return why there is nothing to explain of an order: it has begun or is over; empty where there is."""
    say = desk.say
    crew = desk.day.plan.crew_of.get(order.id, ()) if desk.day.plan else ()
    names = joined((engineer_name(desk.day, visit.engineer) for visit in crew), say)
    who = plain(names or say("somebody"))
    return {
        "departed": say("{who} is on the way: there is nothing left to plan here.", who=who),
        "arrived": say("{who} is there: there is nothing left to plan here.", who=who),
        "finished": say("This order is finished."),
        "cancelled": say("This order is cancelled."),
    }.get(order.status, "")


def _answer(desk: Desk, order: DayOrder) -> tuple[Why, datetime] | str:
    from optimize.day.problem import previous_plan, problem_of
    from optimize.problem import ProblemError
    from optimize.why import explain

    made = problem_of(desk.day)
    plan = previous_plan(desk.day, made)
    if plan is None:
        return desk.say("There is no plan yet: optimise first.")
    try:
        return explain(made.problem, plan, order.id, seconds=_SECONDS), made.start
    except ProblemError as refusal:
        reason = message_of(refusal)
        return phrase("The plan does not fit the day as it is now; optimise first ({reason}).", reason=reason)


def _show(desk: Desk, order: DayOrder, why: Why, start: datetime) -> None:
    """Draw an answer: what there is to say, then whom each rule removes, forcing and appointments."""
    say = desk.say

    def spoken(text: str) -> str:
        return plain(spaced(_UNIT.sub("", say.message(named(text, desk, order, start))), say))

    with st.container(key="board-why-answer"):
        for text in why.texts:
            st.markdown(spoken(text))
        sections = (
            (say("Whom each rule removes"), why.rules),
            (say("What forcing an engineer costs"), why.forcing),
            (say("Appointments to offer"), why.slots),
            # Those that are said above are not said twice.
            (say("What would make it possible"), [one for one in why.remedies if one.text not in why.texts]),
        )
        shown = [(title, items) for title, items in sections if items]
        for title, items in shown:
            with st.expander(title):
                st.markdown("\n".join(f"- {spoken(text)}" for text in in_few_lines(items)))
                if items is why.slots:
                    _take(desk, order, why, start)


def _take(desk: Desk, order: DayOrder, why: Why, start: datetime) -> None:
    """Draw a button for each appointment that is offered, which pins the order to its range of starts."""
    say, who = desk.say, order.pin.engineer if order.pin else None
    with st.container(horizontal=True, key="board-slots"):
        for number, slot in enumerate(why.slots):
            first, last = (start + timedelta(hours=at) for at in (slot.begins, slot.ends))
            st.button(
                say("Pin {start}", start=start_words(first, last, order.time_zone, say)),
                key=f"board-slot-{number}",
                disabled=desk.barred,
                help=desk.access.why_not(say),
                on_click=attempt,
                args=(desk, actions.pinned, order.id, "both" if who else "time", who, first, last),
            )


def named(text: str, desk: Desk, order: DayOrder, start: datetime) -> str:
    """Return a sentence with engineers' names for their ids, and the site's clock for hours of a problem."""
    template = getattr(text, "template", None)
    if template is None:
        return text
    values: dict[str, Any] = {}
    for name, value in getattr(text, "values", {}).items():
        if isinstance(value, Phrase):
            values[name] = named(value, desk, order, start)
        elif isinstance(value, str):
            values[name] = listed(called(name, value, desk.day, desk.say), desk.say)
        elif name in ("start", "begins", "ends"):
            values[name] = _Clock(float(value), start, order.time_zone, desk.say)
        elif name in _MONEY:
            values[name] = _Money(float(value), ground_of(desk.day).scenario.currency.code, desk.say)
        else:
            values[name] = value
    return Phrase(str(template), values)


class _Money(float):
    """An amount that is written with its currency."""

    def __new__(cls, amount: float, currency: str, say: Language) -> _Money:
        found = super().__new__(cls, amount)
        found.words = say.money(amount, currency)
        return found

    words: str

    def __format__(self, _spec: str) -> str:
        return self.words


class _Clock(float):
    """An hour of a problem that is written as a time of day at a site."""

    def __new__(cls, hours: float, start: datetime, zone: str, say: Language) -> _Clock:
        found = super().__new__(cls, hours)
        found.words = f"{say.short_instant(start + timedelta(hours=hours), zone)}{_MARK}"
        return found

    words: str

    def __format__(self, _spec: str) -> str:
        return self.words
