"""A moment of a simulated day as a dispatcher would have it before him: open orders, people, who is where.

Reads a run folder's tables and the scenario that it keeps. What a dispatcher could not know at that moment
stays out of it: work ends after its expected hours, and orders that are served without a visit are left to
whoever serves them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from insight.run_folder import RunFolder
from insight.whereabouts import scenario_sections
from optimize.day.long_work import with_long_work
from optimize.day.model import Day, DayEngineer, DayOrder, DayPlan, DayVisit
from scenarios.phrases import phrase

_LEVELS = {"junior": 1, "intermediate": 2, "senior": 3, "expert": 4}
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Hours of a local day on duty below which somebody counts as away.
_ON_DUTY = 0.25
_SQL_TIME = "TIMESTAMPTZ '{:%Y-%m-%d %H:%M:%S.%f}+00'"
_OPEN = """
SELECT * FROM work_orders
WHERE replication = {replication} AND acknowledged_at <= {at}
  AND (restored_at IS NULL OR restored_at > {at}) AND (completed_at IS NULL OR completed_at > {at})
  AND (served_by IS NULL OR served_by = 'engineer') ORDER BY reported_at, id
"""
_VISITS = """
SELECT work_order, engineer, departed_at, arrived_at, started_at, travel_hours, ended_at <= {at} AS over
FROM visits WHERE replication = {replication} AND on_site AND booked_at <= {at} AND departed_at IS NOT NULL
  AND arrived_at IS NOT NULL AND (ended_at IS NULL OR ended_at > {at} - INTERVAL 24 HOUR)
ORDER BY departed_at, work_order, engineer
"""
_DAYS = """
SELECT engineer, roster_hours - absent_hours - training_hours AS hours FROM engineer_days
WHERE replication = {replication} AND day <= {at} AND day > {at} - INTERVAL 24 HOUR
"""


class NoSuchMoment(ValueError):
    """A run that does not have the moment that is asked for; the message is a phrase."""


def day_of_run(folder: Path, replication: int, at: datetime, cities: Collection[str] = ()) -> Day:
    """Return the day of a moment in a run.

    Parameters
    ----------
    folder
        A run folder.
    replication
        Number of the replication, from 0.
    at
        The moment.
    cities
        Only their orders and the engineers of their centres; all when empty.

    Raises
    ------
    NoSuchMoment
        If the run does not have the replication or the moment.
    insight.run_folder.RunFolderError
        If the folder holds no finished run.
    """
    run = RunFolder(folder)
    _check(run, replication, at)
    scenario = scenario_sections(run)
    asked = {"replication": int(replication), "at": _SQL_TIME.format(at.astimezone(UTC))}
    open_orders: Any = run.query(_OPEN.format(**asked))
    visits: Any = run.query(_VISITS.format(**asked))
    days: Any = run.query(_DAYS.format(**asked))
    going = [row for row in visits.itertuples() if not row.over]
    served: dict[str, Any] = {}
    for visit in going:
        served.setdefault(visit.work_order, visit)
    orders = [
        _order(row, scenario, at, served.get(row.id))
        for row in open_orders.itertuples()
        if not cities or row.city in cities
    ]
    named = {order.id: order for order in orders}
    places = {row.engineer: _site_of(row.work_order) for row in visits.itertuples() if row.over}
    on_duty = {row.engineer: float(row.hours) for row in days.itertuples()}
    engineers = _engineers(scenario, at, on_duty, places, cities)
    people = {engineer.id for engineer in engineers}
    planned = [
        _visit(row, named[row.work_order], at)
        for row in going
        if row.work_order in named and row.engineer in people
    ]
    left = tuple(order.id for order in orders if order.id not in {visit.order for visit in planned})
    day = Day(
        title=str(scenario.get("title") or scenario.get("name", "")),
        scenario=_named(run, scenario),
        now=at,
        orders=tuple(orders),
        engineers=tuple(engineers),
        plan=DayPlan(
            visits=tuple(sorted(planned, key=lambda visit: (visit.engineer, visit.start))),
            unassigned=left,
            made_at=at,
        ),
    )
    return with_long_work(day, named)[0]


def _check(run: RunFolder, replication: int, at: datetime) -> None:
    manifest = run.manifest()
    start = datetime.fromisoformat(str(manifest["start"])).replace(tzinfo=UTC)
    end = start + timedelta(days=float(manifest["days"]))
    if not start <= at <= end:
        raise NoSuchMoment(
            phrase(
                "found {at}; allowed: {start} to {end}",
                at=at.isoformat(),
                start=start.isoformat(),
                end=end.isoformat(),
            )
        )
    known = {int(number) for marker in run.committed().values() for number in marker["replications"]}
    if replication not in known:
        raise NoSuchMoment(
            phrase(
                "found replication {number}; allowed: 0 to {last}",
                number=replication,
                last=max(known, default=0),
            )
        )


def _named(run: RunFolder, scenario: Mapping[str, Any]) -> str:
    """Return the scenario's name where the library has it, else the file in the run folder."""
    from scenarios import library

    name = str(scenario.get("name", ""))
    return name if name in library() else str(run.path.absolute() / "scenario.yaml")


