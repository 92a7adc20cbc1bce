"""Comparisons and votes with known truth."""

import numpy as np

from hcgov.stats.preferences.contests import FIRST, SECOND, TIE, Contests
from hcgov.stats.preferences.projection import Votes


def counted(wins):
    """Return one row a win: ``wins[i][j]`` is how often i was preferred to j, by a person of its own."""
    rows = [(i, j) for i, line in enumerate(wins) for j, n in enumerate(line) for _ in range(n)]
    first, second = np.array(rows).T
    return Contests(
        competitors=len(wins),
        first=first,
        second=second,
        outcome=np.full(len(rows), FIRST),
        people=np.arange(len(rows)),
    )


def compared(
    seed, *, people, rows, theta, tie=0.0, order=0.0, spread=0.0, kinds=None, prompts=None, leaning=0.0
):
    """Draw comparisons by Davidson's model; each person (and prompt) has strengths of its own around ``theta``."""
    draw = np.random.default_rng(seed)
    theta = np.atleast_2d(np.asarray(theta, dtype=float))
    size = theta.shape[1]
    kind = np.zeros(people, dtype=int) if kinds is None else kinds
    own = theta[kind] + spread * draw.standard_normal((people, size))
    person = np.repeat(np.arange(people), rows)
    first = draw.integers(0, size, person.size)
    second = (first + draw.integers(1, size, person.size)) % size
    d = own[person, first] - own[person, second] + order
    items = None
    if prompts is not None:
        items = draw.integers(0, prompts, person.size)
        lean = leaning * draw.standard_normal((prompts, size))
        d += lean[items, first] - lean[items, second]
    weights = np.stack([np.exp(d / 2), np.exp(-d / 2), np.full(d.shape, tie)], axis=1)
    chance = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    at = draw.random(d.size)[:, None]
    outcome = np.array([FIRST, SECOND, TIE])[np.minimum((at > chance).sum(axis=1), 2)]
    return Contests(competitors=size, first=first, second=second, outcome=outcome, people=person, items=items)


def voted(seed, *, people, items, answers, camps, loyal):
    """Draw votes of camps whose opinions on each item are drawn; every vote is the camp's with chance ``loyal``."""
    draw = np.random.default_rng(seed)
    camp = draw.integers(0, camps, people)
    opinion = draw.choice([-1, 1], (camps, items))
    person = np.repeat(np.arange(people), answers)
    item = np.concatenate([draw.choice(items, answers, replace=False) for _ in range(people)])
    sign = np.where(draw.random(person.size) < loyal, 1, -1) * opinion[camp[person], item]
    return Votes(sign=sign, people=person, items=item), camp
