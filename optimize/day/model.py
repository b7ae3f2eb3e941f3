"""A dispatcher's day as a document: orders, engineers, what is fixed, and the plan that stands, in UTC.

Files that people bring become this, a moment of a simulated day becomes this, and the board keeps this, as
versioned JSON. It only describes; `optimize.day.problem` makes the problem of it that is solved.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from scenarios.phrases import phrase

#: Version of the documents that are written; older ones are read as long as `Day` says how.
VERSION: Literal[1] = 1

#: What an order can be, in the order in which it comes about.
STATUSES = ("new", "planned", "departed", "arrived", "finished", "cancelled")
Status = Literal["new", "planned", "departed", "arrived", "finished", "cancelled"]
Severity = Literal["minor", "normal", "major", "emergency"]
#: Certification by its position from 1: junior, intermediate, senior, expert.
Level = Annotated[int, Field(ge=1, le=4)]
Latitude = Annotated[float, Field(ge=-90.0, le=90.0)]
Longitude = Annotated[float, Field(ge=-180.0, le=180.0)]
Hours = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
#: A time of the day, as 08:30.
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DayPin(_Document):
    """What a dispatcher has fixed of an order.

    Parameters
    ----------
    engineer
        Who has it.
    start_from, start_to
        Range of its start; the same instant twice for a fixed time.
    """

    engineer: str | None = None
    start_from: AwareDatetime | None = None
    start_to: AwareDatetime | None = None


class DayOrder(_Document):
    """One work order.

    Parameters
    ----------
    id
        Its name.
    customer, customer_tier, site, asset, device_type, city, work_type, fault_type
        What it is about; empty where nobody said. A fault type of the scenario says how its work varies.
    lat, lon
        Position in degrees.
    reported_at
        When its clocks start.
    severity, priority
        How bad, and how soon by the dispatcher's own order, 1 first.
    skill, level
        Domain and the least certification; no domain means anybody.
    languages, security_pass
        Languages of which one is enough; a pass that is needed.
    duration_h, crew_size
        Expected hours of work, and how many people start together.
    parts, tools
        Units that are used up, and tools that are not.
    window_start, window_end
        When the work may start.
    due_at
        When it is due on the attend clock; by the scenario's SLA rules where absent.
    may_pause
        Whether the work may go over several shifts.
    pin
        What is fixed.
    status
        How far it is.
    departed_at, arrived_at, restored_at, completed_at
        What has happened.
    paused_hours
        For how long its clocks have stood still.
    time_zone
        Zone of its site, an IANA name.
    """

    id: Annotated[str, Field(min_length=1)]
    customer: str = ""
    customer_tier: str = ""
    site: str = ""
    asset: str = ""
    device_type: str = ""
    city: str = ""
    lat: Latitude
    lon: Longitude
    reported_at: AwareDatetime
    severity: Severity = "normal"
    priority: int | None = None
    work_type: str = "corrective"
    fault_type: str = ""
    skill: str = ""
    level: Level = 1
    languages: tuple[str, ...] = ()
    security_pass: str | None = None
    duration_h: Annotated[float, Field(gt=0.0, le=1000.0)]
    crew_size: Annotated[int, Field(ge=1, le=6)] = 1
    parts: dict[str, Annotated[int, Field(ge=1)]] = {}
    tools: tuple[str, ...] = ()
    window_start: AwareDatetime | None = None
    window_end: AwareDatetime | None = None
    due_at: AwareDatetime | None = None
    may_pause: bool = False
    pin: DayPin | None = None
    status: Status = "new"
    acknowledged_at: AwareDatetime | None = None
    booked_at: AwareDatetime | None = None
    departed_at: AwareDatetime | None = None
    arrived_at: AwareDatetime | None = None
    restored_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    paused_hours: Hours = 0.0
    time_zone: str


class DayAbsence(_Document):
    """An absence of an engineer.

    Parameters
    ----------
    start, end
        From when until when; until further notice where it has no end.
    """

    start: AwareDatetime
    end: AwareDatetime | None = None

    def covers(self, at: datetime) -> bool:
        """Return whether he is away at an instant."""
        return self.start <= at and (self.end is None or at < self.end)


class DayEngineer(_Document):
    """One engineer.

    Parameters
    ----------
    id, name, centre, city
        Who, and where from.
    lat, lon
        Position from which he leaves next, in degrees.
    home_lat, home_lon
        Where he returns to; where he is when absent.
    skills
        Certification by skill domain.
    languages, passes
        What he speaks, and the security passes he holds.
    shift_start, shift_end
        His working hours in his own zone; an end before the begin is on the next day.
    break_start, break_end
        A break in them; none when absent.
    overtime_h
        Hours past the end that are allowed.
    weekdays
        Days on which his shift begins, 1 for Monday to 7 for Sunday.
    time_zone
        His zone, an IANA name.
    cost_per_hour
        Pay.
    available_from, available_to
        From when until when he can be sent at all.
    absences
        When he is away all the same.
    parts, tools
        What is in the van.
    """

    id: Annotated[str, Field(min_length=1)]
    name: str = ""
    centre: str = ""
    city: str = ""
    lat: Latitude
    lon: Longitude
    home_lat: Latitude | None = None
    home_lon: Longitude | None = None
    skills: dict[str, Level] = {}
    languages: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    shift_start: ClockTime = "08:00"
    shift_end: ClockTime = "17:00"
    break_start: ClockTime | None = None
    break_end: ClockTime | None = None
    overtime_h: Hours = 0.0
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (1, 2, 3, 4, 5, 6, 7)
    time_zone: str
    cost_per_hour: Hours = 0.0
    available_from: AwareDatetime | None = None
    available_to: AwareDatetime | None = None
    absences: tuple[DayAbsence, ...] = ()
    parts: dict[str, Annotated[int, Field(ge=0)]] = {}
    tools: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _one_absence(cls, given: Any) -> Any:
        """Read documents of before there could be several absences."""
        if not isinstance(given, Mapping) or not {"absent_from", "absent_to"} & given.keys():
            return given
        fields = {name: value for name, value in given.items() if name not in ("absent_from", "absent_to")}
        if given.get("absent_from") is not None:
            only = {"start": given["absent_from"], "end": given.get("absent_to")}
            fields["absences"] = (*fields.get("absences", ()), only)
        return fields


class DayTravel(_Document):
    """A way between two places, from a file in place of what is computed.

    Parameters
    ----------
    origin, destination
        Ids of orders' sites, engineers or orders.
    hours, km
        How long and how far.
    """

    origin: str
    destination: str
    hours: Hours
    km: Hours | None = None


class DayVisit(_Document):
    """One visit of a plan.

    Parameters
    ----------
    order, engineer
        Who goes to what; a crew has one visit each.
    depart, start, end
        When he leaves, and when the work begins and ends.
    travel_h
        Hours on the way there.
    fetches_parts
        Whether he goes to a depot first.
    """

    order: str
    engineer: str
    depart: AwareDatetime
    start: AwareDatetime
    end: AwareDatetime
    travel_h: Hours
    fetches_parts: bool = False


class DayPlan(_Document):
    """Who goes where and when, and what is left for later.

    Parameters
    ----------
    visits
        By engineer, then by start.
    unassigned
        Orders that nobody has.
    cost, parts
        The objective in the scenario's currency, and what it is made of.
    made_at
        Instant from which it was planned.
    policy
        Name of the scheduling policy that it follows; empty where that is not known.
    """

    visits: tuple[DayVisit, ...] = ()
    unassigned: tuple[str, ...] = ()
    cost: float = 0.0
    parts: dict[str, float] = {}
    made_at: AwareDatetime | None = None
    policy: str = ""

    @cached_property
    def crew_of(self) -> dict[str, tuple[DayVisit, ...]]:
        """Return the visits by order."""
        found: dict[str, tuple[DayVisit, ...]] = {}
        for visit in self.visits:
            found[visit.order] = (*found.get(visit.order, ()), visit)
        return found


class Day(_Document):
    """All that a dispatcher has before him.

    Parameters
    ----------
    version
        Of the document.
    title
        A name for people.
    scenario
        Library name or file whose SLA rules, travel and policy hold where the day says nothing.
    now
        The present.
    horizon_h
        Hours from now in which visits may be planned.
    freeze_h
        Hours from now in which the plan that stands is not changed.
    scheduling_policy
        Name of the scheduling policy that plans follow; the scenario's choice where empty.
    orders, engineers, travel
        What there is; ways that are not listed are computed.
    plan
        The plan that stands; none yet when absent.
    """

    version: Literal[1] = VERSION
    title: str = ""
    scenario: str = "asean15"
    now: AwareDatetime
    horizon_h: Annotated[float, Field(gt=0.0, le=24.0 * 31)] = 48.0
    freeze_h: Hours = 0.0
    scheduling_policy: str = ""
    orders: tuple[DayOrder, ...]
    engineers: tuple[DayEngineer, ...]
    travel: tuple[DayTravel, ...] = ()
    plan: DayPlan | None = None

    @model_validator(mode="after")
    def _names_once(self) -> Day:
        for items in (self.orders, self.engineers):
            seen: set[str] = set()
            for item in items:
                if item.id in seen:
                    raise ValueError(phrase("{id}: found twice; allowed: every id once", id=item.id))
                seen.add(item.id)
        return self

    @cached_property
    def order(self) -> dict[str, DayOrder]:
        """Return the orders by id."""
        return {order.id: order for order in self.orders}

    @cached_property
    def engineer(self) -> dict[str, DayEngineer]:
        """Return the engineers by id."""
        return {engineer.id: engineer for engineer in self.engineers}
