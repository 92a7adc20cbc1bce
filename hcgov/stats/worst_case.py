"""Worst cases over what is not recorded: every assignment of missing groups and outcomes, by its corners.

Nothing is imputed and nothing assumed about who is missing (Manski 1990, American Economic Review 80:319; Horowitz
and Manski 1995, Econometrica 63:281, doi:10.2307/2951627). A row without a group may belong to either side of a
comparison or to neither; a row without an outcome may have it, lack it, or lie outside the denominator. A bound
that holds at the corners below holds under every such assignment, row by row; people whose rows move together are
among these.
"""

from itertools import product
from typing import TypeAlias

from hcgov.core.frozen import frozen

Sides: TypeAlias = tuple[float, float, float, float]
"""``x1, n1, x2, n2``: events and rows of both sides of a comparison."""


@frozen
class Unknown:
    """Rows of which something is not recorded, beside two sides of a comparison that are certain.

    Parameters
    ----------
    positives, negatives
        Rows with and without the outcome whose group is not recorded.
    first, second
        Rows of either side whose outcome is not recorded.
    both
        Rows of which neither is recorded. They are counted on both sides at once, which errs to the wide side.
    elsewhere
        Whether those without a group may belong to neither side. False where the second side is everyone but
        the first.
    """

    positives: float = 0.0
    negatives: float = 0.0
    first: float = 0.0
    second: float = 0.0
    both: float = 0.0
    elsewhere: bool = True

    @property
    def turned(self) -> "Unknown":
        """The same beside the sides exchanged."""
        return Unknown(
            positives=self.positives,
            negatives=self.negatives,
            first=self.second,
            second=self.first,
            both=self.both,
            elsewhere=self.elsewhere,
        )


def corners(x1: float, n1: float, x2: float, n2: float, unknown: Unknown) -> tuple[Sides, ...]:
    """Return the assignments between which every bound of a comparison lies.

    Parameters
    ----------
    x1, n1, x2, n2
        Events and rows that are certain, 0 <= x <= n.
    unknown
        What is not recorded beside them.

    Returns
    -------
    tuple
        Some corners raise the first rate and lower the second, the others do the opposite. The largest upper and
        the smallest lower bound of Miettinen and Nurminen (difference) and of Koopman (ratio) over all
        assignments are among theirs; enumeration of small tables holds this.
    """
    high = _raised(x1, n1, x2, n2, unknown)
    low = ((a, b, c, d) for c, d, a, b in _raised(x2, n2, x1, n1, unknown.turned))
    return tuple(dict.fromkeys((*high, *low)))


def corners_of_rate(
    x: float, n: float, *, positives: float = 0.0, negatives: float = 0.0, outcomes: float = 0.0
) -> tuple[tuple[float, float], ...]:
    """Return the two assignments, ``(x, n)``, between which every bound of one rate lies.

    Parameters
    ----------
    x, n
        Events and rows that are certain.
    positives, negatives
        Rows with and without the outcome that may belong to the group.
    outcomes
        Rows that belong to it, or may, and whose outcome is not recorded.

    Notes
    -----
    Clopper and Pearson's bounds are quantiles of beta distributions that every further event moves up, and every
    further row without one moves down; so do Wilson's.
    """
    high = (x + positives + outcomes, n + positives + outcomes)
    low = (x, n + negatives + outcomes)
    return tuple(dict.fromkeys((high, low)))


def _raised(x1: float, n1: float, x2: float, n2: float, unknown: Unknown) -> tuple[Sides, ...]:
    """Return the corners that raise the first rate most and lower the second most."""
    up, down = unknown.first + unknown.both, unknown.second + unknown.both
    if unknown.elsewhere:
        up, down = up + unknown.positives, down + unknown.negatives
    else:
        x1, n1, n2 = x1 + unknown.positives, n1 + unknown.positives, n2 + unknown.negatives
    # Rows that cannot move a rate any further only make the sample larger: there leaving them out may be worse.
    first = (up, 0.0) if x1 >= n1 and up else (up,)
    second = (down, 0.0) if x2 <= 0.0 and down else (down,)
    return tuple((x1 + a, n1 + a, x2, n2 + b) for a, b in product(first, second))
