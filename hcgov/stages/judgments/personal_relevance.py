"""Stage 2: which attributes matter for a prompt; what models select beside what people would."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.judgments.personal_rows import Bools, Floats, Ints, StageRows
from hcgov.stages.judgments.personal_slices import Told, lacking
from hcgov.stats.crossed import Rows
from hcgov.stats.personal.selection import confusion, f1, over_selection, ratio_of

Votes: TypeAlias = NDArray[np.int8]

MOST_RATERS = 32
"""Of more people, agreement is shown of those who judged most."""


@frozen
class Pairs:
    """Items of a stage, one row each.

    Parameters
    ----------
    first
        A row of the table that is about the item, shape (items,).
    people, prompts
        Whom it is about and which prompt it belongs to, -1 where that is not recorded.
    wanted
        Share of the people who judged it that said yes; NaN where nobody did.
    majority
        1 or 0 as most people said; NaN where they were split evenly or nobody judged.
    judged
        From a judge's name to its answer for each item: 1, 0, or NaN.
    """

    rows: StageRows
    place: Ints
    first: Ints
    people: Ints
    prompts: Ints
    wanted: Floats
    majority: Floats
    judged: dict[str, Floats]

    def clusters(self, mask: Bools) -> Rows:
        """Return whom and which prompts some items are about; prompts only where the table tells them."""
        prompts = self.prompts[mask]
        return Rows(people=self.people[mask], items=prompts if (self.prompts >= 0).all() else None)

    def among(self, mask: Bools) -> Bools:
        """Return which items have a row in a mask over the stage's rows."""
        found = np.zeros(self.first.size, dtype=np.bool_)
        found[self.place[mask]] = True
        return found


def pairs_of(rows: StageRows) -> Pairs:
    """Return the items of stage 2 with people's and judges' answers."""
    items, at, place = np.unique(rows.items, return_index=True, return_inverse=True)
    human, size = rows.human, items.size
    votes = np.bincount(place[human], minlength=size)
    with np.errstate(divide="ignore", invalid="ignore"):
        wanted = np.bincount(place[human], weights=rows.value[human], minlength=size) / votes
    majority = np.where(wanted > 0.5, 1.0, np.where(wanted < 0.5, 0.0, np.nan))
    judged = {}
    for name in rows.judges:
        own = rows.named(name) & rows.judge
        answer = np.full(size, np.nan)
        answer[place[own]] = rows.value[own]
        judged[name] = answer
    prompts = np.full(size, -1, dtype=np.int64)
    if rows.long.has("prompt_id"):
        prompts = rows.column("prompt_id")[at]
    return Pairs(
        rows=rows,
        place=place,
        first=rows.index[at],
        people=rows.people[at],
        prompts=prompts,
        wanted=wanted,
        majority=majority,
        judged=judged,
    )


def over_selected(pairs: Pairs, answer: Floats) -> Callable[[Bools], Told]:
    """Return a function from some rows to how often a judge says yes over how often people do, on the same items."""

    def told(mask: Bools) -> Told:
        both = pairs.among(mask) & np.isfinite(answer) & np.isfinite(pairs.wanted)
        own = pairs.clusters(both)
        n, people = int(both.sum()), own.distinct_people
        if not n:
            return lacking(0, people, (Reason.UNMATCHED_PAIRS, _unmatched()))
        found = over_selection(answer[both], pairs.wanted[both], own)
        if found is None:
            note = text("nothing was selected, by people or by the judge: there is no ratio")
            return lacking(n, people, (Reason.CONSTANT_OUTCOME, note))
        return Told(n=n, people=people, positives=float(answer[both].sum()), estimate=found)

    return told


def f1_of(pairs: Pairs, answer: Floats) -> Callable[[Bools], Told]:
    """Return a function from some rows to a judge's F1 against most people, on the same items."""

    def told(mask: Bools) -> Told:
        both = pairs.among(mask) & np.isfinite(answer) & np.isfinite(pairs.majority)
        own = pairs.clusters(both)
        right = pairs.majority[both]
        n, people = int(both.sum()), own.distinct_people
        if not n:
            return lacking(0, people, (Reason.UNMATCHED_PAIRS, _unmatched()))
        if right.min() == right.max():
            note = text("most people gave every pair the same answer: there is nothing to find")
            return lacking(n, people, (Reason.CONSTANT_OUTCOME, note))
        return Told(n=n, people=people, positives=float(right.sum()), estimate=f1(answer[both], right, own))

    return told


@frozen
class Selected:
    """Figures of a judge, or of any other way to select, on the items that it and people judged.

    ``over`` is the over-selection factor; ``accuracy`` and prevalence are beside F1 because F1 alone moves with both.
    """

    name: str
    n: int
    people: int
    selection: float
    wanted: float
    prevalence: float
    over: Estimate | None
    precision: Estimate | None
    recall: Estimate | None
    f1: Estimate | None
    accuracy: float | None


def selected(pairs: Pairs, name: str, answer: Floats) -> Selected | None:
    """Return all figures of a way to select; ``None`` where it shares no item with people's majority."""
    both = np.isfinite(answer) & np.isfinite(pairs.majority)
    if not both.any():
        return None
    s, right, own = answer[both], pairs.majority[both], pairs.clusters(both)
    return Selected(
        name=name,
        n=int(both.sum()),
        people=own.distinct_people,
        selection=float(s.mean()),
        wanted=float(pairs.wanted[both].mean()),
        prevalence=float(right.mean()),
        over=over_selection(s, pairs.wanted[both], own),
        precision=ratio_of(right, s, own),
        recall=ratio_of(s, right, own),
        f1=f1(s, right, own),
        accuracy=confusion(s, right).accuracy,
    )


def votes_of(pairs: Pairs, outcome: Floats | None = None) -> tuple[Votes, tuple[str, ...], tuple[str, ...]]:
    """Return answers of raters, shape (items, raters), -1 where there is none; their kinds, and their names.

    People come first, those who judged most of at most :data:`MOST_RATERS`; their names are ranks, not who they are.
    ``outcome`` replaces the labels of rows, where other categories are compared.
    """
    rows = pairs.rows
    value = rows.value if outcome is None else outcome
    people, counts = np.unique(rows.raters[rows.human], return_counts=True)
    chosen = people[np.argsort(-counts, kind="stable")][:MOST_RATERS]
    votes = np.full((pairs.first.size, chosen.size + len(pairs.judged)), -1, dtype=np.int8)
    for column, code in enumerate(chosen.tolist()):
        own = rows.human & (rows.raters == code)
        votes[pairs.place[own], column] = value[own].astype(np.int8)
    for column, answer in enumerate(pairs.judged.values(), start=chosen.size):
        votes[:, column] = np.where(np.isfinite(answer), answer, -1).astype(np.int8)
    kinds = ("human",) * chosen.size + ("judge",) * len(pairs.judged)
    names = (*(f"person {i + 1}" for i in range(chosen.size)), *pairs.judged)
    return votes, kinds, names


def _unmatched() -> Text:
    return text("no pair was judged by people and by the judge")
