"""Whether people change while they work: a slope within each person, with people's own levels taken out."""

import math

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.stats.agreement.judged import Floats, Ints
from hcgov.stats.means import student


@frozen
class Slope:
    """A slope within people.

    Parameters
    ----------
    estimate
        Change of the outcome from the start of a session to its end (``span`` later); its bounds are Student's on
        people.
    span
        Positions between the start and the end: the median over people of how far each of them went.
    people
        People with more than one position.
    """

    estimate: Estimate
    span: float
    people: int


def within_slope(
    outcome: Floats, position: Floats, people: Ints, *, low: float | None = None, high: float | None = None
) -> Slope | None:
    """Return how an outcome changes over a session, within people.

    Parameters
    ----------
    outcome, position, people
        Finite outcome, position and person of each row, shape (rows,); rows of nobody (negative) are left out.
    low, high
        Range of the change, where it has one.

    Returns
    -------
    Slope or None
        ``None`` where fewer than two people have more than one position.

    Notes
    -----
    Least squares with a level for each person (fixed effects), errors clustered by person: the variance
    sum_a (sum_i x_ai e_ai)^2 / (sum x^2)^2, times A / (A - 1), Student's t with A - 1 degrees of freedom
    (Arellano 1987, Oxford Bulletin of Economics and Statistics 49:431). A is not the number of people but what
    they are worth where some contribute more than others: (sum_a X_a)^2 / sum_a X_a^2 for X_a = sum_i x_ai^2
    (Carter, Schnepel and Steigerwald 2017, Review of Economics and Statistics 99:698). It tells of fatigue only
    where the order of items was random; else harder items may simply have come last.
    """
    named = people >= 0
    y, x, who = outcome[named], position[named], people[named]
    if not y.size:
        return None
    _, who = np.unique(who, return_inverse=True)
    n = np.bincount(who).astype(np.float64)
    x_within = x - (np.bincount(who, weights=x) / n)[who]
    y_within = y - (np.bincount(who, weights=y) / n)[who]
    spread = np.bincount(who, weights=x_within * x_within)
    moved = spread > 1e-12
    clusters = int(moved.sum())
    if clusters < 2:
        return None
    total = float(spread.sum())
    slope = float(x_within @ y_within) / total
    scores = np.bincount(who, weights=x_within * (y_within - slope * x_within))
    variance = float((scores**2).sum()) / total**2 * clusters / (clusters - 1)
    first, last = np.full(n.size, np.inf), np.full(n.size, -np.inf)
    np.minimum.at(first, who, x)
    np.maximum.at(last, who, x)
    span = float(np.median((last - first)[moved]))
    worth = total**2 / float((spread**2).sum())
    value = slope * span
    if low is not None and high is not None:
        value = min(max(value, low), high)
    estimate = student(
        value,
        math.sqrt(variance) * span,
        max(worth - 1.0, 0.0),
        n=int(n[moved].sum()),
        people=clusters,
        low=low,
        high=high,
        aim=0.0,
    )
    return Slope(estimate=estimate, span=span, people=clusters)
