"""Every mechanism, switched on for the same failures, moves its KPI in its direction: travel and people.

Service and parts are in test_mechanisms_of_service, prevention, money, alerts and policies in
test_mechanisms_of_terms, shocks in test_shocks_pass. Each list below names mechanism, KPI and direction; all
go from document to comparison by the ordinary way. What a mechanism does to the minute is tested beside it.
"""

from __future__ import annotations

import pytest
from mechanism_worlds import Case, check

MORE_ROOM = {"centres.port.engineers.juniors.count": 4}
RUSH_HOURS = [1.0] * 7 + [2.5] * 3 + [1.5] * 6 + [2.5] * 4 + [1.0] * 4
#: All engineers of the island speak its language; at the port one of two groups speaks that of the mall.
SPEAK = {
    "centres.port.engineers.lead.languages": ["malay"],
    "centres.port.engineers.lead.passes": ["customs"],
}
LONE_ISLAND = {"centres.pier.engineers.juniors.count": 1, "sites.hotel.devices.unit": 1500}
LONG_WORK = {"fault_types.cable.work_hours": 5.0, **MORE_ROOM}
PARTNER = {
    "centres.garage": {
        "level": "partner",
        "city": "harbour",
        "partner": {"attend_hours": 3.0, "price_per_order": 80},
        "serves": {"cities": ["harbour", "beach"]},
    }
}
OVERFLOW = {"dispatch.overflow": {"partner": "garage", "after_hours": 2.0}}
NOT_FROM_THE_PIER = {
    "centres.pier.serves": {"sites": []},
    "centres.port.serves": {"cities": ["harbour", "beach"]},
    "centres.port.engineers.juniors.count": 4,
}

TRAVEL = (
    Case(
        "weather slows rides",
        {"climate.cities.harbour.storm": [20.0] * 12, "climate.cities.beach.storm": [20.0] * 12},
        {"travel_hours": 1, "attend_attainment": -1, "wait_weather": 1, "cost_travel": 1},
        {
            "city_travel.default.slowed_by": {"storm": 4.0},
            "effects.storm": {"failures": 1.0, "standstill": 0.0},
        },
    ),
    Case(
        "weather slows links",
        {"links.ferry.slowed_by": {"rain": 3.0}},
        {"travel_hours": 1, "wait_weather": 1, "time_to_attend_mean": 1},
        {"climate.cities.beach.rain": [25.0] * 12, "effects.rain": {"failures": 1.0}, **NOT_FROM_THE_PIER},
    ),
    Case(
        "weather closes links",
        {"links.ferry.closed_by": ["rain"]},
        {"travel_hours": 1, "time_to_attend_mean:beach": 1},
        {"climate.cities.beach.rain": [25.0] * 12, "effects.rain": {"failures": 1.0}, **NOT_FROM_THE_PIER},
    ),
    Case(
        "weather stops outdoor work",
        {"fault_types.cable.outdoor": True},
        {"time_to_fix_mean": 1, "utilisation": 1},
        {"climate.cities.harbour.rain": [25.0] * 12, "effects.rain": {"failures": 1.0, "standstill": 2.0}},
    ),
    Case(
        "weather brings failures",
        {"climate.cities.harbour.heat": [25.0] * 12},
        {"backlog_mean": 1, "availability": -1},
        {"effects.heat": {"failures": 3.0}},
    ),
    Case(
        "traffic by hour",
        {"city_travel.default.traffic_by_hour": RUSH_HOURS},
        {"travel_hours": 1, "time_to_attend_mean": 1},
    ),
    Case(
        "ferries at set hours",
        {"links.ferry.operates": ["07:00-09:00"]},
        {"time_to_attend_mean:beach": 1, "travel_hours": 1},
        NOT_FROM_THE_PIER,
    ),
    Case(
        "borders, check-in, ways to the terminal",
        {"links.ferry.border_hours": 1.0, "links.ferry.access_hours": 0.5, "links.ferry.egress_hours": 0.5},
        {"travel_hours": 1, "time_to_attend_mean:beach": 1, "time_to_attend_mean": 1},
        NOT_FROM_THE_PIER,
    ),
    Case("fares", {"links.ferry.cost": 30}, {"cost_travel": 1, "travel_hours": 0}, NOT_FROM_THE_PIER),
    Case(
        "nights away",
        {"travel.cost_per_night": 60},
        {"cost_travel": 1, "overtime_hours": 0},
        {**NOT_FROM_THE_PIER, "dispatch.shift_end": {"rule": "resume"}},
    ),
    Case(
        "the user's own matrix",
        {
            "travel": {
                "method": "matrix",
                "cost_per_hour": 5,
                "hours": {
                    "port": {"quay": 0.01, "mall": 0.01, "pier": 2.0, "hotel": 2.0},
                    "pier": {"hotel": 0.01, "quay": 2.0, "mall": 2.0},
                },
            },
            "links": {},
        },
        {"travel_hours": -1, "time_to_attend_mean": -1},
    ),
)

