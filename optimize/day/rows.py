"""One row of a file as an order, an engineer, a site or a way, or what is wrong with it.

A position is the row's own, its site's, or the middle of its city; a time without a zone is in the row's
zone, or in that of the site or city. Whatever is missing beside is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from insight.imports.faults import Fault, one_of, shown
from insight.imports.reading import Imported, Row
from optimize.day.files_known import Known, Place
from optimize.day.model import DayEngineer, DayOrder, DayPin, DayTravel
from optimize.day.naming import city_words, tier_words
from optimize.day.row_checks import Wrong, break_faults, city_faults, course_faults, skill_faults
from scenarios.phrases import phrase
from scenarios.territories import great_circle_km, position

_NEAR_KM = 150.0
_INSTANTS = (
    *("reported_at", "window_start", "window_end", "due_at", "acknowledged_at", "booked_at"),
    *("departed_at", "arrived_at", "restored_at", "completed_at"),
)
_COPIED = (
    *("id", "asset", "device_type", "severity", "priority", "work_type", "skill", "level", "duration_h"),
    *("fault_type", "crew_size", "parts", "tools", "may_pause", "status", "paused_hours"),
)
_ENGINEER_COPIED = (
    *("id", "name", "centre", "home_lat", "home_lon", "skills", "languages", "passes", "shift_start"),
    *("shift_end", "break_start", "break_end", "overtime_h", "weekdays", "cost_per_hour", "parts", "tools"),
)


class _Reader:
    """One row with its faults in the making."""

    def __init__(self, table: Imported, row: Row, known: Known) -> None:
        self.table, self.row, self.known = table, row, known
        self.values: dict[str, Any] = dict(row.values)
        self.unread = table.unread.get(row.number, frozenset())
        self.faults: list[Fault] = []

    def wrong(self, column: str, found: str, allowed: str) -> None:
        """Add a fault, unless it is of a cell that could not be read: that is told already."""
        if self.table.headings.get(column, column) not in self.unread:
            self.faults.append(self.table.fault(self.row, column, found, allowed))

    def all_wrong(self, found: Iterable[Wrong]) -> None:
        """Add a fault for each of what checks found."""
        for wrong in found:
            self.wrong(*wrong)

    def is_wrong(self, *columns: str) -> bool:
        """Return whether a column has a fault already: what follows from it is not told again."""
        wrong = {self.table.headings.get(column, column) for column in columns}
        return not wrong.isdisjoint(self.unread) or any(fault.column in wrong for fault in self.faults)

    def own_city(self, strict: bool) -> str:
        """Return the key of the row's city; a name that the scenario does not have as it is, or refused."""
        name = self.values.get("city", "")
        key = self.known.city(name) if name else ""
        if key is None:
            if strict and not self.is_wrong("lat", "lon", "time_zone"):
                names = city_words(self.known.scenario)
                self.wrong("city", shown(name), one_of(names, name, names))
            else:
                self.known.foreign[name] = None
        return name if key is None else key

    def spot(self, place: Place, city: str) -> tuple[float, float] | None:
        """Return the position of the row, None if it has none; one far from its city is told."""
        spot = self._spot(place, city)
        if spot is not None:
            self.all_wrong(city_faults(city, self.known.scenario, spot))
        return spot

    def _spot(self, place: Place, city: str) -> tuple[float, float] | None:
        values, name = self.values, self.values.get("id", "")
        if ("lat" in values) != ("lon" in values):
            missing = "lon" if "lat" in values else "lat"
            self.wrong(missing, phrase("nothing"), phrase("lat and lon, or neither"))
            return None
        if "lat" in values:
            return values["lat"], values["lon"]
        if place.lat is not None and place.lon is not None:
            if place.centred:
                self.known.centred.append(name)
            return place.lat, place.lon
        known = self.known.scenario.cities.get(city)
        if known is None and self.is_wrong("city", "site"):
            return None
        if known is None:
            self.wrong(
                "lat", phrase("no position"), phrase("lat and lon, a known site, or a city of the scenario")
            )
            return None
        self.known.centred.append(name)
        return known.lat, known.lon

    def zone(self, place: Place, city: str, spot: tuple[float, float] | None) -> str:
        """Return the zone of the row; empty if nobody says."""
        if self.is_wrong("time_zone"):
            return ""
        known = self.known.scenario.cities.get(city)
        stated = self.values.get("time_zone") or place.time_zone or (known.time_zone if known else "")
        if stated or spot is None or self.is_wrong("city", "site"):
            return str(stated)
        without = [c for c, v in self.values.items() if isinstance(v, datetime) and v.tzinfo is None]
        near = self._nearest(spot)
        clocks = any(column.startswith(("shift_", "break_")) for column in self.values)
        if without or clocks or not near:
            found = phrase("nothing, and times without an offset") if without or clocks else phrase("nothing")
            self.wrong("time_zone", found, phrase("an IANA time zone, or a city of the scenario"))
            return ""
        self.known.zoned.append(self.values["id"])
        return near

    def _nearest(self, spot: tuple[float, float]) -> str:
        cities = self.known.scenario.cities.values()
        km, zone = min((great_circle_km(*spot, c.lat, c.lon), c.time_zone) for c in cities)
        return zone if km <= _NEAR_KM else ""

    def instants(self, zone: str, columns: tuple[str, ...]) -> dict[str, datetime]:
        """Return the row's instants, those without a zone in that of the row."""
        found = {}
        for column in columns:
            at = self.values.get(column)
            if at is not None and (at.tzinfo is not None or zone):
                found[column] = at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(zone))
        return found

    def made(self, model: type[Any], values: dict[str, Any]) -> Any:
        """Return a document of values, None if anything is wrong."""
        if self.faults or self.unread:
            return None
        try:
            return model(**values)
        except ValidationError as error:
            for item in error.errors():
                column = str(item["loc"][0]) if item["loc"] else ""
                self.wrong(column, shown(item.get("input")), str(item["msg"]))
        return None


