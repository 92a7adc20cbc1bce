"""How far a distribution over groups or bins has moved: PSI, Jensen-Shannon, and whether chance explains it.

The population stability index grows with the number of bins and, where nothing moved, shrinks with the number
of observations; on its own it does not say whether a move is real. So it comes with chi-square p-values, and
with bounds.
"""

import math
from collections.abc import Sequence

from hcgov.core.estimate import Estimate, Method
from hcgov.core.frozen import frozen
from hcgov.stats.chi_square import chi_square_p_value

SMOOTHING = 0.5
"""Added to every bin of both sides where any bin of either is empty, for the logarithm of 0 is no number."""


@frozen
class Drift:
    """A move from a reference distribution to another one.

    Parameters
    ----------
    psi
        Population stability index, sum (b - a) ln(b / a), not negative.
    jensen_shannon
        Jensen-Shannon divergence in nats, in [0, ln 2].
    pearson, likelihood_ratio
        Chi-square statistics X^2 and G of "nothing moved".
    df
        Their degrees of freedom: bins that are not empty on both sides, minus one.
    p_pearson, p_likelihood_ratio
        Their p-values; 1 without degrees of freedom.
    smoothed
        Whether :data:`SMOOTHING` was added for the index, because a bin is empty on one side.
    estimate
        The index with its bounds.
    """

    psi: float
    jensen_shannon: float
    pearson: float
    likelihood_ratio: float
    df: int
    p_pearson: float
    p_likelihood_ratio: float
    smoothed: bool
    estimate: Estimate


def population_stability_index(reference: Sequence[float], current: Sequence[float]) -> float:
    """Return sum (b - a) ln(b / a) over the shares of two distributions.

    Parameters
    ----------
    reference, current
        Shares or counts of the same bins, positive; each is divided by its sum. Symmetric in both.

    Raises
    ------
    ValueError
        A share is not positive and finite, or the bins do not match.

    Notes
    -----
    The symmetric Kullback-Leibler divergence of Jeffreys 1946 (doi:10.1098/rspa.1946.0056). Below 0.1 is
    customarily called stable and above 0.25 a shift to act on (Siddiqi 2006, Credit Risk Scorecards); neither
    number has a derivation.
    """
    first, second = _shares(reference), _shares(current)
    if len(first) != len(second) or min(*first, *second) <= 0.0:
        raise ValueError("the index compares the same bins, none of them empty")
    return math.fsum((b - a) * math.log(b / a) for a, b in zip(first, second, strict=True))


def jensen_shannon_divergence(reference: Sequence[float], current: Sequence[float]) -> float:
    """Return the Jensen-Shannon divergence in nats, in [0, ln 2]; empty bins are fine.

    Parameters
    ----------
    reference, current
        Shares or counts of the same bins, not negative, with a positive sum.

    Notes
    -----
    Lin 1991 (IEEE Transactions on Information Theory 37:145, doi:10.1109/18.61115).
    """
    first, second = _shares(reference), _shares(current)
    if len(first) != len(second):
        raise ValueError("the divergence compares the same bins")
    total = 0.0
    for a, b in zip(first, second, strict=True):
        middle = (a + b) / 2.0
        total += sum(share * math.log(share / middle) for share in (a, b) if share > 0.0) / 2.0
    return min(max(total, 0.0), math.log(2.0))


def from_target(
    target: Sequence[float], counts: Sequence[float], *, n_eff: float | None = None, people: int | None = None
) -> Drift:
    """Return how far counts lie from known shares.

    Parameters
    ----------
    target
        Shares known without error, positive; divided by their sum.
    counts
        Observed counts of the same bins, not negative, with a positive sum.
    n_eff
        Independent observations the counts are worth; ``None`` means their sum. Statistics, p-values and
        bounds shrink with it, the index does not.
    people
        Distinct people behind the counts, where known.

    Raises
    ------
    ValueError
        Shares or counts are impossible.
    """
    wanted, seen = _shares(target), _shares(counts)
    if len(wanted) != len(seen) or min(wanted) <= 0.0:
        raise ValueError("each bin has a positive target share")
    n = math.fsum(counts)
    size = _size(n, n_eff)
    smoothed = min(counts) == 0.0
    now = _shares([count + SMOOTHING for count in counts]) if smoothed else seen
    spread = _spread(wanted, now) / size
    pairs = list(zip(wanted, seen, strict=True))
    pearson = size * math.fsum((b - a) ** 2 / a for a, b in pairs)
    ratio = 2.0 * size * math.fsum(b * math.log(b / a) for a, b in pairs if b > 0.0)
    estimate = _estimate(wanted, now, 1.0 / size, spread, round(n), size, people)
    return _drift(wanted, seen, (pearson, ratio), len(wanted) - 1, smoothed, estimate)


