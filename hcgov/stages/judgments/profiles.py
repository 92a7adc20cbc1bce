"""The profile of a set of preferences: what it is made of, whoever made it."""

from collections.abc import Mapping

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.status import Reason
from hcgov.core.text import Text
from hcgov.stages.judgments.arrays import Bools, Floats, as_array, by_judge, codes
from hcgov.stages.judgments.candidates import Diversity, diversity
from hcgov.stages.judgments.choosing import given, left, obstacle, of_chosen
from hcgov.stages.judgments.pairs import (
    A,
    B,
    Repeats,
    clusters,
    faults,
    lengths,
    outcomes,
    pair_texts,
    people,
    repeats,
    words_of,
)
from hcgov.stats.crossed import Rows, crossed_share, distinct
from hcgov.stats.preferences.biases import LengthEffect, length_effect, longer_chosen
from hcgov.stats.texts.tokens import Ints

OVERLAP = 10
MOST_MODELS = 30


@frozen
class Share:
    """A share with its interval, or the observed share alone and why it has none.

    Parameters
    ----------
    estimate
        With people and prompts as clusters; ``None`` where ``reason`` says why.
    observed
        What the rows show; ``None`` without any.
    n
        Rows.
    """

    estimate: Estimate | None
    observed: float | None
    n: int
    reason: Reason | None = None
    why: Text | None = None


@frozen
class Model:
    """How one source of responses fares.

    Parameters
    ----------
    name
        As the table has it.
    wins
        Share of its comparisons with other sources that it won; a tie is half a win.
    words
        Mean length of its responses in words; ``None`` where they are not recorded.
    equal_length
        Its share if both responses were of equal length; ``None`` where that cannot be fitted.
    """

    name: str
    wins: Share
    words: float | None
    equal_length: Estimate | None


@frozen
class Profile:
    """What a set of preferences is made of.

    Parameters
    ----------
    rows, prompts, annotators
        How many; annotators is ``None`` where the table does not say who chose, which is no number of people.
    outcomes
        Rows by choice.
    mix
        By group column: people of each group, and of nobody's.
    columns
        By canonical column of names, such as ``dimension`` or ``language``: rows of each value; columns that the table
        does not have are not there.
    per_annotator
        Smallest, median and largest number of rows of an annotator.
    busiest
        Share of the rows that the busiest annotator made.
    many_ratings
        Share of prompts with at least :data:`OVERLAP` ratings.
    """

    rows: int
    prompts: int
    annotators: int | None
    outcomes: Mapping[str, int]
    mix: Mapping[str, Mapping[str, int]]
    columns: Mapping[str, Mapping[str, int]]
    per_annotator: tuple[int, float, int] | None
    busiest: float | None
    faults: Mapping[str, int] | None
    repeats: Repeats | None
    left: Share | None
    longer: Share | None
    same_length: int
    length: LengthEffect | None
    diversity: Diversity | None
    many_ratings: Share
    models: tuple[Model, ...]


def profile(long: Long) -> Profile:
    """Return the profile of a set of preferences; what its table does not hold is ``None``."""
    responses = long.has("response_a", "response_b")
    texts = pair_texts(long)
    words = words_of(texts)
    who = np.where(_theirs(long), people(long), -1)
    counts = np.bincount(who[who >= 0]) if (who >= 0).any() else None
    per_person = counts[counts > 0] if counts is not None else None
    spread = diversity(long, texts, words) if responses else None
    ratings = _ratings(long, spread)
    size = lengths(long, texts, words, "words") if responses else None
    longer, same = (None, 0) if size is None else _longer(long, *size)
    return Profile(
        rows=long.rows,
        prompts=distinct(codes(long, "prompt_id")[codes(long, "prompt_id") >= 0]),
        annotators=None if per_person is None else int(per_person.size),
        outcomes=given(long),
        mix={column: _mix(long, column) for column in sorted(long.groups)},
        columns={name: _values(long, name) for name in COUNTED if long.has(name)},
        per_annotator=None
        if per_person is None
        else (int(per_person.min()), float(np.median(per_person)), int(per_person.max())),
        busiest=None if per_person is None else float(per_person.max() / long.rows),
        faults={name: int(where.sum()) for name, where in faults(long, texts).items()} if responses else None,
        repeats=repeats(long, texts, words) if responses else None,
        left=_left(long),
        longer=longer,
        same_length=same,
        length=None if size is None else _length(long, *size),
        diversity=spread,
        many_ratings=ratings,
        models=_models(long, size),
    )


def _theirs(long: Long) -> Bools:
    """Return the rows that the profile is about: those of people, or all where a judge model made every one."""
    judged = by_judge(long)
    return judged if judged.all() else ~judged


def _chose(long: Long) -> Bools:
    return _theirs(long) & np.isin(outcomes(long), (A, B))


COUNTED = ("dimension", "language", "label_source", "wave", "consent")


