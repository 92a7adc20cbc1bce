"""Rows of one stage of the audit: what was said of what, by whom, about whom; and why nothing can be said of them."""

from dataclasses import replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.judgments.arrays import codes, flags

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Why: TypeAlias = tuple[Reason, Text]

LABELS = {
    "1": {"accept": 0.0, "uncertain": 1.0, "reject": 2.0},
    "2": {"yes": 1.0, "no": 0.0},
}
"""What labels of the first two stages are worth; those of the third are ratings from 1 to 5."""

HUMAN, SYNTHETIC = "human", "synthetic"
UNSOURCED = 0.05
"""Share of judgments of which it may not be recorded whether the conversation is synthetic."""
DUPLICATED = Reason.REPEATED
"""Judgments that are given twice: no interval holds for them."""


@frozen
class StageRows:
    """Rows of a stage whose label can be read.

    Parameters
    ----------
    index
        Where each row stands in the table, shape (rows,); all other arrays are as long.
    people, items, raters
        Codes; -1 where it is not recorded whom a row is about.
    kinds
        ``human``, ``judge`` or ``reward`` of each row, as codes of :data:`KINDS`.
    synthetic
        Whether the conversation is known to be synthetic.
    value
        What the label is worth: see :data:`LABELS`.
    rater_names
        By code.
    unread
        Rows of the stage without a readable label, item or rater.
    unsourced
        Rows of which it is not recorded whether the conversation is synthetic, where the table records it at all.
    """

    long: Long
    stage: str
    index: Ints
    people: Ints
    items: Ints
    raters: Ints
    kinds: Ints
    synthetic: Bools
    value: Floats
    rater_names: tuple[str, ...]
    unread: int
    unsourced: int = 0

    @property
    def what(self) -> str:
        """What the rows are of, for people."""
        return f"stage {self.stage}" if self.stage else f"`{self.long.table}`"

    @cached_property
    def human(self) -> Bools:
        """Which rows are people's."""
        return np.asarray(self.kinds == KINDS.index("human"))

    @cached_property
    def judge(self) -> Bools:
        """Which rows are judge models'."""
        return np.asarray(self.kinds == KINDS.index("judge"))

    @cached_property
    def reward(self) -> Bools:
        """Which rows are reward models'."""
        return np.asarray(self.kinds == KINDS.index("reward"))

    def where(self, mask: Bools) -> "StageRows":
        """Return some of the rows."""
        return StageRows(
            long=self.long,
            stage=self.stage,
            index=self.index[mask],
            people=self.people[mask],
            items=self.items[mask],
            raters=self.raters[mask],
            kinds=self.kinds[mask],
            synthetic=self.synthetic[mask],
            value=self.value[mask],
            rater_names=self.rater_names,
            unread=self.unread,
            unsourced=self.unsourced,
        )

    def without(self, mask: Bools) -> "StageRows":
        """Return all but some of the rows, which then count as unread."""
        kept = self.where(~mask)
        return replace(kept, unread=self.unread + int(mask.sum()))

    def column(self, name: str) -> Ints:
        """Return the codes of a further column for these rows."""
        return np.asarray(codes(self.long, name)[self.index], dtype=np.int64)

    def true(self, name: str) -> Bools:
        """Return where a flag is true for these rows."""
        return np.asarray(flags(self.long, name)[0][self.index])

    def named(self, name: str) -> Bools:
        """Return which rows a rater of this name judged."""
        if name not in self.rater_names:
            return np.zeros(self.index.size, dtype=np.bool_)
        return np.asarray(self.raters == self.rater_names.index(name))

    @property
    def judges(self) -> tuple[str, ...]:
        """Names of the judges that have any row, in order."""
        return tuple(self.rater_names[code] for code in np.unique(self.raters[self.judge]).tolist())


KINDS = ("human", "judge", "reward")


def stage_rows(long: Long, stage: str) -> StageRows:
    """Return the rows of a stage."""
    names = long.codes("stage").names
    own = codes(long, "stage") == (names.index(stage) if stage in names else -2)
    items, raters = codes(long, "item"), codes(long, "rater")
    kinds = _recoded(long, "rater_kind", KINDS)
    worth = _worth(long, stage, kinds)
    read = own & np.isfinite(worth) & (items >= 0) & (raters >= 0) & (kinds >= 0)
    index = np.flatnonzero(read)
    synthetic, unsourced = np.zeros(long.rows, dtype=np.bool_), 0
    if long.has("source"):
        source = _recoded(long, "source", (HUMAN, SYNTHETIC))
        synthetic, unsourced = source == 1, int((read & (source < 0)).sum())
    return StageRows(
        long=long,
        stage=stage,
        index=index,
        people=codes(long, "user")[index].astype(np.int64),
        items=items[index].astype(np.int64),
        raters=raters[index].astype(np.int64),
        kinds=kinds[index],
        synthetic=synthetic[index],
        value=worth[index],
        rater_names=long.codes("rater").names,
        unread=int(own.sum() - read.sum()),
        unsourced=unsourced,
    )


