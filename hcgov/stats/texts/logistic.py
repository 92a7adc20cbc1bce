"""Logistic regression with an L2 penalty, on dense or sparse features."""

import numpy as np
from scipy import sparse
from scipy.special import expit

from hcgov.core.frozen import frozen
from hcgov.stats.texts.tfidf import Floats

INNER_STEPS = 250
CLOSE = 1e-8
"""The mean gradient at which the search ends."""


@frozen
class Logistic:
    """A fitted model.

    Parameters
    ----------
    coefficients
        One a feature, shape (features,).
    intercept
        0 where none was fitted.
    converged
        Whether the gradient came down to its tolerance.
    """

    coefficients: Floats
    intercept: float
    converged: bool

    def score(self, x: Floats | sparse.csr_array) -> Floats:
        """Return the log odds of an outcome of 1 for each row."""
        return np.asarray(x @ self.coefficients, dtype=np.float64).ravel() + self.intercept

    def probability(self, x: Floats | sparse.csr_array) -> Floats:
        """Return the probability of an outcome of 1 for each row."""
        return np.asarray(expit(self.score(x)), dtype=np.float64)


def logistic(
    x: Floats | sparse.csr_array,
    y: Floats,
    *,
    penalty: float = 1.0,
    weights: Floats | None = None,
    intercept: bool = True,
    iterations: int = 100,
) -> Logistic | None:
    """Return the coefficients that minimise the penalised negative log likelihood.

    Parameters
    ----------
    x
        Features, shape (rows, features).
    y
        Outcomes in [0, 1], shape (rows,).
    penalty
        ``penalty / 2`` times the squared coefficients is added; the intercept is free. Above 0.
    weights
        Of the rows, at least 0; all 1 if left out.
    intercept
        Whether one is fitted. None is wanted where features are differences of a pair that may be swapped.
    iterations
        At most so many steps; each takes a few dozen products with the rows.

    Returns
    -------
    Logistic or None
        ``None`` where there is nothing to learn: no row with a weight, or one outcome only while an intercept is
        fitted (which then has no finite value).

    Raises
    ------
    ValueError
        The penalty is not positive, shapes differ, or a number is out of its range.

    Notes
    -----
    The objective is strictly convex in the coefficients, so the answer does not depend on where the search starts; it
    starts at 0 and draws nothing at random. Truncated Newton, its steps by conjugate gradients: Lin, Weng and Keerthi
    2008, Journal of Machine Learning Research 9:627. Sparse rows are only multiplied with, which no library spreads
    over threads: on a machine that does other work as well, a search by a threaded one waited thirty times as long.
    """
    y = np.asarray(y, dtype=np.float64)
    w = np.ones_like(y) if weights is None else np.asarray(weights, dtype=np.float64)
    if not penalty > 0.0 or x.shape[0] != y.size or w.size != y.size:
        raise ValueError("a penalty is positive, and every row has an outcome and a weight")
    if not ((y >= 0.0) & (y <= 1.0)).all() or not (np.isfinite(w) & (w >= 0.0)).all():
        raise ValueError("outcomes lie in [0, 1], and weights are finite and not negative")
    total = float(w.sum())
    if total <= 0.0 or (intercept and float(w @ y) in (0.0, total)):
        return None
    problem = _Problem.of(x, y, w / total, penalty / total, intercept=intercept)
    beta, slope = _searched(problem, iterations)
    size = int(x.shape[1])
    return Logistic(
        coefficients=beta[:size], intercept=float(beta[size]) if intercept else 0.0, converged=slope < 1e-5
    )


@frozen
class _Problem:
    """What is minimised, divided by the sum of weights: the last coefficient is the intercept."""

    x: Floats | sparse.csr_array
    transposed: Floats | sparse.csr_array
    y: Floats
    w: Floats
    ridge: Floats
    intercept: bool

    @classmethod
    def of(
        cls, x: Floats | sparse.csr_array, y: Floats, w: Floats, penalty: float, *, intercept: bool
    ) -> "_Problem":
        ridge = np.append(np.full(int(x.shape[1]), penalty), 0.0 if intercept else 1.0)
        transposed = sparse.csr_array(x.T) if sparse.issparse(x) else x.T
        return cls(x=x, transposed=transposed, y=y, w=w, ridge=ridge, intercept=intercept)

    def scores(self, beta: Floats) -> Floats:
        """Return the log odds of each row."""
        own = np.asarray(self.x @ beta[:-1], dtype=np.float64).ravel()
        return own + beta[-1] if self.intercept else own

    def gathered(self, rows: Floats, beta: Floats) -> Floats:
        """Return what rows add up to by coefficient, with the pull of the penalty."""
        own = np.asarray(self.transposed @ rows, dtype=np.float64).ravel()
        return np.append(own, rows.sum() if self.intercept else 0.0) + self.ridge * beta

    def loss(self, z: Floats, beta: Floats) -> float:
        """Return the objective at log odds and coefficients."""
        return float(
            (self.w * (np.logaddexp(0.0, z) - self.y * z)).sum() + 0.5 * (self.ridge * beta * beta).sum()
        )


def _searched(problem: _Problem, steps: int) -> tuple[Floats, float]:
    """Return the coefficients, and how steep the objective still is there."""
    beta = np.zeros(problem.ridge.size)
    z = problem.scores(beta)
    now, slope = problem.loss(z, beta), np.inf
    for step in range(steps + 1):
        chance = expit(z)
        gradient = problem.gathered(problem.w * (chance - problem.y), beta)
        slope = float(np.abs(gradient).max(initial=0.0))
        if slope < CLOSE or step == steps:
            break
        curvature = problem.w * chance * (1.0 - chance)
        way = _conjugate(problem, curvature, -gradient, min(0.1, slope**0.5))
        length, downhill = 1.0, float((gradient * way).sum())
        while True:
            tried = beta + length * way
            z = problem.scores(tried)
            then = problem.loss(z, tried)
            if then <= now + 1e-4 * length * downhill or length < 1e-8:
                break
            length /= 2.0
        beta, now = tried, then
    return beta, slope


def _conjugate(problem: _Problem, curvature: Floats, target: Floats, share: float) -> Floats:
    """Return nearly the Newton step: Hestenes and Stiefel 1952, until ``share`` of the target is left."""
    found, left = np.zeros_like(target), target.copy()
    way, size = left.copy(), float((left * left).sum())
    enough = share * share * size
    for _ in range(INNER_STEPS):
        if size <= enough:
            break
        image = problem.gathered(curvature * problem.scores(way), way)
        bend = float((way * image).sum())
        if not bend > 0.0:
            break
        length = size / bend
        found += length * way
        left -= length * image
        size, before = float((left * left).sum()), size
        way = left + size / before * way
    return found
