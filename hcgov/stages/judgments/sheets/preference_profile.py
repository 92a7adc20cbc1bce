"""Sections about a set of preferences: what it is made of, what is wrong with it, and what it leans to."""

from collections.abc import Iterable, Iterator

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.sheet import Bars, Cell, Fact, Facts, Grid, Note, Part, Section, Tone, Unit, Value
from hcgov.core.text import Text, text
from hcgov.stages.judgments.profiles import OVERLAP, Profile, Share, profile
from hcgov.stages.judgments.values import value_of

FAULTS = {
    "no_prompt": text("No prompt"),
    "other_prompt": text("Another prompt than the first row with the same id"),
    "empty_response": text("An empty response"),
    "same_responses": text("A response compared with itself"),
    "malformed_chat": text("A conversation whose turns do not alternate, or that does not end as it should"),
}
OUTCOMES = {
    "a": text("The first response"),
    "b": text("The second response"),
    "tie": text("A tie"),
    "both_bad": text("Both bad"),
    "skip": text("Skipped"),
    "not_recorded": text("Not recorded"),
}
COLUMNS = {
    "dimension": text("In which respect"),
    "language": text("Language"),
    "label_source": text("Who chose: a person or a judge model"),
    "wave": text("Round of collection"),
    "consent": text("Consent"),
}
ALIKE = 0.9
"""Mean cosine above which the responses to a prompt are nearly alike."""
NOT_TOLD = text("the table does not say")


def sections(long: Long) -> tuple[Section, ...]:
    """Return the sections of the profile of a set of preferences."""
    found = profile(long)
    return (_made_of(long, found), _soundness(found), _leanings(found), _candidates(found))


def _made_of(long: Long, found: Profile) -> Section:
    raw = found.annotators is not None
    parts: list[Part] = [Facts(facts=tuple(_people_facts(found)))]
    if not raw:
        warning = text(
            "Nobody is named, so these may be the choices of a few people, or of no person; intervals are not given"
        )
        parts.append(Note(text=warning, tone=Tone.WARNING))
    if not found.mix:
        parts.append(Note(text=text("Of the annotators' groups nothing is known"), tone=Tone.WARNING))
    rows = text("Judgments")
    for column, groups in found.mix.items():
        title = text("Annotators by {column}", column=column)
        parts.append(_counts(f"mix-{column}", title, text("People") if raw else rows, groups.items()))
    parts.append(_counts("outcomes", text("What was chosen"), rows, found.outcomes.items(), OUTCOMES))
    for column, values in found.columns.items():
        parts.append(_counts(f"column-{column}", COLUMNS[column], rows, values.items()))
    for one in long.left_out:
        note = text("{rows} {rows|row is|rows are} left out: {why}", rows=one.rows, why=one.why)
        parts.append(Note(text=note))
    return Section(
        id="made-of",
        title=text("Whose preferences these are"),
        about=text(
            "Who chose, between what, and in which respect. A set that names nobody, or one group only, stands for "
            "fewer people than its size suggests."
        ),
        parts=tuple(parts),
    )


def _people_facts(found: Profile) -> Iterator[Fact]:
    yield Fact(name=text("Judgments"), value=_count(found.rows))
    yield Fact(name=text("Prompts"), value=_count(found.prompts))
    raw = found.annotators is not None
    yield Fact(
        name=text("Annotators"), value=NOT_TOLD if found.annotators is None else _count(found.annotators)
    )
    if found.per_annotator is not None:
        least, median, most = found.per_annotator
        spread = text(
            "{least} to {most}, half of them {median} or fewer", least=least, most=most, median=f"{median:g}"
        )
        yield Fact(name=text("Judgments by one annotator"), value=spread)
        yield Fact(name=text("Made by the busiest annotator"), value=_of_all(found.busiest, found.rows))
    kept = text("yes, with who made each") if raw else text("not known: rows may be majorities")
    yield Fact(name=text("Single judgments are kept"), value=kept)


def _soundness(found: Profile) -> Section:
    parts: list[Part] = []
    if found.faults is None or found.repeats is None:
        parts.append(Note(text=text("Without the responses nothing can be said"), tone=Tone.CANNOT_TELL))
    else:
        told = tuple((FAULTS[name], _count(n)) for name, n in found.faults.items())
        parts.append(
            Grid(
                id="faults", title=text("Pairs that are none"), head=(text("Fault"), text("Rows")), rows=told
            )
        )
        repeats = found.repeats
        again = (
            text("The same annotator, the same pair")
            if repeats.who_known
            else text("The same pair, whoever chose")
        )
        facts = (
            Fact(name=again, value=_of_all(repeats.exact.mean() if found.rows else None, found.rows)),
            Fact(
                name=text("Nearly the same pair"),
                value=_of_all(repeats.near.mean() if found.rows else None, found.rows),
            ),
            Fact(name=text("Pairs that somebody else has judged before"), value=_count(repeats.replications)),
        )
        parts.append(Facts(facts=facts))
    return Section(
        id="soundness",
        title=text("Whether every pair is a pair, and stands there once"),
        about=text(
            "Pairs that no training should see, and judgments that count twice. The same pair judged by different "
            "people is no duplicate: it shows where they disagree."
        ),
        parts=tuple(parts),
    )


