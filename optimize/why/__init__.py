"""Why an order is where it is: true statements, each of them a plan that was made."""

from optimize.why.explaining import explain
from optimize.why.model import Change, Forcing, Move, Remedy, RuleStep, Slot, Way, Why

__all__ = ["Change", "Forcing", "Move", "Remedy", "RuleStep", "Slot", "Way", "Why", "explain"]