def _order(row: Any, scenario: Mapping[str, Any], at: datetime, visit: Any) -> DayOrder:
    """Return an order of a run with the visit that is under way to it, if any.

    An order that somebody has been to before has met or missed its attend clock: due is what comes next.
    """
    site = scenario["sites"].get(row.site, {})
    city = scenario["cities"][row.city]
    departed = None if visit is None else _past(visit.departed_at, at)
    arrived = None if visit is None else _past(visit.arrived_at, at)
    before = _past(row.arrived_at, at)
    again = before is not None and before != arrived
    clocks = (row.restore_due_at, row.complete_due_at) if again else (row.attend_due_at,)
    status = "arrived" if arrived else "departed" if departed else "new"
    return DayOrder(
        id=row.id,
        customer=_text(row.customer),
        customer_tier=_text(row.customer_tier),
        site=_text(row.site),
        device_type=_text(row.device_type),
        city=row.city,
        lat=_or(site.get("lat"), city["lat"]),
        lon=_or(site.get("lon"), city["lon"]),
        reported_at=row.reported_at.to_pydatetime(),
        severity=row.severity,
        priority=int(row.priority),
        work_type=_text(row.work_type),
        # A run names its faults by their type, and other work by its kind.
        fault_type=_text(row.work_type) if _text(row.work_type) in scenario["fault_types"] else "",
        skill=_text(row.skill),
        level=_LEVELS.get(_text(row.level), 1),
        languages=tuple(site.get("languages") or ()),
        security_pass=site.get("security_pass"),
        duration_h=max(0.05, float(row.duration_h)),
        crew_size=max(1, min(6, int(row.crew_size))),
        parts={_text(row.parts): 1} if _text(row.parts) else {},
        due_at=next((due for due in map(_when, clocks) if due is not None), None),
        status=status,
        acknowledged_at=_past(row.acknowledged_at, at),
        booked_at=_past(row.booked_at, at),
        departed_at=departed,
        arrived_at=arrived,
        time_zone=_text(row.time_zone) or city["time_zone"],
    )


def _visit(row: Any, order: DayOrder, at: datetime) -> DayVisit:
    begin = row.started_at if _when(row.started_at) else row.arrived_at
    end = max(begin.to_pydatetime() + timedelta(hours=order.duration_h), at)
    return DayVisit(
        order=row.work_order,
        engineer=row.engineer,
        depart=row.departed_at.to_pydatetime(),
        start=begin.to_pydatetime(),
        end=end,
        travel_h=max(0.0, float(row.travel_hours)),
    )


