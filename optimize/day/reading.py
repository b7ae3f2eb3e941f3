"""From files that people bring to a day: names are known, times have zones, everything has a position.

Every fault of every file is named before anything is refused. What was assumed, as the middle of a city for
an order without a position, is told in notes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from insight.imports.columns import ENGINEERS, ORDERS, SITES, TRAVEL, TableSpec
from insight.imports.faults import Fault, RefusedFile, shown
from insight.imports.headings import folded
from insight.imports.reading import Imported, Source, read_table
from optimize.day.files_known import Known, Place
from optimize.day.ground import ground_of
from optimize.day.long_work import with_long_work
from optimize.day.model import Day, DayEngineer, DayOrder, DayPlan, DayTravel
from optimize.day.rows import as_engineer, as_order, as_site, as_way
from optimize.day.under_way import begun
from scenarios.phrases import phrase


@dataclass(frozen=True)
class DayFiles:
    """The files of a day.

    Parameters
    ----------
    orders, engineers
        Who is to be sent where.
    sites, travel
        Places by id, and ways between them, if any.
    mapping
        Column by heading, where headings are nobody's usual ones.
    """

    orders: Source
    engineers: Source
    sites: Source | None = None
    travel: Source | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DayTerms:
    """What the files do not say.

    Parameters
    ----------
    now
        The present.
    scenario
        Library name or file.
    horizon_h, freeze_h
        As the day has them.
    previous
        The plan that stands.
    skip_bad_rows
        Whether rows with faults are left out in place of refusing the files.
    scheduling_policy
        As the day has it.
    title
        A name for people.
    """

    now: datetime
    scenario: str = "asean15"
    horizon_h: float = 48.0
    freeze_h: float = 0.0
    previous: DayPlan | None = None
    skip_bad_rows: bool = False
    scheduling_policy: str = ""
    title: str = ""


@dataclass(frozen=True)
class DayReading:
    """A day that was read.

    Parameters
    ----------
    day
        The day.
    notes
        What was assumed or left out.
    skipped
        Faults of the rows that were left out.
    sites
        How many sites a file has.
    """

    day: Day
    notes: tuple[str, ...]
    skipped: tuple[Fault, ...]
    sites: int = 0


def read_day(files: DayFiles, terms: DayTerms) -> DayReading:
    """Return the day that files describe.

    Parameters
    ----------
    files
        The files.
    terms
        What they do not say.

    Raises
    ------
    RefusedFile
        If any row has a fault, unless they are to be skipped; or a file cannot be used at all.
    scenarios.ScenarioError
        If the scenario cannot be used.
    """
    known = _known(terms)
    read = _Tables(files.mapping, known)
    if files.sites is not None:
        read.sites(files.sites)
    work = read.table(files.orders, ORDERS)
    if not any(fault.whole for fault in work.faults):
        known.asked = {row.values["skill"] for row in (*work.rows, *work.half) if "skill" in row.values}
    staff, engineers = read.engineers(files.engineers)
    orders = read.orders(work)
    ways: list[DayTravel] = []
    if files.travel is not None:
        ways = _ways(read.table(files.travel, TRAVEL), orders, engineers, read.faults)
    read.faults += _unused(files.mapping, read.tables)
    skipped = _judged(read.faults, terms.skip_bad_rows)
    if not orders or not engineers:
        file, what = (work, phrase("orders")) if not orders else (staff, phrase("engineers"))
        found = phrase("no {things} that can be used", things=what)
        raise RefusedFile([*skipped, Fault(file.file, found, phrase("at least one row"), whole=True)])
    day = _day(terms, orders, engineers, ways)
    known.add_ways(ways)
    known.add_day(orders, engineers, terms.now)
    day, over = with_long_work(day, {r.values["id"] for r in work.rows if "may_pause" not in r.values})
    notes = [note for table in read.tables for note in table.notes] + known.told() + over + begun(day)
    return DayReading(day, tuple(notes), tuple(skipped), len(known.given_sites or ()))


def _day(terms: DayTerms, orders: list[DayOrder], engineers: list[DayEngineer], ways: list[DayTravel]) -> Day:
    return Day(
        title=terms.title,
        scenario=terms.scenario,
        now=terms.now,
        horizon_h=terms.horizon_h,
        freeze_h=terms.freeze_h,
        scheduling_policy=terms.scheduling_policy,
        orders=tuple(orders),
        engineers=tuple(engineers),
        travel=tuple(ways),
        plan=terms.previous,
    )


def _known(terms: DayTerms) -> Known:
    """Return the names that are known before any file is read."""
    empty = Day(now=terms.now, scenario=terms.scenario, orders=(), engineers=())
    known = Known(ground_of(empty).scenario)
    known.planned = set() if terms.previous is None else set(terms.previous.crew_of)
    return known


class _Tables:
    """Tables that are read one after the other, with all that is wrong with them.

    Parameters
    ----------
    mapping
        Column by heading.
    known
        Names, which each table adds to.
    """

    def __init__(self, mapping: Mapping[str, str], known: Known) -> None:
        self._mapping, self._known = mapping, known
        self.faults: list[Fault] = []
        self.tables: list[Imported] = []

    def table(self, source: Source, spec: TableSpec) -> Imported:
        """Return a table."""
        read = read_table(source, spec, self._mapping)
        self.faults.extend(read.faults)
        self.tables.append(read)
        return read

    def sites(self, source: Source) -> None:
        """Make the sites of a file known."""
        table = self.table(source, SITES)
        _each_once(table, self.faults)
        given: dict[str, Place | None] = {}
        for row in table.rows:
            place, wrong = as_site(table, row, self._known)
            self.faults += wrong
            given.setdefault(row.values["id"], place)
        self._known.given_sites = given | dict.fromkeys(table.broken, None)

    def engineers(self, source: Source) -> tuple[Imported, list[DayEngineer]]:
        """Return the engineers of a file, and make them known."""
        table = self.table(source, ENGINEERS)
        repeated = _each_once(table, self.faults)
        found = []
        for row in table.rows:
            engineer, wrong = as_engineer(table, row, self._known)
            self.faults += wrong
            found += [engineer] if engineer is not None and row.number not in repeated else []
        self._known.add_engineers(table)
        return table, found

    def orders(self, table: Imported) -> list[DayOrder]:
        """Return the orders of a table that was read."""
        repeated = _each_once(table, self.faults)
        found = []
        for row in table.rows:
            order, wrong = as_order(table, row, self._known)
            self.faults += wrong
            found += [order] if order is not None and row.number not in repeated else []
        return found


def _unused(mapping: Mapping[str, str], tables: list[Imported]) -> list[Fault]:
    """Return a fault for every heading of a mapping that no file has."""
    there = {folded(heading) for table in tables for heading in table.headings.values()}
    allowed = phrase("headings of the files")
    return [
        Fault("--map", shown(heading), allowed, whole=True)
        for heading in mapping
        if tables and all(table.headings for table in tables) and folded(heading) not in there
    ]


def _judged(faults: list[Fault], skip: bool) -> list[Fault]:
    """Return the faults of rows that are left out.

    Raises
    ------
    RefusedFile
        If there is a fault that cannot be skipped, or none may be.
    """
    if faults and not (skip and not any(fault.whole for fault in faults)):
        raise RefusedFile(faults)
    return faults


def _each_once(table: Imported, faults: list[Fault]) -> set[int]:
    """Add a fault for every id that was there before, and return the rows of these."""
    first: dict[str, int] = {}
    repeated = set()
    for row in table.rows:
        name = row.values["id"]
        if first.setdefault(name, row.number) != row.number:
            found = phrase("{id} again", id=name)
            allowed = phrase("every id once (row {row} has it)", row=first[name])
            faults.append(table.fault(row, "id", found, allowed))
            repeated.add(row.number)
    return repeated


def _ways(
    table: Imported, orders: list[DayOrder], engineers: list[DayEngineer], faults: list[Fault]
) -> list[DayTravel]:
    """Return the ways of a file; those of places that nobody needs are left out."""
    names = {name for order in orders for name in (order.id, order.site) if name}
    names |= {name for engineer in engineers for name in (engineer.id, engineer.centre) if name}
    found: dict[tuple[str, str], int] = {}
    ways = []
    for row in table.rows:
        way = as_way(row)
        pair = (way.origin, way.destination)
        if pair in found:
            again = phrase("this way again")
            allowed = phrase("every way once (row {row} has it)", row=found[pair])
            faults.append(table.fault(row, "to", again, allowed))
        found.setdefault(pair, row.number)
        if pair[0] in names and pair[1] in names:
            ways.append(way)
    # Where rows of orders or engineers were refused, their places are not there.
    if table.rows and not ways and not faults:
        nobody = phrase("no way between places of the orders and engineers")
        allowed = phrase("ids of sites, orders, engineers or centres in from and to")
        faults.append(Fault(table.file, nobody, allowed, sheet=table.sheet, whole=True))
    return ways
