"""Logistic regression by Newton's method, its steps by conjugate gradients: a handful of passes over sparse rows."""

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy import sparse
from scipy.special import expit

from hcgov.stats.personal.leaving_out import Floats
from hcgov.stats.texts.logistic import Logistic

STEPS, INNER_STEPS = 50, 250
CLOSE = 1e-8
"""The mean gradient at which the search ends."""


def newton_logistic(x: sparse.csr_array, y: Floats, *, penalty: float = 1.0) -> Logistic | None:
    """Return the model of :func:`hcgov.stats.texts.logistic.logistic`, with an intercept and rows of weight 1.

    Parameters
    ----------
    x
        Features, shape (rows, features).
    y
        Outcomes of 0 and 1.
    penalty
        Half of it times the squared coefficients is added to the negative log likelihood; above 0.

    Returns
    -------
    Logistic or None
        ``None`` with one outcome only: the intercept then has no finite value.

    Notes
    -----
    Truncated Newton: Lin, Weng and Keerthi 2008, Journal of Machine Learning Research 9:627. Only products with the
    sparse rows are taken, which no library spreads over threads: on a machine that does other work as well, a search
    by a threaded library waited thirty times as long for its threads.
    """
    if not y.size or float(y.mean()) in (0.0, 1.0):
        return None
    transposed, size = sparse.csr_array(x.T), int(x.shape[1])
    ridge = np.append(np.full(size, penalty), 0.0)

    def scores(beta: Floats) -> Floats:
        return np.asarray(x @ beta[:size] + beta[size], dtype=np.float64)

    def gathered(rows: Floats, beta: Floats) -> Floats:
        return np.append(transposed @ rows, rows.sum()) + ridge * beta

    def loss(z: Floats, beta: Floats) -> float:
        return float((np.logaddexp(0.0, z) - y * z).sum() + 0.5 * (ridge * beta * beta).sum())

    beta = np.zeros(size + 1)
    z = scores(beta)
    now = loss(z, beta)
    slope = np.inf
    for _ in range(STEPS):
        chance = expit(z)
        gradient = gathered(chance - y, beta)
        slope = float(np.abs(gradient).max()) / y.size
        if slope < CLOSE:
            break
        step = _conjugate(
            partial(_curved, scores, gathered, chance * (1.0 - chance)), -gradient, min(0.1, slope**0.5)
        )
        length, downhill = 1.0, float((gradient * step).sum())
        while True:
            tried = beta + length * step
            z_tried = scores(tried)
            then = loss(z_tried, tried)
            if then <= now + 1e-4 * length * downhill or length < 1e-8:
                break
            length /= 2.0
        beta, z, now = tried, z_tried, then
    return Logistic(coefficients=beta[:size], intercept=float(beta[size]), converged=slope < 1e-5)


def _curved(
    scores: Callable[[Floats], Floats],
    gathered: Callable[[Floats, Floats], Floats],
    weight: Floats,
    v: Floats,
) -> Floats:
    """Return the product of the second derivatives with a direction."""
    return gathered(weight * scores(v), v)


def _conjugate(product: Callable[[Floats], Floats], target: Floats, share: float) -> Floats:
    """Return nearly the solution of product(v) = target: Hestenes and Stiefel 1952, until ``share`` of it is left."""
    found, left = np.zeros_like(target), target.copy()
    way, size = left.copy(), float((left * left).sum())
    enough = share * share * size
    for _ in range(INNER_STEPS):
        if size <= enough:
            break
        image = product(way)
        length = size / float((way * image).sum())
        found += length * way
        left -= length * image
        size, before = float((left * left).sum()), size
        way = left + size / before * way
    return found
