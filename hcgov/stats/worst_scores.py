"""Who of those whose group is not recorded would make an AUC, or a calibration gap, of a slice most extreme.

Worst-case bounds after Manski (1990, American Economic Review 80:319): nothing is assumed about who is missing.
Rows whose group is missing have known scores and labels, so the extremes are attained by some of them; rows
without a score or a label may have any.
"""

from collections.abc import Sequence

from hcgov.core.frozen import frozen


@frozen
class Cut:
    """Which rows join a slice so that its AUC is lowest.

    Parameters
    ----------
    positives_below, negatives_from
        Rows of label 1 in all bins below the first, and rows of label 0 in all bins from the second on.
    ones
        Rows without a score or a label that are taken to have label 1, and a score below all; the others have
        label 0 and a score above all.
    """

    positives_below: int
    negatives_from: int
    ones: int


def lowest_area(
    own: tuple[Sequence[int], Sequence[int]],
    may: tuple[Sequence[int], Sequence[int]],
    exact: Sequence[bool],
    missing: int = 0,
) -> Cut:
    """Return who must join a slice for its AUC to be lowest.

    Parameters
    ----------
    own, may
        Rows by bin of the score, lowest first, with label 1 and with label 0: those of the slice, both labels
        among them, and those who may belong to it.
    exact
        For each bin, whether all scores in it are equal; ties in others count against the slice.
    missing
        Rows of the slice without a score or a label.

    Notes
    -----
    For given numbers of joining positives and negatives the lowest positives and the highest negatives are
    worst: every other choice wins more of the pairs (Mann and Whitney 1947). Within a bin the area is a ratio of
    linear functions of how many join, so it is lowest where all or none do. That leaves a lower cut of the
    positives and an upper one of the negatives, and all pairs of them are tried: exact, in the square of the
    number of bins. The highest AUC is the lowest with the bins in reverse, taken from 1.
    """
    from hcgov.stats.vector.worst_scores import lowest_cut  # noqa: PLC0415 - numpy only where something is missing

    positives_below, negatives_from, ones = lowest_cut(own, may, exact, missing)
    return Cut(positives_below=positives_below, negatives_from=negatives_from, ones=ones)


def highest_mean(
    n: float, total: float, candidates: Sequence[tuple[int, float]], width: float
) -> tuple[float, frozenset[int]]:
    """Return the highest mean that some of the candidates can give a slice, and which of them join.

    Parameters
    ----------
    n, total
        Rows of the slice, at least one, and their sum.
    candidates
        Rows and sum of each part of those who may belong to it.
    width
        The values of one part differ by at most so much.

    Returns
    -------
    (float, frozenset of int)
        The mean, and the places of the candidates that join.

    Notes
    -----
    A mean rises by whatever lies above it, so parts join from the highest on as long as it does. Of the parts that
    straddle the mean only the upper rows may join: the mean is set higher by the most that this can add.
    """
    order = sorted(range(len(candidates)), key=lambda i: _mean(candidates[i]), reverse=True)
    rows, taken = n, set[int]()
    for place in order:
        more, sums = candidates[place]
        if not more:
            continue
        if sums * rows <= total * more:
            break
        rows, total = rows + more, total + sums
        taken.add(place)
    mean = total / rows
    straddling = sum(more for more, sums in candidates if more and abs(sums / more - mean) <= width)
    return mean + width * straddling / max(n, 1.0) if straddling else mean, frozenset(taken)


def _mean(part: tuple[int, float]) -> float:
    rows, total = part
    return total / rows if rows else 0.0
