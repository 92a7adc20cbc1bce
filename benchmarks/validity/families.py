"""The product's family judge over many draws at once.

``hcgov.judgement.family.judge`` decides one data set; this decides thousands of them with the same rules, and a test
holds that it gives the same verdicts: a slice passes by its own bound, is accused by Holm's step-down, and stands
outside the family where no data of its size could pass.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import numpy.typing as npt

from benchmarks.validity.scores import Array, Comparison, quantile

Mask = npt.NDArray[np.bool_]
Pair = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Design:
    """Who is compared with whom: sides are columns of the counts, in the order in which the product compares them.

    Parameters
    ----------
    sizes
        People on each side.
    pairs
        Compared sides; the first is the one that may be accused.
    slices
        Sides that are slices of their own; the others are somebody's complement.
    """

    sizes: tuple[int, ...]
    pairs: tuple[Pair, ...]
    slices: frozenset[int]

    def best(self) -> dict[int, int]:
        """Return each slice's best comparison: with the largest other side, the last of equals."""
        found: dict[int, tuple[int, int]] = {}
        for place, pair in enumerate(self.pairs):
            for one, other in permutations(pair):
                if one in self.slices and self.sizes[other] >= found.get(one, (0, 0))[0]:
                    found[one] = (self.sizes[other], place)
        return {one: place for one, (_, place) in found.items()}


def all_pairs(sizes: Sequence[int]) -> Design:
    """Return the design of a column's groups: every ordered pair."""
    places = range(len(sizes))
    return Design(sizes=tuple(sizes), pairs=tuple(permutations(places, 2)), slices=frozenset(places))


def against_the_rest(sizes: Sequence[int]) -> Design:
    """Return the design in which every slice meets its complement; complements follow the slices."""
    k, total = len(sizes), sum(sizes)
    return Design(
        sizes=(*sizes, *(total - n for n in sizes)),
        pairs=tuple((g, k + g) for g in range(k)),
        slices=frozenset(range(k)),
    )


def with_complements(x: Array) -> Array:
    """Return counts of slices (draws, slices) with those of their complements beside them."""
    return np.concatenate([x, x.sum(axis=1, keepdims=True) - x], axis=1)


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """Verdicts of every comparison in every draw: (draws, comparisons), and slices too small to enter any."""

    passed: Mask
    failed: Mask
    tiny: Mask

    @property
    def control_passes(self) -> Mask:
        """Draws in which every slice was compared and every comparison passed."""
        return self.passed.all(axis=1) & ~self.tiny.any(axis=1)

    @property
    def control_fails(self) -> Mask:
        """Draws in which any comparison failed."""
        return self.failed.any(axis=1)


@dataclass(frozen=True, kw_only=True)
class Scored:
    """Scores of every comparison in every draw at the limit, and whether equal rates could have passed."""

    score: Array
    resolvable: Mask


def score(design: Design, comparison: Comparison, x: Array, level: float) -> Scored:
    """Score counts (draws, sides) directly."""
    one, other = (np.array([pair[side] for pair in design.pairs]) for side in (0, 1))
    sizes = np.array(design.sizes, dtype=float)
    args = (x[:, one], sizes[one][None, :], x[:, other], sizes[other][None, :])
    return Scored(score=comparison.score(*args), resolvable=comparison.resolvable(*args, level))


def decide(design: Design, scored: Scored, level: float, sharing: int = 1) -> Verdicts:
    """Judge one family in every draw; ``sharing`` families share the error of accusing."""
    inside = scored.score <= -quantile(level)
    tiny = np.zeros((len(inside), len(design.sizes)), dtype=bool)
    for one, place in design.best().items():
        tiny[:, one] = ~scored.resolvable[:, place]
    apart = np.stack([tiny[:, one] | tiny[:, other] for one, other in design.pairs], axis=1)
    member = ~apart & (inside | scored.resolvable)
    return Verdicts(
        passed=member & inside, failed=_accused(scored.score, member, (1.0 - level) / sharing), tiny=tiny
    )


def _accused(scores: Array, member: Mask, alpha: float) -> Mask:
    """Return Holm's rejections among the members of each draw."""
    draws, comparisons = scores.shape
    ranked = np.where(member, scores, -np.inf)
    order = np.argsort(-ranked, axis=1, kind="stable")
    steps = np.array([np.inf, *(quantile(1.0 - alpha / m) for m in range(1, comparisons + 1))])
    left = member.sum(axis=1)[:, None] - np.arange(comparisons)[None, :]
    needed = steps[np.maximum(left, 0)]
    falls = np.take_along_axis(ranked, order, axis=1) > needed
    accused = np.zeros((draws, comparisons), dtype=bool)
    np.put_along_axis(accused, order, np.logical_and.accumulate(falls, axis=1), axis=1)
    return accused


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What becomes of a control in every draw."""

    passes: Mask
    fails: Mask


def outcome(design: Design, scored: Scored, level: float, sharing: int = 1) -> Outcome:
    """Return what :func:`decide` says of the control; the first of Holm's steps tells whether anybody is accused."""
    inside, alpha = scored.score <= -quantile(level), (1.0 - level) / sharing
    if scored.resolvable.all():
        beyond = quantile(1.0 - alpha / len(design.pairs))
        return Outcome(passes=inside.all(axis=1), fails=scored.score.max(axis=1) > beyond)
    tiny = {one: ~scored.resolvable[:, place] for one, place in design.best().items()}
    nobody = np.zeros(len(inside), dtype=bool)
    apart = np.stack([tiny.get(one, nobody) | tiny.get(other, nobody) for one, other in design.pairs], axis=1)
    member = ~apart & (inside | scored.resolvable)
    size = member.sum(axis=1)
    steps = np.array([np.inf, *(quantile(1.0 - alpha / m) for m in range(1, len(design.pairs) + 1))])
    largest = np.where(member, scored.score, -np.inf).max(axis=1)
    return Outcome(passes=(member & inside).all(axis=1), fails=largest > steps[size])