def between_samples(
    reference: Sequence[float],
    current: Sequence[float],
    *,
    n_eff_reference: float | None = None,
    n_eff_current: float | None = None,
    people: int | None = None,
) -> Drift:
    """Return how far one sample lies from another, the reference, which has sampling error itself.

    Parameters
    ----------
    reference, current
        Counts of the same bins, not negative, each with a positive sum. Bins empty in both give no
        degree of freedom.
    n_eff_reference, n_eff_current
        As ``n_eff`` of :func:`from_target`, for each.
    people
        Distinct people behind both, where known.

    Raises
    ------
    ValueError
        Counts are impossible.
    """
    if len(reference) != len(current):
        raise ValueError("both samples have the same bins")
    first, second = _shares(reference), _shares(current)
    n1, n2 = math.fsum(reference), math.fsum(current)
    size1, size2 = _size(n1, n_eff_reference), _size(n2, n_eff_current)
    smoothed = min(*reference, *current) == 0.0
    old, now = first, second
    if smoothed:
        old, now = _shares([a + SMOOTHING for a in reference]), _shares([b + SMOOTHING for b in current])
    spread = _spread(old, now) / size2 + _spread(now, old) / size1
    unit = 1.0 / size1 + 1.0 / size2
    pooled = [(a * size1 + b * size2) / (size1 + size2) for a, b in zip(first, second, strict=True)]
    cells = [
        (size * share, size * due)
        for size, shares in ((size1, first), (size2, second))
        for share, due in zip(shares, pooled, strict=True)
        if due > 0.0
    ]
    pearson = math.fsum((seen - due) ** 2 / due for seen, due in cells)
    ratio = 2.0 * math.fsum(seen * math.log(seen / due) for seen, due in cells if seen > 0.0)
    estimate = _estimate(old, now, unit, spread, round(n1 + n2), size1 + size2, people)
    return _drift(first, second, (pearson, ratio), len(cells) // 2 - 1, smoothed, estimate)


def _shares(counts: Sequence[float]) -> list[float]:
    if len(counts) < 2 or not all(0.0 <= count < math.inf for count in counts):
        raise ValueError("a distribution has two bins or more, with finite counts that are not negative")
    total = math.fsum(counts)
    if not 0.0 < total < math.inf:
        raise ValueError("a distribution has observations, and a finite number of them")
    return [count / total for count in counts]


def _size(n: float, n_eff: float | None) -> float:
    size = n if n_eff is None else n_eff
    if not 0.0 < size < math.inf:
        raise ValueError(f"an effective size is positive and finite, not {n_eff}")
    return size


def _spread(reference: Sequence[float], moving: Sequence[float]) -> float:
    """Return the variance of the index's gradient in the shares of one side, times that side's size."""
    slope = [math.log(b / a) + 1.0 - a / b for a, b in zip(reference, moving, strict=True)]
    mean = math.fsum(b * g for b, g in zip(moving, slope, strict=True))
    return math.fsum(b * (g - mean) ** 2 for b, g in zip(moving, slope, strict=True))


def _estimate(
    old: Sequence[float],
    now: Sequence[float],
    unit: float,
    spread: float,
    n: int,
    size: float,
    people: int | None,
) -> Estimate:
    psi = population_stability_index(old, now)
    return Estimate(
        value=psi,
        n=n,
        n_eff=size,
        people=people,
        method=Method.STABILITY,
        statistics=(("psi", psi), ("spread", spread), ("unit", unit), ("bins", float(len(old)))),
    )


def _drift(
    first: Sequence[float],
    second: Sequence[float],
    tests: tuple[float, float],
    df: int,
    smoothed: bool,
    estimate: Estimate,
) -> Drift:
    pearson, ratio = max(tests[0], 0.0), max(tests[1], 0.0)
    return Drift(
        psi=estimate.statistic("psi"),
        jensen_shannon=jensen_shannon_divergence(first, second),
        pearson=pearson,
        likelihood_ratio=ratio,
        df=df,
        p_pearson=chi_square_p_value(pearson, df) if df else 1.0,
        p_likelihood_ratio=chi_square_p_value(ratio, df) if df else 1.0,
        smoothed=smoothed,
        estimate=estimate,
    )
