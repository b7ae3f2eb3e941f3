"""What inspections, delay times and prediction mean beside the rest of a scenario.

Each check yields a `Problem` with the exact dotted key; ranges of single values are the schema's business.
"""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.phrases import phrase
from scenarios.prevention import Inspections, Prediction
from scenarios.problems import Problem, known, shown
from scenarios.schema import Scenario


def check_prevention(s: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with inspections, delay times and prediction."""
    if s.inspections is not None:
        yield from _check_inspections(s, s.inspections)
    if s.prediction is not None:
        yield from _check_prediction(s, s.prediction)
    yield from _check_delays(s)


def _check_inspections(s: Scenario, given: Inspections) -> Iterator[Problem]:
    yield from known("inspections.fault_type", given.fault_type, s.fault_types, "fault_types")
    for key, device in s.device_types.items():
        if given.fault_type in device.faults:
            allowed = phrase("a fault type that no device has among its faults ({key} has this one)", key=key)
            yield Problem("inspections.fault_type", shown(given.fault_type), allowed)
            break
    fault = s.fault_types.get(given.fault_type)
    if fault is not None and fault.part is not None:
        key = f"fault_types.{given.fault_type}.part"
        yield Problem(key, shown(fault.part.part), phrase("nothing: an inspection needs no part"))
    if given.every_days is None and not given.customer_tiers and not given.sites:
        allowed = phrase("days between inspections, for all sites, by customer tier or by site")
        yield Problem("inspections.every_days", phrase("nothing"), allowed)
    for tier in given.customer_tiers:
        yield from known(f"inspections.customer_tiers.{tier}", tier, s.customer_tiers, "customer_tiers")
    for site in given.sites:
        yield from known(f"inspections.sites.{site}", site, s.sites, "sites")
    for number, site in enumerate(given.training_sites):
        yield from known(f"inspections.training_sites.{number}", site, s.sites, "sites")
    if given.calendar is not None:
        yield from known("inspections.calendar", given.calendar, s.calendars, "calendars")


def _check_prediction(s: Scenario, given: Prediction) -> Iterator[Problem]:
    for number, device in enumerate(given.device_types):
        yield from known(f"prediction.device_types.{number}", device, s.device_types, "device_types")
    for number, tier in enumerate(given.customer_tiers):
        yield from known(f"prediction.customer_tiers.{number}", tier, s.customer_tiers, "customer_tiers")
    covered = given.device_types or tuple(s.device_types)
    for device in covered:
        if device in s.device_types and s.device_types[device].population == "finite":
            allowed = phrase(
                "device types of an infinite population: failures of finite ones are not predicted"
            )
            yield Problem(
                "prediction.device_types", phrase("{device}, which is finite", device=device), allowed
            )


def _check_delays(s: Scenario) -> Iterator[Problem]:
    """Yield delay times of faults that devices of a finite population have."""
    for key, device in s.device_types.items():
        if device.population == "infinite":
            continue
        for name in device.faults:
            fault = s.fault_types.get(name)
            if fault is not None and fault.delay_hours is not None:
                allowed = phrase(
                    "nothing: {key} has a finite population, whose defects are not followed", key=key
                )
                yield Problem(f"fault_types.{name}.delay_hours", phrase("a duration"), allowed)
