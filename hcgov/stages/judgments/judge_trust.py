"""The rule that a metric which a judge produced cannot pass where the judge is not shown to agree with people."""

from dataclasses import replace

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.judgments.judge_ratings import Mask, Refused
from hcgov.stages.judgments.judging import Matched, wants_ranks
from hcgov.stats.bounds import upper
from hcgov.stats.crossed import ranked
from hcgov.stats.judges.ceiling import Ceiling, of_labels, of_scores, others
from hcgov.stats.judges.gaps import has_interval

MARGIN = 0.10
"""So much less than people agree with one another may a judge agree with them."""
LEVEL = 0.95


@frozen
class Trust:
    """Whether a judge is shown to agree with people.

    Parameters
    ----------
    shown
        Whether it is.
    why
        In a sentence.
    deficit
        How much less it agrees with people than they do with one another; ``None`` where that is not known.
    """

    shown: bool
    why: Text
    deficit: Estimate | None = None


def trust(
    deficit: Estimate | None, *, margin: float = MARGIN, level: float = LEVEL, judge: str = ""
) -> Trust:
    """Say whether a judge is shown to agree with people on what an estimate is about.

    Parameters
    ----------
    deficit
        Agreement of people with one another minus agreement of the judge with them, on the very slice; ``None`` where
        nothing is known of it.
    margin
        What it may fall short by.
    level
        One-sided confidence of the bound that decides.
    judge
        Its name, for the sentence.
    """
    who = f"the judge `{judge}`" if judge else "the judge"
    if deficit is None or not has_interval(deficit):
        told = text("{who} is not shown to agree with people here: too little is judged by both", who=who)
        return Trust(shown=False, why=told, deficit=deficit)
    worst = upper(deficit, level)
    shown = worst <= margin
    if worst <= 0.0:
        told = text(
            "{who} agrees with people no less than they do with one another ({level} confidence)",
            who=who,
            level=f"{level:.0%}",
        )
        return Trust(shown=shown, why=told, deficit=deficit)
    told = text(
        "{who} agrees with people less than they do with one another by at most {worst} ({level} confidence), and "
        "{margin} may be",
        who=who,
        worst=f"{worst:.3f}",
        level=f"{level:.0%}",
        margin=f"{margin:g}",
    )
    return Trust(shown=shown, why=told, deficit=deficit)


def only_where_trusted(measurement: Measurement, trusted: Trust) -> Measurement:
    """Return a measurement that a judge produced; without its estimate where the judge is not shown to agree.

    It then neither passes nor fails: reason ``judge_uninformative``.
    """
    if trusted.shown or measurement.estimate is None:
        return measurement
    return replace(measurement, estimate=None, reason=Reason.JUDGE_UNINFORMATIVE, note=trusted.why)


def ceiling_of(found: Matched, mask: Mask, *, chance: bool = True) -> Ceiling | Refused:
    """Return a judge's agreement with people beside their own, on some of the rows, or why there is none.

    Scores on a scale are compared by Spearman's correlation with the mean of the other people, labels by Gwet's AC1
    (or plain agreement) with each of them.
    """
    refused = found.trouble(mask)
    if refused is not None:
        return refused
    unit = ranked(found.unit[mask])[1]
    rows = found.rows.where(mask)
    if wants_ranks(found.from_):
        ceiling = of_scores(unit, found.score[mask], found.judge_score[mask], rows)
    else:
        kinds = found.from_.kinds
        own, judge = found.label[mask], found.judge_label[mask]
        ceiling = of_labels(
            others(unit, own, judge, kinds=kinds), own, judge, rows, kinds=kinds, chance=chance
        )
    if ceiling is None:
        return Refused(
            reason=Reason.UNMATCHED_PAIRS,
            text=text("no item was judged by two people, so nothing is known of how far people agree"),
        )
    return ceiling


def trust_of(
    found: Matched | Refused, mask: Mask | None, *, margin: float = MARGIN, level: float = LEVEL
) -> Trust:
    """Return whether a judge is shown to agree with people on some of its matched rows (all where ``None``)."""
    if isinstance(found, Refused):
        return Trust(shown=False, why=found.text)
    ceiling = ceiling_of(found, np.ones(found.at.size, dtype=np.bool_) if mask is None else mask)
    if isinstance(ceiling, Refused):
        return Trust(shown=False, why=ceiling.text)
    return trust(ceiling.deficit, margin=margin, level=level, judge=found.judge)
