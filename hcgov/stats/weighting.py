"""Weights: what weighted rows are worth, and weights that meet known margins."""

import math
from collections.abc import Iterable, Mapping, Sequence

from hcgov.core.frozen import frozen


@frozen
class Kish:
    """What weighted rows are worth.

    Parameters
    ----------
    n
        Rows with a positive weight.
    n_eff
        Kish's effective sample size (sum w)^2 / sum w^2, in [1, n]; 0 without rows.
    deff
        Design effect of the weights, n / n_eff = 1 + CV^2, at least 1.
    """

    n: int
    n_eff: float
    deff: float


class EmptyCell(ValueError):  # noqa: N818 - named for what is the case
    """A margin asks for people of whom the data hold none; weights cannot create people."""

    def __init__(self, dimension: int, level: str, target: float) -> None:
        self.dimension, self.level, self.target = dimension, level, target
        super().__init__(
            f"margin {dimension} asks for {target} of {level!r}, but the data hold nobody of it; "
            "an empty cell is never imputed"
        )


class NotConverged(ValueError):  # noqa: N818 - named for what is the case
    """The margins contradict each other or the empty cells of the table, so no weights meet them."""

    def __init__(self, iterations: int, error: float) -> None:
        self.iterations, self.error = iterations, error
        super().__init__(
            f"after {iterations} rounds the margins are still missed by {error:.2g} of their total; "
            "merge levels whose crossings are empty"
        )


@frozen
class Raked:
    """A table that meets its margins.

    Parameters
    ----------
    cells
        The fitted table, with the keys given.
    rounds
        Rounds over all margins.
    error
        Largest miss of a margin's level, as a share of the total.
    """

    cells: Mapping[tuple[str, ...], float]
    rounds: int
    error: float


def kish(weights: Iterable[float]) -> Kish:
    """Return what weighted rows are worth.

    Parameters
    ----------
    weights
        One per row, finite and not negative. Rows of weight 0 do not count.

    Raises
    ------
    ValueError
        A weight is negative or not finite.

    Notes
    -----
    Kish 1965, Survey Sampling, section 11.7; Kish 1992 (Journal of Official Statistics 8:183).
    """
    counted = [_checked(weight) for weight in weights]
    counted = [weight for weight in counted if weight > 0.0]
    if not counted:
        return Kish(n=0, n_eff=0.0, deff=1.0)
    # Only ratios matter; scaling by the largest keeps squares from overflowing or vanishing.
    largest = max(counted)
    relative = [weight / largest for weight in counted]
    return kish_from_sums(len(relative), math.fsum(relative), math.fsum(w * w for w in relative))


def kish_from_sums(n: int, total: float, squares: float) -> Kish:
    """Return what weighted rows are worth, from sums that an engine gives.

    Parameters
    ----------
    n
        Rows with a positive weight.
    total, squares
        Sum of the weights and of their squares.

    Raises
    ------
    ValueError
        No weights could have these sums: they are negative or not finite, or squares x n < total^2.
    """
    if n < 0 or not (0.0 <= total < math.inf and 0.0 <= squares < math.inf) or (n == 0) != (total == 0.0):
        raise ValueError(f"no {n} weights have the sum {total} and the sum of squares {squares}")
    if n == 0:
        return Kish(n=0, n_eff=0.0, deff=1.0)
    share = squares / total / total  # in [1 / n, 1], up to rounding
    if not (1.0 - 1e-9) / n <= share <= 1.0 + 1e-9:
        raise ValueError(f"no {n} weights have the sum {total} and the sum of squares {squares}")
    n_eff = min(max(1.0 / share, 1.0), float(n))
    return Kish(n=n, n_eff=n_eff, deff=n / n_eff)


def rake(
    cells: Mapping[tuple[str, ...], float],
    margins: Sequence[Mapping[str, float]],
    *,
    tolerance: float = 1e-10,
    most_rounds: int = 1000,
) -> Raked:
    """Return the table nearest to ``cells`` that meets all margins (iterative proportional fitting).

    Parameters
    ----------
    cells
        Crossed table: the level in each dimension -> count or weight, finite and not negative. Cells that are
        not named are empty, and stay so.
    margins
        For each dimension: level -> total asked for, finite and not negative. Every level of the data is
        named, and all margins have the same total (within a millionth).
    tolerance
        Largest miss of a level, as a share of the total.
    most_rounds
        Rounds after which to give up.

    Returns
    -------
    Raked
        The weight of a row is its fitted cell divided by its cell.

    Raises
    ------
    EmptyCell
        A margin asks for a level of which the data hold nothing.
    NotConverged
        No table with these empty cells meets the margins.
    ValueError
        Cells or margins are impossible.

    Notes
    -----
    Deming and Stephan 1940 (Annals of Mathematical Statistics 11:427, doi:10.1214/aoms/1177731829).
    """
    total = _margins_total(cells, margins)
    fitted = {key: _checked(count) for key, count in cells.items()}
    for dimension, margin in enumerate(margins):
        sums = _sums(fitted, dimension)
        for level, target in margin.items():
            if target > 0.0 and sums.get(level, 0.0) == 0.0:
                raise EmptyCell(dimension, level, target)
    error = math.inf
    for done in range(1, most_rounds + 1):
        for dimension, margin in enumerate(margins):
            sums = _sums(fitted, dimension)
            factor = {level: margin[level] / had if had > 0.0 else 0.0 for level, had in sums.items()}
            fitted = {key: count * factor[key[dimension]] for key, count in fitted.items()}
        error = _miss(fitted, margins) / total
        if error <= tolerance:
            return Raked(cells=fitted, rounds=done, error=error)
    raise NotConverged(most_rounds, error)


def _checked(weight: float) -> float:
    if not 0.0 <= weight < math.inf:
        raise ValueError(f"a weight is finite and not negative, not {weight}")
    return float(weight)


def _margins_total(cells: Mapping[tuple[str, ...], float], margins: Sequence[Mapping[str, float]]) -> float:
    """Check cells and margins against each other, and return the margins' common total."""
    if not margins:
        raise ValueError("raking needs at least one margin")
    totals = [math.fsum(_checked(target) for target in margin.values()) for margin in margins]
    if totals[0] <= 0.0 or any(abs(total - totals[0]) > 1e-6 * totals[0] for total in totals):
        raise ValueError(f"margins share one positive total, not {totals}")
    for key in cells:
        if len(key) != len(margins):
            raise ValueError(f"a cell has a level in each of {len(margins)} dimensions, not {key}")
        for level, margin in zip(key, margins, strict=True):
            if level not in margin:
                raise ValueError(f"the data hold {level!r}, which its margin does not name")
    return totals[0]


def _sums(cells: Mapping[tuple[str, ...], float], dimension: int) -> dict[str, float]:
    sums: dict[str, float] = {}
    for key, count in cells.items():
        sums[key[dimension]] = sums.get(key[dimension], 0.0) + count
    return sums


def _miss(cells: Mapping[tuple[str, ...], float], margins: Sequence[Mapping[str, float]]) -> float:
    return max(
        abs(sums.get(level, 0.0) - target)
        for dimension, margin in enumerate(margins)
        for sums in (_sums(cells, dimension),)
        for level, target in margin.items()
    )
