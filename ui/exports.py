"""Results of a job as files to take away: workbook, CSV, ZIP of run folders, YAML of a scenario.

Spreadsheets themselves are written by `insight.spreadsheets`, what stands in them is made by `ui.sheets`,
pictures of charts by `ui.charts`.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from insight.spreadsheets import XLSX_TYPE, as_csv, neutral, workbook_of
from ui.jobs import Job
from ui.language import Language
from ui.sheets import sheets

__all__ = [
    "XLSX_TYPE",
    "as_csv",
    "file_name",
    "neutral",
    "run_folders",
    "scenario_yaml",
    "workbook",
]


def workbook(job: Job, say: Language) -> bytes:
    """Return the results of a job as an XLSX workbook.

    Parameters
    ----------
    job
        The job; its results may be partial, which the first sheet says.
    say
        Language of the workbook.
    """
    return workbook_of(sheets(job, say))


def run_folders(job: Job) -> io.BufferedReader:
    """Return a ZIP of everything in the results of a job, as an open file that vanishes when it is closed.

    Parameters
    ----------
    job
        The job. Links, and files that are being written, are left out.
    """
    with tempfile.TemporaryFile(suffix=".zip") as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, name in _files(job.results):
                archive.write(path, f"{job.id}/{name}")
        # Streamlit takes a file that is only read, not one that was written.
        reader = os.fdopen(os.dup(target.fileno()), "rb")
    reader.seek(0)
    return reader


def _files(folder: Path) -> Iterator[tuple[Path, PurePosixPath]]:
    """Yield the files below a folder that are really in it, with their names in an archive."""
    root = folder.resolve()
    for path in sorted(root.rglob("*")):
        inside = not path.is_symlink() and path.resolve().is_relative_to(root)
        if inside and path.is_file() and path.suffix != ".part":
            yield path, PurePosixPath(path.relative_to(root).as_posix())


def scenario_yaml(job: Job, name: str) -> str:
    """Return a scenario of a job as a document that `banyan run` takes.

    Parameters
    ----------
    job
        The job.
    name
        Name of the scenario, one of the job's.

    Raises
    ------
    KeyError
        If the job has no such scenario.
    """
    from scenarios.documents import dump

    for document in job.spec.scenarios:
        if document["name"] == name:
            return dump(dict(document))
    raise KeyError(name)


def file_name(job: Job, ending: str) -> str:
    """Return a name for a file to take away, safe on every system.

    Parameters
    ----------
    job
        The job that the file is about.
    ending
        Its ending, with the dot.
    """
    words = re.sub(r"[^\w-]+", "-", job.spec.title).strip("-_")[:60]
    return f"{words or 'banyan'}-{job.id[:8]}{ending}"
