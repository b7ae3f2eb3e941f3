"""What `banyan dispatch` says of a plan on stdout: figures, orders that are left, bounds and reasons.

Reasons are the sentences of `optimize.why`, with times by the order's own clock; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from cli.local_times import in_local_time
from cli.printing import print_json, print_pairs
from optimize.day.breach import assumptions
from optimize.day.model import Day, DayOrder
from optimize.day.pins import frozen_text, pin_reason
from optimize.day.problem import DayProblem
from optimize.day.reasons import window_reason
from optimize.day.writing import figures_of
from optimize.why.wording import rule_name

if TYPE_CHECKING:
    from cli.dispatch_command import Wanted
    from cli.dispatching import Answer
    from optimize.day.reading import DayReading
    from optimize.why import Forcing, RuleStep, Why

#: What a gap means.
_GAP = (
    "The gap is the most that any plan could save, not what this one lacks: most of it may be what the bound "
    "leaves out of account or could not prove; see docs/dispatch.md."
)
#: Orders left that are listed on the terminal; the plan has all.
_MOST_LISTED = 25
#: Engineers whose price is listed, and names in a line.
_ENGINEERS, _NAMES = 5, 6


def tell_dry_run(reading: DayReading, wanted: Wanted) -> None:
    """Say what is in the files."""
    day = reading.day
    found: dict[str, Any] = {
        "orders": len(day.orders),
        "engineers": len(day.engineers),
        "sites": reading.sites,
        "ways": len(day.travel),
        "skipped": [str(fault) for fault in reading.skipped],
        "notes": [str(note) for note in reading.notes],
    }
    if wanted.as_json:
        print_json(found)
        return
    lines = [("orders", len(day.orders)), ("engineers", len(day.engineers))]
    lines += [("sites in their file", reading.sites)] if wanted.sites is not None else []
    lines += [("travel times that are used", len(day.travel))] if wanted.travel is not None else []
    print_pairs([(name, str(count)) for name, count in lines])
    click.echo("The files can be used; nothing was planned.")


def tell_plan(answer: Answer, reading: DayReading, whys: Sequence[Why], wanted: Wanted) -> None:
    """Say what was planned and where it is."""
    figures = figures_of(answer.day, answer.told)
    figures["first_plan_seconds"] = answer.plan.first_seconds
    files = {"out": wanted.out, "ics": wanted.ics, "geojson": wanted.geojson}
    if wanted.as_json:
        more: dict[str, Any] = {
            "unassigned_orders": list(answer.day.plan.unassigned) if answer.day.plan else [],
            "notes": [str(note) for note in (*reading.notes, *answer.notes)],
            "skipped": [str(fault) for fault in reading.skipped],
            "assumptions": [str(text) for text in assumptions(answer.day)],
            "files": {name: str(path) for name, path in files.items() if path is not None},
        }
        more |= _proof(answer)
        if wanted.why:
            more["why"] = [{**why.as_dict(), "texts": _texts(answer, why)} for why in whys]
        print_json({**figures, "scheduling_policy": answer.made.policy, **more})
        return
    print_pairs([*_lines(figures), ("scheduling policy", answer.made.policy)])
    if answer.bound is not None:
        click.echo(f"Bound: {answer.bound.note}.")
        if answer.plan.cost > answer.bound.value:
            click.echo(_GAP)
    if answer.saved is not None:
        how = f"{answer.saved:,.2f} cheaper" if answer.saved > 0.0 else "better by what its policy puts first"
        click.echo(f"The routes that the proof met made the plan {how}.")
    click.echo(f"P(breach) takes for granted, see docs/dispatch-life.md: {_assumed(answer.day)}.")
    left = list(answer.told.reasons.items())
    for order, reason in left[:_MOST_LISTED]:
        click.echo(f"{order}: left for later: {reason}")
    if len(left) > _MOST_LISTED:
        click.echo(f"and {len(left) - _MOST_LISTED} more, in the plan; --why ORDER tells more of any")
    for why in whys:
        _tell_why(answer, why)
    for path in files.values():
        if path is not None:
            click.echo(f"Written: {path}")


def _assumed(day: Day) -> str:
    return "; ".join(str(text) for text in assumptions(day))


def _lines(figures: dict[str, Any]) -> Sequence[tuple[str, str]]:
    """Return figures in words."""
    lines = [
        ("orders assigned", str(figures["assigned"])),
        ("orders left for later", str(figures["unassigned"])),
        ("objective", f"{figures['objective']:,.2f}"),
        ("hours of travel", f"{figures['travel_hours']:,.2f}"),
        ("of them on the way home", f"{figures['home_hours']:,.2f}"),
        ("weighted hours of tardiness", f"{figures['weighted_tardiness_hours']:,.2f}"),
    ]
    if figures["bound"] is not None:
        lines += [("lower bound", f"{figures['bound']:,.2f}"), ("gap", f"{100.0 * figures['gap']:.2f} %")]
    if figures["churn"] is not None:
        lines.append(("visits changed", f"{100.0 * figures['churn']:.1f} %"))
    return lines


def _proof(answer: Answer) -> dict[str, Any]:
    """Return how a bound was proven, what it leaves out of account, and what its routes saved."""
    bound = answer.bound
    return {
        "bound_complete": None if bound is None else bound.complete,
        "bound_note": None if bound is None else str(bound.note),
        "bound_saved": None if bound is None else answer.saved or 0.0,
    }


def _clock(made: DayProblem, order: DayOrder) -> Callable[[float], str]:
    """Return what the clock at an order shows at an hour of the problem, with its offset."""
    zone = ZoneInfo(order.time_zone)

    def shown(hours: float) -> str:
        at = made.instant(hours).astimezone(zone)
        return f"{at:%a %Y-%m-%d %H:%M} {at.isoformat()[-6:]}"

    return shown


def _texts(answer: Answer, why: Why) -> list[str]:
    """Return what there is to say about an order, by its own clock; first its window, and what is fixed."""
    order = answer.day.order[why.order]
    clock = _clock(answer.made, order)
    closed = window_reason(answer.day, order) if why.verdict == "no_engineer" else None
    left = why.verdict in ("no_engineer", "no_plan")
    fixed = frozen_text(answer.day, answer.made, why.order)
    fixed = pin_reason(answer.day, answer.made, why.order) if left and fixed is None else fixed
    first = [str(text) for text in (closed, fixed) if text is not None]
    return [*first, *(in_local_time(text, clock) for text in why.texts)]


def _tell_why(answer: Answer, why: Why) -> None:
    """Say why an order is where it is: how it is served or why not, rule by rule, and what else could be."""
    clock = _clock(answer.made, answer.day.order[why.order])
    changes = [in_local_time(remedy.text, clock) for remedy in why.remedies]
    click.echo(f"Why {why.order}:")
    _section("", [text for text in _texts(answer, why) if text not in changes])
    _section("Whom each rule removes", _rule_lines(why.rules))
    _section("What would make it possible", changes)
    _section("What forcing an engineer costs", _forcing_lines(why.forcing, clock))
    _section("Appointments to offer", [in_local_time(slot.text, clock) for slot in why.slots])


def _section(title: str, lines: Sequence[str]) -> None:
    if title and lines:
        click.echo(f"  {title}:")
    for line in lines:
        click.echo(f"{'    ' if title else '  '}{line}")


def _rule_lines(steps: Sequence[RuleStep]) -> list[str]:
    """Return rules with how many they remove and leave, and whom they remove, until nobody is left."""
    last = next((i for i, step in enumerate(steps) if not step.left), len(steps))
    steps = steps[: last + 1]
    names = [str(rule_name(step.rule)) for step in steps]
    width = max(map(len, names), default=0)
    digits = max((len(str(len(s.removed) + len(s.left))) for s in steps), default=1)
    return [
        f"{name:<{width}}  removes {len(step.removed):>{digits}}, leaves {len(step.left):>{digits}}"
        + (f"  ({_few(step.removed)})" if step.removed else "")
        for name, step in zip(names, steps, strict=True)
    ]


def _few(names: Sequence[str]) -> str:
    return ", ".join(islice(names, _NAMES)) + (", …" if len(names) > _NAMES else "")


def _forcing_lines(forcing: Sequence[Forcing], clock: Callable[[float], str]) -> list[str]:
    """Return what the cheapest engineers cost, and how many others there are."""
    priced = [one for one in forcing if one.way is not None]
    lines = [in_local_time(one.text, clock) for one in priced[:_ENGINEERS]]
    without = sum(one.way is None and one.rule is None for one in forcing)
    refused = sum(one.rule is not None for one in forcing)
    rest = [
        (len(priced) - _ENGINEERS, "more at a higher price"),
        (without, "without room"),
        (refused, "whom a rule removes"),
    ]
    more = [f"{count} {what}" for count, what in rest if count > 0]
    return lines + ([f"and {', '.join(more)}; --json has all"] if more and lines else [])
