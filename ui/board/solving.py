"""Planning in the background, one at a time for each board, with progress, cancel and a result to look at.

A thread of the server plans while pages are served: the search gives the interpreter back every few
milliseconds. What was found is kept until somebody takes it or drops it; a restart loses it, and with it
nothing that was saved.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from optimize.day.difference import DayDifference, difference
from optimize.day.event_kinds import changed
from optimize.day.model import Day, DayPlan
from scenarios.phrases import message_of
from ui.boards import Board

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

    Attributes
    ----------
    found, changes
        The day with the new plan, and what that changes; None until it is there.
    failure
        Why there is none; empty otherwise.
    """

    base: Board
    seconds: float
    started: float = field(default_factory=time.monotonic)
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


def begin(base: Board, seconds: float, plan: Callable[[Day, float, Callable[[], bool]], Day]) -> Work:
    """Plan a version of a board in the background; what was planned for the board before is dropped.

    Parameters
    ----------
    base
        The version.
    seconds
        How long it may take.
    plan
        Plans a day within seconds, until a function says to stop.
    """
    work = Work(base, seconds)
    with _lock:
        before = _works.get(base.id)
        _works[base.id] = work
    if before:
        before.cancel()
    threading.Thread(target=work.run, args=(plan,), name=f"plan-{base.id}", daemon=True).start()
    return work


def current(board: str) -> Work | None:
    """Return what is being planned for a board or was, None where nothing is."""
    with _lock:
        return _works.get(board)


def drop(board: str) -> None:
    """Forget what was planned for a board, and end it if it goes on."""
    with _lock:
        before = _works.pop(board, None)
    if before:
        before.cancel()
