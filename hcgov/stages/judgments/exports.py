"""Training data from judgments: which rows go where, and what becomes of every judgment."""

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.judgments.arrays import Bools, Floats, as_array, by_judge, numbers
from hcgov.stages.judgments.pairs import (
    BOTH_BAD,
    SKIP,
    TIE,
    A,
    PairTexts,
    again,
    faults,
    joint,
    outcomes,
    pair_texts,
    pairs_of,
    people,
    repeats,
    swapped,
    words_of,
)
from hcgov.stages.judgments.recipes import FATES, Export, Recipe
from hcgov.stats.preferences.contested import Contested, contested_pairs
from hcgov.stats.preferences.splits import BETWEEN, Split, integer_copies, two_way_split
from hcgov.stats.texts.tokens import Ints

_FATE = {name: i for i, name in enumerate(FATES)}


def export(
    long: Long, recipe: Recipe, *, weights: Floats | None = None, cluster: Ints | None = None
) -> Export:
    """Return what an export holds, and what becomes of every judgment.

    Parameters
    ----------
    long
        Preferences, with both responses.
    recipe
        How.
    weights
        One a row, such as those of a raked sample, finite and not negative; all 1 if left out.
    cluster
        Of each row's annotator, negative for none, to be written beside the rows.

    Raises
    ------
    KeyError
        The table lacks a group column that the recipe names, or the responses.
    ValueError
        Weights are not as they should be, or the recipe's share of tests is out of its range.
    """
    for name in ("response_a", "response_b"):
        long.texts(name)
    texts = pair_texts(long)
    outcome, swap, pairs = outcomes(long), swapped(long, texts), pairs_of(long, texts)
    first = (outcome == A) != swap
    fate, split, disputed = _on_their_way(long, recipe, texts, first, pairs)
    share, judged = _rates(fate, outcome, split, first, pairs)
    if recipe.rule == "majority":
        _settle(fate, share == 0.5, "no_majority")
        _settle(fate, first != (share > 0.5), "outvoted")
    shrunken = (share * judged + 1.0) / (judged + 2.0)
    weight = _weights(long, recipe, fate, weights)
    refused = _refusal(long, fate, weight)
    copies = np.zeros(long.rows, dtype=np.int64)
    if refused is None:
        weight, copies = _copied(recipe, weight, fate, pairs, split)
    return Export(
        long=long,
        recipe=recipe,
        texts=texts,
        fate=fate,
        split=split,
        first=first,
        pairs=pairs,
        swapped=swap,
        margin=np.clip(np.log(shrunken) - np.log1p(-shrunken), -recipe.margin, recipe.margin),
        weight=weight,
        copies=copies,
        contested=disputed,
        cluster=cluster,
        refused=refused,
    )


def weights_of(long: Long) -> Floats | None:
    """Return the weights that the table gives its people; ``None`` where it has no such column.

    Raises
    ------
    ValueError
        A person's is missing, negative or infinite.
    """
    if not long.has("weight"):
        return None
    found = numbers(long, "weight").copy()
    found[by_judge(long)] = 0.0  # nobody's, and exported nowhere
    bad = int((~(np.isfinite(found) & (found >= 0.0))).sum())
    if bad:
        raise ValueError(
            f"the weight of {bad} of {long.rows} rows is missing, negative or infinite: no row may stand for it"
        )
    return found


def _on_their_way(
    long: Long, recipe: Recipe, texts: PairTexts, first: Bools, pairs: Ints
) -> tuple[Ints, Split, Contested | None]:
    """Return the fate of each judgment before any majority, the split, and the pairs that are kept apart."""
    outcome, judged = outcomes(long), by_judge(long)
    found = repeats(long, texts, words_of(texts))
    fate = np.select(
        [outcome < 0, judged, outcome == SKIP, outcome == BOTH_BAD, outcome == TIE],
        [_FATE["not_recorded"], _FATE["judge"], _FATE["skip"], _FATE["both_bad"], _FATE["tie"]],
        default=_FATE["exported"],
    ).astype(np.int64)
    invalid = np.logical_or.reduce(list(faults(long, texts).values()))
    _settle(fate, invalid, "invalid")
    _settle(fate, found.exact, "duplicate")
    disputed = _disputed(long, recipe, fate, first, pairs)
    if disputed is not None:
        _settle(fate, np.isin(pairs, disputed.pairs), "contested")
    who = _who(long, invalid | (outcome < 0) | judged)
    split = two_way_split(who, found.near_prompts, recipe.test_share, seed=recipe.seed)
    _settle(fate, split.part == BETWEEN, "split")
    return fate, split, disputed