def _engineers(
    scenario: Mapping[str, Any],
    at: datetime,
    on_duty: Mapping[str, float],
    places: Mapping[str, str],
    cities: Collection[str],
) -> list[DayEngineer]:
    """Return the people of all centres, one for each post that a group counts or a table names."""
    found = []
    for centre, section in scenario.get("centres", {}).items():
        if cities and section["city"] not in cities:
            continue
        for group, terms in (section.get("engineers") or {}).items():
            for number in range(1, int(terms["count"]) + 1):
                name = f"{centre}:{group}:{number}"
                spot = scenario["sites"].get(places.get(name, ""))
                found.append(_engineer(name, centre, group, terms, scenario, at, on_duty.get(name), spot))
    return found


def _engineer(
    name: str,
    centre: str,
    group: str,
    terms: Mapping[str, Any],
    scenario: Mapping[str, Any],
    at: datetime,
    on_duty: float | None,
    spot: Mapping[str, Any] | None,
) -> DayEngineer:
    section = scenario["centres"][centre]
    city = scenario["cities"][section["city"]]
    home = _or(section.get("lat"), city["lat"]), _or(section.get("lon"), city["lon"])
    place = home
    if spot is not None:
        of_spot = scenario["cities"][spot["city"]]
        place = _or(spot.get("lat"), of_spot["lat"]), _or(spot.get("lon"), of_spot["lon"])
    zone = ZoneInfo(city["time_zone"])
    week = _week(scenario["calendars"][terms["shift"]])
    shift, weekdays = _shift(week, at.astimezone(zone).weekday())
    away = (on_duty or 0.0) < _ON_DUTY and at.astimezone(zone).weekday() in week
    midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    title = str(section.get("name") or centre)
    return DayEngineer(
        id=name,
        name=f"{group} {name.rpartition(':')[2]} · {title}",
        centre=centre,
        city=section["city"],
        lat=place[0],
        lon=place[1],
        home_lat=home[0],
        home_lon=home[1],
        skills={skill: _LEVELS[level] for skill, level in terms["skills"].items()},
        languages=tuple(terms.get("languages") or ()),
        passes=tuple(terms.get("passes") or ()),
        **shift,
        weekdays=weekdays,
        time_zone=city["time_zone"],
        cost_per_hour=float(terms["cost_per_hour"]),
        available_from=midnight.astimezone(UTC) if away else None,
        parts=dict(terms.get("van") or {}),
    )


def _week(calendar: Mapping[str, Any]) -> dict[int, tuple[tuple[str, str], ...]]:
    """Return the windows of each weekday on which a calendar opens, 0 for Monday."""
    hours = calendar["hours"]
    if not isinstance(hours, Mapping):
        return dict.fromkeys(range(7), (("00:00", "24:00"),))
    found = {}
    for day, key in enumerate(_WEEK):
        windows = tuple(tuple(text.split("-")) for text in hours.get(key) or ())
        if windows:
            found[day] = windows
    return found


def _shift(
    week: Mapping[int, tuple[tuple[str, str], ...]], today: int
) -> tuple[dict[str, str | None], tuple[int, ...]]:
    """Return the shift of today, else of the next day that has one, and the weekdays that have the same."""
    day = next((d % 7 for d in range(today, today + 7) if d % 7 in week), None)
    if day is None:
        return {"shift_start": "08:00", "shift_end": "17:00"}, ()
    windows = week[day]
    shift: dict[str, str | None] = {"shift_start": windows[0][0], "shift_end": windows[-1][1]}
    if len(windows) > 1 and windows[0][1] < windows[1][0]:
        shift |= {"break_start": windows[0][1], "break_end": windows[1][0]}
    return shift, tuple(d + 1 for d in sorted(week) if week[d] == windows)


def _site_of(order: str) -> str:
    return order.partition(":")[0]


def _or(value: float | None, other: float) -> float:
    return float(other if value is None else value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _when(value: Any) -> datetime | None:
    import pandas as pd

    return None if pd.isna(value) else value.to_pydatetime()


def _past(value: Any, at: datetime) -> datetime | None:
    when = _when(value)
    return when if when is not None and when <= at else None
