"""How far labels are apart, and how much a partial agreement counts.

Distances are Krippendorff's; weights are Gwet's, one minus a distance that is scaled to at most 1.
"""

import numpy as np

from hcgov.stats.agreement.judged import Floats, Metric


def squared_distances(metric: Metric, values: Floats, used: Floats) -> Floats:
    """Return the squared distance of every two labels.

    Parameters
    ----------
    metric
        Nominal: 1 if they differ. Ordinal: labels between them, by how often each is used. Interval: (c - k)^2.
        Ratio: ((c - k) / (c + k))^2.
    values
        What labels are worth, shape (..., q) or (q,).
    used
        How often each label is used in items with two judgments or more, shape (..., q).

    Returns
    -------
    ndarray
        Shape (..., q, q).

    Notes
    -----
    Krippendorff 2011, Computing Krippendorff's Alpha-Reliability. The ordinal distance
    (sum_{g=c..k} n_g - (n_c + n_k) / 2)^2 is the squared difference of mid-ranks.
    """
    if metric is Metric.NOMINAL:
        q = values.shape[-1]
        return 1.0 - np.eye(q)
    place = np.cumsum(used, axis=-1) - used / 2.0 if metric is Metric.ORDINAL else values
    apart = place[..., :, None] - place[..., None, :]
    if metric is Metric.RATIO:
        both = place[..., :, None] + place[..., None, :]
        apart = np.divide(apart, both, out=np.zeros_like(apart), where=both != 0.0)
    return np.asarray(apart * apart, dtype=np.float64)


def weights(metric: Metric, values: Floats) -> Floats:
    """Return how much it counts that one says ``c`` and another ``k``, shape (q, q), 1 where they say the same.

    Notes
    -----
    Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition, chapter 3: identity weights for nominal labels,
    ordinal weights 1 - C(|c - k| + 1, 2) / max by rank, quadratic weights for interval labels, ratio weights.
    """
    q = values.size
    if metric is Metric.NOMINAL or q < 2:
        return np.eye(q)
    if metric is Metric.ORDINAL:
        steps = np.abs(np.subtract.outer(np.arange(q), np.arange(q))).astype(np.float64)
        apart = steps * (steps + 1.0) / 2.0
    else:
        apart = squared_distances(metric, values, values)
    furthest = float(apart.max())
    return 1.0 - apart / furthest if furthest > 0.0 else np.ones((q, q))


def linear_weights(values: Floats) -> Floats:
    """Return 1 - |c - k| / range for every two labels, shape (q, q): Cohen's linear weights (1968)."""
    apart = np.abs(np.subtract.outer(values, values))
    furthest = float(apart.max(initial=0.0))
    return 1.0 - apart / furthest if furthest > 0.0 else np.ones_like(apart)
