"""Cuts that mixtures of routes break and plans never do: of three visits, one route serves two or more.

References
----------
Jepsen, M., Petersen, B., Spoorendonk, S. and Pisinger, D.: Subset-row inequalities applied to the
vehicle-routing problem with time windows. Operations Research 56 (2008).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from numba import njit

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

#: By how much a cut has to be broken.
_LEAST = 0.05


@njit(cache=True)
def _broken(counts: IntArray, shares: FloatArray, together: FloatArray, least: float) -> FloatArray:
    """Return [found, 4]: the visits of each broken cut, and by how much it is.

    Parameters
    ----------
    counts
        [route, visit] -> how often the route serves it.
    shares
        [route] -> how much of it is taken.
    together
        [visit, visit] -> how much of all routes serves both.
    least
        By how much a cut has to be broken.
    """
    n = counts.shape[1]
    found = np.empty((20000, 4))
    size = 0
    for a in range(n):
        for b in range(a + 1, n):
            for c in range(b + 1, n):
                if together[a, b] + together[a, c] + together[b, c] <= 1.0 + least:
                    continue
                total = 0.0
                for r in range(len(shares)):
                    total += shares[r] * ((counts[r, a] + counts[r, b] + counts[r, c]) // 2)
                if total > 1.0 + least and size < len(found):
                    found[size, 0], found[size, 1], found[size, 2], found[size, 3] = a, b, c, total - 1.0
                    size += 1
    return found[:size]


def broken(
    routes: Sequence[tuple[int, ...]], shares: FloatArray, visits: int, *, most: int, each: int
) -> list[tuple[int, ...]]:
    """Return the cuts that a mixture of routes breaks most.

    Parameters
    ----------
    routes, shares
        The mixture.
    visits
        Number of visits of the problem.
    most, each
        Number of cuts, and of cuts that a visit is in.
    """
    counts = np.zeros((len(routes), visits), np.int64)
    for r, route in enumerate(routes):
        np.add.at(counts[r], list(route), 1)
    served = np.minimum(counts, 1).astype(float)
    together = served.T @ (served * shares[:, None])
    found = _broken(counts, shares, np.ascontiguousarray(together), _LEAST)
    chosen: list[tuple[int, ...]] = []
    used = np.zeros(visits, np.int64)
    for row in found[np.argsort(-found[:, 3], kind="stable")]:
        triple = tuple(int(visit) for visit in row[:3])
        if len(chosen) < most and (used[list(triple)] < each).all():
            used[list(triple)] += 1
            chosen.append(triple)
    return chosen
