"""Stage 1: are attributes drawn from conversations right, and are synthetic conversations any guide to it."""

from collections.abc import Callable

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.judgments.personal_rows import Bools, StageRows
from hcgov.stages.judgments.personal_slices import Told, lacking
from hcgov.stats.crossed import Rows, crossed_share
from hcgov.stats.shares import difference

FAILURES = (
    "overgeneralisation",
    "missing_evidence",
    "task_context_confusion",
    "not_standalone",
    "sensitive",
    "other",
)


def accepted(rows: StageRows) -> Bools:
    """Return which judgments accept the attribute."""
    return np.asarray(rows.value == 0.0)


def problematic(rows: StageRows) -> Bools:
    """Return which judgments do not: rejected or uncertain."""
    return np.asarray(rows.value > 0.0)


def failing(rows: StageRows, kind: str) -> Bools:
    """Return which judgments name this kind of failure."""
    names = rows.long.codes("failure").names
    if kind not in names:
        return np.zeros(rows.index.size, dtype=np.bool_)
    return np.asarray(rows.column("failure") == names.index(kind))


def share_of(outcome: Bools, rows: StageRows) -> Callable[[Bools], Told]:
    """Return a function from some rows to the share of them with an outcome; people are the clusters.

    Items of a person share his cluster. Raters are taken as they are: who else might have judged is not part of the
    interval.
    """

    def told(mask: Bools) -> Told:
        y, own = outcome[mask], Rows(people=rows.people[mask])
        people = own.distinct_people
        if not y.size:
            return lacking(0, people, (Reason.SMALL_N, text("no judgment is in it")))
        return Told(n=int(y.size), people=people, positives=float(y.sum()), estimate=crossed_share(y, own))

    return told


def gap_of(outcome: Bools, rows: StageRows) -> Callable[[Bools], Told]:
    """Return a function from some rows to their share in people's conversations minus that in synthetic ones."""
    share = share_of(outcome, rows)

    def told(mask: Bools) -> Told:
        own, made = share(mask & ~rows.synthetic), share(mask & rows.synthetic)
        n, people = own.n + made.n, min(own.people, made.people)
        if own.estimate is None or made.estimate is None:
            source = "people's" if own.estimate is None else "synthetic"
            note = text("there is no {source} conversation to compare with", source=source)
            return lacking(n, people, (Reason.UNMATCHED_PAIRS, note))
        return Told(
            n=n,
            people=people,
            positives=own.positives + made.positives,
            estimate=difference(own.estimate, made.estimate),
        )

    return told


def taxonomy(rows: StageRows) -> tuple[tuple[str, Estimate], ...]:
    """Return of the judgments that do not accept, and say what is wrong, the share of each kind of failure."""
    named = problematic(rows) & (rows.column("failure") >= 0)
    found = rows.where(named)
    if not found.index.size:
        return ()
    own = Rows(people=found.people)
    return tuple((kind, crossed_share(failing(found, kind), own)) for kind in FAILURES)
