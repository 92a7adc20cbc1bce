"""Bounds that hold at every moment of a stream at once, so that looking daily costs no error probability.

A fixed-sample bound errs in one look of twenty; who looks every day will be misled. The bounds here hold at
all times together with the stated confidence, whenever one looks and whyever one stops.
"""

import math
from dataclasses import replace

from hcgov.core.estimate import Estimate, Method
from hcgov.core.limit import Side
from hcgov.stats.beta_tail import log_density
from hcgov.stats.effective import check_counts, check_level
from hcgov.stats.proportions import rate
from hcgov.stats.roots import bracketed_root

TUNED_ALPHA = 0.05
"""Error probability at which the mixtures are tightest at the time they are tuned for; validity is for all."""

_LOGIT_END = 690.0


def anytime_rate(
    positives: float, n: int, *, t_opt: float, n_eff: float | None = None, people: int | None = None
) -> Estimate:
    """Return the estimate of a rate in a stream; bounds of a beta-binomial confidence sequence decide.

    Parameters
    ----------
    positives, n
        Events and observations so far, 0 <= positives <= n. Without any the value is ``None`` and the bounds
        are 0 and 1.
    t_opt
        Number of (effective) observations at which the sequence is tightest, positive; fixed before looking.
    n_eff
        Independent observations they are worth; ``None`` means ``n``. The guarantee over time is exact for
        independent observations and approximate for deflated ones.
    people
        Distinct people behind them, where known.

    Raises
    ------
    ValueError
        The counts or ``t_opt`` are impossible.
    """
    return at_all_times(rate(positives, n, n_eff=n_eff, people=people), t_opt)


def at_all_times(estimate: Estimate, t_opt: float) -> Estimate:
    """Return the same rate with bounds that hold at all times; ``t_opt`` as for :func:`anytime_rate`.

    Raises
    ------
    ValueError
        The estimate is not that of one rate, or ``t_opt`` is impossible.
    """
    _check_tuning(t_opt)
    if estimate.method not in (Method.CLOPPER_PEARSON, Method.WILSON):
        raise ValueError(f"a sequence is for one rate, not for {estimate.method.value}")
    return replace(
        estimate,
        method=Method.BETA_BINOMIAL_SEQUENCE,
        statistics=(*estimate.statistics, ("t_opt", float(t_opt))),
    )


def beta_binomial_lower(x: float, n: float, t_opt: float, level: float) -> float:
    """Return the lower bound of a rate that holds at all times of a stream together.

    Parameters
    ----------
    x, n
        Events and observations so far, 0 <= x <= n, not necessarily whole.
    t_opt
        Number of observations at which the sequence is tightest, positive; fixed before looking.
    level
        Confidence, in [0.5, 1), that neither this bound nor the upper one is ever wrong.

    Returns
    -------
    float
        In [0, x / n]; 0 without events.

    Raises
    ------
    ValueError
        An argument is out of range.

    Notes
    -----
    Howard, Ramdas, McAuliffe and Sekhon 2021 (Annals of Statistics 49:1055, doi:10.1214/20-AOS1991),
    two-sided beta-binomial mixture: the rates p at which the likelihood ratio of a Beta(r / q, r / p) mixture
    against p has stayed below 1 / (1 - level). By Ville's inequality it ever reaches that with probability
    at most 1 - level. The observations are independent, or at least their rate is the same whatever came
    before; begin anew when the system or its users change.
    """
    check_counts(x, n)
    check_level(level)
    _check_tuning(t_opt)
    if x == 0.0:
        return 0.0
    threshold = -math.log1p(-level)
    observed = x / n

    def beyond(u: float) -> float:
        return _log_mixture(x, n, t_opt, *_from_logit(u)) - threshold

    high = _LOGIT_END if x == n else min(math.log(x) - math.log(n - x), _LOGIT_END)
    if beyond(-_LOGIT_END) <= 0.0:
        return 0.0
    if beyond(high) >= 0.0:
        return observed
    return min(_from_logit(bracketed_root(beyond, -_LOGIT_END, high))[0], observed)


def beta_binomial_upper(x: float, n: float, t_opt: float, level: float) -> float:
    """Return the upper bound of a rate that holds at all times; see :func:`beta_binomial_lower`."""
    return 1.0 - beta_binomial_lower(n - x, n, t_opt, level)


