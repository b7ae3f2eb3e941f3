"""What came out of a job, on the page: `show(say, job)`; for exports, `figures(say, job)`."""

from __future__ import annotations

from ui.results.page import figures, show, show_cards
from ui.results.reading import Results, read_results

__all__ = ["Results", "figures", "read_results", "show", "show_cards"]
