"""How it behaves: the SimPy model, replications, comparison."""

from sim.comparison import Comparison, compare
from sim.experiment import Options, RunResult, run

__all__ = ["Comparison", "Options", "RunResult", "compare", "run"]
