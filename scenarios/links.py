"""Schema sections for how people get from city to city and about in a city: links, and travel inside.

A link is one road, ferry or air leg with the hours around it, when it operates and which weather closes or
slows it. Routes and hours at a time of departure are found in `network`; where the figures come from is
stated in the scenario's `sources`, by dotted key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from scenarios.fields import Money, Name, Section, money, quantity
from scenarios.open_hours import DAYS, parse_week
from scenarios.phrases import message_of, phrase
from scenarios.places import TimeWindow
from scenarios.problems import Problem, known, shown

HOURS_OF_DAY = 24


class Condition(StrEnum):
    """What the weather of a city can be, beside fair."""

    RAIN = "rain"
    STORM = "storm"
    TYPHOON = "typhoon"
    FLOOD = "flood"
    HEAT = "heat"


Slowing = dict[Condition, Annotated[float, Field(strict=True, ge=1, le=50)]]
Traffic = Annotated[
    tuple[Annotated[float, Field(strict=True, gt=0, le=20)], ...],
    Field(min_length=HOURS_OF_DAY, max_length=HOURS_OF_DAY),
]


class Link(Section):
    """A way from one city to another, door to door: access, waiting, ride, border, egress."""

    start: Name = Field(alias="from", description="Key of the city where it begins")
    to: Name = Field(description="Key of the city where it ends")
    mode: Literal["road", "ferry", "air"] = Field(description="road, ferry or air")
    ride_hours: float = quantity(unit="h", description="Ride in fair weather", gt=0, le=1000)
    access_hours: float = quantity(
        0.0,
        unit="h",
        description="From the city at `from` to its terminal; the other way, from it",
        ge=0,
        le=100,
    )
    egress_hours: float = quantity(
        0.0,
        unit="h",
        description="From the terminal into the city at `to`; the other way, to it",
        ge=0,
        le=100,
    )
    wait_hours: float = quantity(
        0.0, unit="h", description="At the terminal before the ride: check-in, next departure", ge=0, le=1000
    )
    border_hours: float = quantity(0.0, unit="h", description="At the border, in all", ge=0, le=100)
    cost: Money = money(description="Fare or mileage of one person for one trip, one way")
    both_ways: bool = Field(
        True, strict=True, description="Whether it also leads back, access and egress exchanged"
    )
    operates: tuple[TimeWindow, ...] = Field(
        (),
        description="Daily windows in which the ride may begin, in local time of the city it leaves; "
        "outside, people wait at the terminal for the next opening; always when empty",
    )
    closed_by: tuple[Condition, ...] = Field((), description="Weather at either end that closes it")
    slowed_by: Slowing = Field(
        default_factory=dict,
        description="Factor on the ride by weather at either end; the worst one counts",
        json_schema_extra={"unit": "1"},
    )


class InsideCity(Section):
    """How people get about in a city: hours = km x circuity / speed x traffic of the hour x weather."""

    speed_kmh: float = quantity(30.0, unit="km/h", description="Mean speed over the day", gt=0, le=200)
    circuity: float = quantity(1.35, unit="1", description="Road length over straight line", ge=1, le=5)
    traffic_by_hour: Traffic = Field(
        (1.0,) * HOURS_OF_DAY,
        description="Factor on the hours of a ride that begins in each hour of the local day, 0 to 23",
        json_schema_extra={"unit": "1"},
    )
    slowed_by: Slowing = Field(
        default_factory=dict,
        description="Factor on the hours by weather; the worst one counts",
        json_schema_extra={"unit": "1"},
    )


class OwnInsideCity(Section):
    """What is different in one city; what is left out is as in the default."""

    speed_kmh: float | None = quantity(None, unit="km/h", description="Mean speed over the day", gt=0, le=200)
    circuity: float | None = quantity(
        None, unit="1", description="Road length over straight line", ge=1, le=5
    )
    traffic_by_hour: Traffic | None = Field(
        None,
        description="Factor on the hours of a ride that begins in each hour of the local day, 0 to 23",
        json_schema_extra={"unit": "1"},
    )
    slowed_by: Slowing | None = Field(
        None, description="Factor on the hours by weather", json_schema_extra={"unit": "1"}
    )


class CityTravel(Section):
    """Travel inside cities: one default, and what differs by city."""

    default: InsideCity = Field(
        default_factory=lambda: InsideCity(), description="Where nothing else is said"
    )
    cities: dict[Name, OwnInsideCity] = Field(default_factory=dict, description="What differs, by city")


def inside(travel: CityTravel, city: str) -> InsideCity:
    """Return how people get about in a city: its own figures, the default's where it has none."""
    own = travel.cities.get(city)
    if own is None:
        return travel.default
    given = {name: value for name in type(own).model_fields if (value := getattr(own, name)) is not None}
    return travel.default.model_copy(update=given)


def operating_hours(link: Link) -> tuple[tuple[float, float], ...]:
    """Return the daily windows of a link in hours of the local day, empty for always.

    Returns
    -------
    tuple
        Opening (0 to below 24) and closing (up to 24 hours later), sorted and disjoint.

    Raises
    ------
    ValueError
        Windows that overlap.
    """
    if not link.operates:
        return ()
    windows = parse_week(dict.fromkeys(DAYS, link.operates)).windows
    day = tuple((begin / 60.0, end / 60.0) for weekday, begin, end in windows if weekday == 0)
    return () if sum(end - begin for begin, end in day) == HOURS_OF_DAY else day


def check_links(links: Mapping[str, Link], travel: CityTravel, cities: Collection[str]) -> Iterator[Problem]:
    """Yield what makes links and travel inside cities unusable although each value alone is allowed.

    Parameters
    ----------
    links
        The scenario's links by name.
    travel
        The scenario's travel inside cities.
    cities
        Keys of the scenario's cities.
    """
    for name, link in links.items():
        for end, city in (("from", link.start), ("to", link.to)):
            yield from known(f"links.{name}.{end}", city, cities, "cities")
        if link.start == link.to:
            yield Problem(f"links.{name}.to", shown(link.to), phrase("another city than `from`"))
        for condition in link.closed_by:
            if condition in link.slowed_by:
                key = f"links.{name}.slowed_by.{condition}"
                yield Problem(
                    key, shown(link.slowed_by[condition]), phrase("nothing: this weather closes the link")
                )
        try:
            operating_hours(link)
        except ValueError as error:
            yield Problem(f"links.{name}.operates", shown(list(link.operates)), message_of(error))
    for city in travel.cities:
        yield from known(f"city_travel.cities.{city}", city, cities, "cities")


def reachable(links: Mapping[str, Link], cities: Collection[str]) -> dict[str, set[str]]:
    """Return the cities that links lead to from each city, itself included."""
    steps: dict[str, set[str]] = {city: {city} for city in cities}
    for link in links.values():
        steps[link.start].add(link.to)
        if link.both_ways:
            steps[link.to].add(link.start)
    grown = True
    while grown:
        grown = False
        for city, reached in steps.items():
            further = set().union(*(steps[step] for step in reached))
            if not further <= reached:
                steps[city] = reached | further
                grown = True
    return steps
