"""Slices that stand outside their family: which are too small for any verdict, and which may not be passed over."""

from collections.abc import Mapping, Sequence

from hcgov.core.estimate import Estimate, Method
from hcgov.core.limit import Limit, Side
from hcgov.core.measurement import Measurement
from hcgov.stats import many
from hcgov.stats.differences import widest_half_width
from hcgov.stats.hypothetical import best_case
from hcgov.stats.many import Steps, Subject, subject
from hcgov.stats.multiplicity import holm_reject


def passing_bounds(subjects: Sequence[Subject], limit: Limit, level: float) -> Steps[list[float]]:
    """Return the bounds that decide PASS, of one one-sided confidence level."""
    bounds = many.uppers if limit.side is Side.AT_MOST else many.lowers
    return bounds(subjects, [level] * len(subjects))


def resolvable(estimates: Mapping[int, Estimate], limit: Limit) -> Steps[dict[int, bool]]:
    """Return whether the most favourable data of the same size could pass at all."""
    level, widest = float(limit.confidence), float(limit.value)
    gaps, scored = limit.side is Side.AT_MOST, Method.MIETTINEN_NURMINEN
    told: dict[int, bool] = {}
    unsure: dict[int, Subject] = {}
    for key, estimate in estimates.items():
        # Large groups need no search for the bound: equal rates, whatever they are, lie at most this far apart.
        if gaps and estimate.method is scored and widest_half_width(estimate, level) <= widest:
            told[key] = True
        else:
            unsure[key] = subject(best_case(estimate, limit.side))
    bounds = yield from passing_bounds(list(unsure.values()), limit, level)
    return told | dict(zip(unsure, limit.hold(bounds), strict=True))


def beyond(
    tiny: Sequence[Measurement],
    few: Sequence[Measurement],
    judged: Sequence[Subject],
    limit: Limit,
    *,
    sharing: int,
) -> Steps[tuple[list[bool], list[bool]]]:
    """Return which of the comparisons set aside break the limit for more than chance.

    Parameters
    ----------
    tiny
        Comparisons of which even the most favourable data could not pass.
    few
        Comparisons of slices of too few people.
    judged
        What is left in the family.
    sharing
        Families that share the error, one a metric.

    Returns
    -------
    tuple of list of bool
        Of ``tiny`` and of ``few``.

    Notes
    -----
    All of them are held against the limit together (Bonferroni). A slice of too few people is besides held against
    it as if its people were just enough: by Holm's step-down over the family with it and with those of no fewer
    people. Who asks for more people takes slices out of judgement, and may not take harm out of sight by that.
    """
    alpha = (1.0 - float(limit.confidence)) / sharing
    subjects = [subject(m.estimate) for m in (*tiny, *few) if m.estimate is not None]
    found = yield from many.p_values(subjects, float(limit.value), limit.side)
    together_beyond = [p <= alpha / len(found) for p in found]
    own, near = found[len(tiny) :], together_beyond[len(tiny) :]
    if any(p < alpha and not told for p, told in zip(own, near, strict=True)):
        could = yield from resolvable(dict(enumerate(m.estimate for m in few if m.estimate)), limit)
        beside = yield from many.p_values(judged, float(limit.value), limit.side)
        people = [m.groups[0].people or 0 for m in few]
        for place, p in enumerate(own):
            if near[place] or p >= alpha or not could[place]:
                continue
            larger = [q for i, q in enumerate(own) if i != place and could[i] and people[i] >= people[place]]
            near[place] = holm_reject([p, *larger, *beside], alpha)[0]
    return together_beyond[: len(tiny)], near
