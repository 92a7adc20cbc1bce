"""The annotation report: who judged what, how far they agree, and whose judgments a majority would lose."""

from collections.abc import Iterator

import numpy as np

from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.long_tables import LongKind
from hcgov.core.sheet import Bars, Fact, Facts, Grid, Note, Part, Section, Tone, Unit, Value
from hcgov.core.slices import SliceChoice
from hcgov.core.text import Text, text
from hcgov.stages.judgments.agreeing import ALPHA, FLEISS, GWET, PERCENT, UNIFORM, coefficients
from hcgov.stages.judgments.annotating import AnnotationParams
from hcgov.stages.judgments.labels import Labels, labels_of, left_out, people_groups
from hcgov.stages.judgments.obstacles import obstacle
from hcgov.stages.judgments.sheets.annotation_groups import group_sections
from hcgov.stages.judgments.sheets.annotation_quality import quality_sections
from hcgov.stages.judgments.values import value_of
from hcgov.stats.agreement.icc import crossing, intraclass_correlation
from hcgov.stats.agreement.judged import Metric
from hcgov.stats.agreement.tables import table_of, two_raters
from hcgov.stats.annotators.concentration import covered
from hcgov.stats.annotators.soft_labels import soft_labels

COLUMNS = (
    "question",
    "consent",
    "seconds",
    "submitted_at",
    "session",
    "position",
    "is_gold",
    "gold_label",
    "words",
    "text",
    "pay",
)
"""What the report reads where it is there."""

MEANS = {
    ALPHA: text(
        "1 - observed over expected disagreement; missing judgments are allowed; 0.667 and 0.80 are customary"
    ),
    GWET: text(
        "as alpha, with a chance that stays low where one label is rare: beside a low alpha it tells rarity apart"
    ),
    FLEISS: text("agreement beyond what the labels' frequencies alone would give"),
    UNIFORM: text("agreement beyond labels drawn all alike"),
    PERCENT: text("share of pairs of judgments of an item that say the same; chance is not taken off"),
}
NAMES = {
    ALPHA: text("Krippendorff's alpha"),
    GWET: text("Gwet's AC1 or AC2"),
    FLEISS: text("Fleiss' kappa"),
    UNIFORM: text("Brennan and Prediger's coefficient"),
    PERCENT: text("percent agreement"),
}
ENOUGH = 11
"""People of a crossing of groups from which on it counts as covered."""


def annotation_request(table: str, *, question: str = "", slices: SliceChoice | None = None) -> LongOf:
    """Return the columns that the report reads."""
    return LongOf(
        table=table,
        kind=LongKind.ANNOTATIONS,
        needs=("item", "annotator", "label"),
        may=COLUMNS,
        slices=slices or SliceChoice(),
        question=question,
    )


def annotation_sections(long: Long, *, subjective: bool = False, drawn: bool = True) -> tuple[Section, ...]:
    """Return the sections of the annotation report.

    Parameters
    ----------
    long
        What :func:`annotation_request` asks for.
    subjective
        Whether labels are opinions: then agreement is no measure of quality, and gold answers are left out.
    drawn
        Whether the annotators are some of many who could have judged.
    """
    labels = labels_of(long)
    params = AnnotationParams(table=long.table)
    stopped = obstacle(long, labels, params, ALPHA)
    why = None if stopped is None else stopped.note
    return (
        who_judged(long, labels),
        agreement(labels, why, subjective=subjective, drawn=drawn),
        *group_sections(long, why),
        *quality_sections(long, subjective=subjective),
    )


def who_judged(long: Long, labels: Labels) -> Section:
    """Return how many people judged how many items, how often each, and of which groups they are."""
    return Section(
        id="who-judged",
        title=text("Who judged what"),
        about=text(
            "How many people judged, how many of them each item saw, and which groups they belong to."
        ),
        parts=tuple(_who(long, labels)),
    )


def _who(long: Long, labels: Labels) -> Iterator[Part]:
    judged = labels.judged
    yield Facts(
        facts=(
            Fact(name=text("judgments"), value=_count(judged.rows)),
            Fact(name=text("items"), value=_count(judged.n_items)),
            Fact(name=text("annotators"), value=_count(judged.n_people)),
            Fact(name=text("counted"), value=left_out(labels)),
        )
    )
    if not judged.rows:
        return
    ratings = np.bincount(judged.ratings())
    shown = [(n, int(ratings[n])) for n in np.flatnonzero(ratings).tolist() if n][:12]
    yield Grid(
        id="ratings-per-item",
        title=text("People per item"),
        head=(text("people"), text("items"), text("share of items")),
        rows=tuple((text("{n}", n=n), _count(items), _share(items / judged.n_items)) for n, items in shown),
        note=text("items with a single judgment take no part in agreement"),
    )
    for column in long.groups:
        yield _people_of(long, labels, column)
    if len(long.groups) > 1:
        yield Facts(facts=tuple(_coverage(long, labels)))


def _coverage(long: Long, labels: Labels) -> Iterator[Fact]:
    for one, other, share in _covered(long, labels):
        name = text(
            "people in crossings of {one} and {other} with {n} {n|person|people} or more",
            one=one,
            other=other,
            n=ENOUGH,
        )
        yield Fact(name=name, value=_share(share))


