"""Covariance of strengths where the same people, or the same items, stand behind many rows."""

import numpy as np

from hcgov.stats.preferences.contests import Codes, Contests, Floats

MOST_SCORES = 5_000_000
"""Entries of the matrix of scores by cluster; with more, clusters are put into buckets."""


def clustered(
    contests: Contests, first: Codes, second: Codes, won: Floats, further: Floats, bread: Floats
) -> tuple[Floats, int] | None:
    """Return the clustered covariance and its degrees of freedom; ``None`` with fewer than two clusters.

    Parameters
    ----------
    first, second
        Competitors of each row as its score has them.
    won
        Derivative of each row's log-likelihood in the difference of its strengths, shape (n,).
    further
        Derivatives in the other parameters, shape (n, q).
    bread
        Inverse of the information, shape (K + q, K + q).

    Notes
    -----
    H^-1 (sum_g s_g s_g') H^-1 G / (G - 1): Liang and Zeger 1986 (Biometrika 73:13, doi:10.1093/biomet/73.1.13).
    With items, V_people + V_items - V_both, negative eigenvalues set to 0: Cameron, Gelbach and Miller 2011
    (doi:10.1198/jbes.2010.07136).
    """
    weight = contests.weight[:, None]
    scores = np.concatenate([won[:, None], further], axis=1) * weight
    sides = [contests.people] if contests.items is None else [contests.people, contests.items]
    meats = []
    for side in sides:
        place = np.unique(side, return_inverse=True)[1]
        meats.append(_meat(place, first, second, scores, contests.competitors))
    df = min(groups for _, groups in meats) - 1
    if df < 1:
        return None
    total = sum((meat * (groups / (groups - 1)) for meat, groups in meats), np.zeros_like(bread))
    if len(sides) == 2:
        people = np.unique(contests.people, return_inverse=True)[1].astype(np.int64)
        items = np.unique(sides[1], return_inverse=True)[1]
        both = np.unique(people * (int(items.max()) + 1) + items, return_inverse=True)[1]
        crossed = total - _meat(both, first, second, scores, contests.competitors)[0]
        values, vectors = np.linalg.eigh((crossed + crossed.T) / 2.0)
        total = (vectors * np.maximum(values, 0.0)) @ vectors.T
    return np.asarray(bread @ total @ bread, dtype=np.float64), df


def _meat(place: Codes, first: Codes, second: Codes, scores: Floats, k: int) -> tuple[Floats, int]:
    """Return the sum over clusters of the outer products of their scores, and how many clusters there are."""
    groups = int(place.max(initial=-1)) + 1
    q = scores.shape[1] - 1
    most = max(MOST_SCORES // (k + q), 64)
    if groups > most:  # clusters that share a bucket are taken for one, which only loses degrees of freedom
        place, groups = place % most, most
    wide = place.astype(np.int64) * k
    size = groups * k
    table = np.bincount(wide + first, scores[:, 0], size) - np.bincount(wide + second, scores[:, 0], size)
    rest = [np.bincount(place, column, groups) for column in scores[:, 1:].T]
    table = np.concatenate(
        [table.reshape(groups, k), np.stack(rest, axis=1) if q else np.zeros((groups, 0))], axis=1
    )
    return table.T @ table, groups
