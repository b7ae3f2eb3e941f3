"""Building blocks of the scenario schema: names, numbers with units, durations, money.

Each field carries its description, unit and range once; the JSON Schema, the documentation, the messages and
the forms read them from here. What the sections mean together is checked in `checks`.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from scenarios.phrases import phrase


class Section(BaseModel):
    """A part of a scenario: unknown keys are refused, values are immutable and never NaN."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, validate_default=True)


Name = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
        description="A name of up to 64 letters, digits, _ and -",
    ),
]


def quantity(
    default: Any = ...,
    *,
    unit: str,
    description: str,
    ge: float | None = None,
    gt: float | None = None,
    lt: float | None = None,
    le: float | None = None,
) -> Any:
    """Return a pydantic field for a number that has a unit.

    Parameters
    ----------
    default
        Value when the scenario is silent; `...` makes the field required.
    unit
        Unit of the figure, "1" for shares and multipliers.
    description
        What the figure means.
    ge, gt, lt, le
        Allowed range.
    """
    return Field(
        default,
        description=description,
        strict=True,
        ge=ge,
        gt=gt,
        lt=lt,
        le=le,
        json_schema_extra={"unit": unit},
    )


class Level(StrEnum):
    """Certification of an engineer, and the lowest one that a job asks for."""

    JUNIOR = "junior"
    INTERMEDIATE = "intermediate"
    SENIOR = "senior"
    EXPERT = "expert"

    @property
    def rank(self) -> int:
        """Return 0 for junior to 3 for expert."""
        return list(Level).index(self)


class Severity(StrEnum):
    """Technical impact of a fault."""

    MINOR = "minor"
    NORMAL = "normal"
    MAJOR = "major"
    EMERGENCY = "emergency"

    @property
    def priority(self) -> int:
        """Return the default priority, 1 (emergency, most urgent) to 4 (minor)."""
        return 4 - list(Severity).index(self)


def _constant_from_number(value: Any) -> Any:
    """Let a plain number stand for a constant duration."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return {"distribution": "constant", "mean": value}


class Distribution(Section):
    """A random number of hours. A plain number stands for a constant."""

    distribution: Literal[
        "constant", "exponential", "uniform", "triangular", "gamma", "lognormal", "hyperexponential"
    ] = Field(
        description="Family; constant and exponential need mean; gamma, lognormal and hyperexponential "
        "(two phases with balanced means, cv of at least 1) need mean and cv; uniform needs low and high; "
        "triangular needs low, mode and high"
    )
    mean: float | None = quantity(None, unit="h", description="Mean", ge=0, le=1e6)
    cv: float | None = quantity(None, unit="1", description="Coefficient of variation", gt=0, le=20)
    low: float | None = quantity(None, unit="h", description="Smallest value", ge=0, le=1e6)
    mode: float | None = quantity(None, unit="h", description="Most likely value", ge=0, le=1e6)
    high: float | None = quantity(None, unit="h", description="Largest value", ge=0, le=1e6)

    @property
    def parameters(self) -> tuple[str, ...]:
        """Return the names of the figures that this family needs."""
        return PARAMETERS[self.distribution]

    @cached_property
    def logarithmic(self) -> tuple[float, float]:
        """Return mean and standard deviation of the logarithm, for a lognormal duration above 0."""
        variance = math.log1p(_given(self.cv) ** 2)
        return math.log(_given(self.mean)) - variance / 2.0, math.sqrt(variance)

    @cached_property
    def expected(self) -> float:
        """Return the mean in hours."""
        if self.distribution == "uniform":
            return (_given(self.low) + _given(self.high)) / 2
        if self.distribution == "triangular":
            return (_given(self.low) + _given(self.mode) + _given(self.high)) / 3
        return _given(self.mean)


PARAMETERS: dict[str, tuple[str, ...]] = {
    "constant": ("mean",),
    "exponential": ("mean",),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "gamma": ("mean", "cv"),
    "lognormal": ("mean", "cv"),
    "hyperexponential": ("mean", "cv"),
}


def _given(value: float | None) -> float:
    return math.nan if value is None else value


_Hours = Annotated[float, Field(ge=0, le=1e6, json_schema_extra={"unit": "h"})]
Duration = Annotated[
    Distribution, BeforeValidator(_constant_from_number, json_schema_input_type=Distribution | _Hours)
]


class DayDistribution(Distribution):
    """A random number of days. A plain number stands for a constant."""

    mean: float | None = quantity(None, unit="day", description="Mean", ge=0, le=3660)
    low: float | None = quantity(None, unit="day", description="Smallest value", ge=0, le=3660)
    mode: float | None = quantity(None, unit="day", description="Most likely value", ge=0, le=3660)
    high: float | None = quantity(None, unit="day", description="Largest value", ge=0, le=3660)


_Days = Annotated[float, Field(ge=0, le=3660, json_schema_extra={"unit": "day"})]
Days = Annotated[
    DayDistribution,
    BeforeValidator(_constant_from_number, json_schema_input_type=DayDistribution | _Days),
]


def listed(value: Any) -> Any:
    """Let a single value stand for a list of one."""
    return value if isinstance(value, list | tuple) or value is None else [value]


CityTier = Annotated[int, Field(strict=True, ge=1, le=4)]
CityTiers = Annotated[
    tuple[CityTier, ...], BeforeValidator(listed, json_schema_input_type=CityTier | tuple[CityTier, ...])
]
Names = Annotated[tuple[Name, ...], BeforeValidator(listed, json_schema_input_type=Name | tuple[Name, ...])]
Severities = Annotated[
    tuple[Severity, ...], BeforeValidator(listed, json_schema_input_type=Severity | tuple[Severity, ...])
]


def _day(value: Any) -> Any:
    """Refuse what pydantic would also take for a date: numbers as seconds since 1970, and times."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("day_that_exists", "a date that exists") from None
    raise PydanticCustomError("day", "a date, as 2026-07-01")


Day = Annotated[date, BeforeValidator(_day)]


#: Highest worth of one unit of a currency in another.
HIGHEST_RATE = 1e9


def _in_scenario_currency(value: Any, info: ValidationInfo) -> Any:
    """Turn "200 CNY" into the scenario's currency with the rates that the scenario states."""
    if not isinstance(value, str):
        return value
    rates: dict[str, Any] = (info.context or {}).get("rates", {})
    amount, _, code = value.strip().partition(" ")
    try:
        number = float(amount)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or code not in rates:
        allowed = ", ".join(sorted(map(str, rates))) or phrase("none is stated in currency.rates")
        raise PydanticCustomError(
            "money", "a number, or an amount with a currency code ({allowed})", {"allowed": allowed}
        )
    rate = rates[code]
    usable = isinstance(rate, int | float) and not isinstance(rate, bool) and 0 < rate <= HIGHEST_RATE
    return number * rate if usable else 0.0  # a rate that cannot be is refused under its own key


_Amount = Annotated[float, Field(ge=0, le=1e12)]
Money = Annotated[
    float,
    BeforeValidator(_in_scenario_currency, json_schema_input_type=_Amount | str),
    Field(strict=True, ge=0, le=1e12),
]


def money(default: Any = 0.0, *, description: str, unit: str = "currency") -> Any:
    """Return a pydantic field for an amount in the scenario's currency (see `Money`)."""
    return Field(default, description=description, json_schema_extra={"unit": unit})
