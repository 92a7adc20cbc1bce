"""What a machine may decide alone: risk against coverage, when it decides only where it is confident."""

import math

import numpy as np
from numpy.typing import ArrayLike

from hcgov.core.frozen import frozen
from hcgov.stats.crossed import Floats
from hcgov.stats.proportions import clopper_pearson_upper


@frozen
class RiskCurve:
    """Risk at every coverage that a threshold on the confidence can give, from the most confident items on.

    Parameters
    ----------
    coverage
        Share of items that are decided alone, rising to 1.
    risk
        Share of errors among them.
    threshold
        Least confidence of those items.
    area
        Area under the curve: the mean risk over all coverages; items of equal confidence come together.
    """

    coverage: Floats
    risk: Floats
    threshold: Floats
    area: float


@frozen
class Routing:
    """A threshold whose errors are bounded.

    Parameters
    ----------
    threshold
        Items of at least this confidence are decided alone.
    coverage
        Their share.
    errors, decided
        Errors among them.
    bound
        Upper bound of their risk, at the confidence asked, over all thresholds that were tried.
    """

    threshold: float
    coverage: float
    errors: int
    decided: int
    bound: float


def risk_curve(confidence: ArrayLike, wrong: ArrayLike) -> RiskCurve | None:
    """Return risk against coverage; ``None`` without items.

    Parameters
    ----------
    confidence
        Of the machine in each answer, finite, shape (n,).
    wrong
        Whether the answer is wrong (or how wrong, in [0, 1]), shape (n,).

    Raises
    ------
    ValueError
        A confidence is not finite, or the two do not match.

    Notes
    -----
    El-Yaniv and Wiener 2010 (Journal of Machine Learning Research 11:1605); Geifman, Uziel and El-Yaniv 2019
    (arXiv:1805.08206) for the area.
    """
    sure, lost = _checked(confidence, wrong)
    if not sure.size:
        return None
    order = np.argsort(-sure, kind="stable")
    sure, total = sure[order], np.cumsum(lost[order])
    last = np.append(np.flatnonzero(np.diff(sure)), sure.size - 1)
    sizes = np.diff(np.append(-1, last)).astype(np.float64)
    coverage, risk = (last + 1.0) / sure.size, total[last] / (last + 1.0)
    return RiskCurve(
        coverage=coverage, risk=risk, threshold=sure[last], area=float(sizes @ risk) / float(sure.size)
    )


def routing(confidence: ArrayLike, wrong: ArrayLike, *, risk: float, level: float = 0.95) -> Routing | None:
    """Return the routing with the most coverage that a bisection finds whose risk is bounded.

    Parameters
    ----------
    confidence, wrong
        As for :func:`risk_curve`; errors are 0 or 1, and items independent of each other.
    risk
        Largest share of errors among what is decided alone, in (0, 1).
    level
        Confidence that the bound holds.

    Returns
    -------
    Routing or None
        ``None`` where not even the most confident items can be shown to keep it.

    Notes
    -----
    Geifman and El-Yaniv 2017 (arXiv:1705.08500), algorithm 1: bisection over the sorted confidences; each of the at
    most ceil(log2 n) thresholds that are looked at is bounded with an equal share of the error.
    """
    curve = risk_curve(confidence, wrong)
    if curve is None:
        return None
    n = np.asarray(wrong).size
    alpha = (1.0 - level) / max(math.ceil(math.log2(max(curve.coverage.size, 2))), 1)
    low, high, best = 0, curve.coverage.size - 1, None
    while low <= high:
        middle = (low + high) // 2
        decided = round(float(curve.coverage[middle]) * n)
        errors = round(float(curve.risk[middle]) * decided)
        bound = clopper_pearson_upper(errors, decided, 1.0 - alpha)
        if bound <= risk:
            best = Routing(
                threshold=float(curve.threshold[middle]),
                coverage=decided / n,
                errors=errors,
                decided=decided,
                bound=bound,
            )
            low = middle + 1
        else:
            high = middle - 1
    return best


def _checked(confidence: ArrayLike, wrong: ArrayLike) -> tuple[Floats, Floats]:
    sure, lost = np.asarray(confidence, dtype=np.float64), np.asarray(wrong, dtype=np.float64)
    if sure.shape != lost.shape or not np.isfinite(sure).all():
        raise ValueError("every answer has a finite confidence")
    if not ((lost >= 0.0) & (lost <= 1.0)).all():
        raise ValueError("errors lie in [0, 1]")
    return sure, lost
