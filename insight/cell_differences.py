"""Paired differences of attainment in every cell of the heat maps, and in their margins.

Taken from the figures of each replication that run folders keep, as `insight.group_differences` does for the
cities of comparison.json; kept beside it, since a page must not compute them at every click.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from insight.definitions import CROSSED
from insight.group_differences import group_differences
from insight.run_folder import RunFolder
from insight.run_orders import ATTAINMENTS

_FILE = "cell_differences.json"
_DIMENSIONS = (*CROSSED, "city", "severity", "customer_tier")


def cell_differences(results: Path, comparison: Mapping[str, Any]) -> dict[str, Any]:
    """Return how attainment differs in each cell between the baseline and each other scenario.

    Parameters
    ----------
    results
        Folder with a run folder for each scenario.
    comparison
        The content of comparison.json of that folder.

    Returns
    -------
    dict
        Scenario -> dimension -> value -> KPI -> difference, limits, p-value and n. The limits of one KPI
        hold jointly over the values of a dimension and over the scenarios.
    """
    names = list(comparison["scenarios"])
    baseline = RunFolder(results / comparison["baseline"]).values()
    return {
        name: group_differences(
            baseline,
            RunFolder(results / name).values(),
            float(comparison["confidence"]),
            len(names),
            _DIMENSIONS,
            tuple(ATTAINMENTS),
        )
        for name in names
    }


def stored_cell_differences(results: Path, comparison: Mapping[str, Any]) -> dict[str, Any]:
    """Return the differences in the cells from the folder, computing and keeping them if need be.

    A job calls it after each stage, so that pages find them ready.
    """
    mark = [comparison["baseline"], list(comparison["scenarios"]), _replications(results, comparison)]
    try:
        kept = json.loads((results / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        kept = {}
    if kept.get("mark") != mark:
        kept = {"mark": mark, "cells": cell_differences(results, comparison)}
        RunFolder(results).write_text(_FILE, json.dumps(kept, allow_nan=False))
    found: dict[str, Any] = kept["cells"]
    return found


def _replications(results: Path, comparison: Mapping[str, Any]) -> list[Sequence[Any]]:
    """Return which replications of which scenarios there are, and from what they came."""
    marks: list[Sequence[Any]] = []
    for name in (comparison["baseline"], *comparison["scenarios"]):
        folder = RunFolder(results / name)
        manifest = folder.manifest()
        marks.append([manifest.get("sha256"), manifest.get("seed"), folder.replications()])
    return marks
