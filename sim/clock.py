"""SimPy's environment, whose present can be read without a call."""

from __future__ import annotations

from heapq import heappush
from typing import Any

import simpy
from simpy.events import NORMAL


class Clock(simpy.Environment):
    """An environment like any other; an order reads the clock some twenty times on its way.

    SimPy keeps the present in `_now` and hands it out through a property, which is a call of a Python
    function each time. As a slot it is read at the cost of an attribute.
    """

    __slots__ = ("_now",)

    def timeout(self, delay: float = 0, value: Any = None) -> simpy.Timeout:
        """Return an event that comes after a delay; SimPy takes four calls to make the same one.

        Raises
        ------
        ValueError
            If the delay is negative.
        """
        if delay < 0:
            raise ValueError(f"Negative delay {delay}")
        event = _new(_Timeout)
        event.env = self
        event.callbacks = []
        event._value = value
        event._delay = delay
        event._ok = True
        heappush(self._queue, (self._now + delay, NORMAL, next(self._eid), event))
        return event


_Timeout = simpy.Timeout
_new = _Timeout.__new__
Clock.now = Clock._now  # type: ignore[assignment, method-assign, misc]
