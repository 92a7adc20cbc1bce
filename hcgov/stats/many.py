"""Bounds, p-values and missing labels of many estimates: one after the other, or together where that pays.

Together means on numpy, which costs a fifth of a second to load and then does a comparison in a microsecond
instead of fifteen. Both ways give the same bits (:mod:`hcgov.stats.vector`), so the choice is one of speed.

Who judges works in steps (:data:`Steps`): a step names the numbers it waits for, so that those of several who judge
side by side are computed together.
"""

import sys
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple, TypeAlias, TypeVar

from hcgov.core.estimate import Estimate
from hcgov.core.limit import Limit, Side
from hcgov.stats.bounds import OF_TWO, SCORED, lower, p_value, p_value_at_score, score, upper
from hcgov.stats.effective import counts_of_two
from hcgov.stats.power import labels_needed

T = TypeVar("T")

WORTH_LOADING = 8192
"""From so many comparisons on numpy saves more than its import costs."""

WORTH_USING = 128
"""From so many comparisons on numpy saves time where it is loaded already."""


_OF_ONE: Mapping[str, Callable[[Estimate, float], float]] = {"lower": lower, "upper": upper, "score": score}
"""What a step may wait for, of one estimate."""


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


class Wanted(NamedTuple):
    """Numbers that a step waits for: one a subject.

    Parameters
    ----------
    name
        ``lower`` or ``upper`` bounds, or ``score``.
    subjects
        Of what.
    numbers
        The level of each bound, or the hypothesis of each score.
    """

    name: str
    subjects: Sequence[Subject]
    numbers: Sequence[float]


Steps: TypeAlias = Generator[Wanted, list[float], T]
"""Work that yields what it waits for, is sent the numbers, and returns something in the end."""


def pays(count: int) -> bool:
    """Whether so many comparisons are faster together."""
    return count >= WORTH_LOADING or (count >= WORTH_USING and "numpy" in sys.modules)


def alone(steps: Steps[T], *, together: bool | None = None) -> T:
    """Return what work in steps returns; see :func:`side_by_side`."""
    return side_by_side([steps], together=together)[0]


def side_by_side(works: Iterable[Steps[T]], *, together: bool | None = None) -> list[T]:
    """Return what several works in steps return, in their order.

    Parameters
    ----------
    works
        In each round all of them take one step, and what they wait for is computed at once.
    together
        Whether that is done on numpy; ``None`` decides in each round by how many numbers there are. What comes out is
        the same.

    Notes
    -----
    What cannot be computed is raised in the work that asked for it; what a work does not catch ends them all.
    """
    done: dict[int, T] = {}
    waiting: dict[int, tuple[Steps[T], Wanted]] = {}

    def go_on(place: int, steps: Steps[T], move: Callable[[], Wanted]) -> None:
        try:
            wanted = move()
            while not wanted.subjects:
                wanted = steps.send([])
        except StopIteration as end:
            done[place] = end.value
        else:
            waiting[place] = steps, wanted

    for place, steps in enumerate(works):
        go_on(place, steps, steps.__next__)
    while waiting:
        asked, waiting = waiting, {}
        answers = _answers([wanted for _, wanted in asked.values()], together)
        for (place, (steps, _)), answer in zip(asked.items(), answers, strict=True):
            if isinstance(answer, Exception):
                go_on(place, steps, partial(steps.throw, answer))
            else:
                go_on(place, steps, partial(steps.send, answer))
    return [done[place] for place in sorted(done)]


def _answers(asked: Sequence[Wanted], together: bool | None) -> list[list[float] | Exception]:
    """Return the numbers each waits for, or what keeps them from being computed."""
    found: dict[int, list[float] | Exception] = {}
    for name in dict.fromkeys(one.name for one in asked):
        own = [place for place, one in enumerate(asked) if one.name == name]
        subjects = [subject for place in own for subject in asked[place].subjects]
        numbers = [number for place in own for number in asked[place].numbers]
        try:
            values = _each(
                subjects, numbers, name, together=pays(len(subjects)) if together is None else together
            )
        except Exception as failed:  # noqa: BLE001 - it is raised again, in the work whose numbers they are
            single = len(own) == 1
            found |= {place: failed if single else _answers([asked[place]], together)[0] for place in own}
            continue
        first = 0
        for place in own:
            last = first + len(asked[place].subjects)
            found[place], first = values[first:last], last
    return [found[place] for place in range(len(asked))]


def lowers(subjects: Sequence[Subject], levels: Sequence[float]) -> Steps[list[float]]:
    """Return the lower bound of each estimate at its level.

    Raises
    ------
    NoInterval
        The method of one is ``point``.
    ValueError
        A level or statistics are out of range.
    """
    return (yield Wanted("lower", subjects, levels))


def uppers(subjects: Sequence[Subject], levels: Sequence[float]) -> Steps[list[float]]:
    """Return the upper bound of each estimate at its level; errors are those of :func:`lowers`."""
    return (yield Wanted("upper", subjects, levels))


def p_values(subjects: Sequence[Subject], limit_value: float, side: Side) -> Steps[list[float]]:
    """Return the one-sided p-value of each estimate; see :func:`hcgov.stats.bounds.p_value`."""
    scores = yield from _scores(subjects, limit_value)
    return [
        p_value(one.estimate, limit_value, side) if found is None else p_value_at_score(found, side)
        for one, found in zip(subjects, scores, strict=True)
    ]


def labels(
    subjects: Sequence[Subject], limit: Limit, fail_levels: Sequence[float]
) -> Steps[list[int | None]]:
    """Return the rows that would settle each estimate; see :func:`hcgov.stats.power.labels_needed`."""
    scores = yield from _scores(subjects, float(limit.value))
    return [
        labels_needed(one.estimate, limit, fail_level=level, known_score=found)
        for one, level, found in zip(subjects, fail_levels, scores, strict=True)
    ]


def _scores(subjects: Sequence[Subject], limit_value: float) -> Steps[list[float | None]]:
    """Return the score of the limit where the method has one, else ``None``."""
    scored = [place for place, (_, counts) in enumerate(subjects) if counts is not None]
    found = yield Wanted("score", [subjects[place] for place in scored], [limit_value] * len(scored))
    scores: list[float | None] = [None] * len(subjects)
    for place, value in zip(scored, found, strict=True):
        scores[place] = value
    return scores


def _each(
    subjects: Sequence[Subject],
    numbers: Sequence[float],
    name: str,
    *,
    together: bool,
) -> list[float]:
    function = _OF_ONE[name]
    if not together:
        return [
            function(estimate, number) if counts is None else OF_TWO[estimate.method, name](*counts, number)
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
