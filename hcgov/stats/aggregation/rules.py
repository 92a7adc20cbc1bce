"""Rules that pick a winner from score tables: four count people, three count groups.

Each returns a score for every alternative of every scope; the highest wins, and all that share it win together: a tie
is told, never broken.
"""

from enum import StrEnum

import numpy as np

from hcgov.stats.aggregation.ballots import Bools, Floats, ratios
from hcgov.stats.aggregation.tables import Tables

TIED = 1e-9
"""Scores that differ by no more are the same."""


class Rule(StrEnum):
    """How many people's preferences become one."""

    WEIGHTED_MEAN = "weighted_mean"
    """Highest mean share of preference over people (utilitarian)."""
    MAJORITY = "majority"
    """First choice of most people among those who saw it (plurality)."""
    BORDA = "borda"
    """Highest mean place in people's rankings (Borda 1781)."""
    COPELAND = "copeland"
    """Wins most pairwise majorities, a tie counting one half (Copeland 1951)."""
    EQUAL_GROUPS = "equal_groups"
    """Highest mean over groups, each counting alike."""
    MAXIMIN = "maximin"
    """The worst-off group fares best (egalitarian; Rawls 1971, Sen 1970)."""
    NASH = "nash"
    """Highest product of the groups' shares, by their weight (Nash 1950; weights by Kalai 1977)."""


OF_GROUPS = (Rule.EQUAL_GROUPS, Rule.MAXIMIN, Rule.NASH)
"""Rules that need at least two groups."""


def scores(tables: Tables, rule: Rule) -> Floats:
    """Return the score of each alternative by a rule, shape (scopes, alternatives).

    NaN for alternatives that the scope does not have, and in scopes where the rule says nothing: alternatives that
    no chain of comparisons links, or fewer than two groups for a rule of groups.
    """
    match rule:
        case Rule.WEIGHTED_MEAN:
            found = tables.mean
        case Rule.MAJORITY:
            found = tables.first
        case Rule.BORDA:
            found = tables.borda
        case Rule.COPELAND:
            found = _copeland(tables)
        case _:
            found = _of_groups(tables, rule)
    return np.asarray(np.where(tables.connected[:, None] & np.isfinite(tables.mean), found, np.nan))


def winners(found: Floats) -> Bools:
    """Return who wins by scores, shape of ``found``; nobody in a scope without scores."""
    best = np.where(np.isfinite(found), found, -np.inf).max(axis=-1, keepdims=True)
    return np.asarray(np.isfinite(best) & (found >= best - TIED))


def _copeland(tables: Tables) -> Floats:
    """Return pairwise majorities won, as a share of all opponents; one that was never met counts as a tie."""
    there = np.isfinite(tables.mean)
    beats = np.where(tables.pairwise > 0.5 + TIED, 1.0, np.where(tables.pairwise < 0.5 - TIED, 0.0, 0.5))
    opponent = there[:, :, None] & there[:, None, :] & ~np.eye(there.shape[1], dtype=bool)
    won = np.where(opponent, beats, 0.0).sum(axis=2)
    count = opponent.sum(axis=2)
    return ratios(won, count.astype(np.float64))


def _of_groups(tables: Tables, rule: Rule) -> Floats:
    counted: Bools = np.any(np.isfinite(tables.group_mean), axis=2)
    enough: Bools = np.asarray(counted.sum(axis=1) >= 2)
    utility = np.where(counted[:, :, None], tables.group_mean, 0.0)
    number = np.maximum(counted.sum(axis=1), 1)[:, None]
    if rule is Rule.EQUAL_GROUPS:
        found = utility.sum(axis=1) / number
    elif rule is Rule.MAXIMIN:
        found = np.where(counted[:, :, None], tables.group_mean, np.inf).min(axis=1, initial=np.inf)
    else:
        weight = np.where(counted, tables.group_weight, 0.0)
        whole = weight.sum(axis=1, keepdims=True)
        part = np.divide(weight, whole, out=np.zeros(weight.shape), where=whole > 0.0)
        # The weighted geometric mean: 0 where a group that counts has nothing of it.
        logs = np.log(np.maximum(utility, 1e-300))
        found = np.exp((part[:, :, None] * logs).sum(axis=1))
        found = np.where(((utility <= 0.0) & (part[:, :, None] > 0.0)).any(axis=1), 0.0, found)
    return np.asarray(np.where(enough[:, None], found, np.nan))
