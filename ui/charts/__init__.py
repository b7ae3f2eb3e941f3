"""One chart a function: from plain data to a `Figure` with its title, unit, chart and table.

Nothing here knows Streamlit or reads a file of a run; what is drawn is decided in `ui.results`.
"""

from __future__ import annotations

from ui.charts.figure import Figure
from ui.charts.picture import png

__all__ = ["Figure", "png"]
