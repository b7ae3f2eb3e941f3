"""What is possible in a scenario but doubtful: plans that contradict themselves, work that nobody can do.

Each doubt is a `Warn` with a stable code and the dotted key of what causes it. What cannot be at all is
refused in `checks`; whether service levels can be kept is asked in `sla_doubts`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from scenarios.loading import LoadedScenario
from scenarios.people_specs import Queue
from scenarios.problems import Warn
from scenarios.schema import Scenario
from scenarios.sla_doubts import since, sla_doubts
from scenarios.workload import Workload
from scenarios.world import PeriodSpec, World

_SHARE_TOLERANCE = 1e-6


def doubts(loaded: LoadedScenario, world: World) -> list[Warn]:
    """Return everything about a usable scenario that its author may not have meant.

    Parameters
    ----------
    loaded
        The scenario as it was read, with its dated changes.
    world
        The same scenario, compiled.

    Returns
    -------
    list
        Warnings by code and key, each key at most once per code.
    """
    found = [
        *_check_headcount(loaded),
        *_check_backbone(loaded),
        *_check_budget(loaded.scenario),
        *_check_dates(loaded, world),
        *_check_duty(world),
        *_check_engineers(loaded, world),
        *sla_doubts(loaded, world),
        *_check_use(loaded, world),
    ]
    return list({(warn.code, warn.key): warn for warn in reversed(found)}.values())[::-1]


def _check_dates(loaded: LoadedScenario, world: World) -> Iterator[Warn]:
    """Yield a warning for what comes only after the run."""
    s = loaded.scenario
    end = s.start + timedelta(days=s.days)
    late = [str(change.start) for change in s.changes if change.start >= end]
    yield from _after_the_run("changes", late, len(s.changes), s.days)
    begins = (
        {d.name for d in world.weather.disruptions if d.begin < world.horizon} if world.weather else set()
    )
    begins |= {d.name for d in s.disruptions if d.kind == "staff_shortage"}
    missed = [f"{d.name} ({d.start})" for d in s.disruptions if d.name not in begins]
    yield from _after_the_run("disruptions", missed, len(s.disruptions), s.days)


def _after_the_run(key: str, late: list[str], count: int, days: float) -> Iterator[Warn]:
    if late:
        listed = ", ".join(late[:3]) + (", …" if len(late) > 3 else "")
        yield Warn("W-date", key, f"{len(late)} of {count} come after the run of {days:g} days: {listed}")


def _heads(s: Scenario) -> dict[str, int]:
    """Return the engineers by level of their centre."""
    heads: dict[str, int] = {}
    for centre in s.centres.values():
        count = sum(group.count for group in centre.engineers.values())
        heads[centre.level] = heads.get(centre.level, 0) + count
    return heads


def _check_headcount(loaded: LoadedScenario) -> Iterator[Warn]:
    """Yield a warning where the head count that the plan states is that of none of its periods."""
    stated = loaded.scenario.stated.headcount
    if stated is None:
        return
    totals = [sum(_heads(period.scenario).values()) for period in loaded.periods]
    if stated in totals:
        return
    closest = min(range(len(totals)), key=lambda i: abs(totals[i] - stated))
    heads = _heads(loaded.periods[closest].scenario)
    by_level = ", ".join(f"{count} {level}" for level, count in heads.items() if count)
    message = f"the plan states {stated:,} engineers, its groups add up to {totals[closest]:,}"
    if by_level:
        message += f" ({by_level})"
    offers = _offers(loaded.periods[closest].scenario, heads, stated)
    yield Warn("W-headcount", "stated.headcount", f"{message}; what would fit: {offers}")


def _offers(s: Scenario, heads: Mapping[str, int], stated: int) -> str:
    """Return changes by which the groups and the stated head count would agree."""
    total = sum(heads.values())
    offers = [f"a head count of {total:,}"]
    level = max(heads, key=lambda name: heads[name])
    centres = sum(
        1 for c in s.centres.values() if c.level == level and any(g.count for g in c.engineers.values())
    )
    left = stated - (total - heads[level])
    if centres > 1 and left > 0:
        offers.insert(0, f"{left / centres:.4g} at each of the {centres} {level} centres")
        here = heads[level] / centres
        offers.insert(1, f"{math.floor(left / here)} {level} centres of {here:.4g}")
    return ", ".join(offers[:-1]) + (" or " if len(offers) > 1 else "") + offers[-1]


def _check_backbone(loaded: LoadedScenario) -> Iterator[Warn]:
    """Yield a warning where fewer engineers are above junior than the plan asks for."""
    least = loaded.scenario.stated.backbone_share
    if least is None:
        return
    for number, period in enumerate(loaded.periods):
        groups = [g for centre in period.scenario.centres.values() for g in centre.engineers.values()]
        total = sum(g.count for g in groups)
        above = sum(g.count for g in groups if g.level.rank > 0)
        needed = least * total - _SHARE_TOLERANCE
        if above < needed:
            yield Warn(
                "W-backbone",
                "stated.backbone_share",
                f"the plan asks for at least {least:.1%} of engineers above junior, {above:,} of {total:,} "
                f"are ({above / total:.1%}){since(loaded, number)}; it takes {math.ceil(needed):,}",
            )


def _check_budget(s: Scenario) -> Iterator[Warn]:
    """Yield a warning where the shares of the budget do not add up to 100 %."""
    shares = s.budget.shares if s.budget else {}
    total = math.fsum(shares.values())
    if not shares or abs(total - 100.0) <= 100.0 * _SHARE_TOLERANCE:
        return
    message = f"the shares add up to {total:.6g} %, not 100 %"
    if s.budget and s.budget.amount:
        off = abs(total - 100.0) / 100.0 * s.budget.amount
        more = "more" if total > 100.0 else "less"
        message += f": {off:,.6g} {s.currency.code} {more} than the {s.budget.amount:,.6g} of the budget"
    if total > 0.0:
        scaled = ", ".join(f"{name} {share * 100.0 / total:.4g}" for name, share in shares.items())
        message += f"; scaled to 100 % they would be {scaled}"
    yield Warn("W-budget", "budget.shares", message)


def _check_duty(world: World) -> Iterator[Warn]:
    """Yield a warning for each group of engineers of whom one never comes on duty."""
    hours: dict[str, float] = {}
    for engineer in world.engineers:
        hours[engineer.name] = hours.get(engineer.name, 0.0) + _duty(engineer.shift, 0.0, world.horizon)
    for name, duty in hours.items():
        if duty <= 0.0:
            centre, group, _ = name.split(":")
            yield Warn(
                "W-no-shift",
                f"centres.{centre}.engineers.{group}.shift",
                f"they are never on duty in the {world.horizon / 24.0:g} days of the scenario",
            )


def _duty(shift: Any, begin: float, end: float) -> float:
    return float(shift.between(begin, end))


def _check_engineers(loaded: LoadedScenario, world: World) -> Iterator[Warn]:
    """Yield a warning for each kind of work that no engineer, or no crew, of a site's territory may do."""
    for number, (period, compiled) in enumerate(zip(loaded.periods, world.periods, strict=False)):
        served, crews = (
            _served_queues(world, compiled.start_hours),
            _crewed_queues(world, compiled.start_hours),
        )
        wide = compiled.queues if period.scenario.dispatch.crossing is None else compiled.wide_queues
        sites: dict[str, list[str]] = {}
        lone: dict[str, list[str]] = {}
        for site, fault in Workload(period.scenario, world.names).pairs:
            if _partner_takes(compiled, fault):
                continue
            queues = zip(compiled.queues[site][fault], wide[site][fault], strict=True)
            for stage, (queue, widest) in zip(compiled.faults[fault].stages, queues, strict=True):
                name = world.names.fault_types[fault]
                staged = bool(period.scenario.fault_types[name].stages)
                key = f"fault_types.{name}" + (f".stages.{stage.name}" if staged else "")
                if not served[queue]:
                    sites.setdefault(key, []).append(world.names.sites[site])
                elif not crews[widest]:
                    lone.setdefault(key, []).append(world.names.sites[site])
        for key, names in sites.items():
            yield Warn(
                "W-no-engineer",
                key,
                f"at {_counted(names)} no engineer who may go there ever is on duty with this skill and level"
                f"{since(loaded, number)}: such orders are never served",
            )
        for key, names in lone.items():
            yield Warn(
                "W-crew",
                key,
                f"at {_counted(names)} fewer people may go there than the crew takes{since(loaded, number)}: "
                "such orders are never served, and keep whoever may go from other work",
            )


