"""A plan back from a file that was written of it: CSV, XLSX or JSON."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from insight.imports.columns import PLAN
from insight.imports.faults import Fault, RefusedFile, shown
from insight.imports.reading import Imported, Row, Source, read_table
from optimize.day.model import DayPlan, DayVisit
from scenarios.phrases import phrase

_NEEDED = ("depart", "start", "end")


def read_plan(source: Source) -> DayPlan:
    """Return the plan of a file.

    Parameters
    ----------
    source
        The file, as `banyan dispatch` writes it.

    Raises
    ------
    RefusedFile
        If it is none, with every bad row.
    """
    table = read_table(source, PLAN)
    faults = list(table.faults)
    visits: list[DayVisit] = []
    unassigned: list[str] = []
    seen: set[tuple[str, str]] = set()
    for row in table.rows:
        pair = (row.values["order"], row.values.get("engineer", ""))
        if pair in seen:
            faults.append(table.fault(row, "order", phrase("this visit again"), phrase("every visit once")))
        seen.add(pair)
        if pair[1]:
            visit, wrong = _visit(table, row)
            visits += [visit] if visit else []
            faults += wrong
        else:
            unassigned.append(pair[0])
    if faults:
        raise RefusedFile(faults)
    return _with_objective(source, DayPlan(visits=tuple(visits), unassigned=tuple(unassigned)))


def _visit(table: Imported, row: Row) -> tuple[DayVisit | None, list[Fault]]:
    values = row.values
    faults = [
        table.fault(row, column, phrase("nothing"), phrase("a time where there is an engineer"))
        for column in _NEEDED
        if column not in values
    ]
    zone = values.get("time_zone")
    times: dict[str, datetime] = {}
    for column in _NEEDED:
        at = values.get(column)
        if at is None:
            continue
        if at.tzinfo is not None:
            times[column] = at
        elif zone is None:
            allowed = phrase("a time with its offset, or a time_zone in the row")
            faults.append(table.fault(row, column, shown(str(at)), allowed))
        else:
            times[column] = at.replace(tzinfo=ZoneInfo(zone))
    if not faults and not times["depart"] <= times["start"] <= times["end"]:
        found = phrase("times that go back")
        faults.append(table.fault(row, "start", found, phrase("depart, start and end in this order")))
    if faults:
        return None, faults
    visit = DayVisit(
        order=values["order"],
        engineer=values["engineer"],
        travel_h=values.get("travel_h", 0.0),
        fetches_parts=values.get("fetches_parts", False),
        **times,
    )
    return visit, []


def _with_objective(source: Source, plan: DayPlan) -> DayPlan:
    """Return a plan with the objective that its JSON states."""
    if Path(source.name).suffix.lower() != ".json":
        return plan
    document: Any = json.loads(source.content.decode("utf-8-sig"))
    if not isinstance(document, dict):
        return plan
    figures = document.get("figures")
    given = {
        "cost": figures.get("objective", 0.0) if isinstance(figures, dict) else 0.0,
        "parts": document.get("parts", {}),
        "made_at": document.get("now"),
        "policy": document.get("scheduling_policy", ""),
    }
    try:
        return DayPlan(visits=plan.visits, unassigned=plan.unassigned, **given)
    except ValidationError as error:
        faults = [
            Fault(
                source.name, shown(item.get("input")), str(item["msg"]), None, ".".join(map(str, item["loc"]))
            )
            for item in error.errors()
        ]
        raise RefusedFile(faults) from None
