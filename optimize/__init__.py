"""What to do: plans that optimise dispatch, inspections and the network."""

from optimize.dispatch import plan_dispatch
from optimize.plan import Plan, Route
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

__all__ = [
    "DispatchProblem",
    "Due",
    "Engineer",
    "Link",
    "Order",
    "Pin",
    "Plan",
    "ProblemError",
    "Route",
    "SchedulingPolicy",
    "Shift",
    "Travel",
    "plan_dispatch",
]
