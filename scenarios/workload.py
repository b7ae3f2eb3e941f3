"""Which faults can occur where in one period of a scenario, and what their repair makes use of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from scenarios.fault_compiling import stages_of
from scenarios.links import Condition
from scenarios.prevention import interval_days
from scenarios.schema import Scenario
from scenarios.weather import BatchFailure, effect_of
from scenarios.world import Names, PeriodSpec


class Workload:
    """The faults of one period.

    Parameters
    ----------
    scenario
        The scenario as it is in the period.
    names
        Labels of positions in the World.
    """

    def __init__(self, scenario: Scenario, names: Names) -> None:
        self._scenario = scenario
        self._names = names

    @cached_property
    def pairs(self) -> list[tuple[int, int]]:
        """Return the positions of site and fault type for each fault, batch or inspection at a site."""
        s, names = self._scenario, self._names
        faults = {name: i for i, name in enumerate(names.fault_types)}
        found: dict[tuple[int, int], None] = {}
        batches = _batches(s)
        for position, key in enumerate(names.sites):
            if key in s.sites:
                for device, count in s.sites[key].devices.items():
                    kind = s.device_types[device]
                    if count and kind.failures_per_year > 0.0:
                        found |= {(position, faults[f]): None for f, p in kind.faults.items() if p > 0.0}
                if s.inspections is not None and interval_days(s, key) is not None:
                    found[position, faults[s.inspections.fault_type]] = None
                for batch in batches:
                    if batch.device_type is None or s.sites[key].devices.get(batch.device_type):
                        found[position, faults[batch.fault_type]] = None
        return list(found)

    def used(self, compiled: PeriodSpec) -> dict[str, set[str]]:
        """Return the keys in use, by section; SLA rules by name."""
        s, names = self._scenario, self._names
        devices = {d for site in s.sites.values() for d, count in site.devices.items() if count}
        faults = {names.fault_types[fault] for _, fault in self.pairs}
        groups = [g for centre in s.centres.values() for g in centre.engineers.values() if g.count]
        customers = {site.customer for site in s.sites.values()}
        cities = {site.city for site in s.sites.values()} | {centre.city for centre in s.centres.values()}
        if s.travel.method == "network":
            cities |= {city for link in s.links.values() for city in (link.start, link.to)}
        needs = [s.fault_types[f].part for f in faults]
        return {
            "skills": {stage.skill for f in faults for stage in stages_of(s.fault_types[f]).values()},
            "countries": {s.cities[city].country for city in cities},
            "cities": cities,
            "calendars": {g.shift for g in groups} | set(_calendars(s)),
            "customer_tiers": {s.customers[c].tier for c in customers},
            "customers": customers,
            "profiles": {p for d in devices if (p := s.device_types[d].profile)},
            "parts": {need.part for need in needs if need and need.probability > 0.0},
            "fault_types": faults,
            "device_types": devices,
            "sla": {names.rules[r] for p in self.pairs if (r := int(compiled.rules[p])) >= 0},
        }


def _batches(s: Scenario) -> list[BatchFailure]:
    """Return the failures in batches that the weather may bring, and those with a date."""
    cities = s.climate.cities.values()
    struck = [condition for condition in Condition if any(any(getattr(city, condition)) for city in cities)]
    drawn = [batch for condition in struck for batch in effect_of(s.effects, condition).batches]
    return drawn + [batch for disruption in s.disruptions for batch in disruption.batches]


def _calendars(s: Scenario) -> Iterator[str]:
    """Yield the calendars that anything but a shift goes by."""
    groups = [group for centre in s.centres.values() for group in centre.engineers.values()]
    of_groups = [g.on_call.calendar for g in groups if g.on_call and g.count]
    of_rules = [rule.calendar for rule in s.sla]
    of_partners = [centre.partner.calendar for centre in s.centres.values() if centre.partner]
    of_sessions = [fault.remote.opens for fault in s.fault_types.values() if fault.remote]
    of_care = [terms.opens for terms in (s.aftercare.follow_up, s.aftercare.complaints) if terms]
    of_inspections = [s.inspections.calendar] if s.inspections else []
    for name in (*of_groups, *of_rules, *of_partners, *of_sessions, *of_care, *of_inspections):
        if name is not None:
            yield name
