"""The form for spare parts: stock by centre and part, and how parts are managed all over the network."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui.lab.desk import Desk
from ui.lab.differences import thing_name
from ui.lab.editors import edit_in_place, editor, take
from ui.lab.fields import field_at
from ui.lab.study import Edit

#: Keys of a stock by the policy that has them.
_POLICIES = {
    "base_stock": ("base_stock",),
    "reorder_point": ("reorder_point", "order_up_to"),
    "target_fill_rate": ("target_fill_rate",),
}
_FIRST: dict[str, dict[str, Any]] = {
    "base_stock": {"base_stock": 2},
    "reorder_point": {"reorder_point": 1, "order_up_to": 4},
    "target_fill_rate": {"target_fill_rate": 0.9},
}


def parts_form(desk: Desk) -> None:
    """Draw the form."""
    say = desk.say
    centres = [k for k, c in desk.current["centres"].items() if c["level"] != "partner"]
    parts = list(desk.current["parts"])
    if not parts:
        st.caption(say("This scenario has no spare parts."))
        return
    with st.container(horizontal=True):
        centre = st.selectbox(
            say("Service centre"),
            centres,
            format_func=lambda k: thing_name("centres", k, desk.current, say),
            key=f"lab-parts-centre-{desk.baseline.name}",
            persist_state="session",
        )
        part = st.selectbox(
            say("Part"),
            parts,
            format_func=lambda k: thing_name("parts", k, desk.current, say),
            key=f"lab-parts-part-{desk.baseline.name}",
            persist_state="session",
        )
    _stock(desk, str(centre), str(part))
    st.markdown(f"**{say('In the whole network')}**")
    names = ("before_visit", "diagnosis_share", "cost_per_transfer", "holding_share_per_year", "on_stock_out")
    edit_in_place(desk, [f"parts_policy.{name}" for name in names])


def _policy_of(stock: dict[str, Any] | None) -> str:
    """Return which policy a stock is under; empty for none."""
    return next((name for name in _POLICIES if stock and stock.get(name) is not None), "")


def _stock(desk: Desk, centre: str, part: str) -> None:
    """Draw the stock of a part at a centre."""
    say = desk.say
    key = f"centres.{centre}.depot.{part}"
    stock = desk.value(key)
    now = _policy_of(stock)
    names = {
        "": say("None is kept"),
        "base_stock": say("Base stock"),
        "reorder_point": say("Reorder point"),
        "target_fill_rate": say("Fill rate"),
    }
    chosen = st.segmented_control(
        say("How it is stocked"),
        list(names),
        default=now,
        required=True,
        format_func=names.__getitem__,
        key=desk.key(f"policy-{key}"),
    )
    if chosen is not None and chosen != now:
        _change_policy(desk, key, str(chosen), stock)
    if not chosen:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name in _POLICIES[str(chosen)]:
            found = field_at(desk.current, f"{key}.{name}")
            if found is not None:
                value = editor(desk, found, width=142)
                if value is not None:
                    take(desk, found, value)
    lead = desk.value(f"{key}.lead_hours")
    constant = isinstance(lead, dict) and lead.get("distribution") == "constant"
    labels = {f"{key}.lead_hours.mean": say("Hours from order to shelf")}
    edit_in_place(
        desk, [f"{key}.lead_hours.mean" if constant else f"{key}.lead_hours", f"{key}.from"], labels
    )


def _change_policy(desk: Desk, key: str, policy: str, stock: dict[str, Any] | None) -> None:
    """Put a stock under another policy."""
    if not policy:
        desk.make(Edit(key, None))
        return
    original = desk.framed_value(key)
    lead = (stock or original or {}).get("lead_hours", 72.0)
    source = (stock or original or {}).get("from")
    if original and _policy_of(original) == policy:
        desk.make(Edit(key, original))
        return
    desk.make(Edit(key, {**_FIRST[policy], "lead_hours": lead, **({"from": source} if source else {})}))