def _served_queues(world: World, begin: float) -> list[bool]:
    """Return for each queue whether anybody who may serve it is on duty from an instant on."""
    alive = 0
    for engineer in world.engineers:
        if _duty(engineer.shift, begin, world.horizon) > 0.0:
            alive |= 1 << engineer.category
    return [bool(queue.categories & alive) for queue in world.queues]


def _crewed_queues(world: World, begin: float) -> list[bool]:
    """Return for each queue whether there are as many people as its crew takes, from an instant on."""
    people: dict[int, set[str]] = {}
    for engineer in world.engineers:
        if _duty(engineer.shift, begin, world.horizon) > 0.0:
            people.setdefault(engineer.category, set()).add(engineer.name)

    def number(mask: int) -> int:
        return len(set().union(*(names for category, names in people.items() if mask >> category & 1)))

    def can_form(queue: Queue) -> bool:
        size = queue.need.crew
        if size < 2:
            return True
        enough = number(queue.helpers) >= size - 1 and number(queue.categories | queue.helpers) >= size
        return enough and number(queue.categories) >= 1

    return [can_form(queue) for queue in world.queues]


def _partner_takes(compiled: PeriodSpec, fault: int) -> bool:
    return compiled.overflow is not None and compiled.faults[fault].severity in compiled.overflow.severities


