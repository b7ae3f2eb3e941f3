"""Who may do what: the judgement over claims, and its enforcement where jobs are changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.access import (
    EVERYBODY,
    NOBODY,
    Access,
    NotPermittedError,
    PermittedJobs,
    access_of,
    is_local,
    providers,
)
from ui.jobs import JobSpec, JobStore

NOW = 1_800_000_000.0
AUTH = {"client_id": "banyan", "redirect_uri": "http://localhost/oauth2callback", "cookie_secret": "x"}
SECRETS: dict[str, Any] = {"auth": AUTH}
EDITOR = Access("editor", "Edwin")
VIEWER = Access("viewer", "Vera")


def user(**others: object) -> dict[str, object]:
    """Return the claims of an editor, with some of them changed."""
    return {
        "is_logged_in": True,
        "provider": "default",
        "aud": "banyan",
        "iat": NOW - 60,
        "name": "Edwin",
        "roles": ["staff", "banyan-editor"],
        **others,
    }


def judged(claims: dict[str, object], **rules: object) -> Access:
    """Return what somebody may do who signed in."""
    return access_of(claims, {**SECRETS, "banyan": rules} if rules else SECRETS, True, NOW)


def test_without_sign_in_everybody_is_editor_where_only_this_machine_reaches_it() -> None:
    """Without `[auth]` all may do all on this machine, and nobody anything where others could come."""
    assert access_of({}, {}, True, NOW) == EVERYBODY
    assert access_of({}, {}, False, NOW) == NOBODY


def test_an_editor_is_whose_claim_says_so() -> None:
    """The value in the claim makes an editor; everybody else who signed in is a viewer."""
    assert judged(user()) == EDITOR
    assert judged(user(roles=["staff"])).role == "viewer"
    assert judged(user(roles="banyan-editor")).role == "editor"
    assert judged({k: v for k, v in user().items() if k != "roles"}).role == "viewer"
    assert judged(user(roles=None)).role == "viewer"


def test_the_claim_and_its_values_are_configured() -> None:
    """Claim and values come from the secrets; a nested claim is a dotted path, a URL stands for itself."""
    nested = user(roles=[], realm_access={"roles": ["planner"]})
    assert judged(nested, role_claim="realm_access.roles", editors=["planner"]).role == "editor"
    assert judged(nested, role_claim="realm_access.nosuch", editors=["planner"]).role == "viewer"
    url = "https://example.org/roles"
    assert judged(user(**{"roles": [], url: "planner"}), role_claim=url, editors="planner").role == "editor"
    assert judged(user(), editors=[]).role == "viewer"


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"is_logged_in": False},
        user(is_logged_in="yes"),
        user(aud="another-application"),
        user(aud=["another-application"]),
        user(aud=None),
        user(iat=NOW - 12.1 * 3600),
        user(iat=NOW + 600),
        user(iat="recently"),
        user(iat=True),
    ],
)
def test_who_is_let_in_nowhere(claims: dict[str, object]) -> None:
    """Not signed in, for another application, too long ago or never: nobody."""
    assert judged(claims) == NOBODY


@given(st.dictionaries(st.sampled_from([*user()]), st.none() | st.booleans() | st.integers() | st.text()))
def test_no_claims_make_more_than_they_should(changed: dict[str, object]) -> None:
    """Whatever else claims hold, only a fresh token for us is let in, and only the value makes an editor."""
    claims = user(roles=["staff"]) | changed
    access = judged(claims)
    assert access.role != "editor" or claims["roles"] == "banyan-editor"
    assert not access.may_view or (claims["aud"] == "banyan" and claims["is_logged_in"] is True)


def test_audience_is_that_of_the_provider_in_question() -> None:
    """With several providers the token has to be for our client at the one that gave it."""
    auth = {"cookie_secret": "x", "one": {"client_id": "a"}, "two": {"client_id": "b"}}
    assert providers(auth) == ("one", "two")
    assert providers(AUTH) == ()
    secrets = {"auth": auth}
    assert access_of(user(provider="two", aud="b"), secrets, True, NOW).may_edit
    assert access_of(user(provider="two", aud="a"), secrets, True, NOW) == NOBODY


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1", "127.3.2.1"])
def test_addresses_of_this_machine(address: str) -> None:
    """Loopback addresses are reached from this machine alone."""
    assert is_local(address)


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.168.1.5", "banyan.example.org"])
def test_addresses_that_others_reach(address: str | None) -> None:
    """All other addresses, and all addresses at once, are reached by others."""
    assert not is_local(address)


CHANGES: dict[str, Callable[[JobStore, str, JobSpec], object]] = {
    "submit": lambda jobs, _, spec: jobs.submit(spec),
    "cancel": lambda jobs, job, _: jobs.cancel(job),
    "resume": lambda jobs, job, _: jobs.resume(job),
    "extend": lambda jobs, job, _: jobs.extend(job, replications=9),
    "remove": lambda jobs, job, _: jobs.remove(job),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("access", [VIEWER, NOBODY], ids=["viewer", "nobody"])
def test_a_viewer_changes_nothing(change: str, access: Access, tmp_path: Path, spec: JobSpec) -> None:
    """Every change by anybody but an editor is refused below the pages, and leaves the jobs as they are."""
    job = JobStore(tmp_path).submit(spec)
    jobs = PermittedJobs(tmp_path, access)
    with pytest.raises(NotPermittedError):
        CHANGES[change](jobs, job.id, spec)
    assert jobs.jobs() == [job]
    assert jobs.job(job.id).state == "queued"


def test_an_editor_changes_jobs(tmp_path: Path, spec: JobSpec) -> None:
    """An editor queues, ends, takes up and removes a job."""
    jobs = PermittedJobs(tmp_path, EDITOR)
    job = jobs.submit(spec)
    jobs.cancel(job.id)
    assert jobs.job(job.id).state == "cancelled"
    jobs.resume(job.id)
    assert jobs.job(job.id).state == "queued"
    jobs.remove(job.id)
    assert jobs.jobs() == []


def test_nothing_that_changes_jobs_was_forgotten() -> None:
    """What the store can do beyond the changes above is to look, or is for those who run jobs."""
    looks = {"job", "jobs", "identities", "place", "is_alive", "locked", "state", "set_state", "add"}
    assert {name for name in vars(JobStore) if not name.startswith("_")} == looks | set(CHANGES)


@pytest.fixture
def spec() -> JobSpec:
    """Return a job that could be run."""
    documents = ({"name": "plain", "extends": "one-city", "days": 2.0},)
    return JobSpec("Plain", documents, 2, 1, 2.0, {}, None, {})
