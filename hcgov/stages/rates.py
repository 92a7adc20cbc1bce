"""Rates of slices: what they are worth where people repeat, and why some cannot be judged."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Params
from hcgov.core.direction import Neither, Stricter
from hcgov.core.evidence.counts import Counts, Rate, SliceSums
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import NOT_RECORDED, Slice, SliceChoice
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.accounting import reported, slicings
from hcgov.stages.lacking import IN_A_SLICE, Gaps, lack
from hcgov.stages.missing import Counted
from hcgov.stats.clusters import FEWEST, design_effect, fewest
from hcgov.stats.proportions import rate as rate_estimate

REST = Slice(rest_of=True)


class RateParams(Params):
    """What every check on rates by slice takes."""

    table: str = Field(description="Table artifact with one row per decision, or aggregated counts.")
    slices: SliceChoice = Field(
        default=SliceChoice(), description="Tightens the project's slices for this control."
    )
    max_missing: Annotated[float, Stricter.LOWER] = Field(
        default=0.05,
        ge=0,
        le=1,
        description="Largest share of rows without a recorded outcome; four times as much in a single slice.",
    )
    max_unrecorded: Annotated[float, Stricter.LOWER] = Field(
        default=0.20,
        ge=0,
        le=1,
        description="Largest share of rows whose group in a slice column is not recorded.",
    )

    @property
    def gaps(self) -> "Gaps":
        """How much may be missing."""
        return Gaps(outcomes=self.max_missing, groups=self.max_unrecorded)


class CountedRateParams(RateParams):
    """What checks take whose rates are counted, person by person."""

    max_rows_per_person: Annotated[
        int | None, Neither("it changes how much each person weighs in a rate, for better or worse")
    ] = Field(
        default=None,
        ge=1,
        le=1_000_000_000,
        description="Most rows of one person that count in a slice: those of a person with more weigh as that many.",
    )


def count(sums: SliceSums, overall: SliceSums) -> GroupCount:
    """Return the counts of a slice with the independent observations they are worth.

    Where people repeat, or rows belong to items or have weights, rows are deflated by their design effect; where
    every row of the slice has the same outcome its own variance says nothing, and the design effect of everyone
    is taken. Where rows weigh differently, ``positives`` are the weighted share of the rows.
    """
    crowd, positives, n = sums.crowd, float(sums.positives), sums.n
    if crowd is None or not n:
        return GroupCount.of(sums.slice, positives, n, float(n), sums.people)
    parent = None if overall.crowd is None else design_effect(overall.crowd).deff
    found = design_effect(crowd, parent=parent, constant=sums.positives in (0, sums.n))
    side = crowd.by_person or crowd.by_item
    if side is not None and (side.n, side.y) != (n, sums.positives) and found.mean is not None:
        positives = n * found.mean
    return GroupCount.of(sums.slice, positives, n, found.n_eff, sums.people)


def counted(counts: Counts, rate: Rate, columns: tuple[str, ...]) -> tuple[Counted, ...]:
    """Return every slice of a slicing, its sums and its counts; controls that read the same counts share them."""

    def counting() -> tuple[Counted, ...]:
        overall = counts.overall(rate)
        return tuple([(sums, count(sums, overall)) for sums in counts.by(rate, columns)])

    return counts.once(("counted", rate, columns), counting)


def complement(sums: SliceSums, overall: SliceSums) -> SliceSums:
    """Return everyone but a slice: their rows, and the people who have any of them."""
    crowd = None
    if sums.crowd is not None and overall.crowd is not None:
        crowd = overall.crowd.without(sums.crowd)
    if sums.people is None or overall.people is None:
        people = None
    else:
        people = overall.people - sums.people if crowd is None else crowd.people
    return SliceSums(
        slice=REST,
        n=overall.n - sums.n,
        positives=overall.positives - sums.positives,
        missing=overall.missing - sums.missing,
        people=people,
        crowd=crowd,
    )


def count_rest(sums: SliceSums, overall: SliceSums) -> GroupCount:
    """Return the counts of everyone but a slice; where each row is a different person, without their sums."""
    if sums.crowd is not None and overall.crowd is not None:
        return count(complement(sums, overall), overall)
    n, people = overall.n - sums.n, overall.people
    others = None if people is None or sums.people is None else people - sums.people
    return GroupCount.of(REST, float(overall.positives - sums.positives), n, float(n), others)


def shown(counts: Counts, rate: Rate, metric: str) -> tuple[Measurement, ...]:
    """Return the rate of everyone and of every slice, to be shown and not judged."""
    return counts.once(("shown", rate, metric), lambda: tuple(_shown(counts, rate, metric)))


def _shown(counts: Counts, rate: Rate, metric: str) -> Iterator[Measurement]:
    overall = counts.overall(rate)
    yield show(count(overall, overall), metric)
    for columns in slicings(counts, rate):
        for _, group in counted(counts, rate, columns):
            yield show(group, metric)
    for column in reported(counts, rate):
        for _, group in counted(counts, rate, (column,)):
            yield replace(show(group, metric), reason=Reason.REPORTED)


def show(group: GroupCount, metric: str) -> Measurement:
    """Return the rate of one slice, to be shown and not judged."""
    n, scope = group.n, group.slice
    estimate = rate_estimate(group.positives, n, n_eff=group.n_eff, people=group.people) if n else None
    return Measurement.of(
        metric, scope, None, estimate, (group,), len(scope.values), None, None, None, True, ()
    )


def obstacle(counts: Counts, rate: Rate, metric: str, gaps: Gaps) -> Measurement | None:
    """Return why nothing about a rate can be judged, or ``None``: unknown people, no outcome, one outcome only."""
    overall = counts.overall(rate)
    told = lack(
        table=counts.table,
        outcome=name(rate),
        n=overall.n,
        missing=overall.missing,
        people_known=counts.people_known,
        nobody=0 if overall.crowd is None else overall.crowd.nobody,
        gaps=gaps,
    )
    if told is None and overall.positives in (0, overall.n):
        told = Reason.CONSTANT_OUTCOME, _constant(overall, rate)
    if told is None:
        return None
    return Measurement(metric=metric, reason=told[0], note=told[1], groups=(count(overall, overall),))


def _constant(overall: SliceSums, rate: Rate) -> Text:
    if overall.positives:
        return text(
            "{n|the|all} {n} recorded {n|value|values} of {outcome} {n|has none to differ from|are the same}; that "
            "says nothing about people",
            n=overall.n,
            outcome=name(rate),
        )
    return text(
        "none of the {n} recorded {n|value|values} of {outcome} is positive, all are the same; that says nothing about "
        "people (are the right values named?)",
        n=overall.n,
        outcome=name(rate),
    )


def unrecorded(
    slices: tuple[SliceSums, ...], columns: tuple[str, ...], metric: str, gaps: Gaps
) -> Iterator[Measurement]:
    """Say that too many rows have no record of who they are about; those people may be in any group."""
    total = sum(sums.n for sums in slices)
    for sums in slices:
        if sums.slice.values == ((columns[0], NOT_RECORDED),) and sums.n > gaps.groups * total:
            note = text(
                "{n} of {total} {total|row|rows} {n|does|do} not record {column}; at most {share} may not",
                n=sums.n,
                total=total,
                column=columns[0],
                share=f"{gaps.groups:.0%}",
            )
            yield Measurement(
                metric=metric,
                scope=sums.slice,
                depth=1,
                groups=(count(sums, sums),),
                reason=Reason.MISSING_DEMOGRAPHICS,
                note=note,
            )


def unresolved(
    sums: SliceSums, group: GroupCount, metric: str, counts: Counts, gaps: Gaps
) -> Measurement | None:
    """Return why a slice cannot be judged: too few people, or too few of its outcomes are recorded.

    Where people would be enough if all outcomes were recorded, it is not small but unknown.
    """
    large = enough(group, counts)
    if large and not sums.missing:
        return few_clusters(sums, group, metric)
    depth, least = sums.slice.depth, counts.rules.min_people
    lacking = not large or sums.missing > IN_A_SLICE * gaps.outcomes * (sums.n + sums.missing)
    if lacking and (group.people or 0) + sums.missing >= least:
        note = text(
            "{slice}: {missing} of {rows} {rows|row|rows} {missing|has|have} no recorded outcome",
            slice=sums.slice,
            missing=sums.missing,
            rows=sums.n + sums.missing,
        )
        return Measurement(
            metric=metric,
            scope=sums.slice,
            depth=depth,
            groups=(group,),
            reason=Reason.MISSING_OUTCOMES,
            note=note,
        )
    return few_clusters(sums, group, metric) if large else too_few(group, metric, depth, least)


def enough(group: GroupCount, counts: Counts) -> bool:
    """Whether a slice's denominator holds as many people as the project asks for."""
    return group.people is not None and group.people >= counts.rules.min_people


