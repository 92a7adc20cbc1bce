"""Differences of two shares whose rows are about the same items, or belong to the same people."""

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.stats.agreement.judged import Bools, Floats
from hcgov.stats.clusters import LEVEL
from hcgov.stats.crossed import Rows, jackknifed, worth_of
from hcgov.stats.differences import miettinen_nurminen
from hcgov.stats.effective import critical_value
from hcgov.stats.student import critical_t


@frozen
class Side:
    """One part of the rows: how many, how many of them with the outcome, and what they are worth by themselves."""

    n: int
    events: float
    share: float
    n_eff: float


def side_of(y: Floats, rows: Rows, part: Bools) -> Side | None:
    """Return one part of the rows as a side of a comparison, arguments as for :func:`shared_gap`; ``None`` if empty."""
    own = y[part]
    if not own.size:
        return None
    size = worth_of(own, rows.where(part)).n_eff
    return Side(n=own.size, events=float(own.sum()), share=float(own.mean()), n_eff=size)


@frozen
class GapSpread:
    """Variance of a difference of shares and its degrees of freedom, if known, and the people on both sides."""

    known: tuple[float, int] | None
    people: int


def spread_of_gap(y: Floats, rows: Rows, first: Bools, second: Bools) -> GapSpread:
    """Return how the difference of two parts varies, which is the same either way round."""
    both = first | second
    if both.all():
        shared, values, one = rows, y, first.astype(np.float64)
    else:
        shared, values, one = rows.where(both), y[both], first[both].astype(np.float64)
    other = 1.0 - one
    terms = np.stack([values * one, one, values * other, other])
    total = terms.sum(axis=1)
    found = jackknifed(
        terms.T,
        shared,
        lambda sums: sums[..., 0] / sums[..., 1] - sums[..., 2] / sums[..., 3],
        float(total[0] / total[1] - total[2] / total[3]),
    )
    return GapSpread(known=found, people=shared.distinct_people)


def shared_gap(y: Floats, rows: Rows, first: Bools, second: Bools) -> Estimate | None:
    """Return the share of one part of the rows minus that of another; Miettinen and Nurminen's interval decides.

    Parameters
    ----------
    y
        Outcome of each row, 0 or 1, shape (n,).
    rows
        People and items of the rows.
    first, second
        Which rows are on either side, shape (n,); no row is on both.

    Returns
    -------
    Estimate or None
        ``None`` where a side has no rows; else as :func:`gap_of`.
    """
    one, other = side_of(y, rows, first), side_of(y, rows, second)
    if one is None or other is None:
        return None
    return gap_of(one, other, spread_of_gap(y, rows, first, second))


def gap_of(one: Side, other: Side, spread: GapSpread) -> Estimate:
    """Return the share of one side minus that of the other, where both judge the same items.

    Notes
    -----
    Both groups judge the same items, so that their shares rise and fall together. The effective sizes of both sides
    are scaled by one factor, so that they imply the variance of the difference itself: a jackknife over people, items
    and both (see :func:`hcgov.stats.crossed.jackknifed`), with Student's quantile for its degrees of freedom. No side
    is ever worth more than its rows. Where that variance is unknown, each side counts by its own design effect.
    """
    implied = one.share * (1.0 - one.share) / one.n_eff + other.share * (1.0 - other.share) / other.n_eff
    factor, found = 1.0, spread.known
    if found is not None and found[0] > 0.0 and implied > 0.0 and found[1] > 0:
        widened = found[0] * (critical_t(LEVEL, float(found[1])) / critical_value(LEVEL)) ** 2
        factor = implied / widened
    return miettinen_nurminen(
        one.events,
        one.n,
        other.events,
        other.n,
        n_eff1=min(max(one.n_eff * factor, 1.0), float(one.n)),
        n_eff2=min(max(other.n_eff * factor, 1.0), float(other.n)),
        people=spread.people,
    )
