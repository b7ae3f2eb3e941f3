"""What rows of a day's files say against each other, the clock or the plan that stands.

Times that are still to come, pins to times that are over and engineers in two places are faults of a row;
what a plan names and the files do not have is told in notes. What one row says against itself is for
`optimize.day.row_checks`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from insight.imports.faults import Fault, shown
from insight.imports.reading import Imported, Row
from optimize.day.elsewhere import apart
from optimize.day.model import Day, DayOrder
from optimize.day.naming import listed
from optimize.day.pins import local, past
from optimize.day.row_checks import Wrong
from optimize.day.under_way import is_open, known_crew
from scenarios.phrases import Phrase, phrase

_BUSY = ("departed", "arrived")
#: What has happened, and so cannot be still to come.
_HAPPENED = ("departed_at", "arrived_at", "restored_at", "completed_at")


def consistent(table: Imported, day: Day, faults: list[Fault]) -> list[DayOrder]:
    """Return the orders of a day that contradict neither the clock nor those before them.

    Parameters
    ----------
    table
        The table of orders.
    day
        The day as its files have it, with the plan that stands.
    faults
        What is wrong with the others is added to these.
    """
    rows = _rows(table)
    crews = {order.id: [v.engineer for v in known_crew(day, order)] for order in day.orders}
    refused: set[str] = set()
    busy: dict[str, list[DayOrder]] = {}
    # A crew has left when the first of it has: the others may still be at work of their own.
    for order in sorted(day.orders, key=lambda order: _maybe_in_part(order, crews[order.id])):
        crew = crews[order.id]
        wrong = [*_of_clock(day, order, rows[order.id])] or [*_of_people(order, crew, busy, rows)]
        faults += [table.fault(rows[order.id], *found) for found in wrong]
        if wrong:
            refused.add(order.id)
        elif not _maybe_in_part(order, crew):
            for engineer in crew:
                busy.setdefault(engineer, []).append(order)
    return [order for order in day.orders if order.id not in refused]


def _maybe_in_part(order: DayOrder, crew: list[str]) -> bool:
    """Return whether maybe only some of a crew are under way."""
    return order.status == "departed" and len(crew) > 1


def staffed(table: Imported, day: Day, faults: list[Fault]) -> list[DayOrder]:
    """Return the orders of a day without those under way with somebody whose row is left out.

    Parameters
    ----------
    table, day, faults
        As for `consistent`.
    """
    rows = _rows(table)
    kept = []
    for order in day.orders:
        named = rows[order.id].values.get("pinned_engineer")
        if order.status in _BUSY and named and not (order.pin and order.pin.engineer):
            found = phrase("{engineer}, whose row is left out", engineer=named)
            allowed = phrase("an engineer of the file, where somebody is under way")
            faults.append(table.fault(rows[order.id], "pinned_engineer", found, allowed))
        else:
            kept.append(order)
    return kept


def _rows(table: Imported) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for row in table.rows:
        rows.setdefault(row.values["id"], row)
    return rows


def _of_clock(day: Day, order: DayOrder, row: Row) -> Iterator[Wrong]:
    now = local(day.now, order)
    for column in _HAPPENED:
        at: datetime | None = getattr(order, column)
        if at is not None and at > day.now:
            yield column, shown(str(row.values[column])), phrase("a time until now ({now})", now=now)
    if past(day, order) is not None:
        allowed = phrase(
            "a time from now on ({now}), or a status that says what has become of the order", now=now
        )
        yield "pinned_start", shown(str(row.values["pinned_start"])), allowed


def _of_people(
    order: DayOrder, crew: list[str], busy: Mapping[str, list[DayOrder]], rows: Mapping[str, Row]
) -> Iterator[Wrong]:
    twice: dict[str, DayOrder] = {}
    for engineer in crew:
        for other in busy.get(engineer, ()):
            if apart(order, order.status, other):
                twice.setdefault(engineer, other)
    if len(twice) < (len(crew) if _maybe_in_part(order, crew) else 1):
        return
    engineer, other = next(iter(twice.items()))
    found = phrase(
        "{status} with {engineer}, who is under way or at work in row {row} ({other}) too",
        status=order.status,
        engineer=engineer,
        row=rows[other.id].number,
        other=other.id,
    )
    yield "status", found, phrase("one place at a time for each engineer; finished when he leaves")


def plan_notes(day: Day, table: Imported) -> list[str]:
    """Return what the files do not have of what the plan that stands, or a pin, names.

    Parameters
    ----------
    day
        The day, with the plan.
    table
        The table of orders.
    """
    notes: list[str] = [*_lost_pins(day, table)]
    if day.plan is None:
        return notes
    gone: list[str] = []
    people: set[str] = set()
    for order, visits in day.plan.crew_of.items():
        known = day.order.get(order)
        lost = [visit.engineer for visit in visits if visit.engineer not in day.engineer]
        if known is None or not lost:
            continue
        if known.status in _BUSY and not known_crew(day, known):
            notes.append(
                phrase(
                    "warning: {order} is {status} by its row, and {engineer}, who has it by the plan, is "
                    "not among the engineers: it is planned as if nobody had left",
                    order=order,
                    status=known.status,
                    engineer=", ".join(lost),
                )
            )
        elif is_open(known):
            gone.append(order)
            people |= {*lost}
    if gone:
        notes.append(
            phrase(
                "the plan names engineers whom the files do not have: {names}. What they had is planned "
                "anew: {orders}",
                names=listed(sorted(people)),
                orders=listed(gone),
            )
        )
    unknown = [name for name in (*day.plan.crew_of, *day.plan.unassigned) if name not in day.order]
    if unknown:
        notes.append(
            phrase(
                "the plan names orders that the files do not have, and that are left out of it: {number} "
                "({ids})",
                number=len(unknown),
                ids=listed(unknown),
            )
        )
    return notes


def _lost_pins(day: Day, table: Imported) -> Iterator[Phrase]:
    """Yield that open orders were pinned to engineers whose rows are left out."""
    lost = []
    for row in table.rows:
        named, order = row.values.get("pinned_engineer"), day.order.get(row.values["id"])
        if named and order is not None and is_open(order) and not (order.pin and order.pin.engineer):
            lost.append(f"{order.id}: {named}")
    if lost:
        yield phrase("pins to engineers whose rows are left out do not hold: {pins}", pins=listed(lost))
