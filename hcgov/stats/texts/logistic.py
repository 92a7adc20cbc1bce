"""Logistic regression with an L2 penalty, on dense or sparse features."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse
from scipy.special import expit

from hcgov.stats.texts.tfidf import Floats


@dataclass(frozen=True, kw_only=True)
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
    iterations: int = 500,
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
        At most so many.

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
    The objective is strictly convex in the coefficients, so the answer does not depend on where the search starts;
    L-BFGS (Liu and Nocedal 1989, doi:10.1007/BF01589116) starts at 0 and draws nothing at random.
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
    size = int(x.shape[1])
    transposed = sparse.csr_array(x.T) if sparse.issparse(x) else x.T

    def objective(beta: Floats) -> tuple[float, Floats]:
        z = np.asarray(x @ beta[:size]).ravel() + (beta[size] if intercept else 0.0)
        loss = float(w @ (np.logaddexp(0.0, z) - y * z)) + 0.5 * penalty * float(beta[:size] @ beta[:size])
        residual = w * (expit(z) - y)
        gradient = np.asarray(transposed @ residual).ravel() + penalty * beta[:size]
        return loss / total, np.append(gradient, residual.sum() if intercept else 0.0) / total

    found = optimize.minimize(
        objective,
        np.zeros(size + 1),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": iterations, "maxfun": 4 * iterations, "ftol": 1e-14, "gtol": 1e-8},
    )
    beta = np.asarray(found.x, dtype=np.float64)
    slope = float(np.abs(objective(beta)[1]).max(initial=0.0))
    return Logistic(
        coefficients=beta[:size], intercept=float(beta[size]) if intercept else 0.0, converged=slope < 1e-5
    )
