"""Whether a person's own choices fit together: repeats that contradict each other, and cycles.

Only choices of the same person are held against each other. That two people want different things is no error.
"""

import numpy as np
from scipy.sparse import coo_array

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.stats.crossed import Rows, crossed_share
from hcgov.stats.preferences.contests import FIRST, SECOND, Codes, Floats


@frozen
class Repeats:
    """What people did when the same pair came again.

    Parameters
    ----------
    groups
        Pairs of person and item that were judged at least twice with a preference.
    people
        Distinct people among them.
    contradicted
        Share of repeats in which the preference is reversed, with clustered bounds.
    unsettled
        Groups in which some repeat had no preference (a tie) and another had: no contradiction, and counted here.
    """

    groups: int
    people: int
    contradicted: Estimate
    unsettled: int


@frozen
class Triads:
    """Threes of competitors all of whose pairs a person decided.

    Parameters
    ----------
    triads, circular
        How many there are, and how many of them run in a circle.
    share
        Share of the circular ones, with people as clusters.
    zeta
        Kendall's coefficient of consistence, from people who decided every pair: their mean; ``None`` without any.
    complete
        How many decided every pair.
    """

    triads: int
    circular: int
    share: Estimate
    zeta: float | None
    complete: int


def repeats(sign: Codes, people: Codes, items: Codes) -> Repeats:
    """Return how often people contradict themselves.

    Parameters
    ----------
    sign
        1 or -1 for the two sides of an item, in the item's own order, 0 for a tie; shape (n,).
    people
        Code of the person; rows of nobody (negative) are left out.
    items
        Code of what was judged: the same prompt and the same two responses.

    Notes
    -----
    A person who gave x times one answer and y times the other contradicts himself in x y of the (x + y)(x + y - 1) / 2
    pairs of repeats. Every person and item counts once, with that share.
    """
    known = people >= 0
    sign, people, items = sign[known], people[known], items[known]
    keys = people.astype(np.int64) * (int(items.max(initial=0)) + 1) + items
    distinct, start, place = np.unique(keys, return_index=True, return_inverse=True)
    ones = np.bincount(place, sign > 0, distinct.size)
    others = np.bincount(place, sign < 0, distinct.size)
    ties = np.bincount(place, sign == 0, distinct.size)
    decided = ones + others
    again = decided >= 2
    pairs = decided[again] * (decided[again] - 1.0) / 2.0
    share = ones[again] * others[again] / pairs
    rows = Rows(people=people[start[again]], items=items[start[again]])
    return Repeats(
        groups=int(again.sum()),
        people=rows.distinct_people,
        contradicted=crossed_share(share, rows),
        unsettled=int(((ties > 0) & (decided > 0)).sum()),
    )


def triads(first: Codes, second: Codes, outcome: Codes, people: Codes, *, competitors: int) -> Triads:
    """Return the circular triads in each person's own preferences.

    Parameters
    ----------
    first, second, outcome
        As in :class:`hcgov.stats.preferences.contests.Contests`.
    people
        Code of the person, or of the person and the prompt where competitors are responses to it; negative ones are
        left out.
    competitors
        How many competitors there are.

    Notes
    -----
    A person who decided a pair several times prefers the side chosen more often. d circular triads of n competitors
    give zeta = 1 - 24 d / (n^3 - n) for odd n and 1 - 24 d / (n^3 - 4 n) for even n: Kendall and Babington Smith 1940
    (Biometrika 31:324, doi:10.2307/2332613).
    """
    kept = (people >= 0) & ((outcome == FIRST) | (outcome == SECOND))
    persons, place = np.unique(people[kept], return_inverse=True)
    side = np.where(outcome[kept] == FIRST, 1.0, -1.0)
    wins = _majority(place, first[kept], second[kept], side, competitors, persons.size)
    either = wins + wins.T
    circular = np.asarray((wins @ wins).multiply(wins.T).sum(axis=1)).ravel()
    all_three = np.asarray((either @ either).multiply(either).sum(axis=1)).ravel()
    # Each circle is seen from its three corners, each triad from its corners in either direction.
    d = circular.reshape(persons.size, competitors).sum(axis=1) / 3.0
    n = all_three.reshape(persons.size, competitors).sum(axis=1) / 6.0
    degree = np.asarray(either.sum(axis=1)).reshape(persons.size, competitors)
    zeta = _zetas(d, n, (degree > 0).sum(axis=1))
    some = n > 0
    owner = np.repeat(persons[some], n[some].astype(np.int64))
    return Triads(
        triads=round(float(n.sum())),
        circular=round(float(d.sum())),
        share=crossed_share(np.repeat(d[some] / n[some], n[some].astype(np.int64)), Rows(people=owner)),
        zeta=float(zeta.mean()) if zeta.size else None,
        complete=int(zeta.size),
    )


def _majority(
    place: Codes, first: Codes, second: Codes, side: Floats, competitors: int, persons: int
) -> coo_array:
    """Return who beats whom in each person's choices: one block a person, of shape (persons x K, persons x K)."""
    size = persons * competitors
    low, high = np.minimum(first, second).astype(np.int64), np.maximum(first, second).astype(np.int64)
    towards = np.where(first <= second, side, -side)
    keys = (place.astype(np.int64) * competitors + low) * competitors + high
    distinct, where = np.unique(keys, return_inverse=True)
    lead = np.bincount(where, towards, distinct.size)
    row, column = distinct // competitors, distinct % competitors
    column = row // competitors * competitors + column
    winner, loser = np.where(lead > 0, row, column)[lead != 0], np.where(lead > 0, column, row)[lead != 0]
    return coo_array((np.ones(winner.size), (winner, loser)), shape=(size, size)).tocsr()


def _zetas(circular: Floats, triads_: Floats, seen: Codes) -> Floats:
    """Return Kendall's coefficient of everyone who decided every pair of at least three competitors he saw."""
    size = seen.astype(np.float64)
    complete = (size >= 3.0) & (np.abs(triads_ - size * (size - 1.0) * (size - 2.0) / 6.0) < 0.5)
    n, d = size[complete], circular[complete]
    most = np.where(n % 2 == 1, (n**3 - n) / 24.0, (n**3 - 4.0 * n) / 24.0)
    return np.asarray(1.0 - d / most, dtype=np.float64)
