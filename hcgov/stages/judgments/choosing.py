"""Measurements of choices between two responses, with what stands in the way of each; on numpy."""

import numpy as np

from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.long import Long
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import EVERYONE, Slice
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.judgments.arrays import Bools, Floats, as_array, by_judge, codes
from hcgov.stages.judgments.pairs import BOTH_BAD, SKIP, TIE, A, B, clusters, outcomes
from hcgov.stats.clusters import FEWEST
from hcgov.stats.crossed import Rows, crossed_share

MOST_LACKING = 0.05
"""With a larger share of rows that lack a choice or a person, those may be of a kind, and nothing is told."""


def obstacle(long: Long, used: Bools, of: str) -> tuple[Reason, Text] | None:
    """Return why nothing can be told of some rows: none, nobody knows whose, too few people, or a single prompt.

    Parameters
    ----------
    of
        The rows, for people: `choices between two sides`.
    """
    if not used.any():
        return Reason.SMALL_N, text("`{table}` holds no {of}", table=long.table, of=of)
    lacking, asked = int(((outcomes(long) < 0) & ~by_judge(long)).sum()), int((~by_judge(long)).sum())
    if lacking > MOST_LACKING * asked:
        return Reason.MISSING_OUTCOMES, text(
            "{lacking} of {n} {n|row|rows} of `{table}` record no choice",
            lacking=lacking,
            n=asked,
            table=long.table,
        )
    rows = clusters(long).where(used)
    people = rows.distinct_people
    if people == 0:
        return Reason.FEW_PEOPLE, text(
            "`{table}` does not say who chose, so its rows may be one person's", table=long.table
        )
    nobody = int((rows.people < 0).sum())
    if nobody > MOST_LACKING * rows.people.size:
        return Reason.FEW_PEOPLE, text(
            "{nobody} of {n} {n|row|rows} of `{table}` do not say who chose",
            nobody=nobody,
            n=rows.people.size,
            table=long.table,
        )
    if people < FEWEST:
        return (Reason.FEW_PEOPLE if people < 2 else Reason.FEW_CLUSTERS), text(
            "{people} {people|annotator stands|annotators stand} behind the {of}; with fewer than {least} nothing is "
            "known of how they differ",
            people=people,
            of=of,
            least=FEWEST,
        )
    assert rows.items is not None
    if np.unique(rows.items).size < 2:
        return Reason.SMALL_N, text("a single prompt is behind the {of}, and says nothing of others", of=of)
    return None


def share_of(long: Long, metric: str, y: Floats, used: Bools, of: str, *, shown: bool = False) -> Measurement:
    """Return the share of everyone's rows with an outcome, or why there is none."""
    stopped = obstacle(long, used, of)
    if stopped is not None:
        return Measurement(metric=metric, reason=stopped[0], note=stopped[1], shown=shown)
    rows = clusters(long).where(used)
    return measured(metric, crossed_share(y[used], rows), EVERYONE, rows, y[used], shown=shown)


def by_group(long: Long, metric: str, y: Floats, used: Bools) -> list[Measurement]:
    """Return the share of each declared group, to be shown and not judged; small groups are named without it."""
    found = []
    for column in (*long.rules.by, *long.rules.report):
        if column not in long.groups:
            continue
        place = as_array(long.groups[column])
        for code, name in enumerate(long.groups[column].names):
            mask = used & (place == code)
            rows, scope = clusters(long).where(mask), Slice(values=((column, name),))
            if not mask.any():
                continue
            if rows.distinct_people < long.rules.min_people:
                note = text(
                    "{who}: {people} {people|annotator|annotators}; {least} are needed",
                    who=scope,
                    people=rows.distinct_people,
                    least=long.rules.min_people,
                )
                found.append(
                    Measurement(
                        metric=metric, scope=scope, depth=1, reason=Reason.FEW_PEOPLE, note=note, shown=True
                    )
                )
            else:
                found.append(measured(metric, crossed_share(y[mask], rows), scope, rows, y[mask], shown=True))
    return found


def measured(
    metric: str, estimate: Estimate, scope: Slice, rows: Rows, y: Floats, *, shown: bool = False
) -> Measurement:
    """Return a measurement with the counts behind it."""
    group = GroupCount(
        slice=scope,
        positives=float(y.sum()),
        n=estimate.n,
        n_eff=estimate.n_eff,
        people=rows.distinct_people,
    )
    none = estimate.value is None or (
        estimate.method is Method.STUDENT_T and "se" not in dict(estimate.statistics)
    )
    return Measurement(
        metric=metric,
        scope=scope,
        depth=scope.depth,
        estimate=None if none else estimate,
        groups=(group,),
        reason=Reason.NO_INTERVAL if none else None,
        shown=shown,
    )


def decided(long: Long) -> Bools:
    """Return the rows in which a person preferred one of the two responses."""
    return np.isin(outcomes(long), (A, B)) & ~by_judge(long)


def left(long: Long, chose: Bools) -> tuple[Floats, Bools]:
    """Return where the left response was chosen, and which of the rows ``chose`` say where the responses stood."""
    side = long.codes("position_of_a")
    names = np.array([*side.names, ""])[codes(long, "position_of_a")]
    used = chose & (names != "")
    return ((outcomes(long) == A) == (names == "left")).astype(np.float64), used


def given(long: Long) -> dict[str, int]:
    """Return how many rows have each outcome, and how many none."""
    found = outcomes(long)
    names = {A: "a", B: "b", TIE: "tie", BOTH_BAD: "both_bad", SKIP: "skip", -1: "not_recorded"}
    return {name: int((found == code).sum()) for code, name in names.items()}


def of_chosen(long: Long, first: Floats, second: Floats) -> tuple[Floats, Floats]:
    """Return a number of the chosen response and of the other one, from that of a and that of b."""
    took_a = outcomes(long) == A
    return np.where(took_a, first, second), np.where(took_a, second, first)
