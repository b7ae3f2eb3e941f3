"""Keeping a what-if: saved under a name, shared as a link, taken out or brought in as a scenario file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from scenarios import LoadedScenario, ScenarioError, documents
from ui.lab.baselines import (
    LARGEST_UPLOAD,
    child_document,
    delete,
    problem_with_name,
    save,
    saved_names,
    take_in,
)
from ui.lab.checking import load_kept
from ui.lab.desk import Desk
from ui.lab.panel import plain
from ui.lab.study import edited, free_name, new_study, study_to_text


def keeping_row(desk: Desk) -> None:
    """Draw what keeps and shares a what-if."""
    say = desk.say
    with st.container(horizontal=True, key="lab-keeping"):
        with st.popover(say("Save")):
            _saving(desk)
        with st.popover(say("Share")):
            _sharing(desk)
        with st.popover(say("Scenario files")):
            _files(desk)


def _saving(desk: Desk) -> None:
    """Draw what saves the what-if under a name."""
    say = desk.say
    reason = desk.access.why_not(say)
    name = st.text_input(
        say("Name"),
        value=_proposed(desk),
        max_chars=64,
        key=desk.key(f"save-name-{desk.variant.name}-{desk.variant.title}"),
        help=say("Up to 64 letters, digits, _ and -. A saved what-if can be a baseline."),
    )
    wrong = problem_with_name(name, desk.saved_folder)
    if wrong == "word":
        st.error(say("A name has up to 64 letters, digits, _ and -, and begins with a letter or a digit."))
    elif wrong == "library":
        st.error(say("A scenario of the library has this name."))
    again = wrong == "taken" and st.checkbox(
        say("Overwrite what is saved under this name"), key=desk.key(f"over-{name}")
    )
    ready = not wrong or again
    loaded, problems = load_kept(_document(desk)) if not desk.problems()[desk.position] else (None, ())
    if loaded is None or problems:
        st.error(say("A what-if with problems cannot be saved."))
    clicked = st.button(
        say("Save"), disabled=not (ready and loaded and desk.access.may_edit), help=reason, key="lab-save"
    )
    if clicked and loaded is not None:
        desk.access.require_editor()
        try:
            save(_child(desk, loaded, name), name, desk.saved_folder)
        except ScenarioError as error:
            st.error(plain(str(error.problems[0])))
        else:
            st.success(say("Saved as {name}.", name=name))


def _proposed(desk: Desk) -> str:
    """Return the name that a what-if is saved under unless somebody says another: its title if it can be."""
    title = desk.variant.title
    plainly = title.isascii() and any(sign.isalpha() for sign in title)
    wish = title.lower() if plainly else f"{desk.baseline.name}-{desk.variant.name}"
    return free_name(wish, set())


def _child(desk: Desk, loaded: LoadedScenario, name: str) -> dict[str, Any]:
    """Return the what-if as a document that extends its baseline, under its own title."""
    child = child_document(desk.baseline, loaded, name)
    rest = {key: value for key, value in child.items() if key not in ("extends", "name", "title")}
    return {
        "extends": child["extends"],
        "name": name,
        "title": desk.say.described(desk.variant.title)[:160],
        **rest,
    }


def _document(desk: Desk) -> dict[str, object]:
    return edited(desk.framed, desk.variant.edits)


def _sharing(desk: Desk) -> None:
    """Draw links to the study and to the results."""
    say = desk.say
    base = str(st.context.url or "").split("?")[0]
    text = st.query_params.get("study") or study_to_text(desk.study)
    st.caption(say("Whoever opens this link sees these what-ifs and can go on from them."))
    st.code(f"{base}?{urlencode({'lang': say.code, 'study': text})}", language=None)
    if desk.job_id:
        st.caption(say("Whoever opens this link sees the run with its results."))
        st.code(f"{base}?{urlencode({'lang': say.code, 'job': desk.job_id})}", language=None)


def _files(desk: Desk) -> None:
    """Draw scenario files: out, in, and those that are saved."""
    say = desk.say
    if not desk.problems()[desk.position]:
        loaded, _ = load_kept(_document(desk))
        if loaded is not None:
            child = _child(desk, loaded, desk.variant.name)
            st.download_button(
                say("Download this what-if"),
                documents.dump(child),
                file_name=f"{desk.variant.name}.yaml",
                mime="text/yaml",
                on_click="ignore",
                key="lab-download",
            )
    _bringing(desk)
    names = saved_names(desk.saved_folder)
    if names:
        name = st.selectbox(say("Saved scenarios"), names, key="lab-saved")
        with st.container(horizontal=True):
            if st.button(say("Start from it"), key="lab-open"):
                _start_from(desk, str(name))
            sure = st.checkbox(
                say("Delete it for good"), disabled=not desk.access.may_edit, key=f"lab-sure-{name}"
            )
            if sure and st.button(say("Delete"), help=desk.access.why_not(say), key="lab-delete"):
                desk.access.require_editor()
                delete(str(name), desk.saved_folder)
                st.rerun()


def _bringing(desk: Desk) -> None:
    """Draw what takes in a scenario file."""
    say = desk.say
    given = st.file_uploader(
        say("Bring a scenario file (YAML, up to 1 MB)"),
        type=["yaml", "yml"],
        max_upload_size=max(1, LARGEST_UPLOAD // 1_000_000),
        disabled=not desk.access.may_edit,
        help=desk.access.why_not(say),
        key="lab-upload",
    )
    if given is None:
        return
    done = st.session_state.get("lab-upload-done")
    if done and done[0] == given.file_id:
        for text in done[1]:
            st.error(text)
        return
    desk.access.require_editor()
    troubles: list[str] = []
    st.session_state["lab-upload-done"] = given.file_id, troubles
    try:
        name = take_in(given.getvalue(), desk.saved_folder)
    except ScenarioError as error:
        for problem in error.problems[:10]:
            key = problem.key or given.name
            found, allowed = say.message(problem.found), say.message(problem.allowed)
            told = say("{key}: found {found}; allowed: {allowed}", key=key, found=found, allowed=allowed)
            troubles.append(plain(told))
            st.error(troubles[-1])
        return
    _start_from(desk, name)


def _start_from(desk: Desk, name: str) -> None:
    """Make a saved scenario the baseline of the study."""
    say = desk.say
    desk.tell(say("Opened {name}; it is now the baseline.", name=name))
    desk.put(new_study(name, desk.say("What-if {number}", number=1), desk.study.replications), fresh=True)
    st.rerun()
