"""Bradley-Terry: how often one competitor is preferred to another, from one strength for each."""

from hcgov.stats.preferences.contests import Contests
from hcgov.stats.preferences.strengths import Strengths, Unfit, fit


def bradley_terry(contests: Contests, *, order: bool = False, ridge: float = 0.0) -> Strengths | Unfit:
    """Return strengths theta with P(i over j) = 1 / (1 + exp(theta_j - theta_i)).

    Parameters
    ----------
    contests
        Rows that tie are left out and counted; :func:`hcgov.stats.preferences.davidson.davidson` keeps them.
    order
        Whether who is shown first may have an advantage.
    ridge
        Penalty on squared strengths, 0 for none; see :class:`Strengths`.

    Returns
    -------
    Strengths or Unfit
        Never numbers where no chain of wins leads from everyone to everyone, unless a ridge was asked for.

    Notes
    -----
    Bradley and Terry 1952 (doi:10.2307/2334029). The scores average over everyone: they order competitors as Borda's
    rule does, and hide that groups may want opposite things (Siththaranjan, Laidlaw and Hadfield-Menell 2023,
    arXiv:2312.08358).
    """
    _check(ridge)
    return fit(contests, ties=False, order=order, ridge=ridge)


def _check(ridge: float) -> None:
    if not 0.0 <= ridge < float("inf"):
        raise ValueError(f"a penalty is at least 0 and finite, not {ridge}")
