"""The form of an order that has come in: where, what, until when; and the order that it makes.

Nothing is added by the Enter key, and nothing of which half is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import streamlit as st

from optimize.day.ground import IN_CITY_KM, ground_of
from optimize.day.long_work import needs_several_shifts
from optimize.day.model import Day, DayOrder
from scenarios.territories import great_circle_km
from ui.board import actions
from ui.board.desk import Desk
from ui.board.toolbar import attempt
from ui.board.words import plain
from ui.language import Language

_WHERE = ("city", "lat", "lon", "time_zone")
_SEVERITIES = ("emergency", "major", "normal", "minor")
_OVER = ("auto", "yes", "no")
_LEVELS = ("junior", "intermediate", "senior", "expert")


def urgent_form(desk: Desk) -> None:
    """Draw the form; where it is filled well, the order is added, told of, and picked."""
    say, day = desk.say, desk.day
    places = places_of(day)
    if not places:
        st.caption(say("There is no order and no engineer to take a place from."))
        return
    # Empty again after each order, as its fields are of that number; what was refused stays.
    form = f"board-urgent-{desk.rounds}"
    with st.form(form, enter_to_submit=False, border=False):
        refused = desk.refusal("with_urgent")
        if refused:
            st.error(plain(refused))
        proposed = next_name(day)
        left, right = st.columns(2, wrap=False)
        name = left.text_input(say("Work order"), placeholder=proposed, key=f"{form}-id", max_chars=60)
        place = right.selectbox(
            say("Place"),
            list(places),
            format_func=lambda key: place_words(key, places[key], say),
            key=f"{form}-place",
        )
        lat = left.number_input(
            say("Latitude"), -90.0, 90.0, value=None, format="%.5f", placeholder=say("of the place")
        )
        lon = right.number_input(
            say("Longitude"), -180.0, 180.0, value=None, format="%.5f", placeholder=say("of the place")
        )
        values = _work(desk, places[str(place)])
        if st.form_submit_button(say("Add"), type="primary", key="board-urgent-add"):
            wrong = _spot_fault(places[str(place)], lat, lon, say)
            if wrong:
                st.error(wrong)
                return
            due = values.pop("due_h")
            found = {**values, "lat": lat, "lon": lon}
            order = urgent_order(day, name.strip() or proposed, places[str(place)], due, found)
            if order.may_pause and values["may_pause"] is None:
                added = say("Added: {order}, over several shifts. Nobody has it yet.", order=order.id)
            else:
                added = say("Added: {order}. Nobody has it yet.", order=order.id)
            attempt(desk, actions.with_urgent, order, then=partial(_tell, desk, order.id, added))
            st.rerun()


def _tell(desk: Desk, order: str, added: str) -> None:
    """Tell that an order is on the board, beside what saving it told, and pick it."""
    desk.news(f"{added} {desk.news()}".strip())
    desk.pick(order)


def _spot_fault(place: Mapping[str, Any], lat: float | None, lon: float | None, say: Language) -> str | None:
    """Return what is wrong with coordinates that were typed in place of those of the place."""
    if (lat is None) != (lon is None):
        return say("A latitude needs a longitude, and the other way round.")
    if lat is None or lon is None:
        return None
    km = great_circle_km(lat, lon, place["lat"], place["lon"])
    if km <= IN_CITY_KM:
        return None
    return say(
        "Latitude and longitude: found a point {km:.0f} km from the place; allowed: up to {limit:g} km.",
        km=km,
        limit=IN_CITY_KM,
    )


def _work(desk: Desk, place: Mapping[str, Any]) -> dict[str, Any]:
    """Draw what there is to do, and for whom; return fields of an order and the hours until it is due."""
    say, day = desk.say, desk.day
    rows = [st.columns(2, vertical_alignment="bottom", wrap=False) for _ in range(4)]
    severity = rows[0][0].selectbox(
        say("Severity"), _SEVERITIES, format_func=lambda key: say.term("severity", key)
    )
    due = rows[0][1].number_input(say("Due in hours"), 0.25, 240.0, 4.0, 0.5)
    hours = rows[1][0].number_input(say("Hours of work"), 0.1, 100.0, 1.0, 0.5)
    crew = rows[1][1].number_input(say("Crew size"), 1, 6, 1)
    skills = sorted({skill for person in day.engineers for skill in person.skills})
    skill = rows[2][0].selectbox(
        say("Skill"), ["", *skills], format_func=lambda key: say.name("skills", key) if key else say("any")
    )
    level = rows[2][1].selectbox(
        say("Level"), range(1, 5), format_func=lambda n: say.term("level", _LEVELS[n - 1])
    )
    tiers = sorted({order.customer_tier for order in day.orders if order.customer_tier})
    tier = rows[3][0].selectbox(
        say("Customer tier"),
        ["", *tiers],
        format_func=lambda key: key or str(place.get("customer_tier") or say("none")),
    )
    passes = sorted({one for person in day.engineers for one in person.passes})
    needed = rows[3][1].selectbox(
        say("Security pass"), ["", *passes], format_func=lambda key: key or say("none")
    )
    over = st.selectbox(
        say("Over several shifts"),
        _OVER,
        format_func=lambda key: {
            "auto": say("only if no shift is long enough"),
            "yes": say("yes"),
            "no": say("no"),
        }[key],
    )
    return {
        "may_pause": {"auto": None, "yes": True, "no": False}[over],
        "severity": severity,
        "due_h": float(due),
        "duration_h": hours,
        "crew_size": int(crew),
        "skill": skill,
        "level": level,
        "customer_tier": tier or None,
        "security_pass": needed or None,
    }


def next_name(day: Day) -> str:
    """Return the first of U-1, U-2 and so on that no order has."""
    number = 1
    while f"U-{number}" in day.order:
        number += 1
    return f"U-{number}"


def places_of(day: Day) -> dict[str, dict[str, Any]]:
    """Return places that an order may be at, by what they are called.

    They are the sites of orders, customers and cities of orders, and where engineers begin.
    """
    found: dict[str, dict[str, Any]] = {}
    for order in day.orders:
        name = order.site or order.customer
        if name:
            fields = ("site", "customer", "customer_tier", *_WHERE)
            found.setdefault(name, {field: getattr(order, field) for field in fields})
    for person in day.engineers:
        name = person.centre or person.city or person.name or person.id
        found.setdefault(name, {field: getattr(person, field) for field in _WHERE})
    cities = ground_of(day).scenario.cities
    for order in day.orders:
        if order.city:
            place = {field: getattr(order, field) for field in _WHERE}
            middle = cities.get(order.city)
            if middle is not None:
                place |= {"lat": middle.lat, "lon": middle.lon}
            found.setdefault(order.city, place)
    return dict(sorted(found.items()))


def place_words(name: str, place: Mapping[str, Any], say: Language) -> str:
    """Return what a place is called in a choice: a city by its name, a site with its customer and city."""
    city = say.name("cities", str(place["city"])) if place["city"] else ""
    if name == place["city"]:
        return city
    customer = str(place.get("customer") or "")
    return " · ".join(dict.fromkeys(filter(None, (name, customer, city))))


def urgent_order(
    day: Day, name: str, place: Mapping[str, Any], due_h: float, values: Mapping[str, Any]
) -> DayOrder:
    """Return an order that has come in just now.

    Parameters
    ----------
    day
        The day.
    name
        Its id.
    place
        Fields of the place.
    due_h
        Hours until it is due.
    values
        Further fields; those that are None are left to the place. Work that no shift is long enough for goes
        over several, unless `may_pause` says no.
    """
    fields = {**place, **{key: value for key, value in values.items() if value is not None}}
    due = day.now + timedelta(hours=due_h)
    order = DayOrder(id=name, reported_at=day.now, due_at=due, priority=1, **fields)
    if "may_pause" not in fields and needs_several_shifts(day, order, ground_of(day)):
        return order.model_copy(update={"may_pause": True})
    return order
