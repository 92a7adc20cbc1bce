"""The alternative annotator test: whether a judge may stand in for a person, by each person's own measure."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from hcgov.core.frozen import frozen
from hcgov.stats.crossed import Floats, distinct, ranked
from hcgov.stats.multiplicity import benjamini_yekutieli_adjusted
from hcgov.stats.student import student_cdf

Ints = NDArray[np.int64]
_TIE = 1e-9

EPSILON = {"expert": 0.2, "skilled": 0.15, "crowd": 0.1}
"""What a judge saves in time and money, as an advantage that people grant it: by whom it would replace."""


@frozen
class AlternativeTest:
    """Outcome of the test.

    Parameters
    ----------
    winning_rate
        Share of people that the judge is shown to stand in for; ``None`` where nobody was tested.
    advantage
        Mean probability that the judge is at least as close to the others as the person is.
    p_values, advantages
        Of each person tested, ordered by code.
    items
        Judgments of each person tested.
    beaten_by
        Share of people who are shown to be closer to the others than the judge by more than epsilon.
    left_out
        People with too few judgments that others made, too.
    covered
        Share of the judgments that are by people tested.
    """

    winning_rate: float | None
    advantage: float | None
    p_values: tuple[float, ...]
    advantages: tuple[float, ...]
    items: tuple[int, ...]
    beaten_by: float
    left_out: int
    covered: float


def alternative_test(
    people: Ints,
    units: Ints,
    values: Floats,
    judge: Floats,
    *,
    epsilon: float,
    scorer: Literal["accuracy", "rmse"] = "accuracy",
    sources: Ints | None = None,
    fewest_items: int = 30,
    q: float = 0.05,
) -> AlternativeTest:
    """Hold the judge and each person against the other people.

    Parameters
    ----------
    people, units, values
        Who judged what, and how, shape (n,): one row a person and unit. Labels are codes (``accuracy``) or scores
        (``rmse``).
    judge
        The judge's value about the same, shape (n,).
    epsilon
        Advantage granted to the judge for what it saves, in [0, 1).
    sources
        Cluster of each row where units come from the same source, shape (n,); ``None`` takes rows as independent.
    fewest_items
        A person with fewer judgments that others made, too, is left out.
    q
        False discovery rate.

    Raises
    ------
    ValueError
        ``epsilon`` or ``q`` is out of range.

    Notes
    -----
    Calderon, Reichart and Dror 2025, The alternative annotator test for LLM-as-a-judge, ACL (arXiv:2501.10970): for
    each person h, d_i = W_h - W_f, where W is 1 if the one scores at least as well on item i as the other, against
    the other people; H0: mean d >= epsilon by a one-sided t-test; Benjamini and Yekutieli over the people; the
    winning rate is the share of rejections. Here the t-test takes items of one source as one cluster. Where all d of
    a person are the same and not 1 there is no t: p is then (1 - epsilon)^n, the most probable that so many d of at
    most 0 can be with a mean of epsilon. Simulated where everyone is always right and the judge errs in 20 % of the
    items (epsilon 0.2), the p-value of one person falls below 0.05 in 10 % of cases with 50 items and 8 % with 100,
    for d is then 0 or 1.
    """
    if not (0.0 <= epsilon < 1.0 and 0.0 < q < 1.0):
        raise ValueError(f"epsilon and q lie in [0, 1) and (0, 1), not {epsilon} and {q}")
    usable = np.bincount(units, minlength=1)[units] > 1
    rows = int(usable.sum())
    mine, other = _closeness(units, values, judge, scorer)
    wins = (other >= mine - _TIE)[usable].astype(np.float64)
    d = (mine >= other - _TIE)[usable] - wins
    who, own = ranked(people[usable])
    count = np.bincount(own, minlength=who.size)
    tested = np.flatnonzero(count >= fewest_items)
    left_out = distinct(people) - int(tested.size)
    if not tested.size:
        return AlternativeTest(
            winning_rate=None,
            advantage=None,
            p_values=(),
            advantages=(),
            items=(),
            beaten_by=0.0,
            left_out=left_out,
            covered=0.0,
        )
    clusters = np.arange(rows) if sources is None else sources[usable]
    found = _Clustered.of(own, clusters, d, who.size)
    tests = [found.test(int(h), epsilon) for h in tested]
    better, worse = ([one[side] for one in tests] for side in (0, 1))
    won = np.bincount(own, weights=wins, minlength=who.size)[tested] / count[tested]
    rejected = [p <= q for p in benjamini_yekutieli_adjusted(better)]
    beaten = [p <= q for p in benjamini_yekutieli_adjusted(worse)]
    return AlternativeTest(
        winning_rate=sum(rejected) / len(rejected),
        advantage=float(won.mean()),
        p_values=tuple(better),
        advantages=tuple(float(one) for one in won),
        items=tuple(int(one) for one in count[tested]),
        beaten_by=sum(beaten) / len(beaten),
        left_out=left_out,
        covered=float(count[tested].sum() / people.size),
    )


@frozen
class _Clustered:
    """Sums over the clusters of each person: rows, d, clusters, and second moments."""

    n: Floats
    d: Floats
    clusters: Floats
    n2: Floats
    nd: Floats
    d2: Floats
    low: Floats
    high: Floats

    @classmethod
    def of(cls, own: Ints, clusters: Ints, d: Floats, size: int) -> "_Clustered":
        """Sum up rows by person and cluster, then by person."""
        named = ranked(clusters)[1]
        cell, place = np.unique(own * (int(named.max()) + 1) + named, return_inverse=True)
        whose = cell // (int(named.max()) + 1)
        n: Floats = np.bincount(place).astype(np.float64)
        total = np.bincount(place, weights=d)

        def summed(values: NDArray[Any]) -> Floats:
            return np.asarray(np.bincount(whose, weights=values, minlength=size), dtype=np.float64)

        low, high = np.full(size, np.inf), np.full(size, -np.inf)
        np.minimum.at(low, own, d)
        np.maximum.at(high, own, d)
        return cls(
            n=summed(n),
            d=summed(total),
            clusters=summed(np.ones_like(n)),
            n2=summed(n * n),
            nd=summed(n * total),
            d2=summed(total * total),
            low=low,
            high=high,
        )

    def test(self, h: int, epsilon: float) -> tuple[float, float]:
        """Return p of "the person is better by epsilon or more", and of "by no more than epsilon"."""
        mean, groups = float(self.d[h] / self.n[h]), float(self.clusters[h])
        if self.low[h] == self.high[h]:
            none = (1.0 - epsilon) ** groups
            return (none, 1.0) if mean <= 0.0 else (1.0, epsilon**groups if epsilon else 0.0)
        if groups < 2:
            return 1.0, 1.0
        between = float(self.d2[h] - 2.0 * mean * self.nd[h] + mean * mean * self.n2[h])
        if between <= 1e-12 * self.n2[h]:
            return 1.0, 1.0
        se = (between * groups / (groups - 1.0)) ** 0.5 / float(self.n[h])
        t = (mean - epsilon) / se
        return student_cdf(t, groups - 1.0), student_cdf(-t, groups - 1.0)


def _closeness(units: Ints, values: Floats, judge: Floats, scorer: str) -> tuple[Floats, Floats]:
    """Return how well each person, and the judge, fit the other people, larger is closer, shape (n,)."""
    count = np.bincount(units)[units]
    rest = np.maximum(count - 1, 1)
    if scorer == "accuracy":
        kinds = np.unique(np.concatenate([values, judge]), return_inverse=True)
        own, given, size = kinds[1][: values.size], kinds[1][values.size :], kinds[0].size
        cells = ranked(np.concatenate([units * size + own, units * size + given]))[1]
        mine, other = cells[: values.size], cells[values.size :]
        table = np.bincount(mine, minlength=int(cells.max(initial=0)) + 1)
        return np.asarray((table[mine] - 1) / rest), np.asarray((table[other] - (own == given)) / rest)
    first = np.bincount(units, weights=values)[units] - values
    second = np.bincount(units, weights=values * values)[units] - values * values

    def fit(guess: Floats) -> Floats:
        squared = guess * guess - 2.0 * guess * first / rest + second / rest
        return np.asarray(-np.sqrt(np.maximum(squared, 0.0)))

    return fit(values), fit(judge)
