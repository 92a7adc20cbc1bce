"""How the labour is divided: whether a few people made most of the labels."""

import numpy as np

from hcgov.core.frozen import frozen
from hcgov.stats.agreement.judged import Ints


@frozen
class Concentration:
    """How judgments are divided among people.

    Parameters
    ----------
    people, rows
        Distinct people with any judgment, and judgments.
    largest
        Share of the judgments that one person made at most.
    top_percent
        Share made by the busiest one percent of people (at least one person).
    top_tenth
        Share made by the busiest tenth.
    gini
        0 where everybody made as many, towards 1 where one made all.
    effective
        (sum n)^2 / sum n^2: so many people with equal shares would weigh the same.
    """

    people: int
    rows: int
    largest: float
    top_percent: float
    top_tenth: float
    gini: float
    effective: float


def concentration(people: Ints) -> Concentration | None:
    """Return how judgments are divided among people, from the person of each, shape (rows,); ``None`` without any.

    Notes
    -----
    Gini's index as sum_i (2 i - n - 1) x_i / (n sum x) over ascending x; the effective number is the inverse of
    Herfindahl's and Simpson's index (Hill 1973, Ecology 54:427).
    """
    named = people[people >= 0]
    if not named.size:
        return None
    made = np.bincount(named)
    made = np.sort(made[made > 0]).astype(np.float64)
    n, total = made.size, float(made.sum())
    rank = np.arange(1, n + 1)
    return Concentration(
        people=n,
        rows=int(total),
        largest=float(made[-1]) / total,
        top_percent=float(made[-max(round(0.01 * n), 1) :].sum()) / total,
        top_tenth=float(made[-max(round(0.1 * n), 1) :].sum()) / total,
        gini=float(((2 * rank - n - 1) * made).sum()) / (n * total),
        effective=total * total / float((made * made).sum()),
    )


def covered(shares: dict[tuple[str, ...], float], people: dict[tuple[str, ...], int], *, least: int) -> float:
    """Return the share of a population whose cell of groups has enough people, in [0, 1].

    Parameters
    ----------
    shares
        Share of each cell of crossed groups in the population (or among the people themselves).
    people
        Distinct people of each cell.
    least
        How many are enough.
    """
    total = sum(shares.values())
    if not total > 0.0:
        return 0.0
    return sum(share for cell, share in shares.items() if people.get(cell, 0) >= least) / total
