"""How the periods between dated changes fit together: dates in order, and nothing changed that cannot.

Each period on its own is the business of `checks`. What is refused here would be possible in the document but
has no meaning in one simulated run: a place that moves, a finite population that grows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from scenarios.phrases import Phrase, phrase
from scenarios.problems import Problem, shown
from scenarios.schema import Scenario


def check_change_dates(scenario: Scenario) -> list[Problem]:
    """Return what is wrong with the dates of the changes: they come after the start, in order."""
    problems = []
    previous = scenario.start
    for number, change in enumerate(scenario.changes):
        if change.start <= previous:
            problems.append(
                Problem(
                    f"changes.{number}.from",
                    str(change.start),
                    phrase("a date after {previous}", previous=previous),
                )
            )
        previous = max(previous, change.start)
    return problems


def check_against(earlier: Sequence[Scenario], changed: Scenario) -> list[Problem]:
    """Return what a changed scenario has that the periods before it rule out.

    Parameters
    ----------
    earlier
        The scenario in each period before, from the first.
    changed
        The scenario from the change on, without problems of its own.

    Returns
    -------
    list
        Problems by the dotted key in the changed scenario.
    """
    return [*_check_positions(earlier, changed), *_check_populations(earlier, changed)]


def _first(earlier: Sequence[Scenario], section: str, key: str) -> Any:
    """Return what a key of a section stands for in the first period that has it, None if none has."""
    return next((getattr(s, section)[key] for s in earlier if key in getattr(s, section)), None)


def _check_positions(earlier: Sequence[Scenario], changed: Scenario) -> Iterator[Problem]:
    """Yield sites and centres that move."""
    for section in ("sites", "centres"):
        for key, place in getattr(changed, section).items():
            before = _first(earlier, section, key)
            if before is None:
                continue
            if place.city != before.city:
                yield Problem(f"{section}.{key}.city", shown(place.city), _stays(before.city))
                continue
            city = changed.cities[place.city]
            for field in ("lat", "lon"):
                old, new = (getattr(city if getattr(p, field) is None else p, field) for p in (before, place))
                if new != old:
                    yield Problem(f"{section}.{key}.{field}", shown(getattr(place, field)), _stays(old))


def _stays(value: Any) -> Phrase:
    return phrase("{value}, as before: a place does not move, add another one", value=shown(value))


def _check_populations(earlier: Sequence[Scenario], changed: Scenario) -> Iterator[Problem]:
    """Yield device types that become finite or infinite, and finite ones whose numbers change at a site."""
    for key, kind in changed.device_types.items():
        before = _first(earlier, "device_types", key)
        if before is not None and kind.population != before.population:
            yield Problem(
                f"device_types.{key}.population",
                shown(kind.population),
                phrase("{population!r}, as before", population=before.population),
            )
        if kind.population == "infinite":
            continue
        for site_key, site in changed.sites.items():
            site_before = _first(earlier, "sites", site_key)
            if site_before is None:
                continue
            old, new = site_before.devices.get(key, 0), site.devices.get(key, 0)
            if new != old:
                allowed = phrase("{number}, as before: a finite population stays as it is", number=old)
                yield Problem(f"sites.{site_key}.devices.{key}", shown(new), allowed)
