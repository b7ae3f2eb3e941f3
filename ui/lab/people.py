"""Who works where, and what people who are added would be: groups of engineers by city, pay by level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from scenarios.fields import Level
from ui.lab.study import free_name


@dataclass(frozen=True)
class Group:
    """A group of engineers of a scenario.

    Parameters
    ----------
    centre, name
        Keys of its centre and of itself.
    content
        The group as the document has it.
    """

    centre: str
    name: str
    content: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Return its dotted key."""
        return f"centres.{self.centre}.engineers.{self.name}"


def groups(document: Mapping[str, Any]) -> Iterator[Group]:
    """Yield every group of engineers."""
    for centre, content in document["centres"].items():
        for name, group in content["engineers"].items():
            yield Group(centre, name, group)


def cities_with_centres(document: Mapping[str, Any]) -> list[str]:
    """Return the cities that have a centre where people can work, in the scenario's order of cities."""
    found = {c["city"] for c in document["centres"].values() if c["level"] != "partner"}
    return [city for city in document["cities"] if city in found]


def groups_in(document: Mapping[str, Any], city: str) -> list[Group]:
    """Return the groups of the centres in a city."""
    return [g for g in groups(document) if document["centres"][g.centre]["city"] == city]


def suggested_pay(document: Mapping[str, Any], like: Mapping[str, Any], level: str) -> float:
    """Return what an hour of somebody like those of a group costs at another level.

    It is their pay times what that level costs over theirs where a centre has both, or in the whole network
    where none has; their own pay where the level is nowhere.

    Parameters
    ----------
    document
        The scenario.
    like
        The group.
    level
        The level.
    """
    pay = float(like.get("cost_per_hour") or 0.0)
    own = str(like["level"])
    if level == own:
        return pay
    by_centre: dict[str, dict[str, list[float]]] = {}
    for group in groups(document):
        cost = float(group.content.get("cost_per_hour") or 0.0)
        if cost > 0.0:
            by_centre.setdefault(group.centre, {}).setdefault(str(group.content["level"]), []).append(cost)
    ratios = [median(c[level]) / median(c[own]) for c in by_centre.values() if level in c and own in c]
    if not ratios:
        here = [cost for c in by_centre.values() for cost in c.get(level, ())]
        there = [cost for c in by_centre.values() for cost in c.get(own, ())]
        ratios = [median(here) / median(there)] if here and there else []
    return round(pay * median(ratios), 2) if ratios else pay


def added_group(like: Mapping[str, Any], level: str, number: int, pay: float) -> dict[str, Any]:
    """Return a new group: people like those of another, at a level that holds for all their skills.

    Parameters
    ----------
    like
        The group whose skills, shift, languages, passes and van they share.
    level
        Their level.
    number
        How many they are.
    pay
        Pay for an hour.
    """
    skills = like["skills"]
    return {
        **like,
        "count": number,
        "level": level,
        "skills": dict.fromkeys(skills, level),
        "cost_per_hour": pay,
    }


def group_name(document: Mapping[str, Any], centre: str, level: str) -> str:
    """Return a free name for a group of a level at a centre."""
    return free_name(f"{level}s", set(document["centres"][centre]["engineers"]))


def level_added(name: str) -> str:
    """Return the level of a group that `group_name` named; empty for other groups."""
    return next((level for level in LEVELS if name == f"{level}s" or name.startswith(f"{level}s-")), "")


#: Levels in order.
LEVELS = tuple(level.value for level in Level)
