"""How the functions of the search are compiled: cached, and without counting references.

To count how often each array is used took most of the time, because a problem is a dozen of them and is
handed from function to function. What is compiled so makes no arrays; it works on those its caller keeps.
Most are called by compiled functions only, and have no way in from Python: to take the arrays of a problem
out of Python's tuples is more code than most of them are, and took a quarter of the time to compile.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from numba import njit

from optimize.compiled_before import forget_stale

_Function = TypeVar("_Function", bound=Callable[..., Any])

#: Whatever a function of the search may have compiled into it.
_SOURCES = tuple(sorted(Path(__file__).parent.glob("*.py")))


def kernel(function: _Function) -> _Function:
    """Return a function compiled when first called; all that it calls is compiled too."""
    return _compiled(function)


def inner(function: _Function) -> _Function:
    """Return a function that only compiled ones call: with no way in, a call from Python ends the process."""
    return _compiled(function, no_cpython_wrapper=True)


def inlined(function: _Function) -> _Function:
    """Return an inner function compiled into those that call it: to hand over a problem takes longer."""
    return _compiled(function, no_cpython_wrapper=True, forceinline=True)


def merged(function: _Function) -> _Function:
    """Return a function that becomes part of the only one that calls it, before anything is compiled.

    An inner function is optimised and made machine code on its own, then again within each that calls it, and
    each that calls those. What is merged is spared that; but the code of the loops that take most of the time
    is best left alone: merged, it ran a tenth slower.
    """
    decorator: Any = njit
    compiled: _Function = decorator(inline="always")(function)
    return compiled


def _compiled(function: _Function, **options: bool) -> _Function:
    decorator: Any = njit
    compiled: _Function = decorator(
        cache=True, error_model="numpy", _nrt=False, no_cfunc_wrapper=True, **options
    )(function)
    stats = getattr(compiled, "stats", None)  # there is none where numba is told to compile nothing
    if stats is not None:
        # numba looks only at the file that a function is in, not at those of what is compiled into it.
        _forget_stale(Path(stats.cache_path), Path(inspect.getfile(function)))
    return compiled


@cache
def _forget_stale(folder: Path, file: Path) -> None:
    """Remove what was compiled of a file from other sources, when the first of its functions is met."""
    forget_stale(folder, file.stem, (*_SOURCES, file))
