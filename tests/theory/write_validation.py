"""Runs the whole validation set and writes docs/validation.md: `python tests/theory/write_validation.py`."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from measuring import Measured, measure
from validation_cases import CASES
from validation_document import DOCUMENT, render


def main() -> None:
    """Measure every case and write the document."""
    measured: list[Measured] = []
    for number, case in enumerate(CASES, start=1):
        with tempfile.TemporaryDirectory() as folder:
            measured.append(measure(case, Path(folder) / "run"))
        print(f"{number}/{len(CASES)} {case.scenario}: {measured[-1].seconds:.0f} s", file=sys.stderr)
    DOCUMENT.write_text(render(measured, datetime.now(UTC).date()), encoding="utf-8")


if __name__ == "__main__":
    main()
