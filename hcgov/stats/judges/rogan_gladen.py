"""A rate from a judge alone, corrected for how often it errs on items that people labelled."""

import math
from dataclasses import replace

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.stats.differences import miettinen_nurminen_lower
from hcgov.stats.effective import check_counts, critical_value
from hcgov.stats.means import student

LEAST = 0.1
"""A judge whose hit rate is not shown to exceed its alarm rate by more says too little to be corrected."""


@frozen
class Errors:
    """How a judge does on items that people labelled; counts are effective and need not be whole.

    Parameters
    ----------
    hits, positives
        Items with label 1, and those of them that the judge says 1 of.
    rejections, negatives
        Items with label 0, and those of them that the judge says 0 of.
    """

    hits: float
    positives: float
    rejections: float
    negatives: float

    @property
    def sensitivity(self) -> float | None:
        """Share of the positives that the judge finds; ``None`` without any."""
        return self.hits / self.positives if self.positives else None

    @property
    def specificity(self) -> float | None:
        """Share of the negatives that the judge rejects; ``None`` without any."""
        return self.rejections / self.negatives if self.negatives else None

    def worth(self, level: float) -> float:
        """Return the lower bound of sensitivity + specificity - 1; -1 where a side has no items.

        It is the hit rate minus the alarm rate, of different items: Miettinen and Nurminen's bound.
        """
        alarms = max(self.negatives - self.rejections, 0.0)
        return miettinen_nurminen_lower(self.hits, self.positives, alarms, self.negatives, level)


def corrected(share_of_judge: float, n: float, errors: Errors) -> float | None:
    """Return (p + q0 - 1) / (q0 + q1 - 1) clipped to [0, 1]; ``None`` for a judge no better than chance.

    Parameters
    ----------
    share_of_judge, n
        Share of items that the judge says 1 of, and how many they are worth.
    errors
        From other items, which people labelled.

    Notes
    -----
    Rogan and Gladen 1978, American Journal of Epidemiology 107:71 (doi:10.1093/oxfordjournals.aje.a112510).
    """
    check_counts(share_of_judge * n, n)
    if errors.sensitivity is None or errors.specificity is None:
        return None
    power = errors.specificity + errors.sensitivity - 1.0
    if power <= 0.0:
        return None
    return min(max((share_of_judge + errors.specificity - 1.0) / power, 0.0), 1.0)


def interval(share_of_judge: float, n: float, errors: Errors, level: float) -> tuple[float, float]:
    """Return both bounds of the corrected rate, each at a one-sided confidence.

    Notes
    -----
    The adjusted interval of Lee, Zeng, Lee and Sohn 2025, How to correctly report LLM-as-a-judge evaluations
    (arXiv:2511.21140): counts are smoothed, and the centre moved by what smoothing bends.
    """
    z = critical_value(level)
    centre, se = _adjusted(share_of_judge, n, errors, z)
    if not math.isfinite(se):
        return 0.0, 1.0
    return min(max(centre - z * se, 0.0), 1.0), min(max(centre + z * se, 0.0), 1.0)


def corrected_share(
    share_of_judge: float,
    size: float,
    errors: Errors,
    *,
    n: int,
    people: int | None = None,
    level: float = 0.95,
) -> Estimate | None:
    """Return the corrected rate as an estimate; ``None`` where the judge is not shown to say enough.

    Parameters
    ----------
    share_of_judge, size
        Share of items that the judge says 1 of, and the independent observations that they are worth.
    errors
        How it does on items that people labelled, in effective counts.
    n, people
        Rows of the judge and distinct people.
    level
        One-sided confidence at which sensitivity + specificity - 1 has to exceed :data:`LEAST`.

    Notes
    -----
    Student's t on the centre and error of :func:`interval`, with one degree of freedom less than there are items of
    the rarer label, within [0, 1]. Simulated one-sided errors at nominal 5 %, for rates of 0.05 to 0.95 and 30 to 200
    items of either label: 4 % on average. A binomial shape of the same variance errs in up to 12 % near the ends.
    """
    value = corrected(share_of_judge, size, errors)
    if value is None or errors.worth(level) <= LEAST:
        return None
    centre, se = _adjusted(share_of_judge, size, errors, critical_value(0.95))
    df = max(min(errors.positives, errors.negatives) - 1.0, 1.0)
    made = student(min(max(centre, 0.0), 1.0), se, df, n=n, people=people, n_eff=size, low=0.0, high=1.0)
    return replace(made, value=value)


def _adjusted(p: float, n: float, errors: Errors, z: float) -> tuple[float, float]:
    p, n = (n * p + z * z / 2.0) / (n + z * z), n + z * z
    m0, m1 = errors.negatives + 2.0, errors.positives + 2.0
    q0, q1 = (errors.rejections + 1.0) / m0, (errors.hits + 1.0) / m1
    power = q0 + q1 - 1.0
    if power <= 0.0:
        return 0.5, math.inf
    theta = (p + q0 - 1.0) / power
    from0, from1 = q0 * (1.0 - q0) / m0, q1 * (1.0 - q1) / m1
    moved = 2.0 * z * z * (theta * from1 - (1.0 - theta) * from0)
    variance = p * (1.0 - p) / n + (1.0 - theta) ** 2 * from0 + theta**2 * from1
    return theta + moved, math.sqrt(variance) / power
