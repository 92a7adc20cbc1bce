"""Differences of two shares whose rows are about the same items, or belong to the same people."""

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.stats.agreement.judged import Bools, Floats
from hcgov.stats.clusters import LEVEL
from hcgov.stats.crossed import Rows, jackknifed, worth_of
from hcgov.stats.differences import miettinen_nurminen
from hcgov.stats.effective import critical_value
from hcgov.stats.student import critical_t


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
        ``None`` where a side has no rows.

    Notes
    -----
    Both groups judge the same items, so that their shares rise and fall together. The effective sizes of both sides
    are scaled by one factor, so that they imply the variance of the difference itself: a jackknife over people, items
    and both (see :func:`hcgov.stats.crossed.jackknifed`), with Student's quantile for its degrees of freedom. No side
    is ever worth more than its rows. Where that variance is unknown, each side counts by its own design effect.
    """
    n1, n2 = int(first.sum()), int(second.sum())
    if not n1 or not n2:
        return None
    one, other = rows.where(first), rows.where(second)
    size1, size2 = worth_of(y[first], one).n_eff, worth_of(y[second], other).n_eff
    p1, p2 = float(y[first].mean()), float(y[second].mean())
    implied = p1 * (1.0 - p1) / size1 + p2 * (1.0 - p2) / size2
    both = first | second
    f, s = first[both].astype(np.float64), second[both].astype(np.float64)
    terms = np.stack([y[both] * f, f, y[both] * s, s], axis=1)
    found = jackknifed(
        terms,
        rows.where(both),
        lambda sums: sums[..., 0] / sums[..., 1] - sums[..., 2] / sums[..., 3],
        p1 - p2,
    )
    factor = 1.0
    if found is not None and found[0] > 0.0 and implied > 0.0 and found[1] > 0:
        widened = found[0] * (critical_t(LEVEL, float(found[1])) / critical_value(LEVEL)) ** 2
        factor = implied / widened
    return miettinen_nurminen(
        float(y[first].sum()),
        n1,
        float(y[second].sum()),
        n2,
        n_eff1=min(max(size1 * factor, 1.0), float(n1)),
        n_eff2=min(max(size2 * factor, 1.0), float(n2)),
        people=rows.where(both).distinct_people,
    )
