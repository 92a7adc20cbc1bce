"""Agreement within a group of people and across its border: whether who judges explains disagreement.

Cohesion is Krippendorff's alpha among the group's own judgments, cross-group agreement the like for pairs of which one
belongs to the group and the other does not. Their ratio is the group association index: above 1, people of the group
agree more among themselves than with others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from hcgov.stats.agreement.judged import Bools, Floats, Ints, Judged, counted
from hcgov.stats.crossed import buckets

WEAK = 0.05
"""Cross-group agreement below this is taken for this in the ratio, which would else have no end, or the wrong sign."""


@dataclass(frozen=True, kw_only=True)
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
    return _association(_terms(own, other, apart).sum(axis=0), apart)


def _split(judged: Judged, member: Bools) -> tuple[Floats, Floats]:
    q = judged.n_labels
    inside = member[judged.people]
    own = counted(judged.items[inside], judged.labels[inside], judged.n_items, q)
    other = counted(judged.items[~inside], judged.labels[~inside], judged.n_items, q)
    return own.astype(np.float64), other.astype(np.float64)


def _terms(own: Floats, other: Floats, apart: Floats) -> Floats:
    """Return what each item adds to a group's sums, shape (items, 3 q + 5).

    Labels of the group in items with two of it, labels of the group and of the others in items judged on both sides,
    disagreement within, items with two, weighted disagreement across, its weight, and items judged on both sides.
    """
    m, k = own.sum(axis=1), other.sum(axis=1)
    several, both = m >= 2.0, (m >= 1.0) & (k >= 1.0)
    near = own @ apart
    weight = np.where(both, m + k, 0.0)
    within = np.einsum("uc,uc->u", near, own) * several / np.maximum(m - 1.0, 1.0)
    across = np.einsum("uc,uc->u", near, other) * weight / np.maximum(m * k, 1.0)
    ends = np.stack([within, several, across, weight, both], axis=1)
    return np.concatenate([own * several[:, None], own * both[:, None], other * both[:, None], ends], axis=1)


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


def association_spread(judged: Judged, member: Bools, apart: Floats) -> tuple[float, int] | None:
    """Return variance and degrees of freedom of the association index: a jackknife over people, items and both.

    ``None`` where the index is undefined without some of them. Arguments are those of :func:`association`; the
    variance is that of :func:`hcgov.stats.agreement.intervals.spread`.
    """
    own, other = _split(judged, member)
    of_item, of_person = buckets(np.arange(judged.n_items)), buckets(np.arange(judged.n_people))
    n_b, n_a = int(of_item.max()) + 1, int(of_person.max()) + 1
    whole = _terms(own, other, apart)
    people, cells = [], []
    order = np.argsort(of_person[judged.people], kind="stable")
    ends = np.searchsorted(of_person[judged.people][order], np.arange(n_a + 1))
    for start, end in pairwise(ends):
        rows = order[start:end]
        touched, place = np.unique(judged.items[rows], return_inverse=True)
        inside, labels = member[judged.people[rows]], judged.labels[rows]
        mine = [counted(place[at], labels[at], touched.size, judged.n_labels) for at in (inside, ~inside)]
        less = _terms(own[touched] - mine[0], other[touched] - mine[1], apart)
        taken = _by_bucket(whole[touched] - less, of_item[touched], n_b)
        people.append(taken.sum(axis=0))
        cells.append(taken[np.unique(of_item[touched])])
    parts = [_by_bucket(whole, of_item, n_b), np.stack(people), np.concatenate(cells)]
    return _combined(whole.sum(axis=0), parts, lambda found: _ratio(found, apart))


def _by_bucket(terms: Floats, place: Ints, size: int) -> Floats:
    """Return the sums of terms of each bucket, shape (buckets, k)."""
    return np.stack([np.bincount(place, weights=column, minlength=size) for column in terms.T], axis=1)


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
            drawn = float(_ratio(_terms(own, whole - own, apart).sum(axis=0), apart))
            index = seen[g]
            higher[g] += not np.isfinite(drawn) or (index is not None and drawn >= index - 1e-12)
    return {g: (1.0 + count) / (1.0 + draws) for g, count in higher.items()}


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None
