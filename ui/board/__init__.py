"""The Dispatch Board: what a dispatcher sees of a day and does to it; kept by `ui.boards`."""
