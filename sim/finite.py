"""Devices of finite installed bases: when each fails next, in its own operating time.

A device that is down cannot fail, so its next failure is drawn when it works again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim import draws
from sim.births import Births, attributes
from sim.reports import inverse, of_streams

if TYPE_CHECKING:
    from sim.model import Model


class FailedDevice(NamedTuple):
    """What no policy may see of an order of a device whose next failure waits for its repair.

    Attributes
    ----------
    part, key
        The part it needs, -1 for none, and the key of its draws.
    stream, device, failure
        Its stream, the device in it, and number of the device's failure.
    """

    part: int
    key: int
    stream: int
    device: int
    failure: int


class FiniteBases:
    """The finite installed bases of one replication.

    Parameters
    ----------
    model
        The replication that they belong to.
    key
        Key of the replication.

    Attributes
    ----------
    failed
        Devices that are down, by the row of their order.
    births
        Their failures, one by one.
    """

    def __init__(self, model: Model, key: int) -> None:
        self._model = model
        self._key = key
        self.failed: dict[int, FailedDevice] = {}
        self.births: list[Births] = []

    def start(self) -> None:
        """Schedule the first failure of each device."""
        for number, stream in enumerate(self._model.world.streams):
            if stream.finite:
                for device in range(stream.devices):
                    self._schedule(number, device, 0)

    def restored(self, row: int) -> None:
        """Let the device of an order work again."""
        failed = self.failed[row]
        self._schedule(failed.stream, failed.device, failed.failure + 1)

    def _schedule(self, number: int, device: int, failure: int) -> None:
        """Schedule the next failure of a device that works."""
        world, env = self._model.world, self._model.env
        stream = world.streams[number]
        intensity = world.intensities[stream.intensity]
        base = draws.item_key(draws.stream_key(self._key, stream.key), device)
        key = draws.item_key(base, failure)
        spent = stream.factor * float(np.interp(env.now, intensity.knots, intensity.cumulated))
        target = spent + draws.unit_exponentials(draws.uniform(key, "gap"))
        at = float(inverse(intensity, stream.factor, np.array([target]))[0])
        if at < world.horizon:
            timer = env.timeout(max(at - env.now, 0.0))
            timer.callbacks.append(lambda _: self._fail(number, device, failure, key))

    def _fail(self, number: int, device: int, failure: int, key: int) -> None:
        """Report the failure of a device."""
        model = self._model
        one = attributes(
            model.world,
            of_streams(
                model.world,
                np.array([model.env.now]),
                np.array([number], dtype=np.int32),
                np.array([device], dtype=np.int32),
                np.array([key], dtype=np.uint64),
            ),
            model.conditions,
        )
        self.births.append(one)
        row = model.add_row(float(one.work[0]))
        self.failed[row] = FailedDevice(int(one.part[0]), key, number, device, failure)
        served = float(one.served_at[0])
        if served == served:
            model.at(served, lambda: model.complete_without_visit(row))
            return
        order = model.order_of(one, 0, row)
        model.at(float(one.released_at[0]), lambda: model.release(order))
