"""The boards of this process: opened once, and guarded by what a person may do."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from optimize.day.model import Day
from ui.access import Access
from ui.boards.store import Board, BoardStore
from ui.boards.tables import database_url, open_database

#: Address of the database; SQLite in the folder of the application where it is empty.
BOARD_URL = "BANYAN_BOARD_URL"
_stores: dict[str, BoardStore] = {}
_lock = threading.Lock()


def boards_opened(folder: Path) -> BoardStore:
    """Return the boards of an application.

    Parameters
    ----------
    folder
        Where it keeps its state.

    Raises
    ------
    ValueError
        If `BANYAN_BOARD_URL` is no address of a database.
    sqlalchemy.exc.SQLAlchemyError
        If the database cannot be reached.
    """
    url = database_url(os.environ.get(BOARD_URL, ""), folder)
    key = url.render_as_string(hide_password=False)
    with _lock:
        if key not in _stores:
            _stores[key] = BoardStore(open_database(url))
        return _stores[key]


def why_not(folder: Path) -> str:
    """Return why the boards cannot be opened, without the words of an address; empty if they can.

    Parameters
    ----------
    folder
        Where the application keeps its state.
    """
    from sqlalchemy.exc import SQLAlchemyError

    try:
        boards_opened(folder)
    except ValueError:
        return "an address of neither"
    except ImportError as error:
        return f"an address that needs {error.name} (the extra postgres installs it)"
    except SQLAlchemyError:
        return "a database that cannot be reached"
    return ""


class PermittedBoards(BoardStore):
    """Boards as one person has them: whoever is no editor changes nothing, whatever a page offers him.

    Parameters
    ----------
    store
        All boards.
    access
        What the person may do.
    """

    def __init__(self, store: BoardStore, access: Access) -> None:
        super().__init__(store.engine)
        self.access = access

    def delete(self, board: str) -> None:
        """Remove a board; see `BoardStore.delete`."""
        self.access.require_editor()
        super().delete(board)

    def _insert(
        self, board: str, version: int, parent: int | None, redo: int | None, day: Day, what: str, who: str
    ) -> Board:
        self.access.require_editor()
        return super()._insert(board, version, parent, redo, day, what, who or self.access.name)
