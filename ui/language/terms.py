"""What things with fixed ids are called in English: KPIs, units, severities, causes, clocks, costs and so on.

Ids that a kind does not list are shown in readable form, which is how keys and values of the schema get their
names. Chinese stands in the catalogue under the same English text, with the kind as its context.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from insight.definitions import DEFINITIONS

_UNITS = {
    "share": "%",
    "pp": "pp",
    "hours": "h",
    "h": "h",
    "min": "min",
    "day": "days",
    "month": "months",
    "orders": "orders",
    "turns": "per year",
    "points": "points",
    "%": "%",
    "1": "",
    "km/h": "km/h",
    "degree": "°",
    "1/month": "per month",
    "1/year": "per year",
    "1/h": "per h",
    "1/point": "per point",
    "points/h": "points/h",
    "orders, points, 1 or h": "orders, points, share or h",
    "UTC": "UTC",
    "engineers": "engineers",
    "visits": "visits",
    "clocks": "clocks",
    "devices": "devices",
    "units": "units",
    "defects": "defects",
    "currency": "{currency}",
    "currency/h": "{currency}/h",
    "currency/day": "{currency}/day",
    "currency/month": "{currency}/month",
    "currency/year": "{currency}/year",
    "currency/night": "{currency}/night",
    "currency/order": "{currency}/order",
    "currency/breach": "{currency}/breach",
    "currency/transfer": "{currency}/transfer",
}

#: English by kind and id.
TERMS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "kpi": {kpi.id: kpi.term for kpi in DEFINITIONS.values()},
        "unit": _UNITS,
        "severity": {"minor": "Minor", "normal": "Normal", "major": "Major", "emergency": "Emergency"},
        "level": {
            "junior": "Junior",
            "intermediate": "Intermediate",
            "senior": "Senior",
            "expert": "Expert",
        },
        "centre_level": {
            "hq": "Headquarters",
            "regional": "Regional centre",
            "local": "Local station",
            "partner": "Partner outlet",
        },
        "cause": {
            "hand_over": "Triage and hand-over",
            "part": "Wait for a part",
            "off_shift": "Nobody on duty",
            "skill": "Right skill not free",
            "crew": "Crew not complete",
            "engineer": "Engineers busy",
            "weather": "Weather",
            "travel": "Travel",
            "work": "Work on site",
            "all": "All causes",
        },
        "clock": {
            "response": "Response",
            "respond": "Respond",
            "attend": "Attend",
            "restore": "Restore",
            "complete": "Complete",
            "all": "All clocks",
        },
        "cost": {
            "labour": "Labour",
            "overtime": "Overtime",
            "travel": "Travel",
            "parts": "Spare parts",
            "centres": "Service centres",
            "partners": "Partners",
            "penalties": "Penalties and credits",
            "total": "Total",
        },
        "disruption": {
            "rain": "Rain",
            "storm": "Storm",
            "typhoon": "Typhoon",
            "flood": "Flood",
            "heat": "Heat",
            "tourist_peak": "Tourist peak",
            "holiday": "Holiday peak",
            "demand": "Surge of demand",
            "ticket_outage": "Ticket system down",
            "supplier_outage": "Supplier down",
            "staff_shortage": "Shortage of staff",
            "batch_failure": "Batch of failures",
        },
        "plan_change": {
            "same": "as before",
            "time": "another time",
            "engineer": "somebody else",
            "new": "newly planned",
            "dropped": "left for later",
        },
        "weekday": {
            "mon": "Monday",
            "tue": "Tuesday",
            "wed": "Wednesday",
            "thu": "Thursday",
            "fri": "Friday",
            "sat": "Saturday",
            "sun": "Sunday",
        },
        "policy": {
            "earliest_arrival": "Earliest arrival",
            "first_come": "First come, first served",
            "nearest_qualified": "Nearest qualified engineer",
            "optimized": "Optimised plan",
            "sla_priority": "SLA priority",
        },
        "scheduling": {
            "balanced": "Balanced",
            "punctual": "On time first",
            "thrifty": "Thrifty",
        },
        "table": {
            "work_orders": "Work orders",
            "visits": "Visits",
            "engineer_days": "Engineer days",
            "stock_moves": "Stock movements",
            "inspections": "Inspections",
            "projects": "Projects",
            "disruptions": "Disruptions",
        },
        "dimension": {
            "network": "Whole network",
            "city": "City",
            "country": "Country",
            "zone": "Response zone",
            "centre": "Service centre",
            "severity": "Severity",
            "customer_tier": "Customer tier",
            "month": "Month",
            "cause": "Cause",
            "city_severity": "City and severity",
            "city_customer_tier": "City and customer tier",
            "city_tier": "City tier",
        },
        "quantile": {
            "mean": "mean",
            "p10": "10th percentile",
            "p50": "median",
            "p90": "90th percentile",
            "p95": "95th percentile",
        },
        # Values of the schema's choices where the id alone says too little.
        "choice": {
            "24x7": "24 hours, 7 days",
            "hq": "Headquarters",
            "csat": "Customer satisfaction",
            "outage": "Ticket system down",
            "mser5": "MSER-5",
            "R": "Recalled",
            "A": "A: primary figure",
            "B": "B: secondary copy",
            "C": "C: weak",
            "D": "D: proxy",
        },
        # Keys of the schema where they say too little by themselves.
        "field": {
            "sla": "SLA rules",
            "after_hours": "Wait before",
            "lat": "Latitude",
            "lon": "Longitude",
            "cv": "Coefficient of variation",
            "ar": "Guidance by augmented reality",
            "at": "At a satisfaction of",
            "of": "Share of what",
            "set": "New values",
            "use": "Share of use",
            "to": "To",
            "least": "Fewest complaints",
            "passes": "Security passes held",
            "first": "First inspection",
            "next": "Next stage",
            "late": "Penalty by lateness",
            "speed_kmh": "Speed",
            "intercity_speed_kmh": "Speed between cities",
            "intercity_circuity": "Circuity between cities",
            "annual_leave_days": "Annual leave",
        },
        "column": {"id": "Id", "csat": "Customer satisfaction"},
    }
)


def readable(key: str) -> str:
    """Return an id in words, as a heading: `work_hours` as Work hours; what has capitals stays."""
    words = key.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:] if words.islower() else words


def titled(key: str) -> str:
    """Return the key of a place in words: `kuala-lumpur` as Kuala Lumpur."""
    words = key.replace("_", " ").replace("-", " ").strip()
    return words.title() if words.islower() else words
