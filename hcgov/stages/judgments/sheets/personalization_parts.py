"""Parts that all stages of the personalization report share."""

from collections.abc import Iterator

from hcgov.core.estimate import Estimate
from hcgov.core.sheet import Cell, Grid, Note, Part, Section, Tone, Unit, Value
from hcgov.core.text import Text, text
from hcgov.stages.judgments.personal_beside import PEOPLE, Beside, beside, by_group
from hcgov.stages.judgments.personal_rows import Bools, StageRows, Why
from hcgov.stages.judgments.values import value_of

FEWEST = 11
"""Groups of fewer people are not shown: their members could be told."""


def count(number: float, people: int | None = None) -> Value:
    """Return a count."""
    return Value(value=float(number), unit=Unit.COUNT, people=people)


def plain(number: float | None, unit: Unit = Unit.PLAIN) -> Value:
    """Return a number without an interval."""
    return Value(value=number, unit=unit, why=None if number is not None else text("there is none"))


def shown(estimate: Estimate | None, unit: Unit = Unit.PLAIN) -> Value:
    """Return an estimate with its interval, or that there is none."""
    return value_of(estimate, unit, why=text("it is not defined") if estimate is None else None)


def cannot(id_: str, title: Text, about: Text, why: Why) -> Section:
    """Return a section of which nothing can be said, and why."""
    return Section(id=id_, title=title, about=about, parts=(Note(text=why[1], tone=Tone.CANNOT_TELL),))


def raters_grid(id_: str, title: Text, rows: StageRows, outcome: Bools) -> Grid:
    """Return one row for each source and rater: rate, difference to people, labels, users, design effect."""
    head = (
        text("source"),
        text("rater"),
        text("rate"),
        text("minus people, same items"),
        text("labels"),
        text("users"),
        text("design effect"),
        text("worth in independent labels"),
    )
    note = text(
        "Users are the clusters. A judge's row says what the judge says; only people's rows say how people are "
        "served. Where a judge also labelled items that people did not, a further row corrects its labels by people's "
        "(prediction-powered); that holds where people's items were drawn at random."
    )
    told = beside(rows, outcome)
    return Grid(id=id_, title=title, head=head, rows=tuple(_row(one) for one in told), note=note)


def _row(one: Beside) -> tuple[Cell, ...]:
    who = text("people") if one.rater == PEOPLE else text("{judge}", judge=one.rater)
    if one.corrected:
        who = text("people, with {judge} where people did not label", judge=one.rater)
    gap: Cell = text("–") if one.minus_people is None else shown(one.minus_people, Unit.POINTS)
    return (
        text("{source}", source=one.source),
        who,
        shown(one.rate, Unit.SHARE),
        gap,
        count(one.rate.n),
        count(one.rate.people or 0),
        plain(one.deff),
        count(round(one.rate.n_eff)),
    )


def groups(id_: str, title: Text, rows: StageRows, outcome: Bools) -> Iterator[Part]:
    """Yield a table of people's judgments for each column of groups; groups of few people are named and not shown."""
    for column in rows.long.groups:
        told = []
        for name, estimate in by_group(rows, outcome, column):
            who = text("not recorded") if name is None else text("{group}", group=name)
            few = (estimate.people or 0) < FEWEST
            why = text("fewer than {least} {least|person|people}", least=FEWEST)
            rate = Value(value=None, unit=Unit.SHARE, why=why) if few else shown(estimate, Unit.SHARE)
            told.append((who, rate, text("–") if few else count(estimate.people or 0)))
        yield Grid(
            id=f"{id_}-{column}",
            title=text("{what}, by {column}", what=title, column=column),
            head=(text("{column}", column=column), text("rate, by people"), text("users")),
            rows=tuple(told),
        )
