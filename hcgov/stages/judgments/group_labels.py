"""How groups of people judge: with the majority or not, among themselves and with others, more or less severely.

On numpy; only checks and sheets import it, when they read rows.
"""

from collections.abc import Callable
from dataclasses import field, replace

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.slices import Slice
from hcgov.stages.judgments.annotating import AnnotationParams
from hcgov.stages.judgments.label_slices import LabelSlices
from hcgov.stages.judgments.labels import Labels, numeric_values
from hcgov.stages.measuring import Valued
from hcgov.stages.rates import REST
from hcgov.stats.agreement.distances import squared_distances
from hcgov.stats.agreement.groups import Association, association, association_spread, permuted_p_values
from hcgov.stats.agreement.intervals import binned
from hcgov.stats.agreement.judged import Bools, Floats, Judged
from hcgov.stats.agreement.majority import WithTheMajority, with_the_majority
from hcgov.stats.agreement.meetings import Meetings
from hcgov.stats.annotators.severity import offset
from hcgov.stats.annotators.shared_gaps import GapSpread, Side, gap_of, side_of, spread_of_gap
from hcgov.stats.crossed import Rows, crossed_mean, crossed_share
from hcgov.stats.means import student

PERMUTED = 50_000
"""Of more judgments than this, items are drawn until there are about so many, and groups permuted for those only."""
FEWER = 199
"""Permutations at most, then."""


@frozen
class MajorityShares:
    """Shares of judgments that are those of the majority of the others.

    Parameters
    ----------
    found
        What was compared; ``y`` and ``rows`` are of the judgments that could be.
    slices
        The shares of everyone and of every slice.
    sides, spreads
        What was computed of slices and of pairs of them, each once.
    """

    found: WithTheMajority
    y: Floats
    rows: Rows
    slices: LabelSlices
    sides: dict[tuple[Slice, Slice | None], Side | None] = field(default_factory=dict)
    spreads: dict[frozenset[Slice], GapSpread] = field(default_factory=dict)

    def gap(self, one: Valued, other: Valued) -> Estimate:
        """Return how much less often ``one`` is with the majority than ``other``.

        Raises
        ------
        ValueError
            A side has no judgments.
        """
        first, second = self._side(other, one), self._side(one, other)
        if first is None or second is None:
            raise ValueError("only slices with judgments are compared")
        masks = self._mask(one, other), self._mask(other, one)
        pair = frozenset((one.group.slice, other.group.slice))
        if pair not in self.spreads:
            self.spreads[pair] = spread_of_gap(self.y, self.rows, *masks)
        return gap_of(first, second, self.spreads[pair])

    def _mask(self, one: Valued, beside: Valued) -> Bools:
        masks = self.slices.masks
        return ~masks[beside.group.slice] if one.group.slice == REST else masks[one.group.slice]

    def _side(self, one: Valued, beside: Valued) -> Side | None:
        # The rest is another one beside every slice.
        name = one.group.slice, beside.group.slice if one.group.slice == REST else None
        if name not in self.sides:
            self.sides[name] = side_of(self.y, self.rows, self._mask(one, beside))
        return self.sides[name]


def majority_shares(long: Long, labels: Labels, params: AnnotationParams, metric: str) -> MajorityShares:
    """Compare each judgment with the majority of the others and slice the shares by group."""
    found = with_the_majority(labels.judged)
    at = found.counted
    y = found.agrees[at].astype(np.float64)
    rows = Rows(people=labels.judged.people[at], items=labels.judged.items[at])
    slices = LabelSlices(
        long=long,
        params=params,
        rows=labels.rows[at],
        people=labels.judged.people[at],
        positives=found.agrees[at],
        value=lambda mask: crossed_share(y[mask], rows.where(mask)),
        metric=metric,
        of="label",
        missing=labels.unlabelled,
    )
    return MajorityShares(found=found, y=y, rows=rows, slices=slices)


@frozen
class Cohesion:
    """Association of groups with how people judge.

    Parameters
    ----------
    slices
        The association index of every slice, as its value.
    of
        From some of the people, shape (n_people,), to their cohesion, cross-group agreement and index.
    """

    slices: LabelSlices
    judged: Judged
    apart: Floats
    of: Callable[[Bools], Association]


