"""Bounds, p-values and missing labels of many estimates: one after the other, or together where that pays.

Together means on numpy, which costs a fifth of a second to load and then does a comparison in a microsecond
instead of fifteen. Both ways give the same bits (:mod:`hcgov.stats.vector`), so the choice is one of speed.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from hcgov.core.estimate import Estimate
from hcgov.core.limit import Limit, Side
from hcgov.stats.bounds import SCORED, lower, p_value, p_value_at_score, score, upper
from hcgov.stats.differences import (
    miettinen_nurminen_lower,
    miettinen_nurminen_score,
    miettinen_nurminen_upper,
)
from hcgov.stats.effective import counts_of_two
from hcgov.stats.power import labels_needed
from hcgov.stats.ratios import koopman_lower, koopman_score, koopman_upper

WORTH_LOADING = 8192
"""From so many comparisons on numpy saves more than its import costs."""

WORTH_USING = 128
"""From so many comparisons on numpy saves time where it is loaded already."""


_OF_TWO: Mapping[str, tuple[Callable[[float, float, float, float, float], float], ...]] = {
    "lower": (miettinen_nurminen_lower, koopman_lower),
    "upper": (miettinen_nurminen_upper, koopman_upper),
    "score": (miettinen_nurminen_score, koopman_score),
}
"""What is computed of the counts of two groups, by method in the order of :data:`hcgov.stats.bounds.SCORED`."""


class Subject(NamedTuple):
    """An estimate, with the counts of both groups taken out where it has a score."""

    estimate: Estimate
    counts: tuple[float, float, float, float] | None


def subject(estimate: Estimate) -> Subject:
    """Return an estimate made ready for several steps."""
    if estimate.method not in SCORED:
        return Subject(estimate, None)
    counts = counts_of_two(estimate.statistics)
    if counts is not None:
        return Subject(estimate, counts)
    values = dict(estimate.statistics)
    if values.get("error"):  # bounds lie further out than the score says
        return Subject(estimate, None)
    return Subject(estimate, (values["x1"], values["n1"], values["x2"], values["n2"]))


def pays(count: int) -> bool:
    """Whether so many comparisons are faster together."""
    return count >= WORTH_LOADING or (count >= WORTH_USING and "numpy" in sys.modules)


def lowers(subjects: Sequence[Subject], levels: Sequence[float], *, together: bool) -> list[float]:
    """Return the lower bound of each estimate at its level.

    Raises
    ------
    NoInterval
        The method of one is ``point``.
    ValueError
        A level or statistics are out of range.
    """
    return _each(subjects, levels, lower, "lower", together=together)


def uppers(subjects: Sequence[Subject], levels: Sequence[float], *, together: bool) -> list[float]:
    """Return the upper bound of each estimate at its level; errors are those of :func:`lowers`."""
    return _each(subjects, levels, upper, "upper", together=together)


def p_values(subjects: Sequence[Subject], limit_value: float, side: Side, *, together: bool) -> list[float]:
    """Return the one-sided p-value of each estimate; see :func:`hcgov.stats.bounds.p_value`."""
    scores = _scores(subjects, limit_value, together=together)
    return [
        p_value(one.estimate, limit_value, side) if found is None else p_value_at_score(found, side)
        for one, found in zip(subjects, scores, strict=True)
    ]


def labels(
    subjects: Sequence[Subject], limit: Limit, fail_levels: Sequence[float], *, together: bool
) -> list[int | None]:
    """Return the rows that would settle each estimate; see :func:`hcgov.stats.power.labels_needed`."""
    scores = _scores(subjects, float(limit.value), together=together)
    return [
        labels_needed(one.estimate, limit, fail_level=level, known_score=found)
        for one, level, found in zip(subjects, fail_levels, scores, strict=True)
    ]


def _scores(subjects: Sequence[Subject], limit_value: float, *, together: bool) -> list[float | None]:
    """Return the score of the limit where the method has one, else ``None``."""
    scored = [place for place, (_, counts) in enumerate(subjects) if counts is not None]
    chosen = [subjects[place] for place in scored]
    found = _each(chosen, [limit_value] * len(chosen), score, "score", together=together)
    scores: list[float | None] = [None] * len(subjects)
    for place, value in zip(scored, found, strict=True):
        scores[place] = value
    return scores


def _each(
    subjects: Sequence[Subject],
    numbers: Sequence[float],
    function: Callable[[Estimate, float], float],
    name: str,
    *,
    together: bool,
) -> list[float]:
    if not together:
        of_two = _OF_TWO[name]
        return [
            function(estimate, number)
            if counts is None
            else of_two[SCORED.index(estimate.method)](*counts, number)
            for (estimate, counts), number in zip(subjects, numbers, strict=True)
        ]
    from hcgov.stats import vector  # noqa: PLC0415 - numpy loads only where it pays

    found = [0.0] * len(subjects)
    scored: list[list[int]] = [[] for _ in SCORED]
    for place, (estimate, counts) in enumerate(subjects):
        if counts is None:
            found[place] = function(estimate, numbers[place])
        else:
            scored[SCORED.index(estimate.method)].append(place)
    for method, own in zip(SCORED, scored, strict=True):
        if own:
            x1, n1, x2, n2 = zip(*[subjects[place].counts or () for place in own], strict=True)
            values = vector.OF_TWO[method, name](x1, n1, x2, n2, [numbers[place] for place in own])
            for place, value in zip(own, values.tolist(), strict=True):
                found[place] = value
    return found
