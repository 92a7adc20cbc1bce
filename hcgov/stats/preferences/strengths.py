"""Strengths of competitors by maximum likelihood, and how sure they are; Bradley-Terry and Davidson in one form.

With d = theta_i - theta_j + gamma, who comes first wins with probability proportional to exp(d / 2), who comes second
exp(-d / 2), and a tie has exp(delta). Without ties this is the model of Bradley and Terry 1952 (Biometrika 39:324,
doi:10.2307/2334029), with them that of Davidson 1970 (JASA 65:317, doi:10.1080/01621459.1970.10481082; nu =
exp(delta)); gamma is the effect of order of Davidson and Beaver 1977 (Biometrics 33:693, doi:10.2307/2529467).
"""

import numpy as np

from hcgov.core.frozen import frozen
from hcgov.core.status import Reason
from hcgov.stats.preferences.connectivity import connectivity
from hcgov.stats.preferences.contests import (
    FIRST,
    MOST_COMPETITORS,
    SECOND,
    TIE,
    Cells,
    Contests,
    Floats,
    cells_of,
    oriented,
)
from hcgov.stats.preferences.sandwich import clustered

STEPS = 60
"""Newton's method has converged long before, or never does."""


@frozen
class Unfit:
    """Why comparisons give no strengths.

    Parameters
    ----------
    reason
        ``not_connected``, ``constant_outcome`` (all are ties), ``small_n`` (nothing to compare) or ``no_interval``
        (the effect of order cannot be told from the strengths).
    parts
        The competitors that hang together, where that is the reason.
    """

    reason: Reason
    parts: tuple[tuple[int, ...], ...] = ()


@frozen
class Strengths:
    """Strengths on the logit scale; they sum to 0.

    Parameters
    ----------
    theta
        Shape (K,).
    fisher
        Their covariance if every row were independent, shape (K, K).
    covariance
        Their covariance with people (and items) as clusters; ``None`` with fewer than two clusters.
    df
        Degrees of freedom of ``covariance``: clusters on the smaller side, minus one.
    order, order_se
        Advantage of coming first (logit) and its standard error, clustered where that is known; ``None`` where it was
        not asked for.
    tie
        nu = exp(delta): the odds of a tie against a win between equals, times two; ``None`` without ties.
    deviance, df_residual
        Twice the log-likelihood lost against a model that fits every pair, and the degrees of freedom of that.
    log_likelihood
        Of all rows.
    ties_left_out
        Rows that the model has no place for.
    ridge
        Penalty, 0 for none: ``ridge / 2`` times the sum of squared strengths. With one, strengths are shrunken and
        exist for any comparisons, and no interval of them is one.
    """

    theta: Floats
    fisher: Floats
    covariance: Floats | None
    df: int
    n: int
    people: int
    deviance: float
    df_residual: int
    log_likelihood: float
    order: float | None = None
    order_se: float | None = None
    tie: float | None = None
    ties_left_out: int = 0
    ridge: float = 0.0

    def against(self, reference: int) -> tuple[Floats, Floats]:
        """Return strengths minus that of one competitor and their standard errors if rows were independent."""
        contrast = np.eye(self.theta.size)
        contrast[:, reference] -= 1.0
        spread = np.einsum("ij,jk,ik->i", contrast, self.fisher, contrast)
        return self.theta - self.theta[reference], np.sqrt(np.maximum(spread, 0.0))


def fit(contests: Contests, *, ties: bool, order: bool, ridge: float) -> Strengths | Unfit:
    """Fit strengths by Newton's method; ``ties`` gives ties a probability, else rows that tie are left out."""
    kept = contests if ties else contests.where(contests.outcome != TIE)
    stopped = _obstacle(kept, order=order, ridge=ridge)
    if stopped is not None:
        return stopped
    with_ties = ties and bool((kept.outcome == TIE).any())
    cells = cells_of(kept, ordered=order)
    model = Model(cells=cells, competitors=kept.competitors, ties=with_ties, order=order, ridge=ridge)
    found = model.solve()
    if found is None:
        return Unfit(reason=Reason.NO_INTERVAL)
    return _strengths(kept, model, found, left_out=contests.rows - kept.rows)


