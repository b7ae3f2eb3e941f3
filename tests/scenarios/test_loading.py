"""From names, files and overrides to a checked scenario, every refusal under its key and file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rich_document import rich

from scenarios import ScenarioError, from_document, library, load
from scenarios.documents import dump, parse
from scenarios.paths import set_value

#: A network of a few keys, for the tests that only stack and override.
SMALL = """
name: small
start: 2026-01-01
days: 30
skills: [field]
countries: {model: {name: Model, zone: near}}
cities: {town: {name: Town, country: model, lat: 0, lon: 0, time_zone: UTC}}
calendars: {always: {hours: 24x7}}
customer_tiers: {all: {}}
customers: {owner: {name: Owner, tier: all}}
fault_types: {fault: {severity: normal, skill: field, work_hours: 1}}
device_types: {unit: {failures_per_year: 12, faults: {fault: 1}}}
sites: {site: {city: town, customer: owner, devices: {unit: 1}}}
centres:
  depot:
    level: local
    city: town
    engineers: {crew: {count: 3, level: junior, skills: [field], shift: always}}
sla:
  - {name: fast, match: {severity: major}, targets: {attend: 4}}
  - {name: slow, targets: {attend: 24}}
"""


def write(folder: Path, name: str, text: str) -> Path:
    """Write a document and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def refusal(source: str | Path, *overrides: str) -> dict[str, Any]:
    """Return the problems with which a source is refused, by dotted key."""
    with pytest.raises(ScenarioError) as caught:
        load(source, overrides)
    return {problem.key: problem for problem in caught.value.problems}


# Library names and files


@pytest.mark.parametrize("name", library())
def test_library_scenarios_load(name: str) -> None:
    """Every scenario that comes with the product loads under its name, which is also its file's."""
    scenario = load(name).scenario
    assert scenario.name == name
    assert scenario.title


def test_an_unknown_name_is_refused_with_those_that_are_close() -> None:
    """A misspelt library name is refused, and the one that was meant is named."""
    (problem,) = refusal("one_city").values()
    assert "'one_city'" in problem.found
    assert "banyan scenarios" in problem.allowed
    assert "did you mean one-city" in problem.allowed


