"""How people rely on a machine's suggestions: too little, too much, and whether both together are better."""

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.stats.crossed import Rows, crossed_mean, crossed_share
from hcgov.stats.oversight.arms import Bools


@frozen
class Advised:
    """Answers that people gave after a machine's suggestion, each array of shape (n,).

    Parameters
    ----------
    took
        Whether the answer is what was suggested.
    advice_right, final_right
        Whether suggestion and answer are what a third party established.
    rows
        People and items.
    """

    took: Bools
    advice_right: Bools
    final_right: Bools
    rows: Rows


def override_rate(given: Advised) -> Estimate:
    """Return the share of suggestions that people did not take."""
    return crossed_share(~given.took, given.rows)


def harmful_override(given: Advised) -> Estimate:
    """Return P(override | suggestion right): good work of the machine that people undid."""
    return crossed_share(~given.took[given.advice_right], given.rows.where(given.advice_right))


def automation_bias(given: Advised) -> Estimate:
    """Return P(accept | suggestion wrong): errors of the machine that people let pass.

    Notes
    -----
    Goddard, Roudsari and Wyatt 2012 (doi:10.1136/amiajnl-2011-000089).
    """
    wrong = ~given.advice_right
    return crossed_share(given.took[wrong], given.rows.where(wrong))


def override_precision(given: Advised) -> Estimate:
    """Return P(answer right | override): whether the last word of people improved what they changed."""
    changed = ~given.took
    return crossed_share(given.final_right[changed], given.rows.where(changed))


def relied_where_wrong(given: Advised, before_right: Bools) -> Estimate:
    """Return RAIR: of answers that were wrong before a right suggestion, the share that became right.

    Notes
    -----
    Relative AI reliance of Schemmer, Kuehl, Benz, Bartos and Satzger 2023 (doi:10.1145/3581641.3584066). Without the
    answer before the suggestion it is not identified.
    """
    chance = ~before_right & given.advice_right
    return crossed_share(given.final_right[chance], given.rows.where(chance))


def relied_on_oneself(given: Advised, before_right: Bools) -> Estimate:
    """Return RSR: of answers that were right before a wrong suggestion, the share that stayed right.

    Relative self-reliance; source and condition are those of :func:`relied_where_wrong`.
    """
    chance = before_right & ~given.advice_right
    return crossed_share(given.final_right[chance], given.rows.where(chance))


def gain_over(final_right: Bools, alone_right: Bools, rows: Rows) -> Estimate:
    """Return the accuracy of people with the machine minus that of one of the two alone, on the same rows.

    Complementarity, acc(team) - max(acc(people), acc(machine)), is the smaller of the gains over either; it is shown
    to be positive where both are (an intersection-union test: Berger 1982, doi:10.1080/00401706.1982.10487790).
    """
    return crossed_mean(
        final_right.astype(np.float64) - alone_right.astype(np.float64), rows, low=-1.0, high=1.0, aim=1.0
    )
