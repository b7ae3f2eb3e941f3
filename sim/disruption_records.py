"""The table of disruptions: every spell of weather and every disruption on a date that has begun."""

from __future__ import annotations

from datetime import date

import numpy as np

from insight.tables import Categories, Column, empty
from scenarios.disruptions import Kind
from scenarios.world import World
from sim.conditions import Conditions

KINDS = tuple(str(kind) for kind in Kind)


def disruptions(world: World, conditions: Conditions | None) -> dict[str, Column]:
    """Return one row for each spell in a city, and for each disruption in each city that it strikes.

    Parameters
    ----------
    world
        The compiled scenario.
    conditions
        Weather and disruptions of the replication, if there are any.

    Returns
    -------
    dict
        Columns of the table `disruptions` in order of their beginnings, without `replication`. What has not
        ended by the horizon has no end.
    """
    if conditions is None or conditions.quiet:
        return empty("disruptions")
    cities = world.names.cities
    ids: list[str] = []
    dates = _Dates()
    kind, city, begins, ends = [], [], [], []
    for drawn in conditions.drawn:
        count, spec = len(drawn.days), drawn.spec
        ids += [f"{spec.label}:{dates[day]}" for day in drawn.days.tolist()]
        kind.append(np.full(count, spec.condition))
        city.append(np.full(count, spec.city))
        begins.append(drawn.begins)
        ends.append(drawn.ends)
    for one in conditions.scripted:
        if one.begin < world.horizon:
            ids.append(one.name if one.city < 0 else f"{one.name}:{cities[one.city]}")
            kind.append(np.array([KINDS.index(one.kind)]))
            city.append(np.array([one.city]))
            begins.append(np.array([one.begin]))
            ends.append(np.array([one.end]))
    started, ended = np.concatenate([np.empty(0), *begins]), np.concatenate([np.empty(0), *ends])
    order = np.argsort(started, kind="stable")
    return {
        "id": np.array(ids, dtype=object)[order],
        "kind": Categories(np.concatenate([[], *kind]).astype(np.int32)[order], KINDS),
        "city": Categories(np.concatenate([[], *city]).astype(np.int32)[order], cities),
        "started_at": started[order],
        "ended_at": np.where(ended <= world.horizon, ended, np.nan)[order],
    }


class _Dates(dict[int, str]):
    """Dates in their ISO form by their ordinal number, each written out once."""

    def __missing__(self, day: int) -> str:
        self[day] = date.fromordinal(day).isoformat()
        return self[day]
