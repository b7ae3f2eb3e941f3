"""What is known while the files of a day are read: names that may be referred to, and what was assumed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from insight.imports.faults import closest, one_of
from insight.imports.reading import Imported
from optimize.day.model import DayEngineer, DayOrder, DayTravel
from optimize.day.naming import cities_by_name, folded, listed, tiers_by_name
from optimize.day.under_way import is_open
from scenarios.phrases import phrase
from scenarios.schema import Scenario
from scenarios.territories import position


@dataclass(frozen=True)
class Place:
    """What a site says of orders there; empty or None where it says nothing.

    Parameters
    ----------
    lat, lon
        Degrees.
    city, time_zone, customer, customer_tier, languages, security_pass
        As orders have them.
    centred
        Whether the position is only the middle of its city.
    """

    lat: float | None = None
    lon: float | None = None
    city: str = ""
    time_zone: str = ""
    customer: str = ""
    customer_tier: str = ""
    languages: tuple[str, ...] = ()
    security_pass: str | None = None
    centred: bool = False


@dataclass
class Known:
    """Names of a scenario and of the files that were read so far.

    Parameters
    ----------
    scenario
        The scenario.
    given_sites
        Sites of a file; those of rows with a fault are there without what they say. None without a file.
    asked
        Skills that orders ask for; None where their file cannot be read.
    """

    scenario: Scenario
    given_sites: dict[str, Place | None] | None = None
    asked: set[str] | None = None
    engineers: dict[str, str] = field(default_factory=dict)
    broken_engineers: frozenset[str] = frozenset()
    skills: set[str] = field(default_factory=set)
    staff_columns: frozenset[str] = frozenset()
    unasked: dict[str, None] = field(default_factory=dict)
    planned: set[str] = field(default_factory=set)
    #: What was assumed of which rows: ids by kind of assumption.
    centred: list[str] = field(default_factory=list)
    zoned: list[str] = field(default_factory=list)
    foreign: dict[str, None] = field(default_factory=dict)
    strange_faults: dict[str, None] = field(default_factory=dict)
    unknown_sites: dict[str, None] = field(default_factory=dict)
    #: Passes that are held and nothing asks for, and those that are asked for and nobody holds.
    unneeded: list[str] = field(default_factory=list)
    passes: list[str] = field(default_factory=list)
    #: Orders whose report is still to come.
    coming: list[str] = field(default_factory=list)
    #: Orders that need parts or tools where nobody's van is known.
    unequipped: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cities: Mapping[str, str] = cities_by_name(self.scenario)
        self.tiers: Mapping[str, str] = tiers_by_name(self.scenario)
        self.skills |= set(self.scenario.skills)

    def add_engineers(self, staff: Imported) -> None:
        """Make engineers known by id, and by names that only one of them has."""
        names: dict[str, list[str]] = {}
        for row in staff.rows:
            names.setdefault(row.values.get("name", ""), []).append(row.values["id"])
        for row in (*staff.rows, *staff.half):
            self.skills |= set(row.values.get("skills", ())) & (self.asked or set())
        self.engineers = {name: ids[0] for name, ids in names.items() if name and len(ids) == 1}
        self.engineers |= {row.values["id"]: row.values["id"] for row in staff.rows}
        self.broken_engineers = staff.broken
        self.staff_columns = frozenset(staff.headings)

    def silent(self) -> Known:
        """Return the same names for rows that are not used: what is assumed of them is told nobody."""
        return replace(self, centred=[], zoned=[], foreign={}, unasked={}, unknown_sites={})

    def add_ways(self, ways: Iterable[DayTravel]) -> None:
        """Note that ways know the places between which they are."""
        for way in ways:
            for name in (way.origin, way.destination):
                self.unknown_sites.pop(name, None)

    def add_day(self, orders: Collection[DayOrder], engineers: Iterable[DayEngineer], now: datetime) -> None:
        """Note what orders and engineers do not tell of each other, and orders still to come."""
        engineers = tuple(engineers)
        if not any(engineer.parts or engineer.tools for engineer in engineers):
            self.unequipped = [o.id for o in orders if (o.parts or o.tools) and is_open(o)]
        self.coming = [order.id for order in orders if order.reported_at > now and is_open(order)]
        asked = {order.security_pass for order in orders}
        staff = (group for centre in self.scenario.centres.values() for group in centre.engineers.values())
        asked |= {site.security_pass for site in self.scenario.sites.values()}
        asked.update(*(group.passes for group in staff))
        held = {name for engineer in engineers for name in engineer.passes}
        self.unneeded = sorted(held - asked)
        self.passes = sorted(name for name in asked - held if name)

    def asks(self, column: str, wanted: Any) -> Any:
        """Return what a site asks of engineers; nothing where their file has no column for it."""
        if wanted and column not in self.staff_columns:
            self.unasked[column] = None
            return () if isinstance(wanted, tuple) else None
        return wanted

    def note_fault_type(self, name: str) -> None:
        """Note a fault type that the scenario does not have, which then says nothing."""
        if name and name not in self.scenario.fault_types:
            self.strange_faults[name] = None

    def city(self, name: str) -> str | None:
        """Return the key of a city, None for one that the scenario does not have."""
        return self.cities.get(folded(name))

    def site(self, name: str) -> Place | None:
        """Return what a site says, None for one that is not known."""
        if self.given_sites is not None and name in self.given_sites:
            return self.given_sites[name] or Place()
        site = self.scenario.sites.get(name)
        if site is None:
            return None
        lat, lon = position(self.scenario, name)
        return Place(
            lat=lat,
            lon=lon,
            city=site.city,
            time_zone=self.scenario.cities[site.city].time_zone,
            customer=site.customer,
            customer_tier=self.scenario.customers[site.customer].tier,
            languages=tuple(site.languages),
            security_pass=site.security_pass,
            centred=site.lat is None,
        )

    def site_names(self) -> list[str]:
        """Return the names of sites that may be referred to: those of the file, else of the scenario."""
        return list(self.scenario.sites) if self.given_sites is None else list(self.given_sites)

    def told(self) -> list[str]:
        """Return what was assumed, in words."""
        found: list[str] = []
        if self.centred:
            found.append(
                phrase(
                    "assumption: {number} without a position are at the middle of their city ({ids})",
                    number=len(self.centred),
                    ids=listed(self.centred),
                )
            )
        if self.zoned:
            found.append(
                phrase(
                    "assumption: {number} without a time zone are in that of the nearest city ({ids})",
                    number=len(self.zoned),
                    ids=listed(self.zoned),
                )
            )
        found += [
            phrase("engineers have no column {column}: what sites ask for of it is left out", column=column)
            for column in self.unasked
        ]
        if self.foreign:
            found.append(
                phrase(
                    "cities that the scenario does not have are names only: {names}",
                    names=listed(list(self.foreign)),
                )
            )
        if self.strange_faults:
            found.append(
                phrase(
                    "fault types that the scenario does not have are names only: {names}",
                    names=listed(list(self.strange_faults)),
                )
            )
        if self.unknown_sites:
            found.append(
                phrase(
                    "sites that neither a file of sites nor the scenario has are names only: {names}",
                    names=listed([self._perhaps_meant(name) for name in self.unknown_sites]),
                )
            )
        return found + self._told_of_day()

    def _perhaps_meant(self, name: str) -> str:
        """Return the name of a site that nobody knows, with the one that may have been meant."""
        close = closest(self.site_names(), name)
        return phrase("{name} (did you mean {close}?)", name=name, close=close) if close else name

    def _told_of_day(self) -> list[str]:
        found: list[str] = [
            phrase(
                "no order asks for the pass {name} that engineers hold; others are: {names}",
                name=name,
                names=one_of(self.passes, name),
            )
            if self.passes
            else phrase("no order asks for the pass {name} that engineers hold", name=name)
            for name in self.unneeded
        ]
        if self.unequipped:
            found.append(
                phrase(
                    "no engineer has parts or tools: that orders need them is left out of account, {number} "
                    "({ids})",
                    number=len(self.unequipped),
                    ids=listed(self.unequipped),
                )
            )
        if self.coming:
            found.append(
                phrase(
                    "orders that are reported only after now, and not visited before: {number} ({ids})",
                    number=len(self.coming),
                    ids=listed(self.coming),
                )
            )
        return found
