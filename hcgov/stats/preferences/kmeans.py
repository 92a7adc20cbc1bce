"""k-means with seeded starts, the silhouette, and the adjusted Rand index.

Products of a few columns are sums here: threads of a linear-algebra library cost more than they save.
"""

import numpy as np
from scipy.special import bdtr

from hcgov.stats.preferences.contests import Codes, Floats
from hcgov.stats.preferences.projection import Singles

MOST_FOR_SILHOUETTE = 600
"""Points on which the silhouette is computed; of more, an even sample."""
ROUNDS = 40


def kmeans(points: Singles, k: int, generator: np.random.Generator, starts: int) -> tuple[Codes, Singles]:
    """Return labels from 0 and centres, the best of several starts.

    Parameters
    ----------
    points
        Shape (n, d), n at least k.
    k
        Number of groups, at least 2.
    starts
        Starts by k-means++ (Arthur and Vassilvitskii 2007, SODA, 1027-1035).
    """
    best: tuple[float, Codes, Singles] | None = None
    squares = (points * points).sum(axis=1)
    for _ in range(starts):
        centres = _spread_out(points, squares, k, generator)
        labels = np.full(len(points), -1)
        for _ in range(ROUNDS):
            new = nearest(points, centres)
            if (new == labels).all():
                break
            labels = new
            n = np.bincount(labels, minlength=k)
            sums = np.stack([np.bincount(labels, column, k) for column in points.T], axis=1)
            centres = np.where(n[:, None] > 0, sums / np.maximum(n, 1)[:, None], centres).astype(points.dtype)
        cost = float(((points - centres[labels]) ** 2).sum())
        if best is None or cost < best[0]:
            best = cost, labels, centres
    assert best is not None
    return best[1], best[2]


def best_k(
    points: Singles, most: int, generator: np.random.Generator, starts: int, least: int = 2
) -> tuple[Codes, Singles, int, float]:
    """Return labels, centres, k and silhouette of the k from ``least`` to ``most`` with the largest silhouette.

    For k groups the first max(2, k - 1) columns of ``points`` are used: k centres span no more.
    """
    found = []
    for k in range(least, most + 1):
        seen = points[:, : max(2, k - 1)]
        labels, centres = kmeans(seen, k, generator, starts)
        found.append((silhouette(seen, labels), labels, centres, k))
    score, labels, centres, k = max(found, key=lambda one: one[0])
    return labels, centres, k, score


def nearest(points: Singles, centres: Singles) -> Codes:
    """Return the nearest centre of each point."""
    return np.asarray(((centres * centres).sum(axis=1) - 2.0 * _inner(points, centres)).argmin(axis=1))


def silhouette(points: Singles, labels: Codes) -> float:
    """Return the mean silhouette, in [-1, 1]; a point alone in its group counts 0 (Rousseeuw 1987)."""
    if len(points) > MOST_FOR_SILHOUETTE:
        some = np.linspace(0, len(points) - 1, MOST_FOR_SILHOUETTE).astype(np.int64)
        points, labels = points[some], labels[some]
    names, place, n = np.unique(labels, return_inverse=True, return_counts=True)
    if names.size < 2:
        return -1.0
    squares = (points * points).sum(axis=1)
    distance = np.sqrt(np.maximum(squares[:, None] + squares[None, :] - 2.0 * _inner(points, points), 0.0))
    totals = np.stack([distance[:, place == group].sum(axis=1) for group in range(names.size)], axis=1)
    row = np.arange(len(points))
    inside = totals[row, place] / np.maximum(n[place] - 1, 1)
    means = totals / n
    means[row, place] = np.inf
    outside = means.min(axis=1)
    larger = np.maximum(np.maximum(inside, outside), 1e-12)
    return float(np.where(n[place] > 1, (outside - inside) / larger, 0.0).mean())


def adjusted_rand(one: Codes, other: Codes) -> float:
    """Return how far two groupings of the same people agree: 1 fully, about 0 by chance (Hubert and Arabie 1985)."""
    a, first = np.unique(one, return_inverse=True)
    b, second = np.unique(other, return_inverse=True)
    table = np.bincount(first * b.size + second, minlength=a.size * b.size).astype(np.float64)

    def pairs(n: Floats) -> float:
        return float((n * (n - 1.0) / 2.0).sum())

    both = pairs(table)
    rows, columns = (
        pairs(np.bincount(first).astype(np.float64)),
        pairs(np.bincount(second).astype(np.float64)),
    )
    total = one.size * (one.size - 1.0) / 2.0
    expected = rows * columns / total if total else 0.0
    most = (rows + columns) / 2.0
    return 1.0 if most == expected else (both - expected) / (most - expected)


def valley(points: Singles, centres: Singles) -> float:
    """Return the p-value of no valley between neighbouring groups, the largest over neighbours.

    Notes
    -----
    Where densities fall off from one peak (are quasi-concave), the one midway between two places is at least the
    smaller of theirs. People are counted in balls of a quarter of the distance around both centres and around the
    middle; the p-value is that of fewer in the middle than at either centre (exact binomial, the larger of two).
    Groups are no neighbours where another centre is nearer to the middle.
    """
    worst = 0.0
    for i in range(len(centres)):
        for j in range(i):
            middle = (centres[i] + centres[j]) / 2.0
            if int(nearest(middle[None, :], centres)[0]) not in (i, j):
                continue
            radius2 = float(((centres[i] - centres[j]) ** 2).sum()) / 16.0
            within, n, m = (
                int((((points - centre) ** 2).sum(axis=1) <= radius2).sum())
                for centre in (middle, centres[i], centres[j])
            )
            worst = max(worst, *(float(bdtr(within, within + other, 0.5)) for other in (n, m)))
    return worst


def _inner(one: Singles, other: Singles) -> Singles:
    return np.asarray(np.einsum("id,jd->ij", one, other), dtype=np.float32)


def _spread_out(points: Singles, squares: Singles, k: int, generator: np.random.Generator) -> Singles:
    chosen = [int(generator.integers(len(points)))]
    distance = np.full(len(points), np.inf)
    for _ in range(k - 1):
        last = points[chosen[-1]]
        distance = np.minimum(
            distance, np.maximum(squares - 2.0 * (points * last).sum(axis=1) + (last * last).sum(), 0.0)
        )
        total = float(distance.sum())
        weights = np.cumsum(distance, dtype=np.float64)
        drawn = (
            int(np.searchsorted(weights, generator.random() * weights[-1], side="right")) if total > 0 else 0
        )
        chosen.append(min(drawn, len(points) - 1))
    return points[chosen]
