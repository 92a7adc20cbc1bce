"""A number in another unit than the rest of its column: a share among percentages, or the other way round."""

import math
from collections.abc import Sequence
from statistics import median

from hcgov.core.frozen import frozen

LEAST = 5
"""With fewer other values nothing is known of what the column usually holds."""
SPREAD = 10.0
"""The other values may lie so many times apart at most: a column of everything has no outliers."""
APART = 10.0
"""So many times beyond the nearest other value is a value that is suspected."""
NEAR = 3.0
"""Times, within which the value has to lie of the others once its unit is mended."""
MOST = 0.1
"""Of so large a share of a column at most can be said that it is odd; of more, which unit is meant is not known."""


@frozen
class Odd:
    """A value that seems to be in another unit.

    Parameters
    ----------
    place
        Its index.
    value
        As it stands.
    mended
        What it would be in the unit of the others.
    usual
        Median of the others.
    """

    place: int
    value: float
    mended: float
    usual: float


def unit_outliers(values: Sequence[float | None]) -> tuple[Odd, ...]:
    """Return the values that are a hundred times too small, or too large, for their column.

    Parameters
    ----------
    values
        Numbers of one column; ``None`` and NaN where there is none.

    Returns
    -------
    tuple of Odd
        In order of place; empty where nothing is odd, or where so much is that the column has no usual unit.

    Notes
    -----
    A value in (0, 1] among percentages in (1, 100], or one in (1, 100] among shares in (0, 1], is odd where it lies
    at least :data:`APART` times beyond all others, and times (or divided by) 100 within :data:`NEAR` times of their
    range. Zeros and values beyond 100 say nothing about units. No test of significance: a pointer to look, as rare
    true values may lie so, too.

    >>> column = [66.9, 65.6, 0.25, 70.9, 68.0, 57.2, 61.1, 63.0, 59.9, 64.4]
    >>> [(odd.place, odd.mended) for odd in unit_outliers(column)]
    [(2, 25.0)]
    """
    known = [(i, v) for i, v in enumerate(values) if v is not None and math.isfinite(v) and v != 0.0]
    if any(not 0.0 < v <= 100.0 for _, v in known):
        return ()
    shares = [(i, v) for i, v in known if v <= 1.0]
    percents = [(i, v) for i, v in known if v > 1.0]
    found = _odd(shares, percents, 100.0) or _odd(percents, shares, 0.01)
    return tuple(found)


def _odd(few: list[tuple[int, float]], others: list[tuple[int, float]], factor: float) -> list[Odd]:
    if not few or len(others) < LEAST or len(few) > MOST * (len(few) + len(others)):
        return []
    low, high = min(v for _, v in others), max(v for _, v in others)
    if high > SPREAD * low:
        return []
    usual = median(v for _, v in others)
    return [
        Odd(place=i, value=v, mended=v * factor, usual=usual)
        for i, v in few
        if (v * APART <= low or v >= APART * high) and low / NEAR <= v * factor <= high * NEAR
    ]
