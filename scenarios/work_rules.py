"""What each site asks of whoever serves a fault there in a period: territory, skill, language, pass, crew.

Orders of equal needs wait together; who may serve them is found in `eligibility`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

from scenarios.eligibility import Eligibility, on_call_severities
from scenarios.fault_specs import FaultSpec, StageSpec
from scenarios.fields import Severity
from scenarios.people_specs import Need
from scenarios.rule_specs import CrossingSpec, ShiftEndSpec
from scenarios.schema import Scenario
from scenarios.service import EngineerGroup
from scenarios.territories import serving_centres
from scenarios.world import Names

_SEVERITIES = tuple(Severity)

Positions = tuple[tuple[tuple[int, ...], ...], ...]


@dataclass(frozen=True)
class Queues:
    """Positions of queues by site, fault type and stage: ordinary, with permission to cross, of experts."""

    ordinary: Positions
    wide: Positions
    experts: Positions


def compile_queues(
    s: Scenario, names: Names, faults: tuple[FaultSpec, ...], eligibility: Eligibility
) -> Queues:
    """Return the queues of a period.

    Parameters
    ----------
    s
        The scenario as it is in the period.
    names
        Labels of positions.
    faults
        The fault types by position.
    eligibility
        Collects the queues.
    """
    ordinary, wide, experts = [], [], []
    for site in names.sites:
        rules = _SiteRules(s, names, site)
        ordinary.append(_by_fault(faults, partial(_ordinary, rules, eligibility)))
        if s.dispatch.crossing is not None:
            wide.append(_by_fault(faults, partial(_wide, rules, eligibility)))
        experts.append(_by_fault(faults, partial(_expert, rules, eligibility)))
    return Queues(tuple(ordinary), tuple(wide), tuple(experts))


def _by_fault(
    faults: tuple[FaultSpec, ...], position: Callable[[FaultSpec, StageSpec], int]
) -> tuple[tuple[int, ...], ...]:
    """Return positions by fault type and stage."""
    return tuple(tuple(position(fault, stage) for stage in fault.stages) for fault in faults)


def _ordinary(rules: _SiteRules, eligibility: Eligibility, fault: FaultSpec, stage: StageSpec) -> int:
    return eligibility.queue(rules.need(fault, stage))


def _wide(rules: _SiteRules, eligibility: Eligibility, fault: FaultSpec, stage: StageSpec) -> int:
    return eligibility.queue(rules.wide_need(fault, stage))


def _expert(rules: _SiteRules, eligibility: Eligibility, _: FaultSpec, stage: StageSpec) -> int:
    return rules.expert_queue(stage, eligibility)


class _SiteRules:
    """What one site asks for.

    Parameters
    ----------
    s
        The scenario.
    names
        Labels of positions.
    site
        Key of the site; one that the period does not have asks for what nobody can give.
    """

    def __init__(self, s: Scenario, names: Names, site: str) -> None:
        self._s = s
        self._names = names
        self._site = s.sites.get(site)
        centres = serving_centres(s, site) if site in s.sites else ()
        self._territory = tuple(names.centres.index(c) for c in centres)
        languages = self._site.languages if self._site else ()
        self._languages = sum(1 << names.languages.index(n) for n in dict.fromkeys(languages))
        wanted = self._site.security_pass if self._site else None
        self._pass = names.passes.index(wanted) if wanted is not None else -1
        called = {severity for g in _groups(s) for severity in on_call_severities(g)}
        self._called = frozenset(_SEVERITIES.index(severity) for severity in called)

    def need(self, fault: FaultSpec, stage: StageSpec) -> Need:
        """Return what a stage of a fault asks for here."""
        return self._need(self._territory, fault, stage)

    def wide_need(self, fault: FaultSpec, stage: StageSpec) -> Need:
        """Return the same once permission to cross territories is given."""
        crossing = self._s.dispatch.crossing
        assert crossing is not None  # only asked where there is permission
        severity = _SEVERITIES[fault.severity]
        allowed = not crossing.severities or severity in crossing.severities
        return self._need(self._wide if allowed else self._territory, fault, stage)

    def expert_queue(self, stage: StageSpec, eligibility: Eligibility) -> int:
        """Return the queue whose engineers may help remotely with a stage, -1 for none."""
        if stage.expert is None:
            return -1
        home = tuple(i for i, c in enumerate(self._names.centres) if self._is_hq(c))
        territory = tuple(sorted({*self._territory, *home}))
        return eligibility.queue(Need(territory, stage.expert.skill, stage.expert.level))

    @cached_property
    def _wide(self) -> tuple[int, ...]:
        """Return the territory with those centres that lend their engineers."""
        s, crossing = self._s, self._s.dispatch.crossing
        if self._site is None or crossing is None:
            return self._territory
        country = s.cities[self._site.city].country

        def lends(key: str) -> bool:
            centre = s.centres.get(key)
            if (
                centre is None
                or centre.level == "partner"
                or (crossing.centres and key not in crossing.centres)
            ):
                return False
            other = s.cities[centre.city].country
            return (
                crossing.within == "network"
                or other == country
                or (crossing.within == "zone" and s.countries[other].zone == s.countries[country].zone)
            )

        lenders = {i for i, key in enumerate(self._names.centres) if lends(key)}
        return tuple(sorted({*self._territory, *lenders}))

    def _is_hq(self, key: str) -> bool:
        return key in self._s.centres and self._s.centres[key].level == "hq"

    def _need(self, territory: tuple[int, ...], fault: FaultSpec, stage: StageSpec) -> Need:
        severity = fault.severity if fault.severity in self._called else -1
        if not stage.on_site:
            # Nobody has to speak to the people there, or to be let in.
            return Need(territory, stage.skill, stage.level, severity=severity)
        return Need(
            territory,
            stage.skill,
            stage.level,
            self._languages,
            self._pass,
            severity,
            stage.crew,
            stage.helper_level if stage.crew > 1 else 0,
        )


def _groups(s: Scenario) -> list[EngineerGroup]:
    return [group for centre in s.centres.values() for group in centre.engineers.values()]


def compile_shift_end(s: Scenario) -> ShiftEndSpec:
    """Return what happens to work at the end of a shift."""
    rule = s.dispatch.shift_end
    overtime = rule.overtime_hours
    if overtime is None:
        overtime = float("inf") if rule.rule == "finish" else 0.0
    return ShiftEndSpec(rule.rule, overtime, rule.hand_over_hours, rule.resume_within_hours)


def compile_crossing(s: Scenario) -> CrossingSpec | None:
    """Return when engineers of other territories may be sent, None for never."""
    crossing = s.dispatch.crossing
    if crossing is None:
        return None
    severities = crossing.severities or _SEVERITIES
    return CrossingSpec(crossing.after_hours, frozenset(_SEVERITIES.index(v) for v in severities))
