"""A mixture of Bradley-Terry models: kinds of people, each with strengths of its own, found by EM."""

from dataclasses import replace

import numpy as np

from hcgov.core.frozen import frozen
from hcgov.stats.preferences.contests import (
    FIRST,
    SECOND,
    TIE,
    Bools,
    Codes,
    Contests,
    Floats,
    cells_of,
    oriented,
    sums,
)
from hcgov.stats.preferences.strengths import Model

RIDGE = 1.0
"""Penalty on squared strengths of a kind, lest few people make them infinite: a prior of variance 1."""
ROUNDS = 60
MOST_PEOPLE = 3000
"""People among whom the number of kinds is chosen; of more, a seeded sample."""


@frozen
class Mixture:
    """Kinds of people.

    Parameters
    ----------
    people
        Codes of the people, ascending.
    shares
        Share of each kind, the largest first, shape (K,).
    theta
        Strengths of each kind, each summing to 0 and shrunken by :data:`RIDGE`, shape (K, competitors).
    belongs
        Probability of each kind for each person, shape (people, K).
    held_out
        Mean log-likelihood of a held-out person with 1, 2, ... kinds, as far as they were tried.
    gain, gain_se
        By how much the next kind after K that was tried changed it, and the standard error; ``None`` where none was.
    """

    people: Codes
    shares: Floats
    theta: Floats
    belongs: Floats
    held_out: tuple[float, ...]
    gain: float | None
    gain_se: float | None

    @property
    def k(self) -> int:
        """How many kinds there are evidence for."""
        return int(self.shares.size)

    @property
    def labels(self) -> Codes:
        """The likeliest kind of each person."""
        return np.asarray(self.belongs.argmax(axis=1))


def mixture(
    contests: Contests,
    *,
    most: int = 5,
    smallest: float = 0.05,
    folds: int = 2,
    starts: int = 3,
    seed: int = 0,
) -> Mixture | None:
    """Return kinds of people; one kind where more do not tell the choices of people who were held out.

    Parameters
    ----------
    contests
        Rows that tie, and rows of nobody, are left out.
    most
        Largest number of kinds tried.
    smallest
        Least share of a kind.
    folds
        Parts of the people, each of which is held out once.
    starts
        Random starts of EM.
    seed
        Of folds and starts.

    Returns
    -------
    Mixture or None
        ``None`` with fewer than twenty people.

    Notes
    -----
    EM: Dempster, Laird and Rubin 1977 (JRSS B 39:1). A further kind is taken where the log-likelihood of people who
    were held out grows by more than 1.645 standard errors of its growth, person by person, and no kind is smaller
    than ``smallest``. As in the mixture of reward models of Chakraborty et al. 2024 (arXiv:2402.08925).
    """
    kept = contests.where((contests.outcome != TIE) & (contests.people >= 0))
    people = np.unique(kept.people)
    if people.size < 20 or contests.competitors < 3:
        return None
    generator = np.random.default_rng(seed)
    every = _Choices.of(kept)
    part = every.some(generator.permutation(people.size)[:MOST_PEOPLE])
    k, scores, gain, gain_se = _how_many(part, most, smallest, folds, starts, generator)
    fitted = _best(every, k, starts, generator)
    order = np.argsort(-fitted.shares, kind="stable")
    return Mixture(
        people=people,
        shares=fitted.shares[order],
        theta=fitted.theta[order],
        belongs=every.belongs(fitted)[0][:, order],
        held_out=tuple(scores),
        gain=gain,
        gain_se=gain_se,
    )


@frozen
class _Fitted:
    shares: Floats
    theta: Floats


