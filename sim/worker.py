"""What a worker process needs before its first batch, imported once for all of them where that is possible.

To import this module is to be ready.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import scipy.special  # noqa: F401

import insight.summary  # noqa: F401
import sim.replicate  # noqa: F401


class _NoPandas:
    """A finder that says of pandas that it is not installed."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        """Refuse pandas, and leave all else to other finders."""
        if name == "pandas":
            raise ModuleNotFoundError("pandas is not needed here", name=name)


@contextmanager
def _without_pandas() -> Iterator[None]:
    sys.meta_path.insert(0, _NoPandas)
    try:
        yield
    finally:
        sys.meta_path.remove(_NoPandas)


# When pyarrow sees its first array it imports pandas, if it can, to ask whether the array is one of pandas'.
# No worker has any, and the import takes a third of a second and 40 MB in each.
with _without_pandas():
    import pyarrow as pa
    import pyarrow.parquet

    pa.array(np.zeros(1))
