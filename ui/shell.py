"""The frame around the pages: jobs of this process, language, address, sign-in, links between pages.

`app.py` puts these together and pages use `link_to_job`; what a page shows is its own. Who may do what is
judged in `ui.access`.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.navigation.page import Page

from ui.access import EVERYBODY, OPEN_TO_ALL, Access, access_of, is_local, providers
from ui.jobs import JobStore, Supervisor, ensure_sample, supervisor
from ui.language import LANGUAGES, Language, language

#: A leaf, drawn here so that no request is made for it.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="7" fill="#0b6e4f"/>'
    '<path d="M16 27V14M16 20c-6 0-9-4-9-9 6 0 9 3 9 9zm0-4c0-6 3-9 9-9 0 6-3 9-9 9z" fill="#fff"'
    ' stroke="#fff" stroke-width="1.6" stroke-linecap="round"/></svg>'
)
_LEAF = ICON.partition(">")[2].removesuffix("</svg>")
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 132 32">'
    f'{_LEAF}<text x="42" y="23" font-family="sans-serif" font-weight="700" font-size="21" fill="#1f2933">'
    "Banyan</text></svg>"
)
#: What the theme cannot say: small print dark enough for AA, less empty space, links among buttons.
_STYLE = """<style>
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p { color: #52606d; opacity: 1; }
[data-testid="stMainBlockContainer"] { padding: 3.75rem clamp(1rem, 3vw, 5rem) 3rem; }
.st-key-runs_list [data-testid="stPageLink-NavLink"] {
    border: 1px solid #0b6e4f; border-radius: 0.5rem; padding: 0.25rem 0.75rem; min-height: 2.5rem;
}
.st-key-runs_list [data-testid="stPageLink-NavLink"] p { color: #0b6e4f; }
@media (max-width: 640px) {
    .st-key-results_view [role="radiogroup"] {
        display: grid; grid-template-columns: repeat(3, 1fr); gap: 4px;
    }
    .st-key-results_view [role="radiogroup"] button { border-radius: 0.5rem; margin: 0; border-width: 1px; }
}
</style>"""
#: Parameters of the address that outlive a change of page.
KEPT = ("lang", "job", "study", "board")
_LANGUAGE, _SWITCH, _MEMORY, _PAGE, _PAGES = "language", "language_switch", "address", "page", "pages"

_opened: dict[Path, tuple[JobStore, Supervisor]] = {}
_lock = threading.Lock()


def folder() -> Path:
    """Return where the application keeps its state."""
    return Path(os.environ.get("BANYAN_APP_FOLDER") or "runs/app").absolute()


def opened() -> JobStore:
    """Return the jobs of this process; the first call starts what runs them and the sample.

    `banyan app` calls this before the first page is asked for, which `st.cache_resource` is not made for.
    """
    where = folder()
    with _lock:
        if where not in _opened:
            store = JobStore(where)
            if not os.environ.get("BANYAN_APP_NO_SAMPLE"):
                ensure_sample(store)
            runner = supervisor(store)
            runner.start()
            _opened[where] = store, runner
        return _opened[where][0]


def warm_up() -> None:
    """Import and read in the background what the first page needs, so that it waits for less."""

    def warm() -> None:
        from ui.lab.baselines import open_baseline
        from ui.lab.desk import DEFAULT_BASELINE
        from ui.pages import lab, runs
        from ui.results import page

        for each in (lab.page, runs.page, page.show):
            assert callable(each)
        open_baseline(DEFAULT_BASELINE, folder())
        for code in LANGUAGES:
            language(code)

    threading.Thread(target=warm, name="warm-up", daemon=True).start()


def closed() -> None:
    """Stop what `opened` started; jobs under way are taken up again by the next process."""
    with _lock:
        for _, runner in _opened.values():
            runner.stop()
        _opened.clear()


def secrets() -> dict[str, Any]:
    """Return what `secrets.toml` holds; nothing where there is none."""
    return st.secrets.to_dict() if st.secrets.load_if_toml_exists() else {}


def dress(title: str) -> None:
    """Set the title of the browser's tab, the logo and what is the same on all pages.

    Parameters
    ----------
    title
        Title of the page, translated.
    """
    st.set_page_config(page_title=f"{title} · Banyan", page_icon=ICON, layout="wide")
    st.logo(LOGO, size="large")
    st.html(_STYLE)


def access_now() -> Access:
    """Return what the person may do whose page this is."""
    open_without = bool(os.environ.get(OPEN_TO_ALL)) or is_local(st.get_option("server.address"))
    return access_of(st.user.to_dict(), secrets(), open_without, time.time())


def chosen_language() -> Language:
    """Return the language of this page: of the address, else the one chosen before, else the browser's."""
    code = st.query_params.get("lang") or st.session_state.get(_LANGUAGE)
    if code not in LANGUAGES:
        code = "zh" if (st.context.locale or "").lower().startswith("zh") else "en"
    st.session_state[_LANGUAGE] = code
    return language(code)


def language_switch(say: Language) -> None:
    """Draw the switch between languages, each under its own name."""
    if st.session_state.get(_SWITCH) != say.code:
        st.session_state[_SWITCH] = say.code
    st.segmented_control(
        say("Language"),
        [*reversed([*LANGUAGES])],
        format_func=lambda code: LANGUAGES[code],
        key=_SWITCH,
        label_visibility="collapsed",
        on_change=_switched,
    )


def _switched() -> None:
    code = str(st.session_state.get(_SWITCH))
    if code in LANGUAGES:
        st.query_params["lang"] = code
        st.session_state[_LANGUAGE] = code


def restore_address(page: str) -> None:
    """Put parameters back that a change of page left out of the address.

    Parameters
    ----------
    page
        The page that is about to be shown. Parameters are left alone while it stays the same, since it may
        have taken one away itself, and a link to a job brings no study along.
    """
    changed = st.session_state.get(_PAGE) not in (None, page)
    st.session_state[_PAGE] = page
    if not changed:
        return
    given = "job" in st.query_params or "study" in st.query_params
    for key, value in st.session_state.get(_MEMORY, {}).items():
        if key not in st.query_params and not (given and key != "lang"):
            st.query_params[key] = value


def remember_address() -> None:
    """Note the parameters that a change of page must not lose."""
    st.session_state[_MEMORY] = kept_parameters()


def kept_parameters() -> dict[str, str]:
    """Return those parameters of the address that outlive a change of page."""
    return {key: st.query_params[key] for key in KEPT if key in st.query_params}


def page_links(pages: Mapping[str, Page]) -> None:
    """Draw the links to the pages and note the pages for `link_to_job`."""
    st.session_state[_PAGES] = dict(pages)
    for page in pages.values():
        st.page_link(page, query_params=kept_parameters(), width="stretch")


def link_to_job(identity: str, label: str) -> None:
    """Draw a link that opens a job in the Scenario Lab.

    Parameters
    ----------
    identity
        The job's id.
    label
        Words of the link, translated.
    """
    pages: Mapping[str, Page] = st.session_state.get(_PAGES, {})
    if "lab" in pages:
        parameters = {"job": identity} | {k: v for k, v in kept_parameters().items() if k == "lang"}
        st.page_link(pages["lab"], label=label, query_params=parameters)
    else:
        st.markdown(f"[{label}](/?job={identity})")


def sign_in_page(say: Language) -> None:
    """Draw the only screen that there is for somebody who has not signed in."""
    st.title("Banyan")
    auth = secrets().get("auth")
    if not auth:
        st.error(say("This address is open to others and no sign-in is configured, so nothing is shown."))
        st.markdown(say("Start the application with `banyan app`, or configure sign-in in `secrets.toml`."))
        return
    st.markdown(say("Sign in to see and compare scenarios."))
    if st.user.get("is_logged_in", False):
        st.warning(say("Your session has ended, or it was made for another application. Sign in again."))
    for provider in providers(auth) or ("",):
        words = say("Sign in with {provider}", provider=provider.title()) if provider else say("Sign in")
        if st.button(words, type="primary", key=f"sign_in_{provider}"):
            st.login(provider or None)


def account(say: Language, access: Access) -> None:
    """Draw who is signed in, in which role, and the way out; nothing where nobody signs in."""
    if access == EVERYBODY:
        return
    role = say("editor") if access.may_edit else say("viewer")
    st.caption(say("Signed in as {name} ({role})", name=access.name, role=role))
    if st.button(say("Sign out"), key="sign_out"):
        st.logout()
