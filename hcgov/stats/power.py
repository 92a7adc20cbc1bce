"""How many labels are missing for a verdict."""

import math
from collections.abc import Callable

from hcgov.core.estimate import Estimate, Method
from hcgov.core.limit import Limit, Side
from hcgov.stats.bounds import is_scored, lower, point, score, two_counts, upper
from hcgov.stats.effective import critical_value
from hcgov.stats.hypothetical import scaled
from hcgov.stats.roots import bracketed_root


def labels_needed(
    estimate: Estimate,
    limit: Limit,
    *,
    beta: float = 0.20,
    budget: int = 1_000_000,
    fail_level: float | None = None,
    known_score: float | None = None,
) -> int | None:
    """Return how many more rows would settle an estimate against its limit, if the rates stay as observed.

    Parameters
    ----------
    estimate
        Any estimate with an interval.
    limit
        Its limit; ``pass_level`` is the one-sided level of the bound that decides PASS.
    beta
        Accepted probability that the verdict still stays open, in (0, 0.5].
    budget
        More additional rows than this are never asked for.
    fail_level
        One-sided level of the bound that decides FAIL; ``None`` means that of ``limit``. Give the corrected
        one where the estimate belongs to a family.
    known_score
        The score of the limit (:func:`hcgov.stats.bounds.score`), where it is known already.

    Returns
    -------
    int or None
        Additional rows in total (both groups together, in their present proportion, at the present design
        effect); 0 where the verdict already stands. ``None`` where the budget does not suffice or there is no
        value to extrapolate from.

    Raises
    ------
    NoInterval
        The method is ``point``.
    ValueError
        ``beta`` or a level is out of range.

    Notes
    -----
    The multiple k of the data is sought at which the deciding bound meets the limit: the one for PASS where
    the value lies on the right side, the one for FAIL where it does not. That would settle half of all
    repetitions; the factor ((z_alpha + z_beta) / z_alpha)^2 of the normal approximation raises it to 1 -
    beta.
    """
    value = point(estimate)
    if value is None:
        return None
    inside = limit.holds(value)
    level = limit.pass_level if inside or fail_level is None else fail_level
    inflation = _inflation(level, beta)
    if is_scored(estimate):
        found = score(estimate, float(limit.value)) if known_score is None else known_score
        multiple = _multiple_at_score(estimate, found, critical_value(level))
    else:
        # PASS of "at most" and FAIL of "at least" wait for the upper bound to fall, the others for the lower
        # to rise.
        falls = (limit.side is Side.AT_MOST) is inside
        bound = upper if falls else lower
        if limit.holds(bound(estimate, level)) is inside:
            return 0
        most = (estimate.n + budget) / (max(estimate.n, 1) * inflation)
        multiple = _multiple_at_bound(estimate, float(limit.value), level, bound, most)
    if multiple <= 1.0:
        return 0
    more = estimate.n * (inflation * multiple - 1.0)
    return math.ceil(more) if more <= budget else None


def _multiple_at_score(estimate: Estimate, score_now: float, z: float) -> float:
    """Return the multiple of the data at which the score of the limit is z; at most 1 where it is already.

    Scores grow with the square root of the data: Koopman's by just that, Miettinen and Nurminen's but for
    their factor N / (N - 1).
    """
    if score_now == 0.0:
        return math.inf
    square = (z / score_now) ** 2
    if estimate.method is Method.KOOPMAN:
        return square
    _, n1, _, n2 = two_counts(estimate)
    total = n1 + n2
    return (square * (total - 1.0) + 1.0) / total


def _multiple_at_bound(
    estimate: Estimate, threshold: float, level: float, bound: Callable[[Estimate, float], float], most: float
) -> float:
    """Return the multiple of the data at which a bound meets the limit, infinite above ``most``."""
    falls = bound is upper

    def short_by(root: float) -> float:
        edge = min(max(bound(scaled(estimate, 1.0 / (root * root)), level), -1e300), 1e300)
        return edge - threshold if falls else threshold - edge

    # A bound is nearly linear in 1 / sqrt(k), so the search there needs a handful of evaluations.
    least = math.sqrt(1.0 / most)
    if least >= 1.0 or short_by(least) > 0.0:
        return math.inf
    root = bracketed_root(short_by, least, 1.0, relative=1e-12)
    return 1.0 / (root * root)


