"""All stages in a row: how much of what is learned about people helps in the end, and what holds it back."""

from collections.abc import Sequence

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.stats.crossed import buckets
from hcgov.stats.personal.leaving_out import Codes, Floats, Left


@frozen
class Stage:
    """One stage: for each of its rows whose it is, whether it counts, and whether it came out well.

    Parameters
    ----------
    name
        Such as ``extraction``.
    people
        Person of each row, in codes that all stages share.
    good, counts
        What each row adds to the numerator and the denominator of the stage's rate, given that the stages before it
        came out well.
    target
        The rate that the stage is meant to have, in (0, 1].
    """

    name: str
    people: Codes
    good: Floats
    counts: Floats
    target: float


@frozen
class Through:
    """The product of conditional rates.

    Parameters
    ----------
    rates
        Of each stage.
    product
        Their product.
    gains
        How much the product would rise were the stage at its target; 0 where it is already.
    binding
        Name of the stage with the largest gain; ``None`` where all are at their targets.
    """

    rates: tuple[tuple[str, Estimate | None], ...]
    product: Estimate | None
    gains: tuple[tuple[str, float], ...]
    binding: str | None


def through(stages: Sequence[Stage]) -> Through | None:
    """Return the product of the stages' rates with a jackknife over the people of all of them together.

    ``None`` where a stage has no row that counts.

    Notes
    -----
    P(extracted well) P(relevant | extracted well) P(helps | relevant); stages are judged on rows of their own, so the
    product holds where what is judged at a stage is what the stage before passes on. Leaving a person out leaves him
    out of every stage (Kott 2001, Journal of Official Statistics 17:521).
    """
    if not stages or any(stage.counts.sum() <= 0.0 for stage in stages):
        return None
    everyone = np.concatenate([stage.people for stage in stages])
    place = buckets(everyone)
    size = int(place.max()) + 1
    ends = np.cumsum([stage.people.size for stage in stages])
    whole, without = [], []
    for stage, part in zip(stages, np.split(place, ends[:-1]), strict=True):
        good = np.bincount(part, weights=stage.good, minlength=size)
        counts = np.bincount(part, weights=stage.counts, minlength=size)
        whole.append(good.sum() / counts.sum())
        with np.errstate(divide="ignore", invalid="ignore"):
            without.append((good.sum() - good) / (counts.sum() - counts))
    rates, replicates = np.array(whole), np.stack(without, axis=1)
    left = Left(
        whole=rates,
        without=replicates,
        n=int(everyone.size),
        people=int(np.unique(everyone[everyone >= 0]).size),
    )
    product = float(rates.prod())
    gains = tuple(
        (stage.name, product * max(stage.target / rate - 1.0, 0.0) if rate > 0.0 else 0.0)
        for stage, rate in zip(stages, rates, strict=True)
    )
    best = max(gains, key=lambda one: one[1])
    stuck = next((stage.name for stage, rate in zip(stages, rates, strict=True) if rate <= 0.0), None)
    return Through(
        rates=tuple((stage.name, left.estimate(i, low=0.0, high=1.0)) for i, stage in enumerate(stages)),
        product=left.of(product, replicates.prod(axis=1), low=0.0, high=1.0),
        gains=gains,
        binding=stuck or (best[0] if best[1] > 0.0 else None),
    )
