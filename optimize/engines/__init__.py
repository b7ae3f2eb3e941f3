"""Ways to find a plan, behind one protocol: each takes a problem and a limit, and returns a scored plan."""

from __future__ import annotations

from importlib import import_module

from optimize.engines.protocol import Engine
from optimize.problem import ProblemError
from scenarios.phrases import phrase

#: Module and class of each engine; imported when it is asked for, since solvers take long to load.
ENGINES = {
    "greedy": ("optimize.engines.regret", "Greedy"),
    "regret": ("optimize.engines.regret", "Regret"),
    "lns": ("optimize.engines.neighbourhoods", "Neighbourhoods"),
    "ortools": ("optimize.engines.ortools_routing", "OrtoolsRouting"),
    "portfolio": ("optimize.engines.portfolio", "Portfolio"),
}


def engine_named(name: str) -> Engine:
    """Return an engine.

    Raises
    ------
    optimize.problem.ProblemError
        If there is none of that name.
    """
    if name not in ENGINES:
        raise ProblemError(
            phrase("engine: found {name}; allowed: {names}", name=name, names=", ".join(ENGINES))
        )
    module, kind = ENGINES[name]
    engine: Engine = getattr(import_module(module), kind)()
    return engine
