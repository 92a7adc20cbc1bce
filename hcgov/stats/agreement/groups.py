"""Agreement within a group of people and across its border: whether who judges explains disagreement.

Cohesion is Krippendorff's alpha among the group's own judgments, cross-group agreement the like for pairs of which one
belongs to the group and the other does not. Their ratio is the group association index: above 1, people of the group
agree more among themselves than with others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hcgov.core.frozen import frozen
from hcgov.stats.agreement.judged import Bools, Floats, Ints, Judged, counted
from hcgov.stats.agreement.meetings import Meetings

WEAK = 0.05
"""Cross-group agreement below this is taken for this in the ratio, which would else have no end, or the wrong sign."""


@frozen
class Association:
    """Agreement within a group and across its border.

    Parameters
    ----------
    cohesion
        In-group cohesion, IRR_g, at most 1; ``None`` where no item has two of the group, or none disagree anywhere.
    across
        Cross-group agreement, XRR_g, at most 1; ``None`` where no item was judged on both sides.
    index
        GAI_g = IRR_g / max(XRR_g, 0.05); ``None`` where either is unknown.
    items
        Items with two or more of the group, and items judged on both sides.
    """

    cohesion: float | None
    across: float | None
    index: float | None
    items: tuple[int, int]


def association(judged: Judged, member: Bools, apart: Floats) -> Association:
    """Return cohesion, cross-group agreement and the association index of one group.

    Parameters
    ----------
    judged
        Judgments of people whose group is recorded, with at most a few dozen labels.
    member
        Who belongs to the group, shape (n_people,).
    apart
        Squared distance of every two labels, shape (labels, labels).

    Notes
    -----
    Prabhakaran et al. 2024, GRASP, NAACL (arXiv:2311.05074): IRR is Krippendorff's alpha, XRR the cross-replication
    reliability of Wong, Paritosh and Aroyo 2021 (ACL, arXiv:2106.07393), in which items weigh by their judgments.
    """
    own, other = _split(judged, member)
    return _association(_summed(own, other, apart), apart)


def _split(judged: Judged, member: Bools) -> tuple[Floats, Floats]:
    q = judged.n_labels
    inside = member[judged.people]
    own = counted(judged.items[inside], judged.labels[inside], judged.n_items, q)
    other = counted(judged.items[~inside], judged.labels[~inside], judged.n_items, q)
    return own.astype(np.float64), other.astype(np.float64)


@dataclass(frozen=True)
class _Terms:
    """What each item adds to a group's sums: vectors of labels, shape (items, q), and numbers, shape (items, 5).

    Labels of the group in items with two of it, labels of the group and of the others in items judged on both sides;
    then disagreement within, items with two, weighted disagreement across, its weight, and items judged on both sides.
    """

    used: Floats
    left: Floats
    right: Floats
    ends: Floats

    @classmethod
    def of(cls, own: Floats, other: Floats, apart: Floats) -> "_Terms":
        several, both, ends = _ends(own, other, apart)
        return cls(own * several[:, None], own * both[:, None], other * both[:, None], ends)

    def by(self, starts: Ints) -> Floats:
        """Return the sums over runs of items that begin at ``starts``, shape (runs, 3 q + 5)."""
        parts = (self.used, self.left, self.right, self.ends)
        return np.concatenate([np.add.reduceat(part, starts, axis=0) for part in parts], axis=1)


def _ends(own: Floats, other: Floats, apart: Floats) -> tuple[Floats, Floats, Floats]:
    """Return which items have two judgments of the group, which were judged on both sides, and the five numbers."""
    ones = np.ones(own.shape[1])
    m, k = own @ ones, other @ ones
    several, both = (m >= 2.0).astype(np.float64), ((m >= 1.0) & (k >= 1.0)).astype(np.float64)
    near = own @ apart
    weight = both * (m + k)
    within = ((near * own) @ ones) * several / np.maximum(m - 1.0, 1.0)
    across = ((near * other) @ ones) * weight / np.maximum(m * k, 1.0)
    return several, both, np.stack([within, several, across, weight, both], axis=1)


def _summed(own: Floats, other: Floats, apart: Floats) -> Floats:
    """Return the sums of all items, shape (3 q + 5,); see :class:`_Terms`."""
    several, both, ends = _ends(own, other, apart)
    return np.concatenate([several @ own, both @ own, both @ other, ends.sum(axis=0)])


def _indices(found: Floats, apart: Floats) -> tuple[Floats, Floats]:
    """Return cohesion and cross-group agreement from sums of shape (..., 3 q + 5); NaN where undefined."""
    q = apart.shape[0]
    used, left, right = found[..., :q], found[..., q : 2 * q], found[..., 2 * q : 3 * q]
    within, crossed, weight = found[..., 3 * q], found[..., 3 * q + 2], found[..., 3 * q + 3]
    n = used.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = np.einsum("...c,ck,...k->...", used, apart, used) / (n * (n - 1.0))
        cohesion = 1.0 - within / n / np.where(chance > 0.0, chance, np.nan)
        expected = np.einsum("...c,ck,...k->...", left, apart, right)
        expected = expected / (left.sum(axis=-1) * right.sum(axis=-1))
        across = 1.0 - crossed / weight / np.where(expected > 0.0, expected, np.nan)
    return np.asarray(cohesion), np.asarray(across)


def _ratio(found: Floats, apart: Floats) -> Floats:
    cohesion, across = _indices(found, apart)
    return np.asarray(cohesion / np.maximum(across, WEAK))


def _association(found: Floats, apart: Floats) -> Association:
    cohesion, across = (float(one) for one in _indices(found, apart))
    index = float(_ratio(found, apart))
    items = int(found[3 * apart.shape[0] + 1]), int(found[3 * apart.shape[0] + 4])
    return Association(cohesion=_known(cohesion), across=_known(across), index=_known(index), items=items)


def association_spread(
    judged: Judged, member: Bools, apart: Floats, *, meetings: Meetings | None = None
) -> tuple[float, int] | None:
    """Return variance and degrees of freedom of the association index: a jackknife over people, items and both.

    Parameters
    ----------
    judged, member, apart
        As for :func:`association`.
    meetings
        Those of ``judged``, where several groups are asked about.

    Returns
    -------
    (float, int) or None
        ``None`` where the index is undefined without some of them. The variance is that of
        :func:`hcgov.stats.agreement.intervals.spread`.
    """
    if not judged.rows:
        return None
    met = meetings or Meetings.of(judged)
    own, other = _split(met.judged, member)
    rows, q = np.searchsorted(met.place, met.ends), judged.n_labels
    inside = member[met.judged.people]
    n_b, n_a = met.ends.size - 1, int(met.cells.max()) + 1
    of_items, people, cells = np.empty((n_b, 3 * q + 5)), np.zeros((n_a, 3 * q + 5)), []
    for b in range(n_b):
        start, end = int(met.ends[b]), int(met.ends[b + 1])
        here, judgments = slice(met.first[b], met.first[b + 1]), slice(rows[b], rows[b + 1])
        of_items[b] = _summed(own[here], other[here], apart)
        if start == end:
            continue
        items, place = met.items[start:end], met.place[judgments] - start
        within, labels = inside[judgments], met.judged.labels[judgments]
        mine, theirs = (counted(place[at], labels[at], end - start, q) for at in (within, ~within))
        before, beside = own[items], other[items]
        a = met.cells[start:end]
        starts = np.flatnonzero(np.concatenate([[True], a[1:] != a[:-1]]))
        less = _Terms.of(before - mine, beside - theirs, apart).by(starts)
        taken = _Terms.of(before, beside, apart).by(starts) - less
        people[a[starts]] += taken
        cells.append(taken)
    return _combined(
        of_items.sum(axis=0), [of_items, people, np.concatenate(cells)], lambda found: _ratio(found, apart)
    )


def _combined(
    whole: Floats, taken: list[Floats], value: Callable[[Floats], Floats]
) -> tuple[float, int] | None:
    centre, variances = float(value(whole)), []
    for part in taken:
        groups = part.shape[0]
        found = value(whole - part)
        if groups < 2 or not (np.isfinite(found).all() and np.isfinite(centre)):
            return None
        variances.append(float((groups - 1) / groups * ((found - centre) ** 2).sum()))
    df = min(taken[0].shape[0], taken[1].shape[0]) - 1
    return max(variances[0] + variances[1] - variances[2], variances[0]), df


def permuted_p_values(
    judged: Judged, groups: Ints, apart: Floats, *, of: Sequence[int], draws: int, seed: int
) -> dict[int, float]:
    """Return for each group how often chance alone gives an association index as high, groups of people permuted.

    Parameters
    ----------
    judged, apart
        As for :func:`association`.
    groups
        Group of each person, shape (n_people,), from 0.
    of
        The groups that are asked about; people of all groups are permuted.
    draws
        Permutations, at least 1.
    seed
        Of the permutations.

    Returns
    -------
    dict of int to float
        (1 + draws as high) / (1 + draws); a group whose index is undefined is left out, and draws whose index is
        count as high. People, not judgments, are permuted.
    """
    random = np.random.default_rng(seed)
    seen = {g: association(judged, groups == g, apart).index for g in of}
    higher = dict.fromkeys((g for g, index in seen.items() if index is not None), 0)
    cells, size = judged.n_items * judged.n_labels, int(groups.max(initial=-1)) + 1
    base = judged.items.astype(np.int64) * judged.n_labels + judged.labels
    whole = np.bincount(base, minlength=cells).reshape(judged.n_items, -1).astype(np.float64)
    for _ in range(draws if higher else 0):
        key = random.permutation(groups)[judged.people] * cells + base
        counts = np.bincount(key, minlength=size * cells).reshape(size, judged.n_items, -1)
        for g in higher:
            own = counts[g].astype(np.float64)
            drawn = float(_ratio(_summed(own, whole - own, apart), apart))
            index = seen[g]
            higher[g] += not np.isfinite(drawn) or (index is not None and drawn >= index - 1e-12)
    return {g: (1.0 + count) / (1.0 + draws) for g, count in higher.items()}


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None
