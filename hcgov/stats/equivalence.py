"""Whether a value lies within a margin of zero, by two one-sided tests."""

from hcgov.core.estimate import Estimate
from hcgov.core.limit import Side
from hcgov.stats.bounds import lower, p_value, upper
from hcgov.stats.effective import check_level


def within(estimate: Estimate, margin: float, level: float) -> bool | None:
    """Say whether a value lies within a margin of zero; ``None`` where the data decide neither.

    Parameters
    ----------
    estimate
        Any estimate with an interval, such as a difference.
    margin
        Positive.
    level
        One-sided confidence in [0.5, 1). True where both bounds at it lie within the margin; false where the
        bound on one side lies beyond, at half the error, for either side may accuse.

    Raises
    ------
    NoInterval
        The method is ``point``.
    ValueError
        The margin or the level is out of range.

    Notes
    -----
    Schuirmann 1987 (Journal of Pharmacokinetics and Biopharmaceutics 15:657, doi:10.1007/BF01068419): "yes"
    errs with probability 1 - level at most, without correction, since both bounds have to agree.
    """
    _check_margin(margin)
    check_level(level)
    if lower(estimate, level) >= -margin and upper(estimate, level) <= margin:
        return True
    accusing = (1.0 + level) / 2.0
    if lower(estimate, accusing) > margin or upper(estimate, accusing) < -margin:
        return False
    return None


def equivalence_p_value(estimate: Estimate, margin: float) -> float:
    """Return the p-value of "the value lies beyond the margin": the larger of both one-sided ones.

    Parameters and errors are those of :func:`within`; below 1 - level exactly where :func:`within` says true.
    """
    _check_margin(margin)
    return max(p_value(estimate, margin, Side.AT_LEAST), p_value(estimate, -margin, Side.AT_MOST))


def _check_margin(margin: float) -> None:
    if not margin > 0.0:
        raise ValueError(f"a margin is positive, not {margin}")