def _check_use(loaded: LoadedScenario, world: World) -> Iterator[Warn]:
    """Yield a warning for everything that is defined and used in no period."""
    used: dict[str, set[str]] = {}
    for period, compiled in zip(loaded.periods, world.periods, strict=False):
        work = Workload(period.scenario, world.names)
        for section, names in work.used(compiled).items():
            used.setdefault(section, set()).update(names)
    for section, reason in _UNUSED.items():
        defined: dict[str, str] = {}
        for period in loaded.periods:
            for number, item in enumerate(getattr(period.scenario, section)):
                name = item if isinstance(item, str) else item.name
                listed = section in ("skills", "sla")
                defined.setdefault(name, f"{section}.{number if listed else name}")
        for name, key in defined.items():
            if name not in used.get(section, ()):
                yield Warn("W-unused", key, f"{name}: {reason}")


#: Sections whose entries can be left over, and what it means that one is.
_UNUSED = {
    "skills": "no fault that occurs asks for this skill domain",
    "countries": "no site or centre is in this country, and no way leads through it",
    "cities": "no site or centre is in this city, and no way leads through it",
    "calendars": "no engineer works by it, no SLA rule counts in it and no inspection waits for it",
    "customer_tiers": "no customer with a site is of this tier",
    "customers": "this customer has no site",
    "profiles": "no device type at a site has this profile",
    "parts": "no fault that occurs needs this part",
    "fault_types": "no device at a site ever has this fault, and no inspection is of this type",
    "device_types": "no site has this device type",
    "sla": "no order is left for this rule: none matches, or earlier rules match them all",
}


def _counted(names: list[str]) -> str:
    """Return sites as a message counts them, with the first by name."""
    return names[0] if len(names) == 1 else f"{len(names)} sites ({names[0]}, …)"
