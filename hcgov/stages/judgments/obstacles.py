"""What stands in the way of any number about how people judge; on numpy."""

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.judgments.annotating import AnnotationParams
from hcgov.stages.judgments.labels import Labels, left_out


def obstacle(long: Long, labels: Labels, params: AnnotationParams, metric: str) -> Measurement | None:
    """Return why nothing can be said about how people agree, or ``None``.

    One annotator, one item, one label, no item with two judgments, or too many rows without a label or a person, or in
    which somebody judges an item again.
    """
    told = _why(long, labels, params)
    return None if told is None else Measurement(metric=metric, reason=told[0], note=told[1])


def _why(long: Long, labels: Labels, params: AnnotationParams) -> tuple[Reason, Text] | None:
    judged, rows = labels.judged, long.rows + long.unnamed
    if not judged.rows:
        return Reason.MISSING_OUTCOMES, text(
            "no row of `{table}` has item, annotator and label", table=long.table
        )
    for count, most, reason, what in (
        (labels.unlabelled, params.max_missing, Reason.MISSING_OUTCOMES, "no label"),
        (labels.nobody, params.max_missing, Reason.FEW_PEOPLE, "no annotator"),
    ):
        if count > most * rows:
            return reason, text(
                "{count} of {rows} {rows|row|rows} {count|has|have} {what}; at most {share} may not",
                count=count,
                rows=rows,
                what=what,
                share=f"{most:.0%}",
            )
    if labels.repeated > params.max_repeated * rows:
        return Reason.REPEATED, text(
            "in {repeated} of {rows} {rows|row|rows} a person judges an item again, at most {share} may: such rows are "
            "not independent of the first, and so many may be a fault of the data",
            repeated=labels.repeated,
            rows=rows,
            share=f"{params.max_repeated:.0%}",
        )
    if judged.n_people < 2:
        return Reason.FEW_PEOPLE, text("one annotator: there is nobody to agree with")
    if judged.n_items < 2:
        return Reason.SMALL_N, text("one item: how agreement varies from item to item cannot be told")
    if np.unique(judged.labels).size < 2:
        return Reason.CONSTANT_OUTCOME, text(
            "all {rows} judgments are the same label: nothing could have been disagreed about",
            rows=judged.rows,
        )
    if int(judged.ratings().max()) < 2:
        return Reason.UNMATCHED_PAIRS, text(
            "no item was judged by two people: {about}", about=str(left_out(labels))
        )
    return None
