"""How the functions of the search are compiled: cached, and without counting references.

To count how often each array is used took most of the time, because a problem is a dozen of them and is
handed from function to function. What is compiled so makes no arrays; it works on those its caller keeps.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., Any])


def kernel(function: _Function) -> _Function:
    """Return a function compiled when it is first called; a function that it calls must be one too."""
    decorator: Any = njit
    compiled: _Function = decorator(cache=True, error_model="numpy", forceinline=False, _nrt=False)(function)
    return compiled


def inlined(function: _Function) -> _Function:
    """Return a function compiled into those that call it: to hand over a problem takes longer than it."""
    decorator: Any = njit
    compiled: _Function = decorator(cache=True, error_model="numpy", forceinline=True, _nrt=False)(function)
    return compiled
