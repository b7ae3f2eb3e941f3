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
    "engineer_days": "One row for each engineer and local day on which he was on the roster, worked or was "
    "paid to be on call.",
    "stock_moves": "One row for each demand for a part, each order of one stock at another, and each month "
    "of holding a part at a centre.",
    "inspections": "One row for each inspection that was planned by the horizon.",
    "projects": "One row for each stage of a project. The simulation does not fill it yet.",
    "disruptions": "One row for each spell of weather in a city, for each disruption in each city that "
    "it strikes, and for each alert and suspension in each city for which it was up.",
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
    "device_type": Meaning("Type of the failed device", empty="an inspection"),
    **_places("site"),
    "centre": Meaning("Home centre of the site"),
    "time_zone": Meaning("IANA time zone of the site"),
    "severity": Meaning("minor, normal, major or emergency"),
    "priority": Meaning("Urgency in dispatch, 1 is most urgent"),
    "origin": Meaning(
        "failure; weather or batch: a failure that the weather brought; inspection: planned; "
        "condition_based: a failure that was predicted; false_alarm: a prediction without a failure"
    ),
    "work_type": Meaning("Fault type; of a false alarm, the one that seemed to come"),
    "skill": Meaning("Skill domain that its first stage asks for"),
    "level": Meaning("Lowest certification that may do its first stage"),
    "sla_rule": Meaning("SLA rule, the first that matches", empty="no rule matches"),
    "status": Meaning(
        "State at the horizon, one of the states in [the model](model.md#the-life-of-an-order)"
    ),
    "served_by": Meaning(
        "engineer: one was on site; partner: it was handed over; remote: restored with nobody on site, by a "
        "remote engineer or in a remote session; self_help: by the customer himself",
        empty="nobody has been on site and it is open",
    ),
    "parts": Meaning("Part that it needs", empty="it needs none"),
}

_ORDER_COUNTS = {
    "crew_size": Meaning("Engineers that its first stage needs together", "engineers"),
    "visits": Meaning(
        "Visits that reached the site, a partner's included; work interrupted and resumed counts once",
        "visits",
    ),
}

_ORDER_INSTANTS = {
    "reported_at": _instant("Report, planned date of an inspection, or prediction"),
    "down_from": _instant(
        "From when its devices are down, and where its clocks start: the report, or for a failure that was "
        "predicted the failure",
        "nothing failed by the horizon: inspection, false alarm, or predicted failure restored in time",
    ),
    "acknowledged_at": _instant("End of triage", "triage goes on"),
    "booked_at": _instant(
        "When its first visit was given to an engineer, or the order to a partner", "not yet"
    ),
    "planned_arrival_at": _instant(
        "Arrival of its first visit on site as it was expected at the booking", "no visit on site yet"
    ),
    "departed_at": _instant("Departure to its first visit on site", "not yet, or only a partner went"),
    "arrived_at": _instant("First arrival on site", "not yet, or never needed"),
    "restored_at": _instant("Service restored, perhaps temporarily", "not yet"),
    "completed_at": _instant("Order completed: restored for good, and verified by the customer", "not yet"),
    "respond_due_at": _due("respond"),
    "attend_due_at": _due("attend"),
    "restore_due_at": _due("restore"),
    "complete_due_at": _due("complete"),
    "due_at": _instant(
        "What dispatch works towards: when the attend clock is due, without one respond, restore or "
        "complete; of planned work, when it should be done",
        "its rule sets no target, or there is no rule",
    ),
    "follow_up_due_at": _instant(
        "By when the customer should have been called", "not completed, or nobody is to call"
    ),
    "followed_up_at": _instant("Call to the customer after completion", "not yet, or never"),
    "complained_at": _instant("Complaint about it", "none, or not yet"),
    "complaint_closed_at": _instant("Written confirmation that the complaint is solved", "none, or not yet"),
}

