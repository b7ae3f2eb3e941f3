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
from scenarios.phrases import Phrase, phrase
from scenarios.problems import Warn
from scenarios.schema import Scenario
from scenarios.sla_doubts import since, sla_doubts
from scenarios.weather_compiling import span_of
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
    spans = [span_of(d, s) for d in s.disruptions]
    missed = [
        f"{d.name} ({d.start})"
        for d, (begin, _) in zip(s.disruptions, spans, strict=True)
        if begin >= world.horizon
    ]
    yield from _after_the_run("disruptions", missed, len(s.disruptions), s.days)
    for number, (d, (begin, until)) in enumerate(zip(s.disruptions, spans, strict=True)):
        if begin < world.horizon < until:
            message = phrase(
                "the run of {days:g} days ends {hours:g} h after {name} began, which lasts {length:g} h",
                days=s.days,
                hours=round(world.horizon - begin, 1),
                name=d.name,
                length=d.length,
            )
            yield Warn("W-date", f"disruptions.{number}", message)


def _after_the_run(key: str, late: list[str], count: int, days: float) -> Iterator[Warn]:
    if late:
        listed = ", ".join(late[:3]) + (", …" if len(late) > 3 else "")
        yield Warn(
            "W-date",
            key,
            phrase(
                "{late} of {count} come after the run of {days:g} days: {names}",
                late=len(late),
                count=count,
                days=days,
                names=listed,
            ),
        )


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
    by_level = _by_level(heads)
    sums = phrase(
        "the plan states {stated:,} engineers, its groups add up to {total:,}",
        stated=stated,
        total=totals[closest],
    )
    if by_level:
        sums = phrase("{sums} ({by_level})", sums=sums, by_level=by_level)
    offers = _offers(loaded.periods[closest].scenario, heads, stated)
    message = phrase("{sums}; what would fit: {offers}", sums=sums, offers=offers)
    yield Warn("W-headcount", "stated.headcount", message)


#: Levels of centres in words.
_LEVELS = {"local": phrase("local"), "regional": phrase("regional"), "hq": phrase("hq")}


def _by_level(heads: Mapping[str, int]) -> str:
    """Return engineers by the level of their centre; an empty text where there are none."""
    found: str = ""
    for level, count in heads.items():
        if count:
            one = phrase("{count} {level}", count=count, level=_LEVELS.get(level, level))
            found = phrase("{some}, {more}", some=found, more=one) if found else one
    return found


def _offers(s: Scenario, heads: Mapping[str, int], stated: int) -> Phrase:
    """Return changes by which the groups and the stated head count would agree."""
    total = sum(heads.values())
    other = phrase("a head count of {total:,}", total=total)
    level = max(heads, key=lambda name: heads[name])
    counts = [sum(g.count for g in c.engineers.values()) for c in s.centres.values() if c.level == level]
    counts = [count for count in counts if count]
    centres, left = len(counts), stated - (total - heads[level])
    # A number for each centre, or of centres, tells something only where all of them have the same.
    if centres <= 1 or left <= 0 or len(set(counts)) > 1:
        return other
    here = heads[level] / centres
    return phrase(
        "{each}, {more} or {other}",
        each=phrase(
            "{count:.4g} at each of the {centres} {level} centres",
            count=left / centres,
            centres=centres,
            level=_LEVELS.get(level, level),
        ),
        more=phrase(
            "{centres} {level} centres of {count:.4g}",
            centres=math.floor(left / here),
            level=_LEVELS.get(level, level),
            count=here,
        ),
        other=other,
    )


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
            asked = phrase(
                "the plan asks for at least {least:.1%} of engineers above junior, {above:,} of {total:,} "
                "are ({share:.1%})",
                least=least,
                above=above,
                total=total,
                share=above / total,
            )
            message = phrase(
                "{asked}; it takes {needed:,}", asked=since(asked, loaded, number), needed=math.ceil(needed)
            )
            yield Warn("W-backbone", "stated.backbone_share", message)


