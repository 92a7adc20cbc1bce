"""The scores of a long table of evaluations, by people and judges, decoded once."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.judgments.arrays import codes, flags, label_values
from hcgov.stats.crossed import ranked

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

NEEDS = ("item", "rater", "rater_kind", "score")
MAY = ("system", "user", "question", "repetition", "wave", "order", "probe", "calibration")
HUMAN, JUDGE = "human", "judge"
MOST_LOST = 0.05
"""Share of judgments without a score beyond which nothing is said: those may be the ones that matter."""


@frozen
class Refused:
    """Why no number is given."""

    reason: Reason
    text: Text


@frozen
class Ratings:
    """Every score of a table that counts, decoded once.

    Parameters
    ----------
    at
        Row of the table, shape (n,); the other fields are in the same order.
    unit
        What was judged: the output of a system for an item, in answer to a question; codes from 0.
    item
        Its item; codes from 0.
    rater, human
        Who judged, and whether that is a person.
    label, kinds
        Code of the score, and how many scores there are.
    score
        What it is worth: 1 or 0 where positive scores are named, else a number; NaN where it is none.
    user
        The person whom the item belongs to, -1 where nobody is recorded; ``None`` without such a column.
    probe, wave, order
        As in the table, -1 where nothing is recorded.
    repetition
        Code of repetition and wave: two scores with the same one are the same judgment given twice.
    drawn
        Whether the item was drawn at random for people to label; ``None`` where nothing is recorded about it.
    low, high
        Ends of the scale, where they are known.
    lost
        Rows of the table with an item and a rater and no score, shape (m,).
    unheard
        Positive scores that are asked for, where the table knows none of them.
    """

    long: Long
    at: Ints
    unit: Ints
    item: Ints
    rater: Ints
    human: Mask
    label: Ints
    kinds: int
    score: Floats
    user: Ints | None
    probe: Ints
    repetition: Ints
    wave: Ints
    order: Ints
    drawn: Mask | None
    low: float | None
    high: float | None
    lost: Ints
    unheard: tuple[str, ...] = ()

    @property
    def reach(self) -> float | None:
        """Largest difference that the scale allows."""
        return None if self.low is None or self.high is None else self.high - self.low

    @property
    def judges(self) -> tuple[str, ...]:
        """Names of the judges, sorted."""
        names = self.long.codes("rater").names
        return tuple(sorted(names[int(code)] for code in np.unique(self.rater[~self.human])))

    def of(self, judge: str) -> Mask:
        """Return which scores a judge gave, shape (n,)."""
        names = self.long.codes("rater").names
        place = names.index(judge) if judge in names else -2
        return np.asarray(~self.human & (self.rater == place))

    def few_lost(self, judge: str) -> Refused | None:
        """Refuse where people or a judge gave no score to more than :data:`MOST_LOST` of what they were asked."""
        long = self.long
        names, raters = long.codes("rater").names, codes(long, "rater")[self.lost]
        kinds = np.array([one == HUMAN for one in long.codes("rater_kind").names] or [False])
        human = kinds[codes(long, "rater_kind")[self.lost]]
        own = ~human & (raters == (names.index(judge) if judge in names else -2))
        lost = int((human | own).sum())
        all_ = lost + int((self.human | self.of(judge)).sum())
        if lost <= MOST_LOST * all_:
            return None
        return Refused(
            reason=Reason.MISSING_OUTCOMES,
            text=text(
                "{n} of {all} judgments by people and `{judge}` have no score; at most {share} may have none",
                n=lost,
                all=all_,
                judge=judge,
                share=f"{MOST_LOST:.0%}",
            ),
        )

    def known_people(self, estimate: Estimate) -> Estimate:
        """Return an estimate over :meth:`cluster`; where that is items, its people are not known."""
        return replace(estimate, people=None) if self.user is None else estimate

    def cluster(self, rows: Mask | Ints) -> Ints:
        """Return the cluster of some scores: the user where known, else the item."""
        return self.item[rows] if self.user is None else self.user[rows]


def ratings(long: Long, positive: tuple[str, ...] = ()) -> Ratings:
    """Decode a table of evaluations; scores without item, rater or value are left out.

    Parameters
    ----------
    long
        Kind ``evaluations`` with the columns :data:`NEEDS`.
    positive
        Names of the scores that count as 1; empty takes scores as numbers.
    """
    item, rater, label = (codes(long, name) for name in ("item", "rater", "score"))
    kind, kinds = codes(long, "rater_kind"), long.codes("rater_kind").names
    asked = (item >= 0) & (rater >= 0) & (kind >= 0)
    at = np.flatnonzero(asked & (label >= 0))

    def told(name: str) -> Ints:
        found = codes(long, name)[at] if long.has(name) else np.full(at.size, -1)
        return found.astype(np.int64)

    names = long.codes("score").names
    worth = np.isin(names, positive).astype(np.float64) if positive else label_values(long, "score")
    drawn = None
    if long.has("calibration"):
        true, known = flags(long, "calibration")
        drawn = true[at] if bool(known.any()) else None
    unit = combined(told("item"), told("system"), told("question"))
    return Ratings(
        long=long,
        at=at,
        unit=unit,
        item=ranked(item[at])[1],
        rater=told("rater"),
        human=np.array([name == HUMAN for name in kinds] or [False])[kind[at]],
        label=told("score"),
        kinds=len(names),
        score=worth[label[at]],
        user=told("user") if long.has("user") else None,
        probe=told("probe"),
        repetition=combined(told("repetition"), told("wave")),
        wave=told("wave"),
        order=told("order"),
        drawn=drawn,
        low=0.0 if positive else long.low,
        high=1.0 if positive else long.high,
        lost=np.flatnonzero(asked & (label < 0)),
        unheard=positive if not set(positive) & set(names) else (),
    )


def combined(*columns: Ints) -> Ints:
    """Return one code from 0 for every different row of several columns of codes (-1 is a code)."""
    found = np.zeros(columns[0].size, dtype=np.int64)
    for column in columns:
        low, high = (int(column.min()), int(column.max())) if column.size else (0, 0)
        if high > low:
            found = ranked(found * (high - low + 1) + (column - low))[1]
    return found


def in_unit(found: Ratings, differences: Floats, unit: str) -> tuple[Floats, float | None] | Refused:
    """Return differences between scores in a unit, and the largest that there can be.

    ``unit`` is ``scale``, the length of the scale, or ``score``, its points.
    """
    if unit != "scale":
        return differences, found.reach
    if not found.reach:
        told = text(
            "`{table}` does not say between which numbers scores lie, so differences have no unit; declare the ends of "
            "the scale, or ask for `unit: score`",
            table=found.long.table,
        )
        return Refused(reason=Reason.UNKNOWN_FACT, text=told)
    return differences / found.reach, 1.0
