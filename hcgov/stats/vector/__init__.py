"""The intervals of :mod:`hcgov.stats` for many cells at once, on numpy.

Nothing imports this package when hcgov starts: it is loaded where there are so many comparisons that it
pays, and by simulations. Functions take arrays of counts (or numbers) and one level or one a cell, and give
arrays of the common shape.
"""

from collections.abc import Callable, Mapping

from numpy.typing import ArrayLike

from hcgov.core.estimate import Method
from hcgov.stats.vector.differences import (
    miettinen_nurminen_lower,
    miettinen_nurminen_score,
    miettinen_nurminen_upper,
    newcombe_lower,
    newcombe_upper,
)
from hcgov.stats.vector.effective import Floats
from hcgov.stats.vector.proportions import (
    clopper_pearson_lower,
    clopper_pearson_upper,
    wilson_lower,
    wilson_upper,
)
from hcgov.stats.vector.ratios import koopman_lower, koopman_score, koopman_upper

__all__ = [
    "OF_TWO",
    "clopper_pearson_lower",
    "clopper_pearson_upper",
    "koopman_lower",
    "koopman_score",
    "koopman_upper",
    "miettinen_nurminen_lower",
    "miettinen_nurminen_score",
    "miettinen_nurminen_upper",
    "newcombe_lower",
    "newcombe_upper",
    "wilson_lower",
    "wilson_upper",
]

OfTwo = Callable[[ArrayLike, ArrayLike, ArrayLike, ArrayLike, ArrayLike], Floats]

OF_TWO: Mapping[tuple[Method, str], OfTwo] = {
    (Method.MIETTINEN_NURMINEN, "lower"): miettinen_nurminen_lower,
    (Method.MIETTINEN_NURMINEN, "upper"): miettinen_nurminen_upper,
    (Method.MIETTINEN_NURMINEN, "score"): miettinen_nurminen_score,
    (Method.KOOPMAN, "lower"): koopman_lower,
    (Method.KOOPMAN, "upper"): koopman_upper,
    (Method.KOOPMAN, "score"): koopman_score,
}
"""Functions of two groups by method; the last argument is a level for bounds and a hypothesis for scores."""
