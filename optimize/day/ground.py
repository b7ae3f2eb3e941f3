"""What a scenario says about a day: SLA clocks, weights of customers, territories, what an hour is worth.

A day names its scenario; nothing is simulated here, and what the day itself says always comes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from optimize.day.model import Day, DayEngineer, DayOrder
from scenarios import LoadedScenario, load
from scenarios.fields import Severity
from scenarios.network import CityNetwork
from scenarios.network_compiling import compile_network
from scenarios.open_hours import OpenHours
from scenarios.schema import Scenario
from scenarios.service import SlaRule
from scenarios.shifts import open_hours
from scenarios.territories import great_circle_km

#: Pay of an hour where no engineer's is known, in the scenario's currency.
UNKNOWN_PAY = 10.0
#: What an hour past a due time costs, in hours of pay, for a customer of weight 1 and the lowest urgency.
LATE_HOUR = 1.0
#: Work that is planned ahead and has no clock of the SLA unless its rule names it.
PLANNED_WORK = ("preventive", "inspection")
#: Farther than this from the middle of its city, a place belongs to the city that is nearest.
IN_CITY_KM = 150.0
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Ground:
    """A scenario as it is on the date of a day.

    Parameters
    ----------
    scenario
        What holds on that date.
    pay
        What an hour of an engineer costs, in the mean.
    laid_out
        Clocks and networks that have been laid out for this scenario before.
    """

    scenario: Scenario
    pay: float
    laid_out: dict[tuple[object, ...], Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def cities(self) -> tuple[str, ...]:
        """Return the keys of the cities by position."""
        return tuple(self.scenario.cities)

    def city_of(self, named: str, lat: float, lon: float) -> int:
        """Return the position of the city that a place belongs to: the one it names if it lies there."""

        def km(key: str) -> float:
            city = self.scenario.cities[key]
            return great_circle_km(lat, lon, city.lat, city.lon)

        if named in self.scenario.cities and km(named) <= IN_CITY_KM:
            return self.cities.index(named)
        return min(range(len(self.cities)), key=lambda i: km(self.cities[i]))

    def store(self, engineer: DayEngineer) -> tuple[float, float, str] | None:
        """Return position and city of the store of an engineer's centre; None if the scenario has it not."""
        centre = self.scenario.centres.get(engineer.centre)
        if centre is None:
            return None
        city = self.scenario.cities[centre.city]
        lat = city.lat if centre.lat is None else centre.lat
        lon = city.lon if centre.lon is None else centre.lon
        return lat, lon, centre.city

    def order_city(self, order: DayOrder) -> str:
        """Return the key of the city of an order."""
        site = self.scenario.sites.get(order.site)
        named = order.city or (site.city if site else "")
        return self.cities[self.city_of(named, order.lat, order.lon)]

    def tier(self, order: DayOrder) -> str:
        """Return the customer tier of an order: its own, its customer's, or its site's; "" if unknown."""
        if order.customer_tier:
            return order.customer_tier
        site = self.scenario.sites.get(order.site)
        customer = self.scenario.customers.get(order.customer or (site.customer if site else ""))
        return customer.tier if customer else ""

    def late_hour(self, order: DayOrder) -> float:
        """Return what an hour past a due time of an order costs, by tier and urgency as in `sla_priority`."""
        tier = self.scenario.customer_tiers.get(self.tier(order))
        priority = order.priority or Severity(order.severity).priority
        return LATE_HOUR * self.pay * (tier.weight if tier else 1.0) * (5 - min(priority, 4))

    def rule(self, order: DayOrder) -> SlaRule | None:
        """Return the SLA rule of an order, None where none matches; one for fault types asks for its own."""
        scenario = self.scenario
        key = self.order_city(order)
        city = scenario.cities[key]
        facts = {
            "zone": scenario.countries[city.country].zone,
            "country": city.country,
            "city": key,
            "city_tier": city.tier,
            "site": order.site,
            "customer_tier": self.tier(order),
            "severity": order.severity,
            "fault_type": order.fault_type,
        }
        if order.work_type in PLANNED_WORK:
            return None
        for rule in scenario.sla:
            match = rule.match
            if all(
                not getattr(match, name) or value in getattr(match, name) for name, value in facts.items()
            ):
                return rule
        return None

    def dues(self, order: DayOrder) -> dict[str, datetime]:
        """Return when each clock of an order falls due, by name; `due_at` comes before the rule's attend."""
        found: dict[str, datetime] = {} if order.due_at is None else {"attend": order.due_at}
        rule = self.rule(order)
        if rule is None:
            return found
        targets = rule.targets
        hours = {
            "attend": targets.attend if targets.attend is not None else targets.response,
            "restore": targets.restore,
            "complete": targets.complete,
        }
        paused = order.paused_hours if rule.pauses else 0.0
        for clock, target in hours.items():
            if target is not None and clock not in found:
                found[clock] = self._after(order, rule, target) + timedelta(hours=paused)
        return found

    def _after(self, order: DayOrder, rule: SlaRule, hours: float) -> datetime:
        """Return when so many hours of a rule's calendar have passed since the report."""
        if rule.calendar is None:
            return order.reported_at + timedelta(hours=hours)
        first = order.reported_at.astimezone(UTC).date() - timedelta(days=1)
        # A month at a time, so that orders of one day share what is laid out.
        first = max(first.replace(day=1), _EPOCH)
        origin = datetime(first.year, first.month, first.day, tzinfo=UTC)
        clock = self._clock(rule.calendar, self.order_city(order), first)
        reported = (order.reported_at - origin) / timedelta(hours=1)
        until = float(clock.add(reported, hours))
        return origin + timedelta(hours=min(until, 24.0 * 365))

    def _clock(self, calendar: str, city: str, first: date) -> OpenHours:
        key = (calendar, city, first)
        if key not in self.laid_out:
            moved = self.scenario.model_copy(update={"start": first})
            self.laid_out[key] = open_hours(moved, self.scenario.calendars[calendar], city, 24.0 * 35)
        clock: OpenHours = self.laid_out[key]
        return clock

    def network(self, first: date) -> CityNetwork:
        """Return the network of cities, its clocks as they are from a date on."""
        if (first,) not in self.laid_out:
            s = self.scenario
            made = compile_network(s.cities, s.links, s.city_travel, first, 24.0 * 40, {})
            self.laid_out[first,] = made
        network: CityNetwork = self.laid_out[first,]
        return network

    def allowed(self, order: DayOrder, engineers: Mapping[str, DayEngineer]) -> frozenset[str] | None:
        """Return whose centre's territory an order lies in, whoever it is pinned to among them; None for all.

        Engineers of no centre of the scenario may go everywhere.
        """
        key = self.order_city(order)
        country = self.scenario.cities[key].country
        pinned = order.pin.engineer if order.pin else None
        centres = {engineer.centre for engineer in engineers.values()}
        serving = {name for name in centres if self._serves(name, order.site, key, country)}
        may = {name for name, engineer in engineers.items() if name == pinned or engineer.centre in serving}
        return None if len(may) == len(engineers) else frozenset(may)

    def _serves(self, name: str, site: str, city: str, country: str) -> bool:
        centre = self.scenario.centres.get(name)
        if centre is None:
            return True
        if centre.serves is None:
            return centre.city == city
        return (
            site in centre.serves.sites or city in centre.serves.cities or country in centre.serves.countries
        )


def ground_of(day: Day) -> Ground:
    """Return what a day's scenario says on its date.

    Raises
    ------
    scenarios.ScenarioError
        If there is no such scenario, or it cannot be used.
    """
    path = Path(day.scenario)
    changed = path.stat().st_mtime_ns if path.is_file() else 0
    loaded = _loaded(day.scenario, changed)
    first = loaded.scenario.start
    origin = datetime(first.year, first.month, first.day, tzinfo=UTC)
    hours = (day.now - origin) / timedelta(hours=1)
    period = max(sum(1 for p in loaded.periods if p.start_hours <= hours) - 1, 0)
    pays = [e.cost_per_hour for e in day.engineers if e.cost_per_hour > 0.0]
    pay = sum(pays) / len(pays) if pays else UNKNOWN_PAY
    return Ground(loaded.periods[period].scenario, pay, _laid_out(day.scenario, changed, period))


@lru_cache(maxsize=4)
def _loaded(source: str, _changed: int) -> LoadedScenario:
    return load(source)


@lru_cache(maxsize=16)
def _laid_out(_source: str, _changed: int, _period: int) -> dict[tuple[object, ...], Any]:
    """Return what has been laid out of a scenario in one of its periods."""
    return {}