def _recoded(long: Long, name: str, order: tuple[str, ...]) -> Ints:
    """Return the codes of a column in an order of our own; -1 for all other names."""
    names = long.codes(name).names
    table = np.array([order.index(one) if one in order else -1 for one in names] + [-1], dtype=np.int64)
    return np.asarray(table[codes(long, name)])


def _worth(long: Long, stage: str, kinds: Ints) -> Floats:
    """Return what each row's label is worth; NaN where it cannot be read."""
    names = long.codes("label").names
    known = LABELS.get(stage)
    if known is not None:
        table = np.array([known.get(name.strip().lower(), np.nan) for name in names] + [np.nan])
        return np.asarray(table[codes(long, "label")])
    numbers = np.array([_number(name) for name in names] + [np.nan])
    found = numbers[codes(long, "label")]
    # A rating is one of five; only the score of a reward model may be any number.
    rating = np.isin(found, (1.0, 2.0, 3.0, 4.0, 5.0))
    found = np.where(rating | (kinds == KINDS.index("reward")), found, np.nan)
    if long.has("score"):
        scores = np.frombuffer(long.numbers("score"), dtype=np.float64)
        found = np.where((kinds == KINDS.index("reward")) & np.isfinite(scores), scores, found)
    return np.asarray(found, dtype=np.float64)


def _number(name: str) -> float:
    try:
        value = float(name)
    except ValueError:
        return float("nan")
    return value if np.isfinite(value) else float("nan")


def obstacle(rows: StageRows, *, min_raters: int, constant: bool = True) -> Why | None:
    """Return why nothing can be said of people's judgments, or ``None``.

    Parameters
    ----------
    rows
        Of people's conversations only; judges' rows may be among them.
    min_raters
        Fewest people who judged.
    constant
        Whether one label alone tells nothing.
    """
    people = rows.where(rows.human)
    if not rows.index.size:
        return Reason.SMALL_N, text("no judgment of {what} can be read", what=rows.what)
    if not people.index.size:
        return Reason.UNMATCHED_PAIRS, text(
            "{what} has judges' labels only: without people's there is nothing to hold them against",
            what=rows.what,
        )
    return _doubled(rows) or _too_little(people, min_raters, constant)


def _doubled(rows: StageRows) -> Why | None:
    pairs = rows.items * (int(rows.raters.max(initial=0)) + 1) + rows.raters
    # Counting is much faster than sorting where codes are dense.
    dense = int(pairs.max(initial=0)) < 4 * pairs.size + 1_000_000
    distinct = np.count_nonzero(np.bincount(pairs)) if dense else np.unique(pairs).size
    doubled = pairs.size - int(distinct)
    if not doubled:
        return None
    return DUPLICATED, text(
        "{n} {n|judgment repeats|judgments repeat} what the same rater said of the same item: they are not "
        "independent, and which of them counts must be settled first",
        n=doubled,
    )


def _too_little(people: StageRows, min_raters: int, constant: bool) -> Why | None:
    raters, items = np.unique(people.raters).size, np.unique(people.items).size
    if raters < min_raters:
        return Reason.FEW_CLUSTERS, text(
            "{n} {n|person|people} judged {what}; at least {least} are needed to tell how people differ",
            n=raters,
            what=people.what,
            least=min_raters,
        )
    if items < 2:
        return Reason.SMALL_N, text("{what} has one item", what=people.what)
    if constant and np.unique(people.value).size < 2:
        return Reason.CONSTANT_OUTCOME, text("all judgments of {what} have the same label", what=people.what)
    return None


def of_people(rows: StageRows) -> StageRows:
    """Return the rows whose conversation is not known to be synthetic."""
    return rows.where(~rows.synthetic)


def only_synthetic(rows: StageRows) -> Why | None:
    """Return why nothing can be claimed where every conversation is synthetic, or too many may be."""
    if why := unsourced(rows):
        return why
    if rows.index.size and rows.synthetic.all():
        return Reason.UNMATCHED_PAIRS, text(
            "every conversation of {what} is synthetic: a claim rests on people's own",
            what=rows.what,
        )
    return None


def unsourced(rows: StageRows) -> Why | None:
    """Return why people's conversations cannot be told from synthetic ones, or ``None``."""
    if rows.unsourced > UNSOURCED * rows.index.size:
        return Reason.MISSING_OUTCOMES, text(
            "{n} of {all} judgments of {what} do not record whether the conversation is synthetic; at most {most} may "
            "not",
            n=rows.unsourced,
            all=rows.index.size,
            what=rows.what,
            most=f"{UNSOURCED:.0%}",
        )
    return None