def _check_budget(s: Scenario) -> Iterator[Warn]:
    """Yield a warning where the shares of the budget do not add up to 100 %."""
    shares = s.budget.shares if s.budget else {}
    total = math.fsum(shares.values())
    if not shares or abs(total - 100.0) <= 100.0 * _SHARE_TOLERANCE:
        return
    message = phrase("the shares add up to {total:.6g} %, not 100 %", total=total)
    if s.budget and s.budget.amount:
        message = phrase(
            "{sum}: {off}", sum=message, off=_off_budget(total, s.budget.amount, s.currency.code)
        )
    if total > 0.0:
        scaled = ", ".join(f"{name} {share * 100.0 / total:.4g}" for name, share in shares.items())
        message = phrase("{sum}; scaled to 100 % they would be {shares}", sum=message, shares=scaled)
    yield Warn("W-budget", "budget.shares", message)


def _off_budget(total: float, amount: float, currency: str) -> Phrase:
    """Return by how much money shares in percent miss a budget."""
    off = abs(total - 100.0) / 100.0 * amount
    if total > 100.0:
        return phrase(
            "{off:,.6g} {currency} more than the {amount:,.6g} of the budget",
            off=off,
            currency=currency,
            amount=amount,
        )
    return phrase(
        "{off:,.6g} {currency} less than the {amount:,.6g} of the budget",
        off=off,
        currency=currency,
        amount=amount,
    )


def _check_duty(world: World) -> Iterator[Warn]:
    """Yield a warning for each group of engineers of whom one never comes on duty."""
    hours: dict[str, float] = {}
    for engineer in world.engineers:
        hours[engineer.name] = hours.get(engineer.name, 0.0) + _duty(engineer.shift, 0.0, world.horizon)
    days = world.horizon / 24.0
    for name, duty in hours.items():
        if duty <= 0.0:
            centre, group, _ = name.split(":")
            yield Warn(
                "W-no-shift",
                f"centres.{centre}.engineers.{group}.shift",
                phrase("they are never on duty in the {days:g} days of the scenario", days=days),
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
            nobody = phrase(
                "at {sites} no engineer who may go there ever is on duty with this skill and level",
                sites=_counted(names),
            )
            message = phrase("{nobody}: such orders are never served", nobody=since(nobody, loaded, number))
            yield Warn("W-no-engineer", key, message)
        for key, names in lone.items():
            few = phrase("at {sites} fewer people may go there than the crew takes", sites=_counted(names))
            message = phrase(
                "{few}: such orders are never served, and keep whoever may go from other work",
                few=since(few, loaded, number),
            )
            yield Warn("W-crew", key, message)


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
                yield Warn("W-unused", key, phrase("{name}: {reason}", name=name, reason=reason))


#: Sections whose entries can be left over, and what it means that one is.
_UNUSED = {
    "skills": phrase("no fault that occurs asks for this skill domain"),
    "countries": phrase("no site or centre is in this country, and no way leads through it"),
    "cities": phrase("no site or centre is in this city, and no way leads through it"),
    "calendars": phrase("no engineer works by it, no SLA rule counts in it and no inspection waits for it"),
    "customer_tiers": phrase("no customer with a site is of this tier"),
    "customers": phrase("this customer has no site"),
    "profiles": phrase("no device type at a site has this profile"),
    "parts": phrase("no fault that occurs needs this part"),
    "fault_types": phrase("no device at a site ever has this fault, and no inspection is of this type"),
    "device_types": phrase("no site has this device type"),
    "sla": phrase("no order is left for this rule: none matches, or earlier rules match them all"),
}


def _counted(names: list[str]) -> str:
    """Return sites as a message counts them, with the first by name."""
    if len(names) == 1:
        return names[0]
    return phrase("{count} sites ({first}, …)", count=len(names), first=names[0])
