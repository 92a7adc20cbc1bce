"""Cycles of improvement: what each gained on held-out data, what a point of it cost, and when to stop."""

from collections.abc import Sequence

from hcgov.core.estimate import Estimate, Method
from hcgov.core.frozen import frozen
from hcgov.stats.bounds import lower, two_sided
from hcgov.stats.means import student
from hcgov.stats.special import normal_quantile


@frozen
class Measured:
    """A held-out measure in [0, 1] as people write it down.

    Parameters
    ----------
    value
        The measure.
    n
        Held-out items.
    low, high
        Its two-sided 95 % interval, where it is no share of items or items are not independent.
    """

    value: float
    n: int
    low: float | None = None
    high: float | None = None


def gain(before: Measured, after: Measured) -> Estimate:
    """Return how much a measure rose, with an interval.

    Returns
    -------
    Estimate
        Where either has an interval: difference with the standard error sqrt(s1^2 + s2^2), each s from the width of
        its interval (of the one without: of a share's). Else that of two shares of independent items (Miettinen and
        Nurminen 1985,
        doi:10.1002/sim.4780040211). Both take the two measures for independent; measured on the same items they are
        not, and where they go together the interval is too wide, never too narrow.
    """
    people = None
    n = before.n + after.n
    if any(one.low is not None and one.high is not None for one in (before, after)):
        se = sum(_error(one) ** 2 for one in (before, after)) ** 0.5
        return student(after.value - before.value, se, 1e12, n=n, people=people, low=-1.0, high=1.0, aim=1.0)
    return Estimate(
        value=after.value - before.value,
        n=n,
        n_eff=float(n),
        people=people,
        method=Method.MIETTINEN_NURMINEN,
        statistics=(
            ("x1", after.value * after.n),
            ("n1", float(after.n)),
            ("x2", before.value * before.n),
            ("n2", float(before.n)),
        ),
    )


def interval(one: Measured) -> tuple[float, float]:
    """Return the two-sided 95 % interval of a measure: as written, or that of a share (Clopper-Pearson)."""
    if one.low is not None and one.high is not None:
        return one.low, one.high
    share = Estimate(
        value=one.value,
        n=one.n,
        n_eff=float(one.n),
        people=None,
        method=Method.CLOPPER_PEARSON,
        statistics=(("x", one.value * one.n), ("n", float(one.n))),
    )
    return two_sided(share, 0.95)


def stopped_at(gains: Sequence[float | None], *, least: float, cycles: int) -> int | None:
    """Return the cycle (from 0) at which the stop rule says stop; ``None`` where it does not.

    Parameters
    ----------
    gains
        Gain of each cycle in order; ``None`` where none was measured: it neither fulfils nor breaks a run.
    least
        Gains below this are too small.
    cycles
        So many in a row stop it.
    """
    run = 0
    for place, found in enumerate(gains):
        if found is None:
            continue
        run = run + 1 if found < least - 1e-12 else 0
        if run >= cycles:
            return place
    return None


def cost_per_point(cost: float | None, gained: float) -> float | None:
    """Return what one percentage point of a measure cost; ``None`` where nothing was gained or no cost is known."""
    return None if cost is None or gained <= 0.0 else cost / (100.0 * gained)


def cost_per_accepted(cost: float, accepted: int) -> float | None:
    """Return what one accepted label cost, the rejected ones being paid too; ``None`` where none was accepted."""
    return cost / accepted if accepted > 0 else None


def _error(one: Measured) -> float:
    low, high = interval(one)
    return (high - low) / (2.0 * normal_quantile(0.975))


def shown_to_improve(found: Estimate, level: float = 0.95) -> bool:
    """Whether a gain is above zero at a one-sided confidence."""
    return lower(found, level) > 0.0
