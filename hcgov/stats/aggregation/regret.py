"""What a rule costs each group: how much more its people prefer what the rule did not choose."""

import math

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.stats.aggregation.ballots import Ballots, Bools, Floats, Ints, ratios, totals
from hcgov.stats.aggregation.rules import TIED, Rule, scores
from hcgov.stats.aggregation.tables import tables_of
from hcgov.stats.crossed import MOST, Rows, buckets, crossed_mean
from hcgov.stats.means import student

MOST_CELLS = 20_000_000
"""Above so many cells of bucket sums, fewer buckets are taken."""


UNSEEN = 1e-20
"""A variance no larger was not seen at all."""


def unanimous_variance(share: float, people: int) -> float:
    """Return the variance to take where people agree so fully that none is seen, of a share in [0, 1].

    Notes
    -----
    p (1 - p) / n with two people more of either mind: Agresti and Coull 1998 (The American Statistician 52:119).
    """
    n = people + 4.0
    p = (share * people + 2.0) / n
    return p * (1.0 - p) / n


@frozen
class GroupScores:
    """Shares of preference of each group within one scope, and the same without each bucket of people and of items.

    Parameters
    ----------
    value
        Shape (groups, alternatives); NaN where a group did not compare an alternative.
    without
        For people, then items, then their pairs (where there are items): shape (buckets, groups, alternatives).
    rows, people
        Of each group, shape (groups,).
    """

    value: Floats
    without: tuple[Floats, ...]
    rows: Ints
    people: Ints

    def advantage(self, group: int, rival: int, winner: int) -> Estimate:
        """Return how much more a group prefers ``rival`` to win than ``winner``, in [-1, 1].

        Notes
        -----
        Delete-a-group jackknife over people and items, as :func:`hcgov.stats.crossed.of_sums`.
        """
        n, people = int(self.rows[group]), int(self.people[group])
        whole = float(self.value[group, rival] - self.value[group, winner])
        if not math.isfinite(whole):
            return student(None, None, 0, n=n, people=people, low=-1.0, high=1.0)
        found = [_jackknife(side[:, group, rival] - side[:, group, winner], whole) for side in self.without]
        variances = [variance for variance in found if variance is not None]
        if len(variances) < len(found):
            return student(whole, None, 0, n=n, people=people, low=-1.0, high=1.0)
        variance = variances[0]
        if len(variances) > 1:
            variance = max(variances[0] + variances[1] - variances[2], variances[0], variances[1])
        df = min(side.shape[0] for side in self.without) - 1
        if variance <= UNSEEN:
            variance = 4.0 * unanimous_variance((whole + 1.0) / 2.0, people)
        return student(whole, math.sqrt(variance), df, n=n, people=people, low=-1.0, high=1.0)


def group_scores(ballots: Ballots, scope: int) -> GroupScores:
    """Return the shares of preference of each group within a scope, ready for intervals.

    Every person counts once for each pair, by their weight: choices that they repeated share it.
    """
    chosen = ballots.where((ballots.scope == scope) & (ballots.group[ballots.person] >= 0))
    groups, size = ballots.groups, ballots.alternatives
    group = chosen.group[chosen.person]
    turned = chosen.a > chosen.b
    low, high = np.where(turned, chosen.b, chosen.a), np.where(turned, chosen.a, chosen.b)
    y = np.where(turned, 1.0 - chosen.y, chosen.y)
    again = np.unique((chosen.person * size + low) * size + high, return_inverse=True, return_counts=True)
    weight = chosen.weight[chosen.person] / again[2][again[1]]
    cell = (group * size + low) * size + high
    cells = groups * size * size
    most = MOST
    while most > 8 and most * most * cells > MOST_CELLS:
        most //= 2
    sides = _sides(chosen, most) if chosen.rows else []
    whole = _sums(np.zeros(chosen.rows, dtype=np.int64), cell, cells, weight, y, 1)
    value = _shares(whole, whole, groups, size)[0]
    without = tuple(
        _shares(whole - _sums(side, cell, cells, weight, y, int(side.max()) + 1), whole, groups, size)
        for side in sides
    )
    pair = np.unique(chosen.person * groups + group)
    return GroupScores(
        value=value,
        without=without,
        rows=np.bincount(group, minlength=groups),
        people=np.bincount(pair % groups, minlength=groups),
    )


def _sides(chosen: Ballots, most: int) -> list[Ints]:
    people = buckets(chosen.person, most)
    if chosen.item is None or np.unique(chosen.item).size < 2:
        return [people]
    items = buckets(chosen.item, most)
    both = np.unique(people * (int(items.max()) + 1) + items, return_inverse=True)[1]
    return [people, items, both.astype(np.int64)]


