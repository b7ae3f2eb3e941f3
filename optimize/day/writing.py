"""A day's plan as rows, with what a dispatcher wants to know of each visit, and as CSV, XLSX or JSON.

Times are local to the order with their offset, in whole seconds, so that every format reads back as it was;
in a workbook they are dates, and their zone stands in a column.
Calendars and maps are made in `calendars` and `mapping`, files are read in `plan_reading`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

from insight.imports.columns import PLAN, Column
from insight.spreadsheets import Sheet, as_csv, workbook_of
from optimize.day.ground import LATE_HOUR, Ground, ground_of
from optimize.day.homeward import ways_home
from optimize.day.model import Day, DayOrder, DayPlan, DayVisit
from scenarios.phrases import phrase

#: Version of the JSON of a plan.
VERSION = 1
#: A start that moved by no more counts as kept.
KEPT = timedelta(minutes=15)
#: Endings of files that a plan can be written to.
ENDINGS = (".csv", ".xlsx", ".json")
#: Columns whose cells are words that people read, not names, times or figures.
_WORDED = ("sla_status", "changed", "status", "reason")
_HOUR = timedelta(hours=1)
_CLOCKS = {"attend": phrase("attend"), "restore": phrase("restore"), "complete": phrase("complete")}


@dataclass(frozen=True)
class Told:
    """What is known of a plan beside the plan.

    Parameters
    ----------
    before
        The plan that it replaces, if any.
    chances
        Probability of a breach by order, where somebody has computed it.
    reasons
        Why nobody has it, by order.
    bound
        What no plan can undercut, if it was asked for.
    certain
        What of that is the price of orders that no plan serves.
    """

    before: DayPlan | None = None
    chances: Mapping[str, float] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    bound: float | None = None
    certain: float = 0.0


@dataclass(frozen=True)
class Wording:
    """In which words the table of a plan stands in CSV and XLSX; JSON has those of machines always.

    Parameters
    ----------
    language
        Of headings, yes and no: `en` for the names of columns, `zh` for their Chinese headings.
    said
        Gives the words for a text of a column, by the column's name and the text; not for ids and times.
    """

    language: str = "en"
    said: Callable[[str, str], str] = lambda _column, text: text

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the headings of the table."""
        chinese = self.language == "zh"
        return tuple(column.chinese[0] if chinese else column.name for column in PLAN.columns)

    @property
    def sheet(self) -> str:
        """Return the name of the sheet."""
        return PLAN.sheets[0] if self.language == "zh" else "Plan"

    def worded(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row in these words."""
        found = {name: self.said(name, row[name]) if row[name] else row[name] for name in _WORDED}
        yes, no = ("是", "否") if self.language == "zh" else ("yes", "no")
        truths = {name: yes if value else no for name, value in row.items() if isinstance(value, bool)}
        return {**row, **found, **truths}


def rows_of(day: Day, told: Told) -> list[dict[str, Any]]:
    """Return the rows of a day's plan: visits by engineer and start, then orders that nobody has.

    Parameters
    ----------
    day
        The day with its plan.
    told
        What is known beside.
    """
    plan, ground = _plan(day), ground_of(day)
    sequence: dict[str, int] = {}
    rows = []
    for visit in plan.visits:
        sequence[visit.engineer] = sequence.get(visit.engineer, 0) + 1
        order = day.order[visit.order]
        row = _about(order, ground, told) | {
            "engineer": visit.engineer,
            "sequence": sequence[visit.engineer],
            "depart": _local(visit.depart, order),
            "start": _local(visit.start, order),
            "end": _local(visit.end, order),
            "travel_h": round(visit.travel_h, 4),
            "fetches_parts": visit.fetches_parts,
            "sla_status": sla_status(order, plan.crew_of[order.id], ground),
            "changed": _changed(visit, told.before),
        }
        rows.append(row)
    for name in plan.unassigned:
        order = day.order[name]
        dropped = told.before is not None and name in told.before.crew_of
        rows.append(
            _about(order, ground, told)
            | {
                "sla_status": phrase("not planned"),
                "changed": "" if told.before is None else ("dropped" if dropped else "same"),
                "reason": told.reasons.get(name, ""),
            }
        )
    return [{column.name: row.get(column.name) for column in PLAN.columns} for row in rows]


def _plan(day: Day) -> DayPlan:
    assert day.plan is not None  # whoever writes a plan has made one
    return day.plan


def _about(order: DayOrder, ground: Ground, told: Told) -> dict[str, Any]:
    due = ground.dues(order).get("attend")
    chance = told.chances.get(order.id)
    return {
        "order": order.id,
        "site": order.site,
        "city": order.city,
        "due_at": None if due is None else _local(due, order),
        "p_breach": None if chance is None else round(chance, 4),
        "status": order.status,
        "time_zone": order.time_zone,
    }


def _local(at: datetime, order: DayOrder) -> str:
    return at.astimezone(ZoneInfo(order.time_zone)).isoformat(" ", timespec="seconds")


def hours_late(order: DayOrder, crew: Sequence[DayVisit], ground: Ground) -> dict[str, float]:
    """Return by how many hours a plan passes each clock of an order, 0 where it does not."""
    begins, ends = min(visit.start for visit in crew), max(visit.end for visit in crew)
    stops = {
        "attend": order.arrived_at or begins,
        "restore": order.restored_at or ends,
        "complete": order.completed_at or ends,
    }
    dues = ground.dues(order)
    return {clock: max((stops[clock] - due) / _HOUR, 0.0) for clock, due in dues.items()}


def sla_status(order: DayOrder, crew: Sequence[DayVisit], ground: Ground) -> str:
    """Return whether a plan keeps an order's clocks, or by how much it misses them."""
    late = hours_late(order, crew, ground)
    missed = [
        phrase("{clock} missed by {hours:.2f} h", clock=_CLOCKS[clock], hours=hours)
        for clock, hours in late.items()
        if hours * 3600.0 >= 1.0
    ]
    if not late:
        return phrase("no clock")
    if not missed:
        return phrase("met")
    return reduce(lambda one, other: phrase("{one}, {other}", one=one, other=other), missed)


def _changed(visit: DayVisit, before: DayPlan | None) -> str:
    if before is None:
        return ""
    crew = before.crew_of.get(visit.order)
    if crew is None:
        return "new"
    same = next((other for other in crew if other.engineer == visit.engineer), None)
    if same is None:
        return "engineer"
    return "same" if abs(same.start - visit.start) <= KEPT else "time"


def churn(plan: DayPlan, before: DayPlan | None) -> float | None:
    """Return the share of visits, of orders in both plans, whose engineer or start is another.

    None where there is no plan before.
    """
    if before is None:
        return None
    kinds = [_changed(visit, before) for visit in plan.visits if visit.order in before.crew_of]
    return sum(kind in ("engineer", "time") for kind in kinds) / len(kinds) if kinds else 0.0


def figures_of(day: Day, told: Told) -> dict[str, Any]:
    """Return the figures of a plan: counts of orders, objective, bound, gap, hours, churn.

    Hours of travel are those to the visits and of each engineer home, the latter once more on their own.
    Hours of tardiness are weighted by tier and urgency, over all clocks; orders that nobody has are not among
    them. The gap is the share of the objective above the bound, without orders that no plan serves.
    """
    plan, ground = _plan(day), ground_of(day)
    weighted = 0.0
    for name, crew in plan.crew_of.items():
        order = day.order[name]
        weight = ground.late_hour(order) / (ground.pay * LATE_HOUR)
        weighted += weight * sum(hours_late(order, crew, ground).values())
    bound, home = told.bound, sum(ways_home(day, ground).values())
    open_cost = plan.cost - told.certain
    gap = None if bound is None else (max(plan.cost - bound, 0.0) / open_cost if open_cost > 0.0 else 0.0)
    return {
        "assigned": len(plan.crew_of),
        "unassigned": len(plan.unassigned),
        "objective": plan.cost,
        "bound": bound,
        "gap": gap,
        "travel_hours": sum(visit.travel_h for visit in plan.visits) + home,
        "home_hours": home,
        "weighted_tardiness_hours": weighted,
        "churn": churn(plan, told.before),
    }


#: As machines read it back, and in English.
PLAIN = Wording()


def plan_as(ending: str, day: Day, told: Told, wording: Wording = PLAIN) -> bytes:
    """Return a plan as the bytes of a file.

    Parameters
    ----------
    ending
        One of ENDINGS.
    day
        The day with its plan.
    told
        What is known beside.
    wording
        Words of the table.
    """
    rows = rows_of(day, told)
    if ending == ".json":
        return _as_json(day, rows, told)
    cell = _cell if ending == ".csv" else _dated
    worded = [wording.worded(row) for row in rows]
    cells = tuple(tuple(cell(column, row) for column in PLAN.columns) for row in worded)
    sheet = Sheet(wording.sheet, (), wording.headings, cells)
    if ending == ".csv":
        return as_csv(sheet)
    currency = ground_of(day).scenario.currency.code
    figures = tuple((name, value) for name, value in figures_of(day, told).items())
    terms = (
        ("scenario", day.scenario),
        ("now", day.now.isoformat(timespec="seconds")),
        ("currency", currency),
        ("scheduling_policy", _plan(day).policy),
    )
    about = Sheet("Figures", (), ("figure", "value"), (*terms, *figures))
    return workbook_of([sheet, about], day.now)


def _cell(column: Column, row: Mapping[str, Any]) -> Any:
    return row[column.name]


def _dated(column: Column, row: Mapping[str, Any]) -> Any:
    """Return the cell of a workbook: an instant as the date that the row's clock shows.

    One that this clock shows twice, as summer time ends, stays a text with its offset.
    """
    text = row[column.name]
    if column.kind != "instant" or not text:
        return _cell(column, row)
    at = datetime.fromisoformat(text)
    shown = at.replace(tzinfo=None)
    return shown if shown.replace(tzinfo=ZoneInfo(row["time_zone"])) == at else text


def _as_json(day: Day, rows: list[dict[str, Any]], told: Told) -> bytes:
    plan = _plan(day)
    document = {
        "version": VERSION,
        "scenario": day.scenario,
        "now": day.now.isoformat(timespec="seconds"),
        "currency": ground_of(day).scenario.currency.code,
        "scheduling_policy": plan.policy,
        "figures": figures_of(day, told),
        "parts": plan.parts,
        "plan": rows,
    }
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