_ORDER_HOURS = {
    "complaint_misses": Meaning(
        "Clocks of the complaint (answer, solution, confirmation) that were missed by the horizon",
        "clocks",
        "no complaint",
    ),
    "duration_h": _hours("Expected hands-on hours of its first stage"),
    "paused_hours": _hours("Wait for the customer, up to the horizon, whether or not clocks stood still"),
    "devices_down": Meaning(
        "Devices out of service from `down_from` to restoration; 0 where nothing failed", "devices"
    ),
    "wait_hand_over": _hours(
        "Triage, self-help, remote session, work away from the site, and a partner's time from hand-over to "
        "arrival"
    ),
    "wait_part": _hours("Wait for the part"),
    "wait_off_shift": _hours("Wait while nobody who may serve it was on duty"),
    "wait_skill": _hours(
        "Wait while all who may serve it were busy and others in the territory on duty and free"
    ),
    "wait_crew": _hours("Wait while somebody of the territory was free, but too few for the crew"),
    "wait_engineer": _hours("Wait while everybody was busy: the rest of the wait"),
    "wait_weather": _hours("Hours that the weather adds to the way"),
    "wait_travel": _hours("Travel, ways that were broken off included"),
    "cause": Meaning(
        "Largest of the waits, a night after hours on duty counted with what filled those, where the respond "
        "or attend clock was missed",
        empty="neither was",
    ),
    "restore_cause": Meaning(
        "Largest cause up to restoration, `work` among them, where the restore or complete clock was missed",
        empty="neither was",
    ),
    "cost_partners": _money("Price that the partner is paid; 0 without a hand-over"),
    "cost_penalties": _money("Penalties of its rule for missed clocks, and credits, up to their caps"),
    "csat": Meaning(
        "Satisfaction of its customer, 0 to 100: an assumption, by the scenario's curve",
        "points",
        "it is not completed, no customer reported it, or the scenario states no curve",
    ),
}

_VISITS = {
    "work_order": Meaning("Id of its order"),
    "visit": Meaning("Which visit of the order it is, from 1; resumed work keeps its number"),
    "stage": Meaning("Stage of the fault type; `visit` where it lists none"),
    "engineer": Meaning("Engineer: centre, group and number, joined by colons"),
    "role": Meaning("lead, helper (one of a crew beside the lead) or remote_expert; each has a row"),
    "centre": Meaning("Centre of the engineer"),
    "on_site": Meaning("Whether somebody travels for it"),
    "ready_at": _instant(
        "Since when it could be given out: customer and part ready, the visit before it over"
    ),
    "booked_at": _instant("When it was given to the engineer"),
    "departed_at": _instant("Departure, which is at the booking", "work away from the site"),
    "arrived_at": _instant("Arrival on site", "work away from the site, not yet, or broken off on the way"),
    "started_at": _instant("Begin of the work, once everybody is there", "not yet"),
    "ended_at": _instant("End", "still going on"),
    "work_hours": _hours("Hours at work, those in which the weather stops it included, up to the horizon"),
    "travel_hours": _hours("Hours on the way, up to the horizon or to where it was broken off"),
    "return_hours": _hours("Hours on the way back from another city that follows it, up to the horizon"),
    "fares": _money("Fares there and back, over a network"),
    "nights": Meaning("Nights in another city until its engineer went on from there"),
    "weather_hours": _hours("Hours lost to the weather, on the way and at work"),
    "overtime_hours": _hours("Hours of travel there and back and of work outside the engineer's shift"),
    "wait_off_shift": _hours("Wait from `ready_at` to `booked_at` while nobody who may serve it was on duty"),
    "wait_skill": _hours("The same while all who may were busy and others in the territory on duty and free"),
    "wait_crew": _hours("The same for an order that takes a crew: somebody was free, but too few"),
    "wait_engineer": _hours("The rest of that wait"),
    "outcome": Meaning(
        "completed: the order is restored; followed: another visit follows; preempted: broken off for more "
        "urgent work; suspended: left at the end of the shift, to be resumed; handed_over: left then for "
        "whoever is next; open: still going on"
    ),
}

