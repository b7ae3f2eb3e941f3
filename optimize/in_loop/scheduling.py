"""From a scenario's scheduling policy to the prices by which the simulation plans.

Overtime, fairness and changes of a plan are no part of these decisions: who works past his shift is settled
by the rules of dispatch, and a plan of which only the first step is taken stands for nobody to rely on.
"""

from __future__ import annotations

from dataclasses import replace

from optimize.in_loop.columns import Prices
from scenarios.scheduling import SchedulingPolicy

#: By how much a level outweighs the next, and the most by which one objective may outweigh another.
_LEVEL, _MOST = 1e3, 1e5
#: The least that lateness counts, since all prices are told in hours of it.
_LEAST = 1e-3


def prices_of(policy: SchedulingPolicy) -> Prices:
    """Return what counts in the simulation under a policy; the balanced one gives the prices as they are.

    Parameters
    ----------
    policy
        As a scenario states it.
    """
    ordinary, weights, prices = SchedulingPolicy().weights, policy.weights, Prices()
    late = max(weights.tardiness / ordinary.tardiness, _LEAST)
    left = weights.left_for_later / ordinary.left_for_later * _apart(policy, "left_for_later")
    return replace(
        prices,
        missed=prices.missed * min(left, _LEVEL),
        travel=prices.travel * weights.travel / ordinary.travel / late * _apart(policy, "travel"),
        breadth=prices.breadth
        * (weights.skill_waste / ordinary.skill_waste / late * _apart(policy, "skill_waste")),
    )


def _apart(policy: SchedulingPolicy, name: str) -> float:
    """Return by how much an objective outweighs lateness for the level that it is in."""
    apart = float(_LEVEL ** (_level(policy, "tardiness") - _level(policy, name)))
    return min(max(apart, 1.0 / _MOST), _MOST)


def _level(policy: SchedulingPolicy, name: str) -> int:
    """Return the position of the level of an objective, that after the last if it is in none."""
    if policy.objective == "weighted":
        return 0
    positions = [k for k, level in enumerate(policy.priorities) if name in level]
    return positions[0] if positions else len(policy.priorities)
