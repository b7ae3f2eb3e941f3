"""What to do: plans that optimise dispatch, inspections and the network.

What needs the compiled search is imported when it is asked for, so that commands start at once.
"""

from typing import TYPE_CHECKING, Any

from optimize.dispatch import plan_dispatch
from optimize.plan import CostParts, Plan, Route
from optimize.problem import (
    DispatchProblem,
    Due,
    Engineer,
    Link,
    Order,
    Pin,
    ProblemError,
    SchedulingPolicy,
    Shift,
    Travel,
)

if TYPE_CHECKING:
    from optimize.evaluation import InfeasibleRoute, evaluate

__all__ = [
    "CostParts",
    "DispatchProblem",
    "Due",
    "Engineer",
    "InfeasibleRoute",
    "Link",
    "Order",
    "Pin",
    "Plan",
    "ProblemError",
    "Route",
    "SchedulingPolicy",
    "Shift",
    "Travel",
    "evaluate",
    "plan_dispatch",
]

_LATER = {"evaluate": "optimize.evaluation", "InfeasibleRoute": "optimize.evaluation"}


def __getattr__(name: str) -> Any:
    """Return a name whose module takes long to load."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LATER[name]), name)
