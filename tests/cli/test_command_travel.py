"""`banyan travel`: the legs of a trip with the quality of each figure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Banyan, finish, start

from scenarios import load

TRIP = ("asean15", "kuala-lumpur", "medan-streets", "--at", "2026-03-02T17:30")


def test_a_trip_in_words(banyan: Banyan) -> None:
    """Legs have local times; every line with a figure ends with the letter of its source."""
    result = banyan("travel", *TRIP)
    assert result.exit_code == 0 and result.stderr == ""
    lines = result.stdout.splitlines()
    assert lines[0] == "kuala-lumpur to medan: air air-kuala-lumpur-medan"
    assert lines[1].startswith("  Mon 2026-03-02 17:30 to ")
    figures = [line.split() for line in lines if line.startswith("    ")]
    assert {"access", "wait", "ride", "border", "egress", "fare"} == {words[0] for words in figures}
    assert {words[-1] for words in figures} <= {"A", "B", "C", "D", "R", "assumption"}
    assert "h door to door, " in lines[-2] and "R recalled" in lines[-1]


def test_a_trip_as_json(banyan: Banyan) -> None:
    """The one object has each figure as a value with its quality; parts add up to the whole."""
    found = json.loads(banyan("travel", *TRIP, "--json").stdout)
    assert found["from"] == {"key": "kuala-lumpur", "section": "cities", "city": "kuala-lumpur"}
    assert found["to"]["city"] == "medan" and found["currency"] == "USD"
    figures = [figure for leg in found["legs"] for figure in leg["hours"].values()]
    assert sum(figure["value"] for figure in figures) == pytest.approx(found["hours"])
    source = load("asean15").scenario.sources["links.air-kuala-lumpur-medan.ride_hours"].quality
    assert found["legs"][0]["hours"]["ride"]["quality"] == source
    assert found["quality"] == "assumption"
    assert found["legs"][0]["departs"] == "2026-03-02T17:30:00+08:00"


def test_times_may_be_short(banyan: Banyan) -> None:
    """A time alone is on the first day; nothing is eight in the morning there; an offset is taken."""
    departs = [
        json.loads(banyan("travel", "asean15", "bangkok", "penang", *at, "--json").stdout)["legs"][0][
            "departs"
        ]
        for at in ((), ("--at", "09:15"), ("--at", "2026-03-02"), ("--at", "2026-03-02T02:00+00:00"))
    ]
    assert [instant[:16] for instant in departs] == [
        "2026-01-01T08:00",
        "2026-01-01T09:15",
        "2026-03-02T08:00",
        "2026-03-02T09:00",
    ]


def test_weather_and_values_of_the_scenario_change_a_trip(banyan: Banyan) -> None:
    """Rain makes the ride inside a city longer, and so does a slower speed."""

    def hours(*words: str) -> float:
        words = ("travel", "asean15", "bangkok-station", "bangkok-mall", *words, "--json")
        return float(json.loads(banyan(*words).stdout)["hours"])

    assert hours("--weather", "bangkok=flood") > hours("--weather", "bangkok=rain") > hours()
    assert hours("--set", "city_travel.cities.bangkok.speed_kmh=1") > 5 * hours()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("asean15", "yangon", "medan"), "FROM: found 'yangon'; allowed: cities: penang, "),
        (("asean15", "penang", "yangon"), "TO: found 'yangon'; allowed: cities: penang, "),
        (("asean15", "penang", "medan", "--at", "noon"), "--at: found 'noon'; allowed: a time, as "),
        (("asean15", "penang", "medan", "--at", "2026-02-30"), "--at: found '2026-02-30'; allowed: a time"),
        (("asean15", "penang", "medan", "--at", ""), "--at: found ''; allowed: a time"),
        (
            ("asean15", "penang", "medan", "--at", "2031-01-01"),
            "--at: found 2031-01-01 08:00+08:00; allowed: ",
        ),
        (("asean15", "penang", "medan", "--weather", "penang=hail"), "--weather: found 'penang=hail'"),
        (("asean15", "penang", "medan", "--weather", "medan=typhoon"), "found no way from penang to medan"),
        (("one-city", "penang", "komtar"), "FROM: found the city 'penang'; allowed: a site or centre"),
    ],
)
def test_what_cannot_be_is_refused(words: tuple[str, ...], message: str, banyan: Banyan) -> None:
    """Exit code 2, nothing on stdout, and one line that names what was found and what is allowed."""
    result = banyan("travel", *words)
    assert result.exit_code == 2 and result.stdout == ""
    assert message in result.stderr and len(result.stderr.splitlines()) == 1


def test_as_a_process(tmp_path: Path) -> None:
    """As a process it prints one JSON object and writes nothing."""
    code, out, err = finish(start(tmp_path, "travel", "one-city", "komtar", "george-town", "--json"))
    assert (code, err) == (0, "")
    assert json.loads(out)["legs"][0]["mode"] == "table"
    assert not list(tmp_path.iterdir())