def _obstacle(contests: Contests, *, order: bool, ridge: float) -> Unfit | None:
    if contests.competitors < 2 or contests.rows == 0:
        return Unfit(reason=Reason.CONSTANT_OUTCOME if contests.competitors > 1 else Reason.SMALL_N)
    if contests.competitors > MOST_COMPETITORS:
        raise ValueError(f"at most {MOST_COMPETITORS} competitors stand on one scale")
    if not (contests.weight.sum() > 0.0 and (contests.weight >= 0.0).all()):
        return Unfit(reason=Reason.SMALL_N)
    if (contests.outcome == TIE).all():
        return Unfit(reason=Reason.CONSTANT_OUTCOME)
    if ridge > 0.0:
        return None
    found = connectivity(contests)
    if not found.connected:
        return Unfit(reason=Reason.NOT_CONNECTED, parts=found.strong)
    return Unfit(reason=Reason.NO_INTERVAL) if order and _separated(contests) else None


def _separated(contests: Contests) -> bool:
    """Whether some strengths and effect of order can grow without end, never explaining any row worse.

    That is a linear programme (Albert and Anderson 1984, Biometrika 71:1, doi:10.1093/biomet/71.1.1).
    """
    cells = cells_of(contests, ordered=True)
    rows, size = [], contests.competitors
    for signs in ((1.0, FIRST), (-1.0, SECOND), (1.0, TIE), (-1.0, TIE)):
        seen = np.flatnonzero(cells.counts[:, signs[1]] > 0.0)
        design = np.zeros((seen.size, size + 1))
        design[np.arange(seen.size), cells.first[seen]] += signs[0]
        design[np.arange(seen.size), cells.second[seen]] -= signs[0]
        design[:, size] = signs[0]
        rows.append(design)
    design = np.concatenate(rows)
    bounds = [(0.0, 0.0), *[(-1.0, 1.0)] * size]
    from scipy.optimize import linprog  # noqa: PLC0415 - a third of a second, and it is seldom needed

    found = linprog(-design.sum(axis=0), A_ub=-design, b_ub=np.zeros(len(design)), bounds=bounds)
    rank = int(np.linalg.matrix_rank(design[:, 1:]))
    return bool(found.status == 0 and -found.fun > 1e-7) or rank < size


@frozen
class Model:
    """A model over cells: parameters are the strengths, then gamma where asked, then delta where rows tie."""

    cells: Cells
    competitors: int
    ties: bool
    order: bool
    ridge: float

    @property
    def size(self) -> int:
        """Number of parameters."""
        return self.competitors + self.order + self.ties

    def probabilities(self, beta: Floats) -> Floats:
        """Return the probability of each outcome in each cell, shape (cells, 3)."""
        d = beta[self.cells.first] - beta[self.cells.second] + (beta[self.competitors] if self.order else 0.0)
        logits = np.stack([d / 2.0, -d / 2.0, np.full_like(d, beta[-1] if self.ties else -np.inf)], axis=1)
        scaled = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(scaled / scaled.sum(axis=1, keepdims=True), dtype=np.float64)

    def log_likelihood(self, beta: Floats) -> float:
        """Return the log-likelihood of all cells."""
        return float(_x_log(self.cells.counts, self.probabilities(beta)))

    def gradient(self, beta: Floats) -> Floats:
        """Return the derivative of the penalised log-likelihood."""
        n, p, counts = self.cells.counts.sum(axis=1), self.probabilities(beta), self.cells.counts
        won = ((counts[:, FIRST] - counts[:, SECOND]) - n * (p[:, FIRST] - p[:, SECOND])) / 2.0
        tied = counts[:, TIE] - n * p[:, TIE]
        found = np.zeros(self.size)
        found[: self.competitors] = np.bincount(self.cells.first, won, self.competitors) - np.bincount(
            self.cells.second, won, self.competitors
        )
        found[: self.competitors] -= self.ridge * beta[: self.competitors]
        if self.order:
            found[self.competitors] = won.sum()
        if self.ties:
            found[-1] = tied.sum()
        return found

    def information(self, beta: Floats) -> Floats:
        """Return the expected (and observed) information, shape (size, size)."""
        k, first, second = self.competitors, self.cells.first, self.cells.second
        n, p = self.cells.counts.sum(axis=1), self.probabilities(beta)
        lead = p[:, FIRST] - p[:, SECOND]
        strength = n * (p[:, FIRST] + p[:, SECOND] - lead * lead) / 4.0
        mixed = -n * lead * p[:, TIE] / 2.0
        row, column = np.stack([first, second, first, second]), np.stack([first, second, second, first])
        weight = np.stack([strength, strength, -strength, -strength])
        place, size = (row * self.size + column).ravel(), self.size * self.size
        found = np.asarray(np.bincount(place, weight.ravel(), size), dtype=np.float64)
        found = found.reshape(self.size, self.size)
        diagonal = np.arange(k)
        found[diagonal, diagonal] += self.ridge
        if self.order:
            row = np.bincount(first, strength, k) - np.bincount(second, strength, k)
            found[k, :k], found[:k, k], found[k, k] = row, row, strength.sum()
        if self.ties:
            row = np.bincount(first, mixed, k) - np.bincount(second, mixed, k)
            found[-1, :k], found[:k, -1] = row, row
            found[-1, -1] = (n * p[:, TIE] * (1.0 - p[:, TIE])).sum()
            if self.order:
                found[-1, k] = found[k, -1] = mixed.sum()
        return found

    def solve(self, start: Floats | None = None) -> Floats | None:
        """Return the parameters, the strengths summing to 0; ``None`` where Newton's method finds none."""
        beta = np.zeros(self.size) if start is None else start.copy()
        worth = self._penalised(beta)
        scale = max(float(self.cells.counts.sum()), 1.0)
        for _ in range(STEPS):
            gradient = self.gradient(beta)
            if float(np.abs(gradient).max()) < 1e-10 * scale:
                return beta
            step = _solved(self.information(beta), gradient, self.competitors)
            step[: self.competitors] -= step[: self.competitors].mean()
            size = 1.0
            while (new := self._penalised(beta + size * step)) < worth - 1e-12 * abs(worth) and size > 1e-6:
                size /= 2.0
            beta, worth = beta + size * step, new
        return beta if float(np.abs(self.gradient(beta)).max()) < 1e-6 * scale else None

    def _penalised(self, beta: Floats) -> float:
        strengths = beta[: self.competitors]
        return self.log_likelihood(beta) - self.ridge / 2.0 * float(strengths @ strengths)


