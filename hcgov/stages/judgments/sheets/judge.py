"""The judge card: what a judge was compared with, how it does, and what it may be used for."""

from dataclasses import field

import numpy as np

from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.frozen import frozen
from hcgov.core.long_tables import LongKind
from hcgov.core.sheet import Bars, Cell, Fact, Facts, Grid, Note, Section, Sheet, Tone, Unit, Value
from hcgov.core.slices import SliceChoice
from hcgov.core.text import Text, text
from hcgov.stages.evaluation.judge_ranking import ranking_of
from hcgov.stages.judgments.judge_params import JudgeParams
from hcgov.stages.judgments.judge_ratings import MAY, NEEDS, Refused, ratings
from hcgov.stages.judgments.judge_slices import few, matched, parts
from hcgov.stages.judgments.judge_trust import MARGIN, ceiling_of, trust_of
from hcgov.stages.judgments.judging import Matched, wants_ranks
from hcgov.stages.judgments.sheets.judge_weaknesses import weaknesses
from hcgov.stages.judgments.values import value_of
from hcgov.stats.crossed import distinct
from hcgov.stats.judges.gaps import best_against_mean, mean_gap, one_against_mean
from hcgov.stats.judges.ranking import needed_share

FURTHER = (
    "probability",
    "family",
    "rater_family",
    "mentions",
)
"""Columns that a card reads where they are there, besides those of every check."""
MOST_GROUPS = 12
ENOUGH = 200
"""Items that people judged, too, from which on a judge may be used for anything."""

RIGHTLY = 0.8
"""Share of the pairs of systems that people tell apart which a judge has to order as they do."""


@frozen
class CardChoice:
    """What a card is about.

    Parameters
    ----------
    judge
        One judge; empty for each in the table.
    positive
        Scores that count as 1, all others as 0; empty takes scores as numbers.
    margin
        So much less than people agree with one another may a judge agree with them.
    """

    judge: str = ""
    positive: tuple[str, ...] = field(default=())
    margin: float = MARGIN

    @property
    def params(self) -> JudgeParams:
        """The parameters that checks of the same would have."""
        return JudgeParams(judge=self.judge, positive=self.positive)


def card_request(table: str, *, question: str = "", slices: SliceChoice | None = None) -> LongOf:
    """Return the columns that a judge card reads."""
    return LongOf(
        table=table,
        kind=LongKind.EVALUATIONS,
        needs=NEEDS,
        may=(*MAY, *FURTHER),
        slices=SliceChoice() if slices is None else slices,
        question=question,
    )


def judge_card(long: Long, *, date: str, choice: CardChoice | None = None) -> Sheet:
    """Return the card of one judge, or of each judge of a table one below another.

    Parameters
    ----------
    long
        Kind ``evaluations``, asked for with :func:`card_request`.
    date
        ISO day.
    choice
        Which judge, and how its scores are read.
    """
    choice = CardChoice() if choice is None else choice
    found = ratings(long, choice.positive)
    names = (choice.judge,) if choice.judge else found.judges
    sections: list[Section] = []
    lead: list[Note] = []
    for place, name in enumerate(names):
        beside = matched(found, name, choice.params)
        id_ = "" if len(names) == 1 else f"-{place + 1}"
        sections += [
            compared(beside, name, id_),
            gaps(beside, name, id_),
            weaknesses(found, beside, name, id_),
            uses(beside, name, id_, choice.margin),
        ]
        lead.append(_lead(beside, name, choice.margin))
    if not names:
        lead.append(Note(text=text("`{table}` holds no judge", table=long.table), tone=Tone.CANNOT_TELL))
    return Sheet(
        kind="judge-card",
        title=text("Judge card: {names}", names=", ".join(names) or "no judge"),
        lead=tuple(lead),
        sections=tuple(sections),
        date=date,
        sources=(long.source, *long.further),
    )


