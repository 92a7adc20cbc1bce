"""How much of a choice goes with something that should not matter: the side, or the length."""

import numpy as np
from scipy.special import expit

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.stats.crossed import Floats, Rows, crossed_share
from hcgov.stats.means import student

_STEPS = 50
_LARGEST = 30.0
"""Log odds per standard deviation beyond which an outcome follows from the length alone."""


@frozen
class LengthEffect:
    """How choices go with length.

    Parameters
    ----------
    slope
        Log odds of being chosen for one standard deviation more of length.
    deviation
        That standard deviation of the difference of lengths.
    equal
        Share of choices of the first response if both were of equal length; ``None`` where it is one half by
        construction.
    """

    slope: Estimate
    deviation: float
    equal: Estimate | None


def longer_chosen(chosen: Floats, other: Floats, rows: Rows) -> tuple[Estimate, int]:
    """Return how often the longer response is chosen, and in how many rows both are of the same length.

    Parameters
    ----------
    chosen, other
        Length of the response that was chosen and of the other one, shape (rows,); rows of the same length, or with a
        length that is NaN, are not in the share.
    rows
        Annotators and prompts.
    """
    differ = (chosen != other) & np.isfinite(chosen) & np.isfinite(other)
    same = int((chosen == other).sum())
    return crossed_share((chosen > other)[differ].astype(np.float64), rows.where(differ)), same


def length_effect(
    first_chosen: Floats, longer: Floats, rows: Rows, *, named: bool = False
) -> LengthEffect | None:
    """Return the logistic regression of choices on the difference of lengths.

    Parameters
    ----------
    first_chosen
        1 where the first response was chosen, 0 where the second, 0.5 for a tie; shape (rows,).
    longer
        Length of the first minus that of the second, finite.
    rows
        Annotators and prompts, which are the clusters of the errors.
    named
        Whether first and second mean something, such as a model or a side: then an intercept is fitted, and
        :attr:`LengthEffect.equal` is the length-controlled win rate of the first. Else a pair may be swapped, and
        there is none.

    Returns
    -------
    LengthEffect or None
        ``None`` where lengths do not differ, or the outcome follows from them without exception.

    Notes
    -----
    Iteratively reweighted least squares; clustered sandwich of Liang and Zeger 1986 (doi:10.1093/biomet/73.1.13),
    V = max(V_A + V_B - V_AB, V_A, V_B) of Cameron, Gelbach and Miller 2011 (doi:10.1198/jbes.2010.07136). That the win
    rate at equal length takes out the preference for length: Dubois et al. 2024 (arXiv:2404.04475), who also control
    for the difficulty of each instruction.
    """
    deviation = float(np.sqrt(np.mean(longer**2))) if longer.size else 0.0
    if deviation == 0.0:
        return None
    columns = [longer / deviation] + ([np.ones_like(longer)] if named else [])
    x = np.stack(columns, axis=1)
    fitted = _fit(x, first_chosen)
    if fitted is None:
        return None
    beta, bread = fitted
    influence = (x @ bread) * (first_chosen - expit(x @ beta))[:, None]
    n, people = int(longer.size), rows.distinct_people
    variance, df = clustered_variance(influence[:, 0], rows)
    slope = student(float(beta[0]), _root(variance), df, n=n, people=people)
    if not named:
        return LengthEffect(slope=slope, deviation=deviation, equal=None)
    share = float(expit(beta[1]))
    variance, df = clustered_variance(influence[:, 1], rows)
    error = _root(variance)
    equal = student(
        share,
        None if error is None else share * (1.0 - share) * error,
        df,
        n=n,
        people=people,
        low=0.0,
        high=1.0,
    )
    return LengthEffect(slope=slope, deviation=deviation, equal=equal)


def clustered_variance(influence: Floats, rows: Rows) -> tuple[float | None, int]:
    """Return the variance of a sum of influences whose rows share people and items, and its degrees of freedom.

    ``None`` where all rows are one cluster.
    """
    sides = [rows.people] if rows.items is None else [rows.people, rows.items]
    places = [np.unique(side, return_inverse=True)[1] for side in sides]
    found = [_between(influence, place) for place in places]
    known = [variance for variance, _ in found if variance is not None]
    df = min(groups for _, groups in found) - 1
    if len(known) < len(found):
        return None, 0
    if len(places) == 1:
        return known[0], df
    both = np.unique(
        places[0].astype(np.int64) * (int(places[1].max(initial=0)) + 1) + places[1], return_inverse=True
    )
    overlap, _ = _between(influence, both[1])
    return max(sum(known) - (overlap or 0.0), *known), df


def _between(influence: Floats, place: np.typing.NDArray[np.signedinteger]) -> tuple[float | None, int]:
    sums = np.bincount(place, weights=influence)
    groups = int(sums.size)
    return (None, groups) if groups < 2 else (float(sums @ sums) * groups / (groups - 1), groups)


def _root(variance: float | None) -> float | None:
    return None if variance is None else float(np.sqrt(variance))


def _fit(x: Floats, y: Floats) -> tuple[Floats, Floats] | None:
    """Return coefficients and inverse information; ``None`` where the likelihood has no maximum."""
    beta = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        p = expit(x @ beta)
        information = (x * (p * (1.0 - p))[:, None]).T @ x
        if not np.isfinite(information).all() or np.linalg.cond(information) > 1e12:
            return None
        bread = np.linalg.inv(information)
        step = bread @ (x.T @ (y - p))
        beta = beta + step
        if not np.isfinite(beta).all() or np.abs(beta).max() > _LARGEST:
            return None
        if np.abs(step).max() < 1e-10:
            return beta, bread
    return None
