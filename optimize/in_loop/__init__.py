"""The search of `optimize.lns` as a dispatch policy of the simulation."""
