"""What was assumed or left out when a board was made of files: kept with it until somebody dismisses it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Engine, delete, insert, select

from ui.boards.tables import NOTES
from ui.jobs.job import message_as_json, message_from_json


def note(engine: Engine, board: str, notes: Sequence[str]) -> None:
    """Note something of a board that has no notes yet.

    Parameters
    ----------
    engine
        Of `ui.boards.tables.open_database`.
    board
        Its id.
    notes
        Phrases.
    """
    if not notes:
        return
    text = json.dumps([message_as_json(one) for one in notes], ensure_ascii=False)
    with engine.begin() as connection:
        connection.execute(insert(NOTES).values(board=board, notes=text))


def notes_of(engine: Engine, board: str) -> list[str]:
    """Return the notes of a board; none where they are dismissed."""
    with engine.connect() as connection:
        text = connection.execute(select(NOTES.c.notes).where(NOTES.c.board == board)).scalar_one_or_none()
    return [message_from_json(one) for one in json.loads(text)] if text else []


def dismiss(engine: Engine, board: str) -> None:
    """Remove the notes of a board."""
    with engine.begin() as connection:
        connection.execute(delete(NOTES).where(NOTES.c.board == board))
