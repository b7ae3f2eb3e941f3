"""Beside the forms: what the what-if changes, with what is wrong or doubtful about each change below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from scenarios.problems import Problem
from ui.lab.checking import Finding, doubts_kept
from ui.lab.desk import Desk
from ui.lab.differences import Difference, differences
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
    _tell(desk, slots, desk.problems()[desk.position])

    def doubts() -> None:
        _tell(desk, slots, desk.doubts())
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