@frozen
class _Choices:
    """What each person chose: distinct cells and sides with their counts."""

    model: Model
    persons: int
    person: Codes
    cell: Codes
    side: Codes
    count: Floats

    @classmethod
    def of(cls, contests: Contests) -> "_Choices":
        cells = cells_of(contests, ordered=False)
        names, person = np.unique(contests.people, return_inverse=True)
        side = oriented(contests.outcome, cells.turned)
        keys = (person.astype(np.int64) * len(cells.first) + cells.of_row) * 2 + (side == SECOND)
        distinct, place = np.unique(keys, return_inverse=True)
        return cls(
            model=Model(cells=cells, competitors=contests.competitors, ties=False, order=False, ridge=RIDGE),
            persons=int(names.size),
            person=distinct // 2 // len(cells.first),
            cell=distinct // 2 % len(cells.first),
            side=np.where(distinct % 2 == 1, SECOND, FIRST),
            count=sums(place, contests.weight, distinct.size),
        )

    def some(self, people: Codes) -> "_Choices":
        """Return the choices of some people, who are numbered anew."""
        wanted = np.full(self.persons, -1)
        wanted[np.sort(people)] = np.arange(people.size)
        mask: Bools = wanted[self.person] >= 0
        return replace(
            self,
            persons=int(people.size),
            person=wanted[self.person[mask]],
            cell=self.cell[mask],
            side=self.side[mask],
            count=self.count[mask],
        )

    def belongs(self, fitted: _Fitted) -> tuple[Floats, Floats]:
        """Return the probability of each kind for each person, and the log-likelihood of each person."""
        columns = []
        for theta in fitted.theta:
            chances = np.log(np.maximum(self.model.probabilities(theta)[:, :2], 1e-300))
            told = chances[self.cell, self.side] * self.count
            columns.append(np.bincount(self.person, told, self.persons))
        logs = np.stack(columns, axis=1) + np.log(np.maximum(fitted.shares, 1e-300))
        top = logs.max(axis=1, keepdims=True)
        scaled = np.exp(logs - top)
        total = scaled.sum(axis=1, keepdims=True)
        return scaled / total, (top + np.log(total)).ravel()

    def strengths(self, belongs: Floats, start: Floats | None) -> Floats:
        """Return the strengths of a kind, from how far each person belongs to it."""
        weight = self.count * belongs[self.person]
        counts = sums(self.cell * 3 + self.side, weight, len(self.model.cells.first) * 3).reshape(-1, 3)
        own = replace(self.model, cells=replace(self.model.cells, counts=counts))
        found = own.solve(start)
        return np.zeros(own.size) if found is None else found


def _best(choices: _Choices, k: int, starts: int, generator: np.random.Generator) -> _Fitted:
    if k == 1:
        return _Fitted(shares=np.ones(1), theta=choices.strengths(np.ones(choices.persons), None)[None, :])
    fits = [_em(choices, _spread_out(choices, k, generator)) for _ in range(starts)]
    return max(fits, key=lambda one: one[1])[0]


def _em(choices: _Choices, fitted: _Fitted) -> tuple[_Fitted, float]:
    worth = -np.inf
    for _ in range(ROUNDS):
        belongs, logs = choices.belongs(fitted)
        penalty = RIDGE / 2.0 * float((fitted.theta**2).sum())
        new = float(logs.sum()) - penalty
        if new - worth < 1e-5 * abs(new):
            break
        worth = new
        theta = [choices.strengths(column, old) for column, old in zip(belongs.T, fitted.theta, strict=True)]
        fitted = _Fitted(shares=belongs.mean(axis=0), theta=np.stack(theta))
    return fitted, worth


def _spread_out(choices: _Choices, k: int, generator: np.random.Generator) -> _Fitted:
    """Return a start: strengths of people who are far apart in what they preferred, as k-means++ chooses."""
    cells, size = choices.model.cells, choices.model.competitors
    sign = np.where(choices.side == FIRST, 1.0, -1.0) * choices.count
    place = choices.person * size
    won = sums(place + cells.first[choices.cell], sign, choices.persons * size)
    won -= sums(place + cells.second[choices.cell], sign, choices.persons * size)
    points = won.reshape(choices.persons, size)
    points /= np.maximum(np.bincount(choices.person, choices.count, choices.persons), 1.0)[:, None]
    chosen = [int(generator.integers(choices.persons))]
    for _ in range(k - 1):
        gaps = np.min([((points - points[one]) ** 2).sum(axis=1) for one in chosen], axis=0) + 1e-12
        chosen.append(int(generator.choice(choices.persons, p=gaps / gaps.sum())))
    near = np.argmin([((points - points[one]) ** 2).sum(axis=1) for one in chosen], axis=0)
    theta = [choices.strengths((near == group).astype(np.float64), None) for group in range(k)]
    return _Fitted(shares=np.full(k, 1.0 / k), theta=np.stack(theta))


def _how_many(
    choices: _Choices, most: int, smallest: float, folds: int, starts: int, generator: np.random.Generator
) -> tuple[int, list[float], float | None, float | None]:
    """Return how many kinds tell held-out people best, the scores, and what the last one tried gained."""
    part = generator.permutation(choices.persons) % folds
    scores, last = list[float](), np.zeros(choices.persons)
    for k in range(1, most + 1):
        told, small = np.zeros(choices.persons), False
        for fold in range(folds):
            fitted = _best(choices.some(np.flatnonzero(part != fold)), k, starts, generator)
            rest = np.flatnonzero(part == fold)
            told[rest] = choices.some(rest).belongs(fitted)[1]
            small = small or float(fitted.shares.min()) < smallest
        scores.append(float(told.mean()))
        if k > 1:
            growth = told - last
            gain, se = float(growth.mean()), float(growth.std(ddof=1) / np.sqrt(growth.size))
            if small or gain <= 1.645 * se:
                return k - 1, scores, gain, se
        last = told
    return most, scores, None, None
