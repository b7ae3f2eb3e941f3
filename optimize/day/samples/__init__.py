"""A small invented day to try things with: 24 orders and 8 engineers in Kuala Lumpur and Penang."""

from __future__ import annotations

from importlib.resources import files

#: What stands for a file of these, and which there are.
SAMPLE = "sample"
SAMPLES = ("orders", "engineers")


def sample(table: str) -> bytes:
    """Return the file of a table, one of SAMPLES; it is meant for 2026-03-02 08:00 in Kuala Lumpur."""
    return files("optimize.day.samples").joinpath(f"{table}.csv").read_bytes()