def as_site(table: Imported, row: Row, known: Known) -> tuple[Place | None, list[Fault]]:
    """Return what a row says of a site, and what is wrong with it."""
    reader = _Reader(table, row, known)
    values = row.values
    city = reader.own_city(strict=not ("lat" in values and "time_zone" in values))
    reader.values = {**values}
    before = len(known.centred)
    spot = reader.spot(Place(), city)
    centred = len(known.centred) > before
    del known.centred[before:]  # told for the orders there
    tier = _tier(reader)
    if reader.faults or spot is None:
        return None, reader.faults
    found = known.scenario.cities.get(city)
    place = Place(
        lat=spot[0],
        lon=spot[1],
        city=city,
        time_zone=values.get("time_zone") or (found.time_zone if found else ""),
        customer=values.get("customer", ""),
        customer_tier=tier,
        languages=values.get("languages", ()),
        security_pass=values.get("security_pass"),
        centred=centred,
    )
    return place, []


def _tier(reader: _Reader) -> str:
    """Return the key of the row's customer tier."""
    name = reader.values.get("customer_tier", "")
    key = reader.known.tiers.get(name.casefold().replace(" ", "-"), "")
    if name and not key:
        names = tier_words(reader.known.scenario)
        reader.wrong("customer_tier", shown(name), one_of(names, name, names))
    return key


def as_engineer(table: Imported, row: Row, known: Known) -> tuple[DayEngineer | None, list[Fault]]:
    """Return the engineer of a row, None if there is anything wrong with it, and what."""
    reader = _Reader(table, row, known)
    values = reader.values
    centre = known.scenario.centres.get(values.get("centre", ""))
    place = Place()
    if centre is not None:
        lat, lon = position(known.scenario, values["centre"])
        zone = known.scenario.cities[centre.city].time_zone
        place = Place(lat, lon, centre.city, zone)
        if "city" in values and known.city(values["city"]) not in (centre.city, None):
            place = Place()  # he lives elsewhere: his city says where
    city = reader.own_city(strict=not ("lat" in values and "time_zone" in values)) or place.city
    spot = reader.spot(place, city)
    zone = reader.zone(place, city, spot)
    if known.asked is not None:
        reader.all_wrong(skill_faults(values.get("skills", ()), known.scenario, known.asked))
    for one, other in (("home_lat", "home_lon"), ("break_start", "break_end")):
        if (one in values) != (other in values):
            missing = other if one in values else one
            both = phrase("{one} and {other}, or neither", one=one, other=other)
            reader.wrong(missing, phrase("nothing"), both)
    if reader.is_wrong("shift_start", "shift_end"):
        pass  # neither the shift nor a break in it is known
    elif values.get("shift_start", "08:00") == values.get("shift_end", "17:00"):
        reader.wrong(
            "shift_end", shown(values.get("shift_end", "17:00")), phrase("another time than shift_start")
        )
    else:
        reader.all_wrong(break_faults(values))
    times = reader.instants(zone, ("available_from", "available_to"))
    if len(times) == 2 and times["available_to"] <= times["available_from"]:
        reader.wrong(
            "available_to", shown(str(values["available_to"])), phrase("a time after available_from")
        )
    if spot is None:
        return None, reader.faults
    made = {name: values[name] for name in _ENGINEER_COPIED if name in values}
    made.setdefault("home_lat", spot[0])
    made.setdefault("home_lon", spot[1])
    made |= {"city": city, "lat": spot[0], "lon": spot[1], "time_zone": zone, **times}
    return reader.made(DayEngineer, made), reader.faults


