"""From a loaded scenario to its World: names become positions, calendars clocks, dated changes periods.

Everything that draws random numbers or moves in time is left to `sim`; the work rules' tables are made in
`eligibility`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from scenarios.absence_terms import losses
from scenarios.care_specs import care_calendars, compile_aftercare
from scenarios.eligibility import Eligibility, compile_engineers
from scenarios.fault_compiling import compile_fault, stage_names
from scenarios.fields import Severity
from scenarios.loading import LoadedScenario, Period
from scenarios.money_compiling import (
    compile_alerts,
    compile_late,
    compile_penalties,
    compile_satisfaction,
    compile_suspension,
)
from scenarios.network_travel import compile_network_travel, shortest_hours
from scenarios.open_hours import OpenHours
from scenarios.prevention_compiling import compile_inspections, compile_prediction, sensor_costs
from scenarios.rule_specs import OverflowSpec, RuleSpec
from scenarios.scheduling import in_force
from scenarios.schema import Scenario
from scenarios.service import Overflow, SlaRule
from scenarios.shifts import changing_open_hours, open_hours
from scenarios.stock_compiling import compile_parts_policy, compile_stocks, depots_of
from scenarios.stock_sizing import with_computed_levels
from scenarios.stock_world import StockSpec
from scenarios.streams import compile_streams
from scenarios.territories import home_centre
from scenarios.travel import travel_hours
from scenarios.weather_compiling import compile_shortages, compile_weather, slowed_by
from scenarios.work import FaultType
from scenarios.work_rules import compile_crossing, compile_queues, compile_shift_end
from scenarios.world import FloatArray, Names, PeriodSpec, Places, World

SEVERITIES = tuple(Severity)


def compile_world(loaded: LoadedScenario) -> World:
    """Return the arrays and tables that a loaded scenario stands for."""
    first = loaded.scenario
    horizon = first.days * 24.0
    periods = [p for p in loaded.periods if p.start_hours < horizon]
    scenarios = [p.scenario for p in periods]
    rules = _distinct_rules(scenarios)
    names = _names(scenarios, rules)
    places = _places(scenarios, names, first.start, horizon)
    clocks = _clocks(periods, names, horizon)
    eligibility = Eligibility(names)
    engineers = compile_engineers(periods, names, eligibility, horizon)
    stocks = compile_stocks(scenarios, names)
    compiled = tuple(_period(p, names, rules, eligibility, stocks) for p in periods)
    intensities, streams = compile_streams(periods, names, horizon)
    stocks = with_computed_levels(stocks, scenarios, names, compiled, intensities, streams)
    return World(
        name=first.name,
        title=first.title,
        start=first.start,
        horizon=horizon,
        seed=first.seed,
        replications=first.replications,
        confidence=first.confidence,
        currency=first.currency.code,
        warm_up_method=first.warm_up.method,
        warm_up=first.warm_up.days * 24.0,
        names=names,
        places=places,
        intensities=intensities,
        streams=streams,
        categories=eligibility.categories(),
        queues=eligibility.queues(),
        engineers=engineers,
        rules=tuple(_rule(rule, clock) for rule, clock in rules),
        clocks=clocks,
        stocks=stocks,
        losses=losses(periods),
        shortages=compile_shortages(first, names.centres),
        weather=compile_weather(scenarios, names, horizon),
        penalties=compile_penalties(first.penalties, names.customers),
        suspension=compile_suspension(first.penalties, lambda overflow: _overflow(overflow, first, names)),
        satisfaction=compile_satisfaction(first),
        periods=compiled,
    )


def _union(scenarios: list[Scenario], section: str) -> tuple[str, ...]:
    """Return the keys of a section over all periods, in order of first appearance."""
    return tuple(dict.fromkeys(key for s in scenarios for key in getattr(s, section)))


def _latest(scenarios: list[Scenario], section: str, key: str):  # type: ignore[no-untyped-def]
    """Return what a key stands for in the first period that has it."""
    return next(getattr(s, section)[key] for s in scenarios if key in getattr(s, section))


def _distinct_rules(scenarios: list[Scenario]) -> list[tuple[SlaRule, str]]:
    """Return each SLA rule that holds at some time, with the clock its `response` target stands on."""
    distinct: list[tuple[SlaRule, str]] = []
    for s in scenarios:
        for rule in s.sla:
            if (rule, s.response_clock) not in distinct:
                distinct.append((rule, s.response_clock))
    return distinct


def _names(scenarios: list[Scenario], rules: list[tuple[SlaRule, str]]) -> Names:
    centres = _union(scenarios, "centres")
    partners = tuple(c for c in centres if _latest(scenarios, "centres", c).level == "partner")
    return Names(
        sites=_union(scenarios, "sites"),
        centres=centres,
        cities=_union(scenarios, "cities"),
        countries=_union(scenarios, "countries"),
        zones=tuple(dict.fromkeys(c.zone for s in scenarios for c in s.countries.values())),
        time_zones=tuple(dict.fromkeys(c.time_zone for s in scenarios for c in s.cities.values())),
        skills=tuple(dict.fromkeys(k for s in scenarios for k in s.skills)),
        fault_types=_union(scenarios, "fault_types"),
        device_types=_union(scenarios, "device_types"),
        stages=stage_names(scenarios),
        parts=_union(scenarios, "parts"),
        customers=_union(scenarios, "customers"),
        tiers=_union(scenarios, "customer_tiers"),
        rules=tuple(rule.name for rule, _ in rules),
        partners=partners,
        languages=_spoken(scenarios),
        passes=_passes(scenarios),
    )


def _spoken(scenarios: list[Scenario]) -> tuple[str, ...]:
    """Return the languages that sites ask for and that engineers speak."""
    asked = [n for s in scenarios for site in s.sites.values() for n in site.languages]
    spoken = [
        n for s in scenarios for c in s.centres.values() for g in c.engineers.values() for n in g.languages
    ]
    return tuple(dict.fromkeys(asked + spoken))


def _passes(scenarios: list[Scenario]) -> tuple[str, ...]:
    """Return the security passes that sites ask for and that engineers hold."""
    asked = [site.security_pass for s in scenarios for site in s.sites.values()]
    held = [n for s in scenarios for c in s.centres.values() for g in c.engineers.values() for n in g.passes]
    return tuple(dict.fromkeys(n for n in asked + held if n is not None))


def _places(scenarios: list[Scenario], names: Names, start: date, horizon: float) -> Places:
    first = scenarios[0]
    sites = [_latest(scenarios, "sites", k) for k in names.sites]
    centres = [_latest(scenarios, "centres", k) for k in names.centres]
    cities = [first.cities[k] for k in names.cities]
    return Places(
        site_city=np.array([names.cities.index(s.city) for s in sites], dtype=np.int64),
        centre_city=np.array([names.cities.index(c.city) for c in centres], dtype=np.int64),
        city_country=np.array([names.countries.index(c.country) for c in cities], dtype=np.int64),
        country_zone=np.array(
            [names.zones.index(first.countries[k].zone) for k in names.countries], dtype=np.int64
        ),
        city_time_zone=np.array([names.time_zones.index(c.time_zone) for c in cities], dtype=np.int64),
        midnights=tuple(_midnights(zone, start, horizon) for zone in names.time_zones),
    )


def _midnights(zone: str, start: date, horizon: float) -> FloatArray:
    """Return the local midnights of a zone in hours, from the last one at or before hour 0."""
    tz = ZoneInfo(zone)
    origin = datetime(start.year, start.month, start.day, tzinfo=UTC)
    days = [start + timedelta(days=d) for d in range(-1, int(horizon // 24) + 3)]
    hours = [(datetime(d.year, d.month, d.day, tzinfo=tz) - origin).total_seconds() / 3600.0 for d in days]
    instants = np.array(hours)
    return instants[max(int(np.searchsorted(instants, 0.0, "right")) - 1, 0) :]


def _clocks(periods: list[Period], names: Names, horizon: float) -> dict[tuple[str, int], OpenHours]:
    """Lay the calendars of SLA rules and inspections out in every city that has sites."""
    scenarios = [p.scenario for p in periods]
    calendars = {rule.calendar for s in scenarios for rule in s.sla if rule.calendar is not None}
    calendars |= {s.inspections.calendar for s in scenarios if s.inspections and s.inspections.calendar}
    calendars |= care_calendars(scenarios)
    cities = {site.city for s in scenarios for site in s.sites.values()}
    laid_out = [(p.start_hours, p.scenario) for p in periods]
    return {
        (calendar, names.cities.index(city)): changing_open_hours(laid_out, calendar, city, horizon)
        for calendar in sorted(calendars)
        for city in sorted(cities)
    }


def _period(
    period: Period,
    names: Names,
    rules: list[tuple[SlaRule, str]],
    eligibility: Eligibility,
    stocks: tuple[StockSpec, ...],
) -> PeriodSpec:
    s = period.scenario
    network = compile_network_travel(s, names) if s.travel.method == "network" else None
    faults = tuple(compile_fault(_present(s, names, key), names) for key in names.fault_types)
    queues = compile_queues(s, names, faults, eligibility)
    customers = [s.customers[s.sites[k].customer] if k in s.sites else None for k in names.sites]
    homes = [home_centre(s, k) if k in s.sites else names.centres[0] for k in names.sites]
    return PeriodSpec(
        start_hours=period.start_hours,
        faults=faults,
        mixes=tuple(_mix(s, names, key) for key in names.device_types),
        queues=queues.ordinary,
        wide_queues=queues.wide,
        expert_queues=queues.experts,
        rules=np.array(
            [[_rule_of(s, rules, site, f) for f in names.fault_types] for site in names.sites], dtype=np.int64
        ),
        homes=np.array([names.centres.index(h) for h in homes], dtype=np.int64),
        depots=depots_of(s, names, stocks),
        parts_policy=compile_parts_policy(s, names, stocks),
        tiers=np.array([names.tiers.index(c.tier) if c else 0 for c in customers], dtype=np.int64),
        weights=np.array([s.customer_tiers[c.tier].weight if c else 1.0 for c in customers]),
        customers=np.array(
            [names.customers.index(s.sites[k].customer) if k in s.sites else 0 for k in names.sites],
            dtype=np.int64,
        ),
        travel_hours=travel_hours(s, names) if network is None else shortest_hours(network),
        network=network,
        travel_cost_per_hour=s.travel.cost_per_hour,
        travel_cost_per_night=s.travel.cost_per_night,
        unit_costs=np.array([s.parts[k].unit_cost if k in s.parts else 0.0 for k in names.parts]),
        fixed_costs=np.array(
            [s.centres[k].fixed_cost_per_day if k in s.centres else 0.0 for k in names.centres]
        )
        + sensor_costs(s, names, homes),
        devices=np.array(
            [sum(s.sites[k].devices.values()) if k in s.sites else 0 for k in names.sites], dtype=np.float64
        ),
        policy=s.dispatch.policy,
        scheduling=in_force(s)[1],
        preempting=frozenset(SEVERITIES.index(v) for v in s.dispatch.preempting),
        overflow=None if s.dispatch.overflow is None else _overflow(s.dispatch.overflow, s, names),
        alerts=compile_alerts(s.alerts, lambda overflow: _overflow(overflow, s, names)),
        shift_end=compile_shift_end(s),
        crossing=compile_crossing(s),
        slowed_by=slowed_by(s, names),
        inspections=compile_inspections(s, names),
        prediction=compile_prediction(s, names),
        aftercare=compile_aftercare(s.aftercare),
    )


def _present(s: Scenario, names: Names, key: str) -> FaultType:
    return s.fault_types[key] if key in s.fault_types else next(iter(s.fault_types.values()))


def _mix(s: Scenario, names: Names, key: str) -> tuple[np.ndarray, np.ndarray]:
    faults = s.device_types[key].faults if key in s.device_types else {}
    positions = np.array([names.fault_types.index(f) for f in faults], dtype=np.int64)
    shares = np.cumsum(np.array(list(faults.values()), dtype=np.float64))
    if len(shares):
        shares[-1] = 1.0
    return positions, shares


def _rule_of(s: Scenario, rules: list[tuple[SlaRule, str]], site_key: str, fault_key: str) -> int:
    """Return the first rule that matches a fault at a site, -1 for none."""
    if site_key not in s.sites or fault_key not in s.fault_types:
        return -1
    site, fault = s.sites[site_key], s.fault_types[fault_key]
    city = s.cities[site.city]
    facts = {
        "zone": s.countries[city.country].zone,
        "country": city.country,
        "city": site.city,
        "city_tier": city.tier,
        "site": site_key,
        "customer_tier": s.customers[site.customer].tier,
        "severity": fault.severity,
        "fault_type": fault_key,
    }
    planned = s.inspections is not None and fault_key == s.inspections.fault_type
    for rule in s.sla:
        # Terms for failures are not meant for inspections, unless they name them.
        if planned and not rule.match.fault_type:
            continue
        if all(not getattr(rule.match, k) or v in getattr(rule.match, k) for k, v in facts.items()):
            return rules.index((rule, s.response_clock))
    return -1


def _rule(rule: SlaRule, response_clock: str) -> RuleSpec:
    hours = {k: np.nan if v is None else v for k, v in rule.targets.model_dump().items()}
    if rule.targets.response is not None:
        hours[response_clock] = rule.targets.response
    return RuleSpec(
        name=rule.name,
        respond=hours["respond"],
        attend=hours["attend"],
        restore=hours["restore"],
        complete=hours["complete"],
        calendar=rule.calendar or "",
        pauses=rule.pauses,
        penalty=rule.penalty_per_breach,
        late=compile_late(rule.late),
    )


def _overflow(overflow: Overflow, s: Scenario, names: Names) -> OverflowSpec:
    terms = s.centres[overflow.partner].partner
    assert terms is not None  # checked: the centre is a partner outlet
    severities = overflow.severities or SEVERITIES
    return OverflowSpec(
        partner=names.centres.index(overflow.partner),
        after_hours=overflow.after_hours,
        severities=frozenset(SEVERITIES.index(v) for v in severities),
        attend_hours=terms.attend_hours,
        price=terms.price_per_order,
        capacity=terms.capacity or 0,
        hours=None
        if terms.calendar is None
        else open_hours(s, s.calendars[terms.calendar], s.centres[overflow.partner].city, s.days * 24.0),
    )
