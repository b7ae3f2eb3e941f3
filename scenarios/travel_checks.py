"""What travel means beside the rest of a scenario: the method's own figures, and ways to who is served."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.links import check_links, reachable
from scenarios.phrases import phrase
from scenarios.problems import Problem, known, shown
from scenarios.schema import Scenario
from scenarios.territories import serving_centres


def check_travel(s: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with figures of travel, and keys that name no place."""
    places = {*s.sites, *s.centres}
    for twice in sorted(set(s.sites) & set(s.centres)):
        yield Problem(f"centres.{twice}", shown(twice), phrase("a key that no site has"))
    hours = s.travel.hours
    yield from check_links(s.links, s.city_travel, s.cities)
    if s.links and s.travel.method != "network":
        yield Problem(
            "links",
            phrase("{count} links", count=len(s.links)),
            phrase("nothing unless travel.method is network"),
        )
    if s.travel.method != "matrix":
        if hours:
            yield Problem("travel.hours", phrase("hours"), phrase("nothing unless travel.method is matrix"))
        return
    for origin, row in hours.items():
        yield from known(f"travel.hours.{origin}", origin, places, phrase("sites and centres"))
        for target in row:
            yield from known(f"travel.hours.{origin}.{target}", target, places, phrase("sites and centres"))


def _check_network(s: Scenario) -> Iterator[Problem]:
    """Yield the sites that no link leads to from a centre that serves them."""
    if s.travel.method != "network":
        return
    leads = reachable(s.links, s.cities)
    for key, site in s.sites.items():
        for centre in serving_centres(s, key):
            if site.city not in leads[s.centres[centre].city]:
                yield Problem(
                    f"sites.{key}",
                    phrase("no way from {centre}, which serves it", centre=centre),
                    phrase("links from city to city"),
                )
                break


def _check_matrix(s: Scenario) -> Iterator[Problem]:
    """Yield what is missing for engineers to reach the sites that they serve."""
    hours = s.travel.hours
    for site in s.sites if s.travel.method == "matrix" else ():
        for origin in serving_centres(s, site):
            if site not in hours.get(origin, {}) and origin not in hours.get(site, {}):
                yield Problem(
                    f"travel.hours.{origin}.{site}",
                    phrase("nothing"),
                    phrase("hours: the centre serves the site"),
                )


def check_ways(s: Scenario) -> Iterator[Problem]:
    """Yield what is missing for engineers to reach the sites that they serve."""
    yield from _check_matrix(s)
    yield from _check_network(s)
