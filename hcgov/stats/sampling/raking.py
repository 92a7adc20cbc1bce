"""Weights of people that meet known margins: raking, post-stratification, trimming, and refusals.

Weights never create people: where the sample lacks them, there is a refusal with its reason instead of a weight.
"""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from hcgov.core.frozen import frozen
from hcgov.stats.sampling.margins import Floats, Ints, Margin
from hcgov.stats.weighting import Kish, kish_from_sums

CAP = 5.0
"""Weights above so many times the median are trimmed: a customary rule of survey practice."""

FEWEST_IN_LEVEL = 5
"""A level of a margin with fewer people is too thin to be weighted up."""

TRIMMING_ROUNDS = 50


class Why(StrEnum):
    """Why there are no weights."""

    NOBODY = "nobody"
    EMPTY_LEVEL = "empty_level"
    THIN_LEVEL = "thin_level"
    UNNAMED_LEVEL = "unnamed_level"
    BROKEN_MARGIN = "broken_margin"
    CONTRADICTION = "contradiction"
    BAD_WEIGHTS = "bad_weights"


@frozen
class Refusal:
    """Why there are no weights: the margin and level that it is about, and how many people are there."""

    why: Why
    dimension: str = ""
    level: str = ""
    people: int = 0


@frozen
class PeopleWeights:
    """A weight for each person.

    Parameters
    ----------
    weights
        Shape (people,), with mean 1 over those who have one (less by what a last cut took); 0 for people with a level
        that is not recorded.
    kish
        Effective people and design effect.
    rounds, error
        Rounds over all margins, and the largest miss of a level's share after trimming.
    cap
        The largest weight allowed, ``None`` without trimming.
    trimmed, trimmed_share
        People whose weight was cut, and the share of all weight that was cut off them.
    unplaced
        People without a recorded level in some margin.
    """

    weights: Floats
    kish: Kish
    rounds: int
    error: float
    cap: float | None
    trimmed: int
    trimmed_share: float
    unplaced: int


def raked(
    margins: Sequence[Margin],
    *,
    base: Floats | None = None,
    cap: float | None = CAP,
    fewest: int = FEWEST_IN_LEVEL,
    tolerance: float = 1e-10,
    most_rounds: int = 2000,
) -> PeopleWeights | Refusal:
    """Return weights under which people meet all margins (iterative proportional fitting), or why there are none.

    Parameters
    ----------
    margins
        At least one; a single one is post-stratification, and its levels may be crossed cells.
    base
        Design weights to start from, shape (people,), not negative; 1 where left out.
    cap
        Largest weight as a multiple of the median; what is above is cut, and the margins are met again, in turns.
        Where both cannot be had the cap stands, and ``error`` says by how much margins are missed. ``None`` trims
        nothing.
    fewest
        Fewest people of every level that the population has.
    tolerance, most_rounds
        Largest miss of a level's share, and rounds after which the margins contradict each other.

    Notes
    -----
    Deming and Stephan 1940 (doi:10.1214/aoms/1177731829); trimming and raking in turns: Izrael, Battaglia and Frankel
    2009, Extreme survey weight adjustment as a component of sample balancing (SAS Global Forum 247).
    """
    found = _start(margins, base, fewest)
    if isinstance(found, Refusal):
        return found
    start, placed = found
    places = [margin.place[placed] for margin in margins]
    targets = [margin.target / margin.target.sum() for margin in margins]
    fitted = _fit(start, places, targets, tolerance, most_rounds)
    if fitted is None:
        return Refusal(why=Why.CONTRADICTION, people=int(placed.sum()))
    weights, rounds = fitted
    before = weights
    bound: float | None = None
    if cap is not None:
        weights, bound = _trimmed(weights, places, targets, cap, tolerance, most_rounds)
    full = np.zeros(placed.size)
    full[placed] = weights
    cut = np.maximum(before - bound, 0.0) if bound is not None else np.zeros_like(before)
    return PeopleWeights(
        weights=full,
        kish=kish_from_sums(int((weights > 0).sum()), float(weights.sum()), float(weights @ weights)),
        rounds=rounds,
        error=_miss(weights / weights.sum(), places, targets),
        cap=bound,
        trimmed=int((cut > 1e-9 * before).sum()),
        trimmed_share=float(cut.sum() / before.sum()),
        unplaced=int((~placed).sum()),
    )


def given(weights: Floats) -> Kish | Refusal:
    """Return what weights that somebody gave are worth, or why they are none.

    Parameters
    ----------
    weights
        One a person. A person of weight 0 does not count; NaN, infinite or negative weights are refused, and so are
        weights that sum to zero.
    """
    if weights.size == 0:
        return Refusal(why=Why.NOBODY)
    bad = int((~np.isfinite(weights) | (weights < 0.0)).sum())
    if bad or not weights.max() > 0.0:
        return Refusal(why=Why.BAD_WEIGHTS, people=bad or int(weights.size))
    relative = weights / weights.max()  # only ratios matter, and squares must neither overflow nor vanish
    return kish_from_sums(int((relative > 0).sum()), float(relative.sum()), float(relative @ relative))


