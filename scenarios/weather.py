"""Schema sections for the weather: the climate of each city, and what each condition does while it lasts.

Which weather closes or slows travel is in `links`; weather that comes on a given date is in `disruptions`.
What comes up in a replication is drawn in `sim.conditions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import ConfigDict, Field, model_validator

from scenarios.fields import Duration, Name, Section, quantity
from scenarios.links import Condition
from scenarios.phrases import phrase
from scenarios.places import TimeWindow
from scenarios.problems import Problem, known, shown

if TYPE_CHECKING:
    from scenarios.schema import Scenario

MONTHS = 12
_S = TypeVar("_S", bound=Section)
#: Days with a spell of one condition: February has no more.
_Days = Annotated[float, Field(strict=True, ge=0, le=28)]
ByMonth = Annotated[
    tuple[_Days, ...],
    Field(min_length=MONTHS, max_length=MONTHS, json_schema_extra={"unit": "1/month"}),
]


#: Spells of each condition, where a scenario says nothing else: assumptions.
SPELLS: dict[str, dict[str, Any]] = {
    "rain": {"begins": "12:00-20:00", "hours": {"distribution": "gamma", "mean": 2.5, "cv": 0.8}},
    "storm": {"hours": {"distribution": "gamma", "mean": 6.0, "cv": 0.5}},
    "typhoon": {"hours": {"distribution": "gamma", "mean": 24.0, "cv": 0.4}},
    "flood": {"hours": {"distribution": "gamma", "mean": 36.0, "cv": 0.6}},
    "heat": {"begins": "10:00-11:00", "hours": 7.0},
}
#: What each condition does, where a scenario says nothing else: assumptions, but for the standstill in rain
#: (in a published case seven days of it put outdoor work back by ten).
EFFECTS: dict[str, dict[str, Any]] = {
    "rain": {"failures": 1.1, "standstill": 1.43},
    "storm": {"failures": 1.5, "standstill": 1.0},
    "typhoon": {"failures": 3.0, "standstill": 1.0},
    "flood": {"failures": 2.0, "standstill": 1.0},
    "heat": {"failures": 1.2, "standstill": 0.0},
}


def _filled(presets: dict[str, dict[str, Any]], value: Any) -> Any:
    """Return a section by condition with the presets of what it leaves out."""
    if not isinstance(value, dict):
        return value
    given = {name: value.get(name, {}) for name in presets}
    known = {
        name: {**preset, **given[name]} if isinstance(given[name], dict) else given[name]
        for name, preset in presets.items()
    }
    return {**value, **known}


def _preset(kind: type[_S], values: dict[str, Any]) -> _S:
    return kind.model_validate(values)


def _nothing_required(schema: dict[str, Any]) -> None:
    """Let a JSON Schema say that presets fill what a section leaves out."""
    schema.pop("required", None)


class Spell(Section):
    """One spell of a condition: when it begins, and how long it lasts."""

    model_config = ConfigDict(json_schema_extra=_nothing_required)

    begins: TimeWindow = Field(
        "00:00-24:00", description="Local time of day in which it begins, every instant alike"
    )
    hours: Duration = Field(description="How long it lasts")


class Spells(Section):
    """The spells of each condition, in every city alike; what one leaves out is as below."""

    rain: Spell = Field(
        default_factory=lambda: _preset(Spell, SPELLS["rain"]),
        description="In the afternoon (12:00-20:00), 2.5 h on the average",
    )
    storm: Spell = Field(
        default_factory=lambda: _preset(Spell, SPELLS["storm"]), description="At any time, 6 h on the average"
    )
    typhoon: Spell = Field(
        default_factory=lambda: _preset(Spell, SPELLS["typhoon"]),
        description="At any time, 24 h on the average",
    )
    flood: Spell = Field(
        default_factory=lambda: _preset(Spell, SPELLS["flood"]),
        description="At any time, 36 h on the average",
    )
    heat: Spell = Field(
        default_factory=lambda: _preset(Spell, SPELLS["heat"]), description="From 10:00-11:00, 7 h"
    )

    @model_validator(mode="before")
    @classmethod
    def _with_presets(cls, value: Any) -> Any:
        return _filled(SPELLS, value)


class CityClimate(Section):
    """How often each condition comes up in a city; none where it is silent."""

    rain: ByMonth = Field((0.0,) * MONTHS, description="Days with rain, January to December")
    storm: ByMonth = Field((0.0,) * MONTHS, description="Days on which a storm begins")
    typhoon: ByMonth = Field((0.0,) * MONTHS, description="Days on which a typhoon begins")
    flood: ByMonth = Field((0.0,) * MONTHS, description="Days on which a flood begins")
    heat: ByMonth = Field((0.0,) * MONTHS, description="Days of great heat")


class Climate(Section):
    """The climate of cities: spells are drawn by it, each day and city on its own."""

    spells: Spells = Field(
        default_factory=lambda: Spells.model_validate({}), description="When spells begin, how long they last"
    )
    cities: dict[Name, CityClimate] = Field(
        default_factory=dict, description="Mean number of days a month, by city; fair weather elsewhere"
    )


class BatchFailure(Section):
    """Failures of many devices at once: one work order at each site that is struck."""

    fault_type: Name = Field(description="Key of the fault type; its `devices_down` are out of service")
    device_type: Name | None = Field(
        None, description="Only sites with devices of this type; all sites when absent"
    )
    probability: float = quantity(1.0, unit="1", description="Chance of each site to be struck", ge=0, le=1)


class ConditionEffect(Section):
    """What a condition does while it lasts, beside travel."""

    failures: float = quantity(
        1.0,
        unit="1",
        description="Factor on failure rates; a device type's own `weather` goes first",
        ge=0,
        le=50,
    )
    standstill: float = quantity(
        0.0,
        unit="1",
        description="Outdoor work stands still for so many times the spell's length, from its beginning",
        ge=0,
        le=10,
    )
    batches: tuple[BatchFailure, ...] = Field((), description="Failures in batches as it begins")


class Effects(Section):
    """What each condition does beside travel; of several at once the largest factor counts.

    What one leaves out is as below.
    """

    rain: ConditionEffect = Field(
        default_factory=lambda: _preset(ConditionEffect, EFFECTS["rain"]),
        description="Failures 1.1, standstill 1.43",
    )
    storm: ConditionEffect = Field(
        default_factory=lambda: _preset(ConditionEffect, EFFECTS["storm"]),
        description="Failures 1.5, standstill 1",
    )
    typhoon: ConditionEffect = Field(
        default_factory=lambda: _preset(ConditionEffect, EFFECTS["typhoon"]),
        description="Failures 3, standstill 1",
    )
    flood: ConditionEffect = Field(
        default_factory=lambda: _preset(ConditionEffect, EFFECTS["flood"]),
        description="Failures 2, standstill 1",
    )
    heat: ConditionEffect = Field(
        default_factory=lambda: _preset(ConditionEffect, EFFECTS["heat"]),
        description="Failures 1.2, standstill 0",
    )

    @model_validator(mode="before")
    @classmethod
    def _with_presets(cls, value: Any) -> Any:
        return _filled(EFFECTS, value)


def effect_of(effects: Effects, condition: Condition) -> ConditionEffect:
    """Return what a condition does."""
    found: ConditionEffect = getattr(effects, condition)
    return found


def check_weather(s: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with the climate and the effects of the weather."""
    for city in s.climate.cities:
        yield from known(f"climate.cities.{city}", city, s.cities, "cities")
    for condition in Condition:
        yield from check_batches(f"effects.{condition}.batches", effect_of(s.effects, condition).batches, s)


def check_batches(prefix: str, batches: tuple[BatchFailure, ...], s: Scenario) -> Iterator[Problem]:
    """Yield batches whose fault or device type is not there, and those that are told apart by nothing."""
    seen: set[tuple[str, str | None]] = set()
    for number, batch in enumerate(batches):
        key = f"{prefix}.{number}"
        yield from known(f"{key}.fault_type", batch.fault_type, s.fault_types, "fault_types")
        if batch.device_type is not None:
            yield from known(f"{key}.device_type", batch.device_type, s.device_types, "device_types")
        if (batch.fault_type, batch.device_type) in seen:
            yield Problem(
                f"{key}.fault_type", shown(batch.fault_type), phrase("each fault and device type once")
            )
        seen.add((batch.fault_type, batch.device_type))


def weather_factors(weather: Mapping[Condition, float], effects: Effects) -> dict[Condition, float]:
    """Return the factor on a device type's failure rate by condition: its own, else that of all."""
    return {c: weather.get(c, effect_of(effects, c).failures) for c in Condition}
