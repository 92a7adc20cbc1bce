"""What a measurement would be at the extremes of what is not recorded: groups of people, outcomes of rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from operator import itemgetter
from typing import TypeAlias

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.counts import SliceSums
from hcgov.core.frozen import frozen
from hcgov.core.measurement import Extreme, GroupCount
from hcgov.core.slices import NOT_RECORDED, Slice
from hcgov.core.status import Reason
from hcgov.stats.proportions import rate as rate_estimate
from hcgov.stats.worst_case import Unknown, corners, corners_of_rate

Counted: TypeAlias = tuple[SliceSums, GroupCount]
"""A slice's sums, and the independent observations they are worth."""

Compare: TypeAlias = Callable[[GroupCount, GroupCount], Estimate]


@frozen
class Unrecorded:
    """Rows that may belong to a slice, because a group of theirs is not recorded.

    Parameters
    ----------
    positives, negatives, missing
        Rows with the outcome, without it, and without a record of it; where rows have weights, their weights.
    design
        The largest design effect among them, at least 1.
    """

    positives: float = 0.0
    negatives: float = 0.0
    missing: float = 0.0
    design: float = 1.0

    @property
    def rows(self) -> float:
        """All of them."""
        return self.positives + self.negatives + self.missing


NOBODY = Unrecorded()


class PartlyRecorded:
    """The people of one slicing of whom some group is not recorded, by what is recorded of them.

    Parameters
    ----------
    everyone
        Every slice of the slicing.
    """

    def __init__(self, everyone: Sequence[Counted]) -> None:
        self._by_values = {
            values: (place, one)
            for place, one in enumerate(everyone)
            if NOT_RECORDED in (values := tuple([value for _, value in one[0].slice.values]))
        }

    def may_belong(self, slice_: Slice) -> Unrecorded:
        """Return who may belong to a slice but is not recorded: every recorded value agrees, and some is missing.

        People whose group is not recorded are a group of their own as well; to that group nobody may belong who is
        not in it.
        """
        if not self._by_values or any(value == NOT_RECORDED for _, value in slice_.values):
            return NOBODY
        agreeing = product(*((value, NOT_RECORDED) for _, value in slice_.values))
        # In the order of the slicing: sums of weights depend on it in their last digits.
        ordered = sorted(
            (found for values in agreeing if (found := self._by_values.get(values))), key=itemgetter(0)
        )
        return _unrecorded([one for _, one in ordered])


def _unrecorded(found: Sequence[Counted]) -> Unrecorded:
    weighed = [(_weight(sums), sums, group) for sums, group in found]
    return Unrecorded(
        positives=sum(weight * group.positives for weight, _, group in weighed),
        negatives=sum(weight * (group.n - group.positives) for weight, _, group in weighed),
        missing=sum(weight * sums.missing for weight, sums, _ in weighed),
        design=max((_design(group) for _, _, group in weighed), default=1.0),
    )


def of_pair(
    one: Counted, other: Counted, unrecorded: Unrecorded, compare: Compare, *, elsewhere: bool
) -> tuple[Extreme, ...]:
    """Return a comparison at the extremes of what is not recorded; empty where everything is.

    Parameters
    ----------
    one, other
        Both sides.
    unrecorded
        Who may belong to the first side.
    elsewhere
        True where they may belong to neither side, and False where the other side is everyone else: there they
        are counted in it so far.
    """
    missing = one[0].missing + other[0].missing
    if unrecorded is NOBODY and not missing:
        return ()
    return tuple(
        Extreme(estimate=compare(*sides), reason=reason)
        for reason, groups, outcomes in _kinds(unrecorded, missing)
        for sides in _sides(one, other, unrecorded, groups=groups, outcomes=outcomes, elsewhere=elsewhere)
    )


def of_rate(one: Counted, unrecorded: Unrecorded) -> tuple[Extreme, ...]:
    """Return a slice's own rate at the extremes of what is not recorded; empty where everything is."""
    sums, group = one
    weight, design = _weight(sums), max(_design(group), unrecorded.design)
    found = []
    for reason, groups, outcomes in _kinds(unrecorded, sums.missing):
        for x, n in corners_of_rate(
            weight * group.positives,
            weight * group.n,
            positives=groups * unrecorded.positives,
            negatives=groups * unrecorded.negatives,
            outcomes=outcomes * (weight * sums.missing + groups * unrecorded.missing),
        ):
            side = _side(group, x, n, weight, design)
            estimate = rate_estimate(side.positives, side.n, n_eff=side.n_eff, people=side.people)
            found.append(Extreme(estimate=estimate, reason=reason))
    return tuple(found)


def _kinds(unrecorded: Unrecorded, outcomes: int) -> Iterator[tuple[Reason, bool, bool]]:
    """Yield what may be missing: groups, outcomes, and both, which only what is missing on both sides needs."""
    groups = unrecorded.rows > 0
    missing = outcomes + unrecorded.missing > 0
    if groups:
        yield Reason.MISSING_DEMOGRAPHICS, True, False
    if outcomes:
        yield Reason.MISSING_OUTCOMES, False, True
    if groups and missing:
        yield Reason.MISSING_OUTCOMES, True, True


def _sides(
    one: Counted, other: Counted, unrecorded: Unrecorded, *, groups: bool, outcomes: bool, elsewhere: bool
) -> Iterator[tuple[GroupCount, GroupCount]]:
    (first, group1), (second, group2) = one, other
    weight1, weight2 = _weight(first), _weight(second)
    x2, y2 = weight2 * group2.positives, weight2 * (group2.n - group2.positives)
    missing2 = weight2 * second.missing
    if groups and not elsewhere:
        x2, y2 = max(0.0, x2 - unrecorded.positives), max(0.0, y2 - unrecorded.negatives)
        missing2 = max(0.0, missing2 - unrecorded.missing)
    unknown = Unknown(
        positives=groups * unrecorded.positives,
        negatives=groups * unrecorded.negatives,
        first=outcomes * weight1 * first.missing,
        second=outcomes * missing2,
        both=groups * outcomes * unrecorded.missing,
        elsewhere=elsewhere,
    )
    # Who joins a side may repeat more often than who is in it; the larger design effect errs to the wide side.
    design1 = max(_design(group1), unrecorded.design) if groups else _design(group1)
    design2 = max(_design(group2), unrecorded.design) if groups else _design(group2)
    for a, b, c, d in corners(weight1 * group1.positives, weight1 * group1.n, x2, x2 + y2, unknown):
        yield _side(group1, a, b, weight1, design1), _side(group2, c, d, weight2, design2)


def _side(group: GroupCount, positives: float, n: float, weight: float, design: float) -> GroupCount:
    """Return a side with other sums of weights, in rows of the weight that its own rows have on average."""
    rows = round(n / weight)
    share = min(positives / n, 1.0) if n > 0 else 0.0
    return replace(group, positives=share * rows, n=rows, n_eff=rows / design)


def _weight(sums: SliceSums) -> float:
    """Return what a row of a slice weighs on average; 1 where rows have no weights and no cap."""
    crowd = sums.crowd
    side = None if crowd is None else crowd.by_person or crowd.by_item
    return side.n / sums.n if side is not None and sums.n and side.n > 0 else 1.0


def _design(group: GroupCount) -> float:
    """Return the design effect of a slice, at least 1."""
    return max(1.0, group.n / group.n_eff) if group.n_eff > 0 else 1.0
