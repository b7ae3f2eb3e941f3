"""Databases for tests of boards: SQLite in a folder, and a new one on the PostgreSQL that is offered.

`BANYAN_TEST_POSTGRES` is the address of a server where databases may be made, as
postgresql://postgres@127.0.0.1:5433/postgres; without it such tests are skipped, where `CI` is set they fail.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine

from ui.boards.tables import database_url

KINDS = ("sqlite", "postgresql")
_SERVER = "BANYAN_TEST_POSTGRES"


@contextmanager
def board_database(kind: str, folder: Path) -> Iterator[str]:
    """Yield the address of an empty database that is gone afterwards.

    Parameters
    ----------
    kind
        One of `KINDS`.
    folder
        Where that of SQLite is.
    """
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'boards.sqlite'}"
        return
    server = os.environ.get(_SERVER)
    if not server:
        lacking = f"{_SERVER} names no PostgreSQL"
        pytest.fail(lacking) if os.environ.get("CI") else pytest.skip(lacking)
    name = f"banyan_{secrets.token_hex(6)}"
    engine = create_engine(database_url(server, folder), isolation_level="AUTOCOMMIT")
    _tell(engine, f"CREATE DATABASE {name}")
    try:
        yield engine.url.set(database=name).render_as_string(hide_password=False)
    finally:
        _tell(engine, f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()


def _tell(engine: Engine, statement: str) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
