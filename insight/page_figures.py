"""What pages show beyond the summary, computed once for each state of a run folder and kept beside it.

A page reads a small JSON document instead of the tables; the document says of which replications it is, and
is made anew when the folder holds others. What it holds is computed in the modules it gathers.
"""

from __future__ import annotations

import json
from typing import Any

from insight.daily_series import attainment_over_time, daily_backlog
from insight.missed_orders import missed_orders
from insight.promise import promise_ratios
from insight.run_folder import RunFolder
from insight.run_orders import read_orders
from insight.whereabouts import disruptions, places, scenario_sections, ways

_FILE = "page_figures.json"
_VERSION = 1


def page_figures(folder: RunFolder) -> dict[str, Any]:
    """Return the figures of a finished run for pages, from its tables.

    Parameters
    ----------
    folder
        A run folder.

    Returns
    -------
    dict
        `backlog`, `attainment`, `missed`, `promise`, `places`, `ways` and `disruptions`, each as the
        function of that subject returns it.

    Raises
    ------
    insight.run_folder.RunFolderError
        If the folder holds no finished run.
    """
    folder = folder.as_it_is()
    confidence = float(folder.manifest().get("confidence", 0.95))
    orders = read_orders(folder)
    scenario = scenario_sections(folder)
    return {
        "backlog": daily_backlog(orders, confidence),
        "attainment": attainment_over_time(orders, confidence),
        "missed": missed_orders(orders, confidence),
        "promise": promise_ratios(orders),
        "places": places(scenario, orders, confidence),
        "ways": ways(folder, orders),
        "disruptions": disruptions(folder, scenario, orders),
    }


def stored_page_figures(folder: RunFolder) -> dict[str, Any]:
    """Return the figures of a run for pages from the folder, computing and keeping them if need be.

    A job calls it after each stage, so that pages find them ready.
    """
    folder = folder.as_it_is()
    mark = _mark(folder)
    try:
        kept = json.loads((folder.path / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        kept = {}
    if kept.get("mark") != mark:
        kept = {"mark": mark, **page_figures(folder)}
        folder.write_text(_FILE, json.dumps(kept, allow_nan=False))
    return {key: value for key, value in kept.items() if key != "mark"}


def _mark(folder: RunFolder) -> list[Any]:
    """Return what the figures depend on: the scenario, the seed and the replications that are there."""
    manifest = folder.manifest()
    sections = [manifest.get(key) for key in ("sha256", "seed", "days")]
    return [_VERSION, *sections, folder.replications()]
