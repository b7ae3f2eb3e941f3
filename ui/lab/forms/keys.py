"""The forms that reach every key: found by words, changed from the start or from a date on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from scenarios.loading import CHANGEABLE
from ui.lab.checking import content_key
from ui.lab.desk import Desk
from ui.lab.differences import differences, label_of, subject_of, value_text
from ui.lab.editors import editor, same, take
from ui.lab.effects import without_effect
from ui.lab.fields import Field, field_at
from ui.lab.numbers import BROKEN
from ui.lab.search import Index, index_of
from ui.lab.study import Edit, value_at
from ui.language import LANGUAGES, Language, language

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
    _without_effect(desk, found)
    take(desk, found, editor(desk, found))


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
            persist_state="session",
            width=168,
        )
        found = _picked(desk, "dated", CHANGEABLE)
        if found is not None:
            _told(desk, found)
            _without_effect(desk, found)
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
        persist_state="session",
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
        persist_state="session",
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
        say = desk.say
        st.caption(say("{value} in the baseline", value=before))


def _without_effect(desk: Desk, found: Field) -> None:
    """Say so where a key has no effect beside what stands at another."""
    say, other = desk.say, without_effect(desk.current, found.key)
    if other:
        field = field_at(desk.current, other)
        st.warning(
            say(
                "This has no effect while {setting} is {value}.",
                setting=shown_key(desk, other),
                value=value_text(field, desk.value(other), desk.current, say),
            )
        )


def _index(desk: Desk) -> Index:
    """Return the index of the what-if, kept until it changes."""
    kept = st.session_state.get("lab-index")
    digest = content_key(desk.current)
    if not kept or kept[0] != digest:
        kept = (digest, _made_index(desk.current))
        st.session_state["lab-index"] = kept
    found: Index = kept[1]
    return found


def _made_index(document: Mapping[str, Any]) -> Index:
    """Return the index of a document in the words of every language."""
    spoken = [language(code) for code in LANGUAGES]
    names = [_names(document, say) for say in spoken]
    return index_of(
        document,
        lambda text: " ".join(say.described(text) for say in spoken),
        {key: " ".join(dict.fromkeys(each[key] for each in names)) for key in names[0]},
        lambda part: " ".join(say.term("field", part) for say in spoken),
    )


def _names(document: Mapping[str, Any], say: Language) -> dict[str, str]:
    """Return what parts of keys are called by people in a language."""
    names: dict[str, str] = {}
    for section in _NAMED:
        for key, thing in document.get(section, {}).items():
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
