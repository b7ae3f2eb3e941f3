"""The columns of files that people bring, and names that may stand in them, as tables for the guide."""

from __future__ import annotations

from insight.imports.columns import LEVELS, ORDERS, TABLES, Column
from scenarios import load


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
        "`level`, and after the colon in `skills`": [
            word for word in LEVELS if word.isascii() and word.isalpha()
        ],
        "`customer_tier`": [
            f"{name} (weight {tier.weight:g})" for name, tier in scenario.customer_tiers.items()
        ],
        "`severity`": _first_words("severity"),
        "`work_type`": _first_words("work_type"),
        "`status`": _first_words("status"),
        "`city`": scenario.cities,
        "`centre`": scenario.centres,
        "`security_pass`, `passes`": sorted(passes.union(*(group.passes for group in groups))),
        "`languages`": sorted({name for group in groups for name in group.languages}),
        "`parts`": scenario.parts,
    }
    lines = ["| column | names |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| {column} | {', '.join(found)} |" for column, found in names.items())])


def _first_words(column: str) -> list[str]:
    """Return the word for each value of a column that has a few."""
    return list(dict.fromkeys(map(str, ORDERS.by_name[column].choices.values())))


def _form(column: Column) -> str:
    if column.low is None or column.high is None:
        return column.unit
    above = "above " if column.above else ""
    limits = f"{above}{column.low:g} to {column.high:g}"
    return f"{column.unit}, {limits}" if column.unit else limits
