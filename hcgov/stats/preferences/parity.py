"""What is left of each group's judgments after an export: counted, not estimated."""

from collections.abc import Mapping

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.core.limit import Side
from hcgov.stats.means import student

_NO_ERROR = 1e-300  # an error has to be above 0; beside any value but 0 it is lost in rounding


def counted(value: float, n: int, *, side: Side = Side.AT_MOST, people: int | None = None) -> Estimate:
    """Return a value that was counted over all there is, nothing sampled: both its bounds are the value itself.

    ``side`` is that of the limit which it is held against: the value is the end of its range towards the limit, so
    that a count of nothing is exactly nothing.
    """
    low, high = (value, None) if side is Side.AT_LEAST else (None, value)
    return student(value, _NO_ERROR, 1e12, n=n, people=people, low=low, high=high)


@frozen
class Parity:
    """How evenly judgments survive.

    Parameters
    ----------
    survival
        Share of each group's judgments that are left, for groups that had any.
    ratio
        Smallest by largest share; ``None`` where there are fewer than two groups, or nothing is left of any.
    least
        The group with the smallest share; the first by name of several.
    """

    survival: Mapping[str, float]
    ratio: float | None
    least: str | None


def parity(before: Mapping[str, int], after: Mapping[str, int]) -> Parity:
    """Return the share of each group's judgments that survive, and the smallest by the largest of them.

    Parameters
    ----------
    before, after
        Judgments of each group in the source and in the export.

    Raises
    ------
    ValueError
        More are left of a group than there were.

    >>> parity({"a": 100, "b": 50}, {"a": 90, "b": 27}).ratio
    0.6
    """
    if any(after.get(group, 0) > before.get(group, 0) for group in {*before, *after}):
        raise ValueError("no more judgments can be left than there were")
    survival = {group: after.get(group, 0) / before[group] for group in sorted(before) if before[group]}
    most = max(survival.values(), default=0.0)
    if len(survival) < 2 or most == 0.0:
        return Parity(survival=survival, ratio=None, least=None)
    least = min(survival, key=lambda group: survival[group])
    return Parity(survival=survival, ratio=survival[least] / most, least=least)
