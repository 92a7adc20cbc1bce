"""Score tables of scopes: how often people prefer each alternative, from each person's own choices."""

from dataclasses import replace

import numpy as np

from hcgov.core.frozen import frozen
from hcgov.stats.aggregation.ballots import (
    MOST_CELLS,
    Ballots,
    Bools,
    Floats,
    Ints,
    TooManyCells,
    ratios,
    totals,
)


@frozen
class Tables:
    """What rules read. NaN where nothing was compared; no such number leaves the rules.

    Parameters
    ----------
    pairwise
        Weighted share of people who prefer alternative i to j, shape (scopes, alternatives, alternatives).
    mean
        Share of preference of each alternative, the mean of ``pairwise`` over its opponents, shape
        (scopes, alternatives).
    first
        Weighted share of first choices among people who saw it, ties split, shape (scopes, alternatives): where
        everybody saw all, the plurality vote; where not, an alternative gains nothing by being shown more often.
    borda
        Weighted mean of the places in people's own rankings, 1 for the first and 0 for the last, shape
        (scopes, alternatives).
    group_mean
        As ``mean``, of each group, shape (scopes, groups, alternatives); NaN in a whole group that did not compare
        all that the scope has.
    group_weight
        Weight of each group's people, shape (scopes, groups).
    group_people, people
        Distinct people of each group and of all, shapes (scopes, groups) and (scopes,).
    connected
        Whether the comparisons link all alternatives of the scope, shape (scopes,).
    """

    pairwise: Floats
    mean: Floats
    first: Floats
    borda: Floats
    group_mean: Floats
    group_weight: Floats
    group_people: Ints
    people: Ints
    connected: Bools

    def of_enough(self, fewest: int | Ints) -> "Tables":
        """Return the tables without groups of fewer people: they count among everyone, and not as a group.

        ``fewest`` is one number, or one for each group, shape (1, groups).
        """
        small = self.group_people < fewest
        return replace(
            self,
            group_mean=np.where(small[:, :, None], np.nan, self.group_mean),
            group_weight=np.where(small, 0.0, self.group_weight),
        )


def tables_of(ballots: Ballots) -> Tables:
    """Return the score tables of all scopes.

    Raises
    ------
    TooManyCells
        Scopes x groups x alternatives^2 would not fit into memory.
    """
    scopes, size, groups = ballots.scopes, ballots.alternatives, ballots.groups
    if scopes * (groups + 1) * size * size > MOST_CELLS:
        raise TooManyCells(f"{scopes} scopes of up to {size} alternatives in {groups} groups")
    scope, person, y, low, high = ballots.pairs()
    weight, group = ballots.weight[person], ballots.group[person]
    pairwise = _pairwise(scope, low, high, y, weight, scopes, size)
    seen: Bools = np.any(np.isfinite(pairwise), axis=2)
    # What nobody of a group compared is unknown; rows of people without a group are in no group.
    known = group >= 0
    inner = _pairwise(
        (scope * groups + np.maximum(group, 0))[known],
        low[known],
        high[known],
        y[known],
        weight[known],
        scopes * groups,
        size,
    ).reshape(scopes, groups, size, size)
    group_mean = _mean(inner)
    whole: Bools = np.all(np.isfinite(group_mean) | ~seen[:, None, :], axis=2)
    first, borda = _rankings(ballots, scope, person, y, low, high)
    held, group_people, people = _weights(ballots, scope, person)
    return Tables(
        pairwise=pairwise,
        mean=_mean(pairwise),
        first=first,
        borda=borda,
        group_mean=np.where(whole[:, :, None], group_mean, np.nan),
        group_weight=held,
        group_people=group_people,
        people=people,
        connected=_connected(pairwise, seen),
    )


def _pairwise(
    scope: Ints, low: Ints, high: Ints, y: Floats, weight: Floats, scopes: int, size: int
) -> Floats:
    cell = (scope * size + low) * size + high
    cells = scopes * size * size
    upper = ratios(totals(cell, weight * y, cells), totals(cell, weight, cells)).reshape(scopes, size, size)
    return np.asarray(np.where(np.isnan(upper), 1.0 - upper.transpose(0, 2, 1), upper), dtype=np.float64)


