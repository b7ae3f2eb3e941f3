"""Ways to call the command: in this process, or as a process of its own; and what it leaves in a folder."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from click.testing import CliRunner, Result

from cli.main import banyan
from insight.tables import TABLE_NAMES

Banyan = Callable[..., Result]


def invoke(*words: str) -> Result:
    """Call the command in this process and the folder it is in."""
    return CliRunner().invoke(banyan, list(words), catch_exceptions=False)


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    """Start the command in a folder as a process of its own, at the head of its own group."""
    return subprocess.Popen(
        [sys.executable, "-m", "cli.main", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for a process; return its exit code, stdout and stderr."""
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def written(folder: Path) -> list[str]:
    """Return everything below a folder, by relative path."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def rows(run: Path) -> dict[str, pa.Table]:
    """Return every table of a run folder as it was written, batch after batch."""
    return {name: _joined(sorted((run / name).glob("*.parquet"))) for name in (*TABLE_NAMES, "kpi_values")}


def _joined(files: list[Path]) -> pa.Table:
    return pa.concat_tables([_without_dictionaries(pq.read_table(file)) for file in files])


def _without_dictionaries(table: pa.Table) -> pa.Table:
    """Return a table with its names written out: batches may number them differently."""
    columns: dict[str, Any] = {
        name: column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    return pa.table(columns)


def same_rows(run: Path, other: Path) -> bool:
    """Return whether two run folders hold the same rows in the same order."""
    left, right = rows(run), rows(other)
    return all(left[name].equals(right[name]) for name in left)
