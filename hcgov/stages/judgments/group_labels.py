"""How groups of people judge: with the majority or not, among themselves and with others, more or less severely.

On numpy; only checks and sheets import it, when they read rows.
"""

from dataclasses import dataclass, replace

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.slices import Slice
from hcgov.stages.judgments.annotating import AnnotationParams
from hcgov.stages.judgments.label_slices import LabelSlices
from hcgov.stages.judgments.labels import Labels, numeric_values
from hcgov.stages.measuring import Valued
from hcgov.stages.rates import REST
from hcgov.stats.agreement.distances import squared_distances
from hcgov.stats.agreement.groups import (
    Association,
    Meetings,
    association,
    association_spread,
    permuted_p_values,
)
from hcgov.stats.agreement.intervals import binned
from hcgov.stats.agreement.judged import Bools, Floats, Judged
from hcgov.stats.agreement.majority import WithTheMajority, with_the_majority
from hcgov.stats.annotators.severity import offset
from hcgov.stats.annotators.shared_gaps import shared_gap
from hcgov.stats.crossed import Rows, crossed_mean, crossed_share
from hcgov.stats.means import student

PERMUTED = 50_000
"""Of more judgments than this, items are drawn until there are about so many, and groups permuted for those only."""
FEWER = 199
"""Permutations at most, then."""


@dataclass(frozen=True, kw_only=True)
class MajorityShares:
    """Shares of judgments that are those of the majority of the others.

    Parameters
    ----------
    found
        What was compared; ``y`` and ``rows`` are of the judgments that could be.
    slices
        The shares of everyone and of every slice.
    """

    found: WithTheMajority
    y: Floats
    rows: Rows
    slices: LabelSlices

    def gap(self, one: Valued, other: Valued) -> Estimate:
        """Return how much less often ``one`` is with the majority than ``other``.

        Raises
        ------
        ValueError
            A side has no judgments.
        """
        first = self.slices.masks[one.group.slice]
        second = ~first if other.group.slice == REST else self.slices.masks[other.group.slice]
        told = shared_gap(self.y, self.rows, second, first)
        if told is None:
            raise ValueError("only slices with judgments are compared")
        return told


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


@dataclass(frozen=True, kw_only=True)
class Cohesion:
    """Association of groups with how people judge.

    Parameters
    ----------
    slices
        The association index of every slice, as its value.
    told
        Cohesion and cross-group agreement of the slices that were asked for.
    """

    slices: LabelSlices
    judged: Judged
    apart: Floats
    told: dict[Slice, Association]

    def of(self, member: Bools) -> Association:
        """Return cohesion, cross-group agreement and index of some of the people, shape (n_people,)."""
        return association(self.judged, member, self.apart)


def cohesion(long: Long, labels: Labels, params: AnnotationParams, metric: str) -> Cohesion:
    """Return the association index of every slice, with a jackknife over people and items."""
    judged = binned(labels.judged)
    used = np.bincount(judged.labels, minlength=judged.n_labels).astype(np.float64)
    apart = squared_distances(labels.metric, judged.values, used)
    meetings: list[Meetings] = []  # made when the first group needs it

    def value(mask: Bools) -> Estimate | None:
        member = np.zeros(judged.n_people, dtype=np.bool_)
        member[judged.people[mask]] = True
        n, people = int(mask.sum()), int(member.sum())
        if people == judged.n_people:
            return None
        index = association(judged, member, apart).index
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
    return Cohesion(slices=slices, judged=judged, apart=apart, told={})


@dataclass(frozen=True, kw_only=True)
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


@dataclass(frozen=True, kw_only=True)
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
