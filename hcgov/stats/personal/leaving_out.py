"""Statistics with their values without each bucket of people: the jackknife of what is no function of column sums."""

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.stats.means import student

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Codes: TypeAlias = NDArray[np.signedinteger[Any]]


@frozen
class Left:
    """Statistics of all rows, and without each bucket of people.

    Delete-a-group jackknife: Kott 2001, Journal of Official Statistics 17:521.

    Parameters
    ----------
    whole
        Shape (k,); NaN where a statistic is undefined.
    without
        Shape (buckets, k).
    n, people
        Rows and distinct people.
    """

    whole: Floats
    without: Floats
    n: int
    people: int

    def estimate(
        self, at: int, *, low: float | None = None, high: float | None = None, aim: float | None = None
    ) -> Estimate | None:
        """Return one of the statistics as an estimate; ``None`` where it is undefined."""
        return self.of(self.whole[at], self.without[:, at], low=low, high=high, aim=aim)

    def of(
        self,
        whole: float,
        without: Floats,
        *,
        low: float | None = None,
        high: float | None = None,
        aim: float | None = None,
    ) -> Estimate | None:
        """Return an estimate of anything computed from the statistics, with and without each bucket."""
        if not math.isfinite(whole):
            return None
        groups = without.size
        se = None
        if groups > 1 and np.isfinite(without).all():
            se = math.sqrt((groups - 1) / groups * float(((without - whole) ** 2).sum()))
        return student(
            float(whole), se, groups - 1, n=self.n, people=self.people, low=low, high=high, aim=aim
        )
