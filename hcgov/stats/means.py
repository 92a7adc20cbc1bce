"""Means, and any value with a standard error of its own.

Bounds by Student's t need three numbers: the value, its standard error and the degrees of freedom of that
error. Where the error is unknown, or zero because no variation was seen, there is no interval: the bounds are
the ends of the value's range, for data that do not vary say nothing about how much they could.
"""

import math
from collections.abc import Iterable

from hcgov.core.estimate import Estimate, Method

_SLACK = 1e-9  # a value computed from sums may lie so far beyond its range, as a share of the range


def student(
    estimate: float | None,
    se: float | None,
    df: float,
    *,
    n: int,
    people: int | None,
    n_eff: float | None = None,
    low: float | None = None,
    high: float | None = None,
    aim: float | None = None,
) -> Estimate:
    """Return an estimate whose bounds are value ∓ t se.

    Parameters
    ----------
    estimate
        The value; ``None`` where the data give none.
    se
        Its standard error, at least 0; ``None`` (or 0) where it is unknown, then there is no interval.
    df
        Degrees of freedom of ``se``: clusters minus one for a variance between clusters, groups minus one for
        a delete-a-group jackknife. At or below 0 there is no interval.
    n, people, n_eff
        Rows, distinct people and independent observations behind the value; ``n_eff`` is ``n`` if left out.
    low, high
        Range of the value where it has one; bounds are clipped to it.
    aim
        The most favourable value where that is no end of the range: 0 for a gap. A finite range that is
        symmetric about 0 is taken for that of a gap.

    Raises
    ------
    ValueError
        A number is NaN or infinite, the error is negative, or the value lies outside its range.
    """
    value = None if estimate is None else _inside(estimate, low, high)
    if se is not None and not 0.0 <= se < math.inf:
        raise ValueError(f"a standard error is at least 0 and finite, not {se}")
    if math.isnan(df):
        raise ValueError("degrees of freedom are a number")
    if aim is None and low is not None and high is not None and low == -high:
        aim = 0.0
    known = value is not None and se is not None and se > 0.0 and df > 0.0
    numbers = (
        ("estimate", value),
        ("se", se if known else None),
        ("df", min(df, 1e12) if known else None),
        ("low", low),
        ("high", high),
        ("aim", aim),
    )
    return Estimate(
        value=value,
        n=n,
        n_eff=float(n) if n_eff is None else n_eff,
        people=people,
        method=Method.STUDENT_T,
        statistics=tuple((name, float(number)) for name, number in numbers if number is not None),
    )


def mean(
    total: float,
    total_squares: float,
    n: int,
    *,
    people: int | None = None,
    low: float | None = None,
    high: float | None = None,
    safe: bool = False,
) -> Estimate:
    """Return the mean of independent observations, from their sums.

    Parameters
    ----------
    total, total_squares, n
        Sum, sum of squares and number of the observations: rows where each person counts once, else the
        people's own means.
    people
        Distinct people behind them, where known.
    low, high
        Range of the observations where they have one.
    safe
        True takes bounds by the empirical Bernstein inequality, which hold at any size and for any
        distribution within ``low`` and ``high`` (both needed); they are wider than Student's.

    Raises
    ------
    ValueError
        The sums are impossible, or ``safe`` is asked without a range.

    Notes
    -----
    Student 1908 (Biometrika 6:1); Maurer and Pontil 2009 (arXiv:0907.3740).
    """
    if n < 0 or not (math.isfinite(total) and math.isfinite(total_squares)):
        raise ValueError(f"sums are finite and a number of rows is not negative, not {total} over {n}")
    value = _inside(total / n, low, high) if n else None
    spread = _variance(total, total_squares, n)
    if not safe:
        error = math.sqrt(spread / n) if n > 1 else None
        return student(value, error, n - 1, n=n, people=people, low=low, high=high)
    if low is None or high is None or not low < high:
        raise ValueError("the empirical Bernstein inequality needs the range of the observations")
    centre = (low + high) / 2.0 if value is None else value
    return Estimate(
        value=value,
        n=n,
        n_eff=float(n),
        people=people,
        method=Method.EMPIRICAL_BERNSTEIN,
        statistics=(
            ("mean", centre),
            ("variance", spread),
            ("n", float(n)),
            ("low", float(low)),
            ("high", float(high)),
        ),
    )


def clustered_mean(
    sums: Iterable[tuple[float, float]],
    *,
    people: int | None = None,
    low: float | None = None,
    high: float | None = None,
) -> Estimate:
    """Return the mean over rows that share people, from each person's (or bucket's) rows and total.

    Parameters
    ----------
    sums
        Rows (or weight) and total of each cluster; clusters without rows do not count.
    people, low, high
        As for :func:`mean`.

    Raises
    ------
    ValueError
        A cluster's sums are impossible.

    Notes
    -----
    Ratio estimate with its linearised variance between clusters, t with clusters - 1 degrees of freedom: see
    :func:`hcgov.stats.clusters.design_effect`.
    """
    cells = [(n, total) for n, total in sums if n != 0.0]
    if any(not (0.0 < n < math.inf and math.isfinite(total)) for n, total in cells):
        raise ValueError("a cluster's rows and total are finite, and its rows are not negative")
    count, rows = len(cells), math.fsum(n for n, _ in cells)
    value = math.fsum(total for _, total in cells) / rows if cells else None
    error = None
    if value is not None and count > 1:
        between = math.fsum((total - value * n) ** 2 for n, total in cells)
        scale = math.fsum((value * n) ** 2 for n, _ in cells)
        # What rounding alone could have made is no variation.
        error = math.sqrt(between * count / (count - 1)) / rows if between > 1e-24 * scale else None
    return student(
        value, error, count - 1, n=round(rows), people=people, n_eff=float(count), low=low, high=high
    )


def _variance(total: float, total_squares: float, n: int) -> float:
    """Return the sample variance; 0 where rounding alone could have made it."""
    if n < 2:
        return 0.0
    spread = total_squares - total * total / n
    return spread / (n - 1) if spread > 1e-13 * abs(total_squares) else 0.0


def _inside(value: float, low: float | None, high: float | None) -> float:
    """Return a finite value, moved into its range where rounding took it out."""
    bottom, top = -math.inf if low is None else low, math.inf if high is None else high
    slack = _SLACK * max(1.0, abs(value))
    if not bottom - slack <= value <= top + slack or math.isinf(value):
        raise ValueError(f"a value lies between {bottom} and {top}, not at {value}")
    return min(max(value, bottom), top)
