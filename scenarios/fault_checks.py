"""What fault types and after-care must fulfil beyond their schema: references, chances, ways to an end."""

from __future__ import annotations

import math
from collections.abc import Iterator

from scenarios.fault_compiling import MISDIAGNOSED, chances, stages_of
from scenarios.fields import Level
from scenarios.phrases import phrase
from scenarios.problems import Problem, known
from scenarios.schema import Scenario
from scenarios.work import FaultType, Stage

_TOLERANCE = 1e-6
#: Sections of a fault type that only matter on site.
_ON_SITE = ("misdiagnosis", "ar", "crew", "remote_expert")


def check_fault_types(s: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with the fault types of a scenario."""
    for key, fault in s.fault_types.items():
        prefix = f"fault_types.{key}"
        if fault.part is not None:
            yield from known(f"{prefix}.part.part", fault.part.part, s.parts, "parts")
        if fault.remote is not None and fault.remote.opens is not None:
            yield from known(f"{prefix}.remote.opens", fault.remote.opens, s.calendars, "calendars")
        for field in ("misdiagnosis", "remote_expert"):
            skill = getattr(getattr(fault, field), "skill", None)
            if skill is not None:
                yield from known(f"{prefix}.{field}.skill", skill, s.skills, "skills")
        if fault.stages:
            yield from _check_stages(prefix, fault, s)
        else:
            yield from _check_visit(prefix, fault, s)


def check_aftercare(s: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with the after-care of a scenario."""
    for field in ("follow_up", "complaints"):
        opens = getattr(getattr(s.aftercare, field), "opens", None)
        if opens is not None:
            yield from known(f"aftercare.{field}.opens", opens, s.calendars, "calendars")


def _check_visit(prefix: str, fault: FaultType, s: Scenario) -> Iterator[Problem]:
    if fault.skill is None:
        yield Problem(f"{prefix}.skill", phrase("nothing"), phrase("a skill domain, or `stages`"))
    else:
        yield from known(f"{prefix}.skill", fault.skill, s.skills, "skills")
    if fault.work_hours is None:
        yield Problem(f"{prefix}.work_hours", phrase("nothing"), phrase("a duration, or `stages`"))
    if all(level.rank > fault.level.rank for level in fault.first_time_fix):
        yield Problem(
            f"{prefix}.first_time_fix",
            ", ".join(fault.first_time_fix),
            phrase(
                "a chance for {level}, the lowest level that may do it, or for a lower one", level=fault.level
            ),
        )


def _check_stages(prefix: str, fault: FaultType, s: Scenario) -> Iterator[Problem]:
    for field in ("skill", "work_hours"):
        if getattr(fault, field) is not None:
            yield Problem(f"{prefix}.{field}", phrase("a value"), phrase("nothing beside `stages`"))
    if fault.first_time_fix != {Level.JUNIOR: 1.0}:
        found = ", ".join(f"{chance:g}" for chance in fault.first_time_fix.values())
        yield Problem(f"{prefix}.first_time_fix", found, phrase("1 beside `stages`: use `next`"))
    if fault.misdiagnosis is not None and MISDIAGNOSED in fault.stages:
        allowed = phrase("another name: it is that of the visit of a wrong diagnosis")
        yield Problem(f"{prefix}.stages.{MISDIAGNOSED}", phrase("a stage"), allowed)
    yield from _check_site_work(prefix, fault)
    for name, stage in fault.stages.items():
        yield from known(f"{prefix}.stages.{name}.skill", stage.skill, s.skills, "skills")
        for key, following in _ways(stage):
            yield from _check_chances(f"{prefix}.stages.{name}.{key}", following, fault, prefix)
    yield from _check_ends(prefix, fault)


def _check_site_work(prefix: str, fault: FaultType) -> Iterator[Problem]:
    """Yield what is only done on site where no stage is on site, or at a stage that is not."""
    if not any(stage.on_site for stage in fault.stages.values()):
        given = {
            "diagnosis_hours": fault.diagnosis_hours.expected > 0.0,
            **{name: getattr(fault, name) is not None for name in _ON_SITE},
        }
        for name in (n for n, there in given.items() if there):
            yield Problem(f"{prefix}.{name}", phrase("a value"), phrase("nothing: no stage is on site"))
    for key, stage in fault.stages.items():
        for name in ("ar", "crew"):
            if not stage.on_site and getattr(stage, name) is not None:
                yield Problem(
                    f"{prefix}.stages.{key}.{name}",
                    phrase("a value"),
                    phrase("nothing: the stage is not on site"),
                )


def _ways(stage: Stage) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield each mapping of what follows a stage, with its key."""
    yield "next", stage.next
    for level, following in stage.next_by_level.items():
        yield f"next_by_level.{level}", following


def _check_chances(key: str, following: dict[str, float], fault: FaultType, prefix: str) -> Iterator[Problem]:
    for target in following:
        yield from known(f"{key}.{target}", target, fault.stages, f"{prefix}.stages")
    if math.fsum(following.values()) > 1.0 + _TOLERANCE:
        yield Problem(key, phrase("chances that exceed 1"), phrase("chances that add up to at most 1"))


def _check_ends(prefix: str, fault: FaultType) -> Iterator[Problem]:
    """Yield the stages from which no order ever ends if people of one level do all of its visits."""
    stages = stages_of(fault)
    told: set[str] = set()
    for rank in range(len(Level)):
        ways = {name: chances(stage, max(rank, stage.level.rank)) for name, stage in stages.items()}
        ending = {name for name, way in ways.items() if math.fsum(way.values()) < 1.0 - _TOLERANCE}
        while grown := {
            name
            for name, way in ways.items()
            if name not in ending and any(p > 0 and f in ending for f, p in way.items())
        }:
            ending |= grown
        for name in stages:
            if name not in ending and name not in told:
                told.add(name)
                yield Problem(
                    f"{prefix}.stages.{name}.next",
                    phrase("a stage from which no order ever ends"),
                    phrase("a way to an end"),
                )
