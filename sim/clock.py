"""SimPy's environment, whose present can be read without a call."""

from __future__ import annotations

import simpy


class Clock(simpy.Environment):
    """An environment like any other; an order reads the clock some twenty times on its way.

    SimPy keeps the present in `_now` and hands it out through a property, which is a call of a Python
    function each time. As a slot it is read at the cost of an attribute.
    """

    __slots__ = ("_now",)


Clock.now = Clock._now  # type: ignore[assignment, method-assign, misc]