def cohesion(long: Long, labels: Labels, params: AnnotationParams, metric: str) -> Cohesion:
    """Return the association index of every slice, with a jackknife over people and items."""
    judged = binned(labels.judged, labels.metric)
    used = np.bincount(judged.labels, minlength=judged.n_labels).astype(np.float64)
    apart = squared_distances(labels.metric, judged.values, used)
    meetings: list[Meetings] = []  # made when the first group needs it
    known: dict[bytes, Association] = {}

    def of(member: Bools) -> Association:
        name = member.tobytes()
        if name not in known:
            known[name] = association(judged, member, apart)
        return known[name]

    def value(mask: Bools) -> Estimate | None:
        member = np.zeros(judged.n_people, dtype=np.bool_)
        member[judged.people[mask]] = True
        n, people = int(mask.sum()), int(member.sum())
        if people == judged.n_people:
            return None
        index = of(member).index
        if index is None:
            return None
        if not meetings:
            meetings.append(Meetings.of(judged))
        spread = association_spread(judged, member, apart, meetings=meetings[0])
        if spread is None:
            return None
        return student(index, float(np.sqrt(spread[0])), spread[1], n=n, people=people, aim=0.0)

    slices = LabelSlices(
        long=long,
        params=params,
        rows=labels.rows,
        people=judged.people,
        positives=np.ones(judged.rows, dtype=np.bool_),
        value=value,
        metric=metric,
        of="label",
        missing=labels.unlabelled,
    )
    return Cohesion(slices=slices, judged=judged, apart=apart, of=of)


@frozen
class Permuted:
    """P-values of the association index of each group, the permutations and the judgments that they rest on.

    ``sampled`` is whether those are judgments of items drawn at random, because there are very many.
    """

    p_values: dict[int, float]
    draws: int
    judgments: int
    sampled: bool


def permutation_p_values(
    found: Cohesion, groups: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]", *, draws: int, seed: int
) -> Permuted:
    """Return p-values of the association index of each group, and what they rest on.

    People whose group is not recorded take no part, and groups of fewer people than a slice needs have no p-value. Of
    very many judgments, those of items drawn at random are used: the test stays right, and loses some power.
    """
    known = groups >= 0
    judged = found.judged.where(known[found.judged.people])
    sampled = judged.rows > PERMUTED
    if sampled:
        judged, draws = _sampled(judged, seed), min(draws, FEWER)
    place = np.cumsum(known) - 1
    people = replace(judged, people=place[judged.people], n_people=int(known.sum()))
    large = np.flatnonzero(np.bincount(groups[known]) >= found.slices.rules.min_people)
    p_values = permuted_p_values(
        people, groups[known], found.apart, of=large.tolist(), draws=draws, seed=seed
    )
    return Permuted(p_values=p_values, draws=draws, judgments=judged.rows, sampled=sampled)


def _sampled(judged: Judged, seed: int) -> Judged:
    """Return the judgments of items drawn at random, about :data:`PERMUTED` of them."""
    kept = np.random.default_rng(seed).random(judged.n_items) < PERMUTED / judged.rows
    place = np.cumsum(kept) - 1
    some = judged.where(kept[judged.items])
    return Judged(
        items=place[some.items],
        people=some.people,
        labels=some.labels,
        n_items=max(int(kept.sum()), 1),
        n_people=some.n_people,
        values=some.values,
    )


@frozen
class Offsets:
    """How severe groups are on the same items.

    Parameters
    ----------
    unit
        What an offset is divided by; ``None`` where the values do not vary.
    slices
        The mean value of everyone and of every slice.
    """

    values: Floats
    unit: float | None
    judged: Judged
    slices: LabelSlices

    def signed(self, member: Bools) -> Estimate:
        """Return how much higher some of the judgments are than the others, on the same items."""
        judged = self.judged
        return offset(self.values, judged.items, judged.people, member, unit=self.unit or 1.0)

    def size(self, one: Valued, other: Valued) -> Estimate:
        """Return how far a slice's judgments lie from the others', either way; ``other`` is everyone else."""
        found = self.signed(self.slices.masks[one.group.slice])
        told = dict(found.statistics)
        value = None if found.value is None else abs(found.value)
        return student(
            value, told.get("se"), told.get("df", 0.0), n=found.n, people=found.people, low=0.0, aim=0.0
        )


def offsets(
    long: Long, labels: Labels, params: AnnotationParams, metric: str, *, scaled: bool
) -> Offsets | None:
    """Return what the severity of groups is computed from; ``None`` where labels are no numbers.

    ``scaled`` divides by the standard deviation of all judgments, else offsets are points of the scale.
    """
    values = numeric_values(labels)
    if values is None:
        return None
    judged = labels.judged
    deviation = float(values.std())
    rows = Rows(people=judged.people, items=judged.items)
    slices = LabelSlices(
        long=long,
        params=params,
        rows=labels.rows,
        people=judged.people,
        positives=np.ones(judged.rows, dtype=np.bool_),
        value=lambda mask: crossed_mean(values[mask], rows.where(mask)),
        metric=metric,
        of="label",
        missing=labels.unlabelled,
    )
    unit = (deviation or None) if scaled else 1.0
    return Offsets(values=values, unit=unit, judged=judged, slices=slices)
