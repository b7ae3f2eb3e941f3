"""Planning in the background: a proposal of one dispatcher's own, with progress, cancel and a result to see.

A thread of the server plans while pages are served: the search gives the interpreter back every few
milliseconds. Each proposal has an id that nobody else's has, which the dispatcher's address holds; it is kept
until he takes or drops it, or looks at it no more. A restart loses it, and with it nothing that was saved.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from optimize.day.difference import DayDifference, difference
from optimize.day.event_kinds import changed
from optimize.day.model import Day, DayPlan
from scenarios.phrases import message_of
from ui.boards import Board

#: For how long a proposal is kept at which nobody looks, and within what it counts as looked at, in seconds.
_KEPT, _LOOKED_AT = 3600.0, 15.0
_works: dict[str, Work] = {}
_lock = threading.Lock()


@dataclass
class Work:
    """A search for a better plan.

    Parameters
    ----------
    base
        The version that it begins with.
    seconds
        How long it may take.
    who
        For whom; empty where nobody signs in.

    Attributes
    ----------
    id
        Its own, of this search alone.
    looked_at
        When somebody looked at it last, on the monotonic clock.
    found, changes
        The day with the new plan, and what that changes; None until it is there.
    failure
        Why there is none; empty otherwise.
    """

    base: Board
    seconds: float
    who: str = ""
    id: str = field(default_factory=lambda: secrets.token_hex(6))
    started: float = field(default_factory=time.monotonic)
    looked_at: float = field(default_factory=time.monotonic)
    found: Day | None = None
    changes: DayDifference | None = None
    failure: str = ""
    _cancelled: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)

    @property
    def is_over(self) -> bool:
        """Return whether it has ended, with or without a plan."""
        return self._ended.is_set()

    @property
    def progress(self) -> float:
        """Return the share of its time that has gone, 0 to 1."""
        return min(1.0, (time.monotonic() - self.started) / self.seconds)

    @property
    def is_overdue(self) -> bool:
        """Return whether it takes longer than it may, as the first search does that has to be compiled."""
        return time.monotonic() - self.started > self.seconds + 3.0

    def cancel(self) -> None:
        """End it early; the best plan so far is kept."""
        self._cancelled.set()

    def wait(self, seconds: float) -> bool:
        """Wait for its end; return whether it has come."""
        return self._ended.wait(seconds)

    def run(self, plan: Callable[[Day, float, Callable[[], bool]], Day]) -> None:
        """Do it, in whatever thread."""
        try:
            found = plan(self.base.day, self.seconds, self._cancelled.is_set)
            self.changes = difference(self.base.day, found)
            self.found = found
        except Exception as error:  # whatever it is, the page says it instead of waiting for ever
            self.failure = message_of(error) or type(error).__name__
        finally:
            self._ended.set()


def better_plan(day: Day, seconds: float, stop: Callable[[], bool]) -> Day:
    """Return a day with a better plan in which only that changes which is worth it."""
    from optimize.day.replanning import replan

    return replan(day, seconds=seconds, stop=stop)


def first_places(day: Day, _seconds: float, _stop: Callable[[], bool]) -> Day:
    """Return a day in whose plan what nobody has is where it costs least; what follows may begin later."""
    from optimize.day.replanning import first_answer

    return first_answer(day)


def rest_of(plan: DayPlan | None) -> Callable[[Day, float, Callable[[], bool]], Day]:
    """Return what plans a day as a plan has it that is there: for what was not accepted of a proposal.

    Parameters
    ----------
    plan
        The plan that was proposed.
    """

    def planned(day: Day, _seconds: float, _stop: Callable[[], bool]) -> Day:
        found: Day = changed(day, plan=plan)
        return found

    return planned


def begin(
    base: Board, seconds: float, plan: Callable[[Day, float, Callable[[], bool]], Day], who: str = ""
) -> Work:
    """Plan a version of a board in the background.

    Parameters
    ----------
    base
        The version.
    seconds
        How long it may take.
    plan
        Plans a day within seconds, until a function says to stop.
    who
        For whom.
    """
    work = Work(base, seconds, who)
    with _lock:
        _works[work.id] = work
        gone = [one for one in _works.values() if time.monotonic() - one.looked_at > _KEPT]
        for one in gone:
            del _works[one.id]
    for one in gone:
        one.cancel()
    threading.Thread(target=work.run, args=(plan,), name=f"plan-{base.id}", daemon=True).start()
    return work


def current(board: str, proposal: str) -> Work | None:
    """Return a search of a board by its id, and note that it is looked at; None where there is none."""
    with _lock:
        found = _works.get(proposal)
    if found is None or found.base.id != board:
        return None
    found.looked_at = time.monotonic()
    return found


def others(board: str, proposal: str) -> list[Work]:
    """Return the searches of a board that somebody looks at, beside one's own."""
    with _lock:
        known = list(_works.values())
    since = time.monotonic() - _LOOKED_AT
    return [one for one in known if one.base.id == board and one.id != proposal and one.looked_at > since]


def drop(proposal: str) -> None:
    """Forget a search, and end it if it goes on."""
    with _lock:
        before = _works.pop(proposal, None)
    if before:
        before.cancel()