def _leanings(found: Profile) -> Section:
    bars = []
    if found.left is not None:
        bars.append((text("The left response was chosen"), _share(found.left)))
    if found.longer is not None:
        bars.append((text("The longer response was chosen"), _share(found.longer)))
    parts: list[Part] = []
    if bars:
        parts.append(
            Bars(
                id="leanings",
                title=text("What choices lean to"),
                rows=tuple(bars),
                mark=0.5,
                mark_name=text("no leaning"),
            )
        )
    if found.left is None:
        parts.append(Note(text=text("Where the responses stood is not recorded"), tone=Tone.CANNOT_TELL))
    if found.same_length:
        n = found.same_length
        parts.append(
            Note(text=text("{n} {n|pair is|pairs are} of the same length, and not in the share", n=n))
        )
    if found.length is not None:
        slope = value_of(found.length.slope)
        words = text(
            "Log odds of being chosen for {words} {words|word|words} more",
            words=f"{found.length.deviation:.0f}",
        )
        parts.append(Facts(facts=(Fact(name=words, value=slope),)))
    if found.models:
        parts.append(_models(found))
    return Section(
        id="leanings",
        title=text("What choices follow beside the content"),
        about=text(
            "People tend to take what stands first, and what is longer. Both may be right for a single pair; a whole "
            "set that leans teaches the leaning. Where the sources differ in length, their ranking is shown at equal "
            "length too."
        ),
        parts=tuple(parts),
    )


def _models(found: Profile) -> Grid:
    none = text("cannot be fitted")
    rows: list[tuple[Cell, ...]] = [
        (
            text("{name}", name=one.name),
            _share(one.wins),
            Value(value=None, why=NOT_TOLD) if one.words is None else Value(value=one.words),
            value_of(one.equal_length, Unit.SHARE) if one.equal_length is not None else none,
        )
        for one in found.models
    ]
    return Grid(
        id="sources",
        title=text("Sources of the responses"),
        head=(text("Source"), text("Won, ties half"), text("Words, mean"), text("Won at equal length")),
        rows=tuple(rows),
    )


def _candidates(found: Profile) -> Section:
    many = Fact(name=text("Prompts with at least {n} ratings", n=OVERLAP), value=_share(found.many_ratings))
    spread = found.diversity
    parts: tuple[Part, ...] = (Facts(facts=(many,)),)
    if spread is None or not spread.cosine.size:
        none = text("Without two responses nothing can be said of how they differ")
        parts = (*parts, Note(text=none, tone=Tone.CANNOT_TELL))
    else:
        n = int(spread.cosine.size)
        alike = float(np.mean(spread.cosine > ALIKE))
        facts = (
            Fact(
                name=text("Mean cosine of the responses to a prompt"),
                value=Value(value=float(spread.cosine.mean()), n=n),
            ),
            Fact(
                name=text("Mean distance of their runs of two words"),
                value=Value(value=float(spread.distance.mean()), n=n),
            ),
            Fact(
                name=text("Prompts whose responses are nearly alike"),
                value=Value(value=alike, unit=Unit.SHARE, n=n),
            ),
        )
        parts = (*parts, Facts(facts=facts))
    return Section(
        id="candidates",
        title=text("Whether there was a choice"),
        about=text(
            "Where all responses are alike, people who want different things cannot show it. Where every prompt has "
            "one rating only, disagreement cannot be seen at all."
        ),
        parts=parts,
    )


def _share(one: Share) -> Value:
    """Return a share with its interval; without one the observed share and why."""
    if one.estimate is not None:
        return value_of(one.estimate, Unit.SHARE)
    return Value(value=one.observed, unit=Unit.SHARE, n=one.n, why=one.why or text("no rows"))


def _count(n: int) -> Value:
    return Value(value=float(n), unit=Unit.COUNT)


def _of_all(share: float | None, rows: int) -> Value:
    return Value(value=None if share is None else float(share), unit=Unit.SHARE, n=rows)


def _counts(
    id_: str, title: Text, unit: Text, counts: Iterable[tuple[str, int]], names: dict[str, Text] | None = None
) -> Grid:
    told = [
        ((names or {}).get(name) or (text("{name}", name=name) if name else text("Not recorded")), _count(n))
        for name, n in counts
    ]
    return Grid(id=id_, title=title, head=(text("Value"), unit), rows=tuple(told))
