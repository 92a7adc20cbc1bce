"""Krippendorff's alpha by the package of that name, from the matrix of raters by items that it takes.

Runs in an environment of its own; the package is under the GPL and no part of hcgov, of its tests or its packages.
"""

import sys
import time
from pathlib import Path

import krippendorff
import numpy as np


def main() -> None:
    """Tell the seconds of one call, and what came out; the matrix is made before."""
    folder, metric = Path(sys.argv[1]), sys.argv[2]
    held = np.load(folder / "labels.npz")
    matrix = np.full((int(held["people"].max()) + 1, int(held["items"].max()) + 1), np.nan)
    matrix[held["people"], held["items"]] = held["labels"]
    started = time.perf_counter()
    found = krippendorff.alpha(reliability_data=matrix, level_of_measurement=metric)
    seconds = time.perf_counter() - started
    (folder / f"peer-{metric}.txt").write_text(repr(float(found)))
    sys.stdout.write(f"seconds={seconds}\n")


if __name__ == "__main__":
    main()
