"""How it behaves: the SimPy model, replications, comparison."""
