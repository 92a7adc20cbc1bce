"""Whether scores mean what they say: mean score against observed rate, and calibration error, from histograms."""

import math
from collections.abc import Sequence

from hcgov.core.evidence.clusters import Crowd
from hcgov.core.evidence.scores import UNIT, Histogram
from hcgov.core.frozen import frozen
from hcgov.stats.clusters import design_effect, moments

GROUPS = 15
"""Groups of equal mass in which scores are held against outcomes, as is customary."""


@frozen
class InTheLarge:
    """Mean score minus observed rate.

    Parameters
    ----------
    value
        In [-1, 1]; above 0 the scores promise more than happened.
    mean_score, rate
        Both in [0, 1].
    se, df
        Standard error and its degrees of freedom; ``None`` where the data do not tell.
    """

    value: float
    mean_score: float
    rate: float
    se: float | None
    df: int


@frozen
class Group:
    """Rows of neighbouring scores: how many, their mean score and the share of them with label 1."""

    n: int
    mean_score: float
    rate: float
    rows: Histogram


def in_the_large(rows: Histogram, clusters: Sequence[Histogram], width: float) -> InTheLarge | None:
    """Return mean score minus observed rate, with its error.

    Parameters
    ----------
    rows
        Everyone's histogram, with sums of scores.
    clusters
        Histograms of the buckets of people, where people repeat; empty where each row is a person.
    width
        Width of a bin.

    Returns
    -------
    InTheLarge or None
        ``None`` without rows.

    Notes
    -----
    Calibration-in-the-large (Cox 1958, Biometrika 45:562; Van Calster et al. 2019, doi:10.1186/s12916-019-1466-7).
    The variance of score minus label is taken between bins and labels, plus width^2 / 4 for what scores of one
    bin may differ by at most, so it errs upwards. Where people repeat it is the linearised variance between
    buckets of them, never below that of independent rows.
    """
    n = rows.n
    if not n:
        return None
    total, events = (sum(rows.positive_totals) + sum(rows.negative_totals)) / UNIT, rows.events
    value = (total - events) / n
    squares = math.fsum(
        (sums / UNIT - label * count) ** 2 / count
        for label, counts, totals in _sides(rows)
        for count, sums in zip(counts, totals, strict=True)
        if count
    )
    variance = max(squares / n - value * value, 0.0) + width * width / 4.0
    error, df = (math.sqrt(variance / (n - 1)) if n > 1 else None), n - 1
    if clusters:
        sizes = [(one.n, _excess(one)) for one in clusters]
        df = len(sizes) - 1
        between = math.fsum((excess - value * size) ** 2 for size, excess in sizes)
        clustered = math.sqrt(between * len(sizes) / df) / n if df else None
        error = None if error is None or clustered is None else max(error, clustered)
    return InTheLarge(value=value, mean_score=total / n, rate=events / n, se=error, df=df)


def reliability(rows: Histogram, groups: int = GROUPS) -> tuple[Group, ...]:
    """Return up to ``groups`` groups of nearly equal size, merged from neighbouring bins, lowest scores first.

    A bin is never divided, so a score that many rows share stands alone.
    """
    n, found, start, seen = rows.n, [], 0, 0
    for at, size in enumerate(_counts(rows)):
        before, seen = seen, seen + size
        if size and seen * groups // n > before * groups // n:
            found.append(_group(rows, start, at + 1))
            start = at + 1
    return tuple(found)


def squared_error(
    table: Sequence[Group], clusters: Sequence[Histogram], bins: Sequence[int] = ()
) -> float | None:
    """Return the debiased squared calibration error of a reliability table; below 0 where noise says so.

    Parameters
    ----------
    table
        As :func:`reliability` returns it.
    clusters
        Histograms of the buckets of people, where people repeat; empty where each row is a person.

    Returns
    -------
    float or None
        ``None`` where a group has fewer than two rows.

    Notes
    -----
    sum_b n_b / n [(s_b - y_b)^2 - y_b (1 - y_b) / (n_b - 1)]: Kumar, Liang and Ma 2019, Verified uncertainty
    calibration (arXiv:1909.10155), definition of the debiased estimator. The subtracted term is the sampling
    variance of y_b; where people repeat it is multiplied by its design effect.
    """
    n = sum(group.n for group in table)
    if not table or any(group.n < 2 for group in table):
        return None
    terms = []
    for group in table:
        noise = group.rate * (1.0 - group.rate) / (group.n - 1)
        if clusters:
            noise *= _design(group, clusters)
        terms.append(group.n / n * ((group.mean_score - group.rate) ** 2 - noise))
    return math.fsum(terms)


def calibration_error(
    rows: Histogram, clusters: Sequence[Histogram] = (), groups: int = GROUPS
) -> float | None:
    """Return the debiased calibration error, the root of :func:`squared_error`; 0 where that is negative."""
    squared = squared_error(reliability(rows, groups), clusters)
    return None if squared is None else math.sqrt(max(0.0, squared))


def _design(group: Group, clusters: Sequence[Histogram]) -> float:
    inside = [at for at, size in enumerate(_counts(group.rows)) if size]
    first, last = inside[0], inside[-1] + 1
    sums = (
        (sum(one.positives[first:last]) + sum(one.negatives[first:last]), sum(one.positives[first:last]))
        for one in clusters
    )
    found = moments(sums)
    return design_effect(Crowd(people=None, rows=found.n, by_person=found, hashed=True), parent=1.0).deff


def _group(rows: Histogram, start: int, stop: int) -> Group:
    def cut(counts: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(count if start <= at < stop else 0 for at, count in enumerate(counts))

    own = Histogram(
        positives=cut(rows.positives),
        negatives=cut(rows.negatives),
        positive_totals=cut(rows.positive_totals),
        negative_totals=cut(rows.negative_totals),
    )
    total = sum(own.positive_totals) + sum(own.negative_totals)
    return Group(n=own.n, mean_score=total / UNIT / own.n, rate=own.events / own.n, rows=own)


def _counts(rows: Histogram) -> list[int]:
    return [p + q for p, q in zip(rows.positives, rows.negatives, strict=True)]


def _excess(rows: Histogram) -> float:
    """Return the sum of score minus label."""
    return (sum(rows.positive_totals) + sum(rows.negative_totals)) / UNIT - rows.events


def _sides(rows: Histogram) -> tuple[tuple[int, Sequence[int], Sequence[int]], ...]:
    return (1, rows.positives, rows.positive_totals), (0, rows.negatives, rows.negative_totals)
