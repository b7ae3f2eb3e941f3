"""The search is compiled by two processes, each of which finds what the other made in numba's cache.

What a function is compiled from has to be there before it, so each process has its own part in an order in
which neither waits for long. It makes nothing quicker but the first plan on a machine, and nothing depends on
it: what the second process has not made, for whatever reason, the first makes itself.
"""

from __future__ import annotations

import contextlib
import gc
import inspect
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numba
import numpy as np

from optimize.compiled_before import is_compiled
from optimize.engines.insertion_by_regret import comparison, insert_by_regret
from optimize.lns.chance import stream
from optimize.lns.data import empty_routes
from optimize.lns.engine import guide_of, smallest
from optimize.lns.insertion import (
    any_place,
    place_before,
    place_depot,
    place_in,
    simple_place,
    take_out,
)
from optimize.lns.keeping import keep, put_back, room_for
from optimize.lns.linked import meet_sooner, offers, place_linked
from optimize.lns.search import copy_plan, iterate, mend, place_one, recreate, ruin, total_cost
from optimize.lns.walk import any_route, changed, renew
from sim.cores import cores

#: Seconds between two looks at whether the other process is done, and until one that was told to end has to.
_LOOK, _ENDS = 0.02, 2.0


@dataclass(frozen=True)
class Step:
    """One function to compile, with all in it that has not been.

    Parameters
    ----------
    function
        The function.
    after
        Those of the other process that are waited for first.
    """

    function: Any
    after: tuple[Any, ...] = ()


#: What this process compiles, and what the second one does meanwhile. What both compile is two functions to
#: the compiler, which then makes other code of those that call it: a twentieth slower, where it was so.
OURS = (
    Step(keep),
    Step(take_out),
    Step(place_in),
    Step(place_before),
    Step(offers, (renew,)),
    Step(place_linked, (place_depot,)),
    Step(recreate, (place_one,)),
    Step(iterate, (ruin, mend, meet_sooner, put_back, total_cost, copy_plan)),
    Step(insert_by_regret, (insert_by_regret,)),
)
THEIRS = (
    Step(any_route),
    Step(renew),
    Step(place_depot, (changed,)),
    Step(simple_place),
    Step(any_place, (offers,)),
    Step(place_one),
    Step(ruin),
    Step(mend),
    Step(meet_sooner, (place_linked,)),
    Step(put_back),
    Step(total_cost),
    Step(copy_plan),
    Step(insert_by_regret),
)


def compile_by_two() -> None:
    """Compile most of the search, where a second process can help; else nothing."""
    if _can_be_helped():
        with second_process() as process:
            take(OURS, lambda: process is not None and process.poll() is None)


def take(steps: Sequence[Step], is_helped: Callable[[], bool]) -> None:
    """Compile some functions in their order.

    What the other process is to compile is waited for while it is there, but once at most as long as has been
    worked before, and then not any more: it may hang.
    """
    began, waits = time.monotonic(), True
    for step in steps:
        gives_up = 2.0 * time.monotonic() - began
        while waits and not all(map(is_compiled, step.after)):
            waits = is_helped() and time.monotonic() < gives_up
            time.sleep(_LOOK)
        step.function.compile(signature(step.function))


def signature(function: Any) -> tuple[Any, ...]:
    """Return the types with which a function of the search is called, by the names of its parameters."""
    types = _types()
    return tuple(types[name] for name in inspect.signature(function.py_func).parameters)


@cache
def _types() -> dict[str, Any]:
    """Return the types of all parameters of functions that are compiled by name."""
    data = smallest()
    guide, routes = guide_of(data), empty_routes(data, 2)
    values: dict[str, Any] = dict.fromkeys(("c", "e", "i", "p", "takes", "taken", "iterations"), 1)
    values |= dict.fromkeys(("blink", "bound", "limit", "hot", "cold"), 1.0)
    values |= dict.fromkeys(("routes", "to", "best"), routes)
    values |= {"data": data, "guide": guide, "simple": guide.simple, "able": guide.able, "state": stream(0)}
    values |= {"kept": room_for(routes), "out": routes.missing, "value": np.zeros(2)}
    values |= {"known": comparison(1, 1, 2)}
    typeof: Any = numba.typeof
    return {name: typeof(value) for name, value in values.items()}


def _can_be_helped() -> bool:
    """Return whether there is a core for a second process, and an interpreter to start."""
    # Inside of another program, or packed into one, that program would be started.
    is_python = Path(sys.executable or "none").name.lower().startswith("python")
    return cores() > 1 and is_python and not getattr(sys, "frozen", False)


@contextlib.contextmanager
def second_process() -> Iterator[subprocess.Popen[bytes] | None]:
    """Have a second process compile its part, or None if none can be started; it ends with the context."""
    places = os.pathsep.join(str(Path(place).absolute()) for place in sys.path)
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "optimize.engines.compiling"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": places},
        )
    except OSError:
        yield None
        return
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_ENDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin is not None:
            process.stdin.close()


def _end_with_parent() -> None:
    """End this process when the one that started it has gone, however it went."""
    os.read(0, 1)
    os._exit(1)


def main() -> None:
    """Compile what is the second process's."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.disable()
    take(THEIRS, lambda: True)


if __name__ == "__main__":
    main()
