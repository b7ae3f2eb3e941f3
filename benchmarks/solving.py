"""What the benchmarks of plans share: their limits on the command line, and a solver that is warm."""

from __future__ import annotations

import argparse
import sys

from optimize import DispatchProblem, Plan, plan_dispatch


def add_limits(parser: argparse.ArgumentParser) -> None:
    """Add the file, the seconds and the seed to what a benchmark reads."""
    parser.add_argument("file", help="the instance")
    parser.add_argument("--seconds", type=float, default=10.0, help="time limit (default 10)")
    parser.add_argument("--seed", type=int, default=1, help="seed (default 1)")


def warm() -> None:
    """Compile everything or load it, which is no part of any limit."""
    from optimize.engines.compiled_search import warmup

    warmup(lambda words: print(words, file=sys.stderr))


def solved(problem: DispatchProblem, arguments: argparse.Namespace) -> Plan:
    """Return the plan that the product finds within the limits; compiling is not part of them."""
    warm()
    return plan_dispatch(problem, seed=arguments.seed, seconds=arguments.seconds)
