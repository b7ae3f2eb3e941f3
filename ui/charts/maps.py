"""The map of a network: sites, centres, load by city and the ways between cities.

A map to move about in is drawn by pydeck over the shipped outlines, without a request to anybody; for
pictures the same is drawn by Altair.
"""

from __future__ import annotations

import html
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import altair as alt

from ui.charts import palette
from ui.charts.figure import Figure, in_unit, percent_digits, rows_of, significant, styled
from ui.charts.land import LAND, outlines

if TYPE_CHECKING:
    from ui.language import Language

_STYLE = {
    "version": 8,
    "sources": {},
    "layers": [{"id": "sea", "type": "background", "paint": {"background-color": palette.SEA}}],
}
#: A style without tiles; as an address that stands for itself, since a mapping is refused.
EMPTY_STYLE = "data:application/json," + quote(json.dumps(_STYLE))


@dataclass(frozen=True)
class Spot:
    """Something at a place.

    Parameters
    ----------
    kind
        What it is, in the reader's language.
    name
        What it is called.
    lat, lon
        Degrees.
    size
        Devices, people or open orders; its area follows it.
    figure
        Attainment from 0 to 1 that colours it; None where it has none.
    words
        What a pointer on it shows, line by line.
    """

    kind: str
    name: str
    lat: float
    lon: float
    size: float
    figure: float | None
    words: tuple[str, ...]


@dataclass(frozen=True)
class Way:
    """Trips from one city to another: positions as longitude and latitude, how many, and the words."""

    name: str
    origin: tuple[float, float]
    destination: tuple[float, float]
    trips: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Network:
    """What a map shows.

    Parameters
    ----------
    sites, centres, load
        Sites by devices and attainment, centres by people, cities by open orders; an empty one is not drawn.
    ways
        Trips between cities.
    cities
        Names of cities with their longitudes and latitudes.
    """

    sites: Sequence[Spot]
    centres: Sequence[Spot]
    load: Sequence[Spot]
    ways: Sequence[Way]
    cities: Sequence[tuple[str, float, float]] = ()


def network_map(network: Network, title: str, caption: str, say: Language) -> Figure:
    """Return a map to move about in.

    Parameters
    ----------
    network
        What is shown.
    title, caption
        Words of the figure.
    say
        The language.
    """
    import pydeck

    layers = [land_layer(pydeck)]
    if network.load:
        layers.append(_discs(pydeck, "load", network.load, _LOAD, 12.0, filled=True))
    if network.ways:
        layers.append(_arcs(pydeck, network.ways))
    if network.sites:
        layers.append(_discs(pydeck, "sites", network.sites, None, 0.42, filled=True))
    if network.centres:
        layers.append(_discs(pydeck, "centres", network.centres, palette.INK, 4.2, filled=False))
    if network.cities:
        layers.append(names_layer(pydeck, network.cities))
    deck = pydeck.Deck(
        layers=layers,
        initial_view_state=_view(network, pydeck),
        map_provider=None,
        map_style=EMPTY_STYLE,
        tooltip={
            "html": "{hint}",
            "style": {"backgroundColor": palette.INK, "color": "#ffffff", "fontSize": "13px"},
        },
    )
    unit = say("share attended in time; devices; people; open orders; trips")
    return Figure(title, unit, deck, _table(network, say), caption, partial(network_picture, network, say))


#: Width and height, in pixels, that a map has at least.
_SMALL = (290.0, 440.0)
_LOAD = "#7a5195"
_WAY = "#2f6f9f"


def land_layer(pydeck: Any) -> Any:
    """Return the land below a map."""
    return pydeck.Layer(
        "GeoJsonLayer",
        data=outlines(),
        id="land",
        filled=True,
        stroked=True,
        get_fill_color=palette.rgba(palette.LAND, 1.0),
        get_line_color=palette.rgba(palette.BORDER, 1.0),
        line_width_min_pixels=0.6,
        pickable=False,
    )


