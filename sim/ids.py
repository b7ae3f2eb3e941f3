"""Ids of orders: site, what it is about, and its number; they hang on names and draws alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from insight.packing import NumberedNames
from scenarios.world import World
from sim.births import Births
from sim.reports import Origin

#: What stands in the id of an order before the device type, by origin.
_ORIGINS = {
    o.value: o.name.lower().replace("_", "-")
    for o in Origin
    if o not in (Origin.FAILURE, Origin.CONDITION_BASED)
}


def order_ids(world: World, births: Births) -> NumberedNames:
    """Return the id of each order: site, device type, number of the failure; for finite bases the device.

    Parameters
    ----------
    world
        The compiled scenario.
    births
        Its orders. Failures of one device of a finite installed base are numbered in their order.
    """
    sites, devices = world.names.sites, (*world.names.device_types, "")
    # A device type of -1 is the last one: none.
    device = np.where(births.device < 0, len(devices) - 1, births.device)
    kind = (births.site.astype(np.int64) * len(devices) + device) * len(Origin) + births.origin
    distinct, codes = np.unique(kind, return_inverse=True)
    names = []
    for code in distinct.tolist():
        place, origin = divmod(code, len(Origin))
        site, number = divmod(place, len(devices))
        about = ":".join(filter(None, (_ORIGINS.get(origin), devices[number])))
        names.append(f"{sites[site]}:{about}")
    smallest = np.int16 if len(names) < np.iinfo(np.int16).max else np.int32
    return NumberedNames(tuple(names), codes.astype(smallest), births.index + 1, _repeats(world, births))


def _repeats(world: World, births: Births) -> npt.NDArray[np.int32] | None:
    """Return which failure of its device each is, from 1; 0 for those of infinite installed bases."""
    finite = np.array([*(s.finite for s in world.streams), False], dtype=bool)
    rows = np.flatnonzero(finite[births.stream])
    if not len(rows):
        return None
    stream, index = births.stream[rows], births.index[rows]
    order = np.lexsort((index, stream))
    new = (np.diff(stream[order], prepend=-1) != 0) | (np.diff(index[order], prepend=-1) != 0)
    begins = np.flatnonzero(new)
    rank = np.arange(len(order)) - np.repeat(begins, np.diff(np.append(begins, len(order))))
    repeats = np.zeros(len(births), dtype=np.int32)
    repeats[rows[order]] = rank + 1
    return repeats
