"""The form for disruptions: those of the what-if, and presets for more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.lab.desk import Desk
from ui.lab.differences import disruption_text, thing_name
from ui.lab.fields import field_at
from ui.lab.numbers import BROKEN, Range, number_field
from ui.lab.presets import PRESETS, Preset, disruption, first_day
from ui.lab.study import Edit


def disruptions_form(desk: Desk) -> None:
    """Draw the form."""
    say = desk.say
    kind = st.pills(
        say("What happens"),
        list(PRESETS),
        default="rain",
        required=True,
        format_func=lambda k: say.term("disruption", k),
        key=f"lab-kind-{desk.baseline.name}",
        persist_state="session",
        wrap=True,
    )
    preset = PRESETS[str(kind)]
    with st.container(border=True, key="lab-add-disruption"):
        places = _places(desk, preset)
        fields = st.container(horizontal=True, vertical_alignment="bottom")
        below = st.container()
        with fields:
            begin = _begin(desk, preset)
            length = _length(desk, preset, below)
            own = _own(desk, preset, below)
            refused = BROKEN in (length, own)
            if st.button(say("Add"), type="primary", disabled=refused, key=desk.key("add-disruption")):
                taken = {str(d["name"]) for d in desk.current["disruptions"]}
                desk.make(Edit("disruptions", disruption(preset, places, begin, length, own, taken), "add"))
                desk.put_fresh()
                st.rerun()
    _present(desk)


def _places(desk: Desk, preset: Preset) -> dict[str, list[str]]:
    """Draw what it strikes, and return the names by section."""
    if not preset.places:
        return {}
    say = desk.say
    options = [
        (section, name)
        for section in ("cities", "countries", "centres")
        if section in preset.places
        for name in desk.current[section]
    ]
    heads = {"cities": "", "countries": say("country"), "centres": say("centre")}
    chosen = st.multiselect(
        say("Where"),
        range(len(options)),
        format_func=lambda n: _place(desk, options[n], heads),
        placeholder=say("everywhere"),
        key=desk.key(f"where-{preset.kind}"),
        persist_state="session",
    )
    found: dict[str, list[str]] = {section: [] for section in preset.places}
    for number in chosen:
        section, name = options[number]
        found[section].append(name)
    return found


def _place(desk: Desk, place: tuple[str, str], heads: Mapping[str, str]) -> str:
    name = thing_name(*place, desk.current, desk.say)
    return f"{name} ({heads[place[0]]})" if heads[place[0]] else name


def _begin(desk: Desk, preset: Preset) -> date:
    start = date.fromisoformat(str(desk.value("start"))[:10])
    end = start + timedelta(days=max(int(float(desk.value("days"))) - 1, 0))
    entered = st.date_input(
        desk.say("From"),
        value=first_day(desk.current),
        min_value=start,
        max_value=end,
        format="YYYY-MM-DD",
        key=desk.key(f"from-{preset.kind}-{start}-{end}"),
        persist_state="session",
        width=150,
    )
    return entered if isinstance(entered, date) else first_day(desk.current)


def _length(desk: Desk, preset: Preset, below: DeltaGenerator) -> Any:
    if preset.length is None:
        return None
    say = desk.say
    label = say("Days") if preset.unit == "days" else say("Hours")
    return number_field(
        say,
        label,
        Range(0.5, 3660.0),
        below,
        value=float(preset.length),
        step=1.0,
        format="%.10g",
        key=desk.key(f"length-{preset.kind}"),
        persist_state="session",
        width=120,
    )


def _own(desk: Desk, preset: Preset, below: DeltaGenerator) -> Any:
    """Draw the keys of a kind's own and return their values, `BROKEN` where one may not be."""
    say = desk.say
    found: dict[str, Any] = {}
    batch: dict[str, Any] = {}
    if preset.kind == "batch_failure":
        batch["fault_type"] = _one_of(desk, "fault_types", say("Fault"))
        batch["device_type"] = _one_of(desk, "device_types", say("At sites with"))
    for key, value in preset.own.items():
        kept = key == "probability"
        known = field_at(desk.current, f"disruptions.0.{key}") if not kept else None
        label = say("Chance of each site") if kept else say.term("field", key)
        entered = number_field(
            say,
            label,
            Range(0.0, 1.0 if key in ("probability", "absent_share") else 1000.0),
            below,
            value=float(value),
            step=0.05 if key in ("probability", "absent_share") else 0.1,
            format="%.10g",
            help=say.described(known.description) if known else None,
            key=desk.key(f"own-{preset.kind}-{key}"),
            persist_state="session",
            width=150,
        )
        (batch if kept else found)[key] = entered
    if BROKEN in (*batch.values(), *found.values()):
        return BROKEN
    return {"batches": [batch]} if batch else found


def _one_of(desk: Desk, section: str, label: str) -> str:
    chosen = st.selectbox(
        label,
        list(desk.current[section]),
        format_func=lambda k: thing_name(section, k, desk.current, desk.say),
        key=desk.key(f"batch-{section}"),
        persist_state="session",
        width=230,
    )
    return str(chosen)


def _present(desk: Desk) -> None:
    """Draw the disruptions of the what-if, each with a way to take it out."""
    say = desk.say
    items = desk.current["disruptions"]
    if not items:
        return
    known = {d["name"] for d in desk.framed["disruptions"]}
    title = say.many("{n} disruption in this what-if", "{n} disruptions in this what-if", len(items))
    with st.expander(title, expanded=True):
        for number, item in enumerate(sorted(items, key=lambda d: str(d["from"]))):
            with st.container(horizontal=True, vertical_alignment="center", wrap=False):
                mark = "" if item["name"] in known else f" :green-badge[{say('new')}]"
                st.markdown(disruption_text(item, desk.current, say) + mark, width="stretch")
                if st.button(say("Remove"), type="tertiary", key=desk.key(f"drop-{number}-{item['name']}")):
                    _drop(desk, str(item["name"]), item["name"] in known)


def _drop(desk: Desk, name: str, known: bool) -> None:
    """Take a disruption out: an edit where the baseline has it, else the end of the edit that added it."""
    if known:
        desk.make(Edit(f"disruptions.{name}", None, "drop"))
    else:
        kept = (
            e
            for e in desk.variant.edits
            if not (e.how == "add" and e.key == "disruptions" and e.value.get("name") == name)
        )
        desk.remove_other_than(tuple(kept))
    desk.put_fresh()
    st.rerun()
