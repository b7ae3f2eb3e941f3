"""Schema sections for disruptions with a date: weather, peaks, outages, shortages, failures in batches.

What each kind does is stated with its keys; what it does to travel, staff and parts follows from the sections
on those. Weather that is drawn from the climate is in `weather`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from scenarios.fields import Name, Names, Section, quantity
from scenarios.phrases import phrase
from scenarios.problems import Problem, known, shown
from scenarios.weather import BatchFailure, check_batches

if TYPE_CHECKING:
    from scenarios.schema import Scenario


class Kind(StrEnum):
    """What a disruption is; the first ones are the conditions of the weather."""

    RAIN = "rain"
    STORM = "storm"
    TYPHOON = "typhoon"
    FLOOD = "flood"
    HEAT = "heat"
    TOURIST_PEAK = "tourist_peak"
    HOLIDAY = "holiday"
    DEMAND = "demand"
    TICKET_OUTAGE = "ticket_outage"
    SUPPLIER_OUTAGE = "supplier_outage"
    STAFF_SHORTAGE = "staff_shortage"
    BATCH_FAILURE = "batch_failure"


#: Load of a kind when the disruption states none: assumptions.
LOADS = {Kind.TOURIST_PEAK: 1.5, Kind.HOLIDAY: 1.3, Kind.DEMAND: 1.5}
#: Share of the engineers away when a shortage states none: an assumption.
ABSENT_SHARE = 0.3
#: Which kinds have which keys; other keys every kind has.
_OWN: dict[str, tuple[Kind, ...]] = {
    "load": tuple(LOADS),
    "manual_hours": (Kind.TICKET_OUTAGE,),
    "absent_share": (Kind.STAFF_SHORTAGE,),
    "batches": (Kind.BATCH_FAILURE,),
    "centres": (Kind.STAFF_SHORTAGE,),
}


def _local_text(value: Any) -> Any:
    """Let a date stand for its midnight."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes") if value.tzinfo is None else value
    return value.isoformat() if isinstance(value, date) else value


LocalTime = Annotated[
    str,
    BeforeValidator(_local_text, json_schema_input_type=str),
    Field(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?$",
        description="A date, or date and time, as 2026-07-01T08:00",
    ),
]


class Disruption(Section):
    """Something out of the ordinary that begins on a date and ends."""

    name: Name = Field(description="Its name, which no other disruption has")
    kind: Kind = Field(description="What it is")
    start: LocalTime = Field(
        alias="from",
        description="A local date, or date and time, as 2026-07-01 or 2026-07-01T14:30, in the time of each "
        "place that is struck; UTC for a supplier outage",
    )
    days: float | None = quantity(None, unit="day", description="How long it lasts", gt=0, le=3660)
    hours: float | None = quantity(
        None, unit="h", description="How long it lasts, in place of days", gt=0, le=87_840
    )
    countries: Names = Field((), description="Countries that are struck")
    cities: Names = Field((), description="Cities that are struck; everywhere when no place is named")
    centres: Names = Field((), description="Centres that are struck, for staff_shortage")
    load: float | None = quantity(
        None,
        unit="1",
        description="Factor on the load of devices, for tourist_peak (1.5 when absent), holiday (1.3) and "
        "demand (1.5)",
        ge=0,
        le=50,
    )
    manual_hours: float | None = quantity(
        None,
        unit="h",
        description="For ticket_outage: hours that it takes by hand to acknowledge a report; when absent "
        "reports wait for its end",
        ge=0,
        le=1000,
    )
    absent_share: float | None = quantity(
        None,
        unit="1",
        description="For staff_shortage: share of the engineers away, 0.3 when absent",
        gt=0,
        le=1,
    )
    batches: tuple[BatchFailure, ...] = Field((), description="For batch_failure: what fails at once")

    @property
    def length(self) -> float:
        """Return how many hours it lasts; 0 for failures in a batch."""
        if self.hours is not None:
            return self.hours
        return 0.0 if self.days is None else self.days * 24.0


def check_disruptions(s: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with the disruptions of a scenario."""
    names: set[str] = set()
    for number, disruption in enumerate(s.disruptions):
        prefix = f"disruptions.{number}"
        if disruption.name in names:
            yield Problem(
                f"{prefix}.name", shown(disruption.name), phrase("a name that no earlier disruption has")
            )
        names.add(disruption.name)
        yield from _check_time(prefix, disruption, s)
        yield from _check_places(prefix, disruption, s)
        yield from _check_own(prefix, disruption)
        yield from check_batches(f"{prefix}.batches", disruption.batches, s)


def _check_time(prefix: str, d: Disruption, s: Scenario) -> Iterator[Problem]:
    try:
        begins = datetime.fromisoformat(d.start)
    except ValueError:
        yield Problem(f"{prefix}.from", shown(d.start), phrase("a date, or date and time, that exists"))
        return
    if begins.date() < s.start:
        yield Problem(f"{prefix}.from", shown(d.start), phrase("a date from {start} on", start=s.start))
    if d.days is not None and d.hours is not None:
        yield Problem(f"{prefix}.hours", shown(d.hours), phrase("nothing beside `days`"))
    if d.kind is Kind.BATCH_FAILURE:
        for key in ("days", "hours"):
            if getattr(d, key) is not None:
                yield Problem(
                    f"{prefix}.{key}", shown(getattr(d, key)), phrase("nothing: a batch fails at once")
                )
    elif d.days is None and d.hours is None:
        yield Problem(f"{prefix}.days", phrase("nothing"), phrase("how long it lasts: `days` or `hours`"))


def _check_places(prefix: str, d: Disruption, s: Scenario) -> Iterator[Problem]:
    for section in ("countries", "cities", "centres"):
        for number, name in enumerate(getattr(d, section)):
            key = f"{prefix}.{section}.{number}"
            yield from known(key, name, getattr(s, section), section)
            if d.kind is Kind.SUPPLIER_OUTAGE:
                yield Problem(key, shown(name), phrase("no place: a supplier serves everywhere"))


def _check_own(prefix: str, d: Disruption) -> Iterator[Problem]:
    for key, kinds in _OWN.items():
        value = getattr(d, key)
        if value is not None and value != () and d.kind not in kinds:
            yield Problem(
                f"{prefix}.{key}",
                shown(value),
                phrase("nothing unless kind is {kinds}", kinds=_either(kinds)),
            )
    if d.kind is Kind.BATCH_FAILURE and not d.batches:
        yield Problem(f"{prefix}.batches", phrase("nothing"), phrase("at least one: what fails"))


def _either(kinds: tuple[Kind, ...]) -> str:
    """Return kinds as a message lists them, one of which has to be."""
    listed: str = kinds[-1].value
    for kind in reversed(kinds[:-1]):
        listed = phrase("{kind} or {others}", kind=kind.value, others=listed)
    return listed


def struck_cities(d: Disruption, s: Scenario) -> tuple[str, ...]:
    """Return the keys of the cities that a disruption strikes."""
    if not d.countries and not d.cities:
        return tuple(s.cities)
    return tuple(key for key, city in s.cities.items() if key in d.cities or city.country in d.countries)


def struck_centres(d: Disruption, s: Scenario) -> tuple[str, ...]:
    """Return the keys of the centres that a shortage strikes: those named, and those in places named."""
    if not d.centres and not d.countries and not d.cities:
        return tuple(s.centres)
    cities = struck_cities(d, s) if d.countries or d.cities else ()
    return tuple(key for key, centre in s.centres.items() if key in d.centres or centre.city in cities)
