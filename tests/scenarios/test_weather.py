"""Climate, effects and disruptions as a scenario states them: what is refused, what they are compiled to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich_document import rich

from scenarios import ScenarioError, from_document
from scenarios.compiling import compile_world
from scenarios.disruptions import Kind
from scenarios.links import Condition
from scenarios.weather_compiling import CONDITIONS
from scenarios.weather_specs import WeatherSpec
from scenarios.world import World

WET = [float(days) for days in range(1, 13)]


def world_of(**sections: Any) -> World:
    """Return the World of the rich document with further sections."""
    return compile_world(from_document({**rich(), **sections}))


def weather_of(**sections: Any) -> WeatherSpec:
    """Return the weather of the rich document with further sections."""
    weather = world_of(**sections).weather
    assert weather is not None
    return weather


def disruption(**keys: Any) -> list[dict[str, Any]]:
    """Return the section of one disruption."""
    return [{"name": "one", "kind": "rain", "from": "2026-02-01", "days": 1, **keys}]


def test_a_silent_scenario_has_no_weather() -> None:
    """Without a climate and without disruptions nothing may come up, whatever effects are stated."""
    assert world_of().weather is None
    assert world_of(effects={"rain": {"failures": 3.0}}, climate={"cities": {"penang": {}}}).weather is None
    assert world_of(climate={"cities": {"penang": {"rain": WET}}}).weather is not None


def test_conditions_are_the_first_kinds_of_disruptions() -> None:
    """A condition has the same place among the kinds, so that tables name both alike."""
    assert [str(c) for c in Condition] == [str(k) for k in Kind][: len(Condition)]


@pytest.mark.parametrize(
    ("sections", "key"),
    [
        ({"climate": {"cities": {"atlantis": {"rain": WET}}}}, "climate.cities.atlantis"),
        ({"climate": {"cities": {"penang": {"rain": [29.0] * 12}}}}, "climate.cities.penang.rain.0"),
        ({"climate": {"cities": {"penang": {"rain": [1.0] * 11}}}}, "climate.cities.penang.rain"),
        ({"effects": {"rain": {"batches": [{"fault_type": "x"}]}}}, "effects.rain.batches.0.fault_type"),
        (
            {"effects": {"flood": {"batches": [{"fault_type": "outage", "device_type": "x"}]}}},
            "effects.flood.batches.0.device_type",
        ),
        (
            {"effects": {"flood": {"batches": [{"fault_type": "outage"}, {"fault_type": "outage"}]}}},
            "effects.flood.batches.1.fault_type",
        ),
        ({"disruptions": disruption(cities=["atlantis"])}, "disruptions.0.cities.0"),
        ({"disruptions": disruption(countries=["atlantis"])}, "disruptions.0.countries.0"),
        ({"disruptions": disruption(centres=["hq"])}, "disruptions.0.centres"),
        ({"disruptions": disruption() * 2}, "disruptions.1.name"),
        ({"disruptions": disruption(**{"from": "2026-02-30"})}, "disruptions.0.from"),
        ({"disruptions": disruption(**{"from": "2025-12-31"})}, "disruptions.0.from"),
        ({"disruptions": disruption(**{"from": "tomorrow"})}, "disruptions.0.from"),
        ({"disruptions": disruption(**{"from": "2026-02-01T25:00"})}, "disruptions.0.from"),
        ({"disruptions": disruption(hours=3)}, "disruptions.0.hours"),
        ({"disruptions": disruption(days=None)}, "disruptions.0.days"),
        ({"disruptions": disruption(kind="batch_failure")}, "disruptions.0.days"),
        ({"disruptions": disruption(kind="batch_failure", days=None)}, "disruptions.0.batches"),
        ({"disruptions": disruption(load=2.0)}, "disruptions.0.load"),
        ({"disruptions": disruption(manual_hours=2.0)}, "disruptions.0.manual_hours"),
        ({"disruptions": disruption(absent_share=0.2)}, "disruptions.0.absent_share"),
        ({"disruptions": disruption(kind="supplier_outage", cities=["penang"])}, "disruptions.0.cities.0"),
    ],
)
def test_what_cannot_be_is_refused_by_its_key(sections: dict[str, Any], key: str) -> None:
    """Dangling references, dates that do not exist and keys of other kinds are named."""
    with pytest.raises(ScenarioError) as caught:
        from_document({**rich(), **sections})
    assert key in {problem.key for problem in caught.value.problems}


def test_the_resolved_text_reads_back() -> None:
    """Climate, effects and disruptions survive being written out and read again."""
    first = from_document(
        {
            **rich(),
            "climate": {"cities": {"penang": {"rain": WET}}},
            "disruptions": disruption(**{"from": "2026-02-01T14:30"}),
        }
    )
    again = from_document(first.scenario.model_dump(mode="json", by_alias=True))
    assert again.scenario == first.scenario


@given(month=st.integers(1, 4))
def test_chances_of_a_month_add_up_to_its_days(month: int) -> None:
    """The chance of rain over the days of a month adds up to the days of rain that the climate states."""
    (spell,) = weather_of(climate={"cities": {"penang": {"rain": WET}}}).spells
    dates = [d for d in map(int, spell.days) if np.datetime64(d - 719163, "D").item().month == month]
    chances = spell.chances[np.isin(spell.days, dates)]
    assert chances.sum() == pytest.approx(WET[month - 1])


def test_days_begin_at_local_midnight() -> None:
    """The first date in Penang (UTC+8) began eight hours before the scenario; spells keep its daily hours."""
    (spell,) = weather_of(
        climate={
            "spells": {"rain": {"begins": "22:00-02:00", "hours": 2}},
            "cities": {"penang": {"rain": WET}},
        }
    ).spells
    assert spell.midnights[:2].tolist() == [-8.0, 16.0]
    assert (spell.opens, spell.width) == (22.0, 4.0)


def test_a_date_is_that_of_each_city() -> None:
    """A disruption of one date begins an hour earlier in Penang (+8) than in Bangkok (+7)."""
    specs = weather_of(disruptions=disruption(cities=["penang", "bangkok"])).disruptions
    begins = {spec.city: spec.begin for spec in specs}
    assert begins == {0: 31 * 24.0 - 8.0, 1: 31 * 24.0 - 7.0}
    assert all(spec.end - spec.begin == 24.0 for spec in specs)


def test_no_place_means_everywhere_and_a_country_all_its_cities() -> None:
    """A disruption without a place strikes every city, one with a country the cities in it."""
    assert [d.city for d in weather_of(disruptions=disruption()).disruptions] == [0, 1, 2]
    assert [d.city for d in weather_of(disruptions=disruption(countries=["my"])).disruptions] == [0]


def test_a_shortage_of_staff_takes_centres_by_their_own_clocks() -> None:
    """A shortage in two cities begins at each centre's own midnight; its share is that of the scenario."""
    world = world_of(
        disruptions=disruption(kind="staff_shortage", centres=["hq", "station"], absent_share=0.5)
    )
    assert {(s.begin, s.centres, s.share) for s in world.shortages} == {
        (31 * 24.0 - 7.0, (world.names.centres.index("hq"),), 0.5),
        (31 * 24.0 - 8.0, (world.names.centres.index("station"),), 0.5),
    }


