"""Zeros of many rising functions at once."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hcgov.stats.roots import NEWTON_STEPS
from hcgov.stats.vector.effective import Floats

Function = Callable[..., tuple[Floats, Floats]]


def newton_root(function: Function, low: Floats, high: Floats, *given: Floats) -> Floats:
    """Return the zeros of rising functions between ``low`` and ``high``, one a cell.

    Parameters
    ----------
    function
        From places and the cells of ``given`` to values and slopes.
    low, high
        Brackets, finite and positive.
    given
        What the function takes besides, one number a cell, or rows of them.

    Notes
    -----
    :func:`hcgov.stats.roots.newton_root` operation by operation. A cell leaves when it is found, so that its
    answer does not depend on its neighbours.
    """
    found = np.empty_like(low)
    open_cells: NDArray[np.intp] = np.arange(low.size)
    at = 0.5 * (low + high)
    before = np.full_like(low, np.inf)
    for _ in range(NEWTON_STEPS):
        value, slope = function(at, *given)
        below = value < 0.0
        low, high = np.where(below, at, low), np.where(below, high, at)
        rises = slope > 0.0
        middle, size = 0.5 * (low + high), np.abs(value)
        now = np.where(rises, np.minimum(np.maximum(at - value / slope, low), high), middle)
        done = np.abs(now - at) <= 1e-13 * at
        found[open_cells] = now
        if done.all():
            return found
        before, at = size, np.where(size > 0.5 * before, middle, now)
        if done.any():
            left = ~done
            open_cells = open_cells[left]
            at, low, high, before = (one[left] for one in (at, low, high, before))
            given = tuple(one[..., left] for one in given)
    found[open_cells] = at
    return found
