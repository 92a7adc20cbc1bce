"""How much rates differ between slices: more than chance makes them differ, and by how much at most.

Of many small slices some look bad by chance alone, and the spread of their rates is always positive. What is
here takes chance off. Shrunken rates are for showing and for deciding where to label next, never for passing
a slice: they move a truly bad small slice towards the good ones.
"""

import math
from collections.abc import Sequence
from itertools import permutations

from hcgov.core.frozen import frozen
from hcgov.stats.effective import check_counts, check_level
from hcgov.stats.ratios import koopman_lower, koopman_upper
from hcgov.stats.special import beta_quantile

Count = tuple[float, float]
"""Events and size of a slice, 0 <= events <= size, on the scale of independent observations."""


@frozen
class Spread:
    """The variance of rates between slices.

    Parameters
    ----------
    raw
        Sample variance of the observed rates; positive even where all slices are alike.
    chance
        The part of it that sampling alone makes, on average.
    corrected
        ``raw`` minus ``chance``; unbiased, so it may be negative.
    slices
        Slices that entered: those with more than one observation.
    """

    raw: float
    chance: float
    corrected: float
    slices: int

    @property
    def value(self) -> float:
        """The variance to report: the corrected one, and 0 where that is negative."""
        return max(self.corrected, 0.0)

    @property
    def below_chance(self) -> bool:
        """Whether slices differ less than chance makes them differ, so that 0 is reported."""
        return self.corrected < 0.0


@frozen
class Shrunk:
    """A slice's rate, moved towards that of all slices by as much as its size leaves open.

    Parameters
    ----------
    value
        Posterior mean.
    low, high
        Ends of the central posterior interval.
    weight
        How much of the value is the slice's own rate, in [0, 1).
    """

    value: float
    low: float
    high: float
    weight: float


@frozen
class Fairness:
    """Differential fairness: e^epsilon is the largest ratio of any outcome's rates between two slices.

    Parameters
    ----------
    epsilon
        The smoothed estimate, not negative.
    low, high
        Bounds on the true one; ``high`` is ``None`` where no ratio can be excluded, as where an outcome was
        never seen in some slice.
    """

    epsilon: float
    low: float
    high: float | None


def between_slice_variance(slices: Sequence[Count]) -> Spread | None:
    """Return the variance of rates between slices, corrected for what chance alone makes.

    Parameters
    ----------
    slices
        Events and size of each. Slices of one observation or less tell nothing of their own spread and are
        left out.

    Returns
    -------
    Spread or None
        ``None`` with fewer than two slices left.

    Raises
    ------
    ValueError
        A count is impossible.

    Notes
    -----
    Lum, Zhang and Bower 2022 (FAccT, doi:10.1145/3531146.3533105): the sample variance of the rates minus the
    mean of p (1 - p) / (n - 1), which is unbiased for each slice's sampling variance.
    """
    known = [(x / n, n) for x, n in _checked(slices) if n > 1.0]
    if len(known) < 2:
        return None
    mean = math.fsum(p for p, _ in known) / len(known)
    raw = math.fsum((p - mean) ** 2 for p, _ in known) / (len(known) - 1)
    chance = math.fsum(p * (1.0 - p) / (n - 1.0) for p, n in known) / len(known)
    return Spread(raw=raw, chance=chance, corrected=raw - chance, slices=len(known))


def shrunken_rates(slices: Sequence[Count], *, level: float = 0.90) -> tuple[Shrunk, ...]:
    """Return each slice's empirical-Bayes rate, for showing only.

    Parameters
    ----------
    slices
        Events and size of each, at least one with observations.
    level
        Two-sided content of the posterior intervals, in [0, 1).

    Raises
    ------
    ValueError
        A count or the level is impossible, or there are no observations at all.

    Notes
    -----
    Beta-binomial model, its mean the pooled rate (with half an event on either side, so that it is never 0 or
    1) and its precision by moments (Kleinman 1973, JASA 68:46): m (1 - m) / corrected variance - 1. Where the
    slices differ less than chance would make them, the prior weighs as much as all data together, and no
    more; it never weighs less than half an event of the rarer kind. Intervals leave out the error of the
    prior itself, so they are a little narrow.
    """
    if not 0.0 <= level < 1.0:
        raise ValueError(f"a two-sided content lies in [0, 1), not {level}")
    counts = _checked(slices)
    events, total = math.fsum(x for x, _ in counts), math.fsum(n for _, n in counts)
    if total <= 0.0:
        raise ValueError("shrinking needs observations in at least one slice")
    centre = (events + 0.5) / (total + 1.0)
    spread = between_slice_variance(counts)
    precision = total
    if spread is not None and spread.corrected > 0.0:
        least = 0.5 / min(centre, 1.0 - centre)
        precision = max(min(centre * (1.0 - centre) / spread.corrected - 1.0, total), least)
    told = []
    for x, n in counts:
        a, b = centre * precision + x, (1.0 - centre) * precision + (n - x)
        told.append(
            Shrunk(
                value=a / (a + b),
                low=beta_quantile((1.0 - level) / 2.0, a, b),
                high=beta_quantile((1.0 + level) / 2.0, a, b),
                weight=n / (n + precision),
            )
        )
    return tuple(told)


