"""Schema sections for where things are: countries, cities, calendars, customers, sites, travel."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from scenarios.fields import CityTier, Day, Money, Name, Names, Section, money, quantity


class Weekday(StrEnum):
    """Days of the week as calendars name them."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


def _round_the_clock(value: Any) -> Any:
    """Let "24x7" stand for a week without a closed minute."""
    return {day.value: ["00:00-24:00"] for day in Weekday} if value == "24x7" else value


TimeWindow = Annotated[
    str,
    Field(
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
        description="Local time from-to, as 08:00-17:00; an end before the start is on the next day",
    ),
]
_Windows = dict[Weekday, tuple[TimeWindow, ...]]
Week = Annotated[
    _Windows, BeforeValidator(_round_the_clock, json_schema_input_type=Literal["24x7"] | _Windows)
]


class Calendar(Section):
    """Weekly hours in a place's own time zone: a shift, or the hours in which an SLA clock runs."""

    hours: Week = Field(description='Windows of local time by day of the week, or "24x7"')
    holidays: Literal["closed", "open"] = Field(
        "closed", description="Whether the place's public holidays are closed days (24x7 never closes)"
    )

    @property
    def always(self) -> bool:
        """Return whether the week has no closed minute."""
        return all(self.hours.get(day) == ("00:00-24:00",) for day in Weekday)


class Country(Section):
    """A country, with the response zone that its sites belong to."""

    name: str = Field(description="Name shown to people", min_length=1, max_length=80)
    zone: Name = Field(description="Response zone, for instance near or far; never guessed")
    holidays: str | None = Field(
        None, description="ISO 3166 code whose public holidays apply; none when absent", pattern=r"^[A-Z]{2}$"
    )
    extra_holidays: tuple[Day, ...] = Field((), description="Further closed days")
    working_holidays: tuple[Day, ...] = Field((), description="Public holidays on which people work")


class City(Section):
    """A city: its position, time zone and tier."""

    name: str = Field(description="Name shown to people", min_length=1, max_length=80)
    country: Name = Field(description="Key of its country")
    lat: float = quantity(unit="degree", description="Latitude of the centre", ge=-90, le=90)
    lon: float = quantity(unit="degree", description="Longitude of the centre", ge=-180, le=180)
    time_zone: str = Field(description="IANA time zone, as Asia/Kuala_Lumpur")
    tier: CityTier = Field(1, description="Size class, 1 (first tier) to 4")
    subdivision: str | None = Field(
        None, description="State or province whose public holidays apply, as the holidays package codes it"
    )


class CustomerTier(Section):
    """A class of customers, with the weight that urgent work gets in dispatch."""

    weight: float = quantity(1.0, unit="1", description="Weight in SLA priorities", gt=0, le=1000)


class Customer(Section):
    """Who owns sites and holds the entitlement."""

    name: str = Field(description="Name shown to people", min_length=1, max_length=120)
    tier: Name = Field(description="Key of its customer tier")


class Site(Section):
    """One customer project at a point in or around a city."""

    name: str = Field("", description="Name shown to people", max_length=120)
    city: Name = Field(description="Key of its city")
    customer: Name = Field(description="Key of its customer")
    lat: float | None = quantity(
        None, unit="degree", description="Latitude; the city's when absent", ge=-90, le=90
    )
    lon: float | None = quantity(
        None, unit="degree", description="Longitude; the city's when absent", ge=-180, le=180
    )
    devices: dict[Name, Annotated[int, Field(strict=True, ge=0, le=10_000_000)]] = Field(
        description="Number of devices in service, by device type"
    )
    centre: Name | None = Field(
        None, description="Home centre for reports and parts; the nearest serving centre when absent"
    )
    languages: Names = Field(
        (), description="Languages spoken there, of which one is enough; nobody is asked for one when empty"
    )
    security_pass: Name | None = Field(None, description="Pass without which nobody may work there")


class Travel(Section):
    """Door-to-door hours between sites and centres."""

    method: Literal["great_circle", "matrix", "network"] = Field(
        "great_circle",
        description="great_circle: distance x circuity / speed; matrix: the hours given in `hours`; "
        "network: `links` between cities and `city_travel` inside them, at the time of departure",
    )
    speed_kmh: float = quantity(30.0, unit="km/h", description="Speed inside a city", gt=0, le=200)
    circuity: float = quantity(
        1.35, unit="1", description="Road length over straight line inside a city", ge=1, le=5
    )
    intercity_speed_kmh: float = quantity(
        60.0, unit="km/h", description="Door-to-door speed between cities", gt=0, le=900
    )
    intercity_circuity: float = quantity(
        1.3, unit="1", description="Road length over straight line between cities", ge=1, le=5
    )
    hours: dict[Name, dict[Name, Annotated[float, Field(strict=True, ge=0, le=10_000)]]] = Field(
        default_factory=dict,
        description="Hours by from and to (sites and centres); a missing direction is read from the other",
        json_schema_extra={"unit": "h"},
    )
    cost_per_hour: float = quantity(
        0.0, unit="currency/h", description="Cost of travel beside the engineer's pay", ge=0, le=1e6
    )
    cost_per_night: Money = money(
        description="Lodging and allowance of a night in another city", unit="currency/night"
    )
