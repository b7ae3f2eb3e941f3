"""The routes of a day on a map: where engineers are, where they go next, and orders that nobody has.

Drawn by pydeck over the shipped outlines, without a request to anybody. Ways are straight lines: which road
somebody takes is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui.charts import palette
from ui.charts.figure import Figure
from ui.charts.maps import EMPTY_STYLE, hint_html, land_layer, names_layer, view_of
from ui.charts.statuses import COLOURS, STATUSES, status_names

if TYPE_CHECKING:
    from ui.language import Language

#: Share of what is shown that is left free at each edge.
_ROOM = 0.15
#: Of routes, one after another; told apart by their hint where they meet again.
_ROUTES = ("#3b4754", "#8e5bd0", "#00857c", "#a67c00", "#d95f9e", "#2f6f9f")


@dataclass(frozen=True)
class Stop:
    """An order on the map.

    Parameters
    ----------
    order
        Its id.
    lat, lon
        Degrees.
    status
        One of `ui.charts.statuses.STATUSES`.
    place
        Its position in its engineer's route from 1, 0 where nobody has it.
    chosen
        Whether it is the order that the page is about.
    words
        What a pointer on it shows, line by line.
    """

    order: str
    lat: float
    lon: float
    status: str
    place: int
    chosen: bool
    words: tuple[str, ...]


@dataclass(frozen=True)
class RouteLine:
    """An engineer on the map: his name, where he is, his stops, and the words of a pointer."""

    engineer: str
    lat: float
    lon: float
    stops: tuple[Stop, ...]
    words: tuple[str, ...]


def routes_map(
    routes: Sequence[RouteLine],
    left: Sequence[Stop],
    title: str,
    caption: str,
    say: Language,
    cities: Sequence[tuple[str, float, float]] = (),
) -> Figure:
    """Return a map of routes to move about in.

    Parameters
    ----------
    routes
        The engineers.
    left
        Orders that nobody has.
    title, caption
        Words of the figure.
    say
        The language.
    cities
        Names of cities with their longitudes and latitudes.
    """
    import pydeck

    stops = [*left, *(stop for route in routes for stop in route.stops)]
    deck = pydeck.Deck(
        layers=[
            land_layer(pydeck),
            _lines(pydeck, routes),
            _people(pydeck, routes),
            _stops(pydeck, stops),
            _numbers(pydeck, stops),
            names_layer(pydeck, cities),
        ],
        initial_view_state=view_of(_limits(routes, stops), pydeck, 12.0),
        map_provider=None,
        map_style=EMPTY_STYLE,
        tooltip={
            "html": "{hint}",
            "style": {"backgroundColor": palette.INK, "color": "#ffffff", "fontSize": "13px"},
        },
    )
    return Figure(title, "", deck, _table(routes, left, say), caption)


def _limits(routes: Sequence[RouteLine], stops: Sequence[Stop]) -> tuple[float, float, float, float]:
    """Return west, east, south and north of all orders, and of those engineers who have one."""
    shown = [route for route in routes if route.stops] or routes
    lons = [*(stop.lon for stop in stops), *(route.lon for route in shown)] or [105.0]
    lats = [*(stop.lat for stop in stops), *(route.lat for route in shown)] or [8.0]
    # Room around, so that no mark is cut off at the edge.
    across = max(0.01, _ROOM * (max(lons) - min(lons)))
    up = max(0.01, _ROOM * (max(lats) - min(lats)))
    return min(lons) - across, max(lons) + across, min(lats) - up, max(lats) + up


def _lines(pydeck: Any, routes: Sequence[RouteLine]) -> Any:
    rows = [
        {
            "path": [[route.lon, route.lat], *([stop.lon, stop.lat] for stop in route.stops)],
            "colour": palette.rgba(_ROUTES[number % len(_ROUTES)], 0.8),
            "hint": hint_html(route.engineer, route.words),
        }
        for number, route in enumerate(route for route in routes if route.stops)
    ]
    return pydeck.Layer(
        "PathLayer",
        data=rows,
        id="routes",
        get_path="path",
        get_color="colour",
        get_width=2.6,
        width_units="'pixels'",
        width_min_pixels=2,
        cap_rounded=True,
        joint_rounded=True,
        pickable=True,
        auto_highlight=True,
    )


def _people(pydeck: Any, routes: Sequence[RouteLine]) -> Any:
    rows = [
        {
            "position": [route.lon, route.lat],
            "fill": palette.rgba(palette.INK if route.stops else palette.BACKGROUND, 1.0),
            "hint": hint_html(route.engineer, route.words),
        }
        for route in routes
    ]
    return pydeck.Layer(
        "ScatterplotLayer",
        data=rows,
        id="people",
        get_position="position",
        get_radius=4.5,
        radius_units="'pixels'",
        get_fill_color="fill",
        get_line_color=palette.rgba(palette.INK, 1.0),
        stroked=True,
        line_width_units="'pixels'",
        get_line_width=1.6,
        pickable=True,
    )


def _stops(pydeck: Any, stops: Sequence[Stop]) -> Any:
    rows = [
        {
            "position": [stop.lon, stop.lat],
            "radius": 11 if stop.chosen else 8,
            "fill": palette.rgba(COLOURS[stop.status] if stop.place else palette.BACKGROUND, 1.0),
            "edge": palette.rgba("#f2b705" if stop.chosen else COLOURS[stop.status], 1.0),
            "width": 3.0 if stop.chosen or not stop.place else 1.0,
            "hint": hint_html(stop.order, stop.words),
        }
        for stop in stops
    ]
    return pydeck.Layer(
        "ScatterplotLayer",
        data=rows,
        id="stops",
        get_position="position",
        get_radius="radius",
        radius_units="'pixels'",
        get_fill_color="fill",
        get_line_color="edge",
        stroked=True,
        line_width_units="'pixels'",
        get_line_width="width",
        pickable=True,
        auto_highlight=True,
    )


def _numbers(pydeck: Any, stops: Sequence[Stop]) -> Any:
    """Return the position of each stop in its route, as a number on it."""
    rows = [{"position": [stop.lon, stop.lat], "text": str(stop.place)} for stop in stops if stop.place]
    return pydeck.Layer(
        "TextLayer",
        data=rows,
        id="numbers",
        get_position="position",
        get_text="text",
        get_size=11,
        get_color=palette.rgba("#ffffff", 1.0),
        get_text_anchor="'middle'",
        get_alignment_baseline="'center'",
        font_family="'sans-serif'",
        pickable=False,
    )


def _table(routes: Sequence[RouteLine], left: Sequence[Stop], say: Language) -> list[dict[str, Any]]:
    legend = status_names(say)
    found = [("", stop) for stop in left]
    found += [(route.engineer, stop) for route in routes for stop in route.stops]
    return [
        {
            say("Engineer"): engineer,
            say("Stop"): stop.place or None,
            say("Work order"): stop.order,
            say("Latitude"): stop.lat,
            say("Longitude"): stop.lon,
            say("Status"): legend[stop.status],
        }
        for engineer, stop in found
        if stop.status in STATUSES
    ]