def labels_for_rate(limit: float, anticipated: float, *, alpha: float = 0.05, beta: float = 0.20) -> int:
    """Return the independent rows that show a rate to be on its side of a limit.

    Parameters
    ----------
    limit, anticipated
        The limit and the true rate, both in [0, 1] and different.
    alpha, beta
        One-sided error probabilities of the bound and of staying open, in (0, 0.5].

    Raises
    ------
    ValueError
        An argument is out of range.

    Notes
    -----
    Normal approximation, for example Fleiss, Levin and Paik 2003, chapter 2:
    ((z_alpha sqrt(t (1 - t)) + z_beta sqrt(p (1 - p))) / (p - t))^2.
    """
    _check_rates(limit, anticipated)
    if limit == anticipated:
        raise ValueError("no number of rows separates a rate from a limit it equals")
    spread = _z(alpha) * math.sqrt(limit * (1.0 - limit))
    spread += _z(beta) * math.sqrt(anticipated * (1.0 - anticipated))
    return max(1, math.ceil((spread / (anticipated - limit)) ** 2))


def labels_for_difference(
    limit: float, p1: float, p2: float, *, alpha: float = 0.05, beta: float = 0.20, comparisons: int = 1
) -> int:
    """Return the independent rows per group that show a gap between two rates to be within a limit.

    Parameters
    ----------
    limit
        Largest accepted p1 - p2, above the true one.
    p1, p2
        The true rates.
    alpha, beta
        One-sided error probabilities of each bound and of any comparison staying open, in (0, 0.5].
    comparisons
        Ordered pairs that all have to pass: 1 for one direction, K (K - 1) for all pairs of K groups.

    Raises
    ------
    ValueError
        An argument is out of range.

    Notes
    -----
    (z_alpha + z_{beta / comparisons})^2 (p1 q1 + p2 q2) / (limit - (p1 - p2))^2; the split of beta over the
    comparisons is Bonferroni's, hence on the safe side.
    """
    _check_rates(p1, p2)
    room = limit - (p1 - p2)
    if room <= 0.0 or comparisons < 1:
        raise ValueError("the true gap lies below its limit, and at least one comparison is made")
    spread = p1 * (1.0 - p1) + p2 * (1.0 - p2)
    return max(1, math.ceil((_z(alpha) + _z(beta / comparisons)) ** 2 * spread / room**2))


def labels_for_ratio(limit: float, rate: float, *, alpha: float = 0.05, beta: float = 0.20) -> int:
    """Return the independent rows per group that show the ratio of two equal rates to be within a limit.

    Parameters
    ----------
    limit
        Least or largest accepted ratio, positive and not 1.
    rate
        The true rate of both groups, in (0, 1].
    alpha, beta
        One-sided error probabilities, in (0, 0.5].

    Raises
    ------
    ValueError
        An argument is out of range.

    Notes
    -----
    Delta method on the logarithm of the ratio: (z_alpha + z_beta)^2 2 (1 - p) / p / ln(limit)^2.
    """
    _check_rates(rate, rate)
    if limit <= 0.0 or limit == 1.0 or rate == 0.0:
        raise ValueError("a limit on a ratio of equal rates is positive and not 1, and the rates are not 0")
    return max(1, math.ceil((_z(alpha) + _z(beta)) ** 2 * 2.0 * (1.0 - rate) / rate / math.log(limit) ** 2))


def labels_to_detect(p1: float, p2: float, *, alpha: float = 0.025, beta: float = 0.20) -> int:
    """Return the independent rows per group that show two rates to differ.

    Parameters
    ----------
    p1, p2
        The true rates, different.
    alpha, beta
        Error probabilities in (0, 0.5]; ``alpha`` is one-sided, half of that of a two-sided test.

    Raises
    ------
    ValueError
        An argument is out of range.

    Notes
    -----
    (z_alpha sqrt(2 P Q) + z_beta sqrt(p1 q1 + p2 q2))^2 / (p1 - p2)^2 with P = (p1 + p2) / 2, without
    continuity correction: Fleiss, Levin and Paik 2003, chapter 4.
    """
    _check_rates(p1, p2)
    if p1 == p2:
        raise ValueError("no number of rows tells equal rates apart")
    pooled = (p1 + p2) / 2.0
    under_null = _z(alpha) * math.sqrt(2.0 * pooled * (1.0 - pooled))
    spread = under_null + _z(beta) * math.sqrt(p1 * (1.0 - p1) + p2 * (1.0 - p2))
    return max(1, math.ceil((spread / (p1 - p2)) ** 2))


def _inflation(level: float, beta: float) -> float:
    z_alpha = critical_value(level)
    if z_alpha == 0.0:
        raise ValueError("the level that decides lies above 0.5")
    return ((z_alpha + _z(beta)) / z_alpha) ** 2


def _z(error: float) -> float:
    if not 0.0 < error <= 0.5:
        raise ValueError(f"an error probability lies in (0, 0.5], not {error}")
    return critical_value(1.0 - error)


def _check_rates(first: float, second: float) -> None:
    if not (0.0 <= first <= 1.0 and 0.0 <= second <= 1.0):
        raise ValueError(f"rates lie in [0, 1], not {first} and {second}")
