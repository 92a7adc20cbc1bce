"""Sections about who was asked: the plan, how far it is filled, the mix of people, and weights."""

from collections.abc import Iterator

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.sheet import Bars, Cell, Fact, Facts, Grid, Note, Part, Section, Tone, Unit, Value
from hcgov.core.text import text
from hcgov.stages.judgments.choices import NoChoices, Of, choices_of, told_by, used_rows
from hcgov.stages.judgments.plans import ReadPlan, people_by
from hcgov.stages.judgments.sheets.pooling import pooled_grids
from hcgov.stages.judgments.values import value_of
from hcgov.stages.judgments.weighting import Weighted, WrittenMargins, columns_of, refused, weighted
from hcgov.stats.crossed import Rows
from hcgov.stats.sampling.plan import Fill, shortfall
from hcgov.stats.sampling.raking import Refusal, within
from hcgov.stats.sampling.representation import mix_of
from hcgov.stats.sampling.weighted import Answers, beside

FEWEST_EFFECTIVE = 30
"""A group of fewer effective people is not told weighted."""

LEAST_FILL = 0.9
"""A stratum filled less is short."""


def plan_section(plan: ReadPlan, long: Long | None = None) -> Section:
    """Return the section about a sampling plan, and how far people fill it where there is a table."""
    return Section(
        id="sampling-plan",
        title=text("Who was to be asked"),
        about=text(
            "Strata of the population, their shares, and how many people of each are asked. A quota is a decision and "
            "has no sampling error; what it buys is the margin of error beside it."
        ),
        parts=tuple(_plan_parts(plan, long)),
    )


def _plan_parts(read: ReadPlan, long: Long | None) -> Iterator[Part]:
    plan = read.plan
    yield _plan_facts(read)
    missing = [column for column in plan.columns if long is not None and column not in long.groups]
    if missing:
        yield Note(
            text=text("the table has no column {columns}", columns=", ".join(missing)), tone=Tone.CANNOT_TELL
        )
        long = None
    people = {} if long is None else people_by(long, plan.columns).by_values
    fills = shortfall(plan, people)
    yield Grid(
        id="sampling-strata",
        title=text("Strata"),
        head=(
            text("stratum"),
            text("share of the population"),
            text("quota"),
            *(() if long is None else (text("people so far"), text("filled"), text("short"))),
        ),
        rows=tuple(_stratum(fill, counted=long is not None) for fill in fills),
    )
    short = [fill for fill in fills if fill.fill < LEAST_FILL]
    if long is not None and short:
        yield Note(
            text=text(
                "{n} {n|stratum is|strata are} under 90 % of the quota: the sample may not be called diverse by "
                "{columns}",
                n=len(short),
                columns=" and ".join(plan.columns),
            ),
            tone=Tone.WARNING,
        )


def _plan_facts(read: ReadPlan) -> Facts:
    plan = read.plan
    deff = Value(value=None, why=text("a stratum has no quota"))
    if np.isfinite(plan.deff):
        deff = Value(value=plan.deff)
    return Facts(
        facts=(
            Fact(name=text("people to ask"), value=_count(plan.total)),
            Fact(name=text("allocation"), value=text("{method}", method=plan.method)),
            Fact(
                name=text("margin of error, all people"),
                value=Value(value=plan.planned_margin, unit=Unit.SHARE),
            ),
            Fact(name=text("design effect of the quotas"), value=deff),
            Fact(name=text("shares of the population from"), value=text("{source}", source=read.source)),
        )
    )


def _stratum(fill: Fill, *, counted: bool) -> tuple[Cell, ...]:
    told: tuple[Cell, ...] = (
        text("{stratum}", stratum=" × ".join(fill.stratum.values)),
        Value(value=fill.stratum.share, unit=Unit.SHARE),
        _count(fill.stratum.quota),
    )
    if not counted:
        return told
    return (*told, _count(fill.people), Value(value=fill.fill, unit=Unit.SHARE), _count(fill.short))


def _count(n: int) -> Value:
    return Value(value=float(n), unit=Unit.COUNT)


def mix_section(long: Long, wanted: WrittenMargins) -> Section:
    """Return the section about the mix of people, held against the margins of a population."""
    return Section(
        id="sampling-mix",
        title=text("Who answered"),
        about=text(
            "Each group's share of the people over its share of the population: 1 is as many as there should be. The "
            "intervals hold for all groups of a column together, for people drawn by chance; quotas set by design have "
            "none."
        ),
        parts=tuple(part for column in wanted.margins for part in _mix(long, column, wanted.margins[column])),
    )


