"""What the sections of a scenario mean together: dangling references, shares, calendars, distributions.

Each check yields a `Problem` with the exact dotted key. Ranges of single values are the schema's business;
contradictions that are possible but doubtful are in `doubts`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Any
from zoneinfo import ZoneInfo

from scenarios.absence_checks import check_absences, check_on_call
from scenarios.dispatch_checks import check_dispatch_rules
from scenarios.disruptions import check_disruptions
from scenarios.fault_checks import check_aftercare, check_fault_types
from scenarios.fields import PARAMETERS, Distribution, Section
from scenarios.holiday_dates import check_place, needs_subdivision
from scenarios.money_compiling import check_money
from scenarios.open_hours import parse_week
from scenarios.paths import is_position
from scenarios.phrases import message_of, phrase
from scenarios.prevention_checks import check_prevention
from scenarios.problems import Problem, known, shown
from scenarios.schema import Scenario
from scenarios.service import Centre, SlaRule
from scenarios.shifts import closed_dates, last_date
from scenarios.stock_checks import check_stocks
from scenarios.territories import depot_centre, serving_centres
from scenarios.travel_checks import check_travel, check_ways
from scenarios.weather import check_weather

_SHARE_TOLERANCE = 1e-6
POLICY_GROUP = "banyan.dispatch_policies"


def check(scenario: Scenario) -> list[Problem]:
    """Return everything that makes a scenario unusable although each value alone is allowed."""
    problems = [
        *_check_experiment(scenario),
        *_check_places(scenario),
        *_check_calendars(scenario),
        *_check_sites(scenario),
        *_check_device_types(scenario),
        *check_fault_types(scenario),
        *check_aftercare(scenario),
        *_check_centres(scenario),
        *_check_rules(scenario),
        *_check_dispatch(scenario),
        *check_absences(scenario),
        *check_on_call(scenario),
        *check_dispatch_rules(scenario),
        *check_stocks(scenario),
        *check_money(scenario),
        *check_travel(scenario),
        *check_prevention(scenario),
        *check_weather(scenario),
        *check_disruptions(scenario),
        *_check_distributions(scenario),
        *_check_sources(scenario),
    ]
    # Who serves whom can only be asked where every site, centre and city is there.
    if not problems:
        problems = [
            *_check_territories(scenario),
            *_check_parts(scenario),
            *check_ways(scenario),
        ]
    return list(dict.fromkeys(problems))


def _each_known(key: str, given: Collection[str], names: Collection[str], what: str) -> Iterator[Problem]:
    for number, name in enumerate(given):
        yield from known(f"{key}.{number}", name, names, what)


def _check_experiment(s: Scenario) -> Iterator[Problem]:
    if s.warm_up.method == "fixed" and s.warm_up.days >= s.days:
        yield Problem("warm_up.days", shown(s.warm_up.days), phrase("less than days ({days:g})", days=s.days))
    if s.warm_up.method != "fixed" and s.warm_up.days:
        yield Problem("warm_up.days", shown(s.warm_up.days), phrase("0 unless warm_up.method is fixed"))
    for number, skill in enumerate(s.skills):
        if skill in s.skills[:number]:
            yield Problem(f"skills.{number}", shown(skill), phrase("each skill domain once"))
    for code in s.currency.rates:
        if not (len(code) == 3 and code.isalpha() and code.isupper()):
            yield Problem(f"currency.rates.{code}", shown(code), phrase("an ISO 4217 code of three capitals"))


def _check_places(s: Scenario) -> Iterator[Problem]:
    for key, country in s.countries.items():
        if country.holidays is not None and (reason := _unknown(country.holidays, None)):
            yield Problem(f"countries.{key}.holidays", shown(country.holidays), reason)
        for number, day in enumerate(country.working_holidays):
            if day in country.extra_holidays:
                yield Problem(
                    f"countries.{key}.working_holidays.{number}", str(day), phrase("no extra holiday")
                )
    for key, city in s.cities.items():
        yield from known(f"cities.{key}.country", city.country, s.countries, "countries")
        try:
            ZoneInfo(city.time_zone)
        except (KeyError, ValueError, OSError):
            yield Problem(
                f"cities.{key}.time_zone", shown(city.time_zone), phrase("an IANA time zone, as Asia/Bangkok")
            )
        if city.country in s.countries:
            yield from _check_holidays(key, s.countries[city.country].holidays, city.subdivision, s)


def _check_holidays(city: str, code: str | None, subdivision: str | None, s: Scenario) -> Iterator[Problem]:
    """Yield problems of the state whose holidays apply, and of years whose holidays nobody knows."""
    key = f"cities.{city}.subdivision"
    if code is None:
        if subdivision is not None:
            yield Problem(key, shown(subdivision), phrase("nothing: its country states no holidays"))
        return
    if _unknown(code, None):
        return
    if subdivision is None and needs_subdivision(code):
        yield Problem(
            key, phrase("nothing"), phrase("a state: holidays in {code} differ by state", code=code)
        )
        return
    if reason := _unknown(code, subdivision):
        yield Problem(key, shown(subdivision), reason)
        return
    country = s.countries[s.cities[city].country]
    if set(country.extra_holidays) & set(country.working_holidays):
        return
    try:
        closed_dates(s, city, last_date(s, s.days * 24.0))
    except ValueError as error:
        yield Problem("start", str(s.start), message_of(error))


def _unknown(country: str, subdivision: str | None) -> str:
    """Return why the holidays of a place are not known, nothing if they are."""
    try:
        check_place(country, subdivision)
    except ValueError as error:
        return message_of(error)
    return ""


def _check_calendars(s: Scenario) -> Iterator[Problem]:
    for key, calendar in s.calendars.items():
        try:
            parse_week({day.value: windows for day, windows in calendar.hours.items()})
        except ValueError as error:
            yield Problem(f"calendars.{key}.hours", phrase("hours that cannot be"), message_of(error))


def _check_sites(s: Scenario) -> Iterator[Problem]:
    for key, customer in s.customers.items():
        yield from known(f"customers.{key}.tier", customer.tier, s.customer_tiers, "customer_tiers")
    for key, site in s.sites.items():
        yield from known(f"sites.{key}.city", site.city, s.cities, "cities")
        yield from known(f"sites.{key}.customer", site.customer, s.customers, "customers")
        for device in site.devices:
            yield from known(f"sites.{key}.devices.{device}", device, s.device_types, "device_types")
        if site.centre is not None:
            yield from known(f"sites.{key}.centre", site.centre, s.centres, "centres")


def _check_territories(s: Scenario) -> Iterator[Problem]:
    for key in s.sites:
        if not serving_centres(s, key):
            yield Problem(
                f"sites.{key}",
                phrase("a site that no centre serves"),
                phrase("a site in some centre's `serves`"),
            )


def _check_device_types(s: Scenario) -> Iterator[Problem]:
    for key, device in s.device_types.items():
        if device.profile is not None:
            yield from known(f"device_types.{key}.profile", device.profile, s.profiles, "profiles")
        for fault in device.faults:
            yield from known(f"device_types.{key}.faults.{fault}", fault, s.fault_types, "fault_types")
        total = math.fsum(device.faults.values())
        if abs(total - 1.0) > _SHARE_TOLERANCE:
            yield Problem(
                f"device_types.{key}.faults",
                phrase("shares that add up to {total:g}", total=total),
                phrase("shares that add up to 1"),
            )


def _check_parts(s: Scenario) -> Iterator[Problem]:
    """Yield parts that a fault may need at a site for which no depot holds them."""
    for key, fault in s.fault_types.items():
        if fault.part is None:
            continue
        part = fault.part.part
        for site_key, site in s.sites.items():
            may_fail = any(n and key in s.device_types[d].faults for d, n in site.devices.items())
            if may_fail and serving_centres(s, site_key) and depot_centre(s, site_key, part) is None:
                allowed = phrase(
                    "a part that a depot holds for {site}: none of its centres stocks this one",
                    site=site_key,
                )
                yield Problem(f"fault_types.{key}.part.part", shown(part), allowed)
                break


def _check_centres(s: Scenario) -> Iterator[Problem]:
    for key, centre in s.centres.items():
        prefix = f"centres.{key}"
        yield from known(f"{prefix}.city", centre.city, s.cities, "cities")
        if centre.serves is not None:
            yield from _each_known(
                f"{prefix}.serves.countries", centre.serves.countries, s.countries, "countries"
            )
            yield from _each_known(f"{prefix}.serves.cities", centre.serves.cities, s.cities, "cities")
            yield from _each_known(f"{prefix}.serves.sites", centre.serves.sites, s.sites, "sites")
        for group_key, group in centre.engineers.items():
            where = f"{prefix}.engineers.{group_key}"
            yield from known(f"{where}.shift", group.shift, s.calendars, "calendars")
            for skill in group.skills:
                yield from known(f"{where}.skills.{skill}", skill, s.skills, "skills")
        yield from _check_partner(prefix, centre)


def _check_partner(prefix: str, centre: Centre) -> Iterator[Problem]:
    if centre.level == "partner" and centre.partner is None:
        yield Problem(f"{prefix}.partner", phrase("nothing"), phrase("terms: the centre is a partner outlet"))
    if centre.level != "partner" and centre.partner is not None:
        yield Problem(f"{prefix}.partner", phrase("terms"), phrase("nothing unless level is partner"))
    if centre.level == "partner" and centre.engineers:
        yield Problem(
            f"{prefix}.engineers", phrase("engineers"), phrase("nothing: a partner's people are not ours")
        )


def _check_rules(s: Scenario) -> Iterator[Problem]:
    names: set[str] = set()
    for number, rule in enumerate(s.sla):
        prefix = f"sla.{number}"
        if rule.name in names:
            yield Problem(f"{prefix}.name", shown(rule.name), phrase("a name that no earlier rule has"))
        names.add(rule.name)
        if rule.calendar is not None:
            yield from known(f"{prefix}.calendar", rule.calendar, s.calendars, "calendars")
        yield from _check_match(f"{prefix}.match", rule, s)
        given = {k: v for k, v in rule.targets.model_dump().items() if v is not None}
        if not given:
            yield Problem(f"{prefix}.targets", phrase("no target"), phrase("hours for at least one clock"))
        if "response" in given and s.response_clock in given:
            yield Problem(
                f"{prefix}.targets.{s.response_clock}",
                shown(given[s.response_clock]),
                phrase("nothing beside `response`, which already stands on this clock"),
            )


def _check_match(prefix: str, rule: SlaRule, s: Scenario) -> Iterator[Problem]:
    zones = {country.zone for country in s.countries.values()}
    references: Mapping[str, tuple[Collection[str], Collection[str], str]] = {
        "zone": (rule.match.zone, zones, phrase("zones of countries")),
        "country": (rule.match.country, s.countries, "countries"),
        "city": (rule.match.city, s.cities, "cities"),
        "site": (rule.match.site, s.sites, "sites"),
        "customer_tier": (rule.match.customer_tier, s.customer_tiers, "customer_tiers"),
        "fault_type": (rule.match.fault_type, s.fault_types, "fault_types"),
    }
    for field, (given, keys, what) in references.items():
        yield from _each_known(f"{prefix}.{field}", given, keys, what)


@lru_cache(maxsize=1)
def _policies() -> frozenset[str]:
    """Return the names of the installed dispatch policies; every installed package is looked at for them."""
    return frozenset(entry.name for entry in entry_points(group=POLICY_GROUP))


def _check_dispatch(s: Scenario) -> Iterator[Problem]:
    yield from known(
        "dispatch.policy", s.dispatch.policy, _policies(), phrase("entry points {group}", group=POLICY_GROUP)
    )
    overflow = s.dispatch.overflow
    if overflow is not None:
        partners = {key for key, centre in s.centres.items() if centre.level == "partner"}
        yield from known(
            "dispatch.overflow.partner", overflow.partner, partners, phrase("centres of level partner")
        )


def _check_distributions(s: Scenario) -> Iterator[Problem]:
    for key, distribution in _distributions(s, ""):
        needed = PARAMETERS[distribution.distribution]
        for field in ("mean", "cv", "low", "mode", "high"):
            value = getattr(distribution, field)
            if field in needed and value is None:
                yield Problem(
                    f"{key}.{field}",
                    phrase("nothing"),
                    phrase("a number: {distribution} needs it", distribution=distribution.distribution),
                )
            if field not in needed and value is not None:
                yield Problem(
                    f"{key}.{field}",
                    shown(value),
                    phrase(
                        "nothing: {distribution} has no {field}",
                        distribution=distribution.distribution,
                        field=field,
                    ),
                )
        yield from _check_order(key, distribution)


def _check_order(key: str, d: Distribution) -> Iterator[Problem]:
    if d.low is not None and d.high is not None and d.low > d.high:
        yield Problem(f"{key}.low", shown(d.low), phrase("at most high ({high:g})", high=d.high))
    if d.mode is not None and d.low is not None and d.high is not None and not d.low <= d.mode <= d.high:
        yield Problem(
            f"{key}.mode",
            shown(d.mode),
            phrase("from low ({low:g}) to high ({high:g})", low=d.low, high=d.high),
        )
    if d.distribution == "hyperexponential" and d.cv is not None and d.cv < 1:
        yield Problem(f"{key}.cv", shown(d.cv), phrase("at least 1 for hyperexponential"))


def _distributions(value: Any, key: str) -> Iterator[tuple[str, Distribution]]:
    """Yield every duration of a section with its dotted key."""
    if isinstance(value, Distribution):
        yield key, value
    elif isinstance(value, Section):
        for name in type(value).model_fields:
            yield from _distributions(getattr(value, name), f"{key}.{name}" if key else name)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _distributions(item, f"{key}.{name}")


def _check_sources(s: Scenario) -> Iterator[Problem]:
    for key in s.sources:
        node: Any = s
        for part in key.split("."):
            if node is None:
                break  # what it is about is switched off
            if isinstance(node, Section) and part in type(node).model_fields:
                node = getattr(node, part)
            elif isinstance(node, dict) and part in node:
                node = node[part]
            elif isinstance(node, tuple) and is_position(part) and int(part) < len(node):
                node = node[int(part)]
            elif isinstance(node, tuple) and any(getattr(item, "name", None) == part for item in node):
                node = next(item for item in node if getattr(item, "name", None) == part)
            else:
                yield Problem(f"sources.{key}", shown(part), phrase("a dotted key of this scenario"))
                break