def _discs(
    pydeck: Any, name: str, spots: Sequence[Spot], colour: str | None, factor: float, *, filled: bool
) -> Any:
    """Return discs whose area follows the size; of rings only the edge is drawn."""
    rows = []
    for spot in spots:
        shown = colour or attainment_colour(spot.figure)
        rows.append(
            {
                "position": [spot.lon, spot.lat],
                "radius": max(3.0, factor * spot.size**0.5),
                "colour": palette.rgba(shown, 0.28 if name == "load" else 0.92),
                "hint": hint_html(spot.name, spot.words),
            }
        )
    return pydeck.Layer(
        "ScatterplotLayer",
        data=rows,
        id=name,
        get_position="position",
        get_radius="radius",
        radius_units="'pixels'",
        get_fill_color="colour",
        get_line_color="colour" if not filled else palette.rgba("#5a3210", 0.55 if name == "sites" else 0.0),
        filled=filled,
        stroked=True,
        line_width_units="'pixels'",
        get_line_width=2.2 if not filled else 0.8,
        pickable=True,
        auto_highlight=filled,
    )


def _arcs(pydeck: Any, ways: Sequence[Way]) -> Any:
    most = max(way.trips for way in ways)
    rows = [
        {
            "from": [*way.origin],
            "to": [*way.destination],
            "width": 0.8 + 6.0 * (way.trips / most) ** 0.5,
            "hint": hint_html(way.name, way.words),
        }
        for way in ways
    ]
    return pydeck.Layer(
        "ArcLayer",
        data=rows,
        id="ways",
        get_source_position="from",
        get_target_position="to",
        get_width="width",
        get_height=0.35,
        get_source_color=palette.rgba(_WAY, 0.35),
        get_target_color=palette.rgba(_WAY, 0.85),
        great_circle=False,
        pickable=True,
        auto_highlight=True,
    )


def names_layer(pydeck: Any, cities: Sequence[tuple[str, float, float]]) -> Any:
    """Return names of cities, drawn by the browser with its own fonts in whatever script they are."""
    return pydeck.Layer(
        "TextLayer",
        data=[{"position": [lon, lat], "text": name} for name, lon, lat in cities],
        id="names",
        get_position="position",
        get_text="text",
        get_size=13,
        get_color=palette.rgba(palette.INK, 1.0),
        get_pixel_offset=[9, -9],
        get_text_anchor="'start'",
        get_alignment_baseline="'bottom'",
        character_set="'auto'",
        font_family="'sans-serif'",
        background=True,
        get_background_color=palette.rgba(palette.BACKGROUND, 0.72),
        background_padding=[2, 0, 2, 0],
        pickable=False,
    )


def attainment_colour(share: float | None) -> str:
    """Return the colour of an attainment on maps, from 50 % on; grey where there is none."""
    if share is None:
        return palette.SHADE
    return palette.blend(palette.LOW_TO_HIGH, 2.0 * share - 1.0)


def hint_html(name: str, words: Sequence[str]) -> str:
    """Return what a pointer on something shows: its name, and words line by line."""
    lines = [f"<b>{html.escape(name)}</b>", *(html.escape(line) for line in words)]
    return "<br>".join(lines)


def _limits(network: Network) -> tuple[float, float, float, float]:
    """Return west, east, south and north of what is shown."""
    spots = [*network.sites, *network.centres, *network.load]
    lons = [spot.lon for spot in spots] or [105.0]
    lats = [spot.lat for spot in spots] or [8.0]
    return min(lons), max(lons), min(lats), max(lats)


def _view(network: Network, pydeck: Any) -> Any:
    """Return a view that shows everything on a small screen, too."""
    return view_of(_limits(network), pydeck)


def view_of(limits: tuple[float, float, float, float], pydeck: Any, closest: float = 11.0) -> Any:
    """Return a view of west, east, south and north, no closer than a zoom.

    References
    ----------
    Web Mercator as deck.gl has it: the world is 512 pixels wide at zoom 0, and doubles with each step.
    """
    west, east, south, north = limits
    top, bottom = (math.asinh(math.tan(math.radians(lat))) for lat in (north, south))
    across, up = max(east - west, 0.05) / 360.0, max(top - bottom, 0.001) / (2.0 * math.pi)
    room = min(_SMALL[0] / across, _SMALL[1] / up)
    middle = math.degrees(math.atan(math.sinh((top + bottom) / 2.0)))
    zoom = min(math.log2(room / 512.0), closest)
    return pydeck.ViewState(latitude=middle, longitude=(west + east) / 2, zoom=round(zoom, 2), pitch=0)


