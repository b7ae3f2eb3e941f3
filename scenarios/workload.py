"""Which faults can occur where in one period of a scenario, and what their repair makes use of."""

from __future__ import annotations

from functools import cached_property

from scenarios.compiling import stages_of
from scenarios.schema import Scenario
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
        """Return the positions of site and fault type for each fault that occurs at a site."""
        s, names = self._scenario, self._names
        faults = {name: i for i, name in enumerate(names.fault_types)}
        found: dict[tuple[int, int], None] = {}
        for position, key in enumerate(names.sites):
            if key in s.sites:
                for device, count in s.sites[key].devices.items():
                    kind = s.device_types[device]
                    if count and kind.failures_per_year > 0.0:
                        found |= {(position, faults[f]): None for f, p in kind.faults.items() if p > 0.0}
        return list(found)

    def used(self, compiled: PeriodSpec) -> dict[str, set[str]]:
        """Return the keys in use, by section; SLA rules by name."""
        s, names = self._scenario, self._names
        devices = {d for site in s.sites.values() for d, count in site.devices.items() if count}
        faults = {names.fault_types[fault] for _, fault in self.pairs}
        groups = [g for centre in s.centres.values() for g in centre.engineers.values() if g.count]
        customers = {site.customer for site in s.sites.values()}
        cities = {site.city for site in s.sites.values()} | {centre.city for centre in s.centres.values()}
        needs = [s.fault_types[f].part for f in faults]
        return {
            "skills": {stage.skill for f in faults for stage in stages_of(s.fault_types[f]).values()},
            "countries": {s.cities[city].country for city in cities},
            "cities": cities,
            "calendars": {g.shift for g in groups} | {r.calendar for r in s.sla if r.calendar},
            "customer_tiers": {s.customers[c].tier for c in customers},
            "customers": customers,
            "profiles": {p for d in devices if (p := s.device_types[d].profile)},
            "parts": {need.part for need in needs if need and need.probability > 0.0},
            "fault_types": faults,
            "device_types": devices,
            "sla": {names.rules[r] for p in self.pairs if (r := int(compiled.rules[p])) >= 0},
        }