def too_few(group: GroupCount, metric: str, depth: int, min_people: int) -> Measurement:
    """Name a slice with too few people: its counts, and what it would need."""
    people = group.people or 0
    per_person = group.n / people if people else 1.0
    note = text(
        "{slice}: {people} {people|person|people} in the denominator ({positives} of {n} with the outcome, "
        "{negatives} without); "
        "{min_people} {min_people|is|are} needed",
        slice=group.slice,
        people=people,
        positives=round(group.positives),
        n=group.n,
        negatives=group.n - round(group.positives),
        min_people=min_people,
    )
    return Measurement(
        metric=metric,
        scope=group.slice,
        depth=depth,
        groups=(group,),
        reason=Reason.SMALL_N if group.n < min_people else Reason.FEW_PEOPLE,
        note=note,
        labels_needed=max(1, math.ceil((min_people - people) * per_person)),
    )


def few_clusters(sums: SliceSums, group: GroupCount, metric: str) -> Measurement | None:
    """Return why nothing is known of how rows vary: they belong to a handful of people, or of items."""
    if sums.crowd is None:
        return None
    found = fewest(sums.crowd)
    if found is None or found[1] >= FEWEST:
        return None
    whose, clusters = found
    counted = {"slice": sums.slice, "n": sums.n, "clusters": clusters, "fewest": FEWEST}
    note = (
        text(
            "{slice}: {n} {n|row belongs|rows belong} to {clusters} {clusters|person|people}; how people vary takes "
            "{fewest} of them",
            **counted,
        )
        if whose == "people"
        else text(
            "{slice}: {n} {n|row belongs|rows belong} to {clusters} {clusters|item|items}; how items vary takes "
            "{fewest} of them",
            **counted,
        )
    )
    return Measurement(
        metric=metric,
        scope=sums.slice,
        depth=sums.slice.depth,
        groups=(group,),
        reason=Reason.FEW_CLUSTERS,
        note=note,
        labels_needed=max(1, math.ceil((FEWEST - clusters) * sums.n / max(clusters, 1))),
    )


def name(rate: Rate) -> str:
    """Return a rate's name for people, for example ``prediction where label = 0``."""
    given = " and ".join(f"{outcome} = {value}" for outcome, value in rate.given)
    return f"`{rate.outcome}` where {given}" if given else f"`{rate.outcome}`"
