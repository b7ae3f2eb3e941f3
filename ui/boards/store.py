"""Boards as versions of a document: committing, going back and forward, and what somebody else did first.

A version names the one that it was made from, and the database lets one only follow; who comes second gets a
`Conflict` that holds the first's. How two changes are brought together is for `ui.boards.merging`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, RowMapping, delete, exists, func, insert, literal, select, tuple_
from sqlalchemy.exc import IntegrityError

from optimize.day.event_kinds import changed
from optimize.day.model import Day
from scenarios.phrases import Phrase, phrase
from ui.boards.tables import NOTES, VERSIONS, WAITING
from ui.jobs.job import message_as_json, message_from_json

_HEADINGS = [
    VERSIONS.c[name] for name in ("board", "version", "parent", "redo", "title", "what", "who", "at")
]


class NoBoard(KeyError):
    """There is no such board, or no such version of it."""


class Conflict(Exception):
    """Somebody has changed the board since the version that a change was made from.

    Parameters
    ----------
    theirs
        The board as it stands now.
    """

    def __init__(self, theirs: Board) -> None:
        super().__init__(f"board {theirs.id} is at version {theirs.version}")
        self.theirs = theirs


@dataclass(frozen=True)
class Summary:
    """A version without its document.

    Parameters
    ----------
    id, title
        The board.
    version
        Number, from 1 without gaps.
    parent, redo
        Version whose document undo brings back, and the one that redo does; None where there is none.
    what
        What was changed, a phrase.
    who
        By whom; empty where nobody signs in.
    at
        When.
    """

    id: str
    title: str
    version: int
    parent: int | None
    redo: int | None
    what: str
    who: str
    at: datetime


@dataclass(frozen=True)
class Board(Summary):
    """A version of a board with its document.

    Parameters
    ----------
    day
        The document.
    """

    day: Day


class BoardStore:
    """The boards of a database; safe for several threads and processes.

    Parameters
    ----------
    engine
        Of `ui.boards.tables.open_database`.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def create(self, day: Day, who: str = "") -> Board:
        """Return a new board that begins with a day."""
        return self._insert(secrets.token_hex(6), 1, None, None, day, phrase("Board made"), who)

    def boards(self) -> list[Summary]:
        """Return the newest version of every board, those changed last first."""
        table = VERSIONS.alias()
        newest = select(table.c.board, func.max(table.c.version)).group_by(table.c.board)
        query = select(*_HEADINGS).where(tuple_(VERSIONS.c.board, VERSIONS.c.version).in_(newest))
        with self.engine.connect() as connection:
            found = [_summary(row) for row in connection.execute(query).mappings()]
        return sorted(found, key=lambda summary: summary.at, reverse=True)

    def head(self, board: str) -> int:
        """Return the number of a board's newest version.

        Raises
        ------
        NoBoard
            If there is no such board.
        """
        query = select(func.max(VERSIONS.c.version)).where(VERSIONS.c.board == board)
        with self.engine.connect() as connection:
            found = connection.execute(query).scalar_one()
        if found is None:
            raise NoBoard(board)
        return int(found)

    def board(self, board: str, version: int | None = None) -> Board:
        """Return a version of a board, the newest where none is named.

        Raises
        ------
        NoBoard
            If there is no such board or version.
        """
        query = select(*_HEADINGS, VERSIONS.c.document).where(VERSIONS.c.board == board)
        if version is not None:
            query = query.where(VERSIONS.c.version == version)
        with self.engine.connect() as connection:
            newest = connection.execute(query.order_by(VERSIONS.c.version.desc()).limit(1))
            row = newest.mappings().one_or_none()
        if row is None:
            raise NoBoard(board)
        return Board(**vars(_summary(row)), day=Day.model_validate_json(row["document"]))

    def history(self, board: str, most: int = 50) -> Sequence[Summary]:
        """Return the newest versions of a board, the last first.

        Parameters
        ----------
        board
            Its id.
        most
            How many at most.
        """
        query = select(*_HEADINGS).where(VERSIONS.c.board == board)
        with self.engine.connect() as connection:
            rows = connection.execute(query.order_by(VERSIONS.c.version.desc()).limit(most))
            return [_summary(row) for row in rows.mappings()]

    def commit(self, board: str, expected: int, day: Day, what: str, who: str = "") -> Board:
        """Make a day the next version of a board.

        Parameters
        ----------
        board
            Its id.
        expected
            Version that the day was made from.
        day
            The day.
        what
            What was changed, a phrase.
        who
            By whom.

        Raises
        ------
        Conflict
            If that is not the newest version any more; nothing was written.
        NoBoard
            If there is no such board.
        """
        return self._append(board, expected, expected, None, day, what, who)

    def undo(self, board: str, expected: int, who: str = "") -> Board:
        """Bring back what stood before the last change, as a new version; see `commit`.

        Raises
        ------
        Conflict
            If somebody has changed the board since `expected`.
        NoBoard
            If there is nothing before it.
        """
        now = self.board(board, expected)
        if now.parent is None:
            raise NoBoard(board)
        before = self.board(board, now.parent)
        what = phrase("Undone: {what}", what=self._made_by(now))
        return self._append(board, expected, before.parent, expected, before.day, what, who)

    def redo(self, board: str, expected: int, who: str = "") -> Board:
        """Bring back what was undone last, as a new version; see `undo`."""
        now = self.board(board, expected)
        if now.redo is None:
            raise NoBoard(board)
        after = self.board(board, now.redo)
        what = phrase("Done again: {what}", what=self._made_by(after))
        return self._append(board, expected, after.parent, after.redo, after.day, what, who)

    def rename(self, board: str, expected: int, title: str, who: str = "") -> Board:
        """Give a board another title, as a new version; see `commit`.

        Raises
        ------
        Conflict
            If somebody has changed the board since `expected`.
        NoBoard
            If there is no such board.
        """
        day: Day = changed(self.board(board, expected).day, title=title)
        return self.commit(board, expected, day, phrase("Renamed: {title}", title=title), who)

    def delete(self, board: str) -> None:
        """Remove a board with all its versions; there is no way back.

        Raises
        ------
        NoBoard
            If there is no such board.
        """
        with self.engine.begin() as connection:
            if self.engine.dialect.name == "postgresql":
                # Who is about to write a version waits, and then finds none to follow; SQLite has one writer.
                connection.exec_driver_sql(f"LOCK TABLE {VERSIONS.name} IN SHARE ROW EXCLUSIVE MODE")
            if not connection.execute(delete(VERSIONS).where(VERSIONS.c.board == board)).rowcount:
                raise NoBoard(board)
            for beside in (WAITING, NOTES):
                connection.execute(delete(beside).where(beside.c.board == board))

    def _made_by(self, shown: Board) -> str:
        """Return which change led to the document of a version, however often it was undone since."""
        what = shown.what
        template = what.template if isinstance(what, Phrase) else ""
        if isinstance(what, Phrase) and template == "Done again: {what}":
            done: str = what.values["what"]
            return done
        if template == "Undone: {what}" and shown.redo is not None:
            undone = self.board(shown.id, shown.redo)
            if undone.parent is not None:
                return self._made_by(self.board(shown.id, undone.parent))
        return what

    def _append(
        self, board: str, expected: int, parent: int | None, redo: int | None, day: Day, what: str, who: str
    ) -> Board:
        """Write the version after `expected`; that nobody else has written it is judged by the database."""
        try:
            return self._insert(board, expected + 1, parent, redo, day, what, who)
        except IntegrityError:
            raise Conflict(self.board(board)) from None

    def _insert(
        self, board: str, version: int, parent: int | None, redo: int | None, day: Day, what: str, who: str
    ) -> Board:
        made = Board(board, day.title, version, parent, redo, what, who, datetime.now(UTC), day)
        row = {
            "board": board,
            "version": version,
            "parent": parent,
            "redo": redo,
            "title": made.title,
            "what": json.dumps(message_as_json(what), ensure_ascii=False),
            "who": who,
            "at": made.at.isoformat(),
            "document": day.model_dump_json(exclude_none=True),
        }
        with self.engine.begin() as connection:
            if version > 1:
                # In one statement, so that a board that is being deleted does not come back.
                before = VERSIONS.c.board == board, VERSIONS.c.version == version - 1
                given = [literal(value, VERSIONS.c[name].type) for name, value in row.items()]
                query = select(*given).where(exists().where(*before))
                following = insert(VERSIONS).from_select(list(row), query)
                if connection.execute(following, execution_options={"preserve_rowcount": True}).rowcount < 1:
                    raise NoBoard(board)
            else:
                connection.execute(insert(VERSIONS).values(**row))
        return made


def _summary(found: RowMapping) -> Summary:
    return Summary(
        id=found["board"],
        title=found["title"],
        version=found["version"],
        parent=found["parent"],
        redo=found["redo"],
        what=message_from_json(json.loads(found["what"])),
        who=found["who"],
        at=datetime.fromisoformat(found["at"]),
    )
