"""What one dispatcher has before him: the version of the board that he sees, what he picked, what is open.

Every change is made from the version that he saw. Where somebody else was first, both are brought together,
or he is asked; what he did stays until he has decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from optimize.day.model import Day
from scenarios.phrases import phrase
from ui.access import Access
from ui.board.clocks import home_zone, told_in_zone
from ui.boards import Board, BoardStore, Clash, Conflict, NoBoard, PermittedBoards, merge, resolved, waiting
from ui.boards.merging import Side, Unit
from ui.boards.waiting import Waiting
from ui.language import Language

#: How often a change is brought together with others' before it is put to the dispatcher after all.
_TRIES = 8
_SEEN, _PENDING, _NEWS, _PICKED = "board-seen", "board-pending", "board-news", "board-order"
_ROUNDS, _PROPOSAL, _CONFLICT = "board-rounds", "proposal", "conflict"
#: What the news are about where nothing could be undone or done again.
STEP = "clash"


@dataclass(frozen=True)
class Pending:
    """A change that could not be saved, since others changed the same.

    Parameters
    ----------
    base
        The version that it was made from.
    mine
        The day after it.
    what
        What it was, a phrase.
    id
        Under which `ui.boards.waiting` keeps it.
    """

    base: Board
    mine: Day
    what: str
    id: str


class Desk:
    """A dispatcher at a board.

    Parameters
    ----------
    say
        The language.
    store
        The boards.
    access
        What he may do.
    board
        The newest version when the page began to be drawn.
    """

    def __init__(self, say: Language, store: BoardStore, access: Access, board: Board) -> None:
        self.say, self.access, self.board = say, access, board
        self.store = PermittedBoards(store, access)
        self._about = ""
        self._told = ""

    @property
    def day(self) -> Day:
        """Return the day that the board shows."""
        return self.board.day

    @property
    def barred(self) -> bool:
        """Return whether he may only look."""
        return not self.access.may_edit

    @property
    def picked(self) -> str:
        """Return the order that he picked; empty for none."""
        found = str(st.session_state.get(_PICKED) or "")
        return found if found in self.day.order else ""

    @staticmethod
    def pick(order: str) -> None:
        """Make an order the one that the page is about."""
        st.session_state[_PICKED] = order

    @property
    def rounds(self) -> int:
        """Return how many changes he has made; forms are of that number, to be shut and empty after each."""
        return int(st.session_state.get(_ROUNDS, 0))

    @staticmethod
    def end_round() -> None:
        """Note that a change was made."""
        st.session_state[_ROUNDS] = int(st.session_state.get(_ROUNDS, 0)) + 1

    @property
    def proposal(self) -> str:
        """Return the id of the search that is his own, which his address holds; empty for none."""
        return st.query_params.get(_PROPOSAL, "")

    @staticmethod
    def propose(proposal: str) -> None:
        """Make a search his own, in place of another; empty for none."""
        if proposal:
            st.query_params[_PROPOSAL] = proposal
        else:
            st.query_params.pop(_PROPOSAL, None)

    def others(self, who: str) -> str:
        """Return what somebody else is called: by name, or another window where nobody signs in."""
        say = self.say
        return who or say("another window")

    def seen(self) -> Board:
        """Return the version that he saw when he did what is being done now."""
        known = st.session_state.get(_SEEN)
        return known if isinstance(known, Board) and known.id == self.board.id else self.board

    def note_seen(self) -> None:
        """Note that the page now shows this version."""
        st.session_state[_SEEN] = self.board

    def news(self, text: str = "", about: str = "") -> str:
        """Note what is to be told when the page is drawn next, and return what was noted before.

        Parameters
        ----------
        text
            What is to be told.
        about
            Name of the action that was refused, or `STEP`; empty for what went well.
        """
        self._told, self._about = st.session_state.get(_NEWS, ("", ""))
        st.session_state[_NEWS] = text, about
        return self._told

    @property
    def refused(self) -> bool:
        """Return whether the news that were returned last are that something was refused."""
        return bool(self._about)

    def refusal(self, *actions: str) -> str:
        """Return what was told last if it is that one of some actions was refused; else nothing."""
        return self._told if self._about in actions else ""

    def commit(self, day: Day, what: str, base: Board | None = None) -> bool:
        """Save a change, with others' where they have changed something else meanwhile.

        Parameters
        ----------
        day
            The day after the change.
        what
            What it was, a phrase.
        base
            The version that it was made from; the one he saw where absent.

        Returns
        -------
        bool
            Whether it is saved; else it waits in `pending` for him to decide.
        """
        base = base or self.seen()
        mine, expected, others = day, base.version, base
        for _ in range(_TRIES):
            try:
                self.board = self.store.commit(self.board.id, expected, mine, what)
                if others is not base:
                    self.news(self._joined(others))
                self.note_seen()
                return True
            except Conflict as conflict:
                others = conflict.theirs
                found = merge(base.day, day, others.day)
                if found.clashes:
                    break
                mine, expected = found.day, others.version
            except NoBoard:
                # Somebody has deleted the board, which the page says when it is drawn.
                return False
        kept = waiting.keep(self.store.engine, base.id, base.version, day, what, self.access.name)
        self._wait(Pending(base, day, what, kept.id))
        self.board = others
        return False

    def _joined(self, others: Board) -> str:
        who = self.others(others.who)
        what = told_in_zone(others.what, home_zone(others.day), self.say)
        return self.say("Saved together with a change by {who}: {what}", who=who, what=what)

    def undo(self) -> None:
        """Take the last change of the board back, unless there is a newer one that he has not seen."""
        self._step(self.store.undo)

    def redo(self) -> None:
        """Do again what was undone last."""
        self._step(self.store.redo)

    def _step(self, step: Any) -> None:
        seen = self.seen()
        try:
            self.board = step(seen.id, seen.version)
            self.note_seen()
        except Conflict as conflict:
            who = self.others(conflict.theirs.who)
            what = told_in_zone(conflict.theirs.what, home_zone(conflict.theirs.day), self.say)
            changed = self.say("The board was changed meanwhile by {who}: {what}.", who=who, what=what)
            self.news(f"{changed} {self.say('Nothing was undone.')}", STEP)
        except NoBoard:
            self.news(self.say("There is nothing to undo or to do again."), STEP)

    # What could not be saved

    def pending(self) -> Pending | None:
        """Return the change that waits for him to decide, None where there is none.

        His session has it, and after a reload his address names it.
        """
        found = st.session_state.get(_PENDING)
        if not isinstance(found, Pending) or found.base.id != self.board.id:
            found = self._kept(st.query_params.get(_CONFLICT, ""))
        elif all(one.id != found.id for one in self.undecided()):  # decided in another window
            self.forget()
            return None
        if found is not None:
            self._wait(found)
        return found

    def _wait(self, pending: Pending) -> None:
        st.session_state[_PENDING] = pending
        st.query_params[_CONFLICT] = pending.id

    def _kept(self, name: str) -> Pending | None:
        """Return a change of his to this board that was kept."""
        found = waiting.kept(self.store.engine, name) if name else None
        if found is None:
            return None
        one, mine = found
        if (one.board, one.who) != (self.board.id, self.access.name):
            return None
        return Pending(self.store.board(one.board, one.base), mine, one.what, one.id)

    def undecided(self) -> Sequence[Waiting]:
        """Return his changes of this board that wait, the last first, in whatever window he made them."""
        return waiting.waiting(self.store.engine, self.board.id, self.access.name)

    @staticmethod
    def take_up(name: str) -> None:
        """Put a change that waits before him again."""
        st.query_params[_CONFLICT] = name

    def clashes(self, pending: Pending) -> tuple[Clash, ...]:
        """Return where a change that waits and the board as it stands differ."""
        return merge(pending.base.day, pending.mine, self.day).clashes

    def settle(self, pending: Pending, chosen: dict[Unit, Side]) -> bool:
        """Save a change that waited, with what he chose; returns whether it is saved."""
        # The version that was shown with the choice, which may not be noted as seen yet.
        now = self.board
        day = resolved(pending.base.day, pending.mine, now.day, chosen)
        saved = self.commit(day, phrase("{what} (after a conflict)", what=pending.what), now)
        if saved:
            self.forget()
        else:  # it waits again, as another change
            waiting.drop(self.store.engine, pending.id)
        return saved

    def forget(self) -> None:
        """Drop the change that waits."""
        pending = st.session_state.pop(_PENDING, None)
        st.query_params.pop(_CONFLICT, None)
        if isinstance(pending, Pending):
            waiting.drop(self.store.engine, pending.id)
