"""Whom a reward model agrees with: one whose scores are in the table, and tiny ones that show what a rule does."""

from collections.abc import Callable

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.measurement import GroupCount
from hcgov.core.slices import EVERYONE, NOT_RECORDED, Slice
from hcgov.core.status import Reason
from hcgov.stages.judgments.arrays import Bools, Floats, as_array, numbers
from hcgov.stages.judgments.choosing import decided
from hcgov.stages.judgments.pairs import A, PairTexts, clusters, outcomes, pairs_of, swapped
from hcgov.stages.judgments.preferring import SlicedPreferenceParams
from hcgov.stages.lacking import Gaps
from hcgov.stages.measuring import Found, Valued
from hcgov.stats.crossed import crossed_share, share_of_nothing
from hcgov.stats.preferences.reward import Judged, Rule, ceiling, held_out_correct
from hcgov.stats.shares import difference
from hcgov.stats.texts.tfidf import hashed_bag, idf, weighted
from hcgov.stats.texts.tokens import Tokens

_BITS = 12
"""Words are counted in so many bits of columns: enough to show an effect, and quick."""


def correct(long: Long) -> tuple[Floats, Bools]:
    """Return whether the scores in the table order each pair as its annotator did, and where both are known.

    Equal scores are half right.
    """
    one, other = numbers(long, "reward_a"), numbers(long, "reward_b")
    known = decided(long) & np.isfinite(one) & np.isfinite(other)
    right = np.where(one == other, 0.5, (one > other) == (outcomes(long) == A))
    return right, known


def agreement_of_others(long: Long, texts: PairTexts) -> tuple[Floats, Bools]:
    """Return how often other people agree with each judgment, and where anybody else has judged the pair."""
    used = decided(long)
    first = (outcomes(long) == A) != swapped(long, texts)
    found = np.full(long.rows, np.nan)
    found[used] = ceiling(first[used], pairs_of(long, texts)[used])
    return np.nan_to_num(found), np.isfinite(found)


def sliced(
    long: Long, metric: str, of: str, y: Floats, used: Bools, missing: Bools, params: SlicedPreferenceParams
) -> Found:
    """Return a share of rows for everyone and for every slice, as the rules about groups want it.

    Parameters
    ----------
    of
        What must be recorded in a row, for people.
    y, used, missing
        The outcome in [0, 1] of each row, the rows that count, and those that would if they were recorded.
    """
    rows = clusters(long)

    def valued(scope: Slice, mask: Bools) -> Valued:
        return _valued(long, scope, y, used & mask, missing & mask)

    def by(columns: tuple[str, ...]) -> tuple[Valued, ...]:
        return tuple(valued(scope, mask) for scope, mask in _slices(long, columns))

    def rest(one: Valued) -> Valued:
        columns = one.group.slice.columns
        mask = next(mask for scope, mask in _slices(long, columns) if scope == one.group.slice)
        return valued(Slice(rest_of=True), ~mask)

    return Found(
        metric=metric,
        table=long.table,
        of=of,
        people_known=rows.where(used).distinct_people > 0 or not used.any(),
        nobody=int((rows.people[used] < 0).sum()),
        rules=long.rules,
        source=long.source,
        gaps=Gaps(outcomes=params.max_missing, groups=params.max_unrecorded),
        overall=valued(EVERYONE, np.ones(long.rows, dtype=np.bool_)),
        by=by,
        rest=rest,
    )


def gap(one: Valued, other: Valued) -> Estimate:
    """Return how much lower the share of ``one`` is than that of ``other``."""
    if one.estimate is None or other.estimate is None:
        raise ValueError("only slices whose share is known are compared")
    return difference(other.estimate, one.estimate)