def _values(long: Long, name: str) -> dict[str, int]:
    column = codes(long, name)
    counts = np.bincount(column[column >= 0], minlength=len(long.codes(name).names))
    told = {value: int(n) for value, n in zip(long.codes(name).names, counts, strict=True) if n}
    unknown = int((column < 0).sum())
    return {**told, "": unknown} if unknown else told


def _mix(long: Long, column: str) -> dict[str, int]:
    """Return the people of each group; rows, where the table does not say who chose."""
    place, who = as_array(long.groups[column]), np.where(_theirs(long), people(long), -1)
    known = who >= 0
    pairs = np.unique(np.stack([place[known], who[known]], axis=1), axis=0)[:, 0] if known.any() else place
    names = long.groups[column].names
    counts = np.bincount(pairs[pairs >= 0], minlength=len(names))
    told = {name: int(n) for name, n in zip(names, counts, strict=True)}
    unknown = int((pairs < 0).sum())
    return {**told, "": unknown} if unknown else told


def _share(long: Long, y: Floats, used: Bools, of: str) -> Share:
    """Return a share of rows, with why it has no interval where nothing can be told of people."""
    n = int(used.sum())
    observed = float(y[used].mean()) if n else None
    stopped = obstacle(long, used, of)
    if stopped is not None:
        return Share(estimate=None, observed=observed, n=n, reason=stopped[0], why=stopped[1])
    return Share(estimate=crossed_share(y[used], clusters(long).where(used)), observed=observed, n=n)


def _left(long: Long) -> Share | None:
    if not long.has("position_of_a"):
        return None
    went_left, used = left(long, _chose(long))
    return _share(long, went_left, used, "choices of a side")


def _longer(long: Long, first: Floats, second: Floats) -> tuple[Share, int]:
    mine, other = of_chosen(long, first, second)
    used = _chose(long) & np.isfinite(first) & np.isfinite(second)
    same = longer_chosen(mine[used], other[used], clusters(long).where(used))[1]
    longer = (mine > other).astype(np.float64)
    return _share(long, longer, used & (mine != other), "choices between responses of different length"), same


def _length(long: Long, first: Floats, second: Floats) -> LengthEffect | None:
    used = _chose(long) & np.isfinite(first) & np.isfinite(second)
    took_a = (outcomes(long)[used] == A).astype(np.float64)
    return length_effect(took_a, (first - second)[used], clusters(long).where(used))


def _ratings(long: Long, spread: Diversity | None) -> Share:
    """Return the share of prompts with many ratings: counted over all prompts."""
    if spread is not None:
        ratings: Ints = spread.ratings
    else:
        prompt = codes(long, "prompt_id")
        ratings = np.bincount(prompt[prompt >= 0]) if (prompt >= 0).any() else np.zeros(0, dtype=np.int64)
    many = (ratings[ratings > 0] >= OVERLAP).astype(np.float64)
    if not many.size:
        return Share(estimate=None, observed=None, n=0, reason=Reason.SMALL_N)
    units = Rows(people=np.arange(many.size))
    return Share(estimate=crossed_share(many, units), observed=float(many.mean()), n=int(many.size))


def _models(long: Long, size: tuple[Floats, Floats] | None) -> tuple[Model, ...]:
    """Return how each source of responses fares, the most frequent ones first."""
    if not long.has("model_a", "model_b"):
        return ()
    names = sorted({*long.codes("model_a").names, *long.codes("model_b").names})
    place = {name: i for i, name in enumerate(names)}
    one, other = (
        np.array([*(place[n] for n in long.codes(column).names), -1])[codes(long, column)]
        for column in ("model_a", "model_b")
    )
    outcome = outcomes(long)
    said = _theirs(long) & (outcome >= 0) & (outcome <= 2) & (one != other) & (one >= 0) & (other >= 0)
    win_a = np.select([outcome == A, outcome == 1], [1.0, 0.0], default=0.5)
    frequency = np.bincount(np.concatenate([one[said], other[said]]), minlength=len(names))
    kept = np.argsort(-frequency, kind="stable")[:MOST_MODELS]
    return tuple(
        _model(long, names[i], one == i, said & ((one == i) | (other == i)), win_a, size)
        for i in kept.tolist()
        if frequency[i]
    )


def _model(
    long: Long, name: str, is_a: Bools, used: Bools, win_a: Floats, size: tuple[Floats, Floats] | None
) -> Model:
    won = np.where(is_a, win_a, 1.0 - win_a)
    share = _share(long, won, used, "comparisons of this source")
    if size is None:
        return Model(name=name, wins=share, words=None, equal_length=None)
    mine, other = np.where(is_a, size[0], size[1]), np.where(is_a, size[1], size[0])
    known = used & np.isfinite(mine) & np.isfinite(other)
    effect = length_effect(won[known], (mine - other)[known], clusters(long).where(known), named=True)
    length = float(mine[known].mean()) if known.any() else None
    return Model(name=name, wins=share, words=length, equal_length=None if effect is None else effect.equal)
