"""Rules over several slices: the largest gap, the smallest ratio, and each slice against everyone else.

Between the worst two of several slices an interval comes from those of the pairs. The bound that clears needs no
correction: were it below the truth, the bound of the truly worst pair would be, too (an intersection-union
test, Berger 1982, Technometrics 24:295, doi:10.1080/00401706.1982.10487790). The bound that accuses is
Bonferroni's over the ordered pairs.
"""

from collections.abc import Callable, Sequence
from itertools import permutations

from hcgov.core.frozen import frozen
from hcgov.stats.differences import miettinen_nurminen_lower, miettinen_nurminen_upper
from hcgov.stats.effective import check_counts
from hcgov.stats.multiplicity import bonferroni_level
from hcgov.stats.ratios import koopman_lower, koopman_upper

Counts = tuple[float, float]
"""Effective events and size of a slice."""

_Bound = Callable[[float, float, float, float, float], float]


@frozen
class WorstPair:
    """Bounds of the worst comparison among slices.

    Parameters
    ----------
    lower, upper
        For a gap, ``upper`` clears at the level asked and ``lower`` accuses at the corrected one; for a ratio,
        the other way round.
    pair
        Places of the two slices whose bound clears least: the first rate minus, or divided by, the second.
    """

    lower: float
    upper: float
    pair: tuple[int, int]


def largest_gap(slices: Sequence[Counts], level: float) -> WorstPair:
    """Return bounds of the largest difference between the rates of any two slices.

    Parameters
    ----------
    slices
        At least two.
    level
        One-sided confidence in [0.5, 1) of either bound, over all pairs.

    Raises
    ------
    ValueError
        Fewer than two slices, or counts or level out of range.

    Notes
    -----
    U is the largest upper bound of a pair at ``level``; L the largest lower one at 1 - (1 - level) / (K (K -
    1)).
    """
    _check(slices)
    clear = _over_pairs(slices, miettinen_nurminen_upper, level)
    pair = max(clear, key=clear.__getitem__)
    accuse = _over_pairs(slices, miettinen_nurminen_lower, bonferroni_level(1.0 - level, len(clear)))
    return WorstPair(lower=max(accuse.values()), upper=clear[pair], pair=pair)


def smallest_ratio(slices: Sequence[Counts], level: float) -> WorstPair:
    """Return bounds of the smallest ratio of the rates of any two slices.

    Parameters and errors are those of :func:`largest_gap`. L is the smallest lower bound of a pair at
    ``level``, which clears; U the smallest upper one at the corrected level, infinite where nobody has events.
    """
    _check(slices)
    clear = _over_pairs(slices, koopman_lower, level)
    pair = min(clear, key=clear.__getitem__)
    accuse = _over_pairs(slices, koopman_upper, bonferroni_level(1.0 - level, len(clear)))
    return WorstPair(lower=clear[pair], upper=min(accuse.values()), pair=pair)


def against_the_rest(slices: Sequence[Counts]) -> tuple[tuple[float, float, float, float], ...]:
    """Return each slice's counts beside those of everyone else: x, n, and x, n of the rest.

    With many slices this is the family to judge: K comparisons of one small side each, instead of K (K - 1) of
    two. The slices are disjoint and cover everyone.

    Raises
    ------
    ValueError
        Counts are out of range.
    """
    for x, n in slices:
        check_counts(x, n)
    events, size = sum(x for x, _ in slices), sum(n for _, n in slices)
    return tuple((x, n, min(max(events - x, 0.0), size - n), size - n) for x, n in slices)


def _check(slices: Sequence[Counts]) -> None:
    if len(slices) < 2:
        raise ValueError(f"a gap lies between at least two slices, not {len(slices)}")


def _over_pairs(slices: Sequence[Counts], bound: _Bound, level: float) -> dict[tuple[int, int], float]:
    return {
        (first, second): bound(*slices[first], *slices[second], level)
        for first, second in permutations(range(len(slices)), 2)
    }
