"""The tables of boards, and the engine of a database that has them.

A version is written once and never changed; that two cannot be the same is the primary key's matter, so it
holds whichever processes write. Beside versions stand changes that wait for somebody to decide, and notes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, Text, create_engine, event
from sqlalchemy.engine import URL, make_url

METADATA = MetaData()
VERSIONS = Table(
    "board_versions",
    METADATA,
    Column("board", String(32), primary_key=True),
    Column("version", Integer, primary_key=True),
    # Where undo leads to, and where redo does; none where there is nothing.
    Column("parent", Integer),
    Column("redo", Integer),
    Column("title", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", String(32), nullable=False),
    Column("document", Text, nullable=False),
)
WAITING = Table(
    "board_waiting",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("board", String(32), nullable=False, index=True),
    # The version that the change was made from, and the day after it.
    Column("base", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", String(32), nullable=False),
    Column("document", Text, nullable=False),
)
NOTES = Table(
    "board_notes",
    METADATA,
    Column("board", String(32), primary_key=True),
    Column("notes", Text, nullable=False),
)
#: Seconds that a writer waits for another one.
_PATIENCE = 30


def database_url(text: str, folder: Path) -> URL:
    """Return the address of the database of boards.

    Parameters
    ----------
    text
        What somebody asked for, as postgresql://user@host/name; empty for SQLite in the folder.
    folder
        Where the application keeps its state.

    Raises
    ------
    ValueError
        If it is the address of neither SQLite nor PostgreSQL.
    """
    if not text:
        return URL.create("sqlite", database=str(folder / "boards.sqlite"))
    try:
        url = make_url(text)
    except Exception:  # SQLAlchemy's own, whose words repeat the password
        raise ValueError("no address of a database") from None
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise ValueError(url.get_backend_name())
    return url


def open_database(url: URL) -> Engine:
    """Return the engine of a database in which the tables are, made where they were not.

    Parameters
    ----------
    url
        From `database_url`.

    Raises
    ------
    sqlalchemy.exc.SQLAlchemyError
        If the database cannot be reached.
    """
    if url.get_backend_name() == "sqlite":
        if url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, connect_args={"timeout": _PATIENCE})
        event.listen(engine, "connect", _keep_a_log)
    else:
        engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Two processes that start together would else both make the tables.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4242171)")
        METADATA.create_all(connection)
    return engine


def _keep_a_log(connection: Any, _record: Any) -> None:
    """Let readers and a writer of SQLite work side by side, on disk before a change is said to be made."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()
