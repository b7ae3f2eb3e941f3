"""Languages and security passes: only who can speak to the people there and be let in is sent."""

from __future__ import annotations

from typing import Any

import pytest
from worlds import Document, run, tiny, visit_log


def document(site: Document, engineers: dict[str, Document], **fault: Any) -> Document:
    """Return a site with demands of its own, and some engineers."""
    place = {"city": "town", "customer": "owner", "devices": {"fault": 1}, **site}
    return tiny({"fault": fault}, engineers, sites={"site": place})


def sent(*arguments: Any, **fault: Any) -> list[str]:
    """Return who is sent to one order."""
    return [entry[1] for entry in visit_log(run(document(*arguments, **fault), (1.0, "site", "fault")))]


TEAM = {"a": {}, "b": {"languages": ["thai"]}, "c": {"languages": ["thai", "english"], "passes": ["port"]}}


@pytest.mark.parametrize(
    ("site", "engineer"),
    [
        ({}, "a:1"),
        ({"languages": ["thai", "english"]}, "b:1"),
        ({"languages": ["english"]}, "c:1"),
        ({"security_pass": "port"}, "c:1"),
        ({"languages": ["thai"], "security_pass": "port"}, "c:1"),
    ],
)
def test_the_first_who_is_admitted_goes(site: Document, engineer: str) -> None:
    """One of the languages is enough, a pass is needed beside it."""
    assert sent(site, TEAM) == [engineer]


def test_nobody_goes_who_is_not_admitted() -> None:
    """A language that nobody speaks leaves the order waiting."""
    assert sent({"languages": ["khmer"]}, TEAM) == []


def test_from_afar_everybody_is_admitted() -> None:
    """Work away from the site asks for neither language nor pass."""
    stages = {"remote": {"skill": "field", "work_hours": 1.0, "on_site": False}}
    assert sent({"security_pass": "vault"}, TEAM, severity="normal", stages=stages) == ["a:1"]
