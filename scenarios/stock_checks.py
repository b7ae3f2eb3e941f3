"""What the sections on spare parts mean together: one policy for each stock, sources that end at a supplier.

Each check yields a `Problem` with the exact dotted key; whether every part is held for every site that may
need it is in `checks`.
"""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.phrases import phrase
from scenarios.problems import Problem, known, shown
from scenarios.schema import Scenario
from scenarios.stock import Stock

_POLICIES = phrase("units, or reorder_point and order_up_to, or target_fill_rate")


def check_stocks(s: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with depots, vans and the policy of parts."""
    for centre_key, centre in s.centres.items():
        for part, stock in centre.depot.items():
            prefix = f"centres.{centre_key}.depot.{part}"
            yield from known(prefix, part, s.parts, "parts")
            yield from _check_policy(prefix, stock)
            yield from _check_source(prefix, centre_key, part, s)
        for group_key, group in centre.engineers.items():
            for part in group.van:
                key = f"centres.{centre_key}.engineers.{group_key}.van.{part}"
                yield from known(key, part, centre.depot, f"centres.{centre_key}.depot")
    yield from _check_parts_policy(s)


def _check_policy(prefix: str, stock: Stock) -> Iterator[Problem]:
    """Yield a stock that states no policy, several, or half of one."""
    pair = {"reorder_point": stock.reorder_point, "order_up_to": stock.order_up_to}
    given = {name: value for name, value in pair.items() if value is not None}
    if stock.base_stock is not None:
        for name in given:
            yield Problem(
                f"{prefix}.base_stock", shown(stock.base_stock), phrase("nothing beside {name}", name=name)
            )
    if stock.target_fill_rate is not None:
        for name in ("base_stock", *given):
            if getattr(stock, name) is not None:
                found = shown(stock.target_fill_rate)
                yield Problem(f"{prefix}.target_fill_rate", found, phrase("nothing beside {name}", name=name))
    if stock.base_stock is None and stock.target_fill_rate is None and not given:
        yield Problem(f"{prefix}.base_stock", phrase("nothing"), _POLICIES)
    for name, other in (("reorder_point", "order_up_to"), ("order_up_to", "reorder_point")):
        if pair[name] is None and pair[other] is not None:
            yield Problem(
                f"{prefix}.{name}", phrase("nothing"), phrase("units: {other} needs it", other=other)
            )
    point, level = stock.reorder_point, stock.order_up_to
    if point is not None and level is not None and point >= level:
        yield Problem(
            f"{prefix}.reorder_point", shown(point), phrase("less than order_up_to ({level})", level=level)
        )


def _check_source(prefix: str, centre: str, part: str, s: Scenario) -> Iterator[Problem]:
    """Yield a source that does not hold the part, and the first stock of a circle of sources."""
    source = s.centres[centre].depot[part].source
    if source is None:
        return
    holders = [key for key, other in s.centres.items() if part in other.depot]
    yield from known(f"{prefix}.from", source, holders, phrase("centres whose depot holds {part}", part=part))
    way = [centre]
    while source in holders:
        way.append(source)
        if source == centre:
            if centre == min(way):
                circle: str = centre
                for holder in reversed(way[:-1]):
                    circle = phrase("{centre} from {source}", centre=holder, source=circle)
                yield Problem(
                    f"{prefix}.from",
                    phrase("a circle: {circle}", circle=circle),
                    phrase("sources that end at the supplier"),
                )
            return
        if source in way[:-1]:  # a circle further up, which is named there
            return
        source = s.centres[source].depot[part].source


def _check_parts_policy(s: Scenario) -> Iterator[Problem]:
    policy = s.parts_policy
    for number, option in enumerate(policy.on_stock_out):
        key = f"parts_policy.on_stock_out.{number}"
        if option in policy.on_stock_out[:number]:
            yield Problem(key, shown(option), phrase("each option once"))
    for name, centres in policy.pools.items():
        for number, centre in enumerate(centres):
            key = f"parts_policy.pools.{name}.{number}"
            yield from known(key, centre, s.centres, "centres")
            if centre in centres[:number]:
                yield Problem(key, shown(centre), phrase("each centre once"))
    for section in ("second_supplier", "refurbished", "rush"):
        terms = getattr(policy, section)
        for number, part in enumerate(terms.parts if terms is not None else ()):
            yield from known(f"parts_policy.{section}.parts.{number}", part, s.parts, "parts")
