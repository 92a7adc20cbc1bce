"""Any metric on people's own and on synthetic items: how far what was measured on the one holds for the other."""

import math
from collections.abc import Callable

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.judgments.arrays import codes, label_values
from hcgov.stages.judgments.personal_rows import HUMAN, KINDS, SYNTHETIC, Bools, Floats, StageRows
from hcgov.stages.judgments.personal_slices import Told, lacking
from hcgov.stats.crossed import Rows, crossed_mean, crossed_share
from hcgov.stats.means import student
from hcgov.stats.shares import difference


def evaluation_rows(long: Long, positive: tuple[str, ...]) -> StageRows:
    """Return people's judgments of an evaluations table whose source is known.

    Parameters
    ----------
    positive
        Scores that count as 1, all others as 0; without any, scores are numbers.
    """
    names = long.codes("score").names
    worth = np.array([float(name in positive) for name in names]) if positive else label_values(long, "score")
    value = np.append(worth, np.nan)[codes(long, "score")]
    kinds = _places(long, "rater_kind", KINDS)
    source = _places(long, "source", (HUMAN, SYNTHETIC))
    own = kinds == KINDS.index("human")
    items, raters = codes(long, "item"), codes(long, "rater")
    read = own & np.isfinite(value) & (source >= 0) & (items >= 0) & (raters >= 0)
    index = np.flatnonzero(read)
    return StageRows(
        long=long,
        stage="",
        index=index,
        people=codes(long, "user")[index].astype(np.int64),
        items=items[index].astype(np.int64),
        raters=raters[index].astype(np.int64),
        kinds=kinds[index],
        synthetic=np.asarray(source[index] == 1),
        value=value[index],
        rater_names=long.codes("rater").names,
        unread=int(own.sum() - read.sum()),
    )


def _places(
    long: Long, name: str, order: tuple[str, ...]
) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]]":
    names = long.codes(name).names
    table = np.array([order.index(one) if one in order else -1 for one in names] + [-1], dtype=np.int64)
    return np.asarray(table[codes(long, name)])


def level(rows: StageRows, mask: Bools, *, share: bool) -> Estimate | None:
    """Return the share or the mean of some rows, users being the clusters; ``None`` of nothing."""
    value, own = rows.value[mask], Rows(people=rows.people[mask])
    if not value.size:
        return None
    return crossed_share(value, own) if share else crossed_mean(value, own)


def sources_apart(rows: StageRows, *, share: bool, sign: float) -> Callable[[Bools], Told]:
    """Return a function from some rows to people's metric minus the synthetic one, or the other way round.

    Parameters
    ----------
    sign
        1 for people's minus synthetic, -1 for the inverse.
    """

    def told(mask: Bools) -> Told:
        ours, made = mask & ~rows.synthetic, mask & rows.synthetic
        one, other = level(rows, ours, share=share), level(rows, made, share=share)
        people = min(_people(rows, ours), _people(rows, made))
        n = int(mask.sum())
        if one is None or other is None:
            note = text(
                "there are {which} items only: synthetic ones cannot stand for people's, nor be held against them",
                which="synthetic" if one is None else "people's",
            )
            return lacking(n, people, (Reason.UNMATCHED_PAIRS, note))
        first, second = (one, other) if sign > 0 else (other, one)
        estimate = difference(first, second) if share else _minus(first, second, n, people)
        if estimate is None:
            note = text("people's or synthetic scores do not vary between users: there is no interval")
            return lacking(n, people, (Reason.CONSTANT_OUTCOME, note))
        return Told(n=n, people=people, positives=_total(rows.value[mask], share), estimate=estimate)

    return told


def _minus(one: Estimate, other: Estimate, n: int, people: int) -> Estimate | None:
    a, b = dict(one.statistics), dict(other.statistics)
    if one.value is None or other.value is None or "se" not in a or "se" not in b:
        return None
    # Welch's degrees of freedom: Welch 1947, Biometrika 34:28.
    va, vb = a["se"] ** 2, b["se"] ** 2
    if va + vb <= 0.0:
        return None
    df = (va + vb) ** 2 / (va * va / a["df"] + vb * vb / b["df"])
    return student(one.value - other.value, math.sqrt(va + vb), df, n=n, people=people, aim=0.0)


def _people(rows: StageRows, mask: Bools) -> int:
    return Rows(people=rows.people[mask]).distinct_people


def _total(value: Floats, share: bool) -> float:
    return float(value.sum()) if share else 0.0
