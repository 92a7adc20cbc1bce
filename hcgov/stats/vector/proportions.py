"""Bounds of many rates at once: :mod:`hcgov.stats.proportions` cell by cell, to about 13 digits."""

import numpy as np
from numpy.typing import ArrayLike

from hcgov.stats.vector.beta_quantile import beta_quantiles
from hcgov.stats.vector.effective import Floats, cells, check_counts, critical_values, quiet


def clopper_pearson_lower(x: ArrayLike, n: ArrayLike, level: ArrayLike) -> Floats:
    """Return the exact lower bounds of rates, 0 without events.

    Parameters
    ----------
    x, n
        Effective events and sizes, 0 <= x <= n, not necessarily whole; arrays of one shape, or numbers.
    level
        One-sided confidence in [0.5, 1): one, or one a cell.

    Raises
    ------
    ValueError
        Counts or a level are out of range.

    Notes
    -----
    See :func:`hcgov.stats.proportions.clopper_pearson_lower`. Equal cells are solved once.
    """
    shape, (x, n, level) = cells(x, n, level)
    check_counts(x, n)
    return _beta_bounds(x, n - x + 1.0, level)[0].reshape(shape)


def clopper_pearson_upper(x: ArrayLike, n: ArrayLike, level: ArrayLike) -> Floats:
    """Return the exact upper bounds of rates, 1 where there is nothing but events.

    Arguments and errors are those of :func:`clopper_pearson_lower`.
    """
    shape, (x, n, level) = cells(x, n, level)
    check_counts(x, n)
    # The complement of the lower bound of what did not happen, which keeps the digits of a small bound.
    return _beta_bounds(n - x, x + 1.0, level)[1].reshape(shape)


def wilson_lower(x: ArrayLike, n: ArrayLike, level: ArrayLike) -> Floats:
    """Return the score lower bounds of rates, 0 without events.

    Arguments and errors are those of :func:`clopper_pearson_lower`; see
    :func:`hcgov.stats.proportions.wilson_lower`.
    """
    shape, (x, n, level) = cells(x, n, level)
    check_counts(x, n)
    z = critical_values(level)
    with quiet():
        root = x + z * z / 2.0 + z * np.sqrt(x * (n - x) / n + z * z / 4.0)
        bound = np.minimum(x / root * (x / n), 1.0)
    return np.where(x == 0.0, 0.0, bound).reshape(shape)


def wilson_upper(x: ArrayLike, n: ArrayLike, level: ArrayLike) -> Floats:
    """Return the score upper bounds of rates, 1 where there is nothing but events; see :func:`wilson_lower`."""
    shape, (x, n, level) = cells(x, n, level)
    check_counts(x, n)
    z = critical_values(level)
    with quiet():
        root = x + z * z / 2.0 + z * np.sqrt(x * (n - x) / n + z * z / 4.0)
        bound = np.minimum(root / (n + z * z), 1.0)
    return np.where(x == n, 1.0, bound).reshape(shape)


def _beta_bounds(a: Floats, b: Floats, level: Floats) -> tuple[Floats, Floats]:
    """Return the 1 - level quantile of Beta(a, b), 0 where a is, and its complement."""
    critical_values(level)
    quantile, complement = np.zeros_like(a), np.ones_like(a)
    hard = a > 0.0
    if hard.any():
        cases = np.stack([1.0 - level[hard], a[hard], b[hard]])
        different, place = np.unique(cases, axis=1, return_inverse=True)
        with quiet():
            found, rest = beta_quantiles(*different)
        quantile[hard], complement[hard] = found[np.ravel(place)], rest[np.ravel(place)]
    return quantile, complement
