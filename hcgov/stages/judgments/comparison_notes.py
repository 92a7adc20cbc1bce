"""What is said of comparisons: why no number may rest on them, and what a reader has to know of the rows."""

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.judgments.arrays import Bools
from hcgov.stages.judgments.choosing import MOST_LACKING
from hcgov.stages.judgments.comparisons import EVEN, OUTCOMES, Choices, joint
from hcgov.stats.crossed import crossed_share
from hcgov.stats.preferences.strengths import Unfit


def obstacle(found: Choices, long: Long, *, models: bool, decided: bool = True) -> tuple[Reason, Text] | None:
    """Return why no number may rest on these choices, or ``None``.

    Parameters
    ----------
    models
        Whether the competitors have to be models.
    decided
        Whether somebody has to prefer something: a table of ties tells no winner.
    """
    table = long.table
    if models and not found.names:
        return Reason.NOT_CONNECTED, text("`{table}` does not say which model wrote a response", table=table)
    used = found.between_models if models else found.compared
    if used.any() and not (found.weight[used] > 0.0).any():
        return Reason.SMALL_N, text("the weights of all rows of `{table}` are 0", table=table)
    stopped = lacking(found, long, models=models)
    if stopped is not None:
        return stopped
    if not used.any():
        return Reason.SMALL_N, text("no row of `{table}` compares two competitors", table=table)
    people = np.unique(found.people[used]).size
    if people < 2:
        return Reason.FEW_PEOPLE, text(
            "one person made every judgment of `{table}`: what others prefer is not known", table=table
        )
    if decided and (found.choice[used] == EVEN).all():
        return Reason.CONSTANT_OUTCOME, text("every comparison of `{table}` is a tie", table=table)
    return None


def lacking(found: Choices, long: Long, *, models: bool) -> tuple[Reason, Text] | None:
    """Say where rows lack what tells whose choice of what they are: left out, they could be of one kind."""
    asked = found.counted & (found.choice <= EVEN)  # both bad and skipped are recorded, and prefer nothing
    lacks = {
        Reason.MISSING_OUTCOMES: (found.choice < 0, "choice"),
        Reason.FEW_PEOPLE: (found.people < 0, "annotator"),
        **({Reason.UNMATCHED_PAIRS: ((found.first < 0) | (found.second < 0), "model")} if models else {}),
        Reason.UNUSABLE_WEIGHTS: (found.unweighted, "weight"),
    }
    n = int(asked.sum())
    for reason, (where, what) in lacks.items():
        absent = int((asked & where).sum())
        if absent > (0 if what == "weight" else MOST_LACKING * n):
            return reason, text(
                "{absent} of {n} {n|row|rows} of `{table}` {absent|does|do} not record the {what}",
                absent=absent,
                n=n,
                table=long.table,
                what=what,
            )
    return None


def why(unfit: Unfit, found: Choices) -> Text:
    """Say why comparisons give no strengths."""
    if unfit.reason is Reason.NOT_CONNECTED:
        parts = [
            ", ".join(found.names[code] for code in part[:5]) + (", ..." if len(part) > 5 else "")
            for part in unfit.parts[:5]
        ]
        return text(
            "no chain of wins leads from everyone to everyone: {n} parts stand apart ({parts}), and no scale holds "
            "them all",
            n=len(unfit.parts),
            parts="; ".join(parts),
        )
    if unfit.reason is Reason.CONSTANT_OUTCOME:
        return text("every comparison is a tie")
    if unfit.reason is Reason.NO_INTERVAL:
        return text("the effect of order cannot be told from the strengths")
    return text("there is nothing to compare")


def told(found: Choices) -> tuple[Measurement, ...]:
    """Return what a reader has to know of the rows: how many of each outcome, repeats, and judges left out."""
    counted = found.counted & (found.choice >= 0) & (found.people >= 0)
    rows = found.rows.where(counted)
    shares = [
        Measurement(
            metric=f"{name}_share", estimate=crossed_share(found.choice[counted] == place, rows), shown=True
        )
        for place, name in enumerate(OUTCOMES)
        if counted.any()
    ]
    repeated = found.repeated
    if repeated:
        used = found.compared
        note = text(
            "{n} {n|judgment repeats|judgments repeat} what the same person judged before: people are the clusters, so "
            "they add no people",
            n=repeated,
        )
        share = crossed_share(_again(found)[used], found.rows.where(used))
        shares.append(Measurement(metric="repeated_share", estimate=share, note=note, shown=True))
    return tuple(shares)


def _again(found: Choices) -> Bools:
    """Return the rows whose person and item another row before them has, too."""
    keys = joint(found.people, found.items)
    used = np.flatnonzero(found.compared)
    first = used[np.unique(keys[used], return_index=True)[1]]
    again = found.compared.copy()
    again[first] = False
    return again
