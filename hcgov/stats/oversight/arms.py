"""An outcome under two conditions that the same people met: with a machine's suggestion and without."""

import numpy as np
from numpy.typing import NDArray

from hcgov.core.estimate import Estimate
from hcgov.stats.crossed import Rows, of_sums

Bools = NDArray[np.bool_]


def arm_difference(y: Bools, arm: Bools, rows: Rows, *, aim: float = 0.0) -> Estimate:
    """Return the share of an outcome in one arm minus that in the other, people and items being in both.

    Parameters
    ----------
    y
        Outcome of each row, shape (n,).
    arm
        Whether the row belongs to the arm from which the other is subtracted.
    rows
        Their people and items.
    aim
        The most favourable difference: 0 where it is a fault, 1 where it is a gain.

    Returns
    -------
    Estimate
        In [-1, 1]; without a value where an arm is empty, without an interval where it hangs on one person or item.

    Notes
    -----
    Jackknife over people and items, see :func:`hcgov.stats.crossed.of_sums`. With the outcome "says what the machine
    suggests" and the arm "saw the suggestion" it is anchoring: Tversky and Kahneman 1974
    (doi:10.1126/science.185.4157.1124). It measures the effect of showing only where the arm was drawn at random.
    """
    inside, outcome = arm.astype(np.float64), y.astype(np.float64)
    terms = np.stack([outcome * inside, inside, outcome * (1.0 - inside), 1.0 - inside], axis=1)
    return of_sums(
        terms,
        rows,
        lambda s: s[..., 0] / s[..., 1] - s[..., 2] / s[..., 3],
        low=-1.0,
        high=1.0,
        aim=aim,
    )