def compared(beside: Matched | Refused, name: str, id_: str = "") -> Section:
    """Return what a judge was compared with: items, people, agreement and ceilings."""
    title = text("What `{judge}` was compared with", judge=name)
    about = text(
        "People judged the same outputs as the judge. People do not agree with one another fully either: that is the "
        "ceiling, and a judge can hardly be asked to exceed it. Each person is held against the others only."
    )
    if isinstance(beside, Refused):
        return Section(id=f"compared{id_}", title=title, about=about, parts=(_cannot(beside),))
    people = distinct(beside.rater)
    facts = [
        Fact(name=text("items that both judged"), value=_count(beside.items)),
        Fact(name=text("judgments by people"), value=_count(beside.at.size)),
        Fact(name=text("people who judged"), value=_count(people, people=people)),
        Fact(name=text("items that only people judged"), value=_count(beside.units_of_people)),
        Fact(name=text("items that only the judge judged"), value=_count(beside.units_of_judge)),
    ]
    everyone = np.ones(beside.at.size, dtype=np.bool_)
    ceiling = ceiling_of(beside, everyone)
    if isinstance(ceiling, Refused):
        return Section(
            id=f"compared{id_}",
            title=title,
            about=about,
            parts=(Facts(facts=tuple(facts)), _cannot(ceiling)),
        )
    ranks = wants_ranks(beside.from_)
    measure = text("Spearman's correlation with the mean of the others") if ranks else text("Gwet's AC1")
    rows = [
        (text("the judge with people"), value_of(ceiling.judge)),
        (text("people with one another"), value_of(ceiling.people)),
    ]
    facts.append(Fact(name=text("measure of agreement"), value=measure))
    facts.append(Fact(name=text("what the judge falls short by"), value=value_of(ceiling.deficit)))
    if ranks:
        facts += _noise(beside, ceiling.people.value)
    bars = Bars(id=f"agreement{id_}", title=text("Agreement"), rows=tuple(rows))
    return Section(id=f"compared{id_}", title=title, about=about, parts=(Facts(facts=tuple(facts)), bars))


def gaps(beside: Matched | Refused, name: str, id_: str = "") -> Section:
    """Return how much higher a judge scores than people, for everyone and for each group."""
    title = text("How much higher `{judge}` scores than people", judge=name)
    about = text(
        "Mean of the judge's score minus a person's of the same. Above 0 the judge is kinder. Groups of too few people "
        "are named without a number."
    )
    if isinstance(beside, Refused):
        return Section(id=f"gap{id_}", title=title, about=about, parts=(_cannot(beside),))
    if not beside.numeric:
        told = text("scores are names; which of them count as 1 was not said")
        return Section(
            id=f"gap{id_}", title=title, about=about, parts=(Note(text=told, tone=Tone.CANNOT_TELL),)
        )
    long = beside.from_.long
    rows: list[tuple[Text, Value]] = [
        (text("everyone"), _gap(beside, np.ones(beside.at.size, dtype=np.bool_)))
    ]
    shown = list(parts(long, beside.at))
    for part in shown[:MOST_GROUPS]:
        who = beside.rows.people[part.mask]
        people = distinct(who[who >= 0])
        refused = few(part.slice, people, long.rules.min_people)
        value = Value(value=None, why=refused.text, people=people) if refused else _gap(beside, part.mask)
        rows.append((text("{slice}", slice=part.slice), value))
    bars = Bars(
        id=f"gap{id_}",
        title=text("Judge minus people"),
        rows=tuple(rows),
        mark=0.0,
        mark_name=text("no difference"),
    )
    more = len(shown) - MOST_GROUPS
    rest = (Note(text=text("{n} more {n|group is|groups are} not shown", n=more)),) if more > 0 else ()
    return Section(id=f"gap{id_}", title=title, about=about, parts=(bars, *rest))


