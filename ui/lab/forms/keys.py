"""The forms that reach every key: found by words, changed from the start or from a date on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from scenarios.loading import CHANGEABLE
from ui.lab.checking import content_key
from ui.lab.desk import Desk
from ui.lab.differences import differences, label_of, subject_of
from ui.lab.editors import BROKEN, editor, same
from ui.lab.fields import Field, field_at
from ui.lab.search import Index, index_of
from ui.lab.study import Edit, value_at
from ui.language import Language

_NAMED = ("cities", "countries", "centres", "sites", "customers", "parts", "device_types", "fault_types")


def any_key_form(desk: Desk) -> None:
    """Draw the form for any key."""
    say = desk.say
    found = _picked(desk, "any", ())
    if found is None:
        st.caption(
            say("Every key of the scenario can be found by its name, its meaning, or what it belongs to.")
        )
        return
    _told(desk, found)
    value = editor(desk, found)
    if value is not BROKEN and not same(value, found.value):
        desk.set(found.key, value)


def dated_form(desk: Desk) -> None:
    """Draw the form for what changes on a date."""
    say = desk.say
    start = date.fromisoformat(str(desk.value("start"))[:10])
    days = float(desk.value("days"))
    with st.container(border=True, key="lab-add-change"):
        entered = st.date_input(
            say("From"),
            value=start + timedelta(days=max(1, int(days / 2))),
            min_value=start + timedelta(days=1),
            max_value=start + timedelta(days=max(1, int(days))),
            format="YYYY-MM-DD",
            key=desk.key(f"change-from-{start}-{days}"),
            width=168,
        )
        found = _picked(desk, "dated", CHANGEABLE)
        if found is not None:
            _told(desk, found)
            value = editor(desk, found, name="dated")
            unchanged = value is BROKEN or same(value, found.value)
            if st.button(say("Add"), type="primary", disabled=unchanged, key=desk.key("add-change")):
                change = {"from": str(entered), "set": {found.key: value}}
                desk.make(Edit("changes", change, "add"))
                desk.put_fresh()
                st.rerun()
    _present(desk)


def _present(desk: Desk) -> None:
    """Draw the dated changes that the baseline has."""
    say = desk.say
    items = desk.framed["changes"]
    if items:
        with st.expander(say("In the baseline")):
            for row in differences(desk.framed, [Edit("changes", item, "add") for item in items], say):
                st.markdown(row.sentence)


def _picked(desk: Desk, name: str, sections: Sequence[str]) -> Field | None:
    """Draw the search, and return the key that was chosen in what it found."""
    say = desk.say
    words = st.text_input(
        say("Search"),
        placeholder=say("for instance: Medan head count, overtime, penalty"),
        key=f"lab-search-{name}",
    )
    if not words:
        return None
    found = _index(desk).search(words, 40, sections)
    if not found:
        st.caption(say("Nothing in this scenario has all of these words."))
        return None
    keys = [one.key for one in found]
    chosen = st.selectbox(
        say.many("{n} key found", "{n} keys found", len(keys)),
        keys,
        format_func=lambda key: shown_key(desk, key),
        key=f"lab-picked-{name}-{words}",
    )
    return field_at(desk.current, str(chosen))


def shown_key(desk: Desk, key: str) -> str:
    """Return a key in words."""
    subject = subject_of(key, desk.current, desk.say)
    label = label_of(key, field_at(desk.current, key), desk.current, desk.say)
    return ": ".join(part for part in (subject, label) if part) or key


def _told(desk: Desk, found: Field) -> None:
    """Draw what a key means, and which it is."""
    st.markdown(f":small[{desk.say.described(found.description)}]  \n`{found.key}`")
    before = value_at(desk.framed, found.key)
    if before is not None and not isinstance(before, dict | list) and before != found.value:
        st.caption(desk.say("{value} in the baseline", value=before))


def _index(desk: Desk) -> Index:
    """Return the index of the what-if, kept until it changes."""
    kept = st.session_state.get("lab-index")
    digest = (content_key(desk.current), desk.say.code)
    if not kept or kept[0] != digest:
        kept = (digest, index_of(desk.current, desk.say.described, _names(desk, desk.say)))
        st.session_state["lab-index"] = kept
    found: Index = kept[1]
    return found


def _names(desk: Desk, say: Language) -> dict[str, str]:
    """Return what parts of keys are called by people, in the language of the page."""
    names: dict[str, str] = {}
    for section in _NAMED:
        for key, thing in desk.current.get(section, {}).items():
            names[key] = say.name(section, key, str(thing.get("name") or ""))
    for part in (
        "sla",
        "dispatch",
        "centres",
        "engineers",
        "depot",
        "travel",
        "disruptions",
        "absences",
        "count",
    ):
        names.setdefault(part, say.term("field", part))
    return names
