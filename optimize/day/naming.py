"""Names that people write for what a scenario has: keys, titles and Chinese names, without regard to case."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from scenarios.schema import Scenario

_CITIES = {
    "penang": ("george town", "槟城", "乔治市"),
    "kuala-lumpur": ("kl", "吉隆坡"),
    "johor-bahru": ("jb", "新山"),
    "bangkok": ("曼谷",),
    "chiang-mai": ("清迈",),
    "phuket": ("普吉", "普吉岛"),
    "hanoi": ("河内",),
    "da-nang": ("岘港",),
    "ho-chi-minh-city": ("hcmc", "saigon", "胡志明市"),
    "jakarta": ("雅加达",),
    "surabaya": ("泗水",),
    "medan": ("棉兰",),
    "manila": ("马尼拉",),
    "cebu": ("宿务",),
    "phnom-penh": ("金边",),
    "shenzhen": ("深圳",),
}
_TIERS = {"strategic": ("战略客户", "战略"), "key": ("重点客户", "重点"), "ordinary": ("普通客户", "普通")}


#: How many names a message lists.
_MOST_LISTED = 8


def listed(names: Sequence[str]) -> str:
    """Return names for a message, the first few of many."""
    return ", ".join(names[:_MOST_LISTED]) + (", …" if len(names) > _MOST_LISTED else "")


def folded(name: str) -> str:
    """Return a name as names are compared."""
    plain = unicodedata.normalize("NFKC", name).casefold().strip()
    return plain.replace("_", "-").replace(" ", "-")


def city_words(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Return the Chinese names of each city, by its key."""
    return {key: _in_chinese(_CITIES.get(key, ())) for key in scenario.cities}


def tier_words(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Return the Chinese names of each customer tier, by its key."""
    return {key: _in_chinese(_TIERS.get(key, ())) for key in scenario.customer_tiers}


def _in_chinese(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if not name.isascii())


def cities_by_name(scenario: Scenario) -> dict[str, str]:
    """Return the key of each city by every name of it, folded."""
    titles = {key: (city.name, *_CITIES.get(key, ())) for key, city in scenario.cities.items()}
    return _by_name(titles)


def tiers_by_name(scenario: Scenario) -> dict[str, str]:
    """Return the key of each customer tier by every name of it, folded."""
    return _by_name({key: _TIERS.get(key, ()) for key in scenario.customer_tiers})


def _by_name(names: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    found = {folded(key): key for key in names}
    for key, others in names.items():
        for other in others:
            found.setdefault(folded(other), key)
    return found
