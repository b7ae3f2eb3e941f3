"""How much of a replication's start statistics leave out: as the scenario states it, or by MSER-5."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from insight.warmup import mser5
from scenarios.problems import Problem, ScenarioError
from scenarios.world import World
from sim.model import Model

_PILOTS = 5
_SAMPLE_HOURS = 6.0


@dataclass(frozen=True)
class WarmUpFound:
    """A warm-up.

    Parameters
    ----------
    hours
        Its length.
    reliable
        False if MSER-5 found no point at which the run had settled.
    """

    hours: float
    reliable: bool


def find_warm_up(world: World, seed: int, replications: int) -> WarmUpFound:
    """Return the warm-up of an experiment.

    With MSER-5, the number of open orders is sampled every six hours, averaged over the first (up to five)
    replications, and cut where what is left varies least about its mean.

    Raises
    ------
    scenarios.ScenarioError
        If the run is too short for MSER-5.
    """
    if world.warm_up_method == "none":
        return WarmUpFound(0.0, True)
    if world.warm_up_method == "fixed":
        return WarmUpFound(world.warm_up, True)
    instants = np.arange(0.0, world.horizon, _SAMPLE_HOURS)
    backlog = np.zeros(len(instants))
    pilots = min(_PILOTS, replications)
    for number in range(pilots):
        model = Model(world, seed, number)
        model.run()
        completed = np.sort(np.array(model.restored)[~np.isnan(model.restored)])
        reported = np.sort(model.births.reported_at)
        backlog += np.searchsorted(reported, instants, "right") - np.searchsorted(
            completed, instants, "right"
        )
    try:
        found = mser5(backlog / pilots)
    except ValueError as error:
        problem = Problem("warm_up.method", f"mser5 with days = {world.horizon / 24:g}", str(error))
        raise ScenarioError([problem]) from None
    return WarmUpFound(found.truncate * _SAMPLE_HOURS, found.reliable)
