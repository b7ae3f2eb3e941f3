"""A run folder: what was run, its tables batch by batch, its figures. Nothing in it is ever half-written.

Each batch of replications writes its files under temporary names, renames them, and then writes its marker;
a batch without a marker did not happen. So a run that was killed is completed by running what has no marker.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from insight.figures import Values
from insight.tables import COLUMNS, TABLE_NAMES, Column, Tables, column_from_arrow, concatenate, to_arrow
from scenarios.phrases import phrase

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_MANIFEST = "manifest.json"
_VALUES = "kpi_values"
_LISTED = ", ".join(TABLE_NAMES)
#: A query sees the views that it is given, and neither files nor the network.
_SEALED = "SET TimeZone = 'UTC'; SET enable_external_access = false; SET lock_configuration = true"


class RunFolderError(ValueError):
    """A folder that is not what is needed; the message names it, what was found and what is allowed."""


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run.

    Parameters
    ----------
    path
        The folder.
    markers
        The batches that are seen of it, by their first replication; those that are complete at each look when
        absent.
    """

    path: Path
    markers: Mapping[int, Mapping[str, Any]] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", Path(self.path))

    def exists(self) -> bool:
        """Return whether the folder holds a run."""
        return (self.path / _MANIFEST).is_file()

    def manifest(self) -> dict[str, Any]:
        """Return the manifest.

        Raises
        ------
        RunFolderError
            If there is none, or it is not readable.
        """
        try:
            manifest = json.loads((self.path / _MANIFEST).read_text(encoding="utf-8"))
        except OSError as error:
            raise RunFolderError(
                phrase(
                    "{folder}: found no {file} ({reason}); allowed: a run folder",
                    folder=str(self.path),
                    file=_MANIFEST,
                    reason=error.strerror,
                )
            ) from None
        except ValueError:
            refused = phrase("{file}: found no JSON; allowed: a manifest", file=f"{self.path}/{_MANIFEST}")
            raise RunFolderError(refused) from None
        if not isinstance(manifest, dict):
            raise RunFolderError(
                phrase("{file}: found no mapping; allowed: a manifest", file=f"{self.path}/{_MANIFEST}")
            )
        return manifest

    def summary(self) -> dict[str, Any]:
        """Return the summary of a finished run.

        Raises
        ------
        RunFolderError
            If the run is not finished.
        """
        try:
            summary = json.loads((self.path / "summary.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise RunFolderError(
                phrase(
                    "{folder}: found no summary.json; allowed: a finished run (complete it with --resume)",
                    folder=str(self.path),
                )
            ) from None
        return dict(summary)

    def write_json(self, name: str, value: Mapping[str, Any]) -> None:
        """Write a JSON document of the folder, whole or not at all."""
        self.write_text(name, json.dumps(value, indent=1, allow_nan=False) + "\n")

    def write_text(self, name: str, text: str) -> None:
        """Write a text of the folder, whole or not at all."""
        self.path.mkdir(parents=True, exist_ok=True)
        # A job and a page may write the same at once.
        unfinished = self.path / f"{name}.{secrets.token_hex(4)}.part"
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(self.path / name)

    @property
    def start(self) -> date:
        """Return the first day of the run's scenario."""
        return date.fromisoformat(self.manifest()["start"])

    # Batches

    def as_it_is(self) -> RunFolder:
        """Return the folder with the batches that are complete now, whatever a run adds to it meanwhile.

        Whatever takes several looks that must agree, as counts and tables, goes by this.
        """
        return RunFolder(self.path, self.committed())

    def replications(self) -> list[int]:
        """Return the numbers of the committed replications, rising."""
        return sorted(n for marker in self.committed().values() for n in marker["replications"])

    def committed(self) -> Mapping[int, Mapping[str, Any]]:
        """Return the markers of the batches that are complete, by their first replication."""
        if self.markers is not None:
            return self.markers
        markers = {}
        for file in sorted((self.path / "batches").glob("batch-*.json")):
            marker = json.loads(file.read_text(encoding="utf-8"))
            markers[int(marker["replications"][0])] = marker
        return markers

    def write_batch(
        self,
        start: date,
        tables: Sequence[Tables],
        values: Sequence[tuple[int, Values]],
        orders: Sequence[int],
    ) -> None:
        """Write a batch of replications and commit it.

        Parameters
        ----------
        start
            First day of the scenario.
        tables
            The tables of each replication; their categories share their labels.
        values
            Number and figures of each replication.
        orders
            Number of orders of each replication.
        """
        import pyarrow.parquet as pq

        from insight.summary import values_to_arrow

        first = values[0][0]
        for name in TABLE_NAMES:
            table = to_arrow(name, concatenate(name, [t[name] for t in tables]), start)
            self._write_parquet(name, first, table, pq)
        self._write_parquet(_VALUES, first, values_to_arrow(values), pq)
        (self.path / "batches").mkdir(exist_ok=True)
        marker = {"replications": [number for number, _ in values], "orders": [*orders]}
        self.write_json(f"batches/batch-{first:06d}.json", marker)

    def _write_parquet(self, name: str, first: int, table: Any, pq: Any) -> None:
        folder = self.path / name
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{name}-{first:06d}.parquet"
        unfinished = file.with_suffix(".part")
        pq.write_table(table, unfinished, compression="zstd")
        unfinished.replace(file)

    def values(self) -> list[tuple[int, Values]]:
        """Return the figures of every committed replication, by rising number."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        from insight.summary import values_from_arrow

        files = [self._file(_VALUES, first) for first in self.committed()]
        if not files:
            return []
        return values_from_arrow(pa.concat_tables([pq.read_table(f) for f in files]))

    def table(
        self, name: str, replications: Sequence[int] | None = None, columns: Sequence[str] | None = None
    ) -> dict[str, Column]:
        """Return one table of the committed replications, in their order.

        Parameters
        ----------
        name
            One of `insight.tables.TABLE_NAMES`.
        replications
            Only these; all when absent.
        columns
            Only these, which is quicker; all when absent.

        Raises
        ------
        RunFolderError
            If the folder holds no such table.
        """
        kinds, start = COLUMNS[name], self.start
        joined = self._joined(name, replications, columns)
        return {c: column_from_arrow(kinds[c], joined.column(c), start) for c in columns or kinds}

    def frame(self, name: str) -> pd.DataFrame:
        """Return one table of all committed replications as a pandas frame.

        Parameters
        ----------
        name
            One of `insight.tables.TABLE_NAMES`.

        Returns
        -------
        pandas.DataFrame
            Columns as in docs/tables.md: instants are timestamps in UTC (NaT: has not happened), names are
            categories (NaN: none).

        Raises
        ------
        RunFolderError
            If the folder holds no such table.
        """
        frame: pd.DataFrame = self._joined(name, None).to_pandas()
        return frame

    def query(self, sql: str) -> pd.DataFrame:
        """Return the answer of DuckDB to a question about the tables of all committed replications.

        Each table is a view of its name. Nothing but these views can be read, and nothing can be written.

        Parameters
        ----------
        sql
            One SELECT in DuckDB's dialect of SQL.

        Returns
        -------
        pandas.DataFrame
            The rows found; instants are timestamps in UTC.

        Raises
        ------
        RunFolderError
            If the folder holds no tables, or DuckDB refuses the question.
        """
        import duckdb
        import pyarrow.dataset as ds

        with duckdb.connect() as connection:
            for name in TABLE_NAMES:
                connection.register(name, ds.dataset(self._files(name, None)))
            connection.execute(_SEALED)
            try:
                statements = connection.extract_statements(sql)
                if [s.type for s in statements] != [duckdb.StatementType.SELECT]:
                    raise self._refused(repr(sql))
                answer: pd.DataFrame = connection.sql(sql).to_arrow_table().to_pandas()
            except duckdb.Error as error:
                raise self._refused(str(error).partition("\n")[0]) from None
        return answer

    def _refused(self, found: str) -> RunFolderError:
        return RunFolderError(
            phrase(
                "{folder}: query: found {found}; allowed: one SELECT over {tables}",
                folder=str(self.path),
                found=found,
                tables=_LISTED,
            )
        )

    def _joined(
        self, name: str, replications: Sequence[int] | None, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """Return a table of the committed replications, or of some of them, as Arrow."""
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        wanted = None if replications is None else set(replications)
        read = None if columns is None else [*dict.fromkeys(("replication", *columns))]
        parts = [pq.read_table(file, columns=read) for file in self._files(name, wanted)]
        joined = pa.concat_tables(parts).unify_dictionaries()
        if wanted is not None:
            joined = joined.filter(pc.is_in(joined["replication"], pa.array(sorted(wanted))))
        return joined

    def _files(self, name: str, wanted: Set[int] | None) -> list[Path]:
        """Return the files of a table that hold committed replications, or some of them."""
        files = [
            self._file(name, first)
            for first, marker in self.committed().items()
            if wanted is None or not wanted.isdisjoint(marker["replications"])
        ]
        if not files or not all(f.is_file() for f in files):
            raise RunFolderError(
                phrase(
                    "{folder}: found no table {table}; allowed: a finished run",
                    folder=str(self.path),
                    table=name,
                )
            )
        return files

    def _file(self, name: str, first: int) -> Path:
        return self.path / name / f"{name}-{first:06d}.parquet"

    def clear_unfinished(self) -> None:
        """Remove the files of batches that were never committed."""
        done = self.committed()
        for name in (*TABLE_NAMES, _VALUES):
            kept = {self._file(name, first) for first in done}
            for file in (self.path / name).glob(f"{name}-*"):
                if file not in kept:
                    file.unlink()
