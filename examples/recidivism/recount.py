"""Count the people of ProPublica's published file by race, prediction and re-arrest.

Usage: ``python recount.py compas-scores-two-years.csv > data/counts.csv``. The file is published at
https://github.com/propublica/compas-analysis. Only counts are written; no row about a person leaves this program.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

HIGH = 5
"""Lowest decile score that counts as high: `Medium` and `High` together, as in ProPublica's tables."""


def recount(lines: Iterable[str]) -> str:
    """Return the counts as CSV, one row for each race, prediction and outcome, in order.

    The header names `decile_score` twice; both columns hold the score of the risk of recidivism, and the first one
    is read.
    """
    reader = csv.reader(lines)
    header = next(reader)
    race, score, outcome = (header.index(name) for name in ("race", "decile_score", "two_year_recid"))
    people = Counter((row[race], int(int(row[score]) >= HIGH), int(row[outcome])) for row in reader)
    rows = ["race,predicted_high,recidivated,correct,people"]
    for (group, high, again), n in sorted(people.items()):
        rows.append(f"{group},{high},{again},{int(high == again)},{n}")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    with Path(sys.argv[1]).open(encoding="utf-8", newline="") as file:
        sys.stdout.write(recount(file))