def uses(beside: Matched | Refused, name: str, id_: str = "", margin: float = MARGIN) -> Section:
    """Return what a judge may be used for, and why."""
    trusted = trust_of(beside, None, margin=margin)
    items = 0 if isinstance(beside, Refused) else beside.items
    enough = items >= ENOUGH
    ready = trusted.shown and enough
    why = (
        trusted.why
        if not enough and not trusted.shown
        else text("people judged {n} of its items, and {needed} are needed", n=items, needed=ENOUGH)
        if not enough
        else trusted.why
    )
    head = (text("use"), text("may it"), text("why"))
    rows: tuple[tuple[Cell, ...], ...] = (
        (text("whether a stated rule is kept"), text("yes") if ready else text("not yet"), why),
        (text("which system is better"), *_orders(beside, ready=ready, why=why)),
        (
            text("whether it is better for this user"),
            text("never"),
            text(
                "only the user can say that; judges that agree with one another do not thereby agree with users"
            ),
        ),
    )
    grid = Grid(id=f"uses{id_}", title=text("Uses"), head=head, rows=rows)
    return Section(
        id=f"uses{id_}",
        title=text("What `{judge}` may be used for", judge=name),
        about=text(
            "A judge may stand in where it is shown to agree with people about as well as they do with one another, on "
            "enough items. A rate that it had a part in passes only on slices where that is so."
        ),
        parts=(grid,),
    )


def _orders(beside: Matched | Refused, *, ready: bool, why: Text) -> tuple[Text, Text]:
    """Return whether a judge may say which system is better, and why: not where it is shown to order them wrongly."""
    systems = not isinstance(beside, Refused) and beside.from_.long.has("system")
    found = ranking_of(beside) if systems else None
    ends = None if found is None or isinstance(found, Refused) else needed_share(found)
    if found is None or isinstance(found, Refused) or ends is None:
        return (text("yes") if ready else text("not yet"), why)
    told = text(
        "of {n} {n|pair|pairs} of systems that people tell apart it orders {right} as they do; {why}",
        n=found.pairs,
        right=found.right,
        why=why,
    )
    return (text("no") if ends[1] < RIGHTLY else text("yes") if ready else text("not yet"), told)


def _lead(beside: Matched | Refused, name: str, margin: float) -> Note:
    trusted = trust_of(beside, None, margin=margin)
    if isinstance(beside, Refused):
        told = text("`{judge}`: nothing can be said; {why}", judge=name, why=beside.text)
        return Note(text=told, tone=Tone.CANNOT_TELL)
    tone = Tone.PLAIN if trusted.shown else Tone.WARNING
    return Note(text=text("{why}", why=trusted.why), tone=tone)


def _gap(beside: Matched, mask: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Value:
    refused = beside.trouble(mask)
    if refused is not None:
        return Value(value=None, why=refused.text, n=int(mask.sum()))
    apart = (beside.judge_score - beside.score)[mask]
    return value_of(mean_gap(apart, beside.rows.where(mask), reach=beside.from_.reach))


def _noise(beside: Matched, against_others: float | None) -> list[Fact]:
    """Return what one more person, and a perfect predictor, would reach against the mean of people."""
    raters = round(beside.at.size / max(beside.items, 1))
    if against_others is None or against_others <= 0.0 or raters < 2:
        return []
    rho = _between_two(against_others, raters - 1)
    return [
        Fact(
            name=text("one more person against the mean of {n}", n=raters),
            value=Value(value=one_against_mean(rho, raters)),
        ),
        Fact(
            name=text("a perfect predictor against the mean of {n}", n=raters),
            value=Value(value=best_against_mean(rho, raters)),
        ),
    ]


def _between_two(against_mean: float, others: int) -> float:
    """Return the correlation between two people that one against a mean of others implies.

    r = rho sqrt(k) / sqrt(1 + (k - 1) rho) is solved for rho >= 0.
    """
    square = against_mean * against_mean
    half = square * (others - 1) / (2.0 * others)
    return float(min(half + (half * half + square / others) ** 0.5, 1.0))


def _count(n: int, *, people: int | None = None) -> Value:
    return Value(value=float(n), unit=Unit.COUNT, people=people)


def _cannot(refused: Refused) -> Note:
    return Note(text=refused.text, tone=Tone.CANNOT_TELL)
