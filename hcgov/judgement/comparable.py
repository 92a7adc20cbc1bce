"""Which comparison says most about a slice: where even that is too small, nothing can be said of the slice."""

from collections.abc import Container, Iterable, Sequence
from itertools import permutations

from hcgov.core.estimate import Method
from hcgov.core.measurement import GroupCount, Measurement

Who = tuple[tuple[str, str], ...]
"""A slice by the values that its people share; everyone else has none."""


def first_in(slices: Container[Who], groups: Sequence[GroupCount]) -> GroupCount | None:
    """Return the first group of a comparison that is one of some slices."""
    return next((g for g in groups if not g.slice.rest_of and g.slice.values in slices), None)


def best_comparisons(measurements: Sequence[Measurement]) -> dict[Who, Measurement]:
    """Return each slice's most favourable comparison: the one with the largest other side.

    Where even that cannot be resolved, the slice stands outside the family and enters no pair.
    """
    best: dict[Who, tuple[float, Measurement]] = {}
    point_only = Method.POINT
    for measurement in measurements:
        estimate, groups = measurement.estimate, measurement.groups
        if measurement.reason is not None or estimate is None or estimate.method is point_only:
            continue
        if len(groups) == 2 and groups[1].slice.rest_of:  # as nearly always: everyone else has no comparison
            pairs: Iterable[tuple[GroupCount, ...]] = (groups,)
        else:
            pairs = permutations(groups, 2)
        for group, other in pairs:
            slice_ = group.slice
            if slice_.rest_of:
                continue
            who, size = slice_.values, other.n_eff
            known = best.get(who)
            if known is None or size >= known[0]:
                best[who] = (size, measurement)
    return {group: measurement for group, (_, measurement) in best.items()}
