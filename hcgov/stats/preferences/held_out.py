"""How well one set of strengths for everyone tells the choices of people it has not met."""

import math

import numpy as np
from scipy.special import expit

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.stats.crossed import Rows, crossed_mean
from hcgov.stats.preferences.contests import FIRST, TIE, Contests
from hcgov.stats.preferences.strengths import Unfit, fit
from hcgov.stats.texts.folds import grouped_folds, train_and_test

COIN = math.log(2.0)
"""Loss of who knows nothing: either side with probability one half."""
RIDGE = 1.0
"""Penalty on squared strengths, so that they exist in every fold: a prior of variance 1."""
FEWEST = 10
"""Fewer people cannot be held out."""


@frozen
class HeldOut:
    """Loss on the choices of people who were held out.

    Parameters
    ----------
    loss
        Mean of -log p over decided comparisons, p the probability given to what was chosen; people and items are
        clusters. Half a coin's is good; :data:`COIN` is worth nothing.
    ties
        Rows that tie, about which nothing is predicted.
    """

    loss: Estimate
    ties: int


def held_out_loss(contests: Contests, *, folds: int = 5, seed: int = 0) -> HeldOut | None:
    """Return the log-loss of Bradley-Terry strengths on people they were not fitted to.

    Parameters
    ----------
    contests
        Rows that tie, and rows of nobody, are left out; weights count where strengths are fitted, each held-out
        row counts once.
    folds
        Parts of the people, each of which is held out once.
    seed
        Of the folds.

    Returns
    -------
    HeldOut or None
        ``None`` with fewer than :data:`FEWEST` people who decided anything, or competitors.

    Notes
    -----
    The logarithmic score: Good 1952 (JRSS B 14:107). Whole people are held out, their prompts are not: it says how
    other people's choices about the same things are told, and is no test on other prompts.
    """
    decided = (contests.outcome != TIE) & (contests.people >= 0)
    kept = contests.where(decided)
    if kept.distinct_people < FEWEST or kept.competitors < 2:
        return None
    loss = np.full(kept.rows, np.nan)
    for train, test in train_and_test(grouped_folds(kept.people, folds, seed=seed)):
        found = fit(kept.where(train), ties=False, order=False, ridge=RIDGE)
        if isinstance(found, Unfit):
            return None
        lead = found.theta[kept.first[test]] - found.theta[kept.second[test]]
        told = expit(np.where(kept.outcome[test] == FIRST, lead, -lead))
        loss[test] = -np.log(np.maximum(told, 1e-300))
    return HeldOut(
        loss=crossed_mean(loss, Rows(people=kept.people, items=kept.items), low=0.0),
        ties=int((contests.outcome == TIE).sum()),
    )
