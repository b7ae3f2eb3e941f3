"""How benchmarks measure: times of calls in one process, the cost of a bare SimPy event, and peak memory."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Callable, Generator
from typing import Any

import simpy

_EVENTS = 200_000


def seconds_of(call: Callable[[], object]) -> float:
    """Return the seconds that a call takes, garbage collected beforehand."""
    gc.collect()
    began = time.process_time()
    call()
    return time.process_time() - began


def bare_timeout_us() -> float:
    """Return the microseconds that SimPy takes for one timeout of a process that does nothing else."""
    env = simpy.Environment()

    def sleeper() -> Generator[simpy.Event, Any, None]:
        for _ in range(_EVENTS):
            yield env.timeout(1.0)

    env.process(sleeper())
    return seconds_of(env.run) / _EVENTS * 1e6


def peak_mb() -> float:
    """Return the most memory that this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