def _people_of(long: Long, labels: Labels, column: str) -> Grid:
    groups, names = people_groups(long, labels, column)
    people = np.bincount(groups + 1, minlength=len(names) + 1)
    rows = np.bincount(groups[labels.judged.people] + 1, minlength=len(names) + 1)
    told = [
        (names[g - 1] if g else "(not recorded)", int(people[g]), int(rows[g])) for g in range(people.size)
    ]
    return Grid(
        id=f"people-{column}",
        title=text("Annotators by {column}", column=column),
        head=(text("group"), text("annotators"), text("share of judgments")),
        rows=tuple(
            (
                text("{name}", name=name),
                Value(value=float(n), unit=Unit.COUNT, people=n),
                Value(value=judgments / labels.judged.rows, unit=Unit.SHARE, people=n),
            )
            for name, n, judgments in told
            if n
        ),
    )


def _covered(long: Long, labels: Labels) -> Iterator[tuple[str, str, float]]:
    columns = list(long.groups)
    for at, one in enumerate(columns):
        for other in columns[at + 1 :]:
            first, names = people_groups(long, labels, one)
            second, others = people_groups(long, labels, other)
            known = (first >= 0) & (second >= 0)
            cells, people = np.unique(np.stack([first[known], second[known]]), axis=1, return_counts=True)
            counts: dict[tuple[str, ...], int] = {
                (names[a], others[b]): int(n)
                for (a, b), n in zip(cells.T.tolist(), people.tolist(), strict=True)
            }
            yield one, other, covered({cell: float(n) for cell, n in counts.items()}, counts, least=ENOUGH)


def agreement(labels: Labels, why: Text | None, *, subjective: bool, drawn: bool) -> Section:
    """Return every coefficient of agreement side by side, and how contested items are; or why there is none."""
    about = text(
        "How far people who judge the same item agree. Coefficients correct for chance in different ways; read them "
        "together. Intervals are at 95 % and hold for other {who} of the same kind.",
        who="people and items" if drawn else "items, judged by the same people,",
    )
    parts = (
        (Note(text=why, tone=Tone.CANNOT_TELL),)
        if why is not None
        else tuple(_agreement(labels, drawn, subjective))
    )
    return Section(id="agreement", title=text("Agreement"), about=about, parts=parts)


def _agreement(labels: Labels, drawn: bool, subjective: bool) -> Iterator[Part]:
    if subjective:
        yield Note(text=text("Labels are opinions: low agreement is no fault of anybody, and is not judged."))
    found = coefficients(labels, drawn=drawn)
    unknown = text("no interval: nothing is left without some of the people or items")
    rows = [
        (
            NAMES[name],
            value_of(estimate, Unit.SHARE if name == PERCENT else Unit.PLAIN, why=unknown),
            MEANS[name],
        )
        for name, estimate in found.items()
    ]
    yield Grid(
        id="coefficients",
        title=text("Coefficients, for {scale} labels", scale=labels.metric.value),
        head=(text("coefficient"), text("value"), text("what it means")),
        rows=tuple(rows),
    )
    yield Bars(
        id="coefficients-bars",
        title=text("Agreement"),
        rows=tuple((name, value) for name, value, _ in rows),
        mark=0.667,
        mark_name=text("customary limit for tentative conclusions"),
    )
    yield Facts(facts=tuple(_further(labels)))


def _further(labels: Labels) -> Iterator[Fact]:
    judged = labels.judged
    if not judged.in_one_block:
        told = text(
            "there are {labels} different labels on {items} {items|item|items}",
            labels=judged.n_labels,
            items=judged.n_items,
        )
        yield Fact(
            name=text("contested items (labels spread nearly evenly)"), value=Value(value=None, why=told)
        )
        return
    soft = soft_labels(judged)
    several = soft.ratings >= 2.0
    yield Fact(
        name=text("contested items (labels spread nearly evenly)"),
        value=_share(float(soft.contested().sum()) / max(float(several.sum()), 1.0)),
    )
    yield Fact(
        name=text("items without a majority label"),
        value=_share(float((several & (soft.majority < 0)).sum()) / max(float(several.sum()), 1.0)),
    )
    table = table_of(judged)
    if table is not None:
        kappa = two_raters(table).cohen.value
        yield Fact(
            name=text("Cohen's kappa of the two annotators"),
            value=Value(
                value=kappa, why=None if kappa is not None else text("chance alone makes them agree")
            ),
        )
    scores = crossing(judged) if labels.metric is not Metric.NOMINAL else None
    found = None if scores is None else intraclass_correlation(scores)
    if found is not None:
        yield Fact(
            name=text("ICC(2,1), of one person's number"),
            value=Value(
                value=found.single, low=found.low, high=found.high, n=found.items, people=found.people
            ),
        )
        yield Fact(
            name=text("ICC(2,k), of the mean of all"), value=Value(value=found.mean, people=found.people)
        )
    elif labels.metric is not Metric.NOMINAL:
        yield Fact(
            name=text("intraclass correlation"),
            value=text("not identified: the same people would have to judge (nearly) all items"),
        )


def _count(n: int) -> Value:
    return Value(value=float(n), unit=Unit.COUNT)


def _share(share: float) -> Value:
    return Value(value=share, unit=Unit.SHARE)
