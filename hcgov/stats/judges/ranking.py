"""Whether a judge puts systems in the order in which people put them."""

import math

import numpy as np

from hcgov.core.frozen import frozen
from hcgov.stats.crossed import Codes, Floats, buckets, ranked
from hcgov.stats.judges.correlation import RankCorrelation, kendall_tau, rank_correlation
from hcgov.stats.student import critical_t


@frozen
class Ranking:
    """How a judge decides on pairs of systems that people tell apart.

    Parameters
    ----------
    systems, pairs
        Systems, and pairs of them that people tell apart.
    right
        Pairs of these whose order is the judge's, too.
    shown_right, shown_wrong
        Pairs whose order by the judge is right, or wrong, for more than chance.
    tau
        Kendall's tau-b between the mean scores.
    rho
        Spearman's correlation between them, with its permutation test.
    """

    systems: int
    pairs: int
    right: int
    shown_right: int
    shown_wrong: int
    tau: float | None
    rho: RankCorrelation | None

    @property
    def accuracy(self) -> float | None:
        """Share of the pairs that people tell apart which the judge orders the same way."""
        return self.right / self.pairs if self.pairs else None


def ranking(
    systems: Codes, judge: Floats, people: Floats, clusters: Codes, *, level: float = 0.95
) -> Ranking | None:
    """Compare the order of systems by a judge with that by people, over the same items.

    Parameters
    ----------
    systems
        Whose output each row is about, shape (n,).
    judge, people
        Scores by either, shape (n,).
    clusters
        Item or user of each row: outputs of several systems for the same item share its difficulty.
    level
        Confidence with which people have to tell two systems apart (two-sided), and with which all pairs that are
        shown right, or wrong, are so together (Bonferroni).

    Returns
    -------
    Ranking or None
        ``None`` with fewer than two systems or clusters.

    Notes
    -----
    Pairwise accuracy of Kocmi et al. 2021, To ship or not to ship (arXiv:2107.10821). Differences of mean scores
    with a delete-a-group jackknife over clusters (Kott 2001, Journal of Official Statistics 17:521).
    """
    who, place = ranked(systems)
    bucket = buckets(clusters)
    groups = int(bucket.max(initial=0)) + 1
    if who.size < 2 or groups < 2:
        return None
    by_judge, judge_error = _differences(place, judge, bucket, who.size, groups)
    by_people, people_error = _differences(place, people, bucket, who.size, groups)
    upper = np.triu_indices(who.size, 1)
    d_judge, e_judge, d_people, e_people = (
        one[upper] for one in (by_judge, judge_error, by_people, people_error)
    )
    # A pair whose difference cannot be computed without some bucket is not told apart.
    with np.errstate(invalid="ignore"):
        apart = np.abs(d_people) > critical_t((1.0 + level) / 2.0, groups - 1.0) * e_people
    pairs = int(apart.sum())
    same = np.sign(d_judge[apart]) == np.sign(d_people[apart])
    sure = np.zeros(0, dtype=np.bool_)
    if pairs:
        with np.errstate(invalid="ignore"):
            sure = (
                np.abs(d_judge[apart])
                > critical_t(1.0 - (1.0 - level) / pairs, groups - 1.0) * e_judge[apart]
            )
    count = np.bincount(place)
    means = [np.bincount(place, weights=one) / count for one in (judge, people)]
    return Ranking(
        systems=int(who.size),
        pairs=pairs,
        right=int(same.sum()),
        shown_right=int((same & sure).sum()),
        shown_wrong=int((~same & sure).sum()),
        tau=kendall_tau(*means),
        rho=rank_correlation(*means),
    )


def _differences(
    place: Codes, scores: Floats, bucket: Codes, systems: int, groups: int
) -> tuple[Floats, Floats]:
    """Return the differences of mean scores between any two systems and their errors, shape (systems, systems)."""
    cell = place * groups + bucket
    count = np.bincount(cell, minlength=systems * groups).reshape(systems, groups).astype(np.float64)
    total = np.bincount(cell, weights=scores, minlength=systems * groups).reshape(systems, groups)
    with np.errstate(invalid="ignore", divide="ignore"):
        whole = total.sum(axis=1) / count.sum(axis=1)
        without = (total.sum(axis=1, keepdims=True) - total) / (count.sum(axis=1, keepdims=True) - count)
    apart = whole[:, None] - whole[None, :]
    left = without[:, None, :] - without[None, :, :]
    spread = ((left - apart[..., None]) ** 2).sum(axis=2) * (groups - 1) / groups
    return apart, np.asarray(np.sqrt(spread), dtype=np.float64)


def needed_share(found: Ranking) -> tuple[float, float] | None:
    """Return the least and the largest share of pairs that the judge may order rightly; ``None`` without pairs.

    The least counts the pairs shown right, the largest all but those shown wrong.
    """
    if not found.pairs:
        return None
    return found.shown_right / found.pairs, 1.0 - found.shown_wrong / found.pairs


def is_even(values: Floats) -> bool:
    """Whether scores are all the same, to rounding."""
    return bool(values.size == 0 or math.isclose(float(values.min()), float(values.max()), abs_tol=1e-12))