def _solved(information: Floats, gradient: Floats, k: int) -> Floats:
    """Return a Newton step; what strengths have in common is held at 0, which any data leave open."""
    fixed = information.copy()
    fixed[:k, :k] += max(float(np.trace(information)) / k, 1e-12) / k
    try:
        return np.asarray(np.linalg.solve(fixed, gradient), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(fixed, gradient, rcond=1e-12)[0], dtype=np.float64)


def _x_log(x: Floats, p: Floats) -> float:
    """Return the sum of x log p, where nothing times the logarithm of nothing is nothing."""
    return float((x * np.log(np.where(x > 0.0, p, 1.0))).sum())


def _strengths(contests: Contests, model: Model, beta: Floats, *, left_out: int) -> Strengths:
    cells, k = model.cells, contests.competitors
    bread = np.asarray(np.linalg.pinv(model.information(beta), rcond=1e-11, hermitian=True), dtype=np.float64)
    p = model.probabilities(beta)[cells.of_row]
    outcome = oriented(contests.outcome, cells.turned)
    won = ((outcome == FIRST) * 1.0 - (outcome == SECOND) - p[:, FIRST] + p[:, SECOND]) / 2.0
    tied = (outcome == TIE) - p[:, TIE]
    further = (
        np.stack([*([won] if model.order else []), *([tied] if model.ties else [])], axis=1)
        if (model.order or model.ties)
        else np.zeros((contests.rows, 0))
    )
    first, second = cells.first[cells.of_row], cells.second[cells.of_row]
    found = clustered(contests, first, second, won, further, bread)
    covariance, df = (None, 0) if found is None else found
    n = cells.counts.sum(axis=1, keepdims=True)
    saturated = _x_log(cells.counts, cells.counts / np.where(n > 0.0, n, 1.0))
    spread = bread if covariance is None else covariance
    return Strengths(
        theta=beta[:k] - beta[:k].mean(),
        fisher=bread[:k, :k],
        covariance=None if covariance is None else covariance[:k, :k],
        df=df,
        n=contests.rows,
        people=contests.distinct_people,
        deviance=max(2.0 * (saturated - model.log_likelihood(beta)), 0.0),
        df_residual=max(len(cells.first) * (1 + model.ties) - (model.size - 1), 0),
        log_likelihood=model.log_likelihood(beta),
        order=float(beta[k]) if model.order else None,
        order_se=float(np.sqrt(max(spread[k, k], bread[k, k]))) if model.order else None,
        tie=float(np.exp(beta[-1])) if model.ties else None,
        ties_left_out=left_out,
        ridge=model.ridge,
    )
