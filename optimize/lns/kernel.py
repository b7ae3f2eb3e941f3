"""How the functions of the search are compiled: cached, and without counting references.

To count how often each array is used took most of the time, because a problem is a dozen of them and is
handed from function to function. What is compiled so makes no arrays; it works on those its caller keeps.
Most are called by compiled functions only, and have no way in from Python: to take the arrays of a problem
out of Python's tuples is more code than most of them are, and took a quarter of the time to compile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., Any])


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
    return compiled
