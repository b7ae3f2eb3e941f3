"""The figures of a board: visits by engineer, routes on the map, the queue in jeopardy.

Turns a day and how its orders stand into what the charts take; draws nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from optimize.day.breach import assumptions
from optimize.day.model import Day, DayEngineer, DayVisit
from optimize.day.pins import past
from ui.board.actions import engineer_name, is_away, pinned_to_away
from ui.board.clocks import home_zone
from ui.board.course import visits_as_they_go
from ui.board.standing import OPEN, Standing, in_jeopardy
from ui.board.words import joined, status_word
from ui.charts import Figure
from ui.charts.gantt import Row, Visit, gantt
from ui.charts.jeopardy import Queued, jeopardy
from ui.charts.routes_map import RouteLine, Stop, routes_map

if TYPE_CHECKING:
    from ui.language import Language

#: Whose time the Gantt chart is in.
CLOCKS = ("site", "engineer", "utc")


def clock_names(say: Language) -> dict[str, str]:
    """Return what the choices of a clock are called."""
    return {"site": say("Site's time"), "engineer": say("Engineer's time"), "utc": say("UTC")}


def wall(at: datetime, zone: str) -> datetime:
    """Return the wall clock of a zone at an instant."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def time_left(hours: float | None, say: Language) -> str:
    """Return how long there is still, or for how long it has been over."""
    if hours is None:
        return say("nothing due")
    whole, minutes = divmod(round(abs(hours) * 60.0), 60)
    days, rest = divmod(whole, 24)
    if days:
        words = say("{days} d {hours} h", days=days, hours=rest)
    else:
        words = say("{hours} h {minutes} min", hours=whole, minutes=minutes)
    return say("{time} left", time=words) if hours >= 0 else say("{time} over", time=words)


def shown_engineers(day: Day, city: str, only_busy: bool) -> list[DayEngineer]:
    """Return the engineers that are shown: of a city, or all; perhaps only those who have visits."""
    busy = {visit.engineer for visit in day.plan.visits} if day.plan else set()
    return [
        person
        for person in day.engineers
        if (not city or person.city == city) and (not only_busy or person.id in busy)
    ]