def network_picture(network: Network, say: Language) -> Any:
    """Return the same map as an Altair chart, which can be drawn without a browser."""
    west, east, south, north = _limits(network)
    room = max(1.0, 0.06 * max(east - west, north - south))
    frame = {
        "type": "Feature",
        "properties": {},
        "geometry": {
            "type": "MultiPoint",
            "coordinates": [[west - room, south - room], [east + room, north + room]],
        },
    }
    land = alt.Chart(alt.NamedData(name=LAND))
    layers: list[Any] = [
        land.mark_geoshape(fill=palette.LAND, stroke=palette.BORDER, strokeWidth=0.6, clip=True)
    ]
    if network.load:
        layers.append(_marks(network.load, _LOAD, 330.0, opacity=0.3))
    if network.ways:
        most = max(way.trips for way in network.ways)
        lines = [
            {
                "lon": way.origin[0],
                "lat": way.origin[1],
                "lon2": way.destination[0],
                "lat2": way.destination[1],
                "width": 0.6 + 4.0 * (way.trips / most) ** 0.5,
            }
            for way in network.ways
        ]
        layers.append(
            alt.Chart(rows_of(lines))
            .mark_rule(color=_WAY, opacity=0.55)
            .encode(
                longitude="lon:Q",
                latitude="lat:Q",
                longitude2="lon2:Q",
                latitude2="lat2:Q",
                strokeWidth=alt.StrokeWidth("width:Q", scale=None),
            )
        )
    if network.sites:
        layers.append(_marks(network.sites, None, 0.5, opacity=0.95))
    if network.centres:
        layers.append(_marks(network.centres, palette.INK, 40.0, opacity=1.0, filled=False))
    if network.cities:
        places = [{"name": name, "lon": lon, "lat": lat} for name, lon, lat in network.cities]
        text = alt.Chart(rows_of(places)).mark_text(align="left", dx=8, dy=-8, fontSize=12, color=palette.INK)
        layers.append(text.encode(longitude="lon:Q", latitude="lat:Q", text="name:N"))
    chart = (
        alt.layer(*layers)
        .project(
            type="mercator",
            fit={"type": "FeatureCollection", "features": [frame]},
            clipExtent=[[0, 0], [860, 620]],
        )
        .properties(height=620, width=860)
    )
    drawn = styled(chart, say)
    drawn.autosize = alt.Undefined
    return drawn


def _marks(
    spots: Sequence[Spot], colour: str | None, factor: float, *, opacity: float, filled: bool = True
) -> Any:
    rows = [
        {
            "lon": spot.lon,
            "lat": spot.lat,
            "size": max(12.0, factor * spot.size),
            "colour": colour or attainment_colour(spot.figure),
        }
        for spot in spots
    ]
    mark = alt.Chart(rows_of(rows)).mark_point(
        filled=filled, opacity=opacity, strokeWidth=1.6 if not filled else 0.5, clip=True
    )
    return mark.encode(
        longitude="lon:Q",
        latitude="lat:Q",
        size=alt.Size("size:Q", scale=None),
        color=alt.Color("colour:N", scale=None),
    )


def _table(network: Network, say: Language) -> list[dict[str, Any]]:
    spots = [
        {
            say("Kind"): spot.kind,
            say("Name"): spot.name,
            say("Latitude"): spot.lat,
            say("Longitude"): spot.lon,
            say("Size"): significant(spot.size),
            in_unit(say("Attended in time"), say.unit("share"), say): percent_digits(spot.figure),
        }
        for spot in (*network.load, *network.centres, *network.sites)
    ]
    ways = [
        {
            say("Kind"): say("way"),
            say("Name"): way.name,
            say("Latitude"): None,
            say("Longitude"): None,
            say("Size"): significant(way.trips),
            in_unit(say("Attended in time"), say.unit("share"), say): None,
        }
        for way in network.ways
    ]
    return [*spots, *ways]