def _copied(recipe: Recipe, weight: Floats, fate: Ints, pairs: Ints, split: Split) -> tuple[Floats, Ints]:
    """Return the weight of each row, with a mean of 1, and how often it stands in its file."""
    rows = np.flatnonzero(_leading(recipe, fate, pairs, split))
    if recipe.rule == "majority":
        weight = _summed(weight, fate, pairs, split)
    weight = weight / weight[rows].mean()
    copies = np.zeros(fate.size, dtype=np.int64)
    copies[rows] = integer_copies(weight[rows], seed=recipe.seed) if recipe.resample else 1
    _settle(fate, ~_drawn(recipe, copies, pairs, split), "not_drawn")
    return weight, copies


def _settle(fate: Ints, where: Bools, name: str) -> None:
    """Give a fate to judgments that are still on their way."""
    fate[(fate == _FATE["exported"]) & where] = _FATE[name]


def _who(long: Long, unusable: Bools) -> Ints:
    """Return who chose; a row that is exported nowhere ties nobody to a prompt."""
    who = people(long).astype(np.int64)
    return np.where(unusable, -1, who) if (who >= 0).any() else who


def _disputed(long: Long, recipe: Recipe, fate: Ints, first: Bools, pairs: Ints) -> Contested | None:
    if not recipe.contested_by:
        return None
    groups = as_array(long.groups[recipe.contested_by]).astype(np.int64)
    counts = (fate == _FATE["exported"]) | (fate == _FATE["tie"])
    value = np.where(fate == _FATE["tie"], 0.5, first)
    return contested_pairs(value, pairs, np.where(counts, groups, -1), gap=recipe.gap)


def _rates(fate: Ints, outcome: Ints, split: Split, first: Bools, pairs: Ints) -> tuple[Floats, Floats]:
    """Return how often the first response of each judgment's pair was chosen in its part, and by how many."""
    place = joint(pairs, split.part)
    counts = np.isin(fate, (_FATE["exported"], _FATE["tie"])) & (split.part != BETWEEN)
    value = np.where(outcome == TIE, 0.5, first)
    judged = np.bincount(place, weights=counts).astype(np.float64)
    wins = np.bincount(place, weights=value * counts)
    share = np.divide(wins, judged, out=np.full(judged.size, 0.5), where=judged > 0)
    return share[place], judged[place]


def _weights(long: Long, recipe: Recipe, fate: Ints, weights: Floats | None) -> Floats:
    found = np.ones(long.rows) if weights is None else np.array(weights, dtype=np.float64)
    if found.size != long.rows or not (np.isfinite(found) & (found >= 0.0)).all():
        raise ValueError("every row has a weight that is finite and not negative")
    if recipe.balance:
        group = as_array(long.groups[recipe.balance]).astype(np.int64) + 1
        mass = np.bincount(group, weights=found * (fate == _FATE["exported"]), minlength=1)
        mass[0] = 0.0  # whose group is not recorded stands in no group, and keeps the mean weight
        groups = mass > 0
        scale = np.ones(mass.size)
        scale[groups] = mass.sum() / max(int(groups.sum()), 1) / mass[groups]
        found = found * scale[group]
    return found


def _refusal(long: Long, fate: Ints, weight: Floats) -> tuple[Reason, Text] | None:
    kept = fate == _FATE["exported"]
    if not long.rows:
        return Reason.SMALL_N, text("`{table}` holds no judgments", table=long.table)
    if not kept.any():
        return Reason.CONSTANT_OUTCOME, text(
            "none of the {rows} {rows|judgment|judgments} of `{table}` prefers one response and may be exported",
            rows=long.rows,
            table=long.table,
        )
    if not weight[kept].sum() > 0.0:
        return Reason.CONSTANT_OUTCOME, text("the weights of all rows that may be exported sum to zero")
    return None


def _leading(recipe: Recipe, fate: Ints, pairs: Ints, split: Split) -> Bools:
    """Return the judgments that have a row: all that are exported, or the first of each pair and part."""
    kept = fate == _FATE["exported"]
    if recipe.rule == "judgment":
        return np.asarray(kept, dtype=np.bool_)
    place = joint(pairs, split.part)
    later = np.zeros(kept.size, dtype=np.bool_)
    later[kept] = again(place[kept])
    return np.asarray(kept & ~later, dtype=np.bool_)


def _drawn(recipe: Recipe, copies: Ints, pairs: Ints, split: Split) -> Bools:
    """Return the judgments of which some row is left."""
    if recipe.rule == "judgment":
        return np.asarray(copies > 0, dtype=np.bool_)
    place = joint(pairs, split.part)
    return np.asarray(np.bincount(place, weights=copies)[place] > 0, dtype=np.bool_)


def _summed(weight: Floats, fate: Ints, pairs: Ints, split: Split) -> Floats:
    place = joint(pairs, split.part)
    total = np.bincount(place, weights=weight * (fate == _FATE["exported"]))
    return np.asarray(total[place], dtype=np.float64)