def test_of_several_conditions_the_largest_factor_counts() -> None:
    """A device type's own factors go before those of all; two conditions at once count as the worse."""
    document = rich({"device_types.camera.weather": {"rain": 0.5, "flood": 4.0}})
    document |= {
        "disruptions": disruption(),
        "effects": {"rain": {"failures": 2.0}, "storm": {"failures": 3.0}},
    }
    world = compile_world(from_document(document))
    assert world.weather is not None
    factors = world.weather.effects[0].factors
    camera, gateway = (world.names.device_types.index(d) for d in ("camera", "gateway"))
    rain, storm, flood = (
        1 << CONDITIONS.index(c) for c in (Condition.RAIN, Condition.STORM, Condition.FLOOD)
    )
    assert factors[[0, rain, rain | storm, rain | flood], camera].tolist() == [1.0, 0.5, 3.0, 4.0]
    assert factors[[0, rain, rain | storm], gateway].tolist() == [1.0, 2.0, 3.0]


def test_a_dated_change_alters_effects() -> None:
    """Effects may change on a date: each period has its own."""
    changes = [{"from": "2026-02-01", "set": {"effects.rain.failures": 7.0}}]
    spec = weather_of(disruptions=disruption(), changes=changes)
    assert [e.factors[1, 0] for e in spec.effects] == [1.1, 7.0]


def test_what_a_condition_leaves_out_stays_as_it_is() -> None:
    """A factor for rain leaves its standstill, a length of its spells their hours of the day."""
    scenario = from_document(
        {
            **rich(),
            "effects": {"rain": {"failures": 2.0}},
            "climate": {"spells": {"rain": {"hours": 4}}},
        }
    ).scenario
    assert (scenario.effects.rain.failures, scenario.effects.rain.standstill) == (2.0, 1.43)
    assert scenario.effects.typhoon.failures == 3.0
    assert (scenario.climate.spells.rain.begins, scenario.climate.spells.rain.hours.expected) == (
        "12:00-20:00",
        4.0,
    )
    assert scenario.climate.spells.flood.hours.expected == 36.0


@pytest.mark.parametrize(
    ("sections", "key"),
    [
        ({"effects": {"rain": 3}}, "effects.rain"),
        ({"effects": {"hail": {"failures": 2}}}, "effects.hail"),
        ({"effects": []}, "effects"),
        ({"climate": {"spells": {"rain": {"hours": -1}}}}, "climate.spells.rain.hours.mean"),
    ],
)
def test_presets_hide_no_mistake(sections: dict[str, Any], key: str) -> None:
    """What stands in place of a section, or beside the conditions, is refused by its own key."""
    with pytest.raises(ScenarioError) as caught:
        from_document({**rich(), **sections})
    assert key in {problem.key for problem in caught.value.problems}