def _sums(side: Ints, cell: Ints, cells: int, weight: Floats, y: Floats, count: int) -> Floats:
    """Return weight and weighted choices of each bucket and cell, shape (buckets, cells, 2)."""
    place = side * cells + cell
    total, won = totals(place, weight, count * cells), totals(place, weight * y, count * cells)
    return np.stack([total, won], axis=1).reshape(count, cells, 2)


def _shares(sums: Floats, whole: Floats, groups: int, size: int) -> Floats:
    """Return each group's mean share of preference over opponents; NaN where a pair of the whole is lost."""
    # What subtraction leaves of nothing is nothing.
    there = sums[..., 0] > 1e-9 * np.maximum(whole[..., 0], 1e-300)
    share = np.divide(sums[..., 1], sums[..., 0], out=np.full(sums.shape[:2], np.nan), where=there)
    share = share.reshape(-1, groups, size, size)
    asked = (whole[..., 0] > 0.0).reshape(1, groups, size, size)
    full = np.where(asked, share, 0.0)
    other = np.where(asked, 1.0 - share, 0.0)
    count = asked.sum(axis=3) + asked.sum(axis=2)
    total = full.sum(axis=3) + other.sum(axis=2)
    return ratios(total, np.broadcast_to(count, total.shape).astype(np.float64))


def _jackknife(replicates: Floats, whole: float) -> float | None:
    count = replicates.size
    if count < 2 or not np.isfinite(replicates).all():
        return None
    return float((count - 1) / count * ((replicates - whole) ** 2).sum())


@frozen
class PairRegret:
    """How much more a group prefers what a rule puts second, over the pairs that its people judged.

    Parameters
    ----------
    estimate
        In [-1, 1]; 0 where the rule sides with the group on every pair.
    overruled
        Share of the group's judgments on pairs where the rule goes against the group.
    unused
        Judgments on pairs of which the other half of the people tells nothing.
    """

    group: int
    estimate: Estimate
    overruled: float
    unused: int


def pair_regrets(ballots: Ballots, rule: Rule) -> tuple[PairRegret, ...]:
    """Return what a rule costs each group over many small scopes, such as prompts.

    What the rule chooses and what a group prefers is read off one half of the people, and what that costs off the
    other half, both ways; read off the same people, chance alone would make it positive. Within a group people count
    alike.

    Parameters
    ----------
    ballots
        With several scopes.
    rule
        Which rule orders the alternatives of each scope.
    """
    half = half_of(ballots.person)
    group = ballots.group[ballots.person]
    value = np.zeros(ballots.rows)
    used, against = np.zeros(ballots.rows, dtype=bool), np.zeros(ballots.rows, dtype=bool)
    for fold in (0, 1):
        tables = tables_of(ballots.where(half == fold))
        order = scores(tables, rule)
        rows = np.flatnonzero((half != fold) & (group >= 0))
        at, a, b = ballots.scope[rows], ballots.a[rows], ballots.b[rows]
        by_rule = order[at, a] - order[at, b]
        by_group = tables.group_mean[at, group[rows], a] - tables.group_mean[at, group[rows], b]
        known = np.isfinite(by_rule) & np.isfinite(by_group)
        opposed = known & (np.abs(by_rule) > TIED) & (np.abs(by_group) > TIED) & (by_rule * by_group < 0.0)
        prefers = (2.0 * ballots.y[rows] - 1.0) * np.where(by_group > 0.0, 1.0, -1.0)
        value[rows] = np.where(opposed, prefers, 0.0)
        used[rows], against[rows] = known, opposed
    return tuple(
        _regret_of(ballots, one, group == one, value, used, against) for one in range(ballots.groups)
    )


def _regret_of(
    ballots: Ballots, group: int, mine: Bools, value: Floats, used: Bools, against: Bools
) -> PairRegret:
    counted = mine & used
    rows = Rows(
        people=ballots.person[counted],
        items=(ballots.scope if ballots.item is None else ballots.item)[counted],
    )
    estimate = crossed_mean(value[counted], rows, low=-1.0, high=1.0)
    if estimate.value == 0.0 and not value[counted].any():
        people = (
            rows.distinct_people
        )  # never overruled: no variation is seen, and that is news of so many people
        se = math.sqrt(unanimous_variance(0.0, people))
        estimate = student(
            0.0, se, people - 1, n=estimate.n, people=people, n_eff=estimate.n_eff, low=-1.0, high=1.0
        )
    return PairRegret(
        group=group,
        estimate=estimate,
        overruled=float(against[counted].mean()) if counted.any() else 0.0,
        unused=int((mine & ~used).sum()),
    )


def half_of(person: Ints) -> Ints:
    """Return one of two halves, 0 or 1, for each row by a hash of its person's code."""
    mixed = (person.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    return np.asarray((mixed >> np.uint64(41)) & np.uint64(1), dtype=np.int64)
