"""Rows that share a person: what they are worth in independent observations."""

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Clustered:
    """A rate over clustered rows.

    Parameters
    ----------
    n
        Rows (or their total weight).
    n_eff
        Independent observations they are worth, ``n / deff``.
    deff
        Design effect, at least 1: the variance over that of independent rows.
    clusters
        Clusters with any row.
    mean
        The rate; ``None`` without rows.
    """

    n: float
    n_eff: float
    deff: float
    clusters: int
    mean: float | None


def design_effect(sums: Iterable[tuple[float, float]], *, fallback_deff: float | None = None) -> Clustered:
    """Return the design effect of rows clustered one way, from the sums of each cluster.

    Parameters
    ----------
    sums
        Rows and events of each cluster (person, or bucket of people), 0 <= events <= rows. Clusters without
        rows do not count.
    fallback_deff
        Design effect where the data show no variation at all (rate 0 or 1), for example that of the parent
        slice; below 1 counts as 1. ``None`` takes the worst case, that all rows of a cluster always agree:
        the sum of squared cluster sizes over the rows, which is 1 where every cluster has one row.

    Returns
    -------
    Clustered
        With one cluster only, nothing is known of the variation between clusters, so all its rows are worth
        one observation (a single row stays one, a weight below one stays what it is).

    Raises
    ------
    ValueError
        A cluster's sums are impossible, or ``fallback_deff`` is not a finite number.

    Notes
    -----
    Linearised variance between clusters with the factor A / (A - 1), as in survey sampling and Cameron,
    Gelbach and Miller 2011 (doi:10.1198/jbes.2010.07136) for one way: V = A / (A - 1) sum_a (y_a - m n_a)^2 /
    N^2 against m (1 - m) / N.
    """
    cells = [_checked(n, y) for n, y in sums]
    cells = [cell for cell in cells if cell[0] > 0.0]
    if fallback_deff is not None and not math.isfinite(fallback_deff):
        raise ValueError(f"a design effect is a finite number, not {fallback_deff}")
    count = len(cells)
    total = math.fsum(n for n, _ in cells)
    events = math.fsum(y for _, y in cells)
    if count == 0:
        return Clustered(n=0.0, n_eff=0.0, deff=1.0, clusters=0, mean=None)
    mean = min(events / total, 1.0)
    if count == 1:
        deff = max(1.0, total)
    elif mean in (0.0, 1.0):
        worst = math.fsum(n * n for n, _ in cells) / total
        deff = max(1.0, worst if fallback_deff is None else fallback_deff)
    else:
        between = math.fsum((y - mean * n) ** 2 for n, y in cells)
        deff = max(1.0, count / (count - 1) * between / (total * mean * (1.0 - mean)))
    return Clustered(n=total, n_eff=total / deff, deff=deff, clusters=count, mean=mean)


def _checked(n: float, y: float) -> tuple[float, float]:
    if not 0.0 <= y <= n < math.inf:
        raise ValueError(f"a cluster's events lie between 0 and its finite rows, not {y} of {n}")
    return n, y
