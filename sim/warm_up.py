"""How much of a replication's start statistics leave out: as the scenario states it, or by MSER-5."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insight.warmup import mser5
from scenarios.phrases import message_of, phrase
from scenarios.problems import Problem, ScenarioError
from scenarios.world import World
from sim.model import Model
from sim.prevention_records import down_from

FloatArray = npt.NDArray[np.float64]

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

    With MSER-5, the number of open failures is sampled every six hours, averaged over the first (up to five)
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
        begun, ended = _open_failures(model)
        backlog += np.searchsorted(begun, instants, "right") - np.searchsorted(ended, instants, "right")
    try:
        found = mser5(backlog / pilots)
    except ValueError as error:
        problem = Problem(
            "warm_up.method", phrase("mser5 with days = {days:g}", days=world.horizon / 24), message_of(error)
        )
        raise ScenarioError([problem]) from None
    return WarmUpFound(found.truncate * _SAMPLE_HOURS, found.reliable)


def _open_failures(model: Model) -> tuple[FloatArray, FloatArray]:
    """Return, each in order of time, when failures began and when they were restored; planned work aside."""
    births, horizon = model.births, model.world.horizon
    restored = np.array(model.restored)
    begun = down_from(births, restored, horizon)
    if model.prevention is not None:
        begun[~model.prevention.happened(len(births))] = np.nan
    failed = ~np.isnan(begun)
    return np.sort(begun[failed]), np.sort(restored[failed & ~np.isnan(restored)])
