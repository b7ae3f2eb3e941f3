"""How good a plan can be at best: a proven lower bound, and what its routes make of a plan."""

from optimize.bound.method import lower_bound
from optimize.bound.partitioning import improve
from optimize.bound.result import Bound, Column

__all__ = ["Bound", "Column", "improve", "lower_bound"]
