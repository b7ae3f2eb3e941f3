"""`banyan travel`: the way from one place of a scenario to another, with the quality of each figure."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from cli.options import json_option, scenario_argument, set_option
from cli.printing import print_json

if TYPE_CHECKING:
    from scenarios.trips import Figure, Stretch, Trip

_EXAMPLE = """\b
Example:
  banyan travel asean15 kuala-lumpur medan-streets --at 2026-03-02T17:30
"""
#: Somebody starts work at this hour where no time is given.
_MORNING = "08:00"
_AT = re.compile(
    r"(?:(?P<day>\d{4}-\d{2}-\d{2})(?:[T ](?=\S)|$))?(?P<time>\d{2}:\d{2}(?:[+-]\d{2}:\d{2}|Z)?)?"
)
_WORDS = {
    "access": "access",
    "wait": "wait",
    "shut": "until it opens",
    "ride": "ride",
    "border": "border",
    "egress": "egress",
}
_LETTERS = "A primary figure, B secondary copy, C weak, D proxy, R recalled, assumption: ours"


@click.command("travel", epilog=_EXAMPLE)
@scenario_argument
@click.argument("start", metavar="FROM")
@click.argument("to", metavar="TO")
@click.option(
    "--at",
    metavar="TIME",
    default=_MORNING,
    help="Departure in local time of FROM, as 2026-03-02T17:30, or 17:30 on the scenario's first day."
    f" [default: {_MORNING}]",
)
@click.option(
    "--weather",
    metavar="CITY=CONDITION",
    multiple=True,
    help="Weather in a city, as penang=rain; may be repeated. [default: fair]",
)
@set_option
@json_option
def command(
    scenario: str,
    start: str,
    to: str,
    at: str,
    weather: tuple[str, ...],
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    """Show the way that arrives first between two places of SCENARIO.

    FROM and TO are keys of cities, sites or centres. Beside each figure stands the quality of its source, as
    the scenario's `sources` state it.
    """
    from cli.failures import BadInputError
    from cli.scenario_input import read_scenario
    from scenarios.compiling import compile_world
    from scenarios.trips import TripError, describe, find_place

    loaded = read_scenario(scenario, overrides)
    when, conditions = _time(at, loaded.scenario.start), _weather(weather)
    try:
        places = find_place(loaded, "FROM", start), find_place(loaded, "TO", to)
        trip = describe(loaded, compile_world(loaded), *places, when, conditions)
    except TripError as error:
        raise BadInputError(error.what, error.found, error.allowed) from None
    currency = loaded.scenario.currency.code
    if as_json:
        print_json({"scenario": loaded.scenario.name, **_as_json(trip, currency)})
    else:
        _tell(trip, currency)


def _time(text: str, first: date) -> datetime:
    """Return the time that --at gives."""
    from cli.failures import BadInputError

    parts = _AT.fullmatch(text.strip())
    try:
        if not (parts and text.strip()):
            raise ValueError(text)
        return datetime.fromisoformat(f"{parts['day'] or first}T{parts['time'] or _MORNING}")
    except ValueError:
        allowed = "a time, as 2026-03-02T17:30, 2026-03-02T17:30+08:00, 2026-03-02 or 17:30"
        raise BadInputError("--at", repr(text), allowed) from None


def _weather(given: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the conditions by city that --weather gives."""
    from cli.failures import BadInputError
    from scenarios.links import Condition

    found: dict[str, list[str]] = {}
    for text in given:
        city, equals, condition = text.partition("=")
        if not (city and equals and condition in [*Condition]):
            raise BadInputError("--weather", repr(text), f"CITY=CONDITION of {', '.join(Condition)}")
        found.setdefault(city, []).append(condition)
    return found


def _as_json(trip: Trip, currency: str) -> dict[str, Any]:
    """Return a trip as JSON has it; every figure is an object with its quality."""
    from scenarios.default_links import weakest

    letters = [stretch.quality for stretch in trip.stretches]
    return {
        **{end: vars(place) for end, place in (("from", trip.start), ("to", trip.to))},
        "hours": trip.hours,
        "fare": trip.fare,
        "currency": currency,
        "quality": weakest(*letters) if letters else None,
        "legs": [_leg_as_json(stretch) for stretch in trip.stretches],
    }


def _leg_as_json(stretch: Stretch) -> dict[str, Any]:
    return {
        "mode": stretch.mode,
        "link": stretch.link or None,
        "from": stretch.start,
        "to": stretch.to,
        "departs": stretch.departs.isoformat(timespec="seconds"),
        "arrives": stretch.arrives.isoformat(timespec="seconds"),
        "hours": {part: vars(figure) for part, figure in stretch.hours.items()},
        "fare": vars(stretch.fare) if stretch.fare.value else None,
    }


def _tell(trip: Trip, currency: str) -> None:
    """Print a trip, one paragraph a leg."""
    for stretch in trip.stretches:
        name = (
            "in the city" if stretch.mode == "city" else " ".join(filter(None, (stretch.mode, stretch.link)))
        )
        click.echo(f"{stretch.start} to {stretch.to}: {name}")
        click.echo(f"  {stretch.departs:%a %Y-%m-%d %H:%M} to {_arrival(stretch)}, local times")
        for part, figure in stretch.hours.items():
            click.echo(_line(_WORDS[part], figure, "h"))
        if stretch.fare.value:
            click.echo(_line("fare", stretch.fare, currency))
    if not trip.stretches:
        click.echo(f"{trip.start.key}: nowhere to go")
        return
    click.echo(f"{trip.hours:.2f} h door to door, {trip.fare:,.2f} {currency} for one person")
    click.echo(f"Quality of figures: {_LETTERS}.")


def _arrival(stretch: Stretch) -> str:
    same_day = stretch.arrives.date() == stretch.departs.date()
    return f"{stretch.arrives:%H:%M}" if same_day else f"{stretch.arrives:%a %Y-%m-%d %H:%M}"


def _line(words: str, figure: Figure, unit: str) -> str:
    return f"    {words:<16} {figure.value:>8,.2f} {unit:<4} {figure.quality}"
