"""What is selected beside what people would select: over-selection, precision, recall and F1."""

import math

import numpy as np
from numpy.typing import ArrayLike

from hcgov.core.estimate import Estimate, Method
from hcgov.core.frozen import frozen
from hcgov.stats.crossed import Rows, jackknifed
from hcgov.stats.effective import critical_value
from hcgov.stats.personal.leaving_out import Floats
from hcgov.stats.shares import share, worth
from hcgov.stats.student import critical_t

_LEVEL = 0.975


@frozen
class Confusion:
    """Items by what was selected and what is right.

    Parameters
    ----------
    hits, false, missed, rest
        Selected and right, selected and wrong, not selected but right, neither; weights allowed.
    """

    hits: float
    false: float
    missed: float
    rest: float

    @property
    def precision(self) -> float | None:
        """Share of the selected that is right."""
        return _over(self.hits, self.hits + self.false)

    @property
    def recall(self) -> float | None:
        """Share of the right that is selected."""
        return _over(self.hits, self.hits + self.missed)

    @property
    def accuracy(self) -> float | None:
        """Share of all items that is selected and right, or neither."""
        return _over(self.hits + self.rest, self.hits + self.false + self.missed + self.rest)

    def f(self, beta: float = 1.0) -> float | None:
        """Return F-beta: van Rijsbergen 1979, Information Retrieval, chapter 7; beta of 2 weighs recall more."""
        square = beta * beta
        return _over(
            (1.0 + square) * self.hits, (1.0 + square) * self.hits + square * self.missed + self.false
        )


def confusion(selected: ArrayLike, right: ArrayLike) -> Confusion:
    """Count items by what was selected and what is right, both of 0 and 1."""
    s, r = np.asarray(selected, dtype=np.float64), np.asarray(right, dtype=np.float64)
    return Confusion(
        hits=float(s @ r),
        false=float(s @ (1.0 - r)),
        missed=float((1.0 - s) @ r),
        rest=float((1.0 - s) @ (1.0 - r)),
    )


def f1_from(precision: float, recall: float) -> float | None:
    """Return the harmonic mean of precision and recall.

    >>> [round(f1_from(p, r), 4) for p, r in ((0.372, 0.838), (0.608, 0.605), (0.611, 0.674))]
    [0.5153, 0.6065, 0.641]
    """
    return _over(2.0 * precision * recall, precision + recall)


@frozen
class Implied:
    """What accuracy, precision and recall imply together."""

    prevalence: float
    selection: float
    over_selection: float
    kappa: float


def implied(accuracy: float, precision: float, recall: float) -> Implied | None:
    """Return prevalence, selection rate, over-selection and kappa behind three published figures.

    Notes
    -----
    With prevalence p, hits are R p and the selected R p / P, so that 1 - accuracy = p + R p / P - 2 R p.
    ``None`` where no table has these figures.
    """
    if not 0.0 < precision <= 1.0:
        return None
    slope = 1.0 + recall / precision - 2.0 * recall
    if slope <= 0.0 or recall <= 0.0:
        return None
    prevalence = (1.0 - accuracy) / slope
    selection = recall * prevalence / precision
    if not (0.0 < prevalence < 1.0 and 0.0 < selection < 1.0):
        return None
    expected = prevalence * selection + (1.0 - prevalence) * (1.0 - selection)
    return Implied(
        prevalence=prevalence,
        selection=selection,
        over_selection=recall / precision,
        kappa=(accuracy - expected) / (1.0 - expected),
    )


def f1(selected: ArrayLike, right: ArrayLike, rows: Rows) -> Estimate | None:
    """Return the F1 of a selection with people and items as clusters; Clopper-Pearson on its worth decides.

    ``None`` where nothing is selected and nothing is right.
    """
    s, r = np.asarray(selected, dtype=np.float64), np.asarray(right, dtype=np.float64)
    terms = np.stack([2.0 * s * r, s + r], axis=1)
    return _share_of(terms, rows, r > 0)


def ratio_of(part: ArrayLike, whole: ArrayLike, rows: Rows) -> Estimate | None:
    """Return the share of ``whole`` that is also ``part``, such as precision or recall; ``None`` of nothing."""
    a, b = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    return _share_of(np.stack([a * b, b], axis=1), rows, b > 0)


def over_selection(selected: ArrayLike, wanted: ArrayLike, rows: Rows) -> Estimate | None:
    """Return how often something is selected over how often people want it: above 1 is too often.

    Parameters
    ----------
    selected
        Whether each item was selected, or the share of raters who did, in [0, 1]; shape (items,).
    wanted
        Share of people who selected it, in [0, 1].
    rows
        People whom the items are about, and prompts: both are clusters.

    Returns
    -------
    Estimate or None
        ``None`` where nothing was selected or nothing wanted: no ratio can be bounded then.

    Notes
    -----
    The variance of the logarithm of the ratio is that of a jackknife over people and prompts (Kott 2001; Cameron,
    Gelbach and Miller 2011). Koopman's bounds (1984, Biometrics 40:513) are taken on the sample of two independent
    groups, of these two rates, whose log ratio varies as much.
    """
    s, w = np.asarray(selected, dtype=np.float64), np.asarray(wanted, dtype=np.float64)
    if not s.size or s.sum() <= 0.0 or w.sum() <= 0.0:
        return None
    one, other = float(s.mean()), float(w.mean())
    terms = np.stack([s, w], axis=1)
    found = jackknifed(terms, rows, lambda sums: np.log(sums[..., 0] / sums[..., 1]), math.log(one / other))
    people = rows.distinct_people
    size = float(max(people, 1)) if found is None else _size(one, other, *found, fewest=people)
    return Estimate(
        value=one / other,
        n=s.size,
        n_eff=2.0 * size,
        people=people,
        method=Method.KOOPMAN,
        statistics=(("x1", one * size), ("n1", size), ("x2", other * size), ("n2", size)),
    )


def inverse(estimate: Estimate) -> Estimate:
    """Return the inverse of a ratio of two groups: under-selection from over-selection."""
    values = dict(estimate.statistics)
    statistics = tuple(
        (name, values[other]) for name, other in (("x1", "x2"), ("n1", "n2"), ("x2", "x1"), ("n2", "n1"))
    )
    value = None if not estimate.value else 1.0 / estimate.value
    return Estimate(
        value=value,
        n=estimate.n,
        n_eff=estimate.n_eff,
        people=estimate.people,
        method=estimate.method,
        statistics=statistics,
    )


def _size(one: float, other: float, variance: float, df: int, *, fewest: int) -> float:
    spread = (1.0 - one) / one + (1.0 - other) / other
    if variance <= 0.0 or spread <= 0.0 or df < 1:
        return float(max(fewest, 1))
    return max(spread / variance * (critical_value(_LEVEL) / critical_t(_LEVEL, float(df))) ** 2, 1.0)


def _share_of(
    terms: Floats, rows: Rows, positive: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]"
) -> Estimate | None:
    total = terms.sum(axis=0)
    if not terms.size or total[1] <= 0.0:
        return None
    value = min(float(total[0] / total[1]), 1.0)
    found = jackknifed(terms, rows, lambda sums: sums[..., 0] / sums[..., 1], value)
    fewest = rows.where(np.asarray(positive)).distinct_people
    n = int(terms.shape[0])
    variance, df = (None, None) if found is None else found
    size = worth(value, variance, fewest=max(fewest, 1), most=float(n), df=df)
    return share(value, size, n=n, people=rows.distinct_people)


def _over(part: float, whole: float) -> float | None:
    return part / whole if whole > 0.0 else None
