"""How it behaves: the SimPy model, replications, comparison.

The model is imported when it is asked for, so that who needs only one module of this floor loads only that.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.comparison import Comparison, compare
    from sim.experiment import run
    from sim.options import Options, RunResult

__all__ = ["Comparison", "Options", "RunResult", "compare", "run"]

_LATER = {
    "Comparison": "sim.comparison",
    "Options": "sim.options",
    "RunResult": "sim.options",
    "compare": "sim.comparison",
    "run": "sim.experiment",
}


def __getattr__(name: str) -> Any:
    """Return a public name from the module that holds it."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LATER[name]), name)


def __dir__() -> list[str]:
    """Return the public names too before they are loaded."""
    return sorted({*globals(), *__all__})
