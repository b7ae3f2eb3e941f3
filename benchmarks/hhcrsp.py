"""Home-care routing and scheduling: skills, soft windows, visits by two, through the product's solver.

    python -m benchmarks.hhcrsp FILE --seconds S [--seed K]

Prints one JSON object last: distance, total_tardiness, max_tardiness, cost (their mean) and feasible, all
computed here from the file and the starts in the plan.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.instances import hhcrsp
from benchmarks.solving import add_limits, solved
from optimize import Plan

_EPS = 1e-6


def checked(file: Path, plan: Plan) -> dict[str, Any]:
    """Return the figures of a plan, and whether it keeps all rules."""
    read = json.loads(file.read_text(encoding="utf-8"))
    place = {patient["id"]: i for i, patient in enumerate(read["patients"], start=1)}
    abilities = {carer["id"]: set(carer["abilities"]) for carer in read["caregivers"]}
    starts: dict[tuple[str, int], tuple[float, str]] = {}
    distance, fits = 0.0, not plan.unassigned
    for route in plan.routes:
        here, at = 0, 0.0
        for name, start in zip(route.orders, route.starts, strict=True):
            patient, k = name.split("/")
            wanted = read["patients"][place[patient] - 1]
            service = wanted["required_caregivers"][int(k)]
            way = read["distances"][here][place[patient]]
            fits = fits and start >= max(at + way, wanted["time_window"][0]) - _EPS
            fits = fits and service["service"] in abilities[route.engineer]
            fits = fits and (patient, int(k)) not in starts
            starts[patient, int(k)] = start, route.engineer
            distance, here, at = distance + way, place[patient], start + service["duration"]
        distance += read["distances"][here][0]
    late = []
    for patient in read["patients"]:
        found = [starts.get((patient["id"], k)) for k in range(len(patient["required_caregivers"]))]
        fits = fits and all(found) and _together(patient, [one for one in found if one])
        late += [max(0.0, one[0] - patient["time_window"][1]) for one in found if one]
    total, largest = sum(late), max(late, default=0.0)
    return {
        "distance": round(distance, 3),
        "total_tardiness": round(total, 3),
        "max_tardiness": round(largest, 3),
        "cost": round((distance + total + largest) / 3.0, 4),
        "feasible": bool(fits),
    }


def _together(patient: dict[str, Any], found: list[tuple[float, str]]) -> bool:
    """Return whether the services of a patient begin as far apart as they must, by different people."""
    if len(found) < 2:
        return True
    how = patient["synchronization"]
    low, high = how["distance"] if how["type"] == "sequential" else (0.0, 0.0)
    (one, first), (two, second) = found
    return first != second and low - _EPS <= two - one <= high + _EPS


def main() -> None:
    """Solve one instance and print the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    add_limits(parser)
    arguments = parser.parse_args()
    file = Path(arguments.file)
    print(json.dumps(checked(file, solved(hhcrsp(file), arguments))))


if __name__ == "__main__":
    main()
