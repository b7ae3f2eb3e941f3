"""Beside the forms: what the what-if changes, with what is wrong or doubtful about each change below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from scenarios.problems import Problem
from ui.lab.checking import Finding, doubts_kept
from ui.lab.desk import Desk
from ui.lab.differences import Difference, differences, thing_name
from ui.lab.people import groups
from ui.lab.study import Edit
from ui.language import Language

Slots = dict[int | None, DeltaGenerator]
#: Findings of one difference that are told in full.
_MOST_TOLD = 4


def differences_panel(desk: Desk) -> Callable[[], None]:
    """Draw the list of differences with problems, and return what draws the doubts, which take longer."""
    say = desk.say
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        st.markdown(f"#### {say('Differences')}", width="stretch")
        if st.button(say("Undo"), type="tertiary", disabled=not desk.can_undo(), key="lab-undo"):
            desk.undo()
            st.rerun()
    rows = differences(desk.framed, desk.variant.edits, say)
    if not rows:
        st.caption(say("None so far: this what-if is the baseline. Change something in the forms."))
    slots: Slots = {}
    for row in rows:
        _row(desk, row)
        slots[row.position] = st.container(key=f"lab-found-{row.position}")
    slots[None] = st.container(key="lab-found-others")
    missing = desk.missing()
    _tell_missing(desk, slots, missing)
    _tell(desk, slots, [f for f in desk.problems()[desk.position] if not missing])

    def doubts() -> None:
        found = desk.doubts()
        _tell(desk, slots, found)
        _state_sum(desk, slots, found)
        _tell_baseline(desk, slots[None])

    return doubts


def _row(desk: Desk, row: Difference) -> None:
    """Draw one difference with a way to take it back."""
    say = desk.say
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        wrap=False,
        gap="small",
        key=f"lab-difference-{row.position}",
    ):
        st.markdown(row_text(row), width="stretch")
        if st.button(
            "✕",
            type="tertiary",
            help=say("Take back: {what}", what=row.sentence),
            key=desk.key(f"take-back-{row.position}"),
        ):
            edits = tuple(e for n, e in enumerate(desk.variant.edits) if n != row.position)
            desk.remove_other_than(edits)
            st.rerun()


def row_text(row: Difference) -> str:
    """Return a difference as Markdown: what it is about in bold, what stood there and what does."""
    head = f"**{plain(row.subject)}**" if row.subject else ""
    change = " → ".join(plain(part) for part in (row.before, row.after) if part)
    tail = " ".join(part for part in (plain(row.label), change) if part)
    return "  \n".join(part for part in (head, tail) if part)


def plain(text: str) -> str:
    """Return a text in which nothing is taken for Markdown."""
    for sign in "\\`*_{}[]<>#$~|:":
        text = text.replace(sign, f"\\{sign}")
    return text


def _tell(desk: Desk, slots: Slots, found: Sequence[Finding]) -> None:
    """Draw findings below the differences that cause them, those of one difference together."""
    say = desk.say
    for edit, slot in slots.items():
        mine = [f for f in found if (f.edit if f.edit in slots else None) == edit]
        for grave, draw in ((True, slot.error), (False, slot.warning)):
            texts = list(dict.fromkeys(finding_text(f, say) for f in mine if f.grave is grave))
            lines = [f":small[{plain(text)}]" for text in texts[:_MOST_TOLD]]
            if len(texts) > _MOST_TOLD:
                lines.append(say("and {n} more", n=len(texts) - _MOST_TOLD))
            if lines:
                draw("\n\n".join(lines))


def _tell_missing(desk: Desk, slots: Slots, missing: Mapping[int, Sequence[tuple[str, str]]]) -> None:
    """Draw what differences are about and the baseline lacks, with a way to drop these differences."""
    say = desk.say
    for number, things in missing.items():
        names = say(", ").join(thing_name(*thing, desk.framed, say) for thing in things)
        text = plain(say("{place} does not exist in this baseline.", place=names))
        slots[number].error(f":small[{text}]")
    if missing:
        label = say.many(
            "Drop the change that cannot be made", "Drop {n} changes that cannot be made", len(missing)
        )
        if slots[None].button(label, key="lab-drop-missing"):
            desk.remove_other_than(tuple(e for n, e in enumerate(desk.variant.edits) if n not in missing))
            st.rerun()


def _state_sum(desk: Desk, slots: Slots, found: Sequence[Finding]) -> None:
    """Offer to state the head count that the groups add up to, where the plan states another."""
    for finding in found:
        if isinstance(finding.what, Problem) or finding.what.code != "W-headcount":
            continue
        total = sum(int(group.content["count"]) for group in groups(desk.current))
        slot = slots[finding.edit if finding.edit in slots else None]
        say = desk.say
        label = say.many("State {n} engineer", "State {n} engineers", total)
        if slot.button(label, key="lab-state-sum"):
            desk.make(Edit("stated.headcount", total))
            desk.put_fresh()
            st.rerun()
        return


def _tell_baseline(desk: Desk, slot: DeltaGenerator) -> None:
    """Draw what is doubtful about the baseline itself, folded away."""
    say = desk.say
    found = doubts_kept(desk.framed)
    if found:
        title = say.many(
            "{n} warning about the baseline itself", "{n} warnings about the baseline itself", len(found)
        )
        with slot.expander(title):
            for warn in found[:20]:
                st.markdown(f":small[{plain(finding_text(Finding(warn, None), say))}]")


def finding_text(finding: Finding, say: Language) -> str:
    """Return a problem or a warning in words."""
    what = finding.what
    if isinstance(what, Problem):
        return say(
            "{key}: found {found}; allowed: {allowed}",
            key=what.key or say("The scenario"),
            found=say.message(what.found),
            allowed=say.message(what.allowed),
        )
    return f"{what.code}: {say.message(what.message)}"