def _valued(long: Long, scope: Slice, y: Floats, mask: Bools, missing: Bools) -> Valued:
    rows = clusters(long).where(mask)
    people = rows.distinct_people
    alone = people < 2 or rows.items is None or np.unique(rows.items).size < 2
    estimate = crossed_share(y[mask], rows) if mask.any() else share_of_nothing()
    group = GroupCount(
        slice=scope, positives=float(y[mask].sum()), n=int(mask.sum()), n_eff=estimate.n_eff, people=people
    )
    return Valued(
        group=group,
        missing=int(missing.sum()),
        fewest=people,
        estimate=None if alone else estimate,
        reason=Reason.SMALL_N if alone else None,
    )


def _slices(long: Long, columns: tuple[str, ...]) -> list[tuple[Slice, Bools]]:
    """Return every slice of a slicing with its rows; who has no group in a column is a slice of their own."""
    found: list[tuple[tuple[tuple[str, str], ...], Bools]] = [((), np.ones(long.rows, dtype=np.bool_))]
    for column in columns:
        if column not in long.groups:
            found = [((*values, (column, NOT_RECORDED)), mask) for values, mask in found]
            continue
        codes = as_array(long.groups[column])
        names = [*enumerate(long.groups[column].names), (-1, NOT_RECORDED)]
        found = [
            ((*values, (column, name)), mask & (codes == code))
            for values, mask in found
            for code, name in names
            if (mask & (codes == code)).any()
        ]
    return [(Slice(values=values), mask) for values, mask in found]


@frozen
class Effect:
    """What a rule of aggregation does to a tiny reward model.

    Parameters
    ----------
    rule
        How judgments were put together.
    overall
        Share of held-out judgments that it orders as their annotator did.
    groups
        The same of each group's judgments, for groups with enough people.
    """

    rule: Rule
    overall: Estimate
    groups: dict[str, Estimate]


def effects(
    long: Long, texts: PairTexts, words: Tokens, column: str, *, seed: int = 0, most: int = 4_000
) -> tuple[Effect, ...]:
    """Return what each rule does to a model of differences of TF-IDF vectors, tested on other people and prompts.

    Parameters
    ----------
    column
        Group column.
    seed
        Of the folds.
    most
        Only so many judgments, evenly spread over the table.

    Returns
    -------
    tuple of Effect
        One a rule; none where nothing was preferred, or groups are not known.
    """
    rows = np.flatnonzero(decided(long) & (texts.a >= 0) & (texts.b >= 0))
    if column not in long.groups or rows.size < 2:
        return ()
    rows = rows[np.linspace(0, rows.size - 1, min(rows.size, most)).astype(np.int64)]
    used = np.unique(np.concatenate([texts.a[rows], texts.b[rows]]))
    counts = hashed_bag(words.some(used), bits=_BITS)
    vectors = weighted(counts, idf(counts))
    at = np.searchsorted(used, texts.a[rows]), np.searchsorted(used, texts.b[rows])
    groups = as_array(long.groups[column])[rows]
    took_a = outcomes(long)[rows] == A
    flip = swapped(long, texts)[rows]
    sign = np.where(flip, -1.0, 1.0)[:, None]
    judged = Judged(
        x=(vectors[at[0]] - vectors[at[1]]).multiply(sign).tocsr(),
        first=took_a != flip,
        pairs=pairs_of(long, texts)[rows],
        groups=groups,
        rows=clusters(long).where(_mask(long.rows, rows)),
    )
    return tuple(_effect(long, judged, rule, column, seed) for rule in Rule)


def _effect(long: Long, judged: Judged, rule: Rule, column: str, seed: int) -> Effect:
    right = held_out_correct(judged, rule, seed=seed)
    known = np.isfinite(right)
    share: Callable[[Bools], Estimate] = lambda mask: crossed_share(right[mask], judged.rows.where(mask))  # noqa: E731
    groups = {
        name: share(known & (judged.groups == code))
        for code, name in enumerate(long.groups[column].names)
        if judged.rows.where(known & (judged.groups == code)).distinct_people >= long.rules.min_people
    }
    return Effect(rule=rule, overall=share(known), groups=groups)


def _mask(size: int, rows: "np.typing.NDArray[np.int64]") -> Bools:
    found = np.zeros(size, dtype=np.bool_)
    found[rows] = True
    return found