def beta_binomial_p_value(x: float, n: float, t_opt: float, limit: float, side: Side) -> float:
    """Return the anytime-valid p-value of "the rate is on the right side of the limit".

    Parameters
    ----------
    x, n, t_opt
        As for :func:`beta_binomial_lower`.
    limit
        Any number; outside [0, 1] the answer is 0 or 1.
    side
        ``at_most``: small values accuse the rate of being above the limit; ``at_least``: of being below.

    Returns
    -------
    float
        In [0, 1]: one divided by the likelihood ratio of the mixture, 1 where the observed rate keeps the
        limit. Below 1 - level exactly if the bound at ``level`` lies beyond the limit.
    """
    check_counts(x, n)
    _check_tuning(t_opt)
    if side is Side.AT_LEAST:
        return beta_binomial_p_value(n - x, n, t_opt, 1.0 - limit, Side.AT_MOST)
    if limit < 0.0 or limit >= 1.0 or x <= limit * n:
        return 0.0 if limit < 0.0 else 1.0
    if limit == 0.0:
        # The bound is 0 with one event and positive with more: what the ratio tends to says the same.
        return min(math.exp(-_log_mixture(x, n, t_opt, *_from_logit(-_LOGIT_END))), 1.0)
    return min(math.exp(-_log_mixture(x, n, t_opt, limit, 1.0 - limit)), 1.0)


def difference_lower(
    first: tuple[float, float], second: tuple[float, float], t_opt: float, level: float
) -> float:
    """Return the lower bound, at all times, of the rate of one stream minus that of another.

    Parameters
    ----------
    first, second
        Events and observations so far in each stream.
    t_opt
        As for :func:`beta_binomial_lower`, for either stream.
    level
        Confidence, in [0.5, 1), of this bound and the upper one together, at all times of both streams.

    Returns
    -------
    float
        In [-1, 1]: the lower bound of the first minus the upper bound of the second, each with half of the
        error probability (union bound; the streams need not be independent of each other).
    """
    check_level(level)
    each = (1.0 + level) / 2.0
    return beta_binomial_lower(*first, t_opt, each) - beta_binomial_upper(*second, t_opt, each)


def difference_upper(
    first: tuple[float, float], second: tuple[float, float], t_opt: float, level: float
) -> float:
    """Return the upper bound of the same difference; see :func:`difference_lower`."""
    return -difference_lower(second, first, t_opt, level)


def normal_mixture_rho(v_opt: float, alpha: float) -> float:
    """Return the tuning of the two-sided normal mixture that is tightest at variance ``v_opt``.

    Parameters
    ----------
    v_opt
        Variance of the sum (for n terms of variance s^2: n s^2) at which it should be tightest, positive.
    alpha
        Error probability over all time, in (0, 1).

    Notes
    -----
    Howard et al. 2021, with Lambert's W replaced by its expansion: v / (l + ln(1 + l)) with l = 2 ln(1 /
    alpha).
    """
    if not 0.0 < alpha < 1.0 or not 0.0 < v_opt < math.inf:
        raise ValueError(f"a mixture needs a positive variance and alpha in (0, 1), not {v_opt}, {alpha}")
    size = -2.0 * math.log(alpha)
    return v_opt / (size + math.log1p(size))


def normal_mixture_bound(v: float, rho: float, alpha: float) -> float:
    """Return how far a sum of centred terms ever strays from 0, at accumulated variance ``v``.

    Parameters
    ----------
    v
        Accumulated variance of the sum so far, not negative; for terms in [0, 1] a quarter each is on the
        safe side.
    rho
        From :func:`normal_mixture_rho`, positive.
    alpha
        Probability, in (0, 1), that the sum ever leaves [-bound, bound].

    Notes
    -----
    Robbins 1970; Howard et al. 2021, proposition 5: sqrt((v + rho) ln((v + rho) / (rho alpha^2))), for
    sub-Gaussian terms.
    """
    if not 0.0 < alpha < 1.0 or not (0.0 <= v < math.inf and 0.0 < rho < math.inf):
        raise ValueError(f"a bound needs v >= 0, rho > 0 and alpha in (0, 1), not {v}, {rho}, {alpha}")
    return math.sqrt((v + rho) * (math.log1p(v / rho) - 2.0 * math.log(alpha)))


def _check_tuning(t_opt: float) -> None:
    if not 0.0 < t_opt < math.inf:
        raise ValueError(f"a sequence is tuned for a positive number of observations, not {t_opt}")


def _log_mixture(x: float, n: float, t_opt: float, p: float, q: float) -> float:
    """Return the log of the mixture's likelihood ratio against the rate p = 1 - q."""
    variance = p * q
    r = max(normal_mixture_rho(t_opt * variance, TUNED_ALPHA) - variance, 1e-3 * variance)
    a, b = r / q, r / p
    return log_density(a, b, p, q) - log_density(a + x, b + (n - x), p, q)


def _from_logit(u: float) -> tuple[float, float]:
    small = math.exp(-abs(u))
    near, far = small / (1.0 + small), 1.0 / (1.0 + small)
    return (far, near) if u > 0.0 else (near, far)