@pytest.mark.parametrize(
    "source", ["absent.yaml", "absent", "", "a" * 5000, "a\0b", "a\0b.yaml", "~", "x/y/z.yml"]
)
def test_impossible_sources_are_refused(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that is no file is refused, whatever it looks like."""
    monkeypatch.chdir(tmp_path)
    assert len(refusal(source)) == 1


def test_a_file_is_found_without_a_yaml_ending(tmp_path: Path) -> None:
    """A file may have any name; the result remembers it."""
    path = write(tmp_path, "network", SMALL)
    assert load(path).file == str(path)
    assert load(str(path), ["days=20"]).file == str(path)


# Extends


def test_a_child_lays_its_keys_over_the_parent(tmp_path: Path) -> None:
    """Sections merge, lists and values replace, null takes an inherited key back to its default."""
    write(tmp_path, "base.yaml", SMALL + "seed: 5\nstated: {headcount: 3}\n")
    child = write(
        tmp_path,
        "child.yaml",
        "extends: base.yaml\n"
        "name: child\nseed: null\nstated: null\n"
        "centres: {depot: {engineers: {crew: {count: 9}}}}\n"
        "sla: [{name: only, targets: {restore: 72}}]\n",
    )
    scenario = load(child).scenario
    assert (scenario.name, scenario.seed, scenario.stated.headcount) == ("child", 1, None)
    crew = scenario.centres["depot"].engineers["crew"]
    assert (crew.count, crew.shift) == (9, "always")
    assert [rule.name for rule in scenario.sla] == ["only"]


def test_null_removes_an_item_of_a_section(tmp_path: Path) -> None:
    """A site of the parent is gone where the child sets it to null; one that is not there cannot go."""
    write(
        tmp_path,
        "base.yaml",
        SMALL.replace("sites: {site", "sites: {other: {city: town, customer: owner, devices: {}}, site"),
    )
    child = write(tmp_path, "child.yaml", "extends: base.yaml\nsites: {other: null}\n")
    assert list(load(child).scenario.sites) == ["site"]
    typo = write(tmp_path, "typo.yaml", "extends: base.yaml\nsites: {othre: null}\n")
    assert refusal(typo)["sites.othre"].file == str(typo)


def test_chains_start_at_each_document_s_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path in `extends` is relative to the file it stands in, whatever the current folder is."""
    write(tmp_path, "base.yaml", SMALL)
    write(tmp_path, "north/region.yaml", "extends: ../base.yaml\nseed: 11\n")
    top = write(tmp_path, "north/city/top.yaml", "extends: ../region.yaml\ndays: 60\n")
    write(tmp_path, "elsewhere/note.yaml", "")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert (load(top).scenario.seed, load(top).scenario.days) == (11, 60)
    assert load(Path("../north/city/top.yaml")).sha256 == load(top).sha256


def test_an_absolute_path_is_taken_as_it_is(tmp_path: Path) -> None:
    """A parent may stand anywhere."""
    base = write(tmp_path, "far/base.yaml", SMALL)
    assert load(write(tmp_path, "near/top.yaml", f"extends: {base}\nseed: 3\n")).scenario.seed == 3


def test_a_library_scenario_can_be_the_parent(tmp_path: Path) -> None:
    """`extends` takes a library name, of which a file of the same name in the folder takes nothing away."""
    write(tmp_path, "mmc", "name: no scenario\n")
    child = write(tmp_path, "child.yaml", "extends: mmc\nname: mine\n")
    assert load(child).scenario.countries == load("mmc").scenario.countries


@pytest.mark.parametrize("length", [1, 2, 3])
def test_circles_are_refused(tmp_path: Path, length: int) -> None:
    """A document that extends itself, directly or over others, is refused at the `extends` that closes it."""
    for number in range(length):
        write(tmp_path, f"{number}.yaml", f"extends: {(number + 1) % length}.yaml\n")
    problem = refusal(tmp_path / "0.yaml")["extends"]
    assert problem.file == str(tmp_path / f"{length - 1}.yaml")
    assert "does not extend this one" in problem.allowed


def test_a_circle_over_a_link_is_refused(tmp_path: Path) -> None:
    """A file is the same under another name."""
    path = write(tmp_path, "a.yaml", "extends: b.yaml\n")
    (tmp_path / "b.yaml").symlink_to(path)
    assert "extends" in refusal(path)


def test_a_long_chain_is_no_circle(tmp_path: Path) -> None:
    """A thousand documents, each on the next, are stacked like two."""
    write(tmp_path, "0.yaml", SMALL)
    for number in range(1, 1001):
        write(tmp_path, f"{number}.yaml", f"extends: {number - 1}.yaml\nseed: {number}\n")
    assert load(tmp_path / "1000.yaml").scenario.seed == 1000


@pytest.mark.parametrize("value", ["5", "[base.yaml]", "''", "absent.yaml", "absent", '"a\\0b.yaml"', "true"])
def test_a_parent_that_is_none_is_refused(tmp_path: Path, value: str) -> None:
    """What `extends` cannot mean is refused under its key, in the document that has it."""
    write(tmp_path, "base.yaml", f"extends: {value}\n")
    problem = refusal(write(tmp_path, "top.yaml", "extends: base.yaml\n"))["extends"]
    assert problem.file == str(tmp_path / "base.yaml")


def test_a_parent_that_is_not_yaml_is_named(tmp_path: Path) -> None:
    """A fault of syntax is reported in the file that has it."""
    base = write(tmp_path, "base.yaml", "a: [\n")
    (problem,) = refusal(write(tmp_path, "top.yaml", "extends: base.yaml\n")).values()
    assert problem.file == str(base)


def test_extends_means_nothing_in_a_document_without_file() -> None:
    """A nested mapping that extends something is refused rather than half read."""
    with pytest.raises(ScenarioError, match="extends: found an unknown key"):
        from_document(rich() | {"extends": "mmc"})


# The file that is named


@pytest.mark.parametrize(
    ("key", "base", "middle", "top", "culprit"),
    [
        ("days", {"days": -1}, {}, {"seed": 2}, "base"),
        ("days", {}, {"days": -1}, {"seed": 2}, "middle"),
        ("days", {"days": 5}, {"days": 6}, {"days": -1}, "top"),
        ("sites.site.lat", {"sites.site.lat": 91}, {}, {"sites": {"site": {"lon": 5}}}, "base"),
        ("sites.site.lat", {"sites.site.lat": 9}, {}, {"sites": {"site": {"lat": 91}}}, "top"),
        ("sites.new.customer", {}, {}, {"sites": {"new": {"city": "town", "devices": {}}}}, "top"),
        ("sites.site.city", {}, {}, {"sites": {"site": {"city": None}}}, "top"),
        ("sites.site.city", {}, {"sites": {"site": {"city": "twon"}}}, {"seed": 2}, "middle"),
        ("sla.0.targets", {}, {}, {"sla": [{"name": "a"}]}, "top"),
        ("sla.1.targets", {"sla.1.targets": {}}, {}, {"seed": 2}, "base"),
        ("sla.0.name", {}, {"sla": [{"targets": {"attend": 1}}]}, {"seed": 2}, "middle"),
        ("sitse", {}, {"sitse": {}}, {"seed": 2}, "middle"),
        ("fault_types.fault.skill", {}, {}, {"skills": ["other"]}, "base"),
        ("name", {"name": None}, {"seed": 2}, {"days": 9}, "top"),
    ],
)
def test_the_document_that_set_the_key_is_named(
    tmp_path: Path,
    key: str,
    base: dict[str, Any],
    middle: dict[str, Any],
    top: dict[str, Any],
    culprit: str,
) -> None:
    """Of three documents on each other, a problem names the one that wrote what is wrong."""
    document = parse(SMALL, "small")
    for changed, value in base.items():
        set_value(document, changed, value)
    write(tmp_path, "base.yaml", dump(document))
    write(tmp_path, "middle.yaml", dump({"extends": "base.yaml", **middle}))
    path = write(tmp_path, "top.yaml", dump({"extends": "middle.yaml", **top}))
    assert refusal(path)[key].file == str(tmp_path / f"{culprit}.yaml")


# Overrides


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return the file of the small scenario."""
    return write(tmp_path, "small.yaml", SMALL)


def test_overrides_are_yaml_values_by_dotted_key(small: Path) -> None:
    """`--set` reads its value as YAML: numbers, texts, lists, mappings; the later one wins."""
    scenario = load(
        small,
        [
            "days=5",
            "days=6",
            "response_clock=respond",
            "dispatch.preempting=[emergency]",
            "customer_tiers.new={weight: 3}",
            "title='a=b'",
            " seed =10",
        ],
    ).scenario
    assert (scenario.days, scenario.response_clock, scenario.seed) == (6, "respond", 10)
    assert scenario.dispatch.preempting == ("emergency",)
    assert (scenario.customer_tiers["new"].weight, scenario.title) == (3, "a=b")


@pytest.mark.parametrize("rule", ["0", "fast"])
def test_overrides_reach_into_lists(small: Path, rule: str) -> None:
    """An item of a list is set by its name or its number, and its neighbours stay."""
    first, second = load(small, [f"sla.{rule}.targets.attend=3"]).scenario.sla
    assert (first.targets.attend, second.targets.attend) == (3, 24)


def test_an_override_of_null_removes(small: Path) -> None:
    """Null takes a key back to its default, and an entry out of its section."""
    assert load(small, ["days=null"]).scenario.days == 365
    assert load(
        small, ["sites.more={city: town, customer: owner, devices: {}}", "sites.site=null"]
    ).scenario.sites.keys() == {"more"}
    assert refusal(small, "sites.site=null")["sites"].allowed == "at least 1 item"


def test_an_override_may_reach_into_a_section_that_the_text_shows_as_null(tmp_path: Path) -> None:
    """What can be set in a document can be set in its resolved text."""
    overrides = ["budget.amount=5", "centres.depot.serves.cities=town", "stated.headcount=3"]
    resolved = write(tmp_path, "resolved.yaml", load(write(tmp_path, "a.yaml", SMALL)).text)
    assert load(resolved, overrides).sha256 == load(tmp_path / "a.yaml", overrides).sha256


@pytest.mark.parametrize(
    ("override", "key"),
    [
        ("days=-1", "days"),
        ("sites.site.lat=91", "sites.site.lat"),
        ("sla.fast.targets.attend=0", "sla.0.targets.attend"),
        ("sla.slow.targets.attend=text", "sla.1.targets.attend"),
        ("sla.middle.pauses=false", "sla.middle.pauses"),
        ("sla.5.pauses=false", "sla.5.pauses"),
        ("days.x=1", "days.x"),
        ("dyas=1", "dyas"),
        ("extends=mmc", "extends"),
        ("sites.site.customer=nobody", "sites.site.customer"),
        ("a..b=1", "a..b"),
        ("skills=[]", "skills"),
        ("start=0", "start"),
    ],
)
def test_a_bad_override_is_named_as_such(small: Path, override: str, key: str) -> None:
    """The problem has the dotted key with items numbered, and stands under `--set`, not under the file."""
    assert refusal(small, "seed=3", override)[key].file == "--set"


@pytest.mark.parametrize(
    "override", ["days", "", "=5", " =5", "days=[", "days=!!int 5", "days=\udcff", "days=a: b: c"]
)
def test_what_is_no_override_is_refused(small: Path, override: str) -> None:
    """An override without key, sign or readable value is refused as one."""
    with pytest.raises(ScenarioError, match=r"^--set"):
        load(small, [override])


def test_an_override_of_too_many_parts_is_refused(small: Path) -> None:
    """A key of a thousand parts exhausts nothing."""
    (problem,) = refusal(small, ".".join("a" * 1000) + "=1").values()
    assert "1000 parts" in problem.found
