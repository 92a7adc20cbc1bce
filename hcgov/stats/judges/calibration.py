"""Whether the probabilities that a judge gives mean what they say: calibration, Brier score, isotonic correction."""

import math

import numpy as np
from numpy.typing import NDArray

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.stats.crossed import MOST, Codes, Floats, buckets, distinct, ranked
from hcgov.stats.means import student

GROUPS = 15
FOLDS = 5


@frozen
class Calibrated:
    """How far probabilities lie from observed shares.

    Parameters
    ----------
    squared
        Debiased squared calibration error, with its interval; below 0 where noise says so.
    brier, corrected_brier
        Mean squared error of the probabilities, and after a cross-fitted isotonic correction.
    table
        Groups of neighbouring probabilities: rows, mean probability, observed share.
    """

    squared: Estimate
    brier: float
    corrected_brier: float
    table: tuple[tuple[int, float, float], ...]

    @property
    def error(self) -> float | None:
        """The calibration error: the root of ``squared``, 0 where that is negative."""
        return None if self.squared.value is None else math.sqrt(max(self.squared.value, 0.0))


def calibrated(
    probabilities: Floats, labels: Floats, people: Codes, *, groups: int = GROUPS
) -> Calibrated | None:
    """Hold probabilities against what people said.

    Parameters
    ----------
    probabilities, labels
        Both in [0, 1], shape (n,).
    people
        Code of the cluster of each row.
    groups
        Of nearly equal size, merged from equal probabilities, never dividing them.

    Returns
    -------
    Calibrated or None
        ``None`` where a group has fewer than two clusters or rows.

    Notes
    -----
    sum_b n_b / n [(s_b - y_b)^2 - Var(s_b - y_b)]: Kumar, Liang and Ma 2019 (arXiv:1909.10155), the debiased
    estimator, with the variance between clusters; its own error by leaving buckets of clusters out.
    """
    if probabilities.size < 2 * groups:
        groups = max(1, probabilities.size // 2)
    place = _groups(probabilities, groups)
    excess = probabilities - labels
    whole = _squared(excess, place, people)
    if whole is None:
        return None
    bucket = buckets(people, MOST)
    left = [
        _squared(excess[bucket != k], place[bucket != k], people[bucket != k])
        for k in range(int(bucket.max()) + 1)
    ]
    known = [one for one in left if one is not None]
    n, count = int(probabilities.size), len(left)
    se = None
    if count > 1 and len(known) == count:
        se = math.sqrt((count - 1) / count * math.fsum((one - whole) ** 2 for one in known))
    size = np.bincount(place)
    sums = (np.bincount(place, weights=one) / size for one in (probabilities, labels))
    fitted = cross_fitted(probabilities, labels, people)
    return Calibrated(
        squared=student(whole, se, count - 1, n=n, people=distinct(people), low=-1.0, high=1.0, aim=-1.0),
        brier=float((excess**2).mean()),
        corrected_brier=float(((fitted - labels) ** 2).mean()),
        table=tuple((int(k), float(s), float(y)) for k, s, y in zip(size, *sums, strict=True)),
    )


def isotonic(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return the non-decreasing step function of least squares: its distinct ``x`` and values.

    Notes
    -----
    Pool adjacent violators: Ayer, Brunk, Ewing, Reid and Silverman 1955, Annals of Mathematical Statistics 26:641.

    >>> isotonic(np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 0.0]))[1].tolist()
    [0.0, 0.5, 0.5]
    """
    points, place = np.unique(x, return_inverse=True)
    weights = np.bincount(place).astype(np.float64)
    means = np.bincount(place, weights=y) / weights
    blocks: list[tuple[float, float, int]] = []
    for mean, weight in zip(means.tolist(), weights.tolist(), strict=True):
        value, mass, length = mean, weight, 1
        while blocks and blocks[-1][0] >= value:
            before, heavy, run = blocks.pop()
            value = (before * heavy + value * mass) / (heavy + mass)
            mass, length = mass + heavy, length + run
        blocks.append((value, mass, length))
    fitted = np.repeat([b[0] for b in blocks], [b[2] for b in blocks])
    return points, np.asarray(fitted, dtype=np.float64)


def cross_fitted(probabilities: Floats, labels: Floats, people: Codes) -> Floats:
    """Return probabilities corrected by an isotonic function learnt on other people's rows, shape (n,)."""
    who, place = ranked(people)
    if who.size < 2:
        return probabilities
    fold = place % min(FOLDS, who.size)
    corrected = np.empty_like(probabilities)
    for k in range(int(fold.max()) + 1):
        held = fold == k
        points, values = isotonic(probabilities[~held], labels[~held])
        corrected[held] = np.interp(probabilities[held], points, values)
    return corrected


def _groups(probabilities: Floats, groups: int) -> NDArray[np.int64]:
    _, place, count = np.unique(probabilities, return_inverse=True, return_counts=True)
    ends = np.cumsum(count)
    # A distinct value belongs to the group in which its middle row stands.
    middle = ((ends - count / 2.0) * groups / probabilities.size).astype(np.int64)
    return np.asarray(ranked(middle)[1][place], dtype=np.int64)


def _squared(excess: Floats, place: NDArray[np.int64], people: Codes) -> float | None:
    """Return the debiased squared error; ``None`` where a group has fewer than two clusters."""
    size = int(place.max()) + 1
    n = np.bincount(place, minlength=size).astype(np.float64)
    total = np.bincount(place, weights=excess, minlength=size)
    kept = n > 0
    mean = np.divide(total, n, out=np.zeros(size), where=kept)
    width = int(people.max()) - int(people.min()) + 1
    cell, inverse = np.unique(place * width + (people - people.min()), return_inverse=True)
    whose = cell // width
    influence = np.bincount(inverse, weights=excess - mean[place])
    clusters = np.bincount(whose, minlength=size)
    if (clusters[kept] < 2).any():
        return None
    scale = np.divide(clusters, clusters - 1.0, out=np.zeros(size), where=kept)
    noise = np.bincount(whose, weights=influence**2, minlength=size) * scale
    noise = np.divide(noise, n * n, out=np.zeros(size), where=kept)
    return float((n * (mean**2 - noise)).sum() / n.sum())
