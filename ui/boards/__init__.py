"""Boards: a dispatcher's day kept as versioned documents in SQLite or PostgreSQL, with undo and conflicts.

What a day is stands in `optimize.day.model`; pages of `ui.board` show it.
"""

from ui.boards.merging import Clash, Merge, merge, resolved
from ui.boards.opening import PermittedBoards, boards_opened
from ui.boards.store import Board, BoardStore, Conflict, NoBoard, Summary

__all__ = [
    "Board",
    "BoardStore",
    "Clash",
    "Conflict",
    "Merge",
    "NoBoard",
    "PermittedBoards",
    "Summary",
    "boards_opened",
    "merge",
    "resolved",
]