def james_stein(values: Sequence[float], variance: float) -> tuple[float, ...]:
    """Return values shrunken to their mean, for values of equal and known sampling variance.

    Parameters
    ----------
    values
        At least four.
    variance
        Sampling variance of each, positive.

    Raises
    ------
    ValueError
        An argument is out of range.

    Notes
    -----
    Efron and Morris 1977 (Scientific American 236:119): mean + c (value - mean) with c = 1 - (k - 3) variance
    / sum (value - mean)^2; here never below 0 (positive part).
    """
    if len(values) < 4 or not all(map(math.isfinite, values)) or not 0.0 < variance < math.inf:
        raise ValueError("James-Stein takes four finite values or more and a positive variance")
    mean = math.fsum(values) / len(values)
    squares = math.fsum((value - mean) ** 2 for value in values)
    wanted = (len(values) - 3) * variance
    keep = 1.0 - wanted / squares if squares > wanted else 0.0
    return tuple(mean + keep * (value - mean) for value in values)


def differential_fairness(
    slices: Sequence[Count], *, level: float = 0.95, smoothing: float = 0.5
) -> Fairness | None:
    """Return how far apart the rates of either outcome are between any two slices, as a log ratio.

    Parameters
    ----------
    slices
        Events and size of each; slices without observations are left out.
    level
        One-sided confidence of each bound, in [0.5, 1).
    smoothing
        Added to the events and non-events of every slice for the estimate (Dirichlet prior, 1 / outcomes by
        default); 0 takes the rates as they are. Bounds are never smoothed.

    Returns
    -------
    Fairness or None
        ``None`` with fewer than two slices, or where an unsmoothed ratio has no value.

    Raises
    ------
    ValueError
        An argument is out of range.

    Notes
    -----
    Foulds, Islam, Keya and Pan 2020 (ICDE, doi:10.1109/ICDE48307.2020.00203). The upper bound is the largest
    of the Koopman bounds of all ordered pairs and both outcomes, each at ``level``: the true epsilon belongs
    to one of these, so it is exceeded with that confidence whatever their number (intersection-union). The
    lower bound is the largest at a level corrected for that number. Posterior draws would need a seed; these
    bounds need none and do not depend on a prior.
    """
    check_level(level)
    if not 0.0 <= smoothing < math.inf:
        raise ValueError(f"smoothing is finite and not negative, not {smoothing}")
    known = [(x, n) for x, n in _checked(slices) if n > 0.0]
    if len(known) < 2:
        return None
    sides = (known, [(n - x, n) for x, n in known])
    rates = [[(x + smoothing) / (n + 2.0 * smoothing) for x, n in side] for side in sides]
    if min(map(min, rates)) <= 0.0:
        return None
    each = 1.0 - (1.0 - level) / (2 * len(known) * (len(known) - 1))
    pairs = [(*one, *other) for side in sides for one, other in permutations(side, 2)]
    high = max(koopman_upper(*pair, level) for pair in pairs)
    low = max(koopman_lower(*pair, each) for pair in pairs)
    return Fairness(
        epsilon=max(math.log(max(side) / min(side)) for side in rates),
        low=math.log(max(low, 1.0)),
        high=math.log(max(high, 1.0)) if high < math.inf else None,
    )


def _checked(slices: Sequence[Count]) -> Sequence[Count]:
    for x, n in slices:
        check_counts(x, n)
    return slices
