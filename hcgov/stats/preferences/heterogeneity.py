"""Whether groups of people want different things: one set of strengths for all, or one for each group."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from hcgov.core.frozen import frozen
from hcgov.stats.chi_square import chi_square_p_value
from hcgov.stats.preferences.contests import TIE, Codes, Contests, Floats, cells_of, sums
from hcgov.stats.preferences.strengths import Model

RIDGE = 0.01
"""Penalty with which the strengths of groups always exist; a permutation test is valid with any."""


@frozen
class GroupTest:
    """A test of whether group membership goes with preferences.

    Parameters
    ----------
    statistic, df
        Twice the log-likelihood gained by strengths of each group's own, and the parameters spent on it.
    p_rows
        P-value if rows were independent, which they are not: shown beside the other one, never to decide.
    p
        P-value by permuting groups between people; ``None`` with fewer than two groups of two people.
    draws
        Permutations drawn.
    """

    statistic: float
    df: int
    p_rows: float
    p: float | None
    draws: int


@frozen
class Disagreement:
    """How far choices about one item, in {-1, 0, 1}, lie apart.

    Parameters
    ----------
    entropy
        Of the three answers, from 0 (all alike) to 1 (all three as often).
    polarisation
        Variance as a share of the largest possible: 1 where half stand at either end.
    between
        Share of the variance that lies between groups, corrected for chance (epsilon squared, Kelley 1935,
        doi:10.1073/pnas.21.9.554): may be below 0; ``None`` where there is no variance or no second group.
    """

    n: int
    entropy: float
    polarisation: float
    between: float | None


def group_test(contests: Contests, groups: Codes, *, draws: int = 199, seed: int = 0) -> GroupTest | None:
    """Test whether strengths differ between groups of people.

    Parameters
    ----------
    contests
        Rows that tie are left out.
    groups
        Group of each row's person, from 0; rows with a negative one are left out.
    draws
        Permutations of groups between people, at least 19.
    seed
        Of the permutations.

    Returns
    -------
    GroupTest or None
        ``None`` where fewer than two groups hold rows.

    Notes
    -----
    Likelihood ratio of Bradley-Terry with strengths by group against common ones (Agresti 2013, Categorical Data
    Analysis, 11.6), both with a small ridge. p = (1 + draws as large) / (1 + draws) (Phipson and Smyth 2010,
    doi:10.2202/1544-6115.1585). Groups change owners person by person, never row by row.
    """
    kept = contests.where((groups >= 0) & (contests.people >= 0) & (contests.outcome != TIE))
    group = groups[(groups >= 0) & (contests.people >= 0) & (contests.outcome != TIE)]
    names, group = np.unique(group, return_inverse=True)
    if names.size < 2 or kept.rows == 0:
        return None
    cells = cells_of(kept, ordered=False)
    _, first_row, person = np.unique(kept.people, return_index=True, return_inverse=True)
    of_person = group[first_row]
    side = np.where(cells.turned, 1 - kept.outcome, kept.outcome)
    size = len(cells.first) * 3
    place = cells.of_row * 3 + side
    pooled = Model(cells=cells, competitors=kept.competitors, ties=False, order=False, ridge=RIDGE)
    found = pooled.solve()
    start = np.zeros(pooled.size) if found is None else found
    common = pooled.log_likelihood(start)

    def gained(labels: Codes) -> float:
        counts = sums(labels[person] * size + place, kept.weight, names.size * size)
        total = 0.0
        for table in counts.reshape(names.size, -1, 3):
            own = replace(pooled, cells=replace(cells, counts=table))
            beta = own.solve(start)
            total += own.log_likelihood(start if beta is None else beta)
        return 2.0 * (total - common)

    statistic = gained(of_person)
    df = (names.size - 1) * (kept.competitors - 1)
    enough = bool((np.bincount(of_person) >= 2).all())
    return GroupTest(
        statistic=statistic,
        df=df,
        p_rows=chi_square_p_value(max(statistic, 0.0), df),
        p=permuted(gained, of_person, statistic, draws=draws, seed=seed) if enough else None,
        draws=draws if enough else 0,
    )


def permuted(
    statistic: Callable[[Codes], float], labels: Codes, seen: float, *, draws: int, seed: int
) -> float:
    """Return the share of permutations of labels between people whose statistic is at least as large.

    Raises
    ------
    ValueError
        Fewer than 19 draws can never be significant at 5 %.
    """
    if draws < 19:
        raise ValueError(f"a permutation test draws at least 19 times, not {draws}")
    generator = np.random.default_rng(seed)
    slack = 1e-9 * max(abs(seen), 1.0)
    larger = sum(statistic(generator.permutation(labels)) >= seen - slack for _ in range(draws))
    return (1 + larger) / (1 + draws)


def choice_test(
    sign: Codes, people: Codes, items: Codes, groups: Codes, *, draws: int = 199, seed: int = 0
) -> GroupTest | None:
    """Test whether choices about the same items differ between groups, whatever the strengths.

    Parameters
    ----------
    sign
        1, -1 or 0 in each item's own order, shape (n,).
    people, items, groups
        Codes of each row; rows with a negative person or group are left out.
    draws, seed
        As for :func:`group_test`, as is what is returned.

    Notes
    -----
    The statistic is the variance of choices between groups within items over that of all within items, times rows: a
    score test against a model in which every group has a mean of its own for every item.
    """
    kept = (people >= 0) & (groups >= 0)
    y, item = sign[kept].astype(np.float64), np.unique(items[kept], return_inverse=True)[1]
    names, group = np.unique(groups[kept], return_inverse=True)
    if names.size < 2 or not y.size:
        return None
    deviation = y - (np.bincount(item, y) / np.bincount(item))[item]
    within = float(deviation @ deviation)
    if within <= 0.0:
        return None
    _, first_row, person = np.unique(people[kept], return_index=True, return_inverse=True)
    of_person = group[first_row]

    def between(labels: Codes) -> float:
        place = item * names.size + labels[person]
        totals, n = np.bincount(place, deviation), np.bincount(place)
        return float((totals[n > 0] ** 2 / n[n > 0]).sum()) / within * y.size

    statistic = between(of_person)
    cells = np.unique(item * names.size + group).size
    df = max(cells - (int(item.max()) + 1), 1)
    enough = bool((np.bincount(of_person) >= 2).all())
    return GroupTest(
        statistic=statistic,
        df=df,
        p_rows=chi_square_p_value(max(statistic, 0.0), df),
        p=permuted(between, of_person, statistic, draws=draws, seed=seed) if enough else None,
        draws=draws if enough else 0,
    )


def disagreement(sign: Codes, groups: Codes | None = None) -> Disagreement | None:
    """Return how far choices about one item lie apart; ``None`` without any.

    Parameters
    ----------
    sign
        1, -1 or 0 of each row.
    groups
        Group of each row, negative where it is not recorded.
    """
    if not sign.size:
        return None
    shares = np.bincount(sign + 1, minlength=3) / sign.size
    some = shares[shares > 0.0]
    spread = float(np.var(sign))
    return Disagreement(
        n=int(sign.size),
        entropy=max(float(-(some * np.log(some)).sum() / np.log(3.0)), 0.0),
        polarisation=min(spread, 1.0),
        between=None
        if groups is None
        else _between(sign[groups >= 0].astype(np.float64), groups[groups >= 0]),
    )


def _between(y: Floats, groups: Codes) -> float | None:
    place = np.unique(groups, return_inverse=True)[1]
    n = np.bincount(place).astype(np.float64)
    if n.size < 2 or y.size <= n.size:
        return None
    total = float(((y - y.mean()) ** 2).sum())
    if total <= 0.0:
        return None
    means = np.bincount(place, y) / n
    between = float((n * (means - y.mean()) ** 2).sum())
    noise = (total - between) / (y.size - n.size)
    return (between - (n.size - 1) * noise) / total