def within(weights: Floats, place: Ints, levels: int) -> tuple[Kish, ...]:
    """Return what the weights of each level's people are worth; people without a level count nowhere."""
    known = place >= 0
    count = np.bincount(place[known], weights=weights[known] > 0.0, minlength=levels)
    total = np.bincount(place[known], weights=weights[known], minlength=levels)
    squares = np.bincount(place[known], weights=weights[known] ** 2, minlength=levels)
    return tuple(
        kish_from_sums(round(n), float(t), float(s)) for n, t, s in zip(count, total, squares, strict=True)
    )


def _start(
    margins: Sequence[Margin], base: Floats | None, fewest: int
) -> tuple[Floats, NDArray[np.bool_]] | Refusal:
    """Return starting weights of people with a level in every margin, and who they are; or what is amiss."""
    if not margins or margins[0].place.size == 0:
        return Refusal(why=Why.NOBODY)
    placed = np.ones(margins[0].place.size, dtype=bool)
    for margin in margins:
        placed &= margin.place >= 0
    start = np.ones(placed.size) if base is None else base.astype(np.float64)
    if not np.isfinite(start).all() or (start < 0.0).any() or not start.sum() > 0.0:
        return Refusal(why=Why.BAD_WEIGHTS, people=int((~(np.isfinite(start) & (start > 0.0))).sum()))
    placed &= start > 0.0
    if not placed.any():
        return Refusal(why=Why.NOBODY)
    for margin in margins:
        fault = _fault(margin, placed, fewest)
        if fault is not None:
            return fault
    return start[placed] / start[placed].mean(), placed


def _fault(margin: Margin, placed: NDArray[np.bool_], fewest: int) -> Refusal | None:
    target = margin.target
    if not np.isfinite(target).all() or (target < 0.0).any() or not target.sum() > 0.0:
        return Refusal(why=Why.BROKEN_MARGIN, dimension=margin.name)
    count = np.bincount(margin.place[placed], minlength=target.size)
    for level, name in enumerate(margin.levels):
        people = int(count[level])
        if target[level] > 0.0 and people < max(fewest, 1):
            why = Why.THIN_LEVEL if people else Why.EMPTY_LEVEL
            return Refusal(why=why, dimension=margin.name, level=name, people=people)
        if target[level] == 0.0 and people:
            return Refusal(why=Why.UNNAMED_LEVEL, dimension=margin.name, level=name, people=people)
    return None


def _fit(
    start: Floats, places: Sequence[Ints], targets: Sequence[Floats], tolerance: float, most_rounds: int
) -> tuple[Floats, int] | None:
    """Meet the margins by turns, over the distinct crossings of their levels; mean weight 1."""
    joint = np.stack(places, axis=1)
    cells, where = np.unique(joint, axis=0, return_inverse=True)
    where = where.reshape(-1)
    held = np.bincount(where, weights=start)
    fitted = held / held.sum()
    for done in range(1, most_rounds + 1):
        for dimension, target in enumerate(targets):
            sums = np.bincount(cells[:, dimension], weights=fitted, minlength=target.size)
            factor = np.divide(target, sums, out=np.zeros_like(target), where=sums > 0.0)
            fitted = fitted * factor[cells[:, dimension]]
        if _miss(fitted, [cells[:, d] for d in range(len(targets))], targets) <= tolerance:
            return start * (fitted / held)[where] * start.size, done
    return None


def _trimmed(
    weights: Floats,
    places: Sequence[Ints],
    targets: Sequence[Floats],
    cap: float,
    tolerance: float,
    most_rounds: int,
) -> tuple[Floats, float]:
    """Cut weights above ``cap`` medians and meet the margins again, in turns; in the end the cap stands."""
    if not cap > 1.0:
        raise ValueError("a cap is more than once the median")
    bound = cap * float(np.median(weights))
    for _ in range(TRIMMING_ROUNDS):
        if weights.max() <= bound * (1.0 + 1e-9):
            return weights, bound
        again = _fit(np.minimum(weights, bound), places, targets, tolerance, most_rounds)
        if again is None:
            break
        weights = again[0]
    cut = np.minimum(weights, bound)
    return cut, bound


def _miss(shares: Floats, places: Sequence[Ints], targets: Sequence[Floats]) -> float:
    total = shares.sum()
    return max(
        float(np.abs(np.bincount(place, weights=shares, minlength=target.size) / total - target).max())
        for place, target in zip(places, targets, strict=True)
    )
