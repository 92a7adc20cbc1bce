"""Weighted shares and means of people's answers, beside unweighted ones, with the error that weighting leaves.

Each person counts by their weight, however many answers they gave: the value of a person is the mean of their answers.
"""

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.stats.crossed import Rows, share_of_nothing
from hcgov.stats.means import student
from hcgov.stats.sampling.margins import Margin
from hcgov.stats.shares import share, worth

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]


@frozen
class Answers:
    """Answers of people, one a row.

    Parameters
    ----------
    y
        The answer, shape (rows,), finite.
    rows
        Person and item of each row; the person's code is a place in ``weights``, and rows of nobody (a negative code)
        are left out.
    weights
        Of each person, shape (people,), finite and not negative; people of weight 0 count nowhere.
    margins
        What the weights were raked to, with places of the same people: the part of the answers that margins explain has
        no sampling error left. Empty where weights were given.
    """

    y: Floats
    rows: Rows
    weights: Floats
    margins: Sequence[Margin] = ()

    def of_group(self, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return the rows that count: those of a group whose people have a weight."""
        named = self.rows.people >= 0
        return np.asarray(mask & named & (self.weights[np.maximum(self.rows.people, 0)] > 0.0))


@frozen
class Beside:
    """The weighted share, the one in which every person with a weight counts alike, and what weighting changes."""

    weighted: Estimate
    unweighted: Estimate
    effect: Estimate


def beside(answers: Answers, mask: NDArray[np.bool_] | None = None) -> Beside:
    """Return the weighted share beside the unweighted one.

    Parameters
    ----------
    answers, mask
        As for :func:`weighted_share`.
    """
    frame = _frame(answers, mask)
    if frame is None:
        nothing = student(None, None, 0, n=0, people=0, low=-1.0, high=1.0)
        return Beside(weighted=share_of_nothing(), unweighted=share_of_nothing(), effect=nothing)
    alike = _alike(answers)
    weighted, first = _linearised(answers, frame)
    plain, second = _linearised(alike, frame)
    variance, df = _variance(first - second, answers, frame)
    effect = student(
        min(max(weighted - plain, -1.0), 1.0),
        math.sqrt(variance),
        df,
        n=frame.rows,
        people=frame.people,
        low=-1.0,
        high=1.0,
    )
    return Beside(
        weighted=_share(answers, frame, weighted, first),
        unweighted=_share(alike, frame, plain, second),
        effect=effect,
    )


def weighted_share(answers: Answers, mask: NDArray[np.bool_] | None = None) -> Estimate:
    """Return the weighted share of an outcome in [0, 1]; Clopper-Pearson on the effective sample decides.

    Parameters
    ----------
    answers
        Rows with ``y`` in [0, 1].
    mask
        Rows of the group that it is about, shape (rows,); everybody where left out. Margins stay those of everybody.

    Returns
    -------
    Estimate
        Without a value where nobody with a weight answered.

    Notes
    -----
    Linearised variance of a ratio on residuals from the margins (Deville and Sarndal 1992,
    doi:10.1080/01621459.1992.10475217), between people and items (Cameron, Gelbach and Miller 2011,
    doi:10.1198/jbes.2010.07136); the effective sample is p (1 - p) / V (Korn and Graubard 1998, Survey Methodology
    24:193).
    """
    frame = _frame(answers, mask)
    return share_of_nothing() if frame is None else _share(answers, frame, *_linearised(answers, frame))


def unweighted_share(answers: Answers, mask: NDArray[np.bool_] | None = None) -> Estimate:
    """Return the share in which every person with a weight counts alike."""
    return weighted_share(_alike(answers), mask)


def _alike(answers: Answers) -> Answers:
    return Answers(y=answers.y, rows=answers.rows, weights=(answers.weights > 0.0).astype(np.float64))


@frozen
class _Frame:
    """The rows that count, and their clusters: people by their code, items and pairs from 0.

    ``items`` and ``pairs`` are ``None`` where no two rows share an item.
    """

    counted: NDArray[np.bool_]
    person: Ints
    given: Ints
    items: Ints | None
    pairs: Ints | None
    rows: int
    people: int


def _frame(answers: Answers, mask: NDArray[np.bool_] | None) -> _Frame | None:
    """Return the rows that count; ``None`` where there are none."""
    counted = answers.of_group(np.ones(answers.y.size, dtype=bool) if mask is None else mask)
    rows = int(counted.sum())
    if not rows:
        return None
    person = answers.rows.people[counted].astype(np.int64)
    given = np.bincount(person, minlength=answers.weights.size)
    items = pairs = None
    if answers.rows.items is not None:
        items = np.unique(answers.rows.items[counted], return_inverse=True)[1].astype(np.int64)
        count = int(items.max()) + 1
        if count == rows:
            items = None
        else:
            pairs = np.unique(person * count + items, return_inverse=True)[1].astype(np.int64)
    return _Frame(
        counted=counted,
        person=person,
        given=given,
        items=items,
        pairs=pairs,
        rows=rows,
        people=int((given > 0).sum()),
    )


def _share(answers: Answers, frame: _Frame, value: float, influence: "_Influence") -> Estimate:
    variance, df = _variance(influence, answers, frame)
    value = min(max(value, 0.0), 1.0)
    weights = answers.weights[frame.given > 0]
    effective = float(weights.sum() ** 2 / (weights * weights).sum())
    fewest = max(min(frame.people, math.floor(effective + 1e-9)), 1)
    size = worth(value, variance, fewest=fewest, most=float(frame.rows), df=max(df, 1))
    return share(value, size, n=frame.rows, people=frame.people)


@frozen
class _Influence:
    """What rows that count add to the error of a mean, and what people without such a row add, shape (people,)."""

    rows: Floats
    others: Floats

    def __sub__(self, other: "_Influence") -> "_Influence":
        return _Influence(rows=self.rows - other.rows, others=self.others - other.others)


def _linearised(answers: Answers, frame: _Frame) -> tuple[float, _Influence]:
    """Return the weighted mean of people's means, and what each row that counts and each person adds to its error."""
    y, person, size = answers.y[frame.counted], frame.person, answers.weights.size
    inside = frame.given > 0
    mean = np.divide(_totals(y, person, size), frame.given, out=np.zeros(size), where=inside)
    weights = np.where(inside, answers.weights, 0.0)
    whole = weights.sum()
    value = float((weights * mean).sum() / whole)
    # A person's part of the ratio's error, less what the margins explain of it.
    explained = _explained(np.where(inside, mean - value, 0.0) / whole, answers)
    each = answers.weights / np.maximum(frame.given, 1)
    rows = each[person] * ((y - value) / whole - explained[person])
    # People of other groups carry error too, as margins tie all weights together.
    return value, _Influence(rows=rows, others=np.where(inside, 0.0, -answers.weights * explained))


def _explained(part: Floats, answers: Answers) -> Floats:
    """Return the weighted least-squares fit of a person's value on the levels of the margins."""
    if not answers.margins:
        return np.zeros_like(part)
    counted = answers.weights > 0.0
    blocks = [
        (margin.place[:, None] == np.arange(margin.target.size)[None, :]).astype(np.float64)
        for margin in answers.margins
    ]
    levels = np.concatenate(blocks, axis=1)
    weights = np.where(counted, answers.weights, 0.0)
    gram = (levels * weights[:, None]).T @ levels
    slope = np.linalg.pinv(gram, hermitian=True) @ (levels.T @ (weights * part))
    return np.asarray(levels @ slope)


def _variance(influence: _Influence, answers: Answers, frame: _Frame) -> tuple[float, int]:
    """Return the variance of a sum whose terms share people and items, and its degrees of freedom."""
    terms = influence.rows
    totals = influence.others + _totals(terms, frame.person, answers.weights.size)
    people = _spread(totals, int((answers.weights > 0.0).sum()))
    df = frame.people - 1 - sum(int((margin.target > 0.0).sum()) - 1 for margin in answers.margins)
    if frame.items is None or frame.pairs is None:
        return people, df
    counts = [int(place.max()) + 1 for place in (frame.items, frame.pairs)]
    items, both = (
        _spread(_totals(terms, place, count), count)
        for place, count in zip((frame.items, frame.pairs), counts, strict=True)
    )
    return max(people + items - both, people, items), min(df, counts[0] - 1)


def _totals(terms: Floats, place: Ints, size: int) -> Floats:
    return np.asarray(np.bincount(place, weights=terms, minlength=size), dtype=np.float64)


def _spread(totals: Floats, count: int) -> float:
    """Return the variance of a sum from the totals of its clusters."""
    return float(count / (count - 1) * (totals * totals).sum()) if count > 1 else 0.0
