"""A process that costs no events of its own: a generator of SimPy events that can be interrupted.

`simpy.Process` schedules one event when it starts and one when it ends. A visit needs neither, and there is
one visit per work order, so this driver halves the number of events. It keeps SimPy's rules otherwise: it
yields events, receives their values, and catches `simpy.Interrupt`.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from simpy import Event, Interrupt


class Activity:
    """Runs a generator of SimPy events, from its creation until it returns.

    Parameters
    ----------
    generator
        Yields untriggered events of one environment.
    """

    __slots__ = ("_generator", "_target")

    def __init__(self, generator: Generator[Event, Any, None]) -> None:
        self._generator = generator
        event = next(generator)
        self._target: Event | None = event
        event.callbacks.append(self._resume)

    def _wait_for(self, event: Event) -> None:
        self._target = event
        event.callbacks.append(self._resume)

    def _resume(self, event: Event) -> None:
        try:
            target = self._generator.send(event._value)
        except StopIteration:
            self._target = None
        else:
            self._target = target
            target.callbacks.append(self._resume)

    def interrupt(self, cause: object = None) -> None:
        """Raise `simpy.Interrupt` in the generator at once; the event it waited for is left to pass unseen.

        Raises
        ------
        RuntimeError
            If the activity has ended.
        """
        if self._target is None or self._target.callbacks is None:
            raise RuntimeError("an activity that has ended cannot be interrupted")
        self._target.callbacks.remove(self._resume)
        try:
            self._wait_for(self._generator.throw(Interrupt(cause)))
        except StopIteration:
            self._target = None