def as_order(table: Imported, row: Row, known: Known) -> tuple[DayOrder | None, list[Fault]]:
    """Return the order of a row, None if there is anything wrong with it, and what."""
    reader = _Reader(table, row, known)
    values = reader.values
    name = values.get("site", "")
    site = known.site(name) if name else None
    placed = "lat" in values or "city" in values or reader.is_wrong("lat", "lon", "city")
    if name and site is None and (known.given_sites is not None or not placed):
        reader.wrong("site", shown(name), one_of(known.site_names(), name))
    elif name and site is None:
        known.unknown_sites[name] = None
    place = site or Place()
    strict = not ("lat" in values and ("time_zone" in values or place.time_zone))
    city = reader.own_city(strict) or place.city
    # A site that could not be read has had its fault already.
    unread = name and known.given_sites is not None and known.given_sites.get(name, place) is None
    spot = reader.spot(place, city) if not unread else (0.0, 0.0)
    zone = reader.zone(place, city, spot) if not unread else "UTC"
    tier = _tier(reader)
    times = reader.instants(zone, _INSTANTS)
    reader.all_wrong(course_faults(values, times))
    skill = values.get("skill", "")
    if skill and skill not in known.skills:
        reader.wrong("skill", shown(skill), one_of(sorted(known.skills), skill))
    known.note_fault_type(values.get("fault_type", ""))
    pin = _pin(reader, zone, times)
    if spot is None or unread:
        return None, reader.faults
    made = {column: values[column] for column in _COPIED if column in values}
    made |= {
        "site": name,
        "city": city,
        "customer": values.get("customer", place.customer),
        "customer_tier": tier or place.customer_tier,
        "languages": values.get("languages") or known.asks("languages", place.languages),
        "security_pass": values.get("security_pass") or known.asks("passes", place.security_pass),
        "lat": spot[0],
        "lon": spot[1],
        "time_zone": zone,
        "pin": pin,
        **times,
    }
    return reader.made(DayOrder, made), reader.faults


def report_of(table: Imported, row: Row, known: Known) -> tuple[datetime, str] | None:
    """Return when the order of a row was reported, and its zone; None where its row does not say.

    Parameters
    ----------
    table, row, known
        As for `as_order`, which tells what is wrong with the row.
    """
    reader = _Reader(table, row, known)
    place = known.site(row.values.get("site", "")) or Place()
    city = reader.own_city(strict=False) or place.city
    zone = reader.zone(place, city, reader.spot(place, city))
    at = reader.instants(zone, ("reported_at",)).get("reported_at")
    return (at, zone) if at is not None and zone else None


def _pin(reader: _Reader, zone: str, times: dict[str, datetime]) -> DayPin | None:
    """Return what is fixed of the row's order."""
    values, known = reader.values, reader.known
    name = values.get("pinned_engineer")
    engineer = known.engineers.get(name) if name else None
    if name and engineer is None and name not in known.broken_engineers:
        ids = sorted(set(known.engineers.values()))
        reader.wrong("pinned_engineer", shown(name), one_of(ids, name))
    under_way = values.get("status") in ("departed", "arrived")
    if under_way and not name and values.get("id") not in known.planned:
        allowed = phrase("who is under way, here or in the previous plan")
        reader.wrong("pinned_engineer", phrase("nothing"), allowed)
    start = reader.instants(zone, ("pinned_start",)).get("pinned_start")
    if start is not None:
        low, high = times.get("window_start", start), times.get("window_end", start)
        if not low <= start <= high:
            found = shown(str(values["pinned_start"]))
            reader.wrong("pinned_start", found, phrase("a time from window_start to window_end"))
    if engineer is None and start is None:
        return None
    return DayPin(engineer=engineer, start_from=start, start_to=start)


def as_way(row: Row) -> DayTravel:
    """Return the way of a row."""
    values = row.values
    return DayTravel(
        origin=values["from"], destination=values["to"], hours=values["hours"], km=values.get("km")
    )
