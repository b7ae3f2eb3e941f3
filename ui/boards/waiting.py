"""Changes that could not be saved, since somebody else changed the same: kept until their author decides.

They are in the database beside the versions, so that neither a reload nor a restart loses them.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, RowMapping, delete, insert, select

from optimize.day.model import Day
from ui.boards.tables import WAITING
from ui.jobs.job import message_as_json, message_from_json

_HEADINGS = [WAITING.c[name] for name in ("id", "board", "base", "what", "who")]


@dataclass(frozen=True)
class Waiting:
    """A change that waits, without its document.

    Parameters
    ----------
    id
        Its own.
    board
        The board.
    base
        Version that it was made from.
    what
        What it was, a phrase.
    who
        Whose it is; empty where nobody signs in.
    """

    id: str
    board: str
    base: int
    what: str
    who: str


def keep(engine: Engine, board: str, base: int, day: Day, what: str, who: str) -> Waiting:
    """Keep a change, and return it.

    Parameters
    ----------
    engine
        Of `ui.boards.tables.open_database`.
    board, base, what, who
        As `Waiting` has them.
    day
        The day after it.
    """
    made = Waiting(secrets.token_hex(6), board, base, what, who)
    row = {
        **vars(made),
        "what": json.dumps(message_as_json(what), ensure_ascii=False),
        "at": datetime.now(UTC).isoformat(),
        "document": day.model_dump_json(exclude_none=True),
    }
    with engine.begin() as connection:
        connection.execute(insert(WAITING).values(**row))
    return made


def waiting(engine: Engine, board: str, who: str) -> Sequence[Waiting]:
    """Return the changes of a board that wait for somebody, the last first."""
    query = select(*_HEADINGS).where(WAITING.c.board == board, WAITING.c.who == who)
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(WAITING.c.at.desc())).mappings()
        return [_waiting(row) for row in rows]


def kept(engine: Engine, name: str) -> tuple[Waiting, Day] | None:
    """Return a change by its id with the day after it; None where it does not wait any more."""
    query = select(*_HEADINGS, WAITING.c.document).where(WAITING.c.id == name)
    with engine.connect() as connection:
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else (_waiting(row), Day.model_validate_json(row["document"]))


def drop(engine: Engine, name: str) -> None:
    """Forget a change: it is decided."""
    with engine.begin() as connection:
        connection.execute(delete(WAITING).where(WAITING.c.id == name))


def _waiting(row: RowMapping) -> Waiting:
    what = message_from_json(json.loads(row["what"]))
    return Waiting(row["id"], row["board"], row["base"], what, row["who"])