def _mix(long: Long, column: str, target: dict[str, float]) -> Iterator[Part]:
    if column not in long.groups:
        yield Note(text=text("the table has no column {column}", column=column), tone=Tone.CANNOT_TELL)
        return
    people = people_by(long, (column,))
    mix = mix_of({values[0]: n for values, n in people.by_values.items()}, target)
    if mix is None:
        yield Note(text=text("nobody's {column} is recorded", column=column), tone=Tone.CANNOT_TELL)
        return
    yield Bars(
        id=f"sampling-mix-{column}",
        title=text("Representation by {column}", column=column),
        rows=tuple(
            (
                text("{group}", group=one.group),
                Value(value=one.ratio, low=one.low, high=one.high, n=one.people, people=one.people),
            )
            for one in mix.groups
        ),
        mark=1.0,
        mark_name=text("as in the population"),
    )
    yield Facts(
        facts=(
            Fact(name=text("share of people to move"), value=Value(value=mix.distance, unit=Unit.SHARE)),
            Fact(name=text("effective number of groups"), value=Value(value=mix.effective_groups)),
            Fact(
                name=text("people whose {column} is not recorded", column=column),
                value=_count(people.unplaced),
            ),
        )
    )


def weights_section(long: Long, wanted: WrittenMargins, *, use_given: bool = False) -> Section:
    """Return the section about weights, and weighted results beside unweighted ones where models are compared."""
    return Section(
        id="sampling-weights",
        title=text("Weighted to the population"),
        about=text(
            "Weights make the people who answered stand for a population. They cost precision, and they never create "
            "people: where somebody is missing there is no weight. Both results are told, with what weighting changed."
        ),
        parts=tuple(_weights_parts(long, wanted, use_given)),
    )


def _weights_parts(long: Long, wanted: WrittenMargins, use_given: bool) -> Iterator[Part]:
    missing = [column for column in columns_of(wanted) if column not in long.groups]
    if missing:
        yield Note(
            text=text("the table has no column {columns}", columns=", ".join(missing)), tone=Tone.CANNOT_TELL
        )
        return
    found = weighted(long, wanted, use_given=use_given)
    if isinstance(found, Refusal):
        yield Note(text=refused(found)[1], tone=Tone.CANNOT_TELL)
        return
    positive = found.weights[found.weights > 0.0]
    effective = float(positive.sum() ** 2 / (positive @ positive))
    facts = [
        Fact(name=text("people with a weight"), value=_count(int(positive.size))),
        Fact(name=text("people they are worth"), value=Value(value=effective)),
        Fact(name=text("design effect"), value=Value(value=positive.size / effective)),
    ]
    if found.found is not None:
        facts += [
            Fact(name=text("weights cut"), value=_count(found.found.trimmed)),
            Fact(
                name=text("share of weight cut"),
                value=Value(value=found.found.trimmed_share, unit=Unit.SHARE),
            ),
            Fact(
                name=text("largest miss of a margin"), value=Value(value=found.found.error, unit=Unit.SHARE)
            ),
            Fact(name=text("people without a place in the margins"), value=_count(found.found.unplaced)),
        ]
    yield Facts(facts=tuple(facts))
    yield from _thin(found)
    if long.has("prompt_id", "choice") and told_by(long) is Of.MODELS:
        yield from _results(long, found)


def _thin(found: Weighted) -> Iterator[Note]:
    for margin in found.margins:
        for name, kish in zip(
            margin.levels, within(found.weights, margin.place, len(margin.levels)), strict=True
        ):
            if 0 < kish.n_eff < FEWEST_EFFECTIVE:
                yield Note(
                    text=text(
                        "{group}: {n} {n|person|people} are worth {effective}; no weighted result of the group is told",
                        group=name,
                        n=kish.n,
                        effective=f"{kish.n_eff:.1f}",
                    ),
                    tone=Tone.CANNOT_TELL,
                )


def _results(long: Long, found: Weighted) -> Iterator[Part]:
    """Yield each model's share of preference, unweighted and weighted."""
    choices = choices_of(long, of=Of.MODELS)
    if isinstance(choices, NoChoices):
        return
    ballots = choices.ballots
    person = found.person[used_rows(long, Of.MODELS)]
    told, rows = [], []
    for code, name in enumerate(choices.alternatives):
        mine = (ballots.a == code) | (ballots.b == code)
        if not mine.any():
            continue
        y = np.where(ballots.a == code, ballots.y, 1.0 - ballots.y)[mine]
        items = None if ballots.item is None else ballots.item[mine]
        answers = Answers(
            y=y,
            rows=Rows(people=person[mine], items=items),
            weights=found.weights,
            margins=found.margins if found.found is not None else (),
        )
        told.append((name, answers))
        both = beside(answers)
        rows.append(
            (
                text("{name}", name=name),
                value_of(both.unweighted, Unit.SHARE),
                value_of(both.weighted, Unit.SHARE),
                value_of(both.effect, Unit.POINTS),
            )
        )
    yield Grid(
        id="sampling-weighted-shares",
        title=text("Share of preference, unweighted and weighted"),
        head=(text("model"), text("unweighted"), text("weighted"), text("change")),
        rows=tuple(rows),
        note=text(
            "Every person counts once for each model, however many choices they made. Intervals at 95 %."
        ),
    )
    yield from pooled_grids(found.margins, told)
