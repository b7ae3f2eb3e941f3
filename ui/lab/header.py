"""The head of the Scenario Lab: what the study starts from, how it is simulated, and its what-ifs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from ui.lab.baselines import library_names, saved_names, title_of
from ui.lab.desk import Desk
from ui.lab.numbers import BROKEN, Range, number_field
from ui.lab.study import MOST_VARIANTS, Variant, free_name

_LARGEST_SEED = 2**53 - 1
_DAYS, _REPLICATIONS = Range(1, 3660), Range(2, 10_000)


def study_row(desk: Desk) -> None:
    """Draw the baseline and how the study is simulated."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="lab-study-row"):
        _baseline(desk)
        _settings(desk)


def _baseline(desk: Desk) -> None:
    say, study = desk.say, desk.study
    names = [*library_names(), *saved_names(desk.saved_folder)]
    if study.baseline not in names:
        names.insert(0, study.baseline)
    chosen = st.selectbox(
        say("Baseline"),
        names,
        index=names.index(study.baseline),
        format_func=lambda name: _shown(desk, name),
        key=desk.key("baseline"),
        help=say("The scenario that every what-if starts from and is compared with."),
        width=300,
    )
    if chosen and chosen != study.baseline:
        desk.put(replace(study, baseline=str(chosen), days=None, start=None, seed=None), fresh=True)
        st.rerun()


def _shown(desk: Desk, name: str) -> str:
    title = desk.say.described(title_of(name, desk.saved_folder))
    return f"{name} · {title}" if title and title != name else name


def _settings(desk: Desk) -> None:
    say, study, base = desk.say, desk.study, desk.baseline.document
    own = date.fromisoformat(str(base["start"])[:10])
    start = st.date_input(
        say("Start"),
        value=date.fromisoformat(study.start) if study.start else own,
        min_value=date(1970, 1, 1),
        max_value=date(2199, 12, 31),
        format="YYYY-MM-DD",
        key=desk.key("start"),
        width=134,
    )
    days = number_field(
        say,
        say("Days"),
        _DAYS,
        value=float(study.days or base["days"]),
        step=1.0,
        format="%.10g",
        key=desk.key("days"),
        width=88,
    )
    replications = number_field(
        say,
        say("Replications"),
        _REPLICATIONS,
        value=max(2, study.replications),
        step=1,
        key=desk.key("replications"),
        help=say("How often each scenario is simulated; more make the intervals narrower."),
        width=106,
    )
    seed = number_field(
        say,
        say("Seed"),
        Range(0, _LARGEST_SEED),
        value=min(_LARGEST_SEED, study.seed if study.seed is not None else int(base["seed"])),
        step=1,
        key=desk.key("seed"),
        help=say("Runs with the same seed meet the same faults."),
        width=112,
    )
    if BROKEN in (days, replications, seed):
        desk.refused.append("study")
        return
    desk.put(
        replace(
            study,
            start=None if not isinstance(start, date) or start == own else start.isoformat(),
            days=None if days == base["days"] else float(days),
            replications=int(replications),
            seed=None if seed == base["seed"] or seed is None else int(seed),
        )
    )


def variant_row(desk: Desk) -> None:
    """Draw the what-ifs side by side, and what can be done with them."""
    say = desk.say
    variants = desk.study.variants
    with st.container(horizontal=True, vertical_alignment="center", key="lab-variant-row"):
        chosen = st.segmented_control(
            say("What-ifs"),
            range(len(variants)),
            default=desk.position,
            required=True,
            format_func=lambda n: say.described(variants[n].title) or variants[n].name,
            key=f"{desk.key('variant')}-{len(variants)}",
            label_visibility="collapsed",
        )
        if chosen is not None and chosen != desk.position:
            desk.select(int(chosen))
            st.rerun()
        if len(variants) < MOST_VARIANTS and st.button(
            say("Add what-if"), type="tertiary", key="lab-add-variant"
        ):
            _add(desk, Variant("", ""))
        with st.popover(say("Rename, copy, remove"), type="tertiary"):
            _variant_menu(desk)
        if st.button(
            say("New question"),
            type="tertiary",
            disabled=len(variants) == 1 and not desk.variant.edits,
            help=say("Begin with one empty what-if; Undo brings these back."),
            key="lab-new-question",
        ):
            desk.ask_anew()
            st.rerun()


def _variant_menu(desk: Desk) -> None:
    say, variant, variants = desk.say, desk.variant, desk.study.variants
    title = st.text_input(
        say("Title"), value=variant.title, max_chars=60, key=desk.key(f"title-{variant.name}")
    )
    if title.strip() and title != variant.title:
        desk.replace_variant(replace(variant, title=title.strip()))
        st.rerun()
    with st.container(horizontal=True):
        full = len(variants) >= MOST_VARIANTS
        if st.button(say("Duplicate"), disabled=full, key="lab-duplicate"):
            _add(desk, variant)
        if st.button(say("Remove"), disabled=len(variants) == 1, key="lab-remove-variant"):
            kept = tuple(v for n, v in enumerate(variants) if n != desk.position)
            position = max(0, desk.position - 1)
            desk.put(replace(desk.study, variants=kept), fresh=True)
            desk.select(position)
            st.rerun()


def _add(desk: Desk, like: Variant) -> None:
    """Add a what-if with the edits of another, and work on it."""
    say, study = desk.say, desk.study
    taken = {v.name for v in study.variants}
    name = free_name(like.name or f"what-if-{len(study.variants) + 1}", taken)
    title = (
        say("{title}, copy", title=like.title)
        if like.title
        else say("What-if {number}", number=len(taken) + 1)
    )
    desk.put(replace(study, variants=(*study.variants, Variant(name, title[:60], like.edits))), fresh=True)
    desk.select(len(study.variants))
    st.rerun()
