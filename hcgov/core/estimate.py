"""An estimate: a value with everything needed to compute any bound of it, at any level, also by an auditor."""

from collections.abc import Callable
from enum import StrEnum
from typing import ClassVar

from hcgov.core.frozen import compact


class Method(StrEnum):
    """How the bounds of an estimate are computed; :mod:`hcgov.stats` holds one function pair for each."""

    CLOPPER_PEARSON = "clopper_pearson"
    WILSON = "wilson"
    SHARE_RATIO = "clopper_pearson_over_target"
    MIETTINEN_NURMINEN = "miettinen_nurminen"
    KOOPMAN = "koopman"
    STUDENT_T = "student_t"
    EMPIRICAL_BERNSTEIN = "empirical_bernstein"
    STABILITY = "normal_on_root"
    BETA_BINOMIAL_SEQUENCE = "beta_binomial_sequence"
    POINT = "point"


@compact
class Estimate:
    """A point value and its sufficient statistics.

    Parameters
    ----------
    value
        The point estimate; ``None`` where the statistics do not give one (never NaN).
    n
        Rows in the denominator (for two groups: of both).
    n_eff
        Independent observations they are worth; equals ``n`` where each person counts once.
    people
        Distinct people behind them; ``None`` where unknown.
    method
        Which bounds apply.
    statistics
        Name and number pairs from which any bound can be recomputed, for example
        ``(("x1", 7.0), ("n1", 34.0), ("x2", 1.0), ("n2", 34.0))``. Counts are scaled to effective counts
        where people repeat, so they need not be whole numbers.
    """

    value: float | None
    n: int
    n_eff: float
    people: int | None
    method: Method
    statistics: tuple[tuple[str, float], ...] = ()
    of: ClassVar[
        Callable[
            [float | None, int, float, int | None, Method, tuple[tuple[str, float], ...]],
            "Estimate",
        ]
    ]

    def statistic(self, name: str) -> float:
        """Return one sufficient statistic by name.

        Raises
        ------
        KeyError
            The estimate has no such statistic.
        """
        return dict(self.statistics)[name]
