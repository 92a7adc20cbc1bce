"""Labels beside a machine's suggestions, as arrays: who saw what, took it, and whether it was right."""

from collections.abc import Iterator

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.judgments.arrays import Bools, codes, flags
from hcgov.stages.judgments.oversight import JudgedParams
from hcgov.stages.judgments.oversight_columns import same
from hcgov.stages.judgments.oversight_measuring import Metric, by_slice
from hcgov.stats.crossed import Rows, crossed_share
from hcgov.stats.oversight.reliance import Advised

KEY = ("annotator", "item", "question", "wave")
"""What tells one label from another."""


@frozen
class Advice:
    """Rows of annotations, each array of shape (rows,).

    Parameters
    ----------
    rows
        Annotators and items.
    took
        Whether the label is the suggestion.
    suggested
        Whether both are recorded.
    shown, hidden
        Whether the suggestion was seen, and whether it was not; neither where nobody says.
    advice_right, final_right
        Whether suggestion and label are the truth; false where it is not known.
    judged
        Whether suggestion, label and truth are all recorded.
    """

    rows: Rows
    took: Bools
    suggested: Bools
    shown: Bools
    hidden: Bools
    advice_right: Bools
    final_right: Bools
    judged: Bools

    def given(self, mask: Bools) -> Advised:
        """Return some of the rows, to be estimated on."""
        return Advised(
            took=self.took[mask],
            advice_right=self.advice_right[mask],
            final_right=self.final_right[mask],
            rows=self.rows.where(mask),
        )


def rows_of(long: Long) -> Rows:
    """Return the annotators and items of every row."""
    return Rows(people=codes(long, "annotator"), items=codes(long, "item"))


def advice(long: Long, truth: str = "truth") -> Advice:
    """Return annotations as arrays.

    Parameters
    ----------
    long
        Annotations with a suggestion. Where no column says whether it was shown, a suggestion that is recorded was.
    truth
        Column of the right answer: ``truth`` or ``gold_label``; where the table lacks it, nothing is judged.
    """
    took, suggested = same(long, "label", "suggestion")
    if long.has("suggestion_shown"):
        true, said = flags(long, "suggestion_shown")
        shown, hidden = true & suggested, said & ~true
    else:
        shown, hidden = suggested, np.zeros(long.rows, dtype=np.bool_)
    nothing = np.zeros(long.rows, dtype=np.bool_)
    advice_right, known = same(long, "suggestion", truth) if long.has(truth) else (nothing, nothing)
    final_right, final = same(long, "label", truth) if long.has(truth) else (nothing, nothing)
    return Advice(
        rows=rows_of(long),
        took=took,
        suggested=suggested,
        shown=shown,
        hidden=hidden & suggested,
        advice_right=advice_right,
        final_right=final_right,
        judged=known & final,
    )


def share_by_slice(
    long: Long,
    found: Advice,
    params: JudgedParams,
    name: str,
    *,
    of: str,
    used: Bools,
    events: Bools,
    shown: bool = False,
) -> Iterator[Measurement]:
    """Yield the share of labels with an outcome, by slice of annotators."""
    share = Metric(
        name=name,
        of=of,
        rows=found.rows,
        used=used,
        value=lambda mask: crossed_share(events[mask], found.rows.where(mask)),
        events=events,
    )
    yield from by_slice(long, share, params, shown=shown)


def unjudged(
    long: Long, metric: str, found: Advice, params: JudgedParams, truth: str
) -> Iterator[Measurement]:
    """Say what keeps suggestions from being judged: nobody says who saw them, or what is right, or only the label does.

    Where the truth is the label in every row it was most likely copied from it, and people then never err.
    """
    yield from unsaid(long, metric, found, params)
    judged = found.shown & found.judged
    if long.rows and not judged.any():
        note = text(
            "`{table}` records what is right (`{truth}`) for none of {seen} {seen|label|labels} beside a suggestion",
            table=long.table,
            truth=truth,
            seen=int(found.shown.sum()),
        )
        yield Measurement(metric=metric, reason=Reason.MISSING_OUTCOMES, note=note)
    elif truth == "truth" and long.rows and found.final_right[judged].all():
        note = text(
            "in all {n} {n|row|rows} of `{table}` `truth` is the label itself: it says nothing unless a third party "
            "established it",
            n=int(judged.sum()),
            table=long.table,
        )
        yield Measurement(metric=metric, reason=Reason.CONSTANT_OUTCOME, note=note)


def unsaid(long: Long, metric: str, found: Advice, params: JudgedParams) -> Iterator[Measurement]:
    """Say that of too many suggestions nobody says whether they were shown."""
    suggested = int(found.suggested.sum())
    unknown = int((found.suggested & ~found.shown & ~found.hidden).sum())
    if unknown > params.max_missing * suggested:
        note = text(
            "of {unknown} of {all} {all|suggestion|suggestions} in `{table}` nobody says whether {unknown|it was|they "
            "were} shown; at most {share} may be unknown",
            unknown=unknown,
            all=suggested,
            table=long.table,
            share=f"{params.max_missing:.0%}",
        )
        yield Measurement(metric=metric, reason=Reason.MISSING_OUTCOMES, note=note)
