"""Lets tests of the policy inside the simulation use the documents of the simulator's tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "sim"))
