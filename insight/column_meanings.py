"""What each column of the shared tables means, in which unit, and when a row has nothing in it.

The one place that words a column: docs/tables.md is made from it, and pages and templates may print it. The
kinds of the columns are in `insight.tables`, which reads and writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Meaning:
    """What a column means.

    Parameters
    ----------
    text
        Its meaning, as a phrase.
    unit
        Unit of its figures: `h`, `currency` (the scenario's), `UTC` for instants, what is counted for counts;
        empty for names, texts and flags.
    empty
        When a row has none: NaN, NaT or no name; empty if it always has one.
    """

    text: str
    unit: str = ""
    empty: str = ""


#: What a row of each table stands for.
ROWS: Mapping[str, str] = {
    "work_orders": "One row for each order that was reported.",
    "visits": "One row for each visit that was given to an engineer. Interrupted work that was resumed has "
    "a row for each part, under the same number. Partners' visits have no rows.",
    "engineer_days": "One row for each engineer and local day on which he was on the roster or worked.",
    "stock_moves": "One row for each demand for a part.",
    "inspections": "One row for each planned inspection. The simulation does not fill it yet.",
    "projects": "One row for each stage of a project. The simulation does not fill it yet.",
    "disruptions": "One row for each disruption. The simulation does not fill it yet.",
}

_REPLICATION = {"replication": Meaning("Number of the replication, from 0")}


def _places(of: str) -> dict[str, Meaning]:
    return {
        "city": Meaning(f"City of the {of}"),
        "country": Meaning(f"Country of the {of}"),
        "zone": Meaning(f"Response zone of the {of}'s country"),
    }


def _instant(text: str, empty: str = "") -> Meaning:
    return Meaning(text, "UTC", empty)


def _hours(text: str, empty: str = "") -> Meaning:
    return Meaning(text, "h", empty)


def _money(text: str) -> Meaning:
    return Meaning(text, "currency")


def _due(clock: str) -> Meaning:
    empty = f"no rule, or its rule sets no {clock} target"
    return _instant(f"When the {clock} clock must have stopped, calendar and pauses allowed for", empty)


_ORDER_NAMES = {
    "id": Meaning(
        "In simulated runs site, device type and number of the failure, joined by colons (of a finite "
        "population: number of the device, a full stop, number of its failure), the same in every scenario "
        "that has the failure"
    ),
    "customer": Meaning("Customer that owned the site at the report"),
    "customer_tier": Meaning("Tier of that customer"),
    "site": Meaning("Site of the failed device"),
    "device_type": Meaning("Type of the failed device"),
    **_places("site"),
    "centre": Meaning("Home centre of the site"),
    "time_zone": Meaning("IANA time zone of the site"),
    "severity": Meaning("minor, normal, major or emergency"),
    "priority": Meaning("Urgency in dispatch, 1 is most urgent"),
    "work_type": Meaning("Fault type"),
    "skill": Meaning("Skill domain that its first stage asks for"),
    "level": Meaning("Lowest certification that may do its first stage"),
    "sla_rule": Meaning("SLA rule, the first that matches", empty="no rule matches"),
    "status": Meaning(
        "State at the horizon, one of the states in [the model](model.md#the-life-of-an-order)"
    ),
    "served_by": Meaning(
        "engineer: one was on site; partner: it was handed over; remote: restored with nobody on site",
        empty="nobody has been on site and it is open",
    ),
    "parts": Meaning("Part that it needs", empty="it needs none"),
}

_ORDER_COUNTS = {
    "crew_size": Meaning("Engineers that it needs together; 1 in simulated runs", "engineers"),
    "visits": Meaning(
        "Visits that reached the site, a partner's included; work interrupted and resumed counts once",
        "visits",
    ),
}

_ORDER_INSTANTS = {
    "reported_at": _instant("Report; all clocks start here"),
    "acknowledged_at": _instant("End of triage", "triage goes on"),
    "booked_at": _instant(
        "When its first visit was given to an engineer, or the order to a partner", "not yet"
    ),
    "planned_arrival_at": _instant(
        "Arrival of its first visit on site as it was expected at the booking", "no visit on site yet"
    ),
    "departed_at": _instant("Departure to its first visit on site", "not yet, or only a partner went"),
    "arrived_at": _instant("First arrival on site", "not yet, or never needed"),
    "restored_at": _instant("Service restored", "not yet"),
    "completed_at": _instant("Order completed; in simulated runs when it is restored", "not yet"),
    "respond_due_at": _due("respond"),
    "attend_due_at": _due("attend"),
    "restore_due_at": _due("restore"),
    "complete_due_at": _due("complete"),
    "due_at": _instant(
        "What dispatch works towards: when the attend clock is due, without one respond, restore or complete",
        "its rule sets no target, or there is no rule",
    ),
}

_ORDER_HOURS = {
    "duration_h": _hours("Expected hands-on hours of its first stage"),
    "paused_hours": _hours("Wait for the customer, up to the horizon, whether or not clocks stood still"),
    "devices_down": Meaning("Devices out of service from report to restoration", "devices"),
    "wait_hand_over": _hours(
        "Triage, work away from the site, and a partner's time from hand-over to arrival"
    ),
    "wait_part": _hours("Wait for the part"),
    "wait_off_shift": _hours("Wait while nobody who may serve it was on duty"),
    "wait_skill": _hours(
        "Wait while all who may serve it were busy and others in the territory on duty and free"
    ),
    "wait_crew": _hours("Wait for a crew; 0 in simulated runs"),
    "wait_engineer": _hours("Wait while everybody was busy: the rest of the wait"),
    "wait_weather": _hours("Wait for the weather; 0 in simulated runs"),
    "wait_travel": _hours("Travel, ways that were broken off included"),
    "cause": Meaning(
        "Largest of the waits, where the respond or attend clock was missed", empty="neither was"
    ),
    "restore_cause": Meaning(
        "Largest cause up to restoration, `work` among them, where the restore or complete clock was missed",
        empty="neither was",
    ),
    "cost_partners": _money("Price that the partner is paid; 0 without a hand-over"),
    "cost_penalties": _money("Penalty of its rule for each missed clock"),
}

_VISITS = {
    "work_order": Meaning("Id of its order"),
    "visit": Meaning("Which visit of the order it is, from 1; resumed work keeps its number"),
    "stage": Meaning("Stage of the fault type; `visit` where it lists none"),
    "engineer": Meaning("Engineer: centre, group and number, joined by colons"),
    "centre": Meaning("Centre of the engineer"),
    "on_site": Meaning("Whether somebody travels for it"),
    "ready_at": _instant(
        "Since when it could be given out: customer and part ready, the visit before it over"
    ),
    "booked_at": _instant("When it was given to the engineer"),
    "departed_at": _instant("Departure, which is at the booking", "work away from the site"),
    "arrived_at": _instant("Arrival on site", "work away from the site, not yet, or broken off on the way"),
    "ended_at": _instant("End", "still going on"),
    "work_hours": _hours("Hands-on hours, up to the horizon"),
    "travel_hours": _hours("Hours on the way, up to the horizon or to where it was broken off"),
    "return_hours": _hours("Hours on the way back from another city that follows it, up to the horizon"),
    "fares": _money("Fares there and back, over a network"),
    "overtime_hours": _hours("Hours of travel there and back and of work outside the engineer's shift"),
    "wait_off_shift": _hours("Wait from `ready_at` to `booked_at` while nobody who may serve it was on duty"),
    "wait_skill": _hours("The same while all who may were busy and others in the territory on duty and free"),
    "wait_engineer": _hours("The rest of that wait"),
    "outcome": Meaning(
        "completed: the order is restored; followed: another visit follows; preempted: broken off for more "
        "urgent work; open: still going on"
    ),
}

_ENGINEER_DAYS = {
    "engineer": Meaning("Engineer: centre, group and number, joined by colons"),
    "centre": Meaning("His centre"),
    **_places("centre"),
    "day": _instant("Midnight in the centre's time zone at which the day began; hour 0 for the first"),
    "roster_hours": _hours("Hours of his shift"),
    "work_hours": _hours("Hands-on hours, on site and away from it, overtime included"),
    "travel_hours": _hours("Hours on the way, overtime included"),
    "idle_hours": _hours("Hours of his shift without travel or work"),
    "overtime_hours": _hours("Hours of travel and work outside his shift"),
    "cost_labour": _money("Roster hours at his pay"),
    "cost_overtime": _money("Overtime hours at his pay times the overtime factor"),
    "cost_travel": _money("Travel hours at the scenario's cost of travel, and fares of ways begun that day"),
}

_STOCK_MOVES = {
    "work_order": Meaning("Id of the order"),
    "centre": Meaning("Centre whose depot is asked"),
    **_places("centre"),
    "part": Meaning("Part"),
    "quantity": Meaning("Units demanded", "units"),
    "demanded_at": _instant("Demand: triage and the wait for the customer are over"),
    "available_at": _instant("When all units are there", "not by the horizon"),
    "replenished_at": _instant(
        "When the units that are ordered in their place reach the shelf",
        "not by the horizon, or none ordered because the base stock was lowered",
    ),
    "on_shelf": Meaning("Whether all units were on the shelf at the demand"),
    "cost_parts": _money("Units at the price of the part"),
}

_INSPECTIONS = {
    "id": Meaning("Id of the inspection"),
    "site": Meaning("Site to be inspected"),
    "engineer": Meaning("Engineer who inspects", empty="not planned yet"),
    "due_at": _instant("When it must have ended"),
    "started_at": _instant("Start on site", "not yet"),
    "ended_at": _instant("End on site", "not yet"),
    "defects_found": Meaning("Defects that it found", "defects"),
}

_PROJECTS = {
    "id": Meaning("Id of the project"),
    "site": Meaning("Its site"),
    "stage": Meaning("Stage of the project"),
    "started_at": _instant("Start of the stage", "not yet"),
    "ended_at": _instant("End of the stage", "not yet"),
}

_DISRUPTIONS = {
    "id": Meaning("Id of the disruption"),
    "kind": Meaning("What kind of disruption it is"),
    "city": Meaning("City that it strikes", empty="it strikes all"),
    "started_at": _instant("Begin"),
    "ended_at": _instant("End", "not yet"),
}

#: Meaning of each column, by table; the columns and tables are those of `insight.tables.COLUMNS`.
MEANINGS: Mapping[str, Mapping[str, Meaning]] = MappingProxyType(
    {
        "work_orders": {**_REPLICATION, **_ORDER_NAMES, **_ORDER_COUNTS, **_ORDER_INSTANTS, **_ORDER_HOURS},
        "visits": {**_REPLICATION, **_VISITS},
        "engineer_days": {**_REPLICATION, **_ENGINEER_DAYS},
        "stock_moves": {**_REPLICATION, **_STOCK_MOVES},
        "inspections": {**_REPLICATION, **_INSPECTIONS},
        "projects": {**_REPLICATION, **_PROJECTS},
        "disruptions": {**_REPLICATION, **_DISRUPTIONS},
    }
)