def _mean(pairwise: Floats) -> Floats:
    """Return the mean over opponents; NaN where there is none."""
    there = np.isfinite(pairwise)
    return ratios(np.where(there, pairwise, 0.0).sum(axis=-1), there.sum(axis=-1).astype(np.float64))


def _weights(ballots: Ballots, scope: Ints, person: Ints) -> tuple[Floats, Ints, Ints]:
    """Return the weight and the people of each group in each scope, and all people of each scope."""
    distinct = np.unique(scope * ballots.weight.size + person)
    where, who = distinct // ballots.weight.size, distinct % ballots.weight.size
    people = np.bincount(where, minlength=ballots.scopes)
    group = ballots.group[who]
    known = group >= 0
    cell = where[known] * ballots.groups + group[known]
    cells = ballots.scopes * ballots.groups
    shape = (ballots.scopes, ballots.groups)
    held = totals(cell, ballots.weight[who[known]], cells).reshape(shape)
    return held, np.bincount(cell, minlength=cells).reshape(shape), people


def _rankings(
    ballots: Ballots, scope: Ints, person: Ints, y: Floats, low: Ints, high: Ints
) -> tuple[Floats, Floats]:
    """Return first choices and Borda places from each person's own ranking of what they saw."""
    size, people = ballots.alternatives, ballots.weight.size
    shape, cells = (ballots.scopes, size), ballots.scopes * size
    if not scope.size:
        return np.full(shape, np.nan), np.full(shape, np.nan)
    voter = np.concatenate([scope, scope]) * people + np.concatenate([person, person])
    key = voter * size + np.concatenate([low, high])
    distinct, place, count = np.unique(key, return_inverse=True, return_counts=True)
    won = totals(place, np.concatenate([y, 1.0 - y]), distinct.size) / count
    voter, alternative = distinct // size, distinct % size
    rank, seen, best, leaders = _ranked(voter, np.round(won, 12))
    weight = ballots.weight[voter % people]
    cell = voter // people * size + alternative
    total = totals(cell, weight, cells)
    first = ratios(totals(cell, weight * best / leaders, cells), total)
    borda = ratios(totals(cell, weight * rank / (seen - 1), cells), total)
    return first.reshape(shape), borda.reshape(shape)


def _ranked(voter: Ints, won: Floats) -> tuple[Floats, Ints, Bools, Ints]:
    """Return each entry's place from the bottom (ties share the mean), and the size of its voter's ranking.

    Then whether it is among the voter's first, and how many those are.
    """
    order = np.lexsort((won, voter))
    sorted_voter, sorted_won = voter[order], won[order]
    new_voter = np.concatenate([[True], sorted_voter[1:] != sorted_voter[:-1]])
    new_tie = new_voter | np.concatenate([[True], sorted_won[1:] != sorted_won[:-1]])
    tie, which = np.cumsum(new_tie) - 1, np.cumsum(new_voter) - 1
    start = np.flatnonzero(new_voter)
    at = np.arange(voter.size) - start[which]
    tied = np.bincount(tie)
    middle = totals(tie, at.astype(np.float64), tied.size) / tied
    seen = np.bincount(which)
    last_tie = tie[np.concatenate([start[1:] - 1, [voter.size - 1]])]
    back = np.empty(voter.size, dtype=np.int64)
    back[order] = np.arange(voter.size)
    best = tie == last_tie[which]
    return middle[tie][back], seen[which][back], best[back], tied[last_tie][which][back]


def _connected(pairwise: Floats, seen: Bools) -> Bools:
    """Return for each scope whether all alternatives that were compared are linked by comparisons."""
    link = np.isfinite(pairwise)
    reached = np.zeros_like(seen)
    reached[np.arange(seen.shape[0]), np.argmax(seen, axis=1)] = seen.any(axis=1)
    for _ in range(seen.shape[1]):
        further = reached | (reached[:, :, None] & link).any(axis=1)
        if (further == reached).all():
            break
        reached = further
    return np.asarray((reached | ~seen).all(axis=1) & seen.any(axis=1))
