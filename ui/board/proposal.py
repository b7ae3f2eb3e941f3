"""A better plan: asked for, waited for, looked at as a difference, and taken whole or order by order."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from optimize.day.difference import DayDifference, NotAlone, accept
from optimize.day.ground import ground_of
from optimize.day.model import Day
from scenarios.phrases import message_of
from scenarios.scheduling import BALANCED, names_of
from ui.board import actions, solving
from ui.board.changes import change_rows, changes_table, figures, left_over, summary
from ui.board.desk import Desk
from ui.board.solving import Work
from ui.board.toolbar import attempt
from ui.board.words import plain, with_names
from ui.language import Language

_SECONDS = 0.4
#: How often the page looks who else looks at a proposal, in seconds.
_LOOK = 3.0


def optimise_button(desk: Desk) -> None:
    """Draw the buttons that ask for a better plan, and for how long to look for it."""
    say, barred = desk.say, desk.barred
    work = solving.current(desk.board.id, desk.proposal)
    going = work is not None and not work.is_over
    help_text = desk.access.why_not(say)
    asked = st.button(
        say("Optimise"), type="primary", key="board-optimise", disabled=barred or going, help=help_text
    )
    seconds = st.selectbox(
        say("Seconds"),
        (1, 3, 10, 30),
        index=1,
        key="board-seconds",
        format_func=lambda n: say("{seconds} s", seconds=n),
        label_visibility="collapsed",
        width=90,
    )
    _policy_choice(desk)
    if asked:
        _begin(desk, float(seconds), solving.better_plan)
        st.rerun()
    if st.button(
        say("Place what nobody has"),
        key="board-place",
        disabled=barred or going,
        help=help_text
        or say(
            "Puts orders that nobody has where they cost least. No other order gets another engineer; visits "
            "behind them may begin later."
        ),
    ):
        _begin(desk, 1.0, solving.first_places)
        st.rerun()


def _begin(desk: Desk, seconds: float, plan: Callable[[Day, float, Callable[[], bool]], Day]) -> None:
    """Look for a plan in place of what he looked at until now; what others look at stays theirs."""
    _drop(desk.proposal)
    desk.propose(solving.begin(desk.board, seconds, plan, desk.access.name).id)


def _drop(proposal: str) -> None:
    solving.drop(proposal)
    Desk.propose("")


def _policy_choice(desk: Desk) -> None:
    """Draw which scheduling policy plans follow, where the scenario has several."""
    say, scenario = desk.say, ground_of(desk.day).scenario
    now = desk.day.scheduling_policy or scenario.dispatch.scheduling_policy or BALANCED
    names = list(dict.fromkeys((*names_of(scenario), now)))
    if len(names) < 2:
        return
    # Under a name of its own for each policy: what somebody else has chosen is shown, never chosen back.
    chosen = st.selectbox(
        say("Scheduling policy"),
        names,
        index=names.index(now),
        format_func=lambda name: say.term("scheduling", name),
        key=f"board-policy-{now}",
        label_visibility="collapsed",
        disabled=desk.barred,
        help=desk.access.why_not(say) or say("Scheduling policy: what counts in a plan, and in which order."),
        width=150,
    )
    if chosen and chosen != now:
        attempt(desk, actions.scheduled, chosen)
        st.rerun()


def proposal_panel(desk: Desk) -> None:
    """Draw how far the search is, or what it found."""
    _others(desk)
    work = solving.current(desk.board.id, desk.proposal)
    if work is None:
        return
    if not work.is_over:
        _waiting(desk.say, desk.board.id, work.id)
    elif work.failure:
        with st.container(border=True):
            reason = desk.say.message(with_names(work.failure, desk.day, desk.say))
            st.error(desk.say("No plan: {reason}", reason=plain(reason)))
            st.button(desk.say("Close"), key="board-close", on_click=_drop, args=(work.id,))
    elif work.found is not None and work.changes is not None:
        _found(desk, work, work.found, work.changes)


@st.fragment(run_every=_LOOK)
def _others(desk: Desk) -> None:
    """Draw who else looks at a proposal for this board; note that his own is looked at."""
    board, own = desk.board.id, desk.proposal
    solving.current(board, own)
    for who in sorted({one.who for one in solving.others(board, own)}):
        name = desk.others("" if who == desk.access.name else who)
        st.caption(desk.say("Another proposal for this board is open: {who}", who=plain(name)))


@st.fragment(run_every=_SECONDS)
def _waiting(say: Language, board: str, proposal: str) -> None:
    """Draw the progress until the search is over."""
    work = solving.current(board, proposal)
    if work is None or work.is_over:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", key="board-progress"):
        words = say("Looking for a better plan: some {seconds} s", seconds=round(work.seconds) + 2)
        if work.is_overdue:
            words = say("The search is made ready, which takes about half a minute the first time")
        st.progress(work.progress, words)
        st.button(say("Take the best so far"), key="board-cancel", on_click=work.cancel)


def _found(desk: Desk, work: Work, found: Day, changes: DayDifference) -> None:
    """Draw what a new plan changes, with what can be accepted of it."""
    say = desk.say
    with st.container(border=True, key="board-proposal"):
        st.markdown(f"#### {say('What the new plan changes')}")
        if work.base.version != desk.board.version:
            st.caption(
                say(
                    "It begins with version {version}; what was changed since is kept when it is accepted.",
                    version=work.base.version,
                )
            )
        st.markdown(summary(work.base.day, found, changes, say))
        st.html(figures(changes, ground_of(found).scenario.currency.code, say))
        rows = change_rows(work.base.day, found, changes, say)
        if not rows:
            st.caption(say("No visit changes."))
        chosen = changes_table(rows, f"board-changes-{work.id}")
        with st.container(horizontal=True):
            st.button(
                say("Accept all"),
                type="primary",
                key="board-accept",
                disabled=desk.barred or not rows,
                on_click=_accept_all,
                args=(desk, work, found),
            )
            st.button(
                say("Accept what is chosen"),
                key="board-accept-some",
                disabled=desk.barred or not chosen,
                on_click=_accept_some,
                args=(desk, work, found, chosen, len(rows)),
            )
            st.button(
                say("Drop"),
                key="board-drop",
                disabled=desk.barred,
                on_click=_drop,
                args=(work.id,),
            )
        left_over(found, say)


def _accept_all(desk: Desk, work: Work, found: Day) -> None:
    day, what = actions.with_plan(work.base.day, found)
    desk.commit(day, what, work.base)
    _drop(work.id)


def _accept_some(desk: Desk, work: Work, found: Day, orders: tuple[str, ...], listed: int) -> None:
    """Accept some changes, and keep the rest as a proposal; say which others they need if any."""
    try:
        part = accept(work.base.day, found, orders)
    except NotAlone as refusal:
        desk.news(desk.say.message(with_names(message_of(refusal), found, desk.say)), "accept")
        return
    day, what = actions.with_plan(work.base.day, part, len(orders))
    saved = desk.commit(day, what, work.base)
    _drop(work.id)
    if len(orders) == listed:
        return
    if saved and desk.board.version == work.base.version + 1:
        _begin(desk, 1.0, solving.rest_of(found.plan))
    else:
        say = desk.say
        desk.news(say("The rest of the new plan was for an older version and is gone: optimise again."))
