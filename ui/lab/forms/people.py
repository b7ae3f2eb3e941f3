"""The form for people: head counts of the groups in a city, and people who are added."""

from __future__ import annotations

import streamlit as st

from ui.lab.desk import Desk
from ui.lab.differences import thing_name
from ui.lab.numbers import BROKEN, Range, number_field
from ui.lab.people import (
    LEVELS,
    Group,
    added_group,
    cities_with_centres,
    group_name,
    groups_in,
    level_added,
    suggested_pay,
)
from ui.lab.study import Edit, value_at


def people_form(desk: Desk) -> None:
    """Draw the form."""
    say = desk.say
    cities = cities_with_centres(desk.current)
    names = {city: thing_name("cities", city, desk.current, say) for city in cities}
    city = st.selectbox(
        say("City"),
        cities,
        format_func=names.__getitem__,
        key=f"lab-city-{desk.baseline.name}",
        persist_state="session",
    )
    if city is None:
        return
    found = groups_in(desk.current, city)
    for centre in dict.fromkeys(group.centre for group in found):
        st.markdown(f"**{thing_name('centres', centre, desk.current, say)}**")
        for group in found:
            if group.centre == centre:
                _head_count(desk, group)
    if not found:
        st.caption(say("Nobody works here. Copy a group from another city to begin with."))
    _add_people(desk, city, found)


def _named(desk: Desk, group: Group) -> str:
    """Return what a group is called."""
    level, say = level_added(group.name), desk.say
    return (
        say("{level}, added", level=say.term("level", level)) if level else say.name("engineers", group.name)
    )


def _described(desk: Desk, group: Group) -> str:
    """Return who the people of a group are, in one line."""
    say = desk.say
    content = group.content
    level = say.term("level", str(content["level"]))
    shift = say("shift: {name}", name=say.name("calendars", str(content["shift"])))
    return say(", ").join([level, shift])


def _head_count(desk: Desk, group: Group) -> None:
    """Draw one group with its head count, which can be changed."""
    say = desk.say
    row = st.container(
        horizontal=True, vertical_alignment="center", wrap=False, key=desk.key(f"row-{group.key}")
    )
    below = st.container()
    with row:
        skills = say(", ").join(say.name("skills", skill) for skill in group.content["skills"])
        name = _named(desk, group)
        st.markdown(f"{name} · {_described(desk, group)}  \n:small[{skills}]", width="stretch")
        before = value_at(desk.framed, f"{group.key}.count")
        now = int(group.content["count"])
        count = number_field(
            say,
            say("Head count of {group}", group=name),
            Range(0, 10_000),
            below,
            value=now,
            step=1,
            key=desk.key(f"{group.key}.count"),
            help=None if before in (None, now) else say("{n} in the baseline", n=before),
            label_visibility="collapsed",
            width=128,
        )
    if count is BROKEN:
        desk.refused.append(group.key)
    elif count != now:
        desk.set(f"{group.key}.count", int(count))


def _add_people(desk: Desk, city: str, here: list[Group]) -> None:
    """Draw what it takes to add people."""
    say = desk.say
    offered = here or [g for c in cities_with_centres(desk.current) for g in groups_in(desk.current, c)]
    if not offered:
        return
    with st.container(border=True, key="lab-add-people"):
        st.markdown(f"**{say('Add people')}**")
        fields = st.container(horizontal=True, vertical_alignment="bottom")
        below = st.container()
        with fields:
            number = number_field(
                say,
                say("How many"),
                Range(1, 1000),
                below,
                value=1,
                step=1,
                key=desk.key(f"add-n-{city}"),
                persist_state="session",
                width=112,
            )
            level = st.selectbox(
                say("Level"),
                LEVELS,
                index=LEVELS.index("senior"),
                format_func=lambda v: say.term("level", v),
                key=desk.key(f"add-level-{city}"),
                persist_state="session",
                width=150,
            )
            position = st.selectbox(
                say("Otherwise like"),
                range(len(offered)),
                index=_most_like(offered),
                format_func=lambda n: _offer(desk, offered[n], here),
                key=desk.key(f"add-like-{city}"),
                persist_state="session",
                help=say("Skills, shift, languages, passes and van are those of this group."),
            )
            like = offered[position]
            pay = number_field(
                say,
                say("Pay ({unit})", unit=say.unit("currency/h", str(desk.value("currency.code") or ""))),
                Range(0.0),
                below,
                value=suggested_pay(desk.current, like.content, level),
                step=0.5,
                format="%.10g",
                key=desk.key(f"add-pay-{city}-{level}-{position}"),
                help=say("Suggested from what this level costs over the other where a centre has both."),
                width=128,
            )
            refused = BROKEN in (number, pay)
            if st.button(say("Add"), type="primary", disabled=refused, key=desk.key(f"add-{city}")):
                _add(desk, city, like, level, int(number), float(pay), bool(here))


def _most_like(offered: list[Group]) -> int:
    """Return the position of the first group of the highest level."""
    levels = [LEVELS.index(str(group.content["level"])) for group in offered]
    return levels.index(max(levels))


def _offer(desk: Desk, group: Group, here: list[Group]) -> str:
    """Return a group as it is offered to be copied."""
    name = _named(desk, group)
    several = len({g.centre for g in here}) != 1
    return f"{thing_name('centres', group.centre, desk.current, desk.say)}: {name}" if several else name


def _add(desk: Desk, city: str, like: Group, level: str, number: int, pay: float, local: bool) -> None:
    """Add people as a group of their own, and draw the page anew with them."""
    centre = like.centre
    if not local:
        centre = next(
            k for k, c in desk.current["centres"].items() if c["city"] == city and c["level"] != "partner"
        )
    name = group_name(desk.current, centre, level)
    content = added_group(like.content, level, number, pay)
    desk.make(Edit(f"centres.{centre}.engineers.{name}", content))
    desk.put_fresh()
    st.rerun()
