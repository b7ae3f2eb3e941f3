"""Random numbers of the search, compiled: one stream whose state the caller keeps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

State = npt.NDArray[np.uint64]


@njit(cache=True, inline="always")
def chance(state: State) -> float:
    """Return the next number of a stream, from 0 to just below 1.

    References
    ----------
    Vigna, S.: An experimental exploration of Marsaglia's xorshift generators, scrambled. ACM Trans. Math.
    Softw. 42 (2016), xorshift64*.
    """
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return np.float64((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


def stream(seed: int, *numbers: int) -> State:
    """Return the state with which a stream begins.

    Parameters
    ----------
    seed, *numbers
        What tells the stream from others, as seed, replication and number of the decision.
    """
    words = np.random.SeedSequence([seed, *numbers]).generate_state(1, np.uint64)
    return np.array([words[0] | np.uint64(1)], dtype=np.uint64)
