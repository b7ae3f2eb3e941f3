"""The columns of files that people bring, and names that may stand in them, as tables for the guide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from insight.imports.columns import LEVELS, ORDERS, TABLES, Column, names_of
from insight.imports.faults import with_words
from optimize.day.naming import city_words, tier_words
from scenarios import load
from scenarios.schema import Scenario


def columns_table(name: str) -> str:
    """Return one row for each column of a table, in the order of its template.

    Parameters
    ----------
    name
        The table.
    """
    lines = ["| column | 中文 | also | unit or form | meaning |", "| --- | --- | --- | --- | --- |"]
    for column in TABLES[name].columns:
        cells = (
            f"**`{column.name}`**" if column.required else f"`{column.name}`",
            "、".join(column.chinese),
            ", ".join(column.english),
            _form(column),
            column.meaning,
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def names_table(source: str) -> str:
    """Return the names that may stand in files where a scenario is named or none is, by column.

    Parameters
    ----------
    source
        The scenario.
    """
    scenario = load(source).scenario
    passes = {site.security_pass for site in scenario.sites.values() if site.security_pass}
    groups = [group for centre in scenario.centres.values() for group in centre.engineers.values()]
    names = {
        "`skill`, `skills`": scenario.skills,
        "`level`, and after the colon in `skills`": _words_of(LEVELS),
        "`customer_tier`": [
            with_words(name, ("; ".join(filter(None, ("、".join(words), _weight(scenario, name)))),))
            for name, words in tier_words(scenario).items()
        ],
        "`severity`": _words_of(ORDERS.by_name["severity"].choices),
        "`work_type`": _words_of(ORDERS.by_name["work_type"].choices),
        "`status`": _words_of(ORDERS.by_name["status"].choices),
        "`city`": [with_words(name, words) for name, words in city_words(scenario).items()],
        "`centre`": scenario.centres,
        "`security_pass`, `passes`": sorted(passes.union(*(group.passes for group in groups))),
        "`languages`": sorted({name for group in groups for name in group.languages}),
        "`parts`": scenario.parts,
    }
    lines = ["| column | names |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| {column} | {', '.join(found)} |" for column, found in names.items())])


def _weight(scenario: Scenario, tier: str) -> str:
    return f"weight {scenario.customer_tiers[tier].weight:g}"


def _words_of(choices: Mapping[str, Any]) -> list[str]:
    """Return the names of the values of a column that has a few, with the words in Chinese."""
    return [with_words(name, words) for name, words in names_of(choices).items()]


def _form(column: Column) -> str:
    if column.kind in ("choice", "yes", "days") and column.unit:
        return f"{column.unit} ({column.unit_chinese})"
    if column.low is None or column.high is None:
        return column.unit
    above = "above " if column.above else ""
    limits = f"{above}{column.low:g} to {column.high:g}"
    return f"{column.unit}, {limits}" if column.unit else limits
