"""Who may do what: everybody on this machine, or the people of an identity provider in two roles.

The judgement is one pure function over what the provider said and what the secrets ask for; `PermittedJobs`
enforces it where jobs are changed, so that a page which forgets to disable a button changes nothing. How to
sign in is shown by `ui.shell`.

In `secrets.toml`, `[auth]` is what Streamlit's `st.login` reads; `[banyan]` may hold `role_claim` (default
`roles`; a dotted path where the claim is nested), `editors` (values of the claim that make an editor, default
`banyan-editor`) and `session_hours` (default 12), after which one signs in anew.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.jobs import Job, JobSpec, JobStore

if TYPE_CHECKING:
    from ui.language import Language

#: Set by `banyan app --open-to-all`: an address that others reach is open without sign-in.
OPEN_TO_ALL = "BANYAN_APP_OPEN_TO_ALL"
_EDITORS = ("banyan-editor",)
_SESSION_HOURS = 12.0
#: Clocks of the provider and of this machine may differ by so many seconds.
_LEEWAY = 120.0


class NotPermittedError(PermissionError):
    """Somebody asked for what his role does not allow."""


@dataclass(frozen=True)
class Access:
    """What one person may do.

    Parameters
    ----------
    role
        `editor` may look and change, `viewer` may look, empty is somebody who has to sign in first.
    name
        Who it is, to be shown; empty where nobody signs in.
    """

    role: str
    name: str = ""

    @property
    def may_view(self) -> bool:
        """Whether pages are shown."""
        return self.role in ("viewer", "editor")

    @property
    def may_edit(self) -> bool:
        """Whether runs may be started, ended and removed, and scenarios be saved."""
        return self.role == "editor"

    def why_not(self, say: Language) -> str | None:
        """Return the reason to show beside a disabled button, or None to an editor."""
        return (
            None if self.may_edit else say("Your account may look at results but not start or change runs.")
        )

    def require_editor(self) -> None:
        """Refuse everybody but editors.

        Raises
        ------
        NotPermittedError
            If the person is no editor.
        """
        if not self.may_edit:
            raise NotPermittedError(f"{self.name or 'somebody'} is no editor")


#: Everybody, where nobody has to sign in.
EVERYBODY = Access("editor")
NOBODY = Access("")


def is_local(address: str | None) -> bool:
    """Return whether only this machine reaches a server at an address; None is all addresses.

    Parameters
    ----------
    address
        A name or an IP address.
    """
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address or "0.0.0.0").is_loopback
    except ValueError:
        return False


def access_of(
    user: Mapping[str, Any], secrets: Mapping[str, Any], open_without: bool, instant: float
) -> Access:
    """Return what a person may do.

    Parameters
    ----------
    user
        Claims of the identity token, with `is_logged_in`; empty for nobody.
    secrets
        What `secrets.toml` holds.
    open_without
        Whether the application is open to everybody where no `[auth]` is configured.
    instant
        Now, in seconds since 1970.
    """
    auth = secrets.get("auth")
    if not auth:
        return EVERYBODY if open_without else NOBODY
    rules = secrets.get("banyan", {})
    if user.get("is_logged_in") is not True or not _is_meant_for(user, auth):
        return NOBODY
    if not _is_fresh(user, float(rules.get("session_hours", _SESSION_HOURS)), instant):
        return NOBODY
    role = "editor" if _roles(user, rules.get("role_claim", "roles")) & _editors(rules) else "viewer"
    return Access(role, _shown(user))


def providers(auth: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the providers in `[auth]`, in their order; none where there is a nameless one.

    Parameters
    ----------
    auth
        The section `[auth]`.
    """
    return tuple(name for name, value in auth.items() if isinstance(value, Mapping) and "client_id" in value)


def _is_meant_for(user: Mapping[str, Any], auth: Mapping[str, Any]) -> bool:
    """Return whether a token was issued to this application.

    Another application on this host with the same cookie secret leaves its cookie with us, and Authlib lets
    an audience pass that is not ours if the authorised party is.
    """
    section = auth.get(str(user.get("provider", "")), auth)
    ours = section.get("client_id") or auth.get("client_id")
    audience = user.get("aud")
    return bool(ours) and ours in (audience if isinstance(audience, list) else [audience])


def _is_fresh(user: Mapping[str, Any], hours: float, instant: float) -> bool:
    """Return whether somebody signed in no longer ago than a session lasts: Streamlit never asks."""
    issued = user.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        return False
    return -_LEEWAY <= instant - issued <= hours * 3600.0


def _roles(user: Mapping[str, Any], claim: str) -> set[str]:
    """Return the values of a claim; its name is taken as it stands first, then as a dotted path."""
    found: Any = user.get(claim)
    if found is None:
        found = user
        for part in claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    return {
        str(value) for value in (found if isinstance(found, list | tuple) else [found]) if value is not None
    }


def _editors(rules: Mapping[str, Any]) -> set[str]:
    wanted = rules.get("editors", _EDITORS)
    return {wanted} if isinstance(wanted, str) else {str(value) for value in wanted}


def _shown(user: Mapping[str, Any]) -> str:
    return next((str(user[key]) for key in ("name", "email", "sub") if user.get(key)), "?")


class PermittedJobs(JobStore):
    """The jobs as one person may use them: everybody looks, editors change.

    Parameters
    ----------
    folder
        Where the jobs are.
    access
        Who asks.
    """

    def __init__(self, folder: Path | str, access: Access) -> None:
        super().__init__(folder)
        self._access = access

    def add(self, identity: str, spec: JobSpec) -> Job:
        """Queue a job, as `submit` does too; see `JobStore.add`."""
        self._access.require_editor()
        return super().add(identity, spec)

    def cancel(self, identity: str) -> None:
        """End a job; see `JobStore.cancel`."""
        self._access.require_editor()
        super().cancel(identity)

    def resume(self, identity: str) -> None:
        """Go on with a job; see `JobStore.resume`."""
        self._access.require_editor()
        super().resume(identity)

    def extend(
        self, identity: str, replications: int | None = None, precision: Mapping[str, float] | None = None
    ) -> None:
        """Ask more of a job; see `JobStore.extend`."""
        self._access.require_editor()
        super().extend(identity, replications, precision)

    def remove(self, identity: str) -> None:
        """Remove a job with its results; see `JobStore.remove`."""
        self._access.require_editor()
        super().remove(identity)
