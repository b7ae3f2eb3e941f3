"""An editor for any key, made from its field in the schema: number with range, choice, list, date, YAML.

An editor returns what stands in it and changes nothing; the forms decide what becomes of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from scenarios import ScenarioError, documents
from ui.lab.desk import Desk
from ui.lab.differences import choice_text, label_of, value_text
from ui.lab.fields import Field, field_at
from ui.lab.numbers import BROKEN, Range, number_field
from ui.language import Language

#: Whole numbers up to here are exact in a browser.
_MOST = 2**53 - 1
_WIDTH = 142
#: What ends a label that says its unit already.
_UNIT_SAID = re.compile(r" \(?(hours|days|minutes)\)?$", re.IGNORECASE)


def editor(desk: Desk, found: Field, name: str = "", label: str = "", width: int | str = "stretch") -> Any:
    """Draw the editor of a field and return what stands in it, `BROKEN` where that is no value.

    Parameters
    ----------
    desk
        The desk.
    found
        The field, with its present value.
    name
        What keeps it apart from other editors of the same key.
    label
        Its label; made from the schema when empty.
    width
        Width in pixels, or stretch.
    """
    say = desk.say
    unit = say.unit(found.unit, str(desk.value("currency.code") or ""))
    text = label or label_of(found.key, found, desk.current, say) or say.term("field", found.name)
    if unit and found.kind in ("number", "integer"):
        text = with_unit(text, unit, say)
    draw = {
        "number": _number,
        "integer": _number,
        "switch": _switch,
        "choice": _choice,
        "text": _text,
        "date": _date,
        "list": _list,
        "section": _section,
    }[found.kind]
    settings = {
        "key": desk.key(f"{name}:{found.key}"),
        "help": say.described(found.description) or None,
        "width": width,
    }
    return draw(desk, found, text, settings)


def edit_in_place(desk: Desk, keys: Sequence[str], labels: dict[str, str] | None = None) -> None:
    """Draw editors of keys side by side; what is entered becomes an edit of the what-if at once."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for key in keys:
            found = field_at(desk.current, key)
            if found is None:
                continue
            wide = found.kind in ("list", "section")
            value = editor(
                desk, found, label=(labels or {}).get(key, ""), width="stretch" if wide else _WIDTH
            )
            take(desk, found, value)


def take(desk: Desk, found: Field, value: Any) -> None:
    """Make an edit of what an editor returned; where that is no value, nothing can be run."""
    if value is BROKEN:
        desk.refused.append(found.key)
    elif not same(value, found.value):
        desk.set(found.key, value)


def with_unit(label: str, unit: str, say: Language) -> str:
    """Return a label with its unit, which it does not say a second time in words."""
    stem = _UNIT_SAID.sub("", label) if say.code == "en" and unit in ("h", "days", "min") else label
    return say("{label} ({unit})", label=stem or label, unit=unit)


def same(one: Any, other: Any) -> bool:
    """Return whether two values mean the same in a scenario."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return list(one) == list(other)
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _number(desk: Desk, found: Field, label: str, settings: dict[str, Any]) -> Any:
    """Draw a number, or a whole one where the key asks for that."""
    kind, written = (
        (int, {"step": 1}) if found.kind == "integer" else (float, {"step": _step(found), "format": "%.10g"})
    )
    value = None if found.value is None else kind(found.value)
    return number_field(
        desk.say,
        label,
        _range(found),
        value=value if value is not None or found.optional else kind(found.low or 0),
        placeholder=desk.say("not set"),
        **written,
        **settings,
    )


def _range(found: Field) -> Range:
    """Return what a field may be; what stands there already is not refused a second time."""
    low, high = found.low, found.high
    if found.kind == "integer":
        low, high = (-_MOST if low is None else low), (_MOST if high is None else min(high, _MOST))
    whole = Range(low, high, found.open_low, found.open_high)
    return whole if found.value is None or whole.allows(float(found.value)) else Range()


def _step(found: Field) -> float:
    """Return by how much a click changes a number."""
    if found.high is not None and found.high <= 1:
        return 0.05
    size = abs(float(found.value or 0.0))
    if found.unit in ("1", "1/year") or 0 < size < 2:
        return 0.1
    return 1.0 if size < 100 else 10.0


def _switch(desk: Desk, found: Field, label: str, settings: dict[str, Any]) -> Any:
    settings.pop("width")
    return st.toggle(label, value=bool(found.value), **settings)


def _choice(desk: Desk, found: Field, label: str, settings: dict[str, Any]) -> Any:
    options = [*([None] if found.optional else []), *found.choices]
    if found.value not in options:
        options.append(found.value)
    return st.selectbox(
        label,
        options,
        index=options.index(found.value),
        format_func=lambda v: desk.say("not set") if v is None else choice_text(found, v, desk.say),
        **settings,
    )


def _text(desk: Desk, found: Field, label: str, settings: dict[str, Any]) -> Any:
    if not found.choices:
        entered = st.text_input(
            label, value=str(found.value or ""), placeholder=desk.say("not set"), **settings
        )
        return None if not entered and found.optional else entered
    options = [*([None] if found.optional else []), *found.choices]
    if found.value not in options:
        options.append(found.value)
    return st.selectbox(
        label,
        options,
        index=options.index(found.value),
        format_func=lambda v: value_text(found, v, desk.current, desk.say),
        **settings,
    )


def _date(desk: Desk, found: Field, label: str, settings: dict[str, Any]) -> Any:
    value = None if found.value is None else date.fromisoformat(str(found.value)[:10])
    entered = st.date_input(
        label,
        value=value,
        min_value=date(1970, 1, 1),
        max_value=date(2199, 12, 31),
        format="YYYY-MM-DD",
        **settings,
    )
    return entered.isoformat() if isinstance(entered, date) else None


def _list(desk: Desk, found: Field, label: str, settings: dict[str, Any]) -> Any:
    if found.figures:
        return _section(desk, found, label, settings)
    value = [str(v) for v in found.value or ()]
    options = list(dict.fromkeys([*map(str, found.choices), *value]))
    return st.multiselect(
        label,
        options,
        default=value,
        format_func=lambda v: value_text(found, [v], desk.current, desk.say),
        accept_new_options=found.free and not found.choices,
        placeholder=desk.say("not set"),
        wrap=True,
        **settings,
    )


def _section(desk: Desk, found: Field, label: str, settings: dict[str, Any]) -> Any:
    """Draw a section as YAML."""
    before = "" if found.value is None else documents.dump(found.value)
    lines = before.count("\n") + 1
    entered = st.text_area(label, value=before, height=min(420, 60 + 22 * max(lines, 3)), **settings)
    try:
        return documents.parse(entered or "", "")
    except ScenarioError as error:
        say = desk.say
        st.error(say("This is not YAML: {reason}", reason=error.problems[0].found))
        return BROKEN
