"""The life of a work order, from the code's own states: as a mermaid diagram and as a picture.

The picture is an N2 chart: states stand on the diagonal, ways forward leave to the right and enter from
above, ways back leave to the left and enter from below. So no way crosses a state, and labels have room.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from sim.states import State, graph

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Distance of neighbouring states, size of their boxes, and length of an arrow's head, in inches.
_STEP_X, _STEP_Y = 1.86, 1.0
_WIDTH, _HEIGHT = 1.5, 0.48
_HEAD = 0.13
_BEND = 0.2
_MARGIN = 0.3
_INK, _WIRE, _PAPER = "#22333b", "#b9c2c9", "#ffffff"
#: Colour of a state and of the ways to it.
_COLOURS = {
    State.REPORTED: "#5c677d",
    State.REMOTE_HELP: "#3f7cac",
    State.WAITING_CUSTOMER: "#b5651d",
    State.WAITING_PART: "#a3333d",
    State.WAITING_ENGINEER: "#b87309",
    State.TRAVELLING: "#2274a5",
    State.WORKING: "#1b7f79",
    State.WITH_PARTNER: "#7b4fa0",
    State.VERIFYING: "#6a994e",
    State.COMPLETED: "#3a7d34",
}
_CAPTION = (
    "A way forward leaves its state to the right and goes down,\n"
    "a way back leaves to the left and goes up.\n"
    "It has the colour of the state that it leads to."
)

Point = tuple[float, float]


def mermaid() -> str:
    """Return the life of an order as a mermaid state diagram."""
    life = graph()
    lines = ["stateDiagram-v2", f"    [*] --> {State.REPORTED.value}: the customer reports a failure"]
    lines += [f"    {a.value} --> {b.value}: {label}" for a, b, label in life.edges(data="label")]
    lines += [f"    {state.value} --> [*]" for state in life if not life.out_degree(state)]
    return "\n".join(lines)


def draw(file: Path) -> None:
    """Draw the life of an order as a PNG.

    Parameters
    ----------
    file
        The picture; an existing one is replaced.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    life = graph()
    place = {state: (i * _STEP_X, -i * _STEP_Y) for i, state in enumerate(life)}
    left, top = -_WIDTH / 2 - _MARGIN, _HEIGHT / 2 + 0.6
    right, bottom = (len(place) - 1) * _STEP_X + 1.7, -(len(place) - 1) * _STEP_Y - _HEIGHT / 2 - _MARGIN
    figure = Figure(figsize=(right - left, top - bottom), facecolor=_PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    axes.set_axis_off()
    for state, at in place.items():
        origins = [place[a] for a in life.predecessors(state)]
        _draw_lines(axes, at, origins, [place[b] for b in life.successors(state)], _COLOURS[state])
        _draw_state(axes, at, state.value.replace("_", " "), _COLOURS[state])
    for a, b, label in life.edges(data="label"):
        _draw_bend(axes, place[a], place[b], label, _COLOURS[b])
    axes.plot(0.0, _HEIGHT / 2 + 0.42, "o", ms=9, color=_INK)
    _draw_head(axes, (0.0, _HEIGHT / 2 + 0.38), (0.0, _HEIGHT / 2), _INK)
    caption: dict[str, Any] = {"color": _INK, "ha": "left", "va": "bottom"}
    axes.text(left + _MARGIN, bottom + 1.0, "The life of a work order", fontsize=19, weight="bold", **caption)
    axes.text(left + _MARGIN, bottom + _MARGIN, _CAPTION, fontsize=10, linespacing=1.3, **caption)
    figure.savefig(file, dpi=110, metadata={"Software": None})


def _draw_lines(axes: Axes, at: Point, origins: list[Point], targets: list[Point], colour: str) -> None:
    """Draw the row by which a state is left, and the columns by which it is reached."""
    x, y = at
    for ahead in (1.0, -1.0):
        reach = [abs(to_x - x) for to_x, _ in targets if (to_x - x) * ahead > 0]
        if reach:
            end = x + ahead * (max(reach) - _BEND)
            axes.plot([x, end], [y, y], color=_WIRE, lw=1.8, solid_capstyle="butt", snap=False, zorder=1)
        fall = [abs(from_y - y) for from_x, from_y in origins if (x - from_x) * ahead > 0]
        if fall:
            _draw_head(axes, (x, y + ahead * (max(fall) - _BEND)), (x, y + ahead * _HEIGHT / 2), colour)


def _draw_bend(axes: Axes, origin: Point, target: Point, label: str, colour: str) -> None:
    """Draw where a way turns from the row of its origin into the column of its target, with its label."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Line

    y, x = origin[1], target[0]
    ahead = 1.0 if x > origin[0] else -1.0
    bend = Line(
        [(x - ahead * _BEND, y), (x, y), (x, y - ahead * _BEND)], [Line.MOVETO, Line.CURVE3, Line.CURVE3]
    )
    axes.add_patch(
        PathPatch(bend, fill=False, edgecolor=colour, lw=1.8, capstyle="round", snap=False, zorder=2)
    )
    axes.text(
        x + ahead * 0.08,
        y - ahead * 0.07,
        fill(label, 25),
        fontsize=8.6,
        color=colour,
        ha="left" if ahead > 0 else "right",
        va="top" if ahead > 0 else "bottom",
        linespacing=1.1,
        zorder=3,
    )


def _draw_head(axes: Axes, begin: Point, end: Point, colour: str) -> None:
    """Draw the end of a way, straight up or down, with the head of an arrow."""
    x, tip = end
    back = tip + (_HEAD if begin[1] > tip else -_HEAD)
    axes.plot([x, x], [begin[1], back], color=colour, lw=1.8, solid_capstyle="butt", snap=False, zorder=2)
    axes.fill([x - 0.065, x + 0.065, x], [back, back, tip], color=colour, lw=0, zorder=3)


def _draw_state(axes: Axes, at: Point, name: str, colour: str) -> None:
    """Draw a state as a box with its name."""
    from matplotlib.patches import FancyBboxPatch

    box = FancyBboxPatch(
        (at[0] - _WIDTH / 2, at[1] - _HEIGHT / 2),
        _WIDTH,
        _HEIGHT,
        boxstyle="round,pad=0,rounding_size=0.12",
        facecolor=colour,
        edgecolor="none",
        zorder=5,
    )
    axes.add_patch(box)
    axes.text(*at, name, fontsize=10.5, weight="bold", color=_PAPER, ha="center", va="center", zorder=6)