def gantt_figure(
    day: Day,
    found: Mapping[str, Standing],
    people: Sequence[DayEngineer],
    clock: str,
    hours: float,
    picked: str,
    say: Language,
) -> Figure:
    """Return the visits of engineers over some hours from an hour before now on.

    Parameters
    ----------
    day, found
        The day, and how its orders stand.
    people
        The engineers.
    clock
        One of `CLOCKS`.
    hours
        How many hours.
    picked
        The order that the page is about; empty for none.
    say
        The language.
    """
    zone_of = {person.id: "UTC" if clock == "utc" else person.time_zone for person in people}
    names = row_names(people)
    here = "UTC" if clock == "utc" else home_zone(day)
    begin = min((wall(day.now, zone) for zone in zone_of.values()), default=wall(day.now, here))
    begin = (begin - timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    span = begin, begin + timedelta(hours=hours)
    visits = [
        _visit(day, visit, found.get(visit.order), names[visit.engineer], zone, picked, say)
        for visit in visits_as_they_go(day)
        if visit.engineer in names
        and (zone := _zone(day, visit, clock, zone_of[visit.engineer]))
        and day.order.get(visit.order) is not None
    ]
    rows = [_engineer_row(day, person, names[person.id], zone_of[person.id], span, say) for person in people]
    title = say("Visits by engineer")
    caption = say(
        "Dashed: on the way. Green ground: working hours, hatched: a break. Grey ground: frozen. Red ground: "
        "away. Dark line: now. Dark frame: pinned; yellow frame: picked. › later visits. A click on a visit "
        "picks its order."
    )
    return gantt(rows, visits, span, title, clock_names(say)[clock], caption, say)


def row_names(people: Sequence[DayEngineer]) -> dict[str, str]:
    """Return what the row of each engineer is called: every name once."""
    names = [person.name or person.id for person in people]
    return {
        person.id: name if names.count(name) == 1 else f"{name} ({person.id})"
        for person, name in zip(people, names, strict=True)
    }


def _zone(day: Day, visit: DayVisit, clock: str, own: str) -> str:
    order = day.order.get(visit.order)
    return order.time_zone if clock == "site" and order else own


def _visit(
    day: Day, visit: DayVisit, standing: Standing | None, row: str, zone: str, picked: str, say: Language
) -> Visit:
    order = day.order[visit.order]
    words = {
        say("Work order"): order.id,
        say("Engineer"): row,
        say("Site"): order.site or order.customer,
        say("Severity"): say.term("severity", order.severity),
        say("Starts"): say.instant(visit.start, zone),
        say("Ends"): say.instant(visit.end, zone),
        say("Due"): say.instant(standing.due, zone) if standing and standing.due else "–",
        say("P(breach)"): say.percent(standing.probability if standing else None, 0),
        say("Progress"): status_word(order.status, say),
    }
    return Visit(
        order.id,
        row,
        wall(visit.depart, zone),
        wall(min(visit.start, visit.depart + timedelta(hours=visit.travel_h)), zone),
        wall(visit.start, zone),
        wall(visit.end, zone),
        standing.status if standing else "none",
        order.pin is not None,
        order.id == picked,
        words,
    )


def _engineer_row(
    day: Day, person: DayEngineer, name: str, zone: str, span: tuple[datetime, datetime], say: Language
) -> Row:
    freeze = day.now + timedelta(hours=day.freeze_h) if day.freeze_h else None
    away = is_away(day, person.id)
    label = say("{name} (away)", name=name) if away else name
    shifts = [(wall(begin, zone), wall(end, zone)) for begin, end in _shifts(day, person, span)]
    breaks = [(wall(begin, zone), wall(end, zone)) for begin, end in _breaks(day, person, span)]
    return Row(
        name,
        wall(day.now, zone),
        wall(freeze, zone) if freeze else None,
        shifts,
        breaks,
        label,
        away,
        _row_words(label, shifts, breaks, span, say),
    )


def _row_words(
    label: str,
    shifts: Sequence[tuple[datetime, datetime]],
    breaks: Sequence[tuple[datetime, datetime]],
    span: tuple[datetime, datetime],
    say: Language,
) -> str:
    """Return what is said of an engineer: his name, his working hours and his breaks, on the clock shown."""

    def times(ranges: Sequence[tuple[datetime, datetime]]) -> str:
        shown = [(begin, end) for begin, end in ranges if begin < span[1] and end > span[0]]
        parts = (
            f"{say.short_date(begin)} {begin:%H:%M}–"
            + (f"{end:%H:%M}" if end.date() == begin.date() else f"{say.short_date(end)} {end:%H:%M}")
            for begin, end in shown
        )
        return joined(parts, say)

    parts = [label]
    if worked := times(shifts):
        parts.append(say("working hours {times}", times=worked))
    if rested := times(breaks):
        parts.append(say("breaks {times}", times=rested))
    return ("；" if say.code == "zh" else "; ").join(parts)


def _breaks(
    day: Day, person: DayEngineer, span: tuple[datetime, datetime]
) -> list[tuple[datetime, datetime]]:
    """Return the breaks of somebody around a span."""
    if person.break_start is None or person.break_end is None:
        return []
    zone = ZoneInfo(person.time_zone)
    found = []
    for begin, end in _shifts(day, person, span):
        date = begin.astimezone(zone).date()
        for after in (0, 1):
            at = _at(date + timedelta(days=after), person.break_start, zone)
            until = _at(date + timedelta(days=after), person.break_end, zone)
            if begin <= at < until <= end:
                found.append((at.astimezone(UTC), until.astimezone(UTC)))
    return found


def _shifts(
    day: Day, person: DayEngineer, span: tuple[datetime, datetime]
) -> list[tuple[datetime, datetime]]:
    """Return the shifts of somebody around a span, cut to when he can be sent."""
    zone, found = ZoneInfo(person.time_zone), []
    first = day.now.astimezone(zone).date() - timedelta(days=1)
    for number in range(int((span[1] - span[0]) / timedelta(days=1)) + 4):
        date = first + timedelta(days=number)
        if date.isoweekday() not in person.weekdays:
            continue
        begin, end = (_at(date, text, zone) for text in (person.shift_start, person.shift_end))
        if end <= begin:
            end = _at(date + timedelta(days=1), person.shift_end, zone)
        if person.available_from:
            begin = max(begin, person.available_from)
        if person.available_to:
            end = min(end, person.available_to)
        found += [(one.astimezone(UTC), two.astimezone(UTC)) for one, two in _present(person, begin, end)]
    return found


def _present(person: DayEngineer, begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Return what is left of a shift beside somebody's absences."""
    spans = [(begin, end)]
    for away in person.absences:
        back = end if away.end is None else away.end
        spans = [part for one, two in spans for part in ((one, min(two, away.start)), (max(one, back), two))]
        spans = [(one, two) for one, two in spans if one < two]
    return [(one, two) for one, two in spans if one < two]


def _at(date: datetime | object, text: str, zone: ZoneInfo) -> datetime:
    hours, minutes = (int(part) for part in text.split(":"))
    midnight = datetime.fromisoformat(f"{date}T00:00:00").replace(tzinfo=zone)
    return midnight + timedelta(hours=hours, minutes=minutes)


def map_cities(day: Day) -> list[str]:
    """Return the cities of open orders, the one with most of them first."""
    counts = Counter(order.city for order in day.orders if order.city and order.status in OPEN)
    return [city for city, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def map_figure(
    day: Day, found: Mapping[str, Standing], people: Sequence[DayEngineer], picked: str, say: Language
) -> Figure:
    """Return the routes of engineers, and the orders that nobody has, on a map.

    Parameters
    ----------
    day, found, people, picked, say
        As for `gantt_figure`.
    """
    cities, going = {person.city for person in people}, visits_as_they_go(day)
    routes = []
    for person in people:
        visits = [v for v in going if v.engineer == person.id]
        ahead = [found[v.order] for v in sorted(visits, key=lambda v: v.start) if v.order in found]
        stops = tuple(_stop(one, place, picked, say) for place, one in enumerate(ahead, 1))
        shift = f"{person.shift_start}–{person.shift_end}"
        words = (say("{n} visits", n=len(stops)), say("shift {shift}", shift=shift))
        routes.append(RouteLine(person.name or person.id, person.lat, person.lon, stops, words))
    whole = len(people) == len(day.engineers)
    left = [
        _stop(one, 0, picked, say)
        for one in found.values()
        if not one.visits and (whole or one.order.city in cities)
    ]
    caption = say(
        "Numbers: stops in their order. Rings: orders that nobody has. Dots: engineers. Lines are "
        "straight, not roads. Colours as above."
    )
    middles: dict[str, list[tuple[float, float]]] = {}
    for order in day.orders:
        if order.city in cities:
            middles.setdefault(order.city, []).append((order.lon, order.lat))
    names = [
        (say.name("cities", city), sum(x for x, _ in spots) / len(spots), max(y for _, y in spots))
        for city, spots in middles.items()
    ]
    return routes_map(routes, left, say("Routes"), caption, say, names)


def _stop(one: Standing, place: int, picked: str, say: Language) -> Stop:
    order = one.order
    words = [
        order.site or order.customer,
        say.term("severity", order.severity),
        time_left(one.hours_left, say),
    ]
    if one.probability is not None:
        words.append(say("P(breach) {share}", share=say.percent(one.probability, 0)))
    return Stop(
        order.id, order.lat, order.lon, one.status, place, order.id == picked, tuple(filter(None, words))
    )


def _pinned_words(day: Day, one: Standing, say: Language) -> str:
    away = pinned_to_away(day, one.order)
    if away:
        return say("pinned to {name}, who is away", name=away)
    over = past(day, one.order)
    return say("pinned to {time}, which is past", time=say.instant(over, one.order.time_zone)) if over else ""


def queue_figure(
    day: Day, found: dict[str, Standing], city: str, most: int, picked: str, say: Language
) -> Figure:
    """Return the queue of orders in jeopardy, the likeliest breach first.

    Parameters
    ----------
    day, found
        The day, and how its orders stand.
    city
        Only its orders; all when empty.
    most
        How many bars are drawn.
    picked, say
        As for `gantt_figure`.
    """
    queue = [
        Queued(
            one.order.id,
            one.probability or 0.0,
            one.status,
            time_left(one.hours_left, say),
            one.hours_left or 0.0,
            joined((engineer_name(day, visit.engineer) for visit in one.visits), say)
            or _pinned_words(day, one, say),
            one.order.id == picked,
        )
        for one in in_jeopardy(found)
        if not city or one.order.city == city
    ]
    of_status = Counter(one.status for one in queue)
    caption = say(
        "Orders that wait with something due: {late} late as planned, {unstarted} that should have begun, "
        "{risk} in jeopardy besides (30 % or more), {rest} in time; {shown} of {all} drawn. Beside each, the "
        "probability that nobody is there by the due time if the plan is carried out as it stands, and the "
        "time until then.",
        late=of_status["late"],
        unstarted=of_status["unstarted"],
        risk=of_status["risk"],
        rest=of_status["in_time"],
        shown=min(most, len(queue)),
        all=len(queue),
    )
    assumed = ("；" if say.code == "zh" else "; ").join(say.message(text) for text in assumptions(day))
    caption += " " + say("Taken for granted: {assumptions}.", assumptions=assumed)
    return jeopardy(queue, most, say("Likely breaches"), caption, say)
