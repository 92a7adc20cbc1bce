"""Effective counts and levels of many cells at once."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hcgov.stats.effective import NONE, critical_value

Floats = NDArray[np.float64]


def cells(*given: ArrayLike) -> tuple[tuple[int, ...], tuple[Floats, ...]]:
    """Return the common shape of several arrays, and each as a flat array of that many numbers."""
    arrays = [np.asarray(one, dtype=np.float64) for one in given]
    if any(one.shape != arrays[0].shape for one in arrays):
        arrays = list(np.broadcast_arrays(*arrays))
    return arrays[0].shape, tuple(np.ravel(one) for one in arrays)


def check_counts(x: Floats, n: Floats) -> None:
    """Raise ``ValueError`` unless 0 <= x <= n < infinity everywhere."""
    impossible = ~((x >= 0.0) & (x <= n) & (n < np.inf))
    if impossible.any():
        at = int(np.argmax(impossible))
        raise ValueError(f"events lie between 0 and a finite size, not {x[at]} of {n[at]}")


def settled_counts(x: Floats, n: Floats) -> Floats:
    """Return effective counts, 0 where they are below :data:`hcgov.stats.effective.NONE`."""
    check_counts(x, n)
    return np.where(x >= NONE, x, 0.0)


def critical_values(levels: Floats) -> Floats:
    """Return the standard normal quantile of one-sided confidences in [0.5, 1).

    Raises
    ------
    ValueError
        A level lies elsewhere.
    """
    if levels.size and bool((levels == levels[0]).all()):
        return np.full(levels.shape, critical_value(float(levels[0])))
    different, place = np.unique(levels, return_inverse=True)
    return np.array([critical_value(float(level)) for level in different], dtype=np.float64)[place]


def quiet() -> Any:
    """Return the state in which branches that are not taken may divide by zero without a word."""
    return np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore")
