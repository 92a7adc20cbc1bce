"""The area under the ROC curve from binned scores: value, variance, and the most that binning can hide."""

import math
from collections.abc import Sequence

from hcgov.core.frozen import frozen


@frozen
class BinnedAuc:
    """An area under the ROC curve.

    Parameters
    ----------
    value
        In [0, 1], ties within a bin counted one half.
    variance
        Of independent rows; ``None`` with fewer than two rows of either label.
    error
        The area of the scores themselves lies at most this far from ``value``.
    """

    value: float
    variance: float | None
    error: float


def area(positives: Sequence[int], negatives: Sequence[int]) -> float | None:
    """Return the probability that a row of label 1 scores higher than one of label 0, a tie counting half.

    Parameters
    ----------
    positives, negatives
        Rows by bin of the score, lowest first, with label 1 and with label 0.

    Returns
    -------
    float or None
        In [0, 1]; ``None`` where one of the labels does not occur.

    Notes
    -----
    Mann and Whitney 1947 (doi:10.1214/aoms/1177730491); Bamber 1975 (doi:10.1016/0022-2496(75)90001-2). In whole
    numbers up to the last division, so exact for the bins.
    """
    pairs = sum(positives) * sum(negatives)
    if not pairs:
        return None
    below = twice = 0
    for ones, zeros in zip(positives, negatives, strict=True):
        twice += ones * (2 * below + zeros)
        below += zeros
    return twice / (2 * pairs)


def binned_auc(
    positives: Sequence[int], negatives: Sequence[int], exact: Sequence[bool] = ()
) -> BinnedAuc | None:
    """Return the area under the ROC curve of binned scores.

    Parameters
    ----------
    positives, negatives
        Rows by bin of the score, lowest first, with label 1 and with label 0.
    exact
        For each bin, whether all scores in it are equal, so that its ties are ties; none if left out.

    Returns
    -------
    BinnedAuc or None
        ``None`` where one of the labels does not occur.

    Notes
    -----
    Variance: DeLong, DeLong and Clarke-Pearson 1988 (doi:10.2307/2531595), from the placements of each bin, which
    is exact for binned scores. Of two rows in different bins the order is known; of two in one bin it is not,
    and counting one half errs by at most one half: hence ``error`` is half the share of pairs that share a bin
    which is not exact.
    """
    value = area(positives, negatives)
    if value is None:
        return None
    ones, zeros = sum(positives), sum(negatives)
    known = exact or (False,) * len(positives)
    mixed = sum(p * n for p, n, same in zip(positives, negatives, known, strict=True) if not same and p and n)
    variance = None
    if ones > 1 and zeros > 1:
        variance = (
            _spread(positives, negatives, value) / ones
            + _spread(negatives[::-1], positives[::-1], value) / zeros
        )
    return BinnedAuc(value=value, variance=variance, error=mixed / (2 * ones * zeros))


def _spread(own: Sequence[int], other: Sequence[int], mean: float) -> float:
    """Return the sample variance of the placements of one label's rows among the other's."""
    size, total, below, squares = sum(own), sum(other), 0, []
    for here, there in zip(own, other, strict=True):
        if here:
            squares.append(here * ((below + there / 2.0) / total - mean) ** 2)
        below += there
    return math.fsum(squares) / (size - 1)
