"""The only place where the policy touches the compiled search: from columns to routes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from optimize.lns.data import FORBIDDEN, LENGTH, as_data
from optimize.lns.engine import search

__all__ = ["FORBIDDEN", "Stops", "solve"]


class Stops(NamedTuple):
    """What a plan says.

    Parameters
    ----------
    first
        First visit of each engineer, -1 for none.
    left_out
        Visits that nobody has.
    """

    first: list[int]
    left_out: list[int]


def solve(values: Mapping[str, Any], seed: int, number: int, iterations: int) -> Stops:
    """Return the plan that a number of iterations finds; the same one for the same arguments.

    Parameters
    ----------
    values
        The columns of `optimize.lns.data.as_data`.
    seed, number
        What random numbers are keyed by.
    iterations
        How many follow the insertion of all visits.
    """
    routes = search(as_data(values), seed=seed, iterations=iterations, numbers=(number,)).routes
    length = routes.tally[:, LENGTH]
    first = np.where(length > 0, routes.stops[:, 0], -1)
    missing = routes.missing[: int(routes.missing_count[0])]
    return Stops(first.tolist(), missing.tolist())