PEOPLE = (
    Case(
        "crews",
        {"fault_types.board.crew": {"size": 2}},
        {"time_to_attend_mean": 1, "wait_crew": 1, "utilisation": 1},
        {"centres.pier.engineers.juniors.count": 2},
    ),
    Case("languages", {"sites.mall.languages": ["malay"]}, {"time_to_attend_mean:harbour": 1}, SPEAK),
    Case(
        "security passes", {"sites.mall.security_pass": "customs"}, {"time_to_attend_mean:harbour": 1}, SPEAK
    ),
    Case(
        "certification",
        {"fault_types.cable.level": "senior"},
        {"time_to_attend_mean": 1, "attend_attainment": -1, "wait_skill": 1},
        {"centres.pier.engineers.juniors.level": "senior"},
    ),
    Case(
        "on call",
        {"centres.port.engineers.lead.on_call": {"calendar": "nights", "severities": ["emergency"]}},
        {"attend_attainment": 1, "overtime_hours": 1},
        {"sla": [{"name": "dark", "match": {"severity": ["emergency"]}, "targets": {"attend": 4.0}}]},
    ),
    Case(
        "shift ends: resume",
        {"dispatch.shift_end": {"rule": "resume"}},
        {"overtime_hours": -1, "time_to_fix_mean": 1, "cost_overtime": -1},
        LONG_WORK,
    ),
    Case(
        "shift ends: hand over",
        {"dispatch.shift_end": {"rule": "hand_over"}},
        {"overtime_hours": -1, "time_to_fix_mean": 1},
        LONG_WORK,
    ),
    Case(
        "shift ends: overtime up to a limit",
        {"dispatch.shift_end": {"rule": "finish", "overtime_hours": 1.0}},
        {"overtime_hours": -1, "time_to_fix_mean": 1},
        LONG_WORK,
    ),
    Case(
        "public holidays",
        {"countries.coast.extra_holidays": ["2026-01-15", "2026-01-16", "2026-02-05", "2026-02-06"]},
        {"time_to_attend_mean:harbour": 1, "wait_off_shift": 1, "time_to_attend_mean:beach": 0},
    ),
    Case(
        "weekends that are not Saturday and Sunday",
        {"calendars.day.hours": {d: ["08:00-18:00"] for d in ("mon", "tue", "wed", "thu", "sun")}},
        {"time_to_attend_mean": -1, "wait_off_shift": -1},
        {
            "calendars.day.hours": {d: ["08:00-18:00"] for d in ("mon", "tue", "wed", "thu", "fri")},
            "profiles.week": {"by_weekday": [1.4, 1.4, 1.4, 1.4, 0.0, 0.0, 1.4]},
            "device_types.unit.profile": "week",
        },
    ),
    Case(
        "leave",
        {"absences.annual_leave_days": 60.0},
        {"utilisation": 1, "attend_attainment": -1},
    ),
    Case(
        "sickness",
        {"absences.sick_spells_per_year": 20.0},
        {"utilisation": 1, "attend_attainment": -1},
    ),
    Case(
        "training",
        {"absences.training_hours_per_year": 700.0},
        {"utilisation": 1, "attend_attainment": -1},
    ),
    Case(
        "attrition",
        {"absences.attrition_per_year": {"junior": 5.0}, "absences.replacement_days": 30.0},
        {"attend_attainment": -1, "cost_labour": -1},
    ),
    Case(
        "loss of a key person",
        {
            "absences.key_person_loss": [
                {"from": "2026-01-20", "centre": "port", "group": "juniors", "effect_factor": 1.4}
            ]
        },
        {"time_to_attend_mean:harbour": 1, "time_to_fix_mean": 1, "cost_labour": -1},
    ),
    Case(
        "crossing territories",
        {"dispatch.crossing": {"after_hours": 1.0, "within": "network"}},
        {"time_to_attend_mean:beach": -1, "travel_hours": 1},
        {**LONE_ISLAND, **MORE_ROOM},
    ),
    Case(
        "partners",
        OVERFLOW,
        {"time_to_attend_mean": -1, "cost_partners": 1, "backlog_mean": -1, "utilisation": -1},
        PARTNER,
    ),
    Case(
        "capacity of partners",
        {"centres.garage.partner.capacity": 1},
        {"time_to_attend_mean": 1},
        {**PARTNER, **OVERFLOW},
    ),
    Case(
        "hours of partners",
        {"centres.garage.partner.calendar": "day"},
        {"time_to_attend_mean": 1},
        {**PARTNER, **OVERFLOW},
    ),
    Case(
        "pre-emption",
        {"dispatch.preempting": ["emergency"]},
        {"attend_attainment": 1},
        {"sla": [{"name": "dark", "match": {"severity": ["emergency"]}, "targets": {"attend": 1.0}}]},
    ),
)


@pytest.mark.parametrize("case", TRAVEL + PEOPLE, ids=lambda case: case.name)
def test_what_is_switched_on_moves_its_kpi(case: Case) -> None:
    """The interval of the paired difference lies on the right side of zero."""
    check(case)
