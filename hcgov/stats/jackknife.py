"""Delete-a-group jackknife: the error of any metric, from its values without each bucket of people."""

import math
from collections.abc import Sequence

from hcgov.core.frozen import frozen

GROUPS = 32
"""Buckets of people that a metric is recomputed without, one at a time."""


@frozen
class Jackknifed:
    """Variance of an estimate between groups of people, and the degrees of freedom of that variance."""

    variance: float
    df: int


def delete_a_group(value: float, replicates: Sequence[float]) -> Jackknifed | None:
    """Return the variance of an estimate from its values without each group of people.

    Parameters
    ----------
    value
        The estimate from everyone.
    replicates
        The estimate without each group that has anyone in it, in any order; finite.

    Returns
    -------
    Jackknifed or None
        ``None`` with fewer than two groups, which say nothing about the variation between them.

    Raises
    ------
    ValueError
        A value is not finite.

    Notes
    -----
    v = (G - 1) / G sum_g (t_g - t)^2 with G - 1 degrees of freedom: Kott 2001, The delete-a-group jackknife,
    Journal of Official Statistics 17:521-526. Groups must be assigned without regard to the data; here a
    person's group is a hash of who they are. Deviations are taken from the full estimate, which is never
    smaller than taking them from the mean of the replicates.
    """
    if not all(map(math.isfinite, (value, *replicates))):
        raise ValueError("the values of a jackknife are finite; where one is undefined there is no interval")
    groups = len(replicates)
    if groups < 2:
        return None
    spread = math.fsum((one - value) ** 2 for one in replicates)
    return Jackknifed(variance=(groups - 1) / groups * spread, df=groups - 1)
