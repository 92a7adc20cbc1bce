"""What is true in a simulation: the rates of the slices, from a rate, a limit and a configuration."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from benchmarks.validity.scores import Array, Comparison


class Shape(StrEnum):
    """How the slices lie between the worst and the best."""

    ONE = "one apart"
    SPREAD = "evenly spread"
    HALVES = "two halves"


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Rates of slices of equal size.

    Parameters
    ----------
    p
        The rate nearest to 0 or 1 (of a gap), or the best one (of a ratio).
    steps
        0: no disparity; 1: exactly at the limit; 2: twice as far.
    shape
        ``ONE``: one slice at either end and the others half-way (against the rest: one slice, all others equal).
        ``SPREAD``: equally spaced. ``HALVES``: half of the slices at either end.
    """

    p: float
    steps: int
    shape: Shape


def rates(truth: Truth, comparison: Comparison, slices: int) -> Array:
    """Return the rates of all pairs' slices; the first is the worst, the last the best."""
    worse, better = _ends(truth.p, comparison, float(truth.steps))
    share = {
        Shape.ONE: np.array([0.0, *[0.5] * (slices - 2), 1.0]),
        Shape.SPREAD: np.linspace(0.0, 1.0, slices),
        Shape.HALVES: np.repeat([0.0, 1.0], [slices // 2, slices - slices // 2]),
    }[truth.shape]
    if comparison.ratio:
        return np.asarray(worse ** (1.0 - share) * better**share)
    return np.asarray(worse + (better - worse) * share)


def rates_against_the_rest(truth: Truth, comparison: Comparison, slices: int) -> Array:
    """Return rates at which the first slice lies as far from everyone else together as the truth says.

    Of two halves all worse slices lie exactly so far: the complement of each holds the other worse ones.
    """
    if truth.shape is Shape.ONE:
        worse, better = _ends(truth.p, comparison, float(truth.steps))
        return np.array([worse, *[better] * (slices - 1)])
    worse_half = slices // 2
    others, inside = slices - worse_half, worse_half - 1
    if comparison.ratio:
        target = (
            comparison.limit**truth.steps
        )  # worse = target x (inside x worse + others x better) / (slices - 1)
        better = truth.p
        worse = target * others * better / (slices - 1 - target * inside)
    else:
        worse, better = _ends(truth.p, comparison, truth.steps * (slices - 1) / others)
    return np.repeat([worse, better], [worse_half, others])


def _ends(p: float, comparison: Comparison, steps: float) -> tuple[float, float]:
    """Return the worse and the better rate; of a gap the higher one is worse."""
    if comparison.ratio:
        return float(p * comparison.limit**steps), p
    return (p + steps * comparison.limit, p) if p <= 0.5 else (p, p - steps * comparison.limit)
