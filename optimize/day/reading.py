"""From files that people bring to a day: names are known, times have zones, everything has a position.

Every fault of every file is named before anything is refused. What was assumed, as the middle of a city for
an order without a position, is told in notes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from insight.imports.columns import ENGINEERS, ORDERS, SITES, TRAVEL, TableSpec
from insight.imports.faults import Fault, RefusedFile, shown
from insight.imports.headings import folded
from insight.imports.reading import Imported, Row, Source, read_table
from optimize.day.contradictions import consistent, plan_notes, staffed
from optimize.day.files_known import Known, Place
from optimize.day.finished_work import after_finished
from optimize.day.ground import ground_of
from optimize.day.long_work import with_long_work
from optimize.day.model import Day, DayEngineer, DayOrder, DayPlan, DayTravel
from optimize.day.rows import as_engineer, as_order, as_site, as_way, report_of
from optimize.day.under_way import begun
from scenarios.phrases import phrase

Made = TypeVar("Made")
_Maker = Callable[[Imported, Row, Known], tuple[Made | None, list[Fault]]]
_SPECS = (ORDERS, ENGINEERS, SITES, TRAVEL)


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
    orders = consistent(work, _day(terms, orders, engineers, []), read.faults)
    if terms.skip_bad_rows:
        orders = staffed(work, _day(terms, orders, engineers, []), read.faults)
    ways: list[DayTravel] = []
    if files.travel is not None:
        ways = _ways(read.table(files.travel, TRAVEL), orders, engineers, read.faults)
    read.faults += _unused(files.mapping, read.tables)
    skipped = _judged(read.in_order(), terms.skip_bad_rows)
    if not orders or not engineers:
        file, what = (work, phrase("orders")) if not orders else (staff, phrase("engineers"))
        found = phrase("no {things} that can be used", things=what)
        raise RefusedFile([*skipped, Fault(file.file, found, phrase("at least one row"), whole=True)])
    day, assumed = after_finished(_day(terms, orders, engineers, ways))
    known.add_ways(ways)
    known.add_day(orders, engineers, terms.now)
    day, over = with_long_work(day, {r.values["id"] for r in work.rows if "may_pause" not in r.values})
    notes = [note for table in read.tables for note in table.notes] + known.told() + over + begun(day)
    notes += plan_notes(day, work) + assumed
    return DayReading(day, tuple(notes), tuple(skipped), len(known.given_sites or ()))


def last_report(orders: Source, sites: Source | None, scenario: str) -> tuple[datetime, str] | None:
    """Return when the last order of a file was reported, and its zone; None where no row says so.

    What is wrong with rows is told by `read_day`.

    Parameters
    ----------
    orders, sites
        The files; a time without an offset is in the zone of its row, its site or its city.
    scenario
        Library name or file.

    Raises
    ------
    RefusedFile
        If a file cannot be used at all.
    scenarios.ScenarioError
        If the scenario cannot be used.
    """
    known = _known(DayTerms(datetime.min.replace(tzinfo=UTC), scenario))
    read = _Tables({}, known)
    if sites is not None:
        read.sites(sites)
    work = read.table(orders, ORDERS)
    found = [report for row in work.rows if (report := report_of(work, row, known)) is not None]
    return max(found, key=lambda report: report[0], default=None)


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
        for row, place in self._made(table, as_site):
            given.setdefault(row.values["id"], place)
        self._known.given_sites = given | dict.fromkeys(table.broken, None)

    def engineers(self, source: Source) -> tuple[Imported, list[DayEngineer]]:
        """Return the engineers of a file, and make them known."""
        table = self.table(source, ENGINEERS)
        repeated = _each_once(table, self.faults)
        found = self._made(table, as_engineer)
        self._known.add_engineers(table)
        return table, [who for row, who in found if who is not None and row.number not in repeated]

    def orders(self, table: Imported) -> list[DayOrder]:
        """Return the orders of a table that was read."""
        repeated = _each_once(table, self.faults)
        found = self._made(table, as_order)
        return [order for row, order in found if order is not None and row.number not in repeated]

    def _made(self, table: Imported, make: _Maker[Made]) -> list[tuple[Row, Made | None]]:
        """Return what the rows of a table make; rows that could be read in part are only checked."""
        found = []
        for row in table.rows:
            made, wrong = make(table, row, self._known)
            self.faults += wrong
            found.append((row, made))
        silent = self._known.silent()
        for row in table.half:
            self.faults += make(table, row, silent)[1]
        return found

    def in_order(self) -> list[Fault]:
        """Return all that is wrong by file, row and column: orders, engineers, sites, travel."""
        tables = sorted(self.tables, key=lambda table: _SPECS.index(table.table))
        rank: dict[tuple[str, str], tuple[int, dict[str, int]]] = {}
        for place, table in enumerate(tables):
            columns = {heading: i for i, heading in enumerate(table.headings.values())}
            rank.setdefault((table.file, table.sheet), (place, columns))
        last: tuple[int, dict[str, int]] = (len(tables), {})

        def position(fault: Fault) -> tuple[int, int, int]:
            place, columns = rank.get((fault.file, fault.sheet), last)
            return place, fault.row or 0, columns.get(fault.column, -1)

        return sorted(self.faults, key=position)


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
    """Add a fault for every id that was there before, and return the rows of these.

    A row that could be read in part counts after the others: it is left out in any case.
    """
    first: dict[str, int] = {}
    repeated = set()
    for row in (*table.rows, *(row for row in table.half if "id" in row.values)):
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
