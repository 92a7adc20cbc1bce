"""Davidson: Bradley-Terry where comparisons may end in a tie."""

from hcgov.stats.preferences.contests import Contests
from hcgov.stats.preferences.strengths import Strengths, Unfit, fit


def davidson(contests: Contests, *, order: bool = False, ridge: float = 0.0) -> Strengths | Unfit:
    """Return strengths theta and nu, with odds i : j : tie of pi_i : pi_j : nu sqrt(pi_i pi_j), pi = exp(theta).

    Parameters, returns and errors are those of :func:`hcgov.stats.preferences.bradley_terry.bradley_terry`, to which
    it reduces where no row ties.

    Notes
    -----
    Davidson 1970 (JASA 65:317, doi:10.1080/01621459.1970.10481082). To leave ties out drives strengths apart. That
    both were bad is no tie, and no row.
    """
    if not 0.0 <= ridge < float("inf"):
        raise ValueError(f"a penalty is at least 0 and finite, not {ridge}")
    return fit(contests, ties=True, order=order, ridge=ridge)
