"""The columns of files that people bring, as tables for the guide to dispatch."""

from __future__ import annotations

from insight.imports.columns import TABLES, Column


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


def _form(column: Column) -> str:
    if column.low is None or column.high is None:
        return column.unit
    above = "above " if column.above else ""
    limits = f"{above}{column.low:g} to {column.high:g}"
    return f"{column.unit}, {limits}" if column.unit else limits