_ENGINEER_DAYS = {
    "engineer": Meaning("Engineer: centre, group and number, joined by colons"),
    "centre": Meaning("His centre"),
    **_places("centre"),
    "day": _instant("Midnight in the centre's time zone at which the day began; hour 0 for the first"),
    "roster_hours": _hours("Hours of his shift; none while his post is vacant"),
    "work_hours": _hours("Hands-on hours, on site and away from it, overtime included"),
    "travel_hours": _hours("Hours on the way, overtime included"),
    "waiting_hours": _hours(
        "Hours on site before the work can begin, or kept for a crew that is not complete, overtime included"
    ),
    "idle_hours": _hours("Hours of his shift for which he is there, without travel, waiting or work"),
    "training_hours": _hours("Hours of his shift in training"),
    "absent_hours": _hours("Hours of his shift on leave, ill, or away in a shortage of staff"),
    "overtime_hours": _hours(
        "Hours of travel, waiting and work outside those hours of his shift for which he is there"
    ),
    "cost_labour": _money(
        "Roster hours at his pay: training, leave and sickness are paid; with his centre's bonus of the month"
    ),
    "cost_overtime": _money("Overtime hours at his pay times the overtime factor, and pay for being on call"),
    "cost_travel": _money(
        "Travel hours at the scenario's cost of travel, fares and nights away of ways begun that day"
    ),
}

_STOCK_MOVES = {
    "work_order": Meaning("Id of the order that caused it", empty="cost of holding"),
    "centre": Meaning("Centre whose depot or van is asked for an order, or is to be filled"),
    **_places("centre"),
    "part": Meaning("Part"),
    "quantity": Meaning("Units demanded; 0 for the cost of holding", "units"),
    "kind": Meaning(
        "How an order's demand was met: depot (from its shelf, at once or after a wait), van, transfer, "
        "second_supplier, refurbished, rush. replenishment: what a stock ordered of another; holding: cost "
        "of holding from `demanded_at` to the end of its month, or to a change or the end of the warm-up"
    ),
    "source": Meaning("Centre whose depot or van gives the units", empty="they come from outside"),
    "demanded_at": _instant("Demand: triage and the wait for the customer are over, or it was diagnosed"),
    "available_at": _instant("When all units are there", "not by the horizon, or cost of holding"),
    "replenished_at": _instant(
        "When the units that are ordered in their place reach the shelf that they came from",
        "not by the horizon, or none ordered: a surplus, (s, S), units from outside",
    ),
    "on_shelf": Meaning("Whether all units were on the shelf that was asked, or in the van, at the demand"),
    "cost_parts": _money(
        "Units at the price of the part and of the way they came, with transfers and rush orders; cost of "
        "holding; 0 for a replenishment"
    ),
}

_INSPECTIONS = {
    "id": Meaning("Id of the inspection, which is that of its order"),
    "site": Meaning("Site to be inspected"),
    "engineer": Meaning("Engineer who was sent last", empty="nobody has been sent yet"),
    "due_at": _instant("When it must have ended"),
    "started_at": _instant("Start on site", "not yet"),
    "ended_at": _instant("End on site", "not yet"),
    "defects_found": Meaning("Defects that it found and mended before they became failures", "defects"),
}

_PROJECTS = {
    "id": Meaning("Id of the project"),
    "site": Meaning("Its site"),
    "stage": Meaning("Stage of the project"),
    "started_at": _instant("Start of the stage", "not yet"),
    "ended_at": _instant("End of the stage", "not yet"),
}

_DISRUPTIONS = {
    "id": Meaning(
        "City, condition and local date of weather that was drawn, name and city of a disruption, name of an "
        "alert or of a suspended centre"
    ),
    "kind": Meaning("What kind of disruption it is"),
    "city": Meaning("City that it strikes", empty="it has no place"),
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
