"""The part of the annotation report about groups of people: who coheres, who is outvoted, who is severer."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from hcgov.core.evidence.long import Long
from hcgov.core.measurement import Measurement
from hcgov.core.sheet import Bars, Grid, Note, Part, Section, Tone, Unit, Value
from hcgov.core.text import Text, text
from hcgov.stages.data.annotation_group_disagreement import (
    AnnotationGroupDisagreement,
    annotation_group_disagreement,
)
from hcgov.stages.data.annotation_group_offset import AnnotationGroupOffset, annotation_group_offset
from hcgov.stages.data.annotation_majority_gap import AnnotationMajorityGap, annotation_majority_gap
from hcgov.stages.judgments.values import value_of


def group_sections(long: Long, why: Text | None) -> tuple[Section, ...]:
    """Return the sections about groups; ``why`` says why nothing can be told of agreement at all."""
    # Crossings are judged by the controls; here they would be too many to read.
    single = replace(long, rules=long.rules.model_copy(update={"cross": 1}))
    return (_disagreement(single, why), _majority(single, why))


def _disagreement(long: Long, why: Text | None) -> Section:
    params = AnnotationGroupDisagreement(table=long.table)
    found = [] if why else _measured(annotation_group_disagreement(long=long, params=params))
    return Section(
        id="group-disagreement",
        title=text("Disagreement and groups"),
        about=text(
            "Whether people of a group agree more among themselves than with others. An index above 1 means that who "
            "judges explains some of the disagreement: keep the labels of each person. It does not say who is right."
        ),
        parts=tuple(_noted(why, long) or _cohesion(found)),
    )


def _cohesion(found: list[Measurement]) -> Iterator[Part]:
    p_values = {one.scope: one for one in found if one.metric == "permutation_p"}
    rows = []
    for one in found:
        if one.metric == "group_association" and one.groups:
            beside = p_values.get(one.scope)
            p = Value(value=None, why=text("not compared")) if beside is None else value_of(beside.estimate)
            told = beside.note if beside is not None and beside.note is not None else one.note
            rows.append(
                (
                    _name(one),
                    _people(one),
                    value_of(one.estimate, why=one.note),
                    p,
                    told or text("nothing more is known"),
                )
            )
    if rows:
        yield Grid(
            id="group-association",
            title=text("Agreement within a group over agreement across its border"),
            head=(text("group"), text("people"), text("index"), text("p (permuted)"), text("more")),
            rows=tuple(rows),
        )
    yield from _reasons(found, "group_association")


def _majority(long: Long, why: Text | None) -> Section:
    return Section(
        id="majority",
        title=text("Whom a majority vote speaks for"),
        about=text(
            "How often the judgments of a group are those of the majority of the others, and how much more severe a "
            "group is on the same items. A group that is often outvoted vanishes from majority labels."
        ),
        parts=tuple(_noted(why, long) or _with_majority(long)),
    )


def _with_majority(long: Long) -> Iterator[Part]:
    found = _measured(annotation_majority_gap(long=long, params=AnnotationMajorityGap(table=long.table)))
    yield from (
        Note(text=one.note)
        for one in found
        if one.metric == "compared_with_majority" and one.note is not None
    )
    shares = [one for one in found if one.metric == "with_the_majority" and one.scope.depth < 2]
    yield Bars(
        id="with-the-majority",
        title=text("Judgments that are those of the majority of the others"),
        rows=tuple((_name(one), value_of(one.estimate, Unit.SHARE, why=one.note)) for one in shares),
    )
    yield from _reasons(found, "majority_gap")
    offset = _measured(annotation_group_offset(long=long, params=AnnotationGroupOffset(table=long.table)))
    signed = [one for one in offset if one.metric == "signed_offset"]
    if signed:
        yield Bars(
            id="group-offset",
            title=text("Severity on the same items, in standard deviations"),
            rows=tuple((_name(one), value_of(one.estimate, why=one.note)) for one in signed),
            mark=0.0,
            mark_name=text("as severe as the others"),
        )


def _measured(found: Iterable[object]) -> list[Measurement]:
    return [one for one in found if isinstance(one, Measurement)]


def _noted(why: Text | None, long: Long) -> tuple[Part, ...]:
    if why is not None:
        return (Note(text=why, tone=Tone.CANNOT_TELL),)
    if not long.groups:
        none = text("no column says which groups people belong to, so that there is nobody to compare")
        return (Note(text=none, tone=Tone.CANNOT_TELL),)
    return ()


def _reasons(found: list[Measurement], metric: str) -> Iterator[Note]:
    """Yield why some groups are not judged."""
    for one in found:
        if one.metric == metric and one.estimate is None and one.note is not None and one.scope.depth < 2:
            yield Note(text=one.note, tone=Tone.CANNOT_TELL)


def _name(one: Measurement) -> Text:
    return text("{slice}", slice=one.scope)


def _people(one: Measurement) -> Value:
    people = one.groups[0].people
    return Value(value=None if people is None else float(people), unit=Unit.COUNT, people=people)
