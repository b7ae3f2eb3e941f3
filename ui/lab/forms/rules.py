"""The forms for SLA rules and for dispatch: targets, penalties, policy, mutual aid, partner, end of shift."""

from __future__ import annotations

from importlib.metadata import entry_points

import streamlit as st

from scenarios.checks import POLICY_GROUP
from ui.lab.desk import Desk
from ui.lab.editors import edit_in_place
from ui.lab.fields import field_at
from ui.lab.study import Edit
from ui.language import Language, msgid

#: What each policy does, in a line.
_POLICIES = {
    "nearest_qualified": msgid("Urgent orders first; the qualified engineer with the shortest way goes."),
    "first_come": msgid(
        "Orders in the order in which they came; the engineer who has been idle longest goes."
    ),
    "sla_priority": msgid(
        "Orders by due time, weighted by customer and urgency; of those who are there in time "
        "the least qualified goes."
    ),
    "earliest_arrival": msgid(
        "Orders by due time; whoever is there first goes, also somebody who is still busy elsewhere."
    ),
    "optimized": msgid(
        "At each decision the waiting orders and the people who are free now or soon are planned together; "
        "somebody may be kept for a more urgent order."
    ),
}
_CLOCKS = ("response", "respond", "attend", "restore", "complete")


def sla_form(desk: Desk) -> None:
    """Draw the form for SLA rules."""
    say = desk.say
    rules = [str(rule["name"]) for rule in desk.current["sla"]]
    if not rules:
        st.caption(say("This scenario has no SLA rules."))
        return
    rule = st.selectbox(
        say("Rule"),
        rules,
        format_func=lambda name: say.name("sla", name),
        key=f"lab-rule-{desk.baseline.name}",
        persist_state="session",
        help=say("The first rule that matches an order is its rule."),
    )
    key = f"sla.{rule}"
    st.caption(_matched(desk, key))
    st.markdown(f"**{say('Targets')}**")
    clocks = {f"{key}.targets.{clock}": say.term("clock", clock) for clock in _CLOCKS}
    alias = str(desk.value("response_clock"))
    clocks[f"{key}.targets.response"] = say("Response: {clock}", clock=say.term("clock", alias))
    if desk.value(f"{key}.targets.{alias}") is None:
        del clocks[f"{key}.targets.{alias}"]
    edit_in_place(desk, list(clocks), clocks)
    edit_in_place(desk, ["response_clock", f"{key}.calendar", f"{key}.pauses"])
    st.markdown(f"**{say('Penalties')}**")
    late = [f"{key}.late.{name}" for name in ("per_hour", "share", "every_minutes", "of")]
    lateness = late if desk.value(f"{key}.late") else []
    edit_in_place(desk, [f"{key}.penalty_per_breach", *lateness])
    if not lateness and st.button(say("Pay by how late it is, too"), key=desk.key(f"late-{rule}")):
        desk.make(Edit(f"{key}.late", {"per_hour": 10.0}))
        st.rerun()


def _matched(desk: Desk, key: str) -> str:
    """Return in words which orders a rule is for."""
    say = desk.say
    parts = []
    for name, values in (desk.value(f"{key}.match") or {}).items():
        if values:
            words = [_match_word(say, name, str(value)) for value in values]
            parts.append(f"{say.term('field', name)}: {say(', ').join(words)}")
    return say("; ").join(parts) or say("For all orders")


def _match_word(say: Language, name: str, value: str) -> str:
    if name == "severity":
        return say.term("severity", value)
    sections = {"country": "countries", "city": "cities", "site": "sites", "customer_tier": "customer_tiers"}
    return say.name(sections.get(name, name), value)


def dispatch_form(desk: Desk) -> None:
    """Draw the form for dispatch."""
    say = desk.say
    names = sorted(
        {entry.name for entry in entry_points(group=POLICY_GROUP)} | {str(desk.value("dispatch.policy"))}
    )
    now = str(desk.value("dispatch.policy"))
    policy = st.radio(
        say("Policy"),
        names,
        index=names.index(now),
        format_func=lambda name: say.term("policy", name),
        captions=[say.described(_POLICIES.get(name, "")) for name in names],
        key=desk.key("dispatch.policy"),
    )
    if policy and policy != now:
        desk.set("dispatch.policy", policy)
    edit_in_place(desk, ["dispatch.preempting"])
    if desk.current["scheduling_policies"]:
        edit_in_place(desk, ["dispatch.scheduling_policy"])
    _optional(
        desk, "dispatch.crossing", say("Mutual aid between centres"), ("after_hours", "within", "severities")
    )
    partners = [k for k, c in desk.current["centres"].items() if c["level"] == "partner"]
    if partners or desk.value("dispatch.overflow"):
        _optional(
            desk, "dispatch.overflow", say("Hand-over to a partner"), ("partner", "after_hours", "severities")
        )
    st.markdown(f"**{say('End of the shift')}**")
    names = ["rule", "overtime_hours", "hand_over_hours", "resume_within_hours"]
    edit_in_place(desk, [f"dispatch.shift_end.{name}" for name in names])


def _optional(desk: Desk, key: str, title: str, names: tuple[str, ...]) -> None:
    """Draw a section that may be absent, with a switch for it."""
    has = desk.value(key) is not None
    wanted = st.toggle(f"**{title}**", value=has, key=desk.key(f"has-{key}"))
    if wanted and not has:
        before = next((e.value for e in desk.variant.edits if e.key == key and e.value), None)
        desk.make(Edit(key, before or desk.framed_value(key) or _first(desk, key)))
    elif has and not wanted:
        desk.make(Edit(key, None))
        return
    if wanted:
        edit_in_place(desk, [f"{key}.{name}" for name in names if field_at(desk.current, f"{key}.{name}")])


def _first(desk: Desk, key: str) -> dict[str, object]:
    """Return what a section holds when it is switched on."""
    if key == "dispatch.crossing":
        return {"after_hours": 4.0}
    partner = next((k for k, c in desk.current["centres"].items() if c["level"] == "partner"), "")
    return {"partner": partner, "after_hours": 24.0}
