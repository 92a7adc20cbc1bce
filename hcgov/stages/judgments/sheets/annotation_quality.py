"""The part of the annotation report about care, consent, pay and the division of labour."""

from collections.abc import Iterable, Iterator

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.measurement import Answered, Measurement, Observation, Statement
from hcgov.core.sheet import Fact, Facts, Grid, Note, Part, Section, Tone, Unit, Value
from hcgov.core.text import Text, text
from hcgov.stages.data.annotation_careless import AnnotationCareless, annotation_careless
from hcgov.stages.data.annotation_concentration import AnnotationConcentration, annotation_concentration
from hcgov.stages.data.annotation_consent import AnnotationConsent, annotation_consent
from hcgov.stages.data.annotation_fatigue import AnnotationFatigue, annotation_fatigue
from hcgov.stages.data.annotation_gold_accuracy import AnnotationGoldAccuracy, annotation_gold_accuracy
from hcgov.stages.data.annotation_pay import AnnotationPay, annotation_pay
from hcgov.stages.data.annotation_retest import AnnotationRetest, annotation_retest
from hcgov.stages.judgments.labels import labels_of
from hcgov.stages.judgments.values import value_of
from hcgov.stats.annotators.dawid_skene import dawid_skene

NAMES = {
    "gold_accuracy": text("accuracy on gold items"),
    "gold_accuracy_by_group": text("accuracy on gold items"),
    "people_below_floor": text("people surely below the floor"),
    "careless_share": text("annotators with two signs of careless answers"),
    "careless_share_by_group": text("annotators with two signs of careless answers"),
    "fatigue_drop": text("fall of gold accuracy over a sitting"),
    "log_seconds_change": text("change of log time over a sitting"),
    "test_retest": text("same label when asked again"),
}
UNITS = {"people_below_floor": Unit.COUNT, "fatigue_drop": Unit.POINTS, "log_seconds_change": Unit.PLAIN}
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
MOST_LABELS = 20
"""With more labels than this nothing is said about how each person errs."""


def quality_sections(long: Long, *, subjective: bool) -> tuple[Section, ...]:
    """Return the sections about care, consent and pay, and the division of labour."""
    return (
        Section(
            id="quality",
            title=text("How carefully people judged"),
            about=text(
                "Known answers, signs of answering without reading, tiredness, and whether people agree with "
                "themselves. All of these are reasons to look and to ask, never to withhold pay."
            ),
            parts=tuple(_quality(long, subjective=subjective)),
        ),
        Section(
            id="consent-and-pay",
            title=text("Consent and pay"),
            about=text("Under which consent judgments stand, and what people earn for an hour."),
            parts=tuple(_consent_and_pay(long)),
        ),
        Section(
            id="concentration",
            title=text("How the work is divided"),
            about=text("Whether a few people made most of the labels."),
            parts=tuple(
                _stated(annotation_concentration(long=long, params=AnnotationConcentration(table=long.table)))
            ),
        ),
    )


def _quality(long: Long, *, subjective: bool) -> Iterator[Part]:
    found: list[Observation] = []
    if long.has("gold_label"):
        gold = AnnotationGoldAccuracy(table=long.table, subjective=subjective)
        found += annotation_gold_accuracy(long=long, params=gold)
        if not subjective:
            found += annotation_fatigue(long=long, params=AnnotationFatigue(table=long.table))
    found += annotation_careless(long=long, params=AnnotationCareless(table=long.table))
    found += annotation_retest(long=long, params=AnnotationRetest(table=long.table))
    rows = [_row(one) for one in found if isinstance(one, Measurement)]
    yield Grid(
        id="care",
        title=text("Care"),
        head=(text("what"), text("who"), text("value"), text("more")),
        rows=tuple(rows),
    )
    yield from _stated(found)
    if subjective:
        yield Note(
            text=text(
                "labels are opinions: no model of who errs is fitted, for it takes minorities for noise"
            )
        )
    else:
        yield from _competence(long)


def _row(one: Measurement) -> tuple[Text, Text, Value, Text]:
    name = NAMES.get(one.metric, text("{metric}", metric=one.metric))
    unit = UNITS.get(one.metric, Unit.SHARE)
    return (
        name,
        text("{slice}", slice=one.scope),
        value_of(one.estimate, unit, why=one.note),
        one.note or text("nothing more is known"),
    )


def _competence(long: Long) -> Iterator[Part]:
    """Yield what the model of Dawid and Skene makes of people; persons are not named."""
    labels = labels_of(long)
    judged = labels.judged
    if (
        judged.n_people < 3
        or not 2 <= judged.n_labels <= MOST_LABELS
        or int(judged.ratings().max(initial=0)) < 3
    ):
        return
    size = (judged.n_items, judged.n_people, judged.n_labels)
    fitted = dawid_skene(
        judged.items, judged.people, judged.labels, size=size, most_rounds=50, tolerance=1e-5
    )
    told = np.quantile(fitted.competence(), QUANTILES)
    yield Facts(
        facts=tuple(
            Fact(
                name=text("{share} of people are right with at most this probability", share=f"{share:.0%}"),
                value=Value(value=float(value), unit=Unit.SHARE, people=judged.n_people),
            )
            for share, value in zip(QUANTILES, told, strict=True)
        )
    )
    yield Note(
        text=text(
            "These come from a model without known answers (Dawid and Skene 1979). It takes it that there is one "
            "truth, so that people of a minority view come out as noisy: it is shown, and judges nobody."
        ),
        tone=Tone.WARNING,
    )


def _consent_and_pay(long: Long) -> Iterator[Part]:
    if long.has("consent"):
        yield from _stated(annotation_consent(long=long, params=AnnotationConsent(table=long.table)))
    else:
        yield Note(text=text("no column says under which consent judgments stand"), tone=Tone.CANNOT_TELL)
    if long.has("pay", "seconds"):
        yield from _stated(annotation_pay(long=long, params=AnnotationPay(table=long.table)))
    else:
        yield Note(text=text("pay or time of judgments is not recorded"), tone=Tone.CANNOT_TELL)


def _stated(found: Iterable[Observation]) -> Iterator[Note]:
    tones = {Answered.MET: Tone.PLAIN, Answered.NOT_APPLICABLE: Tone.PLAIN, Answered.NOT_MET: Tone.WARNING}
    for one in found:
        if isinstance(one, Statement):
            yield Note(text=one.text, tone=tones.get(one.answer, Tone.CANNOT_TELL))
