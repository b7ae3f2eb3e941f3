"""Scenarios of several depots for tests of spare parts, and demands made of them without a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from by_hand import rows
from worlds import Document, tiny, world_of

from insight.packing import NumberedNames
from scenarios.world import World
from sim.parts import Depots
from sim.stock_records import stock_moves


def depots_document(
    depots: Mapping[str, Mapping[str, Any]],
    policy: Mapping[str, Any] | None = None,
    *,
    quantity: int = 1,
    price: float = 10.0,
    days: float = 100.0,
    **sections: Any,
) -> Document:
    """Return a fault that needs boards at a site of its own for each centre, which holds a stock of them.

    Parameters
    ----------
    depots
        Stock of boards by centre.
    policy
        The section `parts_policy`.
    quantity
        Boards that the fault needs.
    price
        Price of a board.
    days
        Length of a replication.
    **sections
        Further sections of the document.
    """
    document = tiny(
        {"fault": {"part": {"part": "board", "quantity": quantity}, "work_hours": 0.0}},
        {},
        sites={
            f"at-{centre}": {"city": "town", "customer": "owner", "devices": {"fault": 1}, "centre": centre}
            for centre in depots
        },
        parts={"board": {"unit_cost": price}},
        days=days,
        **sections,
    )
    group = {"count": 50, "level": "junior", "skills": ["field"], "shift": "always"}
    document["centres"] = {
        centre: {
            "level": "local",
            "city": "town",
            "serves": {"sites": [f"at-{centre}"]},
            "engineers": {"crew": dict(group)},
            "depot": {"board": dict(stock)},
        }
        for centre, stock in depots.items()
    }
    document["parts_policy"] = dict(policy or {})
    return document


class Asked:
    """Depots of a document that are asked for boards by hand.

    Parameters
    ----------
    document
        The scenario.
    outages
        Begin and end of each outage of the first supplier.
    """

    def __init__(self, document: Document, outages: Sequence[tuple[float, float]] = ()) -> None:
        self.world: World = world_of(document)
        self.depots = Depots(self.world, outages)
        self._next = 0

    def stock(self, centre: str) -> int:
        """Return the position of the stock of a centre's depot."""
        position = self.world.names.centres.index(centre)
        return next(i for i, s in enumerate(self.world.stocks) if s.centre == position and not s.van)

    def ask(
        self, now: float, centre: str, quantity: int = 1, severity: int = 1, key: int | None = None
    ) -> float:
        """Ask a centre's depot for boards and return when they are there; each time for another order."""
        row = self._next
        self._next += 1
        chosen = 1000 + row if key is None else key
        return self.depots.demand(row, chosen, self.stock(centre), quantity, now, severity)

    def moves(self) -> list[dict[str, Any]]:
        """Return the rows of the table of stock moves."""
        number = np.arange(self._next)
        ids = NumberedNames(("order",), np.zeros_like(number), number)
        return rows(stock_moves(self.world, self.depots, ids))
